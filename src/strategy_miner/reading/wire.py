"""Raw pages as they pass from the child process to its parent, and as long documents are kept: words as columns.

Plain data, one line of JSON per page, so that nothing is unpickled. The words of a document of 2,000 pages take 20 MB
as columns and 130 MB as tuples, so those of long documents are unpacked page by page while they are looked at.
"""

from __future__ import annotations

import json
from array import array
from binascii import a2b_base64, b2a_base64
from collections import deque
from collections.abc import Iterator, Sequence
from sys import intern
from typing import Any, cast, overload

from strategy_miner.reading.raw import RawPage, RawTable, RawWord, Rect, Style, new_word

MANY_PAGES = 400  # documents with more are kept packed; it takes a quarter more time
_FAR = 2e7  # points; what lies further off the page is cut to this
_KEPT = 32  # pages whose words stay unpacked or alive, the last ones that were looked at


def to_json(page: RawPage) -> str:
    """A page as one line of JSON; the words as columns, so that neither side makes a value per word and property."""
    head = [page.number, page.width, page.height, page.engine, page.reason, page.confidence, page.images]
    styles, rows, texts, places = _columns(page.words)
    words = [styles, rows, texts, b2a_base64(places, newline=False).decode("ascii")]
    rest = [words, page.rules, page.fills, page.tables, page.pictures, page.disagreement]
    return json.dumps(head + rest, ensure_ascii=True, separators=(",", ":"))


def from_json(values: list[Any], *, packed: bool = False) -> RawPage:
    """The page of a decoded JSON line, its words kept packed or not.

    Raises ValueError, TypeError or IndexError if it is not a page.
    """
    *head, words, rules, fills, tables, pictures, disagreement = values
    page = RawPage(*head)
    styles, rows, texts, places = words
    known = [Style(*style) for style in styles]
    full = [(float(top), float(bottom), float(base), known[style]) for top, bottom, base, style in rows]
    store = PackedPage(full, texts, a2b_base64(places))
    page.words = store.part(0, store.count) if packed else store.words()
    page.rules = [_rect(rule) for rule in rules]
    page.fills = [(_rect(box), int(colour)) for box, colour in fills]
    page.tables = [
        RawTable(_rect(box), tuple(tuple(_rect(c) if c else None for c in row) for row in rows)) for box, rows in tables
    ]
    page.pictures = [_rect(box) for box in pictures]
    page.disagreement = None if disagreement is None else float(disagreement)
    return page


def _rect(values: list[float]) -> Rect:
    x0, top, x1, bottom = values
    return (x0, top, x1, bottom)


def _columns(words: Sequence[RawWord]) -> tuple[list[Style], list[tuple[float, float, float, int]], str, bytes]:
    """Words as styles, rows, texts, places.

    Styles and rows (top, bottom, base, number of the style) stand once; texts are joined by newlines; places are
    32-bit integers: for each word its left edge in hundredths of a point, then for each its right edge, then for each
    the number of its row.
    """
    if not words:
        return [], [], "", b""
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
    return list(styles), list(rows), "\n".join(texts), places.tobytes()


def _hundredths(values: Sequence[float]) -> array[int]:
    try:
        return array("i", [round(100 * v) for v in values])
    except (ValueError, OverflowError):  # a broken file may place words nowhere, or miles off the page
        return array("i", [round(100 * max(-_FAR, min(v, _FAR))) if v == v else 0 for v in values])


class PackedPage:
    """The words of a page as columns (see `_columns`, rows with their style); unpacked while they are looked at."""

    __slots__ = ("_places", "_rows", "_texts", "_words", "count")

    def __init__(self, rows: list[tuple[float, float, float, Style]], texts: str, places: bytes) -> None:
        self._rows, self._texts, self._places = rows, texts, places
        self.count = len(places) // 12
        self._words: list[RawWord] | None = None

    @classmethod
    def of(cls, words: Sequence[RawWord]) -> PackedPage:
        """The words of a page, packed."""
        styles, rows, texts, places = _columns(words)
        return cls([(top, bottom, base, styles[style]) for top, bottom, base, style in rows], texts, places)

    @property
    def styles(self) -> list[Style]:
        """The styles of its words."""
        return [row[3] for row in self._rows]

    def words(self) -> list[RawWord]:
        """All its words. Raises ValueError or IndexError if the columns do not fit together."""
        words = self._words
        if words is None:
            words = self._words = self._unpacked()
            _looked_at.append(self)
            if len(_looked_at) > _KEPT:
                _looked_at.popleft()._words = None
        return words

    def part(self, start: int, stop: int) -> list[RawWord]:
        """Some of its words, by their numbers from 0: like a list that is only read."""
        return cast("list[RawWord]", _Words(self, start, stop))

    def _unpacked(self) -> list[RawWord]:
        if not self.count:
            return []
        places = array("i", self._places).tolist()
        left, right, numbers = (places[n * self.count : (n + 1) * self.count] for n in range(3))
        words, rows = [], self._rows
        for text, x0, x1, number in zip(self._texts.split("\n"), left, right, numbers, strict=True):
            top, bottom, base, style = rows[number]
            words.append(new_word(RawWord, (intern(text), x0 / 100, top, x1 / 100, bottom, base, style)))
        return words


_looked_at: deque[PackedPage] = deque()


class _Words(Sequence[RawWord]):
    __slots__ = ("_page", "_start", "_stop")

    def __init__(self, page: PackedPage, start: int, stop: int) -> None:
        self._page, self._start, self._stop = page, start, stop

    def _list(self) -> list[RawWord]:
        return self._page.words()[self._start : self._stop]

    @property
    def styles(self) -> list[Style]:
        return self._page.styles

    def __len__(self) -> int:
        return self._stop - self._start

    def __iter__(self) -> Iterator[RawWord]:
        return iter(self._list())

    @overload
    def __getitem__(self, at: int) -> RawWord: ...
    @overload
    def __getitem__(self, at: slice) -> list[RawWord]: ...
    def __getitem__(self, at: int | slice) -> RawWord | list[RawWord]:
        return self._list()[at]

    def __add__(self, other: Sequence[RawWord]) -> list[RawWord]:
        return [*self, *other]

    def __radd__(self, other: Sequence[RawWord]) -> list[RawWord]:
        return [*other, *self]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list | _Words) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]
