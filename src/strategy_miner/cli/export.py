"""`strategy-miner export`: results as files that other programs open."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from strategy_miner import verbs_export, verbs_refi
from strategy_miner.cli.terminal import CorpusOption, status

export_app = typer.Typer(no_args_is_help=True, help="Write results as files: the quote list, the tables, a project.")

LangOption = Annotated[
    str, typer.Option("--lang", help="Headings: de (CSV as German Excel opens it: semicolon, decimal comma) or en.")
]
PlainOption = Annotated[
    bool, typer.Option("--plain", help="For programs: names of the database, CSV with comma and decimal point.")
]


@export_app.command()
def quotes(  # noqa: PLR0913 (one argument per option)
    file: Annotated[Path, typer.Argument(help="The file to write; its ending says how: .csv, .xlsx or .parquet.")],
    corpus: CorpusOption = None,
    code: Annotated[list[str] | None, typer.Option("--code", help="Only this code (id or name); repeatable.")] = None,
    dimension: Annotated[list[str] | None, typer.Option("--dimension", help="Only this dimension; repeatable.")] = None,
    cohort: Annotated[list[str] | None, typer.Option("--cohort", help="Only this cohort; repeatable.")] = None,
    project: Annotated[list[str] | None, typer.Option("--project", help="Only this municipality; repeatable.")] = None,
    coder: Annotated[
        list[str] | None, typer.Option("--coder", help="Codes by this person or model; default: machine; or all.")
    ] = None,
    lang: LangOption = "de",
    plain: PlainOption = False,
) -> None:
    """Write every coded passage: quote, municipality, cohort, page, code, certainty, file."""
    with status("writing quotes", False):
        rows = verbs_export.export_quotes(
            file, corpus, "" if plain else lang, codes=code or (), dimensions=dimension or (), cohorts=cohort or (),
            projects=project or (), coders=coder or (),
        )  # fmt: skip
    print(f"{file}: {rows} quotes")


@export_app.command()
def tables(
    target: Annotated[
        Path, typer.Argument(help="An .xlsx file with a sheet per table, or a folder for one file each.")
    ],
    corpus: CorpusOption = None,
    table: Annotated[list[str] | None, typer.Option("--table", help="Only this table or view; repeatable.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every table and view of the database.")] = False,
    format: Annotated[str | None, typer.Option("--format", help="In a folder: csv (default) or parquet.")] = None,
    lang: LangOption = "de",
    plain: PlainOption = False,
) -> None:
    """Write the tables of the report, or any others of the database."""
    with status("writing tables", False):
        rows = verbs_export.export_tables(target, corpus, "" if plain else lang, format, table or (), every)
    print(f"{target}: {len(rows)} tables")


@export_app.command()
def project(
    file: Annotated[Path, typer.Argument(help="The .qdpx file to write.")],
    corpus: CorpusOption = None,
    dimension: Annotated[list[str] | None, typer.Option("--dimension", help="Only this dimension; repeatable.")] = None,
    coder: Annotated[
        list[str] | None, typer.Option("--coder", help="Codes by this person or model, or machine; default: all.")
    ] = None,
    no_pdf: Annotated[bool, typer.Option("--no-pdf", help="The texts alone: a small file.")] = False,
    sample: Annotated[
        bool, typer.Option("--sample", help="For people to code: the gold sample, marked, without codings.")
    ] = False,
) -> None:
    """Write a REFI-QDA project for MAXQDA, ATLAS.ti, NVivo, QualCoder: documents, codes, codings, municipalities."""
    with status("writing the project", False):
        done = verbs_refi.export_project(
            file, corpus, dimensions=dimension or (), coders=coder or (), pdf=not no_pdf, sample=sample
        )
    for line in done.told:
        print(f"note: {line}", file=sys.stderr)
    print(
        f"{done.file}: {done.codings} codings with {done.codes} codes in {done.sources} documents "
        f"({done.pdfs} with PDF), {done.cases} cases"
    )
