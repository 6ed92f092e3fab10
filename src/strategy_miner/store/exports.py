"""Tables of a result database as CSV, XLSX and Parquet files. Equal content gives byte-equal CSV and XLSX files."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from strategy_miner.errors import StoreError
from strategy_miner.parquet import write_table
from strategy_miner.store.database import Row, query, query_arrow

CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # a fixed date, so that the same tables give the same file
# Text from PDFs may begin with '=' or look like a link; it is text all the same.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CELL_LIMIT = 32_767  # characters that Excel holds in a cell
_ROW_LIMIT = 1_048_575  # rows of an Excel sheet below the header


def write_csv(database: Path, sql: str, target: Path, german_excel: bool = False) -> int:
    """Write the rows of a query as CSV (UTF-8, comma, decimal point); returns how many.

    With `german_excel`: semicolon, decimal comma and a byte order mark, which German Excel opens without an import.
    """
    columns, rows = query(database, sql)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".part")
    encoding, delimiter = ("utf-8-sig", ";") if german_excel else ("utf-8", ",")
    with partial.open("w", encoding=encoding, newline="") as handle:
        writer = csv.writer(handle, delimiter=delimiter, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_text(value, german_excel) for value in row] for row in rows)
    partial.replace(target)
    return len(rows)


def write_xlsx(
    database: Path, sheets: Mapping[str, str], target: Path, notes: Sequence[tuple[str, str]] = ()
) -> dict[str, int]:
    """Write one sheet per query and a last sheet of notes; returns the number of rows per sheet.

    `sheets` maps the name of a sheet (at most 31 characters) to its SQL; `notes` are pairs of subject and text.

    Raises StoreError if a query fails or gives more rows than a sheet holds.
    """
    import xlsxwriter

    tables = {name: query(database, sql) for name, sql in sheets.items()}
    for name, (_, rows) in tables.items():
        if len(rows) > _ROW_LIMIT:
            remedy = "Export it as CSV or Parquet."
            raise StoreError(f"{len(rows)} rows are more than an Excel sheet holds", f"sheet {name}", remedy)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".part")
    with xlsxwriter.Workbook(str(partial), OPTIONS) as book:
        book.set_properties({"created": CREATED})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        cut = {name: _write_sheet(book.add_worksheet(name), *table, bold) for name, table in tables.items()}
        long = [(name, f"{n} texts were cut to {_CELL_LIMIT} characters.") for name, n in cut.items() if n]
        sheet = book.add_worksheet(_free_name("notes", tables))
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 100, wrapped)
        for line, (subject, text) in enumerate([*notes, *long]):
            sheet.write_string(line, 0, subject, bold)
            sheet.write_string(line, 1, text)
    partial.replace(target)
    return {name: len(rows) for name, (_, rows) in tables.items()}


def write_parquet(database: Path, sql: str, target: Path) -> None:
    """Write the rows of a query as Parquet, lists and numbers as they are. Raises StoreError if the query fails."""
    write_table(query_arrow(database, sql), target)


def _write_sheet(sheet: Any, columns: Sequence[str], rows: Sequence[Row], bold: Any) -> int:
    sheet.freeze_panes(1, 0)
    cut = 0
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, bold)
        sheet.set_column(place, place, min(60, max(10, *(len(str(row[place])) for row in rows[:200]), len(column) + 2)))
    for line, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(line, place, value)
            elif isinstance(value, int | float | Decimal):
                sheet.write_number(line, place, value)
            elif value is not None:
                text = _text(value)
                cut += len(text) > _CELL_LIMIT
                sheet.write_string(line, place, text[:_CELL_LIMIT])
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    return cut


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def _free_name(name: str, taken: Mapping[str, object]) -> str:
    lowered = {sheet.lower() for sheet in taken}
    while name.lower() in lowered:
        name += "_"
    return name


def _text(value: object, decimal_comma: bool = False) -> str:
    """A cell as text: NULL empty, lists of words joined, anything nested as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",") if decimal_comma else str(value)
    if isinstance(value, list | tuple) and all(isinstance(item, str | int) for item in value):
        return "; ".join(str(item) for item in value)
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return str(value)
