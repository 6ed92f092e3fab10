"""The gold sample: strata, allocation, known probabilities, anchors that outlast another reading."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategy_miner.coding.gold import (
    LEAST_STRATUM,
    Scored,
    allocated,
    doubt,
    draw,
    per_document,
    strata,
)
from strategy_miner.coding.gold_anchors import Anchor, attach, likeness, plain
from strategy_miner.errors import CorpusError
from strategy_miner.records import Segment, stable_id

TEXT = "Der Radweg am Fluss wird breiter, sagt der Bürgermeister von Neudorf, und kostet wenig Geld für alle"
WORDS = TEXT.split()


def segment(document: str, n: int, text: str = "", page: int | None = 1) -> Segment:
    text = text or f"Absatz {n} von {document}."
    return Segment(stable_id(document, page, n, text), document, n, page, "paragraph", ("Kapitel",), text, (), (), ())


def document(name: str, size: int, cohort: str | None = "1", seed: int = 0) -> Scored:
    chance = np.random.default_rng([seed, size, *name.encode()])
    probabilities = chance.beta(0.3, 2.0, size=(size, 4))
    return Scored(name, cohort, tuple(segment(name, n) for n in range(size)), probabilities)


STRATA = [
    ([0.0] * 5 + [0.9] * 5 + [0.5] * 5, 3, {"none": 5, "coded": 5, "uncertain": 5}, "three of them"),
    ([0.0] * 2 + [0.9] * 5 + [0.5] * 5, 3, {"coded": 5, "uncertain": 7}, "two confident ones join the uncertain"),
    ([0.0] * 9 + [0.9] * 5 + [0.5] * 2, 3, {"none": 9, "coded": 7}, "uncertain ones join the smaller other"),
    ([0.0] * 2 + [0.9] * 2 + [0.5] * 2, 3, {"uncertain": 6}, "all of them small"),
    ([0.9] * 2, 3, {"coded": 2}, "a tiny document is one stratum"),
    ([0.0] * 9 + [0.9] * 5 + [0.5] * 6, 2, {"none": 9, "uncertain": 11}, "too few labels for three"),
    ([0.0] * 9 + [0.9] * 5 + [0.5] * 6, 1, {"uncertain": 20}, "too few labels for two"),
    ([0.25] * 4 + [0.26] * 4 + [0.75] * 4, 3, {"none": 4, "uncertain": 4, "coded": 4}, "borders"),
]


@pytest.mark.parametrize(("best", "most", "expected", "reason"), STRATA)
def test_strata(best: list[float], most: int, expected: dict[str, int], reason: str) -> None:
    names = strata(np.array([[p, 0.0] for p in best]), most)
    found = {str(name): int((names == name).sum()) for name in set(names.tolist())}
    assert found == expected, reason


def test_many_small_probabilities_are_not_confident_none() -> None:
    assert strata(np.full((3, 20), 0.1)).tolist() == ["uncertain"] * 3


def test_doubt_is_the_chance_that_two_draws_of_sets_differ() -> None:
    p = np.array([0.9, 0.2, 0.5])
    sets = [np.prod([q if yes else 1 - q for q, yes in zip(p, own, strict=True)]) for own in product((0, 1), repeat=3)]
    assert doubt(p[None])[0] == pytest.approx(1 - sum(x**2 for x in sets))
    assert doubt(np.array([[0.3]]))[0] == pytest.approx(1 - 0.3**2 - 0.7**2)
    assert doubt(np.zeros((1, 5)))[0] == 0


ALLOCATIONS = [
    ([50, 30, 20], [0.1, 0.1, 0.1], 16, [7, 5, 4], "two each, ten by size: 5, 3, 2"),
    ([50, 50], [0.1, 0.3], 12, [4, 8], "two each, eight by size x spread: 2, 6"),
    ([3, 60], [0.9, 0.1], 20, [3, 17], "a used-up stratum passes its share on"),
    ([50, 30, 20], [0.0, 0.0, 0.0], 10, [4, 3, 3], "nothing in doubt: by size, remainders 2.0, 1.2, 0.8"),
    ([3, 4], [0.5, 0.5], 50, [3, 4], "no more than there are"),
    ([50, 30, 20], [0.5, 0.5, 0.5], 4, [2, 2, 2], "never fewer than two"),
    ([1], [0.5], 8, [1], "one segment"),
]


@pytest.mark.parametrize(("sizes", "spread", "labels", "expected", "reason"), ALLOCATIONS)
def test_allocation(sizes: list[int], spread: list[float], labels: int, expected: list[int], reason: str) -> None:
    assert allocated(sizes, spread, labels) == expected, reason


@given(st.lists(st.tuples(st.integers(1, 90), st.floats(0, 1)), min_size=1, max_size=3), st.integers(2, 60))
def test_allocation_is_whole_and_within_bounds(strata: list[tuple[int, float]], labels: int) -> None:
    sizes, spread = [s for s, _ in strata], [d for _, d in strata]
    given_ = allocated(sizes, spread, labels)
    assert all(min(2, n) <= own <= n for own, n in zip(given_, sizes, strict=True))
    assert sum(given_) == max(min(labels, sum(sizes)), sum(min(2, n) for n in sizes))


def test_cohorts_get_equal_totals() -> None:
    pairs = [(f"{cohort}-{n}", cohort) for cohort, count in (("1", 10), ("2", 24), ("3", 27)) for n in range(count)]
    number = per_document([*pairs, ("x", None)], ("1", "2", "3", "4"))
    assert {cohort: number[f"{cohort}-0"] for cohort in "123"} == {"1": 16, "2": 7, "3": 6}
    assert sum(number.values()) - number["x"] == 490
    assert number["x"] == 6, "outside the cohorts: as in the largest one"
    assert per_document([("a", None), ("b", None)], ("1",), 30) == {"a": 15, "b": 15}
    assert per_document([("a", "1")], ("1",), 1) == {"a": 2}, "a stratum needs two labels"


def test_numbers_per_document_by_cohort() -> None:
    pairs = [("a", "1"), ("b", "2"), ("c", None)]
    assert per_document(pairs, ("1", "2"), [16, 7]) == {"a": 16, "b": 7, "c": 7}
    with pytest.raises(CorpusError, match="Give one per cohort: 1, 2"):
        per_document(pairs, ("1", "2"), [16])
    with pytest.raises(CorpusError, match="at least 2"):
        per_document(pairs, ("1", "2"), [16, 1])


@given(st.lists(st.integers(1, 60), min_size=1, max_size=5), st.integers(2, 20), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_a_draw_has_known_probabilities_everywhere(sizes: list[int], labels: int, seed: int) -> None:
    documents = [document(f"d{n}", size, seed=seed) for n, size in enumerate(sizes)]
    rows = draw(documents, seed, {d.document_id: labels for d in documents}, 0.25)
    assert sorted(row.number for row in rows) == list(range(1, len(rows) + 1))
    assert len({row.anchor.segment_id for row in rows}) == len(rows), "without replacement"
    for d in documents:
        own = [row for row in rows if row.anchor.document_id == d.document_id]
        assert len(own) >= min(2, len(d.segments))
        assert sum(1 / row.pi for row in own) == pytest.approx(len(d.segments)), "weights add up to the document"
        for stratum in {row.stratum for row in own}:
            inside = [row for row in own if row.stratum == stratum]
            assert len(inside) == inside[0].drawn >= min(2, inside[0].size)
            assert inside[0].size >= min(LEAST_STRATUM, len(d.segments))


def test_a_draw_repeats_and_a_further_document_changes_no_other() -> None:
    documents = [document(f"d{n}", 40 + n) for n in range(6)]
    labels = dict.fromkeys([d.document_id for d in documents], 8)
    rows = draw(documents, 7, labels, 0.25)
    assert rows == draw(documents, 7, labels, 0.25)
    assert {r.anchor.segment_id for r in rows} != {r.anchor.segment_id for r in draw(documents, 8, labels, 0.25)}
    fewer = draw(documents[:5], 7, labels, 0.25)
    drawn = {row.anchor.segment_id for row in rows if row.anchor.document_id != "d5"}
    assert {row.anchor.segment_id for row in fewer} == drawn


def test_every_segment_of_a_stratum_is_drawn_equally_often() -> None:
    d = document("d", 30)
    names = strata(d.probabilities)
    seen = np.zeros(30)
    place = {s.id: i for i, s in enumerate(d.segments)}
    for seed in range(600):
        for row in draw([d], seed, {"d": 10}, 0.25):
            seen[place[row.anchor.segment_id]] += 1
    expected = {row.stratum: row.pi for row in draw([d], 0, {"d": 10}, 0.25)}
    for name, pi in expected.items():
        assert np.abs(seen[names == name] / 600 - pi).max() < 5 * np.sqrt(pi / 600)


@pytest.mark.parametrize(
    ("count", "second", "least", "reason"),
    [(61, 0.25, 122, "a quarter"), (20, 0.25, 120, "at least 120"), (5, 0.25, 40, "all, where there are fewer"),
     (61, 1.0, 488, "full double coding")],
)  # fmt: skip
def test_the_second_coder_sees_every_document(count: int, second: float, least: int, reason: str) -> None:
    documents = [document(f"d{n}", 60) for n in range(count)]
    twice = [row for row in draw(documents, 1, {d.document_id: 8 for d in documents}, second) if row.second]
    assert least <= len(twice) <= least + count, reason
    assert {row.anchor.document_id for row in twice} == {d.document_id for d in documents}


def test_the_sheet_is_shuffled() -> None:
    documents = [document(f"d{n}", 60) for n in range(10)]
    rows = draw(documents, 1, {d.document_id: 8 for d in documents}, 0.25)
    order = [row.anchor.document_id for row in rows]
    assert sum(a == b for a, b in pairwise(order)) < 25, "neighbours rarely share a document"


CHANGED = [
    ("d", TEXT, 1, "id", "nothing changed"),
    ("d", TEXT, 9, "text", "the page moved, and with it the id"),
    ("d", TEXT.replace("Fluss", "Fluß"), 1, "similar", "one word of eighteen reads differently"),
    ("d", " ".join(WORDS[:-2]), 1, "similar", "the end went to another segment"),
    ("d", " ".join(WORDS[:9]), 1, "lost", "only half is left"),
    ("d", "Etwas ganz anderes steht hier.", 1, "lost", "another text"),
    ("e", TEXT, 1, "lost", "another document"),
]


@pytest.mark.parametrize(("name", "text", "page", "how", "reason"), CHANGED)
def test_anchors_hold_on_when_reading_improves(name: str, text: str, page: int, how: str, reason: str) -> None:
    anchor = Anchor.of(segment("d", 0, TEXT, 1))
    filler = segment(name, 5, "Der Haushalt des Jahres steht im Anhang und wird jährlich fortgeschrieben.", 1)
    new = segment(name, 0, text, page)
    (found,) = attach([anchor], {name: [filler, new]})
    assert found.how == how, reason
    assert found.segment_id == (None if how == "lost" else new.id)


def test_a_segment_is_given_once_and_the_nearest_page_wins() -> None:
    old = [segment("d", n, TEXT, page) for n, page in enumerate((3, 7))]
    new = [segment("d", n, TEXT, page) for n, page in ((10, 8), (11, 4))]
    first, second = attach([Anchor.of(s) for s in old], {"d": new})
    assert (first.segment_id, second.segment_id) == (new[1].id, new[0].id)
    third = attach([Anchor.of(s) for s in (*old, segment("d", 2, TEXT, 30))], {"d": new})[2]
    assert third.how == "lost"


def test_the_likest_anchor_gets_a_changed_segment() -> None:
    changed = segment("d", 5, TEXT + " Ende", 2)
    near, far = segment("d", 0, TEXT, 1), segment("d", 1, TEXT.replace("Radweg", "Gehweg"), 1)
    for order in ([near, far], [far, near]):
        found = {a.anchor.segment_id: a.how for a in attach([Anchor.of(s) for s in order], {"d": [changed]})}
        assert found == {near.id: "similar", far.id: "lost"}


def test_plain_text_is_one_line_without_control_characters() -> None:
    assert plain("a\x00\n  b\t\x1fc\u2028d") == "a b c d"
    assert plain("u\u0308ber") == "über"
    assert likeness("", "x") == 0
