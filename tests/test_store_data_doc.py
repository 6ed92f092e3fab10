"""docs/data.md against the database: every table, view and column, and every example."""

import pytest

from strategy_miner.store import query
from strategy_miner.store.load import NAMES_FILE, STAGES
from tests.data_doc import DOC, EXAMPLES, MACROS, MARK, described, small_database


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return small_database(tmp_path_factory.mktemp("doc"))


def test_tables_and_views_are_described_as_they_are(database):
    written = DOC.read_text(encoding="utf-8")
    assert MARK + written.split(MARK)[1] == described(database), "Run `python -m tests.data_doc`."


def test_every_table_and_view_has_an_example(database):
    names = query(database, "SELECT table_name FROM information_schema.tables")[1]
    assert {name for (name,) in names} == set(EXAMPLES)


def test_every_macro_has_an_example(database):
    names = query(database, "SELECT function_name FROM duckdb_functions() WHERE NOT internal")[1]
    assert {name for (name,) in names} == set(MACROS)


def test_everything_has_a_comment_in_the_database(database):
    sql = """
        SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL
        UNION ALL SELECT table_name FROM duckdb_tables() WHERE NOT internal AND comment IS NULL
        UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL
        UNION ALL SELECT function_name FROM duckdb_functions() WHERE NOT internal AND comment IS NULL"""
    assert query(database, sql)[1] == []


# What the small corpus has none of.
EMPTY = {
    "missing_projects",
    "published",
    "published_figures",
    "pages",
    "vectors",
    "failures",
    "gaps",
    "gap_counts",
    "planted",
    "typical_words",
    "typical_word_versions",
    "second_readings",
    "neighbours",
    "typical_codes",
    "radar_search",
    "radar_clusters",
    "radar_cohorts",
    "radar_passages",
    "similar",
    "sustainability_by_cohort",
    "participation_by_cohort",
    "actors_by_cohort",
    "organisation_by_cohort",
    "programme_goals_by_cohort",
    "transfer_by_cohort",
}


@pytest.mark.parametrize("name", sorted(EXAMPLES | MACROS))
def test_examples_run(database, name):
    columns, rows = query(database, (EXAMPLES | MACROS)[name])
    assert columns
    assert bool(rows) == (name not in EMPTY)


def test_keys_are_keys(database):
    """`Key: a, b.` at the end of a comment: no two rows agree in these columns."""
    sql = """
        SELECT table_name, regexp_extract(comment, 'Key: ([a-z_, ]+)', 1) FROM duckdb_tables() WHERE NOT internal
        UNION ALL SELECT view_name, regexp_extract(comment, 'Key: ([a-z_, ]+)', 1) FROM duckdb_views()
        WHERE NOT internal"""
    keys = query(database, sql)[1]
    assert len(keys) == len(EXAMPLES)
    for table, key in keys:
        assert key, table
        assert query(database, f'SELECT {key} FROM "{table}" GROUP BY ALL HAVING count(*) > 1')[1] == [], table


def test_artefacts_are_listed():
    by_hand = DOC.read_text(encoding="utf-8").split(MARK)[0]
    for stage in STAGES:
        assert f"build/<corpus>/{stage}/" in by_hand
    assert NAMES_FILE in by_hand
