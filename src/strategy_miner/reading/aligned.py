"""Tables without rules: columns of numbers whose right ends stand below each other, row by row.

Municipal accounts and budgets are set like this: a name on the left, amounts of one or more years on the right. The
rows are found by their numbers, so that two columns of text, contents, lists and addresses give no table.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from strategy_miner.reading.heads import is_amount
from strategy_miner.reading.raw import RawPage, RawTable, RawWord, covers

LEAST_ROWS = 3  # with numbers, one below the other
CELL_GAP = 0.85  # of the type size: white between two cells of a row; between words it is a third of that
AMOUNT_GAP = 0.45  # of the type size: white before an amount with cents, where a long name leaves little
ROW_GAP = 4.0  # of the type size: from one row of numbers to the next
SECTION_GAP = 1.8  # of the type size: from a heading to the rows under it
HEAD_GAP = 2.8  # of the type size: from the head of the columns to what is below
EDGE = 0.35  # of the type size: by how much the right ends of a column may differ
MOST_ROWS = 400  # lines of a page looked at
_PRECISE = re.compile(r"\d[.,]\d{2,3}(?:\D|$)|€|EUR|%")  # what a page number is not
_EXACT = re.compile(r"^[-–+(]?\d[\d.]*,\d\d\)?$")
_GROUP = re.compile(r"^(?:davon|darunter|hiervon|zzgl|abzgl|zuzüglich|abzüglich)\b")
_LEADER = re.compile(r"\.{3}|…|_{3}")
_MAY_END = re.compile(r"[\d€%*)]$|^[-–−]$|(?:EUR|Euro|Prozent|Mio|Mrd|Tsd|[HAav])\.?$")  # every end of an amount
_NAME = re.compile(r"[^\W\d_]{2}")


@dataclass(slots=True)
class _Part:
    """Words of one line that stand close together: a cell, or a part of one."""

    words: list[RawWord]
    x0: float
    x1: float

    @property
    def text(self) -> str:
        return " ".join(w.text for w in self.words)


@dataclass(slots=True)
class _Row:
    """The parts on one baseline, from left to right, and which of them are numbers right of something else."""

    base: float
    size: float
    parts: list[_Part]

    @property
    def numbers(self) -> list[_Part]:
        """The numbers right of something else; all parts of a row of sums, which has amounts only."""
        if all(_is_precise(p.text) for p in self.parts):
            return self.parts
        return [p for n, p in enumerate(self.parts) if n > 0 and is_amount(p.text)]

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(w.style.bold for p in self.parts for w in p.words)


def _is_precise(text: str) -> bool:
    """Whether a text is an amount with decimals, thousands or a unit."""
    return any(ch.isdigit() for ch in text) and is_amount(text) and bool(_PRECISE.search(text))


def aligned_tables(page: RawPage) -> list[RawTable]:
    """The tables of a page that only the alignment of numbers shows, outside the tables already known."""
    if not _numbers_below_each_other(page.words):
        return []
    rows = _rows([w for w in page.words if not w.style.angle and not _known(w, page.tables)])
    if not 0 < len(rows) <= MOST_ROWS:
        return []
    tables = []
    for first, last in _runs(rows):
        table = _table(rows, first, last)
        if table is not None:
            tables.append(table)
    return tables


def _numbers_below_each_other(words: Sequence[RawWord]) -> bool:
    """Whether two words that may end an amount have one right end: most pages have none and need no closer look."""
    ends = sorted((w.x1, w.base, w.style.size) for w in words if _MAY_END.search(w.text))
    return any(b[0] - a[0] < EDGE * max(a[2], b[2]) and a[1] != b[1] for a, b in itertools.pairwise(ends))


def _known(word: RawWord, tables: Sequence[RawTable]) -> bool:
    return any(covers(t.box, word) for t in tables)


def _rows(words: Sequence[RawWord]) -> list[_Row]:
    rows: list[_Row] = []
    for word in sorted(words, key=lambda w: (w.base, w.x0)):
        last = rows[-1] if rows else None
        if last is not None and word.base - last.base < 0.3 * max(word.style.size, last.size):
            last.parts[0].words.append(word)
            last.size = max(last.size, word.style.size)
        else:
            rows.append(_Row(word.base, word.style.size, [_Part([word], 0, 0)]))
    for row in rows:
        parts: list[list[RawWord]] = []
        for word in sorted(row.parts[0].words, key=lambda w: w.x0):
            gap = word.x0 - max(w.x1 for w in parts[-1]) if parts else 99.0
            exact = gap > AMOUNT_GAP * row.size and _EXACT.match(word.text)
            if gap < CELL_GAP * row.size and not exact:
                parts[-1].append(word)
            else:
                parts.append([word])
        row.parts = [_Part(p, p[0].x0, max(w.x1 for w in p)) for p in parts]
    return rows


def _runs(rows: list[_Row]) -> list[tuple[int, int]]:
    """First and last row (by place) of each run of rows with numbers that stand in common columns."""
    runs: list[tuple[int, int]] = []
    first: int | None = None
    last = 0
    for at, row in enumerate(rows):
        if not row.numbers or any(_LEADER.search(p.text) for p in row.parts):
            continue
        if first is not None and _follows(rows, last, at):
            last = at
            continue
        if first is not None:
            runs.append((first, last))
            first = None
        if row.numbers != row.parts:  # sums alone begin no table
            first, last = at, at
    return [*runs, (first, last)] if first is not None else runs


def _follows(rows: list[_Row], above: int, below: int) -> bool:
    """Whether a row of numbers goes on with the table of another: near, aligned, and nothing across in between."""
    a, b = rows[above], rows[below]
    size = max(a.size, b.size)
    if b.base - a.base > ROW_GAP * size:
        return False
    if not any(abs(p.x1 - q.x1) < EDGE * size for p in a.numbers for q in b.numbers):
        return False
    if a.bold != b.bold and b.base - a.base > SECTION_GAP * size:
        return False  # a heading with an amount of its own
    left = min(p.x0 for p in (*a.numbers, *b.numbers))
    return all(p.x1 < left for row in rows[above + 1 : below] for p in row.parts)


def _table(rows: list[_Row], first: int, last: int) -> RawTable | None:
    run = rows[first : last + 1]
    size = sorted(row.size for row in run)[len(run) // 2]
    numbered = [row for row in run if row.numbers]
    least = min(LEAST_ROWS, len(numbered))
    columns = _columns([p for row in run for p in row.numbers], size, least)
    if least < 2 or not columns or not _is_table(numbered, columns):
        return None
    start = _head(rows, first, columns)
    if least < LEAST_ROWS and (start == first or len(columns) < 2):
        return None  # two rows are enough only under a head
    whole = rows[start : last + 1]
    edges = _edges(whole, columns, size)
    return _grid(_joined(whole, edges), edges)


def _columns(numbers: list[_Part], size: float, least: int) -> list[tuple[float, float]]:
    """Left and right of the columns of at least so many numbers with one right end."""
    groups: list[list[_Part]] = []
    for part in sorted(numbers, key=lambda p: p.x1):
        if groups and part.x1 - groups[-1][-1].x1 < EDGE * size:
            groups[-1].append(part)
        else:
            groups.append([part])
    return [(min(p.x0 for p in g), max(p.x1 for p in g)) for g in groups if len(g) >= least]


def _is_table(rows: list[_Row], columns: list[tuple[float, float]]) -> bool:
    """Names beside most rows; and two columns of numbers, or one of amounts: page numbers and years are none."""
    left = columns[0][0]
    named = sum(any(_NAME.search(p.text) and p.x1 <= left + 2 for p in row.parts) for row in rows)
    inside = [p for row in rows for p in row.numbers if any(abs(p.x1 - c[1]) < 6 for c in columns)]
    precise = sum(_is_precise(p.text) for p in inside)
    # A number may end a line of text by chance: most of the rows must have theirs in the columns.
    filled = sum(any(p in inside for p in row.numbers) for row in rows)
    if named < 0.6 * len(rows) or filled < 0.8 * len(rows):
        return False
    return precise >= 0.6 * len(inside) or (len(columns) >= 2 and len(inside) >= 1.6 * len(rows))


def _head(rows: list[_Row], first: int, columns: list[tuple[float, float]]) -> int:
    """The place of the first row of the columns' head: up to three lines above with words over the columns only."""
    start = first
    while start > 0 and first - start < 3:
        row, below = rows[start - 1], rows[start]
        if below.base - row.base > HEAD_GAP * max(row.size, below.size):
            break
        over = [p for p in row.parts if p.x1 > columns[0][0]]
        fits = all(_column_of(p, columns) is not None for p in over)
        if not over or not fits or len(over) > len(columns) or len(row.parts) - len(over) > 1:
            break
        if (2 * len(over) <= len(columns) and len(columns) > 1) or any(_is_precise(p.text) for p in over):
            break
        start -= 1
    return start


