"""`strategy-miner`: what a person runs. With pipeline/ the only place that prints or exits."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from strategy_miner import verbs
from strategy_miner.errors import SettingsError, StoreError, StrategyMinerError
from strategy_miner.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Read, code and compare municipal strategies.",
)
corpus_app = typer.Typer(no_args_is_help=True, help="Lay out and check corpus folders.")
app.add_typer(corpus_app, name="corpus")

CorpusOption = Annotated[
    str | None, typer.Option("--corpus", help="Name of the corpus; default: the first in params.yaml.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress bar.")]


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


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(help="PDF, DOCX, Markdown or text files.")],
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object per block, in reading order.")] = False,
    quality: Annotated[bool, typer.Option("--quality", help="Say of each page how well it was read.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Read documents and print their outline, their blocks as JSON lines, or how well each page was read."""
    failed = 0
    for path in _tracked(files, "read", quiet):
        try:
            pages = verbs.read(path)
        except StrategyMinerError as error:
            failed += 1
            print(f"strategy-miner: {error}", file=sys.stderr)
            continue
        if jsonl:
            for row in verbs.quality_rows(pages) if quality else verbs.block_rows(pages):
                _print_json(row)
        else:
            if len(files) > 1:
                print(f"{path}:")
            print(verbs.quality(pages) if quality else verbs.outline(pages))
    if failed:
        raise typer.Exit(1)


@app.command()
def overlay(
    file: Annotated[Path, typer.Argument(help="PDF file.")],
    page: Annotated[int, typer.Argument(help="Page in the file, from 1.")],
    output: Annotated[Path | None, typer.Option("--output", help="Default: FILE-pPAGE.png in this folder.")] = None,
    scale: Annotated[float, typer.Option("--scale", min=0.2, max=6, help="Pixels per PDF point.")] = 1.5,
    quiet: QuietOption = False,
) -> None:
    """Write a picture of a page with its blocks framed and numbered in reading order."""
    with _status(f"reading {file.name}", quiet):
        target = verbs.overlay(file, page, output, scale)
    print(target)


@app.command()
def code(
    file: Annotated[str, typer.Argument(help="JSON lines with id and text; - for standard input.")],
    quiet: QuietOption = False,
) -> None:
    """Code texts: one JSON object with id and codes per line, best first."""
    items = _read_jsonl(file)
    with _status(f"coding {len(items)} texts", quiet):
        coded = verbs.code(items)
    for row in coded:
        _print_json(row)


@app.command()
def fields(
    file: Annotated[Path, typer.Argument(help="CSV file with a column field_name.")], quiet: QuietOption = False
) -> None:
    """Code names of fields of action: codes, orientation and ecology as JSON lines."""
    names = verbs.read_field_names(file)
    with _status(f"coding {len(names)} names", quiet):
        coded = verbs.fields(names)
    for row in coded:
        _print_json(row)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="One SQL statement that reads.")],
    corpus: CorpusOption = None,
    format: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
) -> None:
    """Ask the result database in SQL, read-only."""
    if format not in ("table", "csv", "json"):
        raise SettingsError(f"unknown format {format!r}", "--format", "Use table, csv or json.")
    columns, rows = verbs.query(sql, corpus)
    if not columns:
        raise StoreError("gives no result", sql.strip() or "the statement is empty", "Write a SELECT statement.")
    if format == "table":
        _print_table(columns, rows)
    elif format == "csv":
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([columns, *rows])
    else:
        names = _distinct(columns)
        _print_json([dict(zip(names, map(_plain, row), strict=True)) for row in rows])


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


@corpus_app.command("new")
def corpus_new(name: str) -> None:
    """Lay out an empty corpus folder."""
    from strategy_miner.corpus import new_corpus

    folder = new_corpus(verbs.project_root() / "corpus", name)
    print(f"{folder} laid out. Fill projects.csv, put PDFs into its folder pdf, and list it in params.yaml:")
    print(f"  corpora:\n    {name}: corpus/{name}/pdf")


@corpus_app.command("check")
def corpus_check(name: Annotated[str | None, typer.Argument()] = None) -> None:
    """Explain what is wrong with a corpus folder."""
    from strategy_miner.corpus import Corpus, check_corpus

    root = verbs.project_root()
    settings = Settings.load(root / "params.yaml")
    name = name or next(iter(settings.corpora))
    folder = settings.corpora.get(name)
    corpus = Corpus.load(root / "corpus", name, root / folder if folder else None)
    findings = check_corpus(corpus)
    print(f"{name}: {len(corpus.projects)} projects, {len(corpus.documents())} documents")
    if not folder:
        print(f"note: params.yaml does not list {name}; the pipeline does not run it.")
    for finding in findings:
        print(f"{'problem' if finding.serious else 'note'}: {finding.message}")
    if any(finding.serious for finding in findings):
        raise typer.Exit(1)


@app.command()
def doctor() -> None:
    """Say what is installed, what is missing, and what that switches off."""
    checks = verbs.doctor()
    for check in checks:
        print(f"{'ok     ' if check.ok else 'missing'}  {check.name}: {check.message}")
    if any(not check.ok and check.needed for check in checks):
        raise typer.Exit(1)


def _read_jsonl(file: str) -> list[dict[str, Any]]:
    if file != "-" and not Path(file).is_file():
        raise StrategyMinerError("file not found", file, "Give a file of JSON lines or - for standard input.")
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StrategyMinerError("is not UTF-8", file, "Save it as UTF-8.") from None
    items = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{'standard input' if file == '-' else file}, line {number}"
        try:
            item = json.loads(line)
        except ValueError as error:
            raise StrategyMinerError(f"is not JSON: {error}", where, "Write one JSON object per line.") from None
        if not isinstance(item, dict) or "id" not in item or not isinstance(item.get("text"), str):
            raise StrategyMinerError("has no id or no text", where, 'Write {"id": ..., "text": "..."}.')
        items.append(item)
    return items


def _distinct(columns: list[str]) -> list[str]:
    """Column names for JSON objects: a second `n` becomes `n_2`."""
    return [f"{name}_{n}" if (n := columns[: i + 1].count(name)) > 1 else name for i, name in enumerate(columns)]


def _plain(value: Any) -> Any:
    """A value that JSON has: no NaN or infinity, decimals as numbers."""
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, default=str))


def _print_table(columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns)
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    Console(width=None if sys.stdout.isatty() else 200).print(table, markup=False)


@contextmanager
def _status(label: str, quiet: bool) -> Iterator[None]:
    from rich.console import Console

    if quiet or not sys.stderr.isatty():
        yield
        return
    with Console(stderr=True).status(label):
        yield


def _tracked(files: list[Path], label: str, quiet: bool) -> Iterator[Path]:
    from rich.console import Console
    from rich.progress import track

    hidden = quiet or not sys.stderr.isatty()
    yield from track(files, label, console=Console(stderr=True), disable=hidden, transient=True)
