"""How well codes agree with reference labels: F1 by source and by code with bootstrap intervals, as Markdown tables.

Intervals are percentile bootstrap over segments within each source (Efron & Tibshirani 1993): they say how far the
figure would move with other paragraphs of the same documents, not with other documents.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from strategy_miner.coding.classifier import Classifier, decided, micro_f1
from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.features import TextEncoder
from strategy_miner.coding.gold_corpus import Ints
from strategy_miner.coding.gold_folds import leaky_splits, out_of_fold
from strategy_miner.coding.names import code_names
from strategy_miner.errors import CorpusError

Bools = npt.NDArray[np.bool_]
Statistic = Callable[[Bools, Bools], float]
DRAWS = 1000
LEAST_SUPPORT = 10  # labels from which a code counts in macro-F1
# Sources and names that development never looked at.
UNTOUCHED = frozenset(["muenster-fdp-2014", "muenster-klimaschutzkonzept-2020"])


@dataclass(frozen=True, slots=True)
class ReferenceText:
    """A paragraph with the codes of two coders. `document_id` is its source."""

    id: str
    document_id: str
    text: str
    heading_path: tuple[str, ...]
    coder_a: tuple[str, ...]
    coder_b: tuple[str, ...]


def read_reference(path: Path) -> list[ReferenceText]:
    """Reference paragraphs from JSON lines. Raises CorpusError if the file is missing."""
    if not path.exists():
        raise CorpusError("no reference labels", str(path), "Name the folder that holds gold/segments_dev.jsonl.")
    rows = _json_lines(path)
    return [
        ReferenceText(
            row["id"], row["source"], row["text"], tuple(part for part in row["heading"].split(" > ") if part),
            tuple(row["coder_a"]), tuple(row["coder_b"]),
        )
        for row in rows
    ]  # fmt: skip


def _json_lines(path: Path) -> list[dict[str, Any]]:
    # Not splitlines(): texts may hold other line separators of Unicode.
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def macro_f1(given: Bools, true: Bools) -> float:
    """Mean F1 over the codes with at least `LEAST_SUPPORT` labels."""
    enough = [j for j in range(true.shape[1]) if true[:, j].sum() >= LEAST_SUPPORT]
    return float(np.mean([micro_f1(given[:, j], true[:, j]) for j in enough])) if enough else float("nan")


def interval(statistic: Statistic, given: Bools, true: Bools, groups: Sequence[str], seed: int) -> tuple[float, float]:
    """95 % percentile bootstrap interval over rows, drawn within each group."""
    random = np.random.default_rng(seed)
    names = np.asarray(groups)
    members = [np.flatnonzero(names == name) for name in sorted(set(groups))]
    values = []
    for _ in range(DRAWS):
        rows = np.concatenate([random.choice(own, len(own)) for own in members])
        values.append(statistic(given[rows], true[rows]))
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


def matrix(codes: Iterable[Iterable[str]], codebook: Codebook) -> Bools:
    """Code sets as rows of a boolean matrix (n, codes). Raises KeyError on an unknown code."""
    rows = [[codebook.position(code) for code in own] for own in codes]
    out = np.zeros((len(rows), len(codebook.codes)), dtype=bool)
    for i, own in enumerate(rows):
        out[i, own] = True
    return out


def evaluate_coding(shared: Path, codebook: Codebook, encoder: TextEncoder, seed: int) -> str:
    """Markdown tables of the classifier and of the coding of names against the reference labels under `shared`."""
    texts = read_reference(shared / "gold" / "segments_dev.jsonl")
    classifier = Classifier.fit(codebook, encoder, seed)
    probabilities = classifier.probabilities(texts)
    given = decided(probabilities, classifier.threshold)
    true = matrix([text.coder_a for text in texts], codebook)
    other = matrix([text.coder_b for text in texts], codebook)
    sources = [text.document_id for text in texts]
    return "\n\n".join(
        [
            f"Classifier {classifier.id}, threshold {classifier.threshold:.2f}, {len(texts)} paragraphs, coder A.",
            _by_source(given, true, probabilities, sources, codebook, seed),
            f"Between the two coders: micro-F1 {micro_f1(other, true):.3f}.",
            _by_code(given, true, codebook),
            _calibration(classifier, probabilities, true, seed),
            _with_labels(texts, codebook, encoder, seed),
            _names(shared / "gold" / "declared_fields_dev.csv", codebook, encoder),
        ]
    )


def _by_source(
    given: Bools,
    true: Bools,
    probabilities: npt.NDArray[np.float64],
    sources: Sequence[str],
    codebook: Codebook,
    seed: int,
) -> str:
    kinds = np.array([code.kind == "integrated" for code in codebook.codes])
    names = np.asarray(sources)
    parts = {name: names == name for name in sorted(set(sources))}
    parts["developed on"] = ~np.isin(names, sorted(UNTOUCHED))
    parts["left untouched"] = np.isin(names, sorted(UNTOUCHED))
    parts["all"] = np.ones(len(names), dtype=bool)
    rows = []
    for name, rows_in in parts.items():
        if not rows_in.any():
            continue
        own_given, own_true, groups = given[rows_in], true[rows_in], list(names[rows_in])
        flags = (own_given[:, kinds].any(axis=1), own_true[:, kinds].any(axis=1))
        coded = np.flatnonzero(own_true.any(axis=1))
        best = probabilities[rows_in].argmax(axis=1)
        low, high = interval(micro_f1, own_given, own_true, groups, seed)
        flag_low, flag_high = interval(micro_f1, flags[0][:, None], flags[1][:, None], groups, seed)
        top = float(np.mean([own_true[i, best[i]] for i in coded])) if len(coded) else float("nan")
        none = (int((~own_given.any(axis=1) & ~own_true.any(axis=1)).sum()), int((~own_true.any(axis=1)).sum()))
        rows.append(
            [name, len(groups), f"{micro_f1(own_given, own_true):.3f} ({low:.2f}-{high:.2f})",
             f"{macro_f1(own_given, own_true):.3f}", f"{top:.3f}",
             f"{micro_f1(*flags):.3f} ({flag_low:.2f}-{flag_high:.2f})", f"{none[0]} of {none[1]}"]
        )  # fmt: skip
    head = ["source", "n", "micro-F1 (95 %)", f"macro-F1 (>= {LEAST_SUPPORT} labels)", "top code right",
            "integrated flag F1 (95 %)", "none found"]  # fmt: skip
    return table(head, rows)


def _by_code(given: Bools, true: Bools, codebook: Codebook) -> str:
    rows = [
        [code.id, int(true[:, j].sum()), int(given[:, j].sum()), int((given & true)[:, j].sum()),
         f"{micro_f1(given[:, j], true[:, j]):.2f}" if true[:, j].sum() >= 5 else "too few"]
        for j, code in enumerate(codebook.codes)
    ]  # fmt: skip
    return table(["code", "support", "given", "hits", "F1"], rows)


def calibration_error(p: npt.NDArray[np.float64], hit: Bools, bins: int = 10) -> float:
    """Mean absolute gap between probability and share of hits over bins of equal mass, weighted by their size."""
    parts = np.array_split(np.argsort(p, kind="stable"), bins)
    return float(sum(abs(p[part].mean() - hit[part].mean()) * len(part) for part in parts if len(part)) / len(p))


def calibration_errors(probabilities: npt.NDArray[np.float64], true: Bools) -> tuple[float, float]:
    """Calibration error of each text's likeliest code, and of all pairs with p > 0.1."""
    best = probabilities.argmax(axis=1)
    rows = np.arange(len(best))
    pairs = probabilities > 0.1
    return (
        calibration_error(probabilities[rows, best], true[rows, best]),
        calibration_error(probabilities[pairs], true[pairs]),
    )


