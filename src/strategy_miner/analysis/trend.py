"""Tests of a trend over ordered cohorts, and corrections for many tests. The project is the unit."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strategy_miner.analysis.intervals import Values

_NO_SPREAD = 1e-20
TIE = 1e-9  # permuted statistics that differ by rounding only are ties


def permutation_p(
    values: Values,
    cohorts: NDArray[np.int64],
    permutations: int,
    seed: Sequence[int],
    strata: Sequence[str] | None = None,
) -> float:
    """Two-sided p of the studentised slope of values over cohort numbers, cohort labels permuted over the projects.

    With `strata`, one per project, the labels are permuted within each stratum and the values are taken less their
    stratum's mean: what goes with the strata can then make no trend.

    Studentising keeps the level where cohorts differ in spread (Chung and Romano 2013, Ann. Stat. 41:484). With two
    cohorts the slope is their difference. NaN unless there are two cohorts with at least two projects each in all, and
    with a NaN among the values.
    """
    numbers, sizes = np.unique(cohorts, return_counts=True)
    if len(numbers) < 2 or sizes.min() < 2 or np.isnan(values).any():
        return math.nan
    order = np.argsort(cohorts, kind="stable")
    own = None if strata is None else [strata[i] for i in order]
    observed, drawn = shuffled(values[order], permutations, seed, own)
    ends = np.cumsum(sizes)
    statistic = abs(_studentised_slope(observed[None, :], numbers, ends)[0])
    slopes = np.abs(_studentised_slope(drawn, numbers, ends))
    return float((1 + np.count_nonzero(slopes >= statistic * (1 - TIE))) / (permutations + 1))


def shuffled(
    values: Values, permutations: int, seed: Sequence[int], strata: Sequence[str] | None = None
) -> tuple[Values, Values]:
    """The values and, one permutation a row, the same in random order; within strata, less the stratum's mean."""
    random, values = np.random.default_rng(list(seed)), np.array(values)
    drawn = np.tile(values, (permutations, 1))
    if strata is None:
        return values, random.permuted(drawn, axis=1)
    for stratum in sorted(set(strata)):
        inside = np.flatnonzero(np.array([name == stratum for name in strata]))
        values[inside] -= math.fsum(values[inside]) / len(inside)
        drawn[:, inside] = random.permuted(np.tile(values[inside], (permutations, 1)), axis=1)
    return values, drawn


def _studentised_slope(values: Values, numbers: NDArray[np.int64], ends: NDArray[np.int64]) -> Values:
    """T = b / sqrt(v) per row; columns sorted by cohort, cohort i ends before column ends[i]."""
    sizes = np.diff(ends, prepend=0)
    x = numbers - np.average(numbers, weights=sizes)
    squares = float(np.sum(sizes * x * x))
    slope, variance = np.zeros(len(values)), np.zeros(len(values))
    for place, end in enumerate(ends):
        group = values[:, end - sizes[place] : end]
        slope += x[place] * group.sum(axis=1) / squares
        variance += sizes[place] * x[place] ** 2 * group.var(axis=1, ddof=1) / squares**2
    flat = variance < _NO_SPREAD
    return np.where(
        flat,
        np.where(np.abs(slope) < TIE, 0.0, np.copysign(np.inf, slope)),
        slope / np.sqrt(np.where(flat, 1.0, variance)),
    )


