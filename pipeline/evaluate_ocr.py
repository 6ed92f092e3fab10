"""Print how well scans are read: python -m pipeline.evaluate_ocr ../shared/real (about two minutes)"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import errors_told
from strategy_miner.reading.evaluate_ocr import evaluate, table
from strategy_miner.settings import Settings


def main() -> int:
    """Make scans of ten pages of FOLDER/pdf, good and bad ones, read them and compare with their text layer."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    settings = Settings.load()
    with errors_told():
        print(table(evaluate(Path(sys.argv[1]), settings.extract, settings.seed)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
