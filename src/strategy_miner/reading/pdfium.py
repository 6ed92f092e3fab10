"""The door to PDFium: words with place and style, paths, bookmarks, rendered pages.

PDFium is not thread-safe and may abort on hostile files: use it in a child process only.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as c

from strategy_miner.errors import ReadingError
from strategy_miner.reading.edges import MAX_OBJECTS, Edge, edges_of
from strategy_miner.reading.frames import PageFrame
from strategy_miner.reading.raw import Bookmark, RawPage, Rect
from strategy_miner.reading.textpage import TextPage

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST_PICTURE = 20  # points; smaller images are bullets and icons
MAX_PIXELS = 40_000_000  # of a rendered page; A4 at 200 dpi has 3.9 million
_ERRORS = {
    c.FPDF_ERR_FILE: ("cannot be opened", "Check that the file exists and may be read."),
    c.FPDF_ERR_FORMAT: ("is not a readable PDF (damaged, cut off or another format)", "Get the file again."),
    c.FPDF_ERR_PASSWORD: ("is encrypted and asks for a password", "Save a copy without a password."),
    c.FPDF_ERR_SECURITY: ("uses an unknown kind of encryption", "Save a copy without protection."),
}


class Pdf:
    """An open PDF. Close it, or use it in a with block."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        c.FPDF_InitLibrary()
        self._data = data
        self._document = c.FPDF_LoadMemDocument64(self._data, len(self._data), None)
        if not self._document:
            what, remedy = _ERRORS.get(c.FPDF_GetLastError(), _ERRORS[c.FPDF_ERR_FORMAT])
            raise ReadingError(what, name, remedy)
        self.pages: int = c.FPDF_GetPageCount(self._document)
        self._fonts: dict[int, tuple[str, bool, bool]] = {}
        # Bit 5 of the permissions (ISO 32000-1, table 22); all bits are set where nothing is encrypted.
        self.copying_refused = not c.FPDF_GetDocPermissions(self._document) & 0x10

    def __enter__(self) -> Pdf:
        return self

    def __exit__(self, *_: object) -> None:
        c.FPDF_CloseDocument(self._document)

    def page(self, index: int) -> RawPage:
        """The page at an index from 0. Raises ReadingError if PDFium cannot load it."""
        handle = c.FPDF_LoadPage(self._document, index)
        if not handle:
            raise ReadingError("page cannot be loaded", f"{self.name}, page {index + 1}", "Get the file again.")
        try:
            return self._read(handle, index)
        finally:
            c.FPDF_ClosePage(handle)

    def edges(self, index: int) -> list[Edge]:
        """The straight edges of what is painted on a page: see `edges.edges_of`."""
        handle = c.FPDF_LoadPage(self._document, index)
        try:
            return edges_of(handle, frame_of(handle)) if handle else []
        finally:
            c.FPDF_ClosePage(handle)

    def texts(self, index: int, boxes: Sequence[Rect]) -> list[tuple[str, ...]]:
        """What PDFium itself finds in each box of a page as shown: first in its middle, then in all of it.

        The middle leaves out the lines above and below, whose letters may reach into the box; signs that stand low or
        high (an underscore, an accent) are only found in all of it. None of this program's rules of reading take part.
        """
        handle = c.FPDF_LoadPage(self._document, index)
        text_page = c.FPDFText_LoadPage(handle) if handle else None
        if not text_page:
            return [() for _ in boxes]
        try:
            frame = frame_of(handle)
            return [tuple(_bounded(text_page, frame.stored(*part)) for part in (middle(box), box)) for box in boxes]
        finally:
            c.FPDFText_ClosePage(text_page)
            c.FPDF_ClosePage(handle)

    def _read(self, handle: Any, index: int) -> RawPage:
        frame = frame_of(handle)
        width, height = frame.size
        page = RawPage(index + 1, round(width, 2), round(height, 2))
        text_page = c.FPDFText_LoadPage(handle)
        if text_page:
            try:
                page.words = TextPage(text_page, frame, self._fonts).words()
            finally:
                c.FPDFText_ClosePage(text_page)
        _paths(handle, frame, page)
        return page

    def bookmarks(self, limit: int = 5000) -> list[Bookmark]:
        """The document's own outline in order, at most `limit` entries and 12 levels deep."""
        found: list[Bookmark] = []

        def walk(parent: Any, level: int) -> None:
            node = c.FPDFBookmark_GetFirstChild(self._document, parent)
            while node and len(found) < limit:
                found.append(self._bookmark(node, level))
                if level < 12:
                    walk(node, level + 1)
                node = c.FPDFBookmark_GetNextSibling(self._document, node)

        walk(None, 1)
        return found

    def _bookmark(self, node: Any, level: int) -> Bookmark:
        size = c.FPDFBookmark_GetTitle(node, None, 0)
        buffer = ctypes.create_string_buffer(size)
        c.FPDFBookmark_GetTitle(node, buffer, size)
        title = buffer.raw[: max(size - 2, 0)].decode("utf-16-le", "replace")
        target = c.FPDFBookmark_GetDest(self._document, node)
        page = c.FPDFDest_GetDestPageIndex(self._document, target) + 1 if target else 0
        return Bookmark(level, " ".join(title.split()), max(page, 0))

    def render(self, index: int, dpi: float, *, colour: bool = False) -> Image:
        """The page as a grey or coloured picture. Raises ReadingError if it would have more than MAX_PIXELS pixels."""
        import pypdfium2
        from PIL.Image import Image as Picture

        document = pypdfium2.PdfDocument(self._data)
        try:
            page = document[index]
            width, height = page.get_size()
            if width * height * (dpi / 72) ** 2 > MAX_PIXELS:
                raise ReadingError("page is too large to render", f"{self.name}, page {index + 1}", "Split it.")
            picture: Picture = page.render(scale=dpi / 72, grayscale=not colour).to_pil()
            page.close()
            return picture
        finally:
            document.close()

    def ink(self, index: int, page: RawPage) -> int:
        """How often the page at 72 dpi turns from light to dark along its rows, the words already read left out.

        Pictures of text have thousands of such changes, charts and photographs hundreds to some thousands.
        """
        from PIL import ImageDraw

        try:
            picture = self.render(index, 72)
        except ReadingError:
            return 0
        draw = ImageDraw.Draw(picture)
        for word in page.words:
            draw.rectangle((word.x0 - 1, word.top - 1, word.x1 + 1, word.bottom + 1), fill=255)
        pixels = picture.point([0 if v <= 150 else 255 for v in range(256)]).tobytes()
        return pixels.count(b"\xff\x00")


