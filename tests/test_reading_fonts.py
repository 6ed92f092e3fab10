"""Fonts whose letters PDFium reads wrongly: the second reader is asked once, and believed where it reads German."""

from __future__ import annotations

import pytest

from strategy_miner.reading.fonts import Fonts
from strategy_miner.reading.quality import strange_share
from strategy_miner.reading.raw import RawPage, RawWord, Style

GOOD = "Die Verpflichtung der Stadt besteht und die Pflege wird einfacher sowie häufiger als in den Jahren davor "
BROKEN = GOOD.replace("fl", "#")


def page(number: int, text: str, font: str = "Sub", **more: object) -> RawPage:
    style = Style(10.0, font, False, False, 0, 0, False)
    words = [RawWord(t, 50.0 * n, 100.0, 50.0 * n + 45, 110.0, 108.0, style) for n, t in enumerate(text.split())]
    return RawPage(number, 5000.0, 842.0, words=words, **more)  # type: ignore[arg-type]


def told(done: RawPage) -> str:
    return " ".join(w.text for w in done.words)


def test_a_font_with_signs_for_ligatures_is_read_by_the_second_reader_on_all_pages() -> None:
    fonts, asked = Fonts(), []
    for number in (1, 2):
        good = page(number, GOOD * 3, "Other")
        done = fonts.repaired(page(number, BROKEN * 3), lambda good=good: asked.append(1) or good)
        assert told(done) == (GOOD * 3).strip()
        assert {w.style.font for w in done.words} == {"Sub"}, "the style stays PDFium's"
        assert done.disagreement is not None
        assert 0 < done.disagreement < 0.2
        assert "pdfplumber" in done.reason
    assert len(asked) == 2


def test_a_font_with_all_letters_wrong_is_noticed() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    wrong = (GOOD * 6).translate(str.maketrans(letters, letters[7:] + letters[:7]))
    done = Fonts().repaired(page(1, wrong), lambda: page(1, GOOD * 6))
    assert told(done) == (GOOD * 6).strip()


def test_good_text_costs_no_second_reading() -> None:
    def never() -> RawPage:
        raise AssertionError("asked for nothing")

    fonts = Fonts()
    for number in range(1, 30):
        assert fonts.repaired(page(number, GOOD * 3), never).disagreement is None


def test_where_both_agree_the_second_reader_is_asked_once() -> None:
    fonts, asked = Fonts(), []
    for number in (1, 2, 3):
        same = page(number, BROKEN * 3)
        done = fonts.repaired(page(number, BROKEN * 3), lambda same=same: asked.append(1) or same)
        assert told(done) == (BROKEN * 3).strip()
        assert done.reason == ""
    assert len(asked) == 1


def test_other_fonts_of_the_page_stay_as_they_are() -> None:
    mixed = page(1, BROKEN * 3)
    beside = page(1, "Ein anderer Satz", "Rest")
    mixed.words = [*[w._replace(top=300.0, bottom=310.0) for w in beside.words], *mixed.words]
    done = Fonts().repaired(mixed, lambda: page(1, GOOD * 3))
    assert told(done) == f"Ein anderer Satz {GOOD * 3}".strip()


@pytest.mark.parametrize("word", ["CO₂-Preis", "m²", "10³", "µg"])
def test_formula_signs_are_no_misread_letters(word: str) -> None:
    assert strange_share([word, "Stadt"]) == 0.0
