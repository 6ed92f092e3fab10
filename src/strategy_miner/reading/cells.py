"""Words into the cells of tables: a table is one line of the page until its rows are filled."""

from __future__ import annotations

from collections.abc import Mapping

from strategy_miner.reading.aligned import aligned_tables
from strategy_miner.reading.figures import is_chart
from strategy_miner.reading.grid import with_stacked_rows
from strategy_miner.reading.heads import Cell, fills_at, header_columns, header_rows, shown_cell
from strategy_miner.reading.lines import Line, glued, make_line, page_lines
from strategy_miner.reading.paragraphs import Piece
from strategy_miner.reading.raw import RawPage, RawTable, RawWord, Rect, covers, holds
from strategy_miner.reading.regions import band_tables, with_tinted_row
from strategy_miner.text import repair_line_ends


def lines_with_tables(page: RawPage) -> list[Line]:
    """The page's lines; the words of each table, ruled or not, are one line of role "table".

    A first row that is a single cell over the whole width is the table's title and stays a line of its own.
    """
    page.tables = [t for t in page.tables if not is_chart(t, page)]
    found = [with_tinted_row(t, page) for t in [*page.tables, *band_tables(page)]]
    page.tables = [with_stacked_rows(_untitled(t, page.words), page.words) for t in found]
    if page.engine != "tesseract":  # its words stand too unevenly, and its noise is full of numbers
        page.tables += aligned_tables(page)
    if not page.tables:
        return page_lines(page)
    inside: dict[int, list[RawWord]] = {}
    outside: list[RawWord] = []
    where: dict[int, int] = {}
    for word in page.words:
        number = next((n for n, t in enumerate(page.tables) if covers(t.box, word)), None)
        if number is None:
            outside.append(word)
        else:
            inside.setdefault(number, []).append(word)
            where.setdefault(number, len(outside))
    lines = page_lines(_with_words(page, outside))
    # From the last to the first; of tables with no text between them the lower one goes in first.
    for number, words in sorted(inside.items(), key=lambda i: (-where[i[0]], -page.tables[i[0]].box[1])):
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
    title = [w for w in words if covers(cells[0], w)]
    if not title or len(title) > 20:
        return table
    return RawTable((x0, cells[0][3], x1, bottom), table.rows[1:])


def _by_cell(table: RawTable, words: list[RawWord]) -> list[RawWord]:
    """The words in the order of the cells, row by row, as the table's text has them; words in no cell come last."""
    places: dict[int, int] = {}
    cells = [cell for row in table.rows for cell in row if cell]
    for index, word in enumerate(words):
        places[index] = next((n for n, cell in enumerate(cells) if covers(cell, word)), len(cells))
    return [words[i] for i in sorted(places, key=lambda i: (places[i], i))]


def _with_words(page: RawPage, words: list[RawWord]) -> RawPage:
    """The page without its tables: a rule of a table underlines nothing."""
    boxes = [(x0 - 2, top - 2, x1 + 2, bottom + 2) for x0, top, x1, bottom in (t.box for t in page.tables)]
    rules = [r for r in page.rules if not any(holds(b, (r[0] + r[2]) / 2, (r[1] + r[3]) / 2) for b in boxes)]
    return RawPage(page.number, page.width, page.height, words=words, rules=rules)


def tables_filled(pages: list[RawPage], pieces: list[Piece], known: Mapping[str, int]) -> list[Piece]:
    """The pieces with the cells of their tables; `known` is the document's vocabulary, for hyphens at line ends."""
    by_number = {page.number: page for page in pages}
    for piece in pieces:
        if piece.kind == "table":
            line, page = piece.lines[0], by_number[piece.page]
            table = next(t for t in page.tables if t.box == line.rect)
            cells = table_cells(table, line.words, fills_at(page, table.box), known)
            piece.cells = cells
            piece.rows = tuple(tuple(cell.text for cell in row) for row in cells)
            piece.header_rows = header_rows(cells)
            piece.header_columns = header_columns(cells, piece.header_rows)
    return pieces


def table_cells(
    table: RawTable, words: list[RawWord], fills: list[tuple[Rect, int]], known: Mapping[str, int]
) -> list[list[Cell]]:
    """The cells row by row without empty rows and columns; a merged cell's text stands in its first place."""
    rows = []
    for row in table.rows:
        cells = []
        for place in row:
            inside = [w for w in words if place and covers(place, w)]
            cells.append(shown_cell(cell_text(inside, known), place, inside, fills))
        if any(cell.text for cell in cells):
            rows.append(cells)
    full = [k for k in range(max(map(len, rows), default=0)) if any(k < len(row) and row[k].text for row in rows)]
    return [[row[k] for k in full if k < len(row)] for row in rows]


def cell_text(words: list[RawWord], known: Mapping[str, int]) -> str:
    """Words of one cell as running text, line-end hyphens repaired with the document's vocabulary."""
    lines: list[list[RawWord]] = []
    for word in words:
        last = lines[-1][-1] if lines else None
        if last is not None and (word.style.angle or abs(last.base - word.base) < 0.5 * max(last.style.size, 1.0)):
            lines[-1].append(word)
        else:
            lines.append([word])
    return repair_line_ends([glued(line) for line in lines], known)
