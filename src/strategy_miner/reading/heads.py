"""Which rows and columns of a table name the others: told by bold type, tint and what stands in the cells below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from strategy_miner.reading.raw import RawPage, RawWord, Rect

MAX_FILLS = 4000  # painted areas looked at; beyond this the page is a drawing
MOST_HEAD_ROWS = 4
MOST_HEAD_COLUMNS = 3
_MONEY = r"(?:€|EUR|Euro)"
_UNIT = rf"(?:{_MONEY}|T€|TEUR|(?:Tsd|Mio|Mrd)\.?\s?{_MONEY}?|%|Prozent|v\.\s?H\.)"
_AMOUNT = re.compile(
    rf"^[(]?(?:{_UNIT}\s?)?(?:[+–−±<>≤≥-]|ca\.|rd\.)?\s?\d[\d.,]*\s?{_UNIT}?\*?[)]?(?:\s?\d)?$"
    r"|^(?:[-–−*]|k\.\s?A\.|n\.\s?[av]\.)$"
)
_YEAR = re.compile(
    r"^(?:\(?(?:19|20)\d\d\)?(?:\s?[/–-]\s?(?:19|20)?\d\d)?|\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)?\d\d|\d{1,3}\.?)"
    rf"(?:\s?{_UNIT})?$"
)
_ONLY_UNIT = re.compile(rf"^[(\[]?(?:in\s)?{_UNIT}[)\]]?$")
_COUNT = re.compile(r"^\d{1,3}\.?$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as the page shows it: its text, its place, whether all of it is bold, its ground's and letters' colour."""

    text: str
    place: Rect | None
    bold: bool = False
    tint: int = 0xFFFFFF
    ink: int = 0

    @property
    def look(self) -> tuple[bool, int, int]:
        """What tells a head from a body: weight, ground and ink."""
        return (self.bold, self.tint, self.ink)


def is_amount(text: str) -> bool:
    """Whether a text is a number with or without sign and unit, or a sign for a missing one."""
    return bool(_AMOUNT.match(text))


def is_year(text: str) -> bool:
    """Whether a text is a year, a date or a running number: it may name a row or a column."""
    return bool(_YEAR.match(text))


def shown_cell(text: str, place: Rect | None, words: Sequence[RawWord], fills: Sequence[tuple[Rect, int]]) -> Cell:
    """The cell with its look; the ground is that of the last area painted under its middle."""
    if place is None or not words:
        return Cell(text, place)
    x, y = (place[0] + place[2]) / 2, (words[0].top + words[0].bottom) / 2
    tint = next((c for b, c in reversed(fills) if b[0] <= x <= b[2] and b[1] <= y <= b[3]), 0xFFFFFF)
    inks = Counter(w.style.colour for w in words)
    bold = all(w.style.bold for w in words if any(ch.isalnum() for ch in w.text))
    return Cell(text, place, bold, tint, max(inks, key=lambda k: inks[k]))


def fills_at(page: RawPage, box: Rect) -> list[tuple[Rect, int]]:
    """The painted areas of a page that touch a box, in the order of painting."""
    if len(page.fills) > MAX_FILLS:
        return []
    return [
        (b, c) for b, c in page.fills if b[0] < box[2] and b[2] > box[0] and b[1] < box[3] and b[3] > box[1]
    ]  # fmt: skip


