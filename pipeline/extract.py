"""Stage extract: documents -> build/<corpus>/extract/<document>.parquet, pages with their blocks and words."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import run
from pipeline.progress import progress
from strategy_miner.corpus import Corpus
from strategy_miner.parallel import code_hash, key, map_documents
from strategy_miner.parquet import write_records
from strategy_miner.reading import ocr_available, read_pages
from strategy_miner.records import Document, Page
from strategy_miner.settings import Settings


def main(name: str) -> None:
    settings = Settings.load()
    corpus = Corpus.load(Path("corpus"), name, settings.pdf_folder(name))
    folder = Path("build", name, "extract")
    code = code_hash("pipeline.extract")
    inputs = {d: key(d.sha256, settings.extract, ocr_available(), code) for d in corpus.documents()}

    def work(document: Document, target: Path) -> None:
        write_records(Page, read_pages(corpus.path(document), settings.extract), target)

    with progress(f"{name}: extract") as report:
        failures = map_documents("extract", folder, inputs, work, workers=settings.workers, progress=report)
    print(f"{name}: {len(inputs) - len(failures)} of {len(inputs)} documents read")
    for failure in failures:
        print(f"  {failure.message}", file=sys.stderr)


if __name__ == "__main__":
    run(main, sys.argv[1:])
