"""Names of fields of action: codes, orientation by the leading term, ecology. The names are invented."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from strategy_miner.coding import Codebook, code_names
from strategy_miner.coding.names import is_ecological
from strategy_miner.parallel import ROOT


class Blind:
    """An encoder to which all texts are the same: names without known words stay open."""

    id = "blind"

    def encode(self, texts: Sequence[str], prefix: str = "query: ") -> np.ndarray:
        return np.ones((len(texts), 4), dtype=np.float32) / 2


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return Codebook.load(ROOT / "corpus" / "codebook")


CASES = [
    ("Verkehr & Logistik", {"mobilitaet"}, "sectoral", "one subject, two words"),
    ("Verwaltung und Bürgerbeteiligung", {"verwaltung", "teilhabe_gemeinwohl"}, "sectoral", "the leading term decides"),
    ("Beteiligung & Rathaus", {"teilhabe_gemeinwohl", "verwaltung"}, "integrated", "the leading term decides"),
    ("Smarte Landwirtschaft", {"landwirtschaft_ernaehrung"}, "sectoral", "Smart changes nothing"),
    ("Handlungsfeld 3: Gesundheit und Pflege", {"gesundheit"}, "sectoral", "numbering is decoration"),
    ("Digitale Bildung", {"bildung"}, "sectoral", "digital changes nothing"),
    ("Nachhaltige Mobilität", {"mobilitaet"}, "sectoral", "an adjective belongs to its noun"),
    ("Lebenswerte Innenstadt", {"lebensqualitaet"}, "integrated", "adjective and noun agree"),
    ("Energie- und Wärmewende", {"energie"}, "sectoral", "split compound"),
    ("Wirtschaft & Innovation", {"wirtschaft"}, "sectoral", "innovation beside economy is economy"),
    ("Innovation", {"vernetzung_innovation"}, "integrated", "innovation alone"),
    ("Klimawandel", {"umwelt_klima"}, "sectoral", "change of climate is no change of the city"),
    ("Kulturwandel", {"nachhaltige_entwicklung"}, "integrated", "a change, not culture"),
    ("Stadt-Land-Dialog", {"stadt_land", "teilhabe_gemeinwohl"}, "integrated", "hyphens"),
    ("Smart Government", {"verwaltung"}, "sectoral", "English names"),
    ("Morgen heute denken", set(), "unclear", "a motto"),
    ("", set(), "unclear", "empty"),
    ("Smart", set(), "unclear", "nothing left"),
]


@pytest.mark.parametrize(("name", "codes", "orientation", "reason"), CASES)
def test_names(codebook: Codebook, name: str, codes: set[str], orientation: str, reason: str) -> None:
    (coding,) = code_names([name], codebook, Blind())
    assert set(coding.codes) == codes, reason
    assert coding.orientation == orientation, reason
    assert coding.field_name == name


def test_at_most_four_codes_in_the_order_of_the_name(codebook: Codebook) -> None:
    name = "Sport, Tourismus, Energie, Verkehr, Bildung und Sicherheit"
    (coding,) = code_names([name], codebook, Blind())
    assert coding.codes == ("kultur_freizeit", "tourismus", "energie", "mobilitaet")


def test_many_names_keep_their_order_and_repeat(codebook: Codebook) -> None:
    names = ["Energie", "Unbekanntes Xyz", "Energie"]
    assert [c.field_name for c in code_names(names, codebook, Blind())] == names
    assert code_names([], codebook, Blind()) == []


with (Path(__file__).parent / "field_names.csv").open(encoding="utf-8", newline="") as table:
    TABLE = [tuple(row.values()) for row in csv.DictReader(table, delimiter=";")]


@pytest.mark.parametrize(("name", "codes", "orientation", "ecology", "reason"), TABLE, ids=[row[0] for row in TABLE])
def test_the_published_table_of_names(
    codebook: Codebook, name: str, codes: str, orientation: str, ecology: str, reason: str
) -> None:
    (coding,) = code_names([name], codebook, Blind())
    assert set(coding.codes) == set(codes.split()), reason
    assert coding.orientation == orientation, reason
    assert coding.ecology is (ecology == "true"), reason


ECOLOGY = [
    ("Umwelt & Energie", True, "named"),
    ("Wassermanagement", True, "water"),
    ("Grüne Stadt", True, "green"),
    ("Nachhaltige Mobilität", True, "sustainable mobility"),
    ("Nachhaltige und vernetzte Mobilität", True, "with a word between"),
    ("Verkehrswende", True, "a change for ecology"),
    ("Smart Environment", True, "English"),
    ("Stadtklima", True, "compound"),
    ("Multimodale Mobilität", False, "not ecological by name"),
    ("Nachhaltigkeit", False, "plain"),
    ("Arbeitsklima", False, "another climate"),
    ("Landwirtschaft", False, "not by name"),
    ("Begrüßungskultur", False, "letters inside another word"),
    ("Stadtgrün", True, "green as the last part"),
    ("Handel, Handwerk, Gründung", False, "founding is not green"),
    ("Gründerzentrum", False, "nor are founders"),
    ("Digitale Signatur", False, "not nature"),
    ("Personalressourcen", False, "resources of another kind"),
]


@pytest.mark.parametrize(("name", "expected", "reason"), ECOLOGY)
def test_ecology(name: str, expected: bool, reason: str) -> None:
    assert is_ecological(name) is expected, reason
