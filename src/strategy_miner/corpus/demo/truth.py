"""The truth tables of the demo corpus, as rows and as Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strategy_miner.corpus.demo.blocks import Draft, TruthBlock
from strategy_miner.corpus.demo.planting import Plan
from strategy_miner.corpus.demo.typesetting import Place
from strategy_miner.parquet import to_table, write_table
from strategy_miner.records import Document, Project

Row = dict[str, Any]
TABLES = ("truth", "documents", "fields", "measures")


@dataclass(frozen=True, slots=True)
class Truth:
    """The rows of one document for each table."""

    truth: list[Row]
    fields: list[Row]
    measures: list[Row]
    documents: list[Row]


def truth_rows(project: Project, plan: Plan, draft: Draft, places: dict[str, list[Place]], look: dict[str, Any],
               integrated: set[str]) -> Truth:  # fmt: skip
    """The truth about one document. `look`: theme, columns, pages and the texts of title page and running heads."""
    origin = {"file": project.files[0], "project_id": project.project_id, "cohort": project.cohort or ""}
    blocks = _block_rows(origin, draft, places, look)
    pages = {row["block_id"]: row["page"] for row in blocks}
    fields = [
        {**origin, "order": n, "field_name": f.name, "orientation": f.orientation, "codes": list(f.codes),
         "ecology": f.ecology, "block_id": f.block_id, "page": pages[f.block_id]}
        for n, f in enumerate(draft.fields, start=1)
    ]  # fmt: skip
    measures = [
        {**origin, "order": n, "title": m.title, "description": m.description, "fields": [m.field_name],
         "codes": list(m.codes), "responsible": m.responsible, "period": m.period, "cost": m.cost,
         "status": m.status, "block_id": m.block_id, "page": pages[m.block_id]}
        for n, m in enumerate(draft.measures, start=1)
    ]  # fmt: skip
    units = [block for block in draft.truth if block.unit]
    shares = [sum(code in integrated for code in block.codes) / len(block.codes) for block in units if block.codes]
    whole = sum(f.orientation == "integrated" for f in draft.fields)
    document = {
        **origin, "theme": look["theme"], "columns": look["columns"], "scanned": plan.scanned,
        "pages": look["pages"], "fields": len(draft.fields), "integrated_fields": whole,
        "planted_fields": plan.planted_fields, "realised_fields": whole / len(draft.fields),
        "planted_text": plan.planted_text, "drawn_text": plan.text_share, "realised_text": sum(shares) / len(shares),
        "units": len(units), "coded_units": len(shares), "integrated_sum": sum(shares),
    }  # fmt: skip
    return Truth(blocks, fields, measures, [document])


def _block_rows(origin: Row, draft: Draft, places: dict[str, list[Place]], look: dict[str, Any]) -> list[Row]:
    rows = [
        _row(origin, TruthBlock(key, kind, None, (), look[key]), places[key][0])
        for key, kind in (("title", "heading"), ("subtitle", "paragraph"), ("notice", "box"))
    ]
    rows.append(_row(origin, TruthBlock("contents", "heading", 1, (), look["contents"]), places["contents"][0]))
    contents = "\n".join(b.text for b in draft.truth if b.kind == "heading" and b.level in (1, 2))
    rows.append(_row(origin, TruthBlock("toc", "toc", None, (look["contents"],), contents), places["toc"][0]))
    rows += [_row(origin, block, places[block.block_id][0]) for block in draft.truth]
    for key, kind in (("head", "running_head"), ("foot", "running_head"), ("number", "page_number")):
        for place in places[key]:
            text = look[key].replace("{n}", str(place.page)).replace("{von}", str(look["pages"]))
            rows.append(_row(origin, TruthBlock(f"{key}{place.page}", kind, None, (), text), place))
    return [{**row, "order": n} for n, row in enumerate(rows, start=1)]


def _row(origin: Row, block: TruthBlock, place: Place) -> Row:
    return {
        **origin, "block_id": block.block_id, "kind": block.kind, "level": block.level, "page": place.page,
        "x": place.x, "y": place.y, "page_end": place.page_end, "x_end": place.x_end, "y_end": place.y_end,
        "heading_path": list(block.heading_path),
        "number": block.number, "text": block.text, "codes": list(block.codes), "unit": block.unit,
    }  # fmt: skip


def write_truth(documents: Sequence[Truth], target: Path) -> None:
    """truth.parquet (one row per block) and truth/{documents,fields,measures}.parquet under `target`."""
    # Arrow has one door, records: any table of its can make another one from rows.
    table = to_table(Document, [])
    for name in TABLES:
        rows = [row for document in documents for row in getattr(document, name)]
        path = target / "truth.parquet" if name == "truth" else target / "truth" / f"{name}.parquet"
        write_table(table.from_pylist(rows), path)
