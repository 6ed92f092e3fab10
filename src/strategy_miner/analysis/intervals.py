"""Intervals for shares and for their difference. Pure functions over one value per project.

Process intervals read the projects as draws of a process; they ask whether a figure is more than the variation from
project to project would give by itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Interval = tuple[float, float]

_NO_SPREAD = 1e-20  # a variance below this is rounding noise


@dataclass(frozen=True, slots=True)
class Share:
    """A ratio of means sum(a) / sum(b) over n projects with the variance of its process; NaN where undefined."""

    value: float
    variance: float
    n: int

    @property
    def has_interval(self) -> bool:
        """Whether the projects tell a spread: at least two of them, not all alike."""
        return self.n >= 2 and self.variance > _NO_SPREAD


def share(a: Values, b: Values) -> Share:
    """The ratio of means with the variance of its linearisation; for a plain mean let b be 1.

    theta = sum a / sum b; z = (a - theta b) / mean(b); variance = sum z^2 / (n (n - 1)). Source: Cochran, Sampling
    Techniques, 3rd ed., section 6.3. With b = 1 it is the mean with s^2 / n.
    """
    n = len(a)
    total = math.fsum(b)
    if n == 0 or total <= 0:
        return Share(math.nan, math.nan, n)
    value = math.fsum(a) / total
    if n == 1:
        return Share(value, math.nan, n)
    z = (a - value * b) / (total / n)
    return Share(value, math.fsum(z * z) / (n * (n - 1)), n)


def linearised(a: Values, b: Values) -> Values:
    """One value per project whose mean is the ratio theta of `share`, theta + (a - theta b) / mean(b); a itself where
    b is 1. NaN where the ratio is undefined."""
    total = math.fsum(b)
    if len(a) == 0 or total <= 0:
        return np.full(len(a), math.nan)
    if np.all(b == 1):
        return a
    value = math.fsum(a) / total
    return value + (a - value * b) / (total / len(a))


def process_interval(estimate: Share, level: float = 0.95, top: float = 1.0) -> Interval | None:
    """t interval with n - 1 degrees of freedom, cut to 0 to `top`; None below two projects or without spread."""
    if not estimate.has_interval:
        return None
    half = _t(level, estimate.n - 1) * math.sqrt(estimate.variance)
    return max(0.0, estimate.value - half), min(top, estimate.value + half)


def difference_interval(first: Share, last: Share, level: float = 0.95) -> Interval | None:
    """Welch-Satterthwaite t interval of last - first, cut to -1 to 1; None if a side has no variance estimate.

    One side alone may be without spread, both may not.
    """
    if min(first.n, last.n) < 2 or not (first.has_interval or last.has_interval):
        return None
    variance = first.variance + last.variance
    freedom = variance**2 / (first.variance**2 / (first.n - 1) + last.variance**2 / (last.n - 1))
    half = _t(level, freedom) * math.sqrt(variance)
    difference = last.value - first.value
    return max(-1.0, difference - half), min(1.0, difference + half)


def spread_between(process: Share, measurement: float) -> float:
    """tau, the standard deviation of the projects' true values: what their spread holds beyond measurement error.

    tau^2 = max(0, n (process variance - measurement variance)), both of the same ratio; NaN where one is undefined.
    """
    squared = process.n * (process.variance - measurement)
    return squared if math.isnan(squared) else math.sqrt(max(0.0, squared))


def wilson(count: int, n: int, level: float = 0.95) -> Interval | None:
    """Wilson's score interval of count / n (Wilson 1927, JASA 22:209); None for n = 0."""
    if n == 0:
        return None
    z, p = _z(level), count / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def newcombe(first: tuple[int, int], last: tuple[int, int], level: float = 0.95) -> Interval | None:
    """Interval of the difference of two proportions last - first from their Wilson intervals; counts as (count, n).

    Source: Newcombe 1998, Statistics in Medicine 17:873, method 10.
    """
    one, two = wilson(*first, level), wilson(*last, level)
    if one is None or two is None:
        return None
    p, q = first[0] / first[1], last[0] / last[1]
    return q - p - math.hypot(q - two[0], one[1] - p), q - p + math.hypot(two[1] - q, p - one[0])


def _t(level: float, freedom: float) -> float:
    from scipy.stats import t

    return float(t.ppf((1 + level) / 2, freedom))


def _z(level: float) -> float:
    from scipy.stats import norm

    return float(norm.ppf((1 + level) / 2))
