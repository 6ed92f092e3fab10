"""The result database as a REFI-QDA project: documents, codes, codings, municipalities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strategy_miner.coding.refi_qda import clean, export_qdc, guid_of, parsed
from strategy_miner.errors import ReadingError, StoreError
from strategy_miner.reading.frames import PageFrame, frames
from strategy_miner.records import file_sha256
from strategy_miner.store.database import connect
from strategy_miner.store.refi_places import Piece, areas_of, excerpt, text_of
from strategy_miner.store.refi_project import (
    Applied,
    Area,
    Case,
    Code,
    Group,
    Passage,
    Project,
    Source,
    User,
    Variable,
    walked,
)
from strategy_miner.store.refi_read import codes_and_groups
from strategy_miner.store.schema import demand_schema

if TYPE_CHECKING:
    from strategy_miner.coding import Codebook
    from strategy_miner.store.database import Connection

FIELD = "field"
OURS = "strategy-miner"  # who marks the segments of a sample
MARK, NO_CODE = guid_of("mark", "sample"), guid_of("mark", "none")
_MARKS = (
    Code(MARK, "Stichprobe", description="Diese Textstelle ist zu kodieren. Bitte stehen lassen."),
    Code(NO_CODE, "Kein Code passt", description="Gelesen, aber kein Code des Codebuchs trifft zu."),
)
_SAMPLE_NOTE = (
    "Bitte nur die Textstellen mit dem Code „Stichprobe“ kodieren, jede allein und ohne Rücksprache, "
    "wo nichts zutrifft mit „Kein Code passt“. Es zählt, was der Text sagt, nicht, was in einer Strategie üblich ist."
)
_KNOWN_FACTS = ("cohort", "municipality_type", "published", "published_year")  # columns of projects, said already


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a database goes into a project: all of it where nothing is chosen.

    `pdf_folder`: where the PDFs are; None leaves them out. `coders`: ids of models, names of people, `machine` for all
    models, `all`. `sample`: ids of the segments drawn for people to code; then
    these are marked, and neither codings nor cohorts are in it, which would tell coders what to expect.
    """

    pdf_folder: Path | None = None
    dimensions: tuple[str, ...] = ()
    coders: tuple[str, ...] = ()
    sample: frozenset[str] = frozenset()


def project_of(database: Path, codebooks: Sequence[Codebook], choice: Choice) -> Project:
    """The project that a result database holds, with the codes of `codebooks` under the guids of their .qdc files.

    A document's plain text is its headings and segments in reading order; `Project.told` names what is missing.
    Raises StoreError if the database is missing or of another schema, or if a dimension or coder is unknown.
    """
    with connect(database) as connection:
        demand_schema(connection, database)
        read = _Read(connection, choice, codebooks)
        info = dict(connection.execute("SELECT key, value FROM corpus_info").fetchall())
        sources = list(read.sources())
        kept = {source.guid: number for number, source in enumerate(sources)}
        used = {coding.user for source in sources for passage in source.passages for coding in passage.codings}
        cases, variables = ([], []) if choice.sample else read.cases(info, kept)
        cohorts = () if choice.sample else read.cohorts(info, kept)
        return Project(
            name=info.get("title_de") or info.get("name", ""),
            description=read.description(info),
            users=tuple(user for user in read.people() if user.guid in used),
            codes=tuple(read.codes),
            variables=tuple(variables),
            cases=tuple(cases),
            sources=tuple(sources),
            groups=(*read.groups, *cohorts),
            told=tuple(read.told),
        )


