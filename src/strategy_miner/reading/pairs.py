"""Tables that are forms: labels with their values (Maßnahmensteckbriefe), told by look, colons and recurrence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from strategy_miner.reading.heads import Cell, is_amount
from strategy_miner.reading.paragraphs import Piece
from strategy_miner.text import fold

LABEL_WORDS = 6  # a longer text is a value
LEAST_PAIRS = 3  # in a form
LEAST_COVERED = 0.75  # share of the filled cells of a form that its pairs hold

Rows = Sequence[Sequence[Cell]]
Pairs = list[tuple[str, str]]


def mark_pairs(pieces: Sequence[Piece]) -> None:
    """Give the tables that are forms their pairs of label and value.

    No list of words decides: a label is a short cell set off by weight or ground from the values, or closed by a
    colon, or one that stands in other tables of the document, too.
    """
    tables = [piece for piece in pieces if piece.kind == "table"]
    seen: Counter[str] = Counter()
    for piece in tables:
        seen.update({_key(cell.text) for row in piece.cells for cell in row if _short(cell)})
    for piece in tables:
        piece.pairs = tuple(_pairs(piece.cells, {key for key, count in seen.items() if count > 1}))
        if piece.pairs:
            piece.header_rows = min(piece.header_rows, int(sum(bool(c.text) for c in piece.cells[0]) == 1))
            piece.header_columns = max(piece.header_columns, int(bool(piece.cells[-1][0].text)))


def _key(text: str) -> str:
    return fold(text).strip(" :")


def _short(cell: Cell) -> bool:
    """Whether a cell could be a label: a few words with letters, no sentence and no amount."""
    text = cell.text.strip()
    return (
        0 < len(text.split()) <= LABEL_WORDS
        and any(ch.isalpha() for ch in text)
        and not is_amount(text)
        and text[-1] not in ".!?;,"
    )


def _pairs(rows: Rows, known: set[str]) -> Pairs:
    """The pairs of a form; none if the table is no form."""
    plain = _plain(rows)
    labels = [[_short(c) and (c.look != plain or c.text.endswith(":")) for c in row] for row in rows]
    if sum(map(sum, labels)) < LEAST_PAIRS:  # nothing is set off: what recurs, in each column but the values'
        labels = [[_short(c) and k % 2 == 0 and _key(c.text) in known for k, c in enumerate(row)] for row in rows]
    found, covered, values = _read(rows, labels)
    filled = sum(bool(cell.text) for row in rows for cell in row)
    amounts = sum(is_amount(value) for value in values)
    if len(found) < LEAST_PAIRS or covered < LEAST_COVERED * filled or amounts > 0.6 * len(values):
        return []
    return found


def _plain(rows: Rows) -> tuple[bool, int, int]:
    """The look of most characters: that of the values."""
    looks: Counter[tuple[bool, int, int]] = Counter()
    for row in rows:
        for cell in row:
            looks[cell.look] += len(cell.text)
    return max(looks, key=lambda look: looks[look]) if looks else (False, 0xFFFFFF, 0)


def _read(rows: Rows, labels: list[list[bool]]) -> tuple[Pairs, int, list[str]]:
    """The pairs in reading order, how many cells they hold, and the values alone."""
    found: Pairs = []
    covered = 0
    above: list[tuple[int, str]] = []  # labels of a row without values, by column: their values stand below
    for row, flags in zip(rows, labels, strict=True):
        cells = [(k, cell.text, flag) for k, (cell, flag) in enumerate(zip(row, flags, strict=True)) if cell.text]
        if all(flag for _, _, flag in cells):
            above = [(k, text) for k, text, _ in cells]
            continue
        if above and not any(flag for _, _, flag in cells) and len(cells) <= len(above):
            by_column = dict(above)
            held = [(by_column[k], text) for k, text, _ in cells if k in by_column]
            found += [(label.strip(" :"), text) for label, text in held]
            covered += 2 * len(held)
            above = []
            continue
        above = []
        added, held_cells = _along(cells, found)
        found += added
        covered += held_cells
    return found, covered, [value for _, value in found]


def _along(cells: list[tuple[int, str, bool]], found: Pairs) -> tuple[Pairs, int]:
    """The pairs of one row, read from left to right: a label and the cell after it, once or twice."""
    added: Pairs = []
    label = ""
    held = 0
    for place, (column, text, flag) in enumerate(cells):
        if flag and not label and (place + 1 < len(cells)):
            label = text.strip(" :")
        elif label:
            added.append((label, text))
            held += 2
            label = ""
        elif place == 0 and column > 0 and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {text}")  # a value that goes on beside an empty label
            held += 1
    return added, held
