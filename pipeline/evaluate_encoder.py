"""Print what each way to run the encoder costs and changes: python -m pipeline.evaluate_encoder build/demo"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import errors_told
from strategy_miner.coding.evaluate_encoder import evaluate_encoder
from strategy_miner.settings import Settings

if __name__ == "__main__":
    with errors_told():
        build = Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo")
        print(evaluate_encoder(build, Settings.load(), *map(int, sys.argv[2:4] or (300, 3))))
