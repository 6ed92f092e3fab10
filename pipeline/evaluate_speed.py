"""Print speed beside pdfplumber, or memory: python -m pipeline.evaluate_speed ../shared/real [--sample N | --memory]"""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline import errors_told
from strategy_miner.reading.evaluate_speed import MEMORY_PAGES, memory, memory_table, speed_table, speeds
from strategy_miner.settings import Settings


def main() -> int:
    """Measure on every PDF of FOLDER/pdf; all pages take some minutes, since pdfplumber reads ten a second."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.evaluate_speed")
    parser.add_argument("folder", type=Path, help="folder with pdf/*.pdf")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="only N pages of each file")
    parser.add_argument(
        "--memory", type=int, nargs="*", metavar="PAGES", help="peak memory on merged files of so many pages instead"
    )
    given = parser.parse_args()
    settings = Settings.load().extract
    with errors_told():
        if given.memory is None:
            print(speed_table(list(speeds(given.folder, settings, given.sample))))
        else:
            print(memory_table(list(memory(given.folder, settings, given.memory or MEMORY_PAGES))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
