"""Offsets between a repaired text and what the page shows: every character leads back to the one it came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy_miner.text import line_spans, raw_span, repaired, text_span

TEXT = (
    "die Stadt plant ein neues Rathaus und will ihre Verwaltungsgebäude bis zum Herbst klimafreundlich umbauen "
    "Bürgerinnen wünschen kurze Wege Umwelt- Klimaschutz CO2-Bilanz EU-weit Straßenbahnlinie über Öffentlichkeit"
)
WORDS = TEXT.split(" ")


@st.composite
def broken(draw: st.DrawFn) -> tuple[str, list[tuple[int, str]]]:
    """A raw text broken at random columns, and its letters with their places; hyphens only where they were set."""
    raw, letters = "", []
    for word in draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30)):
        if raw:
            raw += draw(st.sampled_from([" ", " ", " ", "\n"]))
        at = draw(st.integers(2, len(word) - 2)) if len(word) > 5 and draw(st.booleans()) else 0
        for number, letter in enumerate(word):
            if number == at and at and word[at - 1].isalpha() and letter.isalpha():
                raw += draw(st.sampled_from(["-\n", "\u00ad\n", "\u00ad"]))
            letters.append((len(raw), letter))
            raw += letter
    return raw, letters


def repair(raw: str):
    return repaired(raw, [[[span] for span in line_spans(raw)]])


@given(broken())
def test_every_letter_leads_to_the_one_it_came_from_and_back(case: tuple[str, list[tuple[int, str]]]) -> None:
    raw, letters = case
    done = repair(raw)
    shown = {a: b for a, _, b in stretches(done, raw)}
    kept = [(place, letter) for place, letter in letters if letter != "-"]
    assert {place for place, _ in kept} <= set(shown.values()), "no letter is lost"
    for place, letter in kept:
        start, end = text_span(done.offsets, place, place + 1, len(done.text))
        assert done.text[start:end] == letter
        assert raw_span(done.offsets, start, end, len(raw)) == (place, place + 1)


def stretches(done, raw: str):
    """(place in text, character, place in raw) of all that is alike; what lies between was repaired."""
    ends = (0, 0)
    for a, b, length in done.offsets:
        assert (a, b) >= ends
        assert length > 0
        for i in range(length):
            assert done.text[a + i] == raw[b + i] or (done.text[a + i], raw[b + i]) == (" ", "\n")
            yield a + i, done.text[a + i], b + i
        ends = (a + length, b + length)
    assert ends[0] <= len(done.text)
    assert ends[1] <= len(raw)


@given(st.text(alphabet="aB -\n\u00adﬁ\u0308\u00a0", max_size=40), st.data())
def test_whole_spans_map_in_order(raw: str, data: st.DataObject) -> None:
    done = repair(raw)
    list(stretches(done, raw))
    start = data.draw(st.integers(0, len(done.text)))
    end = data.draw(st.integers(start, len(done.text)))
    a, b = raw_span(done.offsets, start, end, len(raw))
    assert 0 <= a <= b <= len(raw)
    if start < end:
        c, d = text_span(done.offsets, a, b, len(done.text))
        assert c <= start
        assert end <= d, "there and back takes in at least what one began with"


CASES = [
    ("Die Verwal-\ntung plant", "Die Verwaltung plant", ((0, 0, 10), (10, 12, 10)), "a dropped hyphen parts them"),
    ("Umwelt-\nund mehr", "Umwelt- und mehr", ((0, 0, 16),), "the newline is the space"),
    ("Eﬃzienz zählt", "Effizienz zählt", ((0, 0, 1), (4, 2, 11)), "a ligature is not alike"),
    ("Fu\u0308r alle", "Für alle", ((0, 0, 1), (2, 3, 6)), "a letter and its dots become one letter"),
    ("weich\u00adgetrennt", "weichgetrennt", ((0, 0, 5), (5, 6, 8)), "a soft hyphen goes"),
]


@pytest.mark.parametrize(("raw", "text", "offsets", "reason"), CASES)
def test_stretches(raw: str, text: str, offsets: tuple[tuple[int, int, int], ...], reason: str) -> None:
    assert repair(raw) == (text, offsets), reason


def test_what_was_repaired_maps_to_all_that_stood_there() -> None:
    raw = "Eﬃzienz der Verwal-\ntung"
    done = repair(raw)
    assert raw_span(done.offsets, 0, 2, len(raw)) == (0, 2), "half a ligature is the whole"
    start = done.text.index("Verwaltung")
    assert raw[slice(*raw_span(done.offsets, start, start + 10, len(raw)))] == "Verwal-\ntung"
    assert raw_span((), 3, 5, 9) == (0, 9), "without offsets nothing is known but the whole"


def test_marks_left_out_stay_in_raw() -> None:
    raw = "Das Haus1 steht.\nEs bleibt2 dort"
    spans = [[(0, 8), (9, 16)], [(17, 26), (27, 32)]]
    done = repaired(raw, [spans])
    assert done.text == "Das Haus steht. Es bleibt dort"
    assert text_span(done.offsets, 8, 9, len(done.text)) == (8, 8)
    assert repaired("Haus1und Hof", [[[(0, 4), (5, 12)]]]).text == "Haus und Hof", "the mark stood for the space"
