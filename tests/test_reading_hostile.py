"""Files made to hang or crash a reader, read side by side with good ones: each ends in time, the good ones are read."""

from __future__ import annotations

import random
import re
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from strategy_miner.parallel import map_documents
from strategy_miner.parquet import read_records, write_records
from strategy_miner.reading import read
from strategy_miner.records import Document, Page
from tests.made_docx import document, saved, with_part
from tests.made_pdf import HELLO, SENTENCE, SETTINGS, one_page, pdf, stream

LIMITS = replace(SETTINGS, cpu_seconds=4, wall_seconds=20, memory_mb=900, max_pages=500)
SECONDS = 15  # for one file
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"


def flate(content: bytes) -> bytes:
    return one_page(zlib.compress(content, 9), b"/Filter/FlateDecode")


def pages(kids: bytes, count: int, catalogue: bytes = b"", more: list[bytes] | None = None) -> bytes:
    tree = b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % count
    return pdf([b"<</Type/Catalog/Pages 2 0 R" + catalogue + b">>", tree, PAGE, *(more or [])])


def loop() -> bytes:
    return one_page(b"/X Do", more=[stream(b"/X Do " + HELLO, FORM + b"/Resources<</XObject<</X 6 0 R>>>>")])


def fan_out() -> bytes:
    """24 forms, each drawing the next one twice."""
    resources = b"/Resources<</Font<</F1 4 0 R>>/XObject<</X %d 0 R>>>>"
    forms = [stream(b"/X Do /X Do" if n < 29 else HELLO, FORM + resources % (n + 1)) for n in range(6, 30)]
    return one_page(b"/X Do", more=forms)


def bomb() -> bytes:
    """A content stream of 400 MB that takes 400 bytes, deflated twice."""
    inner = zlib.compressobj(9)
    packed = b"".join(inner.compress(b" " * 1_000_000) for _ in range(400)) + inner.flush()
    return one_page(zlib.compress(packed, 9), b"/Filter[/FlateDecode/FlateDecode]")


def scattered(count: int, word: bytes) -> bytes:
    """Words all over the page, small enough to stand apart."""
    at = random.Random(1)
    words = (b"1 0 0 1 %d %d Tm (%s) Tj " % (at.randrange(590), at.randrange(840), word) for _ in range(count))
    return flate(b"BT /F1 2 Tf " + b"".join(words) + b"ET")


def large_image() -> bytes:
    """30,000 x 30,000 grey points, 900 MB unpacked."""
    inner = zlib.compressobj(9)
    packed = b"".join(inner.compress(bytes(1_000_000)) for _ in range(900)) + inner.flush()
    size = b"/Width 30000/Height 30000/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
    return one_page(b"500 0 0 700 40 40 cm /X Do", more=[stream(packed, b"/Type/XObject/Subtype/Image" + size)])


def grid(step: int) -> bytes:
    down = b"".join(b"%d 0 m %d 842 l S\n" % (x, x) for x in range(0, 590, step))
    across = b"".join(b"0 %d m 595 %d l S\n" % (y, y) for y in range(0, 842, step))
    return flate(down + across + HELLO)


def marked_loop() -> bytes:
    node = b"<</Title(a)/Next 5 0 R/First 5 0 R/Parent 4 0 R>>"
    return pages(b"3 0 R", 1, b"/Outlines 4 0 R", [b"<</First 5 0 R/Last 5 0 R>>", node])


class Case(NamedTuple):
    name: str
    data: Callable[[], bytes]
    outcome: str  # how the result must read: "<pages> <grade> <words>" or the message of the error
    reason: str


