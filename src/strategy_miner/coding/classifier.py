"""Which codes a text carries: one model for all codes, fitted on the codebook alone, with "none" as an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.features import (
    FOLDS,
    NAMES,
    VIEWS,
    Array,
    Headed,
    Item,
    Labelled,
    Part,
    Space,
    TextEncoder,
    input_text,
    parts,
    unit,
)  # fmt: skip
from strategy_miner.coding.practice import Practice, practice
from strategy_miner.errors import CodebookError
from strategy_miner.records import Coding, stable_id
from strategy_miner.text import FUNCTION_WORDS

VERSION = "4"
_PER_EXAMPLE = 8
# Views with the weight of each. Words and meaning count the same; meaning is seen in two ways, letters stand between.
_VIEWS = {"lexicon": 0.4, "likeness": 0.2, "direction": 0.2, "letters": 0.2}
# What speaks for a code of which only name and definition are known.
_BARE = ("share of matches", "like the description", "lead over other codes")
_FLAT = 0.02  # about one standard error of micro-F1 on the passages that judge
_STRENGTH = 0.3  # C of the logistic regression
_FOREIGN_WORDS = """
the and of to is are that with this from which by be have has not our we they les des est une que dans pour avec sur
qui nous du et la le el los las por con para una il di che per della het een van dat zijn niet och att som
e gli nella sono op voor naar deze ve bir bu ile
"""
_FOREIGN = frozenset(_FOREIGN_WORDS.split())
_LETTERS = re.compile(r"[^\W\d_]+")
_STRANGE = re.compile(r"[^a-zäöüßáàâéèêô]")


@dataclass(frozen=True, slots=True)
class Fused:
    """One logistic regression per view; their scores are averaged by fixed weights and then calibrated.

    Examples and lexicon come from the same pens, so a joint fit would learn how much the one agrees with the other on
    the codebook's own sentences. Views fitted apart and averaged carry over better to texts by other authors.
    """

    views: tuple[tuple[list[int], float, Any], ...]
    calibration: Any = None

    @classmethod
    def fit(
        cls,
        features: npt.NDArray[np.float64],
        labels: npt.NDArray[np.bool_],
        views: Sequence[tuple[Sequence[str], float]] = tuple((VIEWS[name], weight) for name, weight in _VIEWS.items()),
    ) -> Self:
        """The views, given by the names of their features and their weights, fitted on features (n, codes, len(NAMES))
        and labels (n, codes); not calibrated yet."""
        columns = [([NAMES.index(name) for name in names], weight) for names, weight in views]
        return cls(tuple((c, weight, _regression(features[:, :, c], labels)) for c, weight in columns))

    def calibrated(self, scores: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_]) -> Self:
        """With the calibration that scores (n, codes) of texts ask for on which the views were not fitted."""
        from sklearn.linear_model import LogisticRegression

        return replace(self, calibration=LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), labels.ravel()))

    def scores(self, features: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Averaged log odds (n, codes), before calibration."""
        return np.asarray(
            sum(
                weight * model.decision_function(features[:, :, columns].reshape(-1, len(columns)))
                for columns, weight, model in self.views
            )
        ).reshape(features.shape[:2])

    def probabilities(self, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Calibrated probabilities of scores."""
        flat = self.calibration.predict_proba(scores.reshape(-1, 1))[:, 1]
        return np.asarray(flat, dtype=np.float64).reshape(scores.shape)


@dataclass(frozen=True, slots=True)
class Classifier:
    """Gives codes with probabilities. `id` stands for codebook, labels, encoder, seed and version together.

    `held_out`: probabilities and labels (n, codes) of the passages behind calibration and threshold, each scored by a
    model that was not fitted on it.
    """

    codebook: Codebook
    space: Space
    model: Fused
    threshold: float
    id: str
    held_out: tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]

    @classmethod
    def fit(
        cls,
        codebook: Codebook,
        encoder: TextEncoder,
        seed: int,
        labelled: Sequence[Labelled] = (),
        teacher: Codebook | None = None,
    ) -> Self:
        """Fit on the examples and passages of the codebook, and on labelled texts where there are any.

        Logistic regressions over (text, code) pairs (see `Fused`), so that a code with few examples learns from all
        others. Likeness is measured without the examples a passage was made from. Calibration and threshold (the best
        micro-F1) come from passages held out of the fit, labelled ones by whole documents; from real passages where
        there are any. Who codes a document must leave its own labels out of `labelled` (see
        `LabelledClassifier`).

        A codebook without examples learns from `teacher`, a codebook with passages, how texts relate to names and
        definitions; without a teacher it makes do with passages drawn from its own names.
        """
        space = Space(codebook, encoder, labelled)
        given = [(item.document_id, *item.heading_path, item.text, *sorted(codes)) for item, codes in labelled]
        by = teacher.sha256 if space.bare and teacher and not labelled else ""
        identity = stable_id("classifier", VERSION, codebook.sha256, encoder.id, seed, by, given)
        if space.bare and teacher and not labelled:
            model, space.usual, scores, labels = _taught(teacher, encoder)
        else:
            passages = practice(space, _PER_EXAMPLE, seed)
            features = space.features(passages.seen, passages.made_from)
            judges = passages.judges()
            scores, labels = _held_out(features, passages, seed)[judges], passages.labels[judges]
            model = Fused.fit(features, passages.labels)
        model = model.calibrated(scores, labels)
        held_out = model.probabilities(scores)
        return cls(codebook, space, model, best_threshold(held_out, labels), identity, (held_out, labels))

    @staticmethod
    def inputs(item: Headed) -> str:
        """The one text of a unit that has to be encoded, with the prefix "query: "."""
        return input_text(item.text, item.heading_path)

    def probabilities(self, items: Sequence[Item], vectors: Array | None = None) -> npt.NDArray[np.float64]:
        """Probability of every code (n, codes), columns in the order of the codebook.

        Texts of more than `features.LONGEST_WHOLE` words are measured in parts, and a code's probability is the mean
        over them. Zero where nothing can be coded: an empty text or one in another language.

        `vectors`: float32 (n, dimension), the encoded `inputs`; then each text is measured as one.
        """
        return self._measured(items, vectors)[0]

    def _measured(self, items: Sequence[Item], vectors: Array | None) -> tuple[npt.NDArray[np.float64], Array]:
        """Probabilities (n, codes), and one centred vector of length 1 for each text."""
        if not items:
            return np.zeros((0, len(self.codebook.codes))), np.zeros((0, 0), dtype=np.float32)
        cut = [[Part(item.text, item.heading_path)] if vectors is not None else parts(item) for item in items]
        flat = [part for own in cut for part in own]
        if vectors is None:
            vectors = self.space.encoder.encode([self.inputs(part) for part in flat])
        seen = self.space.seen(flat, np.asarray(vectors, dtype=np.float32))
        found = self.model.probabilities(self.model.scores(self.space.features(seen)))
        starts = np.cumsum([0, *(len(own) for own in cut)])[:-1]
        counts = np.array([[len(own)] for own in cut])
        codable = np.array([[not not_codable(item.text)] for item in items])
        return np.add.reduceat(found, starts) / counts * codable, unit(np.add.reduceat(seen.vectors, starts))

    def code(
        self, items: Sequence[Item], vectors: Array | None = None, threshold: float | None = None
    ) -> list[list[Coding]]:
        """For each unit the codes that it carries (see `decided`), best first, each with its evidence.

        `vectors`: see `probabilities`.
        """
        return self.coded(items, vectors, threshold)[0]

    def coded(
        self, items: Sequence[Item], vectors: Array | None = None, threshold: float | None = None
    ) -> tuple[list[list[Coding]], npt.NDArray[np.float64]]:
        """What `code` gives, and the `probabilities` behind it."""
        probabilities, centred = self._measured(items, vectors)
        least = self.threshold if threshold is None else threshold
        order = np.argsort(-probabilities, axis=1, kind="stable")
        decisions = decided(probabilities, least)
        given = [[int(j) for j in own if row[j]] for own, row in zip(order, decisions, strict=True)]
        evidence = self._evidence(items, centred, given)
        codings = [
            [
                Coding(item.id, item.document_id, self.codebook.dimension, self.codebook.codes[j].id,
                       float(row[j]), self.id, evidence[i][j])
                for j in given[i]
            ]
            for i, (item, row) in enumerate(zip(items, probabilities, strict=True))
        ]  # fmt: skip
        return codings, probabilities

    def _evidence(self, items: Sequence[Item], vectors: Array, given: list[list[int]]) -> list[dict[int, str]]:
        """Per unit and code given: the words that matched, and the example it is most like."""
        cosines = vectors @ self.space.example_vectors.T if items else vectors
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


def not_codable(text: str) -> str:
    """Why a text cannot be coded: "empty" (no word), "another language", or "" if it can.

    Foreign function words, and words with letters of neither German nor its loan words, outnumber German ones.
    """
    words = _LETTERS.findall(text[:5000].lower())
    if not words:
        return "empty"
    foreign = sum(word in _FOREIGN or bool(_STRANGE.search(word)) for word in words)
    german = sum(word in FUNCTION_WORDS for word in words)
    # Where nothing speaks for German two such words will do: one sentence has few.
    return "another language" if foreign >= (3 if german else 2) and foreign > 1.5 * german else ""


def decided(probabilities: npt.NDArray[np.float64], threshold: float) -> npt.NDArray[np.bool_]:
    """Which codes texts carry (n, codes): those above the threshold; where none is, the likeliest, if the probability
    that a text carries any code at all, 1 - prod(1 - p), is above it."""
    given = probabilities > threshold
    if probabilities.shape[1]:
        some = 1 - np.prod(1 - probabilities, axis=1) > threshold
        rows = np.flatnonzero(some & ~given.any(axis=1))
        given[rows, probabilities[rows].argmax(axis=1)] = True
    return given


def best_threshold(probabilities: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_]) -> float:
    """The middle of the thresholds, in steps of 0.01, whose micro-F1 is the best one but for `_FLAT`: the curve is flat
    at its top, and its very highest point is chance."""
    steps = np.arange(0.05, 0.95, 0.01)
    scores = np.nan_to_num([micro_f1(decided(probabilities, step), labels) for step in steps])
    best = np.flatnonzero(scores >= scores.max() - _FLAT)
    return round(float(steps[best[len(best) // 2]]), 4)


def micro_f1(given: npt.NDArray[np.bool_], true: npt.NDArray[np.bool_]) -> float:
    """2 x hits / (given + true) over all cells; NaN where there is nothing to find and nothing was given."""
    total = int(given.sum() + true.sum())
    return 2.0 * int((given & true).sum()) / total if total else float("nan")


def _regression(features: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_]) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(C=_STRENGTH, max_iter=1000))
    return model.fit(features.reshape(-1, features.shape[2]), labels.ravel())


def _held_out(features: npt.NDArray[np.float64], passages: Practice, seed: int) -> npt.NDArray[np.float64]:
    """Scores of every passage by views fitted on passages around other examples and of other documents."""
    from sklearn.model_selection import StratifiedGroupKFold

    held_out = np.zeros(passages.labels.shape)
    # Each fold gets its share of every code and of "none"; a passage with several codes counts for its first.
    first = np.where(passages.labels.any(axis=1), passages.labels.argmax(axis=1), -1)
    count = min(FOLDS, len(np.unique(passages.group)))
    kind = StratifiedGroupKFold(max(count, 2), shuffle=True, random_state=seed)
    folds = list(kind.split(features, first, passages.group)) if count > 1 else []
    if not folds or any(len(np.unique(passages.labels[fit])) < 2 for fit, _ in folds):
        remedy = "Give every code two examples or more, and some passages about none under `none_examples`."
        raise CodebookError("too few examples to fit a classifier on", "codebook", remedy)
    for fit, judge in folds:
        held_out[judge] = Fused.fit(features[fit], passages.labels[fit]).scores(features[judge])
    return held_out


def _taught(
    teacher: Codebook, encoder: TextEncoder
) -> tuple[Fused, Array, npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """How texts relate to names and definitions: a model fitted on the texts of a codebook of which nothing else is
    known, the texts' centre, scores and labels. With three features over thousands of pairs nothing is held out."""
    texts = teacher.passages or teacher.examples()
    space = Space(teacher.bare(), encoder)
    vectors = encoder.encode([input_text(text.text, text.heading_path) for text in texts])
    labels = np.array([[code in text.codes for code in teacher.ids] for text in texts])
    features = space.features(space.seen(texts, vectors))
    model = Fused.fit(features, labels, [(_BARE, 1.0)])
    return model, np.asarray(vectors.mean(axis=0)), model.scores(features), labels
