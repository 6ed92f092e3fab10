"""Open a result database, query it, write it whole or not at all. The only room that imports duckdb."""

from __future__ import annotations

import difflib
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strategy_miner.errors import StoreError
from strategy_miner.store.schema import demand_schema

if TYPE_CHECKING:
    import duckdb

    Connection = duckdb.DuckDBPyConnection

Row = tuple[Any, ...]
Parameters = Sequence[object] | Mapping[str, object]  # for ? in the SQL, or by name for $name

_BATCH = 10_000  # rows that are in memory at a time while many are written
# DuckDB 2.0 writes files that older clients refuse unless told otherwise; the `duckdb` client of today is 1.5.
_READABLE_FROM = "v1.4.0"

_BUILD_REMEDY = "Run `make report` or `dvc repro` to build it."


def connect(path: Path, read_only: bool = True) -> Connection:
    """A DuckDB connection to a result database; the caller closes it (`with connect(path) as connection:`).

    Raises StoreError if the file is missing, in use by a writer, or no DuckDB database.
    """
    import duckdb

    if read_only and not path.is_file():
        raise StoreError("no database there", str(path), _BUILD_REMEDY)
    try:
        connection = duckdb.connect(str(path), read_only=read_only)
    except duckdb.Error as error:
        raise _opening_error(path, str(error)) from error
    # Nothing may be fetched from the network while a query runs.
    connection.execute("SET autoinstall_known_extensions = false")
    return connection


def query(path: Path, sql: str, parameters: Parameters = ()) -> tuple[list[str], list[Row]]:
    """Run SQL that cannot change the database nor reach other files; column names and rows of the last statement.

    Raises StoreError with the SQL, the place in it and near names, or if the database is of another schema version.
    """
    with _asking(path, sql) as connection:
        connection.execute(sql, parameters or None)
        columns = [column[0] for column in connection.description or []]
        return columns, connection.fetchall() if columns else []


@contextmanager
def asked(path: Path, sql: str, parameters: Parameters = ()) -> Iterator[tuple[list[str], Iterator[list[Row]]]]:
    """As `query`, but the rows come a few thousand at a time: however many there are, few are in memory."""
    with _asking(path, sql) as connection:
        connection.execute(sql, parameters or None)
        yield [column[0] for column in connection.description or []], _batches(connection)


def _batches(connection: Connection) -> Iterator[list[Row]]:
    while rows := connection.fetchmany(_BATCH):
        yield rows


@contextmanager
def asked_arrow(path: Path, sql: str, parameters: Parameters = ()) -> Iterator[Any]:
    """As `asked`, but a reader of Arrow record batches; one statement only."""
    with _asking(path, sql) as connection:
        yield connection.sql(sql, params=parameters or None).to_arrow_reader(_BATCH)


@contextmanager
def _asking(path: Path, sql: str) -> Iterator[Connection]:
    import duckdb

    with connect(path) as connection:
        demand_schema(connection, path, foreign=True)
        connection.execute("SET enable_external_access = false")
        try:
            with damage_told(path):
                yield connection
        except duckdb.Error as error:
            raise sql_error(connection, sql, error) from error


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """Raise StoreError where DuckDB finds a file damaged, which it notices only when it reads the place."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        if "Corrupt database" not in str(error):
            raise
        raise StoreError("the database is damaged", str(path), f"Delete the file. {_BUILD_REMEDY}") from error


@contextmanager
def writing(target: Path, copy_of: Path | None = None) -> Iterator[Connection]:
    """A connection to a new database that takes the place of `target` when the block ends without an error.

    Args:
        target: the database to write; what was there stays until the new one is complete.
        copy_of: a database to start from; without it the new one is empty.

    Raises StoreError if the folder cannot be written or the disk is full.
    """
    import duckdb

    partial = target.with_name(target.name + ".part")
    connection = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(partial)
        if copy_of:
            shutil.copyfile(copy_of, partial)
        connection = duckdb.connect(str(partial), config={"storage_compatibility_version": _READABLE_FROM})
        connection.begin()  # one transaction: else every statement waits for the disk
        yield connection
        connection.commit()
        connection.close()
        partial.replace(target)
    # A disk that is full when a transaction ends is an error of the transaction to DuckDB.
    except (
        OSError, duckdb.IOException, duckdb.OutOfMemoryException, duckdb.TransactionException, duckdb.FatalException
    ) as error:  # fmt: skip
        remedy = "Check free space and rights; a database that was there before is unchanged."
        raise StoreError(f"cannot be written: {_first_line(str(error))}", str(target), remedy) from error
    finally:
        if connection:
            connection.close()
        if target.parent.is_dir():
            _remove(partial)


def insert(connection: Connection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Append rows to a table, values in the order of its columns."""
    if not rows:
        return
    types = [row[1] for row in connection.execute(f'DESCRIBE "{table}"').fetchall()]
    values = ", ".join(f"unnest(?::{kind}[])" for kind in types)
    connection.execute(f'INSERT INTO "{table}" SELECT {values}', [list(c) for c in zip(*rows, strict=True)])


