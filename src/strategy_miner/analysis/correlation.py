"""Rank correlation of two values per project, with an interval, over all projects and within the cohorts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strategy_miner.analysis.intervals import Values

LEAST = 10  # below so many projects a correlation says next to nothing


@dataclass(frozen=True, slots=True)
class Correlation:
    """Spearman's rho of n projects with its 95 % interval; None with too few projects or without any spread."""

    n: int
    rho: float | None
    low: float | None
    high: float | None


def spearman(x: Values, y: Values, cohorts: NDArray[np.int64] | None = None) -> Correlation:
    """Spearman's rho; with `cohorts` the partial one, ranks less the mean rank of their cohort.

    Interval: Fisher's z with variance (1 + rho^2 / 2) / (n - 3 - groups + 1), for ranks as Bonett and Wright 2000,
    Psychometrika 65:23; every further cohort costs a degree of freedom.
    """
    from scipy.stats import norm, rankdata

    n, groups = len(x), 1 if cohorts is None else len(np.unique(cohorts))
    if n < LEAST or n - 2 - groups < 1:
        return Correlation(n, None, None, None)
    one, two = (_centred(rankdata(values), cohorts) for values in (x, y))
    spread = math.fsum(one * one) * math.fsum(two * two)
    if spread < 1e-9:
        return Correlation(n, None, None, None)
    rho = max(-1.0, min(1.0, math.fsum(one * two) / math.sqrt(spread)))
    if abs(rho) > 1 - 1e-12:
        return Correlation(n, rho, None, None)
    half = float(norm.ppf(0.975)) * math.sqrt((1 + rho * rho / 2) / (n - 2 - groups))
    return Correlation(n, rho, math.tanh(math.atanh(rho) - half), math.tanh(math.atanh(rho) + half))


def _centred(ranks: Values, cohorts: NDArray[np.int64] | None) -> Values:
    centred: Values = ranks.astype(np.float64)
    groups = np.zeros(len(ranks), dtype=np.int64) if cohorts is None else cohorts
    for number in np.unique(groups):
        centred[groups == number] -= ranks[groups == number].mean()
    return centred
