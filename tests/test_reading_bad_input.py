"""Files that are not what they seem: each ends in time, with one line that names file and remedy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from strategy_miner.errors import ReadingError
from strategy_miner.reading import read
from tests.made_pdf import HELLO, SETTINGS, one_page, pdf

ENCRYPTED = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -44>>/ID[<00><00>]" % (b"41" * 32, b"42" * 32)
NO_PAGES = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]


BAD = [
    ("leer.pdf", b"", "empty", "no byte at all"),
    ("seite.pdf", b"<!doctype html><html><body>Nicht gefunden</body></html>", "not a PDF", "a web page saved as PDF"),
    ("brief.pdf", b"PK\x03\x04" + b"\x00" * 200, "not a PDF", "a Word file with another ending"),
    ("halb.pdf", one_page(HELLO)[:180], "not a readable PDF", "cut off in the middle"),
    ("schloss.pdf", pdf(NO_PAGES, ENCRYPTED), "password", "asks for a password"),
    ("keine.pdf", pdf(NO_PAGES), "no pages", "zero pages"),
    (
        "viele.pdf",
        pdf(
            [
                b"<</Type/Catalog/Pages 2 0 R>>",
                b"<</Type/Pages/Count 60/Kids[" + b"3 0 R " * 60 + b"]>>",
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
            ]
        ),
        "more than the 50 allowed",
        "page entries without end",
    ),
]


@pytest.mark.parametrize(("name", "data", "what", "reason"), BAD, ids=[b[0] for b in BAD])
def test_bad_files_end_in_one_line(tmp_path: Path, name: str, data: bytes, what: str, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadingError) as caught:
        read(path, SETTINGS)
    message = str(caught.value)
    assert what in message, reason
    assert name in message
    assert "\n" not in message
    assert caught.value.remedy


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"fehlt\.pdf: file not found"):
        read(tmp_path / "fehlt.pdf", SETTINGS)


def test_junk_before_the_header_goes_to_the_second_reader(tmp_path: Path) -> None:
    path = tmp_path / "vorspann.pdf"
    path.write_bytes(b"x" * 3000 + b"\n" + one_page(HELLO))
    pages = read(path, SETTINGS)
    assert [b.text for p in pages for b in p.blocks] == ["Die Stadt plant ein neues Rathaus."]


def test_the_wall_clock_ends_a_child(tmp_path: Path) -> None:
    path = tmp_path / "gut.pdf"
    path.write_bytes(one_page(HELLO))
    with pytest.raises(ReadingError, match="took longer than 0 s"):
        read(path, replace(SETTINGS, wall_seconds=0))


def test_text_printed_twice_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "fett.pdf"
    path.write_bytes(one_page(HELLO + HELLO.replace(b"72 700", b"72.3 700")))
    assert [b.text for p in read(path, SETTINGS) for b in p.blocks] == ["Die Stadt plant ein neues Rathaus."]


def test_an_empty_page_says_so(tmp_path: Path) -> None:
    path = tmp_path / "weiss.pdf"
    path.write_bytes(one_page(b""))
    assert [p.grade for p in read(path, SETTINGS)] == ["empty"]


NAMES = ["zwei\nZeilen.pdf", "ü" * 125 + "x.pdf", "-rf.pdf", "a b'\"$(x).pdf", "LU\u0308BECK.PDF"]


@pytest.mark.parametrize("name", NAMES, ids=["line break", "255 bytes", "an option", "signs of a shell", "NFD"])
def test_file_names(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(one_page(HELLO))
    assert [p.grade for p in read(tmp_path / name, SETTINGS)] == ["read"]
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(ReadingError) as caught:
        read(tmp_path / name, SETTINGS)
    assert "\n" not in str(caught.value)


def test_a_name_longer_than_the_system_allows_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="cannot be opened"):
        read(tmp_path / ("x" * 300 + ".pdf"), SETTINGS)
