"""Where segments stand: in the plain text of their document, and as rectangles on the pages of its PDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any

from strategy_miner.coding.refi_qda import clean, guid_of
from strategy_miner.reading.frames import PageFrame
from strategy_miner.store.refi_project import Area, Passage, plain_text

GAP = "\n\n"  # between two passages of a plain text
_EXCERPT = 80  # characters of a passage that name it


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment with its place in the plain text of its document."""

    id: str
    start: int
    end: int
    text: str
    boxes: Sequence[Mapping[str, Any]]


def text_of(rows: Sequence[tuple[Any, ...]]) -> tuple[str, list[Piece]]:
    """The plain text of a document from its segments, each heading where it begins to hold."""
    parts: list[str] = []
    pieces = []
    length, above = 0, tuple[str, ...]()
    for identity, path, raw, boxes in rows:
        path = tuple(path)
        same = next((i for i, (old, new) in enumerate(zip(above, path, strict=False)) if old != new),
                    min(len(above), len(path)))  # fmt: skip
        for part in (*path[same:], None):
            text = plain_text(raw if part is None else part)
            if parts:
                parts.append(GAP)
                length += len(GAP)
            parts.append(text)
            if part is None:
                pieces.append(Piece(identity, length, length + len(text), text, boxes))
            length += len(text)
        above = path
    return "".join(parts), pieces


def areas_of(piece: Piece, passage: Passage, pages: Sequence[PageFrame]) -> Iterator[Area]:
    """The rectangles of a passage, one for each stretch of lines below each other; the first has the passage's guid,
    as in annex A.2 of the standard, where one selection stands on the page and in the text."""
    for number, (page, *box) in enumerate(_stretches(piece.boxes)):
        if not 1 <= page <= len(pages):
            continue
        left, bottom, right, top = pages[page - 1].stored(*box)
        guid = passage.guid if number == 0 else part_guid(passage.guid, number)
        codings = tuple(replace(one, guid=part_guid(one.guid, number + 1)) for one in passage.codings)
        yield Area(guid, page - 1, floor(left), floor(bottom), ceil(right), ceil(top), passage.name,
                   clean(piece.text) if number == 0 else "", passage.user, codings)  # fmt: skip


def part_guid(guid: str, number: int) -> str:
    """The guid of the same thing on a page, of which a passage may have several."""
    return guid_of("part", guid, str(number))


def _stretches(boxes: Sequence[Mapping[str, Any]]) -> list[tuple[int, float, float, float, float]]:
    """Lines as few rectangles: page, x0, top, x1, bottom. A new one begins with each page and each column."""
    found: list[tuple[int, float, float, float, float]] = []
    for box in boxes:
        page, x0, top, x1, bottom = (box[key] for key in ("page", "x0", "top", "x1", "bottom"))
        if found:
            last, a, b, c, d = found[-1]
            # Beside each other, as cells of a row; or the next line, which begins no higher than the stretch does.
            if page == last and top >= b - 2 and ((x0 < c and x1 > a) or (top < d and bottom > b)):
                found[-1] = (page, min(a, x0), min(b, top), max(c, x1), max(d, bottom))
                continue
        found.append((page, x0, top, x1, bottom))
    return found


def excerpt(text: str) -> str:
    """The beginning of a text in one line, as a name."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _EXCERPT else flat[: _EXCERPT - 1].rstrip() + "…"
