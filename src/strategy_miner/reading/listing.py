"""What a person and a program see of a read document: an outline as text, blocks as JSON rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
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
                lines.append(f"{indent}{block.text}" + (f"  [{_place(page)}]" if page.page is not None else ""))
                words.append(0)
            elif block.kind in BODY_KINDS:
                words[-1] += len(block.text.split())
    told = [f"{line} · {count} words" if count else line for line, count in zip(lines, words[1:], strict=True)]
    if words[0]:
        told.insert(0, f"(before the first heading) · {words[0]} words")
    return "\n".join([*told, "", summary(pages)])


def quality_rows(pages: Sequence[Page]) -> Iterator[dict[str, Any]]:
    """One row per page, ready for JSON: was it really read?

    Keys: document, page, engine, words, german, disagreement, confidence (None where not measured), grade, reason.
    """
    words = _words_by_page(pages)
    for page in pages:
        yield {
            "document": page.document_id, "page": page.page, "engine": page.engine,
            "words": words[page.page], "german": page.german, "disagreement": page.disagreement,
            "confidence": page.confidence, "grade": page.grade, "reason": page.reason,
        }  # fmt: skip


def _words_by_page(pages: Sequence[Page]) -> Counter[int | None]:
    """Words by the page they stand on; a block that runs on has a line and a box for each of its lines."""
    words: Counter[int | None] = Counter()
    for page in pages:
        for block in page.blocks:
            lines = block.raw.split("\n")
            if len(lines) == len(block.boxes):
                for line, box in zip(lines, block.boxes, strict=True):
                    words[box[0]] += len(line.split())
            else:
                words[page.page] += len(block.raw.split())
    return words


_COLUMNS = "  {:<11} {:<10} {:>6}  {:>6}  {:>8}  {:>4}  {}"


def quality(pages: Sequence[Page]) -> str:
    """The page list for people: neighbouring pages that were read with nothing to say share a line; then the summary.

    On such a line German share and confidence are the lowest, the disagreement of two readers is the highest.
    """
    lines = [_COLUMNS.format("pages", "engine", "words", "German", "readers", "OCR", "grade").rstrip()]
    for _, group in groupby(quality_rows(pages), _alike):
        rows = list(group)
        first, last = rows[0], rows[-1]
        place = "-" if first["page"] is None else f"{first['page']}"
        if last is not first:
            place += f"-{last['page']}"
        figures = [
            _percent(least(values) if (values := [r[key] for r in rows if r[key] is not None]) else None)
            for key, least in (("german", min), ("disagreement", max), ("confidence", min))
        ]
        told = f"{first['grade']}: {first['reason']}" if first["reason"] else first["grade"]
        lines.append(_COLUMNS.format(place, first["engine"], sum(r["words"] for r in rows), *figures, told))
    return "\n".join([*lines, "", summary(pages)])


def _alike(row: dict[str, Any]) -> tuple[Any, ...]:
    """Equal for neighbouring pages that one line can tell."""
    quiet = row["grade"] in ("read", "empty") and not row["reason"]
    return (row["engine"], row["grade"], "") if quiet else (row["engine"], row["grade"], row["reason"], row["page"])


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def summary(pages: Sequence[Page]) -> str:
    """One paragraph: pages by grade, unread share, pages by engine, blocks by kind, each page not fully read."""
    grades = Counter(page.grade for page in pages)
    engines = Counter(page.engine for page in pages)
    kinds = Counter(block.kind for page in pages for block in page.blocks)
    unread = grades["unread"] / max(len(pages), 1)
    told = [
        f"{len(pages)} pages: "
        + ", ".join(f"{n} {grade}" for grade, n in sorted(grades.items()) if n)
        + f"; {unread:.1%} unread",
        "engines: " + ", ".join(f"{engine} {n}" for engine, n in sorted(engines.items())),
        "blocks: " + ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())),
    ]
    told += [f"{_place(p)}: {p.grade}: {p.reason}" for p in pages if p.grade in ("unread", "doubtful")]
    return "\n".join(told)


def _place(page: Page) -> str:
    return f"p. {page.page}" if page.page is not None else "whole document"


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
