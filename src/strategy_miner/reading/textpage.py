"""The words of a page of text in PDFium, with place and style.

One text call per page, two box calls per word, style once per text object: measured 15 times the speed of asking
for every character.
"""

from __future__ import annotations

import ctypes
import math
import re
from typing import Any, NamedTuple

import pypdfium2.raw as c

from strategy_miner.reading.frames import PageFrame
from strategy_miner.reading.raw import RawWord, Style, new_word

MAX_CHARS = 400_000  # characters on one page; a page of a book has about 3,000
LINE_END_HYPHEN = "￾"  # PDFium's sign for a hyphen at a line end
_TOKEN = re.compile(r"[^\s￾\x02]+[￾\x02]?|[￾\x02]")
_BOLD = re.compile(r"bold|black|heavy|semib|demi|fett|(?<![a-z])bd(?![a-z])|cmbx|cmssbx|sfbx|-bx", re.IGNORECASE)
_SLANT = re.compile(r"italic|oblique|kursiv|slanted|(?<![a-z])it(?![a-z])|cmti|sfti", re.IGNORECASE)
_SYMBOLS = re.compile(r"dingbats|wingdings|webdings", re.IGNORECASE)
_BULLET = "•"  # a square or arrow of a symbol font comes out as the letter on its key ("n", "l")


def _unchecked(function: Any, result: Any = ctypes.c_int) -> Any:
    """A PDFium function without ctypes' conversions of arguments and without giving up the interpreter's lock.

    Measured 4 to 7 times faster. Handles must be passed as c_void_p, places to write to by byref, the rest as int.
    """
    return ctypes.PYFUNCTYPE(result)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_text_object = _unchecked(c.FPDFText_GetTextObject, ctypes.c_void_p)
_loose_box = _unchecked(c.FPDFText_GetLooseCharBox)
_char_origin = _unchecked(c.FPDFText_GetCharOrigin)
_char_matrix = _unchecked(c.FPDFText_GetMatrix)
_fill_colour = _unchecked(c.FPDFText_GetFillColor)
_font_size = _unchecked(c.FPDFText_GetFontSize, ctypes.c_double)
_object_font = _unchecked(c.FPDFTextObj_GetFont, ctypes.c_void_p)
_render_mode = _unchecked(c.FPDFTextObj_GetTextRenderMode)


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
    codes = (c.FPDFText_GetUnicode(text_page, i) or 32 for i in range(count))
    return "".join("\ufffd" if 0xD800 <= code < 0xE000 else chr(code) for code in codes)  # half a pair is no sign


