"""Nesting of lists: levels by indent and by kind of mark."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from strategy_miner.reading import read
from strategy_miner.settings import ExtractSettings

SETTINGS = ExtractSettings(ocr=False, ocr_dpi=200, max_pages=50, wall_seconds=60, cpu_seconds=60, memory_mb=1500)
HEAD = '#set page(width: 420pt, height: 595pt, margin: 50pt)\n#set text(lang: "de", size: 10pt)\n'
LEAD = "Die Stadt Beispielhausen ist erfunden, und ihre Verwaltung plant für die nächsten Jahre:\n\n"

NESTED = """
- Wege bauen
  - am Markt
  - am Bahnhof
    - mit Rampe
- Bäume pflegen
"""
NUMBERED = """
+ Wege bauen
  - am Markt
  - am Bahnhof
+ Bäume pflegen
"""
TWICE = """
- Wege bauen
  - am Markt

Danach wird neu begonnen, und zwar mit einer Liste für sich und nicht mit der alten:

- Bäume pflegen
"""
CASES = [
    (NESTED, [1, 2, 2, 3, 1], "an indent is a level"),
    (NUMBERED, [1, 2, 2, 1], "dots under numbers"),
    (TWICE, [1, 2, 1], "a paragraph between ends the list"),
    ("1. Wege bauen\\\n– am Markt\\\n– am Bahnhof\\\n2. Bäume pflegen", [1, 2, 2, 1], "another mark without indent"),
    ("\n".join(f"#v(12pt)\n- Punkt {n}\n  - darunter {n}" for n in range(14)), [1, 2] * 14, "over a page break"),
]


@pytest.mark.parametrize(("body", "levels", "reason"), CASES, ids=[c[2] for c in CASES])
def test_levels_of_items(tmp_path: Path, body: str, levels: list[int], reason: str) -> None:
    path = tmp_path / "liste.pdf"
    path.write_bytes(typst.compile((HEAD + LEAD + body.replace("1. ", "1\\. ").replace("2. ", "2\\. ")).encode()))
    items = [b for p in read(path, SETTINGS) for b in p.blocks if b.kind == "list_item"]
    assert [b.level for b in items] == levels, reason


def test_a_list_goes_on_in_the_next_column(tmp_path: Path) -> None:
    body = "\n".join(f"- Punkt {n}\n  - darunter {n}, und zwar mit etwas mehr Text" for n in range(20))
    path = tmp_path / "spalten.pdf"
    path.write_bytes(typst.compile((HEAD.replace("margin", "columns: 2, margin") + LEAD + body).encode()))
    items = [b for p in read(path, SETTINGS) for b in p.blocks if b.kind == "list_item"]
    assert len({round(b.boxes[0][1]) for b in items}) == 4, "two indents in each of two columns"
    assert [b.level for b in items] == [1, 2] * 20
