"""Layout on small documents set with typst: what a block is, what it says, where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from strategy_miner.reading import block_rows, outline, read
from strategy_miner.reading.overlay import overlay
from strategy_miner.records import Block, Page
from strategy_miner.settings import ExtractSettings

SETTINGS = ExtractSettings(ocr=False, ocr_dpi=200, max_pages=50, wall_seconds=60, cpu_seconds=60, memory_mb=1500)

FILLER = (
    "Die Stadt Beispielhausen ist erfunden. Ihre Verwaltung baut Wege, pflegt Bäume und lädt zu Gesprächen ein. "
    "Wer mitreden will, findet jeden Monat eine Gelegenheit, und die Ergebnisse stehen danach im Rathaus aus. "
)
HEAD = """
#set page(width: 420pt, height: 595pt, margin: 60pt, header: [Strategie Beispielhausen #h(1fr) fiktiv],
  footer: align(center, context counter(page).display()))
#set text(lang: "de", size: 10pt, hyphenate: true)
#set par(justify: true, spacing: 14pt)
#set heading(numbering: "1.1")
"""
BODY = (
    HEAD
    + """
#outline(title: [Inhalt])
#pagebreak()
= Mobilität
FILLER FILLER

== Radverkehr und Fußwege in der ganzen Innenstadt sicher und bequem verbinden
FILLER Wir zählen Räder.#footnote[Erhebung im Mai.] FILLER

- Stellplätze an Schulen
- Wege ohne Stufen, die auch mit Kinderwagen und Rollstuhl gut zu befahren sind und im Winter geräumt werden

#figure(table(columns: 3, [Jahr], [Räder], [Busse], [2020], [12], [3], [2021], [15], [4]), caption: [Zählung am Markt])

= Energie
FILLER FILLER FILLER

#block(fill: luma(220), inset: 10pt, width: 100%)[*Kurz gesagt* \\
FILLER]

FILLER FILLER

== Wärme
FILLER FILLER FILLER

#table(columns: (90pt, 1fr), stroke: (x: none, y: 0.5pt), [Ziel], [Wärme sparen], [Federführung], [Bauamt],
  [Zeitraum], [2022 bis 2025])

