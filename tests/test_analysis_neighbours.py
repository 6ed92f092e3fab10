"""Nearest neighbours by their mix of topics: planted pairs are found, shared documents do not count."""

import numpy as np
import pytest

from strategy_miner.analysis.neighbours import similarities, topic_mixes
from strategy_miner.analysis.neighbours_check import halves_table, overlap, own_half_nearest
from tests.store_corpus import CorpusFolder
from tests.test_analysis_results import analysed, rows

CODES = ("energie", "bildung", "stadtland")
MIXES = {"a": (8, 1, 1), "b": (8, 1, 1), "c": (1, 8, 1), "d": (1, 8, 1), "e": (1, 1, 8), "f": (1, 1, 8)}


def text(mix, repeated=6):
    codes = [code for code, times in zip(CODES, mix, strict=True) for _ in range(times)] or [""]
    return [(f"Absatz {n} {code}.", {code: 0.9} if code else {}) for n in range(repeated) for code in codes]


def corpus_of(folder, mixes, shared=()):
    corpus = CorpusFolder(folder)
    documents = {}
    for number, (project, mix) in enumerate(mixes.items()):
        file = "geteilt.pdf" if project in shared else f"{project}.pdf"
        corpus.project(project, str(1 + number % 3), file)
        if file not in documents:
            documents[file] = corpus.pdf(file)
            corpus.text(documents[file], text(mix))
    return analysed(corpus)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    return corpus_of(tmp_path_factory.mktemp("paare"), MIXES)


def test_the_planted_twin_is_nearest_and_stays_so_in_resamples(pairs):
    found = rows(
        pairs, "SELECT project_id, neighbour_id, similarity, stability FROM neighbours WHERE rank = 1 ORDER BY 1"
    )
    assert [(a, b) for a, b, _, _ in found] == [("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"), ("e", "f"), ("f", "e")]
    assert all(s > 0.99 and stable > 0.95 for _, _, s, stable in found)


def test_the_topic_that_both_have_more_of_is_named_and_three_are_given(pairs):
    assert rows(pairs, "SELECT codes FROM neighbours WHERE project_id = 'a' AND rank = 1") == [(["energie"],)]
    assert rows(pairs, "SELECT count(*), min(n_projects), max(rank) FROM neighbours") == [(18, 6, 3)]
    assert rows(pairs, "SELECT count(*) FROM neighbours WHERE project_id = neighbour_id") == [(0,)]


def test_projects_that_share_a_document_are_no_neighbours(tmp_path):
    shared = corpus_of(tmp_path, MIXES, shared=("a", "b"))
    assert rows(
        shared, "SELECT count(*) FROM neighbours WHERE project_id IN ('a', 'b') AND neighbour_id IN ('a', 'b')"
    ) == [(0,)]


def test_with_few_projects_or_without_codes_there_are_none(tmp_path):
    few = {p: MIXES[p] for p in "abcd"}
    assert rows(corpus_of(tmp_path / "wenige", few), "SELECT count(*) FROM neighbours") == [(0,)]
    silent = few | {"x": (0, 0, 0), "y": (0, 0, 0)}
    assert rows(corpus_of(tmp_path / "still", silent), "SELECT count(*) FROM neighbours") == [(0,)]


def test_the_likeness_is_the_cosine_of_centred_roots():
    shares = np.array([[0.25, 0.01], [0.16, 0.04], [0.01, 0.25]])
    mixes = topic_mixes(shares)
    assert mixes.sum(axis=0) == pytest.approx([0, 0])
    one, other = np.array([0.5, 0.1]) - (1 / 3, 0.8 / 3), np.array([0.4, 0.2]) - (1 / 3, 0.8 / 3)
    assert similarities(mixes)[0, 1] == pytest.approx(one @ other / np.linalg.norm(one) / np.linalg.norm(other))
    assert similarities(np.zeros((2, 2)))[0, 1] == 0


def test_the_check_counts_own_halves_and_common_neighbours(pairs):
    rows_of = np.eye(5)
    assert own_half_nearest(rows_of, rows_of) == 1
    assert own_half_nearest(rows_of, rows_of[[1, 2, 3, 4, 0]]) == 0
    some = np.array([[5, 1, 0], [5, 2, 0], [4, 2, 0], [0, 1, 5], [0, 2, 5]], dtype=float)
    assert overlap(some, some) == 1
    truth = {p: np.array([MIXES[p][n] for n in (1, 0, 2)]) / 10 for p in MIXES}  # codes by name: bildung first
    lines = halves_table(pairs, truth, 1).splitlines()
    assert lines[0] == "6 projects; by chance 0.167 and 0.600"
    assert all(line.endswith("planted found 1.000") for line in lines[1:3]), lines
