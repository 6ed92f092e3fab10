"""Raw pages -> Page records: order, furniture, contents, boxes, tables, paragraphs, headings, repaired text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from strategy_miner.reading.blocks import records_of
from strategy_miner.reading.boxes import boxes_continued, boxes_joined
from strategy_miner.reading.captions import mark_captions, tie_captions
from strategy_miner.reading.cells import lines_with_tables, tables_filled
from strategy_miner.reading.contents import mark_contents
from strategy_miner.reading.figures import mark_figures
from strategy_miner.reading.furniture import mark_furniture
from strategy_miner.reading.headings import mark_headings
from strategy_miner.reading.hidden import with_hidden_pieces, without_hidden
from strategy_miner.reading.joining import goes_on
from strategy_miner.reading.lines import Line, put_away, reading_order
from strategy_miner.reading.lists import mark_levels
from strategy_miner.reading.margins import mark_margin_notes
from strategy_miner.reading.notes import mark_footnotes, mark_notes, tie_notes
from strategy_miner.reading.ocr import with_even_sizes
from strategy_miner.reading.pairs import mark_pairs
from strategy_miner.reading.paragraphs import FURNITURE, Measure, Piece, measure, pieces_of
from strategy_miner.reading.raw import Bookmark, RawPage
from strategy_miner.reading.regions import mark_boxes
from strategy_miner.reading.sheets import sheets_split
from strategy_miner.reading.turning import turned
from strategy_miner.reading.wire import MANY_PAGES
from strategy_miner.records import Page
from strategy_miner.text import vocabulary

_ASIDE = (*FURNITURE, "footnote", "margin_note", "caption", "table", "figure", "box")


def lay_out(document_id: str, raw: Sequence[RawPage], bookmarks: Sequence[Bookmark] = ()) -> Iterator[Page]:
    """The pages of a document with their blocks in reading order, from all its raw pages.

    Layout needs the whole document; the records are made page by page, as they are asked for.
    """
    pages, turns = [], {}
    printed, origin = sheets_split(raw)
    for page in with_even_sizes(without_hidden(printed)):
        upright, turns[page.number] = turned(page, origin[page.number])
        pages.append(upright)
    lines = [_lines(page, packed=len(pages) > MANY_PAGES) for page in pages]
    mark_furniture(pages, lines)
    titles = mark_contents(lines)
    usual = measure(lines)
    mark_figures(pages, lines, usual.size)
    for page, found in zip(pages, lines, strict=True):
        mark_boxes(page, found)
        mark_margin_notes(page, found, usual)
        mark_footnotes(page, found, usual)
    pieces = [piece for page, found in zip(pages, lines, strict=True) for piece in _pieces(page, found, usual)]
    words = vocabulary([i.text for found in lines for i in found if i.role not in ("running_head", "toc")])
    pieces = tables_filled(pages, pieces, words)
    mark_pairs(pieces)
    mark_notes(pieces, usual)
    mark_captions(pieces, usual)
    mark_headings(pieces, usual, list(bookmarks), titles)
    pieces = boxes_continued(boxes_joined(pieces))
    tie_notes(pieces)
    tie_captions(pieces)
    mark_levels(pieces)
    pieces = _pages_joined(pieces)
    pieces = with_hidden_pieces(pieces, printed, turns)
    return records_of(document_id, without_hidden(raw), pieces, words, turns)


def _lines(page: RawPage, *, packed: bool) -> list[Line]:
    lines = lines_with_tables(page)
    if packed:
        put_away(lines)
    return lines


def _pieces(page: RawPage, lines: list[Line], usual: Measure) -> list[Piece]:
    """The pieces of a page in reading order; furniture above goes first, notes and furniture below last."""
    body = [i for i in lines if i.role in ("", "toc", "table")]
    flow = pieces_of(reading_order([i for i in body if i.box < 0], page.width), usual)
    for number in sorted({i.box for i in body if i.box >= 0}):
        inside = reading_order([i for i in body if i.box == number], page.width)
        flow = _inserted(flow, pieces_of(inside, usual))
    for figure in sorted((i for i in lines if i.role == "figure"), key=lambda i: (i.top, i.x0)):
        flow = _inserted(flow, pieces_of([figure], usual))
    notes = pieces_of([i for i in lines if i.role == "footnote"], usual)
    aside = [i for i in lines if i.role not in ("", "toc", "table", "figure", "footnote")]
    above = [i for i in aside if i.top < page.height / 2 and i.role != "margin_note"]
    below = [i for i in aside if not any(i is other for other in above)]
    return pieces_of(above, usual) + flow + notes + pieces_of(below, usual)


def _inserted(flow: list[Piece], inside: list[Piece]) -> list[Piece]:
    """A box or figure goes after the last piece above it in its own column, so that it does not cut a paragraph."""
    lines = [i for piece in inside for i in piece.lines]
    top, x0, x1 = min(i.top for i in lines), min(i.x0 for i in lines), max(i.x1 for i in lines)
    here = [(n, i) for n, piece in enumerate(flow) for i in piece.lines if i.x0 < x1 and i.x1 > x0]
    above = [n for n, i in here if i.bottom <= top + 2]
    below = [n for n, i in here if i.top >= top]
    at = max(above) + 1 if above else (min(below) if below else len(flow))
    return flow[:at] + inside + flow[at:]


def _pages_joined(pieces: list[Piece]) -> list[Piece]:
    """A paragraph or item that a page or column break, a figure or a note tears apart becomes one piece again."""
    done: list[Piece] = []
    open_piece: Piece | None = None
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        if open_piece is not None and piece.box < 0 and goes_on(open_piece, piece, following):
            open_piece.lines += piece.lines
            continue
        done.append(piece)
        if piece.box >= 0:
            continue
        if piece.kind in ("paragraph", "list_item"):
            open_piece = piece
        elif piece.kind not in _ASIDE:
            open_piece = None
    return done
