"""What the report and the quote list quote: passages with their words and boxes, and names with their page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from strategy_miner.records import Box
from strategy_miner.store.schema import results_of

if TYPE_CHECKING:
    from strategy_miner.store import Connection

# A word as the database has it: page, text and rectangle.
PlacedWord = tuple[int, str, tuple[float, float, float, float]]


@dataclass(frozen=True, slots=True)
class Passage:
    """A quoted segment. `words` is empty for formats without pages; `marks` are those of the footnotes on it."""

    id: str
    page: int | None
    text: str
    words: tuple[PlacedWord, ...]
    boxes: tuple[Box, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A declared field or a measure's title, which must stand on its page."""

    kind: str
    id: str
    page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """What is quoted from one document. `engines`: what read each page; `sizes`: its width and height in points."""

    document_id: str
    file: str
    passages: tuple[Passage, ...]
    names: tuple[Name, ...]
    engines: dict[int, str]
    sizes: dict[int, tuple[float, float]]


def quoted(connection: Connection) -> Iterator[Quoted]:
    """By document every coded passage and every passage that a result table names, declared fields and measures."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE quoted AS {_quoted_ids(connection)}")
    sql = "SELECT document_id, file FROM documents WHERE sha256 IS NOT NULL ORDER BY lower(file), document_id"
    for document_id, file in connection.execute(sql).fetchall():
        pages = connection.execute(_PAGES, [document_id]).fetchall()
        yield Quoted(
            document_id, file, tuple(_passages(connection, document_id)),
            tuple(Name(*row) for row in connection.execute(_NAMES, {"of": document_id}).fetchall()),
            {row[0]: row[1] for row in pages}, {row[0]: (row[2], row[3]) for row in pages},
        )  # fmt: skip


def _quoted_ids(connection: Connection) -> str:
    """SQL for the ids of quoted segments: the columns segment_id and segment_ids of all result tables, and codings."""
    sql = """SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'main' AND column_name IN ('segment_id', 'segment_ids') ORDER BY ALL"""
    results = results_of()
    parts = ["SELECT unit_id AS id FROM codings"]
    for table, column in connection.execute(sql).fetchall():
        if table in results:
            parts.append(f'SELECT {column if column == "segment_id" else "unnest(segment_ids)"} FROM "{table}"')
    return " UNION ".join(parts)


# Where pdfplumber read some of a page's fonts, only the page's reason says so.
_PAGES = """
    SELECT page, CASE WHEN engine = 'pdfium' AND reason LIKE '%pdfplumber%' THEN 'pdfplumber' ELSE engine END,
        width, height
    FROM pages WHERE document_id = ? AND page IS NOT NULL ORDER BY page"""
_NAMES = """
    SELECT DISTINCT 'declared field' AS kind, id, page, field_name AS text FROM declared_fields
    WHERE document_id = $of AND origin = 'text'
    UNION ALL SELECT 'measure', id, page, title FROM measures WHERE document_id = $of
    ORDER BY ALL"""
_SEGMENTS = """
    SELECT s.id, s.page, s.text, s.words, list_transform(s.boxes, lambda b: [b.page, b.x0, b.top, b.x1, b.bottom]),
        (SELECT list(DISTINCT regexp_extract(b.raw, '^\\W*(\\d{1,3}|[*†‡]+)', 1)) FROM blocks AS b
            WHERE b.document_id = s.document_id AND b.kind = 'footnote' AND list_contains(s.blocks, b.belongs_to))
    FROM segments AS s WHERE s.document_id = ? AND s.id IN (FROM quoted) ORDER BY s."order" """


def _passages(connection: Connection, document_id: str) -> Iterator[Passage]:
    sql = "SELECT n, page, text, x0, top, x1, bottom FROM words WHERE document_id = ? AND page IS NOT NULL"
    words = {n: (page, text, tuple(box)) for n, page, text, *box in connection.execute(sql, [document_id]).fetchall()}
    for segment_id, page, text, numbers, boxes, marks in connection.execute(_SEGMENTS, [document_id]).fetchall():
        placed = tuple(words[n] for n in numbers if n in words) if page is not None else ()
        known = tuple(sorted((mark for mark in marks or () if mark), key=len, reverse=True))
        yield Passage(segment_id, page, text, placed, tuple((int(b[0]), *b[1:]) for b in boxes or ()), known)
