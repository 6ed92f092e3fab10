"""Lexicon terms in German running text: compounds, split compounds, inflection, gender forms, spelling variants.

An entry `wort` of five letters or more is found as a word in any inflected form and as part of a compound
("mobilität" in Elektromobilität and Mobilitätsstation, not in Immobilität); a shorter one only as a word. `wort-` asks
for the start of a word, `-wort` for its end, `=wort` for the whole word. Of "Energie- und Wärmewende" both
Energiewende and Wärmewende are found. Several words in one entry must follow one another.

Where the morphemes of a word are known, an entry must begin and end where one of them does ("karten" is found in
Landkarten, "arten" in none of the two), and stems count in their base form ("rad-" finds Räderwerk, "schule" Schulhof).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from strategy_miner.language.compounds import LONGEST, compounds
from strategy_miner.text import fold

_OPEN_FROM = 5  # letters from which an entry may be found inside a compound: shorter ones are too often accidents
_ENDINGS = frozenset(
    ["", "e", "en", "er", "es", "em", "ern", "s", "n", "ns", "in", "innen", "se", "sen", "ses", "nen", "ens", "erin",
     "erinnen"]
)  # fmt: skip
_MORE_ENDINGS = frozenset(["t", "r", "m", "te", "st", "et"])  # of verbs, of adjectives that an entry gives with -e
_PREFIXES = frozenset(  # what stands before a stem and makes another word of it, not a compound
    ["un", "im", "in", "ab", "an", "be", "ent", "er", "ge", "miss", "ver", "zer", "auf", "aus", "ein", "um", "ueber",
     "unter", "vor", "zu", "nach", "bei", "des", "dis", "trans", "durch", "hin", "her"]
)  # fmt: skip
_GENDER = re.compile(r"(?<=[a-zäöüß])(?:[*:_·’]|/-?)(?:innen|in|n|r|s|e)(?![a-zäöüß])|\((?:innen|in)\)")
_GENDER_INSIDE = re.compile(r"(?<=[a-zäöüß])(?:[*:_·](?:innen|in(?!nen))|Innen)(?=[a-zäöüß]{3})")
# Two spellings of the orthography of 2006; the second is that of HanTa's model.
_SPELLINGS = (
    (re.compile(r"fotovolt", re.IGNORECASE), "photovolt"),
    (re.compile(r"(?<=[a-z]{2})graf(?=i)", re.IGNORECASE), "graph"),
    (re.compile(r"enzi(?=al|ell)", re.IGNORECASE), "enti"),
    (re.compile(r"selbstst(?=änd|aend)", re.IGNORECASE), "selbst"),
    (re.compile(r"strasse", re.IGNORECASE), "straße"),
    (re.compile(r"aufwend(?=ig)", re.IGNORECASE), "aufwänd"),
)
_FEMALE = re.compile(r"(?<=[a-zäöüß]er)innen(?=[a-zäöüß]{4})")
_TOKEN = re.compile(r"[^\W_]+(?:[.,]\d+)?-?")
_JOINERS = frozenset(["und", "oder", "bzw", "sowie", "beziehungsweise", "als", "wie", "noch", "u", "vor", "statt"])
_VOWEL = re.compile(r"[aeiouy]")
_WORD_CACHE = 200_000


@dataclass(frozen=True, slots=True)
class Match:
    """An entry found in a text: its code, strong or weak, and the words as written."""

    code: int
    strong: bool
    entry: str
    words: str


@dataclass(frozen=True, slots=True)
class _Part:
    """One word of an entry: folded letters and which sides are open."""

    stem: str
    left: bool
    right: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    code: int
    role: str
    text: str
    parts: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text: its letters, and what to show for it.

    `seam`: where the halves of a completed compound meet, in folded letters; 0 for a word that stands as it is.
    """

    letters: str
    written: str
    seam: int


@dataclass(frozen=True, slots=True)
class _Found:
    first: int
    last: int
    length: int
    entry: _Entry


_Hits = tuple[tuple[int, int, int], ...]  # number of a part, where it starts and ends in a word


