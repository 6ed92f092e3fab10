"""Print how well reading works on reference documents: python -m pipeline.evaluate_reading ../shared/real [NAME ...]"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from pipeline import errors_told
from strategy_miner.reading.evaluate import evaluate, table
from strategy_miner.settings import Settings


def main() -> int:
    """Read every PDF of FOLDER/pdf and compare it with FOLDER/text; --no-ocr leaves image pages unread."""
    arguments = [a for a in sys.argv[1:] if a != "--no-ocr"]
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    settings = replace(Settings.load().extract, ocr="--no-ocr" not in sys.argv)
    with errors_told():
        print(table(evaluate(Path(arguments[0]), settings, arguments[1:])))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
