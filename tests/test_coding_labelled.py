"""Labels teach, but never the document that they are about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from strategy_miner.coding import Classifier, Codebook, LabelledClassifier
from strategy_miner.parallel import ROOT
from strategy_miner.records import Coding


@dataclass(frozen=True)
class Text:
    id: str
    text: str
    document_id: str
    heading_path: tuple[str, ...] = ()


class Spy:
    """Stands for a fitted classifier and says of which documents it has seen labels."""

    def __init__(self, labelled: list[tuple[Text, list[str]]]) -> None:
        self.taught = "".join(sorted({item.document_id for item, _ in labelled}))

    def probabilities(self, items: list[Text], vectors: np.ndarray | None) -> np.ndarray:
        return np.full((len(items), 23), len(self.taught) / 10)

    def code(self, items: list[Text], vectors: np.ndarray | None, threshold: float | None) -> list[list[Coding]]:
        return [[Coding(i.id, i.document_id, "field", "energie", 0.9, self.taught, "")] for i in items]


class NoEncoder:
    id = "none"


@pytest.fixture
def coder(monkeypatch: pytest.MonkeyPatch) -> LabelledClassifier:
    monkeypatch.setattr(Classifier, "fit", lambda codebook, encoder, seed, labelled: Spy(labelled))
    labelled = [(Text(d + str(i), f"Text {d}{i}", d), ["energie"]) for d in "abcdefg" for i in range(2)]
    return LabelledClassifier(Codebook.load(ROOT / "corpus" / "codebook"), NoEncoder(), 7, labelled)


CASES = [
    (Text("1", "Neu", "a"), "bcdeg", "a document with labels: without those of its fold"),
    (Text("2", "Neu", "c"), "abdefg", "the same, a fold with one document"),
    (Text("3", "Neu", "z"), "abcdefg", "a document without labels: all of them"),
    (Text("4", "Neu", ""), "abcdefg", "no document"),
    (Text("5", "Text b1", "z"), "acdef", "a labelled text under another name"),
    (Text("6", "Text b1", "a"), "cde", "a labelled text in another labelled document: without the labels of both"),
]


def test_no_document_is_coded_with_its_own_labels(coder: LabelledClassifier) -> None:
    coded = coder.code([text for text, _, _ in CASES])
    for (text, taught, reason), (coding,) in zip(CASES, coded, strict=True):
        assert (coding.unit_id, coding.coder) == (text.id, taught), reason
    share = coder.probabilities([text for text, _, _ in CASES])[:, 0]
    assert share.tolist() == [len(taught) / 10 for _, taught, _ in CASES]


def test_the_id_stands_for_the_labels(coder: LabelledClassifier) -> None:
    other = LabelledClassifier(coder.codebook, coder.encoder, 7, coder.labelled[1:])
    again = LabelledClassifier(coder.codebook, coder.encoder, 7, list(coder.labelled))
    assert other.id != coder.id == again.id
