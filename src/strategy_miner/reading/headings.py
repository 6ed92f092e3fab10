"""Which pieces are headings, and on which level: size, weight, slant, colour, underline, gap, numbering, witnesses."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter

from strategy_miner.reading.paragraphs import BULLET, Measure, Piece, continues_text
from strategy_miner.reading.raw import OCR_FONT, Bookmark

MAX_CHARS, MAX_LINES = 240, 5
_DECIMAL = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+\S")
_LETTER = re.compile(r"^(?:[A-Z]\.?\d?|[IVXL]{1,6}\.)(?:\.\d{1,2})*[.)]?\s+\S")
_NAMED = re.compile(
    r"^(?:Kapitel|Teil|Abschnitt|Handlungsfeld|Handlungsfelder|Handlungsbereich|Themenfeld|Ziel|Leitziel|Maßnahme|"
    r"Leitlinie|Leitbild|Schwerpunkt|Anhang|Anlage|Baustein|Projekt|Phase|Säule)\s+(?:\d{1,2}|[A-Z]|[IVX]{1,5})\b",
)
_SENTENCE_END = re.compile(r"[a-zäöüß)\]\"“]{2}[.;,]$")
_DATE = re.compile(
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\s+(?:19|20)\d\d$"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
OCR_LARGER, OCR_CHARS, OCR_LINES = 1.15, 120, 3  # what a heading read from a picture must be against its body text

StyleKey = tuple[float, bool, int, bool, bool, bool]


def mark_headings(pieces: list[Piece], usual: Measure, bookmarks: list[Bookmark], contents: list[str]) -> None:
    """Set kind and level of the pieces that are headings. Bookmarks and contents entries speak for candidates only."""
    witnesses = {_plain(b.title) for b in bookmarks} | {_plain(t) for t in contents}
    looks: Counter[StyleKey] = Counter()
    scanned = _scanned(pieces)
    for least in (1.5, 0.5):
        # Second look: what falls short alone (it ends in a full stop, say) but looks like three accepted headings.
        for index, piece in enumerate(pieces):
            following = pieces[index + 1] if index + 1 < len(pieces) else None
            if piece.kind not in ("paragraph", "list_item") or (least < 1.5 and looks[_key(piece)] < 3):
                continue
            if id(piece) in scanned:
                if _is_scanned_heading(piece, scanned[id(piece)], witnesses):
                    piece.kind = "heading"
            elif _heading_points(piece, following, usual, witnesses) >= least:
                piece.kind = "heading"
        looks.update(_key(p) for p in pieces if p.kind == "heading")
    _merge_neighbours(pieces, usual)
    _drop_lonely(pieces)
    headings = [p for p in pieces if p.kind == "heading"]
    _set_levels([p for p in headings if not _from_picture(p)])
    sure = _sure_levels(headings, witnesses)
    _set_levels([p for p in headings if _from_picture(p) and id(p) not in sure])
    _sink_scanned(headings, sure)


def _from_picture(piece: Piece) -> bool:
    return piece.lines[0].style.font == OCR_FONT


def _scanned(pieces: list[Piece]) -> dict[int, float]:
    """Pieces read from pictures that a heading could be among, by id, with the size of the body text around them.

    Left out are those with another piece beside them on the row: cells of a table or a form.
    """
    by_page: dict[int, list[Piece]] = {}
    sizes: Counter[float] = Counter()
    for piece in pieces:
        if _from_picture(piece) and piece.kind in ("paragraph", "list_item"):
            by_page.setdefault(piece.page, []).append(piece)
            sizes[piece.lines[0].style.size] += len(piece.text)
    return {
        # Two numbered headings may open two columns on one row.
        id(p): max(sizes, key=lambda s: sizes[s])
        if _DECIMAL.match(p.text) or not _has_neighbour(p, found)
        else math.inf
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


def _is_scanned_heading(piece: Piece, body: float, witnesses: set[str]) -> bool:
    """A picture tells neither weight nor colour and sizes only nearly: short, words, clearly larger than the body."""
    text = piece.text
    if len(text) > OCR_CHARS or len(piece.lines) > OCR_LINES or piece.box >= 0 or not text[0].isalnum():
        return False
    letters = sum(ch.isalpha() or ch.isspace() for ch in _DECIMAL.sub("", text))
    if letters < 0.8 * len(text.rstrip()) - 6 or not re.search(r"[^\W\d_]{4,}", text):
        return False
    if _plain(text) in witnesses and is_numbered(text):
        return True
    size = min(line.style.size for line in piece.lines)
    return size > OCR_LARGER * body and not _SENTENCE_END.search(text) and not text[0].islower()


def _sure_levels(headings: list[Piece], witnesses: set[str]) -> dict[int, int]:
    """Levels of headings read from pictures, by id, that the contents list with a number, as it lists those of text.

    They take the level that headings with as many numbers have in the text.
    """
    depths: dict[int, Counter[int]] = {}
    for heading in headings:
        if not _from_picture(heading) and _depth(heading.text):
            depths.setdefault(_depth(heading.text), Counter())[heading.level or 1] += 1
    return {
        id(h): max(depths[_depth(h.text)], key=lambda level: depths[_depth(h.text)][level])
        for h in headings
        if _from_picture(h) and _depth(h.text) in depths and _plain(h.text) in witnesses
    }


def _sink_scanned(headings: list[Piece], sure: dict[int, int]) -> None:
    """In a document that has text, what else its pictures show stands below the last sure heading.

    Among pages of text a few pictures tell too little for levels of their own.
    """
    floor = 0
    flat = 2 * sum(map(_from_picture, headings)) < len(headings)
    for heading in headings:
        if not _from_picture(heading):
            floor = heading.level or 1
        elif id(heading) in sure:
            floor = heading.level = sure[id(heading)]
        else:
            heading.level = floor + (1 if flat else heading.level or 1)


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def is_numbered(text: str) -> bool:
    """Whether a text begins like a numbered heading: "1.2 ", "A. ", "IV. ", "Handlungsfeld 3"."""
    return bool(_DECIMAL.match(text) or _LETTER.match(text) or _NAMED.match(text))


def _heading_points(piece: Piece, following: Piece | None, usual: Measure, witnesses: set[str]) -> float:
    """What speaks for a heading; 1.5 is enough, 0 means that it cannot be one."""
    text = piece.text
    if len(text) > MAX_CHARS or len(piece.lines) > MAX_LINES or not _WORD.search(text) or piece.box >= 0:
        return 0.0
    if _DATE.search(text):
        return 0.0  # "Stadt X, Mai 2021" under a title
    if text[0] == "(" and text[-1] == ")":
        return 0.0
    style = piece.lines[0].style
    numbered = is_numbered(text)
    if piece.kind == "list_item" and not numbered and not (style.size > 1.1 * usual.size and text[:1].isdigit()):
        return 0.0
    points = _style_points(piece, usual)
    if points <= 0:
        return 1.5 * (_plain(text) in witnesses and numbered and len(piece.lines) < 4)
    if _SENTENCE_END.search(text) and style.size < 1.25 * usual.size and not numbered:
        points -= 2.0
    if text.endswith(":") and style.size < 1.1 * usual.size:
        points -= 0.5
    if style.size < 0.93 * usual.size:
        points -= 1.5
    if piece.gap_above > 1.25 * usual.step(style.size):
        points += 0.5
    points += 0.5 * numbered + 1.0 * (_plain(text) in witnesses)
    if following is None or following.kind in ("caption", "running_head"):
        points -= 0.3
    if following is not None and following.kind == "paragraph" and continues_text(text, following.text[:1].lower()):
        points -= 2.0 * following.text[:1].islower()
    return points


def _style_points(piece: Piece, usual: Measure) -> float:
    """How far the piece's look stands out of the body; every line must share it."""
    words = [w for line in piece.lines for w in line.words if any(ch.isalpha() for ch in w.text)]
    if not words:
        return 0.0
    style = piece.lines[0].style
    bold = all(w.style.bold for w in words) and not usual.bold
    points = 0.0
    ratio = min(w.style.size for w in words) / usual.size
    if ratio > 1.04:
        points += 1.5 + min(ratio - 1.04, 1.0)
    points += 1.5 * bold
    if all(w.style.colour == style.colour for w in words) and _stands_out(style.colour, usual.colour):
        points += 0.8
    if all(line.underlined for line in piece.lines):
        points += 1.5
    if all(w.style.slant for w in words) and not usual.slant:
        points += 0.7
    if style.font != usual.font and not bold and ratio > 0.97 and all(w.style.font == style.font for w in words):
        points += 0.5
    letters = "".join(w.text for w in words)
    if letters.isupper() and len(letters) > 4:
        points += 0.5
    return points