def _calibration(classifier: Classifier, probabilities: npt.NDArray[np.float64], true: Bools, seed: int) -> str:
    """With what a perfect calibration would show: bins of few texts never fit exactly."""
    top, pairs = calibration_errors(probabilities, true)
    random = np.random.default_rng(seed)
    draws = [calibration_errors(probabilities, random.random(true.shape) < probabilities) for _ in range(200)]
    chance = np.mean(draws, axis=0)
    held_out, labels = classifier.held_out
    inner = calibration_errors(held_out, labels)
    return (
        f"Calibration error in 10 bins of equal mass: top code {top:.3f}, pairs with p > 0.1 {pairs:.3f}; "
        f"perfect probabilities would show {chance[0]:.3f} and {chance[1]:.3f} on as many texts. "
        f"On {len(labels)} passages of the codebook, each scored by a model of other folds: "
        f"{inner[0]:.3f} and {inner[1]:.3f}, micro-F1 {micro_f1(decided(held_out, classifier.threshold), labels):.3f}."
    )


def _with_labels(texts: Sequence[ReferenceText], codebook: Codebook, encoder: TextEncoder, seed: int) -> str:
    """The same scores with labels of other documents and, to show the gap, with labels of random folds, which leak."""
    labelled = [(text, text.coder_a) for text in texts]
    true = matrix([codes for _, codes in labelled], codebook)
    kinds = np.array([code.kind == "integrated" for code in codebook.codes])
    sources = np.array([text.document_id for text in texts])
    whole = [(np.flatnonzero(sources != name), np.flatnonzero(sources == name)) for name in sorted(set(sources))]

    def train(fitted: Ints, tested: Ints) -> tuple[npt.NDArray[np.float64], Bools]:
        classifier = Classifier.fit(codebook, encoder, seed, [labelled[i] for i in fitted])
        probabilities = classifier.probabilities([texts[i] for i in tested])
        return probabilities, decided(probabilities, classifier.threshold)

    rows = []
    for name, splits in (("leave one document out", whole), ("random folds, leaking", leaky_splits(len(texts), seed))):
        probabilities, given = out_of_fold(splits, train, true.shape)
        low, high = interval(micro_f1, given, true, [text.document_id for text in texts], seed)
        flags = [np.asarray(codes[:, kinds].any(axis=1)) for codes in (given, true)]
        rows.append(
            [name, f"{micro_f1(given, true):.3f} ({low:.2f}-{high:.2f})", f"{macro_f1(given, true):.3f}",
             f"{micro_f1(*flags):.3f}", *(f"{error:.3f}" for error in calibration_errors(probabilities, true))]
        )  # fmt: skip
    head = ["fitted with labels", "micro-F1 (95 %)", "macro-F1", "integrated flag F1", "calibration: top code", "pairs"]
    return table(head, rows)


