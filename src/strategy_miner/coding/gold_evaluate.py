"""The classifier against gold: every figure, as tables for people and as rows for programs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from strategy_miner.coding.agreement import FLAG, Agreed, CodeSet, alpha_interval, masi
from strategy_miner.coding.classifier import decided
from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.evaluate import table
from strategy_miner.coding.gold_corpus import Bools, Floats, Sample
from strategy_miner.coding.gold_estimate import (
    LEAST_POSITIVE,
    SPREAD,
    Errors,
    Estimate,
    cohort_masks,
    combined,
    share_errors,
)
from strategy_miner.coding.gold_folds import Train, cohort_splits, grouped_splits, leaky_splits, out_of_fold
from strategy_miner.coding.gold_metrics import (
    Answers,
    Statistic,
    calibrations,
    code_scores,
    flag_f1,
    hamming,
    jackknife,
    macro_f1,
    micro_f1,
    ranking_precision,
    top_code_right,
)

LEAST_SUPPORT = 10  # labels from which a code counts in macro-F1

_UNCORRECTED = Estimate(math.nan, math.nan, math.nan)

Cell = str | int | float
Labels = Mapping[str, Mapping[str, CodeSet]]


@dataclass(frozen=True, slots=True)
class Section:
    """A table with what must be said about it. Cells are numbers as computed."""

    name: str
    title: str
    text: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What there is to evaluate: gold attached to scored documents, the codebook, and who said what.

    `threshold`: at which the model gives codes (see `decided`). `cohorts`: their order. `coders`: codes by coder
    and id of the segment drawn; the settled gold stands in the sample. `train` fits models on gold where there are any.
    """

    sample: Sample
    codebook: Codebook
    threshold: float
    cohorts: tuple[str, ...]
    seed: int
    coders: Labels = field(default_factory=dict)
    train: Train | None = None

    @property
    def integrated(self) -> Bools:
        """Which codes are of kind integrated."""
        return np.array([code.kind == "integrated" for code in self.codebook.codes])

    def answers(self, probabilities: Floats | None = None, given: Bools | None = None) -> Answers:
        """The model's answers on the labelled segments; or those of another model."""
        p = self.sample.probabilities if probabilities is None else probabilities
        own = decided(p, self.threshold) if given is None else given
        return Answers(p, own, self.sample.true, self.sample.weight, self.sample.document)


def evaluated(judged: Judged) -> list[Section]:
    """All sections, in the order in which a reader wants them."""
    sections = [_overall(judged), _codes(judged), _shares(judged), _rectifiers(judged), _calibration(judged)]
    if len(judged.coders) > 1:
        sections.append(_humans(judged))
    if judged.train is not None:
        sections.append(_trained(judged, judged.train))
    return sections