def frame_of(page: Any) -> PageFrame:
    """How an open page lies in PDFium's coordinates, by its handle."""
    box = c.FS_RECTF()
    c.FPDF_GetPageBoundingBox(page, ctypes.byref(box))
    return PageFrame(box.left, box.bottom, box.right, box.top, turns=c.FPDFPage_GetRotation(page))


def middle(box: Rect) -> Rect:
    """The part of a word's box in which its letters stand, and no others: clear of the lines before and after."""
    x0, top, x1, bottom = box
    across, down = x1 - x0, bottom - top
    if down > 1.5 * across:  # a line that runs up or down the page; which side its foot is on does not show
        return x0 + 0.22 * across, top + min(0.25, down / 4), x1 - 0.22 * across, bottom - min(0.25, down / 4)
    return x0 + min(0.25, across / 4), top + 0.2 * down, x1 - min(0.25, across / 4), bottom - 0.24 * down


def _bounded(text_page: Any, place: Rect) -> str:
    left, bottom, right, top = place
    size = c.FPDFText_GetBoundedText(text_page, left, top, right, bottom, None, 0)
    if size <= 0:
        return ""
    buffer = (ctypes.c_ushort * (size + 1))()
    written = c.FPDFText_GetBoundedText(text_page, left, top, right, bottom, buffer, size)
    return bytes(buffer)[: 2 * written].decode("utf-16-le", "replace").replace("\0", "")


def _paths(page: Any, frame: PageFrame, raw: RawPage) -> None:
    """Thin lines to `rules`, painted areas to `fills`, images to `images` and `pictures`."""
    area, budget = 0.0, MAX_OBJECTS
    left, low, right, top = (ctypes.c_float() for _ in range(4))
    for index in range(min(c.FPDFPage_CountObjects(page), budget)):
        item = c.FPDFPage_GetObject(page, index)
        kind = c.FPDFPageObj_GetType(item)
        if kind not in (c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_IMAGE, c.FPDF_PAGEOBJ_SHADING):
            continue
        if not c.FPDFPageObj_GetBounds(item, *(ctypes.byref(v) for v in (left, low, right, top))):
            continue
        box = frame.rect(left.value, low.value, right.value, top.value)
        if kind == c.FPDF_PAGEOBJ_IMAGE:
            x0, y0, x1, y1 = max(box[0], 0.0), max(box[1], 0.0), min(box[2], raw.width), min(box[3], raw.height)
            area += max(x1 - x0, 0.0) * max(y1 - y0, 0.0)
            if max(x1 - x0, y1 - y0) > LEAST_PICTURE:  # a slice of a picture may be low
                raw.pictures.append((x0, y0, x1, y1))
        elif box[2] - box[0] < 2.5 or box[3] - box[1] < 2.5:
            raw.rules.append(box)
        elif kind == c.FPDF_PAGEOBJ_PATH:
            _add_path(item, box, raw)
    raw.images = round(min(area / max(raw.width * raw.height, 1.0), 1.0), 3)


def _add_path(item: Any, box: Rect, raw: RawPage) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    c.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
    r, g, b, alpha = (ctypes.c_uint() for _ in range(4))
    if fill.value:
        c.FPDFPageObj_GetFillColor(item, *(ctypes.byref(v) for v in (r, g, b, alpha)))
        if alpha.value > 8:
            raw.fills.append((box, (r.value << 16) | (g.value << 8) | b.value))
    if stroke.value and c.FPDFPath_CountSegments(item) <= 6:  # a frame is four rules
        x0, top, x1, bottom = box
        raw.rules += [(x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom)]
