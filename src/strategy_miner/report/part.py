"""What every part of a page in one language has, and the names of cohorts and codes in that language."""

from __future__ import annotations

from strategy_miner.report.content import Content, Row
from strategy_miner.report.messages import Messages
from strategy_miner.report.typography import Typography


class Part:
    """A part of View, which sets these."""

    content: Content
    lang: str
    t: Messages
    f: Typography

    def cohort(self, value: str | None) -> str:
        """The name of a cohort; '' stands for all projects, None for those outside the cohorts."""
        if value is None:
            return self.t("frame.no_cohort")
        return self.content.cohort_name(value, self.lang) if value else self.t("frame.all_cohorts")

    def code_name(self, code: Row) -> str:
        """The name of a code, in German where there is no other."""
        return str(code[f"name_{self.lang}"] or code["name_de"] or code["id"])
