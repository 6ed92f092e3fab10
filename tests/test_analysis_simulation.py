"""Made corpora: their truth, the drawing of gold by the shipped rule."""

from __future__ import annotations

import numpy as np
import pytest

from strategy_miner.analysis.simulation import CORRECTED, ERROR_FREE, Scenario, answers, figures, gold_errors, made
from strategy_miner.coding.gold import Scored, draw
from tests.test_coding_gold import segment


def test_gold_is_drawn_by_the_shipped_rule() -> None:
    """Strata, their sizes and the number of labels are those that `draw` gives for the same probabilities."""
    corpus = made(Scenario("probe"), np.random.default_rng(1))
    errors, _ = gold_errors(corpus, (8, 6, 5), np.random.default_rng(2))
    for number, segments in list(enumerate(corpus.documents()))[::10]:
        own = tuple(segment(str(number), i) for i in range(corpus.sizes[number]))
        rows = draw([Scored(str(number), "1", own, corpus.scores[segments, 1:])], 1,
                    {str(number): (8, 6, 5)[corpus.cohorts[number]]}, 1.0)  # fmt: skip
        strata = np.flatnonzero(errors.home == number)
        drawn = {(int(errors.sizes[h]), int((errors.stratum == h).sum())) for h in strata}
        assert drawn == {(row.size, row.drawn) for row in rows}


def test_the_truth_is_the_ratio_of_expectations() -> None:
    """Over many corpora the documents' a and b without error have the ratio that the scenario plants."""
    scenario = Scenario("probe", documents=(200, 200, 200))
    sums = np.zeros((3, 2))
    for seed in range(40):
        corpus = made(scenario, np.random.default_rng(seed))
        true = corpus.means(figures(np.eye(3)[corpus.truth]))
        sums += [true[corpus.cohorts == cohort].sum(axis=0) for cohort in range(3)]
    assert sums[:, 0] / sums[:, 1] == pytest.approx(scenario.means, abs=0.006)  # three to four standard errors


@pytest.mark.parametrize(("signal", "accuracy"), [(2.6, 0.86), (1.5, 0.68)])
def test_accuracy_is_as_named(signal: float, accuracy: float) -> None:
    corpus = made(Scenario("probe", signal=signal), np.random.default_rng(1))
    assert (corpus.scores.argmax(axis=1) == corpus.truth).mean() == pytest.approx(accuracy, abs=0.01)


def test_all_segments_labelled_leave_the_truth_of_these_documents() -> None:
    corpus = made(Scenario("probe", documents=(3, 3, 3)), np.random.default_rng(3))
    found = answers(corpus, Scenario("probe", labels=(900, 900, 900)), np.random.default_rng(4), 0)
    known = found[ERROR_FREE].values
    assert found[CORRECTED].values == pytest.approx(known)
    assert found[CORRECTED].measurement == pytest.approx(np.column_stack([known, known]))
