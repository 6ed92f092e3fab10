"""Practice passages: the codebook's examples joined, headed and disturbed until they resemble real segments.

Examples are short, pure and full of the lexicon's own words; segments are long, mix subjects, mention things in
passing and stand under headings that fit more or less. A model fitted on bare examples would trust every match.
Passages of the codebook that were written to resemble real segments, and texts that people have labelled, are added as
they are, several times over.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from strategy_miner.coding.features import Array, Seen, Space, unit

_SECOND_OF_SAME = 0.45  # chance that a passage is two examples of one code
_SECOND_OF_OTHER = 0.15  # ... or of two codes, and carries both
_IN_PASSING = 0.5  # chance that a subject is mentioned which the passage is not about
_FELT = (0.1, 0.6)  # weight of its sense beside the passage's own
_BLUR = 0.6  # other wording: length of a random vector added to one of length 1
_FELT_HEADING = 0.15
_HEADING_OTHER_WORDS = 0.4  # chance that the lexicon does not know the words of a heading
_LOST = 0.35  # chance that a match is lost: real texts use words that no lexicon foresees
_REPEATED = 6  # how often a real passage counts, beside the passages made from one example
_HEADING_FITS, _HEADING_WIDER, _HEADING_OFF = 0.45, 0.25, 0.1  # else there is none


@dataclass(frozen=True, slots=True)
class Practice:
    """n passages: measurements, codes (n, codes), the examples each was made from (n, examples), the group (n,) of its
    first one, which is left out as a whole.

    `real` (n,) marks those that stand in the codebook as they are.
    """

    seen: Seen
    labels: npt.NDArray[np.bool_]
    made_from: npt.NDArray[np.bool_]
    group: npt.NDArray[np.int64]
    real: npt.NDArray[np.bool_]

    def judges(self) -> npt.NDArray[np.intp]:
        """The passages by which a model is calibrated: the real ones, once each; where there are none, all."""
        return np.flatnonzero(self.real)[::_REPEATED] if self.real.any() else np.arange(len(self.real))


def practice(space: Space, per_example: int, seed: int) -> Practice:
    """Draw `per_example` passages around every example, and add the codebook's own. Deterministic for a seed."""
    random = np.random.default_rng(seed)
    pieces = [space.counted(example.text) for example in space.examples[: space.short]]
    names = [(*space.counted(code.name_de), vector) for code, vector in zip(
        space.codebook.codes, space.name_vectors, strict=True)]  # fmt: skip
    by_code = [np.flatnonzero(column) for column in space.labels[: space.short].T]
    raw = space.example_vectors
    rows: list[dict[str, Array]] = []
    labels, made_from, group = [], [], []
    for i in range(space.short):
        for _ in range(per_example):
            members, label = _members(space, i, by_code, random)
            row = _joined([pieces[m] for m in members])
            row["vectors"] = _blurred(unit(raw[members].mean(axis=0, keepdims=True))[0], random)
            _mention(row, space, label, pieces, random)
            _lose(row, random)
            _head(row, names, label, random)
            rows.append(row)
            labels.append(label)
            used = np.zeros(len(space.examples), dtype=bool)
            used[members] = True
            made_from.append(used)
            group.append(i)
    measured = {key: np.array([row[key] for row in rows], dtype=np.float32) for key in rows[0]}
    seen = Seen(**measured, letters=space.letters.shared_by(np.array(made_from)))
    drawn = Practice(
        replace(seen, vectors=unit(seen.vectors)), np.array(labels), np.array(made_from), np.array(group),
        np.zeros(len(group), dtype=bool),
    )  # fmt: skip
    return _with_real(drawn, space)


