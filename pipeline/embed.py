"""Stage embed: segments -> build/<corpus>/embed/<document>.parquet, one vector per segment."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import run
from pipeline.progress import progress
from strategy_miner.coding import Classifier
from strategy_miner.language import Encoder, write_vectors
from strategy_miner.parallel import code_hash, key, map_documents, results
from strategy_miner.parquet import read_records
from strategy_miner.records import Document, Segment
from strategy_miner.settings import Settings


def main(name: str) -> None:
    settings = Settings.load()
    build = Path("build", name)
    encoder = Encoder(settings.encoder, Path("build", "vectors"))
    code = code_hash("pipeline.embed")
    inputs = {d: key(content, encoder.id, code) for d, content in results(build / "segment").items()}

    # All at once first: batches over the whole corpus have little filling. The documents then find their vectors.
    paths = [build / "segment" / f"{document.document_id}.parquet" for document in inputs]
    texts = (Classifier.inputs(segment) for path in paths for segment in read_records(Segment, path))
    with progress(f"{name}: embed") as report:
        encoder.fill(texts, progress=lambda done, total: report("", done, total))

    def work(document: Document, target: Path) -> None:
        segments = read_records(Segment, build / "segment" / target.name)
        vectors = encoder.encode([Classifier.inputs(segment) for segment in segments])
        write_vectors(target, [segment.id for segment in segments], vectors)

    map_documents("embed", build / "embed", inputs, work)


if __name__ == "__main__":
    run(main, sys.argv[1:])
