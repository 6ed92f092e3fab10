"""Stage segment: pages -> build/<corpus>/segment/<document>.parquet, the units of coding."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import run
from pipeline.progress import progress
from strategy_miner.parallel import code_hash, key, map_documents, results
from strategy_miner.parquet import iter_records, write_records
from strategy_miner.reading import segment
from strategy_miner.records import Document, Page, Segment
from strategy_miner.settings import Settings


def main(name: str) -> None:
    settings = Settings.load()
    build = Path("build", name)
    code = code_hash("pipeline.segment")
    inputs = {d: key(content, settings.segment, code) for d, content in results(build / "extract").items()}

    def work(document: Document, target: Path) -> None:
        pages = iter_records(Page, build / "extract" / target.name)
        write_records(Segment, segment(pages, settings.segment), target)

    with progress(f"{name}: segment") as report:
        map_documents("segment", build / "segment", inputs, work, progress=report)


if __name__ == "__main__":
    run(main, sys.argv[1:])
