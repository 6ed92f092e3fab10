"""What the classifier looks at for a text and a code: lexicon matches, and likeness to the codebook's own texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from strategy_miner.coding.codebook import Codebook, Example
from strategy_miner.coding.lexicon import Lexicon
from strategy_miner.text import fold

Array = npt.NDArray[np.float32]
NEAREST = 3  # examples of a code that a text is compared with
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


class Item(Protocol):
    """A unit of coding. A Segment is one."""

    @property
    def id(self) -> str: ...
    @property
    def document_id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def heading_path(self) -> tuple[str, ...]: ...


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
    """True if every word of a heading only says where in a document one is ("2.3 Ziele und Maßnahmen")."""
    words = [word for word in fold("".join(c if c.isalpha() else " " for c in heading)).split() if len(word) > 1]
    return all(word in STRUCTURAL for word in words)


def input_text(text: str, path: Sequence[str]) -> str:
    """The one text that is encoded for a unit: its nearest heading that names a subject, then its own words."""
    named = headings(path)
    return f"{named[0].rstrip('.:')}. {text}" if named else text


@dataclass(frozen=True, slots=True)
class Seen:
    """Measurements on n texts, before they become features. Lexicon counts are (n, codes)."""

    strong: Array
    weak: Array
    near_strong: Array  # in the nearest heading
    near_weak: Array
    far_strong: Array  # in the headings above it
    vectors: Array  # (n, dimension), centred and of length 1
    heading_vectors: Array  # the same of the nearest heading; zeros where there is none
    words: Array  # (n,)


NAMES = (
    "share of matches", "share of matches in the text", "matches in the text", "weak matches in the text",
    "matches in the heading", "matches in headings above", "in heading and text", "most matches",
    "like the description", "like the examples", "nearest example", "like the counter-examples",
    "likest code", "lead over other codes", "heading like the description", "heading likest", "length",
    "matched and alike",
)  # fmt: skip


class Space:
    """The codebook's texts as vectors, and the features of texts measured against them."""

    def __init__(self, codebook: Codebook, encoder: TextEncoder) -> None:
        self.codebook = codebook
        self.encoder = encoder
        self.examples: tuple[Example, ...] = codebook.examples()
        self.lexicon = Lexicon(
            [
                {"include": c.lexicon.include, "weak": c.lexicon.weak, "exclude": c.lexicon.exclude}
                for c in codebook.codes
            ]
        )
        raw = encoder.encode([input_text(e.text, (e.heading,)) for e in self.examples])
        self.centre: Array = raw.mean(axis=0)
        self.example_vectors = self.centred(raw)
        descriptions = encoder.encode([code.description for code in codebook.codes])
        self.description_vectors = unit(descriptions - descriptions.mean(axis=0))
        names = encoder.encode([code.name_de for code in codebook.codes])
        self.heading_centre: Array = names.mean(axis=0)
        self.name_vectors = unit(names - self.heading_centre)
        self.labels = np.zeros((len(self.examples), len(codebook.codes)), dtype=bool)
        for i, example in enumerate(self.examples):
            self.labels[i, [codebook.position(code) for code in example.codes]] = True
        self.against = self._counter_examples()

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

    def seen(self, items: Sequence[Item], vectors: Array) -> Seen:
        """Measure units; `vectors` are those of `input_text`, as the encoder gives them."""
        paths = [headings(item.heading_path) for item in items]
        near = [path[0] if path else "" for path in paths]
        far = [". ".join(path[1:]) for path in paths]
        distinct = sorted({heading for heading in near if heading})
        encoded = unit(self.encoder.encode(distinct) - self.heading_centre) if distinct else np.zeros((0, 1))
        place = {heading: i for i, heading in enumerate(distinct)}
        heading_vectors = np.zeros_like(vectors, dtype=np.float32)
        for i, heading in enumerate(near):
            if heading:
                heading_vectors[i] = encoded[place[heading]]
        counted = {text: self.counted(text) for text in {*near, *far}}
        own = [self.counted(item.text) for item in items]
        return Seen(
            np.array([strong for strong, _ in own]),
            np.array([weak for _, weak in own]),
            np.array([counted[h][0] for h in near]),
            np.array([counted[h][1] for h in near]),
            np.array([counted[h][0] for h in far]),
            self.centred(vectors),
            heading_vectors,
            np.array([len(item.text.split()) for item in items], dtype=np.float32),
        )

    def features(self, seen: Seen, unknown: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.float64]:
        """Features (n, codes, len(NAMES)). `unknown` (n, examples) marks examples that a text must not be compared
        with because it was made from them."""
        to_examples = seen.vectors @ self.example_vectors.T
        if unknown is not None:
            to_examples = np.where(unknown, -1.0, to_examples)
        to_description = seen.vectors @ self.description_vectors.T
        nearest, mean, counter = self._likeness(to_examples)
        heading = seen.heading_vectors @ self.name_vectors.T
        has_heading = (np.abs(seen.heading_vectors).sum(axis=1) > 0)[:, None]
        text = seen.strong + 0.5 * seen.weak
        near = seen.near_strong + 0.5 * seen.near_weak
        both = text + 1.5 * near + 0.5 * seen.far_strong
        share, text_share = _share(both), _share(text)
        alike = mean + to_description
        columns = [
            share, text_share, np.log1p(seen.strong), np.log1p(seen.weak), np.log1p(near), np.log1p(seen.far_strong),
            np.sqrt(text_share * _share(near)), (both >= both.max(axis=1, keepdims=True)) & (both > 0),
            to_description, mean, nearest, counter, alike >= alike.max(axis=1, keepdims=True),
            alike - _second(alike), heading, has_heading & (heading >= heading.max(axis=1, keepdims=True)),
            np.log1p(seen.words)[:, None] + np.zeros_like(share), share * mean,
        ]  # fmt: skip
        return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=2)

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
