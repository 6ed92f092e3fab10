"""A writer that is killed: the database that was there stays whole, the next run works."""

import os
import signal
import subprocess
import sys

import pytest

from strategy_miner.store import query, writing

# Writes a new database and stops at one place until it is killed.
WRITER = """
import sys
from pathlib import Path
from strategy_miner.store import writing

def stop(*_):
    print("stopped", flush=True)
    sys.stdin.read()

target, place = Path(sys.argv[1]), sys.argv[2]
if place == "before it takes the old one's place":
    Path.replace = stop
with writing(target, copy_of=target if place == "in a copy" else None) as connection:
    if place == "at the start":
        stop()
    rows = "SELECT range AS n, md5(range::VARCHAR) AS text FROM range(1000000)"
    connection.execute(f"CREATE OR REPLACE TABLE numbers AS {rows}")
    if place != "before it takes the old one's place":
        stop()
"""
PLACES = ["at the start", "in the middle", "in a copy", "before it takes the old one's place"]


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
@pytest.mark.parametrize("place", PLACES)
def test_a_killed_writer_leaves_the_previous_database(tmp_path, place):
    target = tmp_path / "strategy.duckdb"
    with writing(target) as connection:
        connection.execute("CREATE TABLE numbers AS SELECT 1 AS n, 'old' AS text")
    before = target.read_bytes()
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(target), place], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout.readline() == b"stopped\n"
        writer.send_signal(signal.SIGKILL)
    assert writer.returncode == -signal.SIGKILL
    assert (tmp_path / "strategy.duckdb.part").exists()
    assert target.read_bytes() == before
    assert query(target, "SELECT n, text FROM numbers")[1] == [(1, "old")]
    with writing(target, copy_of=target) as connection:
        connection.execute("INSERT INTO numbers VALUES (2, 'new')")
    assert query(target, "SELECT text FROM numbers ORDER BY n")[1] == [("old",), ("new",)]
    assert [path.name for path in tmp_path.iterdir()] == ["strategy.duckdb"]
