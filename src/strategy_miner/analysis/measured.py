"""How many measures of which kind the documents read hold, per cohort, and what they cost where that is stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strategy_miner.analysis.samples import Cohorts
from strategy_miner.settings import AnalyseSettings

if TYPE_CHECKING:
    from strategy_miner.store import Connection


def add_measured(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
    """Fill measure_counts and measure_costs; a cohort without a document read has no row."""
    connection.execute(f"INSERT INTO measure_counts {_SCOPE} {_COUNTS}")
    connection.execute(f"INSERT INTO measure_costs {_SCOPE} {_COSTS}")


# Projects with a document that was read, once in their cohort and once in all.
_SCOPE = """
    WITH owner AS (
        SELECT p.project_id, p.cohort, pd.document_id FROM project_documents AS pd JOIN projects AS p USING (project_id)
        JOIN documents AS d ON d.document_id = pd.document_id AND d.status = 'read'
    ),
    scope AS (
        SELECT '' AS cohort, project_id, document_id FROM owner
        UNION ALL SELECT cohort, project_id, document_id FROM owner WHERE cohort IS NOT NULL
    ),"""
_COUNTS = """
    base AS (
        SELECT cohort, count(DISTINCT project_id) AS n_projects, count(DISTINCT m.id) AS n_measures
        FROM scope LEFT JOIN measures AS m USING (document_id) GROUP BY cohort
    ),
    said AS (
        SELECT id, document_id, 'all' AS subject, '' AS value FROM measures
        UNION ALL SELECT id, document_id, 'status', status FROM measures
        UNION ALL SELECT id, document_id, 'form', form FROM measures
        UNION ALL SELECT id, document_id, 'field', unnest(list_distinct(codes)) FROM measures
        UNION ALL SELECT id, document_id, 'field', '' FROM measures WHERE len(codes) = 0
        UNION ALL SELECT id, document_id, 'technology', unnest(list_distinct(technologies)) FROM measures
        UNION ALL SELECT id, document_id, 'technology', '' FROM measures WHERE len(technologies) = 0
    ),
    kinds AS (SELECT DISTINCT subject, value FROM said UNION SELECT 'all', ''),
    found AS (
        SELECT subject, value, cohort, count(DISTINCT project_id) AS projects, count(DISTINCT id) AS measures
        FROM said JOIN scope USING (document_id) GROUP BY ALL
    )
    SELECT k.subject, k.value, b.cohort, b.n_projects, coalesce(f.projects, 0), b.n_measures, coalesce(f.measures, 0)
    FROM kinds AS k CROSS JOIN base AS b
    LEFT JOIN found AS f ON f.subject = k.subject AND f.value = k.value AND f.cohort = b.cohort
    ORDER BY k.subject, k.value, b.cohort"""
# A measure of a document that two projects of a cohort share counts once. Decimals add up the same in any order.
_COSTS = """
    once AS (
        SELECT s.cohort, m.id, any_value(m.cost) AS cost, list(DISTINCT s.project_id) AS owners,
            any_value(coalesce(m.cost_per_year, false)) AS yearly,
            any_value(coalesce((m.cost_euro_low + m.cost_euro_high) / 2, m.cost_euro_low, m.cost_euro_high)
                ::DECIMAL(18, 2)) AS euro
        FROM scope AS s JOIN measures AS m USING (document_id) GROUP BY s.cohort, m.id
    ),
    due AS (SELECT *, CASE WHEN NOT yearly THEN euro END AS one_off FROM once)
    SELECT cohort, count(*), count(*) FILTER (cost <> ''), count(one_off),
        count(*) FILTER (yearly AND euro IS NOT NULL),
        len(list_distinct(flatten(coalesce(list(owners) FILTER (one_off IS NOT NULL), [])))),
        median(one_off)::DOUBLE,
        CASE WHEN count(one_off) >= 4 THEN quantile_cont(one_off, 0.25)::DOUBLE END,
        CASE WHEN count(one_off) >= 4 THEN quantile_cont(one_off, 0.75)::DOUBLE END,
        sum(one_off)::DOUBLE
    FROM due GROUP BY cohort ORDER BY cohort"""
