"""Raw pages -> Page records: order, furniture, contents, boxes, tables, paragraphs, headings, repaired text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from strategy_miner.reading.contents import mark_contents
from strategy_miner.reading.furniture import mark_furniture
from strategy_miner.reading.headings import mark_headings
from strategy_miner.reading.joining import goes_on
from strategy_miner.reading.lines import Line, glued, make_line, page_lines, reading_order
from strategy_miner.reading.ocr import with_even_sizes
from strategy_miner.reading.paragraphs import NOTE_MARK, Measure, Piece, measure, pieces_of
from strategy_miner.reading.quality import grade
from strategy_miner.reading.raw import OCR_FONT, Bookmark, RawPage, RawTable, RawWord, Rect
from strategy_miner.reading.regions import band_tables, holds, mark_boxes, mark_drawings, with_tinted_row
from strategy_miner.reading.turning import Turn, turned
from strategy_miner.records import Block, Box, Page, Word, stable_id
from strategy_miner.text import ligatures_resolved, repair_line_ends, vocabulary

# A mark in the font's own raised figures is part of the word in front: "Heizzeiten.1", "Posten2".
_GLUED_MARK = re.compile(r"(?<=[a-zäöüß)”“\"][.,;:!?)“\"])\d{1,2}$|(?<=[a-zäöüß]{4})\d{1,2}$")
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
    for page in with_even_sizes(list(raw)):
        upright, turns[page.number] = turned(page)
        pages.append(upright)
    lines = [_lines_with_tables(page) for page in pages]
    mark_furniture(pages, lines)
    for page, found in zip(pages, lines, strict=True):
        mark_drawings(page, found)
        mark_boxes(page, found)
    titles = mark_contents(lines)
    usual = measure(lines)
    for page, found in zip(pages, lines, strict=True):
        _mark_footnotes(page, found, usual)
    ordered = [_ordered(page, found) for page, found in zip(pages, lines, strict=True)]
    pieces = [piece for found in ordered for piece in _tables_filled(pages, pieces_of(found, usual))]
    pieces = _boxes_joined(pieces)
    _mark_notes(pieces, usual)
    mark_headings(pieces, usual, list(bookmarks), titles)
    _tie_notes(pieces)
    pieces = _pages_joined(pieces)
    words = vocabulary([i.text for found in lines for i in found if i.role not in ("running_head", "toc")])
    return _records(document_id, list(raw), pieces, words, turns)


def _lines_with_tables(page: RawPage) -> list[Line]:
    """The page's lines; the words of each ruled table are one line of role "table".

    A first row that is a single cell over the whole width is the table's title and stays a line of its own.
    """
    page.tables = [_untitled(with_tinted_row(t, page), page.words) for t in [*page.tables, *band_tables(page)]]
    inside: dict[int, list[RawWord]] = {}
    outside: list[RawWord] = []
    where: dict[int, int] = {}
    for word in page.words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        number = next((n for n, t in enumerate(page.tables) if holds(t.box, x, y)), None)
        if number is None:
            outside.append(word)
        else:
            inside.setdefault(number, []).append(word)
            where.setdefault(number, len(outside))
    lines = page_lines(_with_words(page, outside))
    for number, words in sorted(inside.items(), key=lambda item: -where[item[0]]):
        before = outside[where[number] - 1] if where[number] else None
        at = next((i + 1 for i, line in enumerate(lines) if any(w is before for w in line.words)), 0)
        line = make_line(page.number, _by_cell(page.tables[number], words))
        line.x0, line.top, line.x1, line.bottom = page.tables[number].box
        line.base, line.role = line.bottom, "table"
        lines.insert(at, line)
    return lines


def _untitled(table: RawTable, words: list[RawWord]) -> RawTable:
    """The table without a title row; its box then begins below that row."""
    cells = [c for c in table.rows[0] if c]
    x0, _top, x1, bottom = table.box
    if len(cells) != 1 or len(table.rows) < 3 or cells[0][2] - cells[0][0] < 0.95 * (x1 - x0):
        return table
    title = [w for w in words if holds(cells[0], (w.x0 + w.x1) / 2, (w.top + w.bottom) / 2)]
    if not title or len(title) > 20:
        return table
    return RawTable((x0, cells[0][3], x1, bottom), table.rows[1:])


def _by_cell(table: RawTable, words: list[RawWord]) -> list[RawWord]:
    """The words in the order of the cells, row by row, as the table's text has them; words in no cell come last."""
    places: dict[int, int] = {}
    cells = [cell for row in table.rows for cell in row if cell]
    for index, word in enumerate(words):
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        places[index] = next((n for n, cell in enumerate(cells) if holds(cell, x, y)), len(cells))
    return [words[i] for i in sorted(places, key=lambda i: (places[i], i))]


