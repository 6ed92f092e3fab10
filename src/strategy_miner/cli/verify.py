"""`strategy-miner verify` and `bundle`: is the result still what its sources say, and the result in one archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from strategy_miner import verbs_verify
from strategy_miner.cli.terminal import CorpusOption, QuietOption, steps

if TYPE_CHECKING:
    from strategy_miner.checking import Part


def verify(
    corpus: CorpusOption = None,
    bundle: Annotated[Path | None, typer.Option("--bundle", help="Check this bundle instead.")] = None,
    seal: Annotated[str, typer.Option("--seal", help="With --bundle: the seal that was noted down.")] = "",
    quiet: QuietOption = False,
) -> None:
    """Check the results of a corpus against its documents; exit code 1 if anything differs, each named in a line."""
    with steps("verify", quiet) as told:
        if bundle is None:
            parts = verbs_verify.verify(corpus, told)
        else:
            parts, found = verbs_verify.verify_bundle(bundle, seal, told)
            print(f"seal: {found}")
    for part in parts:
        _tell(part)
    differing = sum(len(part.mismatches) for part in parts)
    open_points = sum(len(part.unchecked) for part in parts)
    result = f"{differing or 'no'} mismatch{'' if differing == 1 else 'es'}"
    print(result + (f"; {open_points} things could not be checked, see above" if open_points else ""))
    if differing:
        raise typer.Exit(1)


def bundle(
    corpus: CorpusOption = None,
    output: Annotated[Path | None, typer.Option("--output", help="Default: build/CORPUS/CORPUS.zip.")] = None,
) -> None:
    """Pack report, database, exports and provenance of a corpus into one archive and print its seal."""
    path, seal = verbs_verify.bundle(corpus, output)
    print(f"{path}\nseal: {seal}")


def _tell(part: Part) -> None:
    share = "" if part.mismatches or not part.checked else ", 100 % as they should be"
    print(f"{part.name}: {part.checked} {part.unit} checked{share}")
    for line in part.mismatches:
        print(f"  mismatch  {line}")
    for line in part.notes:
        print(f"  note  {line}")
    for line in part.unchecked:
        print(f"  not checked  {line}")
