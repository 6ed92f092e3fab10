"""Whether a paragraph goes on in a later piece: over a page or column break, a figure, a footnote, a torn line."""

from __future__ import annotations

import re

from strategy_miner.reading.lines import Line
from strategy_miner.reading.paragraphs import BULLET, Piece, continues_text, is_ended

# A small letter, or the hyphen of a word whose first part was named before: "-verbrauch".
_SMALL = re.compile(r"^-?[a-zäöüß]")
_INSERTED = re.compile(r"^[–—]\s+[a-zäöüß]")
LEFT_WORDS, RIGHT_WORDS = 8, 4  # fewer are labels of a form or a drawing


def goes_on(left: Piece, right: Piece, following: Piece | None) -> bool:
    """Whether `right` is the rest of `left`, with nothing but furniture, notes, captions and figures between them."""
    a, b = left.lines[-1], right.lines[0]
    if left.kind not in ("paragraph", "list_item") or abs(a.style.size - b.style.size) > 0.3:
        return False
    if right.kind == "list_item":
        return _is_inserted(left, right, following)
    if right.kind != "paragraph" or BULLET.match(right.text):
        return False
    if b.page > a.page or b.base < a.base or b.x0 > a.x1:
        if a.style.bold == b.style.bold:
            return continues_text(a.text, b.text) or (_fills_column(left) and _is_flush(right))
        # Bold words may stand on both sides of a break.
        return _is_bold(left) == _is_bold(right) and bool(_SMALL.match(b.text)) and not is_ended(a.text)
    return _is_torn(left, right)


def _is_torn(left: Piece, right: Piece) -> bool:
    """Whether one column's next paragraph goes on in mid-sentence: after a figure, a note, a stray line break."""
    a, b = left.lines[-1], right.lines[0]
    if left.kind != "paragraph" or _is_bold(left) != _is_bold(right) or abs(left.lines[0].x0 - b.x0) > b.style.size:
        return False
    # After a salutation or in an address a comma ends the line.
    if is_ended(a.text) or a.text.endswith(",") or not _SMALL.match(b.text) or "www." in b.text:
        return False
    return _words(left.lines) >= LEFT_WORDS and _words(right.lines) >= RIGHT_WORDS


def _is_inserted(left: Piece, right: Piece, following: Piece | None) -> bool:
    """Whether a line begins with the dash of an insertion: no sentence end before it, and no second dash after it."""
    if left.kind != "paragraph" or not _INSERTED.match(right.text) or BULLET.match(left.text):
        return False
    alone = following is None or not BULLET.match(following.text)
    a, b = left.lines[-1], right.lines[0]
    in_line = b.page > a.page or b.base < a.base or abs(left.lines[0].x0 - b.x0) < 0.5 * b.style.size
    return alone and in_line and not is_ended(a.text) and _words(left.lines) >= LEFT_WORDS


def _words(lines: list[Line]) -> int:
    return sum(len(line.words) for line in lines)


def _is_bold(piece: Piece) -> bool:
    words = [w for line in piece.lines for w in line.words]
    return 2 * sum(w.style.bold for w in words) > len(words)


def _fills_column(piece: Piece) -> bool:
    """Whether a justified paragraph's last line reaches the right edge: then it goes on, though a sentence ends."""
    here = [i for i in piece.lines if i.page == piece.lines[-1].page]
    right = max(i.x1 for i in here)
    return len(here) >= 3 and all(i.x1 > right - 1.5 for i in here)


def _is_flush(piece: Piece) -> bool:
    """Whether a paragraph's first line is not indented against the others."""
    return len(piece.lines) > 1 and piece.lines[0].x0 < min(i.x0 for i in piece.lines[1:]) + 2