def _with_words(page: RawPage, words: list[RawWord]) -> RawPage:
    return RawPage(page.number, page.width, page.height, words=words, rules=page.rules)


def _mark_footnotes(page: RawPage, lines: list[Line], usual: Measure) -> None:
    """The lines of small type at the foot of the page, from the first one that begins with a mark."""
    small = []
    for line in sorted((i for i in lines if not i.role and not i.style.angle), key=lambda i: -i.base):
        if max(w.style.size for w in line.words) > 0.93 * usual.size or line.top < 0.3 * page.height:
            break
        small.append(line)
    small.reverse()
    start = next((n for n, line in enumerate(small) if NOTE_MARK.match(line.text)), None)
    notes = small[start:] if start is not None else _below_rule(page, lines)
    for line in notes:
        line.role = "footnote"


def _below_rule(page: RawPage, lines: list[Line]) -> list[Line]:
    """The lines under a short rule in the lower half of the page, where the first of them begins with a mark."""
    for rule in sorted(page.rules, key=lambda r: -r[1]):
        width = rule[2] - rule[0]
        if rule[3] - rule[1] > 2.5 or not 40 < width < 0.45 * page.width or rule[1] < 0.5 * page.height:
            continue
        below = [i for i in lines if not i.role and i.top > rule[1] - 2]
        below.sort(key=lambda i: (round(i.base / 3), i.x0))
        text = "".join(i.text + " " for i in below[:2])
        # A raised figure is too small for tesseract; the rule must do for a few lines at the foot.
        blurred = below and below[0].style.font == OCR_FONT and len(below) < 6 and rule[1] > 0.7 * page.height
        if below and len(below) < 15 and rule[0] < below[0].x0 + 6 and (blurred or NOTE_MARK.match(text)):
            return below
    return []


def _mark_notes(pieces: list[Piece], usual: Measure) -> None:
    """Numbered paragraphs in clearly smaller type, wherever they stand: notes at the end of a chapter."""
    for piece in pieces:
        size = max(w.style.size for line in piece.lines for w in line.words)
        if piece.kind in ("paragraph", "list_item") and size < 0.85 * usual.size and NOTE_MARK.match(piece.text):
            piece.kind = "footnote"


def _tie_notes(pieces: list[Piece]) -> None:
    """Note which numbers in the text are the marks of footnotes on their page: they are not words of the text."""
    marks: dict[int, set[str]] = {}
    for piece in pieces:
        match = NOTE_MARK.match(piece.text) if piece.kind == "footnote" else None
        if match:
            marks.setdefault(piece.page, set()).add(match.group().strip(" [].)"))
    for piece in pieces:
        if piece.kind == "footnote":
            continue
        for line in piece.lines:
            for at, word in enumerate(line.words) if line.page in marks else ():
                glued_on = _GLUED_MARK.search(word.text)
                if word.text in marks[line.page] and _is_raised(word, line, at):
                    line.marks[at] = ""
                elif glued_on and glued_on.group() in marks[line.page]:
                    line.marks[at] = word.text[: glued_on.start()]


def _is_raised(word: RawWord, line: Line, at: int) -> bool:
    size = line.style.size
    unit = at > 0 and line.words[at - 1].text.lower() in ("m", "km", "cm", "dm", "mm")  # square metres
    return word.style.size < 0.8 * size and word.base < line.base - 0.12 * size and not unit


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


