"""HanTa (Christian Wartena's Hannover Tagger) behind one door: tags and lemmas for sentences, cached by word.

HanTa's model is a gzip pickle, and unpickling runs code: it is loaded only if its SHA-256 is the known one.
The search over tags is HanTa's own second-order Viterbi search, written so that only the tags a word can have are
visited instead of all 56; it gives the same tags.
"""

from __future__ import annotations

import importlib.metadata
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from strategy_miner.errors import ModelError
from strategy_miner.language.compounds import LONGEST, Compounds
from strategy_miner.language.lemmas import name_lemma, noun_lemma
from strategy_miner.language.morphemes import MorphemeSearch
from strategy_miner.records import file_sha256

MODEL = "HanTa/morphmodel_ger.pgz"
SHA256 = "d0a23caa212663fe7715e18e937074287f80b9e3bab64ccebc12a81e0094db23"
VERSION = "1.2.1"

_BEAM = 5  # states that the search goes on from, as in HanTa
_LOWEST = -1e6
_MOST_WORDS = 500_000  # in the caches, before they start anew
_EMPTY, _START, _END = 0, 1, 2

# Personal and reflexive pronouns in their base form; HanTa leaves them as they stand.
_PRONOUNS = {
    "mich": "ich", "mir": "ich", "meiner": "ich", "dich": "du", "dir": "du", "ihn": "er", "ihm": "er", "uns": "wir",
    "euch": "ihr", "ihnen": "sie",
}  # fmt: skip
# HanTa gives the bare stem of words that only occur inflected.
_DETERMINERS = {
    "all": "alle", "einig": "einige", "etlich": "etliche", "jed": "jeder", "ander": "anderer", "solch": "solcher",
    "manch": "mancher", "welch": "welcher", "jen": "jener", "dies": "dieser", "diese": "dieser", "dieses": "dieser",
    "selb": "selber", "einer": "ein", "meister": "meist",
}  # fmt: skip
_DETERMINER_TAGS = ("PIAT", "PIS", "PDAT", "PDS", "PWAT", "PRELAT")

_UNIVERSAL = {
    "ADJ": "ADJ", "ADV": "ADV", "APPO": "ADP", "APPR": "ADP", "APPRART": "ADP", "APZR": "ADP", "ART": "DET",
    "CARD": "NUM", "FM": "X", "ITJ": "INTJ", "KOKOM": "CCONJ", "KON": "CCONJ", "KOUI": "SCONJ", "KOUS": "SCONJ",
    "NE": "PROPN", "NN": "NOUN", "NNA": "NOUN", "NNI": "NOUN", "PDAT": "DET", "PDS": "PRON", "PIAT": "DET",
    "PIS": "PRON", "PPER": "PRON", "PPOSAT": "DET", "PPOSS": "PRON", "PRELAT": "PRON", "PRELS": "PRON",
    "PRF": "PRON", "PROAV": "ADV", "PTKA": "ADV", "PTKANT": "INTJ", "PTKNEG": "PART", "PTKVZ": "ADP",
    "PTKZU": "PART", "PWAT": "DET", "PWAV": "ADV", "PWS": "PRON", "TRUNC": "X", "VA": "AUX", "VM": "AUX",
    "VV": "VERB", "XY": "X", "$(": "PUNCT", "$,": "PUNCT", "$.": "PUNCT",
}  # fmt: skip


def universal_tag(tag: str) -> str:
    """The Universal Dependencies part of speech of a HanTa tag: "VV(FIN)" -> "VERB"."""
    return _UNIVERSAL.get(tag.split("(")[0] or tag, _UNIVERSAL.get(tag, "X"))


def model_path() -> Path:
    """HanTa's German model, checked before anything is unpickled.

    Raises ModelError if HanTa is missing or its model is not the known one.
    """
    remedy = f"Run: pip install hanta=={VERSION}"
    try:
        path = Path(str(importlib.metadata.distribution("hanta").locate_file(MODEL)))
    except importlib.metadata.PackageNotFoundError:
        raise ModelError("the package hanta is not installed", MODEL, remedy) from None
    if not path.is_file() or file_sha256(path) != SHA256:
        raise ModelError("HanTa's German model is not the known one (its SHA-256 differs)", MODEL, remedy)
    return path


def load_hanta() -> Any:
    """HanTa's tagger for German. Raises ModelError if HanTa is missing or its model is not the known one."""
    path = model_path()
    from HanTa.HanoverTagger import HanoverTagger

    return HanoverTagger(str(path))


