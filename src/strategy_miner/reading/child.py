"""The process that opens one untrusted file: `python -m strategy_miner.reading.child ORDER < FILE`, confined.

It gets the open file and its name, but no path. Protocol, one JSON value per line on stdout: first {"pages",
"bookmarks"}, then one raw page each, last {"done"} or {"error"}. The parent so has every page that was read before
the child died. An order with "draw" is answered by pictures of its pages instead, see `_draw`; one with "places" by
{"page", "found"}, what stands in its boxes; a document without pages by {"engine", "reason"} and one item a line.
"""

from __future__ import annotations

import base64
import gc
import io
import json
import os
import sys
from dataclasses import replace
from typing import Any

from strategy_miner.errors import ReadingError
from strategy_miner.reading.confine import confine
from strategy_miner.reading.fonts import Fonts
from strategy_miner.reading.hidden import take_hidden, with_hidden
from strategy_miner.reading.quality import FEW_WORDS, function_share, strange_share
from strategy_miner.reading.raw import RawPage, RawWord, Rect, covers
from strategy_miner.reading.wire import to_json

IMAGE_SHARE = 0.3  # of a page, from which few words mean that the text is in the image
WHOLE_IMAGE = 0.8  # share from which the text may be the layer that an old OCR put over the scan
GARBLED = 0.3  # share of German function words below which such a layer is read again; sentences have .3 to .5
SOME_IMAGE = 0.15  # share of the page under images, from which their ink is looked at
OCR_PIXELS = 16_000_000  # of a picture for OCR: A2 at 200 dpi
LEAST_DPI = 100  # below it type of the usual size is not legible
MUCH_INK = 4000  # changes from light to dark outside the read words; photographs have hundreds, text thousands
MAX_WORDS = 10_000  # on one page; a dense page of print has 2,500, a plan on A0 some thousands
CROWDED_WORDS, MAX_CROWDED = 4_000, 20  # a page with so many words, and how many such pages a document may have
MAX_DOCUMENT_WORDS = 3_000_000  # 2,500 pages with 1,200 words each
MAX_SHAPES, MAX_PICTURES = 4000, 300  # rules or areas, and pictures, of one page
LABEL_WORDS = 4  # a shorter line found in a picture beside text is a label of a chart


def main() -> None:
    """Read the document on stdin as the order says and write pages to stdout."""
    order = json.loads(sys.argv[1])
    name = order["name"]
    output = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # whatever a library prints must not get between the lines

    def say(line: str) -> None:
        output.write(line + "\n")
        output.flush()

    confine(order["cpu_seconds"], order["memory_mb"])
    gc.disable()  # words make no cycles; where pdfplumber does, they are collected page by page
    try:
        data = sys.stdin.buffer.read()
        if "draw" in order:
            _draw(data, name, order["draw"], say)
        elif "places" in order:
            _read_again(data, name, order, say)
        elif order["format"] == "pdf":
            _read(data, name, order, say)
        else:
            _read_flow(data, name, order["format"], say)
        say(json.dumps({"done": True}))
    except ReadingError as error:
        say(json.dumps({"error": [error.what, error.where, error.remedy]}))
    except MemoryError:
        what = f"needs more than {order['memory_mb']} MB of memory"
        say(json.dumps({"error": [what, name, "Raise extract.memory_mb or split the file."]}))
    except Exception as error:  # the parsers raise whatever they like on broken files
        what = f"cannot be read: {type(error).__name__}: {error}"[:300]
        say(json.dumps({"error": [what, name, "Get the file again or print it to a new PDF."]}))


def _draw(data: bytes, name: str, pages: list[tuple[int, float, list[Rect]]], say: Any) -> None:
    """For each page its number, scale and places in points: {"page", "places", "png"}, the places cut at the page's
    edge and their pictures as PNG in base64; without places the whole page. {"page", "error"} where it fails."""
    pdf = _open(data, name)
    count = pdf.pages if pdf is not None else 0
    for page, scale, wanted in pages:
        try:
            if not 1 <= page <= count:
                remedy = f"It has pages 1 to {count}." if count else "Only pages of a PDF can be drawn."
                raise ReadingError(f"has no page {page}", name, remedy)
            whole = pdf.render(page - 1, 72 * scale, colour=True)
        except ReadingError as error:
            say(json.dumps({"page": page, "error": [error.what, error.where, error.remedy]}))
            continue
        width, height = whole.width / scale, whole.height / scale
        places = [(max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)) for x0, y0, x1, y1 in wanted]
        pictures = [_png(whole.crop([round(v * scale) for v in place])) for place in places] or [_png(whole)]
        say(json.dumps({"page": page, "places": places, "png": pictures}))


def _png(picture: Any) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return base64.b64encode(file.getvalue()).decode()


