"""Opening, querying and writing a result database; what a user reads when it goes wrong."""

import subprocess
import sys

import pytest

from strategy_miner.errors import StoreError
from strategy_miner.store import connect, insert, query, writing


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "klein.duckdb"
    with writing(path) as connection:
        connection.execute("CREATE TABLE projects (project_id VARCHAR, name VARCHAR, share DOUBLE)")
        connection.execute("CREATE VIEW named AS SELECT name FROM projects")
        insert(connection, "projects", [("a", "Adorf", 0.5), ("b", None, 0.25)])
    return path


def test_query_gives_columns_and_rows(database):
    assert query(database, "SELECT name, share FROM projects") == (["name", "share"], [("Adorf", 0.5), (None, 0.25)])
    assert query(database, "SELECT share FROM projects WHERE project_id = ?", ["b"]) == (["share"], [(0.25,)])
    assert query(database, "-- nothing") == ([], [])


CASES = [
    ("SELECT * FROM projcts", r"\(line 1, column 15\): no table 'projcts'\. Near names: projects", "a slip in a table"),
    ("SELECT * FROM zzz", r"no table 'zzz'\. Tables: named, projects", "nothing is near: all are named"),
    ("SELECT nam FROM projects", r"column 8\): no column 'nam'\. Near names: name", "a slip in a column"),
    ("SELECT p.shar FROM projects AS p", r"no column 'shar'\. Near names: share", "a slip behind a prefix"),
    ("SELECT qqqqq FROM projects", r"no column 'qqqqq'\. `DESCRIBE <table>`", "no column is near"),
    ("SELECT name\nFROM projects\nWHERE x y", r"\(line 3, column 9\): .*syntax error", "the line counts"),
    (f"SELECT '{'x' * 200}', nam FROM projects", r"column 212\): no column 'nam'", "DuckDB shortens long lines"),
    ("SELECT name::INTEGER FROM projects", r"Could not convert string 'Adorf'", "an error while it runs"),
    ("DROP TABLE projects", r"only reading is allowed", "no change"),
    ("SELECT 1; DELETE FROM projects", r"only reading is allowed", "no change by a second statement"),
    ("COPY projects TO 'x.csv'", r"only reading is allowed", "no file is written"),
    ("SELECT * FROM read_text('/etc/hostname')", r"only reading is allowed", "no other file is read"),
]


@pytest.mark.parametrize(("sql", "message", "_reason"), CASES, ids=[case[2] for case in CASES])
def test_an_sql_error_shows_the_sql_the_place_and_near_names(database, sql, message, _reason):
    with pytest.raises(StoreError, match=message) as error:
        query(database, sql)
    assert str(error.value).startswith(" ".join(sql.split()))
    assert "\n" not in str(error.value)


def test_a_missing_database_says_how_to_build_it(tmp_path):
    with pytest.raises(StoreError, match=r"fehlt\.duckdb: no database there\. Run `make report`"):
        query(tmp_path / "fehlt.duckdb", "SELECT 1")
    assert not (tmp_path / "fehlt.duckdb").exists()


def test_another_file_is_no_database(tmp_path):
    path = tmp_path / "brief.duckdb"
    path.write_text("Sehr geehrte Damen und Herren", encoding="utf-8")
    with pytest.raises(StoreError, match="is no DuckDB database"):
        connect(path)


def test_a_database_open_for_writing_elsewhere(database):
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        other.stdout.readline()
        with pytest.raises(StoreError, match="is open in another program"):
            query(database, "SELECT 1")
        other.stdin.close()


def test_a_write_that_breaks_off_leaves_the_previous_database(database):
    def half():
        with writing(database) as connection:
            connection.execute("CREATE TABLE half (x INTEGER)")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert query(database, "SELECT count(*) FROM projects")[1] == [(2,)]
    assert [path.name for path in database.parent.iterdir()] == ["klein.duckdb"]


def test_what_a_killed_run_left_is_swept_away(database):
    database.with_name("klein.duckdb.part").write_bytes(b"half a database")
    with writing(database) as connection:
        connection.execute("CREATE TABLE neu (x INTEGER)")
    assert query(database, "SELECT count(*) FROM neu")[1] == [(0,)]


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "datei").write_text("no folder")
    with pytest.raises(StoreError, match="cannot be written"), writing(tmp_path / "datei" / "x.duckdb"):
        pass


def test_a_reader_keeps_its_database_while_it_is_replaced(database):
    with connect(database) as reader:
        with writing(database) as connection:
            connection.execute("CREATE TABLE neu (x INTEGER)")
        assert reader.execute("SELECT count(*) FROM projects").fetchall() == [(2,)]
