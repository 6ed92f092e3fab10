"""Estimates and figures against gold: the difference estimator, weights, intervals, calibration, folds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import t
from sklearn.metrics import f1_score

from strategy_miner.coding import Codebook
from strategy_miner.coding.gold import Design, Scored, draw
from strategy_miner.coding.gold_corpus import Sample, sample
from strategy_miner.coding.gold_estimate import LEAST_POSITIVE, Errors, cohort_masks, integrated_share, share_errors
from strategy_miner.coding.gold_evaluate import Judged, evaluated, markdown
from strategy_miner.coding.gold_folds import cohort_splits, grouped_splits, leaky_splits, out_of_fold
from strategy_miner.coding.gold_labels import Label
from strategy_miner.coding.gold_metrics import (
    Answers,
    binned_error,
    calibration,
    code_scores,
    f1,
    jackknife,
    micro_f1,
)
from strategy_miner.errors import CorpusError
from strategy_miner.parallel import ROOT
from tests.test_coding_gold import segment

BOOK = Codebook.load(ROOT / "corpus" / "codebook")
KINDS = np.array([code.kind == "integrated" for code in BOOK.codes])
K = len(BOOK.codes)


def corpus(seed: int, counts: tuple[int, ...] = (6, 6, 6), size: int = 40) -> tuple[list[Scored], list[np.ndarray]]:
    """Documents of three cohorts with their truth, and a classifier that errs more in later cohorts."""
    chance = np.random.default_rng(seed)
    documents, truths = [], []
    for cohort, count in enumerate(counts, start=1):
        for n in range(count):
            name = f"{cohort}-{n}"
            true = np.zeros((size, K), dtype=bool)
            coded = np.flatnonzero(chance.random(size) < 0.7)
            whole = chance.random(len(coded)) < 0.2 + 0.15 * cohort
            true[coded, np.where(whole, 20, 2)] = True  # 20 is integrated, 2 is not
            score = 2.5 * np.where(true, 1, -2) + chance.normal(0, 1.2, true.shape)
            score[:, 20] -= 0.8 * cohort
            segments = tuple(segment(name, i) for i in range(size))
            documents.append(Scored(name, str(cohort), segments, 1 / (1 + np.exp(-score))))
            truths.append(true)
    return documents, truths


def gold(documents: list[Scored], truths: list[np.ndarray], seed: int, labels: int = 8) -> Sample:
    rows = draw(documents, seed, {d.document_id: labels for d in documents}, 0.25)
    codes = {s.id: row for d, t in zip(documents, truths, strict=True) for s, row in zip(d.segments, t, strict=True)}
    given = [
        Label(row.anchor, tuple(BOOK.ids[j] for j in np.flatnonzero(codes[row.anchor.segment_id]))) for row in rows
    ]
    return sample(documents, Design("field", "m", "c", seed, "2026-11-22", tuple(rows)), given, BOOK)


def true_ratio(truths: list[np.ndarray], chosen: np.ndarray) -> float:
    means = np.array([[x.mean() for x in integrated_share(true, KINDS)] for true in truths])[chosen]
    return float(means[:, 0].sum() / means[:, 1].sum())


def test_the_figures_of_a_segment() -> None:
    codes = np.zeros((3, K))
    codes[1, [2, 20]] = 1, 1
    codes[2, [2, 20]] = 0.3, 0.1
    a, b = integrated_share(codes, KINDS)
    assert a == pytest.approx([0, 0.5, 0.1])
    assert b == pytest.approx([0, 1, 1 - 0.7 * 0.9])


def test_the_corrected_share_is_unbiased_and_its_interval_holds() -> None:
    documents, truths = corpus(1)
    masks = cohort_masks([d.cohort for d in documents], ("1", "2", "3"))
    true = {name: true_ratio(truths, chosen) for name, chosen in masks.items()}
    found: dict[str, list[tuple[float, bool]]] = {name: [] for name in masks}
    raw_wrong = 0.0
    for seed in range(150):
        errors = share_errors(gold(documents, truths, seed), KINDS)
        for name, chosen in masks.items():
            estimate = errors.ratio(chosen)
            found[name].append((estimate.value - true[name], estimate.low <= true[name] <= estimate.high))
        a, b = errors.raw[masks["3"], :2].sum(axis=0)
        raw_wrong = abs(a / b - true["3"])
    for name, runs in found.items():
        misses, covered = np.array(runs, dtype=float).T
        assert abs(misses.mean()) < 4 * misses.std() / math.sqrt(len(runs)) + 0.004, name
        assert 0.88 <= covered.mean() <= 0.995, name
    assert raw_wrong > 0.08, "the raw share must be wrong, or this shows nothing"


def test_all_labels_known_leave_nothing_uncertain() -> None:
    documents, truths = corpus(2, (2, 2), 12)
    own = gold(documents, truths, 1, labels=12)
    estimate = share_errors(own, KINDS).ratio(np.ones(4, dtype=bool))
    assert estimate.value == pytest.approx(true_ratio(truths, np.ones(4, dtype=bool)))
    assert estimate.high - estimate.low == pytest.approx(0, abs=1e-9)


def test_the_difference_estimator_by_hand() -> None:
    # One document of ten segments in strata of 6 and 4, of which 3 and 2 are labelled.
    errors = Errors(
        np.array([[0.4]]), np.array([[0.0], [0.3], [0.6], [0.1], [0.3]]), np.array([0, 0, 0, 1, 1]),
        np.array([6.0, 4.0]), np.array([0, 0]), np.array([0, 1]), np.array([10.0]),
    )  # fmt: skip
    estimate = errors.mean(np.array([True]), 0)
    assert estimate.value == pytest.approx(0.4 + 0.6 * 0.3 + 0.4 * 0.2)
    # W^2 (1 - n/N) s2 / n with s2 = .09, and .02 raised to that of a quarter of an error, .25 / (1 + 1);
    # Satterthwaite's degrees of freedom of a sum with 2 and 1.
    first, second = 0.36 * 0.5 * 0.09 / 3, 0.16 * 0.5 * 0.125 / 2
    half = t.ppf(0.975, (first + second) ** 2 / (first**2 / 2 + second**2)) * math.sqrt(first + second)
    assert estimate.high - estimate.value == pytest.approx(half)
    assert errors.mean(np.array([True]), 0, rectifier=True).value == pytest.approx(0.26)


def test_labels_that_lose_their_segment_are_listed() -> None:
    documents, _ = corpus(3, (2, 2))
    rows = draw(documents, 1, {d.document_id: 8 for d in documents}, 0.25)
    design = Design("field", "m", "c", 1, "2026-11-22", tuple(rows))
    labels = [Label(row.anchor, ()) for row in rows]
    gone = documents[0].segments[0].document_id
    left = sample([d for d in documents if d.document_id != gone], design, labels, BOOK)
    assert {a.anchor.document_id for a in left.lost} == {gone}
    assert len(left.ids) + len(left.lost) == len(rows)
    assert sample(documents, design, labels[:5], BOOK).unlabelled == 4 - len({x.anchor.document_id for x in labels[:5]})
    with pytest.raises(CorpusError, match="no label fits"):
        sample([], design, labels, BOOK)
    with pytest.raises(CorpusError, match="was not drawn"):
        sample(documents, Design("field", "m", "c", 1, "d", tuple(rows[:3])), labels, BOOK)


def test_weights_add_up_to_the_documents() -> None:
    documents, truths = corpus(4)
    own = gold(documents, truths, 1)
    assert np.bincount(own.document, own.weight) == pytest.approx([len(d.segments) for d in own.documents])


def test_scores_are_those_of_scikit_learn_with_weights() -> None:
    documents, truths = corpus(5)
    own = gold(documents, truths, 1)
    answers = Judged(own, BOOK, 0.5, ("1", "2", "3"), 1).answers()
    expected = f1_score(answers.true[:, 2], answers.given[:, 2], sample_weight=own.weight)
    assert f1(answers.given[:, 2], answers.true[:, 2], own.weight) == pytest.approx(expected)
    micro = f1_score(answers.true, answers.given, sample_weight=own.weight, average="micro", zero_division=0)
    assert micro_f1(answers) == pytest.approx(micro)
    scores = code_scores(answers, BOOK.ids, own.cohorts)
    assert scores[2].f1.value == pytest.approx(expected)
    assert scores[2].support == answers.true[:, 2].sum() > 0
    assert math.isnan(scores[5].recall), "never occurs"


def test_the_jackknife_of_a_mean_is_the_standard_error_of_a_mean() -> None:
    values = np.array([0.2, 0.5, 0.4, 0.7, 0.9, 0.3])
    blank = np.zeros((6, 1), dtype=bool)
    own = Answers(values[:, None], blank, blank, np.ones(6), np.arange(6))
    estimate = jackknife(lambda a: float(a.probabilities.mean()), own, ["1"] * 6)
    # t(.975, 5 df) = 2.570582
    assert estimate.high - estimate.value == pytest.approx(2.570582 * values.std(ddof=1) / math.sqrt(6), rel=1e-5)


def test_one_document_has_no_interval_and_no_folds() -> None:
    blank = np.ones((3, 1), dtype=bool)
    own = Answers(np.full((3, 1), 0.5), blank, blank, np.ones(3), np.zeros(3, dtype=np.int64))
    estimate = jackknife(micro_f1, own, ["1"])
    assert estimate.value == 1
    assert math.isnan(estimate.low)
    assert math.isnan(estimate.high)
    with pytest.raises(CorpusError, match="one document only"):
        next(grouped_splits(own.document, ["1"], 1))


def test_calibration_of_probabilities_that_mean_what_they_say() -> None:
    chance = np.random.default_rng(1)
    p = chance.random(40_000)
    true = chance.random(40_000) < p
    found = calibration(p, true, np.ones(40_000))
    assert found.error < 0.01
    assert found.slope == pytest.approx(1, abs=0.03)
    assert found.intercept == pytest.approx(0, abs=0.03)
    assert found.brier == pytest.approx(1 / 6, abs=0.003)
    bold = calibration(np.clip(p * 1.4 - 0.2, 0, 1), true, np.ones(40_000))
    assert bold.error > 0.05
    assert bold.slope < 0.8
    assert math.isnan(calibration(np.array([]), np.array([], dtype=bool), np.array([])).error)


def test_bins_have_equal_weight() -> None:
    p, true = np.array([0.1, 0.1, 0.9, 0.9]), np.array([False, True, True, True])
    assert binned_error(p, true, np.ones(4), bins=2) == pytest.approx((abs(0.2 - 1) + abs(1.8 - 2)) / 4)
    assert binned_error(p, true, np.array([3.0, 0, 3, 0]), bins=2) == pytest.approx((0.3 + 0.3) / 6)


def test_folds_keep_documents_whole_and_the_leaky_split_does_not() -> None:
    documents, truths = corpus(6)
    own = gold(documents, truths, 1)
    rounds = list(grouped_splits(own.document, own.cohorts, 1))
    assert len(rounds) == 5
    for splits in [*rounds, cohort_splits(own.document, own.cohorts)]:
        assert sorted(int(i) for _, tested in splits for i in tested) == list(range(len(own.ids)))
        assert all(not set(own.document[a]) & set(own.document[b]) for a, b in splits)
    assert any(set(own.document[a]) & set(own.document[b]) for a, b in leaky_splits(len(own.ids), 1))


def test_a_model_that_remembers_documents_is_caught() -> None:
    """It knows the codes of documents it has seen: the leaky split flatters it, folds of documents do not."""
    documents, truths = corpus(7)
    own = gold(documents, truths, 1)

    def train(fitted: np.ndarray, tested: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        seen = np.isin(own.document[tested], own.document[fitted])
        given = own.true[tested] & seen[:, None]
        return given.astype(float), given

    judged = Judged(own, BOOK, 0.5, ("1", "2", "3"), 1, train=train)
    (trained,) = [section for section in evaluated(judged) if section.name == "trained"]
    score = {str(row[0]): row[1] for row in trained.rows}
    assert score["documents apart, mean"] == score["one cohort left out"] == 0
    assert score["leaky random split (do not cite)"] > 0.9
    probabilities, _ = out_of_fold(cohort_splits(own.document, own.cohorts), train, own.true.shape)
    assert not probabilities.any()


def test_rare_codes_stay_uncorrected_and_the_last_cohort_stands_against_the_first() -> None:
    own = gold(*corpus(8), 1)
    judged = Judged(own, BOOK, 0.5, ("1", "2", "3"), 1)
    sections = evaluated(judged)
    shares = [dict(zip(s.columns, row, strict=True)) for s in sections if s.name == "shares" for row in s.rows]
    support = dict(zip(judged.codebook.ids, judged.sample.true.sum(axis=0).tolist(), strict=True))
    for row in shares:
        if row["figure"] in support:
            known = support[row["figure"]] >= LEAST_POSITIVE
            assert [math.isnan(row[name]) for name in ("corrected", "low", "high", "gap")] == [not known] * 4
            assert 0 <= row["raw"] <= 1
    assert {row["figure"] for row in shares if "less" in str(row["cohort"])} == {
        "integrated share of coded text", "share of text with a code",
    }  # fmt: skip
    for name in ("integrated share of coded text", "share of text with a code"):
        own = {row["cohort"]: row for row in shares if (row["figure"], row["raw from"]) == (name, "codes given")}
        first, last = judged.cohorts[0], judged.cohorts[-1]
        difference = own[f"{last} less {first}"]
        for column in ("raw", "corrected"):
            assert difference[column] == pytest.approx(own[last][column] - own[first][column])
        assert difference["low"] < difference["corrected"] < difference["high"]


def test_all_sections_and_no_hidden_number() -> None:
    documents, truths = corpus(8)
    own = gold(documents, truths, 1)
    truth = {i: frozenset(BOOK.ids[j] for j in np.flatnonzero(row)) for i, row in zip(own.ids, own.true, strict=True)}
    judged = Judged(own, BOOK, 0.5, ("1", "2", "3"), 1, {"a": truth, "b": truth})
    sections = evaluated(judged)
    assert [s.name for s in sections] == ["overall", "codes", "shares", "rectifiers", "calibration", "humans"]
    assert all(len(row) == len(s.columns) for s in sections for row in s.rows)
    humans = {row[0]: row for row in sections[-1].rows}
    assert humans["a and b"][2:4] == (1.0, 1.0)
    assert humans["model and gold"][3] < 1
    drift = next(s for s in sections if s.name == "rectifiers")
    assert "cohorts are treated unalike" in drift.text, "the made classifier drifts"
    text = markdown("Titel", ["eine Bemerkung"], sections)
    assert text == markdown("Titel", ["eine Bemerkung"], evaluated(judged))
    assert "nan" not in text
