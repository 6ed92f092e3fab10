"""The labels of a corpus, as people left them under corpus/<name>/labels/, attached to the present segments.

Nothing here stops a run: what is wrong with a file becomes a note, and the labels that can be read are used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.gold import Design
from strategy_miner.coding.gold_anchors import attach
from strategy_miner.coding.gold_files import coder_files, gold_file, read_design, read_labels
from strategy_miner.coding.gold_labels import CONSENSUS, Label, outdated
from strategy_miner.errors import StrategyMinerError
from strategy_miner.parquet import write_records
from strategy_miner.records import GoldLabel, GoldNote, GoldSegment, Segment

# Kinds of notes: a file that cannot be used; labels that were not drawn; labels that no longer fit a segment; labels
# that fit only a changed one; labels without a settled gold; gold that its coders have changed; another codebook.
NOTES = UNREADABLE, UNDRAWN, LOST, MOVED, UNSETTLED, OUTDATED, CODEBOOK = (
    "unreadable", "undrawn", "lost", "moved", "unsettled", "outdated", "codebook",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gold:
    """The sample drawn, the labels of every coder and of the gold (coder consensus), and what is to be said of them.

    `made_with`: model, codebook, seed and date of the draw; empty where nothing was drawn.
    """

    sample: tuple[GoldSegment, ...] = ()
    labels: tuple[GoldLabel, ...] = ()
    notes: tuple[GoldNote, ...] = ()
    made_with: Mapping[str, str] | None = None


def read_gold(folder: Path, segments: Mapping[str, Sequence[Segment]], book: Codebook) -> Gold:
    """Read design, coders and gold; a corpus without a sample has none of them, which needs no note.

    Args:
        folder: corpus/<name>/labels.
        segments: the present segments by document id.
        book: the present codebook; labels with a code that it lacks cannot be used.
    """
    if not (folder / "design.csv").exists() and not coder_files(folder) and not gold_file(folder).exists():
        return Gold()
    notes: list[GoldNote] = []
    try:
        design = read_design(folder / "design.csv")
    except StrategyMinerError as error:
        return Gold(notes=(GoldNote(UNREADABLE, "design.csv", 0, str(error)),))
    if design.dimension != book.dimension:
        message = f"the sample is of the dimension {design.dimension}, not {book.dimension}"
        return Gold(notes=(GoldNote(UNREADABLE, "design.csv", len(design.rows), message),))
    if design.codebook != book.sha256:
        message = f"drawn for codebook {design.codebook[:12]}, now it is {book.sha256[:12]}"
        notes.append(GoldNote(CODEBOOK, "design.csv", len(design.rows), message))
    given: dict[str, list[Label]] = {}
    for coder, path in {**coder_files(folder), CONSENSUS: gold_file(folder)}.items():
        if path.exists():
            given[coder] = _labels(path, design, book, notes)
    gold = given.get(CONSENSUS, [])
    unread = {note.file for note in notes if note.kind == UNREADABLE}
    if not gold and any(given.values()) and gold_file(folder).name not in unread:
        message = "labels, but no gold; run `strategy-miner gold settle`"
        notes.append(GoldNote(UNSETTLED, gold_file(folder).name, max(map(len, given.values())), message))
    coders = {coder: own for coder, own in given.items() if coder != CONSENSUS}
    if coders and (stale := outdated(gold, coders)):
        message = f"{stale} labels are no longer those of the coders; run `strategy-miner gold settle`"
        notes.append(GoldNote(OUTDATED, gold_file(folder).name, stale, message))
    return attached(design, given, segments, notes)


def attached(
    design: Design,
    given: Mapping[str, Sequence[Label]],
    segments: Mapping[str, Sequence[Segment]],
    notes: Sequence[GoldNote] = (),
) -> Gold:
    """The sample with the present segment of each one drawn, and the labels of those that are still there.

    `given`: labels by coder, all of segments that were drawn.
    """
    found = {one.anchor.segment_id: one for one in attach((row.anchor for row in design.rows), segments)}
    sample = tuple(
        GoldSegment(found[row.anchor.segment_id].segment_id, row.anchor.document_id, row.stratum, row.size, row.drawn,
                    row.anchor.segment_id, found[row.anchor.segment_id].how)
        for row in design.rows
    )  # fmt: skip
    labels = tuple(
        GoldLabel(held, coder, label.codes)
        for coder, own in sorted(given.items())
        for label in own
        if (held := found[label.anchor.segment_id].segment_id) is not None
    )
    told = [
        GoldNote(kind, "design.csv", n, f"{n} of {len(sample)} {text}")
        for kind, hows, text in (
            (LOST, ("lost",), "segments drawn are no longer in their documents; their labels do not count"),
            (MOVED, ("text", "similar"), "segments drawn were found again by their text"),
        )
        if (n := sum(row.how in hows for row in sample))
    ]
    made_with = {"model": design.model, "codebook": design.codebook, "seed": str(design.seed), "date": design.date}
    return Gold(sample, labels, (*notes, *told), made_with)


def write_gold(folder: Path, gold: Gold) -> None:
    """Write sample, labels and notes; what made the sample goes into the metadata of its file."""
    write_records(GoldSegment, gold.sample, folder / "sample.parquet", dict(gold.made_with or {}))
    write_records(GoldLabel, gold.labels, folder / "labels.parquet")
    write_records(GoldNote, gold.notes, folder / "notes.parquet")


def _labels(path: Path, design: Design, book: Codebook, notes: list[GoldNote]) -> list[Label]:
    """The labels of a file that are of this design, the last where a segment is labelled twice."""
    try:
        labels = read_labels(path, book.ids)
    except StrategyMinerError as error:
        notes.append(GoldNote(UNREADABLE, path.name, 0, str(error)))
        return []
    drawn = {row.anchor.segment_id for row in design.rows}
    if strange := sum(label.anchor.segment_id not in drawn for label in labels):
        notes.append(GoldNote(UNDRAWN, path.name, strange, f"{strange} labels of segments that were not drawn"))
    return list({label.anchor.segment_id: label for label in labels if label.anchor.segment_id in drawn}.values())
