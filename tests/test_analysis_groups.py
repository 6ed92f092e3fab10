"""Groups of projects by other columns, and the trend within them. All municipalities and figures are invented."""

from __future__ import annotations

import math

import numpy as np
import pytest

from strategy_miner.analysis import analyse
from strategy_miner.analysis.groups import Grouping
from strategy_miner.analysis.omnibus import omnibus_p, trend_of_counts_p
from strategy_miner.analysis.trend import benjamini_hochberg, cochran_armitage, permutation_p, shuffled
from strategy_miner.errors import SettingsError
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import connect, query, write_coded
from strategy_miner.verbs_groups import shift
from tests.store_corpus import CorpusFolder, SmallCodebook
from tests.test_analysis_corrected import database, many

BY = ("municipality_type", "published_year", "euros", "leer", "fehlt", "immer")


def made(root, projects, tables=(), **settings):
    """strategy.duckdb of projects (cohort, type, month, euros, integrated of ten fields)."""
    corpus = CorpusFolder(root, ("1", "2"), extra=("euros", "leer", "immer"))
    names = []
    for n, (cohort, kind, month, euros, count) in enumerate(projects):
        cells = {"municipality_type": kind, "published": month, "euros": f'"{euros}"' if euros else "", "immer": "ja"}
        corpus.project(f"p{n:02d}", cohort, **cells)
        names += [(f"p{n:02d}", f"Feld {i}", "web", "integrated" if i < count else "sectoral", i == 0 and count > 4)
                  for i in range(10 if count is not None else 0)]  # fmt: skip
    corpus.names(names)
    corpus.folder.mkdir(parents=True, exist_ok=True)
    corpus.tables = tuple(name for name, _ in tables)
    for name, text in tables:
        (corpus.folder / name).write_text(text, encoding="utf-8")
    coded, target = root / "coded.duckdb", root / "strategy.duckdb"
    write_coded(corpus.load(), [SmallCodebook()], corpus.build, coded, {})
    options = {"by": BY, "within": ("municipality_type",), **settings}
    analyse(coded, target, AnalyseSettings(0.1, 499, **options), 1)
    return target


def rows(database, sql):
    return query(database, sql)[1]


PROJECTS = [
    ("1", "Stadt", "2020-05", "1,5", 2), ("1", "Kreis", "2020-06", "2,5", 3), ("1", "Stadt", "2021-01", "10", 6),
    ("2", "Kreis", "2021-02", "20", 7), ("2", "Stadt", "2022-03", "30", 8), ("2", "Kreis", "", "", 9),
    ("2", "Dorf", "2022-04", "1.000,5", 4), ("", "", "2022-05", "40", 5),
]  # fmt: skip


def test_every_column_tells_whether_it_could_be_used(tmp_path):
    found = rows(made(tmp_path, PROJECTS), "FROM group_columns ORDER BY column_name")
    assert found == [
        ("euros", True, 7, 7, ""),
        ("fehlt", False, 0, 0, "no_column"),
        ("immer", False, 1, 8, "one_group"),
        ("leer", False, 0, 0, "empty"),
        ("municipality_type", False, 3, 7, ""),
        ("published_year", True, 3, 7, ""),
    ]


def test_estimates_per_group_by_hand(tmp_path):
    database = made(tmp_path, PROJECTS)
    sql = """SELECT group_name, n_projects, count, value, low IS NULL FROM group_estimates
        WHERE column_name = 'municipality_type' AND estimand = 'H1' ORDER BY place"""
    assert rows(database, sql) == [
        ("Dorf", 1, 4, pytest.approx(0.4), True),
        ("Kreis", 3, 19, pytest.approx(19 / 30), False),
        ("Stadt", 3, 16, pytest.approx(16 / 30), False),
    ]
    sql = """SELECT group_name, n_projects, count FROM group_estimates
        WHERE column_name = 'published_year' AND code = 'ecology' ORDER BY place"""
    assert rows(database, sql) == [("2020", 2, 0), ("2021", 2, 2), ("2022", 3, 2)]


