"""The documents of a corpus as the classifier scores them, and gold labels attached to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from strategy_miner.coding.classifier import Classifier
from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.gold import Design, Scored
from strategy_miner.coding.gold_anchors import Attached, attach
from strategy_miner.coding.gold_labels import Label
from strategy_miner.corpus import Corpus
from strategy_miner.errors import CorpusError
from strategy_miner.language import read_vectors
from strategy_miner.parquet import read_records
from strategy_miner.records import Segment

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A document with its segments and their vectors (segments, dimension)."""

    document_id: str
    cohort: str | None
    segments: tuple[Segment, ...]
    vectors: Vectors


def embedded_documents(corpus: Corpus, build: Path) -> list[Embedded]:
    """The documents of a corpus that have segments and vectors, ordered by id.

    A document of several projects counts for the first of their cohorts. Raises CorpusError if there is none.
    """
    cohorts = cohort_of_documents(corpus)
    found = []
    for document in corpus.documents():
        name = f"{document.document_id}.parquet"
        if not ((build / "segment" / name).exists() and (build / "embed" / name).exists()):
            continue
        segments = read_records(Segment, build / "segment" / name)
        ids, vectors = read_vectors(build / "embed" / name)
        if ids != [segment.id for segment in segments]:
            raise CorpusError("vectors and segments do not belong together", name, "Run `dvc repro` first.")
        if segments:
            found.append(Embedded(document.document_id, cohorts.get(document.document_id), tuple(segments), vectors))
    if not found:
        raise CorpusError("no document has been read and embedded", str(build), "Run `dvc repro` first.")
    return found


def cohort_of_documents(corpus: Corpus) -> dict[str, str | None]:
    """The cohort of every document: the first one, in the corpus's order, of the projects it belongs to."""
    cohort_of = {project.project_id: project.cohort for project in corpus.projects}
    order = {name: place for place, name in enumerate(corpus.cohort_values)}
    own: dict[str, list[str]] = {}
    for project_id, document_id in corpus.project_documents():
        cohort = cohort_of[project_id]
        own.setdefault(document_id, []).extend([cohort] if cohort is not None else [])
    return {document: min(names, key=order.__getitem__, default=None) for document, names in own.items()}


def scored(documents: Sequence[Embedded], classifier: Classifier) -> list[Scored]:
    """The documents with the probability of every code for every segment, also below the threshold."""
    return [Scored(d.document_id, d.cohort, d.segments, classifier.probabilities(d.segments, d.vectors))
            for d in documents]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """Gold labels attached to n segments, with what the design says of them. `documents` are those with labels.

    `ids` are those of the segments as they were drawn. `document` numbers the documents as `documents` lists them,
    `segment` the segments of that document; `stratum` numbers the strata of all documents, whose sizes at the draw are
    `sizes`, and `kind` numbers their names. `weight` is N / n of the stratum, n being the labels still attached.
    """

    documents: tuple[Scored, ...]
    ids: tuple[str, ...]
    document: Ints
    segment: Ints
    stratum: Ints
    sizes: Floats
    kind: Ints
    weight: Floats
    true: Bools  # (n, codes)
    probabilities: Floats  # (n, codes)
    lost: tuple[Attached, ...]
    moved: int  # attached by text or likeness, not by id
    unlabelled: int  # documents of the corpus without a label

    @property
    def cohorts(self) -> tuple[str | None, ...]:
        """The cohort of each document."""
        return tuple(document.cohort for document in self.documents)


def sample(documents: Sequence[Scored], design: Design, labels: Sequence[Label], codebook: Codebook) -> Sample:
    """Attach labels to the present segments; of segments that lost their labels `lost` tells.

    Raises CorpusError if a label is not of this design or none can be attached.
    """
    drawn = {row.anchor.segment_id: row for row in design.rows}
    if strange := [label for label in labels if label.anchor.segment_id not in drawn]:
        raise CorpusError(
            f"label of segment {strange[0].anchor.segment_id}, which was not drawn", "labels", "Import the sheet again."
        )
    found = attach((label.anchor for label in labels), {d.document_id: d.segments for d in documents})
    held = {a.segment_id for a in found}
    own = [document for document in documents if any(segment.id in held for segment in document.segments)]
    place = {segment.id: (d, i) for d, document in enumerate(own) for i, segment in enumerate(document.segments)}
    kept = [(label, a, *place[a.segment_id]) for label, a in zip(labels, found, strict=True) if a.segment_id]
    if not kept:
        raise CorpusError("no label fits a segment of the corpus", "labels", "Read the documents they were drawn from.")
    rows = [drawn[label.anchor.segment_id] for label, *_ in kept]
    strata = sorted({(row.anchor.document_id, row.stratum, row.size) for row in rows})
    number = {key: h for h, key in enumerate(strata)}
    stratum = np.array([number[row.anchor.document_id, row.stratum, row.size] for row in rows])
    sizes = np.array([size for _, _, size in strata], dtype=np.float64)
    kind = np.unique([name for _, name, _ in strata], return_inverse=True)[1].astype(np.int64)
    true = np.zeros((len(kept), len(codebook.codes)), dtype=bool)
    for i, (label, *_) in enumerate(kept):
        true[i, [codebook.position(code) for code in label.codes]] = True
    document, segment = (np.array([row[k] for row in kept], dtype=np.int64) for k in (2, 3))
    return Sample(
        tuple(own), tuple(label.anchor.segment_id for label, *_ in kept), document, segment, stratum, sizes, kind,
        (sizes / np.bincount(stratum))[stratum], true,
        np.array([own[d].probabilities[i] for _, _, d, i in kept]),
        tuple(a for a in found if a.segment_id is None), sum(a.how != "id" for _, a, *_ in kept),
        len(documents) - len(own),
    )  # fmt: skip


def by_coder(labels: Mapping[str, Sequence[Label]]) -> dict[str, dict[str, frozenset[str]]]:
    """Codes by coder and id of the segment drawn, as `agreement` takes them."""
    return {coder: {x.anchor.segment_id: frozenset(x.codes) for x in own} for coder, own in labels.items()}
