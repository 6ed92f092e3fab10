"""All records of a corpus -> coded.duckdb."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.corpus import demand_known_codes
from strategy_miner.corpus.corrections import SECOND
from strategy_miner.errors import StoreError
from strategy_miner.parquet import read_metadata, read_records
from strategy_miner.records import DeclaredField, Document, Failure, Project
from strategy_miner.store import schema
from strategy_miner.store.database import insert, writing
from strategy_miner.store.extra import load_extra_tables
from strategy_miner.store.labelled import load_gold, load_scores
from strategy_miner.store.named import counted_fields
from strategy_miner.store.search import add_search

if TYPE_CHECKING:
    from strategy_miner.coding import Codebook
    from strategy_miner.corpus import Corpus, NamedField
    from strategy_miner.store.database import Connection

STAGES = ("extract", "segment", "embed", "tag", "classify", "fields", "measures")
NEEDED = ("extract", "segment", "classify")  # without one of these the text of a document is not coded
FIELD = "field"  # the dimension of declared fields
NAMES_FILE = "names.parquet"  # in fields/: the names of Corpus.named_fields() with their codes


def write_coded(
    corpus: Corpus, codebooks: Sequence[Codebook], build: Path, target: Path, provenance: dict[str, str]
) -> None:
    """Write coded.duckdb whole or not at all.

    Args:
        corpus: its projects and documents; artefacts of documents that no longer belong to it are not read.
        codebooks: one per dimension; their codes are copied.
        build: the folder with the artefacts of the stages, <stage>/<document_id>.parquet and .failure.json.
        target: the database to write.
        provenance: goes into `runs`, and with it what the artefacts say of the language pipeline.

    Raises StoreError if an artefact cannot be read or the database cannot be written, CorpusError if a further table
    of the corpus or declared_fields.csv is wrong.
    """
    documents = corpus.documents()
    demand_known_codes(corpus.corrections(), {c.id for b in codebooks if b.dimension == FIELD for c in b.codes})
    with writing(target) as connection:
        for name in ("coded.sql", "views.sql"):
            schema.create_tables(connection, name)
        _load_projects(connection, corpus.projects, corpus.cohort_values)
        insert(connection, "corpus_info", _info(corpus))
        insert(connection, "project_documents", _pairs(corpus))
        codes = [(b.dimension, c.id, c.kind, c.name_de, c.name_en, c.definition_de) for b in codebooks for c in b.codes]
        insert(connection, "codes", codes)
        paths = {stage: _artefacts(build / stage, documents) for stage in STAGES}
        for stage in ("extract", "segment", "embed", "tag", "classify", "measures"):
            _load_stage(connection, stage, paths[stage])
        add_search(connection)
        load_scores(connection, build, documents)
        drawn = load_gold(connection, build)
        _load_fields(connection, corpus, build, paths["fields"])
        _load_documents(connection, corpus, paths)
        insert(connection, "calls", [astuple(call) for call in corpus.calls()])
        _load_failures(connection, corpus, build)
        load_extra_tables(connection, corpus)
        insert(connection, "published_figures", [astuple(figure) for figure in corpus.published()])
        provenance = provenance | _made_with(paths["tag"]) | drawn
        insert(connection, "runs", [("schema_version", schema.SCHEMA_VERSION), *sorted(provenance.items())])


def missing_id(file: str) -> str:
    """The document_id of a file that projects.csv names and the folder lacks: it has no content to hash."""
    return f"missing:{file}"


def _load_projects(connection: Connection, projects: Sequence[Project], cohorts: Sequence[str]) -> None:
    taken = {row[0] for row in connection.execute("DESCRIBE projects").fetchall()}
    extra = sorted({key for project in projects for key in project.extra})
    for key in extra:
        column = key
        while column.lower() in taken:  # DuckDB does not tell Name from name
            column += "_"
        taken.add(column.lower())
        connection.execute(f"ALTER TABLE projects ADD COLUMN {schema.name(column)} VARCHAR")
        schema.comment_on_column(connection, "projects", schema.name(column), f"column {key} of projects.csv as it is")
    rows = [
        (
            p.project_id, p.name, p.cohort, cohorts.index(p.cohort) if p.cohort is not None else None,
            p.municipality_type, p.title, p.published, list(p.files), *(p.extra.get(key) for key in extra),
        )
        for p in projects
    ]  # fmt: skip
    insert(connection, "projects", rows)


def _info(corpus: Corpus) -> list[tuple[str, str]]:
    title, label, note, scope = corpus.title, corpus.cohort_label, corpus.settings.note, corpus.settings.scope
    return [
        ("name", corpus.name),
        ("title_de", title.get("de", corpus.name)),
        ("title_en", title.get("en", title.get("de", corpus.name))),
        ("cohort_label", label.get("de", "")),
        ("cohort_label_en", label.get("en", label.get("de", ""))),
        ("cohort_values", json.dumps(list(corpus.cohort_values), ensure_ascii=False)),
        ("fictional", "true" if corpus.fictional else "false"),
        ("notes", note.get("de", "")),
        ("notes_en", note.get("en", note.get("de", ""))),
        ("scope", scope.get("de", "")),
        ("scope_en", scope.get("en", scope.get("de", ""))),
    ]


def _pairs(corpus: Corpus) -> list[tuple[str, str]]:
    missing = sorted({(project_id, missing_id(file)) for project_id, file in corpus.missing_files()})
    return [*corpus.project_documents(), *missing]


def _artefacts(folder: Path, documents: Sequence[Document]) -> list[Path]:
    """A list instead of a glob: no stale document gets in, and none is no error."""
    paths = [folder / f"{document.document_id}.parquet" for document in documents]
    return [path for path in paths if path.is_file()]


def _made_with(paths: Sequence[Path]) -> dict[str, str]:
    """The language pipeline that the artefacts name; none where nothing was tagged."""
    return {key: value for path in paths for key, value in read_metadata(path).items() if key == "nlp"}


_BLOCKS = """
    SELECT document_id, page, unnest(blocks) AS block FROM read_parquet($paths)
