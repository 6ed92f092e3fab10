"""Passages that stand in more than one text, word for word or nearly so, and wording taken over from another text.

Two passages are compared by the sets of their shingles, three words in a row each (Broder 1997, "On the resemblance
and containment of documents"). MinHash (rensa) finds candidates; whether they are alike is then computed exactly, so
that a chance of MinHash can lose a pair but never make one. Pure functions; the only door to rensa.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from strategy_miner.text import FUNCTION_WORDS, fold

Shingles = frozenset[str]

SHINGLE = 3  # words in a row
# 64 bands of 3 values: at a Jaccard of 0.5 a pair is missed with probability (1 - 0.5^3)^64 = 0.0002.
_VALUES, _BANDS = 192, 64
_MOST_NUMBERS = 1 / 3  # where more of the words are numbers, they are what the passage is about: a table, a form

_WORD = re.compile(
    r"\d+(?:[.,:]\d+)+|[^\W_]+(?:[-\u2010\u2011\u00ad*:_·][^\W_]+)*"
)  # with hyphens and the signs of "Bürger*innen"
_JOINT = re.compile(r"[-\u2010\u2011\u00ad*:_·]")
_NUMBER = re.compile(
    r"\d[\d.,:]*|zwei|drei|vier|fuenf|sechs|sieben|acht|neun|zehn|elf|zwoelf|"
    r"\w*(?:zehn|zwanzig|dreissig|vierzig|fuenfzig|sechzig|siebzig|achtzig|neunzig|hundert|tausend)|"
    r"januar|februar|maerz|april|mai|juni|juli|august|september|oktober|november|dezember"
)
_MUNICIPAL = frozenset(
    {
        *("stadt", "staedte", "grossstadt", "hansestadt", "kreisstadt", "landeshauptstadt", "staedteverbund"),
        *("gemeinde", "gemeinden", "verbandsgemeinde", "samtgemeinde", "kommune", "kommunen", "region", "regionen"),
        *("kreis", "kreise", "kreises", "landkreis", "landkreise", "landkreises"),
    }
)
_NAME_ENDINGS = ("erinnen", "erin", "ern", "ers", "er", "es", "s")
_ENDINGS = re.compile(r"(?<=\w{4})(?:innen|ern|en|em|er|es|e|n|s)+$")
_PLAIN = str.maketrans("äöü", "aou")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two places in a sequence of passages, first < second, with their Jaccard similarity, 0 to 1."""

    first: int
    second: int
    similarity: float


def municipal_names(names: Iterable[str]) -> frozenset[str]:
    """The folded words of names of municipalities, for `plain_words`."""
    found = {fold(part) for name in names for word in _WORD.findall(name) for part in _JOINT.split(word)}
    return frozenset(part for part in found if len(part) > 2) - FUNCTION_WORDS


def plain_words(text: str, names: Collection[str] = ()) -> list[str]:
    """The words of a passage as far as they tell a copy: folded, without signs, hyphens, numbers, dates and names.

    "Smart-City-Strategie", "SmartCity-Strategie" and "Smart‑City‑Strategie" are alike. Names of municipalities and
    words such as "Stadt" or "Landkreis" go, since they are what a copied passage is adapted by. Numbers go for the
    same reason, unless more than a third of the words are numbers: then they are the content.

    Args:
        text: the passage.
        names: what `municipal_names` gives.
    """
    words = _WORD.findall(fold(text))
    numbers = sum(word[0].isdigit() for word in words)
    drop_numbers = numbers <= _MOST_NUMBERS * len(words)
    kept = []
    for word in words:
        parts = [part for part in _JOINT.split(word) if not _is_name(part, names)]
        if drop_numbers and (not parts or _NUMBER.fullmatch(parts[0])):
            parts = parts[1:]
        if parts:
            kept.append("".join(parts))
    return kept


def _is_name(word: str, names: Collection[str]) -> bool:
    if word in names or word in _MUNICIPAL:
        return True
    return any(word.endswith(ending) and word[: -len(ending)] in names for ending in _NAME_ENDINGS)


def shingles(words: Sequence[str]) -> Shingles:
    """All runs of three words; none of a passage that is shorter."""
    return frozenset(" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1))


def jaccard(one: Shingles, other: Shingles) -> float:
    """The share of the shingles of both that they have in common; 0 if there are none."""
    return len(one & other) / len(one | other) if one or other else 0.0


def near_pairs(passages: Sequence[Shingles], least: float, seed: int) -> list[Pair]:
    """All pairs of passages with at least that Jaccard similarity, in the order of their places.

    Candidates come from MinHash with `seed`; `docs/statistics.md` says how many true pairs they lack.
    """
    from rensa import RMinHash, RMinHashLSH

    full = [place for place, passage in enumerate(passages) if passage]
    if len(full) < 2:
        return []
    sketches = RMinHash.from_token_sets([sorted(passages[place]) for place in full], num_perm=_VALUES, seed=seed)
    index = RMinHashLSH(threshold=least, num_perm=_VALUES, num_bands=_BANDS)
    index.insert_many(sketches)
    pairs = []
    for at, near in enumerate(index.query_all(sketches)):
        for other in sorted(near):
            if other > at:
                similarity = jaccard(passages[full[at]], passages[full[other]])
                if similarity >= least:
                    pairs.append(Pair(full[at], full[other], similarity))
    return pairs


def groups(pairs: Iterable[Pair]) -> dict[int, int]:
    """Place -> the lowest place that a chain of pairs leads to; places without a pair are left out."""
    parent: dict[int, int] = {}

    def root(place: int) -> int:
        while parent.setdefault(place, place) != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for pair in pairs:
        low, high = sorted((root(pair.first), root(pair.second)))
        parent[high] = low
    return {place: root(place) for place in sorted(parent)}


def taken_over(words: Sequence[str], source: Collection[str]) -> tuple[float, int]:
    """How much of a passage stands in another text: the share of its shingles there, and the longest run of words.

    Args:
        words: `plain_words` of the passage.
        source: the shingles of the other text.
    """
    there = [" ".join(words[at : at + SHINGLE]) in source for at in range(len(words) - SHINGLE + 1)]
    if not any(there):
        return 0.0, 0
    longest = current = 0
    for found in there:
        current = current + 1 if found else 0
        longest = max(longest, current)
    return sum(there) / len(there), longest + SHINGLE - 1


def stem(word: str) -> str:
    """A word without case, umlauts and its endings, so that its inflected forms are alike: "Städte", "Stadt".

    Coarse: "Bürger" and "Burg" are alike too.
    """
    return _ENDINGS.sub("", fold(word.lower().translate(_PLAIN)))


def content_stems(text: str) -> list[str]:
    """The stems of a text's words in order, without function words and numbers."""
    words = (word for found in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text) for word in found.split("-"))
    return [stem(word) for word in words if word.lower() not in FUNCTION_WORDS]


def names_within(name: str, source: str) -> bool:
    """Whether the content words of a name stand side by side in a text, whatever their endings.

    Args:
        name: as a strategy gives it.
        source: the `content_stems` of the text, joined with spaces and with one at each end.
    """
    stems = content_stems(name)
    return bool(stems) and f" {' '.join(stems)} " in source
