"""Labels that people gave, as further training: never for the document that they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from strategy_miner.coding.classifier import Classifier
from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.features import FOLDS, Array, Item, Labelled, TextEncoder
from strategy_miner.records import Coding, stable_id


@dataclass(slots=True)
class LabelledClassifier:
    """Codes texts with the help of labels; a document is coded by a model that has seen none of its own.

    Documents with labels are left out in at most `FOLDS` groups, all others get the model of all labels. A text that
    was labelled, in whatever documents, is coded without the labels of those documents either.
    """

    codebook: Codebook
    encoder: TextEncoder
    seed: int
    labelled: Sequence[Labelled]
    _models: dict[frozenset[int], Classifier] = field(default_factory=dict, init=False, repr=False)

    @property
    def id(self) -> str:
        """Stands for codebook, labels, encoder and seed together."""
        labels = [(item.document_id, *item.heading_path, item.text, *sorted(codes)) for item, codes in self.labelled]
        return stable_id("labelled", self.codebook.sha256, self.encoder.id, self.seed, labels)

    @property
    def threshold(self) -> float:
        """The middle one of those of the models that leave one group of documents out."""
        folds = sorted(set(self._folds().values()))
        return float(np.median([self._model(frozenset({fold})).threshold for fold in folds]))

    def probabilities(self, items: Sequence[Item], vectors: Array | None = None) -> npt.NDArray[np.float64]:
        """As `Classifier.probabilities`, (n, codes)."""
        found = np.zeros((len(items), len(self.codebook.codes)))
        for model, rows in self._parted(items):
            found[rows] = model.probabilities([items[i] for i in rows], None if vectors is None else vectors[rows])
        return found

    def code(
        self, items: Sequence[Item], vectors: Array | None = None, threshold: float | None = None
    ) -> list[list[Coding]]:
        """As `Classifier.code`; the coder of each coding is the model that gave it."""
        coded: list[list[Coding]] = [[] for _ in items]
        for model, rows in self._parted(items):
            own = model.code([items[i] for i in rows], None if vectors is None else vectors[rows], threshold)
            for i, codings in zip(rows, own, strict=True):
                coded[i] = codings
        return coded

    def _parted(self, items: Sequence[Item]) -> Iterator[tuple[Classifier, list[int]]]:
        fold_of = self._folds()
        documents_of: dict[str, set[str]] = {}
        for item, _ in self.labelled:
            documents_of.setdefault(item.text, set()).add(item.document_id)
        known = [{item.document_id, *documents_of.get(item.text, ())} for item in items]
        left_out = [frozenset(fold_of[document] for document in own if document in fold_of) for own in known]
        for folds in sorted(set(left_out), key=sorted):
            yield self._model(folds), [i for i, own in enumerate(left_out) if own == folds]

    def _folds(self) -> dict[str, int]:
        """The group of every document with labels."""
        documents = sorted({item.document_id for item, _ in self.labelled})
        return {document: i % FOLDS for i, document in enumerate(documents)}

    def _model(self, left_out: frozenset[int]) -> Classifier:
        if left_out not in self._models:
            fold_of = self._folds()
            kept = [pair for pair in self.labelled if fold_of[pair[0].document_id] not in left_out]
            self._models[left_out] = Classifier.fit(self.codebook, self.encoder, self.seed, kept)
        return self._models[left_out]
