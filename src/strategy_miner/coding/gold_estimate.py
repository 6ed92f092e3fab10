"""Shares of text from gold and classifier together: the stratified difference estimator, one value per document.

Plain arrays in, so that a corpus, a simulation and a hand example run the same code:

    errors = Errors(raw, error, stratum, sizes, home, kind, segments)
    a, b = errors.corrected()[:, :2].T         # one corrected value per document: feed these to analysis.share
    first = errors.ratio(first_cohort)         # Estimate: value, measurement interval, variance, degrees of freedom
    difference = combined([first, last], [-1, 1])

Only the measurement interval (these documents, full count; error of classifier and of the gold sample) is made here.
The process interval comes from the corrected document values alone, by `share` and `difference_interval` of
analysis.intervals: it already holds the measurement error, which must not be added again.

Sources: Cochran, Sampling Techniques, 3rd ed., ch. 5 and 6 (stratified and ratio estimates); Särndal, Swensson &
Wretman 1992, ch. 6 (difference estimator). The document is the unit; labels of a document measure that document.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from strategy_miner.coding.classifier import decided
from strategy_miner.coding.gold_corpus import Bools, Floats, Ints, Sample

# With k errors among n labels an interval for their rate takes some more for granted; half an error is Jeffreys'. A
# quarter gave coverages nearest 95 % in both the simulation and the generated corpus (docs/statistics.md).
_UNSEEN = 0.25

LEAST_POSITIVE = 30  # gold positives from which the share of a code is corrected
SPREAD = 0.03  # difference of the cohorts' corrections above which the classifier treats them differently


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its measurement interval (these documents, full count); NaN where labels are too few."""

    value: float
    low: float
    high: float
    variance: float = math.nan
    freedom: float = math.nan

    @classmethod
    def of(cls, value: float, variance: float, freedom: float) -> Estimate:
        """With a t interval. A variance of zero gives an interval of length zero, as when all segments are labelled."""
        half = _t(freedom) * math.sqrt(variance) if freedom > 0 else math.nan
        return cls(value, value - half, value + half, variance, freedom)

    def cut(self, low: float = 0.0, high: float = 1.0) -> Estimate:
        """The interval cut to what a share can be. The value stays as it is: cutting it would bias differences."""
        return Estimate(self.value, max(self.low, low), min(self.high, high), self.variance, self.freedom)  # NaN stays


def _t(freedom: float) -> float:
    from scipy.special import stdtrit  # the t quantile without the machinery of scipy.stats, for thousands of calls

    return float(stdtrit(freedom, 0.975))


def combined(estimates: Sequence[Estimate], weights: Sequence[float]) -> Estimate:
    """sum c_s theta_s of independent estimates, such as cohorts, with Welch-Satterthwaite degrees of freedom.

    Sources: Satterthwaite 1946, Biometrics Bulletin 2:110; Welch 1947, Biometrika 34:28.
    """
    used = [(c, one) for c, one in zip(weights, estimates, strict=True) if c]
    value = math.fsum(c * one.value for c, one in used)
    parts = [(c * c * one.variance, one.freedom) for c, one in used]
    variance = math.fsum(part for part, _ in parts)
    weakest = math.fsum(part**2 / freedom for part, freedom in parts if part)
    return Estimate.of(value, variance, variance**2 / weakest if weakest else math.fsum(n for _, n in parts))


def integrated_share(codes: Floats | Bools, integrated: Bools) -> tuple[Floats, Floats]:
    """A, the integrated share of each segment's codes (0 without codes), and B, whether it has any; (n,) each.

    `codes` (n, codes) are 0 and 1 or probabilities: A = sum over integrated / max(1, sum over all), B = 1 -
    prod(1 - p).
    """
    p = codes.astype(np.float64)
    return p[:, integrated].sum(axis=1) / np.maximum(1.0, p.sum(axis=1)), 1.0 - np.prod(1.0 - p, axis=1)


def figures(codes: Floats | Bools, integrated: Bools) -> Floats:
    """The figures of each segment, (n, 2 + codes): A and B of `integrated_share`, then every code."""
    return np.column_stack([*integrated_share(codes, integrated), codes.astype(np.float64)])


