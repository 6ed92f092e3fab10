"""`strategy-miner codebook`: check codebooks, try their examples, exchange them with other programs."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from strategy_miner import codebooks
from strategy_miner.cli.terminal import QuietOption, counted, print_json, print_table
from strategy_miner.errors import SettingsError

codebook_app = typer.Typer(no_args_is_help=True, help="Check codebooks, try their examples, exchange them.")

CodebookOption = Annotated[
    Path | None, typer.Option("--codebook", help="Folder of <dimension>.yaml files; default: that of params.yaml.")
]
DimensionOption = Annotated[str, typer.Option("--dimension", help="A dimension's name, or all.")]


@codebook_app.command("lint")
def codebook_lint(
    codebook: CodebookOption = None,
    dimension: DimensionOption = "field",
    quick: Annotated[bool, typer.Option("--quick", help="Only what the file itself shows, without a model.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object per finding.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Say all that is wrong with a codebook (problem) or worth a look (note); exit code 1 if there is a problem."""
    with counted("trying the examples", quiet) as progress:
        findings = codebooks.lint(dimension, codebook, quick, progress)
    for finding in findings:
        if jsonl:
            print_json(asdict(finding))
        else:
            print(finding)
    problems = sum(finding.severity == "problem" for finding in findings)
    if not jsonl:
        print(f"{dimension}: {problems} problems, {len(findings) - problems} notes")
    if problems:
        raise typer.Exit(1)


@codebook_app.command("test")
def codebook_test(
    codebook: CodebookOption = None,
    dimension: DimensionOption = "field",
    least: Annotated[float, typer.Option("--least", help="Exit code 1 if a smaller share comes out right.")] = 0.0,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object per example.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Score every example and counter-example by a model that was not fitted on it."""
    if not 0 <= least <= 1:
        raise SettingsError(f"{least:g} is no share", "--least", "Use a number from 0 to 1, such as 0.8.")
    failed = False
    with counted("trying the examples", quiet) as progress:
        trials = list(codebooks.trials(dimension, codebook, progress))
    for trial in trials:
        failed = failed or trial.share_right < least
        if jsonl:
            for row in trial.rows():
                print_json(row)
            continue
        columns = ["code", "examples", "given the code", "counter-examples", "false alarms"]
        print_table(columns, [(code or "(no code)", *counts) for code, *counts in trial.scores()])
        for one in trial.tried:
            if not one.right:
                given = ", ".join(one.given) or "nothing"
                print(f"{one.code or 'no code'} ({one.role}): {one.example.text}")
                print(f"    p = {one.p:.2f}; given {given}; evidence: {one.evidence or 'none'}")
        wrong = sum(not one.right for one in trial.tried)
        n = len(trial.tried)
        print(f"{trial.codebook.dimension}: {n - wrong} of {n} examples right ({trial.share_right:.1%})")
    if failed:
        raise typer.Exit(1)


@codebook_app.command("export")
def codebook_export(
    file: Annotated[Path, typer.Argument(help="The .qdc file to write.")],
    codebook: CodebookOption = None,
    dimension: Annotated[str, typer.Option("--dimension", help="A dimension's name.")] = "field",
) -> None:
    """Write a dimension as a REFI-QDA codebook, for MAXQDA, ATLAS.ti, NVivo, QualCoder."""
    print(codebooks.export_qdc(file, dimension, codebook))


@codebook_app.command("import")
def codebook_import(
    file: Annotated[Path, typer.Argument(help="A .qdc file, of ours or of another program.")],
    folder: Annotated[Path, typer.Argument(help="Folder for <dimension>.yaml.")],
    dimension: Annotated[str | None, typer.Option("--dimension", help="Default: what the file says.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file of that dimension.")] = False,
) -> None:
    """Read a REFI-QDA codebook; what other programs changed wins, and is told."""
    path, told = codebooks.import_qdc(file, folder, dimension, force)
    for line in told:
        print(f"note: {line}", file=sys.stderr)
    print(path)
    faults = codebooks.faults(path)
    for fault in faults:
        print(f"problem: {fault}", file=sys.stderr)
    if faults:
        raise typer.Exit(1)
