"""What would decide a verdict on declared fields: what the data can show, what missing projects could add, and how many
more would be needed. All of it supposes that the spread between projects stays as it is among the known ones.

Smallest detectable difference: (t(.975, df) + t(.80, df)) * SE of the contrast with Welch-Satterthwaite df, the usual
approximation for a two-sided test at 5 % and power 80 % (Bloom 1995, Evaluation Review 19:547). SE: for H1 from the
spread in each cohort; for H2 from the share of all projects, as a cohort in which all are alike would feign certainty.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from strategy_miner.analysis.intervals import Interval, Share, contrast_error, share, t_quantile
from strategy_miner.analysis.samples import Cohorts, Sample, declared_samples
from strategy_miner.analysis.shift import (
    NO_SHIFT,
    SHIFT,
    UNDECIDED,
    Contrast,
    compared,
    contrast,
    contrast_bounds,
    verdict,
)
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import insert

if TYPE_CHECKING:
    from strategy_miner.store import Connection

POWER = 0.80
MOST = 2000  # projects beyond which the search for a sufficient number ends

Row = tuple[object, ...]


@dataclass(frozen=True)
class Design:
    """A contrast by its parts: per cohort compared its weight, variance between projects, and number of projects."""

    cohorts: tuple[int, ...]
    weights: tuple[float, ...]
    variances: tuple[float, ...]
    sizes: tuple[int, ...]

    def error(self, sizes: Sequence[int]) -> tuple[float, float] | None:
        """Standard error and degrees of freedom with other numbers of projects; None without spread."""
        parts = zip(self.variances, sizes, strict=True)
        return contrast_error([Share(0.5, v / n if n else math.nan, n) for v, n in parts], self.weights)


def add_deciders(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
    """Fill table deciders for H1 and ecology."""
    if len(cohorts.names) < 2:
        return
    for of in declared_samples(connection, cohorts)[:2]:
        now = contrast(cohorts, of, settings.margin, settings.permutations, seed)
        ends = contrast_bounds(cohorts, of, settings.margin, settings.permutations, seed)
        insert(connection, "deciders", list(decider_rows(cohorts, of, now, ends, settings.margin)))


def decider_rows(cohorts: Cohorts, of: Sample, now: Contrast, ends: Sequence[Contrast], margin: float) -> Iterator[Row]:
    """Rows of table deciders for one sample with its contrast `now`, and that with the missing at both ends."""
    all_known = [sum(own == number for own in cohorts.number_of.values()) for number in range(len(cohorts.names))]
    known = sum(int(of.chosen(number).sum()) for number in range(len(cohorts.names)))
    plan = design(cohorts, of)
    detectable = minimum_detectable(plan, plan.sizes) if plan else None

    def row(question: str, n: int, value: float | None, ends: Interval | None, then: str, cohort: str = "") -> Row:
        return (of.estimand, of.code, question, cohort, n, value, *(ends or (None, None)), then, None)

    yield row("now", known, detectable, now.interval, now.verdict)
    for question, end in zip(("missing down", "missing up"), ends, strict=False):
        yield row(question, sum(all_known) - known, end.difference, end.interval, end.verdict)
    if plan is None or now.difference is None:
        return
    if ends:
        sizes = [all_known[number] for number in plan.cohorts]
        both = (expected_interval(plan, sizes, now.difference, level) for level in (0.95, 0.90))
        wide, narrow = both
        then = verdict(0.0, wide, narrow, margin)[0]
        yield row("all known", sum(all_known), minimum_detectable(plan, sizes), wide, then)
    if now.verdict == UNDECIDED:
        for then, level, reach in ((SHIFT, 0.95, abs(now.difference)), (NO_SHIFT, 0.90, margin - abs(now.difference))):
            yield from _needed_rows(cohorts, of, plan, all_known, then, needed(plan, all_known, level, reach))


def design(cohorts: Cohorts, of: Sample) -> Design | None:
    """The contrast of a sample by its parts; None where a cohort compared has fewer than two projects."""
    used, weights = compared(cohorts, of)
    sizes = [int(of.chosen(number).sum()) for number in used]
    if not used or min(sizes) < 2:
        return None
    variances = [
        share(of.a[of.chosen(n)], of.b[of.chosen(n)]).variance * size for n, size in zip(used, sizes, strict=True)
    ]
    if of.estimand == "H2":
        count, n = (sum(int(part[of.chosen(number)].sum()) for number in used) for part in (of.counts, of.b))
        variances = [count / n * (1 - count / n)] * len(used)
    return Design(tuple(used), tuple(weights), tuple(variances), tuple(sizes))


def minimum_detectable(plan: Design, sizes: Sequence[int]) -> float | None:
    """The difference that such numbers of projects would show in 80 of 100 cases; None without spread."""
    error = plan.error(sizes)
    return None if error is None else (t_quantile(0.975, error[1]) + t_quantile(POWER, error[1])) * error[0]


def expected_interval(plan: Design, sizes: Sequence[int], difference: float, level: float) -> Interval | None:
    """The process interval around the same difference with other numbers of projects."""
    error = plan.error(sizes)
    if error is None:
        return None
    half = t_quantile((1 + level) / 2, error[1]) * error[0]
    return difference - half, difference + half


def needed(plan: Design, available: Sequence[int], level: float, reach: float) -> list[int] | None:
    """The numbers of projects per cohort compared whose interval is narrower than `reach` to each side; None if MOST do
    not suffice. Projects are added one by one where they help most, those that exist before others."""
    sizes = list(plan.sizes)
    if reach <= 0:
        return None
    while sum(sizes) <= MOST:
        error = plan.error(sizes)
        if error is None:
            return None
        if t_quantile((1 + level) / 2, error[1]) * error[0] < reach:
            return sizes
        open_ = [i for i, number in enumerate(plan.cohorts) if sizes[i] < available[number] and plan.weights[i]]
        gains = [w**2 * v / (n * (n + 1)) for w, v, n in zip(plan.weights, plan.variances, sizes, strict=True)]
        sizes[max(open_ or range(len(sizes)), key=gains.__getitem__)] += 1
    return None


def _needed_rows(
    cohorts: Cohorts, of: Sample, plan: Design, available: Sequence[int], then: str, sizes: list[int] | None
) -> Iterator[Row]:
    question = f"needed for {then}"
    if sizes is None:
        yield (of.estimand, of.code, question, "", None, None, None, None, then, False)
        return
    each = [n <= available[number] for number, n in zip(plan.cohorts, sizes, strict=True)]
    for number, n, possible in zip(plan.cohorts, sizes, each, strict=True):
        yield (of.estimand, of.code, question, cohorts.names[number], n, None, None, None, then, possible)
    yield (of.estimand, of.code, question, "", sum(sizes), None, None, None, then, all(each))
