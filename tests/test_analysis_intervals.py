"""Intervals against values worked out by hand, printed in the literature, or given by scipy."""

import math

import numpy as np
import pytest
from scipy import stats

from strategy_miner.analysis.intervals import (
    difference_interval,
    linearised,
    newcombe,
    process_interval,
    share,
    spread_between,
    wilson,
)


def plain(values):
    return share(np.array(values, dtype=float), np.ones(len(values)))


def test_t_interval_by_hand():
    # mean 0.4, s 0.2, s / sqrt(3) 0.11547, t(2) at 97.5 % 4.30265: 0.4 -+ 0.49683, cut at 0
    low, high = process_interval(plain([0.2, 0.4, 0.6]))
    assert (low, high) == (0.0, pytest.approx(0.4 + 4.30265 * 0.2 / math.sqrt(3), abs=1e-5))


@pytest.mark.parametrize(
    "values",
    [pytest.param([0.3], id="one project tells no spread"), pytest.param([], id="no project"),
     pytest.param([0.1, 0.1, 0.1], id="projects all alike would give a false certainty")],
)  # fmt: skip
def test_no_interval_without_spread(values):
    assert process_interval(plain(values)) is None


def test_ratio_of_means_by_hand():
    # theta = 0.4 / 1.0; z = (a - 0.4 b) / 0.5 = (-0.2, 0.2); variance = 0.08 / (2 * 1)
    estimate = share(np.array([0.1, 0.3]), np.array([0.5, 0.5]))
    assert (estimate.value, estimate.variance, estimate.n) == (pytest.approx(0.4), pytest.approx(0.04), 2)


def test_linearised_values_have_the_ratio_as_mean_and_its_variance():
    a, b = np.array([0.1, 0.3, 0.2]), np.array([0.5, 0.4, 0.9])
    values, estimate = linearised(a, b), share(a, b)
    assert values.mean() == pytest.approx(estimate.value)
    assert values.var(ddof=1) / 3 == pytest.approx(estimate.variance)
    assert linearised(a, np.ones(3)) is a
    assert np.isnan(linearised(a, np.zeros(3))).all()


def test_ratio_variance_is_near_the_jackknife():
    rng = np.random.default_rng(5)
    b = rng.uniform(0.4, 0.9, 24)
    a = b * rng.uniform(0.1, 0.6, 24)
    left_out = np.array([np.delete(a, i).sum() / np.delete(b, i).sum() for i in range(24)])
    jackknife = 23 / 24 * np.sum((left_out - left_out.mean()) ** 2)
    assert share(a, b).variance == pytest.approx(jackknife, rel=0.1)


def test_text_without_any_code_gives_no_share():
    assert math.isnan(share(np.zeros(3), np.zeros(3)).value)


def test_difference_is_welch():
    first, last = [0.1, 0.5, 0.2, 0.3], [0.5, 0.6, 0.9, 0.4, 0.55]
    expected = stats.ttest_ind(last, first, equal_var=False).confidence_interval(0.95)
    assert difference_interval(plain(first), plain(last)) == pytest.approx((expected.low, expected.high))


def test_difference_with_one_side_without_spread_is_wider_than_nothing():
    low, high = difference_interval(plain([0.5, 0.5]), plain([0.4, 0.6, 0.8]))
    assert low < 0.1 < high


def test_wilson_of_48_of_61():
    assert wilson(48, 61) == pytest.approx((0.669, 0.871), abs=5e-4)


@pytest.mark.parametrize(("count", "n"), [(0, 6), (6, 6), (3, 10), (1, 1)])
def test_wilson_is_that_of_scipy(count, n):
    expected = stats.binomtest(count, n).proportion_ci(0.95, method="wilson")
    assert wilson(count, n) == pytest.approx((expected.low, expected.high))


def test_newcombe_example_of_the_paper():
    # Newcombe 1998, table II, case a: 56/70 against 48/80, method 10
    assert newcombe((48, 80), (56, 70)) == pytest.approx((0.0524, 0.3339), abs=1e-4)


def test_spread_between_projects_is_what_measurement_leaves():
    # s^2 = .04 of which n x .01 = .03 is measurement: tau^2 = .01
    assert spread_between(plain([0.2, 0.4, 0.6]), 0.01) == pytest.approx(0.1)
    assert spread_between(plain([0.2, 0.4, 0.6]), 0.02) == 0.0
    assert math.isnan(spread_between(plain([0.2]), 0.01))
