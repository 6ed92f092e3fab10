"""Profiles of projects beside the rest of their cohort, and codes that are typical of a cohort."""

import numpy as np
import pytest

from strategy_miner.analysis.profiles import typical_rows
from strategy_miner.analysis.samples import OUTSIDE, Cohorts, Point, sample
from tests.store_corpus import CorpusFolder
from tests.test_analysis_results import analysed, rows


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    corpus = CorpusFolder(tmp_path_factory.mktemp("profile"))
    energy, plain = ("Ein Satz über Strom.", {"energie": 0.8}), ("Ein Satz ohne Thema.", {})
    for project, coded, of in (("a", 3, 4), ("b", 1, 4), ("c", 0, 4), ("d", 2, 2)):
        corpus.project(project, "2" if project == "d" else "1", f"{project}.pdf")
        corpus.text(corpus.pdf(f"{project}.pdf"), [energy] * coded + [plain] * (of - coded))
    corpus.project("stumm", "1")
    return analysed(corpus)


def test_a_share_stands_beside_the_mean_of_the_others_of_the_cohort(database):
    sql = """SELECT project_id, rank, count, segments, share, others_share, n_others FROM profile_codes
        WHERE code = 'energie' ORDER BY 1"""
    assert rows(database, sql) == [
        ("a", 1, 3, 4, 0.75, 0.125, 2), ("b", 1, 1, 4, 0.25, 0.375, 2), ("c", 2, 0, 4, 0.0, 0.5, 2),
        ("d", 1, 2, 2, 1.0, None, 0),
    ]  # fmt: skip


def test_the_passage_named_has_the_code_and_is_missing_where_there_is_none(database):
    sql = """SELECT p.project_id, g.code FROM profile_codes AS p JOIN codings AS g ON g.unit_id = p.segment_id
        WHERE p.code = 'energie' ORDER BY 1"""
    assert rows(database, sql) == [(p, "energie") for p in "abd"]
    assert rows(database, "SELECT count(*) FROM profile_codes WHERE (count = 0) <> (segment_id IS NULL)") == [(0,)]
    assert rows(database, "SELECT count(*) FROM profile_codes WHERE project_id = 'stumm'") == [(0,)], "nothing measured"


COHORTS = Cohorts(("1", "2"), {**{f"a{n}": 0 for n in range(5)}, **{f"b{n}": 1 for n in range(8)}, "x": OUTSIDE})


def of_code(code, here, there, estimand="H4"):
    values = [*((f"a{n}", v) for n, v in enumerate(here)), *((f"b{n}", v) for n, v in enumerate(there)), ("x", 1.0)]
    return sample(estimand, code, COHORTS, [Point(p, v, 1.0, int(v > 0), 1, (v, 1), "") for p, v in values])


def test_typical_is_more_than_the_others_by_a_standard_error_in_three_projects_at_least():
    clear = of_code("klar", (0.3, 0.3, 0.2, 0.3, 0.3), (0.1,) * 7 + (0.2,))
    few = of_code("wenige", (0.9, 0.9, 0, 0, 0), (0.0,) * 8)
    noise = of_code("rauschen", (0.2, 0.1, 0.2, 0.1, 0.2), (0.2, 0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.1))
    found = typical_rows(COHORTS, "text", "field", [few, noise, clear])
    assert [row[:5] for row in found] == [("1", "text", "field", "klar", 1)]
    n, n_with, value, others_n, others_with, others, strength = found[0][5:]
    assert (n, n_with, others_n, others_with) == (5, 5, 8, 8), "projects outside the cohorts do not count"
    assert (value, others) == (pytest.approx(0.28), pytest.approx(0.1125))
    spread = np.var([0.3, 0.3, 0.2, 0.3, 0.3], ddof=1) / 5 + np.var([0.1] * 7 + [0.2], ddof=1) / 8
    assert strength == pytest.approx((0.28 - 0.1125) / np.sqrt(spread))


def test_counts_of_fields_are_smoothed_so_that_a_small_group_is_not_sure():
    found = typical_rows(COHORTS, "fields", "field", [of_code("alle", (1,) * 5, (0,) * 8, "H2")])
    ((_, _, _, _, _, _, _, value, _, _, others, strength),) = found
    assert (value, others) == (1, 0)
    a, b = 6 / 7, 1 / 10
    assert strength == pytest.approx((a - b) / np.sqrt(a * (1 - a) / 7 + b * (1 - b) / 10))


def test_a_cohort_without_others_has_nothing_typical():
    alone = Cohorts(("1",), {f"a{n}": 0 for n in range(5)})
    of = sample("H4", "k", alone, [Point(f"a{n}", 0.5, 1.0, 1, 1, (1, 1), "") for n in range(5)])
    assert typical_rows(alone, "text", "field", [of]) == []
