"""What the page says of repeated passages, of call texts and of clusters without a code."""

from __future__ import annotations

from markupsafe import Markup

from strategy_miner.report.content import Row
from strategy_miner.report.part import Part
from strategy_miner.report.proof import proof
from strategy_miner.report.typography import measured

_KINDS = ("copy", "boilerplate", "echo", "within", "furniture")
_VERSIONS = ("no_copies", "no_echo", "neither")


class Confounders(Part):
    """A part of View."""

    @property
    def repetition(self) -> dict[str, dict[str, Row]]:
        """Rows of table repetition by kind and cohort, in the order in which they are shown."""
        rows = self.content.tables["repetition"]
        found = {kind: {row["cohort"]: row for row in rows if row["kind"] == kind} for kind in _KINDS}
        return {kind: cohorts for kind, cohorts in found.items() if cohorts}

    @property
    def text_versions(self) -> list[str]:
        """The versions besides all for which there are shares of text."""
        made = {row["version"] for row in self.content.tables["confounder_contrasts"] if row["estimand"] == "H3"}
        return [version for version in _VERSIONS if version in made]

    def version(self, estimand: str, version: str) -> Row | None:
        """The comparison of last and first cohort in a version; None where it has no difference."""
        for row in self.content.tables["confounder_contrasts"]:
            if (row["estimand"], row["version"]) == (estimand, version) and measured(row["difference"]):
                return row
        return None

    def version_value(self, estimand: str, version: str, cohort: str) -> Row | None:
        """The share of a cohort in a version, or None."""
        for row in self.content.tables["confounder_values"]:
            if (row["estimand"], row["version"], row["cohort"]) == (estimand, version, cohort):
                return row
        return None

    def moved_sentence(self, estimand: str, version: str) -> Markup | None:
        """By how much the difference between the cohorts moves without what is repeated, with the counts."""
        whole, row = self.version(estimand, "all"), self.version(estimand, version)
        if whole is None or row is None:
            return None
        sentence = self.t(
            f"confounders.moved_{estimand}", version=self.t(f"confounders.version_{version}"),
            left=self.f.n_of(row["left_out"], whole["n_segments"]), whole=self.f.points(whole["difference"]),
            now=self.f.points(row["difference"]), moved=self.f.points(row["moved"]),
            n=self.f.number(row["n_projects"]),
            first=self.cohort(row["cohort_from"]), last=self.cohort(row["cohort_to"]),
        )  # fmt: skip
        return proof(sentence, "confounders-versions", row["n_projects"])

    @property
    def copied_groups(self) -> list[list[Row]]:
        """The passages of the ten groups that stand in most projects; a passage once per project."""
        groups: dict[int, dict[str, Row]] = {}
        for row in self.content.tables["copied"]:
            groups.setdefault(row["group_id"], {}).setdefault(row["project_id"], row)
        return [list(rows.values()) for rows in groups.values()]

    def words_in(self, version: str, cohort: str) -> list[Row]:
        """The typical words of a cohort in a version."""
        rows = self.content.tables["word_versions"]
        return [row for row in rows if (row["version"], row["cohort"]) == (version, cohort)]

    def radar_counts(self, cluster_id: int) -> dict[str, Row]:
        """Where a cluster stands, by cohort."""
        return {row["cohort"]: row for row in self.content.tables["radar_cohorts"] if row["cluster_id"] == cluster_id}

    def radar_passages(self, cluster_id: int) -> list[Row]:
        """The most central passages of a cluster."""
        return [row for row in self.content.tables["radar_passages"] if row["cluster_id"] == cluster_id]
