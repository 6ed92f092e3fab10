"""Tests and effect sizes that stand beside the verdict on declared fields."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from strategy_miner.analysis.intervals import Share, Values, or_null, share
from strategy_miner.analysis.samples import Cohorts, Sample, declared_samples
from strategy_miner.analysis.shift import compared, family
from strategy_miner.analysis.trend import cochran_armitage, jonckheere_terpstra
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import insert

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]


def add_companions(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
    """Fill tests and effects for H1 and H2 (ecology and every code); contrasts must be filled."""
    sql = "SELECT estimand, code, p FROM contrasts"
    p_of = {(estimand, code): p for estimand, code, p in connection.execute(sql).fetchall()}
    for of in declared_samples(connection, cohorts):
        if (of.estimand, of.code) in p_of:
            p = p_of[of.estimand, of.code]
            insert(connection, "tests", test_rows(cohorts, of, p, settings.permutations, seed))
            insert(connection, "effects", effect_rows(cohorts, of))


def test_rows(cohorts: Cohorts, of: Sample, p: float | None, permutations: int, seed: int) -> list[Row]:
    """Rows of table tests: the studentised permutation with its `p`, and the tests beside it, on the same projects."""
    used, _ = compared(cohorts, of)
    inside = np.isin(of.cohorts, used)
    n = int(inside.sum())
    found: list[tuple[str, float | None, float | None]] = [("studentised permutation", None, p)]
    values = of.a[inside] / of.b[inside]
    statistic, trend_p = jonckheere_terpstra(values, of.cohorts[inside], permutations, [seed, 2])
    found.append(("Jonckheere-Terpstra", or_null(statistic), or_null(trend_p)))
    if of.estimand == "H2" and used:
        sizes = [int(of.chosen(number).sum()) for number in used]
        exact = cochran_armitage([int(of.counts[of.chosen(number)].sum()) for number in used], sizes, used)
        kinds = (("mid-p", exact.mid_p), ("exact", exact.exact), ("asymptotic", exact.asymptotic))
        found += [(f"Cochran-Armitage {kind}", None, value) for kind, value in kinds]
    return [(of.estimand, of.code, family(of.estimand, of.code), name, n, *values) for name, *values in found]


def effect_rows(cohorts: Cohorts, of: Sample) -> list[Row]:
    """Rows of table effects: last against first cohort."""
    groups = [of.chosen(number) for number in (0, len(cohorts.names) - 1)]
    sizes = [int(group.sum()) for group in groups]
    ratio = log_odds_ratio(*(share(of.a[group], of.b[group]) for group in groups))
    delta = cliffs_delta(*(of.a[group] / of.b[group] for group in groups))
    return [
        (of.estimand, of.code, "log odds ratio", *sizes, *ratio),
        (of.estimand, of.code, "Cliff's delta", *sizes, or_null(delta), None),
    ]


def log_odds_ratio(first: Share, last: Share) -> tuple[float | None, float | None]:
    """logit(last) - logit(first) and its standard error, by the delta method sum V / (theta (1 - theta))^2.

    None where a share is 0, 1 or unknown; no standard error where a variance is unknown.
    """
    if not (0 < first.value < 1 and 0 < last.value < 1):
        return None, None
    value = math.log(last.value / (1 - last.value)) - math.log(first.value / (1 - first.value))
    variance = math.fsum(s.variance / (s.value * (1 - s.value)) ** 2 for s in (first, last))
    return value, or_null(math.sqrt(variance))


def cliffs_delta(first: Values, last: Values) -> float:
    """How much more often a value of `last` lies above one of `first` than below; NaN if one is empty.

    Source: Cliff 1993, Psychological Bulletin 114:494.
    """
    return float(np.sign(last[:, None] - first[None, :]).mean()) if len(first) and len(last) else math.nan
