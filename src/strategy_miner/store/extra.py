"""Further tables of a corpus (corpus.yaml, `tables`): CSV files with a column project_id -> tables of the database.

`project_facts` holds every column of them, and of projects.csv, that says something about a project.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.corpus.figures import column_numbers
from strategy_miner.errors import CorpusError
from strategy_miner.store import schema
from strategy_miner.store.database import insert, table_names

if TYPE_CHECKING:
    from strategy_miner.corpus import Corpus
    from strategy_miner.store.database import Connection

KEY = "project_id"
PROJECTS = "projects.csv"


def load_extra_tables(connection: Connection, corpus: Corpus) -> None:
    """Load every further CSV file of the corpus as a table named after the file; empty cells become NULL.

    A column in which every filled cell is a number becomes DOUBLE, any other stays text. Then fill `project_facts`.
    Raises CorpusError if a file is missing, lacks project_id, names an unknown project or has no usable name.
    """
    tables = corpus.project_tables()
    for file, rows in tables.items():
        path = corpus.folder / file
        _create(connection, _table_name(connection, path), path, rows)
    insert(connection, "project_facts", _facts(corpus, tables))


def _facts(corpus: Corpus, tables: Mapping[str, list[dict[str, str]]]) -> list[tuple[object, ...]]:
    """Rows of table project_facts: one per column and project, empty cells included: an empty column is no unknown one.

    A table with several rows for a project says nothing about the project as such and is left out.
    """
    own = {
        "cohort": {p.project_id: p.cohort or "" for p in corpus.projects},
        "municipality_type": {p.project_id: p.municipality_type for p in corpus.projects},
        "published": {p.project_id: p.published for p in corpus.projects},
        "published_year": {p.project_id: p.published[:4] for p in corpus.projects},
    }
    for name in sorted({key for p in corpus.projects for key in p.extra}):
        own.setdefault(name, {p.project_id: p.extra.get(name, "") for p in corpus.projects})
    columns = [(name, PROJECTS, cells) for name, cells in own.items()]
    for file, rows in tables.items():
        if len({row[KEY] for row in rows}) == len(rows):
            names = [name for name in (rows[0] if rows else ()) if name != KEY]
            columns += [(name, file, {row[KEY]: row[name] for row in rows}) for name in names]
    taken: set[str] = set()
    found: list[tuple[object, ...]] = []
    for name, file, cells in columns:
        fact = name if name not in taken else f"{Path(file).stem}.{name}"
        taken.add(fact)
        given = [cells.get(p.project_id, "") for p in corpus.projects]
        numbers = column_numbers(given) or [None] * len(given)
        found += [
            (fact, file, p.project_id, cell or None, number)
            for p, cell, number in zip(corpus.projects, given, numbers, strict=True)
        ]
    return found


def _table_name(connection: Connection, path: Path) -> str:
    name = re.sub(r"\W+", "_", path.stem.lower()).strip("_")
    if not name or name in table_names(connection):
        raise CorpusError(f"{path.stem!r} cannot name a table", str(path), "Give the file another name.")
    return name


def _create(connection: Connection, table: str, path: Path, rows: list[dict[str, str]]) -> None:
    columns = list(rows[0]) if rows else [KEY]
    cells = {column: [row[column] for row in rows] for column in columns}
    numbers = {column: column_numbers(cells[column]) if column != KEY else None for column in columns}
    kinds = ", ".join(f"{schema.name(c)} {'DOUBLE' if numbers[c] else 'VARCHAR'}" for c in columns)
    connection.execute(f"CREATE TABLE {schema.name(table)} ({kinds})")
    connection.execute(
        f"COMMENT ON TABLE {schema.name(table)} IS {schema.literal(f'{path.name} of the corpus. Join by project_id.')}"
    )
    values: list[Sequence[object]] = [numbers[c] or [cell or None for cell in cells[c]] for c in columns]
    insert(connection, table, [list(row) for row in zip(*values, strict=True)])
