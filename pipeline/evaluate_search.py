"""Not a stage: how well `search` finds, on the real texts of a folder like ../shared.

python -m pipeline.evaluate_search [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import errors_told
from strategy_miner.language import Encoder
from strategy_miner.settings import Settings
from strategy_miner.store.evaluate_search import inflected, labelled, measured


def main(folder: Path) -> None:
    encoder = Encoder(Settings.load().encoder, Path("build", "vectors"))
    names = labelled(folder / "real" / "gold" / "segments_dev.jsonl", folder / "domain" / "codebook_v1.csv")
    words = inflected(folder / "real" / "text")
    for title, (texts, queries), encode in (("names of codes", names, encoder.encode), ("words", words, None)):
        print(f"{title}: {len(queries)} queries, {len(texts)} paragraphs")
        for way, (mean, ten, fifty) in measured(texts, queries, encode).items():
            print(f"  by {way}: MAP {mean:.3f}, precision at 10 {ten:.3f}, recall at 50 {fifty:.3f}")


if __name__ == "__main__":
    with errors_told():
        main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
