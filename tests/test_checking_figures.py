"""Is an edited figure, a lost or added row, a changed view told, with its place?"""

import duckdb
import pytest

from strategy_miner.checking.figures import check_figures
from strategy_miner.checking.findings import MOST
from strategy_miner.settings import AnalyseSettings
from tests.quoted_corpus import database, quoted_corpus


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return database(quoted_corpus(tmp_path_factory.mktemp("figures")))


@pytest.fixture
def damaged(made, tmp_path):
    """A function that copies the database, runs SQL on the copy and computes it again."""

    def check(sql):
        copy = tmp_path / "copy.duckdb"
        copy.write_bytes(made.read_bytes())
        with duckdb.connect(str(copy)) as connection:
            connection.execute(sql)
        return check_figures(copy, tmp_path / "again.duckdb", AnalyseSettings(margin=0.10, permutations=99), 1, None)

    return check


def test_the_same_data_give_the_same_figures(damaged):
    found = damaged("SELECT 1")
    assert found.checked > 1000
    assert found.mismatches == found.unchecked == []


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            "UPDATE estimates SET value = value + 0.01 WHERE estimand = 'H4' AND code = 'energie' AND cohort = '1'",
            "table estimates: estimand 'H4', code 'energie', cohort '1', interval",
        ),
        ("UPDATE coverage SET pages = 9 WHERE cohort = ''", "table coverage: cohort '': pages is 9, computed again 3"),
        ("DELETE FROM coverage WHERE cohort = '2'", "table coverage: cohort '2': this row follows from the data"),
        ("INSERT INTO coverage (cohort) VALUES ('9')", "cohort '9': this row does not follow from the data"),
        ("UPDATE quotes SET text = 'Nein.'", "rank 1: text is Nein., computed again Jedes Dorf bekommt"),
        ("DELETE FROM codings WHERE unit_id IN (SELECT min(unit_id) FROM codings)", "table"),
        ("CREATE OR REPLACE VIEW declared AS SELECT * FROM declared_fields", "view declared: has another definition"),
    ],
)
def test_what_was_edited_is_named(damaged, sql, told):
    found = damaged(sql)
    assert any(told in line for line in found.mismatches), found.mismatches


def test_of_many_mismatches_of_a_table_some_are_named_and_all_are_counted(damaged):
    lines = damaged("INSERT INTO coverage (cohort) SELECT 'x' || i FROM range(40) AS n (i)").mismatches
    own = [line for line in lines if line.startswith("table coverage")]
    assert len(own) == MOST + 1
    assert own[-1] == f"table coverage: 40 mismatches in all, {MOST} are named"
