"""What a reader hands over for one page, before any layout: words with style, ruled lines, fills, table cells.

Coordinates are PDF points with the origin at the top left of the page as shown (crop box and /Rotate applied).
The JSON form is what passes from the child process to its parent: plain data, so that nothing is unpickled.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple

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

    `pictures` are the boxes of images larger than 20 x 20 points, cut off at the page's edges.
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

    def to_json(self) -> str:
        """One line of JSON; styles are listed once and referred to by number."""
        styles: dict[Style, int] = {}
        words = [[*word[:6], styles.setdefault(word.style, len(styles))] for word in self.words]
        head = [self.number, self.width, self.height, self.engine, self.reason, self.confidence, self.images]
        rest = [list(styles), words, self.rules, self.fills, self.tables, self.pictures]
        return json.dumps(head + rest, ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, values: list[Any]) -> RawPage:
        """The page of a decoded JSON line."""
        *head, styles, words, rules, fills, tables, pictures = values
        known = [Style(*style) for style in styles]
        page = cls(*head)
        page.words = [RawWord._make((*word[:6], known[word[6]])) for word in words]
        page.rules = [_rect(rule) for rule in rules]
        page.fills = [(_rect(box), int(colour)) for box, colour in fills]
        page.tables = [
            RawTable(_rect(box), tuple(tuple(_rect(c) if c else None for c in row) for row in rows))
            for box, rows in tables
        ]
        page.pictures = [_rect(box) for box in pictures]
        return page


def _rect(values: list[float]) -> Rect:
    x0, top, x1, bottom = values
    return (x0, top, x1, bottom)
