"""Sheets filled in as a person would."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl


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
