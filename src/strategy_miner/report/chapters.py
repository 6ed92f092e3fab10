"""What the page says of the further dimensions of the codebook and of measures."""

from __future__ import annotations

from functools import cached_property

from markupsafe import Markup

from strategy_miner.records import MEASURE_FORMS
from strategy_miner.report.content import Row
from strategy_miner.report.messages import message_table
from strategy_miner.report.part import Part

# In the order of the report; a dimension that a user adds to the codebook follows at the end.
BEFORE_MEASURES = ("sustainability", "technology", "participation", "actor", "organisation")
AFTER_MEASURES = ("programme_goal", "transfer")
IN_MEASURES = "measure_type"
_STATUS = ("quick_win", "implementation", "begun", "done", "")


class Chapters(Part):
    """A part of View."""

    @property
    def n_read(self) -> int:
        """Projects with a document that was read."""
        return int(self.content.coverage_of.get("", {}).get("projects_with_document") or 0)

    @property
    def dimensions_first(self) -> list[str]:
        """Dimensions with text to count in, before the measures."""
        return [name for name in BEFORE_MEASURES if name in self.content.exploratory_of]

    @property
    def dimensions_then(self) -> list[str]:
        """The others, after the measures."""
        placed = (*BEFORE_MEASURES, IN_MEASURES, *AFTER_MEASURES)
        others = [name for name in self.content.exploratory_of if name not in placed]
        return [*(name for name in AFTER_MEASURES if name in self.content.exploratory_of), *others]

    @property
    def unmeasured_dimensions(self) -> str:
        """The names of what was not measured because no document was read; '' where one was."""
        if self.n_read:
            return ""
        known = [row["dimension"] for row in self.content.tables["dimensions"]]
        first = [self.dimension(name) for name in BEFORE_MEASURES if name in known]
        then = [self.dimension(name) for name in known if name not in (*BEFORE_MEASURES, IN_MEASURES)]
        return ", ".join([*first, str(self.t("measures.heading")), *then])

    def dimension(self, name: str) -> str:
        """The name of a dimension of the codebook, in words where the messages know it."""
        key = f"dimensions.dimension_{name}"
        return str(self.t(key)) if key in message_table() else name.replace("_", " ")

    def about_dimension(self, name: str) -> Markup | str:
        """What a dimension is about; '' for one that the messages do not know."""
        key = f"dimensions.about_{name}"
        return self.t(key) if key in message_table() else ""

    def unfound(self, dimension: str) -> str:
        """Names of the codes of a dimension that no passage has."""
        rows = [row for row in self.content.tables["exploratory"] if row["dimension"] == dimension]
        return ", ".join(self.code_name(row) for row in rows if not row["cohort"] and not row["count"])

    @cached_property
    def _measured(self) -> dict[tuple[str, str, str], Row]:
        return {(row["subject"], row["value"], row["cohort"]): row for row in self.content.tables["measure_counts"]}

    def measured(self, subject: str, value: str, cohort: str) -> Row | None:
        """Counts of measures; None for a cohort without a document that was read."""
        return self._measured.get((subject, value, cohort))

    def measured_values(self, subject: str) -> list[str]:
        """The values of status or form that occur, in their order."""
        order = _STATUS if subject == "status" else MEASURE_FORMS
        return [value for value in order if (subject, value, "") in self._measured]

    def measured_codes(self, subject: str) -> list[tuple[str, str]]:
        """Codes that measures have, with their names, most frequent first."""
        names = {row["id"]: self.code_name(row) for row in self.content.tables["all_codes"]
                 if row["dimension"] == subject}  # fmt: skip
        rows = (row for row in self.content.tables["measure_counts"] if row["subject"] == subject and row["value"])
        return [(str(row["value"]), str(names.get(row["value"], row["value"]))) for row in rows if not row["cohort"]]

    def cost(self, cohort: str) -> Row | None:
        """What the measures of a cohort cost where that is stated; None without measures."""
        return next((row for row in self.content.tables["measure_costs"] if row["cohort"] == cohort), None)
