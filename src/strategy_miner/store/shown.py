"""Which words a report shows on their page: those of quoted segments, of declared fields and of measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strategy_miner.records import Box, Document, Passage
from strategy_miner.store.database import connect
from strategy_miner.store.schema import demand_schema
from strategy_miner.text import fold, ligatures_resolved

if TYPE_CHECKING:
    from strategy_miner.store.database import Connection

# Segments of every table from which a report quotes.
_QUOTED = """
    SELECT segment_id AS id FROM quotes
    UNION SELECT segment_id FROM profile_codes WHERE rank <= 5 AND count > 0
    UNION SELECT segment_id FROM radar_passages
    UNION SELECT segment_id FROM repeated WHERE group_id <= 10
    UNION (SELECT segment_id FROM echoes ORDER BY share DESC, words DESC, segment_id LIMIT 20)
    UNION SELECT unnest(segment_ids) FROM gaps"""
_SEGMENTS = f"""
    SELECT s.id, s.document_id, s.page, s.role, s.boxes,
        list(w ORDER BY u.place) FILTER (w.n IS NOT NULL) AS words,
        (SELECT list(b.boxes ORDER BY b."order") FROM blocks AS b WHERE list_contains(s.blocks, b.id)) AS around
    FROM ({_QUOTED}) AS q JOIN segments AS s USING (id)
    LEFT JOIN LATERAL (SELECT unnest(s.words) AS n, generate_subscripts(s.words, 1) AS place) AS u ON true
    LEFT JOIN words AS w ON w.document_id = s.document_id AND w.n = u.n
    GROUP BY ALL ORDER BY s.document_id, s.id"""
_NAMES = """
    SELECT 'field' AS kind, id, document_id, page, field_name AS name, [] AS boxes FROM declared
    WHERE document_id <> ''
    UNION ALL SELECT 'measure', id, document_id, page, title, boxes FROM measures
    ORDER BY document_id, kind, id"""
_WORDS = """
    SELECT w.page, w.n, w.text, w.x0, w.top, w.x1, w.bottom, w.block_id, b.kind
    FROM words AS w JOIN blocks AS b ON b.id = w.block_id
    WHERE w.document_id = ? AND w.page IN (SELECT unnest(?::INTEGER[])) ORDER BY w.n"""
_BLOCKS = """
    SELECT b.id, b.boxes FROM blocks AS b
    WHERE b.document_id = ? AND b.page IN (SELECT unnest(?::INTEGER[])) ORDER BY b."order\""""


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word of a page with its block and the block's kind."""

    page: int
    n: int
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    block: str
    kind: str

    @property
    def box(self) -> Box:
        return (self.page, self.x0, self.top, self.x1, self.bottom)


def shown_passages(database: Path) -> dict[Document, list[Passage]]:
    """What is to be shown of each document, ordered by document id: see `records.Passage`.

    Raises StoreError if the database is missing, locked or of another schema.
    """
    found: defaultdict[str, list[Passage]] = defaultdict(list)
    with connect(database) as connection:
        demand_schema(connection, database)
        for passage in (*_segments(connection), *_names(connection)):
            found[passage.document_id].append(passage)
        sql = "SELECT document_id, file, sha256 FROM documents WHERE sha256 IS NOT NULL ORDER BY document_id"
        documents = [Document(*row) for row in connection.execute(sql).fetchall()]
    return {document: found[document.document_id] for document in documents if document.document_id in found}


def _segments(connection: Connection) -> Iterator[Passage]:
    for id_, document_id, page, role, _, words, around in connection.execute(_SEGMENTS).fetchall():
        marks = tuple(_box(word) for word in words or [])
        reason = "" if marks else "no_words" if page is not None else "no_pages"
        text = " ".join(word["text"] for word in words or [])
        near = tuple(_box(box) for boxes in around or [] for box in boxes)
        yield Passage("segment", id_, document_id, text, marks, near, role == "table", reason)


def _names(connection: Connection) -> Iterator[Passage]:
    """Declared fields and measures: where their name stands on their page, or on the next."""
    by_document: defaultdict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(_NAMES).fetchall():
        by_document[row[2]].append(row)
    for document_id, rows in by_document.items():
        numbers = sorted({page + more for row in rows if (page := row[3]) is not None for more in (0, 1)})
        pages: defaultdict[int, list[ShownWord]] = defaultdict(list)
        for word in connection.execute(_WORDS, [document_id, numbers]).fetchall():
            pages[word[0]].append(ShownWord(*word))
        blocks = connection.execute(_BLOCKS, [document_id, numbers]).fetchall()
        place = {id_: number for number, (id_, _) in enumerate(blocks)}
        for kind, id_, _, page, name, boxes in rows:
            if page is None:
                yield Passage(kind, id_, document_id, reason="no_pages")
                continue
            words = find_name(name, pages[page]) or find_name(name, pages[page + 1])
            if not words:
                yield Passage(kind, id_, document_id, reason="not_found")
                continue
            at = place.get(words[-1].block, 0)
            near = [b for _, own in blocks[at : at + 3] for b in own] if kind == "field" else boxes
            marks = tuple(word.box for word in words)
            text = " ".join(word.text for word in words)
            yield Passage(kind, id_, document_id, text, marks, tuple(_box(b) for b in near))


def find_name(name: str, words: Sequence[ShownWord]) -> Sequence[ShownWord]:
    """The words that spell a name, signs, blanks and hyphens at line ends aside; in a heading first, then the largest.

    Empty where the name does not stand there in whole words.
    """
    wanted = _letters(name)
    starts, spelled = [], ""
    for word in words:
        starts.append(len(spelled))
        spelled += _letters(word.text)
    starts.append(len(spelled))
    first_at = {start: number for number, start in enumerate(starts[:-1]) if starts[number + 1] > start}
    end_at = {end: number for number, end in enumerate(starts) if number and end > starts[number - 1]}
    best: tuple[tuple[bool, float], Sequence[ShownWord]] | None = None
    at = spelled.find(wanted) if wanted else -1
    while at >= 0:
        if at in first_at and at + len(wanted) in end_at:
            chosen = words[first_at[at] : end_at[at + len(wanted)]]
            rank = all(word.kind == "heading" for word in chosen), chosen[0].bottom - chosen[0].top
            if best is None or rank > best[0]:
                best = rank, chosen
        at = spelled.find(wanted, at + 1)
    return best[1] if best else ()


def _letters(text: str) -> str:
    return "".join(ch for ch in fold(ligatures_resolved(text)) if ch.isalnum())


def _box(row: dict[str, Any]) -> Box:
    return (row["page"], *(round(row[key], 2) for key in ("x0", "top", "x1", "bottom")))
