"""Made corpora whose truth is known, and what every method says of them: one corpus at a time, no text, only scores.

A segment is of class none, sectoral or integrated. Documents of a cohort differ in how integrated they are, sections of
a document too; the classifier is overconfident and, with drift, overlooks more "integrated" in later cohorts. Gold is
drawn by the rule of coding.gold and corrected by coding.gold_estimate: what ships is what is simulated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from strategy_miner.analysis.intervals import (
    Interval,
    Values,
    difference_interval,
    linearised,
    process_interval,
    share,
)
from strategy_miner.analysis.trend import permutation_p
from strategy_miner.coding.gold import drawn_segments
from strategy_miner.coding.gold_estimate import Errors, Estimate, combined, integrated_share

Ints = NDArray[np.int64]

NONE, SECTORAL, INTEGRATED = range(3)
COHORTS = 3
CORRECTED, GOLD, ADJUSTED, ERROR_FREE = "corrected", "gold alone", "adjusted count", "no error"
RAW, RAW_P = "raw, codes given", "raw, probabilities"
QUANTITIES = ("Staffel 1", "Staffel 2", "Staffel 3", "3 less 1")
_KINDS = np.array([False, True])  # of the two codes, the second is integrated
_SECTION, _TOGETHER = 12, 3.0  # segments of a section; how much sections differ (parameters of a beta distribution)
_NOISE, _PER_DOCUMENT, _COOLED = 1.3, 0.3, 0.7  # of the scores: per segment, per document, temperature


class Process:
    """What documents of three cohorts are drawn from: how many, and where their mean integrated shares lie."""

    shift: float
    documents: tuple[int, int, int]
    middle: float

    @property
    def means(self) -> Values:
        """The integrated share by cohort, as the process has it; of coded text: E a / E b of its documents."""
        return np.array([self.middle - self.shift / 2, self.middle, self.middle + self.shift / 2])

    @property
    def cohorts(self) -> Ints:
        """The cohort of each document."""
        return np.repeat(np.arange(COHORTS), self.documents)


@dataclass(frozen=True, slots=True)
class Scenario(Process):
    """What a made corpus is drawn from; the defaults are those of the reference runs.

    shift: of the integrated share from the first to the last cohort; middle: its value in the middle cohort
    drift: taken off the score of "integrated" from cohort to cohort
    signal: what truth adds to a score; 2.6 gives an accuracy of .86, 1.5 of .68
    spread: standard deviation of the documents' integrated shares; coded, coded_spread: share of text with a code
    labels: gold labels per document, by cohort
    """

    name: str
    shift: float = 0.16
    drift: float = 0.3
    signal: float = 2.6
    spread: float = 0.13
    labels: tuple[int, int, int] = (8, 8, 8)
    documents: tuple[int, int, int] = (10, 24, 27)
    middle: float = 0.38
    coded: float = 0.5
    coded_spread: float = 0.12

    def answers(self, random: np.random.Generator, permutations: int) -> dict[str, Found]:
        """Draw a corpus; what every method says of it."""
        return answers(made(self, random), self, random, permutations)


@dataclass(frozen=True, slots=True)
class Corpus:
    """A made corpus: class (n,) and probability of each class (n, 3) of every segment, documents one after another."""

    truth: Ints
    scores: Values
    sizes: Ints  # segments of each document
    cohorts: Ints

    def documents(self) -> Iterator[slice]:
        """The segments of each document."""
        start = 0
        for size in self.sizes.tolist():
            yield slice(start, start + size)
            start += size

    def means(self, values: Values) -> Values:
        """Document means of a figure of the segments."""
        starts = np.concatenate([[0], np.cumsum(self.sizes)[:-1]])
        return np.asarray(np.add.reduceat(values, starts, axis=0) / self.sizes.reshape(-1, *[1] * (values.ndim - 1)))


@dataclass(frozen=True, slots=True)
class Found:
    """What a method says: the values of QUANTITIES, with the two intervals (low, high) where it has them, and p."""

    values: Values
    process: Values
    measurement: Values
    p: float


def made(scenario: Scenario, random: np.random.Generator) -> Corpus:
    """Draw a corpus."""
    cohorts = scenario.cohorts
    sizes = np.clip(random.lognormal(np.log(300), 0.4, len(cohorts)), 80, 900).astype(np.int64)
    integrated = _beta(random, scenario.means[cohorts], scenario.spread)
    coded = _beta(random, np.full(len(cohorts), scenario.coded), scenario.coded_spread)
    sections = -(-sizes // _SECTION)
    own = np.repeat(integrated, sections)
    of_section = random.beta(_TOGETHER * own, _TOGETHER * (1 - own))
    document = np.repeat(np.arange(len(cohorts)), sizes)
    place = np.arange(len(document)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    section = np.repeat(np.cumsum(sections) - sections, sizes) + place // _SECTION
    n = len(document)
    is_integrated = random.random(n) < of_section[section]
    truth = np.where(random.random(n) < coded[document], np.where(is_integrated, INTEGRATED, SECTORAL), NONE)
    logits = random.normal(0, _NOISE, (n, 3)) + random.normal(0, _PER_DOCUMENT, (len(cohorts), 3))[document]
    logits[np.arange(n), truth] += scenario.signal
    logits[:, INTEGRATED] -= scenario.drift * cohorts[document]
    powers = np.exp((logits - logits.max(axis=1, keepdims=True)) / _COOLED)
    return Corpus(truth, powers / powers.sum(axis=1, keepdims=True), sizes, cohorts)


def _beta(random: np.random.Generator, mean: Values, spread: float) -> Values:
    both = mean * (1 - mean) / spread**2 - 1
    return random.beta(mean * both, (1 - mean) * both)


def figures(codes: Values) -> Values:
    """A and B of segments, (n, 2), from (n, 3) probabilities or indicators of the classes."""
    return np.column_stack(integrated_share(codes[:, 1:], _KINDS))


def gold_errors(corpus: Corpus, labels: tuple[int, int, int], random: np.random.Generator) -> tuple[Errors, Ints]:
    """Draw gold by the shipped rule, without coder error; the estimator's input, and the numbers of the segments."""
    picked: list[Ints] = []
    sizes: list[int] = []
    home: list[int] = []
    kinds: list[str] = []
    for document, segments in enumerate(corpus.documents()):
        many = labels[corpus.cohorts[document]]
        for kind, members, drawn in drawn_segments(corpus.scores[segments, 1:], many, random):
            picked.append(segments.start + drawn)
            sizes.append(len(members))
            home.append(document)
            kinds.append(kind)
    segment = np.concatenate(picked)
    said = figures(corpus.scores)
    errors = Errors(
        corpus.means(said), figures(np.eye(3)[corpus.truth[segment]]) - said[segment],
        np.repeat(np.arange(len(picked)), [len(drawn) for drawn in picked]), np.array(sizes, dtype=np.float64),
        np.array(home), np.unique(kinds, return_inverse=True)[1].astype(np.int64), corpus.sizes.astype(np.float64),
    )  # fmt: skip
    return errors, segment


