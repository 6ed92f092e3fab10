"""Codes for names of fields of action: a word or two, so the lexicon of names speaks first, then meaning.

Orientation follows the leading term: "Verwaltung & Beteiligung" is sectoral, "Beteiligung & Verwaltung" integrated.
A leading adjective belongs to its noun and leads only where no noun says anything. Before a sectoral noun it says how
and not what: "Vernetzte Mobilität" is about mobility.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.features import TextEncoder, unit
from strategy_miner.coding.lexicon import Lexicon, Match
from strategy_miner.text import fold

MOST_CODES = 4
_LEAST_LIKENESS = 0.35  # centred cosine from which a name without known words gets the code it is most like
_LEAST_LEAD = 0.05  # ... if no other code is almost as like

_DECORATION = re.compile(
    r"^\W*(?:(?:handlungs|themen|aktions)feld(?:er)?|leitthema|schwerpunkt|säule|zielbild)?\W*(?:\d+[.:)]?\s*)?[:\-–]?\s*",
    re.IGNORECASE,
)
_PARTING = re.compile(r"\s*(?:&|/|\+|\||,|;|\bund\b|\bsowie\b|\band\b)\s*", re.IGNORECASE)
_SMART = re.compile(r"\b(?:smart(?:e[rnsm]?)?|intelligente?[rnsm]?|digitale?[rnsm]?)\b[\s-]*", re.IGNORECASE)
_JOINING = re.compile(r"\s*(?:&|/|\+|\||,|;|\bund\b|\bsowie\b|\band\b|·|–)\s*", re.IGNORECASE)
_BRACKET = re.compile(r"\((\w+)-\)\s*(\w)(\w*)")  # "(Land-)Wirtschaft" is both
_INNER_CAPITAL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")  # MobileStadt
_VAGUE = frozenset(["Leben"])  # "Leben, Wohnen und Kultur": what it is about, the other words say
_SMALL = frozenset(["und", "&", "IT", "KI", "ÖPNV"])
_ADJECTIVE = re.compile(
    r"(?:ig|lich|isch|iv|bar|sam|al|ell|ant|ent|wert|haft|los|reich|gesund|grün|sicher|stark|offen|vernetzt|lebend|end|"
    r"sozial|modern|urban|regional|klimaneutral|partizipativ|iert|mobil|gerecht|resilient|nachhaltig)(?:e|er|es|en|em)$",
    re.IGNORECASE,
)
_ADJECTIVE_AS_NOUN = frozenset(["soziales", "grünes", "lernende", "informationen"])
_ECOLOGY = re.compile(
    r"energ|\bgrid|umwelt|environment|klima|climate|wasser|water|ressource|resource|\bgruen(?!d)|stadtgruen|begruenung|\bgreen|oekolog|\boeko|ecolog|natur|"
    r"biodivers|artenvielfalt|kreislaufwirtschaft|circular|regenerativ|erneuerbar|emission|\bco2|solar|photovolt|waerme|"
    r"verkehrswende|mobilitaetswende|energiewende|abfall|recycling|\bwald|starkregen|hitze|\bluft|"
    r"(?:nachhaltig|klimafreundlich|umweltfreundlich|sustainabl|gruen|emissionsfrei|postfossil)\w*[\s-]+(?:\w+[\s-]+){0,2}"
    r"(?:mobil|verkehr|transport)"
)
_NOT_ECOLOGY = re.compile(
    r"(?:arbeits|betriebs|innovations|investitions)klima|naturwissenschaft|wasserstrasse|natuerlich|signatur|schwaerm|"
    r"(?:personal|human)[\s-]*res+ources?"
)


@dataclass(frozen=True, slots=True)
class FieldCoding:
    """What a declared field is about. At most four codes; `orientation` is sectoral, integrated or unclear;
    `ecology`: the name itself speaks of energy, environment, climate, water, resources or sustainable mobility."""

    field_name: str
    codes: tuple[str, ...]
    orientation: str
    ecology: bool


def code_names(names: Sequence[str], codebook: Codebook, encoder: TextEncoder) -> list[FieldCoding]:
    """Code names of fields of action, in their order. The encoder is asked only for names that hold no known word."""
    in_names = Lexicon([code.names.by_role() for code in codebook.codes])
    in_texts = Lexicon(
        [code.lexicon.by_role() | {"exclude": (*code.lexicon.exclude, *code.names.exclude)} for code in codebook.codes]
    )
    kinds = [code.kind for code in codebook.codes]
    found = {
        name: _without_manner(_core(name), _matches(name, in_names, in_texts), kinds) for name in dict.fromkeys(names)
    }
    silent = [name for name, matches in found.items() if not matches and _core(name)]
    likest = dict(zip(silent, _most_like([_core(name) for name in silent], codebook, encoder), strict=True))
    codings = []
    for name in names:
        matches = found[name]
        order = list(dict.fromkeys(match.code for match in matches))[:MOST_CODES] or likest.get(name, [])
        codes = tuple(codebook.codes[j].id for j in order)
        lead = _leading(name, matches) if matches else (order[0] if order else None)
        orientation = codebook.codes[lead].kind if lead is not None else "unclear"
        codings.append(FieldCoding(name, codes, orientation, is_ecological(name)))
    return codings


def is_ecological(name: str) -> bool:
    """True if a name refers explicitly to ecology; plain "Nachhaltigkeit" does not."""
    return bool(_ECOLOGY.search(_NOT_ECOLOGY.sub(" ", fold(name))))


def _core(name: str) -> str:
    """A name without numbering, "Handlungsfeld", "Smart" and "Digital", its parts side by side."""
    name = _BRACKET.sub(lambda match: f"{match[1]}{match[2].lower()}{match[3]}, {match[2]}{match[3]}", name.strip())
    bare = _DECORATION.sub("", name, count=1) or name
    if bare.isupper() and len(bare) > 4:
        bare = " ".join(w if w in _SMALL else w.title() for w in re.sub(r"\bUND\b", "und", bare).split())
    return " ".join(_JOINING.sub(" ", bare).split())


def _matches(name: str, in_names: Lexicon, in_texts: Lexicon) -> list[Match]:
    core = _core(name)
    for text in (_SMART.sub("", core), core, _INNER_CAPITAL.sub(" ", core)):
        for lexicon in (in_names, in_texts):
            strong = [match for match in lexicon.matches(text) if match.strong]
            if strong:
                return strong
        weak = [match for match in in_names.matches(text) if match.words[:1].isupper()]
        if weak:
            return weak
    return []


def _without_manner(name: str, matches: list[Match], kinds: Sequence[str]) -> list[Match]:
    """Without the adjectives that only say how: those of an integrated code, or of the environment, whose noun is
    sectoral. An adjective that stands alone in its part ("Vernetzte und sichere Mobilität") goes with the next."""
    parts: list[str] = []
    held = ""
    for part in _PARTING.split(name):
        held = f"{held} {part}".strip()
        if len(part.split()) != 1 or not _is_adjective(part):
            parts.append(held)
            held = ""
    dropped: set[int] = set()
    for part in parts:
        inside = [(i, match) for i, match in enumerate(matches) if match.words in part]
        nouns = [match for _, match in inside if not _is_adjective(match.words)]
        if nouns and all(kinds[match.code] == "sectoral" for match in nouns):
            sole = {match.code for match in nouns}
            dropped |= {
                i for i, match in inside
                if _is_adjective(match.words) and match.code not in sole and
                (kinds[match.code] == "integrated" or _ECOLOGY.search(fold(match.words)))
            }  # fmt: skip
    return [match for i, match in enumerate(matches) if i not in dropped]


def _leading(name: str, matches: Sequence[Match]) -> int:
    """The code of the leading term: of the first noun that matched; of several codes in one compound, that of its
    head, which stands last."""
    nouns = [match for match in matches if not _is_adjective(match.words)] or list(matches)
    nouns = [match for match in nouns if match.words not in _VAGUE] or nouns
    first = [match for match in nouns if match.words == nouns[0].words]
    word = fold(nouns[0].words)
    return max(first, key=lambda match: word.rfind(fold(match.entry.strip("-="))[:5])).code


def _is_adjective(word: str) -> bool:
    word = word.split()[-1] if word.split() else word
    return word.lower() not in _ADJECTIVE_AS_NOUN and (word[:1].islower() or bool(_ADJECTIVE.search(word)))


def _most_like(names: Sequence[str], codebook: Codebook, encoder: TextEncoder) -> list[list[int]]:
    """Per name the one code whose label it clearly resembles most, or none."""
    if not names:
        return []
    labels = encoder.encode([code.name_de for code in codebook.codes])
    centre = labels.mean(axis=0)
    cosines = unit(encoder.encode(list(names)) - centre) @ unit(labels - centre).T
    order = np.argsort(-cosines, axis=1, kind="stable")
    return [
        [int(best)] if row[best] >= _LEAST_LIKENESS and row[best] - row[second] >= _LEAST_LEAD else []
        for row, (best, second) in zip(cosines, order[:, :2], strict=True)
    ]
