"""The robustness panel on small corpora whose cells can be worked out by hand. All names are invented."""

import pytest

from strategy_miner.analysis import analyse
from strategy_miner.analysis.field_names import Name, chosen, name_cells
from strategy_miner.analysis.robustness import Panel
from strategy_miner.analysis.samples import Cohorts
from strategy_miner.errors import StrategyMinerError
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import connect, query, write_coded
from tests.store_corpus import CorpusFolder, SmallCodebook

SETTINGS = AnalyseSettings(margin=0.10, permutations=499, robustness_permutations=199)


def coded(corpus):
    path = corpus.root / "coded.duckdb"
    write_coded(corpus.load(), [SmallCodebook()], corpus.build, path, {})
    return path


def analysed(corpus, seed=1):
    path = corpus.root / "strategy.duckdb"
    analyse(coded(corpus), path, SETTINGS, seed)
    return path


def rows(database, sql):
    return query(database, sql)[1]


def long_and_short(root, cohorts=("1", "2")):
    """In every cohort a short list (1 of 2 integrated) and a long one: 0 of 8 in all cohorts but the last, there 8."""
    corpus, names = CorpusFolder(root, cohorts), []
    for cohort in cohorts:
        for project, fields, integrated in ((f"kurz{cohort}", 2, 1), (f"lang{cohort}", 8, 8 * (cohort == cohorts[-1]))):
            corpus.project(project, cohort)
            names += [(project, f"Feld {i}", "web", "integrated" if i < integrated else "sectoral", False)
                      for i in range(fields)]  # fmt: skip
    corpus.names(names)
    return corpus


@pytest.mark.parametrize("cohorts", [("1", "2"), ("1", "2", "3"), ("a", "b", "c", "d")])
def test_pooled_names_weigh_long_lists_more(tmp_path, cohorts):
    database = analysed(long_and_short(tmp_path, cohorts))
    found = dict(rows(database, "SELECT weighting, difference FROM robustness WHERE estimand = 'H1'"))
    # means (.5 + 0) / 2 and (.5 + 1) / 2, pooled 1 of 10 and 9 of 10; with four cohorts the ends of the fitted line
    line = 0.9 if len(cohorts) == 4 else 1.0
    assert found == {"document": pytest.approx(0.5 * line), "pooled": pytest.approx(0.8 * line)}
    sql = "SELECT cohort, n_projects, n_units, value FROM robustness_cohorts WHERE cell LIKE '%/pooled'"
    assert rows(database, sql)[0] == (cohorts[0], 2, 10, pytest.approx(0.1))
    assert [row[0] for row in rows(database, sql)] == [*cohorts, ""]
    assert rows(database, "SELECT cell, permutations FROM robustness WHERE is_primary") == [
        ("H1/found/all/counted/orientation/document", 499)
    ]


def test_the_primary_cell_is_the_result(tmp_path):
    database = analysed(long_and_short(tmp_path, ("1", "2", "3")))
    columns = "n_projects, difference, low, high, low90, high90, p, verdict, reason"
    assert rows(database, f"SELECT {columns} FROM robustness WHERE is_primary") == rows(
        database, f"SELECT {columns} FROM contrasts WHERE estimand = 'H1'"
    )


def test_names_of_unclear_orientation_and_of_one_origin_only(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    for project, cohort in (("a", "1"), ("b", "1"), ("c", "2"), ("d", "2")):
        corpus.project(project, cohort)
    corpus.names([
        ("a", "x", "web", "integrated", False), ("a", "y", "web", "unclear", False),
        ("b", "z", "web", "sectoral", False), ("c", "v", "web", "integrated", False),
        ("d", "w", "web", "sectoral", False), ("d", "u", "person", "integrated", False),
    ])  # fmt: skip
    database = analysed(corpus)
    sql = "SELECT origin, unclear, n_projects, difference FROM robustness WHERE weighting = 'document' ORDER BY ALL"
    assert rows(database, sql) == [
        ("all", "counted", 4, pytest.approx((1 + 0.5) / 2 - 0.5 / 2)),
        ("all", "dropped", 4, pytest.approx((1 + 0.5) / 2 - 1 / 2)),
        ("web", "counted", 4, pytest.approx((1 + 0) / 2 - 0.5 / 2)),
        ("web", "dropped", 4, pytest.approx((1 + 0) / 2 - 1 / 2)),
    ]  # only d has a name by a person, so the first cohort has no value and there is no cell


def name(level, orientation="sectoral", codes=1, integrated=0):
    return Name("p", level, "text", orientation, "machine", codes, integrated)


def test_levels_and_ways_to_count_are_cells_only_where_they_differ():
    plain = [name(2), name(2, "integrated", 1, 1)]
    assert list(name_cells(plain)) == [("found", "all", "counted", "orientation")]
    mixed = [*plain, name(3, "integrated", 3, 1), name(None, codes=2, integrated=1)]
    assert {cell[0] for cell in name_cells(mixed)} == {"found", "upper", "lower"}
    assert [cell[3] for cell in name_cells(mixed)][:3] == ["orientation", "fraction", "any"]
    assert [own.level for own in chosen(mixed, "upper", "all", "counted")] == [2, 2]
    assert [own.level for own in chosen(mixed, "lower", "all", "counted")] == [3]
    assert [own.value("fraction") for own in mixed] == [0.0, 1.0, pytest.approx(1 / 3), 0.5]
    same = [name(2, "integrated", 2, 2), name(2)]  # fraction and any say what the orientation says
    assert [cell[3] for cell in name_cells(same)] == ["orientation"]


def test_summary_counts_the_cells_that_hold(tmp_path):
    database = analysed(long_and_short(tmp_path))
    sql = "SELECT n_cells, n_same_direction, n_holds, median_difference, spread FROM robustness_summary WHERE "
    assert rows(database, sql + "dimension = ''") == [(2, 2, 2, pytest.approx(0.65), None)]
    assert rows(database, sql + "dimension = 'weighting' AND value = ''") == [
        (2, 2, 2, pytest.approx(0.65), pytest.approx(0.3))
    ]
    assert rows(database, sql + "value = 'pooled'") == [(1, 1, 1, pytest.approx(0.8), None)]


@pytest.mark.parametrize("cohorts", [("1",), ("1", "2")])
def test_a_corpus_with_nothing_to_compare_has_no_cells(tmp_path, cohorts):
    corpus = CorpusFolder(tmp_path, cohorts)
    corpus.project("a", "1")
    corpus.names([("a", "x", "web", "integrated", False)])
    database = analysed(corpus)
    for table in ("robustness", "robustness_cohorts", "robustness_summary", "robustness_codes"):
        assert rows(database, f"FROM {table}") == []
    with connect(database) as connection, pytest.raises(StrategyMinerError, match=r"Known are H1|needs two cohorts"):
        Panel(connection, Cohorts.read(connection), SETTINGS, 1).named("H1")


def test_a_cell_is_computed_alone_and_an_unknown_one_is_named(tmp_path):
    path = coded(long_and_short(tmp_path))
    with connect(path) as connection:
        panel = Panel(connection, Cohorts.read(connection), SETTINGS, 1)
        result = panel.result(panel.named("H1/found/all/counted/orientation/pooled"))
        assert result is not None
        assert result.contrast.difference == pytest.approx(0.8)
        with pytest.raises(StrategyMinerError, match=r"Known are H1/found/all/counted/orientation/document\|pooled\."):
            panel.named("H1/nein")
