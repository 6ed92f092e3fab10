"""Load and lay out corpus folders."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from strategy_miner.corpus.corrections import CORRECTION_COLUMNS, FURTHER_COLUMNS, NamedField, person_fields
from strategy_miner.corpus.figures import COLUMNS, PublishedFigure, published_figures
from strategy_miner.errors import CorpusError
from strategy_miner.records import Document, Project
from strategy_miner.settings import read_yaml, section

PROJECT_COLUMNS = ("project_id", "name", "cohort", "municipality_type", "title", "published", "file")
FIELD_COLUMNS = ("project_id", "field_name", "kind", "confidence", "source")
READABLE = (".pdf", ".docx", ".txt", ".md")


@dataclass(frozen=True, slots=True)
class CohortSettings:
    """Which column of projects.csv holds the cohort, what a cohort is called (de, en), its values in order."""

    column: str
    label: dict[str, str]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorpusSettings:
    """corpus.yaml. Titles, notes and scope by language (de, en).

    `field_names`: CSV files with names known from elsewhere; `tables`: further CSV files with a column project_id;
    `published`: CSV file with figures that others published; `scope`: what the results do not extend to.
    """

    title: dict[str, str]
    note: dict[str, str]
    language: str
    fictional: bool
    cohort: CohortSettings
    tables: tuple[str, ...]
    field_names: tuple[str, ...]
    published: str = ""
    scope: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A call for proposals that projects answered, of one cohort or (None) of all."""

    file: str
    cohort: str | None
    text: str


@dataclass(frozen=True)
class Corpus:
    """A corpus folder, checked on loading."""

    name: str
    folder: Path
    pdf_folder: Path
    settings: CorpusSettings
    projects: tuple[Project, ...]

    @classmethod
    def load(cls, root: Path, name: str, pdf_folder: Path | None = None) -> Corpus:
        """The corpus `root/name`; PDFs from `pdf_folder` (default: its own pdf/).

        Raises CorpusError or SettingsError that names the file, the row or key and the remedy.
        """
        folder = root / name
        if not folder.is_dir():
            known = ", ".join(sorted(p.parent.name for p in root.glob("*/corpus.yaml"))) or "none"
            raise CorpusError(f"no corpus {name!r}", str(root), f"Corpora here: {known}. `corpus new` lays one out.")
        settings = section(CorpusSettings, read_yaml(folder / "corpus.yaml"), str(folder / "corpus.yaml"))
        projects = _read_projects(folder / "projects.csv", settings.cohort)
        return cls(name, folder, pdf_folder or folder / "pdf", settings, projects)

    @property
    def title(self) -> dict[str, str]:
        return self.settings.title

    @property
    def cohort_label(self) -> dict[str, str]:
        return self.settings.cohort.label

    @property
    def cohort_values(self) -> tuple[str, ...]:
        return self.settings.cohort.values

    @property
    def fictional(self) -> bool:
        return self.settings.fictional

    def documents(self) -> list[Document]:
        """The documents of projects.csv that are there, each content once, ordered by id."""
        found = {document.document_id: document for document in self._files().values()}
        return [found[document_id] for document_id in sorted(found)]

    def path(self, document: Document) -> Path:
        """Where a document lies."""
        return self._here()[_folded(document.file)]

    def project_documents(self) -> list[tuple[str, str]]:
        """Pairs (project_id, document_id); two projects may share a document, one may have several."""
        files, here = self._files(), self._here()
        pairs = {
            (project.project_id, files[name].document_id)
            for project in self.projects
            for name in _names(project, here)
            if name in files
        }
        return sorted(pairs)

    def missing_files(self) -> list[tuple[str, str]]:
        """Pairs (project_id, file) that projects.csv names and the folder lacks."""
        files = self._files()
        return [(p.project_id, name) for p in self.projects for name in p.files if _folded(name) not in files]

    def unclaimed_files(self) -> list[str]:
        """Files in the PDF folder that no project names."""
        here = self._here()
        claimed = {name for project in self.projects for name in _names(project, here)}
        return sorted(path.name for name, path in here.items() if name not in claimed)

    def named_fields(self) -> list[NamedField]:
        """Names of fields from public pages (origin web) and from people (origin person), as far as usable.

        Of the public names only those count that a strategy declares (`kind` declared) and whose source is good
        (`confidence` high or medium); names from an application or a portal are not declared by the strategy.
        """
        rows = [_web_field(row) for row in self._field_rows() if _is_usable(row)]
        return rows + [field for field in self.corrections() if not field.action]

    def _field_rows(self) -> list[dict[str, str]]:
        rows = [
            (self.folder / name, row)
            for name in self.settings.field_names
            for row in read_csv(self.folder / name, FIELD_COLUMNS)
        ]
        self._demand_known_projects(rows)
        return [row for _, row in rows]

    def corrections(self) -> list[NamedField]:
        """All rows of declared_fields.csv, with those that remove a name or say that a list is complete."""
        path = self.folder / "declared_fields.csv"
        if not path.exists():
            return []
        rows = numbered_csv(path, CORRECTION_COLUMNS)
        return person_fields(rows, str(path), {project.project_id for project in self.projects})

    def published(self) -> list[PublishedFigure]:
        """What others published about these projects; none if corpus.yaml names no file."""
        if not self.settings.published:
            return []
        path = self.folder / self.settings.published
        return published_figures(numbered_csv(path, COLUMNS), path)

    def project_tables(self) -> dict[str, list[dict[str, str]]]:
        """The rows of the further tables by file name, every project_id known. Raises CorpusError with the line."""
        known = {project.project_id for project in self.projects}
        tables = {}
        for file in self.settings.tables:
            path = self.folder / file
            numbered = numbered_csv(path, ("project_id",))
            for line, row in numbered:
                if row["project_id"] not in known:
                    remedy = "Use an id of projects.csv or add it there."
                    raise CorpusError(f"unknown project_id {row['project_id']!r}", f"{path}, line {line}", remedy)
            tables[file] = [row for _, row in numbered]
        return tables

    def _demand_known_projects(self, rows: list[tuple[Path, dict[str, str]]]) -> None:
        known = {project.project_id for project in self.projects}
        for path, row in rows:
            if row["project_id"] not in known:
                raise CorpusError(
                    f"unknown project_id {row['project_id']!r}", str(path), "Use an id of projects.csv or add it there."
                )

    def calls(self) -> list[Call]:
        """The texts of calls for proposals in calls/*.txt, by file name; none if there is no such folder.

        Raises CorpusError for a file that is empty or not UTF-8.
        """
        return [_call(path, self.cohort_values) for path in sorted((self.folder / "calls").glob("*.txt"))]

    def _here(self) -> dict[str, Path]:
        """Readable files of the PDF folder by folded name: file systems differ in umlauts and case."""
        if not self.pdf_folder.is_dir():
            return {}
        return {_folded(p.name): p for p in sorted(self.pdf_folder.iterdir()) if p.suffix.lower() in READABLE}

    def _files(self) -> dict[str, Document]:
        here = self._here()
        names = sorted({name for project in self.projects for name in _names(project, here)} & set(here))
        return {name: _document(here[name], here[name].stat().st_mtime_ns) for name in names}