= Schluss
FILLER FILLER
"""
).replace("FILLER", FILLER)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("layout") / "beispiel.pdf"
    path.write_bytes(typst.compile(BODY.encode()))
    return path


@pytest.fixture(scope="module")
def pages(document: Path) -> list[Page]:
    return read(document, SETTINGS, bookmarks=False)


def blocks(pages: list[Page], kind: str) -> list[Block]:
    return [b for p in pages for b in p.blocks if b.kind == kind]


def test_headings_have_their_levels_and_paths(pages: list[Page]) -> None:
    found = [(b.level, b.text) for b in blocks(pages, "heading")]
    assert found == [
        (1, "Inhalt"),
        (1, "1 Mobilität"),
        (2, "1.1 Radverkehr und Fußwege in der ganzen Innenstadt sicher und bequem verbinden"),
        (1, "2 Energie"),
        (2, "2.1 Wärme"),
        (1, "3 Schluss"),
    ]
    items = blocks(pages, "list_item")
    assert items[0].heading_path == ("1 Mobilität", found[2][1])


def test_furniture_is_told_from_text(pages: list[Page]) -> None:
    assert len(blocks(pages, "page_number")) == len(pages)
    assert {b.text for b in blocks(pages, "running_head")} == {"Strategie Beispielhausen", "fiktiv"}
    assert not any("fiktiv" in b.text for b in blocks(pages, "paragraph"))


def test_the_contents_page_is_not_text(pages: list[Page]) -> None:
    assert {b.kind for b in pages[0].blocks} == {"heading", "toc", "running_head", "page_number"}
    (contents,) = blocks(pages, "toc")
    entries = [line.split()[0] for line in contents.text.split("\n")]
    assert [e for e in entries if e[0].isdigit()] == ["1", "1.1", "2", "2.1", "3"], "one block, a line an entry"


def test_paragraphs_are_whole_and_repaired(pages: list[Page]) -> None:
    wanted = " ".join((FILLER * 3).split())
    texts = [b.text for b in blocks(pages, "paragraph")]
    assert wanted in texts
    assert all(t.startswith(("Die Stadt", "Wir")) for t in texts), "no paragraph begins in mid-sentence"
    across = [b for b in blocks(pages, "paragraph") if len({box[0] for box in b.boxes}) > 1]
    assert across, "one paragraph runs over a page break"


def test_footnote_caption_box_and_list(pages: list[Page]) -> None:
    (note,) = blocks(pages, "footnote")
    assert note.text.endswith("Erhebung im Mai.")
    assert any("Wir zählen Räder. Die Stadt" in b.text for b in blocks(pages, "paragraph")), "the mark is no word"
    (caption,) = blocks(pages, "caption")
    assert caption.text == "Tabelle 1: Zählung am Markt"
    (box,) = blocks(pages, "box")
    assert box.text.startswith("Kurz gesagt")
    assert [b.text[:18] for b in blocks(pages, "list_item")] == ["• Stellplätze an S", "• Wege ohne Stufen"]


def test_tables_have_rows(pages: list[Page]) -> None:
    ruled, banded = blocks(pages, "table")
    assert ruled.rows == (("Jahr", "Räder", "Busse"), ("2020", "12", "3"), ("2021", "15", "4"))
    assert ruled.text == "Jahr | Räder | Busse\n2020 | 12 | 3\n2021 | 15 | 4"
    assert banded.rows == (("Ziel", "Wärme sparen"), ("Federführung", "Bauamt"), ("Zeitraum", "2022 bis 2025"))


def test_words_are_numbered_in_order_and_lie_in_their_boxes(pages: list[Page]) -> None:
    words = [w for p in pages for b in p.blocks for w in b.words]
    assert [w.n for w in words] == list(range(len(words)))
    for page in pages:
        for block in page.blocks:
            assert block.words
            assert all(0 <= b[1] < b[3] <= page.width and 0 <= b[2] < b[4] <= page.height for b in block.boxes)


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "spalten.pdf"
    text = " ".join(f"Satz{n} steht an seiner angestammten Veröffentlichungsstelle." for n in range(260))
    source = '#set page(width: 420pt, height: 595pt, columns: 2)\n#set text(lang: "de", hyphenate: true)\n'
    path.write_bytes(typst.compile((source + "#set par(justify: true)\n" + text).encode()))
    (block,) = [b for p in read(path, SETTINGS) for b in p.blocks]
    assert block.text == text
    assert "-\n" in block.raw, "the raw text keeps the hyphens of the page"
    assert {box[0] for box in block.boxes} >= {1, 2}


def test_columns_painted_row_by_row_are_read_by_geometry(tmp_path: Path) -> None:
    path = tmp_path / "zeilenweise.pdf"
    rows = "".join(
        f"#place(dx: {x}pt, dy: {20 * row}pt)[{side}{row:02d} und noch ein paar Worte mehr]"
        for row in range(12)
        for side, x in (("Links", 0), ("Rechts", 215))
    )
    path.write_bytes(typst.compile(f"#set page(width: 450pt, height: 400pt, margin: 20pt)\n{rows}".encode()))
    text = " ".join(b.text for p in read(path, SETTINGS) for b in p.blocks)
    wanted = [f"{side}{row:02d}" for side in ("Links", "Rechts") for row in range(12)]
    assert [w for w in text.split() if w[-2:].isdigit()] == wanted


def test_two_readings_are_equal(document: Path, pages: list[Page]) -> None:
    assert list(block_rows(read(document, SETTINGS, bookmarks=False))) == list(block_rows(pages))


def test_rows_and_outline_show_what_was_read(pages: list[Page]) -> None:
    rows = list(block_rows(pages, "beispiel.pdf"))
    keys = {"id", "document", "page", "kind", "level", "text", "heading_path", "boxes"}
    assert all(keys <= set(row) for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
    assert [row["rows"][0] for row in rows if row["kind"] == "table"] == [
        ["Jahr", "Räder", "Busse"],
        ["Ziel", "Wärme sparen"],
    ]
    told = outline(pages)
    assert "\n  2.1 Wärme  [p. " in told
    assert f"{len(pages)} pages: {len(pages)} read" in told


def test_the_overlay_draws_on_the_page(document: Path, pages: list[Page]) -> None:
    plain = overlay(document, 2, [], scale=1.0)
    drawn = overlay(document, 2, pages, scale=1.0)
    assert plain.size == (420, 595)
    assert drawn.width == plain.width
    assert drawn.height > plain.height, "a legend stands below"
    assert drawn.crop((0, 0, *plain.size)).tobytes() != plain.tobytes()


def test_turned_pages_read_like_upright_ones(tmp_path: Path) -> None:
    import pypdfium2

    path = tmp_path / "quer.pdf"
    path.write_bytes(typst.compile(f'#set page(width: 420pt, height: 595pt)\n#set text(lang: "de")\n{FILLER}'.encode()))
    upright = [b.text for p in read(path, SETTINGS) for b in p.blocks]
    for rotation in (90, 180, 270):
        with pypdfium2.PdfDocument(path) as turned:
            turned[0].set_rotation(rotation)
            turned.save(tmp_path / f"{rotation}.pdf")
        (page,) = read(tmp_path / f"{rotation}.pdf", SETTINGS)
        assert [b.text for b in page.blocks] == upright, rotation
