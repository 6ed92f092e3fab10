"""The gold sample: which segments people code, drawn once with known probabilities in every document.

In each document at most three strata by what the classifier says: confident that there is no code, confident of a code,
uncertain. Within a stratum a simple random sample without replacement; the sizes follow Neyman's allocation with the
spread that the probabilities foresee. Documents of a cohort get the same number of labels, cohorts the same total.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from strategy_miner.coding.gold_anchors import Anchor
from strategy_miner.errors import CorpusError
from strategy_miner.records import Segment, stable_id

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LABELS = 490  # over all documents, about the point from which more labels gain little
SURE = 0.75  # probability from which the classifier counts as confident
LEAST_STRATUM, LEAST_DRAWN = 3, 2
SECOND_SHARE, LEAST_SECOND = 0.25, 120  # what a second coder codes at least
STRATA = ("none", "coded", "uncertain")


@dataclass(frozen=True, slots=True)
class Scored:
    """A document with the classifier's probabilities (segments, codes). `cohort` is None outside the cohorts."""

    document_id: str
    cohort: str | None
    segments: tuple[Segment, ...]
    probabilities: Floats


@dataclass(frozen=True, slots=True)
class Drawn:
    """A segment of the sample, the `number`th of the sheet. `size` and `drawn` are N and n of its stratum.

    `second`: whether a second coder codes it too.
    """

    number: int
    anchor: Anchor
    stratum: str
    size: int
    drawn: int
    second: bool

    @property
    def pi(self) -> float:
        """The probability with which it was drawn."""
        return self.drawn / self.size


@dataclass(frozen=True, slots=True)
class Design:
    """A sample and what it was drawn with: dimension, classifier id, hash of the codebook, seed, day (YYYY-MM-DD)."""

    dimension: str
    model: str
    codebook: str
    seed: int
    date: str
    rows: tuple[Drawn, ...]

    def second(self) -> tuple[Drawn, ...]:
        """The rows that a second coder codes at least."""
        return tuple(row for row in self.rows if row.second)


def draw(
    documents: Sequence[Scored], seed: int, labels: Mapping[str, int], second: float = SECOND_SHARE
) -> list[Drawn]:
    """Draw the sample; rows in the order of the sheet, which is shuffled.

    Args:
        documents: with at least one segment each.
        seed: of everything drawn here; a further document changes nothing in the others.
        labels: number of labels by document id, see `per_document`.
        second: share of the sample that a second coder codes, at least `LEAST_SECOND` segments.
    """
    total = sum(min(labels[d.document_id], len(d.segments)) for d in documents)
    twice = min(1.0, max(second, LEAST_SECOND / total if total else 1.0))
    drawn = [row for document in documents for row in _of_document(document, seed, labels[document.document_id], twice)]
    order = np.random.default_rng(seed).permutation(len(drawn))
    return [_numbered(drawn[i], number) for number, i in enumerate(order, start=1)]


def _numbered(row: Drawn, number: int) -> Drawn:
    return Drawn(number, row.anchor, row.stratum, row.size, row.drawn, row.second)


def _of_document(document: Scored, seed: int, labels: int, twice: float) -> list[Drawn]:
    random = np.random.default_rng([seed, int(stable_id("gold", document.document_id), 16)])
    chosen = [
        (i, kind, len(own), len(picked))
        for kind, own, picked in drawn_segments(document.probabilities, labels, random)
        for i in picked.tolist()
    ]
    again = set(random.choice(len(chosen), math.ceil(round(twice * len(chosen), 9)), replace=False).tolist())
    return [
        Drawn(0, Anchor.of(document.segments[i]), kind, size, drawn, place in again)
        for place, (i, kind, size, drawn) in enumerate(chosen)
    ]


