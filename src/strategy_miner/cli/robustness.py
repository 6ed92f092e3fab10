"""`strategy-miner robustness`: the result under other choices of measurement."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from strategy_miner import verbs_robustness
from strategy_miner.cli.terminal import CorpusOption, print_json, print_table

_COHORTS = ("cohort", "n_projects", "n_units", "value", "low", "high")


def robustness(
    corpus: CorpusOption = None,
    cell: Annotated[
        str | None, typer.Option("--cell", help="Compute this cell again; without it the whole panel is listed.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object per cell.")] = False,
) -> None:
    """Compare the cohorts again under other choices of measurement: the panel, or one cell with all behind it."""
    if cell is None:
        rows = verbs_robustness.robustness(corpus)
        if json:
            for row in rows:
                print_json(row)
        elif rows:
            print_table(list(rows[0]), [tuple(_told(value) for value in row.values()) for row in rows])
        else:
            print("No cells: there are no two cohorts with values to compare.")
        return
    found = verbs_robustness.robustness_cell(cell, corpus)
    if json:
        print_json(found)
        return
    cohorts, arguments = found.pop("cohorts"), found.pop("arguments")
    for name, value in found.items():
        if value not in (None, ""):
            print(f"{name}: {_told(value)}")
    print_table(list(_COHORTS), [tuple(_told(row[name]) for name in _COHORTS) for row in cohorts])
    for text in arguments.pop("sql"):
        print(f"\n{text};")
    print("\n" + ", ".join(f"{name} = {value}" for name, value in arguments.items()))


def _told(value: Any) -> Any:
    return round(value, 6) if isinstance(value, float) else value
