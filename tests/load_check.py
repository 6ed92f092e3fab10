"""`python -m tests.load_check [FOLDER]`: 61 made documents of 100 pages, 90,000 segments and every code of the codebook
at table level; how long store, analyse, every view, the exports and the report take. The texts are made-up words.

The artefacts of the stages are made column by column (no record objects), so that making them takes little time.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from strategy_miner.analysis import analyse
from strategy_miner.coding import Codebook
from strategy_miner.corpus import Corpus
from strategy_miner.parquet import SCHEMAS, write_table
from strategy_miner.records import Coding, DeclaredField, Measure, Page, Score, Segment, TaggedSegment
from strategy_miner.report import write_report
from strategy_miner.settings import Settings
from strategy_miner.store import (
    Chosen,
    Wording,
    connect,
    provenance,
    query,
    quote_list,
    write_coded,
    write_csv,
    write_parquet,
    write_xlsx,
)  # fmt: skip
from tests.store_corpus import CorpusFolder

DOCUMENTS, PAGES, SEGMENTS = 61, 100, 1_475  # per document; 61 x 1,475 = 89,975
WORDS, CODINGS = 60, 2.4  # per segment; as many codings as a segment of the demo has
STAFFEL = [1] * 10 + [2] * 24 + [3] * 27
_SYLLABLES = [
    "stadt",
    "land",
    "netz",
    "haus",
    "plan",
    "werk",
    "raum",
    "bild",
    "feld",
    "wald",
    "berg",
    "bach",
    "tal",
    "see",
    "weg",
    "platz",
    "amt",
    "rat",
    "daten",
]


def main(root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    settings = Settings.load()
    books = [Codebook.load(Path(settings.classify.codebook), d) for d in settings.classify.dimensions]
    corpus, seconds = timed(lambda: made(root, books))
    print(f"made {DOCUMENTS} documents in {seconds:.0f} s", flush=True)
    build = root / "build" / "klein"
    coded, database = build / "coded.duckdb", build / "strategy.duckdb"
    told("store", lambda: write_coded(corpus, books, build, coded, provenance(settings)))
    told("analyse", lambda: analyse(coded, database, settings.analyse, settings.seed))
    with connect(database) as connection:
        views = [
            row[0] for row in connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        ]
        slowest = sorted(((timed(connection.sql(f"FROM {v}").to_arrow_table)[1], v) for v in views), reverse=True)
    print(f"{len(views)} views, every row fetched; slowest: " + ", ".join(f"{v} {s:.2f} s" for s, v in slowest[:3]))
    listed, german = quote_list(database, Chosen()), Wording("de", "Staffel")
    told("quotes as CSV", lambda: write_csv(database, listed, root / "zitate.csv", german))
    told("quotes as XLSX", lambda: write_xlsx(database, [listed], root / "zitate.xlsx", [], german))
    told("quotes as Parquet", lambda: write_parquet(database, listed, root / "zitate.parquet"))
    told("report", lambda: write_report(database, build / "report", settings.report))
    counts = {
        t: query(database, f"SELECT count(*) FROM {t}")[1][0][0] for t in ("segments", "words", "codings", "pages")
    }
    print(counts, f"database {database.stat().st_size / 1e6:.0f} MB")


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def told(what: str, work: Callable[[], Any]) -> None:
    begun = time.process_time()
    _, seconds = timed(work)
    print(f"{what}: {seconds:.1f} s ({time.process_time() - begun:.1f} s of processor time)", flush=True)


def made(root: Path, books: Sequence[Codebook]) -> Corpus:
    """The artefacts of every stage; the share of integrated codes rises with the Staffel."""
    draw = np.random.default_rng(1)
    folder = CorpusFolder(root)
    words = np.array(sorted({a.title() + b for a in _SYLLABLES for b in _SYLLABLES} | set(_SYLLABLES)))
    for number in range(DOCUMENTS):
        name = f"p{number:02d}"
        folder.project(name, str(STAFFEL[number]), f"{name}.pdf", municipality_type=f"Stadt {number % 4}")
        document = folder.pdf(f"{name}.pdf")
        chosen = draw.choice(words, (SEGMENTS, WORDS), p=_zipf(len(words)))
        ids = [f"{document.document_id}{k:04x}" for k in range(SEGMENTS)]
        for stage, table, metadata in (
            ("extract", _pages(document.document_id, chosen), None),
            ("segment", _segments(document.document_id, ids, chosen), None),
            ("embed", _vectors(ids, draw), None),
            ("tag", _tags(document.document_id, ids, chosen), {"nlp": "made"}),
            ("classify", _codings(document.document_id, ids, books, STAFFEL[number], draw), None),
            ("scores", _scores(document.document_id, ids, len(books[0].codes), draw),
             {"threshold codebook": "0.5", "threshold lexicon": "0.5"}),
            ("fields", _fields(document.document_id, books[0], STAFFEL[number], draw), None),
            ("measures", _measures(document.document_id, books[0], draw), None),
        ):  # fmt: skip
            write_table(table, folder.build / stage / f"{document.document_id}.parquet", metadata)
    return folder.load()


def _zipf(n: int) -> Any:
    weights = 1 / np.arange(1, n + 1)
    return weights / weights.sum()


def _page_of(segment: int) -> int:
    return 1 + segment * PAGES // SEGMENTS


def _boxes(segment: int) -> list[dict[str, float]]:
    top = 60.0 + 40 * (segment % 15)
    return [{"page": _page_of(segment), "x0": 50.0, "top": top, "x1": 500.0, "bottom": top + 36}]


def _pages(document_id: str, chosen: Any) -> pa.Table:
    kind = SCHEMAS[Page].field("blocks").type
    n = np.arange(chosen.size, dtype=np.int32)
    left = (50 + 40 * (n % 12)).astype(np.float32)
    top = (60 + 40 * (n // WORDS % 15) + 7 * (n % WORDS // 12)).astype(np.float32)
    columns = [pa.array(n), pa.array(chosen.ravel()), *map(pa.array, (left, top, left + 38, top + 6))]
    word = pa.StructArray.from_arrays(columns, fields=list(kind.value_type.field("words").type.value_type))
    offsets = pa.array(np.arange(0, chosen.size + 1, WORDS, dtype=np.int32))
    texts = pa.array([" ".join(row) for row in chosen])
    same: dict[str, Any] = {"kind": "paragraph", "level": None, "heading_path": ["Handlungsfelder"], "rows": [],
                            "header_rows": 0, "header_columns": 0, "pairs": [], "belongs_to": "", "language": "de",
                            "offsets": []}  # fmt: skip
    own = {"id": [f"{document_id}b{k}" for k in range(SEGMENTS)], "order": list(range(SEGMENTS)), "text": texts,
           "raw": texts, "boxes": [_boxes(k) for k in range(SEGMENTS)],
           "words": pa.ListArray.from_arrays(offsets, word)}  # fmt: skip
    arrays = [_array(own.get(f.name, [same.get(f.name)] * SEGMENTS), f.type) for f in kind.value_type]
    blocks = pa.StructArray.from_arrays(arrays, fields=list(kind.value_type))
    starts = [0] + [k for k in range(1, SEGMENTS) if _page_of(k) != _page_of(k - 1)] + [SEGMENTS]
    page = {"document_id": [document_id] * PAGES, "page": list(range(1, PAGES + 1)), "width": [595.0] * PAGES,
            "height": [842.0] * PAGES, "engine": ["made"] * PAGES, "grade": ["read"] * PAGES, "reason": [""] * PAGES,
            "blocks": pa.ListArray.from_arrays(pa.array(starts, pa.int32()), blocks)}  # fmt: skip
    return _table(Page, page, PAGES)


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    return values.cast(kind) if isinstance(values, pa.Array) else pa.array(values, kind)


def _table(kind: type, columns: dict[str, Any], rows: int) -> pa.Table:
    schema = SCHEMAS[kind]
    return pa.table([_array(columns.get(f.name, [None] * rows), f.type) for f in schema], schema=schema)


def _segments(document_id: str, ids: list[str], chosen: Any) -> pa.Table:
    places = range(SEGMENTS)
    return _table(Segment, {
        "id": ids, "document_id": [document_id] * SEGMENTS, "order": list(places),
        "page": [_page_of(k) for k in places], "role": ["paragraph"] * SEGMENTS,
        "heading_path": [["Handlungsfelder", f"Kapitel {k // 20}"] for k in places],
        "text": [" ".join(row) for row in chosen],
        "words": [list(range(k * WORDS, (k + 1) * WORDS)) for k in places],
        "boxes": [_boxes(k) for k in places], "blocks": [[f"{document_id}b{k}"] for k in places],
    }, SEGMENTS)  # fmt: skip


def _vectors(ids: list[str], draw: Any) -> pa.Table:
    vectors = draw.normal(size=(SEGMENTS, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return pa.table({"segment_id": ids, "vector": pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), 384)})


def _tags(document_id: str, ids: list[str], chosen: Any) -> pa.Table:
    tags = ["NOUN", "ADJ", "VERB"] * (WORDS // 3)
    columns = {"segment_id": ids, "document_id": [document_id] * SEGMENTS, "lemmas": chosen.tolist(),
               "tags": [tags] * SEGMENTS}  # fmt: skip
    return _table(TaggedSegment, columns, SEGMENTS)


def _codings(document_id: str, ids: list[str], books: Sequence[Codebook], cohort: int, draw: Any) -> pa.Table:
    codes = [(book.dimension, code.id, code.kind) for book in books for code in book.codes]
    weights = np.array([3.0 + cohort * (kind == "integrated") if d == "field" else 1.0 for d, _, kind in codes])
    rows = round(SEGMENTS * CODINGS)
    segments = draw.integers(0, SEGMENTS, rows).tolist()
    pairs = sorted(set(zip(segments, draw.choice(len(codes), rows, p=weights / weights.sum()).tolist(), strict=True)))
    return _table(Coding, {
        "unit_id": [ids[s] for s, _ in pairs], "document_id": [document_id] * len(pairs),
        "dimension": [codes[c][0] for _, c in pairs], "code": [codes[c][1] for _, c in pairs],
        "p": draw.uniform(0.5, 1, len(pairs)).astype(np.float32), "coder": [f"model {codes[c][0]}" for _, c in pairs],
        "evidence": ["Stadtnetz, Datenraum"] * len(pairs),
    }, len(pairs))  # fmt: skip


def _scores(document_id: str, ids: list[str], codes: int, draw: Any) -> pa.Table:
    rows = 2 * SEGMENTS
    p = pa.array(list(draw.beta(0.2, 2, (rows, codes)).astype(np.float32)))
    coder = ["codebook"] * SEGMENTS + ["lexicon"] * SEGMENTS
    return _table(Score, {"segment_id": ids * 2, "document_id": [document_id] * rows, "coder": coder, "p": p}, rows)


def _fields(document_id: str, book: Codebook, cohort: int, draw: Any) -> pa.Table:
    chosen = [book.codes[k] for k in draw.choice(len(book.codes), 7, replace=False)]
    return _table(DeclaredField, {
        "id": [f"{document_id}f{k}" for k in range(7)], "project_id": [""] * 7, "document_id": [document_id] * 7,
        "field_name": [code.name_de for code in chosen], "page": [5] * 7, "level": [2] * 7,
        "codes": [[code.id] for code in chosen], "orientation": [code.kind for code in chosen],
        "ecology": [code.id in ("energie", "umwelt_klima") for code in chosen], "evidence": ["Überschrift"] * 7,
        "origin": ["text"] * 7, "source": ["outline"] * 7,
    }, 7)  # fmt: skip


def _measures(document_id: str, book: Codebook, draw: Any) -> pa.Table:
    texts = {name: [""] * 10 for name in ("responsible", "partners", "period", "cost")}
    return _table(Measure, {
        "id": [f"{document_id}m{k}" for k in range(10)], "document_id": [document_id] * 10,
        "page": [int(page) for page in draw.integers(1, PAGES, 10)], "title": [f"Maßnahme {k}" for k in range(10)],
        "description": ["Eine Beschreibung."] * 10, "labels": [[["Status", "geplant"]]] * 10,
        "codes": [[book.codes[k].id] for k in draw.integers(0, len(book.codes), 10)],
        "boxes": [_boxes(k) for k in range(10)], "form": ["sheet"] * 10, "fields": [["Energie"]] * 10,
        "technologies": [["dashboard"]] * 10, "status": ["implementation"] * 10, **texts,
        "cost_per_year": [False] * 10,
    }, 10)  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1] if sys.argv[1:] else "build/load"))
