"""Estimates per cohort, contrasts of the last with the first cohort, and the verdict. Rows for the result tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from strategy_miner.analysis.intervals import (
    Interval,
    contrast_interval,
    contrast_of_counts,
    linearised,
    or_null,
    process_interval,
    share,
    slope_weights,
    wilson,
)
from strategy_miner.analysis.samples import ECOLOGY, OUTSIDE, Cohorts, Sample
from strategy_miner.analysis.trend import benjamini_hochberg, holm, permutation_p

SECONDARY = (("H2", ECOLOGY), ("H3", ""))
SHIFT, NO_SHIFT, UNDECIDED, NO_VERDICT = "shift", "no relevant shift", "undecided", ""
LEVEL = 0.05

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """What the line through the cohorts rises from the first to the last (with two or three that is the last less the
    first), and the trend test. None where it cannot be computed."""

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
    for number, name in cohorts.groups:
        mask = of.chosen(number)
        n, count = int(mask.sum()), int(of.counts[mask].sum())
        estimate = share(of.a[mask], of.b[mask])
        interval = wilson(count, n) if of.estimand == "H2" else process_interval(estimate, top=of.top)
        low, high = interval or (None, None)
        kind = "wilson" if of.estimand == "H2" else "process"
        units = int(of.units[mask].sum())
        value = or_null(estimate.value)
        rows.append((of.estimand, name, of.code, n, units, count, value, low, high, kind, label(of, mask)))
    return rows


def bound_rows(cohorts: Cohorts, of: Sample) -> list[Row]:
    """Rows of table bounds: the estimate if all projects without a value had 0, and if all had 1 (Manski)."""
    everywhere = range(OUTSIDE, len(cohorts.names))
    lowest, highest = (_filled(cohorts, of, dict.fromkeys(everywhere, end)) for end in (0.0, 1.0))
    rows: list[Row] = []
    for number, name in cohorts.groups:
        mask = lowest.chosen(number)
        ends = (share(filled.a[mask], filled.b[mask]).value for filled in (lowest, highest))
        n = int(mask.sum())
        missing = n - int(of.chosen(number).sum())
        rows.append((of.estimand, name, of.code, n, missing, *(or_null(end) for end in ends)))
    return rows


def contrast(cohorts: Cohorts, of: Sample, margin: float, permutations: int, seed: int) -> Contrast:
    """Difference, intervals, trend test and verdict for H1 and H2.

    The verdict must hold whatever the projects without a value would have been: it is computed again with them at
    the two ends that push the difference down and up most, and is undecided if it changes.
    """
    observed = _contrast(cohorts, of, margin, permutations, seed)
    if observed.verdict == UNDECIDED:
        return observed
    for end in contrast_bounds(cohorts, of, margin, permutations, seed):
        if (end.verdict, _direction(end)) != (observed.verdict, _direction(observed)):
            reason = f"{observed.verdict} among the projects with a value, but not whatever the missing ones would add"
            return replace(observed, verdict=UNDECIDED, reason=reason)
    return observed


def contrast_bounds(cohorts: Cohorts, of: Sample, margin: float, permutations: int, seed: int) -> list[Contrast]:
    """The contrast with the projects without a value at the ends, 0 or 1, that push it down and up most (Manski 1989,
    Journal of Human Resources 24:343); empty if every project of the cohorts has a value."""
    numbers = [number for number in cohorts.number_of.values() if number != OUTSIDE]
    if all(p in of.project_ids for p, number in cohorts.number_of.items() if number != OUTSIDE):
        return []
    middle = sum(numbers) / len(numbers)
    fills = ({n: float((n > middle) == up) for n in range(len(cohorts.names))} for up in (False, True))
    return [_contrast(cohorts, _filled(cohorts, of, fill), margin, permutations, seed) for fill in fills]


def raw_contrast(cohorts: Cohorts, of: Sample) -> Contrast:
    """Shares of machine codes as they are, such as H3 without gold: difference and interval, no test and no verdict.

    Errors of the classifier may differ between cohorts; a test of raw shares would find shifts where there are none.
    """
    difference, interval, interval90 = _difference(cohorts, of)
    reason = "uncorrected machine codes: no test and no verdict without gold labels"
    return Contrast(difference, interval, interval90, None, NO_VERDICT, reason)


def exploratory_contrast(cohorts: Cohorts, of: Sample, permutations: int, seed: int) -> Contrast:
    """H2 for one of many codes: difference, intervals and trend test, no verdict."""
    difference, interval, interval90 = _difference(cohorts, of)
    p = _trend_p(cohorts, of, permutations, seed)
    return Contrast(difference, interval, interval90, p, NO_VERDICT, "exploratory: one of many codes")


def contrast_rows(cohorts: Cohorts, of: Sequence[tuple[Sample, Contrast]]) -> list[Row]:
    """Rows of table contrasts, with p adjusted within the families."""
    adjusted = adjusted_p([(family(s.estimand, s.code), c.p) for s, c in of])
    return [
        (
            s.estimand, s.code, cohorts.names[0], cohorts.names[-1], int((s.cohorts != OUTSIDE).sum()), c.difference,
            *(end for ends in (c.interval, c.interval90, c.measurement) for end in ends or (None, None)),
            c.p, corrected, c.verdict, c.reason, label(s, s.cohorts != OUTSIDE),
        )
        for (s, c), corrected in zip(of, adjusted, strict=True)
    ]  # fmt: skip


def family(estimand: str, code: str) -> str:
    """What a hypothesis is: primary, secondary (all of them together, Holm) or exploratory (codes by estimand, BH)."""
    if (estimand, code) in SECONDARY:
        return "secondary"
    return "primary" if estimand == "H1" else f"exploratory {estimand}"


def adjusted_p(tested: Sequence[tuple[str, float | None]]) -> list[float | None]:
    """p of (family, p), adjusted within its family: Holm for secondary, Benjamini-Hochberg for exploratory ones."""
    adjusted = [p for _, p in tested]
    for name in dict.fromkeys(name for name, _ in tested):
        members = [(i, p) for i, (own, p) in enumerate(tested) if own == name and p is not None]
        if name != "primary":
            correction = holm if name == "secondary" else benjamini_hochberg
            for (i, _), p in zip(members, correction([p for _, p in members]), strict=True):
                adjusted[i] = p
    return adjusted


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


def compared(cohorts: Cohorts, of: Sample) -> tuple[list[int], list[float]]:
    """The numbers of the cohorts that a contrast takes in, with their weights; none without the first or the last.

    A cohort in between with fewer than two projects tells no spread and is left out.
    """
    last = len(cohorts.names) - 1
    ends = last > 0 and all(of.chosen(number).any() for number in (0, last))
    used = [n for n in range(last + 1) if n in (0, last) or int(of.chosen(n).sum()) >= 2] if ends else []
    return used, slope_weights(used) if used else []


def _difference(cohorts: Cohorts, of: Sample) -> tuple[float | None, Interval | None, Interval | None]:
    used, weights = compared(cohorts, of)
    estimates = [share(of.a[of.chosen(number)], of.b[of.chosen(number)]) for number in used]
    difference = or_null(math.fsum(w * e.value for e, w in zip(estimates, weights, strict=True) if w))
    if difference is None or not used:
        return None, None, None
    if of.estimand == "H2":
        counts = [(int(of.counts[of.chosen(number)].sum()), int(of.chosen(number).sum())) for number in used]
        return difference, contrast_of_counts(counts, weights), contrast_of_counts(counts, weights, 0.90)
    return difference, contrast_interval(estimates, weights), contrast_interval(estimates, weights, 0.90)


def _trend_p(cohorts: Cohorts, of: Sample, permutations: int, seed: int) -> float | None:
    inside = np.isin(of.cohorts, compared(cohorts, of)[0])
    values = linearised(of.a[inside], of.b[inside])
    return or_null(permutation_p(values, of.cohorts[inside], permutations, [seed, 1]))


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


def label(of: Sample, mask: np.ndarray | None = None) -> str:
    """How far a figure can be trusted, see table estimates; `mask` (n,): the projects it is about."""
    labels = set(of.labels) if mask is None else {own for own, chosen in zip(of.labels, mask, strict=True) if chosen}
    # One machine-coded project makes the whole provisional.
    weakest_first = ("corrected", "uncorrected", "provisional", "confirmed")
    nothing = "uncorrected" if of.estimand in ("H3", "H4") else ""
    return next((own for own in weakest_first if own in labels), nothing)


def _direction(of: Contrast) -> float:
    """Two shifts agree only if they go the same way; a shift that is not relevant has no way."""
    return math.copysign(1.0, of.difference or 0.0) if of.verdict == SHIFT else 0.0
