"""Figures: pictures, and drawings made of painted and ruled shapes, with the labels that stand in them."""

from __future__ import annotations

import re
from collections import Counter

from strategy_miner.reading.lines import Line
from strategy_miner.reading.paragraphs import CAPTION, is_ended
from strategy_miner.reading.raw import OCR_FONT, RawPage, RawTable, Rect, Style, holds

MAX_SHAPES = 3000  # beyond this a page is one drawing, and comparing its shapes with each other takes too long
LEAST_SHAPES = 5  # of a drawing
LEAST_PAGES = 3  # a picture at one place on so many pages is a logo or an ornament
_NUMBER = re.compile(r"^[-–+]?\d[\d.,]*\s?%?$")
_NO_STYLE = Style(0.0, "", False, False, 0, 0, False)


def mark_figures(pages: list[RawPage], lines: list[list[Line]], body: float) -> None:
    """Add a line of role "figure" for each picture and drawing; the lines of its labels go into it.

    Args:
        pages: with the boxes of pictures, fills and rules.
        lines: of each page; running heads and tables are marked.
        body: size of the body text; labels are hardly larger.
    """
    seen = Counter(place for page in pages for place in {_place(box) for box in page.pictures})
    for page, found in zip(pages, lines, strict=True):
        pictures = _joined([p for p in page.pictures if seen[_place(p)] < LEAST_PAGES], 3)
        areas = [box for box in pictures if _figure_sized(box, page)]
        drawings = [_with_axes(box, found, body) for box in _drawings(page, pictures)]
        areas += [box for box in drawings if not any(_overlap(box, other) for other in areas)]
        for area in areas:
            labels = _labels(area, found, body)
            if labels is None or any(_overlap(area, i.rect) for i in found if i.role in ("table", "figure")):
                continue
            at = found.index(labels[0]) if labels else len(found)
            found.insert(at, _figure_line(page.number, area, labels))
            found[:] = [i for i in found if not any(i is label for label in labels)]


def _place(box: Rect) -> tuple[int, ...]:
    return tuple(round(value / 4) for value in box)


def _figure_sized(box: Rect, page: RawPage) -> bool:
    """Neither an icon nor the background of a page; thin bands are ornaments."""
    width, height = box[2] - box[0], box[3] - box[1]
    share = width * height / max(page.width * page.height, 1.0)
    return 0.01 < share < 0.6 and width > 40 and height > 30


def _labels(area: Rect, lines: list[Line], body: float) -> list[Line] | None:
    """The lines inside an area if they are labels, not running text: None if they are text.

    Labels have at most eight words a line and three on average. What a picture's text recognition gave counts as
    labels only where it is next to nothing: a picture of a page of text is no figure.
    """
    inside = [i for i in _free(lines) if holds(area, *_middle(i.rect))]
    words = [len(i.text.split()) for i in inside]
    if any(n > 8 for n in words) or sum(words) > 3 * len(words):
        return None
    if len(inside) < 3 and any(n > 2 and is_ended(i.text) for n, i in zip(words, inside, strict=True)):
        return None  # a sentence on a photograph
    if sum(len(i.words) for i in inside if i.style.font == OCR_FONT) > 25:
        return None
    if any(i.style.size > 1.4 * body and len(i.text) > 12 for i in inside):
        return None  # a title on a picture or between ornaments
    return inside


def _free(lines: list[Line]) -> list[Line]:
    """The lines that may be labels: without a role, and neither a caption's first line nor one that goes on with it."""
    found: list[Line] = []
    caption: Line | None = None
    for line in sorted((i for i in lines if i.role in ("", "thumb_tab")), key=lambda i: (i.base, i.x0)):
        if CAPTION.match(line.text) or (caption is not None and _goes_on(caption, line)):
            caption = line
        else:
            found.append(line)
    return found


def _goes_on(above: Line, below: Line) -> bool:
    size = above.style.size
    alike = abs(below.style.size - size) < 0.2 and below.style.bold == above.style.bold
    return alike and above.x0 - size < below.x0 < above.x1 and 0 < below.base - above.base < 1.6 * size


