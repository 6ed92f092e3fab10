"""Vectors on disk: the embed artefact of a document, and the cache of the encoder."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from strategy_miner.errors import ModelError

Vectors = npt.NDArray[np.float32]


def write_vectors(path: Path, ids: Sequence[str], vectors: Vectors, metadata: Mapping[str, str] | None = None) -> None:
    """Write one row per segment: `segment_id` and `vector` (fixed-size list of float32); whole or not at all.

    Args:
        path: the Parquet file.
        ids: n segment ids.
        vectors: (n, dimension).
        metadata: goes into the schema metadata, such as the encoder's id.

    Raises ValueError if the numbers of ids and vectors differ.
    """
    import pyarrow as pa

    from strategy_miner.parquet import write_table

    if len(ids) != len(vectors):
        raise ValueError(f"{len(ids)} ids for {len(vectors)} vectors")
    flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).reshape(-1))
    column = pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
    write_table(pa.table({"segment_id": pa.array(ids, pa.string()), "vector": column}), path, dict(metadata or {}))


def read_vectors(path: Path) -> tuple[list[str], Vectors]:
    """The segment ids (n) and vectors (n, dimension), float32, of an embed artefact, in file order."""
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    dimension = table.schema.field("vector").type.list_size
    flat = table.column("vector").combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return table.column("segment_id").to_pylist(), flat.astype(np.float32).reshape(-1, dimension)


class VectorCache:
    """Vectors by text in one SQLite file; whatever else they depend on belongs into the file's name.

    Safe for several processes; a lost or deleted cache costs time only.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        self._path = path
        self._dimension = dimension
        path.parent.mkdir(parents=True, exist_ok=True)

    def get(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """The known vectors among these texts. Raises ModelError if the file is damaged."""
        keys = {_key(text): text for text in texts}
        found: dict[str, Vectors] = {}
        wanted = sorted(keys)
        for start in range(0, len(wanted), 500):  # SQLite limits the number of parameters of a statement
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            for key, blob in self._run(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part):
                vector = np.frombuffer(blob, "<f4")
                if len(vector) == self._dimension:
                    found[keys[key]] = vector
        return found

    def put(self, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors by text. Raises ModelError if the file is damaged."""
        rows = [(_key(text), vector.astype("<f4").tobytes()) for text, vector in vectors.items()]
        self._run("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows, many=True)

    def _run(self, statement: str, values: Sequence[Any], *, many: bool = False) -> list[tuple[Any, ...]]:
        try:
            connection = sqlite3.connect(self._path, timeout=120)
            try:
                with connection:
                    connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
                    run = connection.executemany if many else connection.execute
                    return run(statement, values).fetchall()
            finally:
                connection.close()
        except sqlite3.Error as error:
            remedy = "Delete the file: it is a cache and will be filled again."
            raise ModelError(f"the vector cache cannot be used: {error}", str(self._path), remedy) from error


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
