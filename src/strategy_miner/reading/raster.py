"""Ruled lines in the picture of a scanned page: found for the layout, and painted over before tesseract looks.

A letter that touches the grid of a table gets a box as high as its row, and the grid itself is read as bars.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from strategy_miner.reading.raw import Rect

if TYPE_CHECKING:
    from PIL.Image import Image

CONTRAST = 28  # grey values that a line is darker than what is above and below it
LEAST_RUN = 0.2  # inches of a line in one row of pixels; a skewed line climbs from row to row
LEAST_LINE = 0.5  # inches; a dash or the bar of a letter is shorter
EVEN = 0.85  # share of a run's pixels that must be dark
THICK = 0.03  # inches; what is thicker is a bar of a chart or a letter
DOT = 0.03  # inches; the dot of a leader is smaller
LEAST_DOTS = 8  # of a leader
MANY_DOTS = 100_000  # pixels of dots; more on a page are the screen of a print, or grain
_TILE = 32  # pixels of the squares whose median is taken for the paper

_SQUARE = 8  # pixels of the finer squares that tinted areas are made of
TINT = (10, 110)  # grey values that a tinted area is darker than the page; bars of charts are darker still
DARK = 110  # grey values below which a ground bears light letters

Run = tuple[int, int, int]  # row, first column, column after the last


def without_rules(picture: Image, dpi: int) -> tuple[Image, list[Rect]]:
    """A grey picture without its ruled lines, and these in points: across first, each by top and left."""
    import numpy as np
    from PIL import Image as Pictures

    pixels = np.asarray(picture.convert("L"), dtype=np.int16)
    if min(pixels.shape) < 2 * _TILE:
        return picture, []
    paper = _paper(pixels)
    cleaned = pixels.copy()
    rules: list[Rect] = []
    for turned in (False, True):
        # Views: painting a run paints the picture.
        field, target, ground = (a.T if turned else a for a in (pixels, cleaned, paper))
        for runs in _chains(_runs(field, dpi), dpi):
            _paint(target, ground, runs, max(2, round(THICK * dpi / 2)))
            x0, x1 = min(r[1] for r in runs), max(r[2] for r in runs)
            y = sum(r[0] * (r[2] - r[1]) for r in runs) / sum(r[2] - r[1] for r in runs)
            along = [v * 72 / dpi for v in (x0, y - 1, x1, y + 1)]
            order = (1, 0, 3, 2) if turned else (0, 1, 2, 3)
            a, b, c, d = (round(along[i], 2) for i in order)
            rules.append((a, b, c, d))
    across = sorted((r for r in rules if r[2] - r[0] >= r[3] - r[1]), key=lambda r: (r[1], r[0]))
    down = sorted((r for r in rules if r[2] - r[0] < r[3] - r[1]), key=lambda r: (r[0], r[1]))
    return Pictures.fromarray(cleaned.astype(np.uint8)), across + down


def _paper(pixels: Any) -> Any:
    """The grey of the ground at each pixel: the median of its tile, so that a tinted cell counts as paper."""
    import numpy as np

    height, width = pixels.shape
    rows, columns = -(-height // _TILE), -(-width // _TILE)
    padded = np.pad(pixels, ((0, rows * _TILE - height), (0, columns * _TILE - width)), mode="edge")
    tiles = padded.reshape(rows, _TILE, columns, _TILE).transpose(0, 2, 1, 3).reshape(rows, columns, -1)
    ground = np.median(tiles, axis=2).astype(np.int16)
    return np.repeat(np.repeat(ground, _TILE, axis=0), _TILE, axis=1)[:height, :width]


def _runs(pixels: Any, dpi: int) -> list[Run]:
    """Stretches of evenly dark pixels along a row with lighter ones above and below: rows of letters are thicker."""
    import numpy as np

    span = 9  # pixels averaged along the line, against the grain of the scan
    total = np.cumsum(np.pad(pixels.astype(np.int32), ((0, 0), (span // 2 + 1, span // 2)), mode="edge"), axis=1)
    mean = (total[:, span:] - total[:, :-span]) / span
    away = max(3, round(THICK * dpi))
    light = np.zeros_like(mean)
    light[away:-away] = np.minimum(mean[: -2 * away], mean[2 * away :])
    depth = light - mean
    edges = np.diff(np.pad(depth > CONTRAST, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    starts, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    found = []
    for (row, first), (_, last) in zip(starts.tolist(), ends.tolist(), strict=True):
        if last - first < LEAST_RUN * dpi:
            continue
        single = light[row, first:last] - pixels[row, first:last]
        # Small type is as thin as a line, but light between its strokes.
        if np.mean(single > 0.4 * np.median(depth[row, first:last])) > EVEN:
            found.append((row, first, last))
    return found


def _chains(runs: list[Run], dpi: int) -> list[list[Run]]:
    """Runs that touch, up to two rows and a small gap apart, as lines that are long and straight enough."""
    chains: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (r[1], r[0])):
        joined = next((c for c in reversed(chains) if any(_touch(run, other, dpi) for other in c[-12:])), None)
        if joined is None:
            chains.append([run])
        else:
            joined.append(run)
    kept = []
    for chain in chains:
        length = max(r[2] for r in chain) - min(r[1] for r in chain)
        rise = max(r[0] for r in chain) - min(r[0] for r in chain)
        if length >= LEAST_LINE * dpi and rise <= 0.03 * length + THICK * dpi:
            kept.append(chain)
    return kept


def _touch(run: Run, other: Run, dpi: int) -> bool:
    gap = 0.12 * dpi
    return abs(run[0] - other[0]) <= 3 and run[1] <= other[2] + gap and other[1] <= run[2] + gap


def _paint(target: Any, ground: Any, runs: list[Run], half: int) -> None:
    for row, first, last in runs:
        rows = slice(max(row - half, 0), row + half + 1)
        target[rows, first:last] = ground[rows, first:last]


def tinted_areas(picture: Image, dpi: int) -> list[tuple[Rect, int]]:
    """Boxes with a tinted ground in points, with their colour as RGB: rectangles of squares darker than the page."""
    import numpy as np

    ground = _ground(picture)
    page = int(np.median(ground))
    return _boxes(ground, (ground < page - TINT[0]) & (ground > page - TINT[1]), dpi)


def dark_on_light(picture: Image, dpi: int) -> Image:
    """A grey picture in which the page, or boxes on it, are dark letters on light ground where they were white on dark.

    Tesseract looks for light letters by itself only line by line, and then loses many.
    """
    import numpy as np
    from PIL import ImageOps

    picture = picture.convert("L")
    ground = _ground(picture)
    if np.median(ground) < DARK:
        picture, ground = ImageOps.invert(picture), 255 - ground
    for box, _ in _boxes(ground, ground < DARK, dpi):
        x0, top, x1, bottom = (round(v * dpi / 72) for v in box)
        picture.paste(ImageOps.invert(picture.crop((x0, top, x1, bottom))), (x0, top))
    return picture


def _ground(picture: Image) -> Any:
    """The grey of the ground by squares: a bright part of their pixels, so that letters do not count."""
    import numpy as np

    if min(picture.size) < _SQUARE:
        picture = picture.resize((max(picture.width, _SQUARE), max(picture.height, _SQUARE)))
    pixels = np.asarray(picture.convert("L"))
    rows, columns = (n // _SQUARE for n in pixels.shape)
    tiles = pixels[: rows * _SQUARE, : columns * _SQUARE].reshape(rows, _SQUARE, columns, _SQUARE)
    return np.percentile(tiles.transpose(0, 2, 1, 3).reshape(rows, columns, -1), 70, axis=2).astype(int)


def _boxes(ground: Any, chosen: Any, dpi: int) -> list[tuple[Rect, int]]:
    """The rectangles that chosen squares make, in points, with their grey as RGB."""
    import numpy as np

    found = []
    unit = _SQUARE * 72 / dpi
    for area in _areas({(int(r), int(c)) for r, c in np.argwhere(chosen)}):
        top, left = (min(t[axis] for t in area) for axis in (0, 1))
        bottom, right = (max(t[axis] for t in area) + 1 for axis in (0, 1))
        x0, y0, x1, y1 = (round(v * unit, 2) for v in (left, top, right, bottom))
        if len(area) > 0.8 * (bottom - top) * (right - left) and x1 - x0 > 60 and y1 - y0 > 18:
            grey = int(np.median(ground[top:bottom, left:right]))
            found.append(((x0, y0, x1, y1), grey * 0x010101))
    return sorted(found)


def _areas(squares: set[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The squares that touch side by side, area by area."""
    areas = []
    left = set(squares)
    for start in sorted(squares):
        if start not in left:
            continue
        left.discard(start)
        area, edge = [start], [start]
        while edge:
            row, column = edge.pop()
            for near in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
                if near in left:
                    left.discard(near)
                    area.append(near)
                    edge.append(near)
        areas.append(area)
    return areas