class _Read:
    """The parts of a project out of an open database."""

    def __init__(self, connection: Connection, choice: Choice, codebooks: Sequence[Codebook]) -> None:
        self.connection, self.choice = connection, choice
        self.told: list[str] = []
        self.users = {OURS: OURS} if choice.sample else self._users()
        self.codes, self.groups = self._codes(codebooks)
        self.codes += _MARKS if choice.sample else ()
        self.names = {code.guid: code.name for code in walked(self.codes)}

    def people(self) -> list[User]:
        """Everybody who may have coded."""
        return [User(_user(coder), name) for coder, name in self.users.items()]

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.connection.execute(sql, list(parameters)).fetchall()

    def _users(self) -> dict[str, str]:
        """Name by coder: a model is named by what it codes, a person by itself."""
        sql = "SELECT coder, string_agg(DISTINCT dimension, ', ' ORDER BY dimension) FROM codings GROUP BY 1 ORDER BY 1"
        models = dict(self.rows(sql))
        people = [coder for (coder,) in self.rows("SELECT DISTINCT coder FROM gold_labels ORDER BY ALL")]
        users = {coder: f"strategy-miner {dimension} {coder}" for coder, dimension in models.items()}
        users |= {coder: coder for coder in people}
        wanted = set(self.choice.coders)
        if unknown := sorted(wanted - users.keys() - {"machine", "all"}):
            raise StoreError(f"no codings of {unknown[0]!r}", "--coder", f"Coders: {', '.join(users) or 'none'}.")
        wanted |= models.keys() if "machine" in wanted else set()
        return {c: name for c, name in users.items() if not wanted or "all" in wanted or c in wanted}

    def _codes(self, codebooks: Sequence[Codebook]) -> tuple[list[Code], list[Group]]:
        """The codes of the chosen dimensions, from the codebooks and, where those lack one, from the database."""
        stored: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for dimension, *code in self.rows("SELECT dimension, id, name_de, definition_de FROM codes"):
            stored[dimension].append(tuple(code))
        books = {book.dimension: book for book in codebooks}
        if unknown := [name for name in self.choice.dimensions if name not in stored]:
            raise StoreError(f"no dimension {unknown[0]!r}", "--dimension", f"Dimensions: {', '.join(stored)}.")
        codes: list[Code] = []
        groups: list[Group] = []
        for dimension, own in stored.items():
            if self.choice.dimensions and dimension not in self.choice.dimensions:
                continue
            top, sets = _of_book(books[dimension]) if dimension in books else (_bare(dimension), [])
            known = {code.guid for code in walked([top])}
            more = [Code(code_guid(dimension, c), name, True, text) for c, name, text in own]
            more = [code for code in more if code.guid not in known]
            if more and dimension in books:
                self.told.append(f"{len(more)} codes of {dimension} are not in the codebook of today; names only")
            codes.append(replace(top, codes=(*top.codes, *more)))
            groups += sets
        return _distinct(codes), groups

    def sources(self) -> Iterator[Source]:
        """The documents that were read, in the order of their names."""
        documents = self.rows("SELECT document_id, file, sha256 FROM documents WHERE status = 'read' ORDER BY file, 1")
        if left := self.rows("SELECT file FROM documents WHERE status <> 'read' ORDER BY file"):
            self.told.append(f"{len(left)} documents without text are left out: {_some([file for (file,) in left])}")
        pieces, given = self._pieces(), self._given()
        pdfs = {document: self._pdf(file, sha256) for document, file, sha256 in documents}
        pages = self._frames(pdfs)
        for document, file, _ in documents:
            text, own = pieces.get(document, ("", []))
            guid = source_guid(document)
            pdf = pdfs[document] if document in pages else None
            source = Source(guid, file, text, guid if pdf is None else guid_of("text", document), pdf)
            coded = [(piece, given[piece.id]) for piece in own if piece.id in given]
            passages = tuple(self._passage(piece, codings) for piece, codings in coded)
            areas: list[Area] = []
            if pdf is not None:
                for (piece, _), passage in zip(coded, passages, strict=True):
                    areas += areas_of(piece, passage, pages[document])
            yield replace(source, passages=passages, areas=tuple(areas))

    def _pieces(self) -> dict[str, tuple[str, list[Piece]]]:
        """Plain text and segments by document."""
        rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        sql = 'SELECT document_id, id, heading_path, text, boxes FROM segments ORDER BY document_id, "order"'
        for document, *row in self.rows(sql):
            rows[document].append(tuple(row))
        return {document: text_of(own) for document, own in rows.items()}

    def _given(self) -> dict[str, list[tuple[str, str, str, str]]]:
        """Per segment the codes given to it: guid of the code, coder, p as people write it, what spoke for it."""
        if self.choice.sample:
            return {segment: [(MARK, OURS, "", "")] for segment in self.choice.sample}
        given: dict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
        known = set(self.names)
        sql = "SELECT unit_id, dimension, code, coder, p, evidence FROM codings ORDER BY unit_id, dimension, p DESC, 3"
        for segment, dimension, code, coder, p, evidence in self.rows(sql):
            guid = code_guid(dimension, code)
            if guid in known and coder in self.users:
                given[segment].append((guid, coder, f"{p:.2f}".replace(".", ","), evidence or ""))
        for segment, coder, codes in self.rows("SELECT segment_id, coder, codes FROM gold_labels ORDER BY ALL"):
            for guid in (code_guid(FIELD, code) for code in codes):
                if guid in known and coder in self.users:
                    given[segment].append((guid, coder, "", ""))
        return given

    def _pdf(self, file: str, sha256: str | None) -> Path | None:
        folder = self.choice.pdf_folder
        if folder is None or Path(file).suffix.lower() != ".pdf":
            return None
        path = folder / file
        if not path.is_file():
            self.told.append(f"{file} is not in {folder}: its text is there, its pages are not")
            return None
        if sha256 and file_sha256(path) != sha256:
            self.told.append(f"{file} is not the file that was read: its text is there, its pages are not")
            return None
        return path

    def _frames(self, pdfs: Mapping[str, Path | None]) -> dict[str, list[PageFrame]]:
        """The pages of the PDFs that can be opened, by document."""
        wanted = {document: path for document, path in pdfs.items() if path is not None}
        found = dict(zip(wanted, frames(list(wanted.values())), strict=True))
        self.told += [f"{one} Its text is there." for one in found.values() if isinstance(one, ReadingError)]
        return {document: one for document, one in found.items() if not isinstance(one, ReadingError)}

    def _passage(self, piece: Piece, codings: Sequence[tuple[str, str, str, str]]) -> Passage:
        applied = tuple(
            Applied(guid_of("coding", piece.id, code, coder), code, _user(coder)) for code, coder, *_ in codings
        )
        told = [f"{self.names[code]}: p = {p}; {why}".rstrip("; ") for code, _, p, why in codings if p]
        guid, name = guid_of("selection", piece.id), excerpt(piece.text)
        return Passage(guid, piece.start, piece.end, name, clean("\n".join(told)), _user(codings[0][1]), applied)

    def cases(self, info: Mapping[str, str], kept: Mapping[str, int]) -> tuple[list[Case], list[Variable]]:
        """The municipalities with what projects.csv and the further tables say of them."""
        label = info.get("cohort_label") or "Kohorte"
        variables = {
            "cohort": Variable(guid_of("variable", "cohort"), label),
            "municipality_type": Variable(guid_of("variable", "municipality_type"), "Gemeindetyp"),
            "title": Variable(guid_of("variable", "title"), "Titel der Strategie"),
            "published": Variable(guid_of("variable", "published"), "Veröffentlicht"),
        }
        sql = "SELECT project_id, name, cohort, municipality_type, title, published FROM projects ORDER BY 1"
        found = {project: (name, dict(zip(variables, own, strict=True))) for project, name, *own in self.rows(sql)}
        facts = self.rows("SELECT fact, project_id, value, number FROM project_facts ORDER BY ALL")
        for fact in sorted({fact for fact, *_ in facts} - set(_KNOWN_FACTS)):
            own = {project: (value, number) for name, project, value, number in facts if name == fact}
            numbers = [number for value, number in own.values() if value]
            kind = "Text"
            if numbers and None not in numbers:
                kind = "Integer" if all(number == int(number) for number in numbers) else "Float"
            variables[fact] = Variable(guid_of("variable", fact), fact, kind)
            for project, (value, number) in own.items():
                found[project][1][fact] = value if kind == "Text" else _decimal(number)
        documents: dict[str, list[str]] = defaultdict(list)
        for project, document in self.rows("SELECT project_id, document_id FROM project_documents ORDER BY ALL"):
            if (guid := source_guid(document)) in kept:
                documents[project].append(guid)
        cases = [
            Case(
                guid_of("case", info.get("name", ""), project), name, values["title"] or "",
                tuple((variables[key].guid, value) for key, value in values.items() if value),
                tuple(sorted(documents[project], key=kept.__getitem__)),
            )
            for project, (name, values) in found.items()
        ]  # fmt: skip
        return cases, list(variables.values())

    def cohorts(self, info: Mapping[str, str], kept: Mapping[str, int]) -> Iterator[Group]:
        """The documents of each cohort as a set."""
        label = info.get("cohort_label") or "Kohorte"
        sql = (
            "SELECT cohort, array_agg(DISTINCT document_id) FROM projects "
            "JOIN project_documents USING (project_id) WHERE cohort IS NOT NULL GROUP BY cohort, cohort_order "
            "ORDER BY cohort_order"
        )
        for cohort, documents in self.rows(sql):
            if own := sorted(kept.keys() & {source_guid(document) for document in documents}, key=kept.__getitem__):
                yield Group(guid_of("cohort", info.get("name", ""), cohort), f"{label} {cohort}", sources=tuple(own))

    def description(self, info: Mapping[str, str]) -> str:
        """What a person who opens the project has to know."""
        runs = dict(self.rows("SELECT key, value FROM runs WHERE key IN ('schema_version', 'library strategy-miner')"))
        lines = (
            ["Fiktives Korpus: Orte, Personen und Vorhaben sind erfunden."] if info.get("fictional") == "true" else []
        )
        lines += [
            f"Ausgeleitet mit strategy-miner {runs.get('library strategy-miner', '')}, Schema "
            f"{runs.get('schema_version', '')}.",
            _SAMPLE_NOTE if self.choice.sample else
            "Kodierungen der Benutzer „strategy-miner …“ stammen von einem Modell und sind nicht von Menschen geprüft. "
            "p im Kommentar einer Textstelle ist die Wahrscheinlichkeit, die es dem Code gibt.",
            "Der Text eines Dokuments sind seine Überschriften und Absätze in Leserichtung, ohne Kopf- und Fußzeilen. "
            "Alle Zeitangaben 2000-01-01 sind Platzhalter.",
            info.get("notes", ""), info.get("scope", ""),
        ]  # fmt: skip
        return "\n".join(line for line in lines if line)


