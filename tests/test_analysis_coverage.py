"""Coverage, missing projects by name, bounds of the contrast. All municipalities are invented."""

from __future__ import annotations

import pytest

from tests.test_analysis_results import analysed, named, rows, written


def bounds(database, estimand="H1"):
    sql = "SELECT n_projects, n_missing, difference, low, high FROM contrast_bounds WHERE estimand = ? AND code = ''"
    return rows(database, sql.replace("?", f"'{estimand}'"))


def test_bounds_of_the_contrast_by_hand(tmp_path):
    """First cohort .2 and .4; last .8 and .6 and two unknown: mean between .35 and .85."""
    database = analysed(named(tmp_path, ([2, 4], [5, 5], [8, 6]), unknown=2))
    assert bounds(database) == [
        (6, 2, pytest.approx(0.4), pytest.approx(0.35 - 0.3), pytest.approx(0.85 - 0.3)),
    ]


def test_bounds_are_the_difference_where_nothing_is_missing(tmp_path):
    [(n, missing, difference, low, high)] = bounds(analysed(named(tmp_path, ([2, 4], [5, 5], [8, 6]))))
    assert (n, missing) == (4, 0)
    assert low == pytest.approx(difference) == pytest.approx(high)


def test_no_filling_of_the_missing_values_leaves_the_bounds(tmp_path):
    """Every assignment of 0 and 1 to the two unknown projects gives a difference within the bounds, two touch them."""
    [(_, _, _, low, high)] = bounds(analysed(named(tmp_path / "open", ([2, 4], [5, 5], [8, 6]), unknown=2)))
    found = []
    for first in (0, 10):
        for second in (0, 10):
            filled = named(tmp_path / f"{first}-{second}", ([2, 4], [5, 5], [8, 6, first, second]))
            found.append(bounds(analysed(filled))[0][2])
    assert min(found) == pytest.approx(low)
    assert max(found) == pytest.approx(high)


def test_a_cohort_without_any_value_has_bounds_but_no_difference(tmp_path):
    database = analysed(named(tmp_path, ([2, 4], [5, 5], []), unknown=2))
    assert bounds(database) == [(4, 2, None, pytest.approx(-0.3), pytest.approx(0.7))]


@pytest.mark.parametrize("shares", [([2, 4],), ([2, 4], [3, 3], [])], ids=["one cohort", "an empty last cohort"])
def test_nothing_to_compare_gives_no_bounds(tmp_path, shares):
    cohorts = ("1", "2", "3")[: len(shares)]
    assert bounds(analysed(named(tmp_path, shares, cohorts))) == []


def test_what_is_missing_is_named_once_and_in_the_right_place(tmp_path):
    corpus = written(tmp_path)  # a to d with a document that was read, none with fields
    corpus.project("e", "2", "kaputt.pdf")
    corpus.project("f", "2", "fehlt.pdf")
    corpus.project("g", "")
    corpus.failure(corpus.pdf("kaputt.pdf"), "extract", "The file is truncated.")
    corpus.names([("a", "Strom", "web", "sectoral", True)])
    database = analysed(corpus)
    sql = "SELECT what, project_id, cohort FROM missing_projects WHERE what <> 'fields'"
    assert rows(database, sql) == [("file", "f", "2"), ("file", "g", None), ("read", "e", "2")]
    sql = "SELECT project_id FROM missing_projects WHERE what = 'fields'"
    assert rows(database, sql) == [("b",), ("c",), ("d",), ("e",), ("f",), ("g",)]
    sql = "SELECT cohort, projects, projects_with_file, projects_with_document, projects_with_fields FROM coverage"
    assert rows(database, sql) == [("1", 2, 2, 2, 1), ("2", 4, 3, 2, 0), ("", 7, 5, 4, 1)]


def test_h3_bounds_hold_whatever_the_missing_text_would_be(tmp_path):
    corpus = written(tmp_path)
    corpus.project("e", "2")
    database = analysed(corpus)
    [(n, missing, difference, low, high)] = bounds(database, "H3")
    assert (n, missing) == (5, 1)
    a = (0.5 / 3 + 0.5) / (2 / 3 + 1)
    assert difference == pytest.approx((1 + 1 / 3) / (1 + 2 / 3) - a)
    assert (low, high) == (
        pytest.approx((1 + 1 / 3) / (1 + 2 / 3 + 1) - a),
        pytest.approx((1 + 1 / 3 + 1) / (1 + 2 / 3 + 1) - a),
    )
