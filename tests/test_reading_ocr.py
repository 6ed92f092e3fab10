"""Pages that are pictures: read by tesseract where it is installed, told as unread where it is not."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
import typst

from strategy_miner.reading import ocr_available, read
from strategy_miner.reading.ocr import words_from_tsv
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


def test_tesseracts_table_becomes_words() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    rows = "5\t1\t1\t1\t1\t1\t200\t100\t80\t20\t96.0\tStadt\n5\t1\t1\t1\t1\t2\t300\t100\t10\t20\t12.0\t~\n"
    words, sure = words_from_tsv(head + "4\t1\t1\t1\t1\t0\t200\t100\t80\t20\t-1\t\n" + rows, 72 / 200)
    assert [w.text for w in words] == ["Stadt"], "specks are left out"
    assert (words[0].x0, words[0].x1, words[0].base) == (72.0, 100.8, 43.2)
    assert sure == 0.96