class TextPage:
    """The words of one page of text. PDFium's handles and the cells that it writes its answers to are made once."""

    def __init__(self, text_page: Any, frame: PageFrame, fonts: dict[int, tuple[str, bool, bool]]) -> None:
        self._page, self._frame, self._fonts = ctypes.cast(text_page, ctypes.c_void_p), frame, fonts
        self._box, self._end, self._matrix = c.FS_RECTF(), c.FS_RECTF(), c.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._colour = tuple(ctypes.c_uint() for _ in range(4))
        text = _page_text(text_page)
        self._spans = [match.span() for match in _TOKEN.finditer(text)]
        self._text = text.replace(LINE_END_HYPHEN, "-").replace("\x02", "-")
        self._runs: dict[int, _Run] = {}
        self._styles: dict[tuple[Any, ...], Style] = {}

    def words(self) -> list[RawWord]:
        """All words in the order of the content stream."""
        words: list[RawWord] = []
        spans, at, count = self._spans, 0, len(self._spans)
        while at < count:
            first, end = spans[at]
            address = _text_object(self._page, first) or 0
            run = self._run(address, first)
            if end - first > 1 and (_text_object(self._page, end - 1) or 0) != address:
                for start, last, style in self._parts(first, end - 1):
                    words.append(self._word(start, last, style))
                at += 1
                continue
            until = self._reach(address, at)
            if run.flat and address:
                self._flat_words(run, spans[at:until], words)
            else:
                words += [self._word(a, b - 1, run.style) for a, b in spans[at:until]]
            at = until
        return words

    def _reach(self, address: int, at: int) -> int:
        """The number of the first word after `at` not known to be in its run; runs are contiguous, so leaps will do."""
        step, last = 1, len(self._spans) - 1
        while at + step <= last and (_text_object(self._page, self._spans[at + step][1] - 1) or 0) == address:
            at += step
            step *= 2
        return at + 1

    def _flat_words(self, run: _Run, spans: list[tuple[int, int]], words: list[RawWord]) -> None:
        """Words of a run that is set level on an upright page: they share baseline and height, only x is asked for."""
        page, box, end, text, left = self._page, self._box, self._end, self._text, self._frame.left
        to_box, to_end, style, symbol = ctypes.byref(box), ctypes.byref(end), run.style, run.symbol
        top, bottom, base = run.heights
        for start, stop in spans:
            _loose_box(page, start, to_box)
            x0, x1 = box.left, box.right
            if stop - start > 1:
                _loose_box(page, stop - 1, to_end)
                x0, x1 = min(x0, end.left), max(x1, end.right)
                shown = text[start:stop]
            else:
                shown = _BULLET if symbol else text[start]
            word = (shown, round(x0 - left, 2), top, round(x1 - left, 2), bottom, base, style)
            words.append(new_word(RawWord, word))

    def _parts(self, first: int, last: int) -> list[tuple[int, int, Style]]:
        """A token cut where its size changes by a fifth: footnote marks glued to a word, drop capitals."""
        parts: list[tuple[int, int, Style]] = []
        start, style = first, self._run_at(first).style
        for index in range(first + 1, last + 1):
            other = self._run_at(index).style
            if abs(other.size - style.size) > 0.2 * max(other.size, style.size):
                parts.append((start, index - 1, style))
                start, style = index, other
        return [*parts, (start, last, style)]

    def _word(self, first: int, last: int, style: Style) -> RawWord:
        frame, box, end = self._frame, self._box, self._end
        _char_origin(self._page, first, ctypes.byref(self._x), ctypes.byref(self._y))
        _loose_box(self._page, first, ctypes.byref(box))
        _loose_box(self._page, last, ctypes.byref(end))
        left, right = min(box.left, end.left), max(box.right, end.right)
        if style.angle == 0 and frame.turns == 0:
            base = frame.top - self._y.value
            x0, x1 = left - frame.left, right - frame.left
            top, bottom = base - 0.78 * style.size, base + 0.22 * style.size
        else:
            x0, top, x1, bottom = frame.rect(left, min(box.bottom, end.bottom), right, max(box.top, end.top))
            base = frame.point(self._x.value, self._y.value)[1] if style.angle == 0 else bottom
        shown = _BULLET if first == last and _SYMBOLS.search(style.font) else self._text[first : last + 1]
        return RawWord(shown, round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2), round(base, 2), style)

    def _run_at(self, index: int) -> _Run:
        return self._run(_text_object(self._page, index) or 0, index)

    def _run(self, address: int, index: int) -> _Run:
        """The run of a character; `address` is that of its text object, 0 for characters that PDFium added."""
        run = self._runs.get(address)
        if run is None:
            style = self._style(address, index)
            flat = self._matrix.b == 0 and style.angle == 0 and self._frame.turns == 0
            _char_origin(self._page, index, ctypes.byref(self._x), ctypes.byref(self._y))
            base = self._frame.top - self._y.value
            heights = round(base - 0.78 * style.size, 2), round(base + 0.22 * style.size, 2), round(base, 2)
            run = self._runs[address] = _Run(style, flat, bool(_SYMBOLS.search(style.font)), heights)
        return run

    def _style(self, address: int, index: int) -> Style:
        page, matrix, (r, g, b, alpha) = self._page, self._matrix, self._colour
        _char_matrix(page, index, ctypes.byref(matrix))
        _fill_colour(page, index, ctypes.byref(r), ctypes.byref(g), ctypes.byref(b), ctypes.byref(alpha))
        font, mode = 0, 0
        if address:
            run = ctypes.c_void_p(address)
            font, mode = _object_font(run) or 0, _render_mode(run)
        colour = (r.value << 16) | (g.value << 8) | b.value
        unseen = mode in (3, 7) or alpha.value <= 8
        key = (matrix.a, matrix.b, matrix.c, matrix.d, _font_size(page, index), font, mode, colour, unseen)
        style = self._styles.get(key)
        if style is None:
            if font and font not in self._fonts:
                self._fonts[font] = _font(ctypes.cast(font, c.FPDF_FONT))
            name, bold, slant = self._fonts[font] if font else ("", False, False)
            size, angle, skew = _shape(matrix, key[4], self._frame.turns)
            # Mode 2 fills and strokes: the usual way to fake a bold face.
            style = Style(size, name, bold or mode == 2, slant or skew, angle, colour, unseen)
            self._styles[key] = style
        return style


class _Run(NamedTuple):
    """A text object: characters set in one go. `heights` are top, bottom and baseline of its words if it is flat."""

    style: Style
    flat: bool
    symbol: bool
    heights: tuple[float, float, float]


def _shape(matrix: Any, points: float, rotation: int) -> tuple[float, int, bool]:
    """Size as shown, angle, and whether the letters are slanted by their matrix."""
    scale = math.hypot(matrix.c, matrix.d) or 1.0
    turned = math.degrees(math.atan2(matrix.b, matrix.a)) - 90 * rotation
    angle = round(turned / 90) * 90 % 360 if abs(turned) > 20 else 0
    skew = abs(matrix.a * matrix.c + matrix.b * matrix.d) > 0.12 * scale * (math.hypot(matrix.a, matrix.b) or 1.0)
    return round(points * scale, 2), angle, skew


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
