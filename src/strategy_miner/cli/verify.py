"""`strategy-miner verify`: is the result still what its sources say?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from strategy_miner import verbs_verify
from strategy_miner.cli.terminal import CorpusOption, QuietOption, steps

if TYPE_CHECKING:
    from strategy_miner.checking import Part


def verify(corpus: CorpusOption = None, quiet: QuietOption = False) -> None:
    """Check the results of a corpus against its documents; exit code 1 if anything differs, each named in a line."""
    with steps("verify", quiet) as told:
        parts = verbs_verify.verify(corpus, told)
    for part in parts:
        _tell(part)
    differing = sum(len(part.mismatches) for part in parts)
    open_points = sum(len(part.unchecked) for part in parts)
    print(f"{differing or 'no'} mismatches" + (f"; {open_points} not checked, see above" if open_points else ""))
    if differing:
        raise typer.Exit(1)


def _tell(part: Part) -> None:
    share = "" if part.mismatches or not part.checked else ", 100 % as they should be"
    print(f"{part.name}: {part.checked} {part.unit} checked{share}")
    for line in part.mismatches:
        print(f"  mismatch  {line}")
    for line in part.unchecked:
        print(f"  not checked  {line}")