def jonckheere_terpstra(
    values: Values, cohorts: NDArray[np.int64], permutations: int, seed: Sequence[int]
) -> tuple[float, float]:
    """J of Jonckheere and Terpstra and its two-sided p, cohort labels permuted over the projects.

    J counts the pairs from different cohorts in which the later cohort has the greater value, ties one half. Both are
    NaN with one cohort.
    Source: Jonckheere 1954, Biometrika 41:133.
    """
    numbers, sizes = np.unique(cohorts, return_counts=True)
    if len(numbers) < 2 or np.isnan(values).any():
        return math.nan, math.nan
    less = (values[:, None] < values[None, :]) + (values[:, None] == values[None, :]) / 2
    labels = np.random.default_rng(list(seed)).permuted(np.tile(cohorts, (permutations, 1)), axis=1)
    observed = float(_ordered_pairs(less, cohorts[None, :], numbers)[0])
    expected = (len(values) ** 2 - float(np.sum(sizes**2))) / 4
    drawn = np.abs(_ordered_pairs(less, labels, numbers) - expected)
    return observed, float((1 + np.count_nonzero(drawn >= abs(observed - expected))) / (permutations + 1))


def _ordered_pairs(less: Values, labels: NDArray[np.int64], numbers: NDArray[np.int64]) -> Values:
    """Per row of labels the sum of less[i, j] over projects j of later cohorts than i; halves, so that it is exact."""
    total = np.zeros(len(labels))
    for number in numbers[:-1]:
        total += (((labels == number) @ less) * (labels > number)).sum(axis=1)
    return total


@dataclass(frozen=True, slots=True)
class TrendOfCounts:
    """p-values of the Cochran-Armitage test: exact with mid-p, exact, and by the normal approximation."""

    mid_p: float
    exact: float
    asymptotic: float


def cochran_armitage(counts: Sequence[int], sizes: Sequence[int], scores: Sequence[int]) -> TrendOfCounts:
    """Trend of counts out of sizes over integer scores, two-sided in |T - E T|, all tables with the same total.

    Source: Armitage 1955, Biometrics 11:375; Agresti, Categorical Data Analysis, 3rd ed., sections 3.5 and 5.3.
    Without any variation (no or only successes, a single cohort) all p-values are 1.
    """
    total, n = sum(counts), sum(sizes)
    mean = sum(s * size for s, size in zip(scores, sizes, strict=True))  # times total / n is E T
    observed = abs(n * sum(s * c for s, c in zip(scores, counts, strict=True)) - total * mean)
    beyond = tied = 0
    for statistic, weight in _tables(sizes, scores, total).items():
        distance = abs(n * statistic - total * mean)
        beyond += weight if distance > observed else 0
        tied += weight if distance == observed else 0
    everything = math.comb(n, total)
    spread = n * sum(s * s * size for s, size in zip(scores, sizes, strict=True)) - mean**2
    variance = total * (n - total) * spread / n if n else 0.0  # of n * T
    if variance <= 0:
        return TrendOfCounts(1.0, 1.0, 1.0)
    asymptotic = math.erfc(observed / math.sqrt(2 * variance))
    return TrendOfCounts((beyond + tied / 2) / everything, (beyond + tied) / everything, asymptotic)


def _tables(sizes: Sequence[int], scores: Sequence[int], total: int) -> dict[int, int]:
    """How many ways with this total lead to T, cohort by cohort; integers, so that ties are exact."""
    ways: dict[tuple[int, int], int] = {(0, 0): 1}
    for size, score in zip(sizes, scores, strict=True):
        more: defaultdict[tuple[int, int], int] = defaultdict(int)
        for (successes, statistic), weight in ways.items():
            for x in range(min(size, total - successes) + 1):
                more[successes + x, statistic + score * x] += weight * math.comb(size, x)
        ways = more
    return {statistic: weight for (successes, statistic), weight in ways.items() if successes == total}


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p-values, in the given order (Holm 1979, Scand. J. Stat. 6:65)."""
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return adjusted


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Benjamini-Hochberg adjusted p-values, in the given order (1995, JRSS B 57:289)."""
    n = len(p_values)
    adjusted, lowest = [0.0] * n, 1.0
    for rank, place in sorted(enumerate(sorted(range(n), key=p_values.__getitem__), start=1), reverse=True):
        lowest = min(lowest, p_values[place] * n / rank)
        adjusted[place] = lowest
    return adjusted
