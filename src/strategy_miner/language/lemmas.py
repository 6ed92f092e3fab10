"""Base forms of nouns and names that HanTa's list does not hold: by a known last part, else by their ending.

HanTa guesses the ending of an unknown word and often takes away a part of the stem ("Ladesäulen" -> "Ladesäul",
"Smartphone" -> "Smartphon"). New nouns are mostly compounds of known ones, and what is left are foreign words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from strategy_miner.language.compounds import Compounds

_LONGEST_ACRONYM = 6
_SHORTEST_PART = 4
# Whole words or last parts of nouns that are younger than HanTa's list, or whose plural it does not know.
_LAST_PARTS = {
    "daten": "daten", "soldaten": "soldat", "kandidaten": "kandidat", "mandaten": "mandat", "app": "app", "apps": "app",
    "museen": "museum", "jubiläen": "jubiläum", "schlösser": "schloss", "schlössern": "schloss", "indizes": "index",
    "indices": "index", "boni": "bonus", "foren": "forum", "gymnasien": "gymnasium", "stadien": "stadion",
    "studien": "studie", "praktika": "praktikum", "visa": "visum", "leitfäden": "leitfaden", "vorhaben": "vorhaben",
    "verfahren": "verfahren", "unternehmen": "unternehmen", "verhalten": "verhalten", "vermögen": "vermögen",
    "wesen": "wesen", "wissen": "wissen", "wohnen": "wohnen", "sparen": "sparen", "denken": "denken",
    "handeln": "handeln", "busse": "bus", "bussen": "bus", "busses": "bus", "kitas": "kita", "services": "service",
    "cities": "city", "hubs": "hub", "labs": "lab", "news": "news", "goals": "goal", "konsortien": "konsortium",
    "kriterien": "kriterium", "beauftragten": "beauftragte", "ebene": "ebene", "werten": "wert", "mensen": "mensa",
    "startup": "startup", "startups": "startup", "pumpen": "pumpe",
}  # fmt: skip
_ACRONYM = re.compile(r"[A-ZÄÖÜ0-9]{2,}")
# Ending of a word -> what stands in its place; the first that fits counts, None is no change.
_SURE = (
    (re.compile(r"(?<=[a-zäöüß]{3})innen$"), "in"),
    (re.compile(r"(?<=[a-zäöü])(ung|heit|keit|schaft|zität|alität)en$"), r"\1"),
)
_ENDINGS = [
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"ismen$", "ismus"),
        (r"(?<=ion|tät|tur|tor|sor|ent|ant|ist|ekt|eur)en$", ""),
        (r"(?:ss|us|is|itas|ics|x|z|ion|ie|in|um|ik|ur|er|el|on|an|im)$", None),
        (r"ien$", "ie"),
        (r"ern$", "er"),
        (r"eln$", "el"),
        (r"(?<=eur|ent|tiv|ekt|tor)e$", ""),
        (r"(?<=[bdfghklmnprtwß])es$", ""),
        (r"(?<=[^s])s$", ""),
        (r"en$", "e"),
    )
]
_NAMES = [(re.compile(r"(?:ss|us|is|os|itas|ics|x|z)$"), None), (re.compile(r"(?<=[^s])s$"), "")]


def noun_lemma(word: str, known: Compounds, base: Callable[[str], str]) -> str:
    """The base form of a noun, from HanTa's where it knows the word.

    Args:
        word: as written.
        known: HanTa's morphemes.
        base: HanTa's base form of a noun; asked for only where it counts, as it takes long for an unknown word.
    """
    head, hyphen, tail = word.rpartition("-")
    if hyphen:
        return f"{head}-{noun_lemma(tail, known, base)}" if tail.isalpha() else base(word)
    lower = word.lower()
    for at in range(len(lower) - 2):
        if lower[at:] in _LAST_PARTS and (not at or at > 1):
            return _capital(word[:at] + _LAST_PARTS[lower[at:]])
    for ending, instead in _SURE:
        if ending.search(lower):
            return _capital(ending.sub(instead, lower))
    if known.split(lower, 0, True)[1]:
        lemma = base(word)
        cut = lower.endswith(("ss", "ismus")) and not lemma.endswith(("ss", "ß", "ismus"))
        return _capital(lower) if cut else lemma
    if len(word) <= _LONGEST_ACRONYM and _ACRONYM.fullmatch(word):
        return word
    for at in range(2, len(lower) - _SHORTEST_PART + 1):
        pieces = known.split(lower[at:], 0, True)[1]
        if pieces and all(piece.kind.startswith("SUF") for piece in pieces[1:]):
            return _capital(lower[:at] + base(lower[at:].capitalize()).lower())
    return _capital(_ended(lower, _ENDINGS))


def name_lemma(word: str, known: Compounds, base: Callable[[str], str]) -> str:
    """The base form of a name: the word without the s of the genitive. Arguments as in `noun_lemma`."""
    if len(word) <= _LONGEST_ACRONYM and _ACRONYM.fullmatch(word):
        return word
    return base(word) if known.split(word.lower())[1] else _capital(_ended(word.lower(), _NAMES))


def _ended(lower: str, endings: list[tuple[re.Pattern[str], str | None]]) -> str:
    for pattern, instead in endings:
        if pattern.search(lower) and len(lower) > 3:
            return lower if instead is None else pattern.sub(instead, lower)
    return lower


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:].lower()
