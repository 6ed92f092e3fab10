"""The cells of a table as geometry: turned with their page, cut where one ruled row holds several lines of numbers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from strategy_miner.reading.heads import is_amount
from strategy_miner.reading.raw import RawTable, RawWord, Rect, covers
from strategy_miner.text import FUNCTION_WORDS

Row = tuple[Rect | None, ...]
_NEAR = 2.0  # points by which edges of one row or column may differ


def regrouped(table: RawTable, upright: Callable[[Rect], Rect]) -> RawTable:
    """The table in another frame: its cells turned one by one and put into rows and columns again."""
    cells = [upright(cell) for row in table.rows for cell in row if cell]
    tops, lefts = (_merged([cell[side] for cell in cells], _NEAR) for side in (1, 0))
    rows: list[list[Rect | None]] = [[None] * len(lefts) for _ in tops]
    for cell in cells:
        rows[_nearest(tops, cell[1])][_nearest(lefts, cell[0])] = cell
    return RawTable(upright(table.box), tuple(tuple(row) for row in rows))


def _nearest(levels: list[float], value: float) -> int:
    return min(range(len(levels)), key=lambda n: abs(levels[n] - value))


def with_stacked_rows(table: RawTable, words: Sequence[RawWord]) -> RawTable:
    """The table with each ruled row cut that holds several lines of numbers beside lines of names.

    Balance sheets and statistics often have rules between groups only; the rows of a group stand on common baselines.
    """
    rows: list[Row] = []
    for band in _bands(table.rows):
        whole = _whole(band)
        levels = _levels_within(whole, words)
        if levels:
            for upper, lower in itertools.pairwise(levels):
                rows.append(tuple((c[0], upper, c[2], lower) if c else None for c in whole))
        else:
            rows += band
    return RawTable(table.box, tuple(rows))


def _bands(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows in groups that a cell over several rows holds together."""
    bands: list[list[Row]] = []
    reach = float("-inf")
    for row in rows:
        cells = [c for c in row if c]
        if bands and cells and min(c[1] for c in cells) < reach - _NEAR:
            bands[-1].append(row)
        else:
            bands.append([row])
        reach = max([reach, *(c[3] for c in cells)])
    return bands


def _whole(band: list[Row]) -> Row:
    """A band as one row: each column as wide as its narrowest cell."""
    cells = [c for row in band for c in row if c]
    top, bottom = min(c[1] for c in cells), max(c[3] for c in cells)
    whole: list[Rect | None] = []
    for k in range(len(band[0])):
        here = [c for row in band if k < len(row) and (c := row[k])]
        whole.append((here[0][0], top, min(c[2] for c in here), bottom) if here else None)
    return tuple(whole)


def _levels_within(row: Row, words: Sequence[RawWord]) -> list[float]:
    """The edges of the rows that stand in one ruled row, its own among them; none if it is one row.

    There are at least two lines with numbers, most lines right of the first cell are numbers, and the names stand on
    the same baselines. A line that goes on with the name above it stays with it.
    """
    cells = [_lines([w for w in words if cell and covers(cell, w)]) for cell in row]
    if any(w.style.angle for lines in cells for line in lines for w in line):
        return []
    values = [line for lines in cells[1:] for line in lines]
    numbers = [line for line in values if is_amount(_text(line))]
    if len(numbers) < 2 or len(numbers) < 0.6 * len(values):
        return []
    near = 0.4 * numbers[0][0].style.size
    places = _merged([_middle(line) for line in numbers], near)
    beside = cells[0] or values
    named = sum(any(abs(_middle(line) - place) < near for line in beside) for place in places)
    if len(places) < 2 or named < 0.7 * len(places):
        return []
    edges: list[float] = []
    before, with_numbers, last = "", False, 0.0
    for middle in _merged([_middle(line) for lines in cells for line in lines], near):
        name = next((_text(line) for line in cells[0] if abs(_middle(line) - middle) < near), "")
        numbered = any(abs(place - middle) < near for place in places)
        if edges and not (_goes_on(before, name) and not (numbered and with_numbers)):
            edges.append((last + middle) / 2)
            with_numbers = False
        edges = edges or [next(c for c in row if c)[1]]
        before, with_numbers, last = name, with_numbers or numbered, middle
    return [*edges, next(c for c in row if c)[3]] if len(edges) > 1 else []


def _goes_on(before: str, name: str) -> bool:
    """Whether a line of a name goes on with the line above it."""
    if not before or not name:
        return False
    return name[0].islower() or name[0] in "-(/" or before[-1] in "-,/" or before.split()[-1] in FUNCTION_WORDS


def _text(line: Sequence[RawWord]) -> str:
    return " ".join(w.text for w in line)


def _lines(words: Sequence[RawWord]) -> list[list[RawWord]]:
    lines: list[list[RawWord]] = []
    size = max((w.style.size for w in words), default=0.0)
    words = [w for w in words if w.style.size > 0.75 * size]  # a footnote's mark is no line
    for word in sorted(words, key=lambda w: (w.base, w.x0)):
        if lines and abs(lines[-1][0].base - word.base) < 0.4 * max(word.style.size, 1.0):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda w: w.x0) for line in lines]


def _middle(line: Sequence[RawWord]) -> float:
    return (line[0].top + line[0].bottom) / 2


def _merged(values: list[float], near: float) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > near:
            kept.append(value)
    return kept
