"""Intervals for shares and for their difference. Pure functions over one value per project.

Process intervals read the projects as draws of a process; they ask whether a figure is more than the variation from
project to project would give by itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
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


def or_null(value: float) -> float | None:
    """A figure as tables hold it: NULL for NaN."""
    return None if math.isnan(value) else float(value)


def process_interval(estimate: Share, level: float = 0.95, top: float = 1.0) -> Interval | None:
    """t interval with n - 1 degrees of freedom, cut to 0 to `top`; None below two projects or without spread."""
    if not estimate.has_interval:
        return None
    half = _t(level, estimate.n - 1) * math.sqrt(estimate.variance)
    return max(0.0, estimate.value - half), min(top, estimate.value + half)


def slope_weights(numbers: Sequence[int]) -> list[float]:
    """Weights of cohort estimates whose sum is what the least-squares line through them rises from first to last.

    With two or three cohorts in a row that is the last less the first. `numbers`: the cohorts' numbers, ascending.
    """
    middle = math.fsum(numbers) / len(numbers)
    squares = math.fsum((number - middle) ** 2 for number in numbers)
    return [(numbers[-1] - numbers[0]) * (number - middle) / squares for number in numbers]


def contrast_error(estimates: Sequence[Share], weights: Sequence[float]) -> tuple[float, float] | None:
    """Standard error of sum(weight * estimate) and its Welch-Satterthwaite degrees of freedom.

    V = sum c^2 V_s; df = V^2 / sum(c^4 V_s^2 / (n_s - 1)). Some of the estimates may be without spread, not all; None
    where one has no variance estimate. Source: Satterthwaite 1946, Biometrics 2:110.
    """
    used = [(estimate, weight) for estimate, weight in zip(estimates, weights, strict=True) if weight]
    if any(estimate.n < 2 for estimate, _ in used) or not any(estimate.has_interval for estimate, _ in used):
        return None
    parts = [weight**2 * estimate.variance for estimate, weight in used]
    variance = math.fsum(parts)
    below = math.fsum(part**2 / (estimate.n - 1) for part, (estimate, _) in zip(parts, used, strict=True))
    return math.sqrt(variance), variance**2 / below


def contrast_interval(estimates: Sequence[Share], weights: Sequence[float], level: float = 0.95) -> Interval | None:
    """Welch-Satterthwaite t interval of sum(weight * estimate), cut to what shares allow."""
    error = contrast_error(estimates, weights)
    if error is None:
        return None
    half = _t(level, error[1]) * error[0]
    value = math.fsum(w * e.value for e, w in zip(estimates, weights, strict=True) if w)
    most = math.fsum(weight for weight in weights if weight > 0)
    return max(-most, value - half), min(most, value + half)


def difference_interval(first: Share, last: Share, level: float = 0.95) -> Interval | None:
    """Welch-Satterthwaite t interval of last - first, cut to -1 to 1; None if a side has no variance estimate.

    One side alone may be without spread, both may not.
    """
    return contrast_interval((first, last), (-1.0, 1.0), level)


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


def contrast_of_counts(
    counts: Sequence[tuple[int, int]], weights: Sequence[float], level: float = 0.95
) -> Interval | None:
    """Interval of sum(weight * proportion) from the Wilson intervals of the proportions; counts as (count, n).

    Sources: Newcombe 1998, Statistics in Medicine 17:873, method 10; for more than two Zou, Huang, Zhang 2009,
    Computational Statistics & Data Analysis 53:1080.
    """
    value, below, above = 0.0, [], []
    for (count, n), weight in zip(counts, weights, strict=True):
        interval = wilson(count, n, level)
        if interval is None:
            return None
        ends = sorted(weight * end for end in interval)
        value += (centre := weight * count / n)
        below.append(centre - ends[0])
        above.append(ends[1] - centre)
    return value - math.hypot(*below), value + math.hypot(*above)


def newcombe(first: tuple[int, int], last: tuple[int, int], level: float = 0.95) -> Interval | None:
    """Interval of the difference of two proportions last - first; counts as (count, n)."""
    return contrast_of_counts((first, last), (-1.0, 1.0), level)


def t_quantile(p: float, freedom: float) -> float:
    """The quantile p of Student's t."""
    from scipy.stats import t

    return float(t.ppf(p, freedom))


def _t(level: float, freedom: float) -> float:
    return t_quantile((1 + level) / 2, freedom)


def _z(level: float) -> float:
    from scipy.stats import norm

    return float(norm.ppf((1 + level) / 2))
