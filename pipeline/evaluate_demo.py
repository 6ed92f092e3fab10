"""Print how well roles and ties of blocks are read on the demo corpus: python -m pipeline.evaluate_demo [build/demo]

--stored takes the pages of FOLDER/extract instead of reading the PDFs; a name or two restrict it to those files."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow.parquet as pq

from pipeline import errors_told
from strategy_miner.parquet import read_records
from strategy_miner.reading import read
from strategy_miner.reading.evaluate_demo import Counts, demo_counts, demo_table
from strategy_miner.records import Document, Page
from strategy_miner.settings import Settings


def main() -> None:
    """Compare every PDF of FOLDER/pdf with FOLDER/truth.parquet, text documents and scans apart."""
    arguments = [a for a in sys.argv[1:] if a != "--stored"]
    folder, names = Path(arguments[0] if arguments else "build/demo"), arguments[1:]
    settings = Settings.load().extract
    scans = {row["file"] for row in pq.read_table(folder / "truth/documents.parquet").to_pylist() if row["scanned"]}
    truth = pq.read_table(folder / "truth.parquet").to_pylist()
    groups = {"text": Counts(), "scan": Counts()}
    for path in sorted((folder / "pdf").glob("*.pdf")):
        if names and not any(name in path.name for name in names):
            continue
        stored = folder / "extract" / f"{Document.of(path).document_id}.parquet"
        pages = read_records(Page, stored) if "--stored" in sys.argv else read(path, settings)
        counts = demo_counts([row for row in truth if row["file"] == path.name], pages)
        groups["scan" if path.name in scans else "text"].update(counts)
    print(demo_table(groups))


if __name__ == "__main__":
    with errors_told():
        main()
