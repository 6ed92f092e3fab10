"""How far coders agree: Krippendorff's alpha per code and for whole sets of codes, with intervals over documents.

alpha = 1 - D_o / D_e (Krippendorff 2004, Content Analysis, ch. 11): observed over expected disagreement among all pairs
of values. Units that fewer than two coders coded say nothing and are left out. For whole sets the disagreement of two
sets is their MASI distance (Passonneau 2006, LREC), taken as it is, not squared.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Distance = Callable[[Any, Any], float]
CodeSet = frozenset[str]

DRAWS = 2000
FIRM, TENTATIVE, FLAG = 0.80, 0.667, 0.75  # gates, held against the lower end of the interval


def nominal(one: Hashable, other: Hashable) -> float:
    """0 for equal values, else 1."""
    return float(one != other)


def masi(one: CodeSet, other: CodeSet) -> float:
    """MASI distance of two sets: 1 - Jaccard x (1 equal, 2/3 one within the other, 1/3 overlapping, 0 disjoint).

    Two empty sets ("no code" twice) are equal.
    """
    if one == other:
        return 0.0
    common = one & other
    weight = 2 / 3 if common in (one, other) else 1 / 3
    return 1.0 - weight * len(common) / len(one | other)


@dataclass(frozen=True, slots=True)
class Alpha:
    """Alpha with its 95 % interval (percentiles over draws of documents); NaN where nothing varies or can be drawn."""

    value: float
    low: float
    high: float

    def gate(self, firm: float = FIRM, tentative: float = TENTATIVE) -> str:
        """What the lower end of the interval allows: firm, tentative, below or, without an interval, unknown."""
        if math.isnan(self.low):
            return "unknown"
        return "firm" if self.low >= firm else "tentative" if self.low >= tentative else "below"


def alpha(units: Sequence[Sequence[Hashable]], distance: Distance = nominal) -> float:
    """Krippendorff's alpha. `units`: for each unit the values that coders gave, any number; NaN if nothing varies."""
    return float(_alphas(*_counted(units, [""] * len(units), distance))[0])


def alpha_interval(
    units: Sequence[Sequence[Hashable]],
    documents: Sequence[str],
    seed: int,
    distance: Distance = nominal,
    draws: int = DRAWS,
) -> Alpha:
    """Alpha with a percentile bootstrap interval over documents, which are drawn whole: their units are alike.

    Args:
        units: for each unit the values given.
        documents: the document of each unit.
        seed: of the draws.
        distance: of two values, 0 for equal ones.
        draws: number of draws.
    """
    observed, counts, delta = _counted(units, documents, distance)
    value = float(_alphas(observed.sum(axis=0, keepdims=True), counts.sum(axis=0, keepdims=True), delta)[0])
    number = len(observed)
    if number < 2 or math.isnan(value):
        return Alpha(value, math.nan, math.nan)
    times = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), size=draws).astype(float)
    drawn = _alphas(times @ observed, times @ counts, delta)
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Alpha(value, float(low), float(high))


def _counted(
    units: Sequence[Sequence[Hashable]], documents: Sequence[str], distance: Distance
) -> tuple[Floats, Floats, Floats]:
    """Per document the observed disagreement (D,) and how often each value was given (D, K); distances (K, K)."""
    pairs = [(list(values), document) for values, document in zip(units, documents, strict=True) if len(values) > 1]
    # Sorted by what they look like: sets have no order of their own that is the same in every run.
    kinds = sorted({value for values, _ in pairs for value in values}, key=_shown)
    number = {value: k for k, value in enumerate(kinds)}
    delta = np.array([[distance(one, other) for other in kinds] for one in kinds]).reshape(len(kinds), len(kinds))
    place = {document: d for d, document in enumerate(sorted({document for _, document in pairs}))}
    observed, counts = np.zeros(len(place)), np.zeros((len(place), len(kinds)))
    for values, document in pairs:
        own = [number[value] for value in values]
        observed[place[document]] += sum(delta[i, j] for i, j in permutations(own, 2)) / (len(own) - 1)
        np.add.at(counts[place[document]], own, 1)
    return observed, counts, delta


def _alphas(observed: Floats, counts: Floats, delta: Floats) -> Floats:
    """Alpha of each row of observed disagreements (B,) and counts (B, K)."""
    if not counts.size:
        return np.full(max(1, len(observed)), math.nan)
    expected = ((counts @ delta) * counts).sum(axis=1)
    pairs = counts.sum(axis=1) - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - observed * pairs / expected, math.nan)


def _shown(value: Hashable) -> str:
    return "\x1f".join(sorted(value)) if isinstance(value, frozenset) else repr(value)


def positive_agreement(units: Sequence[Sequence[bool]]) -> float:
    """Of what one coder marks, the share that another marks too: 2a / (2a + b + c) for two coders; NaN if none."""
    both = marked = 0.0
    for values in units:
        if len(values) > 1:
            yes = sum(values)
            both += yes * (yes - 1) / (len(values) - 1)
            marked += yes
    return both / marked if marked else math.nan


@dataclass(frozen=True, slots=True)
class Agreed:
    """How coders agree about one code, one flag, or (`what` = "sets") about everything."""

    what: str
    units: int
    prevalence: float  # share of all values given that are yes; NaN for sets
    positive: float
    alpha: Alpha
    gate: str


def agreement(
    labels: Mapping[str, Mapping[str, CodeSet]],
    document_of: Mapping[str, str],
    codes: Sequence[str],
    integrated: frozenset[str],
    seed: int,
) -> list[Agreed]:
    """Agreement about sets of codes, about the flags `coded` and `integrated`, and about every code.

    Args:
        labels: per coder the codes of each segment; an empty set says "no code".
        document_of: document of each segment.
        codes: ids in the order of the codebook.
        integrated: those of kind integrated.
        seed: of the draws of documents.
    """
    ids = sorted({unit for own in labels.values() for unit in own})
    units = {unit: [own[unit] for _, own in sorted(labels.items()) if unit in own] for unit in ids}
    units = {unit: sets for unit, sets in units.items() if len(sets) > 1}
    documents = [document_of[unit] for unit in units]
    whole = alpha_interval(list(units.values()), documents, seed, masi)
    rows = [Agreed("sets", len(units), math.nan, math.nan, whole, whole.gate())]

    def about(what: str, mark: Callable[[CodeSet], bool], *gates: float) -> Agreed:
        marks = [[mark(codes) for codes in sets] for sets in units.values()]
        given = [value for values in marks for value in values]
        found = alpha_interval(marks, documents, seed)
        share = sum(given) / len(given) if given else math.nan
        return Agreed(what, len(units), share, positive_agreement(marks), found, found.gate(*gates))

    rows.append(about("coded", bool))
    rows.append(about("integrated", lambda own: bool(own & integrated), FLAG, FLAG))
    rows += [about(code, lambda own, code=code: code in own) for code in codes]  # type: ignore[misc]
    return rows


def disputed(labels: Mapping[str, Mapping[str, CodeSet]]) -> list[str]:
    """Segments to which two coders gave different sets of codes, sorted."""
    sets: dict[str, set[CodeSet]] = {}
    for own in labels.values():
        for unit, codes in own.items():
            sets.setdefault(unit, set()).add(codes)
    return sorted(unit for unit, different in sets.items() if len(different) > 1)
