"""Headings on pages that OCR read: a picture tells no colour, and sizes and weight only nearly."""

from __future__ import annotations

import math
import re
from collections import Counter

from strategy_miner.reading.looks import SENTENCE_END, depth, is_dated, is_numbered, plain, without_number
from strategy_miner.reading.paragraphs import Piece
from strategy_miner.reading.raw import OCR_FONT

OCR_LARGER, OCR_CHARS, OCR_LINES = 1.15, 120, 3  # what a heading read from a picture must be against its body text


def from_picture(piece: Piece) -> bool:
    return piece.lines[0].style.font == OCR_FONT


def scanned(pieces: list[Piece]) -> dict[int, float]:
    """Pieces read from pictures that a heading could be among, by id, with the size of the body text around them.

    Left out are those with another piece beside them on the row: cells of a table or a form.
    """
    by_page: dict[int, list[Piece]] = {}
    sizes: Counter[float] = Counter()
    for piece in pieces:
        if from_picture(piece) and piece.kind in ("paragraph", "list_item"):
            by_page.setdefault(piece.page, []).append(piece)
            sizes[piece.lines[0].style.size] += len(piece.text)
    return {
        # Two numbered headings may open two columns on one row.
        id(p): max(sizes, key=lambda s: sizes[s]) if depth(p.text) or not _has_neighbour(p, found) else math.inf
        for found in by_page.values()
        for p in found
    }


def _has_neighbour(piece: Piece, others: list[Piece]) -> bool:
    """Whether another short piece of its size stands on the same row: the cells of a grid, unlike text in columns."""
    first = piece.lines[0]
    height = first.bottom - first.top
    for other in others:
        alike = abs(other.lines[0].style.size - first.style.size) < 0.12 * first.style.size
        if other is piece or len(other.text) > OCR_CHARS or not alike:
            continue
        for line in other.lines:
            if min(line.bottom, first.bottom) - max(line.top, first.top) > 0.4 * height:
                return True
    return False


def is_scanned_heading(piece: Piece, body: float, witnesses: set[str]) -> bool:
    """A picture tells no colour and sizes only nearly: short, words, bold or clearly larger than the body."""
    text = piece.text
    if len(text) > OCR_CHARS or len(piece.lines) > OCR_LINES or piece.box >= 0 or not text[0].isalnum():
        return False
    if is_dated(text):
        return False
    letters = sum(ch.isalpha() or ch.isspace() for ch in without_number(text))
    if letters < 0.8 * len(text.rstrip()) - 6 or not re.search(r"[^\W\d_]{4,}", text):
        return False
    if plain(text) in witnesses and is_numbered(text):
        return True
    size = min(line.style.size for line in piece.lines)
    bold = size > 0.9 * body and all(w.style.bold for line in piece.lines for w in line.words)
    return (bold or size > OCR_LARGER * body) and not SENTENCE_END.search(text) and not text[0].islower()


def sure_levels(headings: list[Piece], witnesses: set[str]) -> dict[int, int]:
    """Levels of headings read from pictures, by id, that the contents list with a number, as it lists those of text.

    They take the level that headings with as many numbers have in the text.
    """
    depths: dict[int, Counter[int]] = {}
    for heading in headings:
        if not from_picture(heading) and depth(heading.text):
            depths.setdefault(depth(heading.text), Counter())[heading.level or 1] += 1
    return {
        id(h): max(depths[depth(h.text)], key=lambda level: depths[depth(h.text)][level])
        for h in headings
        if from_picture(h) and depth(h.text) in depths and plain(h.text) in witnesses
    }


def sink_scanned(headings: list[Piece], sure: dict[int, int]) -> None:
    """In a document that has text, what else its pictures show stands below the last sure heading.

    Among pages of text a few pictures tell too little for levels of their own.
    """
    floor = 0
    flat = 2 * sum(map(from_picture, headings)) < len(headings)
    for heading in headings:
        if not from_picture(heading):
            floor = heading.level or 1
        elif id(heading) in sure:
            floor = heading.level = sure[id(heading)]
        else:
            heading.level = floor + (1 if flat else heading.level or 1)
