"""Krippendorff's alpha against published and hand-computed values, and against the package krippendorff."""

from __future__ import annotations

import math
import random
from itertools import permutations

import numpy as np
import pytest

from strategy_miner.coding.agreement import (
    Alpha,
    agreement,
    alpha,
    alpha_interval,
    disputed,
    masi,
    nominal,
    positive_agreement,
)


def units(*coders: str) -> list[list[str]]:
    """Rows of values by coder, a dot where nothing was coded -> values by unit."""
    return [[v for v in values if v != "."] for values in zip(*(row.split() for row in coders), strict=True)]


PUBLISHED = [
    (units("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"), 0.095, "two coders, two values: Krippendorff 2011, B"),
    (
        units("a a b b d c c c e d d a", "b a b b b c c c e d d d"),
        0.692,
        "two coders, five values: Krippendorff 2011, C",
    ),
    (
        units(
            "1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."
        ),
        0.743,
        "four coders, gaps: Krippendorff 2011, D",
    ),
]


@pytest.mark.parametrize(("values", "expected", "source"), PUBLISHED)
def test_published_values(values: list[list[str]], expected: float, source: str) -> None:
    assert alpha(values) == pytest.approx(expected, abs=0.0005), source


MASI = [
    ("ab", "ab", 0.0, "equal"),
    ("", "", 0.0, "no code twice is agreement"),
    ("", "a", 1.0, "no code and a code have nothing in common"),
    ("ab", "cd", 1.0, "disjoint"),
    ("ab", "a", 1 - 1 / 2 * 2 / 3, "one within the other"),
    ("ab", "bc", 1 - 1 / 3 * 1 / 3, "overlapping"),
]


@pytest.mark.parametrize(("one", "other", "expected", "reason"), MASI)
def test_masi_distance(one: str, other: str, expected: float, reason: str) -> None:
    assert masi(frozenset(one), frozenset(other)) == pytest.approx(expected), reason
    assert masi(frozenset(other), frozenset(one)) == pytest.approx(expected), reason


def test_alpha_of_sets_is_its_definition() -> None:
    """Observed over expected disagreement, summed pair by pair over values instead of by counts."""
    chance = random.Random(1)
    sets = [[frozenset(chance.sample("abcd", chance.randint(0, 3))) for _ in range(chance.choice((2, 3)))]
            for _ in range(30)]  # fmt: skip
    observed = sum(masi(a, b) / (len(u) - 1) for u in sets for a, b in permutations(u, 2))
    every = [value for u in sets for value in u]
    expected = sum(masi(a, b) for a, b in permutations(every, 2)) / (len(every) - 1)
    assert alpha(sets, masi) == pytest.approx(1 - observed / expected)


def test_against_the_package_krippendorff() -> None:
    oracle = pytest.importorskip("krippendorff", reason="krippendorff is not installed (extra dev)")
    chance = np.random.default_rng(3)
    for _ in range(20):
        table = chance.integers(0, 3, size=(3, 25)).astype(float)
        table[:, :15] = table[0, :15]  # or nothing would agree
        table[chance.random(table.shape) < 0.15] = np.nan
        values = [[v for v in column if not math.isnan(v)] for column in table.T]
        expected = oracle.alpha(reliability_data=table, level_of_measurement="nominal")
        assert alpha(values) == pytest.approx(expected)


def test_nothing_varies_and_nothing_is_coded_twice() -> None:
    assert math.isnan(alpha([[True, True], [True, True]]))
    assert math.isnan(alpha([["a"], ["b"]]))
    assert math.isnan(alpha([]))
    assert nominal("a", "a") == 0


def test_the_interval_draws_documents_not_units() -> None:
    """Twenty copies of one document are one document's worth of information."""
    chance = random.Random(5)
    values = [[v, v if chance.random() < 0.8 else not v] for v in (chance.random() < 0.5 for _ in range(200))]
    apart = alpha_interval(values, [str(i) for i in range(200)], 1)
    few = [(v, str(i)) for i, v in enumerate(values[:20]) for _ in range(10)]
    clumped = alpha_interval([v for v, _ in few], [d for _, d in few], 1)
    assert apart.low < apart.value < apart.high
    assert clumped.high - clumped.low > 1.8 * (apart.high - apart.low)
    assert alpha_interval(values, [str(i) for i in range(200)], 1) == apart
    assert math.isnan(alpha_interval(values, ["one"] * 200, 1).low)


GATES = [
    (0.81, "firm"), (0.80, "firm"), (0.79, "tentative"), (0.667, "tentative"), (0.66, "below"), (math.nan, "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("low", "expected"), GATES)
def test_gates_stand_on_the_lower_end(low: float, expected: str) -> None:
    assert Alpha(0.9, low, 0.95).gate() == expected


def test_positive_agreement() -> None:
    marks = [[True, True]] * 3 + [[True, False]] * 2 + [[False, True]] + [[False, False]] * 50
    assert positive_agreement(marks) == pytest.approx(2 * 3 / (2 * 3 + 2 + 1))
    assert math.isnan(positive_agreement([[False, False]]))


def test_agreement_per_code_and_flag() -> None:
    one = {
        "s1": frozenset(["energie"]),
        "s2": frozenset(["resilienz"]),
        "s3": frozenset[str](),
        "s4": frozenset(["energie"]),
    }
    two = {"s1": frozenset(["energie"]), "s2": frozenset(["energie"]), "s3": frozenset[str]()}
    documents = {"s1": "d1", "s2": "d1", "s3": "d2", "s4": "d2"}
    rows = agreement({"a": one, "b": two}, documents, ["energie", "resilienz", "bildung"], frozenset(["resilienz"]), 1)
    by_name = {row.what: row for row in rows}
    assert list(by_name) == ["sets", "coded", "integrated", "energie", "resilienz", "bildung"]
    assert all(row.units == 3 for row in rows), "s4 was coded once"
    assert by_name["coded"].alpha.value == 1
    assert by_name["energie"].prevalence == pytest.approx(3 / 6)
    assert by_name["energie"].positive == pytest.approx(2 / 3)
    # 3 units, 6 values: one disagreeing pair counts twice; 3 x 3 unlike pairs of values.
    assert by_name["energie"].alpha.value == pytest.approx(1 - 2 * 5 / (2 * 3 * 3))
    assert math.isnan(by_name["bildung"].alpha.value)
    assert disputed({"a": one, "b": two}) == ["s2"]
