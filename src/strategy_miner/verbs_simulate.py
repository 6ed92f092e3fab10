"""The verb simulate: made corpora whose truth is known, and whether the intervals hold it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from strategy_miner.analysis.simulation_study import Study

_COLUMNS = (
    "method", "quantity", "bias", "RMSE", "process interval covers", "width", "measurement interval covers", "width",
    "p <= .05",
)  # fmt: skip


def scenario_names(wanted: Sequence[str] = ()) -> list[str]:
    """The scenarios to run: the three gated ones if none is named; "all" takes all of them."""
    from strategy_miner.analysis import simulation_study

    return list(simulation_study.scenarios()) if "all" in wanted else list(wanted or simulation_study.GATED)


def simulate(
    scenario: str, corpora: int = 2000, *, workers: int = 1, progress: Callable[[int, int], None] | None = None
) -> Study:
    """Study a scenario.

    The first N corpora of a longer run are those of a run of N, and `workers` (processes) change nothing. `progress`
    is called with (done, all). Raises SettingsError for an unknown scenario.
    """
    from strategy_miner.analysis import simulation_study

    return simulation_study.study(scenario, corpora, workers=workers, progress=progress)


def study_text(study: Study) -> str:
    """A study as Markdown: its table, and what is asked of it."""
    from strategy_miner.analysis.simulation_study import CORPORA, gates
    from strategy_miner.coding.evaluate import table

    rows = [
        (row.method, row.quantity, _shown(row.bias, "+.4f"), _shown(row.rmse, ".4f"), _shown(row.process),
         _shown(row.process_width), _shown(row.measurement), _shown(row.measurement_width), _shown(row.rejected))
        for row in study.rows
    ]  # fmt: skip
    parts = [f"## {study.scenario.name}: {study.corpora} corpora", table(_COLUMNS, rows)]
    if asked := gates(study):
        if study.corpora < CORPORA:
            parts.append(f"The bands are meant for {CORPORA} corpora; fewer miss them by chance.")
        lines = [
            (gate.figure, f"{gate.low:.3f} to {gate.high:.3f}", _shown(gate.reached, ".4f"),
             "yes" if gate.passed else "MISSED")
            for gate in asked
        ]  # fmt: skip
        parts.append(table(("asked", "band", "reached", "within"), lines))
    return "\n\n".join(parts)


def _shown(value: float, form: str = ".3f") -> str:
    return "-" if math.isnan(value) else format(value, form)
