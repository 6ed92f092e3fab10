"""How well search finds: labelled paragraphs by the names of codes, real texts by words in other forms than theirs."""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.store.database import insert, query, writing
from strategy_miner.store.schema import SCHEMA_VERSION, create_tables
from strategy_miner.store.search import add_search, search_table

if TYPE_CHECKING:
    import numpy as np

    Encode = Callable[[Sequence[str]], np.ndarray]

Queries = dict[str, set[int]]  # words sought -> numbers of the texts that should be found
_SHORTEST = 15  # words of a paragraph of the real texts
# Words sought and what a paragraph that has them in any form must match; the patterns were written before the search.
_PATTERNS = Path(__file__).with_name("evaluate_search.csv")


def labelled(gold: Path, codebook: Path) -> tuple[list[str], Queries]:
    """The paragraphs of segments_dev.jsonl; names of codes -> those to which both coders gave it, if four or more."""
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    with codebook.open(encoding="utf-8", newline="") as handle:
        names = {row["id"]: row["name_de"] for row in csv.DictReader(handle) if row["dimension"] == "field"}
    both = [set(row["coder_a"]) & set(row["coder_b"]) for row in rows]
    found = {name: {n for n, codes in enumerate(both) if code in codes} for code, name in names.items()}
    return [row["text"] for row in rows], {name: which for name, which in found.items() if len(which) > 3}


def inflected(folder: Path) -> tuple[list[str], Queries]:
    """The paragraphs of the real texts; words sought -> those that have them in any form, by a regular expression."""
    files = sorted(folder.glob("*.md"))
    parts = [part for path in files for part in re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))]
    texts = sorted({" ".join(part.split()) for part in parts if len(part.split()) >= _SHORTEST})
    with _PATTERNS.open(encoding="utf-8", newline="") as handle:
        wanted = {row["words"]: re.compile(row["pattern"]) for row in csv.DictReader(handle)}
    found = {words: {n for n, t in enumerate(texts) if pattern.search(t.lower())} for words, pattern in wanted.items()}
    return texts, {words: which for words, which in found.items() if which}


def measured(texts: Sequence[str], queries: Queries, encode: Encode | None) -> dict[str, tuple[float, float, float]]:
    """Mean average precision, precision at 10 and recall at 50 over the queries, by words, by meaning and by both.

    Without `encode` by words only.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "search.duckdb")
        vectors: Sequence[np.ndarray] = list(encode(texts)) if encode else []
        with writing(database) as connection:
            create_tables(connection, "coded.sql")
            insert(connection, "runs", [("schema_version", SCHEMA_VERSION)])
            connection.execute("INSERT INTO documents (document_id) VALUES ('d')")
            connection.execute("INSERT INTO projects (project_id) VALUES ('p')")
            insert(connection, "project_documents", [("p", "d")])
            rows: list[tuple[object, ...]] = [
                (str(n), "d", n, 1, "", [], text, [], [], []) for n, text in enumerate(texts)
            ]
            insert(connection, "segments", rows)
            insert(connection, "vectors", [(str(n), vector.tolist()) for n, vector in enumerate(vectors)])
            add_search(connection)
        scores: dict[str, list[tuple[float, float, float]]] = {}
        for words, wanted in queries.items():
            sought = encode([words])[0].tolist() if encode else None
            ways = {"words": (words, None)} | ({"meaning": ("", sought), "both": (words, sought)} if encode else {})
            for way, (by_words, vector) in ways.items():
                table = search_table(by_words, vector, len(texts), None)
                found = [int(row[8]) for row in query(database, table.sql, table.parameters)[1]]
                scores.setdefault(way, []).append(_score(found, wanted))
    return {way: _mean(rows) for way, rows in scores.items()}


def _score(found: Sequence[int], wanted: set[int]) -> tuple[float, float, float]:
    hits, precisions = 0, 0.0
    for place, n in enumerate(found, start=1):
        if n in wanted:
            hits += 1
            precisions += hits / place
    first, fifty = (len(wanted & set(found[:limit])) / min(limit, len(wanted)) for limit in (10, 50))
    return precisions / len(wanted), first, fifty


def _mean(rows: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    a, b, c = (sum(column) / len(rows) for column in zip(*rows, strict=True))
    return a, b, c
