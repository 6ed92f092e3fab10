"""coded.duckdb -> strategy.duckdb: a copy with the result tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.analysis import passages, shift
from strategy_miner.analysis.companions import add_companions
from strategy_miner.analysis.confounders import add_confounders
from strategy_miner.analysis.corrected import (
    add_corrected,
    corrected_contrast,
    corrected_estimates,
    corrected_samples,
    labelled,
)
from strategy_miner.analysis.coverage import add_coverage
from strategy_miner.analysis.deciding import add_deciders
from strategy_miner.analysis.emphasis import add_emphasis
from strategy_miner.analysis.groups import add_groups
from strategy_miner.analysis.indicators import add_indicators
from strategy_miner.analysis.measured import add_measured
from strategy_miner.analysis.name_error import add_measurement
from strategy_miner.analysis.planted import planted_rows
from strategy_miner.analysis.planted_indicators import planted_indicator_rows
from strategy_miner.analysis.profiles import add_profiles
from strategy_miner.analysis.published import add_published
from strategy_miner.analysis.radar import add_radar
from strategy_miner.analysis.robustness_rows import add_robustness
from strategy_miner.analysis.samples import (
    DIMENSION,
    ECOLOGY,
    Cohorts,
    Sample,
    code_samples,
    declared_samples,
    text_samples,
)
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import RESULTS, connect, create_tables, demand_schema, insert, query, writing
from strategy_miner.store.schema import drop_created

if TYPE_CHECKING:
    from strategy_miner.store import Connection

# What fills tables of its own, in this order: a part may read what those before it wrote.
PARTS: tuple[Callable[[Connection, Cohorts, AnalyseSettings, int], None], ...] = (
    add_corrected,
    add_coverage,
    add_measured,
    add_profiles,
    add_published,
    add_groups,
    add_robustness,
    add_confounders,
    add_indicators,
    add_emphasis,
    add_measurement,
    add_companions,
    add_deciders,
    add_radar,
)


def analyse(coded: Path, target: Path, settings: AnalyseSettings, seed: int, truth: Path | None = None) -> None:
    """Write strategy.duckdb whole or not at all; equal inputs and seed give equal tables.

    `truth` is the folder with the truth of a generated corpus; a folder that is not there means that there is none.

    Raises StoreError if coded.duckdb is missing or of another schema version, or the target cannot be written.
    """
    with connect(coded) as connection:
        demand_schema(connection, coded)
    with writing(target, copy_of=coded) as connection:
        _add_results(connection, settings, seed, truth)


def analyse_again(database: Path, target: Path, settings: AnalyseSettings, seed: int, truth: Path | None) -> None:
    """Write a second strategy.duckdb from the coded tables inside a first one: all results, and all views, made anew.

    Arguments and errors as in `analyse`.
    """
    with connect(database) as connection:
        demand_schema(connection, database)
    with writing(target, copy_of=database) as connection:
        drop_created(connection, *RESULTS)
        drop_created(connection, "views.sql")
        create_tables(connection, "views.sql")
        _add_results(connection, settings, seed, truth)


def _add_results(connection: Connection, settings: AnalyseSettings, seed: int, truth: Path | None) -> None:
    for name in RESULTS:
        create_tables(connection, name)
    cohorts = Cohorts.read(connection)
    samples = [*declared_samples(connection, cohorts), *text_samples(connection, cohorts)]
    gold = labelled(connection, settings)
    corrected = [(gold, sample) for sample in corrected_samples(gold, cohorts)] if gold else []
    insert(connection, "project_values", [row for sample in samples for row in _value_rows(cohorts, sample)])
    insert(connection, "estimates", [row for s in samples for row in shift.estimate_rows(cohorts, s)])
    insert(connection, "estimates", [row for own, s in corrected for row in corrected_estimates(own, cohorts, s)])
    # A share of text that gold corrects stands for the raw one.
    of = {(s.estimand, s.code): s for s in [*samples, *(s for _, s in corrected)]}
    bounded = [s for s in of.values() if s.estimand != "H4" and s.code in ("", ECOLOGY)]
    insert(connection, "bounds", [row for sample in bounded for row in shift.bound_rows(cohorts, sample)])
    if len(cohorts.names) > 1:
        contrasts = [(sample, _contrast(cohorts, sample, settings, seed)) for sample in samples]
        contrasts += [(s, corrected_contrast(own, cohorts, s, settings, seed)) for own, s in corrected]
        insert(connection, "contrasts", shift.contrast_rows(cohorts, contrasts))
    insert(connection, "exploratory", _exploratory_rows(connection, cohorts))
    insert(connection, "quotes", passages.quote_rows(connection))
    insert(connection, "typical_words", passages.typical_word_rows(connection, cohorts))
    for part in PARTS:
        part(connection, cohorts, settings, seed)
    if truth:
        insert(connection, "planted", planted_rows(connection, cohorts, truth))
        insert(connection, "planted", planted_indicator_rows(connection, cohorts, truth))


def _exploratory_rows(connection: Connection, cohorts: Cohorts) -> list[tuple[object, ...]]:
    """Rows of table exploratory: the estimates H4 of the dimensions for which nothing is tested."""
    sql = "SELECT DISTINCT dimension FROM codes WHERE dimension <> ? ORDER BY dimension"
    rows = []
    for (dimension,) in connection.execute(sql, [DIMENSION]).fetchall():
        for of in code_samples(connection, cohorts, dimension):
            found = [int((of.counts[of.chosen(number)] > 0).sum()) for number, _ in cohorts.groups]
            for n_with, (_, *row, _, _) in zip(found, shift.estimate_rows(cohorts, of), strict=True):
                cohort, code, n, units, count, *ends = row
                rows.append((dimension, code, cohort, n, units, count, n_with, *ends))
    return rows


def write_metrics(database: Path, target: Path) -> None:
    """Write metrics.json for `dvc metrics show`: coverage, H1 and H3 per cohort with n, planted against found."""
    _, coverage = query(database, "SELECT projects, documents_read, segments FROM coverage WHERE cohort = ''")
    estimates: dict[str, dict[str, object]] = {}
    sql = "SELECT estimand, cohort, n_projects, value, label FROM estimates WHERE estimand IN ('H1', 'H3')"
    for estimand, cohort, n, value, label in query(database, f"{sql} AND n_projects > 0 ORDER BY ALL")[1]:
        name = f"{estimand} corrected" if label == "corrected" else estimand
        estimates.setdefault(name, {})[cohort or "all"] = {"n_projects": n, "value": _rounded(value)}
    planted: dict[str, dict[str, object]] = {}
    sql = "SELECT quantity, cohort, planted, realised, found FROM planted ORDER BY ALL"
    for quantity, cohort, *values in query(database, sql)[1]:
        named = zip(("planted", "realised", "found"), map(_rounded, values), strict=True)
        entry = {name: value for name, value in named if value is not None}
        planted.setdefault(quantity, {})[cohort or "all"] = entry
    counts = dict(zip(("projects", "documents_read", "segments"), coverage[0], strict=True))
    text = json.dumps({**counts, **estimates, **({"planted": planted} if planted else {})}, indent=1)
    target.write_text(text + "\n", encoding="utf-8")


def _contrast(cohorts: Cohorts, of: Sample, settings: AnalyseSettings, seed: int) -> shift.Contrast:
    if of.estimand in ("H3", "H4"):
        return shift.raw_contrast(cohorts, of)
    if of.code not in ("", ECOLOGY):
        return shift.exploratory_contrast(cohorts, of, settings.permutations, seed)
    return shift.contrast(cohorts, of, settings.margin, settings.permutations, seed)


def _value_rows(cohorts: Cohorts, of: Sample) -> list[tuple[object, ...]]:
    return [
        (
            of.estimand, project_id, cohorts.name(project_id), of.code, *shown,
            float(a) / float(b) if b > 0 else None,
        )
        for project_id, a, b, shown in zip(of.project_ids, of.a, of.b, of.shown, strict=True)
    ]  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
