"""The measure of scans: distances, and one damaged page from end to end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import typst

from strategy_miner.reading import ocr_available
from strategy_miner.reading.evaluate_ocr import SCAN, Result, Sample, distance, normalised, read_damaged, table
from strategy_miner.settings import ExtractSettings

SETTINGS = ExtractSettings(ocr=True, ocr_dpi=200, max_pages=50, wall_seconds=120, cpu_seconds=120, memory_mb=2000)
TEXT = "Der Rat der erfundenen Stadt Seewiesen beschließt, bis zum Herbst alle Fußwege am Bach neu zu bepflanzen."


@pytest.mark.parametrize(
    ("left", "right", "least", "reason"),
    [
        ("", "", 0, "nothing"),
        ("", "Bach", 4, "all is missing"),
        ("Bach", "", 4, "all is too much"),
        ("Bach", "Bach", 0, "equal"),
        ("Bach", "Buch", 1, "one wrong"),
        ("Bach", "Bachs", 1, "one too many"),
        ("Fußweg", "Fuweg", 1, "one missing"),
        ("abcd", "badc", 3, "exchanged neighbours count twice unless a shift is shorter"),
        ("x" * 70 + "Weg", "x" * 70 + "Wog", 1, "longer than a machine word"),
    ],
)
def test_distance_counts_signs_to_change(left: str, right: str, least: int, reason: str) -> None:
    assert distance(left, right) == least, reason


def test_normalised_texts_differ_by_letters_only() -> None:
    assert normalised("• „Neue Wege“ –\n  ﬁnden") == normalised('"Neue Wege" - finden')


@pytest.mark.skipif(not ocr_available(), reason="tesseract with German (tesseract-ocr-deu) is not installed")
def test_a_page_on_its_head_is_read_nearly_without_errors(tmp_path: Path) -> None:
    source = '#set page(width: 300pt, height: 300pt)\n#set text(lang: "de", size: 11pt)\n' + f"{TEXT}\n\n" * 4
    path = tmp_path / "page.pdf"
    path.write_bytes(typst.compile(source.encode()))
    sample = Sample(path, 1, " ".join([TEXT] * 4), ())
    result = read_damaged(sample, replace(SCAN, name="turned", turn=180), SETTINGS, 7)
    assert result.errors < 0.01
    assert result.words > 0.98
    assert result.grade == "read"


def test_the_table_tells_how_many_bad_pages_are_called_so() -> None:
    sample = Sample(Path("plan.pdf"), 3, TEXT, ())
    rows = [Result(sample, SCAN, e, 0.9, 2.0, c, g) for e, c, g in [(0.001, 0.95, "read"), (0.2, 0.7, "doubtful")]]
    told = table(rows)
    assert "| plan | 3 | scan | 0.2000 | 0.900 | 2.0 | 0.70 | doubtful |" in told
    assert "Of 1 pages with a CER above 0.05 1 are called doubtful or unread, of 1 others 0." in told
