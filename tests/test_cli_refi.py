"""`strategy-miner export project` and the way of the gold sample through another program and back."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from strategy_miner import export_project, gold_import, read_project
from strategy_miner.cli import app
from strategy_miner.coding import Codebook
from strategy_miner.coding.gold import Design, Drawn
from strategy_miner.coding.gold_anchors import Anchor, plain, text_hash
from strategy_miner.coding.gold_files import read_labels, write_design
from strategy_miner.errors import CorpusError, SettingsError, SheetError, StoreError
from strategy_miner.parallel import ROOT
from strategy_miner.store import query
from strategy_miner.store.refi_export import NO_CODE, code_guid
from strategy_miner.store.refi_project import Applied, User, write_project
from tests.data_doc import small_database

BOOK = Codebook.load(ROOT / "corpus" / "codebook")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A project with one corpus, klein, whose database is complete."""
    root = tmp_path_factory.mktemp("projekt")
    settings = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (root / "params.yaml").write_text(settings.replace("  mpsc: corpus/mpsc/pdf", "  klein: corpus/klein/pdf"))
    target = root / "build" / "klein" / "strategy.duckdb"
    target.parent.mkdir(parents=True)
    small_database(root).rename(target)
    (root / "corpus" / "codebook").symlink_to(ROOT / "corpus" / "codebook")
    return root


@pytest.fixture
def here(root, tmp_path, monkeypatch):
    monkeypatch.chdir(root)
    return tmp_path


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.stdout, done.stderr


def test_export_project(here):
    target = here / "klein.qdpx"
    code, out, err = run("export", "project", target, "--corpus", "klein", "--no-pdf")
    assert code == 0, err
    project = read_project(target)
    codings = sum(len(passage.codings) for source in project.sources for passage in source.passages)
    assert f"{codings} codings" in out
    assert f"{len(project.cases)} cases" in out
    (stored,) = query(root_database(), "SELECT count(*) FROM codings")[1]
    (people,) = query(root_database(), "SELECT sum(len(codes)) FROM gold_labels")[1]
    assert codings == stored[0] + people[0]


def root_database():
    from strategy_miner.verbs import results_file

    return results_file("klein")


def test_wrong_names_are_told(here):
    with pytest.raises(SettingsError, match=r"is no name of a REFI-QDA project. Let it end in \.qdpx"):
        export_project(here / "klein.xml", "klein")
    with pytest.raises(StoreError, match="no dimension 'Energie'"):
        export_project(here / "klein.qdpx", "klein", dimensions=["Energie"])
    with pytest.raises(CorpusError, match="no sample has been drawn"):
        export_project(here / "klein.qdpx", "klein", sample=True)
    with pytest.raises(StoreError, match="no database"):
        export_project(here / "klein.qdpx", "demo")


def test_the_sample_goes_out_and_labels_come_back(here, root):
    sql = "SELECT id, document_id, page, text FROM segments ORDER BY id LIMIT 4"
    anchors = [Anchor(i, d, p, text_hash(t), "", plain(t)) for i, d, p, t in query(root_database(), sql)[1]]
    rows = tuple(Drawn(n, anchor, "none", 4, 4, n < 3) for n, anchor in enumerate(anchors, 1))
    folder = root / "corpus" / "klein" / "labels"
    try:
        folder.mkdir()
        write_design(folder / "design.csv", Design("field", "m", BOOK.sha256, 1, "2026-11-22", rows))
        done = export_project(here / "sample.qdpx", "klein", pdf=False, sample=True)
        assert (done.codings, done.cases) == (4, 0)
        project, user = read_project(done.file), User("11111111-1111-4111-8111-111111111111", "Jana Öztürk")
        wanted = [code_guid("field", "energie"), NO_CODE, code_guid("field", "bildung"), NO_CODE]
        guids, sources = iter(wanted), []
        for source in project.sources:
            passages = tuple(
                replace(p, codings=(*p.codings, Applied(p.guid, next(guids), user.guid))) for p in source.passages
            )
            sources.append(replace(source, passages=passages))
        write_project(replace(project, users=(*project.users, user), sources=tuple(sources)), here / "coded.qdpx")
        code, out, err = run("gold", "import", here / "coded.qdpx", "--coder", "JO", "--corpus", "klein")
        assert code == 0, err
        assert "4 labels of JO, 2 of them no code; 0 of the sample not coded" in out
        labels = read_labels(folder / "JO.csv", BOOK.ids)
        assert sorted(label.codes for label in labels) == [(), (), ("bildung",), ("energie",)]
        with pytest.raises(SheetError, match="nobody has coded in it"):
            gold_import(done.file, "XY", "klein")
    finally:
        shutil.rmtree(folder)
