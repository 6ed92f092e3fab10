"""What the classifier looks at for a text and a code: lexicon matches, and likeness to the codebook's own texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from strategy_miner.coding.codebook import Code, Codebook, Example, Terms
from strategy_miner.coding.lexicon import Lexicon
from strategy_miner.text import fold, sentence_spans

Array = npt.NDArray[np.float32]
NEAREST = 3  # examples of a code that a text is compared with
LONGEST_WHOLE = 150  # words of the longest text that is measured as one; segments are no longer
_PART = 60  # words from which a part of a longer text is full
FOLDS = 5  # folds of the examples, for what must not have seen the examples it is measured on
_RIDGE = 20.0  # strength of the regression behind the directions of codes
_MANY = 50  # examples from which letter sequences of a single one are left out
_LETTER_RIDGE = 0.3  # ... and behind their spellings
_PRIOR_TEXTS = 10  # the usual centre of texts weighs as much as so many texts (see Space.seen)
_PRIOR = 2.0  # matches that are taken to speak for no code: one match in a text is weak evidence, five are strong

# Headings that say where in a template one is, not what it is about.
_STRUCTURAL_WORDS = """
ausgangslage ausgangssituation bestand bestandsaufnahme herausforderung herausforderungen ziel ziele zielsetzung
zielsetzungen maßnahme maßnahmen projekt projekte handlungsfeld handlungsfelder handlungsfeldern themenfeld
themenfelder leitthema leitthemen schwerpunkt schwerpunkte strategie strategisch strategische einleitung einführung
vorwort fazit ausblick beschreibung kurzbeschreibung hintergrund umsetzung überblick übersicht zusammenfassung
anhang vision leitbild leitlinien analyse ergebnis ergebnisse situation status quo chancen risiken stärken schwächen
potenziale potentiale und der die das in im mit für von zu den unsere unser wir wollen kapitel teil abschnitt
allgemein allgemeines nutzen mehrwert kosten finanzierung zeitplan indikatoren maßnahmenkatalog steckbrief
steckbriefe maßnahmensteckbrief konzept bausteine lösungen lösungsansätze ansatz ansätze nächste schritte smart city
smarte stadt strategischen strategischer operative operativen
"""
STRUCTURAL = frozenset(fold(_STRUCTURAL_WORDS).split())
_MISSPELT = frozenset(word[:i] + word[i + 1 :] for word in STRUCTURAL if len(word) > 9 for i in range(len(word)))


class Headed(Protocol):
    """A text under headings."""

    @property
    def text(self) -> str: ...
    @property
    def heading_path(self) -> tuple[str, ...]: ...


class Item(Headed, Protocol):
    """A unit of coding. A Segment is one."""

    @property
    def id(self) -> str: ...
    @property
    def document_id(self) -> str: ...


Labelled = tuple[Item, Sequence[str]]  # a text with the codes that a person gave it; none is an answer too


class TextEncoder(Protocol):
    """Turns texts into vectors of length 1, float32 (n, dimension)."""

    @property
    def id(self) -> str: ...
    def encode(self, texts: Sequence[str], prefix: str = "query: ") -> Array: ...


def headings(path: Sequence[str]) -> list[str]:
    """The headings of a path that name a subject, from the nearest to the farthest."""
    named = [h.strip() for h in reversed(path) if h.strip() and not is_structural(h)]
    return list(dict.fromkeys(named))


def is_structural(heading: str) -> bool:
    """True if every word of a heading only says where in a document one is ("2.3 Ziele (für uns)"); what stands in
    brackets does not count, and a letter may be missing."""
    words = re.findall(r"[^\W\d_]{2,}", fold(re.sub(r"\([^)]*\)", " ", heading)))
    return all(word in STRUCTURAL or word in _MISSPELT for word in words)


def input_text(text: str, path: Sequence[str]) -> str:
    """The one text that is encoded for a unit: its nearest heading that names a subject, then its own words."""
    named = headings(path)
    return f"{named[0].rstrip('.:')}. {text}" if named else text


@dataclass(frozen=True, slots=True)
class Part:
    """Some sentences of a longer text, under its headings."""

    text: str
    heading_path: tuple[str, ...]


def parts(item: Headed) -> list[Part]:
    """A text as it is, or a long one in parts of whole sentences: one vector cannot hold five subjects."""
    words = item.text.split()
    if len(words) <= LONGEST_WHOLE:
        return [Part(item.text, item.heading_path)]
    grouped: list[list[str]] = [[]]
    for start, end in sentence_spans(item.text):
        if len(grouped[-1]) >= _PART:
            grouped.append([])
        grouped[-1] += item.text[start:end].split()
    if len(grouped) > 1 and len(grouped[-1]) < _PART / 2:
        grouped[-2] += grouped.pop()
    cut = [group[k : k + LONGEST_WHOLE] for group in grouped for k in range(0, len(group), LONGEST_WHOLE)]
    return [Part(" ".join(group), item.heading_path) for group in cut]


@dataclass(frozen=True, slots=True)
class Seen:
    """Measurements on n texts, before they become features. Lexicon counts are (n, codes)."""

    strong: Array
    weak: Array
    near_strong: Array  # in the nearest heading
    near_weak: Array
    far_strong: Array  # in the headings above it
    vectors: Array  # (n, dimension), centred and of length 1
    letters: Array  # (n, examples): how many letter sequences are shared with each example, see `Letters`


# Views on a text and a code, each with its features. A model of its own weighs each view's features.
VIEWS: dict[str, tuple[str, ...]] = {
    "lexicon": (
        "share of matches", "share of matches in the text", "matches in the text", "weak matches in the text",
        "matches in the heading", "matches in headings above", "in heading and text", "most matches",
    ),
    "likeness": (
        "like the description", "like the examples", "nearest example", "like the counter-examples", "likest code",
        "lead over other codes",
    ),
    "direction": ("direction of the code",),
    "letters": ("letters of the code",),
}  # fmt: skip
NAMES = tuple(name for names in VIEWS.values() for name in names)


class Letters:
    """Sequences of four to six letters within words, weighed by tf-idf: they see parts of compounds that no lexicon
    has, and words that the encoder blurs. `of_examples` is sparse (examples, sequences), rows of length 1."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        least = 2 if len(texts) >= _MANY else 1  # what stands in one example only says nothing about others
        self._weights = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 6), sublinear_tf=True, min_df=least)
        self.of_examples = self._weights.fit_transform(texts)

    def shared(self, texts: Sequence[str]) -> Array:
        """Cosines (n, examples) of texts."""
        return np.asarray((self._weights.transform(texts) @ self.of_examples.T).toarray(), dtype=np.float32)

    def shared_by(self, made_from: npt.NDArray[np.bool_]) -> Array:
        """The same for passages that were made from examples (n, examples)."""
        from scipy.sparse import csr_array
        from sklearn.preprocessing import normalize

        passages = normalize(csr_array(made_from.astype(np.float64)) @ self.of_examples)
        return np.asarray((passages @ self.of_examples.T).toarray(), dtype=np.float32)