class GermanTagger:
    """Tags and lemmas of tokenised German sentences. Raises ModelError if the model is missing or unknown."""

    def __init__(self) -> None:
        self._hanta = load_hanta()
        self._compounds = Compounds(self._hanta)
        MorphemeSearch(self._hanta).install()
        self._names: dict[int, str] = self._hanta.int2tag
        self._follow: dict[tuple[int, int], dict[int, float]] = {
            state: dict(row) for state, row in self._hanta.LP_trans_word.items()
        }
        self._tags: dict[tuple[str, bool], dict[int, float]] = {}
        self._lemmas: dict[tuple[str, int], str] = {}

    def tag(self, words: Sequence[str]) -> list[tuple[str, str]]:
        """(tag, lemma) for each word of one sentence; the tags are those of HanTa, close to STTS."""
        if len(self._tags) > _MOST_WORDS or len(self._lemmas) > _MOST_WORDS:
            self._tags.clear()
            self._lemmas.clear()
        tags = self._search(words) if words else []
        return [(self._names[tag], self._lemma(word, tag)) for word, tag in zip(words, tags, strict=True)]

    def _lemma(self, word: str, tag: int) -> str:
        key = (word, tag)
        lemma = self._lemmas.get(key)
        if lemma is None:
            name = self._names[tag]
            if len(word) > LONGEST:
                lemma = word
            elif name == "NN" and word[-1:].isalpha():
                lemma = noun_lemma(word, self._compounds, lambda part: self._base(part, tag))
            elif name == "NE" and word.isalpha():
                lemma = name_lemma(word, self._compounds, lambda part: self._base(part, tag))
            else:
                lemma = base_form(word, self._base(word, tag), name)
            self._lemmas[key] = lemma
        return lemma

    def _base(self, word: str, tag: int) -> str:
        return str(self._hanta._analyze(word, tag)[0])

    def _tags_of(self, word: str, case_matters: bool) -> dict[int, float]:
        key = (word, case_matters)
        tags = self._tags.get(key)
        if tags is None:
            found = []
            if len(word) <= LONGEST:  # else its neighbours decide
                found = self._hanta._tag_word(word, cutoff=5, casesensitive=case_matters, conditional=True)
            tags = self._tags[key] = {} if len(found) == 1 and found[0][0] == 3 else dict(found)
        return tags

    def _search(self, words: Sequence[str]) -> list[int]:
        row = {(_EMPTY, _START): 0.0}
        back: list[dict[tuple[int, int], tuple[int, int]]] = []
        for number, word in enumerate(words):
            tags = self._tags_of(word, number > 0)
            row, origin = self._step(row, tags)
            back.append(origin)
        state = max(row, key=lambda s: row[s] + self._follow[s].get(_END, -math.inf), default=None)
        result = []
        for origin in reversed(back):
            if state is None:
                break
            result.append(state[1])
            state = origin.get(state)
        if len(result) != len(words):  # the model knows no path through this sentence
            return [self._best(word) for word in words]
        return result[::-1]

    def _best(self, word: str) -> int:
        tags = self._tags_of(word, True)
        return max(tags, key=lambda tag: (tags[tag], -tag)) if tags else int(self._hanta.tag2int["XY"])

    def _step(
        self, row: dict[tuple[int, int], float], tags: dict[int, float]
    ) -> tuple[dict[tuple[int, int], float], dict[tuple[int, int], tuple[int, int]]]:
        bound = sorted(row.values(), reverse=True)[_BEAM] - 1 if len(row) > _BEAM else _LOWEST
        reached: dict[tuple[int, int], float] = {}
        origin: dict[tuple[int, int], tuple[int, int]] = {}
        for state, so_far in row.items():
            if so_far < bound:
                continue
            follow = self._follow.get(state, {})
            for tag, likelihood in (tags or dict.fromkeys(follow, 0.0)).items():
                step = follow.get(tag)
                if step is None or tag == _END:
                    continue
                total = so_far + step + likelihood
                new = (state[1], tag)
                if total > _LOWEST and (new not in reached or total > reached[new]):
                    reached[new] = total
                    origin[new] = state
        return reached, origin


def base_form(word: str, lemma: str, tag: str) -> str:
    """The lemma after the closed classes that HanTa leaves inflected or cuts to the stem."""
    if tag.startswith("PREL") and word.lower() == "was":
        return "was"
    if tag == "ADJ(A)" and lemma == "nächst":
        return "nah"
    if tag in ("PPER", "PRF"):
        return _PRONOUNS.get(word.lower(), lemma)
    if tag in _DETERMINER_TAGS or lemma == "ander":
        return _DETERMINERS.get(lemma.lower(), lemma)
    return lemma