@dataclass(frozen=True, slots=True)
class Errors:
    """What the classifier says of all segments, by document mean, and how far gold departs from it.

    q figures of each segment: for a ratio (H3) the first is its numerator A, the second its denominator B; any other
    column is a share of its own (H4). n labels in strata, each stratum within one document.

    raw (documents, q): mean of the predictions over all segments of a document
    error (n, q): true less predicted of each labelled segment
    stratum (n,): number of the stratum a label was drawn from
    sizes (strata,): N_h, segments of the stratum
    home (strata,): number of the document of the stratum
    kind (strata,): which strata of different documents are alike (the names of `strata` in gold.py as numbers)
    segments (documents,): M_d, all segments of the document

    Every stratum has at least one label. Documents without any keep their raw value: leave them out. Segments with
    weights w (scaled to mean 1 in each document): give the weighted mean as `raw` and error times w as `error`.
    """

    raw: Floats
    error: Floats
    stratum: Ints
    sizes: Floats
    home: Ints
    kind: Ints
    segments: Floats

    def corrected(self) -> Floats:
        """(documents, q): raw + sum over strata of N_h / M times the mean error in the stratum."""
        counts = np.bincount(self.stratum)
        mean = np.stack([np.bincount(self.stratum, own) / counts for own in self.error.T], axis=1)
        out = self.raw.copy()
        np.add.at(out, self.home, mean * self._shares()[:, None])
        return out

    def rectifier(self) -> Floats:
        """(documents, q): corrected less raw."""
        return self.corrected() - self.raw

    def ratio(self, chosen: Bools | Floats) -> Estimate:
        """sum a / sum b over the chosen documents, corrected, a and b being the first two figures.

        `chosen` (documents,): which ones, each of weight 1 / n, or their weights, which add up to 1.
        """
        weights = _weights(chosen)
        a, b = (float((weights * own).sum()) for own in self.corrected()[:, :2].T)
        if b <= 0:
            return Estimate(math.nan, math.nan, math.nan)
        value = a / b
        errors = (self.error[:, 0] - value * self.error[:, 1]) / b
        return self._estimate(value, errors, weights, max(value, 1 - value) / b)

    def mean(self, chosen: Bools | Floats, k: int, rectifier: bool = False) -> Estimate:
        """Mean over the chosen documents of figure k, corrected; or only of the correction. `chosen`: see `ratio`."""
        own, weights = (self.rectifier() if rectifier else self.corrected())[:, k], _weights(chosen)
        return self._estimate(float((weights * own).sum()), self.error[:, k], weights, 1.0)

    def _estimate(self, value: float, errors: Floats, weights: Floats, one: float) -> Estimate:
        """Measurement variance sum_d w_d^2 sum_h W_h^2 (1 - n_h / N_h) s2_k / n_h; t with Satterthwaite's df.

        s2_k is the variance within strata, pooled over the strata of a kind in the chosen documents: with two labels
        each, strata tell too little alone. `one` is what one wrong segment moves; where hardly an error was seen, the
        variance is at least that of `_UNSEEN` errors in the labels drawn.
        """
        weight = weights[self.home]
        inside = weight > 0
        counts = np.bincount(self.stratum)
        centred = errors - (np.bincount(self.stratum, errors) / counts)[self.stratum]
        squares = np.bincount(self.stratum, centred**2)
        factors = self._shares() ** 2 * (1 - np.minimum(1.0, counts / self.sizes)) / counts * weight**2
        everywhere = float((counts - 1)[inside].sum())
        if everywhere <= 0:
            return Estimate(value, math.nan, math.nan)
        parts = []
        for kind in np.unique(self.kind[inside]):
            own = inside & (self.kind == kind)
            freedom = float((counts - 1)[own].sum())
            # A kind without two labels in any stratum takes the spread of all.
            seen = squares[own].sum() / freedom if freedom else squares[inside].sum() / everywhere
            spread = max(seen, _UNSEEN * one**2 / (freedom + 1))
            parts.append(Estimate(0.0, math.nan, math.nan, float(factors[own].sum() * spread), max(freedom, 1.0)))
        total = combined(parts, [1.0] * len(parts))
        return Estimate.of(value, total.variance, total.freedom)

    def _shares(self) -> Floats:
        """W_h, each stratum's share of its document's segments."""
        return np.asarray(self.sizes / self.segments[self.home])


def _weights(chosen: Bools | Floats) -> Floats:
    return np.asarray(chosen / max(1, chosen.sum()) if chosen.dtype == bool else chosen, dtype=np.float64)


def share_errors(sample: Sample, integrated: Bools, threshold: float | None = None) -> Errors:
    """Figures A, B, then the share of every code; from probabilities, or from the codes given at a threshold."""

    def own(p: Floats | Bools) -> Floats:
        given = p if threshold is None or p.dtype == bool else decided(p.astype(np.float64), threshold)
        return figures(given, integrated)

    raw = np.array([own(document.probabilities).mean(axis=0) for document in sample.documents])
    home = np.zeros(len(sample.sizes), dtype=np.int64)
    home[sample.stratum] = sample.document
    # Shares of the strata as they were at the draw, also where the document has been read anew since.
    segments = np.bincount(home, sample.sizes, minlength=len(raw)).astype(np.float64)
    error = own(sample.true) - own(sample.probabilities)
    return Errors(raw, error, sample.stratum, sample.sizes, home, sample.kind, segments)


def cohort_masks(cohorts: Sequence[str | None], order: Sequence[str]) -> dict[str, Bools]:
    """Documents of each cohort that has any, then of all ("all")."""
    own = np.array([cohort or "" for cohort in cohorts])
    masks = {name: own == name for name in order if (own == name).any()}
    return {**masks, "all": np.ones(len(own), dtype=bool)}
