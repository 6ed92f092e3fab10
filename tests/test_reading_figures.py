"""Figures: pictures and drawings are blocks of their own, their labels are no text."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from strategy_miner.parquet import read_records, write_records
from strategy_miner.reading import read
from strategy_miner.records import Block, Page
from strategy_miner.settings import ExtractSettings

SETTINGS = ExtractSettings(ocr=False, ocr_dpi=200, max_pages=50, wall_seconds=60, cpu_seconds=60, memory_mb=1500)
TEXT = (
    "Die Stadt Beispielhausen ist erfunden. Ihre Verwaltung baut Wege, pflegt Bäume und lädt zu Gesprächen ein. "
    "Wer mitreden will, findet jeden Monat eine Gelegenheit, und die Ergebnisse stehen danach im Rathaus aus. "
)


def picture(width: int, height: int) -> str:
    pixels = 'bytes((20, 90, 160, 230)), format: (encoding: "luma8", width: 2, height: 2)'
    return f'image({pixels}, width: {width}pt, height: {height}pt, fit: "stretch")'


CHART = """
#let bars = block(width: 200pt, height: 120pt, {
  for (n, h) in (40, 70, 55, 90).enumerate() {
    place(bottom + left, dx: 30pt + n * 40pt, dy: -16pt, rect(width: 24pt, height: h * 1pt, fill: blue))
    place(bottom + left, dx: 30pt + n * 40pt, text(8pt)[#(2019 + n)])
  }
  for n in range(5) { place(bottom + left, dx: 25pt, dy: -16pt - n * 22pt, line(length: 170pt, stroke: 0.5pt)) }
  for n in range(5) { place(bottom + left, dx: 10pt, dy: -14pt - n * 22pt, text(8pt)[#(n * 20)]) }
})
"""
BODY = f"""
#set page(width: 420pt, height: 595pt, margin: 60pt, header: {picture(60, 31)})
#set text(lang: "de", size: 10pt)
{CHART}
= Lage
{TEXT}
#figure(bars, caption: [Gezählte Räder])
{TEXT}
#pagebreak()
{TEXT}
#figure({picture(180, 90)}, caption: [Der Marktplatz])
{TEXT}
#pagebreak()
{TEXT}
#place(dx: -10pt, {picture(320, 130)})
#block(inset: 6pt, text(white)[{TEXT}])
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Page]:
    path = tmp_path_factory.mktemp("figures") / "beispiel.pdf"
    path.write_bytes(typst.compile(BODY.encode()))
    return read(path, SETTINGS)


def of_kind(pages: list[Page], kind: str) -> list[Block]:
    return [b for p in pages for b in p.blocks if b.kind == kind]


def test_a_drawing_and_a_picture_are_one_block_each(pages: list[Page]) -> None:
    chart, photo = of_kind(pages, "figure")
    assert set(chart.text.split()) == {"2019", "2020", "2021", "2022", "0", "20", "40", "60", "80"}
    assert (chart.boxes[0][0], photo.boxes[0][0]) == (1, 2)
    assert (photo.text, photo.words) == ("", ())
    _, x0, top, x1, bottom = photo.boxes[0]
    assert (round(x1 - x0), round(bottom - top)) == (180, 90)


def test_labels_are_no_text(pages: list[Page]) -> None:
    texts = {b.text for b in of_kind(pages, "paragraph")}
    assert texts == {TEXT.strip()}
    assert chart_follows_text(pages[0])


def chart_follows_text(page: Page) -> bool:
    kinds = [b.kind for b in page.blocks]
    return kinds[:4] == ["heading", "paragraph", "figure", "caption"]


def test_a_picture_behind_text_and_a_logo_in_the_head_are_no_figures(pages: list[Page]) -> None:
    assert "figure" not in {b.kind for b in pages[2].blocks}
    assert all(b.boxes[0][2] > 60 for b in of_kind(pages, "figure"))


def test_a_figure_without_text_survives_storage(pages: list[Page], tmp_path: Path) -> None:
    write_records(Page, pages, tmp_path / "pages.parquet")
    assert of_kind(read_records(Page, tmp_path / "pages.parquet"), "figure") == of_kind(pages, "figure")
    assert len({b.id for p in pages for b in p.blocks}) == sum(len(p.blocks) for p in pages)


def test_the_grid_of_a_chart_is_no_table(tmp_path: Path) -> None:
    """Word's charts have ruled lines across and down, and their bars are painted as cells."""
    grid = "".join(
        f"#place(dx: 40pt, dy: {20 * n}pt, line(length: 200pt, stroke: 0.5pt))"
        f"#place(dx: 12pt, dy: {20 * n - 4}pt, text(8pt)[{100 - 20 * n}%])"
        for n in range(6)
    )
    bars = "".join(
        f"#place(dx: {60 + 60 * n}pt, dy: {100 - h}pt, rect(width: 30pt, height: {h}pt, fill: red, stroke: 0.5pt))"
        f"#place(dx: {62 + 60 * n}pt, dy: 104pt, text(8pt)[{2019 + n}])"
        for n, h in enumerate((50, 72, 33))
    )
    sides = "".join(f"#place(dx: {x}pt, line(angle: 90deg, length: 100pt))" for x in (40, 240))
    chart = f"#block(height: 130pt)[{grid}{bars}{sides}]"
    source = f"#set page(width: 420pt, height: 400pt, margin: 40pt)\n{TEXT}\n\n{chart}"
    path = tmp_path / "diagramm.pdf"
    path.write_bytes(typst.compile(source.encode()))
    kinds = [b.kind for p in read(path, SETTINGS) for b in p.blocks]
    assert kinds == ["paragraph", "figure"]
