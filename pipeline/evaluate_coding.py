"""Print how the codes agree with reference labels: python -m pipeline.evaluate_coding ../shared/real"""

from __future__ import annotations

import sys
from pathlib import Path

from strategy_miner.coding import Codebook
from strategy_miner.coding.evaluate import evaluate_coding
from strategy_miner.language import Encoder
from strategy_miner.settings import Settings


def main(shared: str) -> None:
    settings = Settings.load()
    encoder = Encoder(settings.encoder, Path("build", "vectors"))
    print(evaluate_coding(Path(shared), Codebook.load(Path(settings.classify.codebook)), encoder, settings.seed))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "../shared/real")
