"""Edges of painted paths: what a table is ruled with, wherever it stands in the file."""

from __future__ import annotations

import pytest

from strategy_miner.reading.pdfium import Pdf
from tests.made_pdf import one_page, stream

FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Matrix[1 0 0 1 0 -100]"


def edges(content: bytes, form: bytes = b"") -> list[tuple[float, ...]]:
    with Pdf(one_page(content, more=[stream(form, FORM)]), "made.pdf") as pdf:
        return [tuple(round(v, 2) for v in edge) for edge in pdf.edges(0)]


SQUARE = [(50, 142, 150, 142), (50, 122, 50, 142), (50, 122, 150, 122), (150, 122, 150, 142)]


@pytest.mark.parametrize(
    ("content", "found", "why"),
    [
        (b"50 700 m 150 700 l S", [(50, 142, 150, 142)], "a stroked line"),
        (b"50 700 100 20 re f", SQUARE, "a filled box has four edges"),
        (b"50 700 m 150 700 l 150 720 l 50 720 l h S", SQUARE, "so has one drawn side by side"),
        (b"50 700 m 150 700 l 60 600 m 60 650 l S", [(50, 142, 150, 142), (60, 192, 60, 242)], "two lines of one path"),
        (b"2 0 0 2 0 0 cm 25 350 m 75 350 l S", [(50, 142, 150, 142)], "scaled"),
        (b"50 700 m 150 700 l n", [], "a path that is not painted"),
        (b"50 700 m 150 600 l S", [], "a slope"),
        (b"50 700 m 60 720 140 720 150 700 c S", [(50, 142, 150, 142)], "of a curve its chord, as pdfminer has it"),
    ],
)
def test_edges_of_a_path(content: bytes, found: list[tuple[float, ...]], why: str) -> None:
    assert sorted(edges(content)) == sorted(found), why


def test_edges_in_a_form_stand_where_it_is_drawn() -> None:
    assert edges(b"q 1 0 0 1 10 0 cm /X Do Q", b"50 800 m 150 800 l S") == [(60, 142, 160, 142)]
