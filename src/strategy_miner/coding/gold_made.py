"""Gold for a generated corpus: drawn by the design, filled in from the truth by two coders who err at times.

No evidence of quality: it shows that the way from labels to corrected shares works, and how coder errors pass on.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.gold import Design, Scored, draw, per_document
from strategy_miner.coding.gold_labels import CONSENSUS, Label, settled
from strategy_miner.coding.gold_read import Gold, attached
from strategy_miner.parquet import read_rows
from strategy_miner.records import Document, Segment

CODERS = ("made coder 1", "made coder 2")
_GRAM = 8


def made_gold(
    documents: Sequence[Scored],
    truth: Mapping[str, Sequence[str]],
    book: Codebook,
    cohorts: Sequence[str],
    seed: int,
    noise: float,
) -> Gold:
    """Draw a sample and fill it in; where the two coders differ the truth decides, what they agree on stays.

    Args:
        documents: with the probabilities of the frozen classifier.
        truth: codes by segment id.
        book: its dimension and codes.
        cohorts: their names in order.
        seed: of the draw and of the coders' errors.
        noise: see `noisy`.
    """
    number = per_document([(d.document_id, d.cohort) for d in documents], cohorts)
    rows = tuple(draw(documents, seed, number, 1.0))
    design = Design(book.dimension, "scores of the codebook", book.sha256, seed, "", rows)
    own = {row.anchor.segment_id: truth.get(row.anchor.segment_id, ()) for row in rows}

    def labels(codes: Mapping[str, Iterable[str]]) -> list[Label]:
        return [Label(r.anchor, tuple(c for c in book.ids if c in codes[r.anchor.segment_id])) for r in rows]

    given = {coder: labels(noisy(own, book.ids, noise, f"{seed}:{coder}")) for coder in CODERS}
    given[CONSENSUS] = settled(given, labels(own))
    return attached(design, given, {document.document_id: document.segments for document in documents})


def noisy(truth: Mapping[str, Sequence[str]], codes: Sequence[str], noise: float, seed: str) -> dict[str, list[str]]:
    """Codes by segment; each segment is miscoded with probability `noise`: a code goes, comes, or is another one."""
    out = {}
    for segment, own in sorted(truth.items()):
        chance = random.Random(f"{seed}:{segment}")
        given = list(own)
        if chance.random() < noise:
            other = chance.choice([code for code in codes if code not in own])
            kind = chance.choice(("comes", "goes", "other")) if own else "comes"
            given = given[1:] if kind == "goes" else [other, *given[1:]] if kind == "other" else [*given, other]
        out[segment] = given
    return out


def truth_of_segments(truth: Path, documents: Mapping[Document, Sequence[Segment]]) -> dict[str, list[str]]:
    """Codes of every segment: those of the generated blocks whose words it holds, told by stretches of letters.

    `truth`: truth.parquet of the corpus, with file, text and codes of each block.
    """
    blocks: dict[str, list[tuple[set[str], list[str]]]] = {}
    for row in read_rows(truth, ["file", "text", "codes"]):
        blocks.setdefault(row["file"], []).append((_grams(row["text"]), row["codes"]))
    found = {}
    for document, segments in documents.items():
        for segment in segments:
            own = _grams(segment.text)
            held = [
                c for grams, c in blocks.get(document.file, []) if len(own & grams) >= 0.5 * min(len(own), len(grams))
            ]
            found[segment.id] = sorted({code for codes in held for code in codes})
    return found


def _grams(text: str) -> set[str]:
    letters = re.sub(r"[^a-zäöüß0-9]", "", text.lower())
    return {letters[i : i + _GRAM] for i in range(max(1, len(letters) - _GRAM + 1))}
