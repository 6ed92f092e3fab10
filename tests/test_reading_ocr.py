"""Pages that are pictures: read by tesseract where it is installed, told as unread where it is not."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
import typst

from strategy_miner.reading import ocr_available, read
from strategy_miner.reading.layout import lay_out
from strategy_miner.reading.ocr import with_even_sizes
from strategy_miner.reading.raster import dark_on_light, stroke_width, tinted_areas, without_leaders, without_rules
from strategy_miner.reading.raw import OCR_FONT, RawPage, RawWord, Style
from strategy_miner.reading.tsv import letter_height, words_from_tsv
from strategy_miner.settings import ExtractSettings

SETTINGS = ExtractSettings(ocr=True, ocr_dpi=200, max_pages=50, wall_seconds=120, cpu_seconds=120, memory_mb=2000)
TEXT = (
    "Die Gemeinde Beispielhausen ist erfunden. Sie möchte ihre Straßen begrünen und fragt die Menschen vor Ort, "
    "welche Plätze im Sommer zu heiß werden. Die Antworten stehen auf einer Karte im Rathaus."
)


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of text as a picture, as a scanner would give it."""
    import pypdfium2

    source = f'#set page(width: 300pt, height: 300pt)\n#set text(lang: "de", size: 11pt, hyphenate: true)\n{TEXT}'
    picture = pypdfium2.PdfDocument(typst.compile(source.encode()))[0].render(scale=200 / 72).to_pil().convert("L")
    path = tmp_path_factory.mktemp("scan") / "scan.pdf"
    held = BytesIO()
    picture.save(held, "PDF", resolution=200)
    path.write_bytes(held.getvalue())
    return path


def test_without_ocr_the_page_is_unread_and_says_why(scan: Path) -> None:
    (page,) = read(scan, replace(SETTINGS, ocr=False))
    assert page.grade == "unread"
    assert "extract.ocr is off" in page.reason


