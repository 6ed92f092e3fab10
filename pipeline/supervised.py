"""Stage supervised: gold -> supervised/<document>.parquet, scores by models that saw labels of other documents only."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import run
from strategy_miner.coding import Codebook, LabelledClassifier
from strategy_miner.coding.scores import score_rows
from strategy_miner.coding.supervised import labelled_segments
from strategy_miner.language import Encoder, read_vectors
from strategy_miner.parallel import code_hash, key, map_documents, results
from strategy_miner.parquet import read_records, write_records
from strategy_miner.records import SUPERVISED, THRESHOLD, Document, Score, Segment
from strategy_miner.settings import Settings


def main(name: str) -> None:
    settings, build = Settings.load(), Path("build", name)
    least = settings.classify.threshold
    documents, embedded = results(build / "segment"), results(build / "embed")
    labels = labelled_segments(build / "labels", build / "segment") if settings.classify.supervised else []
    book = Codebook.load(Path(settings.classify.codebook))
    model = LabelledClassifier(book, Encoder(settings.encoder, Path("build", "vectors")), settings.seed, labels)
    rest = (model.id, settings.classify, code_hash("pipeline.supervised"))
    inputs = {d: key(content, embedded[d], *rest) for d, content in documents.items() if labels and d in embedded}

    def work(document: Document, target: Path) -> None:
        segments = read_records(Segment, build / "segment" / target.name)
        p = model.probabilities(segments, read_vectors(build / "embed" / target.name)[1])
        said = {THRESHOLD + SUPERVISED: repr(model.threshold if least is None else least)}
        write_records(Score, score_rows(SUPERVISED, segments, p), target, said)

    map_documents("supervised", build / "supervised", inputs, work)


if __name__ == "__main__":
    run(main, sys.argv[1:])
