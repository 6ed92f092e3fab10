"""What stands beside, across or inside the columns of a text: it is a block of its own and tears nothing apart."""

from __future__ import annotations

from pathlib import Path

import typst

from strategy_miner.reading import read
from strategy_miner.records import Block
from strategy_miner.settings import ExtractSettings

SETTINGS = ExtractSettings(ocr=False, ocr_dpi=200, max_pages=50, wall_seconds=60, cpu_seconds=60, memory_mb=1500)
HEAD = """#set page(width: 420pt, height: 595pt, margin: MARGIN)
#set text(lang: "de", size: 10pt)
#set par(justify: true)
"""
SENTENCE = (
    "zeigt, wie die Verwaltung von Beispielhausen Wege baut, Bäume pflegt und zu Gesprächen einlädt, bei denen jeder "
    "mitreden kann, der im Rathaus am Markt vorbeikommt"
)


def running(count: int) -> str:
    """One paragraph without a full stop before its end: nothing but the page can tear it."""
    return ", und ".join(f"Fall{n} {SENTENCE}" for n in range(count)) + "."


def blocks_of(body: str, folder: Path, margin: str = "50pt") -> list[Block]:
    path = folder / "daneben.pdf"
    path.write_bytes(typst.compile((HEAD.replace("MARGIN", margin) + body).encode()))
    return [b for p in read(path, SETTINGS) for b in p.blocks]


def test_margin_notes_are_apart_from_the_text(tmp_path: Path) -> None:
    note = "#place(dx: -95pt, dy: 20pt, block(width: 80pt, text(8pt)[Mehr Bäume und Wege für alle]))"
    slanted = "#place(dx: -95pt, dy: 10pt, block(width: 80pt, emph[Rathaus am Markt]))"
    body = f"{note}{running(4)}\n\n{slanted}{running(3)}"
    blocks = blocks_of(body, tmp_path, "(left: 130pt, rest: 50pt)")
    assert [b.text for b in blocks if b.kind == "paragraph"] == [running(4), running(3)]
    assert [b.text for b in blocks if b.kind == "margin_note"] == ["Mehr Bäume und Wege für alle", "Rathaus am Markt"]


def test_headings_in_the_margin_stay_headings(tmp_path: Path) -> None:
    side = '#place(dx: -95pt, block(width: 85pt, text(weight: "bold")[TITLE]))'
    body = f"{side.replace('TITLE', 'Wege')}{running(4)}\n\n{side.replace('TITLE', 'Bäume')}{running(3)}"
    blocks = blocks_of(body, tmp_path, "(left: 130pt, rest: 50pt)")
    assert [b.text for b in blocks if b.kind == "heading"] == ["Wege", "Bäume"]
    assert "margin_note" not in {b.kind for b in blocks}


def test_a_figure_across_two_columns(tmp_path: Path) -> None:
    bars = "".join(f"#place(bottom, dx: {30 * n}pt, rect(width: 20pt, height: {20 + 9 * n}pt))" for n in range(8))
    figure = f'#place(top + center, scope: "parent", float: true, block(width: 250pt, height: 90pt)[{bars}])'
    blocks = blocks_of(f"#set page(columns: 2)\n{figure}\n{running(16)}", tmp_path)
    assert [b.kind for b in blocks] == ["figure", "paragraph"]
    assert blocks[1].text == running(16)


def test_a_table_across_two_columns(tmp_path: Path) -> None:
    cells = ", ".join(f"[{name}], [{n}], [{n + 5}], [im Plan]" for n, name in enumerate(("Wege", "Bäume", "Bänke"), 12))
    table = f"table(columns: (1fr, 60pt, 60pt, 1fr), [Was], [2020], [2021], [Stand], {cells})"
    placed = f'#place(bottom + center, scope: "parent", float: true, {table})'
    blocks = blocks_of(f"#set page(columns: 2)\n{placed}\n{running(12)}", tmp_path)
    assert sorted(b.kind for b in blocks) == ["paragraph", "table"]
    assert next(b.text for b in blocks if b.kind == "paragraph") == running(12)
    assert [len(b.rows) for b in blocks if b.kind == "table"] == [4]


def test_a_quotation_in_a_box_does_not_cut_the_paragraph_beside_it(tmp_path: Path) -> None:
    quote = "„Wir bauen Wege für alle,“ sagt die erfundene Bürgermeisterin der ebenso erfundenen Stadt am Fluss."
    box = f"block(fill: luma(225), inset: 8pt, width: 100%, text(14pt)[{quote}])"
    body = f"#set page(columns: 2)\n{running(5)}\n\n#place(auto, float: true, {box})\n{running(7)}"
    blocks = blocks_of(body, tmp_path)
    assert [b.text for b in blocks if b.kind == "box"] == [quote]
    assert [b.text for b in blocks if b.kind == "paragraph"] == [running(5), running(7)]


def test_the_title_of_a_box_is_its_first_line_and_the_box_goes_on_over_the_page(tmp_path: Path) -> None:
    inside = f"*Auf einen Blick*\\\n{running(6)}"
    body = f"{running(9)}\n\n#block(fill: luma(225), inset: 8pt, width: 100%)[{inside}]\n\n{running(8)}"
    blocks = blocks_of(body, tmp_path)
    (box,) = (b for b in blocks if b.kind == "box")
    assert box.text == f"Auf einen Blick\n{running(6)}"
    assert {page for page, *_ in box.boxes} == {1, 2}
    assert [b.text for b in blocks if b.kind == "paragraph"] == [running(9), running(8)]


def test_two_boxes_with_titles_stay_two(tmp_path: Path) -> None:
    box = f"#block(fill: luma(225), inset: 8pt, width: 100%, breakable: false)[*TITLE*\\\n{running(3)}]\n\n"
    body = f"{running(9)}\n\n" + box.replace("TITLE", "Erstens") + box.replace("TITLE", "Zweitens") + running(8)
    boxes = [b for b in blocks_of(body, tmp_path) if b.kind == "box"]
    assert [b.text.split("\n")[0] for b in boxes] == ["Erstens", "Zweitens"]
    assert [b.boxes[0][0] for b in boxes] == [1, 2]
