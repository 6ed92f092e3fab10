"""Views, macros and named questions: every one runs, and what they count is what stands in the tables."""

import pytest

from strategy_miner.errors import StoreError
from strategy_miner.store import query, questions, read_question
from strategy_miner.store.questions import parse
from tests.data_doc import small_database

GIVEN = {"code": "energie", "worte": "Wärme", "projekt": "adorf"}
QUESTIONS = questions()


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return small_database(tmp_path_factory.mktemp("questions"))


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_runs_and_is_told_in_both_languages(database, name):
    question = QUESTIONS[name]
    needed = {key: GIVEN[key] for key, what in question.parameters.items() if "default" not in what}
    columns, _ = query(database, question.sql, question.bound(needed))
    assert columns
    for texts in (question.title, question.about, *question.parameters.values()):
        assert texts["de"]
        assert texts["en"]


def test_the_eleven_points_of_an_evaluation_have_a_question(database):
    asked = ["topic_shift", "ecology", "sustainability", "measures", "technologies", "participation", "actors",
             "organisation", "programme_goals", "transfer", "facts"]  # fmt: skip
    assert list(QUESTIONS)[:12] == [*asked[:4], "measures_by_topic", *asked[4:]]


def test_a_question_that_filters(database):
    sql = QUESTIONS["quotes"].sql
    both = [query(database, sql, {"code": code, "staffel": None})[1] for code in ("energie", "ENERGIE", "Energie")]
    assert [(row[1], row[2], row[4]) for row in both[0]] == [("Adorf", "1", "energie")]
    assert both[0] == both[1] == both[2]
    assert query(database, sql, {"code": "energie", "staffel": "2"})[1] == []
    assert query(database, sql, {"code": "energie", "staffel": 1})[1] == both[0]


def test_share_counts_projects_that_write_of_a_code(database):
    rows = query(database, "SELECT cohort, n_projects, projects, n_segments, segments FROM share('energie')")[1]
    assert rows == [("", 3, 1, 9, 1), ("1", 1, 1, 3, 1), ("2", 1, 0, 3, 0), ("3", 1, 0, 3, 0)]


def test_shift_is_the_contrast_of_the_table(database):
    sql = "SELECT estimand, code, label, difference, verdict FROM {} ORDER BY ALL"
    named = query(database, sql.format("shift('h2')"))[1]
    assert named == query(database, sql.format("contrasts WHERE estimand = 'H2'"))[1]
    assert len(named) > 1
    headline = query(database, "SELECT DISTINCT estimand, code FROM shift() ORDER BY ALL")[1]
    assert ("H1", "") in headline
    assert ("H2", "ecology") in headline
    assert not [row for row in headline if row[0] == "H4" or row == ("H2", "energie")]


def test_measures_by_topic_are_counted_once_per_cohort(database):
    sql = "SELECT cohort, n_measures, measures, share FROM measures_by_topic WHERE code = 'energie' ORDER BY cohort"
    assert query(database, sql)[1] == [("", 3, 3, 1.0), ("1", 1, 1, 1.0), ("2", 1, 1, 1.0), ("3", 1, 1, 1.0)]


WRONG = [
    ({}, "question share: needs code. Add code=", "a parameter is missing"),
    ({"code": "x", "cod": "y"}, "no parameter 'cod'. Near name: code", "a slip"),
    ({"code": "x", "zzz": "y"}, "no parameter 'zzz'. Parameters: code", "nothing is near"),
]


@pytest.mark.parametrize(("given", "message", "_reason"), WRONG, ids=[case[2] for case in WRONG])
def test_wrong_parameters_are_told(given, message, _reason):
    with pytest.raises(StoreError) as error:
        QUESTIONS["share"].bound(given)
    assert message in str(error.value)


def test_a_question_of_ones_own(tmp_path, database):
    path = tmp_path / "meine.sql"
    head = (
        "-- title: {de: Meine Frage, en: My question}\n-- parameters:\n--   n: {de: Anzahl, en: number, default: 2}\n"
    )
    path.write_text(f"{head}SELECT project_id FROM projects ORDER BY ALL LIMIT $n::INTEGER;\n", encoding="utf-8")
    question = read_question(path)
    assert (question.name, question.title["de"]) == ("meine", "Meine Frage")
    assert query(database, question.sql, question.bound({}))[1] == [("adorf",), ("bedorf",)]
    assert query(database, question.sql, question.bound({"n": "1"}))[1] == [("adorf",)]
    assert questions([path])["meine"] == question


def test_a_head_that_is_no_yaml(tmp_path):
    path = tmp_path / "meine.sql"
    path.write_text("-- title: {de: Meine Frage\nSELECT 1", encoding="utf-8")
    with pytest.raises(StoreError, match="meine: the head of the question is no YAML of the right form"):
        read_question(path)
    with pytest.raises(StoreError, match=r"fehlt\.sql: cannot be read"):
        read_question(tmp_path / "fehlt.sql")


def test_a_sql_file_without_a_head_is_a_statement():
    question = parse("zwei", "-- only a comment\nSELECT 2")
    assert (question.sql, question.bound({})) == ("-- only a comment\nSELECT 2", {})


ERRORS = [
    ("SELECT nosuch(1)", "no function 'nosuch'", "a function that is not there"),
    ("FROM quoets('energie')", "no function 'quoets'. Near names: quotes", "a slip in a macro"),
    ("FROM quotes('energie', staffl := '1')", "It is called quotes(code, staffel := NULL)", "a slip in its parameter"),
    ("SELECT german_stm('x')", "Near names: german_stem", "a slip in a macro that gives one value"),
    ("SELECT $y", "no value for y", "a parameter in a statement"),
]


@pytest.mark.parametrize(("sql", "message", "_reason"), ERRORS, ids=[case[2] for case in ERRORS])
def test_near_names_of_functions_and_macros(database, sql, message, _reason):
    with pytest.raises(StoreError) as error:
        query(database, sql)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
