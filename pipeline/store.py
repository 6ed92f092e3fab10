"""Stage store: all records of a corpus -> build/<corpus>/coded.duckdb."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import run
from strategy_miner.coding import Codebook
from strategy_miner.corpus import Corpus
from strategy_miner.language import encoder_id
from strategy_miner.reading import ocr_version
from strategy_miner.settings import Settings
from strategy_miner.store import provenance, write_coded


def main(name: str) -> None:
    settings = Settings.load()
    corpus = Corpus.load(Path("corpus"), name, settings.pdf_folder(name))
    codebooks = [Codebook.load(Path(settings.classify.codebook), d) for d in settings.classify.dimensions]
    build = Path("build", name)
    engines = {"model encoder": encoder_id(settings.encoder), "tesseract": ocr_version()}
    made_with = provenance(settings, corpus, codebooks, engines)
    write_coded(corpus, codebooks, build, build / "coded.duckdb", made_with)


if __name__ == "__main__":
    run(main, sys.argv[1:])
