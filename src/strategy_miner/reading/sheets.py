"""Two pages on one sheet: a landscape page whose halves bear page numbers of their own is read as two pages."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from strategy_miner.reading.furniture import ZONE
from strategy_miner.reading.raw import RawPage, RawTable, RawWord, Rect

_NUMBER = re.compile(r"^[-–|]?(\d{1,4})[-–|]?$")
LEAST_WORDS = 5  # in each half of a sheet

Origin = dict[int, tuple[int, float]]  # by number of a page read: the page of the file, and where it begins on it


def sheets_split(pages: Sequence[RawPage]) -> tuple[list[RawPage], Origin]:
    """The pages as they were printed, numbered anew where sheets were split, and where each of them comes from.

    Sheets are split at the middle where at least half of the landscape pages that have no word there show two
    successive numbers, one in each half, at the same height near the upper or lower edge.
    """
    halved = {page.number for page in pages if _has_gutter(page)}
    numbered = [page for page in pages if page.number in halved and _has_two_numbers(page)]
    if not numbered or len(numbered) < 0.5 * len(halved):
        return list(pages), {page.number: (page.number, 0.0) for page in pages}
    done: list[RawPage] = []
    origin: Origin = {}
    for page in pages:
        middle = page.width / 2
        sides = ((0.0, middle), (middle, page.width)) if page.number in halved else ((0.0, page.width),)
        for left, right in sides:
            number = len(done) + 1
            done.append(_part(page, number, left, right) if len(sides) > 1 else replace(page, number=number))
            origin[number] = (page.number, left)
    return done, origin


def _has_gutter(page: RawPage) -> bool:
    if page.width < 1.15 * page.height:
        return False
    middle = page.width / 2
    if any(w.x0 < middle < w.x1 for w in page.words):
        return False
    left = sum(w.x1 <= middle for w in page.words)
    return left >= LEAST_WORDS and len(page.words) - left >= LEAST_WORDS


def _has_two_numbers(page: RawPage) -> bool:
    edge = [w for w in page.words if w.bottom < ZONE * page.height or w.top > (1 - ZONE) * page.height]
    found = [(int(m.group(1)), w) for w in edge if (m := _NUMBER.match(w.text))]
    middle = page.width / 2
    return any(
        b == a + 1 and left.x1 <= middle <= right.x0 and abs(left.base - right.base) < 3
        for a, left in found
        for b, right in found
    )


def _part(page: RawPage, number: int, left: float, right: float) -> RawPage:
    """What lies between two x of a sheet, moved to the left edge."""

    def moved(box: Rect) -> Rect:
        return round(max(box[0], left) - left, 2), box[1], round(min(box[2], right) - left, 2), box[3]

    def inside(box: Rect) -> bool:
        return box[2] > left + 1 and box[0] < right - 1

    # What lies off the sheet belongs to the nearer half.
    outer = (left if left > 0 else -math.inf, right if right < page.width else math.inf)
    return replace(
        page,
        number=number,
        width=round(right - left, 2),
        words=[_shifted(w, left) for w in page.words if outer[0] <= (w.x0 + w.x1) / 2 < outer[1]],
        rules=[moved(box) for box in page.rules if inside(box)],
        fills=[(moved(box), colour) for box, colour in page.fills if inside(box)],
        pictures=[moved(box) for box in page.pictures if inside(box)],
        tables=[
            RawTable(moved(t.box), tuple(tuple(moved(c) if c else None for c in row) for row in t.rows))
            for t in page.tables
            if left <= (t.box[0] + t.box[2]) / 2 < right
        ],
    )


def _shifted(word: RawWord, left: float) -> RawWord:
    return word._replace(x0=round(word.x0 - left, 2), x1=round(word.x1 - left, 2))
