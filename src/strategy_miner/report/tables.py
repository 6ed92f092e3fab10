"""The tables behind the report as CSV files and one workbook, written by the store."""

from __future__ import annotations

from pathlib import Path

from strategy_miner.report.messages import Messages
from strategy_miner.store import query, write_csv, write_xlsx

# File and sheet name -> the rows, in the order in which a reader wants them.
TABLES = {
    "coverage": "FROM coverage",
    "declared_fields": """
        SELECT d.project_id, p.name AS project, d.cohort, d.field_name, d.orientation, d.ecology, d.codes, d.page,
               d.origin, d.source
        FROM declared AS d JOIN projects AS p USING (project_id)
        ORDER BY p.cohort_order NULLS LAST, d.project_id, d.document_id, d.page, d.field_name, d.id
    """,
    "declared_by_cohort": "FROM declared_by_cohort",
    "estimates": "FROM estimates ORDER BY estimand, code, cohort, interval, label",
    "contrasts": "FROM contrasts ORDER BY estimand, code, label",
    "tests": "FROM tests ORDER BY estimand, code, rowid",
    "effects": "FROM effects ORDER BY estimand, code, rowid",
    "name_bands": "FROM name_bands ORDER BY estimand, code, cohort",
    "deciders": "FROM deciders ORDER BY estimand, code, rowid",
    "bounds": "FROM bounds ORDER BY estimand, code, cohort",
    "contrast_bounds": "FROM contrast_bounds ORDER BY estimand, code",
    "missing_projects": "FROM missing_projects",
    "published": "FROM published",
    "group_estimates": "FROM group_estimates ORDER BY column_name, estimand, code, place",
    "group_contrasts": "FROM group_contrasts ORDER BY column_name, estimand, code",
    "stratified_trend": "FROM stratified_trend ORDER BY within, estimand, code",
    "project_facts": "FROM project_facts WHERE value IS NOT NULL ORDER BY fact, project_id",
    "project_values": "FROM project_values ORDER BY estimand, code, project_id",
    "exploratory": "FROM exploratory ORDER BY dimension, code, cohort",
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
    "mixing_variants": "FROM mixing_variants",
    "indicator_correlations": "FROM indicator_correlations",
    "emphasis": "FROM emphasis ORDER BY project_id, code",
    "gaps": "FROM gaps ORDER BY rank",
    "gap_counts": "FROM gap_counts",
    "planted": "FROM planted ORDER BY quantity, cohort",
    "provenance": "FROM runs ORDER BY key",
}


def write_tables(database: Path, folder: Path) -> list[str]:
    """Write tables/<name>.csv and tables.xlsx; returns their paths relative to the folder.

    A table without rows gets no file. CSV files of an earlier report are replaced or removed.
    """
    target = folder / "tables"
    target.mkdir(exist_ok=True)
    for path in sorted(target.glob("*.csv")):
        path.unlink()
    filled = {}
    for name, sql in TABLES.items():
        path = target / f"{name}.csv"
        if write_csv(database, sql, path):
            filled[name] = sql
        else:
            path.unlink()
    write_xlsx(database, filled, folder / "tables.xlsx", _notes(database))
    return ["tables.xlsx", *(f"tables/{name}.csv" for name in filled)]


def _notes(database: Path) -> list[tuple[str, str]]:
    """What a reader of the workbook alone must know, in German and English."""
    rows: dict[str, str | None] = dict(query(database, "SELECT key, value FROM corpus_info")[1])
    notes = []
    for lang, remark in (("de", "notes"), ("en", "notes_en")):
        t = Messages(lang)
        notes.append((str(t("provenance.sheet_corpus")), rows.get(f"title_{lang}") or ""))
        if rows.get("fictional") == "true":
            notes.append((str(t("frame.fictional_mark")), t("frame.fictional_text").unescape()))
        notes += [(str(t("frame.note_heading")), text)] if (text := rows.get(remark)) else []
        for key in ("unit", "interval", "uncorrected", "causal"):
            notes.append((t(f"methods.{key}_head").unescape(), t(f"methods.{key}").unescape()))
    return notes
