"""Where German compounds meet: the known morphemes of a word, and whether it may be cut at a place.

HanTa's morphemes and transitions are searched for a way through the whole word without any guessed piece. A word
without such a way says nothing. HanTa's list holds compounds of nouns in parts, but words with a bound first part
("Elektromobilität", "Innenstadt") as one stem; for those the first parts are listed here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from strategy_miner.language.morphemes import State

# Letters of the longest run that is looked into. Words end at about 80; what is longer has lost its spaces or is data,
# and a search whose time grows with the square of the length and more would not come back from it.
LONGEST = 150
_CLOSE = 7.0  # log likelihood by which a second reading may be worse than the best ("Teil-nehmen", but not "Uni-form")
_LONG = 5  # letters from which a part that HanTa can read is no accident ("Tran-sport" is one)
_VERY_LONG = 6  # letters before which any noun may be a first part ("Art-gerecht")
_CACHE = 200_000
_FEMALE = re.compile(r"(?<=er)(in)(nen)(?=[a-zäöüß]{4})")
# Known words that only look like what follows a first part, and adjectives that only look like one.
_NO_REST = frozenset(
    ["all", "alt", "eller", "elfe", "esse", "fell", "gen", "holzer", "ion", "log", "loge", "logisch", "los", "mal",
     "nom", "part", "pol", "schaft", "ster", "tisch", "ton"]
)  # fmt: skip
_NO_ADJECTIVE = frozenset(["ein", "hinter", "los", "solid", "unter"])
_STEMS = ("NN", "NN_VAR_EL", "VV", "VVnp", "ADJ")
# Bound first parts: neoclassical ones, and adverbs and adjectives that make nouns. Prefixes of verbs are none of them.
_FIRST_PARTS = """
    aero agrar agro anti astro audio auto bio crowd cyber demo elektro ethno euro foto geo hetero homo hydro hyper info
    inter intra kilo makro mega meta mikro mini mono multi nano neo neuro öko photo physio poly proto pseudo psycho
    quasi radio retro semi sozio super tele techno thermo turbo ultra vize video
    außen binnen brutto erst fehl fern fort ganz ganztags gegen gesamt haupt innen mehr mittel nah neben netto nicht
    ober quer rand schnell selbst sonder voll weit weiter welt wieder wohl zwischen
"""
FIRST_PARTS = frozenset(_FIRST_PARTS.split())
_SET_OFF = FIRST_PARTS | {"agri", "infra", "sub"}  # these make another word: "Kultur" is not found in Agrikultur
# What makes another word of the same family where an entry ends inside a stem: "mobil" in Mobilität.
_DERIVED = re.compile(
    r"ität|isier|ier|ung|heit|i?g?keit|lich|isch|ig|sam|haft|schaft|i?ell|ll|i?al|ismus|isten?$|istin|nehmer|geber|"
    r"s?(?:los|frei|voll|nah|fern|weit|reich|arm|reif)|l?er(?:n|s|in|innen)?$"
)
_NEEDS_S = re.compile(r"(?:ung|heit|keit|schaft|ion|tät|tum|ling)$")  # nouns that a compound follows with an s
_LATIN = re.compile(r"...(?:al|ar)$")  # "Individual-verkehr", "Solidar-gemeinschaft"
_LINKS = ("", "s", "es", "n", "en", "er", "ns", "e")


class Morpheme(NamedTuple):
    """A piece of a word, lower case, where it ends, and HanTa's name of its kind: NN, FUGE, SUF_NN ..."""

    text: str
    end: int
    kind: str


