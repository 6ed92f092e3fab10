"""The Parquet files between the stages: one schema per kind of record, written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from strategy_miner.errors import StoreError
from strategy_miner.records import (
    Block,
    Box,
    Coding,
    Cutout,
    DeclaredField,
    Document,
    Failure,
    GoldLabel,
    GoldNote,
    GoldSegment,
    Measure,
    Page,
    Score,
    Segment,
    TaggedSegment,
    Word,
)

_BOXES = pa.list_(pa.struct([("page", pa.int32()), *((k, pa.float32()) for k in ("x0", "top", "x1", "bottom"))]))
_TEXTS = pa.list_(pa.string())
_WORD = pa.struct(
    [("n", pa.int32()), ("text", pa.string()), *((k, pa.float32()) for k in ("x0", "top", "x1", "bottom"))]
)
_BLOCK = pa.struct(
    [
        ("id", pa.string()), ("order", pa.int32()), ("kind", pa.string()), ("level", pa.int32()),
        ("text", pa.string()), ("raw", pa.string()), ("heading_path", _TEXTS), ("boxes", _BOXES),
        ("rows", pa.list_(_TEXTS)), ("words", pa.list_(_WORD)), ("header_rows", pa.int32()),
        ("header_columns", pa.int32()), ("pairs", pa.list_(_TEXTS)), ("belongs_to", pa.string()),
        ("language", pa.string()), ("offsets", pa.list_(pa.list_(pa.int32()))),
    ]
)  # fmt: skip

SCHEMAS: dict[type, pa.Schema] = {
    Page: pa.schema(
        [
            ("document_id", pa.string()), ("page", pa.int32()), ("width", pa.float32()), ("height", pa.float32()),
            ("engine", pa.string()), ("grade", pa.string()), ("reason", pa.string()), ("blocks", pa.list_(_BLOCK)),
            *((name, pa.float32()) for name in ("german", "disagreement", "confidence")),
        ]
    ),
    Segment: pa.schema(
        [
            ("id", pa.string()), ("document_id", pa.string()), ("order", pa.int32()), ("page", pa.int32()),
            ("role", pa.string()), ("heading_path", _TEXTS), ("text", pa.string()), ("words", pa.list_(pa.int32())),
            ("boxes", _BOXES), ("blocks", _TEXTS),
        ]
    ),
    TaggedSegment: pa.schema(
        [("segment_id", pa.string()), ("document_id", pa.string()), ("lemmas", _TEXTS), ("tags", _TEXTS)]
    ),
    Coding: pa.schema(
        [
            ("unit_id", pa.string()), ("document_id", pa.string()), ("dimension", pa.string()),
            ("code", pa.string()), ("p", pa.float32()), ("coder", pa.string()), ("evidence", pa.string()),
        ]
    ),
    Score: pa.schema(
        [
            ("segment_id", pa.string()), ("document_id", pa.string()), ("coder", pa.string()),
            ("p", pa.list_(pa.float32())),
        ]
    ),
    GoldSegment: pa.schema(
        [
            ("segment_id", pa.string()), ("document_id", pa.string()), ("stratum", pa.string()),
            ("stratum_size", pa.int32()), ("stratum_drawn", pa.int32()), ("drawn_segment_id", pa.string()),
            ("how", pa.string()),
        ]
    ),
    GoldLabel: pa.schema([("segment_id", pa.string()), ("coder", pa.string()), ("codes", _TEXTS)]),
    GoldNote: pa.schema(
        [("kind", pa.string()), ("file", pa.string()), ("n", pa.int32()), ("message", pa.string())]
    ),
    DeclaredField: pa.schema(
        [
            ("id", pa.string()), ("project_id", pa.string()), ("document_id", pa.string()),
            ("field_name", pa.string()), ("page", pa.int32()), ("level", pa.int32()), ("codes", _TEXTS),
            ("orientation", pa.string()), ("ecology", pa.bool_()), ("evidence", pa.string()),
            ("origin", pa.string()), ("source", pa.string()),
        ]
    ),
    Measure: pa.schema(
        [
            ("id", pa.string()), ("document_id", pa.string()), ("page", pa.int32()), ("title", pa.string()),
            ("description", pa.string()), ("codes", _TEXTS), ("labels", pa.list_(_TEXTS)), ("boxes", _BOXES),
            ("form", pa.string()), ("fields", _TEXTS), ("technologies", _TEXTS),
            *((name, pa.string()) for name in ("status", "responsible", "partners", "period")),
            ("start_year", pa.int32()), ("end_year", pa.int32()), ("cost", pa.string()),
            ("cost_euro_low", pa.float64()), ("cost_euro_high", pa.float64()), ("cost_per_year", pa.bool_()),
        ]
    ),
    Cutout: pa.schema(
        [
            *((name, pa.string()) for name in ("kind", "id", "document_id", "text")), ("page", pa.int32()),
            ("boxes", _BOXES), ("marks", _BOXES), ("file", pa.string()), ("width", pa.int32()), ("height", pa.int32()),
            ("sha256", pa.string()), ("reason", pa.string()), ("picture", pa.binary()),
        ]
    ),
    Failure: pa.schema([(f.name, pa.string()) for f in fields(Failure)]),
    Document: pa.schema([(f.name, pa.string()) for f in fields(Document)]),
}  # fmt: skip


_GROUP: dict[type, int] = {Page: 20}  # records that are written and read in one go, where 10,000 need too much memory
_OF_BOXES = {"boxes", "marks"}
_WORD_FIELDS = tuple(f.name for f in fields(Word))


def _boxes_from_rows(rows: list[dict[str, Any]]) -> tuple[Box, ...]:
    return tuple((row["page"], *(round(row[k], 2) for k in ("x0", "top", "x1", "bottom"))) for row in rows)


def _to_row(record: Any) -> dict[str, Any]:
    row = {f.name: getattr(record, f.name) for f in fields(record)}
    for name in _OF_BOXES & row.keys():
        row[name] = [dict(zip(("page", "x0", "top", "x1", "bottom"), box, strict=True)) for box in row[name]]
    if isinstance(record, Block):
        row["words"] = [{k: getattr(word, k) for k in _WORD_FIELDS} for word in record.words]
    if isinstance(record, Page):
        row["blocks"] = [_to_row(block) for block in record.blocks]
    return row


def _from_row(kind: type, row: dict[str, Any]) -> Any:
    for name in _OF_BOXES & row.keys():
        row[name] = _boxes_from_rows(row[name])
    if kind is Page:
        row["blocks"] = [_from_row(Block, block) for block in row["blocks"]]
        for name in ("german", "disagreement", "confidence"):
            row[name] = None if row[name] is None else round(row[name], 4)
    if kind is Block:
        for name in ("rows", "pairs", "offsets"):
            row[name] = [tuple(values) for values in row[name]]
        row["words"] = [Word(**_rounded(word)) for word in row["words"]]
    if kind is Measure:
        row["labels"] = [tuple(pair) for pair in row["labels"]]
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()})


def _rounded(word: dict[str, Any]) -> dict[str, Any]:
    return {key: round(value, 2) if isinstance(value, float) else value for key, value in word.items()}


def to_table(kind: type, records: list[Any]) -> pa.Table:
    """An Arrow table of records of one kind, with that kind's schema even when there are none."""
    return pa.Table.from_pylist([_to_row(record) for record in records], schema=SCHEMAS[kind])


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file beside the path that takes its place once it is written, and goes where writing fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_table(table: pa.Table, path: Path, metadata: dict[str, str] | None = None) -> None:
    """Write a Parquet file whole or not at all; `metadata` goes into the file's schema metadata."""
    if metadata:
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), **metadata})
    with whole(path) as partial:
        pq.write_table(table, partial, compression="zstd")


