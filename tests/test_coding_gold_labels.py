"""Coding sheets right and wrong, the label files, and the settled gold."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from strategy_miner.coding import Codebook
from strategy_miner.coding.gold import Design, Drawn
from strategy_miner.coding.gold_anchors import Anchor, text_hash
from strategy_miner.coding.gold_files import (
    coder_files,
    read_design,
    read_labels,
    write_design,
    write_labels,
)
from strategy_miner.coding.gold_labels import (
    NEEDED,
    Label,
    book_mark,
    changes,
    check_coder,
    checked,
    codings,
    outdated,
    parsed_codes,
    row_id,
    settled,
)
from strategy_miner.errors import CorpusError, SheetError
from strategy_miner.parallel import ROOT
from strategy_miner.store.coding_sheets import write_coding_sheet, write_settling_sheet
from strategy_miner.store.sheets import read_sheet

TEXTS = (
    "Der Radweg am Fluss wird breiter.",
    "=SUMME der Maßnahmen; sieben; „Übersicht“",
    "- Strich am Anfang\x07 und\nein Umbruch",
    "Die Wärmepumpe heizt die Schule.",
)


@pytest.fixture(scope="module")
def book() -> Codebook:
    return Codebook.load(ROOT / "corpus" / "codebook")


def anchor(n: int) -> Anchor:
    text = " ".join(TEXTS[n].replace("\x07", " ").split())
    return Anchor(f"{n:016x}", "d" * 16, n or None, text_hash(text), "Kapitel > Ziele", text)


@pytest.fixture
def design(book: Codebook) -> Design:
    rows = tuple(Drawn(n + 1, anchor(n), "coded", 8, 4, n < 2) for n in range(4))
    return Design("field", "m" * 16, book.sha256, 7, "2026-11-22", rows)


def answered(design: Design, **cells: str) -> list[tuple[int, dict[str, str]]]:
    """Rows of a filled sheet, all coded as energie; `cells` replace those of row 3."""
    rows = [
        (line, {"id": row_id(row.anchor.segment_id), "text": row.anchor.text, "codes": "energie", "sure": "",
                "note": "", "codebook": book_mark(design.codebook)})
        for line, row in enumerate(design.rows, start=2)
    ]  # fmt: skip
    rows[1][1].update(cells)
    return rows


def everything(design: Design) -> list[frozenset[str]]:
    second = frozenset(row.anchor.segment_id for row in design.second())
    return [second, frozenset(row.anchor.segment_id for row in design.rows)]


CELLS = [
    ("energie mobilitaet", ("energie", "mobilitaet"), "spaces"),
    ("mobilitaet;energie", ("energie", "mobilitaet"), "semicolons; in the order of the codebook"),
    ("Energie,\n Mobilitaet", ("energie", "mobilitaet"), "commas, lines and capitals"),
    ("energie energie", ("energie",), "twice the same"),
    ("-", (), "no code"),
    (" – ", (), "Excel's dash"),
    ("keine", (), "in words"),
    ("'-", (), "the apostrophe by which a spreadsheet keeps a text"),
    ("energie + mobilitaet & bildung", ("energie", "mobilitaet", "bildung"), "plus and ampersand"),
    ("Kultur, Freizeit und Sport, Energie und Wärme", ("kultur_freizeit", "energie"), "names instead of ids"),
    ("", None, "not yet coded"),
    ("  ", None, "blank"),
]


@pytest.mark.parametrize(("cell", "expected", "reason"), CELLS)
def test_codes_of_a_cell(book: Codebook, cell: str, expected: tuple[str, ...] | None, reason: str) -> None:
    codes, wrong = parsed_codes(cell, book)
    assert wrong == [], reason
    assert codes is None if expected is None else sorted(codes or ()) == sorted(expected), reason
    if codes:
        assert list(codes) == [code for code in book.ids if code in codes]


MISSED = "the row with id s0000000000000001 is missing"
WRONG = [
    ({"codes": "energy"}, ["row 3: unknown code 'energy'; did you mean energie?"], "unknown code, nearest named"),
    ({"codes": "gesundheit qwxz"}, ["row 3: unknown code 'qwxz'; see the sheet Codebook"], "nothing is near"),
    ({"codes": "energie -"}, ["row 3: - says that no code fits, but there are codes beside it"], "code and no code"),
    ({"codes": ""}, ["row 3: no codes; write - where no code fits"], "not filled in"),
    ({"id": ""}, ["row 3: no id; restore it from the sheet that was drawn", MISSED], "id deleted"),
    ({"id": "ffffffff"}, ["row 3: unknown id 'ffffffff', not in this sample", MISSED], "id of another sample"),
    ({"id": "0000000000000010"}, ["row 3: unknown id '0000000000000010'; did you mean s0000", MISSED], "id mistyped"),
    ({"id": "0000000000000000"}, ["row 3: the same segment as row 2, s0000000000000000; delete one of them", MISSED],
     "a row twice"),
    ({"text": "Ganz anders."}, ["row 3: the text is not the one that was drawn (it began '=SUMME der Ma"],
     "text overwritten"),
    ({"sure": "vielleicht"}, ["row 3: sure is 'vielleicht'; write ja or nein"], "no yes and no no"),
    ({"codebook": "abc"}, ["row 3: coded by codebook abc, but the sample was drawn for "], "another codebook"),
    ({"codes": "energy", "sure": "?"}, ["row 3: unknown code 'energy'", "row 3: sure is '?'"], "two faults in a row"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "expected", "reason"), WRONG)
def test_what_is_wrong_is_told_by_row(
    design: Design, book: Codebook, cells: dict[str, str], expected: list[str], reason: str
) -> None:
    with pytest.raises(SheetError) as caught:
        checked(answered(design, **cells), design, book, "a.xlsx", everything(design))
    problems = caught.value.problems
    assert sorted(p[: len(e)] for p, e in zip(sorted(problems), sorted(expected), strict=True)) == sorted(expected), (
        reason
    )
    assert "nothing was imported" in str(caught.value)


def test_all_faults_at_once(design: Design, book: Codebook) -> None:
    rows = answered(design, codes="energy")
    rows[3][1]["codes"] = ""
    with pytest.raises(SheetError, match="2 problems") as caught:
        checked(rows, design, book, "a.xlsx", everything(design))
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["row 3", "row 5"]


def test_a_row_deleted_is_missed_unless_the_rest_is_the_second_coders_part(design: Design, book: Codebook) -> None:
    rows = answered(design)
    assert len(checked(rows[:2], design, book, "a", everything(design))) == 2
    with pytest.raises(SheetError) as caught:
        checked(rows[1:], design, book, "a", everything(design))
    assert caught.value.problems == ("the row with id s0000000000000000 is missing",)
    assert len(checked(rows[1:], design, book, "a", [])) == 3, "partial"
    with pytest.raises(SheetError, match="1 problem"):
        checked([], design, book, "a", everything(design))


def test_what_a_spreadsheet_does_to_signs_is_no_other_text(design: Design, book: Codebook) -> None:
    row = answered(design)[3][1]
    assert len(checked([(2, {**row, "text": f"'{row['text'].replace(' ', ' ? ')}"})], design, book, "a", [])) == 1
    with pytest.raises(SheetError, match="1 problem"):
        checked([(2, {**row, "text": row["text"].replace("ä", "ae")})], design, book, "a", [])


def test_a_sheet_of_another_sample_is_told_in_one_line(design: Design, book: Codebook) -> None:
    rows = [(line, {**cells, "id": f"sabc{line}"}) for line, cells in answered(design)]
    with pytest.raises(SheetError, match="none of its rows is of this sample") as caught:
        checked(rows, design, book, "a", everything(design))
    assert caught.value.problems == ()


def test_capitals_make_no_second_coder() -> None:
    assert check_coder("AB", ["AB", "CD"]) == "AB"
    with pytest.raises(CorpusError, match="differs from 'AB'"):
        check_coder("ab", ["AB", "CD"])


def test_partial_takes_what_is_there_but_no_nonsense(design: Design, book: Codebook) -> None:
    labels = checked(answered(design, codes=""), design, book, "a", [])
    assert [label.anchor.segment_id[-1] for label in labels] == ["0", "2", "3"]
    with pytest.raises(SheetError):
        checked(answered(design, codes="energy"), design, book, "a", [])


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_sheet_goes_out_and_comes_back(design: Design, book: Codebook, tmp_path: Path, ending: str) -> None:
    written = write_coding_sheet(design.rows, book, tmp_path / "sheet.xlsx")
    path = next(p for p in written if p.suffix == f".{ending}")
    filled = read_sheet(path, NEEDED)
    assert [line for line, _ in filled.rows] == [2, 3, 4, 5]
    assert not checked(filled.rows, design, book, "a", []), "an empty cell is no label"
    rows = [(line, {**cells, "codes": "-", "sure": "nein", "note": "unklar"}) for line, cells in filled.rows]
    labels = checked(rows, design, book, "a", everything(design))
    assert labels == [Label(row.anchor, (), False, "unklar") for row in design.rows]


def test_the_sheet_is_blind_and_brings_the_codebook(design: Design, book: Codebook, tmp_path: Path) -> None:
    path, text = write_coding_sheet(design.rows, book, tmp_path / "sheet.xlsx")
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames == ["Codierung", "Codebook", "Anleitung"]
    head = [cell.value for cell in workbook["Codierung"][1]]
    assert head == ["no", "id", "page", "heading", "text", "codes", "sure", "note", "codebook"]
    assert design.model not in text.read_text(encoding="utf-8-sig")
    assert "d" * 16 not in text.read_text(encoding="utf-8-sig"), "the document would tell the Staffel"
    assert [row[0].value for row in workbook["Codebook"].iter_rows(min_row=2)] == list(book.ids)
    again, _ = write_coding_sheet(design.rows, book, tmp_path / "again.xlsx")
    assert path.read_bytes() == again.read_bytes()


def test_files_hold_everything(design: Design, book: Codebook, tmp_path: Path) -> None:
    write_design(tmp_path / "design.csv", design)
    assert read_design(tmp_path / "design.csv") == design
    labels = [Label(anchor(0), ("energie", "bildung"), True, 'mit "Anführung", Komma'), Label(anchor(1), (), False)]
    write_labels(tmp_path / "AB.csv", labels)
    assert read_labels(tmp_path / "AB.csv", book.ids) == labels
    assert list(coder_files(tmp_path)) == ["AB"]
    assert [[c.code for c in own] for own in codings(labels, "AB", "field")] == [["energie", "bildung"], []]


DAMAGED = [
    ("codes", "energie", "energy", "line 2: unknown code 'energy'"),
    ("codes", "energie", "", "line 2: no codes"),
    ("text", TEXTS[0], "Anders.", "line 2: text and text_hash do not belong together"),
    ("page", "", "x", "line 2: page 'x' is no number"),
]


@pytest.mark.parametrize(("column", "old", "new", "message"), DAMAGED)
def test_a_damaged_label_file_is_told(
    book: Codebook, tmp_path: Path, column: str, old: str, new: str, message: str
) -> None:
    path = tmp_path / "AB.csv"
    write_labels(path, [Label(anchor(0), ("energie",))])
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert rows[0][column] == old
    rows[0][column] = new
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(CorpusError, match=message):
        read_labels(path, book.ids)


def test_no_sample_yet(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="gold draw"):
        read_design(tmp_path / "design.csv")


@pytest.mark.parametrize("name", ["", "a b", "../x", "design", "Consensus", "ä"])
def test_names_that_coders_cannot_have(name: str) -> None:
    with pytest.raises(CorpusError):
        check_coder(name)


def test_a_second_import_tells_what_changes() -> None:
    old = [Label(anchor(0), ("energie",)), Label(anchor(1), ()), Label(anchor(2), ("bildung",))]
    new = [Label(anchor(0), ("energie",)), Label(anchor(1), ("energie", "bildung")), Label(anchor(3), ())]
    assert changes(old, new) == [
        "0000000000000002: no longer coded", "0000000000000003: new, -", "0000000000000001: - -> energie bildung",
    ]  # fmt: skip


def test_settling() -> None:
    one = [Label(anchor(0), ("energie",)), Label(anchor(1), ("energie",)), Label(anchor(2), (), note="kurz")]
    two = [Label(anchor(0), ("energie",), sure=False), Label(anchor(1), ())]
    with pytest.raises(CorpusError, match="1 segments are disputed"):
        settled({"a": one, "b": two}, [])
    gold = settled({"a": one, "b": two}, [Label(anchor(1), ("bildung",), note="nach Gespräch")])
    assert [(g.codes, g.sure, g.basis, g.note) for g in gold] == [
        (("energie",), False, "agreed", ""), (("bildung",), True, "settled", "nach Gespräch"),
        ((), True, "single", "kurz"),
    ]  # fmt: skip


def test_gold_that_its_coders_no_longer_give() -> None:
    one, two = [Label(anchor(0), ("energie",)), Label(anchor(1), ("energie",))], [Label(anchor(1), ())]
    gold = settled({"a": one, "b": two}, [Label(anchor(1), ("bildung",))])
    assert outdated(gold, {"a": one, "b": two}) == 0
    assert outdated(gold, {"a": [Label(anchor(0), ()), one[1]], "b": two}) == 1
    assert outdated(gold, {"b": two}) == 1


def test_the_settling_sheet_shows_both_and_comes_back(design: Design, book: Codebook, tmp_path: Path) -> None:
    sides = {
        "a": {anchor(1).segment_id: Label(anchor(1), ("energie",))},
        "b": {anchor(1).segment_id: Label(anchor(1), ())},
    }
    path, _ = write_settling_sheet([design.rows[1]], sides, book, tmp_path / "settle.xlsx")
    ((line, cells),) = read_sheet(path, NEEDED).rows
    assert (cells["codes_a"], cells["codes_b"], cells["codes"]) == ("energie", "-", "")
    complete = [frozenset([anchor(1).segment_id])]
    (label,) = checked([(line, {**cells, "codes": "energie"})], design, book, "s", complete)
    assert label.codes == ("energie",)
