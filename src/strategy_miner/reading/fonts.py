"""Fonts that PDFium reads wrongly: found by their words, read by the second reader, repaired where both are wrong.

The noise sits in single fonts, not on pages: one subset font without its letters spoils every page it is used on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from strategy_miner.reading.languages import is_noise
from strategy_miner.reading.quality import strange_share
from strategy_miner.reading.raw import RawPage, RawWord

STRANGE = 0.005  # share of a font's words with foreign signs from which the second reader is asked
FEW = 3  # such words in a font; fewer are formulas, brands, slips
TRIES = 1  # pages with odd words on which the second reader may be asked in vain for one font
JUDGED = 400  # words after which a font's letters are known to be right


class Fonts:
    """What is known of a document's fonts, page after page."""

    def __init__(self) -> None:
        self._words: dict[str, list[str]] = defaultdict(list)
        self._right: set[str] = set()
        self._wrong: set[str] = set()
        self._tries: Counter[str] = Counter()

    def repaired(self, page: RawPage, second: Callable[[], RawPage]) -> RawPage:
        """The page with the second reader's words for the fonts that it reads better; it is asked only if one is odd.

        How far both differ on the page is noted there as `disagreement`.
        """
        asked = (self._wrong & {w.style.font for w in page.words}) | self._odd(page)
        if not asked:
            return page
        other = second()
        if not other.words:
            return page
        ours, theirs = Counter(w.text for w in page.words), Counter(w.text for w in other.words)
        both, most = (ours & theirs).total(), max(ours.total(), theirs.total())
        page.disagreement = round(1 - both / most, 4)
        taken = [font for font in sorted(asked) if self._take(font, page, other)]
        if taken:
            told = f"letters of {', '.join(taken)} as pdfplumber reads them; PDFium reads them wrongly"
            page.reason = f"{page.reason}; {told}" if page.reason else told
        return page

    def _odd(self, page: RawPage) -> set[str]:
        """Fonts of the page whose words look wrong and that the second reader may still be asked for."""
        fresh: dict[str, list[str]] = defaultdict(list)
        strange = strange_share([w.text for w in page.words]) > 0
        for word in page.words:
            font = word.style.font
            if strange or font not in self._right:
                fresh[font].append(word.text)
        odd = set()
        for font, texts in fresh.items():
            if self._tries[font] >= TRIES:
                continue
            known = self._words[font]
            known += texts
            share = strange_share(known) if strange else 0.0
            if (share > STRANGE and share * len(known) >= FEW - 0.5) or (font not in self._right and is_noise(known)):
                odd.add(font)
            elif len(known) > JUDGED:
                self._right.add(font)
                del known[:-JUDGED]
        return odd

    def _take(self, font: str, page: RawPage, other: RawPage) -> bool:
        mine = [w.text for w in page.words if w.style.font == font]
        words = _replaced(page.words, font, other.words)
        theirs = [w.text for w in words if w.style.font == font]
        if font not in self._wrong:
            fewer = strange_share(theirs) <= 0.5 * strange_share(mine)
            if not (
                fewer and mine != theirs and (strange_share(mine) > 0 or (is_noise(mine) and not is_noise(theirs)))
            ):
                self._tries[font] += 1
                return False
            self._wrong.add(font)
        page.words = words
        return True


def _replaced(words: Sequence[RawWord], font: str, others: Sequence[RawWord]) -> list[RawWord]:
    """The words, those of a font as the second reader has them where they stand; order and style stay."""
    rows: dict[int, list[RawWord]] = defaultdict(list)
    for other in others:
        rows[int((other.top + other.bottom) / 20)].append(other)
    done: list[RawWord] = []
    used: set[int] = set()
    for word in words:
        if word.style.font != font:
            done.append(word)
            continue
        row = int((word.top + word.bottom) / 20)
        beside = [o for n in (row - 1, row, row + 1) for o in rows.get(n, ()) if _meet(word, o)]
        for other in sorted(beside, key=lambda o: o.x0):
            if id(other) not in used:
                used.add(id(other))
                done.append(word._replace(text=other.text, x0=other.x0, x1=other.x1))
        if not beside:
            done.append(word)
    return done


def _meet(word: RawWord, other: RawWord) -> bool:
    """Whether two words share a row and more than half of the narrower one's width."""
    shared = min(word.x1, other.x1) - max(word.x0, other.x0)
    middle = (other.top + other.bottom) / 2
    return word.top < middle < word.bottom and shared > 0.5 * min(word.x1 - word.x0, other.x1 - other.x0)
