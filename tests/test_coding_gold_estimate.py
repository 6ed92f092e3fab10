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


def test_it_is_the_mean_of_prediction_powered_inference() -> None:
    """Equal weights, lambda 1: mean f over all + mean (y - f) over the labelled. Value by ppi-python 0.2.3:

    ppi_mean_pointestimate(y, f[labelled], f, lam=1) = 0.4625. By hand: 5.00 / 10 - (.10 - .60 + .70 - .05) / 4.
    """
    f = np.array([0.05, 0.10, 0.20, 0.35, 0.40, 0.55, 0.70, 0.80, 0.90, 0.95])
    error = np.array([0.0, 1, 0, 1]) - f[[1, 4, 6, 9]]
    none = np.zeros(4, dtype=np.int64)
    one = Errors(np.array([[0.5]]), error[:, None], none, np.array([10.0]), none[:1], none[:1], np.array([10.0]))
    assert one.mean(np.array([True]), 0).value == pytest.approx(0.4625, abs=1e-12)
    # The same segments as two documents of five with two labels each.
    two = Errors(
        f.reshape(2, 5).mean(axis=1)[:, None], error[:, None], np.array([0, 0, 1, 1]), np.array([5.0, 5.0]),
        np.array([0, 1]), none[:2], np.array([5.0, 5.0]),
    )  # fmt: skip
    assert two.mean(np.array([True, True]), 0).value == pytest.approx(0.4625, abs=1e-12)


def by_hand() -> Errors:
    """Document of 10 in strata of 6 and 4, two labels each; document of 20 in one stratum of the first's kind, four."""
    error = np.array([0.0, 0.8, 0.5, -0.5, 0.0, 0.4, -0.4, 0.0])
    return Errors(
        np.array([[0.3], [0.5]]), error[:, None], np.array([0, 0, 1, 1, 2, 2, 2, 2]), np.array([6.0, 4.0, 20.0]),
        np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([10.0, 20.0]),
    )  # fmt: skip


def test_stratified_variance_by_hand() -> None:
    estimate = by_hand().mean(np.array([True, True]), 0)
    # (.3 + .6 x .4 + .4 x 0) and .5
    assert estimate.value == pytest.approx(0.52)
    # Within strata: first kind (.32 + .32) / (1 + 3) = .16, second .5 / 1. A quarter of
    # .36 (1 - 2/6) .16 / 2 + .16 (1 - 2/4) .5 / 2 + 1 (1 - 4/20) .16 / 4 = .0192 + .02 + .032
    assert estimate.variance == pytest.approx(0.0178)
    # .0178^2 / (.0128^2 / 4 + .005^2 / 1)
    assert estimate.freedom == pytest.approx(4.80352, abs=1e-5)


def test_labels_without_an_error_are_not_taken_for_certainty() -> None:
    seen = by_hand()
    none = Errors(
        seen.raw, np.zeros((8, 1)), seen.stratum, seen.sizes, seen.home, seen.kind, seen.segments
    )  # fmt: skip
    # At least .25 / (4 + 1) = .05 and .25 / (1 + 1) = .125 in place of .16 and .5.
    assert none.mean(np.array([True, True]), 0).variance == pytest.approx((0.006 + 0.005 + 0.01) / 4)


def test_a_stratum_of_one_label_takes_the_spread_of_its_kind_or_of_all() -> None:
    errors = Errors(
        np.array([[0.3]]), np.array([[0.0], [0.8], [0.5]]), np.array([0, 0, 1]), np.array([6.0, 4.0]),
        np.array([0, 0]), np.array([0, 1]), np.array([10.0]),
    )  # fmt: skip
    # .32 / 1 for both: .36 (1 - 2/6) .32 / 2 + .16 (1 - 1/4) .32 / 1
    assert errors.mean(np.array([True]), 0).variance == pytest.approx(0.0384 + 0.0384)
    single = Errors(
        np.array([[0.3]]), np.array([[0.5]]), np.array([0]), np.array([6.0]), np.array([0]), np.array([0]),
        np.array([6.0]),
    )  # fmt: skip
    assert math.isnan(single.mean(np.array([True]), 0).low)


def test_one_document_ten_times_longer_changes_no_share() -> None:
    """Pasted ten times: ten times the segments in every stratum, the same means and labels."""
    chance = np.random.default_rng(5)
    home = np.repeat(np.arange(8), 3)
    sizes = chance.integers(4, 60, 24).astype(float)
    segments = np.bincount(home, sizes)
    stratum = np.repeat(np.arange(24), 2)
    b = chance.random(48) < 0.6
    error = np.column_stack([b * chance.random(48), b]) - chance.random((48, 2)) * [0.5, 1]
    own = Errors(
        chance.random((8, 2)) * [0.3, 1] + [0, 0.3], error, stratum, sizes, home, np.tile([0, 1, 2], 8), segments
    )  # fmt: skip
    times = np.where(np.arange(8) == 3, 10.0, 1.0)
    longer = Errors(own.raw, error, stratum, sizes * times[home], home, own.kind, segments * times)
    everything = np.ones(8, dtype=bool)
    assert longer.corrected() == pytest.approx(own.corrected(), abs=1e-12)
    assert longer.ratio(everything).value == pytest.approx(own.ratio(everything).value, abs=1e-12)
    assert longer.mean(everything, 1).value == pytest.approx(own.mean(everything, 1).value, abs=1e-12)