FINE = "1 read 6"
ENDED = r"killed|crash|needs more than|cannot be loaded|0 words|1 empty 0|1 unread 0|cannot be read"
CASES = [
    Case("schleife", loop, "1 read", "a form that draws itself"),
    Case("faecher", fan_out, ENDED, "2^24 drawings in 5 KB"),
    Case("bombe", bomb, ENDED, "deflated twice"),
    Case("pfade", lambda: flate(b"0 0 m 9 9 l S\n" * 400_000 + HELLO), "1 (read 6|empty)|killed", "400,000 paths"),
    Case("zeichen", lambda: flate(b"BT /F1 8 Tf 9 800 Td (" + b"abcdefgh " * 222_222 + b") Tj ET"), "1 ", "2 M glyphs"),
    Case("streu", lambda: scattered(60_000, b"a"), "1 unread 0 has 60000 words", "60,000 words on one page"),
    Case("marken", lambda: scattered(30_000, b"1."), "1 unread 0 has 30000 words", "30,000 numbers of list items"),
    Case("gleich", lambda: flate(HELLO * 30_000), FINE, "one line painted 30,000 times"),
    Case("nullen", lambda: one_page(HELLO) + bytes(50_000_000), FINE, "50 MB of zeros behind the end"),
    Case("davor", lambda: bytes(20_000_000) + one_page(HELLO), "killed|" + FINE, "20 MB of zeros before the header"),
    Case("riesig", lambda: one_page(HELLO).replace(b"595 842]", b"20000000 20000000]"), FINE, "a page of 7,000 km"),
    Case("ausschnitt", lambda: one_page(HELLO, page=b"/CropBox[0 0 20000000 20000000]"), FINE, "cropped to 7,000 km"),
    Case("endlos", lambda: one_page(HELLO).replace(b"595 842]", b"1e400 -5]"), "1 ", "a page without a size"),
    Case("eintraege", lambda: pages(b"3 0 R " * 200_000, 200_000), "has 200000 pages, more than", "200,000 entries"),
    Case("luege", lambda: pages(b"3 0 R", 2_000_000_000), "1 empty 0", "says it has 2,000,000,000 pages"),
    Case("kreis", lambda: pages(b"2 0 R", 1), "no pages|1 unread 0", "a tree of pages that holds itself"),
    Case("tief", lambda: pages(b"3 0 R", 1, b"/X " + b"[" * 200_000 + b"]" * 200_000), "1 empty 0", "deep arrays"),
    Case("tiefer", lambda: one_page(b"[" * 99_000 + b"]" * 99_000 + b"TJ " + HELLO), FINE, "deep arrays in the text"),
    Case("klammern", lambda: flate(b"q " * 500_000 + HELLO), FINE, "500,000 saved states"),
    Case("gitter", lambda: grid(1), FINE, "590 x 842 lines, a table of 500,000 cells"),
    Case("karo", lambda: grid(20), FINE, "a table of 1,200 cells"),
    Case("bild", large_image, "1 unread 0", "an image of 900 MB"),
    Case("marke", marked_loop, "1 empty 0", "bookmarks that go in a circle"),
    Case("ohne", lambda: one_page(HELLO).split(b"xref")[0], "not a readable PDF|" + FINE, "no cross-reference table"),
    Case("halb", lambda: one_page(HELLO)[:420], "not a readable PDF", "cut off"),
    Case("seite", lambda: b"<!doctype html><html>Nicht gefunden</html>", "not a PDF", "a web page"),
]
OTHERS = [
    ("gut.pdf", one_page(HELLO), FINE),
    ("gut.md", f"# Bau\n\n{SENTENCE}".encode(), "1 read 7"),
    ("archiv.docx", with_part(saved(document()), "word/document.xml", bytes(150_000_000)), "far larger unpacked"),
    ("zuletzt.pdf", one_page(HELLO + b"% a second good one"), FINE),
]


class Outcome(NamedTuple):
    text: str
    seconds: float


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """What became of each file when all were mapped over two at a time."""
    folder = tmp_path_factory.mktemp("hostile")
    files = [(f"{case.name}.pdf", case.data()) for case in CASES] + [(name, data) for name, data, _ in OTHERS]
    inputs, seconds = {}, {}
    for name, data in files:
        (folder / name).write_bytes(data)
        inputs[Document.of(folder / name)] = "key"

    def work(found: Document, target: Path) -> None:
        start = time.monotonic()
        try:
            write_records(Page, read(folder / found.file, LIMITS), target)
        finally:
            seconds[found.file] = time.monotonic() - start

    failures = map_documents("extract", folder / "out", inputs, work, workers=2)
    told = {failure.file: f"{failure.error}: {failure.message}" for failure in failures}
    for found in inputs:
        if found.file not in told:
            first, *rest = read_records(Page, folder / "out" / f"{found.document_id}.parquet")
            words = sum(len(block.words) for block in first.blocks if block.kind != "hidden")
            told[found.file] = f"{1 + len(rest)} {first.grade} {words} {first.reason}"
    return {name: Outcome(told[name], seconds[name]) for name, _ in files}


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_hostile_file_ends_in_time_with_a_typed_result(outcomes: dict[str, Outcome], case: Case) -> None:
    text, seconds = outcomes[f"{case.name}.pdf"]
    assert re.search(case.outcome, text), f"{case.reason}: {text}"
    assert re.match(r"\d+ (read|doubtful|unread|empty) |ReadingError: ", text), text
    assert seconds < SECONDS, case.reason


@pytest.mark.parametrize(("name", "data", "outcome"), OTHERS, ids=[other[0] for other in OTHERS])
def test_the_other_documents_are_done(outcomes: dict[str, Outcome], name: str, data: bytes, outcome: str) -> None:
    assert re.search(outcome, outcomes[name].text)


def test_pages_before_a_crash_are_kept(tmp_path: Path) -> None:
    resources = b"/Resources<</Font<</F1 5 0 R>>/XObject<</X 8 0 R>>>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]" + resources + b"/Contents %d 0 R>>"
    forms = [
        stream(b"/X Do /X Do", FORM + b"/Resources<</XObject<</X %d 0 R>>>>" % (n + 1 if n < 31 else 31))
        for n in range(8, 32)
    ]
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    tree = b"<</Type/Pages/Kids[3 0 R 4 0 R 3 0 R]/Count 3>>"
    catalogue = b"<</Type/Catalog/Pages 2 0 R>>"
    path = tmp_path / "halb.pdf"
    path.write_bytes(pdf([catalogue, tree, page % 6, page % 7, font, stream(HELLO), stream(b"/X Do"), *forms]))
    found = read(path, LIMITS)
    assert [(p.page, p.grade) for p in found] == [(1, "read"), (2, "unread"), (3, "unread")]
    assert found[0].blocks[0].text == SENTENCE
    assert "crash" in found[1].reason or "killed" in found[1].reason


def test_an_enormous_page_is_not_drawn(tmp_path: Path) -> None:
    path = tmp_path / "gross.pdf"
    image = stream(b"\x40", b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8")
    made = one_page(b"90000 0 0 90000 0 0 cm /X Do", more=[image])
    path.write_bytes(made.replace(b"595 842]", b"90000 90000]"))
    (page,) = read(path, replace(LIMITS, ocr=True, memory_mb=2000))
    assert page.grade == "unread"
    assert re.search("too large to render|not installed", page.reason)
