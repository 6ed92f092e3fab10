"""The door to PDFium: words with place and style, paths, bookmarks, rendered pages.

One text call per page, two box calls per word, style once per text object: measured 15 times the speed of asking
for every character. PDFium is not thread-safe and may abort on hostile files: use it in a child process only.
"""

from __future__ import annotations

import ctypes
import math
import re
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as c

from strategy_miner.errors import ReadingError
from strategy_miner.reading.raw import Bookmark, RawPage, RawWord, Rect, Style

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_CHARS = 400_000  # characters on one page; a page of a book has about 3,000
MAX_OBJECTS = 60_000  # page objects looked at for lines, fills and images
LEAST_PICTURE = 20  # points; smaller images are bullets, icons and slices of a picture
MAX_PIXELS = 40_000_000  # of a rendered page; A4 at 200 dpi has 3.9 million
LINE_END_HYPHEN = "￾"  # PDFium's sign for a hyphen at a line end
_TOKEN = re.compile(r"[^\s￾\x02]+[￾\x02]?|[￾\x02]")
_BOLD = re.compile(r"bold|black|heavy|semib|demi|fett|(?<![a-z])bd(?![a-z])|cmbx|cmssbx|sfbx|-bx", re.IGNORECASE)
_SLANT = re.compile(r"italic|oblique|kursiv|slanted|(?<![a-z])it(?![a-z])|cmti|sfti", re.IGNORECASE)
_SYMBOLS = re.compile(r"dingbats|wingdings|webdings", re.IGNORECASE)
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

    def _read(self, handle: Any, index: int) -> RawPage:
        frame = Frame(handle)
        page = RawPage(index + 1, round(frame.width, 2), round(frame.height, 2))
        text_page = c.FPDFText_LoadPage(handle)
        if text_page:
            try:
                page.words = _words(text_page, frame, self._fonts)
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


