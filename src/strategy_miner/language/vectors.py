"""Vectors on disk: the embed artefact of a document, and the cache of the encoder."""

from __future__ import annotations

import hashlib
import sqlite3
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

_TOLERANCE = 1e-3  # of the squared length of a vector
_PATIENCE = 120  # seconds to wait while another process writes


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
    """Vectors of length one by text in one SQLite file; whatever else they depend on belongs into the file's name.

    Safe for several processes. A lost, damaged or locked cache costs time only: a damaged file is deleted and begun
    anew, one that cannot be opened is done without, and a warning says so. A vector that has not the right length is
    left out, so that it is computed again. The oldest vectors go when there are more than `most`.

    Args:
        path: the SQLite file; made if absent.
        dimension: the length of a vector.
        most: vectors to keep; the default is 1.7 GB of 384 numbers each.
    """

    def __init__(self, path: Path, dimension: int, most: int = 1_000_000) -> None:
        self._path = path
        self._dimension = dimension
        self._most = most

    def get(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """The known vectors among these texts."""
        keys = {_key(text): text for text in texts}
        found: dict[str, Vectors] = {}
        wanted = sorted(keys)
        for start in range(0, len(wanted), 500):  # SQLite limits the number of parameters of a statement
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            for key, blob in self._run(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part):
                vector = np.frombuffer(blob, "<f4") if len(blob) == 4 * self._dimension else np.zeros(0, "<f4")
                if abs(float(vector @ vector) - 1) < _TOLERANCE:
                    found[keys[key]] = vector
        return found

    def put(self, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors by text."""
        rows = [(_key(text), vector.astype("<f4").tobytes()) for text, vector in vectors.items()]
        self._run("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows, many=True)
        self._run("DELETE FROM vectors WHERE rowid <= (SELECT max(rowid) FROM vectors) - ?", [self._most])

    def _run(self, statement: str, values: Sequence[Any], *, many: bool = False) -> list[tuple[Any, ...]]:
        try:
            return self._once(statement, values, many)
        except (sqlite3.Error, OSError) as error:
            damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
            fate = "it is deleted and begun anew" if damaged else "going on without it"
            warnings.warn(f"{self._path}: the vector cache cannot be used ({error}); {fate}", stacklevel=4)
            if damaged:
                for path in (self._path, self._path.with_name(self._path.name + "-journal")):
                    path.unlink(missing_ok=True)
            return []

    def _once(self, statement: str, values: Sequence[Any], many: bool) -> list[tuple[Any, ...]]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=_PATIENCE)
        try:
            with connection:
                connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
                run = connection.executemany if many else connection.execute
                return run(statement, values).fetchall()
        finally:
            connection.close()


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
