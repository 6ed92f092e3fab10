"""How well roles of blocks and their ties are read on generated documents whose truth is known: a regression check.

A block counts as found where one of its kind begins on the same page and is 88 % alike, each used once: a block torn
in two or glued to its neighbour is an error. The truth is that of corpus/demo (one row per block; see its README).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from strategy_miner.reading.evaluate import f1, matched, tokens
from strategy_miner.records import Block, Page

KINDS = (
    "heading", "paragraph", "list_item", "table", "caption", "footnote", "box", "toc", "running_head", "page_number",
)  # fmt: skip
_FLOW = ("heading", "paragraph", "list_item", "table", "box", "caption")  # what has a place in the reading order
_ENTRY = re.compile(r"^[\dIVX.]+\s+|[\s.]*\d+$", re.MULTILINE)  # number and page of an entry in a table of contents
_BULLET = re.compile(r"^(?:[^\w\s\"„»(]|[–-])\s+")

Row = Mapping[str, Any]
Counts = Counter[tuple[str, str]]  # by what is counted and "truth", "found" or "both"
Pairs = list[tuple[Row, Block]]


def demo_counts(truth: Sequence[Row], pages: Sequence[Page]) -> Counts:
    """What one document holds, what was found, and what is in both: by kind of block, then levels, paths, ties.

    `truth` are the document's rows of truth.parquet in order.
    """
    counts: Counts = Counter()
    pairs: Pairs = []
    blocks = [(page.page, block) for page in pages for block in page.blocks]
    for kind in KINDS:
        rows = [row for row in truth if row["kind"] == kind]
        found = [(page, block) for page, block in blocks if block.kind == kind]
        both = _matched(rows, found)
        _count(counts, kind, len(rows), len(found), len(both))
        pairs += both
    headings = [(row, block) for row, block in pairs if row["kind"] == "heading" and row["level"]]
    _count(counts, "heading levels", len(headings), len(headings), sum(r["level"] == b.level for r, b in headings))
    _count_paths(counts, truth, pairs)
    _count_cells(counts, truth, pairs, [block for _, block in blocks if block.kind == "table"])
    _count_order(counts, truth, pairs)
    _count_ties(counts, truth, pairs, [block for _, block in blocks])
    return counts


def _count(counts: Counts, what: str, truth: int, found: int, both: int) -> None:
    counts.update({(what, "truth"): truth, (what, "found"): found, (what, "both"): both})


def _matched(rows: Sequence[Row], found: Sequence[tuple[int | None, Block]]) -> Pairs:
    pairs: Pairs = []
    for number in sorted({row["page"] for row in rows}):
        here = [row for row in rows if row["page"] == number]
        there = [block for page, block in found if page == number]
        both = matched([_plain(_shown(row)) for row in here], [_plain(_bare(block)) for block in there])
        pairs += [(here[i], there[j]) for i, j in both]
    return pairs


def _plain(text: str) -> str:
    return " ".join(tokens(text))


def _shown(row: Row) -> str:
    """A row's text as the page shows it, with the number that is printed before it."""
    return f"{row['number']} {row['text']}".strip()


def _bare(block: Block) -> str:
    """A block's text without what the truth leaves out: bullets; numbers and pages in a table of contents."""
    return _ENTRY.sub("", block.text) if block.kind == "toc" else _BULLET.sub("", block.text)


def _count_paths(counts: Counts, truth: Sequence[Row], pairs: Pairs) -> None:
    """Paths of the blocks of the body. The truth names headings without their numbers, so the last of a name counts."""
    numbered: dict[str, str] = {}
    wanted: dict[int, list[str]] = {}
    for row in truth:
        wanted[row["order"]] = [_plain(numbered.get(text, text)) for text in row["heading_path"]]
        if row["kind"] == "heading" and row["level"]:
            numbered[row["text"]] = _shown(row)
    body = [(row, block) for row, block in pairs if row["kind"] in _FLOW and row["heading_path"]]
    right = sum(wanted[row["order"]] == [_plain(text) for text in block.heading_path] for row, block in body)
    _count(counts, "heading paths", len(body), len(body), right)