def source_guid(document: str) -> str:
    """The guid of a document."""
    return guid_of("source", document)


def code_guid(dimension: str, code: str) -> str:
    """The guid of a code, in .qdc and .qdpx files alike."""
    return guid_of("code", dimension, code)


def _user(coder: str) -> str:
    return guid_of("user", coder)


def _of_book(book: Codebook) -> tuple[Code, list[Group]]:
    """A dimension's code with the codes below it, and its sets, as its .qdc file holds them."""
    codes, groups = codes_and_groups(parsed(export_qdc(book), book.dimension))
    return codes[0], groups


def _distinct(codes: Sequence[Code]) -> list[Code]:
    """The codes, a name that another dimension has already with its own in brackets: QualCoder holds each name once."""
    taken: set[str] = set()

    def named(code: Code, dimension: str) -> Code:
        name = code.name if code.name.casefold() not in taken else f"{code.name} ({dimension})"
        taken.add(name.casefold())
        return replace(code, name=name, codes=tuple(named(below, dimension) for below in code.codes))

    return [named(code, code.name) for code in codes]


def _bare(dimension: str) -> Code:
    return Code(guid_of("code", dimension, ""), dimension, False)


def _decimal(number: float | None) -> str | None:
    """A number as XML schema wants it: no exponent."""
    return None if number is None else f"{Decimal(str(number)):f}".removesuffix(".0")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
