"""Which pieces are headings: size, weight, slant, colour, underline, gap, numbering, witnesses, and the whole look.

What decides is how a piece stands out of the body, what it stands between, and what the others of its look do: a look
whose members are mostly sentences is emphasis.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass

from strategy_miner.reading.levels import set_levels
from strategy_miner.reading.looks import SENTENCE_END, Look, is_dated, is_label, is_numbered, look, plain, prominence
from strategy_miner.reading.paragraphs import BULLET, FURNITURE, Measure, Piece, continues_text
from strategy_miner.reading.raw import Bookmark
from strategy_miner.reading.scanned import from_picture, is_scanned_heading, scanned, sink_scanned, sure_levels

MAX_CHARS, MAX_LINES, SHORT = 240, 5, 80
QUOTED_WORDS = 8  # a motto may stand in quotation marks, longer ones are quotations
ENOUGH, ENOUGH_BY_LOOK = 1.5, 0.5  # points for a heading, alone and with three others of its look
EMPHASIS = 0.6  # share of sentences among the members of a look from which it is emphasis
_ASIDE = (*FURNITURE, "footnote", "margin_note", "caption")
_QUOTED = re.compile(r"[„»“\"].{20,}|(?:\S+\s+){9,}.*[.!?]$")
_QUOTES = "„“”\"»«‚‘’'"
_QUOTE_END = re.compile(rf"[{_QUOTES}][.!?]?$")
_ADDRESS = re.compile(r"^(?:https?://|www\.)\S+$|^\S+@\S+$")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(slots=True)
class _Vote:
    """What the members of one look do over the whole document."""

    pieces: int = 0
    sentences: int = 0
    titles: int = 0  # short and over a text of another look
    headings: int = 0

    @property
    def emphasis(self) -> bool:
        return self.pieces >= 5 and self.sentences >= EMPHASIS * self.pieces

    @property
    def titled(self) -> bool:
        return self.pieces >= 3 and self.titles >= 0.8 * self.pieces

    @property
    def title(self) -> bool:
        return self.headings >= 4 and self.headings >= 0.75 * self.pieces


Votes = dict[Look, _Vote]


@dataclass(frozen=True, slots=True)
class _Around:
    """What a piece is judged by."""

    usual: Measure
    witnesses: set[str]
    votes: Votes


def mark_headings(pieces: list[Piece], usual: Measure, bookmarks: list[Bookmark], contents: list[str]) -> None:
    """Set kind and level of the pieces that are headings. Bookmarks and contents entries speak for candidates only."""
    witnesses = {plain(b.title) for b in bookmarks} | {plain(t) for t in contents}
    around = _Around(usual, witnesses, _votes(pieces, usual))
    pictures = scanned(pieces)
    boxes = _box_heads(pieces)
    for least in (ENOUGH, ENOUGH_BY_LOOK):
        # Second look: what falls short alone (it ends in a full stop, say) but looks like three accepted headings.
        following: Piece | None = None
        for index in range(len(pieces) - 1, -1, -1):
            piece = pieces[index]
            if piece.kind in ("paragraph", "list_item") and (piece.box < 0 or id(piece) in boxes):
                alike = around.votes[look(piece)].headings >= 3
                if id(piece) in pictures:
                    found = is_scanned_heading(piece, pictures[id(piece)], witnesses)
                elif least < ENOUGH or boxes.get(id(piece)):
                    found = alike and _points(pieces, index, following, around) >= least
                else:
                    found = _points(pieces, index, following, around) >= least
                if found:
                    piece.kind = "heading"
                    piece.box = piece.box if boxes.get(id(piece)) else -1
            if piece.kind not in _ASIDE:
                following = piece
        _count_headings(pieces, around.votes)
    _merge_neighbours(pieces, around)
    _merge_labels(pieces, usual)
    _merge_subtitles(pieces)
    _drop_lonely(pieces)
    headings = [p for p in pieces if p.kind == "heading"]
    set_levels([p for p in headings if not from_picture(p)], witnesses)
    sure = sure_levels(headings, witnesses)
    set_levels([p for p in headings if from_picture(p) and id(p) not in sure], witnesses)
    sink_scanned(headings, sure)


def _votes(pieces: list[Piece], usual: Measure) -> Votes:
    votes: Votes = {}
    following: Piece | None = None
    for piece in reversed(pieces):
        own = look(piece)
        vote = votes.setdefault(own, _Vote())
        if piece.kind in ("paragraph", "list_item") and piece.box < 0 and prominence(piece, usual) > 0:
            vote.pieces += 1
            vote.sentences += _is_text(piece)
            over_text = following is not None and following.kind == "paragraph" and look(following) != own
            vote.titles += over_text and piece.kind == "paragraph" and len(piece.text) < SHORT
        if piece.kind not in _ASIDE:
            following = piece
    return votes


def _is_text(piece: Piece) -> bool:
    """Whether a piece ends like a sentence or is longer than a heading."""
    return bool(SENTENCE_END.search(piece.text)) or len(piece.text) > MAX_CHARS or len(piece.lines) > MAX_LINES


def _count_headings(pieces: list[Piece], votes: Votes) -> None:
    for vote in votes.values():
        vote.headings = 0
    for piece in pieces:
        if piece.kind == "heading":
            votes[look(piece)].headings += 1


def _box_heads(pieces: list[Piece]) -> dict[int, bool]:
    """Pieces inside boxes that may be headings, by id: all that a tinted strip holds, or the line over a list.

    A quotation or a long sentence alone in a box was set apart from the text, not over it.

    The second must look like headings outside (True): a title over a paragraph belongs to its box.
    """
    found: dict[int, bool] = {}
    boxed = (p for p in pieces if p.box >= 0)
    for _, run in itertools.groupby(boxed, key=lambda p: (p.page, p.box)):
        inside = list(run)
        if len(inside) == 1 and not _QUOTED.match(inside[0].text):
            found[id(inside[0])] = False
        elif sum(p.kind == "list_item" for p in inside) >= max(2, len(inside) - 2):
            found[id(inside[0])] = True
    return found


def _points(pieces: list[Piece], index: int, following: Piece | None, around: _Around) -> float:
    """What speaks for a heading; 0 means that it cannot be one."""
    piece, usual = pieces[index], around.usual
    text, style = piece.text, piece.lines[0].style
    if not _is_possible(piece, usual) or _is_signature(pieces, index, usual):
        return 0.0
    numbered, witnessed = is_numbered(text), plain(text) in around.witnesses
    points = prominence(piece, usual)
    if points <= 0:
        return ENOUGH * (witnessed and numbered and len(piece.lines) < 4)
    vote = around.votes[look(piece)]
    small = style.size < 1.1 * usual.size
    same_below = following is not None and following.kind != "heading" and look(following) == look(piece)
    if small and not witnessed and vote.emphasis and not vote.titled and (text[-1] in ".:;,!?" or same_below):
        return 0.0
    if SENTENCE_END.search(text) and style.size < 1.25 * usual.size and not numbered and not vote.titled:
        points -= 2.0
    points += 0.7 * vote.titled
    points -= 0.5 * (small and text.endswith(":"))
    # A heading differs from the text that it heads.
    points -= (1.0 if numbered else 2.0) * (small and same_below and vote.sentences > 0.25 * vote.pieces)
    points -= 1.5 * (style.size < 0.93 * usual.size)
    points += 0.5 * _stands_apart(piece, usual) + 0.5 * numbered + 1.0 * witnessed
    points -= 0.3 * (following is None or _is_caption_next(pieces, index))
    if small and following is not None and following.kind == "paragraph" and continues_text(text, following.text):
        points -= 2.0 * following.text[:1].islower()
    return points


def _stands_apart(piece: Piece, usual: Measure) -> bool:
    return piece.gap_above > 1.25 * usual.step(piece.lines[0].style.size)


def _is_possible(piece: Piece, usual: Measure) -> bool:
    text = piece.text
    if len(text) > MAX_CHARS or len(piece.lines) > MAX_LINES or not _WORD.search(text):
        return False
    quoted = text[0] in _QUOTES and _QUOTE_END.search(text) and len(text.split()) > QUOTED_WORDS
    if quoted or _ADDRESS.match(text) or is_dated(text) or (text[0] == "(" and text[-1] == ")"):
        return False  # "Stadt X, Mai 2021" under a title
    numbered = is_numbered(text)
    if not numbered and sum(c.isdigit() for c in text) > sum(c.isalpha() for c in text):
        return False  # the sum under a column
    large = piece.lines[0].style.size > 1.1 * usual.size
    return piece.kind != "list_item" or numbered or (large and text[:1].isdigit())


def _is_caption_next(pieces: list[Piece], index: int) -> bool:
    return index + 1 < len(pieces) and pieces[index + 1].kind == "caption"


def _is_signature(pieces: list[Piece], index: int, usual: Measure) -> bool:
    """Whether a piece stands close under a quotation: who said it."""
    piece = pieces[index]
    if not index or piece.gap_above > 1.3 * usual.step(piece.lines[0].style.size) or is_numbered(piece.text):
        return False
    above = pieces[index - 1]
    return above.kind == "paragraph" and above.text[0] in _QUOTES and bool(_QUOTE_END.search(above.text))


def _merge_neighbours(pieces: list[Piece], around: _Around) -> None:
    """One heading broken over lines: same look, next to each other, no number of its own on the second line.

    In a look of headings a line that only ends like a sentence belongs to the heading under or above it.
    """
    index = 1
    while index < len(pieces):
        above, below = pieces[index - 1], pieces[index]
        kinds = {above.kind, below.kind}
        vote = around.votes.get(look(above))  # lines merged just now may have a look that none had before
        torn = kinds == {"heading", "paragraph"} and vote is not None and vote.title
        torn = torn and len(above.text) + len(below.text) < MAX_CHARS and above.box == below.box
        if (kinds == {"heading"} or torn) and _is_one(above, below, around.usual):
            above.lines += below.lines
            above.kind = "heading"
            del pieces[index]
        else:
            index += 1


def _is_one(above: Piece, below: Piece, usual: Measure) -> bool:
    a, b = above.lines[-1], below.lines[0]
    if above.page != below.page or look(above)[:5] != look(below)[:5] or is_numbered(below.text):
        return False
    step = b.base - a.base
    # A justified heading may have wide gaps; a figure at the end of the row is not part of it.
    words_only = not any(ch.isdigit() for ch in below.text)
    same_row = abs(step) < 0.3 * b.style.size and 0 < b.x0 - a.x1 < 8 * b.style.size and words_only
    return same_row or 0 < step < 1.45 * max(usual.step(b.style.size), 1.2 * b.style.size) * (
        1.0 if a.x0 < b.x1 and b.x0 < a.x1 else 0.9
    )


def _merge_labels(pieces: list[Piece], usual: Measure) -> None:
    """A chapter's number in large type on a line of its own ("Kapitel 2", "3") with the title under it."""
    for label, title in itertools.pairwise(pieces):
        if title.kind != "heading" or label.kind not in ("heading", "paragraph") or not is_label(label.text):
            continue
        a, b = label.lines[-1], title.lines[0]
        large = a.style.size > 1.1 * usual.size and label.page == title.page
        if large and -0.5 * b.style.size < b.top - a.bottom < 1.5 * b.style.size:
            title.lines[:0] = label.lines
            label.kind = "merged"
    pieces[:] = [p for p in pieces if p.kind != "merged"]


