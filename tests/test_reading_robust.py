"""Faults that once cost a document, its later pages or its words; each case is the smallest that showed the fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from strategy_miner.parquet import write_records
from strategy_miner.reading import child, read
from strategy_miner.reading.fonts import Fonts
from strategy_miner.reading.layout import lay_out
from strategy_miner.reading.quality import grade
from strategy_miner.reading.raw import RawPage, RawWord, Style
from strategy_miner.records import Page
from tests.made_pdf import SETTINGS

BODY = Style(10.0, "Grund", False, False, 0, 0, False)
TEXT = ["Der", "Rat", "hat", "dem", "Plan", "im", "Herbst", "zugestimmt", "und", "baut", "am", "Ring."]


def put(page: RawPage, words: list[str], x: float, base: float, style: Style = BODY) -> None:
    for word in words:
        width = 0.5 * style.size * len(word)
        box = (x, base - 0.78 * style.size, x + width, base + 0.22 * style.size)
        page.words.append(RawWord(word, *box, base, style))
        x += width + 0.3 * style.size


def texts(page: RawPage) -> list[str]:
    return [b.text for laid in lay_out("0" * 16, [page]) for b in laid.blocks]


@pytest.mark.parametrize("sign", ["²", "①", "¹"])
def test_a_line_of_one_raised_figure(sign: str) -> None:
    page = RawPage(1, 595.0, 842.0)
    put(page, [sign], 40, 300)
    put(page, ["Inhalt"], 80, 60)
    put(page, [*TEXT, sign], 80, 100)
    assert sign in texts(page)


def test_two_short_lines_of_capitals_make_one_heading() -> None:
    page, bold = RawPage(1, 595.0, 842.0), BODY._replace(size=16.0, bold=True)
    put(page, ["STADT"], 80, 60, bold)
    put(page, ["KLIMA"], 80, 85, bold)
    for row in range(6):
        put(page, TEXT, 80, 120 + 12 * row)
    assert "STADT KLIMA" in " ".join(texts(page))


def test_a_label_before_a_label_stays_single() -> None:
    page = RawPage(1, 595.0, 842.0)
    put(page, ["1."], 60, 100)
    put(page, ["a)"], 85, 100)
    put(page, TEXT, 110, 100)
    assert " ".join(texts(page)).split() == ["1.", "a)", *TEXT]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.md", "Absatz hier.\n\n[^1]: Eine Note.\n\n[^1]\n"),
        ("x.txt", "Der Rat tagt.\n\n\u200b\n\nEs geht um den Ring.\n"),
    ],
)
def test_texts_with_nothing_in_a_paragraph(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert [p.grade for p in read(tmp_path / name, SETTINGS)] == ["read"]


def test_the_fault_of_one_page_does_not_cost_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    def page(_pdf: Any, _plumber: Any, index: int, *_: Any) -> RawPage:
        if index == 1:
            raise ZeroDivisionError("division by zero")
        return RawPage(index + 1, 595.0, 842.0)

    monkeypatch.setattr(child, "_page", page)
    got = [child._page_or_reason(None, None, n, {}, Fonts()) for n in range(3)]
    assert [(p.number, p.engine) for p in got] == [(1, "pdfium"), (2, "none"), (3, "pdfium")]
    assert grade(got[1]) == ("unread", "cannot be read: ZeroDivisionError: division by zero")


def test_garbled_letters_are_unread_with_ocr_off_too() -> None:
    page = RawPage(1, 595.0, 842.0, reason="image without text; extract.ocr is off")
    for row in range(10):
        put(page, ["Sta#dt", "Ra$at", "\ufffd\ufffd", "Pl{an"] * 2, 60, 100 + 12 * row)
    assert grade(page)[0] == "unread"


def test_records_that_fail_half_way_leave_no_file(tmp_path: Path) -> None:
    def pages() -> Iterator[Page]:
        yield Page("d" * 16, 1, 600.0, 800.0, "pdfium", "read", "", ())
        raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        write_records(Page, pages(), tmp_path / "x.parquet")
    assert list(tmp_path.iterdir()) == []
