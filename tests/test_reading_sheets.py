"""Two pages on one sheet: the left one whole, then the right one."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from strategy_miner.reading import read
from strategy_miner.records import Page
from strategy_miner.settings import ExtractSettings

SETTINGS = ExtractSettings(ocr=False, ocr_dpi=200, max_pages=50, wall_seconds=60, cpu_seconds=60, memory_mb=1500)
TEXT = (
    "Auf Seite NAME ist Beispielhausen frei erfunden, und die Verwaltung baut Wege, pflegt Bäume und lädt zu "
    "Gesprächen ein, bei denen jeder mitreden kann, der im Rathaus am Markt vorbeikommt. "
)
LETTERS = "ABCDEF"
# The sheets are set as printers do: body, head, note and number of each half painted one after the other.
HALF = """#place(dx: LEFTpt, dy: 0pt, block(width: 300pt)[#text(8pt)[Strategie Beispielhausen]])
#place(dx: LEFTpt, dy: 30pt, block(width: 300pt, columns(COLUMNS, gutter: 16pt)[#par[BODY#super[NOTE]] #par[BODY]]))
#place(dx: LEFTpt, dy: 420pt, block(width: 300pt)[#line(length: 60pt) #text(7.5pt)[NOTE Anmerkung auf NAME.]])
#place(dx: LEFTpt, dy: 470pt, block(width: 300pt, align(center)[NUMBER]))
"""


def sheets(folder: Path, columns: int = 1, numbers: bool = True) -> list[Page]:
    body = ""
    for number in range(1, 7):
        half = HALF.replace("LEFT", "0" if number % 2 else "400").replace("COLUMNS", str(columns))
        half = half.replace("NUMBER", str(number) if numbers else "").replace("BODY", (TEXT * 3).strip())
        body += half.replace("NAME", f"Blatt-{LETTERS[number - 1]}").replace("NOTE", str(number))
        body += "#pagebreak(weak: true)\n" if number in (2, 4) else ""
    head = '#set page(width: 800pt, height: 560pt, margin: 40pt)\n#set text(lang: "de", size: 10pt)\n'
    path = folder / "bogen.pdf"
    path.write_bytes(typst.compile((head + body).encode()))
    return read(path, SETTINGS)


@pytest.mark.parametrize("columns", [1, 2])
def test_the_left_page_is_read_whole_before_the_right_one(tmp_path: Path, columns: int) -> None:
    pages = sheets(tmp_path, columns)
    assert [(p.page, p.width) for p in pages] == [(1, 800), (2, 800), (3, 800)]
    blocks = [b for p in pages for b in p.blocks]
    assert [b.text.split()[2] for b in blocks if b.kind == "paragraph"] == [f"Blatt-{a}" for a in LETTERS for _ in "12"]
    assert [b.text for b in blocks if b.kind == "page_number"] == ["1", "2", "3", "4", "5", "6"]
    assert {b.text for b in blocks if b.kind == "running_head"} == {"Strategie Beispielhausen"}
    assert [b.text for b in blocks if b.kind == "footnote"] == [
        f"{n} Anmerkung auf Blatt-{a}." for n, a in enumerate(LETTERS, 1)
    ]


def test_boxes_and_words_lie_where_the_sheet_shows_them(tmp_path: Path) -> None:
    for page in sheets(tmp_path):
        for block in page.blocks:
            assert all(box[0] == page.page for box in block.boxes)
            if "Blatt-" in block.text:
                right = block.text.split("Blatt-")[1][0] in "BDF"
                assert all((box[1] >= 400) == right for box in block.boxes)
                assert all((word.x0 >= 400) == right for word in block.words)
    by_id = {b.id: b for p in sheets(tmp_path) for b in p.blocks}
    assert all(by_id[b.belongs_to].kind == "paragraph" for b in by_id.values() if b.kind == "footnote")


def test_a_wide_page_with_one_number_is_one_page(tmp_path: Path) -> None:
    """A landscape page in two columns has no two page numbers; its foot counts once."""
    body = f"#columns(2, gutter: 60pt)[{(TEXT * 6).replace('NAME', 'quer')}]\n" * 3
    head = (
        "#set page(width: 800pt, height: 300pt, margin: 40pt, footer: align(center, context counter(page).display()))\n"
    )
    path = tmp_path / "quer.pdf"
    path.write_bytes(typst.compile((head + '#set text(lang: "de", size: 10pt)\n' + body).encode()))
    pages = read(path, SETTINGS)
    assert [[b.text for b in p.blocks if b.kind == "page_number"] for p in pages] == [[str(p.page)] for p in pages]
