"""Stage report: strategy.duckdb -> build/<corpus>/report/ (index.html, tables, charts). Computes nothing."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import run
from strategy_miner.report import write_report
from strategy_miner.settings import Settings


def main(name: str) -> None:
    build = Path("build", name)
    print(write_report(build / "strategy.duckdb", build / "report", Settings.load().report))


if __name__ == "__main__":
    run(main, sys.argv[1:])
