"""Page furniture that the reference documents do not have: printed line numbers, running heads that change."""

from __future__ import annotations

from strategy_miner.reading.layout import lay_out
from strategy_miner.reading.raw import RawPage, RawWord, Style

STYLE = Style(10.0, "Schrift", False, False, 0, 0, False)
TEXT = ["Die", "Stadt", "baut", "Wege", "und", "pflegt", "Bäume", "an", "der", "Strecke"]


def put(page: RawPage, words: list[str], x: float, base: float, style: Style = STYLE) -> None:
    for word in words:
        page.words.append(RawWord(word, x, base - 8, x + 5 * len(word), base + 2, base, style))
        x += 5 * len(word) + 3


def test_printed_line_numbers_are_no_words_of_the_text() -> None:
    page = RawPage(1, 595.0, 842.0)
    for row in range(30):
        put(page, [str(row + 1)], 40, 100 + 14 * row)
        put(page, TEXT, 80, 100 + 14 * row)
    (laid,) = lay_out("0" * 16, [page])
    kinds = [b.kind for b in laid.blocks for _ in b.words if b.text.isdigit()]
    assert kinds == ["line_number"] * 30


def test_running_heads_that_change_by_chapter_are_told_from_text() -> None:
    small, pages = STYLE._replace(size=8.0, font="Klein"), []
    for number in range(1, 11):
        page = RawPage(number, 595.0, 842.0)
        put(page, ["Mobilität" if number % 5 < 3 else "Energie", "und", "Wege"], 80, 50, small)
        for row in range(30):
            put(page, TEXT, 80, 100 + 14 * row)
        pages.append(page)
    heads = [
        b.kind for laid in lay_out("0" * 16, pages) for b in laid.blocks if "und Wege" in b.text and len(b.words) == 3
    ]
    assert heads == ["running_head"] * 10
