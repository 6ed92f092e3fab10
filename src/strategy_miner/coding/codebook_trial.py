"""Every example and counter-example of a codebook, scored by a model that was not fitted on it.

The examples are dealt into folds; for each fold the classifier is fitted on the codebook without that fold's examples
and codes them. Copies of one text (an example of one code that is a counter-example of another) go into one fold. The
lexicon stays: its terms come from the same pens as the examples, so the figures flatter; they are for finding what is
wrong in a codebook, not for saying how good it is on real texts. A lexicon-led dimension fits nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from strategy_miner.coding.classifier import Classifier
from strategy_miner.coding.codebook import Codebook, Example
from strategy_miner.coding.dimension import LexiconCoder
from strategy_miner.coding.features import TextEncoder
from strategy_miner.errors import CodebookError
from strategy_miner.records import Coding, stable_id
from strategy_miner.text import fold

FOLDS = 5
_EVERYTHING = -1.0  # a threshold that every probability exceeds
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Unit:
    """An example as a unit of coding."""

    id: str
    document_id: str
    text: str
    heading_path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """One example with what it was given. `code` is the code under which it stands, "" for those about none.

    `p` is the probability of that code (of the likeliest code for those about none), `evidence` what spoke for it.
    """

    code: str
    role: str  # positive, negative, none
    example: Example
    p: float
    given: tuple[str, ...]
    evidence: str
    right: bool


@dataclass(frozen=True)
class Trial:
    """All examples of a codebook, tried; `probabilities` (n, codes) in the order of `tried`."""

    codebook: Codebook
    tried: tuple[Tried, ...]
    probabilities: npt.NDArray[np.float64]

    @property
    def share_right(self) -> float:
        """Share of all examples and counter-examples that came out right."""
        return float(np.mean([one.right for one in self.tried]))

    def scores(self) -> list[tuple[str, int, int, int, int]]:
        """Per code: id, examples, hits, counter-examples, false alarms on them; last those about none, as counter-
        examples of the code ""."""
        rows = []
        for code in (*self.codebook.ids, ""):
            own = [one for one in self.tried if one.code == code]
            positive = [one.right for one in own if one.role == "positive"]
            other = [one.right for one in own if one.role != "positive"]
            rows.append((code, len(positive), sum(positive), len(other), len(other) - sum(other)))
        return rows

    def rows(self) -> Iterator[dict[str, Any]]:
        """One plain dict per example (the JSON lines of `codebook test --jsonl`)."""
        for one in self.tried:
            yield {
                "dimension": self.codebook.dimension, "code": one.code, "role": one.role, "text": one.example.text,
                "heading": one.example.heading, "codes": list(one.example.codes), "given": list(one.given),
                "p": round(one.p, 4), "right": one.right, "evidence": one.evidence,
            }  # fmt: skip


def words_of(text: str) -> str:
    """The words of a text without case, umlauts and punctuation: equal for copies."""
    return " ".join(re.findall(r"\w+", fold(text)))


def trial(
    codebook: Codebook,
    encoder: TextEncoder,
    seed: int,
    threshold: float | None = None,
    progress: Progress | None = None,
) -> Trial:
    """Try every example of a codebook. `threshold`: from which a code is given, by default each model's own.

    Raises CodebookError if the codebook has no examples.
    """
    places = _places(codebook)
    if not places:
        raise CodebookError("no examples to try", f"dimension {codebook.dimension}", "Write some under `positive`.")
    units = [
        Unit(str(i), "", example.text, tuple(part for part in example.heading.split(" > ") if part))
        for i, (_, _, example) in enumerate(places)
    ]
    probabilities = np.zeros((len(places), len(codebook.codes)))
    evidence: list[dict[str, str]] = [{} for _ in places]
    given: list[tuple[str, ...]] = [() for _ in places]
    for rows, every, codings in _codings(codebook, encoder, seed, units, threshold, progress):
        for i, found, chosen in zip(rows, every, codings, strict=True):
            for coding in found:
                probabilities[i, codebook.position(coding.code)] = coding.p
                evidence[i][coding.code] = coding.evidence
            given[i] = tuple(coding.code for coding in chosen)
    tried = [
        _tried(codebook, place, probabilities[i], given[i], evidence[i]) for i, place in enumerate(places)
    ]  # fmt: skip
    return Trial(codebook, tuple(tried), probabilities)


def _places(codebook: Codebook) -> list[tuple[str, str, Example]]:
    """Code, role and example, in file order."""
    of_codes = [
        (code.id, role, example)
        for code in codebook.codes
        for role, examples in (("positive", code.positive), ("negative", code.negative))
        for example in examples
    ]
    return [*of_codes, *(("", "none", example) for example in codebook.none_examples)]


def _codings(
    codebook: Codebook,
    encoder: TextEncoder,
    seed: int,
    units: Sequence[Unit],
    threshold: float | None,
    progress: Progress | None,
) -> list[tuple[list[int], list[list[Coding]], list[list[Coding]]]]:
    """Per fold: the rows it holds, codings of every code whatever its probability, and the codings given."""
    if codebook.lexicon_led:
        codings = LexiconCoder.of(codebook).code(units)
        return [(list(range(len(units))), codings, codings)]
    vectors = encoder.encode([Classifier.inputs(unit) for unit in units])
    keys = [words_of(unit.text) for unit in units]
    fold_of = {key: number % FOLDS for number, key in enumerate(dict.fromkeys(keys))}
    found = []
    for k in range(FOLDS):
        rows = [i for i, key in enumerate(keys) if fold_of[key] == k]
        if not rows:
            continue
        model = Classifier.fit(_without(codebook, {keys[i] for i in rows}, k), encoder, seed)
        own = [units[i] for i in rows]
        found.append((rows, model.code(own, vectors[rows], _EVERYTHING), model.code(own, vectors[rows], threshold)))
        if progress:
            progress(k + 1, FOLDS)
    return found


def _without(codebook: Codebook, left_out: set[str], k: int) -> Codebook:
    def kept(examples: tuple[Example, ...]) -> tuple[Example, ...]:
        return tuple(example for example in examples if words_of(example.text) not in left_out)

    codes = tuple(replace(code, positive=kept(code.positive), negative=kept(code.negative)) for code in codebook.codes)
    # Another codebook, so another hash: nothing fitted on the one may be taken for the other.
    sha256 = stable_id("fold", codebook.sha256, k)
    return replace(codebook, codes=codes, none_examples=kept(codebook.none_examples), sha256=sha256)


def _tried(
    codebook: Codebook,
    place: tuple[str, str, Example],
    probabilities: npt.NDArray[np.float64],
    given: tuple[str, ...],
    evidence: dict[str, str],
) -> Tried:
    code, role, example = place
    shown = code or codebook.ids[int(probabilities.argmax())]
    right = code in given if role == "positive" else code not in given if role == "negative" else not given
    p = float(probabilities[codebook.position(shown)])
    return Tried(code, role, example, p, given, evidence.get(shown, ""), right)