def markdown(title: str, notes: Sequence[str], sections: Sequence[Section]) -> str:
    """Sections as Markdown."""
    parts = [f"# {title}", "\n".join(f"- {note}" for note in notes)]
    for section in sections:
        shown = [[_shown(cell) for cell in row] for row in section.rows]
        parts += [f"## {section.title}", section.text, table(section.columns, shown)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _shown(cell: Cell) -> str:
    if isinstance(cell, float):
        return "-" if math.isnan(cell) else f"{cell:.3f}"
    return str(cell).replace("|", "/")


def _ends(estimate: Estimate) -> tuple[float, float, float]:
    return estimate.value, estimate.low, estimate.high


def _statistics(judged: Judged) -> dict[str, Statistic]:
    frequent = judged.sample.true.sum(axis=0) >= LEAST_SUPPORT
    everything = np.ones(len(judged.integrated), dtype=bool)
    return {
        "micro-F1": micro_f1,
        f"macro-F1 ({frequent.sum()} codes with >= {LEAST_SUPPORT} labels)": macro_f1(frequent),
        "top code right, of the coded": top_code_right,
        "label-ranking average precision, of the coded": ranking_precision,
        "F1 of the flag integrated": flag_f1(judged.integrated),
        "F1 of the flag coded": flag_f1(everything),
        "Hamming loss": hamming,
    }


def _overall(judged: Judged) -> Section:
    own = judged.answers()
    rows = tuple(
        (name, *_ends(jackknife(statistic, own, judged.sample.cohorts)))
        for name, statistic in _statistics(judged).items()
    )
    text = "Labels weighted by 1 / pi; 95 % intervals by leaving out documents (jackknife within cohorts)."
    return Section("overall", "Overall", text, ("figure", "value", "low", "high"), rows)


def _codes(judged: Judged) -> Section:
    rows = tuple(
        (s.code, s.support, s.given, s.precision, s.recall, *_ends(s.f1), s.average_precision)
        for s in code_scores(judged.answers(), judged.codebook.ids, judged.sample.cohorts)
    )
    columns = ("code", "support", "given", "precision", "recall", "F1", "low", "high", "average precision")
    text = "Support and given count labelled segments, the other figures are weighted. No F1 without its support."
    return Section("codes", "Per code", text, columns, rows)


def _shares(judged: Judged) -> Section:
    """Raw, corrected and the gap per cohort: integrated share, coded share, and codes; their last less first cohort."""
    rows: list[tuple[Cell, ...]] = []
    masks = cohort_masks(judged.sample.cohorts, judged.cohorts)
    support = judged.sample.true.sum(axis=0)
    for way, threshold in (("probabilities", None), ("codes given", judged.threshold)):
        errors = share_errors(judged.sample, judged.integrated, threshold)
        for cohort, chosen in masks.items():
            a, b = errors.raw[chosen, :2].sum(axis=0)
            figures = [("integrated share of coded text", float(a / b) if b else math.nan, errors.ratio(chosen))]
            figures.append(("share of text with a code", float(b / chosen.sum()), errors.mean(chosen, 1)))
            for j, code in enumerate(judged.codebook.ids):
                known = errors.mean(chosen, 2 + j) if support[j] >= LEAST_POSITIVE else _UNCORRECTED
                figures.append((code, float(errors.raw[chosen, 2 + j].mean()), known))
            rows += [
                (name, way, cohort, int(chosen.sum()), raw, *_ends(true.cut()), abs(raw - true.value))
                for name, raw, true in figures
            ]
        rows += _differences(errors, masks, way)
    text = (
        "Document means. Corrected: stratified difference estimator, 95 % measurement interval (these documents, full "
        f"count), cut to 0 to 1. Codes with fewer than {LEAST_POSITIVE} positive labels stay uncorrected."
    )
    columns = ("figure", "raw from", "cohort", "documents", "raw", "corrected", "low", "high", "gap")
    return Section("shares", "Shares by cohort, raw and corrected", text, columns, tuple(rows))


def _differences(errors: Errors, masks: Mapping[str, Bools], way: str) -> list[tuple[Cell, ...]]:
    """The two shares of text, last less first cohort; none with one cohort."""
    names = [name for name in masks if name != "all"]
    if len(names) < 2:
        return []
    first, last = (masks[name] for name in (names[0], names[-1]))
    found = (
        ("integrated share of coded text", [errors.raw[m, 0].sum() / errors.raw[m, 1].sum() for m in (first, last)],
         [errors.ratio(m) for m in (first, last)]),
        ("share of text with a code", [errors.raw[m, 1].mean() for m in (first, last)],
         [errors.mean(m, 1) for m in (first, last)]),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for name, raw, ends in found:
        true, apart = combined(ends, [-1.0, 1.0]), float(raw[1] - raw[0])
        cohort, documents = f"{names[-1]} less {names[0]}", int((first | last).sum())
        rows.append((name, way, cohort, documents, apart, *_ends(true.cut(-1.0)), abs(apart - true.value)))
    return rows


def _rectifiers(judged: Judged) -> Section:
    rows: list[tuple[Cell, ...]] = []
    masks = cohort_masks(judged.sample.cohorts, judged.cohorts)
    said = []
    for way, threshold in (("probabilities", None), ("codes given", judged.threshold)):
        errors = share_errors(judged.sample, judged.integrated, threshold)
        for k, name in enumerate(("integrated (A)", "coded (B)")):
            found = {cohort: errors.mean(chosen, k, rectifier=True) for cohort, chosen in masks.items()}
            rows += [(name, way, cohort, *_ends(estimate)) for cohort, estimate in found.items()]
            values = [estimate.value for cohort, estimate in found.items() if cohort != "all"]
            if len(values) > 1 and (spread := max(values) - min(values)) > SPREAD:
                said.append(f"{name} from {way}: spread {100 * spread:.1f} points, cohorts are treated unalike.")
    text = "True less raw, mean over documents; 95 % measurement intervals. " + " ".join(
        said or [f"No spread of more than {100 * SPREAD:.0f} points between cohorts."]
    )
    columns = ("figure", "raw from", "cohort", "rectifier", "low", "high")
    return Section("rectifiers", "Drift: mean rectifier by cohort", text, columns, tuple(rows))


def _calibration(judged: Judged) -> Section:
    rows: list[tuple[Cell, ...]] = []
    answers = judged.answers()
    for cohort, chosen in cohort_masks(judged.sample.cohorts, judged.cohorts).items():
        for what, c in calibrations(answers.where(chosen[answers.document])).items():
            rows.append(
                (what, cohort, c.pairs, c.mean_p, c.share_true, c.error, c.brier, c.log_loss, c.slope, c.intercept)
            )
    text = "Error: 10 bins of equal mass. Slope 1 and intercept 0 are right; all weighted."
    columns = ("of", "cohort", "n", "mean p", "share true", "error", "Brier", "log loss", "slope", "intercept")
    return Section("calibration", "Calibration by cohort", text, columns, tuple(rows))


def _humans(judged: Judged) -> Section:
    """The model as one more coder, on the segments that at least two people coded."""
    ids = judged.codebook.ids
    place = {identity: i for i, identity in enumerate(judged.sample.ids)}
    given = judged.answers().given

    def codes(row: Bools) -> CodeSet:
        return frozenset(ids[j] for j in np.flatnonzero(row))

    people = {name: dict(own) for name, own in sorted(judged.coders.items())}
    twice = [i for i in place if sum(i in own for own in people.values()) > 1]
    sides: dict[str, dict[str, CodeSet]] = {
        **people,
        "model": {i: codes(given[place[i]]) for i in twice},
        "gold": {i: codes(judged.sample.true[place[i]]) for i in twice},
    }
    names = list(people)
    pairs = [(a, b) for n, a in enumerate(names) for b in names[n + 1 :]]
    pairs += [("model", name) for name in names] + [("model", "gold")]
    rows = []
    for a, b in pairs:
        own = [i for i in twice if i in sides[a] and i in sides[b]]
        documents = [judged.sample.documents[judged.sample.document[place[i]]].document_id for i in own]
        units = [(sides[a][i], sides[b][i]) for i in own]
        both = sum(len(x & y) for x, y in units)
        total = sum(len(x) + len(y) for x, y in units)
        whole = alpha_interval(units, documents, judged.seed, masi)
        flags = [(_flagged(x, judged), _flagged(y, judged)) for x, y in units]
        flag = alpha_interval(flags, documents, judged.seed)
        score = 2 * both / total if total else math.nan
        rows.append((f"{a} and {b}", len(own), score, whole.value, whole.low, whole.high, whole.gate(), flag.value,
                     flag.low, flag.high, flag.gate(FLAG, FLAG)))  # fmt: skip
    text = (
        "Segments coded by two people, unweighted. Sets: alpha with MASI distance; 95 % intervals over documents. "
        "Human parity: micro-F1 of model and gold at least that of the people less .05."
    )
    columns = ("who", "n", "micro-F1", "alpha of sets", "low", "high", "gate", "alpha of the flag integrated",
               "flag low", "flag high", "flag gate")  # fmt: skip
    return Section("humans", "The model beside the coders", text, columns, tuple(rows))


def _flagged(codes: CodeSet, judged: Judged) -> bool:
    return any(judged.codebook[code].kind == "integrated" for code in codes)


def _trained(judged: Judged, train: Train) -> Section:
    """Models that saw gold of other documents: five rounds of folds, whole cohorts left out, and the careless split."""
    sample, shape = judged.sample, judged.sample.true.shape
    runs = [
        (f"documents apart, round {n}", splits)
        for n, splits in enumerate(grouped_splits(sample.document, sample.cohorts, judged.seed), start=1)
    ]
    if apart := cohort_splits(sample.document, sample.cohorts):
        runs.append(("one cohort left out", apart))
    runs.append(("leaky random split (do not cite)", leaky_splits(len(sample.true), judged.seed)))
    statistics = _statistics(judged)

    def row(name: str, own: Answers) -> tuple[Cell, ...]:
        return (name, *(statistic(own) for statistic in statistics.values()))

    rows = [row("codebook only", judged.answers())]
    rows += [row(name, judged.answers(*out_of_fold(splits, train, shape))) for name, splits in runs]
    rounds = np.array([row[1:] for row in rows if str(row[0]).startswith("documents apart")], dtype=np.float64)
    rows.insert(1, ("documents apart, mean", *(float(value) for value in rounds.mean(axis=0))))
    text = "Scores of segments by models fitted on gold of other documents (StratifiedGroupKFold, 5 folds x 5 seeds)."
    return Section("trained", "Models trained on gold", text, ("split", *statistics), tuple(rows))


def agreement_section(rows: Sequence[Agreed]) -> Section:
    """Agreement between people as a section."""
    cells = tuple(
        (row.what, row.units, row.prevalence, row.positive, row.alpha.value, row.alpha.low, row.alpha.high, row.gate)
        for row in rows
    )
    text = (
        "Krippendorff's alpha, nominal; for sets of codes with MASI distance. 95 % intervals: 2,000 draws of documents."
        " The gate holds the lower end against .80 (firm) and .667 (tentative), for the flag integrated against .75; "
        "alpha collapses for rare codes, so read positive agreement and prevalence beside it."
    )
    columns = ("what", "n", "prevalence", "positive agreement", "alpha", "low", "high", "gate")
    return Section("agreement", "Agreement", text, columns, cells)


def lost_section(sample: Sample) -> list[Section]:
    """The labels that no longer fit a segment, if there are any."""
    rows = tuple((a.anchor.document_id, a.anchor.page or "", a.anchor.segment_id, a.anchor.text) for a in sample.lost)
    text = "Their text is no longer found in the document, or the document is no longer in the corpus."
    return [Section("lost", "Lost labels", text, ("document", "page", "segment", "text"), rows)] if rows else []
