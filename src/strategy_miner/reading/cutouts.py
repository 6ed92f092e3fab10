"""Pictures of passages on their pages, with a little of what stands around them and their words marked."""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.errors import ReadingError
from strategy_miner.reading.process import drawn
from strategy_miner.reading.raw import Rect
from strategy_miner.records import Box, Cutout, Passage

if TYPE_CHECKING:
    from PIL.Image import Image

SCALE = 2.0  # pixels per point: type of 10 points is 20 pixels high, sharp on a phone
MAX_WIDTH = 1300  # pixels; wider places are drawn smaller, their type is larger, too
COLOURS = 32  # of the palette; 16 KB for a paragraph, with more files grow and nothing reads better
BESIDE, ABOVE, BELOW = 10.0, 28.0, 28.0  # points of context; a line of text has 12 to 16
_SHOWN_BELOW = {"segment": BELOW, "field": 60.0, "measure": 170.0}  # a name stands above what it names
_APART = 150.0  # points without a marked word from which a passage is shown in two places
_MARK, _LINE = (255, 235, 120), (196, 84, 0)
_DARK = 110  # mean grey value of a ground on which yellow would not show
_GLARE = (110, 84, 0)  # what is added to it instead
_INK = 90  # grey values by which print differs from its ground, and the noise of a scan does not
_GAP = 14  # pixels between two places


def cut_outs(path: Path, passages: Sequence[Passage]) -> list[Cutout]:
    """One picture per passage of a PDF, in their order; the file is opened once and each page drawn once.

    A passage in several columns or on several pages is one picture, its places one below the other. Where a page
    cannot be drawn its passages have the reason not_drawn. Raises ReadingError if the file cannot be drawn at all.
    """
    wanted = {passage: shown_places(passage) for passage in passages if not passage.reason}
    by_page: defaultdict[int, dict[Box, None]] = defaultdict(dict)
    for places in wanted.values():
        for place in places:
            by_page[place[0]][place] = None
    orders = [(page, SCALE, [place[1:] for place in places]) for page, places in sorted(by_page.items())]
    pictures: dict[Box, tuple[Box, Image]] = {}
    for page, shown, found in drawn(path, orders) if orders else ():
        if not isinstance(found, ReadingError):
            kept = ((page, *_rounded(rect)) for rect in shown)
            pictures |= zip(by_page[page], zip(kept, found, strict=True), strict=True)
    return [_cut_out(p, [pictures.get(place) for place in wanted.get(p, [])]) for p in passages]


def _cut_out(passage: Passage, places: Sequence[tuple[Box, Image] | None]) -> Cutout:
    from PIL import Image as Pictures

    own = (passage.kind, passage.id, passage.document_id, passage.text)
    found = [place for place in places if place is not None]
    if passage.reason or not found or len(found) < len(places):
        page = passage.marks[0][0] if passage.marks else None
        return Cutout(*own, page, reason=passage.reason or "not_drawn")
    marks = lines(passage.marks)
    found = [_between_lines(picture, box, marks) for box, picture in found]
    whole = _stacked([_marked(picture, box, marks) for box, picture in found])
    file = io.BytesIO()
    whole.quantize(COLOURS, method=Pictures.Quantize.FASTOCTREE, dither=Pictures.Dither.NONE).save(file, "PNG")
    data = file.getvalue()
    return Cutout(
        *own, found[0][0][0], tuple(box for box, _ in found), marks, f"{passage.kind}-{passage.id}.png",
        whole.width, whole.height, hashlib.sha256(data).hexdigest(), "", data,
    )  # fmt: skip


def lines(words: Iterable[Box]) -> tuple[Box, ...]:
    """Boxes of words joined where they stand side by side in one line, in reading order."""
    done: list[Box] = []
    for word in words:
        if done and done[-1][0] == word[0]:
            page, x0, top, x1, bottom = done[-1]
            height = min(bottom - top, word[4] - word[2])
            level = min(bottom, word[4]) - max(top, word[2]) > 0.5 * height
            if level and -0.5 * height < word[1] - x1 < 1.5 * height:
                done[-1] = (page, x0, min(top, word[2]), max(x1, word[3]), max(bottom, word[4]))
                continue
        done.append(word)
    return tuple(done)


def shown_places(passage: Passage) -> list[Box]:
    """The places on pages where the words of a passage stand, with their surroundings, in reading order."""
    places: list[Box] = []
    for line in lines(passage.marks):
        if places and _goes_on(places[-1], line, passage.together):
            places[-1] = _around(places[-1], line)
        else:
            places.append(line)
    joined: list[Box] = []
    for place in places:
        other = next((k for k, box in enumerate(joined) if _overlap(box, place)), None)
        if other is None:
            joined.append(place)
        else:
            joined[other] = _around(joined[other], place)
    return [_with_context(place, passage) for place in joined]


def _goes_on(place: Box, line: Box, together: bool) -> bool:
    """Whether a line belongs to the place before it: not on another page or in the next column, nor far below."""
    if line[0] != place[0] or together:
        return line[0] == place[0]
    height = line[4] - line[2]
    beside = line[4] < place[4] - height and (line[1] > place[3] - height or line[4] < place[2])
    return not beside and line[2] - place[4] < _APART


