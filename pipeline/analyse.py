"""Stage analyse: coded.duckdb -> build/<corpus>/strategy.duckdb with the result tables, and metrics.json."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import run
from strategy_miner.analysis import analyse, write_metrics
from strategy_miner.settings import Settings


def main(name: str) -> None:
    settings = Settings.load()
    build = Path("build", name)
    # A generated corpus keeps its truth beside its PDFs; real ones have none.
    truth = settings.pdf_folder(name).parent / "truth"
    analyse(build / "coded.duckdb", build / "strategy.duckdb", settings.analyse, settings.seed, truth)
    write_metrics(build / "strategy.duckdb", build / "metrics.json")


if __name__ == "__main__":
    run(main, sys.argv[1:])