def _column_of(part: _Part, columns: list[tuple[float, float]]) -> int | None:
    """The one column that a part stands over, a little beyond its sides at most."""
    width = part.x1 - part.x0
    for n, column in enumerate(columns):
        overlap = min(part.x1, column[1]) - max(part.x0, column[0])
        if overlap > 0.5 * min(width, column[1] - column[0]) and width < 2.2 * (column[1] - column[0]):
            return n
    return None


def _edges(rows: list[_Row], columns: list[tuple[float, float]], size: float) -> list[float]:
    """The edges of all columns from left to right: names, each column of numbers, words right of them if there are."""
    names = [p for row in rows for p in row.parts if p.x1 <= columns[0][0] + 2]
    edges = [min([p.x0 for p in names], default=columns[0][0]) - 2]
    reach = max([p.x1 for p in names], default=edges[0])
    for column in columns:
        if reach > edges[0]:
            edges.append((reach + column[0]) / 2 if column[0] > reach else column[0] - 1)
        reach = column[1]
    behind = [p for row in rows for p in row.parts if p.x0 > reach + CELL_GAP * size]
    if len(behind) >= 0.5 * len(rows):
        edges.append((reach + min(p.x0 for p in behind)) / 2)
        reach = max(p.x1 for p in behind)
    return [*edges, max(reach, max(p.x1 for row in rows for p in row.parts)) + 2]