def drawn_segments(probabilities: Floats, labels: int, random: np.random.Generator) -> list[tuple[str, Ints, Ints]]:
    """One document's strata: name, numbers of their segments, and in ascending order of those drawn."""
    names = strata(probabilities, max(1, labels // LEAST_DRAWN))
    kinds = sorted(set(names.tolist()))
    members = [np.flatnonzero(names == kind) for kind in kinds]
    spread = [float(np.sqrt(doubt(probabilities[own])).mean()) for own in members]
    sizes = allocated([len(own) for own in members], spread, labels)
    return [
        (kind, own, np.sort(random.choice(own, size, replace=False)))
        for kind, own, size in zip(kinds, members, sizes, strict=True)
    ]


def doubt(probabilities: Floats) -> Floats:
    """Per segment 1 - sum over sets of codes of P(set)^2, codes taken as independent: how open its coding is.

    For independent codes the sum over all sets is the product of p^2 + (1 - p)^2 over the codes; with one code it is
    the 1 - sum p^2 of two classes.
    """
    return np.asarray(1 - np.prod(probabilities**2 + (1 - probabilities) ** 2, axis=1))


def strata(probabilities: Floats, most: int = len(STRATA)) -> npt.NDArray[np.str_]:
    """Name of each segment's stratum; strata of fewer than three segments are merged, and to get at most `most`.

    A confident stratum joins the uncertain one, the uncertain one the smaller of the others.
    """
    none = np.prod(1 - probabilities, axis=1) >= SURE
    coded = probabilities.max(axis=1, initial=0.0) >= SURE
    of = np.where(none, 0, np.where(coded, 1, 2))
    while True:
        sizes = {int(h): int((of == h).sum()) for h in np.unique(of)}
        smallest = min(sizes, key=lambda h: (sizes[h], h))
        if len(sizes) == 1 or (sizes[smallest] >= LEAST_STRATUM and len(sizes) <= most):
            return np.array([STRATA[h] for h in of])
        others = [h for h in sizes if h != smallest]
        target = 2 if 2 in others else min(others, key=lambda h: (sizes[h], h))
        of = np.where(of == smallest, target, of)


def allocated(sizes: Sequence[int], spread: Sequence[float], labels: int) -> list[int]:
    """Labels per stratum: two each where there are two, the rest proportional to size x spread (Neyman 1934).

    Fractions go to the largest remainders; a stratum that is used up passes its share on.
    """
    given = [min(LEAST_DRAWN, size) for size in sizes]
    weights = [size * max(one, 1e-9) for size, one in zip(sizes, spread, strict=True)]
    while (rest := min(labels, sum(sizes)) - sum(given)) > 0:
        free = [h for h, size in enumerate(sizes) if given[h] < size]
        exact = {h: rest * weights[h] / sum(weights[k] for k in free) for h in free}
        if full := [h for h in free if given[h] + exact[h] >= sizes[h]]:
            for h in full:
                given[h] = sizes[h]
            continue
        by_remainder = sorted(free, key=lambda h: (int(exact[h]) - exact[h], h))
        left = rest - sum(int(exact[h]) for h in free)
        for place, h in enumerate(by_remainder):
            given[h] += int(exact[h]) + (place < left)
    return given


def per_document(
    documents: Iterable[tuple[str, str | None]], cohorts: Sequence[str], labels: int | Sequence[int] = LABELS
) -> dict[str, int]:
    """Labels by document id; documents outside the cohorts get the smallest number that a cohort's get.

    Args:
        documents: pairs of document id and cohort.
        cohorts: their names in order.
        labels: in all, the same total per cohort; or per document, one number per cohort.

    Raises CorpusError if the numbers do not fit the cohorts or one is below two.
    """
    pairs = list(documents)
    if isinstance(labels, int):
        counts = {name: n for name in cohorts if (n := sum(own == name for _, own in pairs))}
        counts = counts or {"": max(1, len(pairs))}  # no document is in a cohort
        each = {name: max(LEAST_DRAWN, round(labels / len(counts) / n)) for name, n in counts.items()}
    elif len(labels) != len(cohorts):
        raise CorpusError(f"{len(labels)} numbers of labels", "--labels", f"Give one per cohort: {', '.join(cohorts)}.")
    elif min(labels) < LEAST_DRAWN:
        raise CorpusError(f"{min(labels)} labels per document", "--labels", f"Give at least {LEAST_DRAWN}.")
    else:
        each = dict(zip(cohorts, labels, strict=True))
    return {document: each[cohort] if cohort in each else min(each.values()) for document, cohort in pairs}