def answers(corpus: Corpus, scenario: Scenario, random: np.random.Generator, permutations: int) -> dict[str, Found]:
    """What every method says of a corpus."""
    errors, segment = gold_errors(corpus, scenario.labels, random)
    masks = [corpus.cohorts == cohort for cohort in range(COHORTS)]
    true, given = np.eye(3)[corpus.truth], np.eye(3)[corpus.scores.argmax(axis=1)]
    alone = replace(errors, raw=np.zeros_like(errors.raw), error=figures(true[segment]))
    seed = int(random.integers(2**31))

    def found(values: Values, gold: Errors | None = None) -> Found:
        p = permutation_p(linearised(*values.T), corpus.cohorts, permutations, [seed]) if permutations else np.nan
        return found_from_values(values, corpus.cohorts, p, [gold.ratio(mask) for mask in masks] if gold else None)

    return {
        CORRECTED: found(errors.corrected(), errors),
        GOLD: found(alone.corrected(), alone),
        RAW: found(corpus.means(figures(given))),
        RAW_P: found(errors.raw),
        ADJUSTED: _adjusted(corpus, errors, segment, given, masks),
        ERROR_FREE: found(corpus.means(figures(true))),
    }


def found_from_values(values: Values, cohorts: Ints, p: float, measured: list[Estimate] | None = None) -> Found:
    """From a and b of each document, (n, 2), and where there is gold the cohorts' measured estimates."""
    a, b = values.T
    shares = [share(a[mask], b[mask]) for mask in (cohorts == cohort for cohort in range(COHORTS))]
    process = [*map(process_interval, shares), difference_interval(shares[0], shares[-1])]
    ends = np.full((len(QUANTITIES), 2), np.nan)
    if measured is not None:
        cut = [one.cut() for one in measured] + [combined([measured[0], measured[-1]], [-1, 1]).cut(-1.0)]
        ends = np.array([(one.low, one.high) for one in cut])
    return Found(_with_difference([one.value for one in shares]), _ends(process), ends, p)


def _adjusted(corpus: Corpus, errors: Errors, segment: Ints, given: Values, masks: list[NDArray[np.bool_]]) -> Found:
    """Adjusted count: shares of the classes given, solved for the true ones with one confusion matrix for all cohorts.

    Source: Forman 2008, Data Mining and Knowledge Discovery 17:164. The matrix is of all gold, weighted by 1 / pi.
    """
    weight = (errors.sizes / np.bincount(errors.stratum))[errors.stratum]
    true = np.eye(3)[corpus.truth[segment]]
    confusion = (true * weight[:, None]).T @ given[segment]
    confusion /= confusion.sum(axis=1, keepdims=True)
    said = corpus.means(given)
    shares = []
    for mask in masks:
        solved = np.clip(np.linalg.lstsq(confusion.T, said[mask].mean(axis=0), rcond=None)[0], 0, None)
        shares.append(float(solved[INTEGRATED] / solved[1:].sum()))
    nothing = np.full((len(QUANTITIES), 2), np.nan)
    return Found(_with_difference(shares), nothing, nothing, np.nan)


def _with_difference(shares: list[float]) -> Values:
    return np.array([*shares, shares[-1] - shares[0]])


def _ends(intervals: list[Interval | None]) -> Values:
    return np.array([interval or (np.nan, np.nan) for interval in intervals])
