"""Stage evidence: strategy.duckdb and PDFs -> build/<corpus>/evidence/<document>.parquet, pictures of quoted words."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import run
from pipeline.progress import progress
from strategy_miner.corpus import Corpus
from strategy_miner.errors import ReadingError
from strategy_miner.parallel import code_hash, key, map_documents
from strategy_miner.parquet import write_records
from strategy_miner.reading import cut_outs
from strategy_miner.records import Cutout, Document
from strategy_miner.settings import Settings
from strategy_miner.store import shown_passages


def main(name: str) -> None:
    settings = Settings.load()
    corpus = Corpus.load(Path("corpus"), name, settings.pdf_folder(name))
    build = Path("build", name)
    passages = shown_passages(build / "strategy.duckdb")
    here = {document.document_id: corpus.path(document) for document in corpus.documents()}
    code = code_hash("strategy_miner.reading.cutouts")
    inputs = {d: key(d.sha256, d.document_id in here, shown, code) for d, shown in passages.items()}

    def work(document: Document, target: Path) -> None:
        if document.document_id not in here:
            raise ReadingError("the file that was read is no longer there", document.file, "Put it back.")
        write_records(Cutout, cut_outs(here[document.document_id], passages[document]), target)

    with progress(f"{name}: evidence") as report:
        map_documents("evidence", build / "evidence", inputs, work, workers=settings.workers, progress=report)


if __name__ == "__main__":
    run(main, sys.argv[1:])
