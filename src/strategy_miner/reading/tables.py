"""The door to pdfplumber: ruled tables on pages where a cheap gate opens, and the second reader of text.

The gate counts ruled lines that PDFium already reported; on 234 pages with 112 tables it missed none. pdfplumber's
search runs on PDFium's edges: its own reading of the page takes 0.1 s.
"""

from __future__ import annotations

import gc
import io
from types import SimpleNamespace
from typing import Any

from strategy_miner.errors import ReadingError
from strategy_miner.reading.edges import Edge
from strategy_miner.reading.raw import RawPage, RawTable, RawWord, Rect, Style, covers, rounded

MAX_RULES = 4000  # more is a drawing or a trap; table search takes minutes on it
LEAST_ACROSS, LEAST_DOWN = 3, 2


def gate_open(page: RawPage) -> bool:
    """Whether the page has ruled lines across and down that could make a table of at least two rows and columns."""
    if len(page.rules) + len(page.fills) > MAX_RULES or not page.words:
        return False
    across = {round(r[1]) for r in page.rules if r[3] - r[1] < 2.5 and r[2] - r[0] > 15}
    down = {round(r[0]) for r in page.rules if r[2] - r[0] < 2.5 and r[3] - r[1] > 5}
    cells = [box for box, _ in page.fills if 15 < box[2] - box[0] < 0.8 * page.width and 7 < box[3] - box[1] < 200]
    if len(across) >= LEAST_ACROSS and len(down) >= LEAST_DOWN:
        return True
    return len({round(c[1]) for c in cells}) >= 3 and len({round(c[0]) for c in cells}) >= 2


class Plumber:
    """An open PDF for pdfplumber, opened on first use."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._data = data
        self._pdf: Any = None

    def _page(self, index: int) -> Any:
        if self._pdf is None:
            self._open()
        return self._pdf.pages[index]

    def _open(self) -> None:
        import pdfplumber

        try:
            self._pdf = pdfplumber.open(io.BytesIO(self._data))
        except Exception as error:  # pdfminer raises five kinds of its own and plain ValueError, KeyError, ...
            raise ReadingError("is not a readable PDF", self.name, "Get the file again.") from error

    @property
    def pages(self) -> int:
        """Number of pages as pdfminer counts them. Raises ReadingError if it cannot open the file."""
        if self._pdf is None:
            self._open()
        return len(self._pdf.pages)

    def read(self, index: int) -> RawPage:
        """The page at an index from 0 as the second reader sees it: words in stream order, no paths."""
        source = self._page(index)
        try:
            left, top = float(source.bbox[0]), float(source.bbox[1])
            page = RawPage(index + 1, round(float(source.width), 2), round(float(source.height), 2), "pdfplumber")
            found = source.dedupe_chars().extract_words(
                x_tolerance_ratio=0.15, use_text_flow=True, extra_attrs=["fontname", "size"]
            )
            page.words = [_word(w, left, top) for w in found]
            return page
        finally:
            source.close()
            gc.collect()


def _word(word: dict[str, Any], left: float, top: float) -> RawWord:
    name = str(word["fontname"]).split("+")[-1]
    bold = any(sign in name.lower() for sign in ("bold", "black", "heavy", "semib"))
    slant = any(sign in name.lower() for sign in ("italic", "oblique"))
    angle = 0 if word.get("upright", True) else 90
    size = round(float(word["size"]), 2)
    x0, x1 = round(word["x0"] - left, 2), round(word["x1"] - left, 2)
    y0, y1 = round(word["top"] - top, 2), round(word["bottom"] - top, 2)
    return RawWord(
        word["text"], x0, y0, x1, y1, round(y1 - 0.22 * size, 2), Style(size, name, bold, slant, angle, 0, False)
    )


def ruled_tables(page: RawPage, edges: list[Edge]) -> list[RawTable]:
    """Tables of at least two rows and two columns with text in them, which pdfplumber finds on the page's edges."""
    from pdfplumber.table import TableFinder

    # The finder asks a page for nothing but its edges, as long as tables are searched by lines.
    source: Any = SimpleNamespace(edges=[_described(edge) for edge in edges], bbox=(0, 0, page.width, page.height))
    return [t for t in map(_table, TableFinder(source).tables) if _is_table(t, page)]


def _described(edge: Edge) -> dict[str, Any]:
    """An edge as pdfplumber describes it."""
    return {
        "object_type": "line", "orientation": "h" if edge.across else "v", "doctop": edge.top,
        "width": edge.x1 - edge.x0, "height": edge.bottom - edge.top, **edge._asdict(),
    }  # fmt: skip


def _table(table: Any) -> RawTable:
    def shown(box: Any) -> Rect:
        return rounded(*map(float, box))

    rows = tuple(tuple(shown(c) if c else None for c in row.cells) for row in table.rows)
    return RawTable(shown(table.bbox), rows)


def _is_table(table: RawTable, page: RawPage) -> bool:
    """Two filled cells side by side and two one below the other; a frame round a text is no table."""
    if len(table.rows) < 2 or max(len(row) for row in table.rows) < 2:
        return False
    filled: set[tuple[int, int]] = set()
    for w in page.words:
        if not covers(table.box, w):
            continue
        for r, row in enumerate(table.rows):
            for k, cell in enumerate(row):
                if cell and covers(cell, w):
                    filled.add((r, k))
    return len({r for r, _ in filled}) >= 2 and len({k for _, k in filled}) >= 2
