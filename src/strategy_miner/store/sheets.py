"""Sheets that people fill in: written as XLSX and CSV, read back from what Excel or LibreOffice made of them."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strategy_miner.errors import SheetError
from strategy_miner.store.exports import CREATED, FORMULA, OPTIONS, replacing


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its width in characters; `fill`: people write here; `choices`: what they choose from."""

    name: str
    width: int = 12
    fill: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of texts."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet as filled in: number and cells of each row that is not blank, and what a person should know of it."""

    rows: tuple[tuple[int, Mapping[str, str]], ...]
    notes: tuple[str, ...]


def write_workbook(sheets: Sequence[Sheet], target: Path) -> None:
    """Write sheets as one XLSX file. Equal sheets give equal bytes. Raises StoreError if it cannot be written."""
    import xlsxwriter

    with replacing(target) as partial, xlsxwriter.Workbook(str(partial), OPTIONS) as book:
        book.set_properties({"created": CREATED})
        for sheet in sheets:
            _add(book, sheet)


def _add(book: Any, sheet: Sheet) -> None:
    # "@": Excel must not make a formula of "-" or a date of "1-2".
    text = {"text_wrap": True, "valign": "top", "num_format": "@"}
    head, cell = book.add_format({"bold": True, "valign": "top"}), book.add_format(text)
    fill = book.add_format({**text, "bg_color": "#FFF9DB", "border": 1, "border_color": "#D9D9D9"})
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        page.write_string(0, place, column.name, head)
        if column.choices and sheet.rows:
            rule = {"validate": "list", "source": list(column.choices), "ignore_blank": True}
            page.data_validation(1, place, len(sheet.rows), place, rule)
    for line, row in enumerate(sheet.rows, start=1):
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            form = fill if column.fill else cell
            if value:
                page.write_string(line, place, value, form)
            else:
                page.write_blank(line, place, None, form)


def write_sheet_csv(sheet: Sheet, target: Path) -> None:
    """Write a sheet as CSV that German Excel opens without an import: semicolon, byte order mark.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    with replacing(target) as partial, partial.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle, delimiter=";", lineterminator="\n")
        writer.writerow([column.name for column in sheet.columns])
        for row in sheet.rows:
            writer.writerow([f"'{value}" if value.startswith(FORMULA) else value for value in row])


def read_sheet(path: Path, needed: Sequence[str]) -> Filled:
    """Read a filled sheet from XLSX or CSV; column names in lower case, cells as text, blank rows left out.

    CSV may be UTF-8, UTF-16 or Windows-1252, with semicolon, comma or tab. Of a workbook the first sheet with the
    needed columns counts.

    Raises SheetError if the file is missing, no sheet, or lacks a column.
    """
    if not path.is_file():
        raise SheetError("file not found", str(path), "Check the name.")
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _found(_workbook_tables(path), needed, path, ())
    if path.suffix.lower() in (".csv", ".txt", ".tsv"):
        table, notes = _csv_table(path)
        return _found([table], needed, path, notes)
    raise SheetError(f"{path.suffix or 'a file without ending'} is no sheet", str(path), "Save it as XLSX or CSV.")


def _found(tables: Sequence[list[list[str]]], needed: Sequence[str], path: Path, notes: tuple[str, ...]) -> Filled:
    heads = [[cell.strip().lower() for cell in table[0]] if table else [] for table in tables]
    for head, table in zip(heads, tables, strict=True):
        if all(name in head for name in needed):
            for name in needed:
                if head.count(name) > 1:
                    raise SheetError(f"the column {name} stands there twice", str(path), "Delete one of them.")
            rows = [
                (line, dict(zip(head, row, strict=False)))
                for line, row in enumerate(table[1:], start=2)
                if any(cell.strip() for cell in row)
            ]
            return Filled(tuple(rows), notes)
    head = max(heads, key=lambda names: sum(name in names for name in needed), default=[])
    missing = ", ".join(name for name in needed if name not in head)
    raise SheetError(f"missing column {missing}", str(path), f"Add it; found: {', '.join(filter(None, head))}.")


def _workbook_tables(path: Path) -> list[list[list[str]]]:
    import openpyxl

    try:
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
            return [
                [["" if cell is None else _cell(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
                for sheet in book.worksheets
            ]
    # SyntaxError is what XML parsers raise; in this mode the rows are parsed when they are asked for.
    except (zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, TypeError, ValueError, OSError, EOFError) as error:
        what = f"cannot be read as XLSX: {' '.join(str(error).split())}"
        raise SheetError(what, str(path), "Save it again as XLSX.") from None


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _csv_table(path: Path) -> tuple[list[list[str]], tuple[str, ...]]:
    data, notes = path.read_bytes(), tuple[str, ...]()
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        # The usual "CSV" of Excel; bytes that mean nothing there either are shown as such.
        text = data.decode("cp1252", "replace")
        notes = ("is not UTF-8 and was read as Windows-1252; save it as 'CSV UTF-8' next time",)
    head = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), notes
    except csv.Error as error:
        raise SheetError(f"cannot be read as CSV: {error}", str(path), "Save it again as CSV UTF-8 or XLSX.") from None
