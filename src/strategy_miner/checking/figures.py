"""Every figure computed again: the coded tables inside a database give its result tables once more."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strategy_miner.analysis.results import analyse_again
from strategy_miner.checking.findings import Part
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import connect
from strategy_miner.store.schema import results_of

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[Any, ...]

CLOSE = 1e-9  # relative; the last digits of a sum depend on the processor
_KEY = re.compile(r"\bKey: ([\w, ]+)\.")


def check_figures(database: Path, again: Path, settings: AnalyseSettings, seed: int, truth: Path | None) -> Part:
    """Compute all result tables of a database a second time and compare them with its own, value by value.

    Args:
        database: strategy.duckdb, which is only read.
        again: where the second one is written.
        settings: those that the first one was made with.
        seed: the same.
        truth: folder with the truth of a generated corpus; where it is not there, table planted is unchecked.
    """
    part = Part("figures", "values")
    known = truth is not None and truth.exists()
    analyse_again(database, again, settings, seed, truth if known else None)
    with connect(database) as ours, connect(again) as theirs:
        for name, kind in results_of().items():
            if kind != "TABLE":
                continue
            columns = [row[0] for row in theirs.execute(f'DESCRIBE "{name}"').fetchall()]
            sql = f'SELECT {", ".join(_quoted(column) for column in columns)} FROM "{name}" ORDER BY rowid'
            was, now = (connection.execute(sql).fetchall() for connection in (ours, theirs))
            if name == "planted" and was and not known:
                part.unchecked.append(f"table planted: {len(was)} rows, the truth of the corpus is not there")
                continue
            part.checked += len(now) * len(columns)
            part.add(f"table {name}", list(_differences(columns, _key(theirs, name), was, now)))
        for name, definition in _definitions(theirs).items():
            part.checked += 1
            if _definitions(ours).get(name) != definition:
                part.mismatch(f"view {name}", "has another definition than this program gives it")
    return part


def _quoted(name: str) -> str:
    return f'"{name}"'


def _key(connection: Connection, table: str) -> list[str]:
    """The columns of a table's key as its comment names them."""
    found = connection.execute("SELECT comment FROM duckdb_tables() WHERE table_name = ?", [table]).fetchone()
    named = _KEY.search(found[0] or "") if found else None
    return [column.strip() for column in named[1].split(",")] if named else []


def _definitions(connection: Connection) -> dict[str, str]:
    """SQL of views and macros by name."""
    sql = """SELECT view_name, sql FROM duckdb_views() WHERE NOT internal UNION ALL
        SELECT function_name || '(' || array_to_string(parameters, ', ') || ')', macro_definition
        FROM duckdb_functions() WHERE NOT internal AND macro_definition IS NOT NULL ORDER BY ALL"""
    return dict(connection.execute(sql).fetchall())


def _differences(columns: Sequence[str], key: Sequence[str], was: list[Row], now: list[Row]) -> Iterator[str]:
    """What differs between two states of a table; rows are named by their key, by number where that is not unique."""
    places = [columns.index(column) for column in key if column in columns]
    before, after = _by_key(places, was), _by_key(places, now)
    if not places or len(before) < len(was) or len(after) < len(now):
        places, before, after = [], dict(enumerate(was, start=1)), dict(enumerate(now, start=1))
    for name, row in after.items():
        where = ", ".join(f"{columns[p]} {row[p]!r}" for p in places) if places else f"row {name}"
        if name not in before:
            yield f"{where}: this row follows from the data, but is not there"
            continue
        for column, a, b in zip(columns, before[name], row, strict=True):
            if not _same(a, b):
                yield f"{where}: {column} is {_told(a)}, computed again {_told(b)}"
    for name, row in before.items():
        if name not in after:
            where = ", ".join(f"{columns[p]} {row[p]!r}" for p in places) if places else f"row {name}"
            yield f"{where}: this row does not follow from the data"


def _by_key(places: Sequence[int], rows: list[Row]) -> dict[Any, Row]:
    return {tuple(repr(row[p]) for p in places): row for row in rows}


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE) or (math.isnan(a) and math.isnan(b))
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    return bool(a == b)


def _told(value: Any) -> str:
    text = " ".join(str(value).split())
    return f"{text[:60]}..." if len(text) > 63 else text
