"""Pieces -> Block and Page records: repaired text, heading paths, numbered words, boxes on the page as shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from strategy_miner.reading.languages import german_share, language
from strategy_miner.reading.paragraphs import Piece
from strategy_miner.reading.quality import grade
from strategy_miner.reading.raw import RawPage, rounded
from strategy_miner.reading.turning import Turn
from strategy_miner.records import Block, Box, Page, Word, stable_id
from strategy_miner.text import Repaired, repaired


@dataclass(frozen=True, slots=True)
class _Draft:
    """A block without its words and boxes: what others have to know of it before it is made."""

    id: str
    order: int
    first: int  # number of its first word
    repair: Repaired
    path: tuple[str, ...]
    piece: Piece


def records_of(
    document_id: str, pages: list[RawPage], pieces: list[Piece], known: dict[str, int], turns: dict[int, Turn]
) -> Iterator[Page]:
    """The pages, one by one: the words of a document as records need more memory than everything before."""
    path: list[tuple[int, str]] = []
    outside: list[tuple[int, str]] | None = None  # the path round a box with a heading of its own
    by_page: dict[int, list[_Draft]] = {page.number: [] for page in pages}
    ids = {id(piece.owner): "" for piece in pieces if piece.owner is not None}
    blocks = words = 0
    for piece in pieces:
        repair = _text_of(piece, _raw(piece), known)
        text = repair.text
        if not text.strip() and piece.kind != "figure":
            continue
        if piece.box < 0 and outside is not None:
            path, outside = outside, None
        if piece.kind == "heading":
            level = piece.level or 1
            outside = list(path) if piece.box >= 0 and outside is None else outside
            path = [p for p in path if p[0] < level]
        draft_id = stable_id(document_id, piece.page, blocks, text)
        by_page[turns[piece.page].page].append(
            _Draft(draft_id, blocks, words, repair, tuple(t for _, t in path), piece)
        )
        if piece.kind == "heading":
            path.append((piece.level or 1, text))
        ids.update({id(line): draft_id for line in piece.lines if id(line) in ids})
        blocks += 1
        words += sum(len(line.words) for line in piece.lines)
    for p in pages:
        found = tuple(_block(d, ids.get(id(d.piece.owner), ""), turns) for d in by_page.pop(p.number))
        confidence = p.confidence if p.engine == "tesseract" else None
        shares = german_share([w.text for w in p.words]), p.disagreement, confidence
        yield Page(document_id, p.number, p.width, p.height, p.engine, *grade(p), found, *shares)


def _raw(piece: Piece) -> str:
    return "\n".join([line.text for line in piece.lines])


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


def _block(draft: _Draft, belongs_to: str, turns: dict[int, Turn]) -> Block:
    piece = draft.piece
    words: list[Word] = []
    for line in piece.lines:
        turn = turns[line.page]
        for number, w in enumerate(line.words, start=draft.first + len(words)):
            box = w[1:5] if turn.angle == 0 == turn.left else turn.shown((w.x0, w.top, w.x1, w.bottom))
            words.append(Word(number, w.text, *box))
    aside = piece.kind in ("running_head", "page_number", "line_number", "thumb_tab", "toc", "hidden")
    return Block(
        id=draft.id, order=draft.order, kind=piece.kind, level=piece.level, text=draft.repair.text,
        raw=_raw(piece), heading_path=() if aside else draft.path, boxes=_boxes(piece, turns), rows=piece.rows,
        words=tuple(words), belongs_to=belongs_to, offsets=draft.repair.offsets,
        language=language(draft.repair.text), header_rows=piece.header_rows, header_columns=piece.header_columns,
        pairs=piece.pairs,
    )  # fmt: skip


def _boxes(piece: Piece, turns: dict[int, Turn]) -> tuple[Box, ...]:
    """One box per line: what a viewer marks."""
    return tuple((turns[i.page].page, *turns[i.page].shown(rounded(*i.rect))) for i in piece.lines)