@cache
def compute_alike() -> None:
    """From here on one BLAS thread for the whole process: sums of several differ in the last digits.

    Processes and threads work on documents side by side, so no core is idle for it.
    """
    import sklearn.linear_model  # noqa: F401  # loads every BLAS that fits and scores use
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1, user_api="blas")


class Space:
    """The codebook's texts as vectors, and the features of texts measured against them."""

    def __init__(self, codebook: Codebook, encoder: TextEncoder, labelled: Sequence[Labelled] = ()) -> None:
        compute_alike()
        self.codebook = codebook
        self.encoder = encoder
        self.bare = not codebook.examples()
        # A codebook of names and definitions alone works too: they stand in for examples and lexicon.
        short = codebook.examples() or tuple(
            Example(text, "", (code.id,)) for code in codebook.codes for text in (code.description, code.name_de)
        )
        self.short = len(short)  # the examples from which practice passages are made; real passages follow them
        given = tuple(Example(item.text, " > ".join(item.heading_path), tuple(codes)) for item, codes in labelled)
        self.examples: tuple[Example, ...] = short + codebook.passages + given
        # What must be left out together: an example by itself, the labelled texts of one document as a whole.
        first: dict[str, int] = {}
        own = len(self.examples) - len(given)
        documents = [first.setdefault(item.document_id, own + i) for i, (item, _) in enumerate(labelled)]
        self.group = np.array([*range(own), *documents])
        self.lexicon = Lexicon([_terms(code).by_role() for code in codebook.codes])
        inputs = [input_text(example.text, example.heading_path) for example in self.examples]
        self.letters = Letters(inputs)
        self._kernel = self.letters.shared(inputs).astype(np.float64)
        raw = encoder.encode(inputs)
        self.centre: Array = raw[: self.short].mean(axis=0)
        self.usual = self.centre  # what the texts of a codebook without examples have in common, see `seen`
        self.example_vectors = self.centred(raw)
        descriptions = encoder.encode([code.description for code in codebook.codes])
        self.description_vectors = unit(descriptions - descriptions.mean(axis=0))
        names = encoder.encode([code.name_de for code in codebook.codes])
        self.name_vectors = unit(names - names.mean(axis=0))
        self.labels = np.zeros((len(self.examples), len(codebook.codes)), dtype=bool)
        for i, example in enumerate(self.examples):
            self.labels[i, [codebook.position(code) for code in example.codes]] = True
        self.against = self._counter_examples()
        self.fold_of = self.group % FOLDS
        self._directions: dict[frozenset[int], tuple[Array, Array]] = {}
        self._spellings: dict[frozenset[int], tuple[Array, Array]] = {}

    def _counter_examples(self) -> npt.NDArray[np.bool_]:
        against = np.zeros_like(self.labels)
        at = {id(example): i for i, example in enumerate(self.examples)}
        for j, code in enumerate(self.codebook.codes):
            against[[at[id(example)] for example in code.negative], j] = True
        return against

    def centred(self, vectors: Array) -> Array:
        """Vectors less the mean of the examples, of length 1: what sentence vectors have in common says nothing."""
        return unit(vectors - self.centre)

    def counted(self, text: str) -> tuple[Array, Array]:
        """Strong and weak matches per code in a text."""
        strong, weak = self.lexicon.counts(text)
        return np.asarray(strong, dtype=np.float32), np.asarray(weak, dtype=np.float32)

    def seen(self, items: Sequence[Headed], vectors: Array) -> Seen:
        """Measure units; `vectors` are those of `input_text`, as the encoder gives them.

        Names and definitions alone do not show what the texts have in common. For such a codebook the texts measured
        together say it: their mean is taken off, drawn towards the usual where they are few.
        """
        if not self.bare:
            return self.seen_vectors(items, self.centred(vectors))
        centre = (vectors.sum(axis=0) + _PRIOR_TEXTS * self.usual) / (len(vectors) + _PRIOR_TEXTS)
        return self.seen_vectors(items, unit(vectors - centre))

    def seen_vectors(self, items: Sequence[Headed], vectors: Array) -> Seen:
        """Measure units whose vectors are centred already."""
        paths = [headings(item.heading_path) for item in items]
        near = [path[0] if path else "" for path in paths]
        far = [". ".join(path[1:]) for path in paths]
        counted = {text: self.counted(text) for text in {*near, *far}}
        own = [self.counted(item.text) for item in items]
        return Seen(
            np.array([strong for strong, _ in own]),
            np.array([weak for _, weak in own]),
            np.array([counted[h][0] for h in near]),
            np.array([counted[h][1] for h in near]),
            np.array([counted[h][0] for h in far]),
            vectors,
            self.letters.shared([input_text(item.text, item.heading_path) for item in items]),
        )

    def features(self, seen: Seen, made_from: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.float64]:
        """Features (n, codes, len(NAMES)). `made_from` (n, examples) marks the examples that a text was made from:
        it is not compared with them, nor with directions that were fitted on them."""
        to_examples = seen.vectors @ self.example_vectors.T
        if made_from is not None:
            to_examples = np.where(made_from, -1.0, to_examples)
        to_description = seen.vectors @ self.description_vectors.T
        nearest, mean, counter = self._likeness(to_examples)
        text = seen.strong + 0.5 * seen.weak
        near = seen.near_strong + 0.5 * seen.near_weak
        both = text + 1.5 * near + 0.5 * seen.far_strong
        text_share = _share(text)
        alike = mean + to_description
        columns = [
            _share(both), text_share, np.log1p(seen.strong), np.log1p(seen.weak), np.log1p(near),
            np.log1p(seen.far_strong), np.sqrt(text_share * _share(near)),
            (both >= both.max(axis=1, keepdims=True)) & (both > 0),
            to_description, mean, nearest, counter, alike >= alike.max(axis=1, keepdims=True), alike - _second(alike),
            self._along(seen.vectors, made_from, self._direction), self._along(seen.letters, made_from, self._spelling),
        ]  # fmt: skip
        return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=2)

    def _along(
        self,
        measured: Array,
        made_from: npt.NDArray[np.bool_] | None,
        fitted: Callable[[frozenset[int]], tuple[Array, Array]],
    ) -> Array:
        """How much a ridge regression of the codes on the examples says for each code; passages by a regression without
        the folds of the examples that they were made from."""
        if made_from is None:
            weights, offset = fitted(frozenset())
            return np.asarray(measured @ weights + offset)
        along = np.zeros((len(measured), len(self.codebook.codes)), dtype=np.float32)
        left_out = [frozenset(int(k) for k in self.fold_of[row]) for row in made_from]
        for folds in sorted(set(left_out), key=sorted):
            rows = [i for i, own in enumerate(left_out) if own == folds]
            weights, offset = fitted(folds)
            along[rows] = measured[rows] @ weights + offset
        return along

    def _direction(self, left_out: frozenset[int]) -> tuple[Array, Array]:
        """Weights (dimension, codes) and offsets (codes,) of vectors, fitted without some folds of the examples."""
        if left_out not in self._directions:
            kept = ~np.isin(self.fold_of, sorted(left_out))
            x = np.vstack([self.example_vectors[kept], self.description_vectors, self.description_vectors])
            named = np.eye(len(self.codebook.codes))
            y = np.vstack([self.labels[kept], named, named]).astype(np.float64)
            centre, share = x.mean(axis=0), y.mean(axis=0)
            weights = np.linalg.solve(
                (x - centre).T @ (x - centre) + _RIDGE * np.eye(x.shape[1]), (x - centre).T @ (y - share)
            )
            self._directions[left_out] = weights.astype(np.float32), (share - centre @ weights).astype(np.float32)
        return self._directions[left_out]

    def _spelling(self, left_out: frozenset[int]) -> tuple[Array, Array]:
        """Weights (examples, codes) and offsets (codes,) of shared letters: kernel ridge regression, the same way."""
        if left_out not in self._spellings:
            kept = ~np.isin(self.fold_of, sorted(left_out))
            y = self.labels[kept].astype(np.float64)
            share = y.mean(axis=0) if len(y) else np.zeros(y.shape[1])
            weights = np.zeros((len(kept), y.shape[1]), dtype=np.float32)
            kernel = self._kernel[np.ix_(kept, kept)] + _LETTER_RIDGE * np.eye(len(y))
            weights[kept] = np.linalg.solve(kernel, y - share)
            self._spellings[left_out] = weights, share.astype(np.float32)
        return self._spellings[left_out]

    def _likeness(self, cosines: Array) -> tuple[Array, Array, Array]:
        """Per code: cosine to the nearest example, mean over the nearest few, cosine to the nearest counter-example."""
        nearest, mean, counter = (np.zeros((len(cosines), len(self.codebook.codes)), dtype=np.float32) for _ in "123")
        for j in range(len(self.codebook.codes)):
            own = cosines[:, self.labels[:, j]]
            if own.shape[1]:
                top = -np.sort(-own, axis=1)[:, :NEAREST]
                nearest[:, j], mean[:, j] = top[:, 0], top.mean(axis=1)
            other = cosines[:, self.against[:, j]]
            if other.shape[1]:
                counter[:, j] = other.max(axis=1)
        return nearest, mean, counter


def _terms(code: Code) -> Terms:
    if code.lexicon.include:
        return code.lexicon
    words = [
        tuple(dict.fromkeys(re.findall(r"\b[A-ZÄÖÜ][a-zäöüß]{4,}", text))) for text in (code.name_de, code.description)
    ]
    return Terms(words[0], tuple(word for word in words[1] if word not in words[0]), code.lexicon.exclude)


def _share(counts: Array) -> Array:
    return np.asarray(counts / (counts.sum(axis=1, keepdims=True) + _PRIOR))


def _second(values: Array) -> Array:
    """For each code the best value among the other codes."""
    if values.shape[1] < 2:
        return np.zeros_like(values)
    order = np.sort(values, axis=1)
    best, second = order[:, -1:], order[:, -2:-1]
    return np.where(values >= best, second, best)


def unit(vectors: Array) -> Array:
    """Rows scaled to length 1; a row of zeros stays."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(norms > 0, norms, 1.0), dtype=np.float32)
