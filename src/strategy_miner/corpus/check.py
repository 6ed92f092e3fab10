"""`corpus check`: what is wrong or unusual in a corpus folder, and what to do about it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from strategy_miner.corpus.corrections import COMPLETE
from strategy_miner.corpus.folder import Corpus


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `corpus check`. `serious`: the pipeline loses something because of it."""

    serious: bool
    message: str


def check_corpus(corpus: Corpus) -> list[Finding]:
    """Findings about a corpus that loads. Raises CorpusError where a table is wrong."""
    parts = (_files, _duplicates, _cohorts, _fields, _tables, _calls)
    return [finding for part in parts for finding in part(corpus)]


def _files(corpus: Corpus) -> list[Finding]:
    with_document = {project_id for project_id, _ in corpus.project_documents()}
    without = [p.project_id for p in corpus.projects if p.project_id not in with_document and not p.files]
    findings = [
        Finding(True, f"{project_id}: {file} is not in {corpus.pdf_folder}. Put it there or correct projects.csv.")
        for project_id, file in corpus.missing_files()
    ]
    if without:
        findings.append(
            Finding(
                False,
                f"{len(without)} of {len(corpus.projects)} projects have no document. Put <project_id>.pdf (or .docx, "
                f".txt, .md) into {corpus.pdf_folder} or name it in the column file. First: {', '.join(without[:5])}.",
            )
        )
    findings += [
        Finding(True, f"{name} belongs to no project and is not read. Name it in the column file of projects.csv.")
        for name in corpus.unclaimed_files()
    ]
    return findings


def _duplicates(corpus: Corpus) -> list[Finding]:
    projects: defaultdict[str, list[str]] = defaultdict(list)
    for project_id, document_id in corpus.project_documents():
        projects[document_id].append(project_id)
    names = {document.document_id: document.file for document in corpus.documents()}
    return [
        Finding(False, f"{names[document_id]} is shared by {', '.join(ids)}; it counts for each of them.")
        for document_id, ids in sorted(projects.items())
        if len(ids) > 1
    ]


def _cohorts(corpus: Corpus) -> list[Finding]:
    found = {project.cohort for project in corpus.projects}
    outside = [project.project_id for project in corpus.projects if project.cohort is None]
    column = corpus.settings.cohort.column
    findings = [
        Finding(True, f"cohort {value} of corpus.yaml has no project. Fill the column {column} of projects.csv.")
        for value in corpus.cohort_values
        if value not in found
    ]
    if outside:
        findings.append(Finding(False, f"{len(outside)} projects have no {column} and stay outside the comparison."))
    return findings


def _fields(corpus: Corpus) -> list[Finding]:
    named = {field.project_id for field in corpus.named_fields()}
    found = [Finding(False, f"{len(named)} of {len(corpus.projects)} projects have field names.")] if named else []
    rows = corpus.corrections()
    if rows:
        complete = sum(row.action == COMPLETE for row in rows)
        projects = len({row.project_id for row in rows})
        told = f"{len(rows)} rows for {projects} projects, {complete} of them complete lists."
        found.append(Finding(False, f"declared_fields.csv: {told}"))
    return found


def _tables(corpus: Corpus) -> list[Finding]:
    found = [
        Finding(False, f"{file} has several rows for a project: its columns are not compared with the topics.")
        for file, rows in corpus.project_tables().items()
        if len({row["project_id"] for row in rows}) < len(rows)
    ]
    if figures := corpus.published():
        found.append(Finding(False, f"{corpus.settings.published}: {len(figures)} published figures."))
    return found


def _calls(corpus: Corpus) -> list[Finding]:
    calls = corpus.calls()
    shared = [call.file for call in calls if call.cohort is None]
    without = [value for value in corpus.cohort_values if value not in {call.cohort for call in calls}]
    if not calls or shared or not without:
        return []
    told = f"no call text for {corpus.settings.cohort.column} {', '.join(without)}; its echo is not measured there."
    return [Finding(False, f"{told} Put <{corpus.settings.cohort.column}>_<name>.txt into {corpus.folder / 'calls'}.")]
