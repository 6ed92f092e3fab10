"""Which codes a text carries: one model for all codes, fitted on the codebook alone, with "none" as an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.features import FOLDS, VIEWS, Array, Item, Space, TextEncoder, input_text
from strategy_miner.coding.practice import Practice, practice
from strategy_miner.records import Coding, stable_id
from strategy_miner.text import FUNCTION_WORDS

VERSION = "2"
_PER_EXAMPLE = 8
# Words and meaning count the same; meaning is seen in two ways.
_WEIGHTS = {"lexicon": 0.5, "likeness": 0.25, "direction": 0.25}
_FLAT = 0.005
_STRENGTH = 0.3  # C of the logistic regression
_FOREIGN_WORDS = """
the and of to is are that with this from which by be have has not our we they les des est une que dans pour avec sur
qui nous du et la le el los las por con para una il di che per della het een van dat zijn niet och att som
"""
_FOREIGN = frozenset(_FOREIGN_WORDS.split())
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Fused:
    """One logistic regression per view; their scores are averaged by fixed weights and then calibrated.

    Examples and lexicon come from the same pens, so a joint fit would learn how much the one agrees with the other on
    the codebook's own sentences. Views fitted apart and averaged carry over better to texts by other authors.
    """

    views: tuple[tuple[slice, float, Any], ...]
    calibration: Any = None

    @classmethod
    def fit(cls, features: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_]) -> Self:
        """The views fitted on features (n, codes, len(NAMES)) and labels (n, codes); not calibrated yet."""
        views, start = [], 0
        for name, columns in VIEWS.items():
            part = slice(start, start + len(columns))
            views.append((part, _WEIGHTS[name], _regression(features[:, :, part], labels)))
            start = part.stop
        return cls(tuple(views))

    def calibrated(self, scores: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_]) -> Self:
        """With the calibration that scores (n, codes) of texts ask for on which the views were not fitted."""
        from sklearn.linear_model import LogisticRegression

        return replace(self, calibration=LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), labels.ravel()))

    def scores(self, features: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Averaged log odds (n, codes), before calibration."""
        return np.asarray(
            sum(
                weight * model.decision_function(features[:, :, part].reshape(-1, part.stop - part.start))
                for part, weight, model in self.views
            )
        ).reshape(features.shape[:2])

    def probabilities(self, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Calibrated probabilities of scores."""
        flat = self.calibration.predict_proba(scores.reshape(-1, 1))[:, 1]
        return np.asarray(flat, dtype=np.float64).reshape(scores.shape)


@dataclass(frozen=True, slots=True)
class Classifier:
    """Gives codes with probabilities. `id` stands for codebook, encoder, seed and version together."""

    codebook: Codebook
    space: Space
    model: Fused
    threshold: float
    id: str

    @classmethod
    def fit(cls, codebook: Codebook, encoder: TextEncoder, seed: int) -> Self:
        """Fit on the examples and passages of the codebook.

        Logistic regressions over (text, code) pairs (see `Fused`), so that a code with few examples learns from all
        others.
        Likeness features are computed without the examples a passage was made from. Calibration and threshold (the
        best micro-F1) come from passages whose first example the model was not fitted on; from the codebook's own
        passages where it has any, because these resemble real segments most.
        """
        space = Space(codebook, encoder)
        passages = practice(space, _PER_EXAMPLE, seed)
        features = space.features(passages.seen, passages.made_from)
        held_out = _held_out(features, passages, seed)
        judges = passages.real if passages.real.any() else ~passages.real
        model = Fused.fit(features, passages.labels).calibrated(held_out[judges], passages.labels[judges])
        threshold = best_threshold(model.probabilities(held_out[judges]), passages.labels[judges])
        return cls(
            codebook, space, model, threshold, stable_id("classifier", VERSION, codebook.sha256, encoder.id, seed)
        )

    @staticmethod
    def inputs(item: Item) -> str:
        """The one text of a unit that has to be encoded, with the prefix "query: "."""
        return input_text(item.text, item.heading_path)

    def probabilities(self, items: Sequence[Item], vectors: Array | None = None) -> npt.NDArray[np.float64]:
        """Probability of every code (n, codes), columns in the order of the codebook. Zero where nothing can be coded:
        an empty text or one in another language."""
        if not items:
            return np.zeros((0, len(self.codebook.codes)))
        if vectors is None:
            vectors = self.space.encoder.encode([self.inputs(item) for item in items])
        features = self.space.features(self.space.seen(items, np.asarray(vectors, dtype=np.float32)))
        codable = np.array([is_codable(item.text) for item in items])
        return np.asarray(self.model.probabilities(self.model.scores(features)) * codable[:, None])

    def code(
        self, items: Sequence[Item], vectors: Array | None = None, threshold: float | None = None
    ) -> list[list[Coding]]:
        """For each unit all codes whose probability exceeds the threshold, best first, each with its evidence.

        `vectors`: float32 (n, dimension), the encoded `inputs` in the order of the items; encoded here if absent.
        """
        if not items:
            return []
        if vectors is None:
            vectors = self.space.encoder.encode([self.inputs(item) for item in items])
        probabilities = self.probabilities(items, vectors)
        least = self.threshold if threshold is None else threshold
        given = [[int(j) for j in np.argsort(-row, kind="stable") if row[j] > least] for row in probabilities]
        evidence = self._evidence(items, np.asarray(vectors, dtype=np.float32), given)
        return [
            [
                Coding(item.id, item.document_id, self.codebook.dimension, self.codebook.codes[j].id,
                       float(row[j]), self.id, evidence[i][j])
                for j in given[i]
            ]
            for i, (item, row) in enumerate(zip(items, probabilities, strict=True))
        ]  # fmt: skip

    def _evidence(self, items: Sequence[Item], vectors: Array, given: list[list[int]]) -> list[dict[int, str]]:
        """Per unit and code given: the words that matched, and the example it is most like."""
        cosines = self.space.centred(vectors) @ self.space.example_vectors.T
        found = []
        for i, item in enumerate(items):
            matches = self.space.lexicon.matches(". ".join((*item.heading_path, item.text))) if given[i] else []
            found.append({j: self._reason(j, cosines[i], [m.words for m in matches if m.code == j]) for j in given[i]})
        return found

    def _reason(self, j: int, cosines: Array, words: list[str]) -> str:
        parts = [", ".join(dict.fromkeys(words[:6]))] if words else []
        own = np.flatnonzero(self.space.labels[:, j])
        if len(own):
            best = int(own[int(np.argmax(cosines[own]))])
            parts.append(f"like ({cosines[best]:.2f}): {self.space.examples[best].text[:80]}")
        return " | ".join(parts)


def is_codable(text: str) -> bool:
    """False for an empty text and for one in another language: foreign function words outnumber German ones."""
    words = _LETTERS.findall(text[:5000].lower())
    foreign = sum(word in _FOREIGN for word in words)
    return bool(words) and (foreign < 3 or foreign <= 1.5 * sum(word in FUNCTION_WORDS for word in words))


def best_threshold(probabilities: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_]) -> float:
    """The middle of the thresholds, in steps of 0.01, whose micro-F1 is the best one but for `_FLAT`: the curve is flat
    at its top, and its very highest point is chance."""
    steps = np.arange(0.05, 0.95, 0.01)
    scores = np.array([_micro_f1(probabilities > step, labels) for step in steps])
    best = np.flatnonzero(scores >= scores.max() - _FLAT)
    return round(float(steps[best[len(best) // 2]]), 4)


def _micro_f1(given: npt.NDArray[np.bool_], true: npt.NDArray[np.bool_]) -> float:
    total = int(given.sum() + true.sum())
    return 2.0 * int((given & true).sum()) / total if total else 0.0


def _regression(features: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_]) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(C=_STRENGTH, max_iter=1000))
    return model.fit(features.reshape(-1, features.shape[2]), labels.ravel())


def _held_out(features: npt.NDArray[np.float64], passages: Practice, seed: int) -> npt.NDArray[np.float64]:
    """Scores of every passage by views fitted on passages around other examples."""
    fold_of = np.random.default_rng(seed).permutation(int(passages.group.max()) + 1)[passages.group] % FOLDS
    held_out = np.zeros(passages.labels.shape)
    for k in range(FOLDS):
        fused = Fused.fit(features[fold_of != k], passages.labels[fold_of != k])
        held_out[fold_of == k] = fused.scores(features[fold_of == k])
    return held_out
