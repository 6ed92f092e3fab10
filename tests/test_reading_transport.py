"""What the reading process hands to its parent arrives whole, and the collector of cycles comes back."""

from __future__ import annotations

import gc
import json
import math

import pytest

from strategy_miner.reading.collector import collector_off
from strategy_miner.reading.raw import RawPage, RawTable, RawWord, Style, styles_of
from strategy_miner.reading.wire import PackedPage, from_json, to_json

BODY = Style(10.0, "Serif", False, False, 0, 0, False)
HEAD = Style(14.02, "Serif-Bold", True, False, 90, 0xFF0000, True)


def word(text: str, x0: float = 70.87, x1: float = 99.99, style: Style = BODY) -> RawWord:
    return RawWord(text, x0, 100.01, x1, 110.0, 107.8, style)


def sent(page: RawPage) -> RawPage:
    line = to_json(page)
    assert line.isascii()
    assert "\n" not in line
    return from_json(json.loads(line))


def test_page_arrives_as_it_was_sent() -> None:
    page = RawPage(
        3, 595.28, 841.89, "tesseract", "image", 0.93, 0.5,
        words=[word("Grüße"), word("an"), word("Öl", -3.5, -0.01, HEAD), word("an", 0.29, 0.57), word("\x1f")],
        rules=[(1.0, 2.0, 3.5, 2.0)], fills=[((1.0, 2.0, 3.0, 4.0), 0xFFFFFF)],
        tables=[RawTable((0.0, 0.0, 9.0, 9.0), (((0.0, 0.0, 4.5, 9.0), None),))], pictures=[(5.0, 5.0, 50.0, 50.0)],
    )  # fmt: skip
    assert sent(page) == page


def test_page_without_words_arrives() -> None:
    assert sent(RawPage(1, 10.0, 10.0)) == RawPage(1, 10.0, 10.0)


@pytest.mark.parametrize(
    ("given", "arrives", "why"),
    [
        (word("a\nb"), word("a b"), "a line feed parts the words on the way"),
        (word("a", math.nan), word("a", 0.0), "a broken font matrix places words nowhere"),
        (word("a", -1e12, math.inf), word("a", -2e7, 2e7), "what lies miles off the page is cut"),
        (word(""), word(""), "a word of a font without letters"),
    ],
)
def test_odd_words_do_not_break_the_page(given: RawWord, arrives: RawWord, why: str) -> None:
    assert sent(RawPage(1, 10.0, 10.0, words=[given, word("b")])).words == [arrives, word("b")], why


def test_a_page_cut_short_is_an_error() -> None:
    values = json.loads(to_json(RawPage(1, 10.0, 10.0, words=[word("a"), word("b")])))
    values[7][2] = "a"
    with pytest.raises(ValueError, match="zip"):
        from_json(values)


def test_packed_words_are_read_like_a_list() -> None:
    words = [word("eins"), word("zwei", style=HEAD), word("drei")]
    part = PackedPage.of(words).part(1, 3)
    assert (len(part), part[0], part[-1], part[:1]) == (2, words[1], words[2], words[1:2])
    assert list(part) == words[1:]
    assert part + words[:1] == words[1:] + words[:1]
    assert words[:1] + part == words
    assert part == words[1:]
    assert {style.bold for style in styles_of(part)} == {False, True}


def test_a_page_stays_packed_on_request() -> None:
    page = RawPage(1, 10.0, 10.0, words=[word("eins"), word("zwei", style=HEAD)])
    kept = from_json(json.loads(to_json(page)), packed=True)
    assert not isinstance(kept.words, list)
    assert kept == page


def test_collector_stands_still_for_all_users_and_comes_back() -> None:
    assert gc.isenabled()
    with collector_off():
        with collector_off():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