def _merge_subtitles(pieces: list[Piece]) -> None:
    """Title and subtitle in two looks that (nearly) always come together, one directly under the other: one heading."""
    counts = Counter(look(p) for p in pieces if p.kind == "heading")
    pairs: dict[tuple[Look, Look], list[int]] = {}
    for index, (above, below) in enumerate(itertools.pairwise(pieces)):
        if above.kind == below.kind == "heading" and _is_subtitle(above, below):
            pairs.setdefault((look(above), look(below)), []).append(index + 1)
    for (upper, lower), places in pairs.items():
        if len(places) >= max(4, 0.8 * counts[upper], 0.8 * counts[lower]):
            for index in places:
                pieces[index - 1].lines += pieces[index].lines
                pieces[index].kind = "merged"
    pieces[:] = [p for p in pieces if p.kind != "merged"]


def _is_subtitle(above: Piece, below: Piece) -> bool:
    a, b = above.lines[-1], below.lines[0]
    near = above.page == below.page and -0.5 * b.style.size < b.top - a.bottom < 1.5 * a.style.size
    return near and look(above) != look(below) and b.style.size <= a.style.size and not is_numbered(below.text)


def _drop_lonely(pieces: list[Piece]) -> None:
    """Many short "headings" in a row with no text between are a list of names or a form, not an outline."""
    run: list[Piece] = []
    for piece in [*pieces, None]:
        if piece is not None and piece.kind == "heading":
            run.append(piece)
            continue
        if piece is not None and piece.kind in ("running_head", "page_number", "thumb_tab", "margin_note"):
            continue
        looks = {look(p) for p in run}
        if len(run) > 5 and len(looks) == 1:
            for item in run:
                item.kind = "list_item" if BULLET.match(item.text) else "paragraph"
        run = []
