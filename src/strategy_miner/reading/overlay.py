"""A page with its blocks drawn over it: the quickest way to see what was misread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strategy_miner.records import Block, Page

if TYPE_CHECKING:
    from PIL.Image import Image

Frame = tuple[float, float, float, float]  # in pixels

COLOURS = {
    "heading": (200, 0, 0), "paragraph": (0, 90, 200), "list_item": (0, 150, 130), "table": (150, 80, 0),
    "caption": (170, 0, 170), "footnote": (120, 120, 0), "box": (230, 120, 0), "toc": (90, 90, 90),
    "running_head": (140, 140, 140), "page_number": (140, 140, 140), "margin_note": (100, 0, 200),
    "line_number": (170, 170, 170), "thumb_tab": (170, 170, 170), "figure": (0, 140, 0),
    "hidden": (255, 0, 255),
}  # fmt: skip
SHORT = {
    "heading": "h", "paragraph": "p", "list_item": "li", "table": "tab", "caption": "cap", "footnote": "fn",
    "box": "box", "toc": "toc", "running_head": "head", "page_number": "pg", "margin_note": "mn",
    "line_number": "ln", "thumb_tab": "tt", "figure": "fig", "hidden": "hid",
}  # fmt: skip
_WHOLE = ("table", "box", "figure", "toc")  # one frame round all their lines, wherever they stand
_ORDER = (60, 60, 60, 190)


def overlay(path: Path, page: int, pages: list[Page], scale: float = 1.5) -> Image:
    """The page (from 1) as a picture with its blocks framed, and a legend of their kinds below it.

    A label gives the block's place in the reading order, its kind and level ("12 h2"); a grey line leads from each
    block of the text to the next. A block in two columns has two frames. `pages` is what `read` gave for the file.
    Raises ReadingError if there is no such page.
    """
    from PIL import Image as Pictures
    from PIL import ImageDraw, ImageFont

    from strategy_miner.reading.process import rendered

    picture: Image = rendered(path, page, scale).convert("RGBA")
    glass = Pictures.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(glass)
    font = ImageFont.load_default(max(8.0, 6.5 * scale))
    blocks = [(b, frames) for found in pages for b in found.blocks if (frames := list(_frames(b, page, scale)))]
    _draw_order(draw, blocks, scale)
    for block, frames in blocks:
        colour = COLOURS[block.kind]
        for frame in frames:
            draw.rectangle(frame, fill=(*colour, 22), outline=(*colour, 200), width=max(1, round(0.7 * scale)))
    for block, frames in blocks:
        _draw_label(draw, block, frames[0], font)
    kinds = sorted({b.kind for b, _ in blocks}, key=list(COLOURS).index)
    return _with_legend(Pictures.alpha_composite(picture, glass).convert("RGB"), kinds, font)


def _frames(block: Block, page: int, scale: float) -> Iterator[Frame]:
    """The frames of a block's lines on a page: lines one below the other share one."""
    frame: Frame | None = None
    for number, *box in block.boxes:
        if number != page:
            continue
        x0, top, x1, bottom = (value * scale for value in box)
        if frame is not None:
            below = x0 < frame[2] and x1 > frame[0] and frame[1] - 2 * scale < top < frame[3] + 2 * (bottom - top)
            beside = abs(top - frame[1]) < 0.5 * (bottom - top) > x0 - frame[2]
            if not (below or beside or block.kind in _WHOLE):
                yield frame
                frame = None
        if frame is None:
            frame = (x0, top, x1, bottom)
        else:
            frame = (min(frame[0], x0), min(frame[1], top), max(frame[2], x1), max(frame[3], bottom))
    if frame is not None:
        yield frame


def _draw_order(draw: Any, blocks: list[tuple[Block, list[Frame]]], scale: float) -> None:
    """Lines from the end of each frame to the start of the next one in reading order."""
    frames = [frame for _, frames in sorted(blocks, key=lambda pair: pair[0].order) for frame in frames]
    points = [point for x0, top, x1, bottom in frames for point in (((x0 + x1) / 2, top), ((x0 + x1) / 2, bottom))]
    for start, end in zip(points[1::2], points[2::2], strict=False):
        draw.line((start, end), fill=_ORDER, width=max(1, round(0.6 * scale)))
        draw.circle(end, 1.6 * scale, fill=_ORDER)


def _draw_label(draw: Any, block: Block, frame: Frame, font: Any) -> None:
    """A chip with number and kind to the left of the frame, or above it where the page ends."""
    text = f"{block.order} {SHORT[block.kind]}{block.level or ''}"
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    width, height = right - left + 4, bottom - top + 4
    x, y = (frame[0] - width, frame[1]) if frame[0] >= width else (frame[0], max(frame[1] - height, 0))
    draw.rectangle((x, y, x + width, y + height), fill=(*COLOURS[block.kind], 215))
    draw.text((x + 2 - left, y + 2 - top), text, fill="white", font=font)


def _with_legend(picture: Image, kinds: list[str], font: Any) -> Image:
    """The picture with a strip below it that names the kinds on the page."""
    from PIL import Image as Pictures
    from PIL import ImageDraw

    size = round(font.size)
    x, y = size, round(0.6 * size)
    places = []
    for kind in kinds:
        text = f"{SHORT[kind]} {kind}".replace("_", " ")
        width = round(font.getlength(text)) + 3 * size
        if x + width > picture.width and x > size:
            x, y = size, y + round(1.7 * size)
        places.append((kind, text, x, y))
        x += width
    whole = Pictures.new("RGB", (picture.width, picture.height + (y + round(1.8 * size)) * bool(kinds)), "white")
    whole.paste(picture, (0, 0))
    draw = ImageDraw.Draw(whole)
    for kind, text, x, y in places:
        draw.rectangle((x, picture.height + y, x + size, picture.height + y + size), fill=COLOURS[kind])
        draw.text((x + 1.5 * size, picture.height + y - 0.1 * size), text, fill="black", font=font)
    return whole
