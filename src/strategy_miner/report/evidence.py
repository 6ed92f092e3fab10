"""What the page says of coverage, of published figures and of other groups of projects, in words and figures."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup, escape

from strategy_miner.report.content import Row
from strategy_miner.report.messages import message_table
from strategy_miner.report.part import Part


class Evidence(Part):
    """A part of View."""

    def per_cohort(self, key: str) -> Markup:
        """A count of projects for each cohort: "Staffel 1: 6 von 10, Staffel 2: ..."."""
        rows = [
            self.content.coverage_of[cohort] for cohort in self.content.cohorts if cohort in self.content.coverage_of
        ]
        parts = [
            Markup("{}: {}").format(self.cohort(row["cohort"]), self.f.n_of(row[key], row["projects"])) for row in rows
        ]
        return Markup(", ").join(parts)

    def missing_projects(self, what: str) -> dict[str | None, list[Row]]:
        """Projects that lack something, by cohort; None holds those outside the cohorts."""
        rows = [row for row in self.content.tables["missing_projects"] if row["what"] == what]
        return {c: found for c in [*self.content.cohorts, None] if (found := [r for r in rows if r["cohort"] == c])}

    @property
    def scope(self) -> str:
        """What the results do not extend to, as the corpus says it; may be empty."""
        return self.content.info.get("scope_en" if self.lang == "en" else "scope", "")

    @property
    def bounds(self) -> list[Row]:
        """Bounds per cohort of what was measured, where projects are missing."""
        order = [*self.content.cohorts, ""]
        rows = [row for row in self.content.tables["bounds"] if row["cohort"] in order and self._bounded(row)]
        return sorted(rows, key=lambda row: (row["estimand"], order.index(row["cohort"])))

    @property
    def contrast_bounds(self) -> list[Row]:
        """Bounds of the comparison of last and first cohort, where it could be made and projects are missing."""
        rows = self.content.tables["contrast_bounds"]
        return [row for row in rows if row["difference"] is not None and row["n_missing"]]

    def _bounded(self, row: Row) -> bool:
        key = row["estimand"], row["code"]
        some = any(r["n_missing"] for r in self.content.tables["bounds"] if (r["estimand"], r["code"]) == key)
        return some and self.content.estimate(row["estimand"], "", row["code"]) is not None

    def published_with(self, result: str) -> list[Row]:
        return [row for row in self.content.tables["published"] if row["result"] == result]

    def published_subject(self, row: Row) -> Markup | str:
        """What a figure counts; one that the program does not know as its file writes it."""
        return (
            self.t(f"published.subject_{row['subject']}", value=row["scope_value"])
            if row["subject"]
            else row["quantity"]
        )

    def published_scope(self, row: Row) -> str:
        kind = row["scope_kind"]
        if kind in ("all", "programme"):
            return self.t(f"published.scope_{kind}")
        return self.cohort(row["scope_value"]) if kind == "cohort" else row["scope_value"] or row["scope"]

    def published_figure(self, row: Row) -> Markup:
        """The published figure with its base, and whether it is a lower bound or approximate."""
        figure = self._amount(row, row["published"], row["denominator"], row["places"])
        if row["unit"] == "share" and row["kind"] == "approximate":
            figure = self.f.percent(row["published"], 0)
        key = f"published.kind_{row['kind']}"
        return self.t(key, value=figure) if key in message_table() else figure

    def computed_figure(self, row: Row) -> Markup:
        if row["computed"] is None:
            return self.f.missing
        whole = row["computed_denominator"] if row["denominator"] is not None else None
        figure = self._amount(row, row["computed"], whole, 2)
        if row["unit"] == "share":
            return Markup("{}<br>n&nbsp;=&nbsp;{}").format(
                figure, self.t("published.unit_measures", value=self.f.number(row["computed_denominator"]))
            )
        return figure

    def _amount(self, row: Row, value: float, whole: float | None, places: int) -> Markup:
        if row["unit"] == "share":
            return self.f.percent(value)
        if row["unit"] == "Mio. EUR":
            return self.t("published.unit_mio_eur", value=self.f.number(value, places))
        if row["unit"] in ("projects", "measures"):
            return self.f.n_of(int(value), int(whole)) if whole else self.f.number(value)
        return Markup("{} {}").format(self.f.number(value, places), row["unit"])

    def published_result(self, row: Row) -> Markup:
        """How the two compare, and why not."""
        values: dict[str, Any] = {**json.loads(row["parameters"]), "id": self._code(row["id"])}
        values |= {key: values.get(key, row[key]) for key in ("scope", "unit")}
        if "of" in values:
            values["n"] = self.f.n_of(values["n"], values["of"])
        values |= {key: self.f.number(values[key]) for key in ("low", "high", "corpus") if key in values}
        values |= {key: self._code(values[key]) for key in ("column", "code") if key in values}
        if row["difference"] is not None:
            values["difference"] = self._difference(row)
        if row["result"] == "agrees":
            return self.t("published.agrees")
        if row["result"] == "differs":
            return self.t(f"published.reason_{row['reason']}" if row["reason"] else "published.differs", **values)
        return self.t("published.not_compared", reason=self.t(f"published.reason_{row['reason']}", **values))

    def _difference(self, row: Row) -> Markup:
        if row["unit"] == "share":
            return self.f.points(row["difference"])
        places = 0 if row["unit"] in ("projects", "measures") else 2
        return Markup('<data value="{}">{}</data>').format(
            round(row["difference"], 6), escape(self.f.plain(row["difference"], places, signed=True))
        )

    @property
    def missing_columns(self) -> dict[str, list[Row]]:
        """Columns that published figures need and nobody supplied, with these figures."""
        found: dict[str, list[Row]] = {}
        for row in self.content.tables["published"]:
            if row["reason"] == "no_column":
                found.setdefault(json.loads(row["parameters"])["column"], []).append(row)
        return found

    def column_name(self, column: str) -> Markup:
        """A column in words where the messages know it."""
        key = f"groups.column_{column}"
        return self.t(key) if key in message_table() else self._code(column)

    def groups_of(self, column: str) -> dict[str, dict[str, Row]]:
        """Estimates of H1, H2 (ecology) and H3 by group of a column, in the order of the groups."""
        found: dict[str, dict[str, Row]] = {}
        for row in self.content.tables["group_estimates"]:
            if row["column_name"] == column:
                found.setdefault(row["group_name"], {})[row["estimand"]] = row
        return found

    def has_group_text(self, column: str) -> bool:
        return bool(self.group_label(column, "H3"))

    def group_label(self, column: str, estimand: str) -> str:
        """How sure an estimate is by its label; '' where no group has a value."""
        rows = (rows[estimand] for rows in self.groups_of(column).values())
        return next((str(row["label"]) for row in rows if row["n_projects"]), "")

    def group_name(self, row: Row) -> Markup | str:
        """A value as it stands, a class of numbers by its ends."""
        if row["value_low"] is None:
            return str(row["group_name"])
        ends = {
            end: self.f.number(row[f"value_{end}"], 0 if float(row[f"value_{end}"]).is_integer() else 2)
            for end in ("low", "high")
        }
        return self.t("groups.range", **ends)

    def group_tests(self, column: str) -> list[Row]:
        """What was tested for a column."""
        rows = self.content.tables["group_contrasts"]
        return [row for row in rows if row["column_name"] == column and row["p"] is not None]

    def group_codes(self, column: str) -> list[Row]:
        """The tests of single codes as names of fields."""
        rows = self.group_tests(column)
        return [row for row in rows if row["estimand"] == "H2" and row["code"] != "ecology"]

    def code_names(self, rows: list[Row]) -> str:
        """Names of the codes of rows, those of smallest p first."""
        names = {row["id"]: row[f"name_{self.lang}"] or row["name_de"] for row in self.content.tables["codes"]}
        return ", ".join(str(names.get(row["code"], row["code"])) for row in sorted(rows, key=lambda row: row["p"]))

    def _code(self, text: str) -> Markup:
        return Markup("<code>{}</code>").format(text)
