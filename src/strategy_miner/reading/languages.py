"""Which language a text is in, and how much of it speaks for German: function words, letters and endings of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from strategy_miner.text import FUNCTION_WORDS

ENOUGH = 40  # words below which shares say nothing
NOISE = 0.06  # share of small words that are known below which a text is noise; real pages have .2 and more
LEAST = 4  # words below which a text is too short to tell
_ENGLISH_WORDS = """
    a about above across after again all also although among an and any are as at be because been before being between
    both but by can could did do does during each every few for from further had has have he her his how if in into is
    it its itself just like made make many may more most must need new no nor not of off on once only or other our out
    over own people same shall she should since so some such than that the their them then there these they this those
    through to together towards under until up upon us use used very was we well were what when where which while who
    whose why will with within without would you your
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
# Words of both languages say nothing: "die", "was", "in", "so", "will", "am", "an", "all", "must", "war".
_SHARED = "a all also am an as die do hat he her his in is it made man mode must no on so under us war was will"
_BOTH = frozenset(_SHARED.split(" "))
_GERMAN_ENDING = re.compile(
    r"(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|lich|liche[nrsm]?|isch|ische[nrsm]?|igen|iger|iges|ieren"
    r"|ierung|tum|chen|nisse?|sicht|werk|stadt|zeug|gruppen?|bau|pflicht|recht|wirtschaft|verkehr)$"
)
_ENGLISH_ENDING = re.compile(r"(?:ing|ness|ity|ties|ment|ments|ful|ly|ies|ology|ous|able|ship|ces)$")
_OTHER_WORDS = "le la les des et du una est dans pour el los las por il di che per nl het een van"
_OTHERS = frozenset(_OTHER_WORDS.split(" "))
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*")
_WORD = re.compile(r"[^\W\d_]{2,}")


@lru_cache(maxsize=100_000)
def _speaks(word: str) -> str:
    """The language a single lower-case word speaks for: "de", "en" or ""."""
    if word in _BOTH:
        return ""
    if word in FUNCTION_WORDS or "ß" in word or "ä" in word or "ö" in word or "ü" in word:
        return "de"
    if word in _ENGLISH:
        return "en"
    if len(word) > 5 and _GERMAN_ENDING.search(word):
        return "de"
    return "en" if len(word) > 5 and _ENGLISH_ENDING.search(word) else ""


def language(text: str) -> str:
    """ISO 639-1 code of a text's language, "de" or "en"; "" where it is too short to tell, or in another one.

    At least two words and an eighth of all words must speak for it, and twice as many as for the other.
    """
    words = _WORD.findall(_ADDRESS.sub(" ", text.lower()))
    if len(words) < LEAST:
        return ""
    said = [_speaks(word) for word in words]
    german, english = said.count("de"), said.count("en")
    least = max(2, len(words) / 8)
    if german >= least and german >= 2 * english:
        return "de"
    # German texts are full of "Sharing" and "Community"; English ones have small words.
    if english >= least and english >= 2 * german and any(word in _ENGLISH for word in words):
        return "en"
    return ""


def german_share(texts: Iterable[str]) -> float | None:
    """Share of the words of two letters and more that speak for German, from 0 to 1; None below 40 of them.

    Running German text has .4 to .7, names and tables of figures less, English nearly none.
    """
    said = [_speaks(word) for word in _WORD.findall(" ".join(texts).lower())]
    return round(said.count("de") / len(said), 4) if len(said) >= ENOUGH else None


def is_noise(texts: Iterable[str]) -> bool:
    """Whether words in small letters are of no language known here: a font whose letters are mapped to wrong ones.

    Names, figures and table heads are left out with the capitals, so that a list of names is no noise.
    """
    words = [w for w in _WORD.findall(" ".join(texts)) if w.islower()]
    return len(words) >= ENOUGH and sum(1 for w in words if _known(w)) < NOISE * len(words)


def _known(word: str) -> bool:
    return word in FUNCTION_WORDS or word in _ENGLISH or word in _OTHERS
