"""`strategy-miner verify` on a small project of real documents."""

import json
import re
import shutil
import zipfile

import duckdb
import pytest
import yaml
from typer.testing import CliRunner

from strategy_miner import bundle, verify_bundle
from strategy_miner.checking.bundle import unpack
from strategy_miner.cli import app
from strategy_miner.errors import StoreError
from strategy_miner.parallel import ROOT
from strategy_miner.report import write_report
from strategy_miner.settings import ReportSettings
from tests.quoted_corpus import ANALYSE, SEED, database, quoted_corpus
from tests.store_corpus import CorpusFolder


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project with one corpus, klein, of documents that were really read, and its report."""
    root = tmp_path_factory.mktemp("made")
    settings = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    settings |= {"corpora": {"klein": "corpus/klein/pdf"}, "seed": SEED, "analyse": json.loads(json.dumps(ANALYSE))}
    settings["report"] |= {"pdf": False}
    (root / "params.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (root / "corpus").mkdir()
    (root / "corpus" / "codebook").symlink_to(ROOT / "corpus" / "codebook")
    write_report(database(quoted_corpus(root)), root / "build" / "klein" / "report", ReportSettings(10, pdf=False))
    return root


@pytest.fixture
def project(made, tmp_path, monkeypatch):
    """A copy of it, in which one stands."""
    root = tmp_path / "project"
    shutil.copytree(made, root, symlinks=True)
    monkeypatch.chdir(root)
    return CorpusFolder(root)


def run(*arguments):
    return CliRunner().invoke(app, ["verify", "--corpus", "klein", *arguments])


def test_a_whole_result_passes_with_its_counts(project):
    done = run()
    assert done.exit_code == 0, done.output
    assert "documents: 3 files checked" in done.output
    assert "quotes: 4 passages checked, 100 %" in done.output
    assert "report: " in done.output
    assert done.output.endswith("no mismatches\n")


def test_other_inputs_are_a_mismatch_and_other_versions_a_note(project):
    shutil.rmtree(project.build / "report")
    with duckdb.connect(str(project.build / "strategy.duckdb")) as connection:
        connection.execute("INSERT INTO runs VALUES ('hash codebook field', '00'), ('library duckdb', '0.1')")
    done = run()
    assert done.exit_code == 1
    assert "mismatch  runs, hash codebook field: made with 00, this project has " in done.output
    assert "note  library duckdb: made with 0.1, here " in done.output
    assert "note  hash documents: the database does not say" in done.output


def test_a_shifted_box_is_named_and_the_exit_code_is_1(project):
    shutil.rmtree(project.build / "report")
    with duckdb.connect(str(project.build / "strategy.duckdb")) as connection:
        connection.execute("UPDATE words SET x0 = x0 + 30, x1 = x1 + 30 WHERE n = 3 AND page IS NOT NULL")
    done = run()
    assert done.exit_code == 1
    assert "mismatch  auf.pdf, page 1, passage " in done.output
    assert "not checked  build/klein/report: there is no report" in done.output


def test_without_the_documents_it_says_what_is_missing(project):
    shutil.rmtree(project.build / "report")
    for path in (project.folder / "pdf").iterdir():
        path.unlink()
    done = run()
    assert done.exit_code == 1
    assert "auf.pdf: is missing" in done.output
    assert "quotes: 0 passages checked\n" in done.output
    assert "not checked  auf.pdf" in done.output


def test_an_edited_figure_is_named_in_the_database_and_on_the_page(project):
    page = project.build / "report" / "index.html"
    text, edited = re.subn(
        r'<data value="3"([^>]*)>3<', r'<data value="4"\1>4<', page.read_text(encoding="utf-8"), count=1
    )
    assert edited == 1
    page.write_text(text, encoding="utf-8")
    table = next((project.build / "report" / "tables").glob("coverage*.csv"))
    table.write_text(table.read_text(encoding="utf-8").replace("3", "7", 1), encoding="utf-8")
    (project.build / "report" / "fremd.html").write_text("?")
    with duckdb.connect(str(project.build / "strategy.duckdb")) as connection:
        connection.execute("UPDATE quotes SET text = 'Ganz anders.' WHERE rank = 1 AND code = 'energie'")
    done = run()
    assert done.exit_code == 1
    assert "mismatch  table quotes: dimension 'field', code 'energie', rank 1: text is Ganz anders." in done.output
    assert "“4” (value 4), written again “3” (value 3)" in done.output
    assert f"mismatch  tables/{table.name}: line" in done.output
    assert "mismatch  fremd.html: is no file of this report" in done.output


def repacked(path, change):
    """The bundle again, with some files changed: name -> bytes, None for a lost one."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**files, **change}.items():
            if data is not None:
                archive.writestr(name, data)


def test_a_bundle_is_the_same_every_time_and_passes(project, tmp_path):
    made = [bundle("klein", tmp_path / name) for name in ("a.zip", "b.zip")]
    assert made[0][1] == made[1][1]
    assert made[0][0].read_bytes() == made[1][0].read_bytes()
    with zipfile.ZipFile(made[0][0]) as archive:
        assert {"manifest.json", "provenance.json", "report/index.html", "strategy.duckdb"} <= set(archive.namelist())
    done = run("--bundle", str(made[0][0]), "--seal", made[0][1])
    assert done.exit_code == 0, done.output
    assert f"seal: {made[0][1]}" in done.output
    assert "quotes: 4 passages checked, 100 %" in done.output
    assert unpack(made[0][0], tmp_path / "out", "00")[0].mismatches[0].startswith("manifest.json: the seal is")


def test_a_bundle_that_was_changed_is_told_file_by_file(project, tmp_path):
    path, _ = bundle("klein", tmp_path / "a.zip")
    repacked(path, {"report/index.html": b"<p>Nein.</p>", "report/tables.de.xlsx": None, "report/fremd.txt": b"?"})
    assert unpack(path, tmp_path / "out")[0].mismatches == [
        "report/fremd.txt: is no file of this bundle",
        "report/index.html: is not the file that was sealed (SHA-256)",
        "report/tables.de.xlsx: is missing in the bundle",
    ]
    repacked(path, {"strategy.duckdb": b"?"})
    done = run("--bundle", str(path))
    assert done.exit_code == 1
    assert "mismatch  strategy.duckdb: is not the file that was sealed" in done.output


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"no archive", "is damaged or no bundle"), (None, "cannot be unpacked"), ("empty", "it has no manifest.json")],
)
def test_what_is_no_bundle_is_told_in_one_line(project, tmp_path, content, told):
    path = tmp_path / "x.zip"
    if content == "empty":
        zipfile.ZipFile(path, "w").close()
    elif content:
        path.write_bytes(content)
    with pytest.raises(StoreError, match=told):
        verify_bundle(path)


def test_a_bundle_cannot_reach_outside_its_folder(project, tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../boese.txt", "x")
    with pytest.raises(StoreError, match="reaches outside"):
        verify_bundle(path)
    assert not (tmp_path / "boese.txt").exists()


def test_without_a_report_there_is_no_bundle(project):
    shutil.rmtree(project.build / "report")
    with pytest.raises(StoreError, match="no report"):
        bundle("klein")
