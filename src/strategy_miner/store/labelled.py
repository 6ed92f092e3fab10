"""Scores of segments and labels by people -> tables of coded.duckdb."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.errors import StoreError
from strategy_miner.parquet import read_metadata
from strategy_miner.records import THRESHOLD, Document
from strategy_miner.store.database import insert

if TYPE_CHECKING:
    from strategy_miner.store.database import Connection

SCORES = ("scores", "supervised")  # the folders with score files
GOLD = {"sample": "gold_sample", "labels": "gold_labels", "notes": "gold_notes"}  # file -> table, columns alike


def load_scores(connection: Connection, build: Path, documents: Sequence[Document]) -> None:
    """Fill scores and thresholds from the score files of the documents that still belong to the corpus.

    Raises StoreError if a file cannot be read.
    """
    found = [build / folder / f"{document.document_id}.parquet" for folder in SCORES for document in documents]
    paths = [path for path in found if path.is_file()]
    _insert(connection, "scores", "segment_id, document_id, coder, p", paths)
    named = {key: value for path in paths for key, value in read_metadata(path).items() if key.startswith(THRESHOLD)}
    insert(connection, "thresholds", [(k.removeprefix(THRESHOLD), float(v)) for k, v in sorted(named.items())])


def load_gold(connection: Connection, build: Path) -> dict[str, str]:
    """Fill the gold tables from build/<corpus>/labels; what made the sample, for `runs`.

    Raises StoreError if a file cannot be read.
    """
    for name, table in GOLD.items():
        path = build / "labels" / f"{name}.parquet"
        _insert(connection, table, "*", [path] if path.is_file() else [])
    keys = ("model", "codebook", "seed", "date")
    made_with = read_metadata(build / "labels" / "sample.parquet")
    return {f"gold {key}": made_with[key] for key in keys if made_with.get(key)}


def _insert(connection: Connection, table: str, columns: str, paths: Sequence[Path]) -> None:
    import duckdb

    if not paths:
        return
    sql = f"INSERT INTO {table} SELECT {columns} FROM read_parquet($paths)"
    try:
        connection.execute(sql, {"paths": [str(path) for path in paths]})
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.BinderException) as error:
        remedy = "Delete that folder and run `dvc repro` again."
        raise StoreError(str(error).split("\n")[0], str(paths[0].parent), remedy) from error
