"""Measures in tables: forms with a label beside each value, and tables with one measure a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from strategy_miner.coding.labels import PLANNING, label_role, split_labels
from strategy_miner.coding.periods import MARK, YEAR
from strategy_miner.coding.profiles import MOST_TITLE_WORDS, Profile, clean_title, is_named, number_of
from strategy_miner.records import Block
from strategy_miner.text import fold

Row = Sequence[str]
Piece = tuple[str, str, str]
# What a column of measures is headed by; "Name" or "Titel" alone may head anything.
_MEASURE_HEAD = re.compile(
    r"^(?:(?:nr|lfd nr|nummer) (?:und |/ ?)?)?(?:bezeichnung |name |titel |kurztitel )?(?:der |des |einzel)?"
    r"(?:massnahmen?|projekte?s?|vorhabens?|massnahmenbezeichnung|massnahmentitel|projektname|projekttitel|projektbezeichnung"
    r"|massnahmenname)(?: (?:projekte?|massnahmen?|und projekte|bezeichnung|titel|kurztitel))?$"
)
_SUM = re.compile(
    r"^(?:summe|gesamt(?:summe|kosten|betrag)?|zwischensumme|insgesamt|total|übertrag|saldo)\b", re.IGNORECASE
)
_MOST_HEAD_ROWS = 3
_MOST_NUMBER = 8  # characters of "M 3" in a cell of its own


@dataclass(slots=True)
class TableReader:
    """Reads tables with one measure a row; remembers the head for tables that go on without it."""

    _head: list[str] = field(default_factory=list)
    _column: int = 0
    _last: Profile | None = None
    _group: str = ""

    def read(self, block: Block, page: int | None) -> list[Profile]:
        """The measures in the rows of a table; none if it is no table of measures."""
        if not block.rows:
            if block.kind == "heading":
                self._head = []
            return []
        start = self._set_head(block)
        if start is None and not (self._head and len(self._head) == len(block.rows[0]) and not block.pairs):
            self._head = []
            return []
        found: list[Profile] = []
        fields = ""
        for row in block.rows[start or 0 :]:
            cells = [" ".join(cell.split()) for cell in row]
            filled = [cell for cell in cells if cell]
            if len(filled) == 1 and cells[0] and len(cells) > 2:
                self._group = "" if _SUM.match(filled[0]) else filled[0]  # a row over the whole width heads others
            elif cells != self._head and (profile := self._row(cells, block, page)):
                fields = self._fill_field(profile, fields)
                found.append(profile)
        return found

    def _set_head(self, block: Block) -> int | None:
        """Find the row that names the columns; the number of the first row of values, or None."""
        for number, row in enumerate(block.rows[:_MOST_HEAD_ROWS]):
            head = [" ".join(cell.split()) for cell in row]
            columns = [k for k, cell in enumerate(head) if _MEASURE_HEAD.match(_plain(cell))]
            roles = {label_role(cell) for cell in head} - {None, "title"}
            planned = roles & PLANNING or _is_calendar(head, block.rows[number + 1 :])
            if len(columns) == 1 and planned and number + 1 < len(block.rows):
                if head != self._head:
                    self._group, self._last = "", None
                self._head, self._column = head, columns[0]
                return number + 1
        return None

    def _row(self, cells: list[str], block: Block, page: int | None) -> Profile | None:
        title = cells[self._column]
        pairs = [
            (h, c) for k, (h, c) in enumerate(zip(self._head, cells, strict=False)) if h and c and k != self._column
        ]
        if not title and pairs and self._last is not None and not cells[0]:
            self._append(self._last, pairs)  # a row that goes on after the page break
            return None
        if title and not pairs and self._last is not None and self._last.number and not cells[0]:
            self._last.title = f"{self._last.title} {title}"  # the title's second line, without the number
            return None
        named = clean_title(title)
        if not is_named(named) or len(named.split()) > MOST_TITLE_WORDS or not pairs or _SUM.match(named):
            return None
        if len(cells) > 2 and title[:1].islower() and self._last is not None:
            return None
        number = number_of(title) or next(
            (number_of(cell) for cell in cells if len(cell) < _MOST_NUMBER and number_of(cell)), ""
        )
        path = (*block.heading_path, self._group) if self._group else block.heading_path
        self._last = Profile(named, page, path, block.order, form="table", number=number)
        self._last.pairs = [(self._head[self._column], title), *pairs]
        self._last.take(block)
        return self._last

    @staticmethod
    def _append(profile: Profile, pairs: Sequence[tuple[str, str]]) -> None:
        more = dict(pairs)
        profile.pairs = [(h, f"{v} {more.pop(h)}" if h in more else v) for h, v in profile.pairs]
        profile.pairs += more.items()

    def _fill_field(self, profile: Profile, above: str) -> str:
        """A merged cell names the field of several rows."""
        column = next((k for k, head in enumerate(self._head) if label_role(head) == "field"), None)
        if column is None:
            return ""
        head = self._head[column]
        own = next((value for label, value in profile.pairs if label == head), "")
        if not own and above:
            profile.pairs.append((head, above))
        return own or above


def _is_calendar(head: Sequence[str], rows: Sequence[Row]) -> bool:
    """Whether years head columns of marks: "Maßnahme | 2024 | 2025"; with sums in them it is a budget."""
    columns = [k for k, cell in enumerate(head) if YEAR.fullmatch(cell)]
    cells = [row[k].strip() for row in rows for k in columns if k < len(row) and row[k].strip()]
    return len(columns) > 1 and bool(cells) and all(MARK.fullmatch(cell) for cell in cells)


def _plain(cell: str) -> str:
    return " ".join(re.sub(r"[^\w/ ]", " ", fold(cell)).replace("/", " ").split())


def table_pieces(block: Block) -> Iterator[Piece]:
    """(kind, text, value) of the titles and pairs in a table that is one form or several."""
    found = False
    for title, rows in _forms(block.rows):
        pairs = _form_pairs(rows)
        if not pairs and block.pairs and not title:
            pairs = list(block.pairs) if sum(label_role(label) is not None for label, _ in block.pairs) >= 2 else []
        if title:
            yield "title", title, ""
        for number, (label, value) in enumerate(pairs):
            glued = _glued(label) if number == 0 and not found else None
            if glued:
                yield "title", glued[0], ""
            yield "label", glued[1] if glued else label, value
            found = True


def _glued(label: str) -> tuple[str, str] | None:
    """The title over a form and its first label in one cell, as reading may join them: (title, label)."""
    words = label.split()
    if label_role(label, alone=True) is not None:
        return None
    for cut in range(1, len(words)):
        rest = " ".join(words[cut:])
        if label_role(rest, alone=True) not in (None, "title") and is_named(" ".join(words[:cut])):
            return " ".join(words[:cut]), rest
    return None


def _forms(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """The forms in a table: (title, rows) for each; a row over the whole width above a label is a title."""
    title, part = "", list[Row]()
    if len(rows) > 2 and number_of(rows[0][0]) and len(rows[0][0]) < _MOST_NUMBER and len(rows[0]) > 1 and rows[0][1]:
        title, rows = f"{rows[0][0]} {rows[0][1]}", rows[1:]
    for number, row in enumerate(rows):
        below = next((cell for cell in rows[number + 1] if cell), "") if number + 1 < len(rows) else ""
        filled = [cell for cell in row if cell.strip()]
        wide = len(filled) == 1
        text = " ".join(filled[0].split()) if filled else ""
        labelled = label_role(text, alone=True) is not None or any(
            label_role(label) != "title" for label, _ in split_labels(text)[1]
        )
        if wide and label_role(below) and not labelled and len(text.split()) <= MOST_TITLE_WORDS and text[-1] != ".":
            if title or part:
                yield title, part
            title, part = text, []
        else:
            part.append(row)
    yield title, part


def _form_pairs(rows: Sequence[Row]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    known = 0
    above: list[str] = []  # labels of a row without values: the next row has them
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row]
        filled = [cell for cell in cells if cell]
        alone = [label_role(cell, alone=True) not in (None, "title") for cell in filled]
        if above and len(filled) <= len(above) and not any(alone):
            pairs += [(label, cell) for label, cell in zip(above, cells, strict=False) if label and cell]
            above = []
        elif len(filled) >= 2 and all(alone):
            known += len(filled)
            above = cells
        elif len(filled) >= 2 and label_role(filled[0]):
            known += 1
            pairs += _row_pairs(filled)
        elif len(filled) == 1 and alone[0]:
            known += 1
            pairs.append((filled[0].strip(" :"), ""))
        elif len(filled) == 1 and cells[0] and (inner := split_labels(filled[0])[1]):
            known += 1
            pairs += inner
        elif len(filled) == 1 and pairs and not pairs[-1][1]:
            pairs[-1] = (pairs[-1][0], filled[0])  # the value below its label
        elif len(filled) == 2 and cells[0] and len(filled[0].split()) <= 5:
            pairs.append((filled[0].strip(" :"), filled[1]))  # a label of this city's own
        elif filled and not cells[0] and pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {' '.join(filled)}".strip())
        elif inner := [pair for cell in filled for pair in split_labels(cell)[1]]:
            known += len(inner)
            pairs += inner
    return pairs if known >= 2 or (known and len(rows) <= 2) else []


def _row_pairs(filled: list[str]) -> list[tuple[str, str]]:
    """A row of label and value, or of two such pairs side by side."""
    if len(filled) == 4 and label_role(filled[2]):
        return [(filled[0].strip(" :"), filled[1]), (filled[2].strip(" :"), filled[3])]
    return [(filled[0].strip(" :"), " ".join(filled[1:]))]
