"""Permutation tests beside that of the slope: of unordered groups, and of counts within strata. Unit: the project."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from strategy_miner.analysis.intervals import Values
from strategy_miner.analysis.trend import TIE, shuffled

_NO_SPREAD = 1e-20


def omnibus_p(
    values: Values,
    groups: NDArray[np.int64],
    permutations: int,
    seed: Sequence[int],
    strata: Sequence[str] | None = None,
) -> float:
    """p of the Brown-Forsythe F* over groups, group labels permuted over the projects (within strata if given).

    F* = sum n_g (m_g - m)^2 / sum (1 - n_g / n) s_g^2; numerator and denominator have the same expectation without a
    difference, however unlike the spreads. With two groups it is Welch's t squared. Source: Brown and Forsythe 1974,
    Technometrics 16:129. NaN unless there are at least two groups with at least two projects each, and with a NaN among
    the values.
    """
    numbers, sizes = np.unique(groups, return_counts=True)
    if len(numbers) < 2 or sizes.min() < 2 or np.isnan(values).any():
        return math.nan
    order = np.argsort(groups, kind="stable")
    own = None if strata is None else [strata[i] for i in order]
    observed, drawn = shuffled(values[order], permutations, seed, own)
    statistic = _f_star(observed[None, :], sizes)[0]
    return float((1 + np.count_nonzero(_f_star(drawn, sizes) >= statistic * (1 - TIE))) / (permutations + 1))


def trend_of_counts_p(
    values: Values,
    groups: NDArray[np.int64],
    permutations: int,
    seed: Sequence[int],
    strata: Sequence[str] | None = None,
) -> float:
    """Mid-p of the trend of yes (1) and no (0) over group numbers, labels permuted within strata, two-sided.

    The statistic of Cochran and Armitage summed over strata (Mantel 1963, JASA 58:690); with one stratum the limit of
    `cochran_armitage(...).mid_p` for many permutations: 1 where no permutation changes it. NaN below two groups.
    """
    if len(np.unique(groups)) < 2 or np.isnan(values).any():
        return math.nan
    observed, drawn = shuffled(values, permutations, seed, strata if strata is not None else [""] * len(values))
    statistic, others = abs(float(observed @ groups)), np.abs(drawn @ groups)
    tied = np.abs(others - statistic) <= TIE
    if tied.all():
        return 1.0
    beyond = np.count_nonzero((others > statistic) & ~tied) + (1 + np.count_nonzero(tied)) / 2
    return float(beyond / (permutations + 1))


def _f_star(values: Values, sizes: NDArray[np.int64]) -> Values:
    """F* per row; columns sorted by group, so many to each."""
    n = int(sizes.sum())
    mean = values.mean(axis=1)
    between, within = np.zeros(len(values)), np.zeros(len(values))
    for size, end in zip(sizes, np.cumsum(sizes), strict=True):
        group = values[:, end - size : end]
        between += size * (group.mean(axis=1) - mean) ** 2
        within += (1 - size / n) * group.var(axis=1, ddof=1)
    flat = within < _NO_SPREAD
    return np.where(flat, np.where(between < TIE, 0.0, np.inf), between / np.where(flat, 1.0, within))
