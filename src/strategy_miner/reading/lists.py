"""How deep the items of a list are nested: by their indent, and by the kind of their mark."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from strategy_miner.reading.lines import Line
from strategy_miner.reading.paragraphs import FURNITURE, Piece

_ASIDE = (*FURNITURE, "footnote", "margin_note", "caption", "figure", "hidden")
_MARKS = (
    ("number", re.compile(r"^\d{1,2}\.(?!\d)")), ("number)", re.compile(r"^\d{1,2}\)")),
    ("(number)", re.compile(r"^\(\d{1,2}\)")), ("letter", re.compile(r"^\(?[a-z]\)")),
    ("dash", re.compile(r"^[-–—‣⁃]")),
)  # fmt: skip
DEEPEST = 9


@dataclass(slots=True)
class _Level:
    mark: str
    x0: float


@dataclass(slots=True)
class _List:
    """The levels that are open, and the indent against the first level at which each mark stood.

    `moved`: the text has gone to another column or page since the last item, so that indents cannot be compared.
    """

    moved: bool = False
    open: list[_Level] = field(default_factory=list)
    indents: dict[str, float] = field(default_factory=dict)


def mark_levels(pieces: list[Piece]) -> None:
    """Set `level` of the list items, from 1: an indent of half a letter's size or another mark goes one level down.

    A list ends at a heading, a table, a box, and at a paragraph that is not indented against its first level. In a
    new column or on a new page the mark tells the level that goes on, as the indents may be those of another column.
    """
    found = _List()
    last: Piece | None = None
    for piece in pieces:
        if piece.kind in _ASIDE:
            continue
        elsewhere = last is not None and _is_elsewhere(last.lines[-1], piece.lines[0])
        if piece.kind == "list_item":
            _place(found, piece, moved=found.moved or elsewhere, same_page=last is None or _ends_on(last, piece))
            piece.level = min(len(found.open), DEEPEST)
            found.moved = _is_elsewhere(piece.lines[0], piece.lines[-1])
        elif piece.kind == "paragraph" and elsewhere:
            found.moved = True
        elif piece.kind != "paragraph" or found.moved or not _is_inside(found, piece):
            found = _List()
        last = piece


def _is_inside(found: _List, piece: Piece) -> bool:
    return bool(found.open) and piece.lines[0].x0 > found.open[0].x0 + 3


def _is_elsewhere(a: Line, b: Line) -> bool:
    """Whether the second line stands in another column or on another page than the first."""
    return a.page != b.page or b.base < a.base


def _ends_on(last: Piece, piece: Piece) -> bool:
    return last.lines[-1].page == piece.lines[0].page


def _place(found: _List, piece: Piece, *, moved: bool, same_page: bool) -> None:
    """Bring the open levels to that of an item, the item's own being the last."""
    line, mark, levels = piece.lines[0], _mark(piece.text), found.open
    if levels and moved:
        if mark in found.indents:
            shift = line.x0 - found.indents[mark] - levels[0].x0
            for level in levels:
                level.x0 += shift
        elif same_page:
            levels.clear()
    near = 0.5 * line.style.size
    while levels and levels[-1].x0 > line.x0 + near:
        levels.pop()
    same = next((n for n, i in enumerate(levels) if i.mark == mark and abs(i.x0 - line.x0) <= near), None)
    if same is None:
        levels.append(_Level(mark, line.x0))
    else:
        del levels[same + 1 :]
    found.indents.setdefault(mark, line.x0 - levels[0].x0)


def _mark(text: str) -> str:
    return next((name for name, pattern in _MARKS if pattern.match(text)), text[:1])