def test_without_tesseract_the_page_is_unread_and_says_why(scan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    (page,) = read(scan, SETTINGS)
    assert page.grade == "unread"
    assert "tesseract with German is not installed" in page.reason


@pytest.mark.skipif(not ocr_available(), reason="tesseract with German (tesseract-ocr-deu) is not installed")
def test_a_scan_is_read_with_its_places(scan: Path) -> None:
    (page,) = read(scan, SETTINGS)
    assert (page.engine, page.grade) == ("tesseract", "read")
    (block,) = [b for b in page.blocks if b.kind == "paragraph"]
    assert block.text == TEXT
    assert all(0 < w.x0 < w.x1 < 300 and 0 < w.top < w.bottom < 300 for w in block.words)


@pytest.mark.skipif(not ocr_available(), reason="tesseract with German (tesseract-ocr-deu) is not installed")
@pytest.mark.parametrize(
    ("layer", "engine", "reason"),
    [
        (("Dle Gemelnde Belsplelhauscn lst crfundcn, Sic rnöehte lhrc Straßcn bcgrünen.", 3), "tesseract", "garbled"),
        ((TEXT, 1), "pdfium", "a good layer is kept, and no time spent"),
    ],
)
def test_a_garbled_layer_of_a_scan_is_read_anew(scan: Path, layer: tuple[str, int], engine: str, reason: str) -> None:
    import pypdfium2

    picture = pypdfium2.PdfDocument(scan)[0].render(scale=200 / 72).to_pil()
    picture.save(scan.parent / "scan.png")
    text, times = layer
    source = (
        '#set page(width: 300pt, height: 300pt, foreground: image("scan.png", width: 100%))\n#set text(lang: "de")\n'
    )
    path = scan.parent / f"{engine}.typ"
    path.write_text(source + f"{text}\n\n" * times, encoding="utf-8")
    typst.compile(path, output=path.with_suffix(".pdf"))
    (page,) = read(path.with_suffix(".pdf"), SETTINGS)
    assert page.engine == engine, reason
    assert [b.text for b in page.blocks] == [TEXT], reason
    assert (page.grade, "read anew" in page.reason) == ("read", engine == "tesseract")


def test_tesseracts_table_becomes_words() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    rows = "5\t1\t1\t1\t1\t1\t200\t100\t80\t20\t96.0\tStadt\n5\t1\t1\t1\t1\t2\t300\t100\t10\t20\t12.0\t~\n"
    words, sure = words_from_tsv(head + "4\t1\t1\t1\t1\t0\t200\t100\t80\t20\t-1\t\n" + rows, 72 / 200)
    assert [w.text for w in words] == ["Stadt"], "specks are left out"
    assert (words[0].x0, words[0].x1, words[0].base) == (72.0, 100.8, 43.2)
    assert sure == 0.96, "letters only"


def set_line(text: str, x: float, base: float, size: float, font: str = "Serif") -> list[RawWord]:
    """Words of one line as a reader gives them, half an em wide per letter."""
    style = Style(size, font, False, False, 0, 0, False)
    words = []
    for word in text.split():
        width = 0.5 * size * len(word)
        words.append(RawWord(word, x, base - 0.78 * size, x + width, base + 0.22 * size, base, style))
        x += width + 0.28 * size
    return words


def page_of(number: int, lines: list[tuple[str, float, float, float]], font: str = "Serif") -> RawPage:
    words = [w for text, x, base, size in lines for w in set_line(text, x, base, size, font)]
    return RawPage(number, 595.0, 842.0, "tesseract" if font == OCR_FONT else "pdfium", words=words)


BODY = [(f"In Zeile {n} steht ein Satz über den erfundenen Ort und", 70.0, 200.0 + 13 * n, 10.0) for n in range(12)]


def test_headings_of_a_picture_stay_below_those_of_text() -> None:
    raw = [
        page_of(1, [("3 Klimaschutz", 70.0, 150.0, 18.0), *BODY]),
        page_of(2, [("Wirtschaftlichkeit der Maßnahme", 70.0, 150.0, 26.0), *BODY], OCR_FONT),
        page_of(3, [("3.1 Gebäude sanieren", 70.0, 150.0, 14.0), *BODY]),
    ]
    blocks = [b for page in lay_out("0" * 16, raw) for b in page.blocks]
    assert [(b.level, b.text) for b in blocks if b.kind == "heading"] == [
        (1, "3 Klimaschutz"),
        (2, "Wirtschaftlichkeit der Maßnahme"),
        (2, "3.1 Gebäude sanieren"),
    ]
    assert [b.heading_path for b in blocks][-1] == ("3 Klimaschutz", "3.1 Gebäude sanieren")


@pytest.mark.parametrize(
    ("text", "size", "found", "reason"),
    [
        ("Räume für Begegnung", 14.0, True, "short, words, larger"),
        ("Räume für Begegnung", 11.0, False, "a tenth larger is within what a picture tells"),
        ("12 / 34 % 580", 14.0, False, "figures of a chart"),
        ("eee", 20.0, False, "no word: a pattern read as letters"),
        ("und gehen über zum nächsten", 14.0, False, "begins in mid-sentence"),
        ("Begonnen wurde damit schon im Jahr davor.", 14.0, False, "a sentence"),
    ],
)
def test_a_heading_in_a_picture_must_be_clear(text: str, size: float, found: bool, reason: str) -> None:
    pages = list(lay_out("0" * 16, [page_of(1, [(text, 70.0, 150.0, size), *BODY], OCR_FONT)]))
    assert any(b.kind == "heading" for b in pages[0].blocks) == found, reason


def test_cells_beside_each_other_in_a_picture_are_no_headings() -> None:
    row = [("Kostenrahmen", 70.0, 150.0, 15.0), ("Gesamte Laufzeit", 300.0, 150.0, 15.0)]
    pages = list(lay_out("0" * 16, [page_of(1, [*row, *BODY], OCR_FONT)]))
    assert not any(b.kind == "heading" for b in pages[0].blocks)


def test_numbered_headings_may_open_two_columns_on_one_row() -> None:
    row = [("3 Vision", 70.0, 150.0, 18.0), ("4 Vorgehen", 330.0, 150.0, 18.0)]
    (page,) = lay_out("0" * 16, [page_of(1, [*row, *BODY], OCR_FONT)])
    assert [b.text for b in page.blocks if b.kind == "heading"] == ["3 Vision", "4 Vorgehen"]


def test_a_running_head_misread_now_and_then_is_one() -> None:
    heads = ["Gemeinsam smart im Ort", "Gemeinsam sınart im Ort", "Geineinsam smart im Ort", "Gemeinsam smart in Ort"]
    raw = [page_of(n, [(head, 70.0, 60.0, 10.0), *BODY], OCR_FONT) for n, head in enumerate(heads, 1)]
    pages = list(lay_out("0" * 16, raw))
    assert [b.text for p in pages for b in p.blocks if b.kind == "running_head"] == heads


def test_noise_of_a_chart_is_left_out_and_a_bullet_is_one() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    cells = [(1, 1, "»", 60), (1, 2, "Wege", 95), (2, 1, "|", 90), (2, 2, "Ziel", 93), (3, 1, "eee", 41)]
    rows = [
        f"5\t1\t1\t1\t{line}\t{n}\t{100 * n}\t{100 * line}\t80\t20\t{sure}\t{text}" for line, n, text, sure in cells
    ]
    words, _ = words_from_tsv(head + "\n".join(rows), 72 / 200)
    assert [w.text for w in words] == ["•", "Wege", "Ziel"]


def test_sizes_read_from_pictures_are_made_even() -> None:
    lines = [("Text " * 8, 70.0, 100.0, 10.0), ("Text Text", 70.0, 120.0, 11.5), ("Größeres", 70.0, 150.0, 15.0)]
    (page,) = with_even_sizes([page_of(1, [*lines, ("Größeres Wort", 70.0, 190.0, 16.0)], OCR_FONT)])
    assert sorted({w.style.size for w in page.words}) == [10.0, 16.0]


def test_ruled_lines_are_found_in_a_skewed_picture_and_painted_over() -> None:
    from PIL import Image, ImageDraw

    picture = Image.new("L", (1200, 800), 250)
    draw = ImageDraw.Draw(picture)
    for n in range(4):
        draw.line((100, 100 + 150 * n, 1100, 106 + 150 * n), fill=120, width=2)
    draw.line((100, 100, 97, 550), fill=120, width=2)
    draw.rectangle((300, 140, 700, 200), fill=60)  # the bar of a chart is no line
    cleaned, rules = without_rules(picture, 200)
    across = [r for r in rules if r[2] - r[0] > r[3] - r[1]]
    assert [round(r[1] / 18) for r in across] == [2, 5, 8, 11], "in points, 54 apart"
    assert len(rules) == 5
    assert (cleaned.getpixel((600, 103)), cleaned.getpixel((500, 170))) == (250, 60)


def test_a_tinted_box_is_found_and_a_bar_is_not() -> None:
    from PIL import Image, ImageDraw

    picture = Image.new("L", (1200, 800), 250)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((200, 160, 879, 399), fill=215)
    draw.rectangle((260, 220, 300, 223), fill=20)  # a letter's worth of ink in it
    draw.rectangle((200, 560, 879, 679), fill=70)
    ((area, colour),) = tinted_areas(picture, 200)
    assert [round(v / 7.2) for v in area] == [10, 8, 44, 20]
    assert colour == 0xD7D7D7


def test_white_letters_on_a_dark_box_or_page_are_turned_to_dark_ones() -> None:
    from PIL import Image, ImageDraw

    picture = Image.new("L", (1200, 800), 250)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((200, 160, 879, 399), fill=40)
    draw.rectangle((260, 220, 300, 223), fill=255)  # a letter's worth of paper in it
    draw.rectangle((200, 500, 400, 510), fill=20)  # the bar of a large letter is no box
    turned = dark_on_light(picture, 200)
    assert [turned.getpixel(p) for p in [(10, 10), (500, 300), (280, 221), (300, 505)]] == [250, 215, 0, 20]
    assert dark_on_light(Image.new("L", (1200, 800), 20), 200).getpixel((600, 400)) == 235


@pytest.mark.parametrize(
    ("boxes", "angle", "reason"),
    [
        ([(100, 100, 80, 20), (200, 100, 80, 20)], 0, "to the right"),
        ([(200, 100, 80, 20), (100, 100, 80, 20)], 180, "to the left: the page stands on its head"),
        ([(100, 200, 20, 80), (100, 100, 20, 80)], 90, "upwards"),
        ([(100, 100, 20, 80), (100, 200, 20, 80)], 270, "downwards"),
    ],
)
def test_the_order_of_its_words_tells_how_a_line_runs(
    boxes: list[tuple[int, int, int, int]], angle: int, reason: str
) -> None:
    rows = ["level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"]
    rows.append("1\t1\t0\t0\t0\t0\t0\t0\t400\t400\t-1\t")
    for n, (box, text) in enumerate(zip(boxes, ["Stadt", "Wald"], strict=True)):
        rows.append("\t".join(map(str, (5, 1, 1, 1, 1, n, *box, 95, text))))
    words, _ = words_from_tsv("\n".join(rows), 1.0)
    assert [w.style.angle for w in words] == [angle, angle], reason
    assert {w.style.size for w in words} == {28.0}


@pytest.mark.parametrize(
    ("thick", "bold", "reason"),
    [
        ({}, [], "all alike"),
        ({"Radweg": 1.5}, ["Radweg"], "one thick word, as a label before a text"),
        ({"Klima": 1.19, "und": 1.17, "Bach": 1.19}, ["Klima", "und", "Bach"], "a little, but the whole line"),
        ({"klein": 1.4}, [], "thick for its size only: blur does that to small type"),
    ],
)
def test_thick_strokes_make_bold_words(thick: dict[str, float], bold: list[str], reason: str) -> None:
    lines = ["Klima und Bach", "Radweg: Die Stadt baut hier", "klein", "Der Rat fragt auch die Schulen dort"]
    rows = ["level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"]
    strokes = {}
    for n, line in enumerate(lines):
        size = 20 if line == "klein" else 40
        for m, word in enumerate(line.split()):
            x, y, height = 100 * m, 100 * n, round(letter_height(word) * size)
            rows.append("\t".join(map(str, (5, 1, 1, 1, n, m, x, y, 12 * len(word), height, 95, word))))
            strokes[x, y] = size * (0.1 + 0.001 * m) * thick.get(word.strip(":"), 1.0)
    words, _ = words_from_tsv("\n".join(rows), 1.0, stroke=lambda box: strokes[round(box[0]), round(box[1])])
    assert [w.text.strip(":") for w in words if w.style.bold] == bold, reason


def test_strokes_are_measured_through_grain() -> None:
    import numpy as np

    grain = np.random.default_rng(5).normal(0, 8, (60, 200))
    for width in (3, 5):
        letters = np.full((60, 200), 240.0)
        letters[10:50].reshape(40, -1, 20)[:, :, :width] = 40
        assert stroke_width(letters + grain) == pytest.approx(1.95 * width, rel=0.1), "bars of one width"
    assert stroke_width(np.full((60, 200), 240.0) + grain) == 0


def test_large_type_is_of_one_weight_over_the_document() -> None:
    (page,) = with_even_sizes([page_of(1, [*BODY, ("Radwege und Bäche am Ort", 70.0, 150.0, 16.0)], OCR_FONT)])
    large = [w for w in page.words if w.style.size > 12]
    bold = [w._replace(style=w.style._replace(bold=w.text != "Ort")) for w in large]
    (page,) = with_even_sizes([replace(page, words=[*page.words[: -len(large)], *bold])])
    assert all(w.style.bold for w in page.words if w.style.size > 12)
    assert not any(w.style.bold for w in page.words if w.style.size < 12)


def test_a_surely_read_line_keeps_its_unsure_words() -> None:
    rows = ["level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"]
    unsure = {"Wege": 17, "am": 12, "Ii": 9}
    line = ["Im", "Herbst", "bepflanzt", "die", "Gemeinde", "Wege", "am", "Bach", "gemeinsam.", "Ii"]
    for n, text in enumerate(line):
        rows.append("\t".join(map(str, (5, 1, 1, 1, 1, n, 100 * n, 10, 80, 20, unsure.get(text, 96), text))))
    words, sure = words_from_tsv("\n".join(rows), 1.0)
    assert [w.text for w in words] == line[:-1]
    assert sure < 0.86, "but they count"


def test_rows_of_dots_are_found_and_painted_over() -> None:
    from PIL import Image, ImageDraw

    picture = Image.new("L", (1200, 800), 250)
    draw = ImageDraw.Draw(picture)
    for n in range(40):
        draw.rectangle((300 + 12 * n, 200 + n // 10, 302 + 12 * n, 202 + n // 10), fill=30)  # a little askew
    for x in (300, 312, 324):
        draw.rectangle((x, 400, x + 2, 402), fill=30)  # an ellipsis
    cleaned, (leader,) = without_leaders(picture, 200)
    assert [round(v) for v in leader] == [108, 72, 278, 74]
    assert [cleaned.getpixel(p) for p in [(301, 201), (300 + 12 * 39, 204), (301, 401)]] == [250, 250, 30]
