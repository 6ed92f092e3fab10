"""Running heads, page numbers, line numbers and thumb tabs: what comes back from page to page is not text."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher

from strategy_miner.reading.lines import Line
from strategy_miner.reading.looks import is_label
from strategy_miner.reading.raw import OCR_FONT, RawPage

_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"^(?:seite|s\.|page)?\s*[-–|·]?\s*(\d{1,4})\s*(?:(?:von|/|of)\s*\d{1,4})?\s*[-–|·]?$", re.IGNORECASE
)
_ROMAN = re.compile(r"^[-–]?\s*[ivxlc]{1,7}\s*[-–]?$", re.IGNORECASE)
ZONE = 0.14  # share of the page height at the top and at the bottom where furniture is looked for
LEAST_PAGES = 3  # something must come back on this many pages


@dataclass(slots=True)
class _Place:
    line: Line
    page: RawPage
    zone: str  # "top", "bottom" or "side"


def mark_furniture(pages: list[RawPage], lines: list[list[Line]]) -> None:
    """Set `role` of lines that are page furniture to running_head, page_number, line_number or thumb_tab."""
    _mark_turned(pages, lines)
    for page, found in zip(pages, lines, strict=True):
        _mark_line_numbers(page, found)
    places = [p for page, found in zip(pages, lines, strict=True) for p in _places(page, found)]
    _mark_page_numbers(places, len(pages))
    _mark_repeated(_set_apart(places, pages, lines), len(pages), _body_style(lines))
    _mark_same_place(pages, lines, places)


def _places(page: RawPage, lines: list[Line]) -> list[_Place]:
    places = []
    for line in lines:
        if line.role or line.style.angle:
            continue
        if line.bottom < ZONE * page.height:
            places.append(_Place(line, page, "top"))
        elif line.top > (1 - ZONE) * page.height:
            places.append(_Place(line, page, "bottom"))
        elif line.x1 < 0.1 * page.width or line.x0 > 0.9 * page.width:
            places.append(_Place(line, page, "side"))
    return places


def _mark_turned(pages: list[RawPage], lines: list[list[Line]]) -> None:
    """Turned lines in the outer margin beside upright text: thumb tabs."""
    for page, found in zip(pages, lines, strict=True):
        upright = [i for i in found if not i.style.angle]
        if len(upright) < 5:
            continue
        for line in found:
            if line.style.angle in (90, 270) and (line.x1 < 0.13 * page.width or line.x0 > 0.87 * page.width):
                line.role = "thumb_tab"


def _mark_line_numbers(page: RawPage, lines: list[Line]) -> None:
    """Five or more bare numbers in one margin column, rising down the page in equal steps."""
    columns: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if not line.role and line.text.isdecimal() and len(line.text) < 5:
            columns[round(line.x1 / 6)].append(line)
    for column in columns.values():
        column.sort(key=lambda i: i.top)
        values = [int(i.text) for i in column]
        steps = Counter(b - a for a, b in itertools.pairwise(values))
        if (
            len(values) >= 5
            and steps.most_common(1)[0][0] in (1, 5, 10)
            and steps.most_common(1)[0][1] >= 0.7 * (len(values) - 1)
        ):
            edge = min(i.x0 for i in column), max(i.x1 for i in column)
            others = [i for i in lines if i not in column and len(i.words) > 3]
            if others and all(i.x0 >= edge[1] - 1 or i.x1 <= edge[0] + 1 for i in others):
                for line in column:
                    line.role = "line_number"


def _mark_page_numbers(places: list[_Place], pages: int) -> None:
    """Numbers that run with the pages: printed number minus page is the same on at least three pages.

    The most frequent difference goes first; numbers of notes that happen to keep step lose against a page's own.
    """
    shifts: dict[int, list[_Place]] = defaultdict(list)
    for place in places:
        match = _NUMBER.match(place.line.text)
        if match:
            shifts[int(match.group(1)) - place.page.number].append(place)
    least = LEAST_PAGES if pages > 3 else 2
    numbered: set[int] = set()
    for found in sorted(shifts.values(), key=len, reverse=True):
        found = [p for p in found if p.page.number not in numbered]
        if len({p.page.number for p in found}) < least:
            continue
        numbered |= {p.page.number for p in found}
        # The large "1" over a chapter's title is no page number where the others stand at the foot.
        zones = {zone: len({p.page.number for p in found if p.zone == zone}) for zone in ("top", "bottom", "side")}
        on_page = Counter(p.page.number for p in found)
        for place in found:
            if zones[place.zone] >= least or on_page[place.page.number] == 1:
                place.line.role = "page_number"
    _mark_roman(places, least)


def _mark_roman(places: list[_Place], least: int) -> None:
    roman = [p for p in places if not p.line.role and _ROMAN.match(p.line.text) and p.zone != "side"]
    by_row = Counter((p.zone, round(p.line.base / 4)) for p in roman)
    for place in roman:
        if by_row[place.zone, round(place.line.base / 4)] >= least:
            place.line.role = "page_number"


def _shape(text: str) -> str:
    return _DIGITS.sub("#", " ".join(text.lower().split()))


def _known_shape(shape: str, known: list[str]) -> str:
    """The shape, or a known one that is the same but for a few letters: small print is misread now and then."""
    if len(shape) < 8:
        return shape
    return next((k for k in known if _nearly(shape, k)), shape)


def _nearly(left: str, right: str) -> bool:
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.real_quick_ratio() > 0.8 and matcher.quick_ratio() > 0.8 and matcher.ratio() > 0.8


def _body_style(lines: list[list[Line]]) -> tuple[float, str]:
    """Size and font of most characters."""
    styles: Counter[tuple[float, str]] = Counter()
    for found in lines:
        for line in found:
            styles[line.style.size, line.style.font] += len(line.text)
    return max(styles, key=lambda s: styles[s]) if styles else (0.0, "")


def _set_apart(places: list[_Place], pages: list[RawPage], lines: list[list[Line]]) -> list[_Place]:
    """The places without lines that are set like the body and stand no further from it than its own lines."""
    body = _body_style(lines)
    by_page = {page.number: found for page, found in zip(pages, lines, strict=True)}
    return [
        p
        for p in places
        if (p.line.style.size, p.line.style.font) != body
        or p.zone == "side"
        or _apart(p, by_page[p.page.number], p.zone)
    ]


def _mark_repeated(places: list[_Place], pages: int, body: tuple[float, str]) -> None:
    """The same words (numbers aside) at the same height of the page on at least three pages.

    Lines set like the body must come on a third of the pages: a phrase such as "Dazu gehören:" may open three pages.
    """
    seen: dict[tuple[str, str], list[_Place]] = defaultdict(list)
    counted = {p.page.number for p in places if p.line.role == "page_number"}
    for place in places:
        other = place.line.text.isdigit() and place.page.number in counted
        if not place.line.role and not other:  # a number beside the page's own is a chapter's or a note's
            shape = _shape(place.line.text)
            if place.line.style.font == OCR_FONT:
                shape = _known_shape(shape, [known for zone, known in seen if zone == place.zone])
            seen[place.zone, shape].append(place)
    for (_, shape), found in seen.items():
        alike = sum((p.line.style.size, p.line.style.font) == body for p in found) > len(found) / 2
        least = max(LEAST_PAGES, pages / 3) if alike else LEAST_PAGES
        if len({p.page.number for p in found}) < min(least, max(pages - 1, 2)) or _are_labels(found, pages):
            continue
        rows = Counter(round(p.line.base / 5) for p in found)
        for place in found:
            row = round(place.line.base / 5)
            if sum(rows[r] for r in (row - 1, row, row + 1)) >= min(LEAST_PAGES, max(pages - 1, 2)):
                digits_only = not any(c.isalpha() for c in shape)
                place.line.role = "page_number" if digits_only and "#" in shape else "running_head"


def _are_labels(found: list[_Place], pages: int) -> bool:
    """Whether lines such as "Kapitel 2" open their chapters: each number on one page only, on few pages of all."""
    texts = {p.line.text for p in found}
    return (
        any(c.isdigit() for c in found[0].line.text)
        and len(texts) == len(found) < pages / 5
        and all(is_label(text) and not text.isdigit() for text in texts)
    )


def _mark_same_place(pages: list[RawPage], lines: list[list[Line]], places: list[_Place]) -> None:
    """A running head that changes by chapter: lines at one height, in a style of their own, apart from the text.

    They must be outermost on the page, set apart by more than a line's gap, and come on a fifth of the pages.
    """
    body = Counter[float]()
    for found in lines:
        for line in found:
            if not line.role:
                body[line.style.size] += len(line.text)
    if not body:
        return
    main = max(body, key=lambda s: body[s])
    rows: dict[tuple[str, int, float, str], list[_Place]] = defaultdict(list)
    for place in places:
        if place.line.role in ("", "running_head", "page_number") and place.zone != "side":
            style = place.line.style
            rows[place.zone, round(place.line.base / 3), style.size, style.font].append(place)
    by_page = {page.number: found for page, found in zip(pages, lines, strict=True)}
    for (zone, _, size, _), row in rows.items():
        open_places = [p for p in row if not p.line.role]
        if size > main or len({p.page.number for p in row}) < max(LEAST_PAGES, 0.2 * len(pages)):
            continue
        # Chapter heads repeat on neighbouring pages; body lines do not.
        texts = Counter(_shape(p.line.text) for p in row)
        if len(texts) > 0.7 * len(row):
            continue
        for place in open_places:
            if _apart(place, by_page[place.page.number], zone):
                place.line.role = "running_head"


def _apart(place: _Place, lines: list[Line], zone: str) -> bool:
    line, size = place.line, place.line.style.size
    others = (i for i in lines if not i.role and i is not line and abs(i.base - line.base) > 0.5 * size)
    if zone == "top":
        return all(i.base > line.base + 1.6 * size for i in others)
    return all(i.base < line.base - 1.6 * size for i in others)
