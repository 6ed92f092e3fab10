"""`strategy-miner query` and `search`: ask the result database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from strategy_miner import verbs_asking
from strategy_miner.cli.terminal import CorpusOption, QuietOption, print_json_rows, print_table, status
from strategy_miner.errors import SettingsError

if TYPE_CHECKING:
    from strategy_miner.store import Table

SHOWN = ("table", "csv", "json")
FormatOption = Annotated[str, typer.Option("--format", help="On the screen: table, csv or json.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", help="Write a file instead; its ending says how: .csv .json .parquet .xlsx.")
]


def query(
    sql: Annotated[str, typer.Argument(help="A SQL statement, the name of a question, or a .sql file.")] = "",
    parameters: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="Parameters of the question.")
    ] = None,
    corpus: CorpusOption = None,
    format: FormatOption = "table",
    output: OutputOption = None,
    listing: Annotated[bool, typer.Option("--list", help="List the questions that have a name.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="Language of the list: de or en.")] = "de",
) -> None:
    """Ask the result database in SQL or by a question that has a name, read-only."""
    if lang not in ("de", "en"):
        raise SettingsError(f"unknown language {lang!r}", "--lang", "Use de or en.")
    if listing:
        _list(corpus, lang)
        return
    if not sql:
        raise SettingsError("nothing is asked", "query", "Give a SQL statement or the name of a question; see --list.")
    given: dict[str, object] = {}
    for text in parameters or ():
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise SettingsError("is no parameter", text, "Write name=value; put a SQL statement in quotes.")
        given[name] = value
    _answer(verbs_asking.asked_for(sql, corpus, given), corpus, format, output)


def search(  # noqa: PLR0913 (one argument per option)
    words: Annotated[list[str], typer.Argument(help="Words sought, or a sentence.")],
    corpus: CorpusOption = None,
    by: Annotated[str, typer.Option("--by", help="words, meaning, or both.")] = "both",
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many passages.")] = 20,
    cohort: Annotated[str | None, typer.Option("--cohort", help="Passages of this cohort only.")] = None,
    format: FormatOption = "table",
    output: OutputOption = None,
    quiet: QuietOption = False,
) -> None:
    """Find passages by their words, in any inflection and inside compounds, and by their meaning."""
    with status("searching", quiet):
        table = verbs_asking.searched_for(" ".join(words), corpus, by, limit, cohort)
    _answer(table, corpus, format, output)


def _answer(table: Table, corpus: str | None, format: str, output: Path | None) -> None:
    if format not in SHOWN:
        raise SettingsError(f"unknown format {format!r}", "--format", "Use table, csv or json, or --output FILE.")
    if output:
        print(f"{output}: {verbs_asking.write(table, output, corpus)} rows")
        return
    columns, rows = verbs_asking.ask(table, corpus)
    if not rows:
        print("nothing found", file=sys.stderr)
    if format == "table":
        print_table(columns, rows)
    elif format == "csv":
        import csv

        csv.writer(sys.stdout, lineterminator="\n").writerows([columns, *rows])
    else:
        print_json_rows(columns, rows)


def _list(corpus: str | None, lang: str) -> None:
    for question in verbs_asking.questions(corpus):
        print(f"{question.name}: {question.title.get(lang, question.name)}")
        if about := question.about.get(lang):
            print(f"    {about}")
        for name, what in question.parameters.items():
            default = "" if "default" not in what else f" [{what['default'] if what['default'] is not None else ''}]"
            print(f"    {name}=...{default}  {what.get(lang, '')}")