def _call(path: Path, cohorts: Collection[str]) -> Call:
    """The cohort is what stands before the first underscore of the file name, if it is one: 2_aufruf.txt, 2.txt."""
    try:
        text = path.read_text(encoding="utf-8-sig").strip()
    except UnicodeDecodeError:
        raise CorpusError("is not UTF-8", str(path), "Save it as a text file in UTF-8.") from None
    except OSError as error:
        raise CorpusError(f"cannot be read: {error.strerror}", str(path), "Check the name and the rights.") from None
    if not text:
        raise CorpusError("is empty", str(path), "Put the text of the call into it or delete the file.")
    start = path.stem.partition("_")[0]
    return Call(path.name, start if start in cohorts else None, text)


def _names(project: Project, here: Collection[str]) -> list[str]:
    """Folded names of a project's files. One that names none may have <project_id>.pdf, else .docx, .txt or .md."""
    if project.files:
        return [_folded(name) for name in project.files]
    usual = [_folded(project.project_id + ending) for ending in READABLE]
    return [next((name for name in usual if name in here), usual[0])]


@cache
def _document(path: Path, _changed: int) -> Document:
    return Document.of(path)


def read_csv(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows of a CSV file (comma or semicolon, UTF-8 with or without BOM), cells stripped.

    Raises CorpusError if the file is missing, not UTF-8, lacks a needed column, or has a row with more cells than the
    first line has columns.
    """
    return [row for _, row in numbered_csv(path, needed)]


def numbered_csv(path: Path, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """The same with the number of the line on which each row ends, for messages."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CorpusError(
            "file not found", str(path), f"Check the name; it needs the columns {', '.join(needed)}."
        ) from None
    except UnicodeDecodeError:
        raise CorpusError("is not UTF-8", str(path), "Save it as CSV UTF-8.") from None
    except OSError as error:
        raise CorpusError(f"cannot be read: {error.strerror}", str(path), "Check the name and the rights.") from None
    lines = text.splitlines(keepends=True)
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    header = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = header
    missing = [name for name in needed if name not in header]
    if missing:
        raise CorpusError(
            f"missing column {', '.join(missing)}", str(path), f"Add it; found: {', '.join(header) or 'nothing'}."
        )
    rows = []
    for row in reader:
        if any(cell.strip() for cell in row.pop(None, ())):
            where, remedy = f"{path}, line {reader.line_num}", f'Put a text that holds "{delimiter}" in quotes.'
            raise CorpusError(f"more cells than the {len(header)} columns of the first line", where, remedy)
        rows.append((reader.line_num, {k: (v or "").strip() for k, v in row.items() if k}))
    return rows


