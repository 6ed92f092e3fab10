"""All checks of one result: the database, the report beside it, the documents where they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from strategy_miner.checking.figures import check_figures
from strategy_miner.checking.findings import Part
from strategy_miner.checking.passages import quoted
from strategy_miner.checking.rendered import compare_folders
from strategy_miner.checking.reread import check_quotes
from strategy_miner.checking.sources import check_sources
from strategy_miner.report import write_report
from strategy_miner.settings import AnalyseSettings, Settings, section
from strategy_miner.store import connect, demand_schema

if TYPE_CHECKING:
    from strategy_miner.corpus import Corpus

Told = Callable[[str], None]


def check_result(database: Path, report: Path, corpus: Corpus | None, settings: Settings, told: Told) -> list[Part]:
    """Check the documents' hashes, the quotes in them, every figure of the database and every file of the report.

    Args:
        database: strategy.duckdb, which is only read.
        report: the folder with the report that was written from it.
        corpus: where the documents lie, None if nobody knows.
        settings: those of this project; the analysis uses those that the database says it was made with.
        told: called with what is being done.

    Raises StoreError if the database is missing or of another schema version.
    """
    with connect(database) as connection:
        demand_schema(connection, database)
        told("hashes of the documents")
        documents, files = check_sources(connection, corpus)
        every = list(quoted(connection))
        runs = dict(connection.execute("FROM runs").fetchall())
    analysed, seed = _made_with(runs, settings)
    # Other processes read the documents: this one computes meanwhile.
    with ThreadPoolExecutor(1) as beside, TemporaryDirectory(prefix="strategy-miner-") as folder:
        reading = beside.submit(check_quotes, every, files, settings.extract)
        told("figures, computed again")
        truth = corpus.pdf_folder.parent / "truth" if corpus else None
        figures = check_figures(database, Path(folder, "again.duckdb"), analysed, seed, truth)
        told("report, written again")
        pages = _check_report(database, report, Path(folder, "report"), settings)
        told("words under the quoted boxes")
        return [documents, *reading.result(), figures, pages]


def _check_report(database: Path, report: Path, again: Path, settings: Settings) -> Part:
    part = Part("report", "files")
    if report.is_dir():
        write_report(database, again, settings.report)
        compare_folders(part, report, again)
    else:
        part.unchecked.append(f"{report}: there is no report; `strategy-miner report` writes it")
    return part


def _made_with(runs: dict[str, str], settings: Settings) -> tuple[AnalyseSettings, int]:
    """Parameters and seed of the analysis as the database names them, else those of this project."""
    analysed = settings.analyse
    if "params analyse" in runs:
        analysed = section(AnalyseSettings, json.loads(runs["params analyse"]), "runs: params analyse")
    return analysed, int(runs.get("seed", settings.seed))
