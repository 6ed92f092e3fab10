"""What a project writes about beside the rest of its cohort, and what a cohort has more of than the others.

Descriptive: an order for reading, no test; the differences of the headline are tested elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from strategy_miner.analysis.intervals import Values
from strategy_miner.analysis.neighbours import neighbour_rows
from strategy_miner.analysis.samples import (
    DIMENSION,
    ECOLOGY,
    OUTSIDE,
    Cohorts,
    Sample,
    code_samples,
    declared_samples,
)
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import insert

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]

LEAST_PROJECTS = 3  # a code of fewer projects of the cohort is a habit of theirs, not of the cohort
LEAST_STRENGTH = 1.0  # standard errors; without any difference about one code in six lies that far ahead
MOST_CODES = 10


def add_profiles(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
    """Fill profile_codes, neighbours and typical_codes."""
    of_field = code_samples(connection, cohorts, DIMENSION)
    insert(connection, "profile_codes", _profile_rows(cohorts, of_field, dict(_best(connection))))
    insert(connection, "neighbours", neighbour_rows(connection, seed))
    declared = [of for of in declared_samples(connection, cohorts) if of.estimand == "H2" and of.code != ECOLOGY]
    insert(connection, "typical_codes", typical_rows(cohorts, "fields", DIMENSION, declared))
    sql = "SELECT dimension FROM codes GROUP BY dimension ORDER BY min(rowid)"
    for (dimension,) in connection.execute(sql).fetchall():
        samples = of_field if dimension == DIMENSION else code_samples(connection, cohorts, dimension)
        insert(connection, "typical_codes", typical_rows(cohorts, "text", dimension, samples))


def _best(connection: Connection) -> list[tuple[tuple[str, str], str]]:
    """The passage of highest p for each project and code of the dimension field; the longer one where they are alike,
    as it says more."""
    sql = """
        SELECT pd.project_id, c.code, first(s.id ORDER BY c.p DESC, len(s.text) DESC, s.id)
        FROM codings AS c JOIN segments AS s ON s.id = c.unit_id
        JOIN documents AS d ON d.document_id = s.document_id AND d.status = 'read'
        JOIN project_documents AS pd ON pd.document_id = s.document_id
        WHERE c.dimension = ? GROUP BY ALL"""
    return [((p, code), segment) for p, code, segment in connection.execute(sql, [DIMENSION]).fetchall()]


def _profile_rows(cohorts: Cohorts, samples: Sequence[Sample], best: dict[tuple[str, str], str]) -> list[Row]:
    rows: list[Row] = []
    if not samples:
        return rows
    shares = np.array([of.a for of in samples])
    for at, project_id in enumerate(samples[0].project_ids):
        own = samples[0].cohorts
        others = (own == own[at]) & (np.arange(len(own)) != at) & (own[at] != OUTSIDE)
        n = int(others.sum())
        for rank, c in enumerate(np.lexsort((np.arange(len(samples)), -shares[:, at])), start=1):
            of = samples[c]
            usual = math.fsum(of.a[others]) / n if n else None
            counts = int(of.counts[at]), int(of.units[at])
            segment = best.get((project_id, of.code))
            rows.append((project_id, of.code, rank, *counts, float(of.a[at]), usual, n, segment))
    return rows


def typical_rows(cohorts: Cohorts, basis: str, dimension: str, samples: Sequence[Sample]) -> list[Row]:
    """Rows of table typical_codes: codes of which a cohort has more than the others, at most ten, clearest first."""
    rows: list[Row] = []
    for number, name in enumerate(cohorts.names):
        found = []
        for of in samples:
            here, there = of.chosen(number), (of.cohorts != number) & (of.cohorts != OUTSIDE)
            value, others = _mean(of.a[here]), _mean(of.a[there])
            n_with = int((of.counts[here] > 0).sum())
            if value is None or others is None or n_with < LEAST_PROJECTS or value <= others:
                continue
            strength = _strength(of.a[here], of.a[there], basis == "fields")
            if strength < LEAST_STRENGTH:
                continue
            numbers = (int(here.sum()), n_with, value, int(there.sum()), int((of.counts[there] > 0).sum()), others)
            found.append((of.code, numbers, strength))
        found.sort(key=lambda one: (-one[2], one[0]))
        for rank, (code, numbers, strength) in enumerate(found[:MOST_CODES], start=1):
            rows.append((name, basis, dimension, code, rank, *numbers, strength))
    return rows


def _mean(values: Values) -> float | None:
    return math.fsum(values) / len(values) if len(values) else None


def _strength(here: Values, there: Values, counted: bool) -> float:
    """Difference of means / its standard error; of counts with one project more with and one without (Agresti and
    Caffo 2000, The American Statistician 54:280), so that none in a small group is not taken for never."""
    if counted:
        here, there = (np.concatenate([values, (0.0, 1.0)]) for values in (here, there))
    spread = sum(float(np.var(v, ddof=0 if counted else 1)) / len(v) if len(v) > 1 else 0.0 for v in (here, there))
    difference = float(here.mean() - there.mean())
    return difference / math.sqrt(spread) if spread > 0 else 0.0
