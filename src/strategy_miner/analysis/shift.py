"""Estimates per cohort, contrasts of the last with the first cohort, and the verdict. Rows for the result tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from strategy_miner.analysis.intervals import (
    Interval,
    difference_interval,
    linearised,
    newcombe,
    process_interval,
    share,
    wilson,
)
from strategy_miner.analysis.samples import ECOLOGY, OUTSIDE, Cohorts, Sample
from strategy_miner.analysis.trend import benjamini_hochberg, cochran_armitage, holm, permutation_p

SHIFT, NO_SHIFT, UNDECIDED, NO_VERDICT = "shift", "no relevant shift", "undecided", ""
LEVEL = 0.05

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """Last against first cohort, and the trend over all. None where it cannot be computed."""

    difference: float | None
    interval: Interval | None
    interval90: Interval | None
    p: float | None
    verdict: str
    reason: str
    measurement: Interval | None = None


def estimate_rows(cohorts: Cohorts, of: Sample) -> list[Row]:
    """Rows of table estimates: every cohort, then all projects."""
    rows: list[Row] = []
    for number, name in _groups(cohorts):
        mask = of.chosen(number)
        n, count = int(mask.sum()), int(of.counts[mask].sum())
        estimate = share(of.a[mask], of.b[mask])
        interval = wilson(count, n) if of.estimand == "H2" else process_interval(estimate, top=of.top)
        low, high = interval or (None, None)
        kind = "wilson" if of.estimand == "H2" else "process"
        units = int(of.units[mask].sum())
        value = _number(estimate.value)
        rows.append((of.estimand, name, of.code, n, units, count, value, low, high, kind, _label(of, mask)))
    return rows


def bound_rows(cohorts: Cohorts, of: Sample) -> list[Row]:
    """Rows of table bounds: the estimate if all projects without a value had 0, and if all had 1 (Manski)."""
    everywhere = range(OUTSIDE, len(cohorts.names))
    lowest, highest = (_filled(cohorts, of, dict.fromkeys(everywhere, end)) for end in (0.0, 1.0))
    rows: list[Row] = []
    for number, name in _groups(cohorts):
        mask = lowest.chosen(number)
        ends = (share(filled.a[mask], filled.b[mask]).value for filled in (lowest, highest))
        n = int(mask.sum())
        missing = n - int(of.chosen(number).sum())
        rows.append((of.estimand, name, of.code, n, missing, *(_number(end) for end in ends)))
    return rows


def contrast(cohorts: Cohorts, of: Sample, margin: float, permutations: int, seed: int) -> Contrast:
    """Difference, intervals, trend test and verdict for H1 and H2.

    The verdict must hold whatever the projects without a value would have been: it is computed again with them at
    the two ends that push the difference down and up most, and is undecided if it changes.
    """
    observed = _contrast(cohorts, of, margin, permutations, seed)
    known = set(of.project_ids)
    if observed.verdict == UNDECIDED or all(p in known for p, n in cohorts.number_of.items() if n != OUTSIDE):
        return observed
    numbers = [number for number in cohorts.number_of.values() if number != OUTSIDE]
    middle = sum(numbers) / len(numbers)
    for up in (False, True):
        fill = {n: float((n > middle) == up) for n in range(len(cohorts.names))}
        end = _contrast(cohorts, _filled(cohorts, of, fill), margin, permutations, seed)
        if (end.verdict, _direction(end)) != (observed.verdict, _direction(observed)):
            reason = f"{observed.verdict} among the projects with a value, but not whatever the missing ones would add"
            return replace(observed, verdict=UNDECIDED, reason=reason)
    return observed


def raw_contrast(cohorts: Cohorts, of: Sample) -> Contrast:
    """H3 and H4 without gold: difference and interval of raw shares, no test and no verdict.

    Errors of the classifier may differ between cohorts; a test of raw shares would find shifts where there are none.
    """
    difference, interval, interval90 = _difference(cohorts, of)
    reason = "uncorrected machine codes: no test and no verdict without gold labels"
    return Contrast(difference, interval, interval90, None, NO_VERDICT, reason)


def exploratory_contrast(cohorts: Cohorts, of: Sample) -> Contrast:
    """H2 for one of many codes: difference, intervals and trend test, no verdict."""
    difference, interval, interval90 = _difference(cohorts, of)
    p = _trend_p(cohorts, of, 0, 0)
    return Contrast(difference, interval, interval90, p, NO_VERDICT, "exploratory: one of many codes")


def contrast_rows(cohorts: Cohorts, of: Sequence[tuple[Sample, Contrast]]) -> list[Row]:
    """Rows of table contrasts, with p adjusted within the secondary and the exploratory family."""
    secondary = [i for i, (s, _) in enumerate(of) if (s.estimand, s.code) == ("H2", ECOLOGY)]
    exploratory = [i for i, (s, _) in enumerate(of) if s.estimand == "H2" and s.code != ECOLOGY]
    adjusted = {i: c.p for i, (s, c) in enumerate(of) if s.estimand == "H1"}
    for family, correction in ((secondary, holm), (exploratory, benjamini_hochberg)):
        tested = [(i, p) for i in family if (p := of[i][1].p) is not None]
        corrected = correction([p for _, p in tested])
        adjusted.update(zip((i for i, _ in tested), corrected, strict=True))
    return [
        (
            s.estimand, s.code, cohorts.names[0], cohorts.names[-1], int((s.cohorts != OUTSIDE).sum()), c.difference,
            *(end for ends in (c.interval, c.interval90, c.measurement) for end in ends or (None, None)),
            c.p, adjusted.get(i), c.verdict, c.reason,
        )
        for i, (s, c) in enumerate(of)
    ]  # fmt: skip


def verdict(p: float | None, interval: Interval | None, interval90: Interval | None, margin: float) -> tuple[str, str]:
    """The verdict in three words with its reason; the rule is fixed before any result is seen.

    shift: p <= 0.05 and the 95 % process interval of the contrast excludes 0. no relevant shift: its 90 % interval
    lies inside the margin (two one-sided tests). Else undecided.
    """
    if interval is None or interval90 is None:
        return UNDECIDED, "too few projects, or no spread between them, in the first and last cohort"
    if p is not None and p <= LEVEL and not interval[0] <= 0 <= interval[1]:
        return SHIFT, "trend test p <= 0.05 and the 95 % interval of the difference excludes 0"
    if -margin < interval90[0] and interval90[1] < margin:
        return NO_SHIFT, "the 90 % interval of the difference lies within the margin"
    return UNDECIDED, "neither a shift nor its absence is shown"


def _contrast(cohorts: Cohorts, of: Sample, margin: float, permutations: int, seed: int) -> Contrast:
    difference, interval, interval90 = _difference(cohorts, of)
    p = _trend_p(cohorts, of, permutations, seed)
    return Contrast(difference, interval, interval90, p, *verdict(p, interval, interval90, margin))


def _difference(cohorts: Cohorts, of: Sample) -> tuple[float | None, Interval | None, Interval | None]:
    if len(cohorts.names) < 2:
        return None, None, None
    masks = of.chosen(0), of.chosen(len(cohorts.names) - 1)
    first, last = (share(of.a[mask], of.b[mask]) for mask in masks)
    difference = _number(last.value - first.value)
    if difference is None:
        return None, None, None
    if of.estimand == "H2":
        one, two = ((int(of.counts[mask].sum()), int(mask.sum())) for mask in masks)
        return difference, newcombe(one, two), newcombe(one, two, 0.90)
    return difference, difference_interval(first, last), difference_interval(first, last, 0.90)


def _trend_p(cohorts: Cohorts, of: Sample, permutations: int, seed: int) -> float | None:
    inside = of.cohorts != OUTSIDE
    if of.estimand != "H2":
        values = linearised(of.a[inside], of.b[inside])
        return _number(permutation_p(values, of.cohorts[inside], permutations, [seed, 1]))
    numbers = range(len(cohorts.names))
    sizes = [int(of.chosen(number).sum()) for number in numbers]
    counts = [int(of.counts[of.chosen(number)].sum()) for number in numbers]
    return cochran_armitage(counts, sizes, list(numbers)).mid_p if sum(size > 0 for size in sizes) > 1 else None


def _filled(cohorts: Cohorts, of: Sample, fill: dict[int, float]) -> Sample:
    """The sample with the projects without a value set to the value that `fill` gives for their cohort number.

    In a ratio they pull most where all their text is coded, so b is 1 there too.
    """
    known = set(of.project_ids)
    added = [(p, number) for p, number in cohorts.number_of.items() if p not in known and number in fill]
    values = np.array([fill[number] for _, number in added], dtype=np.float64)
    return replace(
        of,
        project_ids=(*of.project_ids, *(p for p, _ in added)),
        cohorts=np.concatenate([of.cohorts, np.array([number for _, number in added], dtype=np.int64)]),
        a=np.concatenate([of.a, values]),
        b=np.concatenate([of.b, np.ones(len(added))]),
        counts=np.concatenate([of.counts, values.astype(np.int64)]),
        units=np.concatenate([of.units, np.zeros(len(added), dtype=np.int64)]),
    )


def _groups(cohorts: Cohorts) -> list[tuple[int | None, str]]:
    return [*enumerate(cohorts.names), (None, "")]


def _label(of: Sample, mask: np.ndarray) -> str:
    labels = {label for label, chosen in zip(of.labels, mask, strict=True) if chosen}
    for label in ("uncorrected", "provisional", "confirmed"):  # one machine-coded project makes the whole provisional
        if label in labels:
            return label
    return "uncorrected" if of.estimand in ("H3", "H4") else ""


def _direction(of: Contrast) -> float:
    """Two shifts agree only if they go the same way; a shift that is not relevant has no way."""
    return math.copysign(1.0, of.difference or 0.0) if of.verdict == SHIFT else 0.0


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