def new_corpus(root: Path, name: str) -> Path:
    """Lay out an empty corpus folder. Raises CorpusError if it exists or the name is no plain folder name."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise CorpusError(f"{name!r} is no corpus name", str(root), "Use lower case letters, digits, - and _.")
    folder = root / name
    if folder.exists():
        raise CorpusError("exists already", str(folder), "Choose another name or edit this folder.")
    for part in ("pdf", "labels"):
        (folder / part).mkdir(parents=True)
        (folder / part / ".gitkeep").touch()
    (folder / "corpus.yaml").write_text(_CORPUS_YAML.format(name=name), encoding="utf-8")
    (folder / "projects.csv").write_text(",".join(PROJECT_COLUMNS) + "\n", encoding="utf-8")
    (folder / "declared_fields.csv").write_text(
        ",".join((*CORRECTION_COLUMNS, *FURTHER_COLUMNS)) + "\n", encoding="utf-8"
    )
    return folder


_CORPUS_YAML = """\
title: {{de: "{name}", en: "{name}"}}
note: {{de: "", en: ""}}          # a remark on top of the report
language: de
fictional: false
cohort:
  column: cohort                # the column of projects.csv that holds the cohort
  label: {{de: Kohorte, en: Cohort}}
  values: ["1", "2"]            # in order; a project with an empty cell stays outside the comparison
tables: []                      # further CSV files with a project_id column
field_names: []                 # CSV files with names of fields known from elsewhere
published: ""                   # CSV file with figures that others published about these projects (docs/data.md)
scope: {{de: "", en: ""}}         # what the results do not extend to
"""


def _read_projects(path: Path, cohort: CohortSettings) -> tuple[Project, ...]:
    columns = tuple(cohort.column if name == "cohort" else name for name in PROJECT_COLUMNS)
    rows = read_csv(path, columns)
    projects = [_project(row, cohort, f"{path}, line {line}") for line, row in enumerate(rows, start=2)]
    seen: set[str] = set()
    for project in projects:
        if project.project_id in seen:
            raise CorpusError(
                f"project_id {project.project_id!r} is used twice", str(path), "Give each project an id of its own."
            )
        seen.add(project.project_id)
    return tuple(projects)


def _project(row: dict[str, Any], cohort: CohortSettings, where: str) -> Project:
    if not row["project_id"]:
        raise CorpusError("project_id is empty", where, "Give each project a short id.")
    value = row[cohort.column]
    if value and value not in cohort.values:
        known = ", ".join(cohort.values)
        raise CorpusError(
            f"{cohort.column} {value!r} is not in corpus.yaml", where, f"Use one of {known} or add it to corpus.yaml."
        )
    if row["published"] and not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", row["published"]):
        raise CorpusError(f"published {row['published']!r} is no month", where, "Write YYYY-MM or leave it empty.")
    files = tuple(name.strip() for name in re.split(r"[;|]", row["file"]) if name.strip())
    for name in files:
        if Path(name).name != name:
            raise CorpusError(f"file {name!r} leads out of the PDF folder", where, "Write the bare file name.")
    named = {*PROJECT_COLUMNS, cohort.column}
    return Project(
        row["project_id"], row["name"] or row["project_id"], value or None, row["municipality_type"], row["title"],
        row["published"], files, {key: text for key, text in row.items() if key not in named},
    )  # fmt: skip


def _is_usable(row: dict[str, str]) -> bool:
    return bool(row["field_name"]) and row["kind"] == "declared" and row["confidence"] in ("high", "medium")


def _web_field(row: dict[str, str]) -> NamedField:
    return NamedField(row["project_id"], row["field_name"], "web", row["source"])


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
