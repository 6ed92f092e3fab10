"""Stage gold: what people labelled, or for a corpus with a known truth what two made coders say -> labels/*.parquet."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import run
from strategy_miner.coding import Codebook
from strategy_miner.coding.gold_corpus import cohort_of_documents
from strategy_miner.coding.gold_files import coder_files, gold_file
from strategy_miner.coding.gold_made import made_gold, truth_of_segments
from strategy_miner.coding.gold_read import read_gold, write_gold
from strategy_miner.coding.scores import scored_documents
from strategy_miner.corpus import Corpus
from strategy_miner.parallel import results
from strategy_miner.parquet import read_records
from strategy_miner.records import CODEBOOK, Segment
from strategy_miner.settings import Settings


def main(name: str) -> None:
    settings, build = Settings.load(), Path("build", name)
    corpus = Corpus.load(Path("corpus"), name, settings.pdf_folder(name))
    book = Codebook.load(Path(settings.classify.codebook))
    cut = build / "segment"
    segments = {d: read_records(Segment, cut / f"{d.document_id}.parquet") for d in results(cut)}
    labels, truth = corpus.folder / "labels", settings.pdf_folder(name).parent / "truth.parquet"
    if truth.exists() and not (coder_files(labels) or gold_file(labels).exists()):
        scored = scored_documents(segments, cohort_of_documents(corpus), build / "scores", CODEBOOK)
        known = truth_of_segments(truth, segments)
        gold = made_gold(scored, known, book, corpus.cohort_values, settings.seed, settings.demo.coder_noise)
    else:
        gold = read_gold(labels, {d.document_id: own for d, own in segments.items()}, book)
    write_gold(build / "labels", gold)


if __name__ == "__main__":
    run(main, sys.argv[1:])