def _with_axes(area: Rect, lines: list[Line], body: float) -> Rect:
    """A drawing with the labels that stand at its edges: numbers, or a few words in type smaller than the body's."""
    free = [i for i in _free(lines) if len(i.words) <= 4 and (i.style.size < 0.93 * body or _NUMBER.match(i.text))]
    for _ in range(3):
        near = [i.rect for i in free if _near(area, i.rect, 1.2 * body)]
        grown = area
        for box in near:
            grown = _union(grown, box)
        if grown == area:
            break
        area = grown
    return area


def _figure_line(page: int, area: Rect, labels: list[Line]) -> Line:
    words = [word for label in sorted(labels, key=lambda i: (round(i.base / 3), i.x0)) for word in label.words]
    x0, top = min([area[0], *(i.x0 for i in labels)]), min([area[1], *(i.top for i in labels)])
    x1, bottom = max([area[2], *(i.x1 for i in labels)]), max([area[3], *(i.bottom for i in labels)])
    style = labels[0].style if labels else _NO_STYLE
    return Line(page, words, x0, top, x1, bottom, bottom, style, role="figure")


def _drawings(page: RawPage, pictures: list[Rect]) -> list[Rect]:
    """Clusters of at least five painted or ruled shapes outside tables, some of them more than rules across."""
    shapes = [box for box, colour in page.fills if colour != 0xFFFFFF] + page.rules + pictures
    if not LEAST_SHAPES <= len(shapes) <= MAX_SHAPES:
        return []
    tables = [t.box for t in page.tables]
    shapes = [s for s in shapes if not _background(s, page) and not _on_table(s, tables)]
    return [box for box in _clusters(shapes) if box[2] - box[0] > 80 and box[3] - box[1] > 40]


def _background(shape: Rect, page: RawPage) -> bool:
    """Rules and painted areas as large as the page: they would make one cluster of all that is on it."""
    return shape[2] - shape[0] > 0.9 * page.width or shape[3] - shape[1] > 0.8 * page.height


def _on_table(shape: Rect, tables: list[Rect]) -> bool:
    x, y = _middle(shape)
    return any(holds((b[0] - 3, b[1] - 3, b[2] + 3, b[3] + 3), x, y) for b in tables)


def is_chart(table: RawTable, page: RawPage) -> bool:
    """Whether the grid of a table is that of a chart: most of its cells are empty, in the first column, too.

    Of 411 grids on real and generated pages the charts had at most .35 of their cells filled, the tables at least .61;
    a time plan with marks in some cells has names in its first column.
    """
    words = [((w.x0 + w.x1) / 2, (w.top + w.bottom) / 2) for w in page.words]
    words = [point for point in words if holds(table.box, *point)]
    filled = [[any(holds(c, *point) for point in words) for c in row if c] for row in table.rows]
    cells, first = sum(map(len, filled)), sum(row[0] for row in filled if row)
    return sum(map(sum, filled)) < 0.4 * cells and first < 0.7 * len(filled)


def _clusters(shapes: list[Rect]) -> list[Rect]:
    """Boxes round shapes that lie within 12 points of each other: five or more, not all of them rules across."""
    groups: list[tuple[Rect, int, int]] = []
    for shape in sorted(shapes):
        box, count, tall = shape, 1, int(shape[3] - shape[1] > 2.5)
        rest = []
        for other, number, upright in groups:
            if _near(box, other, 12):
                box, count, tall = _union(box, other), count + number, tall + upright
            else:
                rest.append((other, number, upright))
        groups = [*rest, (box, count, tall)]
    return sorted(box for box, count, tall in groups if count >= LEAST_SHAPES and tall >= 2)


def _joined(boxes: list[Rect], reach: float) -> list[Rect]:
    """Boxes that touch as one: programs cut pictures into slices."""
    groups: list[Rect] = []
    for box in sorted(boxes):
        near = [g for g in groups if _near(box, g, reach)]
        groups = [g for g in groups if g not in near]
        for other in near:
            box = _union(box, other)
        groups.append(box)
    return sorted(groups)


def _near(a: Rect, b: Rect, reach: float) -> bool:
    return a[0] < b[2] + reach and b[0] < a[2] + reach and a[1] < b[3] + reach and b[1] < a[3] + reach


def _overlap(a: Rect, b: Rect) -> bool:
    return _near(a, b, -2)


def _union(a: Rect, b: Rect) -> Rect:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _middle(box: Rect) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
