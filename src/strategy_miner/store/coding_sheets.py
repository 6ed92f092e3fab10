"""What coders get: the sheet to fill in, the codebook beside it, and how to go about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.gold import Drawn
from strategy_miner.coding.gold_labels import Label, book_mark, row_id, shown, written
from strategy_miner.store.sheets import Column, Sheet, write_sheet_csv, write_workbook

_PLACE = (Column("no", 5), Column("id", 9), Column("page", 6), Column("heading", 32), Column("text", 80))
_ANSWER = (Column("codes", 28, fill=True), Column("sure", 7, fill=True, choices=("ja", "nein")),
           Column("note", 30, fill=True))  # fmt: skip
_MARK = Column("codebook", 14)

_GUIDE = """\
Jede Zeile ist ein Textabschnitt. Lesen Sie Überschrift und Text und tragen Sie in codes ein, wovon er handelt.
Erlaubt sind die Kürzel aus dem Blatt Codebook, mehrere mit Leerzeichen getrennt: mobilitaet umwelt_klima
Passt keines, schreiben Sie einen Strich: -  Eine leere Zelle heißt: noch nicht bearbeitet.
Es zählt, was der Text sagt, nicht, was in einer Strategie üblich ist; die Überschrift hilft bei der Deutung.
In sure steht nein, wenn Sie schwanken; leer heißt ja. In note ist Platz für Begründungen und Fragen.
Ändern Sie id und text nicht und löschen Sie keine Zeile. Sortieren und filtern dürfen Sie.
Codieren Sie allein und ohne Rücksprache mit anderen; besprochen wird danach.
"""


def write_coding_sheet(rows: Sequence[Drawn], codebook: Codebook, target: Path) -> tuple[Path, Path]:
    """Write the sheet as XLSX (with codebook and guide) and as CSV beside it; blind to cohort, document and model."""
    cells = tuple((*_place(row), "", "", "", book_mark(codebook.sha256)) for row in rows)
    return _write(Sheet("Codierung", (*_PLACE, *_ANSWER, _MARK), cells), codebook, target)


def write_settling_sheet(
    rows: Sequence[Drawn], coders: Mapping[str, Mapping[str, Label]], codebook: Codebook, target: Path
) -> tuple[Path, Path]:
    """Write disputed segments with what each coder gave; the decision goes into the empty column codes."""
    columns = [*_PLACE]
    for name in coders:
        columns += [Column(f"codes_{name}", 24), Column(f"note_{name}", 20)]
    cells = []
    for row in rows:
        given = [own.get(row.anchor.segment_id) for own in coders.values()]
        said = [text for label in given for text in ((written(label.codes), label.note) if label else ("", ""))]
        cells.append((*_place(row), *said, "", "", "", book_mark(codebook.sha256)))
    return _write(Sheet("Strittig", (*columns, *_ANSWER, _MARK), tuple(cells)), codebook, target)


def _place(row: Drawn) -> tuple[str, ...]:
    a = row.anchor
    return str(row.number), row_id(a.segment_id), "" if a.page is None else str(a.page), shown(a.heading), shown(a.text)


def _write(sheet: Sheet, codebook: Codebook, target: Path) -> tuple[Path, Path]:
    guide = Sheet("Anleitung", (Column("So geht es", 110),), tuple((line,) for line in _GUIDE.splitlines()))
    names = (("id", 26), ("Name", 26), ("Art", 12), ("Definition", 60), ("gehört dazu", 60), ("gehört nicht dazu", 60))
    codes = tuple(
        (c.id, c.name_de, {"sectoral": "sektoral", "integrated": "integriert"}.get(c.kind, c.kind), c.definition_de,
         "\n".join(c.includes), "\n".join(c.excludes))
        for c in codebook.codes
    )  # fmt: skip
    book = Sheet("Codebook", tuple(Column(name, width) for name, width in names), codes)
    text = target.with_suffix(".csv")
    write_workbook([sheet, book, guide], target)
    write_sheet_csv(sheet, text)
    return target, text
