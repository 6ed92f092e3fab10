"""The coder of a dimension; codes of the exploratory dimensions, given by their lexicons alone.

A code is given where the words of the text bear it: one strong entry, or two different weak ones. The nearest heading
that names a subject counts as one weak entry, however much it says, and only if it says what the text does not: a
chapter speaks of more than its title. A code that lies below another (`parent`) brings it along.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from strategy_miner.coding.classifier import Classifier, not_codable
from strategy_miner.coding.codebook import FIELD, Codebook, dimensions
from strategy_miner.coding.features import Array, Item, Labelled, TextEncoder, headings
from strategy_miner.coding.labelled import LabelledClassifier
from strategy_miner.coding.lexicon import Lexicon, Match
from strategy_miner.errors import CodebookError
from strategy_miner.records import Coding, stable_id

VERSION = "1"
# No calibrated probabilities: a fixed order of how much was found, set once. There are no reference labels to fit
# them to; docs/quality.md says how many of such hits were right when read.
SEVERAL_STRONG, STRONG_AND_WEAK, ONE_STRONG, WEAK = 0.9, 0.85, 0.75, 0.55
_WORDS_SHOWN = 6
ALL = "all"  # every dimension of a codebook folder


class Coder(Protocol):
    """What gives codes of one dimension."""

    @property
    def id(self) -> str: ...
    def code(
        self, items: Sequence[Item], vectors: Array | None = None, threshold: float | None = None
    ) -> list[list[Coding]]: ...


def coder_of(
    codebook: Codebook,
    encoder: TextEncoder,
    seed: int,
    teacher: Codebook | None = None,
    labelled: Sequence[Labelled] = (),
) -> Coder:
    """A classifier that learns from labels where there are any, see `Classifier.fit`; for an exploratory dimension
    without labels its lexicon, if it has one."""
    if labelled:
        return LabelledClassifier(codebook, encoder, seed, labelled)
    if codebook.lexicon_led:
        return LexiconCoder.of(codebook)
    return Classifier.fit(codebook, encoder, seed, teacher=teacher)


def chosen(folder: Path, dimension: str | None) -> list[str]:
    """Names of the dimensions asked for: None is `field`, or the only one that a folder holds; "all" is every one.

    Raises CodebookError with the known ones if that leaves nothing.
    """
    known = dimensions(folder)
    if not known:
        raise CodebookError("holds no codebook", str(folder), "Give a folder with one YAML file per dimension.")
    if dimension == ALL:
        return known
    wanted = dimension or (FIELD if FIELD in known or len(known) > 1 else known[0])
    if wanted not in known:
        names = ", ".join(known)
        raise CodebookError(f"no dimension {wanted!r}", str(folder), f"Known are {names}; {ALL} takes every one.")
    return [wanted]


@dataclass(frozen=True, slots=True)
class LexiconCoder:
    """Gives the codes of a dimension whose codebook has lexicons. `id` stands for codebook and version together."""

    codebook: Codebook
    lexicon: Lexicon
    id: str

    @classmethod
    def of(cls, codebook: Codebook) -> Self:
        """The coder of a codebook. Nothing is fitted."""
        lexicon = Lexicon([code.lexicon.by_role() for code in codebook.codes])
        return cls(codebook, lexicon, stable_id("lexicon", VERSION, codebook.sha256))

    def code(
        self, items: Sequence[Item], vectors: Array | None = None, threshold: float | None = None
    ) -> list[list[Coding]]:
        """For each unit its codes, best first; the evidence is the words found, those of the heading in brackets.

        Nothing is given to an empty text or one in another language. `p` is one of four fixed values that rank how
        much was found, no calibrated probability; only codes above the `threshold` are given. `vectors` say nothing
        here: they are what a Classifier takes.
        """
        least = threshold or 0.0
        return [
            [] if not_codable(item.text) else [coding for coding in self._codings(item) if coding.p > least]
            for item in items
        ]

    def _codings(self, item: Item) -> list[Coding]:
        found = self.lexicon.matches(item.text)
        near = headings(item.heading_path)
        above = self.lexicon.matches(near[0]) if near and found else []
        given: dict[int, tuple[float, str]] = {}
        for code in sorted({match.code for match in found}):
            own = [match for match in found if match.code == code]
            heading = [match for match in above if match.code == code]
            p = strength(own, heading)
            if p:
                given[code] = p, _words(own, heading)
        for code, reason in list(given.items()):
            while (parent := self.codebook.codes[code].parent) is not None:
                code = self.codebook.position(parent)
                given[code] = max(given.get(code, reason), reason, key=lambda known: known[0])
        order = sorted(given, key=lambda code: (-given[code][0], code))
        return [
            Coding(item.id, item.document_id, self.codebook.dimension, self.codebook.codes[j].id, *self._last(given[j]))
            for j in order
        ]

    def _last(self, reason: tuple[float, str]) -> tuple[float, str, str]:
        return reason[0], self.id, reason[1]


def strength(matches: Sequence[Match], heading: Sequence[Match]) -> float:
    """What the matches of one code in a text and its heading amount to; 0.0 is too little for a code."""
    own = {_bare(match.entry) for match in matches}
    strong = len({_bare(match.entry) for match in matches if match.strong})
    weak = len(own) - strong + any(_bare(match.entry) not in own for match in heading)
    if strong > 1:
        return SEVERAL_STRONG
    if strong:
        return STRONG_AND_WEAK if weak else ONE_STRONG
    return WEAK if weak > 1 else 0.0


def _bare(entry: str) -> str:
    """Start-up and Startup are one entry."""
    return re.sub(r"[-=. ]", "", entry)


def _words(own: Sequence[Match], heading: Sequence[Match]) -> str:
    words = ", ".join(list(dict.fromkeys(match.words for match in own))[:_WORDS_SHOWN])
    return f"{words} ({', '.join(dict.fromkeys(match.words for match in heading))})" if heading else words