def _read_again(data: bytes, name: str, order: dict[str, Any], say: Any) -> None:
    """What stands in boxes of pages, page by page: PDFium's own text, and where another engine read, its words."""
    from strategy_miner.reading.tables import Plumber

    plumber = Plumber(data, name)
    pdf = _open(data, name)
    for number, engine, boxes in order["places"]:
        found = pdf.texts(number - 1, boxes) if pdf is not None else [()] * len(boxes)
        if engine == "tesseract":
            found = _also(found, boxes, _page(pdf, plumber, number - 1, order, Fonts()))
        elif engine == "pdfplumber":
            found = _also(found, boxes, _second_reader(plumber, number - 1, ""))
        say(json.dumps({"page": number, "found": found}))


def _also(found: list[tuple[str, ...]], boxes: list[Rect], page: RawPage) -> list[tuple[str, ...]]:
    """The texts found in boxes, and before them the words of a page there: all whose middle lies in a box, and each."""
    done = []
    for box, texts in zip(boxes, found, strict=True):
        words = [word.text for word in page.words if covers(box, word)]
        each = words if 1 < len(words) < 4 else []  # boxes of words that OCR read may overlap
        done.append((" ".join(words), *each, *texts))
    return done


def _read_flow(data: bytes, name: str, form: str, say: Any) -> None:
    """A document without pages: {"engine", "reason"}, then one item a line."""
    from strategy_miner.reading import docx, plain

    if form == "docx":
        flow = docx.read_docx(data, name)
    else:
        text = plain.decoded(data, name)
        flow = plain.read_markdown(text) if form == "markdown" else plain.read_text(text)
    say(json.dumps({"engine": flow.engine, "reason": flow.reason}))
    for item in flow.items:
        say(json.dumps(item))


def _read(data: bytes, name: str, order: dict[str, Any], say: Any) -> None:
    from strategy_miner.reading.tables import Plumber

    plumber = Plumber(data, name)
    pdf = _open(data, name)
    pages = pdf.pages if pdf is not None else plumber.pages
    if pages == 0:
        raise ReadingError("has no pages", name, "Get the file again.")
    if pages > order["max_pages"]:
        remedy = "Split it or raise extract.max_pages."
        raise ReadingError(f"has {pages} pages, more than the {order['max_pages']} allowed", name, remedy)
    bookmarks = pdf.bookmarks() if pdf is not None else []
    say(json.dumps({"pages": pages, "bookmarks": bookmarks}))
    budget, fonts = _Budget(), Fonts()
    for index in range(pages):
        page = budget.granted(_page_or_reason(pdf, plumber, index, order, fonts))
        if index == 0 and pdf is not None and pdf.copying_refused:
            told = "the document's owner asks programs not to copy its text; it was read"
            page.reason = f"{page.reason}; {told}" if page.reason else told
        say(to_json(page))


class _Budget:
    """How many words a document may still have: layout in the parent has no limits but these."""

    def __init__(self) -> None:
        self.words, self.crowded = MAX_DOCUMENT_WORDS, MAX_CROWDED

    def granted(self, page: RawPage) -> RawPage:
        """The page, or without its words where it has far more than a page or document can have; a drawing's shapes
        go, for no rule of layout looks at so many."""
        page.rules = page.rules if len(page.rules) <= MAX_SHAPES else []
        page.fills = page.fills if len(page.fills) <= MAX_SHAPES else []
        page.pictures = page.pictures if len(page.pictures) <= MAX_PICTURES else []
        count = len(page.words)
        self.words -= count
        self.crowded -= count > CROWDED_WORDS
        if count <= MAX_WORDS and self.words >= 0 and self.crowded >= 0:
            return page
        reason = f"has {count} words, more than {'a page' if count > CROWDED_WORDS else 'a document'} can have"
        return RawPage(page.number, page.width, page.height, "none", reason)


def _open(data: bytes, name: str) -> Any:
    """PDFium's document, or None where PDFium refuses and the second reader does not."""
    if not data:
        raise ReadingError("is empty (0 bytes)", name, "Get the file again.")
    from strategy_miner.reading.pdfium import Pdf

    try:
        return Pdf(data, name)
    except ReadingError as error:
        if b"%PDF" not in data:
            remedy = "Save the document as PDF, whatever its name ends in."
            raise ReadingError("is not a PDF", name, remedy) from error
        if "encrypted" in error.what or _second_reader_fails(data, name):
            raise
        return None


def _second_reader_fails(data: bytes, name: str) -> bool:
    from strategy_miner.reading.tables import Plumber

    try:
        return Plumber(data, name).pages == 0
    except ReadingError:
        return True


def _page_or_reason(pdf: Any, plumber: Any, index: int, order: dict[str, Any], fonts: Fonts) -> RawPage:
    """The page, or an unread one that says why: the fault of one page must not cost the pages after it."""
    try:
        return _page(pdf, plumber, index, order, fonts)
    except MemoryError:
        raise
    except Exception as error:
        return RawPage(index + 1, 595.0, 842.0, "none", f"cannot be read: {type(error).__name__}: {error}"[:300])


