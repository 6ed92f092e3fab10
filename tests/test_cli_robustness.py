"""`strategy-miner robustness` and its verbs on the small corpus of the docs."""

import json

import pytest
from typer.testing import CliRunner

from strategy_miner import robustness, robustness_cell, shift
from strategy_miner.cli import app
from strategy_miner.errors import StoreError, StrategyMinerError
from strategy_miner.parallel import ROOT
from strategy_miner.store import writing
from tests.data_doc import small_database

POOLED = "H1/found/all/counted/orientation/pooled"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one corpus, klein, whose database is complete."""
    settings = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (tmp_path / "params.yaml").write_text(settings.replace("  mpsc: corpus/mpsc/pdf", "  klein: corpus/klein/pdf"))
    database = small_database(tmp_path)
    target = tmp_path / "build" / "klein" / "strategy.duckdb"
    target.parent.mkdir(parents=True, exist_ok=True)
    database.rename(target)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_cell_computed_again_says_what_the_panel_says(project):
    panel = {row["cell"]: row for row in robustness()}
    assert {"H1/found/all/counted/orientation/document", POOLED} <= set(panel)
    assert any(cell.startswith("H3/raw/section/codebook/own/") for cell in panel)
    before = (project / "build" / "klein" / "strategy.duckdb").read_bytes()
    for name, row in panel.items():
        again = robustness_cell(name)  # p but for its permutations, which the small database was given its own
        assert {key: again[key] for key in row if key != "p"} == {key: row[key] for key in row if key != "p"}, name
    assert (project / "build" / "klein" / "strategy.duckdb").read_bytes() == before


def test_shares_of_uncorrected_codes_have_neither_test_nor_verdict(project):
    raw = [row for row in robustness() if row["label"] == "uncorrected"]
    assert len(raw) > 10
    assert {(row["p"], row["verdict"], row["holds"]) for row in raw} == {(None, "", None)}
    assert robustness_cell(raw[0]["cell"])["permutations"] is None


def test_the_command_prints_the_panel_and_one_cell_with_all_behind_it(project):
    run = CliRunner().invoke(app, ["robustness", "--corpus", "klein"])
    assert run.exit_code == 0, run.output
    assert POOLED in run.output
    run = CliRunner().invoke(app, ["robustness", "--cell", POOLED])
    assert "weighting = pooled" in run.output
    assert "FROM declared" in run.output
    run = CliRunner().invoke(app, ["robustness", "--cell", POOLED, "--json"])
    assert json.loads(run.output)["arguments"]["margin"] == 0.1


def test_an_unknown_cell_is_told_in_one_line_with_the_known_ones(project):
    with pytest.raises(StrategyMinerError, match=r"document\|pooled") as error:
        robustness_cell("H1/nein")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("verb", [robustness, lambda: robustness_cell(POOLED), shift], ids=["panel", "cell", "shift"])
def test_no_database_and_an_old_one_are_told(project, verb):
    target = project / "build" / "klein" / "strategy.duckdb"
    with writing(target, copy_of=target) as connection:
        connection.execute("UPDATE runs SET value = '4' WHERE key = 'schema_version'")
        connection.execute("DROP TABLE robustness")
    with pytest.raises(StoreError, match="has schema version 4"):
        verb()
    target.unlink()
    with pytest.raises(StoreError, match="no database"):
        verb()
