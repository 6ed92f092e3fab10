"""Captions: tied to the table or figure that they stand at, on the side where the document sets them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from strategy_miner.reading.paragraphs import FURNITURE, Measure, Piece
from strategy_miner.reading.raw import Rect

REACH = 60.0  # points between a caption and what it stands at
_OF_TABLE = re.compile(r"^Tab(?:elle|\.)")
_OF_FIGURE = re.compile(r"^(?:Abb|Grafik|Schaubild|Karte|Diagramm|Bild|Foto|Fig)")
_SOURCE = re.compile(r"^(?:Quelle|Bildnachweis|Bildquelle|Fotos?\s?:|Grafik\s?:|©)")


@dataclass(frozen=True, slots=True)
class _Place:
    """A table or figure that a caption may stand at; `above`: whether the caption stands above it."""

    target: Piece
    above: bool
    gap: float


def mark_captions(pieces: list[Piece], usual: Measure) -> None:
    """Short pieces in smaller type directly under a figure and not wider than it are captions, whatever they say."""
    for page in _by_page(pieces):
        for piece in page:
            words = sum(len(line.words) for line in piece.lines)
            if piece.kind != "paragraph" or words > 40 or piece.lines[0].style.size > 0.93 * usual.size:
                continue
            for place in _places(piece, page):
                box, figure = _rect(piece), _rect(place.target)
                inside = figure[0] - 6 < box[0] and box[2] < figure[2] + 6
                if place.target.kind == "figure" and not place.above and place.gap < 15 and inside:
                    piece.kind = "caption"


def tie_captions(pieces: list[Piece]) -> None:
    """Set the owner of each caption: the first line of the table or figure nearest to it in its column.

    A table is preferred for "Tabelle 3", a figure for "Abbildung 3", what stands above for a source. Where one stands
    on either side, the side decides on which the document sets the captions that leave no choice.
    """
    found = [(p, _places(p, page)) for page in _by_page(pieces) for p in page if p.kind == "caption"]
    sides: Counter[tuple[str, bool]] = Counter()
    for caption, places in found:
        fitting = [place for place in places if _fits(caption, place.target)]
        if len(fitting) == 1 and not _SOURCE.match(caption.text):
            sides[fitting[0].target.kind, fitting[0].above] += 1
    taken: set[int] = set()
    for caption, places in sorted(found, key=lambda item: len(item[1])):
        source = bool(_SOURCE.match(caption.text))
        free = [p for p in places if source or id(p.target) not in taken]
        if not free:
            continue

        def unlikely(place: _Place, caption: Piece = caption, source: bool = source) -> tuple[bool, bool, float]:
            kind = place.target.kind
            odd = place.above if source else sides[kind, place.above] < sides[kind, not place.above]
            return not _fits(caption, place.target), odd, place.gap

        best = min(free, key=unlikely)
        caption.owner = best.target.lines[0]
        if not source:
            taken.add(id(best.target))


def _fits(caption: Piece, target: Piece) -> bool:
    if _OF_TABLE.match(caption.text):
        return target.kind == "table"
    return target.kind == "figure" or not _OF_FIGURE.match(caption.text)


def _by_page(pieces: list[Piece]) -> list[list[Piece]]:
    pages: dict[int, list[Piece]] = {}
    for piece in pieces:
        if piece.kind not in (*FURNITURE, "margin_note", "hidden"):
            pages.setdefault(piece.page, []).append(piece)
    return [page for page in pages.values() if any(p.kind in ("table", "figure") for p in page)]


def _places(piece: Piece, page: list[Piece]) -> list[_Place]:
    """The tables and figures next above and below a piece in its column, with nothing but captions between."""
    box = _rect(piece)
    places = []
    for target in page:
        other = _rect(target)
        if target.kind not in ("table", "figure") or min(box[2], other[2]) - max(box[0], other[0]) < 10:
            continue
        above = box[3] < (other[1] + other[3]) / 2
        gap = other[1] - box[3] if above else box[1] - other[3]
        between = (box[3], other[1]) if above else (other[3], box[1])
        if gap < REACH and not _interrupted(between, box, [p for p in page if p is not piece and p is not target]):
            places.append(_Place(target, above, max(gap, 0.0)))
    return places


def _interrupted(between: tuple[float, float], box: Rect, others: list[Piece]) -> bool:
    for other in others:
        if other.kind == "caption":
            continue
        x0, top, x1, bottom = _rect(other)
        middle = (top + bottom) / 2
        if between[0] < middle < between[1] and x0 < box[2] and x1 > box[0]:
            return True
    return False


def _rect(piece: Piece) -> Rect:
    lines = [i for i in piece.lines if i.page == piece.page]
    return (min(i.x0 for i in lines), min(i.top for i in lines), max(i.x1 for i in lines), max(i.bottom for i in lines))