def _joined(rows: list[_Row], edges: list[float]) -> list[list[_Row]]:
    """Lines that belong to one row of the table: a name that runs over two lines, its numbers at one of them.

    The lines of a name go on in small letters or stand closer together than the rows with numbers do.
    """
    named = [row for row in rows if row.numbers and _NAME.search(row.parts[0].text)]
    close = 0.85 * min((b.base - a.base for a, b in itertools.pairwise(named)), default=0.0)
    groups: list[list[_Row]] = []
    for row in rows:
        step = row.base - groups[-1][-1].base if groups else 99.0
        before = groups[-1][-1] if groups else row
        alone = any(all(p.x1 <= edges[1] for p in line.parts) for line in (row, before))
        alone = alone and not (row.numbers and groups and any(line.numbers for line in groups[-1]))
        text, above = row.parts[0].text, before.parts[0].text
        goes_on = (text[:1].islower() and not _GROUP.match(text)) or above.endswith(("-", ",", "/"))
        if alone and (step < close or (goes_on and step < 1.45 * max(row.size, before.size))):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _grid(groups: list[list[_Row]], edges: list[float]) -> RawTable:
    spans = []
    for group in groups:
        words = [w for row in group for p in row.parts for w in p.words]
        spans.append((min(w.top for w in words), max(w.bottom for w in words)))
    middles = [(a[1] + b[0]) / 2 for a, b in itertools.pairwise(spans)]
    levels = [round(y, 2) for y in (spans[0][0], *middles, spans[-1][1])]
    sides = [round(x, 2) for x in edges]
    rows = tuple(
        tuple((left, upper, right, lower) for left, right in itertools.pairwise(sides))
        for upper, lower in itertools.pairwise(levels)
    )
    return RawTable((sides[0], levels[0], sides[-1], levels[-1]), rows)
