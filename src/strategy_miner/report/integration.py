"""What the page says of the measures of "integrated", and of topics declared, written and planned."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from markupsafe import Markup

from strategy_miner.report.content import Row
from strategy_miner.report.part import Part

_INDICATORS = (("H1", ""), ("H3", ""), ("H3_corrected", ""), ("I2", ""), ("I3", "fields"), ("I3", "codes"))
_KINDS = {"segments": ("declared_not_written", "written_not_declared"),
          "measures": ("declared_not_planned", "planned_not_declared")}  # fmt: skip
_COMMON = 15  # gaps that are counted by cohort


class Integration(Part):
    """A part of View."""

    @property
    def indicators(self) -> list[tuple[str, str]]:
        """The measures that have a value in any cohort."""
        return [pair for pair in _INDICATORS if self.content.has(*pair)]

    def indicator(self, estimand: str, code: str = "") -> Markup:
        return self.t("indicators.name_" + "_".join(filter(None, (estimand, code))))

    @property
    def unmeasured_indicators(self) -> list[Markup]:
        """What is not measured, and what it takes."""
        has = self.content.has
        texts = [] if has("I2") else [self.t("indicators.missing_text")]
        if not has("I3", "fields"):
            texts.append(self.t("indicators.missing_named" if has("I3", "codes") else "indicators.missing_measures"))
        return texts

    @property
    def unmeasured_emphasis(self) -> list[Markup]:
        """The comparisons that could not be made, and what they take."""
        texts = {"segments": "emphasis.missing_text", "measures": "emphasis.missing_measures"}
        return [self.t(text) for units, text in texts.items() if not self.both(units)]

    @cached_property
    def variants(self) -> dict[str, dict[str, Row]]:
        """Per rule the values by cohort; empty where nothing was measured."""
        rows: defaultdict[str, dict[str, Row]] = defaultdict(dict)
        for row in self.content.tables["mixing_variants"]:
            rows[row["variant"]][row["cohort"]] = row
        return dict(rows) if any(row["n_projects"] for of in rows.values() for row in of.values()) else {}

    @cached_property
    def correlations(self) -> list[dict[str, Row]]:
        """Pairs of measures with a correlation, each over all projects and within the cohorts."""
        rows: defaultdict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
        for row in self.content.tables["indicator_correlations"]:
            rows[row["one"], row["other"]][row["scope"]] = row
        return [scopes for scopes in rows.values() if scopes["all"]["rho"] is not None]

    def pair(self, row: Row) -> Markup:
        names = (self.indicator(*row[key].split("/")) for key in ("one", "other"))
        return Markup(" – ").join(names)

    def rho_range(self, row: Row) -> Markup:
        return self.f.number_range(row["low"], row["high"], 2)

    @property
    def changed_signs(self) -> Markup:
        """The pairs whose correlation has another sign within the cohorts, if one of the two is clear of 0."""
        pairs = [
            self.pair(of["all"]) for of in self.correlations
            if of["within"]["rho"] is not None and of["all"]["rho"] * of["within"]["rho"] < 0
            and any(row["low"] is not None and row["low"] * row["high"] > 0 for row in of.values())
        ]  # fmt: skip
        return Markup("; ").join(pairs)

    def both(self, units: str) -> bool:
        """Whether any project has declared fields and segments (or measures)."""
        return any(row["fields"] and row[units] for row in self.content.tables["emphasis_projects"])

    @property
    def gap_kinds(self) -> list[str]:
        """The kinds of gap that could be seen."""
        return [kind for units, kinds in _KINDS.items() if self.both(units) for kind in kinds]

    def gaps_of(self, kind: str) -> list[Row]:
        return [row for row in self.content.tables["gaps"] if row["kind"] == kind]

    def evidence_of(self, table: str, gap: Row) -> list[Row]:
        """The rows of gap_fields, gap_quotes or gap_measures that stand behind a gap."""
        return [row for row in self.content.tables[table] if row["rank"] == gap["rank"]]

    def gap_count(self, kind: str, code: str, cohort: str) -> Row | None:
        return self._counts.get((kind, code, cohort))

    @property
    def common_gaps(self) -> list[Row]:
        """The gaps that most projects have."""
        rows = [row for (_, code, cohort), row in self._counts.items() if code and not cohort and row["count"]]
        return sorted(rows, key=lambda row: -row["count"])[:_COMMON]

    def project_name(self, project_id: str) -> str:
        return str(self.content.project_of[project_id]["name"])

    def topic(self, code: str) -> str:
        row = next((row for row in self.content.tables["codes"] if row["id"] == code), None)
        return self.code_name(row) if row else code

    @cached_property
    def _counts(self) -> dict[tuple[str, str, str], Row]:
        return {(row["kind"], row["code"], row["cohort"]): row for row in self.content.tables["gap_counts"]}
