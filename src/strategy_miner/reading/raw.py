"""What a reader hands over for one page, before any layout: words with style, ruled lines, fills, table cells.

Coordinates are PDF points with the origin at the top left of the page as shown (crop box and /Rotate applied).
The JSON form is what passes from the child process to its parent: plain data, so that nothing is unpickled.
"""

from __future__ import annotations

import json
from array import array
from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Any, NamedTuple

Rect = tuple[float, float, float, float]
_FAR = 2e7  # points; what lies further off the page is cut to this
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


new_word = tuple.__new__  # new_word(RawWord, (text, x0, ...)): half the time of RawWord(text, x0, ...)


def styles_of(words: Sequence[RawWord]) -> list[Style]:
    """The styles of words, those of one page usually once each."""
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

    `pictures` are the boxes of images that are longer than 20 points, cut off at the page's edges.
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
        """One line of JSON; the words as columns, so that neither side makes a value per word and property."""
        head = [self.number, self.width, self.height, self.engine, self.reason, self.confidence, self.images]
        rest = [_packed(self.words), self.rules, self.fills, self.tables, self.pictures]
        return json.dumps(head + rest, ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, values: list[Any]) -> RawPage:
        """The page of a decoded JSON line. Raises ValueError, TypeError or IndexError if it is not one."""
        *head, words, rules, fills, tables, pictures = values
        page = cls(*head)
        page.words = _unpacked(words)
        page.rules = [_rect(rule) for rule in rules]
        page.fills = [(_rect(box), int(colour)) for box, colour in fills]
        page.tables = [
            RawTable(_rect(box), tuple(tuple(_rect(c) if c else None for c in row) for row in rows))
            for box, rows in tables
        ]
        page.pictures = [_rect(box) for box in pictures]
        return page


def _packed(words: list[RawWord]) -> list[Any]:
    """Words as [styles, rows, texts, places].

    `styles` and `rows` [top, bottom, base, number of the style] are listed once; `texts` are joined by newlines;
    `places` is an array of integers in base 64: for each word its left edge in hundredths of a point, then for each
    its right edge, then for each the number of its row.
    """
    if not words:
        return [[], [], "", ""]
    styles: dict[Style, int] = {}
    rows: dict[tuple[float, float, float, int], int] = {}
    numbers: list[int] = []
    last, number = None, 0
    texts, left, tops, right, bottoms, bases, looks = zip(*words, strict=True)
    for row in zip(tops, bottoms, bases, looks, strict=True):
        if row != last:
            number = rows.setdefault((*row[:3], styles.setdefault(row[3], len(styles))), len(rows))
            last = row
        numbers.append(number)
    places = _hundredths(left) + _hundredths(right) + array("i", numbers)
    if any("\n" in text for text in texts):
        texts = tuple(text.replace("\n", " ") for text in texts)
    return [list(styles), list(rows), "\n".join(texts), b2a_base64(places.tobytes(), newline=False).decode("ascii")]


def _hundredths(values: Sequence[float]) -> array[int]:
    try:
        return array("i", [round(100 * v) for v in values])
    except (ValueError, OverflowError):  # a broken file may place words nowhere, or miles off the page
        return array("i", [round(100 * max(-_FAR, min(v, _FAR))) if v == v else 0 for v in values])


def _unpacked(values: list[Any]) -> list[RawWord]:
    styles, rows, texts, packed = values
    places = array("i", a2b_base64(packed)).tolist()
    count = len(places) // 3
    if not count:
        return []
    known = [Style(*style) for style in styles]
    full = [(float(top), float(bottom), float(base), known[style]) for top, bottom, base, style in rows]
    found = zip(texts.split("\n"), places[:count], places[count : 2 * count], places[2 * count :], strict=True)
    words = []
    for text, x0, x1, number in found:
        top, bottom, base, style = full[number]
        words.append(new_word(RawWord, (intern(text), x0 / 100, top, x1 / 100, bottom, base, style)))
    return words


def _rect(values: list[float]) -> Rect:
    x0, top, x1, bottom = values
    return (x0, top, x1, bottom)
