"""corpus/<name>/labels/: design.csv and one CSV file per coder, text that git can compare and a person can read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from strategy_miner.coding.gold import Design, Drawn
from strategy_miner.coding.gold_anchors import Anchor, text_hash
from strategy_miner.coding.gold_labels import CONSENSUS, RESERVED, Label, written
from strategy_miner.corpus.folder import read_csv
from strategy_miner.errors import CorpusError

ANCHOR = ("segment_id", "document_id", "page", "text_hash", "heading", "text")
DESIGN_COLUMNS = (
    "number", "stratum", "stratum_size", "stratum_drawn", "pi", "second", "dimension", "model", "codebook", "seed",
    "date", *ANCHOR,
)  # fmt: skip
LABEL_COLUMNS = ("segment_id", "codes", "sure", "basis", "note", *ANCHOR[1:])


def write_design(path: Path, design: Design) -> None:
    """Write design.csv, one row per segment drawn, in the order of the sheet."""
    rows = [
        (row.number, row.stratum, row.size, row.drawn, f"{row.pi:.6f}", _flag(row.second), design.dimension,
         design.model, design.codebook, design.seed, design.date, *_anchor_cells(row.anchor))
        for row in design.rows
    ]  # fmt: skip
    _write(path, DESIGN_COLUMNS, rows)


def read_design(path: Path) -> Design:
    """Read design.csv. Raises CorpusError if it is missing, has no row or a cell is wrong."""
    if not path.exists():
        raise CorpusError("no sample has been drawn", str(path), "Run `strategy-miner gold draw` first.")
    table = read_csv(path, DESIGN_COLUMNS)
    if not table:
        raise CorpusError("has no row", str(path), "Restore it from git or draw anew with --force.")
    rows = []
    for line, cells in enumerate(table, start=2):
        where = f"{path}, line {line}"
        try:
            rows.append(
                Drawn(int(cells["number"]), _anchor(cells, where), cells["stratum"], int(cells["stratum_size"]),
                      int(cells["stratum_drawn"]), cells["second"] == "yes")
            )  # fmt: skip
        except ValueError:
            raise CorpusError("is no number where one belongs", where, "Restore it from git.") from None
    first = table[0]
    if not first["seed"].isdigit():
        raise CorpusError("seed is no number", f"{path}, line 2", "Restore it from git.")
    return Design(first["dimension"], first["model"], first["codebook"], int(first["seed"]), first["date"], tuple(rows))


def write_labels(path: Path, labels: Iterable[Label]) -> None:
    """Write the labels of one coder, one row per segment; codes "-" says "no code"."""
    rows = []
    for label in labels:
        identity, *rest = _anchor_cells(label.anchor)
        rows.append((identity, written(label.codes), _flag(label.sure), label.basis, label.note, *rest))
    _write(path, LABEL_COLUMNS, rows)


def read_labels(path: Path, codes: Sequence[str]) -> list[Label]:
    """Read the labels of one coder. Raises CorpusError on a code that is not among `codes`, naming the line."""
    labels = []
    for line, cells in enumerate(read_csv(path, LABEL_COLUMNS), start=2):
        where = f"{path}, line {line}"
        own = tuple(code for code in cells["codes"].split() if code != "-")
        if unknown := sorted(set(own) - set(codes)):
            raise CorpusError(f"unknown code {unknown[0]!r}", where, "Import the sheet again or restore the codebook.")
        if not cells["codes"]:
            raise CorpusError("no codes", where, "Write - where no code fits, or delete the row.")
        labels.append(Label(_anchor(cells, where), own, cells["sure"] == "yes", cells["note"], cells["basis"]))
    return labels


def coder_files(folder: Path) -> dict[str, Path]:
    """The label files of people by coder, without the settled gold."""
    return {path.stem: path for path in sorted(folder.glob("*.csv")) if path.stem.lower() not in RESERVED}


def gold_file(folder: Path) -> Path:
    """Where the settled gold lies."""
    return folder / f"{CONSENSUS}.csv"


def _anchor(cells: dict[str, str], where: str) -> Anchor:
    page, text = cells["page"], cells["text"]
    if text_hash(text) != cells["text_hash"]:
        raise CorpusError("text and text_hash do not belong together", where, "Restore it from git.")
    if page and not page.isdigit():
        raise CorpusError(f"page {page!r} is no number", where, "Restore it from git.")
    return Anchor(
        cells["segment_id"], cells["document_id"], int(page) if page else None, cells["text_hash"], cells["heading"],
        text,
    )  # fmt: skip


def _anchor_cells(anchor: Anchor) -> tuple[str, ...]:
    page = "" if anchor.page is None else str(anchor.page)
    return (anchor.segment_id, anchor.document_id, page, anchor.text_hash, anchor.heading, anchor.text)


def _flag(value: bool) -> str:
    return "yes" if value else "no"


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_text(buffer.getvalue(), encoding="utf-8")
    partial.replace(path)
