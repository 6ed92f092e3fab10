"""`strategy-miner declared`: the fields of action that documents declare as their own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from strategy_miner import verbs
from strategy_miner.cli.terminal import QuietOption, each, print_json_of
from strategy_miner.errors import SettingsError


def declared(
    files: Annotated[list[Path], typer.Argument(help="PDF, DOCX, Markdown or text files.")],
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object per declared field.")] = False,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="Rows for declared_fields.csv under this project_id, to be checked.")
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Print the fields of action that each document declares as its own, coded, with the words that say so."""
    if sheet is not None and (jsonl or len(files) > 1):
        raise SettingsError("--sheet is for one file and goes without --jsonl", "declared", "Run it file by file.")

    def show(path: Path) -> None:
        rows = verbs.declared(path)
        if sheet is not None:
            _print_sheet(sheet, rows)
        elif jsonl:
            print_json_of(path, files, rows)
        else:
            print(_told(path, rows))

    each(files, "declared fields", quiet, show)


def _print_sheet(project: str, rows: list[dict[str, Any]]) -> None:
    """Rows as corrections: with codes and orientation filled in they hold even if the machine changes its mind."""
    import csv

    from strategy_miner.corpus.corrections import COMPLETE, CORRECTION_COLUMNS, FURTHER_COLUMNS

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*CORRECTION_COLUMNS, *FURTHER_COLUMNS])
    for row in rows:
        flag = str(row["ecology"]).lower()
        writer.writerow([project, row["field_name"], " ".join(row["codes"]), row["orientation"], flag, "", "", ""])
    writer.writerow([project, "", "", "", "", "", COMPLETE, ""])


def _told(path: Path, rows: list[dict[str, Any]]) -> str:
    if not rows:
        return f"{path}: declares no fields of action of its own."
    lines = [f"{path}: {len(rows)} declared fields"]
    for row in rows:
        place = f"p. {row['page']}" if row["page"] is not None else "without page"
        about = ", ".join(row["codes"]) or "no code"
        ecology = ", ecology" if row["ecology"] else ""
        lines += [f"  {row['field_name']}  ({place}; {row['orientation']}{ecology}; {about})"]
    said = dict.fromkeys(row["evidence"] for row in rows)
    return "\n".join([*lines, *(f"  said by: {evidence}" for evidence in said)])
