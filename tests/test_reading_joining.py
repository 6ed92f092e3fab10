"""A paragraph torn apart by a page break, a figure or a note becomes one again; what only looks torn does not."""

from __future__ import annotations

import pytest

from strategy_miner.reading.joining import goes_on
from strategy_miner.reading.layout import lay_out
from strategy_miner.reading.lines import make_line
from strategy_miner.reading.paragraphs import Piece
from strategy_miner.reading.raw import RawPage, RawWord, Style


def set_line(text: str, base: float, x: float = 60.0, size: float = 10.0, bold: bool = False) -> list[RawWord]:
    style = Style(size, "Serif", bold, False, 0, 0, False)
    words = []
    for word in text.split():
        width = 0.5 * size * len(word)
        words.append(RawWord(word, x, base - 0.78 * size, x + width, base + 0.22 * size, base, style))
        x += width + 0.28 * size
    return words


def piece(text: str, page: int, base: float, x: float = 60.0, bold: bool = False) -> Piece:
    kind = "list_item" if text[0] in "–-•" and text[1] == " " else "paragraph"
    return Piece(page, kind, [make_line(page, set_line(text, base, x, bold=bold))])


OPEN = "Die erfundene Stadt will alle Menschen einladen und dabei nicht nur Vereine"
ENDED = "Die erfundene Stadt will alle Menschen einladen, und zwar jedes Jahr."


@pytest.mark.parametrize(
    ("left", "right", "joined", "reason"),
    [
        (piece(OPEN, 1, 300), piece("einzubeziehen, sondern auch die Schulen.", 1, 420), True, "after a figure"),
        (piece(OPEN, 1, 700), piece("einzubeziehen, sondern auch die Schulen.", 2, 90), True, "after a page break"),
        (piece(OPEN, 1, 700), piece("einzubeziehen, sondern", 2, 90, bold=True), False, "another face throughout"),
        (piece(OPEN, 1, 300), piece("– es gibt viele Wege dorthin – und die Schulen.", 1, 320), True, "an insertion"),
        (piece(ENDED, 1, 300), piece("– es gibt viele Wege dorthin und zurück.", 1, 320), False, "the sentence ended"),
        (piece(ENDED, 1, 300), piece("einzubeziehen, sondern auch die Schulen.", 1, 320), False, "the sentence ended"),
        (piece(OPEN, 1, 300), piece("Schulen sind ein eigenes Thema im Ort.", 1, 320), False, "a capital"),
        (piece(OPEN, 1, 300), piece("einzubeziehen, sondern auch andere", 1, 320, x=200), False, "another column"),
        (piece("Amt für Ideen", 1, 300), piece("und viele andere mehr im Haus", 1, 320), False, "a label"),
        (piece(OPEN + ",", 1, 300), piece("wir laden Sie herzlich dazu ein.", 1, 320), False, "a salutation"),
    ],
)
def test_what_goes_on(left: Piece, right: Piece, joined: bool, reason: str) -> None:
    assert goes_on(left, right, None) == joined, reason


def test_a_second_dash_makes_a_list() -> None:
    items = piece("– mehr Wege für alle zu Fuß", 1, 320), piece("– weniger Lärm am Markt", 1, 340)
    assert not goes_on(piece(OPEN, 1, 300), *items)


def test_a_paragraph_runs_on_round_a_caption_and_a_note() -> None:
    first = [f"Satz {n} der erfundenen Stadt steht hier in voller Breite." for n in range(8)]
    words = [w for n, text in enumerate(first) for w in set_line(text, 100.0 + 12 * n)]
    words += set_line("Die Stadt möchte dabei nicht nur die Vereine im Ort", 196.0)
    words += set_line("Abbildung 1: Wege im Ort", 330.0, size=8.0)
    words += set_line("einzubeziehen, sondern auch Schulen und Büchereien fragen.", 360.0)
    words += set_line("1 Zahlen aus dem Mai.", 560.0, size=7.0)
    (page,) = lay_out("0" * 16, [RawPage(1, 420.0, 595.0, words=words)])
    paragraphs = [b.text for b in page.blocks if b.kind == "paragraph"]
    assert "nicht nur die Vereine im Ort einzubeziehen, sondern auch Schulen" in paragraphs[0]
    assert [b.kind for b in page.blocks] == ["paragraph", "caption", "footnote"]


def test_a_figure_raised_by_half_a_line_stays_in_its_line() -> None:
    words = set_line("Der Plan kostet zwei Millionen", 100.0)
    mark = set_line("24", 94.0, x=words[-1].x1 + 0.2, size=6.5)
    rest = set_line("und ist beschlossen.", 100.0, x=mark[0].x1 + 2.0)
    below = set_line("24 Nur im Haushalt der Stadt.", 560.0, size=7.0)
    (page,) = lay_out("0" * 16, [RawPage(1, 420.0, 595.0, words=words + mark + rest + below)])
    assert page.blocks[0].text == "Der Plan kostet zwei Millionen und ist beschlossen."