def header_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows at the top name the columns.

    A row does if it looks unlike the body throughout (bold, tinted, other ink), or if it has words, years or units
    over columns of numbers, or names over a first column while its own first cell is empty.
    """
    most = min(MOST_HEAD_ROWS, len(rows) - 1)
    count = 0
    while count < most and _is_head(rows, count):
        count += 1
    return count


def _is_head(rows: Sequence[Sequence[Cell]], at: int) -> bool:
    filled = [(k, c) for k, c in enumerate(rows[at]) if c.text]
    body = rows[at + 1 :]
    if not filled:
        return False
    if len(filled) == 1 and filled[0][0] == 0:
        # One name before the names of the columns: a table's title row, if the next row is a head and looks alike.
        spans = at == 0 and len(rows[0]) > 1 and sum(c.place is None for c in rows[0]) == len(rows[0]) - 1
        return spans and len(rows) > 2 and filled[0][1].look != _body_look(rows[2:]) and _is_head(rows, 1)
    if sum(is_amount(c.text) and not is_year(c.text) for _, c in filled) > 0.5 * len(filled):
        return False  # a row of sums above what it sums
    usual = _body_look(body)
    looks = {c.look for _, c in filled}
    if usual not in looks and len(looks) <= 2 and not _recurs(filled, body):
        return True
    others = [(k, c) for k, c in filled if k > 0]
    over = [(k, c) for k, c in others if _numeric_share([row[k] for row in body if k < len(row)]) >= 0.6]
    if over and len(over) >= 0.5 * len(others):
        return all(not is_amount(c.text) or is_year(c.text) or _ONLY_UNIT.match(c.text) for _, c in others) and (
            not any(_COUNT.match(c.text) for _, c in others)
        )
    beside = bool(others) and not rows[at][0].text and len(others) >= 2 and len(body) >= 2
    return beside and at == 0 and sum(bool(row[0].text) for row in body) >= 0.7 * len(body)


def _body_look(rows: Sequence[Sequence[Cell]]) -> tuple[bool, int, int]:
    """The look of most cells right of the first column: that one may look like a head itself."""
    looks = Counter(c.look for row in rows for c in row[1:] if c.text)
    return max(looks, key=lambda k: looks[k]) if looks else (False, 0xFFFFFF, 0)


def _recurs(filled: list[tuple[int, Cell]], body: Sequence[Sequence[Cell]]) -> bool:
    """Whether rows of the same look come again and again below: striped rows, groups and sums are no heads."""
    look = Counter(c.look for _, c in filled).most_common(1)[0][0]
    again = sum(
        bool(cells) and all(c.look == look for c in cells) for cells in ([c for c in r if c.text] for r in body)
    )
    return again > max(1, 0.3 * len(body))


def _numeric_share(cells: Sequence[Cell]) -> float:
    texts = [c.text for c in cells if any(ch.isalnum() for ch in c.text)]
    return sum(is_amount(t) for t in texts) / len(texts) if texts else 0.0


def header_columns(rows: Sequence[Sequence[Cell]], heads: int) -> int:
    """How many columns on the left name the rows.

    The first, where its cells look unlike those beside them, or where it holds names or years and the others numbers.
    A column of running numbers or signs before the names counts with them.
    """
    body = [row for row in rows[heads:] if sum(bool(c.text) for c in row) > 1]
    if len(body) < 2:
        return 0
    usual = _body_look(body)
    first = [row[0] for row in body if any(ch.isalnum() for ch in row[0].text)]
    plain = sum(c.look == usual for row in body for c in row[1:] if c.text)
    beside = sum(bool(c.text) for row in body for c in row[1:])
    differs = sum(c.look != usual for c in first) >= 0.7 * len(first) and plain >= 0.7 * beside
    if len(first) >= 0.6 * len(body) and differs:
        return 1
    width = max(len(row) for row in body)
    columns = [[row[k] for row in body if k < len(row)] for k in range(width)]
    numeric = [_numeric_share(column) >= 0.6 for column in columns]
    names = next((k for k in range(width) if _names(columns[k])), None)
    if names is None or names >= MOST_HEAD_COLUMNS or not any(numeric[names + 1 :]):
        return 0
    values = [c for column in columns[names + 1 :] for c in column]
    return names + 1 if _numeric_share(values) >= 0.6 else 0


def _names(column: Sequence[Cell]) -> bool:
    """A column of words, or of years that hardly repeat."""
    texts = [c.text for c in column if c.text]
    if len(texts) < 0.6 * len(column):
        return False
    worded = sum(sum(ch.isalpha() for ch in t) >= 3 and not is_amount(t) for t in texts)
    years = [t for t in texts if is_year(t) and not _COUNT.match(t)]
    return worded >= 0.6 * len(texts) or (len(years) >= 0.6 * len(texts) and 2 * len(set(years)) >= len(years))
