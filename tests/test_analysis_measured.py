"""Counts and costs of measures: each once per cohort, nothing where nothing was read."""

import pytest

from strategy_miner.records import Measure, stable_id
from tests.store_corpus import CorpusFolder
from tests.test_analysis_results import analysed, rows


def measure(document, number, status="", technologies=(), **cost):
    return Measure(
        id=stable_id(document.document_id, "measure", number), document_id=document.document_id, page=1,
        title=f"Maßnahme {number}", description="", codes=("energie",), labels=(), boxes=(), form="sheet",
        technologies=technologies, status=status, **cost,
    )  # fmt: skip


@pytest.fixture
def database(tmp_path):
    corpus = CorpusFolder(tmp_path)
    corpus.project("a", "1", "geteilt.pdf")
    corpus.project("b", "2", "geteilt.pdf")
    corpus.project("c", "2", "c.pdf")
    corpus.project("d", "3")
    shared, own = corpus.pdf("geteilt.pdf"), corpus.pdf("c.pdf")
    for document in (shared, own):
        corpus.text(document, [("Ein Satz über Strom.", {"energie": 0.9})])
    corpus.artefact("measures", shared, Measure, [
        measure(shared, 1, "quick_win", ("sensors",), cost="100 Euro", cost_euro_low=100.0, cost_euro_high=100.0),
        measure(shared, 2, cost="offen"),
    ])  # fmt: skip
    corpus.artefact("measures", own, Measure, [
        measure(own, 1, "quick_win", cost="200 bis 400 Euro", cost_euro_low=200.0, cost_euro_high=400.0),
        measure(own, 2, cost="50 Euro im Jahr", cost_euro_low=50.0, cost_euro_high=50.0, cost_per_year=True),
    ])  # fmt: skip
    return analysed(corpus)


def test_a_measure_of_a_shared_document_counts_once_per_cohort_and_once_in_all(database):
    sql = "SELECT cohort, n_projects, projects, n_measures, measures FROM measure_counts WHERE subject = 'status'"
    assert rows(database, f"{sql} AND value = 'quick_win' ORDER BY cohort") == [
        ("", 3, 3, 4, 2), ("1", 1, 1, 2, 1), ("2", 2, 2, 4, 2)
    ]  # fmt: skip
    assert rows(database, "SELECT count(*) FROM measure_counts WHERE cohort = '3'") == [(0,)], "no document was read"


def test_a_kind_that_a_cohort_lacks_is_a_measured_zero(database):
    sql = "SELECT cohort, projects, measures FROM measure_counts WHERE subject = 'technology' AND value = 'sensors'"
    assert rows(database, f"{sql} ORDER BY cohort") == [("", 2, 1), ("1", 1, 1), ("2", 1, 1)]


def test_costs_leave_out_yearly_sums_and_take_the_middle_of_a_range(database):
    assert rows(database, "FROM measure_costs") == [
        ("", 4, 4, 2, 1, 3, 200.0, None, None, 400.0),
        ("1", 2, 2, 1, 0, 1, 100.0, None, None, 100.0),
        ("2", 4, 4, 2, 1, 2, 200.0, None, None, 400.0),
    ]
