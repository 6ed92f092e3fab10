"""A page with its blocks drawn over it: the quickest way to see what was misread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.records import Page

if TYPE_CHECKING:
    from PIL.Image import Image

COLOURS = {
    "heading": (200, 0, 0), "paragraph": (0, 90, 200), "list_item": (0, 150, 130), "table": (150, 80, 0),
    "caption": (170, 0, 170), "footnote": (120, 120, 0), "box": (230, 120, 0), "toc": (90, 90, 90),
    "running_head": (150, 150, 150), "page_number": (150, 150, 150), "margin_note": (100, 0, 200),
    "line_number": (190, 190, 190), "thumb_tab": (190, 190, 190), "figure": (0, 140, 0),
    "hidden": (255, 0, 255),
}  # fmt: skip


def overlay(path: Path, page: int, pages: list[Page], scale: float = 1.5) -> Image:
    """The page (from 1) as a picture, every line of every block framed, blocks numbered in reading order.

    `pages` is what `read` gave for the file. Raises ReadingError if there is no such page.
    """
    from PIL import ImageDraw

    from strategy_miner.reading.process import rendered

    picture: Image = rendered(path, page, scale)
    draw = ImageDraw.Draw(picture)
    for found in pages:
        for block in found.blocks:
            first = True
            for number, x0, top, x1, bottom in block.boxes:
                if number != page:
                    continue
                frame = [value * scale for value in (x0, top, x1, bottom)]
                draw.rectangle(frame, outline=COLOURS[block.kind], width=1)
                if first:
                    label = f"{block.order} {block.kind}{block.level or ''}"
                    draw.text((frame[0], max(frame[1] - 10, 0)), label, fill=COLOURS[block.kind])
                    first = False
    return picture
