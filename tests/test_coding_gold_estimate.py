"""The stratified difference estimator on plain arrays: oracles by hand and by prediction-powered inference."""

from __future__ import annotations

import math

import numpy as np
import pytest

from strategy_miner.coding.gold_estimate import Errors, Estimate, combined


def everything_labelled(seed: int, documents: int = 6, size: int = 9) -> Errors:
    """Documents of one stratum, all of whose segments are labelled; figures A <= B."""
    chance = np.random.default_rng(seed)
    true_b = chance.random((documents, size)) < 0.6
    true = np.stack([true_b & (chance.random((documents, size)) < 0.5), true_b], axis=2).astype(float)
    said = chance.random((documents, size, 2))
    return Errors(
        said.mean(axis=1), (true - said).reshape(-1, 2), np.repeat(np.arange(documents), size),
        np.full(documents, float(size)), np.arange(documents), np.zeros(documents, dtype=np.int64),
        np.full(documents, float(size)),
    )  # fmt: skip


def test_all_labels_known_leave_nothing_uncertain() -> None:
    errors = everything_labelled(1)
    for estimate in (errors.ratio(np.ones(6, dtype=bool)), errors.mean(np.ones(6, dtype=bool), 1)):
        assert estimate.variance == 0
        assert estimate.low == estimate.value == estimate.high


def test_the_contrast_adds_variances_and_takes_welchs_degrees_of_freedom() -> None:
    first, last = Estimate.of(0.30, 0.0016, 8), Estimate.of(0.46, 0.0009, 20)
    found = combined([first, last], [-1, 1])
    assert found.value == pytest.approx(0.16)
    assert found.variance == pytest.approx(0.0025)
    assert found.freedom == pytest.approx(0.0025**2 / (0.0016**2 / 8 + 0.0009**2 / 20))
    # t(.975, 17.33) = 2.1067
    assert found.high - found.value == pytest.approx(2.1067 * 0.05, rel=1e-4)
    unknown = Estimate(0.5, math.nan, math.nan)
    assert math.isnan(combined([first, unknown], [-1, 1]).low)
    assert combined([first, unknown, last], [-1, 0, 1]).variance == pytest.approx(0.0025)


def test_a_cut_interval_keeps_its_value() -> None:
    found = Estimate.of(0.98, 0.0004, 30)
    assert found.high > 1
    assert found.cut().high == 1.0
    assert (found.cut().value, found.cut().low) == (0.98, found.low)
