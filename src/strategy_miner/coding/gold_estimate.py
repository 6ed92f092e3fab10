"""Shares of text from gold and classifier together: the stratified difference estimator, one value per document.

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


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its measurement interval (these documents, full count); NaN where labels are too few."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float, variance: float, freedom: float) -> Estimate:
        """With a t interval. A variance of zero gives an interval of length zero, as when all segments are labelled."""
        from scipy.stats import t

        half = float(t.ppf(0.975, freedom)) * math.sqrt(variance) if freedom > 0 else math.nan
        return cls(value, value - half, value + half)


def integrated_share(codes: Floats | Bools, integrated: Bools) -> tuple[Floats, Floats]:
    """A, the integrated share of each segment's codes (0 without codes), and B, whether it has any; (n,) each.

    `codes` (n, codes) are 0 and 1 or probabilities: A = sum over integrated / max(1, sum over all), B = 1 -
    prod(1 - p).
    """
    p = codes.astype(np.float64)
    return p[:, integrated].sum(axis=1) / np.maximum(1.0, p.sum(axis=1)), 1.0 - np.prod(1.0 - p, axis=1)


@dataclass(frozen=True, slots=True)
class Errors:
    """What the classifier says of all segments, by document mean, and how far gold departs from it.

    `raw` (documents, q): mean over all segments of each of q figures; `error` (n, q): true less raw of each label.
    """

    sample: Sample
    raw: Floats
    error: Floats

    def corrected(self) -> Floats:
        """(documents, q): raw + sum over strata of N_h / M times the mean error in the stratum."""
        mean, share = self._by_stratum()
        out = self.raw.copy()
        np.add.at(out, self._document_of_stratum(), mean * share[:, None])
        return out

    def rectifier(self) -> Floats:
        """(documents, q): corrected less raw."""
        return self.corrected() - self.raw

    def ratio(self, chosen: Bools) -> Estimate:
        """sum a / sum b over the chosen documents, corrected, a and b being the first two figures."""
        a, b = self.corrected()[chosen, :2].T
        if b.sum() <= 0:
            return Estimate(math.nan, math.nan, math.nan)
        value = float(a.sum() / b.sum())
        errors = (self.error[:, 0] - value * self.error[:, 1]) / b.mean()
        return self._estimate(value, errors, chosen)

    def mean(self, chosen: Bools, k: int, rectifier: bool = False) -> Estimate:
        """Mean over the chosen documents of figure k, corrected; or only of the correction."""
        own = (self.rectifier() if rectifier else self.corrected())[chosen, k]
        return self._estimate(float(own.mean()), self.error[:, k], chosen)

    def _estimate(self, value: float, errors: Floats, chosen: Bools) -> Estimate:
        """Measurement variance n_s^-2 sum_d sum_h W_h^2 (1 - n_h / N_h) s2_h / n_h; t with effective df."""
        document, (_, share) = self._document_of_stratum(), self._by_stratum()
        inside = chosen[document]
        counts = np.bincount(self.sample.stratum)
        centred = errors - (np.bincount(self.sample.stratum, errors) / counts)[self.sample.stratum]
        squares = np.bincount(self.sample.stratum, centred**2)
        freedom = float((counts - 1)[inside].sum())
        if freedom <= 0:
            return Estimate(value, math.nan, math.nan)
        # A stratum that has lost all but one of its labels shows no spread: it takes that of all strata together.
        pooled = squares[inside].sum() / freedom
        variance = np.where(counts > 1, squares / np.maximum(counts - 1, 1), pooled)
        unseen = 1 - np.minimum(1.0, counts / self.sample.sizes)
        parts = (share**2 * unseen * variance / counts)[inside] / chosen.sum() ** 2
        # Satterthwaite 1946: where errors are rare, few strata carry the variance, with few degrees of freedom.
        weakest = float((parts**2 / np.maximum(counts[inside] - 1, 1)).sum())
        return Estimate.of(value, float(parts.sum()), float(parts.sum()) ** 2 / weakest if weakest else freedom)

    def _document_of_stratum(self) -> Ints:
        out = np.zeros(len(self.sample.sizes), dtype=np.int64)
        out[self.sample.stratum] = self.sample.document
        return out

    def _by_stratum(self) -> tuple[Floats, Floats]:
        """Mean error (strata, q) and each stratum's share of its document's segments, as they were at the draw."""
        counts = np.bincount(self.sample.stratum)
        means = [np.bincount(self.sample.stratum, own) / counts for own in self.error.T]
        document = self._document_of_stratum()
        whole = np.bincount(document, self.sample.sizes, minlength=len(self.raw))
        return np.stack(means, axis=1), self.sample.sizes / whole[document]


def share_errors(sample: Sample, integrated: Bools, threshold: float | None = None) -> Errors:
    """Figures A, B, then the share of every code; from probabilities, or from the codes given at a threshold."""

    def figures(p: Floats | Bools) -> Floats:
        own = p if threshold is None or p.dtype == bool else decided(p.astype(np.float64), threshold)
        return np.column_stack([*integrated_share(own, integrated), own.astype(np.float64)])

    raw = np.array([figures(document.probabilities).mean(axis=0) for document in sample.documents])
    return Errors(sample, raw, figures(sample.true) - figures(sample.probabilities))


def cohort_masks(cohorts: Sequence[str | None], order: Sequence[str]) -> dict[str, Bools]:
    """Documents of each cohort that has any, then of all ("all")."""
    own = np.array([cohort or "" for cohort in cohorts])
    masks = {name: own == name for name in order if (own == name).any()}
    return {**masks, "all": np.ones(len(own), dtype=bool)}