def table_names(connection: Connection) -> list[str]:
    """Names of all tables and views, sorted."""
    sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY ALL"
    return [row[0] for row in connection.execute(sql).fetchall()]


def column_names(connection: Connection) -> list[str]:
    """Names of all columns of all tables and views, sorted, each once."""
    sql = "SELECT DISTINCT column_name FROM information_schema.columns WHERE table_schema = 'main' ORDER BY ALL"
    return [row[0] for row in connection.execute(sql).fetchall()]


def function_names(connection: Connection) -> list[str]:
    """Names of all functions and macros, DuckDB's own included; sorted."""
    sql = "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE function_name ~ '^\\w+$' ORDER BY ALL"
    return [row[0] for row in connection.execute(sql).fetchall()]


def sql_error(connection: Connection, sql: str, error: duckdb.Error) -> StoreError:
    """What is wrong with a statement, where in it, and which names are near."""
    message = str(error)
    place = _place(sql, message)
    where = f"{sql.strip()} ({place})" if place else sql.strip()
    if found := re.search(r"Table with name (\S+) does not exist", message):
        known = table_names(connection)
        return StoreError(f"no table {found[1]!r}", where, _near(found[1], known) or f"Tables: {', '.join(known)}.")
    found = re.search(r'(?:Referenced column|have a column named) "([^"]+)"', message)
    if found:
        remedy = _near(found[1], column_names(connection)) or "`DESCRIBE <table>` lists the columns of a table."
        return StoreError(f"no column {found[1]!r}", where, remedy)
    found = re.search(r"(?:Scalar|Aggregate|Table) (?:Macro )?Function with name \"?(\w+)\"? does not exist", message)
    if found:
        remedy = _near(found[1], function_names(connection)) or "docs/data.md lists the macros."
        return StoreError(f"no function {found[1]!r}", where, remedy)
    if found := re.search(r"Macro \"?(\w+)\"?\(\) does not support.*?Candidate macros:\s*(.+)", message, re.DOTALL):
        candidates = found[2].split("\n\n")[0].replace('"', "")
        return StoreError(f"macro {found[1]} takes other arguments", where, f"It is called {candidates}.")
    if found := re.search(r"not provided for the following parameters: (.+)", message):
        return StoreError(
            f"no value for {found[1]}", where, "Write the value itself, or make it a question: docs/data.md."
        )
    if "read-only" in message or "disabled by configuration" in message:
        return StoreError("only reading is allowed", where, "Open a copy of the file with duckdb for anything else.")
    return StoreError(_first_line(message), where, "docs/data.md describes tables and columns with examples.")


def _near(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name.lower(), known, n=4, cutoff=0.6)
    return f"Near names: {', '.join(near)}." if near else ""


def _place(sql: str, message: str) -> str:
    """Line and column in the SQL, from the caret under DuckDB's excerpt; long lines are excerpted with '...'."""
    found = re.search(r"^(LINE (\d+): )(.*)\n( *)\^", message, re.MULTILINE)
    if not found:
        return ""
    column = len(found[4]) - len(found[1])
    excerpt = found[3]
    if excerpt.startswith("..."):
        lines = sql.splitlines()
        line = lines[int(found[2]) - 1] if int(found[2]) <= len(lines) else ""
        column += line.find(excerpt.strip(".")) - 3
    return f"line {found[2]}, column {column + 1}"


def _opening_error(path: Path, message: str) -> StoreError:
    if "lock" in message:
        return StoreError("is open in another program", str(path), "Close that program and try again.")
    if "not a valid DuckDB" in message or "Serialization" in message:
        return StoreError("is no DuckDB database", str(path), f"Delete the file. {_BUILD_REMEDY}")
    return StoreError(f"cannot be opened: {_first_line(message)}", str(path), _BUILD_REMEDY)


def _first_line(message: str) -> str:
    return message.split("\n")[0].removesuffix("!").removesuffix(".")


def _remove(partial: Path) -> None:
    partial.unlink(missing_ok=True)
    partial.with_name(partial.name + ".wal").unlink(missing_ok=True)
