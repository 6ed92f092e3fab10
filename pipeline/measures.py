"""Stage measures: pages -> build/<corpus>/measures/<document>.parquet, the Maßnahmen of a document, coded."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from pipeline import run
from strategy_miner.coding import Classifier, Codebook, LexiconCoder, measures
from strategy_miner.language import Encoder
from strategy_miner.parallel import code_hash, key, map_documents, results
from strategy_miner.parquet import read_records, write_records
from strategy_miner.records import Document, Measure, Page
from strategy_miner.settings import Settings


def main(name: str) -> None:
    settings = Settings.load()
    build = Path("build", name)
    encoder = Encoder(settings.encoder, Path("build", "vectors"))
    folder = Path(settings.classify.codebook)
    classifier = Classifier.fit(Codebook.load(folder), encoder, settings.seed)
    technology = LexiconCoder.of(Codebook.load(folder, "technology"))
    rest = (classifier.id, technology.id, settings.classify, code_hash("pipeline.measures"))
    inputs = {d: key(content, *rest) for d, content in results(build / "extract").items()}

    code = partial(classifier.code, threshold=settings.classify.threshold)

    def work(document: Document, target: Path) -> None:
        pages = read_records(Page, build / "extract" / target.name)
        write_records(Measure, measures(pages, code, technology.code), target)

    map_documents("measures", build / "measures", inputs, work)


if __name__ == "__main__":
    run(main, sys.argv[1:])
