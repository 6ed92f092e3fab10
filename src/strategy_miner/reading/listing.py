"""What a person and a program see of a read document: an outline as text, blocks as JSON rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from strategy_miner.records import BODY_KINDS, Page


def outline(pages: Sequence[Page]) -> str:
    """Headings with page and the amount of text below each, then what was not read and why."""
    lines: list[str] = []
    words: list[int] = [0]
    for page in pages:
        for block in page.blocks:
            if block.kind == "heading":
                indent = "  " * ((block.level or 1) - 1)
                lines.append(f"{indent}{block.text}  [{_place(page)}]")
                words.append(0)
            elif block.kind in BODY_KINDS:
                words[-1] += len(block.text.split())
    told = [f"{line} · {count} words" if count else line for line, count in zip(lines, words[1:], strict=True)]
    if words[0]:
        told.insert(0, f"(before the first heading) · {words[0]} words")
    return "\n".join([*told, "", summary(pages)])


def summary(pages: Sequence[Page]) -> str:
    """One paragraph: pages by grade and engine, blocks by kind, and each page that was not fully read."""
    grades = Counter(page.grade for page in pages)
    engines = Counter(page.engine for page in pages)
    kinds = Counter(block.kind for page in pages for block in page.blocks)
    told = [
        f"{len(pages)} pages: " + ", ".join(f"{n} {grade}" for grade, n in sorted(grades.items())),
        "engines: " + ", ".join(f"{engine} {n}" for engine, n in sorted(engines.items())),
        "blocks: " + ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())),
    ]
    told += [f"{_place(p)}: {p.grade}: {p.reason}" for p in pages if p.grade in ("unread", "doubtful")]
    return "\n".join(told)


def _place(page: Page) -> str:
    return f"p. {page.page}" if page.page is not None else "no pages"


def block_rows(pages: Sequence[Page], document: str = "") -> Iterator[dict[str, Any]]:
    """One row per block in reading order, ready for JSON; `document` is the document id unless a name is given.

    Keys: id, document, page, kind, level, text, heading_path, boxes [[page, x0, top, x1, bottom], ...] in PDF points,
    and for tables rows [[cell, ...], ...].
    """
    for page in pages:
        for block in page.blocks:
            row: dict[str, Any] = {
                "id": block.id, "document": document or page.document_id, "page": page.page, "kind": block.kind,
                "level": block.level, "text": block.text, "heading_path": list(block.heading_path),
                "boxes": [list(box) for box in block.boxes],
            }  # fmt: skip
            if block.rows:
                row["rows"] = [list(cells) for cells in block.rows]
            yield row
