"""Which words are shown on their page: quoted segments, names of declared fields, titles of measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from strategy_miner.store import query, shown_passages
from strategy_miner.store.shown import ShownWord, find_name
from tests.data_doc import small_database


def words(*texts: str, kind: str = "paragraph", height: float = 10) -> list[ShownWord]:
    return [ShownWord(1, n, text, 20.0 * n, 50, 20.0 * n + 18, 50 + height, kind, kind) for n, text in enumerate(texts)]


NAMES = [
    ("in a line", "Energie & Wärme", "3.1 Energie & Wärme 12", "Energie & Wärme"),
    ("over a line end", "Digitalisierung", "Die Digitalisie- rung der Stadt", "Digitalisie- rung"),
    ("another spelling", "Straßen", "STRASSEN und Wege", "STRASSEN"),
    ("a ligature", "Pflege", "zur P\ufb02ege", "P\ufb02ege"),
    ("with signs around", "Kultur", "„Kultur“, und", "„Kultur“,"),
    ("only in whole words", "Wärme", "Wärmenetz Abwärme", ""),
    ("not there", "Sport", "Kultur und Freizeit", ""),
    ("nothing", "–", "Kultur – Freizeit", ""),
]


@pytest.mark.parametrize(("name", "text", "expected"), [case[1:] for case in NAMES], ids=[case[0] for case in NAMES])
def test_a_name_is_found_on_its_page(name: str, text: str, expected: str) -> None:
    assert " ".join(word.text for word in find_name(name, words(*text.split()))) == expected


def test_a_heading_goes_before_and_else_the_largest() -> None:
    text, heading, large = (
        words("Energie"), words("Energie", kind="heading"), words("Energie", height=20)
    )  # fmt: skip
    assert find_name("Energie", text + heading + large) == heading
    assert find_name("Energie", text + large) == large


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_database(tmp_path_factory.mktemp("shown"))


def test_every_quote_is_shown_with_its_own_words(database: Path) -> None:
    found = {p.id: p for shown in shown_passages(database).values() for p in shown if p.kind == "segment"}
    _, rows = query(database, "SELECT DISTINCT segment_id, text FROM quotes")
    assert rows
    for segment_id, text in rows:
        passage = found[segment_id]
        assert passage.text == " ".join(text.split())
        assert len(passage.marks) == len(text.split())


def test_fields_and_measures_are_shown_or_say_why_not(database: Path) -> None:
    found = [p for shown in shown_passages(database).values() for p in shown if p.kind != "segment"]
    declared = query(database, "SELECT count(*) FROM declared WHERE document_id <> ''")[1][0][0]
    measures = query(database, "SELECT count(*) FROM measures")[1][0][0]
    assert len(found) == declared + measures > 0
    assert {p.reason for p in found} <= {"", "not_found", "no_pages"}
