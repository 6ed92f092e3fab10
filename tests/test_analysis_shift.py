"""The verdict as a rule, and how often it is wrong where nothing shifts."""

import numpy as np
import pytest

from strategy_miner.analysis.samples import Cohorts, Point, sample
from strategy_miner.analysis.shift import contrast, verdict

SIZES = (10, 24, 27)


@pytest.mark.parametrize(
    ("p", "interval", "interval90", "expected"),
    [
        pytest.param(0.01, (0.02, 0.30), (0.05, 0.27), "shift", id="both conditions"),
        pytest.param(0.01, (-0.01, 0.30), (0.02, 0.27), "undecided", id="the interval holds 0"),
        pytest.param(0.06, (0.02, 0.30), (0.05, 0.27), "undecided", id="the test does not reject"),
        pytest.param(0.01, (-0.30, -0.02), (-0.27, -0.05), "shift", id="downwards"),
        pytest.param(0.60, (-0.11, 0.10), (-0.09, 0.08), "no relevant shift", id="90 % within the margin"),
        pytest.param(0.60, (-0.12, 0.11), (-0.10, 0.08), "undecided", id="touching the margin is not within"),
        pytest.param(0.01, (0.01, 0.07), (0.02, 0.06), "shift", id="small but clear: shift comes first"),
        pytest.param(None, (-0.05, 0.05), (-0.04, 0.04), "no relevant shift", id="no test, narrow interval"),
        pytest.param(0.01, None, None, "undecided", id="no interval"),
    ],
)
def test_rule(p, interval, interval90, expected):
    assert verdict(p, interval, interval90, margin=0.10)[0] == expected


def drawn(rng, means):
    """61 projects in three cohorts with shares around the cohort's mean."""
    cohorts = Cohorts(("1", "2", "3"), {})
    points = []
    for number, (size, mean) in enumerate(zip(SIZES, means, strict=True)):
        for value in np.clip(rng.normal(mean, 0.13, size), 0, 1):
            project = f"p{len(points):02d}"
            cohorts.number_of[project] = number
            points.append(Point(project, float(value), 1.0, 0, 0, (value, 1.0), "provisional"))
    return cohorts, sample("H1", "", cohorts, points)


def verdicts(means, corpora=300):
    rng = np.random.default_rng(21)
    found = [contrast(*drawn(rng, means), margin=0.10, permutations=199, seed=n).verdict for n in range(corpora)]
    return {name: found.count(name) / corpora for name in ("shift", "no relevant shift", "undecided")}


def test_no_shift_is_rarely_called_one():
    assert verdicts((0.4, 0.4, 0.4))["shift"] <= 0.065


def test_a_large_shift_is_mostly_found():
    assert verdicts((0.25, 0.38, 0.50))["shift"] > 0.9


def test_a_shift_of_the_size_of_the_margin_is_rarely_called_irrelevant():
    assert verdicts((0.35, 0.40, 0.45))["no relevant shift"] <= 0.065
