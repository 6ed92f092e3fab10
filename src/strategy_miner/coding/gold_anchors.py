"""Where a label belongs: anchors that outlast a better reading of the document, and the segments they hold on to."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Self

from strategy_miner.records import Segment

LEAST_LIKENESS = 0.8  # share of words in common from which a changed text still counts as the same


@lru_cache(maxsize=10_000)  # lost anchors are compared with every segment of their document
def plain(text: str) -> str:
    """A text as a table cell holds it and a hash sees it: one line, NFC, without control characters."""
    kept = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") else sign for sign in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def text_hash(text: str) -> str:
    """16 hex digits over the plain text."""
    return hashlib.sha256(plain(text).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A segment as it was when it was drawn. `text` is plain."""

    segment_id: str
    document_id: str
    page: int | None
    text_hash: str
    heading: str
    text: str

    @classmethod
    def of(cls, segment: Segment) -> Self:
        """The anchor of a segment."""
        text, heading = plain(segment.text), plain(" > ".join(segment.heading_path))
        return cls(segment.id, segment.document_id, segment.page, text_hash(text), heading, text)


@dataclass(frozen=True, slots=True)
class Attached:
    """An anchor and the segment it now holds on to. `how`: id, text, similar or lost."""

    anchor: Anchor
    segment_id: str | None
    how: str


def attach(anchors: Iterable[Anchor], segments: Mapping[str, Sequence[Segment]]) -> list[Attached]:
    """Find the segments of anchors, in their order; each segment is given once.

    First by id (which stands for document, page and text), then by document and text, the nearest page first, then by
    the largest share of common words within the document, at least `LEAST_LIKENESS`.

    Args:
        anchors: with different segment ids.
        segments: the present segments by document id.
    """
    order = list(anchors)
    found: dict[str, tuple[str, str]] = {}
    free = {document: {s.id: s for s in own} for document, own in segments.items()}
    for anchor in order:
        if free.get(anchor.document_id, {}).pop(anchor.segment_id, None):
            found[anchor.segment_id] = (anchor.segment_id, "id")
    for how in ("text", "similar"):
        pairs = [
            (-value, _apart(anchor, segment), segment.order, anchor.segment_id, segment)
            for anchor in order
            if anchor.segment_id not in found
            for segment in free.get(anchor.document_id, {}).values()
            if (value := _alike(anchor, segment, how)) >= LEAST_LIKENESS
        ]
        for *_, wanted, segment in sorted(pairs, key=lambda pair: pair[:4]):
            if wanted not in found and segment.id in free[segment.document_id]:
                found[wanted] = (free[segment.document_id].pop(segment.id).id, how)
    return [Attached(anchor, *found.get(anchor.segment_id, (None, "lost"))) for anchor in order]


def _alike(anchor: Anchor, segment: Segment, how: str) -> float:
    if how == "text":
        return float(plain(segment.text) == anchor.text)
    return likeness(anchor.text, segment.text)


def _apart(anchor: Anchor, segment: Segment) -> int:
    return abs((anchor.page or 0) - (segment.page or 0))


def likeness(one: str, other: str) -> float:
    """Share of words that two texts have in common and in the same order (0 to 1)."""
    matcher = SequenceMatcher(None, plain(one).split(), plain(other).split(), autojunk=False)
    if matcher.real_quick_ratio() < LEAST_LIKENESS or matcher.quick_ratio() < LEAST_LIKENESS:
        return 0.0
    return matcher.ratio()
