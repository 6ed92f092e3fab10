"""Boxes: the pieces inside one as one piece, over a page break, too."""

from __future__ import annotations

import re

from strategy_miner.reading.lines import Line
from strategy_miner.reading.paragraphs import FURNITURE, Piece, continues_text

_BETWEEN = (*FURNITURE, "footnote", "margin_note", "hidden")  # what may stand between the two parts of a box
_CONTINUED = re.compile(r"^\(?Fort(?:setzung|s\.)")


def boxes_joined(pieces: list[Piece]) -> list[Piece]:
    """All pieces inside one box as one piece of kind box; its paragraphs stay apart by their lines' order.

    A box that begins with a heading is a section on a ground: its pieces stay what they are.
    """
    done: list[Piece] = []
    section: tuple[int, int] | None = None
    for piece in pieces:
        last = done[-1] if done else None
        if piece.box >= 0 and piece.kind == "heading":
            section = (piece.page, piece.box)
        if piece.box < 0 or piece.kind == "footnote" or (piece.page, piece.box) == section:
            done.append(piece)
        elif last is not None and last.box == piece.box and last.page == piece.page:
            last.parts.append(piece.lines)
            last.lines += piece.lines
        else:
            piece.kind, piece.parts = "box", [list(piece.lines)]
            done.append(piece)
    return done


def boxes_continued(pieces: list[Piece]) -> list[Piece]:
    """Boxes that end a page or column joined with those of the same width that begin the next.

    A box that begins with a title, a line bolder or larger than the one below it, is a new one.
    """
    done: list[Piece] = []
    last: Piece | None = None
    for piece in pieces:
        if last is not None and piece.kind == last.kind == "box" and _goes_on(last, piece):
            if continues_text(last.lines[-1].text, piece.lines[0].text):
                last.parts[-1] = last.parts[-1] + piece.parts.pop(0)
            last.parts += piece.parts
            last.lines += piece.lines
            continue
        done.append(piece)
        if piece.kind not in _BETWEEN:
            last = piece
    return done


def _goes_on(above: Piece, below: Piece) -> bool:
    a, b = above.lines[-1], below.lines[0]
    if (a.page == b.page and b.base > a.base) or b.page > a.page + 1:
        return False
    if continues_text(a.text, b.text) or _CONTINUED.match(b.text):
        return True
    first = [line for line in above.lines if line.page == above.page]
    alike = abs(_width(first) - _width(below.lines)) < 0.1 * _width(first)
    return alike and abs(a.style.size - b.style.size) < 0.3 and a.style.bold == b.style.bold and not _has_title(below)


def _width(lines: list[Line]) -> float:
    return max(i.x1 for i in lines) - min(i.x0 for i in lines)


def _has_title(piece: Piece) -> bool:
    if len(piece.lines) < 2:
        return True
    a, b = piece.lines[0].style, piece.lines[1].style
    return (a.bold, a.colour) != (b.bold, b.colour) or a.size > 1.05 * b.size
