"""Tables of a result database as CSV, XLSX and Parquet files. Equal content gives byte-equal CSV and XLSX files."""

from __future__ import annotations

import csv
import json
import math
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from strategy_miner.errors import StoreError
from strategy_miner.parquet import whole, write_batches
from strategy_miner.store.database import Parameters, Row, asked, asked_arrow
from strategy_miner.store.wording import PLAIN, Wording

CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # a fixed date, so that the same tables give the same file
# Text from PDFs may begin with '=' or look like a link; it is text all the same.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# What a spreadsheet takes for a formula when it opens a CSV file, full-width signs too; an apostrophe says "text".
FORMULA = ("=", "+", "-", "@", "'", "＝", "＋", "－", "＠")
_CELL_LIMIT = 32_767  # characters that Excel holds in a cell
_ROW_LIMIT = 1_048_575  # rows of an Excel sheet below the header
_LONG = 60  # a column with texts longer than this is wrapped
_NUMBERS = {"percent": "0.0%", "decimal": "0.000", "whole": "#,##0"}


@dataclass(frozen=True, slots=True)
class Table:
    """What is exported: the name of its file or sheet, the query, and what stands for the parameters of the query."""

    name: str
    sql: str
    parameters: Parameters = ()


def write_csv(database: Path, table: Table | str, target: Path, wording: Wording = PLAIN) -> int:
    """Write the rows of a query as CSV; returns how many.

    For programs (no wording): UTF-8, comma, decimal point, names and texts as they are. In German: semicolon, decimal
    comma, byte order mark and German headings, which German Excel opens by double click; in English: comma and byte
    order mark. In both a text that a spreadsheet would take for a formula gets an apostrophe in front.

    Raises StoreError if the query fails or the file cannot be written; a file that was there is unchanged then.
    """
    table = Table("", table) if isinstance(table, str) else table
    encoding = "utf-8" if wording.of_database else "utf-8-sig"
    rows = 0
    with (
        replacing(target) as partial,
        asked(database, table.sql, table.parameters) as (columns, batches),
        partial.open("w", encoding=encoding, newline="") as handle,
    ):
        writer = csv.writer(handle, delimiter=";" if wording.lang == "de" else ",", lineterminator="\n")
        writer.writerow([wording.heading(table.name, column) for column in columns])
        coded = [wording.values(table.name, column) for column in columns]
        for batch in batches:
            rows += len(batch)
            writer.writerows([_text(cell, wording) for cell in _cells(row, coded, wording)] for row in batch)
    return rows


def write_parquet(database: Path, table: Table | str, target: Path) -> int:
    """Write the rows of a query as Parquet, lists and numbers as they are; returns how many. Raises as `write_csv`."""
    table = Table("", table) if isinstance(table, str) else table
    with replacing(target) as partial, asked_arrow(database, table.sql, table.parameters) as reader:
        return write_batches(reader, partial)


def write_json(database: Path, table: Table | str, target: Path) -> int:
    """Write the rows of a query as one JSON list of objects; returns how many. Raises as `write_csv`."""
    table = Table("", table) if isinstance(table, str) else table
    rows = 0
    with (
        replacing(target) as partial,
        asked(database, table.sql, table.parameters) as (columns, batches),
        partial.open("w", encoding="utf-8") as handle,
    ):
        handle.write("[")
        for row in (row for batch in batches for row in as_objects(columns, batch)):
            handle.write(f"{',' if rows else ''}\n{json.dumps(row, ensure_ascii=False, default=str)}")
            rows += 1
        handle.write("\n]\n")
    return rows


