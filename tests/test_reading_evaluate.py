"""The measure itself: normalisation, common subsequence, matching of headings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy_miner.reading.evaluate import common, evaluate, f1, markdown_headings, markdown_text, matched, tokens
from strategy_miner.settings import ExtractSettings

REAL = Path(__file__).resolve().parents[2] / "shared" / "real"


def slow_common(left: list[str], right: list[str]) -> int:
    """The textbook table, to check the bit-parallel one against."""
    row = [0] * (len(right) + 1)
    for a in left:
        last = 0
        for j, b in enumerate(right, 1):
            last, row[j] = row[j], last + 1 if a == b else max(row[j], row[j - 1])
    return row[-1]


words = st.lists(st.sampled_from(["der", "die", "und", "rad"]), max_size=12)


@given(words, words)
def test_common_is_the_longest_common_subsequence(left: list[str], right: list[str]) -> None:
    assert common(left, right) == slow_common(left, right)


def test_tokens_keep_hyphens_and_drop_signs() -> None:
    assert tokens("Die „CO2–Bilanz“, z. B. Umwelt- und Klimaﬂuss!") == [
        "die", "co2-bilanz", "z", "b", "umwelt", "und", "klimafluss",
    ]  # fmt: skip


def test_markup_is_not_text() -> None:
    assert tokens(markdown_text("# Titel\n**fett** und [Wort](https://a.b/c) H~2~O <!-- nein -->")) == [
        "titel", "fett", "und", "wort", "h2o",
    ]  # fmt: skip
    assert markdown_headings("# Eins\nText\n### Drei: *schräg*") == [(1, "eins"), (3, "drei schräg")]


def test_headings_match_once_and_when_nearly_alike() -> None:
    pairs = matched(
        ["einleitung", "radverkehr in der stadt", "schluss"], ["einleitung", "radverkehr in der stad", "mitte"]
    )
    assert pairs == [(0, 0), (1, 1)]
    assert matched(["a", "a"], ["a"]) == [(0, 0)]


def test_f1_of_nothing() -> None:
    assert f1(0.0, 0.0) == 0.0
    assert f1(None, 1.0) is None


@pytest.mark.real
def test_the_real_strategy_is_read_whole_and_in_order() -> None:
    if not REAL.is_dir():
        pytest.skip("../shared is absent: the public draft of Ulm's strategy cannot be read")
    settings = ExtractSettings(ocr=False, ocr_dpi=200, max_pages=500, wall_seconds=120, cpu_seconds=120, memory_mb=1500)
    (score,) = evaluate(REAL, settings, ["ulm_entwurf_2021"])
    assert f1(score.precision, score.recall) >= 0.998
    assert f1(score.heading_precision, score.heading_recall) >= 0.99
    assert score.levels == 1.0