def _tables_filled(pages: list[RawPage], pieces: list[Piece]) -> list[Piece]:
    by_number = {page.number: page for page in pages}
    for piece in pieces:
        if piece.kind == "table":
            line = piece.lines[0]
            table = next(t for t in by_number[piece.page].tables if t.box == line.rect)
            piece.table, piece.rows = table.box, table_rows(table, line.words)
    return pieces


def table_rows(table: RawTable, words: list[RawWord]) -> tuple[tuple[str, ...], ...]:
    """The text of a table's cells, row by row; a merged cell's text stands in its first place."""
    rows = []
    for row in table.rows:
        cells = []
        for cell in row:
            inside = [w for w in words if cell and holds(cell, (w.x0 + w.x1) / 2, (w.top + w.bottom) / 2)]
            cells.append(cell_text(inside))
        if any(cells):
            rows.append(tuple(cells))
    return tuple(rows)


def cell_text(words: list[RawWord]) -> str:
    """Words of one cell as running text, line-end hyphens repaired by spelling alone."""
    lines: list[list[RawWord]] = []
    for word in words:
        last = lines[-1][-1] if lines else None
        if last is not None and (word.style.angle or abs(last.base - word.base) < 0.5 * max(last.style.size, 1.0)):
            lines[-1].append(word)
        else:
            lines.append([word])
    return repair_line_ends([glued(line) for line in lines])


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


@dataclass(slots=True)
class _Counter:
    words: int = 0
    blocks: int = 0


def _records(
    document_id: str, pages: list[RawPage], pieces: list[Piece], known: dict[str, int], turns: dict[int, Turn]
) -> list[Page]:
    count = _Counter()
    path: list[tuple[int, str]] = []
    by_page: dict[int, list[Block]] = {page.number: [] for page in pages}
    for piece in pieces:
        text = _text_of(piece, known)
        if not text.strip():
            continue
        if piece.kind == "heading":
            level = piece.level or 1
            path = [p for p in path if p[0] < level]
        block = _block(document_id, piece, text, tuple(t for _, t in path), _Place(count, turns))
        if piece.kind == "heading":
            path.append((piece.level or 1, text))
        by_page[piece.page].append(block)
    return [
        Page(document_id, p.number, p.width, p.height, p.engine, *grade(p), tuple(by_page[p.number])) for p in pages
    ]


def _text_of(piece: Piece, known: dict[str, int]) -> str:
    if piece.kind == "table":
        return "\n".join(" | ".join(row) for row in piece.rows)
    if piece.kind == "toc":
        return "\n".join(ligatures_resolved(line.text) for line in piece.lines)
    if piece.kind == "box":
        return "\n".join(repair_line_ends([i.running for i in part], known) for part in piece.parts)
    return repair_line_ends([line.running for line in piece.lines], known)


@dataclass(frozen=True, slots=True)
class _Place:
    count: _Counter
    turns: dict[int, Turn]


def _block(document_id: str, piece: Piece, text: str, path: tuple[str, ...], place: _Place) -> Block:
    count = place.count
    words = []
    for line in piece.lines:
        turn = place.turns[line.page]
        for w in line.words:
            words.append(Word(count.words, w.text, *turn.shown((w.x0, w.top, w.x1, w.bottom))))
            count.words += 1
    order = count.blocks
    count.blocks += 1
    aside = piece.kind in ("running_head", "page_number", "line_number", "thumb_tab", "toc")
    return Block(
        id=stable_id(document_id, piece.page, order, text), order=order, kind=piece.kind, level=piece.level,
        text=text, raw="\n".join(line.text for line in piece.lines), heading_path=() if aside else path,
        boxes=_boxes(piece, place.turns), rows=piece.rows, words=tuple(words),
    )  # fmt: skip


def _boxes(piece: Piece, turns: dict[int, Turn]) -> tuple[Box, ...]:
    """One box per line: what a viewer marks."""
    return tuple((i.page, *turns[i.page].shown(_rounded(i.rect))) for i in piece.lines)


def _rounded(box: Rect) -> Rect:
    return round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)
