"""Pages whose text runs sideways: laid out in the frame in which it runs upright, boxes turned back afterwards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from strategy_miner.reading.grid import regrouped
from strategy_miner.reading.raw import RawPage, RawWord, Rect, rounded, styles_of


@dataclass(frozen=True, slots=True)
class Turn:
    """How a page was turned for layout: `angle` of its text, counter-clockwise, and its size as shown.

    `page` is its number in the file; `left` where it begins on a sheet that bears two pages.
    """

    angle: int
    width: float
    height: float
    page: int = 0
    left: float = 0.0

    def upright(self, box: Rect) -> Rect:
        """A box of the shown page in the frame in which the text runs upright."""
        x0, top, x1, bottom = box
        if self.angle == 90:
            return rounded(self.height - bottom, x0, self.height - top, x1)
        if self.angle == 270:
            return rounded(top, self.width - x1, bottom, self.width - x0)
        if self.angle == 180:
            return rounded(self.width - x1, self.height - bottom, self.width - x0, self.height - top)
        return box

    def shown(self, box: Rect) -> Rect:
        """The way back: a box of the upright frame on the shown page."""
        x0, top, x1, bottom = box
        if self.angle == 90:
            box = rounded(top, self.height - x1, bottom, self.height - x0)
        elif self.angle == 270:
            box = rounded(self.width - bottom, x0, self.width - top, x1)
        else:
            box = self.upright(box)
        return rounded(box[0] + self.left, box[1], box[2] + self.left, box[3]) if self.left else box


def turned(page: RawPage, origin: tuple[int, float]) -> tuple[RawPage, Turn]:
    """The page in the frame of most of its characters, and the turn that leads there.

    `origin`: the page's number in the file and where on it this one begins (see sheets).
    """
    angles: Counter[int] = Counter()
    if not any(style.angle for style in styles_of(page.words)):
        return page, Turn(0, page.width, page.height, *origin)
    for word in page.words:
        angles[word.style.angle] += len(word.text)
    angle = max(angles, key=lambda a: angles[a]) if angles else 0
    turn = Turn(angle, page.width, page.height, *origin)
    if angle == 0:
        return page, turn
    sideways = angle != 180
    return replace(
        page,
        width=page.height if sideways else page.width,
        height=page.width if sideways else page.height,
        words=[turned_word(w, turn) for w in page.words],
        rules=[turn.upright(r) for r in page.rules],
        fills=[(turn.upright(box), colour) for box, colour in page.fills],
        pictures=[turn.upright(box) for box in page.pictures],
        tables=[regrouped(t, turn.upright) for t in page.tables],
    ), turn


def turned_word(word: RawWord, turn: Turn) -> RawWord:
    """A word of the shown page in the frame of its turn."""
    if turn.angle == 0:
        return word
    x0, top, x1, bottom = turn.upright((word.x0, word.top, word.x1, word.bottom))
    style = word.style._replace(angle=(word.style.angle - turn.angle) % 360)
    base = round(top + 0.78 * (bottom - top), 2)
    return RawWord(word.text, x0, top, x1, bottom, base, style)
