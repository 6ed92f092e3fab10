"""The tables and views of the result databases, as the .sql files beside this module define and describe them."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.errors import StoreError

if TYPE_CHECKING:
    from strategy_miner.store.database import Connection

SCHEMA_VERSION = "6"  # one more whenever a table or column changes its name, type or meaning
# The files with the tables that the analysis adds, one for each of its subjects.
RESULTS = (
    "results.sql",
    "measured.sql",
    "profiles.sql",
    "corrected.sql",
    "coverage.sql",
    "published.sql",
    "groups.sql",
    "robustness.sql",
    "confounders.sql",
    "indicators.sql",
    "emphasis.sql",
    "shift.sql",
    "radar.sql",
    "questions.sql",
)

_TABLE = re.compile(r"-- (?P<comment>[^\n]+)\nCREATE TABLE (?P<name>\w+) \((?P<body>.*?)\n\);", re.DOTALL)
_CREATED = re.compile(
    r"^CREATE (?:OR REPLACE )?(?P<kind>TABLE|VIEW|MACRO) (?P<name>\w+)(?:\(.*\) AS(?P<rows> TABLE))?", re.MULTILINE
)
_VIEW = re.compile(r"-- (?P<comment>[^\n]+)\nCREATE VIEW (?P<name>\w+) AS\s(?P<body>.*?);\n", re.DOTALL)
_MACRO = re.compile(
    r'-- (?P<comment>[^\n]+)\n(?:-- [^\n]+\n)*CREATE MACRO (?P<name>"?\w+"?)\([^\n]*?\) AS(?P<table> TABLE)?\n'
)
_VIEW_COLUMN = re.compile(r"^ {4}.*?(?P<name>\w+),? +-- (?P<comment>.+)$", re.MULTILINE)
_COLUMN = re.compile(r'^ {4}(?P<name>"\w+"|\w+) (?P<type>.+?),?\s+-- (?P<comment>.+)$', re.MULTILINE)


def create_tables(connection: Connection, name: str) -> None:
    """Create what `coded.sql`, `views.sql` or one of RESULTS defines, with the comments that stand there."""
    sql = files("strategy_miner.store").joinpath(name).read_text(encoding="utf-8")
    connection.execute(sql)
    for view in _VIEW.finditer(sql):
        connection.execute(f"COMMENT ON VIEW {view['name']} IS {literal(view['comment'])}")
        if like := re.search(r"Columns as in (\w+)", view["comment"]):
            _comment_alike(connection, view["name"], like[1])
        for column in _VIEW_COLUMN.finditer(view["body"]):
            comment_on_column(connection, view["name"], column["name"], column["comment"])
    for macro in _MACRO.finditer(sql):
        connection.execute(f"COMMENT ON MACRO{macro['table'] or ''} {macro['name']} IS {literal(macro['comment'])}")
    for table in _TABLE.finditer(sql):
        connection.execute(f"COMMENT ON TABLE {table['name']} IS {literal(table['comment'])}")
        for column in _COLUMN.finditer(table["body"]):
            comment_on_column(connection, table["name"], column["name"], column["comment"])


def _comment_alike(connection: Connection, view: str, other: str) -> None:
    """Describe the columns of a view as another one describes them."""
    sql = """SELECT column_name, o.comment FROM duckdb_columns() AS o JOIN duckdb_columns() AS v USING (column_name)
        WHERE o.table_name = ? AND v.table_name = ?"""
    for column, comment in connection.execute(sql, [other, view]).fetchall():
        comment_on_column(connection, view, name(column), comment)


def created_by(*names: str) -> list[tuple[str, str]]:
    """What files of SQL create, such as those of RESULTS: name and TABLE, VIEW, MACRO or MACRO TABLE, in their order.

    A macro may have the name of a table.
    """
    texts = [files("strategy_miner.store").joinpath(name).read_text(encoding="utf-8") for name in names]
    return [(found["name"], found["kind"] + (found["rows"] or "")) for sql in texts for found in _CREATED.finditer(sql)]


def results_of() -> dict[str, str]:
    """The tables and views that the files of RESULTS create: name -> TABLE or VIEW."""
    return {name: kind for name, kind in created_by(*RESULTS) if not kind.startswith("MACRO")}


def drop_created(connection: Connection, *names: str) -> None:
    """Drop what files of SQL create; with RESULTS the way from strategy.duckdb back to what it was made from."""
    for name, kind in reversed(created_by(*names)):
        connection.execute(f"DROP {kind} IF EXISTS {name}")


def comment_on_column(connection: Connection, table: str, column: str, comment: str) -> None:
    """Describe a column in the database itself; `column` as it stands in SQL."""
    connection.execute(f"COMMENT ON COLUMN {table}.{column} IS {literal(comment)}")


def demand_schema(connection: Connection, path: Path, foreign: bool = False) -> None:
    """Raise StoreError unless the database has this version's tables.

    With `foreign` a database passes that says nothing of a version and so is none of ours.
    """
    found = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'runs'").fetchone()
    if found and found[0]:
        row = connection.execute("SELECT value FROM runs WHERE key = 'schema_version'").fetchone()
        version = row[0] if row else ""
    elif foreign:
        return
    else:
        version = ""
    if version != SCHEMA_VERSION:
        raise StoreError(
            f"has schema version {version or 'none'}, this program needs {SCHEMA_VERSION}",
            str(path),
            "Run `dvc repro` to rebuild it.",
        )


def literal(text: str) -> str:
    """A text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A text as an SQL name."""
    return '"' + text.replace('"', '""') + '"'
