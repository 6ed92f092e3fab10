"""What a reader hands over for one page, before any layout: words with style, ruled lines, fills, table cells.

Coordinates are PDF points with the origin at the top left of the page as shown (crop box and /Rotate applied).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Rect = tuple[float, float, float, float]
OCR_FONT = "(ocr)"  # the font of words read from a picture: their sizes are estimates


class Style(NamedTuple):
    """How a run of characters is set. `size` in points as shown, `angle` in degrees counter-clockwise, `colour` RGB."""

    size: float
    font: str
    bold: bool
    slant: bool
    angle: int
    colour: int
    hidden: bool


class RawWord(NamedTuple):
    """A word as a reader found it; `base` is the y of its baseline."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    style: Style


def holds(box: Rect, x: float, y: float) -> bool:
    """Whether a point lies in a box."""
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def covers(box: Rect, word: RawWord) -> bool:
    """Whether the middle of a word lies in a box."""
    return holds(box, (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2)


def rounded(x0: float, top: float, x1: float, bottom: float) -> Rect:
    """A box to hundredths of a point."""
    return round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2)


new_word = tuple.__new__  # new_word(RawWord, (text, x0, ...)): half the time of RawWord(text, x0, ...)


def styles_of(words: Sequence[RawWord]) -> list[Style]:
    """The styles of words, those of one page usually once each; packed words know them, and maybe some more."""
    known: list[Style] | None = getattr(words, "styles", None)
    if known is not None:
        return known
    return list({id(word[6]): word[6] for word in words}.values())


class RawTable(NamedTuple):
    """A ruled table: its box and its cells row by row; None where a cell is part of a merged neighbour."""

    box: Rect
    rows: tuple[tuple[Rect | None, ...], ...]


class Bookmark(NamedTuple):
    """An entry of the document's own outline. `page` counts from 1; 0 where the target is unknown."""

    level: int
    title: str
    page: int


@dataclass(slots=True)
class RawPage:
    """One page as read. `rules` are thin lines, `fills` painted areas, `images` the share of the page under images.

    `pictures` are the boxes of images that are longer than 20 points, cut off at the page's edges. `disagreement` is
    the share of words in which two readers differ; None where only one ran.
    """

    number: int
    width: float
    height: float
    engine: str = "pdfium"
    reason: str = ""
    confidence: float = 1.0
    images: float = 0.0
    words: list[RawWord] = field(default_factory=list)
    rules: list[Rect] = field(default_factory=list)
    fills: list[tuple[Rect, int]] = field(default_factory=list)
    tables: list[RawTable] = field(default_factory=list)
    pictures: list[Rect] = field(default_factory=list)
    disagreement: float | None = None