class Compounds:
    """Splits words into the morphemes of a HanoverTagger."""

    def __init__(self, hanta: Any) -> None:
        self._names: dict[int, str] = hanta.int2tag
        self._bases: dict[int, dict[str, str]] = hanta.stemdict
        self._numbers: dict[str, int] = hanta.tag2int
        self._follow: dict[State, dict[int, float]] = {s: dict(pairs) for s, pairs in hanta.LP_trans_nonfinal.items()}
        self._end: dict[State, list[tuple[int, float]]] = hanta.LP_trans_final
        self._known: dict[str, dict[int, float]] = {}
        for tag, morphemes in hanta.LP_m_t.items():
            if tag > 0:
                for morpheme, score in morphemes.items():
                    self._known.setdefault(morpheme, {})[tag] = score
        self.split = lru_cache(maxsize=_CACHE)(self._split)

    def _split(self, word: str, cut: int = 0, noun: bool = False) -> tuple[float, tuple[Morpheme, ...]]:
        """Log likelihood and pieces of the best way through a lower-case word; (-inf, ()) if there is none.

        No word of more than `LONGEST` letters has one.
        With a `cut` only ways that have a boundary there count, with `noun` only those that make a noun.
        """
        size = len(word)
        if size > LONGEST:
            return -math.inf, ()
        table: list[dict[State, tuple[float, State, int]]] = [{(0, 1): (0.0, (0, 0), 0)}, *({} for _ in range(size))]
        for start in range(size):
            last = cut if start < cut else size
            for end in range(start + 1, last + 1) if table[start] else ():
                self._reach(table, start, end, word[start:end])
        ends = [
            (so_far + step, state)
            for state, (so_far, _, _) in table[size].items()
            for tag, step in self._end.get(state, ())
            if not noun or tag == -self._numbers["NN"]
        ]
        if not ends:
            return -math.inf, ()
        best, state = max(ends)
        pieces, at = [], size
        while at > 0:
            _, before, start = table[at][state]
            pieces.append(Morpheme(word[start:at], at, self._names[state[1]]))
            state, at = before, start
        return best, tuple(pieces[::-1])

    def _reach(self, table: list[dict[State, tuple[float, State, int]]], start: int, end: int, piece: str) -> None:
        scores = self._known.get(piece, {})
        reached = table[end]
        for state, (so_far, _, _) in table[start].items() if scores else ():
            follow = self._follow.get(state, {})
            for tag, score in scores.items():
                if tag in follow:
                    total, new = so_far + follow[tag] + score, (state[1], tag)
                    if new not in reached or total > reached[new][0]:
                        reached[new] = total, state, start

    def may_start(self, word: str, at: int) -> bool | None:
        """Whether a part of the word may begin at a place; None where its morphemes are not known."""
        best, pieces = self.split(word)
        if not pieces or at == 0:
            return None if at else True
        forced, other = self.split(word, at)
        if forced > best - _CLOSE and _begins(other, at):
            return True
        if _unlikely(pieces):
            return None
        piece = next(piece for piece in pieces if piece.end > at)
        first, rest = piece.text[: at - piece.end], word[at : piece.end]
        if not first:  # a boundary, but one before a linking element or after the "ge" of a participle
            return False
        if len(rest) > _VERY_LONG and len(first) > 2 and self.is_noun(first):
            return True
        return (rest in self._known or len(rest) >= _LONG) and self._may_be_first(first)

    def _may_be_first(self, first: str) -> bool:
        """Whether letters before a known rest are a first part: in the list, an adjective, or long and readable."""
        if first in FIRST_PARTS or (len(first) > 2 and self._is_stem(first, "ADJ")):
            return True
        if any(first.startswith(p) and self._may_be_first(first[len(p) :]) for p in FIRST_PARTS if len(first) > len(p)):
            return True
        if len(first) < _LONG:
            return False
        stems = [first.removesuffix(link) for link in _LINKS]
        return (
            bool(self.split(first, 0, True)[1] or _LATIN.search(first))
            or any(len(s) > 3 and (self._is_stem(s, *_STEMS) or self.is_noun(s + "e")) for s in stems)
            or any(
                self._is_stem(first[:k], *_STEMS) and self._is_stem(first[k:], *_STEMS)
                for k in range(3, len(first) - 2)
            )
        )

    def _is_stem(self, text: str, *kinds: str) -> bool:
        scores = self._known.get(text, {})
        return any(self._numbers[kind] in scores for kind in kinds)

    def may_end(self, word: str, start: int, at: int) -> bool | None:
        """Whether the part that starts at a place may end at another; None where the morphemes are not known."""
        best, pieces = self.split(word)
        if at >= len(word):
            return True
        if not pieces or _unlikely(pieces):
            return None if at - start >= _LONG or self._is_readable(word[at:]) else False
        if self.split(word, at)[0] > best - _CLOSE:
            return True
        stem = word[start:at]
        if not self.is_noun(stem) and (at - start >= _LONG or self._is_stem(stem, *_STEMS, "NN_VAR")):
            return None  # an entry such as "experimentier" or "wohn" is no word that could be mistaken
        piece = next(piece for piece in pieces if piece.end > at)
        rest = word[at : piece.end]
        if at - start >= _LONG and (_DERIVED.match(rest) or (rest[0] == "s" and _NEEDS_S.search(word[start:at]))):
            return True
        rests = [rest[len(link) :] for link in _LINKS if rest.startswith(link)]
        if any(len(rest) >= _LONG and self.split(rest)[1] for rest in rests):
            return True
        return at - start > _LONG and any(self.is_noun(rest) for rest in rests)

    def _is_readable(self, rest: str) -> bool:
        return len(rest) > _VERY_LONG or any(self.split(rest[len(k) :])[1] for k in _LINKS if rest.startswith(k))

    def is_noun(self, word: str) -> bool:
        """Whether the lower-case word is the stem of a noun that HanTa knows."""
        return self._is_stem(word, "NN")

    def parts(self, word: str) -> tuple[str, ...]:
        """The morphemes of a word, lower case: "Elektromobilitätsziele" -> elektro, mobilität, s, ziel, e.

        Parts at hyphens stand apart; transcribed umlauts and ss for ß are put right. What is not known stays whole.
        """
        pieces = [piece for part in word.lower().split("-") for piece in _FEMALE.split(part) if piece]
        return tuple(part for piece in pieces for part in self._parts(max(_spellings(piece), key=self._likelihood)))

    def _likelihood(self, word: str) -> float:
        return self.split(word)[0]

    def _parts(self, word: str) -> list[str]:
        if len(word) > LONGEST:
            return [word]
        pieces = self.split(word)[1]
        if pieces and not _unlikely(pieces):
            return _joined([part for piece in pieces for part in self._without_first(piece)])
        ways = []
        for k in range(3, len(word) - 2):
            first = 0.0 if word[:k] in _SET_OFF else self._likelihood(word[:k])
            ways.append((first + self._likelihood(word[k:]), k))
        best, k = max(ways, default=(-math.inf, 0))
        if best == -math.inf:
            return [word]
        return ([word[:k]] if word[:k] in _SET_OFF else self._parts(word[:k])) + self._parts(word[k:])

    def _without_first(self, piece: Morpheme) -> list[str]:
        """A stem that HanTa knows whole, its bound first part or its adjective set off."""
        text = piece.text
        for k in range(3, len(text) - 2) if piece.kind in (*_STEMS, "NN_VAR") else ():
            first, rest = text[:k], text[k:]
            bound = first in _SET_OFF and self._is_stem(rest, "NN", "NN_VAR", "ADJ")
            described = first not in _NO_ADJECTIVE and len(rest) > 3 and self._is_stem(first, "ADJ")
            if rest not in _NO_REST and (bound or (described and self._is_stem(rest, "NN", "NN_VAR"))):
                return [first, rest]
        return [text]

    def base_stems(self, noun: str) -> tuple[str, ...]:
        """The pieces of a lower-case noun in their base form, its ending left out: "schulhöfen" -> "schule", "hof".

        Empty where no stem changes.
        """
        pieces = self.split(noun, 0, True)[1]
        while pieces and pieces[-1].kind.startswith("SUF"):
            pieces = pieces[:-1]
        bases = tuple(self._base(piece) for piece in pieces)
        return bases if any(base != piece.text for base, piece in zip(bases, pieces, strict=True)) else ()

    def _base(self, piece: Morpheme) -> str:
        if piece.kind == "NN_VAR_EL":  # "schul" of "Schule"
            return piece.text + "e"
        return self._bases.get(self._numbers[piece.kind], {}).get(piece.text, piece.text)


