"""The verbs of the robustness panel: all cells as they stand in the database, and any one of them computed again.

from strategy_miner import robustness, robustness_cell
robustness("demo")
robustness_cell("H1/found/all/counted/orientation/pooled", "demo")
"""

from __future__ import annotations

from typing import Any

from strategy_miner.errors import StrategyMinerError
from strategy_miner.verbs import project_settings, results

_PANEL = """
    SELECT cell, n_projects, difference, low, high, p, verdict, label, same_direction, holds FROM robustness
    ORDER BY estimand, is_primary DESC, difference, cell"""


def robustness(corpus: str | None = None) -> list[dict[str, Any]]:
    """The cells of the panel as the database of a corpus holds them, by estimand, the primary one first."""
    with results(corpus) as connection:
        found = connection.execute(_PANEL)
        columns = [column[0] for column in found.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def robustness_cell(cell: str, corpus: str | None = None) -> dict[str, Any]:
    """One cell computed again from a corpus's database, which is only read.

    Returns the columns of table robustness, and under `cohorts` the rows of table robustness_cohorts, under
    `arguments` what the figures follow from and the SQL that reads their source.

    Raises StrategyMinerError for an unknown cell, with the known ones, and for one that gives no figure.
    """
    from strategy_miner.analysis.robustness import Panel
    from strategy_miner.analysis.robustness_rows import cohort_rows, panel_row
    from strategy_miner.analysis.samples import Cohorts

    settings = project_settings()
    with results(corpus) as connection:
        panel = Panel(connection, Cohorts.read(connection), settings.analyse, settings.seed)
        found = panel.result(panel.named(cell))
        if found is None:
            remedy = "Choose a cell that `strategy-miner robustness` lists."
            raise StrategyMinerError("gives no figure: a cohort has no value under these choices", cell, remedy)
        primary = panel.primary[found.cell.estimand]
        first = found if found.cell == primary else panel.result(primary)
        known = [result for result in (first, found) if result is not None]
        names = {
            table: [row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
            for table in ("robustness", "robustness_cohorts")
        }
    return {
        **dict(zip(names["robustness"], panel_row(panel, found, known), strict=True)),
        "cohorts": [
            dict(zip(names["robustness_cohorts"], row, strict=True)) for row in cohort_rows(panel.cohorts, found)
        ],
        "arguments": panel.arguments(found),
    }
