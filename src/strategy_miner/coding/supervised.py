"""Labels that people gave, as the stage supervised takes them: for scores of documents other than their own."""

from __future__ import annotations

from pathlib import Path

from strategy_miner.coding.features import Labelled
from strategy_miner.coding.gold_labels import CONSENSUS
from strategy_miner.parquet import read_records
from strategy_miner.records import GoldLabel, GoldSegment, Segment


def labelled_segments(labels: Path, segments: Path) -> list[Labelled]:
    """The segments with a gold label and their codes, ordered by document and place; none without gold.

    Args:
        labels: the folder of the stage gold.
        segments: the folder of the stage segment.
    """
    if not (labels / "labels.parquet").exists():
        return []
    given = read_records(GoldLabel, labels / "labels.parquet")
    gold = {one.segment_id: one.codes for one in given if one.coder == CONSENSUS}
    drawn = read_records(GoldSegment, labels / "sample.parquet")
    documents = sorted({one.document_id for one in drawn if one.segment_id in gold})
    return [
        (segment, gold[segment.id])
        for document in documents
        for segment in read_records(Segment, segments / f"{document}.parquet")
        if segment.id in gold
    ]
