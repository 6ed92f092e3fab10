"""Stage demo: phrases and templates of corpus/demo -> build/demo/pdf and the truth about them."""

from __future__ import annotations

from pathlib import Path

from strategy_miner.corpus.demo import generate
from strategy_miner.settings import Settings

if __name__ == "__main__":
    settings = Settings.load()
    generate(Path("corpus", "demo"), Path("build", "demo"), settings.demo, settings.seed, settings.workers)