def write_batches(reader: pa.RecordBatchReader, path: Path) -> int:
    """Write what a reader gives to a Parquet file, whole or not at all, a batch at a time; returns the rows."""
    rows = 0
    with whole(path) as partial, pq.ParquetWriter(partial, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def write_records(kind: type, records: Iterable[Any], path: Path, metadata: dict[str, str] | None = None) -> None:
    """Write records of one kind to Parquet, whole or not at all, a group at a time as they come."""
    schema = SCHEMAS[kind].with_metadata(metadata) if metadata else SCHEMAS[kind]
    rest = iter(records)
    with whole(path) as partial, pq.ParquetWriter(partial, schema, compression="zstd") as writer:
        while batch := list(islice(rest, _GROUP.get(kind, 10_000))):
            writer.write_table(to_table(kind, batch).cast(schema))


def iter_records(kind: type, path: Path) -> Iterator[Any]:
    """The records of one kind in a Parquet file, in file order, read a group at a time.

    Raises StoreError if the file is damaged.
    """
    try:
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                for row in file.read_row_group(group).to_pylist():
                    yield _from_row(kind, row)
    except pa.ArrowInvalid as error:
        raise StoreError("is no readable Parquet file", str(path), "Delete it and run `dvc repro`.") from error


def read_records(kind: type, path: Path) -> list[Any]:
    """The records of one kind in a Parquet file, in file order."""
    return list(iter_records(kind, path))


def read_rows(path: Path, columns: list[str]) -> list[dict[str, Any]]:
    """Some columns of a Parquet file that holds no records, row by row."""
    rows: list[dict[str, Any]] = pq.read_table(path, columns=columns).to_pylist()
    return rows


def read_metadata(path: Path) -> dict[str, str]:
    """The schema metadata of a Parquet file; empty if there is no readable file."""
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return {}
    return {key.decode(): value.decode() for key, value in metadata.items() if key != b"ARROW:schema"}
