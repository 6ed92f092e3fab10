"""What the page says of the measurement of names and of what would decide a verdict, in sentences.

Figures come from the tables name_bands, deciders, estimates and coverage; words from the messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from strategy_miner.report.content import Content, Row
from strategy_miner.report.messages import Messages
from strategy_miner.report.typography import Typography, measured
from strategy_miner.report.verdict import VERDICT_KEYS


class Deciding:
    """Sentences on one estimand of declared fields, H1 or H2 with the code ecology."""

    def __init__(self, content: Content, t: Messages, f: Typography) -> None:
        self.content, self.t, self.f = content, t, f

    def band(self, estimand: str, cohort: str = "", code: str = "") -> Row | None:
        """The row of name_bands, or None."""
        key = (estimand, cohort, code)
        rows = self.content.tables["name_bands"]
        return next((row for row in rows if (row["estimand"], row["cohort"], row["code"]) == key), None)

    def names(self, estimand: str, code: str = "") -> Markup | None:
        """How many of the names the machine set, and whether its error was measured."""
        row = self.band(estimand, code=code)
        if row is None or not row["names"]:
            return None
        values = {"machine": self.f.n_of(row["names_machine"], row["names"]), "names": self.f.number(row["names"])}
        if not row["names_machine"]:
            key = "names_confirmed"
        else:
            key = "names_machine" if measured(row["count_low"]) else "names_unmeasured"
        told = self.t(f"result.{key}", **values)
        if not row["names_disputed"]:
            return told
        disputed = self.t("result.names_disputed", n=self.f.number(row["names_disputed"]))
        return Markup("{} {}").format(told, disputed)

    def count_range(self, cohort: str) -> Markup | None:
        """ "21 bis 31": the measurement interval of the number of projects with an ecological field."""
        row = self.band("H2", cohort, "ecology")
        if row is None or not measured(row["count_low"]):
            return None
        return self.t("result.range", low=self.f.number(row["count_low"]), high=self.f.number(row["count_high"]))

    def sentences(self, estimand: str, code: str = "") -> list[Markup]:
        """What would decide the verdict, or how far it carries; empty where nothing was computed."""
        rows = [row for row in self.content.tables["deciders"] if (row["estimand"], row["code"]) == (estimand, code)]
        by = {row["question"]: row for row in rows if not row["cohort"]}
        contrast = self.content.contrast(estimand, code)
        if contrast is None or "now" not in by or not measured(contrast["difference"]):
            return []
        return [*self._reach(by), *self._missing(by), *self._needed(by, rows, contrast)]

    def _reach(self, by: dict[str, Row]) -> Iterator[Markup]:
        now = by["now"]
        if measured(now["value"]):
            yield self.t("result.decide_now", **self._values(now))
        if "all known" in by and measured(by["all known"]["low"]):
            key = "decide_all" if now["verdict"] == "undecided" else "decide_all_settled"
            yield self.t(f"result.{key}", **self._values(by["all known"]))

    def _missing(self, by: dict[str, Row]) -> Iterator[Markup]:
        if "missing down" in by and "missing up" in by:
            down, up = (self._values(by[f"missing {way}"]) for way in ("down", "up"))
            values = {"down": down["difference"], "up": up["difference"], "n": down["n"]}
            yield self.t("result.decide_missing", **values, verdict_down=down["verdict"], verdict_up=up["verdict"])

    def _needed(self, by: dict[str, Row], rows: list[Row], contrast: Row) -> Iterator[Markup]:
        for verdict in ("shift", "no relevant shift"):
            row = by.get(f"needed for {verdict}")
            if row is None:
                continue
            cohorts = [r for r in rows if r["question"] == row["question"] and r["cohort"]]
            values = self._values(row) | {"difference": self.f.points(contrast["difference"])}
            values["sizes"] = Markup(", ").join(self._size(r) for r in cohorts)
            values["all"] = self.f.number(self.content.coverage_of[""]["projects"])
            key = ("possible" if row["possible"] else "impossible") if cohorts else "never"
            yield self.t(f"result.decide_{key}", **values)

    def _size(self, row: Row) -> Markup:
        name = self.content.cohort_name(row["cohort"], self.t.lang)
        known = self.content.estimate(row["estimand"], row["cohort"], row["code"])
        values = {"cohort": name, "n": self.f.number(row["n_projects"])}
        values["known"] = self.f.number(known["n_projects"] if known else None)
        values["there"] = self.f.number(self.content.coverage_of[row["cohort"]]["projects"])
        return self.t("result.decide_size", **values)

    def _values(self, row: Row) -> dict[str, Any]:
        return {
            "n": self.f.number(row["n_projects"]),
            "value": self.f.points(row["value"], signed=False, word=False),
            "difference": self.f.points(row["value"]),
            "range": self.f.points_range(row["low"], row["high"]),
            "verdict": self.t(f"result.verdict_{VERDICT_KEYS.get(row['verdict'], 'empty')}"),
        }
