"""`strategy-miner verify` on a small project of real documents."""

import duckdb
import pytest
from typer.testing import CliRunner

from strategy_miner.cli import app
from strategy_miner.parallel import ROOT
from tests.quoted_corpus import database, quoted_corpus


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one corpus, klein, of documents that were really read."""
    settings = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (tmp_path / "params.yaml").write_text(settings.replace("  mpsc: corpus/mpsc/pdf", "  klein: corpus/klein/pdf"))
    corpus = quoted_corpus(tmp_path)
    database(corpus)
    monkeypatch.chdir(tmp_path)
    return corpus


def run(*arguments):
    return CliRunner().invoke(app, ["verify", "--corpus", "klein", *arguments])


def test_a_whole_result_passes_with_its_counts(project):
    done = run()
    assert done.exit_code == 0, done.output
    assert "documents: 3 files checked" in done.output
    assert "quotes: 4 passages checked, 100 %" in done.output
    assert "there is no report" in done.output, "what was not checked is said"
    assert "no mismatches" in done.output.splitlines()[-1]


def test_a_shifted_box_is_named_and_the_exit_code_is_1(project):
    with duckdb.connect(str(project.build / "strategy.duckdb")) as connection:
        connection.execute("UPDATE words SET x0 = x0 + 30, x1 = x1 + 30 WHERE n = 3 AND page IS NOT NULL")
    done = run()
    assert done.exit_code == 1
    assert "mismatch  auf.pdf, page 1, passage " in done.output


def test_without_the_documents_it_says_what_is_missing(project):
    for path in (project.folder / "pdf").iterdir():
        path.unlink()
    done = run()
    assert done.exit_code == 1
    assert "auf.pdf: is missing" in done.output
    assert "quotes: 0 passages checked\n" in done.output
    assert "not checked  auf.pdf" in done.output


def test_an_edited_figure_is_named_in_the_database_and_on_the_page(project):
    assert CliRunner().invoke(app, ["report", "--corpus", "klein"]).exit_code == 0
    assert run().exit_code == 0
    page = project.build / "report" / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace('<data value="3">3</data>', '<data value="4">4</data>', 1))
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