def _begins(pieces: Sequence[Morpheme], at: int) -> bool:
    """Whether a stem begins at a boundary."""
    after = next(i for i, piece in enumerate(pieces) if piece.end > at)
    return not pieces[after].kind.startswith(("FUGE", "SUF")) and not pieces[after - 1].kind.startswith("PREF")


def _unlikely(pieces: Sequence[Morpheme]) -> bool:
    """Whether a way leads over neighbouring stems of three letters: "zentr-alb-ahn-hof" is no evidence."""
    short = [len(piece.text) < 4 and piece.kind in _STEMS for piece in pieces]
    return len(pieces) > 2 and any(a and b for a, b in pairwise(short))


def _joined(parts: list[str]) -> list[str]:
    """What HanTa takes for stem and linking element, put right: "dat", "en" is "Daten", "tel", "e" the first part."""
    for i, pair in enumerate(pairwise(parts)):
        if pair == ("dat", "en") or "".join(pair) in FIRST_PARTS:
            return [*parts[:i], "".join(pair), *_joined(parts[i + 2 :])]
    return parts


def _spellings(word: str) -> list[str]:
    """The word, and what it was if umlauts or ß were transcribed; HanTa knows which of them exists."""
    umlauts = word.replace("ae", "ä").replace("oe", "ö").replace("ue", "ü")
    return list(dict.fromkeys([word, umlauts, word.replace("strass", "straß"), word.replace("gross", "groß")]))


@lru_cache(maxsize=1)
def compounds() -> Compounds:
    """The one Compounds of this process: loading takes a third of a second. Raises ModelError like `load_hanta`."""
    from strategy_miner.language.hanta import load_hanta

    return Compounds(load_hanta())
