"""The tables that are exported: results in the order in which a reader wants them, then whatever else there is."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from strategy_miner.errors import StoreError
from strategy_miner.store import schema
from strategy_miner.store.database import connect, query, table_names
from strategy_miner.store.exports import Table

# File and sheet name -> the rows. Those without a project behind them are left out: their counts of 0 say nothing.
_CURATED = {
    "coverage": "FROM coverage",
    "declared_fields": """
        SELECT d.project_id, p.name AS project, d.cohort, d.field_name, d.orientation, d.ecology, d.codes, d.page,
               d.origin, d.source
        FROM declared AS d JOIN projects AS p USING (project_id)
        ORDER BY p.cohort_order NULLS LAST, d.project_id, d.document_id, d.page, d.field_name, d.id
    """,
    "declared_by_cohort": "FROM declared_by_cohort",
    "estimates": "FROM estimates WHERE n_projects > 0 ORDER BY estimand, code, cohort, interval, label",
    "contrasts": "FROM contrasts WHERE n_projects > 0 ORDER BY estimand, code, label",
    "tests": "FROM tests ORDER BY estimand, code, rowid",
    "effects": "FROM effects ORDER BY estimand, code, rowid",
    "name_bands": "FROM name_bands ORDER BY estimand, code, cohort",
    "deciders": "FROM deciders ORDER BY estimand, code, rowid",
    "bounds": "FROM bounds ORDER BY estimand, code, cohort",
    "contrast_bounds": "FROM contrast_bounds ORDER BY estimand, code",
    "missing_projects": "FROM missing_projects",
    "published": "FROM published",
    "group_estimates": "FROM group_estimates WHERE n_projects > 0 ORDER BY column_name, estimand, code, place",
    "group_contrasts": "FROM group_contrasts WHERE n_projects > 0 ORDER BY column_name, estimand, code",
    "stratified_trend": "FROM stratified_trend ORDER BY within, estimand, code",
    "project_facts": "FROM project_facts WHERE value IS NOT NULL ORDER BY fact, project_id",
    "project_values": "FROM project_values ORDER BY estimand, code, project_id",
    "exploratory": "FROM exploratory WHERE n_projects > 0 ORDER BY dimension, code, cohort",
    "measure_counts": "FROM measure_counts ORDER BY subject, value, cohort",
    "measure_costs": "FROM measure_costs ORDER BY cohort",
    "quotes": """
        SELECT q.dimension, q.code, k.name_de AS code_name, q.rank, q.text, q.project, q.cohort, q.page, q.heading, q.p,
            d.file
        FROM quotes AS q
        LEFT JOIN codes AS k ON k.dimension = q.dimension AND k.id = q.code
        LEFT JOIN documents AS d ON d.document_id = q.document_id
        ORDER BY q.dimension, q.code, q.rank
    """,
    "profile_codes": "FROM profile_codes ORDER BY project_id, rank",
    "neighbours": "FROM neighbours ORDER BY project_id, rank",
    "typical_codes": "FROM typical_codes ORDER BY cohort, basis, dimension, rank",
    "typical_words": "FROM typical_words ORDER BY cohort, rank",
    "projects": "FROM projects ORDER BY cohort_order NULLS LAST, project_id",
    "documents": "FROM documents ORDER BY file, document_id",
    "unread_pages": """
        SELECT d.file, g.page, g.reason FROM pages AS g JOIN documents AS d USING (document_id)
        WHERE g.grade = 'unread' ORDER BY d.file, g.page
    """,
    "failures": "FROM failures ORDER BY file, stage, error",
    "codes": "FROM codes ORDER BY dimension, kind, id",
    "robustness": "FROM robustness ORDER BY estimand, is_primary DESC, difference, cell",
    "robustness_cohorts": "FROM robustness_cohorts ORDER BY cell, cohort",
    "robustness_summary": "FROM robustness_summary ORDER BY rowid",
    "robustness_codes": "FROM robustness_codes ORDER BY code, cohort, weighting",
    "corrections": "FROM corrections",
    "corrected_projects": "FROM corrected_projects ORDER BY project_id",
    "drift": "FROM drift ORDER BY rowid",
    "coder_band": "FROM coder_band ORDER BY rowid",
    "coder_agreement": "FROM coder_agreement ORDER BY rowid",
    "gold_codes": "FROM gold_codes ORDER BY rowid",
    "gold_notes": "FROM gold_notes ORDER BY kind, file",
    "mixing_variants": "FROM mixing_variants WHERE n_projects > 0",
    "indicator_correlations": "FROM indicator_correlations WHERE n_projects > 0",
    "emphasis": "FROM emphasis ORDER BY project_id, code",
    "gaps": "FROM gaps ORDER BY rank",
    "gap_counts": "FROM gap_counts",
    "planted": "FROM planted ORDER BY quantity, cohort",
    "provenance": "FROM runs ORDER BY key",
}


def exported_tables(database: Path) -> list[Table]:
    """The tables of the report: those above, then every further table that the analysis adds."""
    with connect(database) as connection:
        known = table_names(connection)
    others = [name for name in _result_names() if name in known and name not in _CURATED]
    return [Table(name, sql) for name, sql in _CURATED.items()] + [_whole(name) for name in others]


def chosen_tables(database: Path, names: Sequence[str]) -> list[Table]:
    """Tables by name: those of `exported_tables`, else any table or view of the database as it is.

    Raises StoreError with near names for one that is not there.
    """
    with connect(database) as connection:
        known = table_names(connection)
    unknown = [name for name in names if name not in _CURATED and name not in known]
    if unknown:
        near = difflib.get_close_matches(unknown[0], [*_CURATED, *known], n=4, cutoff=0.6)
        remedy = f"Near names: {', '.join(dict.fromkeys(near))}." if near else "docs/data.md lists all tables."
        raise StoreError(f"no table {unknown[0]!r}", str(database), remedy)
    return [Table(name, _CURATED[name]) if name in _CURATED else _whole(name) for name in names]


def every_table(database: Path) -> list[Table]:
    """All tables and views: first those of `exported_tables`, then the others as they are."""
    tables = exported_tables(database)
    shown = {table.name for table in tables}
    with connect(database) as connection:
        return tables + [_whole(name) for name in table_names(connection) if name not in shown]


def with_rows(database: Path, tables: Sequence[Table]) -> list[Table]:
    """Those of the tables that have any rows."""
    return [t for t in tables if query(database, f"SELECT 1 FROM ({t.sql}) LIMIT 1", t.parameters)[1]]


def with_names(database: Path, tables: Sequence[Table], lang: str) -> list[Table]:
    """The tables with the municipality behind each id of a project and the code's name behind each id of a code.

    Nothing is added where the table has such a column, and for programs (no language), which join by id.
    """
    if not lang:
        return list(tables)
    return [_named(t, query(database, f"SELECT * FROM ({t.sql}) LIMIT 0", t.parameters)[0], lang) for t in tables]


def _named(table: Table, columns: Sequence[str], lang: str) -> Table:
    if table.name in ("projects", "codes"):
        return table
    dimension = "t.dimension" if "dimension" in columns else "'field'"
    codes = f"(SELECT map(list((dimension, id)), list(name_{lang})) FROM codes)"
    names = {
        "project_id": ("project", "(SELECT map(list(project_id), list(name)) FROM projects)[t.project_id]"),
        "code": (
            "code_name",
            f"{codes}[({dimension}, t.code)]",
        ),
    }
    shown = []
    for column in columns:
        shown.append(f"t.{schema.name(column)}")
        name, sql = names.get(column, ("", ""))
        if name and name not in columns and not (name == "project" and "name" in columns):
            shown.append(f"{sql} AS {name}")
    # A look-up instead of a join, which would not keep the order.
    sql = f"SELECT {', '.join(shown)} FROM ({table.sql}) AS t"
    return Table(table.name, sql, table.parameters) if len(shown) > len(columns) else table


def _whole(name: str) -> Table:
    return Table(name, f"FROM {schema.name(name)}")


def _result_names() -> list[str]:
    """The tables that the analysis adds, as their .sql files define them."""
    return [name for name, kind in schema.results_of().items() if kind == "TABLE"]
