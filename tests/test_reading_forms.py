"""Forms ruled across only: tables of their own though other things on the page have rules of the same width."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from strategy_miner.reading import read
from strategy_miner.settings import ExtractSettings

SETTINGS = ExtractSettings(ocr=False, ocr_dpi=200, max_pages=50, wall_seconds=60, cpu_seconds=60, memory_mb=1500)
HEAD = '#set page(width: 420pt, height: 595pt, margin: 50pt)\n#set text(lang: "de", size: 10pt)\n'
TEXT = "Die Stadt Beispielhausen ist erfunden. Ihre Verwaltung baut Wege, pflegt Bäume und lädt zu Gesprächen ein. "
FORM = (
    "\n*Steckbrief NAME für die erfundene Stadt*\n#table(columns: (90pt, 1fr), stroke: (x, y) => (bottom: 0.5pt), "
    "fill: (x, y) => if x == 0 { luma(225) }, [Ziel], [Wege NAME bauen], [Federführung], [Bauamt], "
    "[Zeitraum], [2022 bis 2025], [Kosten], [80.000 Euro])\n"
)
ROWS = (("Federführung", "Bauamt"), ("Zeitraum", "2022 bis 2025"), ("Kosten", "80.000 Euro"))
RULE = "#line(length: 100%, stroke: 0.5pt)\n"
FRAME = f"#block(stroke: 1pt, inset: 8pt, width: 100%)[{TEXT * 2}]\n"
CASES = [
    (FORM.replace("NAME", "Eins"), ["Eins"], "alone"),
    (FORM.replace("NAME", "Eins") + FORM.replace("NAME", "Zwei"), ["Eins", "Zwei"], "two forms"),
    (RULE + TEXT + FORM.replace("NAME", "Eins"), ["Eins"], "under the rule of a running head"),
    (FRAME + TEXT + FORM.replace("NAME", "Eins") + TEXT, ["Eins"], "under a frame of the same width"),
]


@pytest.mark.parametrize(("body", "names", "reason"), CASES, ids=[c[2] for c in CASES])
def test_each_form_is_a_table(tmp_path: Path, body: str, names: list[str], reason: str) -> None:
    path = tmp_path / "steckbrief.pdf"
    path.write_bytes(typst.compile((HEAD + body).encode()))
    tables = [b for p in read(path, SETTINGS) for b in p.blocks if b.kind == "table"]
    assert [b.rows for b in tables] == [(("Ziel", f"Wege {name} bauen"), *ROWS) for name in names], reason


def test_the_grid_of_a_drawing_is_no_form(tmp_path: Path) -> None:
    """Rules with nothing between some of them: a chart without frame and axis."""
    grid = "".join(f"#place(dy: {30 * n}pt, line(length: 100%, stroke: 0.5pt))" for n in range(6))
    words = "".join(f"#place(dx: {60 * n}pt, dy: {30 * (n % 2) + 40}pt, text(8pt)[{90 + n}%])" for n in range(5))
    path = tmp_path / "gitter.pdf"
    path.write_bytes(typst.compile(f"{HEAD}{TEXT}\n\n#block(height: 150pt, width: 100%)[{grid}{words}]".encode()))
    assert "table" not in {b.kind for p in read(path, SETTINGS) for b in p.blocks}