def _stands_out(colour: int, body: int) -> bool:
    return max(abs((colour >> s & 255) - (body >> s & 255)) for s in (0, 8, 16)) > 60


def _key(piece: Piece) -> StyleKey:
    style = piece.lines[0].style
    letters = [ch for ch in piece.text if ch.isalpha()]
    caps = all(ch.isupper() for ch in letters)
    underlined = all(line.underlined for line in piece.lines)
    return (round(style.size * 2) / 2, style.bold, style.colour, style.slant, underlined, caps)


def _merge_neighbours(pieces: list[Piece], usual: Measure) -> None:
    """One heading broken over lines: same look, next to each other, no number of its own on the second line."""
    index = 1
    while index < len(pieces):
        above, below = pieces[index - 1], pieces[index]
        if above.kind == below.kind == "heading" and _is_one(above, below, usual):
            above.lines += below.lines
            del pieces[index]
        else:
            index += 1


def _is_one(above: Piece, below: Piece, usual: Measure) -> bool:
    a, b = above.lines[-1], below.lines[0]
    if above.page != below.page or _key(above)[:5] != _key(below)[:5] or is_numbered(below.text):
        return False
    step = b.base - a.base
    # A justified heading may have wide gaps; a figure at the end of the row is not part of it.
    words_only = not any(ch.isdigit() for ch in below.text)
    same_row = abs(step) < 0.3 * b.style.size and 0 < b.x0 - a.x1 < 8 * b.style.size and words_only
    return same_row or 0 < step < 1.45 * max(usual.step(b.style.size), 1.2 * b.style.size) * (
        1.0 if a.x0 < b.x1 and b.x0 < a.x1 else 0.9
    )


