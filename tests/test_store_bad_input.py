"""Read-only folders, a full disk, files open elsewhere, old databases: a clear line, and the old file is unchanged."""

import subprocess
import sys

import openpyxl
import pytest

from strategy_miner.errors import StoreError
from strategy_miner.parallel import ROOT
from strategy_miner.store import Wording, query, write_csv, write_parquet, write_xlsx, writing
from strategy_miner.store.schema import SCHEMA_VERSION
from strategy_miner.store.sheets import Column, Sheet, write_workbook

SQL = "SELECT range AS n, repeat(hash(range)::VARCHAR, 20) AS text FROM range(5000)"
WRITERS = {
    "csv": lambda database, target: write_csv(database, SQL, target, Wording("de")),
    "xlsx": lambda database, target: write_xlsx(database, {"Blatt": SQL}, target),
    "parquet": lambda database, target: write_parquet(database, SQL, target),
    "sheet": lambda database, target: write_workbook([Sheet("Blatt", (Column("a"),), (("b",),))], target),
}


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "klein.duckdb"
    with writing(path) as connection:
        connection.execute(f"CREATE TABLE runs AS SELECT 'schema_version' AS key, '{SCHEMA_VERSION}' AS value")
    return path


@pytest.mark.parametrize("kind", WRITERS)
def test_a_folder_that_cannot_be_written(database, tmp_path, kind):
    (tmp_path / "datei").write_text("no folder")
    with pytest.raises(StoreError, match=r"datei.x: cannot be written: .+\. Check free space and rights"):
        WRITERS[kind](database, tmp_path / "datei" / "x")


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("lock", ["~$alt.xlsx", ".~lock.alt.xlsx#"], ids=["Excel", "LibreOffice"])
def test_a_file_that_is_open_in_an_office_program(database, tmp_path, kind, lock):
    target = tmp_path / "alt.xlsx"
    target.write_text("alt")
    (tmp_path / lock).touch()
    with pytest.raises(StoreError, match=r"alt\.xlsx: is open in another program\. Close it there, or delete "):
        WRITERS[kind](database, target)
    assert target.read_text() == "alt"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "duckdb"])
def test_a_full_disk_leaves_the_old_file(database, tmp_path, kind):
    """A process that may write files of 30,000 bytes at most, as on a disk with so much left."""
    target = tmp_path / "voll" / f"x.{kind}"
    target.parent.mkdir()
    target.write_text("alt")
    code = f"""
import resource, sys
from pathlib import Path
from tests.test_store_bad_input import SQL, WRITERS
from strategy_miner.errors import StoreError
from strategy_miner.store import writing
database, target = map(Path, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
try:
    if {kind!r} == "duckdb":
        with writing(target) as connection:
            connection.execute(f"CREATE TABLE t AS {{SQL}}")
    else:
        WRITERS[{kind!r}](database, target)
except StoreError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(database), str(target)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.startswith(f"{target}: cannot be written: "), done.stderr
    assert done.stdout.count("\n") == 1
    assert "was there before is unchanged" in done.stdout
    assert target.read_text() == "alt"
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_a_database_of_another_schema_is_refused_by_every_reader(tmp_path):
    path = tmp_path / "alt.duckdb"
    with writing(path) as connection:
        connection.execute("CREATE TABLE runs AS SELECT 'schema_version' AS key, '5' AS value")
    message = rf"alt\.duckdb: has schema version 5, this program needs {SCHEMA_VERSION}\. Run `dvc repro`"
    for read in (lambda: query(path, "SELECT 1"), lambda: write_csv(path, "SELECT 1", tmp_path / "x.csv")):
        with pytest.raises(StoreError, match=message):
            read()
    assert not (tmp_path / "x.csv").exists()


def test_a_file_that_is_damaged_inside_is_told(database):
    with writing(database, copy_of=database) as connection:
        connection.execute("CREATE TABLE big AS SELECT hash(range) AS n FROM range(400000)")
    size = database.stat().st_size
    with database.open("r+b") as handle:
        handle.seek(size // 2)
        handle.write(bytes(300_000))
    with pytest.raises(
        StoreError, match=r"klein\.duckdb: the database is damaged\. Delete the file\. Run `make report`"
    ):
        query(database, "SELECT sum(n) FROM big")


def test_a_sheet_of_many_rows_is_whole(database, tmp_path):
    assert write_xlsx(database, {"Blatt": SQL}, tmp_path / "x.xlsx") == {"Blatt": 5000}
    rows = list(openpyxl.load_workbook(tmp_path / "x.xlsx", read_only=True)["Blatt"].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == list(range(5000))
