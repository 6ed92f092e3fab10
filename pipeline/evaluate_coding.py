"""Print how the codes agree with reference labels: python -m pipeline.evaluate_coding ../shared/real"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import errors_told
from strategy_miner.coding import Codebook
from strategy_miner.coding.evaluate import evaluate_coding, evaluate_topics
from strategy_miner.language import Encoder
from strategy_miner.settings import Settings

TOPICS = Path("tests/codebooks/topics.yaml")


def main(shared: str) -> None:
    settings = Settings.load()
    encoder = Encoder(settings.encoder, Path("build", "vectors"))
    codebook = Codebook.load(Path(settings.classify.codebook))
    print(evaluate_coding(Path(shared), codebook, encoder, settings.seed))
    sections = Path(shared, "wahlprogramme_2013", "sections.jsonl")
    print(f"\n{evaluate_topics(sections, TOPICS, codebook, encoder, settings.seed)}")


if __name__ == "__main__":
    with errors_told():
        main(sys.argv[1] if len(sys.argv) > 1 else "../shared/real")
