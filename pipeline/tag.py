"""Stage tag: segments -> build/<corpus>/tag/<document>.parquet, the lemmas and parts of speech of their words."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import run
from pipeline.progress import progress
from strategy_miner.language import load_pipeline, pipeline_id, tag_segments
from strategy_miner.parallel import code_hash, key, map_documents, results
from strategy_miner.parquet import read_records, write_records
from strategy_miner.records import Document, Segment, TaggedSegment
from strategy_miner.settings import Settings


def main(name: str) -> None:
    settings = Settings.load()
    build = Path("build", name)
    nlp = load_pipeline(settings.nlp.model)
    made_with = pipeline_id(nlp)
    code = code_hash("pipeline.tag")
    inputs = {d: key(content, settings.nlp, made_with, code) for d, content in results(build / "segment").items()}

    def work(document: Document, target: Path) -> None:
        segments = read_records(Segment, build / "segment" / target.name)
        write_records(TaggedSegment, tag_segments(nlp, segments), target, {"nlp": made_with})

    with progress(f"{name}: tag") as report:
        map_documents("tag", build / "tag", inputs, work, progress=report)


if __name__ == "__main__":
    run(main, sys.argv[1:])
