"""Tests and effect sizes beside the verdict, what would decide it, and how often it is a false alarm."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from strategy_miner.analysis import companions
from strategy_miner.analysis.companions import cliffs_delta, effect_rows, log_odds_ratio
from strategy_miner.analysis.deciding import decider_rows, design, minimum_detectable, needed
from strategy_miner.analysis.intervals import Share
from strategy_miner.analysis.samples import Cohorts, Point, sample
from strategy_miner.analysis.shift import contrast, contrast_bounds
from strategy_miner.analysis.trend import jonckheere_terpstra

# Integrated of declared fields in the 61 projects of the fictional demo corpus, as the pipeline finds them.
DEMO = {
    "1": "1/4 3/7 2/5 2/9 2/6 2/5 1/9 1/4 2/6 2/8",
    "2": "2/6 3/7 2/7 2/6 2/6 2/6 3/7 3/6 3/5 1/7 2/4 3/7 2/8 3/7 2/7 2/6 2/4 4/7 3/7 1/4 5/9 2/6 1/5 1/4",
    "3": "3/6 3/5 2/6 2/6 3/8 3/5 2/7 2/4 4/6 3/6 2/5 3/7 3/6 4/8 3/7 2/7 1/4 4/7 2/9 2/4 3/6 2/6 4/9 3/5 3/9 3/5 2/5",
}


def of_groups(groups, estimand="H1", missing=()):
    """Cohorts and sample of lists of values per cohort; `missing`: further projects per cohort without a value."""
    cohorts = Cohorts(tuple(str(n + 1) for n in range(len(groups))), {})
    points = []
    for number, values in enumerate(groups):
        for value in values:
            project = f"p{len(points):03d}"
            cohorts.number_of[project] = number
            points.append(Point(project, float(value), 1.0, int(value == 1), 5, (value, 1.0), "provisional"))
        for n in range(missing[number] if missing else 0):
            cohorts.number_of[f"m{number}{n:03d}"] = number
    code = "ecology" if estimand == "H2" else ""
    return cohorts, sample(estimand, code, cohorts, points)


def demo():
    shares = [[int(x) / int(n) for x, n in (part.split("/") for part in DEMO[cohort].split())] for cohort in DEMO]
    return of_groups(shares)


def deciders(cohorts, of, margin=0.10):
    now = contrast(cohorts, of, margin, 499, 1)
    return now, list(decider_rows(cohorts, of, now, contrast_bounds(cohorts, of, margin, 499, 1), margin))


def test_jonckheere_terpstra_by_hand():
    """1 2 | 2 4 | 3 5: between 1 and 2 the pairs give 1 + 1 + 1/2 + 1, 1 and 3 give 4, 2 and 3 give 1 + 1 + 0 + 1."""
    values, cohorts = np.array([1.0, 2, 2, 4, 3, 5]), np.repeat([0, 1, 2], 2)
    statistic, _ = jonckheere_terpstra(values, cohorts, 99, [1])
    assert statistic == 3.5 + 4 + 3


def test_jonckheere_terpstra_of_two_cohorts_is_mann_whitney():
    rng = np.random.default_rng(3)
    first, last = rng.normal(0, 1, 9).round(1), rng.normal(0.8, 1, 12).round(1)
    statistic, p = jonckheere_terpstra(np.concatenate([first, last]), np.repeat([0, 1], [9, 12]), 9999, [2])
    exact = stats.mannwhitneyu(last, first)
    assert statistic == exact.statistic
    permuted = stats.permutation_test(
        (last, first), lambda x, y: stats.mannwhitneyu(x, y).statistic, n_resamples=1999, vectorized=False, rng=1
    )
    assert p == pytest.approx(permuted.pvalue, abs=0.02)


def test_jonckheere_terpstra_needs_two_cohorts():
    assert all(math.isnan(x) for x in jonckheere_terpstra(np.array([1.0, 2.0]), np.zeros(2, dtype=np.int64), 9, [1]))


def test_effects_by_hand():
    # logit .75 - logit .5 = ln 3; SE^2 = .01 / .25^2 + .0009 / .1875^2
    value, error = log_odds_ratio(Share(0.5, 0.01, 6), Share(0.75, 0.0009, 18))
    assert value == pytest.approx(math.log(3))
    assert error == pytest.approx(math.sqrt(0.01 / 0.0625 + 0.0009 / 0.1875**2))
    assert log_odds_ratio(Share(0.0, 0.0, 6), Share(0.75, 0.01, 18)) == (None, None)
    # of six pairs four lie above, one is tied, one below
    assert cliffs_delta(np.array([1.0, 2.0, 5.0]), np.array([2.0, 6.0])) == pytest.approx((4 - 1) / 6)


def test_rows_of_tests_and_effects():
    cohorts, of = of_groups(([0, 1] * 3, [1, 0, 1, 1] * 2, [1, 1, 1, 0] * 2), "H2")
    rows = companions.test_rows(cohorts, of, 0.25, 99, 1)
    kinds = ["mid-p", "exact", "asymptotic"]
    assert [row[3] for row in rows] == [
        "studentised permutation", "Jonckheere-Terpstra", *(f"Cochran-Armitage {kind}" for kind in kinds)
    ]  # fmt: skip
    assert {row[:3] for row in rows} == {("H2", "ecology", "secondary")}
    assert rows[0][4:] == (22, None, 0.25)
    assert all(0 < row[6] <= 1 for row in rows)
    assert [(row[2], row[3], row[4]) for row in effect_rows(cohorts, of)] == [
        ("log odds ratio", 6, 8), ("Cliff's delta", 6, 8)
    ]  # fmt: skip


@pytest.mark.parametrize("sizes", [(10, 24, 27), (6, 21, 18), (12, 14)])
def test_the_smallest_detectable_difference_is_found_in_four_of_five_cases(sizes):
    """A straight rise of that height through the cohorts, normal values, the shipped test and rule."""
    rng = np.random.default_rng(8)
    spread = 0.15
    exact = [np.sort(stats.norm.ppf((np.arange(n) + 0.5) / n)) for n in sizes]
    cohorts, of = of_groups([0.5 + spread * z / z.std(ddof=1) for z in exact])
    plan = design(cohorts, of)
    rise = minimum_detectable(plan, plan.sizes)
    steps = np.linspace(-rise / 2, rise / 2, len(sizes))
    found = 0
    for n in range(300):
        a = np.concatenate([rng.normal(0.5 + step, spread, size) for step, size in zip(steps, sizes, strict=True)])
        found += contrast(cohorts, replace(of, a=a), 0.01, 199, n).verdict == "shift"
    assert 0.72 <= found / 300 <= 0.88


def test_more_projects_are_needed_where_the_interval_is_too_wide():
    """Two cohorts with variance .04 each: half the interval is below .1 from about 2 * (1.98 * .2 / .1)^2 / 2 = 32."""
    values = [0.3 - 0.2, 0.3 + 0.2] * 4
    cohorts, of = of_groups((values, [v + 0.1 for v in values]), missing=(40, 40))
    plan = design(cohorts, of)
    sizes = needed(plan, [48, 48], 0.95, 0.1)
    assert sizes[0] in (sizes[1], sizes[1] + 1)
    exact = 2 * plan.variances[0] * (stats.t.ppf(0.975, 2 * sizes[0] - 2) / 0.1) ** 2
    assert sizes[0] - 2 <= exact <= sizes[0]
    assert needed(plan, [48, 48], 0.95, 0.0) is None


def test_projects_that_exist_are_added_before_others():
    values = [0.1, 0.5] * 4
    cohorts, of = of_groups((values, values), missing=(0, 60))
    plan = design(cohorts, of)
    first, last = needed(plan, [8, 68], 0.95, 0.19)
    assert first == 8
    assert 8 < last <= 68


def test_what_would_decide_an_undecided_verdict():
    now, rows = deciders(*of_groups(([0.2, 0.6] * 3, [0.3, 0.5] * 6, [0.3, 0.7] * 5), missing=(4, 2, 5)))
    assert now.verdict == "undecided"
    by_question = {row[2]: row for row in rows if row[3] == ""}
    assert list(by_question) == [
        "now", "missing down", "missing up", "all known", "needed for shift", "needed for no relevant shift"
    ]  # fmt: skip
    assert by_question["now"][4] == 28
    assert by_question["missing down"][4] == 11
    assert by_question["all known"][4] == 39
    assert by_question["all known"][5] < by_question["now"][5]
    assert by_question["missing down"][5] < now.difference < by_question["missing up"][5]
    assert by_question["needed for shift"][9] is False
    cohort_sizes = [row[4] for row in rows if row[2] == "needed for shift" and row[3]]
    assert by_question["needed for shift"][4] == sum(cohort_sizes) > 39


def test_a_clear_verdict_of_all_projects_needs_nothing_more():
    now, rows = deciders(*demo())
    assert now.verdict == "shift"
    assert [row[2] for row in rows] == ["now"]


@pytest.mark.parametrize(
    "groups",
    [pytest.param(([], [0.4, 0.5], [0.3]), id="none, two, one"), pytest.param(([0.4], [0.5]), id="one each"),
     pytest.param(([0.4] * 5, [0.4] * 5), id="all alike"), pytest.param(([], []), id="no values at all"),
     pytest.param(([0.2, 0.4], [0.5], [0.3, 0.6]), id="one in between"),
     pytest.param(([0.2, 0.4], [], [], [0.3, 0.6]), id="two empty in between")],
)  # fmt: skip
@pytest.mark.parametrize("estimand", ["H1", "H2"])
def test_few_projects_are_undecided_and_never_an_error(groups, estimand):
    groups = [[float(v > 0.35) for v in values] for values in groups] if estimand == "H2" else groups
    cohorts, of = of_groups(groups, estimand, missing=[1] * len(groups))
    now, rows = deciders(cohorts, of)
    assert now.verdict == "undecided"
    assert rows[0][2] == "now"
    companions.test_rows(cohorts, of, now.p, 99, 1)
    effect_rows(cohorts, of)


def test_four_cohorts_rise_along_their_line():
    """Means .1 .2 .3 .8 at -1.5 -.5 .5 1.5: the slope is (1.5 * .7 + .5 * .1) / 5 = .22 a cohort, .66 over all."""
    cohorts, of = of_groups([[mean - 0.02, mean + 0.02, mean] for mean in (0.1, 0.2, 0.3, 0.8)])
    found = contrast(cohorts, of, 0.10, 499, 1)
    assert found.difference == pytest.approx(0.66)
    assert found.interval[0] < 0.66 < found.interval[1]
    assert found.verdict == "shift"


@pytest.mark.parametrize("cohorts", [2, 3, 4])
def test_two_three_and_four_cohorts_find_a_planted_shift(cohorts):
    rng = np.random.default_rng(4)
    means = np.linspace(0.25, 0.6, cohorts)
    found = contrast(*of_groups([rng.normal(mean, 0.12, 15) for mean in means]), 0.10, 499, 1)
    assert found.verdict == "shift"
    assert found.difference == pytest.approx(0.35, abs=0.12)


def test_the_demo_covers_what_was_planted_and_shows_no_shift_without_it():
    cohorts, of = demo()
    found = contrast(cohorts, of, 0.10, 499, 1)
    assert found.verdict == "shift"
    assert found.interval[0] < 0.16 < found.interval[1]
    means = np.array([of.a[of.cohorts == number].mean() for number in range(3)])
    assert contrast(cohorts, replace(of, a=of.a - means[of.cohorts] + 0.4), 0.10, 499, 1).verdict != "shift"


def test_shuffled_cohorts_of_the_demo_are_rarely_called_a_shift():
    """1,000 shuffles: at most 6.5 % false alarms, of the test alone and of the verdict, which asks for more."""
    cohorts, of = demo()
    rng = np.random.default_rng(20261122)
    shuffled = (contrast(cohorts, replace(of, cohorts=rng.permutation(of.cohorts)), 0.10, 199, n) for n in range(1000))
    found = [(each.p <= 0.05, each.verdict == "shift") for each in shuffled]
    alarms, verdicts = np.mean(found, axis=0)
    assert 0.03 <= alarms <= 0.065
    assert verdicts <= 0.065
