"""Documents -> pages with words and blocks -> segments. The only door to PDFium, pdfplumber, python-docx, tesseract.

The imports stand inside the functions: the child process that opens an untrusted file imports this package too and
is to stay small.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from strategy_miner.records import Cutout, Page, Passage, Segment
    from strategy_miner.settings import ExtractSettings, SegmentSettings


def read(path: Path, settings: ExtractSettings, *, bookmarks: bool = True) -> list[Page]:
    """The pages of a document with their blocks in reading order, read in a child process under the settings' limits.

    DOCX, Markdown and plain text have no pages: they give one Page whose number is None, its blocks without boxes.
    `bookmarks=False` leaves the document's own outline unused, for measuring. Raises ReadingError (what, where,
    remedy) for a file that is missing, empty, of another format, encrypted, damaged, without pages or over the limits.
    """
    return list(read_pages(path, settings, bookmarks=bookmarks))


def read_pages(path: Path, settings: ExtractSettings, *, bookmarks: bool = True) -> Iterator[Page]:
    """The same page by page, for documents of hundreds of pages: see `read`."""
    from strategy_miner.reading.collector import collector_off
    from strategy_miner.reading.flow import format_of, page_of
    from strategy_miner.reading.layout import lay_out
    from strategy_miner.reading.process import read_flow, read_raw
    from strategy_miner.records import Document

    form = format_of(path)
    if form != "pdf":
        yield page_of(Document.of(path).document_id, read_flow(path, settings, form))
        return
    with collector_off():
        raw, marks = read_raw(path, settings)
        yield from lay_out(Document.of(path).document_id, raw, marks if bookmarks else [])


def segment(pages: Iterable[Page], settings: SegmentSettings) -> list[Segment]:
    """The segments of a read document: see `segments.segment`."""
    from strategy_miner.reading.segments import segment as cut

    return cut(pages, settings)


def cut_outs(path: Path, passages: Sequence[Passage]) -> list[Cutout]:
    """Pictures of passages on the pages of a PDF, their words marked: see `cutouts.cut_outs`."""
    from strategy_miner.reading.cutouts import cut_outs as drawn

    return drawn(path, passages)


def outline(pages: Sequence[Page]) -> str:
    """Headings with pages and amounts of text, then what was not read and why."""
    from strategy_miner.reading.listing import outline as told

    return told(pages)


def block_rows(pages: Sequence[Page], document: str = "") -> Iterator[dict[str, Any]]:
    """One JSON-ready row per block in reading order."""
    from strategy_miner.reading.listing import block_rows as rows

    return rows(pages, document)


def sockets_refused() -> bool:
    """Whether the process that opens a document cannot reach a network on this system."""
    from strategy_miner.reading.confine import sockets_refused as tried

    return tried()


def ocr_available() -> bool:
    """Whether image-only pages can be read: tesseract with German is installed."""
    from strategy_miner.reading.ocr import available

    return available()


def ocr_version() -> str:
    """What reads image-only pages, "none" if nothing does: "tesseract 5.3.0"."""
    from strategy_miner.reading.ocr import installed

    return installed()
