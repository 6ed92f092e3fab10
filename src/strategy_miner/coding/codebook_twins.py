"""Codes that nobody could tell apart: by their texts alone, and by how a classifier confuses their examples.

Two codes are compared on the examples and counter-examples that carry one of them and not the other.

- Likeness: each example lies nearer to the mean of its own code's others or to the mean of the other code's, as the
  encoder sees them. 50 % on the wrong side is chance.
- Confusion: a model that was not fitted on the example gives the other code at least as high a probability.

A pair is serious if both shares reach `TOO_MANY`, worth a look if one does. Equal labels or definitions are serious in
any case. Pairs with fewer than `LEAST` examples on a side are compared by their words only.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from strategy_miner.coding.codebook_trial import Trial, words_of
from strategy_miner.coding.features import TextEncoder, input_text, unit

TOO_MANY = 0.3
LEAST = 6


@dataclass(frozen=True, slots=True)
class Pair:
    """Two codes that can hardly be told apart, and why."""

    one: str
    other: str
    said: str
    serious: bool


def twins(tried: Trial, encoder: TextEncoder) -> list[Pair]:
    """The pairs of codes that are hard to tell apart, in the order of the codebook."""
    codebook = tried.codebook
    vectors = encoder.encode([input_text(each.example.text, each.example.heading.split(" > ")) for each in tried.tried])
    vectors = unit(vectors - vectors.mean(axis=0))
    carries = np.array([[code in each.example.codes for code in codebook.ids] for each in tried.tried])
    pairs = []
    for j, k in combinations(range(len(codebook.codes)), 2):
        one, other = codebook.codes[j], codebook.codes[k]
        for key, first, second in (
            ("label", one.name_de, other.name_de),
            ("definition", one.definition_de, other.definition_de),
        ):
            if first and words_of(first) == words_of(second):
                pairs.append(Pair(one.id, other.id, f"the same {key}", True))
        left = np.flatnonzero(carries[:, j] & ~carries[:, k])
        right = np.flatnonzero(carries[:, k] & ~carries[:, j])
        if min(len(left), len(right)) < LEAST:
            continue
        alike = _wrong_side(vectors[left], vectors[right])
        p = tried.probabilities
        confused = np.concatenate([p[left, k] >= p[left, j], p[right, j] >= p[right, k]]).mean()
        if max(alike, confused) >= TOO_MANY:
            said = (
                f"hard to tell apart: of {len(left) + len(right)} examples {alike:.0%} lie nearer to those of the "
                f"other code, {confused:.0%} are given the other code rather than their own"
            )
            pairs.append(Pair(one.id, other.id, said, bool(min(alike, confused) >= TOO_MANY)))
    return pairs


def _wrong_side(left: npt.NDArray[np.float32], right: npt.NDArray[np.float32]) -> float:
    """Share of vectors nearer to the mean of the other group than to the mean of their own group's others."""
    wrong = 0
    for own, other in ((left, right), (right, left)):
        others = unit((own.sum(axis=0) - own) / (len(own) - 1))
        there = unit(other.mean(axis=0, keepdims=True))[0]
        wrong += int((own @ there > (own * others).sum(axis=1)).sum())
    return wrong / (len(left) + len(right))