def _around(a: Box, b: Box) -> Box:
    return (a[0], min(a[1], b[1]), min(a[2], b[2]), max(a[3], b[3]), max(a[4], b[4]))


def _overlap(a: Box, b: Box) -> bool:
    return a[0] == b[0] and a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]


def _with_context(place: Box, passage: Passage) -> Box:
    """A place with a line or two above and below, as wide as what it is part of."""
    page, x0, top, x1, bottom = place
    low = bottom + _SHOWN_BELOW[passage.kind]
    near = [b for b in passage.around if b[0] == page and b[2] < low and b[4] > top and b[1] < x1 and b[3] > x0]
    left, right = min([x0, *(b[1] for b in near)]), max([x1, *(b[3] for b in near)])
    if passage.kind != "segment":
        low = max(bottom, min(low, max((b[4] for b in near), default=bottom))) + 4
    return (page, *_rounded((left - BESIDE, top - ABOVE, right + BESIDE, low)))


def _between_lines(picture: Image, box: Box, marks: Sequence[Box]) -> tuple[Box, Image]:
    """A place without the half lines at its upper and lower edge, where blank rows part them from the marked lines."""
    page, x0, top, x1, bottom = box
    inside = [mark for mark in marks if mark[0] == page and mark[2] < bottom and mark[4] > top]
    grey = picture.convert("L")
    first = max(0, round((min(mark[2] for mark in inside) - top) * SCALE) - 2)
    last = min(grey.height, round((max(mark[4] for mark in inside) - top) * SCALE) + 3)
    upper = _blank_row(grey, range(first))
    lower = _blank_row(grey, range(grey.height - 1, last - 1, -1)) + 1
    if (upper, lower) == (0, grey.height):
        return box, picture
    cut = _rounded((x0, top + upper / SCALE, x1, top + lower / SCALE))
    return (page, *cut), picture.crop((0, upper, picture.width, lower))


def _blank_row(grey: Image, rows: range) -> int:
    """The first of some rows of pixels without ink; the first of all where there is none."""
    for row in rows:
        shades = [n for n, count in enumerate(grey.crop((0, row, grey.width, row + 1)).histogram()) if count]
        if shades[-1] - shades[0] < _INK:
            return row
    return rows[0] if rows else (0 if rows.step > 0 else grey.height - 1)


def _marked(picture: Image, box: Box, marks: Sequence[Box]) -> Image:
    """The picture of a place with the ground of the marked lines in yellow, or lit where it is dark, and underlined."""
    from PIL import Image as Pictures
    from PIL import ImageChops, ImageDraw, ImageStat

    page, left, above, right, low = box
    paper, light = Pictures.new("RGB", picture.size, "white"), Pictures.new("RGB", picture.size, "black")
    on_paper, on_light = ImageDraw.Draw(paper), ImageDraw.Draw(light)
    strokes = []
    for number, x0, top, x1, bottom in marks:
        if number != page or x1 < left or x0 > right or bottom < above or top > low:
            continue
        frame = (
            round((x0 - left) * SCALE) - 2, round((top - above) * SCALE) - 1,
            round((x1 - left) * SCALE) + 2, round((bottom - above) * SCALE) + 1,
        )  # fmt: skip
        ground = picture.crop(frame).convert("L")
        if ImageStat.Stat(ground).median[0] < _DARK:
            on_light.rectangle(frame, fill=_GLARE)
        else:
            on_paper.rectangle(frame, fill=_MARK)
        strokes.append((frame[0], frame[3] + 1, frame[2], frame[3] + 1))
    done = ImageChops.add(ImageChops.multiply(picture, paper), light)
    draw = ImageDraw.Draw(done)
    for stroke in strokes:
        draw.line(stroke, fill=_LINE, width=2)
    return done


def _stacked(pictures: Sequence[Image]) -> Image:
    """Pictures one below the other, a dashed line between them, at most MAX_WIDTH wide."""
    from PIL import Image as Pictures
    from PIL import ImageDraw

    if len(pictures) == 1:
        whole = pictures[0]
    else:
        width = max(p.width for p in pictures)
        whole = Pictures.new("RGB", (width, sum(p.height + _GAP for p in pictures) - _GAP), "white")
        draw = ImageDraw.Draw(whole)
        y = 0
        for picture in pictures:
            if y:
                for x in range(0, width, 16):
                    draw.line((x, y - _GAP // 2, x + 8, y - _GAP // 2), fill=(120, 120, 120), width=2)
            whole.paste(picture, (0, y))
            y += picture.height + _GAP
    if whole.width > MAX_WIDTH:
        size = (MAX_WIDTH, max(1, round(whole.height * MAX_WIDTH / whole.width)))
        whole = whole.resize(size, Pictures.Resampling.LANCZOS)
    return whole


def _rounded(rect: Rect) -> Rect:
    x0, top, x1, bottom = (round(v, 2) for v in rect)
    return x0, top, x1, bottom
