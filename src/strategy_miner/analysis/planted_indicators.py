"""Indicators and gaps of a generated corpus: those of its true codes against those that were found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.analysis.gaps import Emphasis, Tally, largest, seen
from strategy_miner.analysis.indicators import Paths, mixing_sample, sections_of
from strategy_miner.analysis.intervals import share
from strategy_miner.analysis.samples import DIMENSION, Cohorts

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]

MIXING, SEVERAL, GAPS = "sections mixing fields", "measures with several fields", "gaps"


def planted_indicator_rows(connection: Connection, cohorts: Cohorts, truth: Path) -> list[Row]:
    """Rows of table planted: I2 and I3 per cohort, the number of gaps and how many of them are the same.

    `truth`: as for planted_rows; without truth.parquet beside it, or without measures.parquet in it, no rows.
    """
    text, measures = truth.parent / "truth.parquet", truth / "measures.parquet"
    if not (text.is_file() and measures.is_file()):
        return []
    sql = "SELECT estimand || code, cohort, value, low, high FROM estimates WHERE estimand IN ('I2', 'I3')"
    found = {(name, cohort): values for name, cohort, *values in connection.execute(sql).fetchall()}
    true = mixing_sample(cohorts, sections_of(_paths(connection, text)))
    several = dict(connection.execute(_SEVERAL, {"truth": str(measures)}).fetchall())
    rows: list[Row] = []
    for number, cohort in (*enumerate(cohorts.names), (None, "")):
        mask = true.chosen(number)
        value = share(true.a[mask], true.b[mask]).value if mask.any() else None
        rows.append((MIXING, cohort, None, value, *found["I2", cohort]))
        rows.append((SEVERAL, cohort, None, several.get(cohort), *found["I3fields", cohort]))
    return [(*row, None, None) for row in [*rows, *_gap_rows(connection, truth)]]  # no measurement interval


def _paths(connection: Connection, text: Path) -> Paths:
    sql = "SELECT id FROM codes WHERE dimension = ? AND kind = 'sectoral'"
    sectoral = {code for (code,) in connection.execute(sql, [DIMENSION]).fetchall()}
    sql = """
        SELECT project_id, file, heading_path, codes FROM read_parquet($t) WHERE unit
        ORDER BY project_id, file, "order" """
    paths: Paths = {}
    for project_id, file, path, codes in connection.execute(sql, {"t": str(text)}).fetchall():
        fields = [code for code in codes if code in sectoral]
        paths.setdefault(project_id, {}).setdefault(file, []).append((path, fields))
    return paths


# A project weighs the same however many measures it has, as in I3; grouping sets add the row of all projects.
_SEVERAL = """
    SELECT coalesce(cohort, ''), sum(value) / count(*) FROM (
        SELECT project_id, any_value(cohort) AS cohort, count(*) FILTER (len(fields) > 1) / count(*) AS value
        FROM read_parquet($truth) GROUP BY project_id ORDER BY project_id
    ) GROUP BY GROUPING SETS ((cohort), ())"""


_ALONE = "SELECT project_id, codes[1] FROM read_parquet($path) WHERE len(list_distinct(codes)) = 1"


def _gap_rows(connection: Connection, truth: Path) -> list[Row]:
    of = Emphasis(
        _tally(connection, truth / "fields.parquet", "true"),
        _tally(connection, truth.parent / "truth.parquet", "unit"),
        _tally(connection, truth / "measures.parquet", "true"),
        frozenset(connection.execute(_ALONE, {"path": str(truth / "fields.parquet")}).fetchall()),
    )
    sql = "SELECT id FROM codes WHERE dimension = ? ORDER BY id"
    codes = [code for (code,) in connection.execute(sql, [DIMENSION]).fetchall()]
    true = {(one.kind, one.project_id, one.code) for one in largest(list(seen(of, codes)))}
    found = set(connection.execute("SELECT kind, project_id, code FROM gaps").fetchall())
    return [
        (GAPS, "", None, len(true), len(found), None, None),
        (f"{GAPS} in both", "", None, len(true), len(true & found), None, None),
    ]


def _tally(connection: Connection, path: Path, units: str) -> Tally:
    sql = f"""
        WITH u AS (SELECT project_id, list_distinct(codes) AS codes FROM read_parquet($path) WHERE {units})
        SELECT project_id, '', count(*) FROM u GROUP BY project_id
        UNION ALL SELECT project_id, code, count(*) FROM (SELECT project_id, unnest(codes) AS code FROM u) GROUP BY ALL
        ORDER BY ALL"""
    return Tally.of(connection.execute(sql, {"path": str(path)}).fetchall())
