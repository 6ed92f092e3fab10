"""Numbers in tables that people fill in, and the figures that others published about the projects of a corpus."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from strategy_miner.errors import CorpusError

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("id", "quantity", "scope", "value", "denominator", "unit", "kind")
KINDS = ("count", "from_text", "from_table", "lower_bound", "approximate")

# No leading zeros: municipality keys and post codes stay text.
_POINT = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_COMMA = re.compile(r"-?(0|[1-9]\d{0,2}(\.\d{3})+|[1-9]\d*)(,\d+)?")


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One row of the file. `value` and `denominator` in `unit`; `text` is the value as written, for its precision."""

    id: str
    quantity: str
    scope: str
    value: float
    text: str
    denominator: float | None
    unit: str
    kind: str


def column_numbers(cells: Sequence[str]) -> list[float | None] | None:
    """The numbers of a column, None for an empty cell; None for a column that holds anything else or nothing.

    All filled cells have a decimal point (1.5), or all are as Germans write them (1.234,5): never a mixture.
    """
    filled = [cell for cell in cells if cell]
    for form, read in ((_POINT, str), (_COMMA, _german)):
        if filled and all(form.fullmatch(cell) for cell in filled):
            return [float(read(cell)) if cell else None for cell in cells]
    return None


def published_figures(rows: Sequence[tuple[int, dict[str, str]]], path: Path) -> list[PublishedFigure]:
    """The rows (line, cells) of a file with the columns COLUMNS, checked; empty ones are passed over.

    Raises CorpusError with the line for a missing id, one that stands twice, a value that is no number, an unknown
    kind, a denominator of 0.
    """
    found: dict[str, PublishedFigure] = {}
    for line, row in rows:
        if not any(row.values()):
            continue
        where = f"{path}, line {line}"
        if not row["id"] or row["id"] in found:
            raise CorpusError(f"id {row['id']!r} is empty or stands twice", where, "Give each figure an id of its own.")
        if row["kind"] not in KINDS:
            raise CorpusError(f"unknown kind {row['kind']!r}", where, f"Use one of {', '.join(KINDS)}.")
        value = _figure(row, "value", where)
        if value is None:
            raise CorpusError("value is empty", where, "Write the published figure, or delete the row.")
        denominator = _figure(row, "denominator", where)
        if denominator is not None and denominator <= 0:
            remedy = "Write what the figure is a part of, or leave it empty."
            raise CorpusError(f"denominator {row['denominator']!r} is not above 0", where, remedy)
        text = row["value"] if _POINT.fullmatch(row["value"]) else _german(row["value"])
        found[row["id"]] = PublishedFigure(
            row["id"], row["quantity"], row["scope"], value, text, denominator, row["unit"],
            row["kind"],
        )  # fmt: skip
    return list(found.values())


def precision(text: str) -> float:
    """Half a unit of the last digit of a number as written (with a decimal point): what rounding may have hidden."""
    _, _, places = text.partition(".")
    return 0.5 * 10.0 ** -len(places) if places else 0.5


def _figure(row: dict[str, str], column: str, where: str) -> float | None:
    cell = row[column]
    if not cell:
        return None
    numbers = column_numbers([cell])
    if numbers is None or numbers[0] is None or not math.isfinite(numbers[0]):
        raise CorpusError(f"{column} {cell!r} is no number", where, "Write a number such as 48, 1.3 or 1,3.")
    return numbers[0]


def _german(cell: str) -> str:
    return cell.replace(".", "").replace(",", ".")
