"""Text that nobody sees on the page: invisible, transparent, as light as its ground, tiny, or off the page.

It may be anything, from a layout's leftovers to words put there for machines to read. It is kept and flagged, and
has no part in layout or coding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from strategy_miner.errors import ReadingError
from strategy_miner.reading.raw import RawPage, RawWord, styles_of
from strategy_miner.reading.turning import Turn, turned_word

if TYPE_CHECKING:
    from PIL.Image import Image

    from strategy_miner.reading.paragraphs import Piece

TINY = 1.5  # points; print goes down to about 4
SCAN = 0.5  # share of the page under images, from which invisible text may be the layer of a searchable scan
LAYER = 0.8  # share of invisible words in such a layer: it holds all of the page's text
NEAR = 12  # steps of 255 by which text differs from its ground at least where a person sees it
PAPER = 0xFFFFFF
MAX_FILLS = 2000  # more is a drawing
DPI = 100  # of the picture in which the difference is looked up


def take_hidden(page: RawPage, draw: Callable[[int], Image] | None) -> list[RawWord]:
    """Take the words that nobody sees out of a page and return them marked; `draw(dpi)` gives its grey picture.

    Invisible text over a picture of the page stays if the page has hardly any other: a searchable scan.
    """
    invisible = sum(w.style.hidden for w in page.words)
    scan = page.images > SCAN and invisible >= LAYER * len(page.words)
    faint = _faint(_candidates(page), draw)
    hidden, shown = [], []
    for word in page.words:
        if _is_outside(word, page) or word.style.size < TINY or word in faint or (word.style.hidden and not scan):
            hidden.append(word._replace(style=word.style._replace(hidden=True)))
        else:
            shown.append(word._replace(style=word.style._replace(hidden=False)) if word.style.hidden else word)
    page.words = shown
    return hidden


def _is_outside(word: RawWord, page: RawPage) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return not (-2 <= x <= page.width + 2 and -2 <= y <= page.height + 2)


def _candidates(page: RawPage) -> list[RawWord]:
    """Words that may have the colour of their ground."""
    if len(page.fills) > MAX_FILLS:
        return []
    grounds = {PAPER, *(colour for _, colour in page.fills)}
    colours = {w.style.colour for w in page.words if not w.style.hidden}
    doubtful = {colour for colour in colours if any(_alike(colour, ground) for ground in grounds)}
    return [w for w in page.words if w.style.colour in doubtful and _like_ground(w, page)]


def _like_ground(word: RawWord, page: RawPage) -> bool:
    """Whether a word has the colour of the last area painted below it, of the paper where there is none."""
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    ground = PAPER
    for (x0, top, x1, bottom), colour in page.fills:
        if x0 <= x <= x1 and top <= y <= bottom:
            ground = colour
    return _alike(ground, word.style.colour)


def _alike(a: int, b: int) -> bool:
    return all(abs((a >> n & 255) - (b >> n & 255)) <= NEAR for n in (0, 8, 16))


def _faint(words: list[RawWord], draw: Callable[[int], Image] | None) -> set[RawWord]:
    """Those words that cannot be told from their ground in the picture; fills alone do not say what is painted."""
    if not words or draw is None:
        return set()
    try:
        picture = draw(DPI)
    except ReadingError:
        return set()
    return {word for word in words if _contrast(word, picture) < NEAR}


def _contrast(word: RawWord, picture: Image) -> int:
    """Steps of grey between the lightest and the darkest point of a word's box."""
    x0, top, x1, bottom = (max(round(v * DPI / 72), 0) for v in word[1:5])
    x0, top = min(x0, picture.width - 1), min(top, picture.height - 1)
    area = picture.crop((x0, top, max(min(x1, picture.width), x0 + 1), max(min(bottom, picture.height), top + 1)))
    shades = [n for n, count in enumerate(area.histogram()) if count]
    return shades[-1] - shades[0]


def with_hidden(page: RawPage, hidden: list[RawWord]) -> RawPage:
    """The page with its hidden words at the end and in its reason."""
    if not hidden:
        return page
    told = f"{len(hidden)} hidden words, not coded"
    return replace(page, words=page.words + hidden, reason=f"{page.reason}; {told}" if page.reason else told)


def without_hidden(pages: Sequence[RawPage]) -> list[RawPage]:
    """The pages with only the words that are seen."""
    hidden = [any(style.hidden for style in styles_of(p.words)) for p in pages]
    return [
        replace(p, words=[w for w in p.words if not w.style.hidden]) if some else replace(p)
        for p, some in zip(pages, hidden, strict=True)
    ]


def with_hidden_pieces(pieces: list[Piece], pages: Sequence[RawPage], turns: dict[int, Turn]) -> list[Piece]:
    """The pieces of a document, and after those of each page one of kind hidden with the page's hidden words."""
    from strategy_miner.reading.lines import page_lines  # late: the child process takes hidden words, and starts small
    from strategy_miner.reading.paragraphs import Piece

    done = list(pieces)
    for page in pages:
        if not any(style.hidden for style in styles_of(page.words)):
            continue
        words = [turned_word(w, turns[page.number]) for w in page.words if w.style.hidden]
        if words:
            lines = page_lines(RawPage(page.number, page.width, page.height, words=words))
            at = next((n for n, piece in enumerate(done) if piece.page > page.number), len(done))
            done.insert(at, Piece(page.number, "hidden", lines))
    return done