def as_objects(columns: Sequence[str], rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows as JSON has them: no NaN or infinity, decimals as numbers, a second column `n` called `n_2`."""
    names = [f"{name}_{n}" if (n := columns[: i + 1].count(name)) > 1 else name for i, name in enumerate(columns)]
    return [dict(zip(names, map(_finite, row), strict=True)) for row in rows]


def _finite(value: Any) -> Any:
    value = float(value) if isinstance(value, Decimal) else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_xlsx(
    database: Path, tables: Sequence[Table] | Mapping[str, str], target: Path,
    notes: Sequence[tuple[str, str]] = (), wording: Wording = PLAIN,
) -> dict[str, int]:  # fmt: skip
    """Write one sheet per query and a last sheet of notes; returns the number of rows per table.

    Args:
        database: where the queries are asked.
        tables: the tables, or names of sheets (at most 31 characters) with their SQL. With several tables the first
            sheet lists them.
        target: the file; what was there stays until the new one is complete.
        notes: pairs of subject and text.
        wording: the language of headings, sheets and coded values.

    Raises StoreError if a query fails, gives more rows than a sheet holds, or the file cannot be written.
    """
    given = [Table(*pair) for pair in tables.items()] if isinstance(tables, Mapping) else list(tables)
    with replacing(target) as partial, tempfile.TemporaryDirectory() as rest:
        book = _Book(partial, Path(rest), wording)
        book.add_contents(given)
        rows = {table.name: book.add_table(database, table) for table in given}
        book.finish(rows, notes)
    return rows


class _Book:
    """A workbook that is written row by row: only a few rows are in memory."""

    def __init__(self, path: Path, rest: Path, wording: Wording) -> None:
        import xlsxwriter

        self.wording = wording
        self.book = xlsxwriter.Workbook(str(path), {**OPTIONS, "constant_memory": True, "tmpdir": str(rest)})
        self.book.set_properties({"created": CREATED})
        self.bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.top = self.book.add_format({"valign": "top"})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.units = {
            unit: self.book.add_format({"valign": "top", "num_format": shown}) for unit, shown in _NUMBERS.items()
        }
        self.contents: Any = None
        self.cut: dict[str, int] = {}
        self.names: dict[str, str] = {}

    def add_contents(self, tables: Sequence[Table]) -> None:
        """Sheets get their names here; the list of them is filled in at the end, when the rows are counted."""
        if len(tables) > 1:
            self.contents = self.book.add_worksheet(self.wording.word("contents"))
        taken = {self.wording.word(key).lower() for key in ("contents", "notes")}
        for table in tables:
            name = _free_name(self.wording.title(table.name), taken)
            taken.add(name.lower())
            self.names[table.name] = name

    def add_table(self, database: Path, table: Table) -> int:
        """One sheet: fixed head, filter, widths by what stands there; returns the number of rows."""
        sheet = self.book.add_worksheet(self.names[table.name])
        sheet.freeze_panes(1, 0)
        with asked(database, table.sql, table.parameters) as (columns, batches):
            headings = [self.wording.heading(table.name, column) for column in columns]
            for place, heading in enumerate(headings):
                sheet.write_string(0, place, heading, self.bold)
            coded = [self.wording.values(table.name, column) for column in columns]
            line = 0
            for batch in batches:
                cells = [_cells(row, coded, self.wording) for row in batch]
                if line == 0:
                    formats = self._formats(sheet, table.name, columns, headings, cells)
                if line + len(cells) > _ROW_LIMIT:
                    what, where = "has more rows than an Excel sheet holds", f"sheet {self.names[table.name]}"
                    raise StoreError(what, where, "Export it as CSV or Parquet.")
                for row in cells:
                    line += 1
                    self._write_row(sheet, line, row, formats, table.name)
        if line:
            sheet.autofilter(0, 0, line, len(columns) - 1)
            sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{line + 1}"})
        return line

    def _formats(
        self, sheet: Any, table: str, columns: Sequence[str], headings: Sequence[str], rows: Sequence[Sequence[object]]
    ) -> list[Any]:
        """Set the widths of the columns; the format of each."""
        formats = []
        for place, (column, heading) in enumerate(zip(columns, headings, strict=True)):
            longest = max((len(str(row[place])) for row in rows[:500] if row[place] is not None), default=0)
            least = max((len(word) for word in heading.split()), default=0)
            sheet.set_column(place, place, min(80 if longest > 2 * _LONG else _LONG, max(8, longest + 1, least + 3)))
            unit = self.wording.unit(table, column)
            formats.append(self.units.get(unit) or (self.wrapped if longest > _LONG else self.top))
        return formats

    def _write_row(self, sheet: Any, line: int, row: Sequence[object], formats: Sequence[Any], table: str) -> None:
        for place, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(line, place, value, formats[place])
            elif isinstance(value, int | float):
                sheet.write_number(line, place, value, formats[place])
            elif isinstance(value, str) and value:
                self.cut[table] = self.cut.get(table, 0) + (len(value) > _CELL_LIMIT)
                sheet.write_string(line, place, value[:_CELL_LIMIT], formats[place])

    def finish(self, rows: Mapping[str, int], notes: Sequence[tuple[str, str]]) -> None:
        """Write contents and notes and close the file."""
        if self.contents:
            self._list(rows)
        long = self.wording.word("cut")
        cut = [(self.names[table], long.format(n, _CELL_LIMIT)) for table, n in self.cut.items() if n]
        sheet = self.book.add_worksheet(self.wording.word("notes"))
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 100)
        for line, (subject, text) in enumerate([*notes, *cut]):
            sheet.write_string(line, 0, subject, self.bold)
            sheet.write_string(line, 1, text, self.wrapped)
        self.book.close()

    def _list(self, rows: Mapping[str, int]) -> None:
        for place, (key, width) in enumerate((("sheet", 34), ("rows", 10), ("holds", 90))):
            self.contents.write_string(0, place, self.wording.word(key), self.bold)
            self.contents.set_column(place, place, width)
        self.contents.freeze_panes(1, 0)
        for line, (table, count) in enumerate(rows.items(), start=1):
            name = self.names[table]
            self.contents.write_url(line, 0, f"internal:'{name}'!A1", None, name)
            self.contents.write_number(line, 1, count)
            self.contents.write_string(line, 2, self.wording.holds(table))


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A file that takes the place of the target once it is complete. Raises StoreError if it cannot be written."""
    from xlsxwriter.exceptions import XlsxWriterException

    remedy = "Check free space and rights; a file that was there before is unchanged."
    for lock in (target.with_name(f"~${target.name}"), target.with_name(f".~lock.{target.name}#")):
        if lock.exists():
            raise StoreError("is open in another program", str(target), f"Close it there, or delete {lock.name}.")
    try:
        with whole(target) as partial:
            yield partial
    except OSError as error:
        raise StoreError(f"cannot be written: {error.strerror or error}", str(target), remedy) from error
    except XlsxWriterException as error:
        raise StoreError(f"cannot be written: {error}", str(target), remedy) from error


def zip_entry(name: str) -> zipfile.ZipInfo:
    """An entry of an archive that has the same bytes on every system and day; 1980 is the first year ZIP knows."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
    return entry


def _cells(row: Row, coded: Sequence[Mapping[str, str]], wording: Wording) -> list[object]:
    """A row for a sheet: numbers and truth values as they are, anything else as text or nothing."""
    return [_cell(value, words, wording) for value, words in zip(row, coded, strict=True)]


def _cell(value: object, words: Mapping[str, str], wording: Wording) -> object:
    if isinstance(value, str):  # a lone carriage return would end the line of a CSV file
        return words.get(value, value).replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, float | Decimal):
        return _number(float(value), wording)
    if isinstance(value, list | tuple) and all(isinstance(item, str | int) for item in value):
        return "; ".join(words.get(str(item), str(item)) for item in value)
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return str(value)


def _number(value: float, wording: Wording) -> float | None:
    """For people without the noise behind the sixth place; nothing where there is no number."""
    if not math.isfinite(value):
        return None
    if wording.of_database:
        return value
    return round(value, 6) if abs(value) >= 0.0001 else float(f"{value:.3g}")


def _text(cell: object, wording: Wording) -> str:
    """A cell as text; a text that looks like a formula is made harmless where a spreadsheet will open it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        truth = "true" if cell else "false"
        return wording.word(truth) if wording.lang else truth
    if isinstance(cell, float):
        return str(cell).replace(".", ",") if wording.lang == "de" else str(cell)
    text = str(cell)
    formula = isinstance(cell, str) and not wording.of_database and text.lstrip().startswith(FORMULA)
    return f"'{text}" if formula else text


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def _free_name(name: str, taken: set[str]) -> str:
    while name.lower() in taken:
        name = name[:30] + "_"
    return name
