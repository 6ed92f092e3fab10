"""Print what each rule of reading gains and costs: python -m pipeline.evaluate_rules ../shared/real [WORD]"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from pipeline import errors_told
from strategy_miner.reading.evaluate_rules import effects, effects_table
from strategy_miner.reading.process import read_raw
from strategy_miner.settings import Settings


def main() -> int:
    """Read every PDF of FOLDER/pdf once, then lay it out without each rule whose name holds WORD; about ten minutes."""
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(sys.argv[1])
    settings = replace(Settings.load().extract, ocr=False)
    with errors_told():
        raw = {path.stem: read_raw(path, settings)[0] for path in sorted((folder / "pdf").glob("*.pdf"))}
    print(effects_table(effects(raw, folder / "text", sys.argv[2] if len(sys.argv) > 2 else "")))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
