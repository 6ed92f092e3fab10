"""`strategy-miner`: what a person runs. With pipeline/ the only place that prints or exits."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from strategy_miner import verbs
from strategy_miner.cli.asking import query, search
from strategy_miner.cli.codebooks import codebook_app
from strategy_miner.cli.corpora import corpus_app
from strategy_miner.cli.declared import declared
from strategy_miner.cli.export import export_app
from strategy_miner.cli.gold import evaluate, gold_app
from strategy_miner.cli.groups import shift
from strategy_miner.cli.measures import measures
from strategy_miner.cli.robustness import robustness
from strategy_miner.cli.simulate import simulate
from strategy_miner.cli.terminal import (
    CorpusOption,
    QuietOption,
    each,
    print_json,
    read_jsonl,
    status,
)
from strategy_miner.cli.verify import bundle, verify
from strategy_miner.errors import SettingsError, StrategyMinerError
from strategy_miner.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Read, code and compare municipal strategies.",
)
app.add_typer(corpus_app, name="corpus")
app.add_typer(codebook_app, name="codebook")
app.add_typer(gold_app, name="gold")
app.add_typer(export_app, name="export")
app.command()(query)
app.command()(search)
app.command()(evaluate)
app.command()(declared)
app.command()(measures)
app.command()(shift)
app.command()(robustness)
app.command()(simulate)
app.command()(verify)
app.command()(bundle)


def main() -> None:
    """Entry point: an error of ours is one line on standard error and exit code 1 (2 for wrong settings)."""
    try:
        app()
    except StrategyMinerError as error:
        print(f"strategy-miner: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, SettingsError) else 1)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, as with `| head`
        sys.exit(0)
    except OSError as error:  # a folder without rights, a full disk, a sheet that is open in Excel
        remedy = "Check the rights, the space on the disk, and whether another program has the file open."
        print(f"strategy-miner: {error.filename or 'system'}: {error.strerror or error}. {remedy}", file=sys.stderr)
        sys.exit(1)


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(help="PDF, DOCX, Markdown or text files.")],
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object per block, in reading order.")] = False,
    quality: Annotated[bool, typer.Option("--quality", help="Say of each page how well it was read.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Read documents and print their outline, their blocks as JSON lines, or how well each page was read."""

    def show(path: Path) -> None:
        pages = verbs.read(path)
        if jsonl:
            for row in verbs.quality_rows(pages) if quality else verbs.block_rows(pages):
                print_json(row)
        else:
            if len(files) > 1:
                print(f"{path}:")
            print(verbs.quality(pages) if quality else verbs.outline(pages))

    each(files, "read", quiet, show)


@app.command()
def overlay(
    file: Annotated[Path, typer.Argument(help="PDF file.")],
    page: Annotated[int, typer.Argument(help="Page in the file, from 1.")],
    output: Annotated[Path | None, typer.Option("--output", help="Default: FILE-pPAGE.png in this folder.")] = None,
    scale: Annotated[float, typer.Option("--scale", min=0.2, max=6, help="Pixels per PDF point.")] = 1.5,
    quiet: QuietOption = False,
) -> None:
    """Write a picture of a page with its blocks framed and numbered in reading order."""
    with status(f"reading {file.name}", quiet):
        target = verbs.overlay(file, page, output, scale)
    print(target)


@app.command()
def code(
    file: Annotated[str, typer.Argument(help="JSON lines with id and text; - for standard input.")],
    dimension: Annotated[
        str | None, typer.Option("--dimension", help="A dimension of the codebook, or all; default: field.")
    ] = None,
    codebook: Annotated[
        Path | None, typer.Option("--codebook", help="Folder with one YAML file per dimension; default: ours.")
    ] = None,
    labels: Annotated[
        Path | None, typer.Option("--labels", help="JSON lines with document, text and codes, to learn from.")
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Code texts: one JSON object with id, codes and model per line, best first."""
    items = read_jsonl(file)
    given = read_jsonl(str(labels), ("document", "text", "codes")) if labels else []
    with status(f"coding {len(items)} texts", quiet):
        coded = verbs.code(items, dimension, codebook, given)
    for row in coded:
        print_json(row)


@app.command()
def fields(
    file: Annotated[Path, typer.Argument(help="CSV file with a column field_name.")], quiet: QuietOption = False
) -> None:
    """Code names of fields of action: codes, orientation and ecology as JSON lines."""
    names = verbs.read_field_names(file)
    with status(f"coding {len(names)} names", quiet):
        coded = verbs.fields(names)
    for row in coded:
        print_json(row)


@app.command()
def report(
    corpus: CorpusOption = None,
    listing: Annotated[bool, typer.Option("--list", help="Only say where the reports lie.")] = False,
) -> None:
    """Write the report of a corpus from its database, or say where the reports lie."""
    if not listing:
        print(verbs.report(corpus))
        return
    root = verbs.project_root()
    for name in Settings.load(root / "params.yaml").corpora:
        path = root / "build" / name / "report" / "index.html"
        print(f"{name}: {path if path.exists() else 'no report yet; run make report'}")


@app.command()
def doctor() -> None:
    """Say what is installed, what is missing, and what that switches off."""
    checks = verbs.doctor()
    for check in checks:
        print(f"{'ok     ' if check.ok else 'missing'}  {check.name}: {check.message}")
    if any(not check.ok and check.needed for check in checks):
        raise typer.Exit(1)
