"""Raw pages -> Page records: order, furniture, contents, boxes, tables, paragraphs, headings, repaired text."""

from __future__ import annotations

from collections.abc import Sequence

from strategy_miner.reading.blocks import records_of
from strategy_miner.reading.cells import lines_with_tables, tables_filled
from strategy_miner.reading.contents import mark_contents
from strategy_miner.reading.furniture import mark_furniture
from strategy_miner.reading.headings import mark_headings
from strategy_miner.reading.hidden import with_hidden_pieces, without_hidden
from strategy_miner.reading.joining import goes_on
from strategy_miner.reading.lines import Line, reading_order
from strategy_miner.reading.notes import mark_footnotes, mark_notes, tie_notes
from strategy_miner.reading.ocr import with_even_sizes
from strategy_miner.reading.paragraphs import Piece, measure, pieces_of
from strategy_miner.reading.raw import Bookmark, RawPage
from strategy_miner.reading.regions import mark_boxes, mark_drawings
from strategy_miner.reading.turning import turned
from strategy_miner.records import Page
from strategy_miner.text import vocabulary

_ASIDE = (
    "running_head",
    "page_number",
    "line_number",
    "thumb_tab",
    "footnote",
    "margin_note",
    "caption",
    "table",
    "box",
)


def lay_out(document_id: str, raw: Sequence[RawPage], bookmarks: Sequence[Bookmark] = ()) -> list[Page]:
    """The pages of a document with their blocks in reading order, from all its raw pages."""
    pages, turns = [], {}
    seen = without_hidden(raw)
    for page in with_even_sizes(seen):
        upright, turns[page.number] = turned(page)
        pages.append(upright)
    lines = [lines_with_tables(page) for page in pages]
    mark_furniture(pages, lines)
    for page, found in zip(pages, lines, strict=True):
        mark_drawings(page, found)
        mark_boxes(page, found)
    titles = mark_contents(lines)
    usual = measure(lines)
    for page, found in zip(pages, lines, strict=True):
        mark_footnotes(page, found, usual)
    ordered = [_ordered(page, found) for page, found in zip(pages, lines, strict=True)]
    pieces = [piece for found in ordered for piece in tables_filled(pages, pieces_of(found, usual))]
    pieces = _boxes_joined(pieces)
    mark_notes(pieces, usual)
    mark_headings(pieces, usual, list(bookmarks), titles)
    tie_notes(pieces)
    pieces = _pages_joined(pieces)
    words = vocabulary([i.text for found in lines for i in found if i.role not in ("running_head", "toc")])
    return records_of(document_id, seen, with_hidden_pieces(pieces, raw, turns), words, turns)


def _ordered(page: RawPage, lines: list[Line]) -> list[Line]:
    """Body lines in reading order; furniture above goes first, furniture below and footnotes last."""
    body = [i for i in lines if i.role in ("", "toc", "table")]
    boxed = sorted({i.box for i in body if i.box >= 0})
    flow = [i for i in body if i.box < 0]
    flow = reading_order(flow, page.width)
    for number in boxed:
        inside = reading_order([i for i in body if i.box == number], page.width)
        flow = _insert_box(flow, inside)
    notes = [i for i in lines if i.role == "footnote"]
    top = [i for i in lines if i.role not in ("", "toc", "table", "footnote") and i.top < page.height / 2]
    low = [i for i in lines if i.role not in ("", "toc", "table", "footnote") and i.top >= page.height / 2]
    return top + flow + notes + low


def _insert_box(flow: list[Line], inside: list[Line]) -> list[Line]:
    """A box goes after the last line above it in its own column, so that it does not cut a sentence beside it."""
    top, x0, x1 = min(i.top for i in inside), min(i.x0 for i in inside), max(i.x1 for i in inside)
    above = [n for n, i in enumerate(flow) if i.bottom <= top + 2 and i.x0 < x1 and i.x1 > x0]
    below = [n for n, i in enumerate(flow) if i.top >= top and i.x0 < x1 and i.x1 > x0]
    at = max(above) + 1 if above else (min(below) if below else len(flow))
    return flow[:at] + inside + flow[at:]


def _boxes_joined(pieces: list[Piece]) -> list[Piece]:
    """All pieces inside one box as one piece of kind box; its paragraphs stay apart by their lines' order."""
    done: list[Piece] = []
    for piece in pieces:
        last = done[-1] if done else None
        if piece.box >= 0 and last is not None and last.box == piece.box and last.page == piece.page:
            last.parts.append(piece.lines)
            last.lines += piece.lines
        else:
            if piece.box >= 0:
                piece.kind, piece.parts = "box", [list(piece.lines)]
            done.append(piece)
    return done


def _pages_joined(pieces: list[Piece]) -> list[Piece]:
    """A paragraph or item that a page or column break, a figure or a note tears apart becomes one piece again."""
    done: list[Piece] = []
    open_piece: Piece | None = None
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        if open_piece is not None and goes_on(open_piece, piece, following):
            open_piece.lines += piece.lines
            continue
        done.append(piece)
        if piece.kind in ("paragraph", "list_item"):
            open_piece = piece
        elif piece.kind not in _ASIDE:
            open_piece = None
    return done
