"""Sheets as people save them: Excel, LibreOffice, encodings, delimiters, damage."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from strategy_miner.errors import SheetError, StoreError
from strategy_miner.store.sheets import Column, Sheet, read_sheet, write_sheet_csv, write_workbook

NEEDED = ("id", "codes")
ROWS = [{"id": "a1", "codes": "bildung", "note": "Übung"}, {"id": "b2", "codes": "-", "note": ""}]
SHEET = Sheet(
    "Blatt", (Column("id"), Column("codes", choices=("x", "y")), Column("note")), (("a1", "=1+1", "ü"), ("b2", "", "-"))
)

FILES = [
    ("\ufeffid;codes;note\na1;bildung;Übung\nb2;-;\n", "utf-8", "CSV UTF-8 of German Excel"),
    ("id,codes,note\r\na1,bildung,Übung\r\nb2,-,\r\n", "utf-8", "comma, Windows line ends"),
    ("id\tcodes\tnote\na1\tbildung\tÜbung\nb2\t-\t\n", "utf-16", "Unicode text of Excel"),
    ('ID ; Codes;note\n"a1";"bildung";"Übung"\n;;\nb2;-;\n', "utf-8", "capitals, quotes, a blank row"),
    ("note;codes;id\nÜbung;bildung;a1\n;-;b2\n", "utf-8", "columns in another order"),
    ("id;codes;note\na1;bildung;Übung\nb2;-;\n", "cp1252", "CSV of Excel"),
]


@pytest.mark.parametrize(("text", "encoding", "reason"), FILES)
def test_csv_files(tmp_path: Path, text: str, encoding: str, reason: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    filled = read_sheet(path, NEEDED)
    assert [{k: v for k, v in cells.items() if k in ROWS[0]} for _, cells in filled.rows] == ROWS, reason
    assert ("Windows-1252" in " ".join(filled.notes)) == (encoding == "cp1252")


def test_row_numbers_are_those_of_the_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id;codes\n\na1;"x\ny"\nb2;-\n', encoding="utf-8")
    assert [line for line, _ in read_sheet(path, NEEDED).rows] == [3, 4]


def test_a_workbook_with_other_sheets_first(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Notizen"
    page = book.create_sheet("Zweites")
    for row in (("id", "codes"), (17.0, "bildung"), (None, None), ("b2", None)):
        page.append(row)
    book.save(tmp_path / "a.xlsx")
    rows = read_sheet(tmp_path / "a.xlsx", NEEDED).rows
    assert [(line, dict(cells)) for line, cells in rows] == [
        (2, {"id": "17", "codes": "bildung"}),
        (4, {"id": "b2", "codes": ""}),
    ]


BROKEN = [
    ("a.csv", b"", "missing column id, codes", "empty"),
    ("a.csv", b"id;code\n1;2\n", "missing column codes", "column renamed"),
    ("a.csv", b"id;codes;codes\n1;2;3\n", "codes stands there twice", "column twice"),
    ("a.xlsx", b"PK\x03\x04 not a workbook", "cannot be read as XLSX", "damaged"),
    ("a.xlsx", b"id;codes\n", "cannot be read as XLSX", "a CSV named XLSX"),
    ("a.xls", b"\xd0\xcf\x11\xe0", ".xls is no sheet", "old Excel"),
    ("a", b"", "a file without ending is no sheet", "no ending"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "message", "reason"), BROKEN)
def test_broken_files(tmp_path: Path, name: str, data: bytes, message: str, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SheetError, match=message):
        read_sheet(path, NEEDED)


def test_a_workbook_cut_off_inside(tmp_path: Path) -> None:
    whole, cut = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_workbook([SHEET], whole)
    for part in ("xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"):
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(cut, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                new.writestr(name, data[: len(data) // 2] if name == part else data)
        with pytest.raises(SheetError, match="cannot be read as XLSX"):
            read_sheet(cut, NEEDED)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="file not found"):
        read_sheet(tmp_path / "a.xlsx", NEEDED)


def test_nothing_becomes_a_formula(tmp_path: Path) -> None:
    write_workbook([SHEET], tmp_path / "a.xlsx")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["Blatt"]
    assert (page["B2"].value, page["B2"].data_type, page["B3"].value, page["B3"].number_format) == (
        "=1+1",
        "s",
        None,
        "@",
    )
    assert [str(rule.sqref) for rule in page.data_validations.dataValidation] == ["B2:B3"]
    write_sheet_csv(SHEET, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == "\ufeffid;codes;note\na1;'=1+1;ü\nb2;;'-\n".encode()


def test_a_workbook_that_cannot_be_written_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx.part").mkdir()
    with pytest.raises(StoreError, match=r"a\.xlsx: cannot be written: Is a directory"):
        write_workbook([Sheet("A", (), ())], tmp_path / "a.xlsx")