def without_leaders(picture: Image, dpi: int) -> tuple[Image, list[Rect]]:
    """A grey picture without the rows of dots that lead to a page number, and their boxes in points.

    Tesseract reads them as letters, and with them parts of the entry before or the number after.
    """
    import numpy as np
    from PIL import Image as Pictures

    pixels = np.asarray(picture.convert("L"), dtype=np.int16)
    if min(pixels.shape) < 2 * _TILE:
        return picture, []
    paper = _paper(pixels)
    single = _isolated(paper - pixels > 2 * CONTRAST, round(DOT * dpi / 2))
    spots = {(int(r), int(c)) for r, c in np.argwhere(single)} if single.sum() < MANY_DOTS else set()
    dots = []
    for area in _areas(spots):
        (top, left), (bottom, right) = (tuple(f(t[axis] for t in area) for axis in (0, 1)) for f in (min, max))
        if right > left and bottom > top:  # a single pixel is grain
            dots.append((left, top, right + 1, bottom + 1))
    cleaned, leaders = pixels.copy(), []
    for row in _dotted(dots, dpi):
        x0, top, x1, bottom = (f(b[n] for b in row) for n, f in enumerate((min, min, max, max)))
        leaders.append((x0 * 72 / dpi, top * 72 / dpi, x1 * 72 / dpi, bottom * 72 / dpi))
        for left, upper, right, lower in row:
            part = slice(max(upper - 2, 0), lower + 2), slice(max(left - 2, 0), right + 2)
            cleaned[part] = paper[part]
    return Pictures.fromarray(cleaned.astype(np.uint8)), leaders