def evaluate_topics(sections: Path, topics: Path, codebook: Codebook, encoder: TextEncoder, seed: int) -> str:
    """How often the likeliest code of another codebook, of names and definitions only, is a section's topic.

    Args:
        sections: JSON lines with programme, title, topic, text.
        topics: the YAML file of that codebook.
        codebook: the shipped one, from which is learnt how texts relate to names and definitions.
        encoder: gives the vectors.
        seed: for all random draws.
    """
    rows = _json_lines(sections)
    own = Codebook.load(topics.parent, topics.stem)
    classifier = Classifier.fit(own, encoder, seed, teacher=codebook)
    true = np.array([own.position(row["topic"]) for row in rows])
    lines = []
    for name in ("without headings", "with headings"):
        path = [(row["title"],) if name == "with headings" else () for row in rows]
        texts = [ReferenceText(str(i), row["programme"], row["text"], path[i], (), ()) for i, row in enumerate(rows)]
        right = classifier.probabilities(texts).argmax(axis=1) == true
        alone = np.array([classifier.probabilities([text])[0].argmax() for text in texts]) == true
        lines.append([name, len(rows), f"{right.mean():.3f}", f"{alone.mean():.3f}"])
    return table(["sections", "n", "top code right", "the same, each text coded alone"], lines)


def _names(path: Path, codebook: Codebook, encoder: TextEncoder) -> str:
    with path.open(encoding="utf-8", newline="") as handle:
        reference = list(csv.DictReader(handle))
    codings = code_names([row["field_name"] for row in reference], codebook, encoder)
    given = matrix([coding.codes for coding in codings], codebook)
    true = matrix([row["codes_a"].split() for row in reference], codebook)
    oriented = np.array([c.orientation == r["orientation_a"] for c, r in zip(codings, reference, strict=True)])
    ecology = np.array([[c.ecology, r["ecology_a"] == "True"] for c, r in zip(codings, reference, strict=True)])
    half = np.arange(len(reference)) % 2
    rows = [
        [name, int(own.sum()), f"{micro_f1(given[own], true[own]):.3f}", f"{oriented[own].mean():.3f}",
         f"{micro_f1(ecology[own, 0], ecology[own, 1]):.3f}"]
        for name, own in (
            ("names developed on (every second)", half == 0), ("names left untouched", half == 1), ("all", half >= 0),
        )
    ]  # fmt: skip
    integrated = np.array(
        [[c.orientation == "integrated", r["orientation_a"] == "integrated"]
         for c, r in zip(codings, reference, strict=True)]
    )  # fmt: skip
    untouched = [_agreement(flags[half == 1]) for flags in (integrated, ecology)]
    head = ["declared fields", "n", "codes micro-F1", "orientation accuracy", "ecology F1"]
    return (
        f"{table(head, rows)}\n\nFor params.yaml (names left untouched; both yes, machine alone, reference alone, both "
        f"no): analyse.names_integrated {untouched[0]}, analyse.names_ecology {untouched[1]}"
    )


def _agreement(flags: Bools) -> list[int]:
    """Counts of (machine, reference): both yes, machine alone, reference alone, both no."""
    machine, reference = flags[:, 0], flags[:, 1]
    return [
        int((machine == m)[reference == r].sum())
        for m, r in ((True, True), (True, False), (False, True), (False, False))
    ]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
