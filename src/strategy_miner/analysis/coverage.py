"""What was read and what is missing: counts per cohort, the projects by name, bounds of the contrast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strategy_miner.analysis.samples import DIMENSION, Cohorts
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import insert

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]


def add_coverage(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
    """Fill coverage, missing_projects and contrast_bounds; the last needs bounds and estimates."""
    parameters = {"cohorts": [*cohorts.names, ""], "dimension": DIMENSION}
    rows = connection.execute(_COVERAGE, parameters).fetchall()
    insert(connection, "coverage", [(cohort, *(count or 0 for count in counts)) for cohort, *counts in rows])
    connection.execute(_MISSING)
    insert(connection, "contrast_bounds", contrast_bound_rows(connection, cohorts))


# A document is counted once per cohort and once for all, however many projects share it.
_COVERAGE = """
    WITH wanted AS (SELECT unnest($cohorts::VARCHAR[]) AS cohort, unnest(range(len($cohorts::VARCHAR[]))) AS place),
    member AS (
        SELECT cohort, project_id FROM projects WHERE cohort IS NOT NULL
        UNION ALL SELECT '', project_id FROM projects
    ),
    coded AS (
        SELECT document_id, count(DISTINCT unit_id) AS segments FROM codings
        WHERE dimension = $dimension GROUP BY document_id
    ),
    held AS (SELECT project_id, status FROM project_documents JOIN documents USING (document_id)),
    project AS (
        SELECT cohort, count(*) AS n,
            count(*) FILTER (project_id IN (SELECT project_id FROM held WHERE status <> 'missing')) AS with_file,
            count(*) FILTER (project_id IN (SELECT project_id FROM held WHERE status = 'read')) AS with_document,
            count(*) FILTER (project_id IN (SELECT project_id FROM declared_fields WHERE counts)) AS with_fields
        FROM member GROUP BY cohort
    ),
    owned AS (SELECT DISTINCT cohort, document_id FROM member JOIN project_documents USING (project_id)),
    document AS (
        SELECT cohort, count(*) FILTER (status = 'read') AS n_read, count(*) FILTER (status = 'failed') AS failed,
            count(*) FILTER (status = 'missing') AS missing, sum(pages) AS pages, sum(pages_unread) AS unread,
            sum(d.segments) FILTER (status = 'read') AS segments, sum(c.segments) FILTER (status = 'read') AS coded
        FROM owned JOIN documents AS d USING (document_id) LEFT JOIN coded AS c USING (document_id) GROUP BY cohort
    )
    SELECT w.cohort, p.n, with_file, with_document, n_read, failed, missing, with_fields, pages, unread, segments, coded
    FROM wanted AS w LEFT JOIN project AS p USING (cohort) LEFT JOIN document USING (cohort) ORDER BY w.place"""

_MISSING = """
    INSERT INTO missing_projects
    WITH held AS (
        SELECT project_id, bool_or(status <> 'missing') AS there, bool_or(status = 'read') AS was_read
        FROM project_documents JOIN documents USING (document_id) GROUP BY project_id
    ),
    lacking AS (
        SELECT CASE WHEN coalesce(there, false) THEN 'read' ELSE 'file' END AS what, p.project_id
        FROM projects AS p LEFT JOIN held USING (project_id) WHERE NOT coalesce(was_read, false)
        UNION ALL
        SELECT 'fields', project_id FROM projects
        WHERE project_id NOT IN (SELECT project_id FROM declared_fields WHERE counts)
    )
    SELECT what, project_id, name, cohort FROM lacking JOIN projects USING (project_id)
    ORDER BY what, cohort_order NULLS LAST, lower(strip_accents(name)), project_id"""


def contrast_bound_rows(connection: Connection, cohorts: Cohorts) -> list[Row]:
    """Rows of table contrast_bounds from bounds and estimates; none with one cohort.

    The two cohorts share no project, so each end of the difference is the last's bound less the first's opposite one.
    Source: Manski 1989, Journal of Human Resources 24:343.
    """
    if len(cohorts.names) < 2:
        return []
    first, last = cohorts.names[0], cohorts.names[-1]
    sql = "SELECT estimand, code, cohort, n_projects, n_missing, low, high FROM bounds"
    of = {row[:3]: row[3:] for row in connection.execute(sql).fetchall()}
    # A share of text that gold corrects stands for the raw one, as in bounds.
    sql = "SELECT estimand, code, cohort, value FROM estimates ORDER BY label = 'corrected'"
    found = connection.execute(sql).fetchall()
    values = {row[:3]: row[3] for row in found}
    rows: list[Row] = []
    for estimand, code in sorted({key[:2] for key in of}):
        n_a, missing_a, low_a, high_a = of[estimand, code, first]
        n_b, missing_b, low_b, high_b = of[estimand, code, last]
        if None in (low_a, high_a, low_b, high_b):
            continue  # a cohort without any project
        a, b = values.get((estimand, code, first)), values.get((estimand, code, last))
        difference = None if a is None or b is None else b - a
        ends = (low_b - high_a, high_b - low_a)
        rows.append((estimand, code, first, last, n_a + n_b, missing_a + missing_b, difference, *ends))
    return rows