"""
# A block that runs over a page break lists the words of both pages; a word stands on the page whose box holds it.
_WORD_PAGE = """
    coalesce(
        [b.page FOR b IN block.boxes
         IF (word.x0 + word.x1) / 2 BETWEEN b.x0 - 1 AND b.x1 + 1
         AND (word.top + word.bottom) / 2 BETWEEN b.top - 1 AND b.bottom + 1][1],
        page)
"""
_LOADS = {
    "extract": (
        """INSERT INTO pages
        SELECT document_id, page, width, height, engine, grade, reason,
            coalesce(list_sum([len(b.words) FOR b IN blocks]), 0), german, disagreement, confidence
        FROM read_parquet($paths)""",
        f"""INSERT INTO blocks
        SELECT block.id, document_id, page, block."order", block.kind, block.level, block.text, block.raw,
            block.heading_path, block.boxes, block.rows, block.header_rows, block.header_columns, block.pairs,
            block.belongs_to, block.language, block.offsets
        FROM ({_BLOCKS})""",
        f"""INSERT INTO words
        SELECT document_id, CASE WHEN block.boxes[-1].page = page THEN page ELSE {_WORD_PAGE} END, block.id,
            word.n, word.text, word.x0, word.top, word.x1, word.bottom
        FROM (SELECT document_id, page, block, unnest(block.words) AS word FROM ({_BLOCKS}))""",
    ),
    "segment": (
        """INSERT INTO segments
        SELECT id, document_id, "order", page, role, heading_path, text, words, boxes, blocks
        FROM read_parquet($paths)""",
    ),
    "embed": ("INSERT INTO vectors SELECT segment_id, vector FROM read_parquet($paths)",),
    "tag": ("INSERT INTO lemmas SELECT segment_id, document_id, lemmas, tags FROM read_parquet($paths)",),
    "classify": (
        """INSERT INTO codings
        SELECT unit_id, document_id, dimension, code, round(p::DOUBLE, 6), coder, evidence FROM read_parquet($paths)""",
    ),
    "measures": (
        """INSERT INTO measures
        SELECT id, document_id, page, title, description, codes, labels, boxes, form, fields, technologies, status,
            responsible, partners, period, start_year, end_year, cost, cost_euro_low, cost_euro_high, cost_per_year
        FROM read_parquet($paths)""",
    ),
}


def _load_stage(connection: Connection, stage: str, paths: Sequence[Path]) -> None:
    if not paths:
        return
    names = [str(path) for path in paths]
    import duckdb

    try:
        if stage == "embed":
            _fit_vector_length(connection, names)
        for sql in _LOADS[stage]:
            connection.execute(sql, {"paths": names})
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.BinderException) as error:
        remedy = "Delete that folder and run `dvc repro` again."
        raise StoreError(str(error).split("\n")[0], str(paths[0].parent), remedy) from error


def _fit_vector_length(connection: Connection, names: Sequence[str]) -> None:
    """Another encoder may have vectors of another length than the table's default."""
    found = connection.execute("SELECT max(len(vector)) FROM read_parquet($paths)", {"paths": names}).fetchone()
    length = found[0] if found and found[0] else 384
    connection.execute(f"ALTER TABLE vectors ALTER vector TYPE FLOAT[{length}]")