class Frame:
    """Turns PDFium's page coordinates (origin bottom left, unrotated) into those of the page as shown."""

    def __init__(self, page: Any) -> None:
        box = c.FS_RECTF()
        c.FPDF_GetPageBoundingBox(page, ctypes.byref(box))
        self.left, self.bottom, self.right, self.top = box.left, box.bottom, box.right, box.top
        self.rotation: int = c.FPDFPage_GetRotation(page)
        across, up = self.right - self.left, self.top - self.bottom
        self.width, self.height = (up, across) if self.rotation % 2 else (across, up)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page as shown."""
        if self.rotation == 0:
            return x - self.left, self.top - y
        if self.rotation == 1:
            return y - self.bottom, x - self.left
        if self.rotation == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def rect(self, x0: float, y0: float, x1: float, y1: float) -> Rect:
        """A box of the page as shown."""
        (a, b), (d, e) = self.point(x0, y0), self.point(x1, y1)
        return round(min(a, d), 2), round(min(b, e), 2), round(max(a, d), 2), round(max(b, e), 2)


def _page_text(text_page: Any) -> str:
    count = min(c.FPDFText_CountChars(text_page), MAX_CHARS)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count * 2 + 2))()
    written = c.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    # Some characters have no text of their own; then positions only agree when asked one by one.
    return "".join(chr(c.FPDFText_GetUnicode(text_page, i) or 32) for i in range(count))


def _words(text_page: Any, frame: Frame, fonts: dict[int, tuple[str, bool, bool]]) -> list[RawWord]:
    text = _page_text(text_page)
    styles: dict[int, Style] = {}
    words: list[RawWord] = []

    def style_at(index: int) -> tuple[int, Style]:
        run = ctypes.cast(c.FPDFText_GetTextObject(text_page, index), ctypes.c_void_p).value or 0
        style = styles.get(run)
        if style is None:
            style = styles[run] = _style(text_page, index, frame, fonts)
        return run, style

    for match in _TOKEN.finditer(text):
        first, last = match.start(), match.end() - 1
        run, style = style_at(first)
        if last > first and style_at(last)[0] != run:
            for start, end, part in _parts(first, last, style_at):
                words.append(_word(text_page, frame, text, start, end, part))
        else:
            words.append(_word(text_page, frame, text, first, last, style))
    return words


def _parts(first: int, last: int, style_at: Any) -> list[tuple[int, int, Style]]:
    """A token cut where its size changes by a fifth: footnote marks glued to a word, drop capitals."""
    parts: list[tuple[int, int, Style]] = []
    start, style = first, style_at(first)[1]
    for index in range(first + 1, last + 1):
        other = style_at(index)[1]
        if abs(other.size - style.size) > 0.2 * max(other.size, style.size):
            parts.append((start, index - 1, style))
            start, style = index, other
    return [*parts, (start, last, style)]


def _word(text_page: Any, frame: Frame, text: str, first: int, last: int, style: Style) -> RawWord:
    shown = text[first : last + 1].replace(LINE_END_HYPHEN, "-").replace("\x02", "-")
    if first == last and _SYMBOLS.search(style.font):
        shown = "•"  # a square or arrow of a symbol font comes out as the letter on its key ("n", "l")
    x, y = ctypes.c_double(), ctypes.c_double()
    c.FPDFText_GetCharOrigin(text_page, first, ctypes.byref(x), ctypes.byref(y))
    if style.angle == 0 and frame.rotation == 0:
        box, end = c.FS_RECTF(), c.FS_RECTF()
        c.FPDFText_GetLooseCharBox(text_page, first, ctypes.byref(box))
        c.FPDFText_GetLooseCharBox(text_page, last, ctypes.byref(end))
        base = frame.top - y.value
        x0, x1 = min(box.left, end.left) - frame.left, max(box.right, end.right) - frame.left
        top, bottom = base - 0.78 * style.size, base + 0.22 * style.size
    else:
        x0, top, x1, bottom = _loose_union(text_page, frame, first, last)
        base = frame.point(x.value, y.value)[1] if style.angle == 0 else bottom
    return RawWord(shown, round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2), round(base, 2), style)


def _loose_union(text_page: Any, frame: Frame, first: int, last: int) -> Rect:
    box, end = c.FS_RECTF(), c.FS_RECTF()
    c.FPDFText_GetLooseCharBox(text_page, first, ctypes.byref(box))
    c.FPDFText_GetLooseCharBox(text_page, last, ctypes.byref(end))
    return frame.rect(
        min(box.left, end.left), min(box.bottom, end.bottom), max(box.right, end.right), max(box.top, end.top)
    )


def _style(text_page: Any, index: int, frame: Frame, fonts: dict[int, tuple[str, bool, bool]]) -> Style:
    matrix = c.FS_MATRIX()
    c.FPDFText_GetMatrix(text_page, index, ctypes.byref(matrix))
    run = c.FPDFText_GetTextObject(text_page, index)
    scale = math.hypot(matrix.c, matrix.d) or 1.0
    size = c.FPDFText_GetFontSize(text_page, index) * scale
    turned = math.degrees(math.atan2(matrix.b, matrix.a)) - 90 * frame.rotation
    angle = round(turned / 90) * 90 % 360 if abs(turned) > 20 else 0
    skew = abs(matrix.a * matrix.c + matrix.b * matrix.d) > 0.12 * scale * (math.hypot(matrix.a, matrix.b) or 1.0)
    name, bold, slant, mode = "", False, False, 0
    if run:
        font = c.FPDFTextObj_GetFont(run)
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in fonts:
            fonts[key] = _font(font)
        name, bold, slant = fonts[key]
        mode = c.FPDFTextObj_GetTextRenderMode(run)
    r, g, b, alpha = (ctypes.c_uint() for _ in range(4))
    c.FPDFText_GetFillColor(text_page, index, *(ctypes.byref(v) for v in (r, g, b, alpha)))
    colour = (r.value << 16) | (g.value << 8) | b.value
    # Mode 2 fills and strokes: the usual way to fake a bold face.
    unseen = mode in (3, 7) or alpha.value <= 8
    return Style(round(size, 2), name, bold or mode == 2, slant or skew, angle, colour, unseen)


def _font(font: Any) -> tuple[str, bool, bool]:
    size = c.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(max(size, 1))
    c.FPDFFont_GetBaseFontName(font, buffer, size)
    name = re.sub(r"^[A-Z]{6}\+", "", buffer.value.decode("utf-8", "replace"))
    angle = ctypes.c_int()
    c.FPDFFont_GetItalicAngle(font, ctypes.byref(angle))
    flags = max(c.FPDFFont_GetFlags(font), 0)
    # The weight in the font file is often a guess (600 and more for a regular face), so a telling name goes first.
    told = re.search(r"regular|roman|book|light|medium", name, re.IGNORECASE) or len(name) > 4
    bold = bool(_BOLD.search(name)) or (not told and (bool(flags & 0x40000) or c.FPDFFont_GetWeight(font) >= 600))
    return name, bold, bool(_SLANT.search(name)) or angle.value != 0


def _paths(page: Any, frame: Frame, raw: RawPage) -> None:
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
            if x1 - x0 > LEAST_PICTURE and y1 - y0 > LEAST_PICTURE:
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