def test_groups_of_one_project_stay_out_of_the_test_of_means(tmp_path):
    database = made(tmp_path, PROJECTS)
    sql = "SELECT column_name, test, n_groups, n_projects FROM group_contrasts WHERE estimand = 'H1' ORDER BY ALL"
    assert rows(database, sql) == [
        ("euros", "", 0, 0),  # seven groups of one
        ("municipality_type", "omnibus", 2, 6),
        ("published_year", "slope", 3, 7),
    ]
    sql = """SELECT test, n_groups, n_projects, group_from, group_to, difference FROM group_contrasts
        WHERE column_name = 'published_year' AND code = 'ecology'"""
    assert rows(database, sql) == [("cochran_armitage", 3, 7, "2020", "2022", pytest.approx(2 / 3))]


def test_numbers_fall_into_declared_classes_or_thirds(tmp_path):
    database = made(tmp_path / "declared", PROJECTS, classes={"euros": (2.5, 30.0)})
    sql = """SELECT DISTINCT place, group_name, value_low, value_high, n_projects FROM group_estimates
        WHERE column_name = 'euros' AND estimand = 'H1' ORDER BY place"""
    assert rows(database, sql) == [
        (0, "1.5–2.5", 1.5, 2.5, 2), (1, "10–30", 10.0, 30.0, 3), (2, "40–1000.5", 40.0, 1000.5, 2),
    ]  # fmt: skip
    many = [("1", "Stadt", "", str(n), n % 10) for n in range(1, 16)]
    found = rows(made(tmp_path / "thirds", many), sql)
    assert [row[1:] for row in found] == [("1–5", 1.0, 5.0, 5), ("6–10", 6.0, 10.0, 5), ("11–15", 11.0, 15.0, 5)]


def test_benjamini_hochberg_runs_over_the_tests_of_a_column(tmp_path):
    sql = "SELECT p, p_adjusted FROM group_contrasts WHERE column_name = 'published_year' AND p IS NOT NULL"
    found = rows(made(tmp_path, PROJECTS), sql)
    assert len(found) == 5  # H1, ecology, three codes
    assert [adjusted for _, adjusted in found] == pytest.approx(benjamini_hochberg([p for p, _ in found]))