def _load_fields(connection: Connection, corpus: Corpus, build: Path, paths: Sequence[Path]) -> None:
    projects_of: dict[str, list[str]] = {}
    for project_id, document_id in corpus.project_documents():
        projects_of.setdefault(document_id, []).append(project_id)
    found: dict[str, list[DeclaredField]] = {}
    person: dict[str, list[DeclaredField]] = {}
    for path in paths:
        for field in read_records(DeclaredField, path):
            for project_id in projects_of.get(field.document_id, []):
                found.setdefault(project_id, []).append(field)
    for field in _named(corpus, build):
        (person if field.origin == "person" else found).setdefault(field.project_id, []).append(field)
    rows: dict[str, list[NamedField]] = {}
    for row in corpus.corrections():
        rows.setdefault(row.project_id, []).append(row)
    values = [
        (
            f.id, project_id, f.document_id, f.field_name, f.page, f.level, list(f.codes), f.orientation, f.ecology,
            f.evidence, f.origin, f.source, counted.oriented_by, counted.ecology_by, counted.counts,
        )
        for project_id in sorted({*found, *person})
        for counted in counted_fields(
            found.get(project_id, []), person.get(project_id, []), rows.get(project_id, [])
        )
        for f in [counted.field]
    ]  # fmt: skip
    insert(connection, "declared_fields", values)
    readings = [r for own in rows.values() for r in own if r.action == SECOND]
    insert(connection, "second_readings", [
        (r.project_id, r.field_name, r.source, r.orientation or None, r.ecology) for r in readings
    ])  # fmt: skip


def _named(corpus: Corpus, build: Path) -> list[DeclaredField]:
    """Names from outside the PDFs. Uncoded ones are refused: they would pass for fields without any orientation."""
    coded = build / "fields" / NAMES_FILE
    if coded.is_file():
        return list(read_records(DeclaredField, coded))
    if corpus.named_fields():
        remedy = f"Run `dvc repro fields@{corpus.name}` first."
        raise StoreError("the names of fields known from elsewhere are not coded", str(coded), remedy)
    return []


def _load_documents(connection: Connection, corpus: Corpus, paths: dict[str, list[Path]]) -> None:
    done = {stage: {path.stem for path in paths[stage]} for stage in NEEDED}
    given: list[tuple[str, str, str | None, bool, bool]] = [
        (d.document_id, d.file, d.sha256, all(d.document_id in done[stage] for stage in NEEDED), False)
        for d in corpus.documents()
    ]
    missing = sorted({file for _, file in corpus.missing_files()})
    given += [(missing_id(file), file, None, False, True) for file in missing]
    connection.execute(
        "CREATE TEMP TABLE given (document_id VARCHAR, file VARCHAR, sha256 VARCHAR, coded BOOLEAN, missing BOOLEAN)"
    )
    insert(connection, "given", given)
    connection.execute(
        """INSERT INTO documents
        WITH p AS (
            SELECT document_id, count(*) AS pages, count(*) FILTER (grade = 'unread') AS unread, sum(words) AS words
            FROM pages GROUP BY document_id
        ), s AS (SELECT document_id, count(*) AS segments FROM segments GROUP BY document_id)
        SELECT g.document_id, g.file, g.sha256,
            CASE WHEN g.missing THEN 'missing' WHEN g.coded AND p.words > 0 THEN 'read' ELSE 'failed' END,
            p.pages, p.unread, p.words, CASE WHEN g.coded THEN coalesce(s.segments, 0) ELSE s.segments END
        FROM given AS g LEFT JOIN p USING (document_id) LEFT JOIN s USING (document_id)
        ORDER BY g.missing, g.file, g.document_id"""
    )
    connection.execute("DROP TABLE given")


def _load_failures(connection: Connection, corpus: Corpus, build: Path) -> None:
    known = {document.document_id for document in corpus.documents()}
    failures = [
        failure for stage in STAGES for failure in _left_failures(build / stage) if failure.document_id in known
    ]
    failures += [
        Failure(missing_id(file), file, "extract", "CorpusError", "The file is not there. Put it into the PDF folder.")
        for file in sorted({file for _, file in corpus.missing_files()})
    ]
    named = {failure.document_id for failure in failures}
    sql = "SELECT document_id, file, pages, pages_unread FROM documents WHERE status = 'failed' ORDER BY ALL"
    for document_id, file, pages, unread in connection.execute(sql).fetchall():
        if document_id not in named:
            failures.append(_unexplained(document_id, file, pages, unread))
    insert(connection, "failures", [astuple(failure) for failure in failures])


def _left_failures(folder: Path) -> list[Failure]:
    names = {field.name for field in fields(Failure)}
    rows = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.failure.json"))]
    return [Failure(**{key: value for key, value in row.items() if key in names}) for row in rows]


def _unexplained(document_id: str, file: str, pages: int | None, unread: int | None) -> Failure:
    if pages is None:
        return Failure(document_id, file, "store", "NoResult", "No stage has read it yet. Run `dvc repro`.")
    what = f"None of its {pages} pages gave any text, {unread} could not be read."
    remedy = "Install tesseract and run `dvc repro` again, or supply a PDF with text."
    return Failure(document_id, file, "store", "NoText", f"{what} {remedy}")