def _with_real(drawn: Practice, space: Space) -> Practice:
    real = np.repeat(np.arange(space.short, len(space.examples)), _REPEATED)
    if not len(real):
        return drawn
    measured = space.seen_vectors([space.examples[i] for i in real], space.example_vectors[real])
    joined = {f.name: np.concatenate([getattr(drawn.seen, f.name), getattr(measured, f.name)]) for f in fields(Seen)}
    return Practice(
        Seen(**joined),
        np.concatenate([drawn.labels, space.labels[real]]),
        np.concatenate([drawn.made_from, space.group[real][:, None] == space.group[None, :]]),
        np.concatenate([drawn.group, space.group[real]]),
        np.concatenate([drawn.real, np.ones(len(real), dtype=bool)]),
    )


def _members(
    space: Space, i: int, by_code: list[npt.NDArray[np.int64]], random: np.random.Generator
) -> tuple[list[int], npt.NDArray[np.bool_]]:
    label = space.labels[i].copy()
    members = [i]
    draw = random.random()
    if draw < _SECOND_OF_SAME and label.any():
        same = [
            int(j) for j in by_code[int(np.flatnonzero(label)[0])] if j != i and not (space.labels[j] & ~label).any()
        ]
        members += [int(random.choice(same))] if same else []
    elif draw < _SECOND_OF_SAME + _SECOND_OF_OTHER:
        other = int(random.integers(space.short))
        members += [other] if other != i else []
        label |= space.labels[other]
    return members, label


def _joined(pieces: list[tuple[Array, Array]]) -> dict[str, Array]:
    zeros = np.zeros_like(pieces[0][0])
    return {
        "strong": np.sum([strong for strong, _ in pieces], axis=0),
        "weak": np.sum([weak for _, weak in pieces], axis=0),
        "near_strong": zeros.copy(),
        "near_weak": zeros.copy(),
        "far_strong": zeros.copy(),
    }


def _mention(
    row: dict[str, Array],
    space: Space,
    label: npt.NDArray[np.bool_],
    pieces: list[tuple[Array, Array]],
    random: np.random.Generator,
) -> None:
    """Half the matches of some other example appear, and its sense is felt a little."""
    while random.random() < _IN_PASSING:
        other = int(random.integers(space.short))
        strong, weak = pieces[other]
        keep = (random.random(len(strong)) < 0.5) & ~label
        row["strong"] = row["strong"] + np.minimum(strong, 1) * keep
        row["weak"] = row["weak"] + np.minimum(weak, 1) * keep
        row["vectors"] = row["vectors"] + random.uniform(*_FELT) * space.example_vectors[other]


def _lose(row: dict[str, Array], random: np.random.Generator) -> None:
    for key in ("strong", "weak"):
        row[key] = random.binomial(row[key].astype(int), 1 - _LOST).astype(np.float32)


def _head(
    row: dict[str, Array],
    names: list[tuple[Array, Array, Array]],
    label: npt.NDArray[np.bool_],
    random: np.random.Generator,
) -> None:
    """A heading that names one of the codes, one of them and another, or another; a passage about none has any."""
    draw, own = random.random(), np.flatnonzero(label)
    chosen: list[int] = []
    if draw < _HEADING_FITS + _HEADING_WIDER and len(own):
        chosen.append(int(random.choice(own)))
    if _HEADING_FITS < draw < _HEADING_FITS + _HEADING_WIDER + _HEADING_OFF or (not len(own) and draw < 0.3):
        chosen.append(int(random.integers(len(names))))
    thin = random.random() < _HEADING_OTHER_WORDS
    for j in chosen:
        strong, weak, vector = names[j]
        if not thin:
            row["near_strong"] = row["near_strong"] + np.minimum(strong, 1)
            row["near_weak"] = row["near_weak"] + np.minimum(weak, 1)
        row["vectors"] = row["vectors"] + _FELT_HEADING * vector


def _blurred(vector: Array, random: np.random.Generator) -> Array:
    noise = random.standard_normal(len(vector))
    return np.asarray(vector + _BLUR * noise / np.linalg.norm(noise), dtype=np.float32)
