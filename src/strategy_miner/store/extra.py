"""Further tables of a corpus (corpus.yaml, `tables`): CSV files with a column project_id -> tables of the database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.corpus.folder import read_csv
from strategy_miner.errors import CorpusError
from strategy_miner.store import schema
from strategy_miner.store.database import insert, table_names

if TYPE_CHECKING:
    from strategy_miner.corpus import Corpus
    from strategy_miner.store.database import Connection

KEY = "project_id"
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")  # no leading zeros: municipality keys and post codes stay text


def load_extra_tables(connection: Connection, corpus: Corpus) -> None:
    """Load every further CSV file of the corpus as a table named after the file; empty cells become NULL.

    A column in which every filled cell is a number with a decimal point becomes DOUBLE, any other stays text.
    Raises CorpusError if a file is missing, lacks project_id, names an unknown project or has no usable name.
    """
    known = {project.project_id for project in corpus.projects}
    for file in corpus.settings.tables:
        path = corpus.folder / file
        rows = read_csv(path, (KEY,))
        for line, row in enumerate(rows, start=2):
            if row[KEY] not in known:
                remedy = "Use an id of projects.csv or add it there."
                raise CorpusError(f"unknown project_id {row[KEY]!r}", f"{path}, line {line}", remedy)
        _create(connection, _table_name(connection, path), path, rows)


def _table_name(connection: Connection, path: Path) -> str:
    name = re.sub(r"\W+", "_", path.stem.lower()).strip("_")
    if not name or name in table_names(connection):
        raise CorpusError(f"{path.stem!r} cannot name a table", str(path), "Give the file another name.")
    return name


def _create(connection: Connection, table: str, path: Path, rows: list[dict[str, str]]) -> None:
    columns = list(rows[0]) if rows else [KEY]
    numeric = {
        column: column != KEY and all(_NUMBER.fullmatch(row[column]) for row in rows if row[column])
        and any(row[column] for row in rows)
        for column in columns
    }  # fmt: skip
    kinds = ", ".join(f"{schema.name(c)} {'DOUBLE' if numeric[c] else 'VARCHAR'}" for c in columns)
    connection.execute(f"CREATE TABLE {schema.name(table)} ({kinds})")
    connection.execute(
        f"COMMENT ON TABLE {schema.name(table)} IS {schema.literal(f'{path.name} of the corpus. Join by project_id.')}"
    )
    values = [
        [(float(row[c]) if numeric[c] else row[c]) if row[c] else None for c in columns] for row in rows
    ]  # fmt: skip
    insert(connection, table, values)
