"""What the page says of single projects, and of what a cohort has more of than the others."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from markupsafe import Markup

from strategy_miner.report.content import Row
from strategy_miner.report.part import Part


class Profiles(Part):
    """A part of View."""

    def typical(self, cohort: str, basis: str, of_field: bool = True) -> list[Row]:
        """Codes that a cohort has more of than the others, of the dimension field or of all others."""
        rows = self.content.tables["typical_codes"]
        mine = [row for row in rows if (row["cohort"], row["basis"]) == (cohort, basis)]
        return [row for row in mine if (row["dimension"] == "field") is of_field]

    @cached_property
    def _of_project(self) -> dict[tuple[str, str], list[Row]]:
        found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        for name in ("profile_codes", "profile_less", "profile_gaps", "profile_measures", "neighbours"):
            for row in self.content.tables[name]:
                found[name, row["project_id"]].append(row)
        return dict(found)

    def profile(self, table: str, project_id: str) -> list[Row]:
        """The rows of one of the tables of profiles for a project."""
        return self._of_project.get((table, project_id), [])

    def project_value(self, project_id: str, estimand: str) -> Row | None:
        """The project's own value of H1 or H3, or None."""
        rows = self.content.tables["profile_values"]
        return next((r for r in rows if (r["project_id"], r["estimand"]) == (project_id, estimand)), None)

    def is_read(self, project_id: str) -> bool:
        """Whether a document of the project was read."""
        return any(row["status"] == "read" for row in self.content.documents_of.get(project_id, []))

    @cached_property
    def _field_names(self) -> dict[str, str]:
        return {row["id"]: self.code_name(row) for row in self.content.tables["codes"]}

    def topics(self, codes: list[str]) -> str:
        """Names of codes of the dimension field."""
        return ", ".join(self._field_names.get(code, code) for code in codes)

    def shown_gap(self, rank: int) -> bool:
        """Whether the section on gaps shows it with its evidence."""
        return any(row["rank"] == rank for row in self.content.tables["gaps"])

    def profile_line(self, project: Row) -> Markup:
        """Type and what is at hand of a project, for the line under which its profile opens."""
        project_id = project["project_id"]
        parts = [Markup("{}").format(project["municipality_type"])] if project["municipality_type"] else []
        fields = len(self.content.fields_of.get(project_id, []))
        if fields:
            parts.append(self.t("profiles.n_field" if fields == 1 else "profiles.n_fields", n=self.f.number(fields)))
        if self.is_read(project_id):
            n = len(self.profile("profile_measures", project_id))
            parts.append(self.t("profiles.n_measure" if n == 1 else "profiles.n_measures", n=self.f.number(n)))
        else:
            parts.append(self.t("profiles.unread"))
        return Markup(", ").join(parts)
