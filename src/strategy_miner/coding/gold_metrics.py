"""Agreement of probabilities with gold, every label weighted by how many segments it stands for (1 / pi)."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from strategy_miner.coding.gold_corpus import Bools, Floats, Ints
from strategy_miner.coding.gold_estimate import Estimate

BINS = 10
_LEAST_P = 1e-6


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model says of n labelled segments and what is true; `document` numbers documents, one weight a segment."""

    probabilities: Floats  # (n, codes)
    given: Bools
    true: Bools
    weight: Floats
    document: Ints

    def where(self, rows: Bools) -> Answers:
        """Only some of the segments."""
        return Answers(
            self.probabilities[rows], self.given[rows], self.true[rows], self.weight[rows], self.document[rows]
        )


Statistic = Callable[[Answers], float]


def f1(given: Bools, true: Bools, weight: Floats) -> float:
    """2 x hits / (given + true) over all cells of (n,) or (n, k), weighted by segment; NaN with nothing to find."""
    cells = weight if given.ndim == 1 else np.broadcast_to(weight[:, None], given.shape)
    total = float(cells[given].sum() + cells[true].sum())
    return 2.0 * float(cells[given & true].sum()) / total if total else math.nan


def micro_f1(own: Answers) -> float:
    """F1 over all pairs of segment and code."""
    return f1(own.given, own.true, own.weight)


def macro_f1(codes: Bools) -> Statistic:
    """Mean F1 over some codes; one that neither side gives does not count."""

    def statistic(own: Answers) -> float:
        values = [f1(own.given[:, j], own.true[:, j], own.weight) for j in np.flatnonzero(codes)]
        known = [value for value in values if not math.isnan(value)]
        return float(np.mean(known)) if known else math.nan

    return statistic


def flag_f1(codes: Bools) -> Statistic:
    """F1 of the flag "has one of these codes"."""

    def flagged(cells: Bools) -> Bools:
        return np.asarray(cells[:, codes].any(axis=1), dtype=bool)

    return lambda own: f1(flagged(own.given), flagged(own.true), own.weight)


def top_code_right(own: Answers) -> float:
    """Of the segments with a code, the share whose most probable code is right."""
    coded = own.true.any(axis=1)
    hit = own.true[np.arange(len(own.true)), own.probabilities.argmax(axis=1)]
    return float(np.average(hit[coded], weights=own.weight[coded])) if coded.any() else math.nan


def ranking_precision(own: Answers) -> float:
    """Label-ranking average precision of the segments with a code."""
    from sklearn.metrics import label_ranking_average_precision_score

    coded = own.true.any(axis=1)
    if not coded.any():
        return math.nan
    score = label_ranking_average_precision_score(
        own.true[coded], own.probabilities[coded], sample_weight=own.weight[coded]
    )
    return float(score)


def hamming(own: Answers) -> float:
    """Share of pairs of segment and code that are wrong."""
    return float(np.average((own.given != own.true).mean(axis=1), weights=own.weight))


def jackknife(statistic: Statistic, own: Answers, cohorts: Sequence[str | None]) -> Estimate:
    """A statistic with its interval: documents left out one at a time within their cohort.

    variance = sum_s (n_s - 1) / n_s sum_d (theta_(sd) - mean_s)^2, t with documents less cohorts degrees of freedom;
    NaN with too few documents.

    Source: Shao & Tu 1995, The Jackknife and Bootstrap, section 6.2. `cohorts` are those of the documents by number.
    """
    value = statistic(own)
    strata: dict[str | None, list[float]] = {}
    for document in sorted(set(own.document.tolist())):
        left = statistic(own.where(own.document != document))
        if not math.isnan(left):
            strata.setdefault(cohorts[document], []).append(left)
    parts = [(len(values), float(np.var(values))) for values in strata.values()]
    variance = sum((n - 1) * spread for n, spread in parts)
    found = Estimate.of(value, variance, sum(n for n, _ in parts) - len(parts))
    low, high = np.clip([found.low, found.high], 0.0, 1.0)  # NaN stays NaN
    return Estimate(value, float(low), float(high))


