"""`strategy-miner simulate`: the study that shows whether the intervals hold."""

from __future__ import annotations

from typing import Annotated

import typer

from strategy_miner import verbs_simulate
from strategy_miner.cli.terminal import QuietOption, counted


def simulate(
    corpora: Annotated[int, typer.Option("--corpora", min=1, help="Made corpora per scenario.")] = 2000,
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", help="Name, also several times; all; default: the three gated.")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes; the result is the same.")] = 1,
    quiet: QuietOption = False,
) -> None:
    """Simulate corpora whose truth is known: bias, coverage, error rates and power of every method, as Markdown."""
    for name in verbs_simulate.scenario_names(scenario or ()):
        with counted(name, quiet) as progress:
            study = verbs_simulate.simulate(name, corpora, workers=workers, progress=progress)
        print(verbs_simulate.study_text(study) + "\n", flush=True)
