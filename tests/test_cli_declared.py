"""`strategy-miner declared`: what it prints for programs and for people. The documents are invented."""

from __future__ import annotations

import json

import pytest

from strategy_miner import declared
from strategy_miner.corpus import Corpus, new_corpus
from strategy_miner.errors import ReadingError
from tests.command_line import needs_encoder, runner

pytestmark = needs_encoder
KEYS = ("field_name", "page", "level", "codes", "orientation", "ecology", "evidence", "source")
STRATEGY = """# Ausgangslage

Auental (fiktiv) liegt am Fluss.

# Handlungsfelder

Sie entstanden in Werkstätten.

## Mobilität

Der Bus fährt öfter.

## Umwelt und Klima

Bäume werden gepflanzt.

## Teilhabe

Alle reden mit.
"""


@pytest.fixture
def run(monkeypatch, capsys):
    return runner(monkeypatch, capsys, "declared")


@pytest.fixture
def strategy(tmp_path):
    (tmp_path / "auental.md").write_text(STRATEGY, encoding="utf-8")
    return tmp_path / "auental.md"


def test_one_json_object_per_field(run, strategy):
    code, out, err = run("--jsonl", strategy)
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert [row["field_name"] for row in rows] == ["Mobilität", "Umwelt und Klima", "Teilhabe"]
    assert tuple(rows[0]) == KEYS
    assert rows[1]["codes"] == ["umwelt_klima"]
    assert (rows[1]["orientation"], rows[1]["ecology"], rows[1]["page"], rows[1]["level"]) == (
        "sectoral",
        True,
        None,
        2,
    )
    assert "Handlungsfelder" in rows[1]["evidence"]
    assert declared(strategy) == rows


def test_a_file_without_fields_prints_nothing_for_programs_and_a_sentence_for_people(run, tmp_path):
    (tmp_path / "rede.md").write_text("# Rede\n\nDer Haushalt ist knapp.\n", encoding="utf-8")
    assert run("--jsonl", tmp_path / "rede.md") == (0, "", "")
    code, out, err = run(tmp_path / "rede.md")
    assert (code, err) == (0, "")
    assert out.endswith("declares no fields of action of its own.\n")


def test_a_bad_file_is_one_line_and_the_others_go_on(run, strategy, tmp_path):
    (tmp_path / "leer.pdf").write_bytes(b"")
    code, out, err = run("--jsonl", tmp_path / "leer.pdf", tmp_path / "fehlt.pdf", strategy)
    assert code == 1
    assert len(err.splitlines()) == 2
    assert "Traceback" not in err
    assert {json.loads(line)["file"] for line in out.splitlines()} == {str(strategy)}
    with pytest.raises(ReadingError):
        declared(tmp_path / "fehlt.pdf")


def test_the_list_for_people_names_what_says_so(run, strategy):
    _, out, _ = run(strategy)
    assert "3 declared fields" in out
    assert "Umwelt und Klima  (without page; sectoral, ecology; umwelt_klima)" in out
    assert "said by: Kapitel „Handlungsfelder“" in out


def test_the_sheet_is_a_file_of_corrections(run, strategy, tmp_path):
    code, out, _ = run("--sheet", "auental", strategy)
    assert code == 0
    assert out.splitlines()[1] == "auental,Mobilität,mobilitaet,sectoral,false,,,"
    folder = new_corpus(tmp_path, "probe")
    with (folder / "projects.csv").open("a") as projects:
        projects.write("auental,Auental,1,,,,\n")
    (folder / "declared_fields.csv").write_text(out, encoding="utf-8")
    rows = Corpus.load(tmp_path, "probe").corrections()
    assert [row.field_name for row in rows] == ["Mobilität", "Umwelt und Klima", "Teilhabe", ""]
    assert rows[-1].action == "complete"
    assert run("--sheet", "auental", strategy, strategy)[0] == 2
