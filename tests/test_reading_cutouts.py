"""Pictures of passages: where they are cut, what is marked, what happens to pages that cannot be drawn."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from strategy_miner.errors import ReadingError
from strategy_miner.parquet import read_records, write_records
from strategy_miner.reading import cut_outs
from strategy_miner.reading.cutouts import lines, shown_places
from strategy_miner.records import Box, Cutout, Passage
from tests.made_pdf import one_page

DARK = b"0 0 0.3 rg 0 442 595 200 re f"  # a dark ground from 200 to 400 points below the top of a white page


def line(top: float, x0: float = 100, x1: float = 300, page: int = 1) -> Box:
    return (page, x0, top, x1, top + 10)


def passage(*marks: Box, kind: str = "segment", around: tuple[Box, ...] = (), together: bool = False) -> Passage:
    return Passage(kind, f"id{len(marks)}", "doc", "Worte", marks, around, together)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "seite.pdf"
    file.write_bytes(one_page(DARK))
    return file


def opened(cutout: Cutout) -> Image.Image:
    return Image.open(io.BytesIO(cutout.picture)).convert("RGB")


LINES = [
    ("words side by side", [line(50, 100, 120), line(50, 124, 150)], [line(50, 100, 150)]),
    ("two lines", [line(50, 100, 120), line(64, 100, 120)], [line(50, 100, 120), line(64, 100, 120)]),
    ("cells far apart", [line(50, 100, 120), line(50, 200, 220)], [line(50, 100, 120), line(50, 200, 220)]),
    ("two pages", [line(50, 100, 120), line(50, 124, 150, 2)], [line(50, 100, 120), line(50, 124, 150, 2)]),
    ("a mark above the line", [line(50, 100, 120), (1, 121, 48, 124, 54)], [(1, 100, 48, 124, 60)]),
]


@pytest.mark.parametrize(("words", "expected"), [case[1:] for case in LINES], ids=[case[0] for case in LINES])
def test_words_become_stretches_of_lines(words: list[Box], expected: list[Box]) -> None:
    assert lines(words) == tuple(expected)


PLACES = [
    ("one paragraph", passage(line(50), line(64), line(78)), [(1, 90, 22, 310, 116)]),
    ("goes on in the next column", passage(line(700), line(100, 320, 520)),
     [(1, 90, 672, 310, 738), (1, 310, 72, 530, 138)]),
    ("a table is one whole", passage(line(700), line(100, 320, 520), together=True), [(1, 90, 72, 530, 738)]),
    ("two pages", passage(line(780), line(60, page=2)), [(1, 90, 752, 310, 818), (2, 90, 32, 310, 98)]),
    ("a picture between", passage(line(100), line(400)), [(1, 90, 72, 310, 138), (1, 90, 372, 310, 438)]),
    ("as wide as its block", passage(line(50), around=(line(50, 60, 500), line(90, 40, 550))), [(1, 50, 22, 510, 88)]),
    ("what a name stands above", passage(line(50), kind="field", around=(line(50), line(70), line(84), line(500))),
     [(1, 90, 22, 310, 98)]),
]  # fmt: skip


@pytest.mark.parametrize(("of", "expected"), [case[1:] for case in PLACES], ids=[case[0] for case in PLACES])
def test_places_are_cut_around_a_passage(of: Passage, expected: list[Box]) -> None:
    assert shown_places(of) == expected


def test_marked_words_are_yellow_and_nothing_else_is(path: Path) -> None:
    (done,) = cut_outs(path, [passage(line(50))])
    picture = opened(done)
    left, top = done.boxes[0][1:3]

    def colour(x: float, y: float) -> tuple[int, ...]:
        return picture.getpixel((round((x - left) * 2), round((y - top) * 2)))  # type: ignore[return-value]

    red, green, blue = colour(200, 55)
    assert min(red, green) > 200 > blue
    assert all(min(colour(*at)) > 240 for at in ((95, 55), (305, 55), (200, 44), (200, 66)))
    assert (done.width, done.height) == picture.size
    assert (done.file, done.page, done.marks) == ("segment-id1.png", 1, (line(50),))
    assert done.sha256 == hashlib.sha256(done.picture).hexdigest()


def test_on_a_dark_ground_the_words_are_lit(path: Path) -> None:
    (done,) = cut_outs(path, [passage(line(300))])
    picture = opened(done)
    left, top = done.boxes[0][1:3]
    lit = picture.getpixel((round((200 - left) * 2), round((305 - top) * 2)))
    plain = picture.getpixel((4, 4))
    assert sum(lit) > sum(plain) + 100  # type: ignore[arg-type]


def test_a_place_ends_at_the_edge_of_the_page(path: Path) -> None:
    (done,) = cut_outs(path, [passage(line(5, 2, 590))])
    assert done.boxes[0][1:4] == (0, 0, 595)


def test_two_places_are_one_picture(path: Path) -> None:
    (done,) = cut_outs(path, [passage(line(700), line(100, 320, 520))])
    assert len(done.boxes) == 2
    assert done.height > sum(2 * (bottom - top) for _, _, top, _, bottom in done.boxes)


def test_a_page_that_is_not_there_costs_only_its_own_passages(path: Path) -> None:
    lost, kept = cut_outs(path, [passage(line(50), line(50, page=7)), passage(line(50))])
    assert (lost.reason, lost.page, lost.picture, lost.boxes) == ("not_drawn", 1, b"", ())
    assert (kept.reason, kept.picture[:4]) == ("", b"\x89PNG")


def test_what_has_no_place_needs_no_file() -> None:
    none = Passage("segment", "a", "doc", "Worte", reason="no_pages")
    assert cut_outs(Path("fehlt.docx"), [none]) == [Cutout("segment", "a", "doc", "Worte", reason="no_pages")]


def test_a_broken_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "kaputt.pdf").write_bytes(b"%PDF-1.4 nichts")
    with pytest.raises(ReadingError):
        cut_outs(tmp_path / "kaputt.pdf", [passage(line(50))])


def test_the_same_passage_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    first, second = (cut_outs(path, [passage(line(50)), passage(line(300), line(100))]) for _ in range(2))
    assert first == second
    for name, cutouts in (("a", first), ("b", second)):
        write_records(Cutout, cutouts, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert read_records(Cutout, tmp_path / "a") == first


def test_unknown_kinds_and_reasons_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        Cutout("chapter", "a", "doc", "")
    with pytest.raises(ValueError, match="unknown reason"):
        Cutout("field", "a", "doc", "", reason="why not")
