"""The study with 300 corpora: the intervals hold, raw counting fails. The bands are wider than those for 2,000."""

from __future__ import annotations

import math

import numpy as np
import pytest

from strategy_miner import simulate
from strategy_miner.analysis.simulation import CORRECTED, ERROR_FREE, GOLD, QUANTITIES, RAW
from strategy_miner.analysis.simulation_declared import BY_DOCUMENT, BY_FIELD
from strategy_miner.analysis.simulation_study import GATED, NO_SHIFT, SEED, SHIFT, Study, gates, study
from strategy_miner.errors import SettingsError
from strategy_miner.verbs_simulate import scenario_names, study_text

CORPORA = 300


@pytest.fixture(scope="module", params=GATED)
def found(request: pytest.FixtureRequest) -> Study:
    return study(request.param, CORPORA, permutations=199)


def test_both_intervals_hold_their_truth_without_bias(found: Study) -> None:
    for quantity in QUANTITIES:
        row = found.row(CORRECTED, quantity)
        assert 0.91 <= row.process <= 0.985, quantity
        assert 0.91 <= row.measurement <= 0.985, quantity
        assert abs(row.bias) < 0.005 + 3 * row.rmse / math.sqrt(CORPORA), quantity
        assert row.measurement_width < row.process_width


def test_raw_counting_fails(found: Study) -> None:
    """Or the study could not tell a method that works from one that does not."""
    if found.scenario.shift:
        assert found.row(RAW).process < 0.60
        assert abs(found.row(RAW).bias) > 0.08
    else:
        assert found.row(RAW).rejected > 0.25
        assert 0.02 <= found.row(CORRECTED).rejected <= 0.09


def test_gold_and_classifier_together_beat_gold_alone(found: Study) -> None:
    assert found.row(ERROR_FREE).rmse < found.row(CORRECTED).rmse < found.row(GOLD).rmse


def test_fields_counted_as_independent_raise_false_alarms() -> None:
    fields = study("fields-0-30", CORPORA, permutations=199)
    assert fields.row(BY_FIELD).rejected > 0.15
    assert 0.02 <= fields.row(BY_DOCUMENT).rejected <= 0.09
    assert 0.91 <= fields.row(BY_DOCUMENT).process <= 0.985


def test_fewer_corpora_are_the_first_of_more_and_workers_change_nothing() -> None:
    seen: list[tuple[int, int]] = []
    three = study(SHIFT, 3, permutations=0, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    third = three.scenario.answers(np.random.default_rng([SEED, 2]), 0)[CORRECTED].values[-1] - three.scenario.shift
    two = study(SHIFT, 2, permutations=0)
    assert 3 * three.row(CORRECTED).bias == pytest.approx(2 * two.row(CORRECTED).bias + third)
    # Compared as text: NaN is not equal to itself.
    assert repr(study(SHIFT, 3, permutations=0, workers=2).rows) == repr(three.rows)


def test_a_missed_gate_is_said() -> None:
    few = simulate(NO_SHIFT, 2)
    assert {gate.passed for gate in gates(few)} == {True, False}
    assert [gate.reached for gate in gates(few) if gate.high == 0.60] == [few.row(RAW).process]
    text = study_text(few)
    assert "MISSED" in text
    assert "meant for 2000 corpora" in text
    assert "nan" not in text
    assert gates(study("shift", 1, permutations=0)) == []


def test_scenarios_by_name() -> None:
    assert scenario_names() == list(GATED)
    assert scenario_names(["power-20"]) == ["power-20"]
    assert set(GATED) < set(scenario_names(["all"]))
    with pytest.raises(SettingsError, match="unknown scenario"):
        simulate("shift-16", 1)
