"""Measure the language room on reference data: `python -m pipeline.evaluate_language ../shared/real`."""

from __future__ import annotations

import sys
from pathlib import Path

from strategy_miner.language.evaluate import language_report
from strategy_miner.settings import Settings

if __name__ == "__main__":
    settings = Settings.load()
    print(language_report(Path(sys.argv[1]), settings.nlp.model, settings.encoder.model))
