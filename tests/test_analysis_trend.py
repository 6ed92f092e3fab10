"""Trend tests against enumeration, scipy and check values; their level on simulated corpora."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from strategy_miner.analysis.trend import benjamini_hochberg, cochran_armitage, holm, permutation_p


def test_cochran_armitage_check_value():
    trend = cochran_armitage((6, 18, 24), (10, 24, 27), (0, 1, 2))
    assert (trend.mid_p, trend.exact, trend.asymptotic) == pytest.approx((0.0430, 0.0558, 0.0469), abs=5e-5)


def test_cochran_armitage_by_enumeration_of_all_labellings():
    outcomes, cohorts = [1, 0, 1, 1, 0, 1, 0, 1], [0, 0, 1, 1, 1, 3, 3, 3]
    mean = np.mean(cohorts) * sum(outcomes)
    observed = abs(sum(c for c, o in zip(cohorts, outcomes, strict=True) if o) - mean)
    distances = [abs(sum(chosen) - mean) for chosen in itertools.combinations(cohorts, sum(outcomes))]
    beyond = sum(d > observed + 1e-9 for d in distances)
    tied = sum(abs(d - observed) < 1e-9 for d in distances)
    trend = cochran_armitage((1, 2, 2), (2, 3, 3), (0, 1, 3))
    assert trend.mid_p == pytest.approx((beyond + tied / 2) / len(distances))
    assert trend.exact == pytest.approx((beyond + tied) / len(distances))


@pytest.mark.parametrize(
    ("counts", "sizes"),
    [pytest.param((0, 0), (3, 4), id="nobody has it"), pytest.param((3, 4), (3, 4), id="everybody has it"),
     pytest.param((0, 2), (0, 4), id="one cohort only"), pytest.param((0, 0), (0, 0), id="no project")],
)  # fmt: skip
def test_cochran_armitage_without_variation(counts, sizes):
    assert cochran_armitage(counts, sizes, (0, 1)).mid_p == 1.0


def test_two_cohorts_are_the_permutation_test_of_welch():
    first, last = [0.1, 0.32, 0.2, 0.3], [0.35, 0.6, 0.28, 0.41, 0.55]

    def statistic(x, y):
        return stats.ttest_ind(x, y, equal_var=False).statistic

    exact = stats.permutation_test((last, first), statistic, n_resamples=np.inf).pvalue
    p = permutation_p(np.array(first + last), np.repeat([0, 1], [4, 5]), 9999, [3])
    assert p == pytest.approx(exact, abs=0.012)


def test_same_seed_same_p_and_order_of_rows_between_cohorts_does_not_matter():
    rng = np.random.default_rng(2)
    values, cohorts = rng.normal(size=30), np.repeat([0, 1, 2], 10)
    p = permutation_p(values, cohorts, 999, [7])
    assert p == permutation_p(values, cohorts, 999, [7])
    turned = np.argsort(-cohorts, kind="stable")
    assert p == permutation_p(values[turned], cohorts[turned], 999, [7])


def test_the_smallest_p_is_that_of_the_observed_order_alone():
    values, cohorts = np.linspace(0, 1, 30), np.repeat([0, 1, 2], 10)
    assert permutation_p(values, cohorts, 999, [7]) == pytest.approx(1 / 1000)


@pytest.mark.parametrize(
    "cohorts",
    [pytest.param([0, 0, 1], id="a cohort of one has no variance"), pytest.param([1, 1, 1], id="one cohort")],
)
def test_no_p_where_the_statistic_is_undefined(cohorts):
    assert math.isnan(permutation_p(np.array([0.1, 0.2, 0.3]), np.array(cohorts), 99, [1]))


def test_level_holds_where_the_small_cohort_spreads_more():
    """No shift, the smallest cohort with twice the spread: a plain slope would reject far more than 5 %."""
    rng, cohorts = np.random.default_rng(11), np.repeat([0, 1, 2], [10, 24, 27])
    spread = np.array([2.0, 1.0, 1.0])[cohorts]
    alarms = sum(permutation_p(rng.normal(size=61) * spread, cohorts, 199, [4, i]) <= 0.05 for i in range(1000))
    assert 0.03 <= alarms / 1000 <= 0.075  # 5 % with a Monte Carlo error of 0.7 points, and the test's small excess


def test_power_against_a_clear_shift():
    rng, cohorts = np.random.default_rng(12), np.repeat([0, 1, 2], [10, 24, 27])
    found = sum(
        permutation_p(0.10 * cohorts + rng.normal(0, 0.13, 61), cohorts, 199, [5, i]) <= 0.05 for i in range(200)
    )
    assert found / 200 > 0.9


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def test_benjamini_hochberg_is_that_of_scipy():
    p_values = [0.01, 0.8, 0.03, 0.03, 0.2]
    assert benjamini_hochberg(p_values) == pytest.approx(list(stats.false_discovery_control(p_values)))