def _page(pdf: Any, plumber: Any, index: int, order: dict[str, Any], fonts: Fonts) -> RawPage:
    if pdf is None:
        return _second_reader(plumber, index, "PDFium cannot open the file")
    try:
        page: RawPage = pdf.page(index)
    except ReadingError as error:
        return _second_reader(plumber, index, error.what)
    hidden = take_hidden(page, lambda dpi: pdf.render(index, dpi))
    page = fonts.repaired(page, lambda: _second_reader(plumber, index, ""))
    return with_hidden(_completed(pdf, plumber, page, order), hidden)


def _completed(pdf: Any, plumber: Any, page: RawPage, order: dict[str, Any]) -> RawPage:
    """The page with OCR's words where those of the file do not do, and with its ruled tables."""
    index = page.number - 1
    texts = [w.text for w in page.words]
    if (len(page.words) < FEW_WORDS and page.images > IMAGE_SHARE) or (len(texts) > FEW_WORDS and _unreadable(page)):
        page = _ocr(pdf, page, index, order)
    elif page.images > WHOLE_IMAGE and len(texts) >= FEW_WORDS and function_share(texts) < GARBLED:
        page = _reread(pdf, page, index, order)
    elif page.images > SOME_IMAGE and pdf.ink(index, page) > MUCH_INK:
        page = _ocr(pdf, page, index, order, least_line=LABEL_WORDS)
    from strategy_miner.reading.tables import gate_open, ruled_tables

    if order["tables"] and page.engine == "pdfium" and gate_open(page):
        page.tables = ruled_tables(page, pdf.edges(index))
    return page


def _unreadable(page: RawPage) -> bool:
    return strange_share([w.text for w in page.words]) > 0.2


def _second_reader(plumber: Any, index: int, reason: str) -> RawPage:
    try:
        page: RawPage = plumber.read(index)
    except Exception as error:
        return RawPage(index + 1, 595.0, 842.0, "none", f"{reason}; pdfplumber: {type(error).__name__}")
    page.reason = reason
    if not page.words:
        page.engine = "none"  # nobody can say whether it is empty: only PDFium sees pictures and draws pages
    return page


def _reread(pdf: Any, page: RawPage, index: int, order: dict[str, Any]) -> RawPage:
    """A scan whose text layer hardly looks German as OCR reads it, if that looks more German: tables and names stay."""
    blank = replace(page, words=[])
    done = _ocr(pdf, blank, index, order)
    layer, anew = (function_share([w.text for w in p.words]) for p in (page, done))
    if anew < 1.5 * layer or anew < 0.5 * GARBLED:
        return page
    done.reason = "read anew by OCR: the text layer of the scan is garbled"
    return done


def _ocr(pdf: Any, page: RawPage, index: int, order: dict[str, Any], least_line: int = 1) -> RawPage:
    from strategy_miner.reading import ocr
    from strategy_miner.reading.tsv import letter_count

    if not order["ocr"]:
        page.reason = page.reason or "image without text; extract.ocr is off"
        return page
    if not ocr.available():
        page.reason = page.reason or "image without text; tesseract with German is not installed"
        return page
    # A page as large as a poster is drawn smaller: its type is larger, too.
    dpi = min(order["ocr_dpi"], int(72 * (OCR_PIXELS / max(page.width * page.height, 1.0)) ** 0.5))
    dpi = dpi if dpi >= LEAST_DPI else order["ocr_dpi"]
    try:
        picture = pdf.render(index, dpi)
    except ReadingError as error:
        page.reason = f"image without text; {error.what}"
        return page
    blank = RawPage(page.number, page.width, page.height, images=page.images, pictures=page.pictures)
    done = ocr.read_image(blank, picture, dpi, least_line)
    if not done.words and page.words:
        if least_line == 1:
            page.reason = page.reason or "image without text; OCR found nothing"
        return page
    if not done.words:
        page.engine, page.reason = ("none", done.reason) if done.engine == "none" else ("tesseract", "")
        return page
    if not _unreadable(page):
        # What PDFium read is exact, so the picture only adds what stands elsewhere.
        gained = [w for w in done.words if not any(_overlap(w, p) for p in page.words)]
        if len(gained) < FEW_WORDS and least_line > 1:
            return page
        exact, seen = (sum(letter_count(w.text) for w in words) for words in (page.words, gained))
        done.confidence = round((exact + done.confidence * seen) / max(exact + seen, 1), 3)
        done.words = page.words + gained
    done.fills, done.rules = page.fills + done.fills, page.rules + done.rules
    done.disagreement, done.reason = page.disagreement, done.reason or page.reason
    return done


def _overlap(a: RawWord, b: RawWord) -> bool:
    return a.x0 < b.x1 and b.x0 < a.x1 and a.top < b.bottom and b.top < a.bottom


if __name__ == "__main__":
    main()
