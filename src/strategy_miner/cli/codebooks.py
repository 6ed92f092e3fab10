"""`strategy-miner codebook`: check codebooks, try their examples, compare and exchange them with other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from strategy_miner import codebooks
from strategy_miner.cli.terminal import CorpusOption, QuietOption, counted, print_json, print_table, status
from strategy_miner.errors import SettingsError

if TYPE_CHECKING:
    from strategy_miner.analysis.recoded import Recoded

codebook_app = typer.Typer(no_args_is_help=True, help="Check codebooks, try their examples, compare and exchange them.")

CodebookOption = Annotated[
    Path | None, typer.Option("--codebook", help="Folder of <dimension>.yaml files; default: that of params.yaml.")
]
DimensionOption = Annotated[
    str | None,
    typer.Option("--dimension", help="A dimension's name, or all; default: field, or the only one there is."),
]


@codebook_app.command("lint")
def codebook_lint(
    codebook: CodebookOption = None,
    dimension: DimensionOption = None,
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
        print(f"{dimension or 'codebook'}: {problems} problems, {len(findings) - problems} notes")
    if problems:
        raise typer.Exit(1)


@codebook_app.command("test")
def codebook_test(
    codebook: CodebookOption = None,
    dimension: DimensionOption = None,
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


@codebook_app.command("diff")
def codebook_diff(
    old: Annotated[str, typer.Argument(help="Codebook folder, or a git revision: HEAD~1:corpus/codebook.")],
    new: Annotated[str, typer.Argument(help="The same, the codebook to compare with.")],
    corpus: CorpusOption = None,
    dimension: Annotated[str, typer.Option("--dimension", help="A dimension's name.")] = "field",
    most: Annotated[int, typer.Option("--most", min=0, help="How many segments to list.")] = 50,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Everything, one JSON object a line.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Show what changed between two codebooks, which segments change code, and what that does to the shares."""
    with status("coding with both codebooks", quiet):
        found = codebooks.diff(old, new, dimension, corpus)
    moved = [segment for segment in found.segments if segment.moved]
    if jsonl:
        for row in _diff_rows(found, moved):
            print_json(row)
        return
    print(f"{len(found.changes)} changes of the codebook {dimension}")
    for change in found.changes:
        print(f"  {change}")
    print(f"\n{len(moved)} of {len(found.segments)} segments change code")
    if not moved:
        return
    print_table(["code", "old", "new", "gained", "lost"], codebooks.gained_and_lost(found.segments))
    for segment in moved[:most]:
        print(f"{segment.file}, p. {segment.page}: {_codes(segment.old)} -> {_codes(segment.new)}")
        print(f"    {' '.join(segment.segment.text.split())[:200]}")
    if len(moved) > most:
        print(f"... and {len(moved) - most} more; --most or --jsonl shows them.")
    print("\nShares of coded text, uncorrected (H3: integrated share, H4: share per code), in percent")
    rows = [
        (share.estimand, share.code or "integrated", share.cohort or "all", _percent(share.old), _percent(share.new),
         "" if share.points is None else f"{share.points:+.1f}")
        for share in found.shares
        if share.estimand == "H3" or abs(share.points if share.points is not None else 100.0) >= 0.05
    ]  # fmt: skip
    print_table(["estimand", "code", "cohort", "old", "new", "points"], rows)


def _diff_rows(found: codebooks.Diff, moved: list[Recoded]) -> Iterator[dict[str, Any]]:
    for change in found.changes:
        yield {"kind": "change", **asdict(change)}
    for row in moved:
        codes = {"old": _plain_codes(row.old), "new": _plain_codes(row.new)}
        place = {"document": row.file, "page": row.page, "segment": row.segment.id}
        yield {"kind": "segment", **place, "text": row.segment.text, **codes}
    for share in found.shares:
        yield {"kind": "share", "status": "uncorrected", **asdict(share), "points": share.points}


def _plain_codes(codes: tuple[tuple[str, float], ...]) -> list[dict[str, Any]]:
    return [{"code": code, "p": round(p, 4)} for code, p in codes]


def _codes(codes: tuple[tuple[str, float], ...]) -> str:
    return ", ".join(f"{code} {p:.2f}" for code, p in codes) or "nothing"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f}"


@codebook_app.command("export")
def codebook_export(
    file: Annotated[Path, typer.Argument(help="The file to write: .qdc, or .ttl with --skos.")],
    codebook: CodebookOption = None,
    dimension: Annotated[
        str | None, typer.Option("--dimension", help="A dimension's name; default: field; with --skos: all.")
    ] = None,
    skos: Annotated[bool, typer.Option("--skos", help="As SKOS in Turtle instead, for thesaurus tools.")] = False,
    base: Annotated[str | None, typer.Option("--base", help="SKOS: what the IRIs begin with; default: a urn.")] = None,
) -> None:
    """Write a dimension as a REFI-QDA codebook, for MAXQDA, ATLAS.ti, NVivo, QualCoder; or the codebook as SKOS."""
    if skos:
        print(codebooks.export_skos(file, dimension or "all", codebook, base))
    else:
        print(codebooks.export_qdc(file, dimension or "field", codebook))


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
