"""Probabilities of every code for every segment, also below the threshold: what shares of text are estimated from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from strategy_miner.coding.classifier import Classifier
from strategy_miner.coding.codebook import FIELD, Codebook
from strategy_miner.coding.dimension import Coder, LexiconCoder
from strategy_miner.coding.features import Array
from strategy_miner.coding.gold import Scored
from strategy_miner.errors import CorpusError
from strategy_miner.parquet import read_records
from strategy_miner.records import CODEBOOK, LEXICON, THRESHOLD, Coding, Document, Score, Segment


def coded_and_scored(
    coders: Sequence[Coder], segments: Sequence[Segment], vectors: Array, threshold: float | None
) -> tuple[list[Coding], list[Score]]:
    """The codings of all coders, and the scores of the dimension field: those of its lexicon, then of its classifier.

    Args:
        coders: one per dimension.
        segments: of one document.
        vectors: (segments, dimension), see `Classifier.probabilities`.
        threshold: see `Classifier.code`.
    """
    codings: list[Coding] = []
    scores: list[Score] = []
    for coder in coders:
        if isinstance(coder, Classifier) and coder.codebook.dimension == FIELD:
            found, probabilities = coder.coded(segments, vectors, threshold)
            words = LexiconCoder(coder.codebook, coder.space.lexicon, LEXICON)
            scores += score_rows(LEXICON, segments, strengths(words.code(segments), coder.codebook))
            scores += score_rows(CODEBOOK, segments, probabilities)
        else:
            found = coder.code(segments, vectors, threshold)
            if isinstance(coder, LexiconCoder) and coder.codebook.dimension == FIELD:
                scores += score_rows(LEXICON, segments, strengths(coder.code(segments), coder.codebook))
        codings += [coding for own in found for coding in own]
    return codings, scores


def score_rows(coder: str, segments: Sequence[Segment], probabilities: npt.NDArray[np.float64]) -> list[Score]:
    """Scores of segments from probabilities (segments, codes)."""
    return [
        Score(segment.id, segment.document_id, coder, tuple(row))
        for segment, row in zip(segments, probabilities.tolist(), strict=True)
    ]


def scored_documents(
    segments: Mapping[Document, Sequence[Segment]], cohort_of: Mapping[str, str | None], folder: Path, coder: str
) -> list[Scored]:
    """The documents that have segments and scores of a coder, with what it says of them.

    Raises CorpusError if a file of scores is of another cut of its document.
    """
    found = []
    for document, own in segments.items():
        path = folder / f"{document.document_id}.parquet"
        rows = [score for score in read_records(Score, path) if score.coder == coder] if path.exists() else []
        if own and rows:
            if [score.segment_id for score in rows] != [segment.id for segment in own]:
                raise CorpusError("scores and segments do not belong together", str(path), "Run `dvc repro` first.")
            p = np.array([score.p for score in rows], dtype=np.float64)
            found.append(Scored(document.document_id, cohort_of.get(document.document_id), tuple(own), p))
    return found


def strengths(codings: Sequence[Sequence[Coding]], codebook: Codebook) -> npt.NDArray[np.float64]:
    """The p of codings as a matrix (units, codes), 0 where a code was not given."""
    found = np.zeros((len(codings), len(codebook.codes)))
    for row, own in zip(found, codings, strict=True):
        for coding in own:
            row[codebook.position(coding.code)] = coding.p
    return found


def thresholds(coders: Sequence[Coder], threshold: float | None) -> dict[str, str]:
    """Metadata of score files: from which p on each scoring coder gives a code (`decided`)."""
    found = {LEXICON: threshold or 0.0}
    for coder in coders:
        if isinstance(coder, Classifier) and coder.codebook.dimension == FIELD:
            found[CODEBOOK] = coder.threshold if threshold is None else threshold
    return {THRESHOLD + coder: repr(value) for coder, value in found.items()}
