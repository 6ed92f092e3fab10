"""Documents without pages (DOCX, Markdown, plain text): items in reading order -> one Page record with its blocks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from strategy_miner.reading.languages import german_share, language
from strategy_miner.reading.quality import grade
from strategy_miner.reading.raw import RawPage, RawWord, Style
from strategy_miner.records import Block, Page, Word, stable_id
from strategy_miner.text import Repaired, line_spans, repaired, vocabulary

FORMATS = {".docx": "docx", ".md": "markdown", ".txt": "text"}
_STYLE = Style(10.0, "", False, False, 0, 0, False)


class Item(NamedTuple):
    """A block to be. `of` is the number of the item that a note or caption belongs to, -1 if there is none."""

    kind: str
    text: str
    level: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    header_rows: int = 0
    header_columns: int = 0
    raw: str = ""
    of: int = -1

    @classmethod
    def from_json(cls, values: list[Any]) -> Item:
        """The item of a decoded JSON list."""
        item = cls(*values)
        return item._replace(rows=tuple(tuple(row) for row in item.rows))


class Flow(NamedTuple):
    """What was read from a document without pages; `reason` says what in it was not."""

    engine: str
    reason: str
    items: list[Item]


def format_of(path: Path) -> str:
    """pdf, docx, markdown or text: by the name, unless the file begins like a PDF."""
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except (OSError, ValueError):
        return "pdf"  # opening it for reading will say what is wrong
    return "pdf" if b"%PDF-" in head else FORMATS.get(path.suffix.lower(), "pdf")


def table_item(rows: Sequence[Sequence[str]], header_rows: int, header_columns: int = 0) -> Item:
    """A table of cell texts; short rows are filled up. One single cell is a box."""
    width = max(len(row) for row in rows)
    full = tuple(tuple(row) + ("",) * (width - len(row)) for row in rows)
    if width == 1 and len(full) == 1:
        return Item("box", full[0][0])
    return Item("table", "\n".join(" | ".join(row) for row in full), None, full, header_rows, header_columns)


def page_of(document_id: str, flow: Flow) -> Page:
    """The whole document as one Page without number and size; its words have no place (0, 0, 0, 0)."""
    blocks: list[Block] = []
    path: list[tuple[int, str]] = []
    ids = [stable_id(document_id, None, order, item.text) for order, item in enumerate(flow.items)]
    known = vocabulary([line for item in flow.items for line in (item.raw or item.text).split("\n")])
    count = 0
    for order, item in enumerate(flow.items):
        repair, raw = _repaired(item, known), item.raw or item.text
        text = repair.text
        if item.kind == "heading":
            path = [p for p in path if p[0] < (item.level or 1)]
        found = [t for row in item.rows for cell in row for t in cell.split()] if item.rows else raw.split()
        words = tuple(Word(n, t, 0.0, 0.0, 0.0, 0.0) for n, t in enumerate(found, start=count))
        count += len(words)
        aside = item.kind in ("running_head", "toc", "hidden")
        blocks.append(
            Block(
                id=ids[order], order=order, kind=item.kind, level=item.level, text=text, raw=raw,
                heading_path=() if aside else tuple(t for _, t in path), boxes=(), rows=item.rows, words=words,
                header_rows=item.header_rows, header_columns=item.header_columns,
                belongs_to=ids[item.of] if item.of >= 0 else "", language=language(text), offsets=repair.offsets,
            )
        )  # fmt: skip
        if item.kind == "heading":
            path.append((item.level or 1, text))
    seen = [RawWord(w.text, 0, 0, 0, 0, 0, _STYLE) for b in blocks if b.kind != "hidden" for w in b.words]
    told = grade(RawPage(1, 0.0, 0.0, flow.engine, flow.reason, words=seen))
    return Page(document_id, None, 0.0, 0.0, flow.engine, *told, tuple(blocks), german_share(w.text for w in seen))


def _repaired(item: Item, known: dict[str, int]) -> Repaired:
    """The item's text and its offsets into raw: one paragraph of broken lines, or a paragraph a line (text boxes)."""
    if item.rows:
        return Repaired(item.text, ())
    if item.raw:
        return repaired(item.raw, [[[span] for span in line_spans(item.raw)]], known)
    return repaired(item.text, [[[(a, b)]] for a, b in line_spans(item.text) if a < b])
