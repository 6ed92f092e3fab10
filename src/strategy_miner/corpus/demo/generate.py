"""From phrases, templates and projects.csv to PDFs and the truth about them."""

from __future__ import annotations

import csv
import multiprocessing
import os
import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from strategy_miner.corpus.demo.blocks import Draft
from strategy_miner.corpus.demo.compose import Composer
from strategy_miner.corpus.demo.grammar import Phrases
from strategy_miner.corpus.demo.planting import Plan, plan_corpus
from strategy_miner.corpus.demo.truth import Truth, truth_rows, write_truth
from strategy_miner.corpus.demo.typesetting import scan, set_pages
from strategy_miner.errors import CorpusError
from strategy_miner.records import Project
from strategy_miner.settings import DemoSettings

_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Job:
    project: Project
    plan: Plan
    theme: int
    source: Path
    folder: Path
    seed: int


def generate(source: Path, target: Path, settings: DemoSettings, seed: int, workers: int) -> None:
    """Write the demo corpus: target/pdf/*.pdf, target/truth.parquet and target/truth/*.parquet.

    Args:
        source: corpus/demo with projects.csv, phrases/, templates/ and themes.yaml.
        target: build/demo; PDFs of an earlier run that are no longer listed are removed.
        settings: planted integrated shares per cohort, in the order of the cohorts' names, and their spread.
        seed: the same seed gives the same bytes, whatever the number of workers.
        workers: documents set at a time; 0 takes one per core.

    Raises:
        CorpusError, SettingsError: a table or phrase file is missing or wrong.
    """
    projects = read_projects(source / "projects.csv")
    plans = plan_corpus(projects, settings, seed)
    folder = target / "pdf"
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(set(folder.glob("*.pdf")) - {folder / p.files[0] for p in projects}):
        old.unlink()
    jobs = [
        _Job(project, plans[project.project_id], theme, source, folder, seed)
        for project, theme in zip(projects, _draw_themes(projects, source, seed), strict=True)
    ]
    count = workers or os.cpu_count() or 1
    if count == 1:
        results = [_make(job) for job in jobs]
    else:
        # Fresh processes: typst keeps threads of its own, which a fork would not survive.
        with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
            results = list(pool.map(_make, jobs, chunksize=4))
    write_truth(results, target)


def read_projects(path: Path) -> list[Project]:
    """The fictional projects, each with one file. Raises CorpusError if the table is missing or a file is not named."""
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except OSError:
        raise CorpusError("file not found", str(path), "Restore it from the repository.") from None
    projects = []
    for row in rows:
        if not row.get("file") or not row.get("published"):
            raise CorpusError("a project needs file and published", f"{path}: {row.get('project_id')}", "Fill them in.")
        projects.append(
            Project(
                row["project_id"], row["name"], row["cohort"], row["municipality_type"], row["title"],
                row["published"], (row["file"],), {},
            )
        )  # fmt: skip
    return projects


def compose_corpus(source: Path, settings: DemoSettings, seed: int) -> list[tuple[Project, Plan, Draft]]:
    """What every document is to hold, before it is set: the same drafts that `generate` makes PDFs of."""
    projects = read_projects(source / "projects.csv")
    plans, phrases = plan_corpus(projects, settings, seed), _phrases(source)
    return [
        (p, plans[p.project_id], Composer(p, plans[p.project_id], phrases, phrases.themes[theme], seed).compose())
        for p, theme in zip(projects, _draw_themes(projects, source, seed), strict=True)
    ]


@cache
def _phrases(source: Path) -> Phrases:
    return Phrases.load(source)


def _draw_themes(projects: Sequence[Project], source: Path, seed: int) -> list[int]:
    """A theme per project, all about equally often."""
    order = [n % len(_phrases(source).themes) for n in range(len(projects))]
    random.Random(f"{seed}:themes").shuffle(order)
    return order


def _make(job: _Job) -> Truth:
    phrases, project = _phrases(job.source), job.project
    theme = phrases.themes[job.theme]
    draft = Composer(project, job.plan, phrases, theme, job.seed).compose()
    rng = random.Random(f"{job.seed}:look:{project.project_id}")
    look = _look(project, phrases.frame, rng)
    year, month = (int(part) for part in project.published.split("-"))
    data: dict[str, Any] = {
        **look, "theme": theme, "author": f"{project.name} (fiktiv)", "year": year, "month": month,
        "contents_title": look["contents"], "blocks": draft.page_blocks,
    }  # fmt: skip
    pdf, places = set_pages(job.source, data)
    pages = max(place.page for place in places["foot"])
    if job.plan.scanned:
        pdf = scan(pdf, rng.randrange(2**32), year, month)
    (job.folder / project.files[0]).write_bytes(pdf)
    facts = {**look, "theme": theme["id"], "columns": theme["columns"], "pages": pages, "number": theme["number"]}
    return truth_rows(project, job.plan, draft, places, facts, phrases.integrated)


def _look(project: Project, frame: dict[str, Any], rng: random.Random) -> dict[str, str]:
    """The texts of title page and running heads."""
    year, month = project.published.split("-")
    head = rng.choice(frame["kopfzeile"]).format(titel=project.title, name=project.name, jahr=year)
    return {
        "title": project.title, "subtitle": f"{project.name} · {_MONTHS[int(month) - 1]} {year}",
        "notice": frame["titelhinweis"], "head": head, "foot": frame["fusszeile"],
        "contents": rng.choice(("Inhalt", "Inhaltsverzeichnis")),
    }  # fmt: skip