class Lexicon:
    """Finds the entries of many codes at once. Words repeat, so each form is looked up once and remembered."""

    def __init__(self, terms: Sequence[Mapping[str, Iterable[str]]]) -> None:
        """`terms`: per code the entries under `include`, `weak` and `exclude`."""
        self._entries = [
            _Entry(code, role, text, _parts(text))
            for code, roles in enumerate(terms)
            for role in ("exclude", "include", "weak")
            for text in roles.get(role, ())
        ]
        self.codes = len(terms)
        self._parts: list[_Part] = sorted({p for e in self._entries for p in e.parts}, key=lambda p: (p.stem, p.left))
        number = {part: i for i, part in enumerate(self._parts)}
        self._by_first: dict[int, list[tuple[_Entry, tuple[int, ...]]]] = {}
        for entry in self._entries:
            numbers = tuple(number[part] for part in entry.parts)
            self._by_first.setdefault(numbers[0], []).append((entry, numbers))
        self._stems: dict[str, list[tuple[int, _Part]]] = {}
        for i, part in enumerate(self._parts):
            self._stems.setdefault(part.stem[:3], []).append((i, part))
        self._found = lru_cache(maxsize=_WORD_CACHE)(self._parts_in)

    def matches(self, text: str) -> list[Match]:
        """What was found in a text, in text order, without excluded matches and without those inside longer ones."""
        words = _words(text)
        hits = [self._in_word(word) for word in words]
        found = []
        for i, in_word in enumerate(hits):
            for number, start, end in in_word:
                for entry, numbers in self._by_first.get(number, ()):
                    if len(numbers) == 1 or self._continues(numbers, hits[i + 1 : i + len(numbers)]):
                        found.append(_Found(i, i + len(numbers) - 1, end - start, entry))
        return _settled(found, words) if found else []

    def counts(self, text: str) -> tuple[list[int], list[int]]:
        """Per code, how many different entries were found: strong ones, weak ones."""
        strong, weak = [0] * self.codes, [0] * self.codes
        for (code, is_strong, _), _ in Counter((m.code, m.strong, m.entry) for m in self.matches(text)).items():
            (strong if is_strong else weak)[code] += 1
        return strong, weak

    @staticmethod
    def _continues(numbers: tuple[int, ...], following: Sequence[_Hits]) -> bool:
        return len(following) == len(numbers) - 1 and all(
            any(number == hit[0] for hit in hits) for number, hits in zip(numbers[1:], following, strict=True)
        )

    def _in_word(self, word: _Word) -> _Hits:
        """Number, start and end of the parts in a word; in a completed compound only those across its seam."""
        hits = self._found(word.letters)
        return tuple(hit for hit in hits if hit[1] < word.seam < hit[2]) if word.seam else hits

    def _parts_in(self, letters: str) -> _Hits:
        if len(letters) > LONGEST:
            return ()
        word = letters.lower()
        places = [*(i for i, letter in enumerate(word) for _ in fold(letter)), len(word)]
        hits = {
            (number, start, end)
            for number, start, end, part in self._candidates(fold(word))
            if (not start or places[start] > places[start - 1])  # not within "ß" or "ü" spelt out
            and places[end] > places[end - 1]
            and _stands(word, (places[start], places[end]), part)
        }
        if letters[:1].isupper():
            hits |= self._in_base_form(word)
        neutral = _FEMALE.sub("", word)
        return tuple(sorted(hits.union(self._parts_in(neutral) if neutral != word else ())))

    def _candidates(self, folded: str) -> Iterator[tuple[int, int, int, _Part]]:
        """Number, start and end of every part whose letters are in a word and whose open sides allow it."""
        for start in range(max(1, len(folded) - 1)):
            for key in {folded[start : start + 3], folded[start : start + 2]}:
                for number, part in self._stems.get(key, ()):
                    end = start + len(part.stem)
                    reaches = (part.left or not start) and (part.right or folded[end:] in _ENDINGS)
                    if reaches and folded.startswith(part.stem, start):
                        yield number, start, end, part

    def _in_base_form(self, word: str) -> set[tuple[int, int, int]]:
        stems = [fold(stem) for stem in compounds().base_stems(word)]
        whole, bounds = "".join(stems), set(accumulate(map(len, stems), initial=0))
        return {
            (number, start, end)
            for number, start, end, _ in self._candidates(whole)
            if start in bounds and end in bounds and whole[:start] not in _PREFIXES
        }


def _stands(word: str, span: tuple[int, int], part: _Part) -> bool:
    """Whether a part may stand at a place of a lower-case word."""
    start, end = span
    before, after = fold(word[:start]), fold(word[end:])
    if before and (len(before) < 3 or before in _PREFIXES or not _VOWEL.search(before)):
        return False
    if before and compounds().may_start(word, start) is False:
        return False
    if after in _ENDINGS:
        return True
    if len(after) == 1 or (len(part.stem) < _OPEN_FROM and len(after) == 2):  # no second part is so short
        return after in _MORE_ENDINGS and len(part.stem) > 3 and not compounds().is_noun(word[start:end])
    return compounds().may_end(word, start, end) is not False