def _isolated(dark: Any, reach: int) -> Any:
    """Dark pixels with nothing dark on the square `reach` + 1 around them: those of small spots."""
    import numpy as np

    def within(radius: int) -> Any:
        total = np.pad(dark.astype(np.int32), radius).cumsum(0).cumsum(1)
        total = np.pad(total, ((1, 0), (1, 0)))
        side = 2 * radius + 1
        return total[side:, side:] - total[:-side, side:] - total[side:, :-side] + total[:-side, :-side]

    return dark & (within(reach) == within(reach + 1))


def _dotted(dots: list[tuple[int, int, int, int]], dpi: int) -> list[list[tuple[int, int, int, int]]]:
    """Dots side by side at even distances: at least LEAST_DOTS of them."""
    near = round(0.12 * dpi)
    rows: dict[int, list[tuple[int, int, int, int]]] = {}
    chains: list[list[tuple[int, int, int, int]]] = []
    for dot in sorted(dots):
        level = dot[3]
        chain = next(
            (c for y in (level, level - 1, level + 1) if (c := rows.get(y)) and dot[0] - c[-1][2] <= near), None
        )
        if chain is None or dot[0] <= chain[-1][2]:
            chain = []
            chains.append(chain)
        chain.append(dot)
        rows[level] = chain
    found = []
    for chain in chains:
        steps = sorted(b[0] - a[0] for a, b in pairwise(chain))
        even = [s for s in steps if abs(s - steps[len(steps) // 2]) <= 2]
        long = len(chain) >= LEAST_DOTS and chain[-1][2] - chain[0][0] > LEAST_LINE * dpi
        if long and len(even) >= 0.7 * len(steps):
            found.append(chain)
    return sorted(found, key=lambda c: (c[0][1], c[0][0]))


def stroke_width(pixels: Any) -> float:
    """How thick the strokes of the letters in a grey picture are on average, in pixels; 0 where there are none.

    Twice the inked area over the length of its outline, as steps of grey along rows and columns: blur leaves both.
    """
    import numpy as np

    if min(pixels.shape) < 3:
        return 0.0
    ink, paper = np.percentile(pixels, (3, 85))
    if paper - ink < 40:
        return 0.0
    # The grain of the scan, on paper and on ink, is cut off at both ends.
    depth = np.clip(((paper - pixels) / (paper - ink) - 0.25) / 0.5, 0.0, 1.0)
    outline = np.abs(np.diff(depth, axis=0)).sum() + np.abs(np.diff(depth, axis=1)).sum()
    return float(4 * depth.sum() / outline) if outline else 0.0
