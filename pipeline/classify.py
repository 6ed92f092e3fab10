"""Stage classify: segments, vectors -> classify/<document>.parquet, the codes given; scores/..., all probabilities."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import run
from pipeline.progress import progress
from strategy_miner.coding import Codebook, coder_of
from strategy_miner.coding.scores import coded_and_scored, thresholds
from strategy_miner.language import Encoder, read_vectors
from strategy_miner.parallel import code_hash, key, map_documents, results
from strategy_miner.parquet import read_records, write_records
from strategy_miner.records import Coding, Document, Score, Segment
from strategy_miner.settings import Settings


def main(name: str) -> None:
    settings, build = Settings.load(), Path("build", name)
    documents, embedded = results(build / "segment"), results(build / "embed")
    encoder = Encoder(settings.encoder, Path("build", "vectors"))
    codebooks = [Codebook.load(Path(settings.classify.codebook), d) for d in settings.classify.dimensions]
    coders = [coder_of(codebook, encoder, settings.seed) for codebook in codebooks] if documents else []
    rest = (*(coder.id for coder in coders), settings.classify, code_hash("pipeline.classify"))
    inputs = {d: key(content, embedded[d], *rest) for d, content in documents.items() if d in embedded}

    def work(document: Document, target: Path) -> None:
        segments = read_records(Segment, build / "segment" / target.name)
        vectors = read_vectors(build / "embed" / target.name)[1]
        codings, scores = coded_and_scored(coders, segments, vectors, settings.classify.threshold)
        write_records(Score, scores, build / "scores" / target.name, thresholds(coders, settings.classify.threshold))
        write_records(Coding, codings, target)

    with progress(f"{name}: classify") as report:
        map_documents("classify", build / "classify", inputs, work, progress=report, beside=build / "scores")


if __name__ == "__main__":
    run(main, sys.argv[1:])
