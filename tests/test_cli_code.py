"""`strategy-miner code` with dimensions and other codebooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from strategy_miner import code
from strategy_miner.errors import CodebookError, StrategyMinerError
from strategy_miner.parallel import ROOT
from tests.command_line import needs_encoder, runner

ROWS = [
    {"id": "a", "text": "Bodensensoren im LoRaWAN melden, welche Stadtbäume Wasser brauchen."},
    {"id": 2, "text": "In drei Workshops wurden Ideen zur Zukunft des Busverkehrs gesammelt."},
    {"id": "c", "text": ""},
]
OWN = """
dimension: topics
exploratory: true
codes:
  - {id: baeder, label: {de: Bäder}, lexicon: {include: [schwimmbad, freibad]}}
  - {id: musik, label: {de: Musik}, lexicon: {include: [musik, konzert]}}
"""


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    file = tmp_path / "texts.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    call = runner(monkeypatch, capsys, "code", str(file))

    def called(*arguments: object) -> tuple[int, list[dict[str, Any]], str]:
        status, out, err = call(*arguments)
        return status, [json.loads(line) for line in out.splitlines()], err

    return called


def test_a_lexicon_led_dimension_needs_no_encoder(run):
    status, rows, err = run("--dimension", "technology")
    assert (status, err) == (0, "")
    model = rows[0]["model"]
    assert rows == [
        {"id": "a", "codes": [{"code": "sensors", "p": 0.9, "evidence": "Bodensensoren, LoRaWAN"}], "model": model},
        {"id": 2, "codes": [], "model": model},
        {"id": "c", "codes": [], "model": model, "not_coded": "empty"},
    ]


@pytest.mark.parametrize("item", [{"text": "x"}, {"id": 1}, {"id": 1, "text": None}, {"id": 1, "text": 5}, "x"])
def test_an_item_without_id_or_text_is_told_in_python_too(item):
    with pytest.raises(StrategyMinerError, match="has no id or no text"):
        code([{"id": 1, "text": "Sensoren"}, item], "technology")


def test_the_only_dimension_of_another_codebook_needs_no_name(run, tmp_path):
    folder = tmp_path / "eigene"
    folder.mkdir()
    (folder / "topics.yaml").write_text(OWN, encoding="utf-8")
    items = [{"id": 1, "text": "Das Freibad öffnet im Mai."}, {"id": 2, "text": "Die Musikschule lädt ein."}]
    for dimension in (None, "topics"):
        coded = code(items, dimension, folder)
        assert [[c["code"] for c in row["codes"]] for row in coded] == [["baeder"], ["musik"]]
    (row,) = code(items[:1], "all", folder)
    assert row["codes"] == [{"dimension": "topics", "code": "baeder", "p": 0.75, "evidence": "Freibad"}]
    assert list(row["model"]) == ["topics"]
    assert run("--codebook", folder)[:1] == (0,)


def test_unknown_dimensions_and_folders_are_told(run, tmp_path):
    status, rows, err = run("--dimension", "technik")
    assert (status, rows) == (1, [])
    assert "no dimension 'technik'" in err
    assert "Known are field, actor, " in err
    assert "holds no codebook" in run("--codebook", tmp_path / "fehlt")[2]
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(OWN.replace("topics", name), encoding="utf-8")
    with pytest.raises(CodebookError, match=r"no dimension 'field'.*Known are a, b"):
        code([{"id": 1, "text": "Freibad"}], None, tmp_path)
    assert code([], "a", tmp_path) == []


@needs_encoder
def test_all_dimensions_say_theirs_and_field_stays_as_it_was(run):
    _, every, _ = run("--dimension", "all")
    _, field, _ = run()
    assert list(field[0]) == ["id", "codes", "model"]
    of_field = [[dict(c) for c in row["codes"] if c["dimension"] == "field"] for row in every]
    assert [[{"dimension": "field", **c} for c in row["codes"]] for row in field] == of_field
    assert {c["dimension"] for c in every[0]["codes"]} >= {"field", "technology"}
    assert {c["code"] for c in every[1]["codes"]} >= {"mobilitaet", "workshop"}
    assert every[2]["codes"] == []
    assert set(every[0]["model"]) == {path.stem for path in Path("corpus/codebook").glob("*.yaml")}


@needs_encoder
def test_a_codebook_of_names_alone_goes_to_the_classifier():
    items = [{"id": 1, "text": "Schulen und Hochschulen brauchen bessere Ausstattung für Bildung und Forschung."}]
    (row,) = code(items, codebook=ROOT / "tests" / "codebooks")
    assert row["codes"][0]["code"] == "forschung_bildung"


LABELS = [
    {"document": "d", "text": "Das Becken wird saniert.", "codes": ["baeder"]},
    {"document": "e", "text": "Der Chor singt im Saal.", "codes": ["musik"], "heading": "Kultur"},
    {"document": "e", "text": "Der Plan liegt aus.", "codes": []},
]
WRONG_LABELS = [
    ({"document": "d", "text": "Ein Text"}, "line 1: has no document or no text or no codes"),
    ({"document": "d", "text": "Ein Text", "codes": "musik"}, "label 1: has no document, no text or no list of codes"),
    ({"document": "d", "text": "Ein Text", "codes": ["tanz"]}, "label 1: unknown code 'tanz'. Codes of topics: baeder"),
    ({"document": "", "text": "Ein Text", "codes": []}, "label 1: has no document"),
]


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "topics.yaml").write_text(OWN, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("row", "message"), WRONG_LABELS)
def test_wrong_labels(run, own, tmp_path, row, message):
    file = tmp_path / "labels.jsonl"
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    status, rows, err = run("--codebook", own, "--labels", file)
    assert (status, rows) == (1, [])
    assert message in err.replace(f"{file}, ", "")


@needs_encoder
def test_labels_make_a_model_that_learns_from_them(run, own, tmp_path):
    file = tmp_path / "labels.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in LABELS), encoding="utf-8")
    _, rows, err = run("--codebook", own, "--labels", file)
    _, without, _ = run("--codebook", own)
    assert err == ""
    assert [row["id"] for row in rows] == ["a", 2, "c"]
    assert rows[0]["model"] != without[0]["model"]
    assert rows[2]["codes"] == []
