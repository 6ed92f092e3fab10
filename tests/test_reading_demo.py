"""Roles and ties of blocks on three generated documents: nothing that was reached gets lost."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from strategy_miner.corpus.demo import generate
from strategy_miner.reading import read
from strategy_miner.reading.evaluate_demo import Counts, demo_counts, demo_table, figures
from strategy_miner.records import Block, Page
from strategy_miner.settings import DemoSettings, ExtractSettings

SOURCE = Path(__file__).parents[1] / "corpus" / "demo"
SETTINGS = ExtractSettings(ocr=False, ocr_dpi=200, max_pages=50, wall_seconds=60, cpu_seconds=60, memory_mb=1500)
LEAST = {
    "heading": 0.98, "paragraph": 0.97, "list_item": 0.98, "table": 0.99, "caption": 0.99, "footnote": 0.99,
    "box": 0.97, "toc": 0.99, "running_head": 0.99, "page_number": 0.99, "heading levels": 0.98,
    "heading paths": 0.97, "table cells": 0.96, "reading order (neighbours)": 0.99, "footnotes tied": 0.97,
    "captions tied": 0.99,
}  # fmt: skip


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> Counts:
    """Three documents with text; of each cohort one is drawn to be a scan, and those are left out."""
    folder = tmp_path_factory.mktemp("demo")
    source = folder / "source"
    shutil.copytree(SOURCE, source)
    rows = list(csv.reader((SOURCE / "projects.csv").open(encoding="utf-8")))
    with (source / "projects.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([rows[0], *rows[1:5], rows[12], rows[40]])
    generate(source, folder, DemoSettings((0.3,) * 3, (0.3,) * 3, 0.1), 20261122, 1)
    truth = pq.read_table(folder / "truth.parquet").to_pylist()
    scans = {r["file"] for r in pq.read_table(folder / "truth/documents.parquet").to_pylist() if r["scanned"]}
    total = Counts()
    for path in sorted((folder / "pdf").glob("*.pdf")):
        if path.name not in scans:
            total.update(demo_counts([row for row in truth if row["file"] == path.name], read(path, SETTINGS)))
    return total


@pytest.mark.parametrize("what", LEAST)
def test_what_was_reached_stays(counts: Counts, what: str) -> None:
    assert counts[what, "truth"] > 0, "the documents hold none"
    assert figures(counts, what)[2] >= LEAST[what]


def test_a_torn_or_glued_block_is_an_error() -> None:
    def row(order: int, text: str) -> dict[str, object]:
        origin = {"order": order, "kind": "paragraph", "level": None, "page": 1, "heading_path": [], "number": ""}
        return {**origin, "text": text}

    def block(order: int, text: str) -> Block:
        return Block(str(order), order, "paragraph", None, text, text, (), ((1, 0, 0, 9, 9),), (), ())

    first, second = "Die Stadt baut neue Wege für alle.", "Der Rat beschließt das Jahr für Jahr neu."
    truth = [row(1, first), row(2, second)]
    for texts, found in (
        ((first, second), 2),
        ((f"{first} {second}",), 0),
        ((first[:15], first[15:], second), 1),
        ((second, second), 1),
    ):
        blocks = tuple(block(n, text) for n, text in enumerate(texts))
        counts = demo_counts(truth, [Page("d", 1, 595.0, 842.0, "pdfium", "read", "", blocks)])
        assert counts["paragraph", "both"] == found, texts
        assert counts["paragraph", "found"] == len(texts)
    assert "| paragraph | 2 |" in demo_table({"text": counts})
