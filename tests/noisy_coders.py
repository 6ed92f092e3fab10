"""Coders for a generated corpus: they know the truth and err now and then."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl


def noisy(truth: Mapping[str, Sequence[str]], codes: Sequence[str], noise: float, seed: str) -> dict[str, list[str]]:
    """Codes by segment; each segment is miscoded with probability `noise`: a code goes, comes, or is another one."""
    out = {}
    for segment, own in sorted(truth.items()):
        chance = random.Random(f"{seed}:{segment}")
        given = list(own)
        if chance.random() < noise:
            other = chance.choice([code for code in codes if code not in own])
            kind = chance.choice(("comes", "goes", "other")) if own else "comes"
            given = given[1:] if kind == "goes" else [other, *given[1:]] if kind == "other" else [*given, other]
        out[segment] = given
    return out


def fill(sheet: Path, target: Path, answers: Mapping[str, Sequence[str]]) -> None:
    """Fill in the column codes of a sheet and save it under another name, as a person would."""
    if sheet.suffix == ".xlsx":
        book = openpyxl.load_workbook(sheet)
        page = book.worksheets[0]
        head = [cell.value for cell in page[1]]
        for row in page.iter_rows(min_row=2):
            cells = dict(zip(head, row, strict=True))
            cells["codes"].value = " ".join(answers[cells["id"].value.removeprefix("s")]) or "-"
        book.save(target)
        return
    with sheet.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter=";"))
    with target.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows({**row, "codes": ", ".join(answers[row["id"].removeprefix("s")]) or "-"} for row in rows)
