"""`strategy-miner measures`: the Maßnahmen that documents name."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

from strategy_miner import verbs
from strategy_miner.cli.terminal import QuietOption, each, print_json_of


def measures(
    files: Annotated[list[Path], typer.Argument(help="PDF, DOCX, Markdown or text files.")],
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object per measure.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Print the measures that each document names: title, fields, who, when, at what cost, where it stands."""
    coders = cache(verbs.measure_coders)

    def show(path: Path) -> None:
        rows = verbs.measures(path, coders)
        if jsonl:
            print_json_of(path, files, rows)
        else:
            print(_told(path, rows))

    each(files, "measures", quiet, show)


def _told(path: Path, rows: list[dict[str, Any]]) -> str:
    if not rows:
        return f"{path}: names no measures."
    lines = [f"{path}: {len(rows)} measure{'s' if len(rows) > 1 else ''}"]
    for row in rows:
        place = f"p. {row['page']}" if row["page"] is not None else "without page"
        known = (row["status"], row["responsible"], row["period"], row["cost"], ", ".join(row["technologies"]))
        lines.append(f"  {row['title']}  ({'; '.join([place, row['form'], *filter(None, known)])})")
    return "\n".join(lines)