@dataclass(frozen=True, slots=True)
class CodeScore:
    """One code. `support` and `given` count labelled segments; the shares are weighted."""

    code: str
    support: int
    given: int
    precision: float
    recall: float
    f1: Estimate
    average_precision: float


def code_scores(own: Answers, codes: Sequence[str], cohorts: Sequence[str | None]) -> list[CodeScore]:
    """Precision, recall, F1 and average precision of every code; NaN where undefined."""
    from sklearn.metrics import average_precision_score, precision_recall_fscore_support

    precision, recall, _, _ = precision_recall_fscore_support(
        own.true, own.given, average=None, sample_weight=own.weight, zero_division=math.nan
    )
    scores = []
    for j, code in enumerate(codes):
        true, p = own.true[:, j], own.probabilities[:, j]
        average = average_precision_score(true, p, sample_weight=own.weight) if true.any() else math.nan
        only = np.arange(len(codes)) == j
        scores.append(
            CodeScore(code, int(true.sum()), int(own.given[:, j].sum()), float(precision[j]), float(recall[j]),
                      jackknife(macro_f1(only), own, cohorts), float(average))
        )  # fmt: skip
    return scores


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far probabilities mean what they say. `slope` and `intercept` are 1 and 0 for perfect ones."""

    pairs: int
    mean_p: float
    share_true: float
    error: float
    brier: float
    log_loss: float
    slope: float
    intercept: float


def calibration(p: Floats, true: Bools, weight: Floats) -> Calibration:
    """Error in ten bins of equal mass, Brier score, log loss, and the logistic line of truth on log odds.

    Args:
        p: (n,) probabilities; those below 1e-6 count as that.
        true: (n,) whether it was so.
        weight: (n,).
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import brier_score_loss, log_loss

    if not len(p):
        return Calibration(0, *(math.nan,) * 7)
    p = np.clip(p, _LEAST_P, 1 - _LEAST_P)
    slope = intercept = math.nan
    if 0 < true.sum() < len(true):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # separable truth: the line is steep, which the slope shows
            line = LogisticRegression(C=1e6, max_iter=1000).fit(np.log(p / (1 - p))[:, None], true, weight)
        slope, intercept = float(line.coef_[0, 0]), float(line.intercept_[0])
    return Calibration(
        len(p), float(np.average(p, weights=weight)), float(np.average(true, weights=weight)),
        binned_error(p, true, weight), float(brier_score_loss(true, p, sample_weight=weight, pos_label=True)),
        float(log_loss(true, p, sample_weight=weight, labels=[False, True])), slope, intercept,
    )  # fmt: skip


def binned_error(p: Floats, true: Bools, weight: Floats, bins: int = BINS) -> float:
    """Mean absolute gap between probability and truth over bins of equal weight (expected calibration error)."""
    order = np.argsort(p, kind="stable")
    middle = np.cumsum(weight[order]) - weight[order] / 2
    bin_of = np.minimum((middle / weight.sum() * bins).astype(int), bins - 1)
    gap = np.bincount(bin_of, (weight * (p - true))[order], minlength=bins)
    return float(np.abs(gap).sum() / weight.sum())


def calibrations(own: Answers) -> dict[str, Calibration]:
    """Of the most probable code of each segment, of pairs with p > 0.1, and of all pairs of segment and code."""
    best = own.probabilities.argmax(axis=1)
    rows = np.arange(len(best))
    weight = np.broadcast_to(own.weight[:, None], own.true.shape)
    pairs = own.probabilities > 0.1
    return {
        "top code": calibration(own.probabilities[rows, best], own.true[rows, best], own.weight),
        "pairs p > 0.1": calibration(own.probabilities[pairs], own.true[pairs], weight[pairs]),
        "all pairs": calibration(own.probabilities.ravel(), own.true.ravel(), weight.ravel()),
    }
