"""Shares of text with the labels of people beside them, as the template corrected.html.j2 asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from strategy_miner.report.content import Content, Row

AGREED = ("sets", "coded", "integrated")  # of table coder_agreement; those of single codes are in the exported tables


@dataclass(frozen=True)
class CorrectedView:
    """What there is where people labelled text."""

    content: Content

    @cached_property
    def of(self) -> dict[str, Row]:
        """Labels and spread by cohort."""
        return {row["cohort"]: row for row in self.content.corrections}

    @property
    def contrast(self) -> Row | None:
        """The corrected difference between the last and the first cohort, if both have a value."""
        row = self.content.contrast("H3_corrected")
        return row if row and row["difference"] is not None else None

    @cached_property
    def band(self) -> dict[tuple[str, str], Row]:
        """Random settlements by quantity (share, difference) and cohort."""
        return {(row["quantity"], row["cohort"]): row for row in self.content.coder_band}

    @cached_property
    def panels(self) -> list[list[Row]]:
        """The drift panel: of the codes behind the raw shares, then of the scores that are corrected."""
        last = self.content.corrections[0]["scores"]
        wanted = ((self.content.drift[0]["scores"], "codes"), (last, "probabilities"))
        return [
            [row for row in self.content.drift if (row["scores"], row["raw_from"], row["figure"]) == (*pair, figure)]
            for pair in wanted
            for figure in ("integrated", "coded")
        ]

    @property
    def agreement(self) -> list[Row]:
        """How far coders agree, without the single codes."""
        return [row for row in self.content.coder_agreement if row["what"] in AGREED]

    @cached_property
    def codes(self) -> list[tuple[Row, Row]]:
        """Pairs (code, how the classifier does on it) of codes that anybody gave, most labels first."""
        known = {code["id"]: code for code in self.content.codes}
        pairs = [(known[row["code"]], row) for row in self.content.gold_codes if row["positives"] or row["given"]]
        return sorted(pairs, key=lambda pair: (-pair[1]["positives"], pair[0]["id"]))
