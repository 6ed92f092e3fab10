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
    (("label: {de: Eins}", "label: {}"), "code a: `label` is missing", "no label"),
    (("label: {de: Eins}", "label: {de: [Eins]}"), "`label: de` is not a text", "a label that is a list"),
    (("definition: {de: Das Erste.}, ", ""), None, "a definition may be absent outside `field`"),
    (("kind: integrated", "kind: mixed"), None, "kind is free outside `field`"),
    (("kind: integrated, ", ""), None, "kind may be absent outside `field`"),
    (("kind: integrated", "kind: [integrated]"), "`kind` is not a text", "a kind that is a list"),
    (("version: 1", "version: 1\nexploratory: true\nnotes: Ein Versuch."), None, "the optional keys"),
    (("version: 1", "version: 1\nexploratory: ja"), "`exploratory` is neither true nor false", "not a truth value"),
    (("version: 1", "version: true"), "`version` is not a whole number", "a version that is a truth value"),
    (("version: 1", "version: 1\nversion: 2"), "line 4: key 'version' stands twice", "PyYAML would keep the last"),
    (("- {id: a,", "- {id: a, id: c,"), "key 'id' stands twice", "a key twice, deeper down"),
    (("id: b", "id: b c"), "has blanks or odd characters", "an id that a list of codes would tear apart"),
    (("kind: sectoral", "parent: [b], kind: sectoral"), "`parent` is not a text", "a parent that is a list"),
    (("dimension: toy", "dimension: other"), "holds the dimension 'other'", "the file is named otherwise"),
    (("Nichts davon.", "*x"), "alias *x", "an alias of nothing"),
    (("[Nichts davon.]", "[&x Nichts davon., *x]"), "alias *x", "aliases make bombs"),
    (("[Nichts davon.]", "[" * 30 + "]" * 30), "is nested too deeply", "deep nesting"),
    (("version: 1", "version: 2020-13-45"), "not readable as YAML", "a date that is none"),
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
        assert len(code.negative) >= 6, code.id
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


BOMB = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [*{m}, *{m}]\n" for m, n in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" \n# only a remark\n", "not a mapping"),
        ("dimension: toy\nlabel: Geb\u00e4ude".encode("latin-1"), "line 2: is not UTF-8"),
        (b"\xff\xfe" + "dimension: toy".encode("utf-16-le"), "is not UTF-8"),
        (b"dimension: toy\x00", "not readable as YAML"),
        (b"- " * 30_000, "is nested too deeply"),
        (b"#" * 5_000_001, "larger than 5 MB"),
        (BOMB.encode(), "alias *a"),
        (b"codes: 7\ndimension: toy\n", "`codes` is not a list"),
        (b"codes: [7, a, null]\ndimension: toy\n", "a code without id"),
    ],
)
def test_a_file_that_is_no_codebook_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "toy.yaml").write_bytes(data)
    with pytest.raises(CodebookError) as error:
        Codebook.load(tmp_path, "toy")
    assert message in str(error.value)
    assert error.value.remedy


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("definition: {de: Das Erste.}", "definition: {}"), "code a: `definition` is missing"),
        (("kind: integrated", "kind: mixed"), "unknown kind 'mixed'"),
        (("kind: integrated, ", ""), "unknown kind ''"),
    ],
)
def test_the_dimension_field_asks_for_more(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    text = GOOD.replace("dimension: toy", "dimension: field").replace(*change, 1)
    (tmp_path / "field.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CodebookError, match=message):
        Codebook.load(tmp_path)


def test_all_that_is_wrong_with_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = GOOD
    for change, message, _ in BAD:
        if message in ("unknown key 'positives'", "`kind` is not a text", "`version` is not a whole number"):
            text = text.replace(*change, 1)
    (tmp_path / "toy.yaml").write_text(text.replace("label: {de: Zwei}", "label: 7"), encoding="utf-8")
    codebook, faults = Codebook.checked(tmp_path, "toy")
    told = "\n".join(map(str, faults))
    for message in ("unknown key 'positives'", "`kind` is not", "`version` is not", "code b: `label: de` is not"):
        assert message in told
    assert codebook is not None
    assert codebook.ids == ("a", "b")


def test_a_dimension_is_no_path(tmp_path: Path) -> None:
    (tmp_path / "toy.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "inner").mkdir()
    with pytest.raises(CodebookError, match="no dimension"):
        Codebook.load(tmp_path / "inner", "../toy")


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
