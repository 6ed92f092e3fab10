"""Pieces -> Block and Page records: repaired text, heading paths, numbered words, boxes on the page as shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from strategy_miner.reading.paragraphs import Piece
from strategy_miner.reading.quality import grade
from strategy_miner.reading.raw import RawPage, Rect
from strategy_miner.reading.turning import Turn
from strategy_miner.records import Block, Box, Page, Word, stable_id
from strategy_miner.text import Repaired, repaired


@dataclass(slots=True)
class _Counter:
    words: int = 0
    blocks: int = 0


def records_of(
    document_id: str, pages: list[RawPage], pieces: list[Piece], known: dict[str, int], turns: dict[int, Turn]
) -> list[Page]:
    count = _Counter()
    path: list[tuple[int, str]] = []
    outside: list[tuple[int, str]] | None = None  # the path round a box with a heading of its own
    by_page: dict[int, list[Block]] = {page.number: [] for page in pages}
    ids = {id(piece.owner): "" for piece in pieces if piece.owner is not None}
    owners: dict[str, int] = {}
    for piece in pieces:
        raw = "\n".join([line.text for line in piece.lines])
        repair = _text_of(piece, raw, known)
        text = repair.text
        if not text.strip() and piece.kind != "figure":
            continue
        if piece.box < 0 and outside is not None:
            path, outside = outside, None
        if piece.kind == "heading":
            level = piece.level or 1
            outside = list(path) if piece.box >= 0 and outside is None else outside
            path = [p for p in path if p[0] < level]
        block = _block(document_id, piece, raw, repair, tuple(t for _, t in path), _Place(count, turns))
        if piece.kind == "heading":
            path.append((piece.level or 1, text))
        by_page[turns[piece.page].page].append(block)
        ids.update({id(line): block.id for line in piece.lines if id(line) in ids})
        if piece.owner is not None:
            owners[block.id] = id(piece.owner)
    for found in by_page.values():
        found[:] = [replace(b, belongs_to=ids[owners[b.id]]) if b.id in owners else b for b in found]
    return [
        Page(
            document_id,
            p.number,
            p.width,
            p.height,
            p.engine,
            *grade(p),
            tuple(by_page[p.number]),
            confidence=p.confidence if p.engine == "tesseract" else None,
        )
        for p in pages
    ]


def _text_of(piece: Piece, raw: str, known: dict[str, int]) -> Repaired:
    """The piece's text and its offsets; a table's cells have none, for the page may show them in another order."""
    if piece.kind == "table":
        return Repaired("\n".join(" | ".join(row) for row in piece.rows), ())
    starts = accumulate((len(line.text) + 1 for line in piece.lines), initial=0)
    lines = [[(at + a, at + b) for a, b in line.spans] for at, line in zip(starts, piece.lines, strict=False)]
    if piece.kind == "toc":
        return repaired(raw, [[line] for line in lines])
    ends = [*accumulate(map(len, piece.parts), initial=0)] if piece.kind == "box" and piece.parts else [0, len(lines)]
    return repaired(raw, [lines[a:b] for a, b in pairwise(ends)], known)


@dataclass(frozen=True, slots=True)
class _Place:
    count: _Counter
    turns: dict[int, Turn]


def _block(document_id: str, piece: Piece, raw: str, repair: Repaired, path: tuple[str, ...], place: _Place) -> Block:
    count = place.count
    words = []
    for line in piece.lines:
        turn = place.turns[line.page]
        for number, w in enumerate(line.words, start=count.words):
            box = w[1:5] if turn.angle == 0 == turn.left else turn.shown((w.x0, w.top, w.x1, w.bottom))
            words.append(Word(number, w.text, *box))
        count.words += len(line.words)
    order = count.blocks
    count.blocks += 1
    aside = piece.kind in ("running_head", "page_number", "line_number", "thumb_tab", "toc", "hidden")
    return Block(
        id=stable_id(document_id, piece.page, order, repair.text), order=order, kind=piece.kind, level=piece.level,
        text=repair.text, raw=raw, heading_path=() if aside else path, boxes=_boxes(piece, place.turns),
        rows=piece.rows, words=tuple(words), offsets=repair.offsets,
    )  # fmt: skip


def _boxes(piece: Piece, turns: dict[int, Turn]) -> tuple[Box, ...]:
    """One box per line: what a viewer marks."""
    return tuple((turns[i.page].page, *turns[i.page].shown(_rounded(i.rect))) for i in piece.lines)


def _rounded(box: Rect) -> Rect:
    return round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)
