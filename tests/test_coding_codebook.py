"""The shipped codebook is complete, and a wrong one is refused with what, where and a remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from strategy_miner.coding import Codebook
from strategy_miner.errors import CodebookError
from strategy_miner.parallel import ROOT

IDS = (
    "energie mobilitaet gesundheit bildung kultur_freizeit tourismus wirtschaft umwelt_klima verwaltung bauen_wohnen "
    "sicherheit soziales digitale_infrastruktur landwirtschaft_ernaehrung lernen_faehigkeiten stadt_land resilienz "
    "teilhabe_gemeinwohl lebensqualitaet nachhaltige_entwicklung daseinsvorsorge vernetzung_innovation stadtsteuerung"
)
GOOD = """
dimension: toy
version: 1
none_examples: [Nichts davon.]
codes:
  - {id: a, kind: sectoral, label: {de: Eins}, definition: {de: Das Erste.}, positive: [Ein Satz.]}
  - {id: b, kind: integrated, label: {de: Zwei}, definition: {de: Das Zweite.},
     negative: [{text: Noch einer., codes: [a]}]}
"""
BAD = [
    (("id: b", "id: a"), "code id 'a' is used twice", "the same id twice"),
    (("definition: {de: Das Erste.}", "definition: {}"), "code a: `definition` is missing", "no definition"),
    (("kind: integrated", "kind: mixed"), "unknown kind 'mixed'", "unknown kind"),
    (("kind: sectoral", "parent: b, kind: sectoral"), None, "a parent is fine"),
    (("kind: sectoral", "parent: a, kind: sectoral"), "cycle of parents a -> a", "its own parent"),
    (("kind: sectoral", "parent: z, kind: sectoral"), "unknown parent 'z'", "unknown parent"),
    (("codes: [a]}", "codes: [z]}"), "unknown code 'z'", "a counter-example of an unknown code"),
    (("codes: [a]}", "codes: [b]}"), "carries the code itself", "a counter-example that is none"),
    (("positive:", "positives:"), "unknown key 'positives'", "a misspelt key"),
    (("dimension: toy", "dimension:"), "`dimension` is missing", "no dimension"),
    (("- {id: a,", "- {"), "a code without id", "no id"),
    (("[Ein Satz.]", "[1]"), "not a mapping", "an example that is a number"),
    (("codes:\n", "codes: [\n"), "not readable as YAML", "broken YAML"),
]


@pytest.fixture(scope="module")
def shipped() -> Codebook:
    return Codebook.load(ROOT / "corpus" / "codebook")


def test_the_ids_are_fixed(shipped: Codebook) -> None:
    assert shipped.ids == tuple(IDS.split())
    assert shipped.dimension == "field"


def test_every_code_is_rich(shipped: Codebook) -> None:
    for code in shipped.codes:
        assert len(code.positive) >= 15, code.id
        assert len(code.negative) >= 5, code.id
        assert len(code.lexicon.include) >= 15, code.id
        assert all((code.includes, code.excludes, code.names.include)), code.id
        assert code.name_en != code.name_de, code.id
    assert len(shipped.none_examples) >= 25


def test_no_example_stands_twice_with_different_codes(shipped: Codebook) -> None:
    codes: dict[str, set[str]] = {}
    for example in shipped.examples():
        words = " ".join(re.findall(r"\w+", example.text.lower()))
        assert codes.setdefault(words, set(example.codes)) == set(example.codes), example.text


def test_include_and_exclude_do_not_cancel_each_other(shipped: Codebook) -> None:
    for code in shipped.codes:
        for terms in (code.lexicon, code.names):
            assert not set(terms.include) & set(terms.exclude), code.id
            assert not set(terms.include) & set(terms.weak), code.id


@pytest.mark.real
def test_the_ids_are_those_of_the_reference() -> None:
    path = ROOT.parent / "shared" / "domain" / "codebook_v1.csv"
    if not path.exists():
        pytest.skip("../shared is absent: no reference codebook")
    import csv

    with path.open(encoding="utf-8", newline="") as handle:
        rows = [(row["id"], row["kind"], row["name_de"]) for row in csv.DictReader(handle)]
    shipped = Codebook.load(ROOT / "corpus" / "codebook")
    assert [(code.id, code.kind, code.name_de) for code in shipped.codes] == rows


@pytest.mark.parametrize(("change", "message", "reason"), BAD)
def test_a_wrong_codebook_is_refused(tmp_path: Path, change: tuple[str, str], message: str | None, reason: str) -> None:
    assert change[0] in GOOD
    (tmp_path / "toy.yaml").write_text(GOOD.replace(*change, 1), encoding="utf-8")
    if message is None:
        Codebook.load(tmp_path, "toy")
        return
    with pytest.raises(CodebookError) as error:
        Codebook.load(tmp_path, "toy")
    assert message in str(error.value), reason
    assert "toy.yaml" in error.value.where
    assert error.value.remedy
    assert "\n" not in str(error.value)


def test_an_unknown_dimension_names_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "toy.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(CodebookError, match="Dimensions in this folder: toy"):
        Codebook.load(tmp_path, "technology")
