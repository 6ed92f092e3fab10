"""`strategy-miner shift`: the estimands by cohort or by any other column of the projects."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from strategy_miner import verbs_groups
from strategy_miner.cli.terminal import CorpusOption, QuietOption, print_json, print_table, status


def shift(
    by: Annotated[
        str, typer.Option("--by", help="cohort, or a column of projects.csv or of a further table.")
    ] = "cohort",
    within: Annotated[
        str | None, typer.Option("--within", help="Test again, labels permuted within the values of this column.")
    ] = None,
    corpus: CorpusOption = None,
    codes: Annotated[bool, typer.Option("--codes", help="Show the single codes (H2, H4) too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object with estimates and tests.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Compare groups of projects: shares with n and process interval, and whether the groups differ (exploratory)."""
    with status(f"comparing by {by}", quiet):
        found = verbs_groups.shift(by, within, corpus)
    chosen = {
        name: [row for row in rows if codes or (row["estimand"] != "H4" and row["code"] in ("", "ecology"))]
        for name, rows in found.items()
    }
    if json:
        print_json(chosen)
        return
    for rows in chosen.values():
        if rows:
            print_table(list(rows[0]), [tuple(_told(value) for value in row.values()) for row in rows])
    print("Exploratory: no verdict. Raw shares of text (uncorrected) are not tested.")


def _told(value: Any) -> Any:
    return f"{value:.4f}" if isinstance(value, float) else value
