"""What the report shows, read from strategy.duckdb once and looked up by key. Nothing is computed here."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from strategy_miner.report.chapter_tables import TABLES as CHAPTERS
from strategy_miner.report.confounder_tables import TABLES as CONFOUNDERS
from strategy_miner.report.pictures import FOLDER, Pictures
from strategy_miner.report.typography import HARD, measured

Row = dict[str, Any]

# A corrected share is an estimand of its own here, H3_corrected beside H3: every look-up says which one it wants.
_APART = "REPLACE (estimand || CASE label WHEN 'corrected' THEN '_corrected' ELSE '' END AS estimand)"
_LARGEST = "row_number() OVER (PARTITION BY kind ORDER BY rank) <= 5"  # the page shows five gaps of each kind
_TABLES = {
    "corpus_info": "FROM corpus_info ORDER BY key",
    "runs": "FROM runs ORDER BY key",
    "projects": "FROM projects ORDER BY cohort_order NULLS LAST, lower(strip_accents(name)), project_id",
    "documents": "FROM documents ORDER BY lower(file), document_id",
    "project_documents": "FROM project_documents ORDER BY project_id, document_id",
    "unread": "SELECT document_id, page, reason FROM pages WHERE grade = 'unread' ORDER BY document_id, page, reason",
    "codes": "FROM codes WHERE dimension = 'field'",
    "declared": "FROM declared ORDER BY project_id, document_id, page, field_name, id",
    "declared_by_cohort": "FROM declared_by_cohort",
    "failures": "FROM failures ORDER BY lower(file), stage, error, message",
    "coverage": "FROM coverage",
    "estimates": f"SELECT * {_APART} FROM estimates "
    "ORDER BY estimand, code, cohort, interval = 'measurement', interval",
    "dots": "FROM project_values WHERE (estimand, code) IN (('H1', ''), ('H3', ''), ('I2', ''), ('I3', 'fields')) "
    "ORDER BY estimand, value, project_id",
    "values": """
        SELECT v.*, p.name FROM (
            SELECT estimand, code, project_id, cohort, numerator, denominator, value FROM project_values
            WHERE code IN ('', 'ecology', 'fields', 'codes') AND estimand <> 'H4'
            UNION ALL
            SELECT 'H3_corrected', '', project_id, cohort, NULL, n_labels, value FROM corrected_projects
        ) AS v JOIN projects AS p USING (project_id)
        ORDER BY v.estimand, v.code, p.cohort_order NULLS LAST, lower(strip_accents(p.name)), project_id""",
    "bounds": "FROM bounds WHERE code IN ('', 'ecology') ORDER BY estimand, code, cohort",
    "missing_projects": "FROM missing_projects",
    "contrast_bounds": "FROM contrast_bounds ORDER BY estimand, code",
    "published": "FROM published",
    "contrasts": f"SELECT * {_APART} FROM contrasts ORDER BY estimand, code",
    "corrections": "FROM corrections ORDER BY rowid",
    "drift": "FROM drift ORDER BY rowid",
    "coder_band": "FROM coder_band",
    "coder_agreement": "FROM coder_agreement ORDER BY rowid",
    "gold_codes": "FROM gold_codes",
    "gold_notes": "FROM gold_notes ORDER BY kind, file",
    "group_columns": "FROM group_columns",
    "group_estimates": """FROM group_estimates
        WHERE estimand IN ('H1', 'H3') OR code = 'ecology' ORDER BY column_name, place, estimand""",
    "group_contrasts": "FROM group_contrasts ORDER BY column_name, estimand, code",
    "stratified_trend": "FROM stratified_trend ORDER BY within, estimand, code",
    "tests": "FROM tests WHERE code IN ('', 'ecology') ORDER BY estimand, code, rowid",
    "effects": "FROM effects WHERE code IN ('', 'ecology') ORDER BY estimand, code, rowid",
    "name_bands": "FROM name_bands ORDER BY estimand, code, cohort",
    "deciders": "FROM deciders ORDER BY estimand, code, rowid",
    "quotes": "FROM quotes WHERE dimension = 'field' ORDER BY code, rank",
    "exploratory": """
        SELECT e.*, k.name_de, k.name_en, k.definition_de FROM exploratory AS e
        JOIN (SELECT *, rowid AS place FROM codes) AS k ON k.dimension = e.dimension AND k.id = e.code
        WHERE e.n_units > 0 ORDER BY k.place, e.cohort""",
    "exploratory_quotes": "FROM quotes WHERE dimension <> 'field' ORDER BY dimension, code, rank",
    "typical_words": "FROM typical_words ORDER BY cohort, rank",
    "robustness": "SELECT *, rowid AS place FROM robustness ORDER BY rowid",
    "robustness_summary": "FROM robustness_summary ORDER BY rowid",
    "robustness_codes": "FROM robustness_codes WHERE cohort <> ''",
    "mixing_variants": "FROM mixing_variants",
    "indicator_correlations": "FROM indicator_correlations WHERE scope <> 'cohort'",
    "emphasis_projects": "SELECT DISTINCT project_id, fields, segments, measures FROM emphasis ORDER BY project_id",
    "gaps": f"FROM gaps QUALIFY {_LARGEST} ORDER BY rank",
    "gap_fields": f"""
        SELECT g.rank, d.id, d.field_name, d.page FROM gaps AS g
        JOIN declared AS d ON d.project_id = g.project_id AND list_contains(g.field_ids, d.id)
        WHERE g.rank IN (SELECT rank FROM gaps QUALIFY {_LARGEST})
        ORDER BY g.rank, list_position(g.field_ids, d.id)""",
    "gap_quotes": f"""
        SELECT g.rank, s.id AS segment_id, g.project_id, p.name AS project, p.cohort, s.page,
            coalesce(s.heading_path[-1], '') AS heading, s.text, (SELECT max(c.p) FROM codings AS c
                WHERE c.unit_id = s.id AND c.dimension = 'field' AND c.code = g.code) AS p
        FROM gaps AS g JOIN projects AS p USING (project_id) JOIN segments AS s ON list_contains(g.segment_ids, s.id)
        WHERE g.rank IN (SELECT rank FROM gaps QUALIFY {_LARGEST})
        ORDER BY g.rank, list_position(g.segment_ids, s.id)""",
    "gap_measures": f"""
        SELECT g.rank, m.id, m.title, m.page FROM gaps AS g JOIN measures AS m ON list_contains(g.measure_ids, m.id)
        WHERE g.rank IN (SELECT rank FROM gaps QUALIFY {_LARGEST})
        ORDER BY g.rank, list_position(g.measure_ids, m.id)""",
    "gap_counts": "FROM gap_counts",
    "planted": "FROM planted ORDER BY quantity, cohort",
    **CONFOUNDERS,
    **CHAPTERS,
}


@dataclass(frozen=True)
class Content:
    """The tables behind a report. `tables` maps the names of _TABLES to rows; see docs of the store for columns."""

    tables: dict[str, list[Row]]
    pictures: Pictures = field(default_factory=Pictures)

    def __getattr__(self, name: str) -> list[Row]:
        """The rows of a table, so that templates read `content.quotes`."""
        try:
            return self.__dict__["tables"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None

    @cached_property
    def info(self) -> dict[str, str]:
        """corpus_info as key -> value."""
        return {row["key"]: row["value"] or "" for row in self.tables["corpus_info"]}

    @cached_property
    def fictional(self) -> bool:
        return self.info.get("fictional") == "true"

    @cached_property
    def cohorts(self) -> list[str]:
        """The cohort values in the order of corpus.yaml."""
        return [str(value) for value in json.loads(self.info.get("cohort_values") or "[]")]

    @cached_property
    def coverage_of(self) -> dict[str, Row]:
        return {row["cohort"]: row for row in self.tables["coverage"]}

    @cached_property
    def project_of(self) -> dict[str, Row]:
        return {row["project_id"]: row for row in self.tables["projects"]}

    @cached_property
    def document_of(self) -> dict[str, Row]:
        return {row["document_id"]: row for row in self.tables["documents"]}

    @cached_property
    def counts_of(self) -> dict[str, Row]:
        return {row["cohort"]: row for row in self.tables["declared_by_cohort"]}

    @cached_property
    def projects_in(self) -> dict[str | None, list[Row]]:
        """Projects by cohort; None holds those outside the cohorts."""
        return _grouped(self.tables["projects"], "cohort")

    @cached_property
    def documents_of(self) -> dict[str, list[Row]]:
        """Documents by project."""
        groups: defaultdict[str, list[Row]] = defaultdict(list)
        for pair in self.tables["project_documents"]:
            if pair["document_id"] in self.document_of:
                groups[pair["project_id"]].append(self.document_of[pair["document_id"]])
        return dict(groups)

    @cached_property
    def fields_of(self) -> dict[str, list[Row]]:
        """Declared fields by project."""
        return _grouped(self.tables["declared"], "project_id")

    @cached_property
    def quotes_of(self) -> dict[str, list[Row]]:
        """Quotes by code."""
        return _grouped(self.tables["quotes"], "code")

    @cached_property
    def exploratory_of(self) -> dict[str, dict[str, list[Row]]]:
        """Shares of text by dimension and code, in the order of the codebooks; only codes that occur."""
        found = {(row["dimension"], row["code"]) for row in self.tables["exploratory"] if row["count"]}
        groups = _grouped(self.tables["exploratory"], "dimension")
        return {
            dimension: {code: of for code, of in _grouped(rows, "code").items() if (dimension, code) in found}
            for dimension, rows in groups.items()
        }

    def exploratory_quotes_of(self, dimension: str, code: str) -> list[Row]:
        """The best passages of a code outside the dimension field."""
        rows = self.tables["exploratory_quotes"]
        return [row for row in rows if (row["dimension"], row["code"]) == (dimension, code)]

    @cached_property
    def words_of(self) -> dict[str, list[Row]]:
        """Typical words by cohort."""
        return _grouped(self.tables["typical_words"], "cohort")

    @cached_property
    def unread_of(self) -> dict[str, list[Row]]:
        """Unread pages by document."""
        return _grouped(self.tables["unread"], "document_id")

    @cached_property
    def analyse_params(self) -> dict[str, Any]:
        """The parameters of the analysis as the provenance keeps them; empty if it has none."""
        text = next((row["value"] for row in self.tables["runs"] if row["key"] == "params analyse"), "{}")
        return dict(json.loads(text))

    @property
    def pdf_folder(self) -> str:
        """Where the user puts PDF files."""
        return f"corpus/{self.info.get('name', '')}/pdf"

    @cached_property
    def _estimates(self) -> dict[tuple[str, str, str], list[Row]]:
        groups: defaultdict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in self.tables["estimates"]:
            groups[row["estimand"], row["cohort"], row["code"]].append(row)
        return dict(groups)

    def estimate(self, estimand: str, cohort: str, code: str = "", interval: str = "") -> Row | None:
        """The estimate with that interval (default: the first there is), or None if it was not measured."""
        rows = self._estimates.get((estimand, cohort, code), [])
        return next((r for r in rows if measured(r["value"]) and interval in ("", r["interval"])), None)

    def intervals(self, estimand: str) -> list[str]:
        """The kinds of interval that any estimate of an estimand really has."""
        kinds = {row["interval"] for row in self.tables["estimates"] if _has_interval(row, estimand)}
        return [kind for kind in ("process", "wilson", "measurement") if kind in kinds]

    def has(self, estimand: str, code: str = "") -> bool:
        """Whether any cohort has a value of this estimand."""
        return any(self.estimate(estimand, cohort, code) for cohort in self.cohorts)

    def spread(self, estimand: str, code: str) -> bool:
        """Whether any cohort has an interval, that is projects that differ."""
        found = (self.estimate(estimand, cohort, code) for cohort in self.cohorts)
        return any(row is not None and measured(row["low"]) for row in found)

    def contrast(self, estimand: str, code: str = "") -> Row | None:
        """The comparison of last and first cohort, or None."""
        rows = self.tables["contrasts"]
        return next((row for row in rows if (row["estimand"], row["code"]) == (estimand, code)), None)

    def ranked(self, estimand: str, cohort: str = "", kind: str = "") -> list[tuple[Row, Row]]:
        """Pairs (code, estimate) of the codes measured for a cohort, highest value first."""
        pairs = [(code, self.estimate(estimand, cohort, code["id"])) for code in self.tables["codes"]]
        there = [(code, row) for code, row in pairs if row is not None and kind in ("", code["kind"])]
        return sorted(there, key=lambda pair: (-pair[1]["value"], pair[0]["id"]))

    def cohort_label(self, lang: str) -> str:
        """What a cohort is called in this corpus, for example "Staffel"; may be empty."""
        return self.info.get("cohort_label_en" if lang == "en" else "cohort_label") or self.info.get("cohort_label", "")

    def cohort_name(self, cohort: str, lang: str) -> str:
        """ "Staffel 1": the label of the cohort column and the value, kept on one line."""
        label = self.cohort_label(lang)
        return f"{label}{HARD}{cohort}" if label else cohort


def read_content(database: Path) -> Content:
    """All that the report shows. Raises StoreError if the database is missing, locked or of another schema."""
    from strategy_miner.store.database import connect, query
    from strategy_miner.store.schema import demand_schema

    with connect(database) as connection:
        demand_schema(connection, database)
    tables = {}
    for name, sql in _TABLES.items():
        columns, rows = query(database, sql)
        tables[name] = [dict(zip(columns, row, strict=True)) for row in rows]
    return Content(tables, Pictures.read(database.parent / FOLDER))


def _grouped(rows: list[Row], key: str) -> dict[Any, list[Row]]:
    groups: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return dict(groups)


def _has_interval(row: Row, estimand: str) -> bool:
    return row["estimand"] == estimand and measured(row["low"]) and measured(row["high"])