def _parts(entry: str) -> tuple[_Part, ...]:
    parts = []
    for token in entry.split():
        body = token.strip("-=")
        exact = token.startswith("=")
        marked = token.startswith("-") or token.endswith("-") or exact
        pieces = [fold(_respelt(piece)) for piece in re.split(r"[-.]", body) if piece]
        single = len(entry.split()) == 1 and len(pieces) == 1
        is_open = single and not marked and len(pieces[0]) >= _OPEN_FROM
        for piece in pieces:
            left = is_open or (token.startswith("-") and piece == pieces[0])
            right = is_open or (token.endswith("-") and piece == pieces[-1])
            # The entry's own ending must not stand in the way of another: "künstliche" finds "künstlicher".
            parts.append(_Part(_bare(piece) if len(pieces) + len(entry.split()) > 2 else piece, left, right))
    return tuple(parts)


def _bare(piece: str) -> str:
    return re.sub(r"(?:en|er|es|em|e)$", "", piece) if len(piece) > 6 else piece


def _respelt(word: str) -> str:
    for pattern, spelling in _SPELLINGS:
        word = pattern.sub(spelling, word)
    return word


@lru_cache(maxsize=_WORD_CACHE)
def _plain_word(token: str) -> _Word:
    bare = token.rstrip("-")
    return _Word(_respelt(bare), bare, 0)


def _words(text: str) -> list[_Word]:
    """The words of a text, hyphenated compounds split; after them the words that split compounds stand for."""
    text = _GENDER.sub(lambda m: "innen" if "nn" in m.group() else "", _GENDER_INSIDE.sub("", text))
    raw = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    words, completed = [], []
    for i, (token, start, end) in enumerate(raw):
        word = _plain_word(token)
        words.append(word)
        if token.endswith("-") and (end == len(text) or not text[end].isalnum()):
            completed += _completed_right(word.letters, token, raw[i + 1 : i + 6])
        elif token.endswith("-") and i + 1 < len(raw):
            other = raw[i + 1][0].rstrip("-")
            completed.append(_Word(word.letters + _respelt(other).lower(), token + other, len(fold(word.letters))))
        elif i and text[start - 1] == "-" and (start == 1 or text[start - 2].isspace()):
            completed += _completed_left(word.letters, token, raw[max(0, i - 3) : i])
    return words + completed


def _completed_right(head: str, token: str, following: Sequence[tuple[str, int, int]]) -> list[_Word]:
    """Energie- und Wärmewende: which of -ärmewende ... -wende completes Energie-, its morphemes say or a lexicon."""
    for other, _, _ in following:
        if not other.endswith("-") and other.lower() not in _JOINERS:
            tail = _respelt(other).lower()
            if fold(head) in _PREFIXES:  # "Ver- und Entsorgung": prefixes are no morphemes of their own
                cuts = [k for k in range(2, min(len(tail) - 2, LONGEST)) if fold(tail[:k]) in _PREFIXES]
            else:
                cuts = _cuts(tail)
            return [_Word(head + tail[k:], f"{token} … {other}", len(fold(head))) for k in cuts]
    return []


def _completed_left(tail: str, token: str, before: Sequence[tuple[str, int, int]]) -> list[_Word]:
    """Wärmeerzeugung und -verteilung: the start of the word before, up to every place."""
    for other, _, _ in reversed(before):
        if other.lower() not in _JOINERS:
            head = _respelt(other.rstrip("-"))
            return [_Word(head[:k] + tail, f"{other} … -{token}", len(fold(head[:k]))) for k in _cuts(head.lower())]
    return []


def _cuts(word: str) -> list[int]:
    """Where a part that a second compound shares may begin or end."""
    if len(word) > LONGEST:
        return []
    return [k for k in range(3, len(word) - 2) if compounds().may_start(word, k) is not False]


def _settled(found: list[_Found], words: Sequence[_Word]) -> list[Match]:
    """Excluded matches and shorter ones inside longer ones of the same code go; weak ones give way to strong ones."""
    excluded = {(f.entry.code, k) for f in found if f.entry.role == "exclude" for k in range(f.first, f.last + 1)}
    strong = {(f.entry.code, f.first) for f in found if f.entry.role == "include"}
    matches, taken = [], set()
    for f in sorted(found, key=lambda f: (f.first, f.first - f.last, -f.length, f.entry.text)):
        places = {(f.entry.code, k) for k in range(f.first, f.last + 1)}
        given_way = f.entry.role == "weak" and (f.entry.code, f.first) in strong
        if f.entry.role == "exclude" or given_way or places & excluded or (f.entry.code, f.first) in taken:
            continue
        taken |= places
        written = " ".join(words[k].written for k in range(f.first, f.last + 1))
        matches.append(Match(f.entry.code, f.entry.role == "include", f.entry.text, written))
    return matches
