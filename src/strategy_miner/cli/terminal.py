"""What the commands share: options, input lines, output for people and for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from strategy_miner.errors import StrategyMinerError

CorpusOption = Annotated[
    str | None, typer.Option("--corpus", help="Name of the corpus; default: the first in params.yaml.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress bar.")]


def read_jsonl(file: str, needed: tuple[str, ...] = ("id", "text")) -> list[dict[str, Any]]:
    """Objects with at least the keys `needed`, one a line; "-" is standard input.

    Raises StrategyMinerError with the line.
    """
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
        if not isinstance(item, dict) or set(needed) - set(item) or not isinstance(item.get("text"), str):
            form = ", ".join(f'"{key}": ...' for key in needed)
            raise StrategyMinerError(f"has no {' or no '.join(needed)}", where, f"Write {{{form}}}, text in quotes.")
        items.append(item)
    return items


def print_json(value: object) -> None:
    """One JSON object a line."""
    print(json.dumps(value, ensure_ascii=False, default=str))


def print_json_rows(columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Rows as one JSON list of objects."""
    from strategy_miner.store import as_objects

    print_json(as_objects(columns, rows))


def print_table(columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Rows as a table for people, numbers to six digits; the other outputs have them in full."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns)
    for row in rows:
        table.add_row(*("" if v is None else f"{v:.6g}" if isinstance(v, float) else str(v) for v in row))
    Console(width=None if sys.stdout.isatty() else 200).print(table, markup=False)


@contextmanager
def status(label: str, quiet: bool) -> Iterator[None]:
    """A moving sign that something is being done, where a person watches."""
    from rich.console import Console

    if quiet or not sys.stderr.isatty():
        yield
        return
    with Console(stderr=True).status(label):
        yield


def each(files: list[Path], label: str, quiet: bool, work: Callable[[Path], None]) -> None:
    """Work through files, with a progress bar where a person watches.

    A file that fails is told and does not stop the others; the exit code is 1 then.
    """
    from rich.console import Console
    from rich.progress import track

    hidden, failed = quiet or not sys.stderr.isatty(), False
    for path in track(files, label, console=Console(stderr=True), disable=hidden, transient=True):
        try:
            work(path)
        except StrategyMinerError as error:
            failed = True
            print(f"strategy-miner: {error}", file=sys.stderr)
    if failed:
        raise typer.Exit(1)


def print_json_of(path: Path, files: list[Path], rows: list[dict[str, Any]]) -> None:
    """Rows found in one of some files, one JSON object a line; `file` says in which if there are several."""
    for row in rows:
        print_json({**row, "file": str(path)} if len(files) > 1 else row)


@contextmanager
def steps(label: str, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A function to call with what is being done; a moving sign shows it where a person watches."""
    from rich.console import Console

    if quiet or not sys.stderr.isatty():
        yield lambda step: None
        return
    with Console(stderr=True).status(label) as shown:
        yield lambda step: shown.update(f"{label}: {step}")


@contextmanager
def counted(label: str, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A function to call with how much is done of how much; a moving sign shows it where a person watches."""
    from rich.console import Console

    if quiet or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with Console(stderr=True).status(label) as shown:
        yield lambda done, total: shown.update(f"{label}: {done} of {total}")