def test_raw_shares_of_text_are_estimated_but_not_tested(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    for name, cohort, kind, code in (("a", "1", "Stadt", "energie"), ("b", "1", "Kreis", "stadtland"),
                                     ("c", "2", "Stadt", "energie"), ("d", "2", "Kreis", "stadtland")):  # fmt: skip
        corpus.project(name, cohort, f"{name}.pdf", municipality_type=kind)
        corpus.text(corpus.pdf(f"{name}.pdf"), [("Ein Satz", {code: 0.9})])
    coded, target = tmp_path / "coded.duckdb", tmp_path / "strategy.duckdb"
    write_coded(corpus.load(), [SmallCodebook()], corpus.build, coded, {})
    analyse(coded, target, AnalyseSettings(0.1, 99, by=("municipality_type",), within=("municipality_type",)), 1)
    sql = "SELECT group_name, n_projects, value FROM group_estimates WHERE estimand = 'H3' ORDER BY place"
    assert rows(target, sql) == [("Kreis", 2, 1.0), ("Stadt", 2, 0.0)]
    sql = "SELECT DISTINCT test, p FROM group_contrasts WHERE estimand IN ('H3', 'H4')"
    assert rows(target, sql) == [("", None)]
    assert rows(target, "SELECT count(*) FROM stratified_trend") == [(0,)]


def test_facts_come_from_every_table_with_one_row_per_project(tmp_path):
    tables = [
        ("team.csv", "project_id;form;euros\np00;integriert;1\np01;neu;2\n"),
        ("jahre.csv", "project_id,mittel\np00,1\np00,2\n"),
        ("leer.csv", "project_id,nichts\n"),
    ]
    database = made(tmp_path, PROJECTS, tables, by=("form", "team.euros", "mittel"))
    assert rows(database, "SELECT column_name, n_projects, reason FROM group_columns ORDER BY ALL") == [
        ("form", 2, ""), ("mittel", 0, "no_column"), ("team.euros", 2, ""),
    ]  # fmt: skip
    sql = "SELECT source, value, number FROM project_facts WHERE fact = 'euros' AND project_id IN ('p05', 'p06')"
    assert rows(database, sql) == [("projects.csv", None, None), ("projects.csv", "1.000,5", 1000.5)]
    sql = "SELECT value FROM project_facts WHERE fact = 'published_year' AND project_id = 'p05'"
    assert rows(database, sql) == [(None,)]


def test_a_column_of_too_many_texts_is_no_grouping(tmp_path):
    database = made(tmp_path, [("1", f"Art {n}", "", "", 3) for n in range(13)])
    assert ("municipality_type", 13, "too_many") in rows(
        database, "SELECT column_name, n_groups, reason FROM group_columns"
    )
    assert rows(database, "SELECT count(*) FROM project_groups WHERE column_name = 'municipality_type'") == [(0,)]


def test_an_empty_corpus_has_no_groups(tmp_path):
    database = made(tmp_path, [])
    assert rows(database, "SELECT DISTINCT reason FROM group_columns") == [("no_column",)]
    for table in ("group_estimates", "group_contrasts", "stratified_trend"):
        assert rows(database, f"SELECT count(*) FROM {table}") == [(0,)]


def test_permuting_within_strata_takes_out_what_goes_with_them(tmp_path):
    """Cities are early and low, districts late and high: a trend over all, none within either."""
    confounded = [("1", "Stadt", "", "", count) for count in (1, 2, 3, 1, 2, 3, 2, 2)]
    confounded += [("2", "Stadt", "", "", 2), ("1", "Kreis", "", "", 8), ("1", "Kreis", "", "", 8)]
    confounded += [("2", "Kreis", "", "", count) for count in (7, 8, 9, 7, 8, 9, 8, 8)]
    database = made(tmp_path, confounded)
    sql = "SELECT within, n_strata, n_projects, n_movable, p, p_within FROM stratified_trend WHERE estimand = 'H1'"
    [(within, n_strata, n, movable, plain, own)] = rows(database, sql)
    assert (within, n_strata, n, movable) == ("municipality_type", 2, 19, 19)
    assert plain < 0.05
    assert own > 0.5
    assert rows(database, "SELECT p FROM contrasts WHERE estimand = 'H1'") == [(plain,)]


def test_strata_of_one_cohort_move_nothing(tmp_path):
    split = [("1", "Stadt", "", "", n) for n in (1, 2, 3)] + [("2", "Kreis", "", "", n) for n in (6, 7, 8)]
    sql = "SELECT estimand, n_movable, p IS NULL, p_within FROM stratified_trend"
    assert rows(made(tmp_path, split), sql) == [("H1", 0, False, None), ("H2", 0, False, None)]


def test_shuffling_within_strata_keeps_every_stratum():
    values, strata = np.array([1.0, 2.0, 3.0, 10.0, 20.0, 30.0]), ["a", "a", "a", "b", "b", "b"]
    centred, drawn = shuffled(values, 200, [1], strata)
    assert centred.tolist() == [-1, 0, 1, -10, 0, 10]
    assert {tuple(sorted(row[:3])) for row in drawn.tolist()} == {(-1, 0, 1)}
    assert {tuple(row[:3]) for row in drawn.tolist()} == {
        (a, b, c) for a in (-1, 0, 1) for b in (-1, 0, 1) for c in (-1, 0, 1) if len({a, b, c}) == 3
    }


def test_one_stratum_is_the_plain_test():
    random = np.random.default_rng(5)
    values, cohorts = random.normal(size=30), np.repeat([0, 1, 2], 10)
    plain = permutation_p(values, cohorts, 999, [3])
    assert permutation_p(values, cohorts, 999, [3], [""] * 30) == pytest.approx(plain, abs=0.002)


def test_trend_of_counts_in_one_stratum_is_the_exact_one():
    """6 of 10, 18 of 24, 24 of 27: mid-p 0.0430, within four standard errors of 19,999 permutations."""
    values = np.concatenate([np.repeat([1.0, 0.0], [k, n - k]) for k, n in ((6, 10), (18, 24), (24, 27))])
    cohorts = np.repeat([0, 1, 2], [10, 24, 27])
    exact = cochran_armitage([6, 18, 24], [10, 24, 27], [0, 1, 2]).mid_p
    assert trend_of_counts_p(values, cohorts, 19_999, [1]) == pytest.approx(exact, abs=0.006)


def test_counts_that_no_permutation_changes_are_no_trend():
    values, cohorts = np.ones(6), np.repeat([0, 1, 2], 2)
    assert trend_of_counts_p(values, cohorts, 99, [1]) == cochran_armitage([2, 2, 2], [2, 2, 2], [0, 1, 2]).mid_p == 1


def test_two_groups_of_the_omnibus_test_are_the_two_sided_slope():
    """F* of two groups is Welch's t squared, so the same permutations are at least as extreme."""
    random = np.random.default_rng(8)
    values, groups = random.normal(size=24), np.repeat([0, 1], [9, 15])
    assert omnibus_p(values, groups, 1999, [2]) == permutation_p(values, groups, 1999, [2])


def test_f_star_by_hand():
    from strategy_miner.analysis.omnibus import _f_star

    values = np.array([[1.0, 3.0, 2.0, 6.0, 7.0, 8.0, 9.0]])  # means 2, 4, 8; mean of all 36/7
    mean = 36 / 7
    between = 2 * (2 - mean) ** 2 + 2 * (4 - mean) ** 2 + 3 * (8 - mean) ** 2
    within = (1 - 2 / 7) * 2 + (1 - 2 / 7) * 8 + (1 - 3 / 7) * 1
    assert _f_star(values, np.array([2, 2, 3]))[0] == pytest.approx(between / within)


def test_the_omnibus_test_keeps_its_level_where_spreads_differ():
    """Groups of 23, 22, 9 and 7 without a difference, the small ones twice as wide, 600 times at a level of 5 %.

    1,500 times it fired in 7.0 % (plain F: 19 %); the band is that of 600, three standard errors to either side.
    """
    random = np.random.default_rng(11)
    groups = np.repeat([0, 1, 2, 3], [23, 22, 9, 7])
    spread = np.array([1.0, 1.0, 2.0, 2.0])[groups]
    fired = sum(omnibus_p(random.normal(size=61) * spread, groups, 199, [k]) <= 0.05 for k in range(600))
    assert 0.038 * 600 <= fired <= 0.102 * 600


@pytest.mark.parametrize(
    ("values", "groups"),
    [([1.0, 2.0, 3.0], [0, 0, 0]), ([1.0, 2.0, 3.0], [0, 0, 1]), ([1.0, math.nan, 3.0, 4.0], [0, 0, 1, 1])],
    ids=["one group", "a group of one", "a value that is none"],
)
def test_what_cannot_be_tested_has_no_p(values, groups):
    assert math.isnan(omnibus_p(np.array(values), np.array(groups), 9, [1]))


def test_values_all_alike_are_no_difference():
    assert omnibus_p(np.full(6, 0.5), np.repeat([0, 1], 3), 99, [1]) == 1.0


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project folder with params.yaml and the results of a corpus."""
    from strategy_miner.parallel import ROOT

    (tmp_path / "params.yaml").write_text((ROOT / "params.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    made(tmp_path / "made", PROJECTS)
    (tmp_path / "build" / "mpsc").mkdir(parents=True)
    (tmp_path / "made" / "strategy.duckdb").rename(tmp_path / "build" / "mpsc" / "strategy.duckdb")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_verb_gives_any_column_without_a_rerun(project):
    found = shift("municipality_type", within="cohort")
    [row] = [row for row in found["estimates"] if (row["group_name"], row["estimand"]) == ("Kreis", "H1")]
    assert (row["n_projects"], row["value"]) == (3, pytest.approx(19 / 30))
    [test] = [row for row in found["tests"] if row["estimand"] == "H1"]
    assert (test["test"], test["n_projects"]) == ("omnibus", 6)
    assert 0 < test["p_within"] <= 1
    again = shift("municipality_type")["tests"]
    assert [row["p"] for row in again] == [row["p"] for row in found["tests"]]
    assert "p_within" not in again[0]


def test_the_verb_repeats_the_trend_of_the_cohorts(project):
    found = shift(within="municipality_type")
    [test] = [row for row in found["tests"] if row["estimand"] == "H2" and row["code"] == "ecology"]
    database = project / "build" / "mpsc" / "strategy.duckdb"
    sql = "SELECT p, p_within FROM stratified_trend WHERE estimand = 'H2'"
    with connect(database) as connection:
        [(plain, _)] = connection.execute(sql).fetchall()
    assert test["p"] == plain


@pytest.mark.parametrize(
    ("by", "within", "message"),
    [
        ("quatsch", None, r"no column 'quatsch'.*There are cohort, euros"),
        ("leer", None, "'leer' has no value"),
        ("immer", None, "'immer' has the same value in all projects"),
        ("cohort", "quatsch", "no column 'quatsch'"),
    ],
)
def test_the_verb_names_a_column_that_does_not_do(project, by, within, message):
    with pytest.raises(SettingsError, match=message):
        shift(by, within)


def test_the_command_prints_tables_and_json(project, capsys):
    from strategy_miner.cli.groups import shift as command

    command("municipality_type")
    text = capsys.readouterr().out
    assert "omnibus" in text
    assert "Exploratory: no verdict." in text
    assert "bildung" not in text
    command("municipality_type", codes=True, json=True)
    assert '"code": "bildung"' in capsys.readouterr().out


def test_settings_of_classes_are_checked():
    with pytest.raises(SettingsError, match="classes: euros"):
        AnalyseSettings(0.1, 99, classes={"euros": (5.0, 1.0)})


def test_a_grouping_reads_the_cohorts_as_they_are(tmp_path):
    with connect(made(tmp_path, PROJECTS)) as connection:
        grouping = Grouping.read(connection, "cohort", {})
    assert (grouping.ordered, grouping.groups.names, grouping.reason) == (True, ("1", "2"), "")


def test_text_that_gold_corrects_is_compared_by_group_and_within_it(tmp_path):
    """The share of integrated text rises from cohort to cohort; the two types have the same share of each cohort."""
    corpus, towns = many(tmp_path)
    for n, row in enumerate(corpus.rows):
        row["municipality_type"] = "Kreis" if n % 2 else "Stadt"
    settings = AnalyseSettings(
        0.1, 499, robustness_permutations=9, by=("municipality_type",), within=("municipality_type",)
    )
    ask = database(corpus, [row for town in towns for row in town.rows()], settings)
    sql = "SELECT DISTINCT label, sum(n_projects) FROM group_estimates WHERE estimand = 'H3' GROUP BY label"
    assert ask(sql) == [("corrected", 12)]
    [(test, n, p)] = ask("SELECT test, n_projects, p FROM group_contrasts WHERE estimand = 'H3'")
    assert (test, n) == ("omnibus", 12)
    assert p > 0.2
    [(movable, plain, own)] = ask("SELECT n_movable, p, p_within FROM stratified_trend WHERE estimand = 'H3'")
    assert movable == 12
    assert max(plain, own) < 0.05
    assert ask("SELECT p FROM contrasts WHERE estimand = 'H3' AND verdict <> ''") == [(plain,)]
    sql = "SELECT difference, low, high FROM contrast_bounds WHERE estimand = 'H3'"
    [(difference, low, high)] = ask(sql)
    assert low == pytest.approx(difference) == pytest.approx(high)  # nobody is missing
    assert ask("SELECT difference FROM contrasts WHERE estimand = 'H3' AND verdict <> ''") == [(difference,)]