def _drop_lonely(pieces: list[Piece]) -> None:
    """Many short "headings" in a row with no text between are a list of names or a form, not an outline."""
    run: list[Piece] = []
    for piece in [*pieces, None]:
        if piece is not None and piece.kind == "heading":
            run.append(piece)
            continue
        if piece is not None and piece.kind in ("running_head", "page_number", "thumb_tab", "margin_note"):
            continue
        looks = {_key(p) for p in run}
        if len(run) > 5 and len(looks) == 1:
            for item in run:
                item.kind = "list_item" if BULLET.match(item.text) else "paragraph"
        run = []


def _set_levels(headings: list[Piece]) -> None:
    """Levels by look, larger type higher; between looks of one size the one that stands directly above the other.

    Decimal numbers refine the level inside one look, so "1" and "1.2" in the same type are not equal.
    """
    if not headings:
        return
    cover = {_key(h) for h in headings if h.page == 1} - {_key(h) for h in headings if h.page > 1}
    looks = _ranked([h for h in headings if _key(h) not in cover] or headings)
    depths: dict[int, set[int]] = {}
    for heading in headings:
        rank = looks.get(_key(heading), 0)
        depths.setdefault(rank, set()).add(_depth(heading.text))
    offset, base = 0, {}
    for rank in sorted(depths):
        base[rank] = rank + offset
        numbered = {d for d in depths[rank] if d}
        if len(numbered) > 1:
            offset += max(numbered) - min(numbered)
    for heading in headings:
        rank, depth = looks.get(_key(heading), 0), _depth(heading.text)
        numbered = {d for d in depths[rank] if d}
        extra = depth - min(numbered) if depth and len(numbered) > 1 else 0
        heading.level = 1 + base[rank] + extra


def _depth(text: str) -> int:
    match = _DECIMAL.match(text)
    return match.group(1).count(".") + 1 if match else 0


def _ranked(headings: list[Piece]) -> dict[StyleKey, int]:
    counts = Counter(_key(h) for h in headings)
    above: Counter[tuple[StyleKey, StyleKey]] = Counter()
    for first, second in itertools.pairwise(headings):
        above[_key(first), _key(second)] += 1
    first_seen = {key: index for index, key in reversed(list(enumerate(_key(h) for h in headings)))}
    order = sorted(counts, key=lambda k: (-k[0], -k[5], -k[1], -k[4], k[3], first_seen[k]))
    ranks: dict[StyleKey, int] = {}
    rank = -1
    for position, key in enumerate(order):
        # A hair's difference in size is no level of its own when nothing else differs.
        previous = order[position - 1] if position else None
        if previous is None or abs(previous[0] - key[0]) > 0.6 or previous[1:] != key[1:]:
            rank += 1
        ranks[key] = rank
    return ranks
