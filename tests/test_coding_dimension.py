"""The exploratory dimensions: every example gets its codes and no others, false friends get none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from strategy_miner.coding import Codebook
from strategy_miner.coding.codebook import dimensions
from strategy_miner.coding.dimension import ONE_STRONG, SEVERAL_STRONG, STRONG_AND_WEAK, WEAK, LexiconCoder

FOLDER = Path("corpus/codebook")
NAMES = [name for name in dimensions(FOLDER) if name != "field"]


@dataclass(frozen=True)
class Unit:
    text: str
    heading_path: tuple[str, ...] = ()
    id: str = "u"
    document_id: str = "d"


@pytest.fixture(scope="module")
def coders() -> dict[str, LexiconCoder]:
    return {name: LexiconCoder.of(Codebook.load(FOLDER, name)) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_every_example_gets_its_codes_and_no_others(coders: dict[str, LexiconCoder], name: str) -> None:
    book, wrong = coders[name].codebook, []
    for example in book.examples():
        wanted = {c for code in example.codes for c in (code, book[code].parent) if c}
        got = coders[name].code([Unit(example.text, (example.heading,))])[0]
        if {coding.code for coding in got} != wanted:
            wrong.append((example.text, sorted(wanted), [(c.code, c.evidence) for c in got]))
    assert not wrong


@pytest.mark.parametrize("name", NAMES)
def test_a_dimension_is_complete(coders: dict[str, LexiconCoder], name: str) -> None:
    book = coders[name].codebook
    assert (book.exploratory, book.dimension) == (True, name)
    for code in book.codes:
        assert 2 <= len(code.positive) <= 4, code.id
        assert 1 <= len(code.negative) <= 2, code.id
        assert all((code.lexicon.include, code.includes, code.excludes, code.definition_en)), code.id


FALSE_FRIENDS = [
    ("technology", "Der Apparat ist knapp bemessen, die Attrappe überlappt.", "app inside other words"),
    ("technology", "Wege aus Kies führen zum Ufer.", "KI with an ending is Kies"),
    ("technology", "Ein sensorischer Garten lädt ein.", "senses, not sensors"),
    ("technology", "Die Plattform am Gleis wird erhöht.", "a platform of stone"),
    ("technology", "Ein externer Consultant begleitet uns.", "CONSUL is a word of its own"),
    ("transfer", "In sozialen Netzwerken und über Netzwerkkabel.", "networks of other kinds"),
    ("transfer", "Die Nachnutzung der Fläche am Hafen ist offen.", "re-use of land"),
]


@pytest.mark.parametrize(("name", "text", "reason"), FALSE_FRIENDS)
def test_false_friends_get_no_code(coders: dict[str, LexiconCoder], name: str, text: str, reason: str) -> None:
    assert coders[name].code([Unit(text)]) == [[]], reason


RULE = [
    ("Ein Sensor misst.", "", ONE_STRONG, "one strong entry"),
    ("Ein Sensor misst den Pegel.", "", STRONG_AND_WEAK, "strong and weak"),
    ("Ein Sensor im LoRaWAN sendet.", "", SEVERAL_STRONG, "two strong entries"),
    ("Ein Sensor neben einem Sensor.", "", ONE_STRONG, "the same entry twice is one"),
    ("Der Pegel steigt.", "", None, "one weak entry is too little"),
    ("Messwerte zeigen den Pegel.", "", WEAK, "two different weak entries"),
    ("Der Pegel steigt.", "Sensorik am Fluss", WEAK, "weak entry and heading"),
    ("Das Wasser steigt.", "Sensorik am Fluss", None, "a heading alone is too little"),
    ("", "Sensorik", None, "empty"),
    ("\x00\x01 \x7f", "", None, "control characters"),
    ("The sensor that we have is one of the best and it is from here.", "", None, "another language"),
]


@pytest.mark.parametrize(("text", "heading", "p", "reason"), RULE)
def test_strength_of_evidence(
    coders: dict[str, LexiconCoder], text: str, heading: str, p: float | None, reason: str
) -> None:
    found = {c.code: c for c in coders["technology"].code([Unit(text, (heading,))])[0]}
    assert (found["sensors"].p if "sensors" in found else None) == p, reason


def test_evidence_names_the_words_and_the_coder(coders: dict[str, LexiconCoder]) -> None:
    coder = coders["technology"]
    coding = coder.code([Unit("Pegelsensoren senden Messwerte.", ("Sensorik",))])[0][0]
    assert (coding.dimension, coding.code, coding.coder) == ("technology", "sensors", coder.id)
    assert coding.evidence == "Pegelsensoren, Messwerte (Sensorik)"
