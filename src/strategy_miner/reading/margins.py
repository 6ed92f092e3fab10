"""Margin notes: short lines in a narrow column of their own beside the text, in smaller or slanted type."""

from __future__ import annotations

from strategy_miner.reading.lines import Line
from strategy_miner.reading.paragraphs import CAPTION, NOTE_MARK, Measure
from strategy_miner.reading.raw import RawPage, Rect

LEAST_LINES = 8  # of body text that the notes stand beside
WIDTH, SHARE = 0.3, 0.4  # widest column of notes against the page, and most of their words against the text's


def mark_margin_notes(page: RawPage, lines: list[Line], usual: Measure) -> None:
    """Set the role margin_note of lines outside the columns of body text, where they look different from it.

    Smaller or slanted type beside at least eight lines of body text; headings that stand in the margin are larger,
    bold or numbered, and stay what they are. Tables, pictures and their captions have no notes beside them.
    """
    free = [i for i in lines if not i.role and not i.style.angle and i.box < 0]
    body = [i for i in free if abs(i.style.size - usual.size) < 0.3 and i.x1 - i.x0 > 0.3 * page.width]
    if len(body) < LEAST_LINES:
        return
    left, right = min(i.x0 for i in body), max(i.x1 for i in body)
    sides = [i for i in free if i.x1 < left - 3 or i.x0 > right + 3]
    beside = [i for i in sides if i.x1 - i.x0 < WIDTH * page.width and _differs(i, usual) and _is_beside(i, body)]
    grounds = [i.rect for i in lines if i.role in ("table", "figure")]
    kept = [i for i in beside if not any(_touches(i, box) for box in grounds)]
    words = sum(len(i.words) for i in kept)
    if words > SHARE * sum(len(i.words) for i in body) or words < 2:
        return
    for line in kept:
        line.role = "margin_note"


def _differs(line: Line, usual: Measure) -> bool:
    """Whether a line's type is that of a note; one that begins with a mark or a caption's word is something else."""
    if CAPTION.match(line.text) or NOTE_MARK.match(line.text) or not any(c.isalpha() for c in line.text):
        return False
    smaller = line.style.size < 0.95 * usual.size
    slanted = line.style.slant and not usual.slant and line.style.size < 1.05 * usual.size
    return smaller or (slanted and not line.style.bold)


def _is_beside(line: Line, body: list[Line]) -> bool:
    """Whether it stands between the first and the last line of the text, not above or below it."""
    return min(i.top for i in body) - 3 <= line.top and line.bottom <= max(i.bottom for i in body) + 30


def _touches(line: Line, box: Rect) -> bool:
    return line.x0 < box[2] + 20 and line.x1 > box[0] - 20 and line.top < box[3] + 20 and line.bottom > box[1] - 20