def _count_cells(counts: Counts, truth: Sequence[Row], pairs: Pairs, tables: Sequence[Block]) -> None:
    """Cells with row, column and text; the tables that were not matched count with all their cells."""
    both = 0
    for row, block in pairs:
        if row["kind"] == "table":
            both += len(_cells(_rows_of(row["text"])) & _cells(block.rows))
    wanted = sum(len(_cells(_rows_of(row["text"]))) for row in truth if row["kind"] == "table")
    _count(counts, "table cells", wanted, sum(len(_cells(block.rows)) for block in tables), both)


def _rows_of(text: str) -> list[list[str]]:
    return [line.split(" | ") if " | " in line else line.split(": ", 1) for line in text.split("\n")]


def _cells(rows: Sequence[Sequence[str]]) -> set[tuple[int, int, str]]:
    return {(r, c, _plain(text)) for r, row in enumerate(rows) for c, text in enumerate(row) if text.strip()}


def _count_order(counts: Counts, truth: Sequence[Row], pairs: Pairs) -> None:
    """Neighbours of the truth that follow each other in what was read, and documents in which all do."""
    order = {row["order"]: block.order for row, block in pairs if row["kind"] in _FLOW}
    places = [order[row["order"]] for row in truth if row["order"] in order]
    right = sum(left < right for left, right in pairwise(places))
    _count(counts, "reading order (neighbours)", len(places) - 1, len(places) - 1, right)
    _count(counts, "reading order (documents)", 1, 1, right == len(places) - 1)


def _count_ties(counts: Counts, truth: Sequence[Row], pairs: Pairs, blocks: Sequence[Block]) -> None:
    """Footnotes and captions that belong to the right block.

    A footnote's mark stands in the paragraph before it in the truth. After the caption of a table comes the table; a
    figure is no row of the truth, so any figure of the caption's page is right.
    """
    ids = {row["order"]: block.id for row, block in pairs}
    by_id = {block.id: block for block in blocks}
    both = Counter(footnote=0, caption=0)
    for row, block in pairs:
        if row["kind"] == "footnote" and block.belongs_to:
            both["footnote"] += block.belongs_to == ids.get(row["order"] - 1)
        elif row["kind"] == "caption" and block.belongs_to:
            target = by_id.get(block.belongs_to)
            figure = target is not None and target.kind == "figure" and target.boxes[0][0] == row["page"]
            table = block.belongs_to == ids.get(row["order"] + 1)
            both["caption"] += table if row["text"].startswith("Tabelle") else figure
    for kind, number in both.items():
        wanted = sum(row["kind"] == kind for row in truth)
        tied = sum(block.kind == kind and block.belongs_to != "" for block in blocks)
        _count(counts, f"{kind}s tied", wanted, tied, number)


def demo_table(groups: Mapping[str, Counts]) -> str:
    """Precision, recall and F1 per group of documents as a Markdown table."""
    heads = [f"{name} {figure}" for name in groups for figure in ("n", "P", "R", "F1")]
    rows = ["| what | " + " | ".join(heads) + " |", "|---" + "|---:" * len(heads) + "|"]
    for what in dict.fromkeys(what for counts in groups.values() for what, _ in counts):
        cells = [cell for counts in groups.values() for cell in _cells_of(counts, what)]
        rows.append(f"| {what} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _cells_of(counts: Counts, what: str) -> list[str]:
    precision, recall, both = figures(counts, what)
    return [str(counts[what, "truth"]), *(f"{value:.3f}" for value in (precision, recall, both))]


def figures(counts: Counts, what: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of one kind; 1.0 where there is nothing to find."""
    wanted, found, both = (counts[what, part] for part in ("truth", "found", "both"))
    precision, recall = both / found if found else float(not wanted), both / wanted if wanted else float(not found)
    return precision, recall, f1(precision, recall) or 0.0
