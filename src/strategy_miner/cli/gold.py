"""`strategy-miner gold` and `evaluate`: labels by people, from the draw to the figures."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from strategy_miner import verbs_gold
from strategy_miner.cli.terminal import CorpusOption, QuietOption, status
from strategy_miner.errors import SettingsError, SheetError

gold_app = typer.Typer(no_args_is_help=True, help="Labels by people: draw, import, agree, settle.")
T = TypeVar("T")
_FEW = 20  # lines of a list that a person reads


@gold_app.command("draw")
def gold_draw(
    corpus: CorpusOption = None,
    labels: Annotated[
        str, typer.Option("--labels", help="How many in all, or per document by cohort: 16,7,6.")
    ] = "490",
    second: Annotated[float, typer.Option("--second", help="Share for a second coder, at least 120; 1: all.")] = 0.25,
    seed: Annotated[int | None, typer.Option("--seed", help="Default: the one of params.yaml.")] = None,
    day: Annotated[str | None, typer.Option("--date", help="Day of the draw, YYYY-MM-DD; default: today.")] = None,
    output: Annotated[Path | None, typer.Option("--output", help="The sheet; default: labels/sheet.xlsx.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Draw anew over a sample that exists.")] = False,
) -> None:
    """Draw the sample that people code, once, and write the coding sheets."""
    with status("scoring the documents", False):
        drawn = verbs_gold.gold_draw(
            corpus, date=day or date.today().isoformat(), labels=_labels(labels), second=second, seed=seed,
            output=output, force=force,
        )  # fmt: skip
    parts = ", ".join(f"{name or 'outside the cohorts'}: {n}" for name, n in drawn.by_cohort.items())
    print(
        f"{drawn.labels} segments of {drawn.documents} documents ({parts}), {drawn.second} of them for a second coder"
    )
    if drawn.skipped:
        print(f"note: {drawn.skipped} documents of the corpus have not been read and are not in the sample")
    for path in drawn.files:
        print(path)


@gold_app.command("import")
def gold_import(
    sheet: Annotated[Path, typer.Argument(help="The filled sheet, XLSX or CSV; or a coded project, .qdpx.")],
    coder: Annotated[str, typer.Option("--coder", help="Name or initials of who filled it in.")],
    corpus: CorpusOption = None,
    partial: Annotated[bool, typer.Option("--partial", help="Take what is filled in so far.")] = False,
    user: Annotated[str, typer.Option("--user", help="Whose codings, where several coded in a .qdpx.")] = "",
) -> None:
    """Take a coder's labels from a filled sheet or .qdpx; all of them or, if anything is wrong, none."""
    done = _told(lambda: verbs_gold.gold_import(sheet, coder, corpus, partial=partial, user=user))
    for note in done.notes:
        print(f"note: {note}")
    if done.changes:
        print(f"replaces an earlier import; {len(done.changes)} labels change:")
        _print_some(done.changes)
    print(f"{done.labels} labels of {coder}, {done.none} of them no code; {done.open} of the sample not coded")
    print(done.file)


@gold_app.command("agree")
def gold_agree(
    corpus: CorpusOption = None,
    coders: Annotated[str, typer.Option("--coders", help="Names, with commas; default: all.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Write the settling sheet anew.")] = False,
) -> None:
    """Measure how far coders agree, and write the sheet of what they have to settle."""
    found = verbs_gold.gold_agree(corpus, [c.strip() for c in coders.split(",") if c.strip()], force=force)
    print(found.text)
    if found.kept:
        print(f"note: {found.sheet} is there already with other content and was kept; --force writes it anew")
    elif found.sheet:
        print(f"{found.disputed} segments to settle: {found.sheet}")


@gold_app.command("settle")
def gold_settle(
    sheet: Annotated[
        Path | None, typer.Argument(help="The filled settling sheet; none if nothing is disputed.")
    ] = None,
    corpus: CorpusOption = None,
) -> None:
    """Write the gold: what coders agree on, decisions of the sheet, and labels of single coders."""
    path, bases = _told(lambda: verbs_gold.gold_settle(sheet, corpus))
    print(", ".join(f"{n} {basis}" for basis, n in bases.items()))
    print(path)


def evaluate(
    corpus: CorpusOption = None,
    trained: Annotated[bool, typer.Option("--trained", help="Also fit models on gold; takes minutes.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Measure the classifier against gold: agreement, shares by cohort, calibration."""
    with status("scoring the documents", quiet):
        text, files = verbs_gold.evaluate(corpus, trained=trained)
    print(text)
    for path in files:
        print(path, file=sys.stderr)


def _labels(text: str) -> int | list[int]:
    if not re.fullmatch(r"\d{1,6}(,\d{1,6})*", text) or "0" in text.split(","):
        raise SettingsError(f"{text!r} is no number of labels", "--labels", "Write 490, or 16,7,6 per document.")
    numbers = [int(part) for part in text.split(",")]
    return numbers if len(numbers) > 1 else numbers[0]


def _told(work: Callable[[], T]) -> T:
    """Do it; what is wrong with a sheet is told row by row before the error's own line."""
    try:
        return work()
    except SheetError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        raise


def _print_some(lines: tuple[str, ...]) -> None:
    for line in lines[:_FEW]:
        print(f"  {line}")
    if len(lines) > _FEW:
        print(f"  ... and {len(lines) - _FEW} more")
