"""Text that nobody sees is kept, flagged and not coded; text that one sees is not taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from strategy_miner.reading import read, segment
from strategy_miner.settings import SegmentSettings
from tests.made_pdf import HELLO, SENTENCE, SETTINGS, one_page, stream

FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
GREY = b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
CLEAR = b"/Resources<</Font<</F1 4 0 R>>/ExtGState<</G<</ca 0>>>>>>"


def text(words: bytes, y: int = 600, before: bytes = b"", size: bytes = b"12") -> bytes:
    return b"\n" + before + b" BT /F1 " + size + b" Tf 72 %d Td (" % y + words + b") Tj ET\n"


HIDDEN = [
    (text(b"Unsichtbar gemacht.", before=b"3 Tr"), [], "render mode 3"),
    (text(b"Weiss auf Weiss.", before=b"1 1 1 rg"), [], "white on paper"),
    (text(b"Fast weiss auf Weiss.", before=b"0.99 0.98 0.99 rg"), [], "nearly white on paper"),
    (b"0.8 0 0 rg 0 500 595 200 re f" + text(b"Rot auf Rot.", before=b"0.8 0 0 rg"), [], "the colour of its ground"),
    (text(b"Winzig klein.", size=b"0.5"), [], "half a point"),
    (text(b"Neben der Seite.", y=-600), [], "off the page"),
    (b"/X Do", [stream(b"/G gs" + text(b"Durchsichtig."), FORM + CLEAR)], "transparent"),
    (b"q 595 0 0 842 0 0 cm /X Do Q" + HELLO + text(b"Kein Scan.", before=b"3 Tr"), [stream(b"\xf0", GREY)],
     "invisible over a picture, with visible text"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "more", "reason"), HIDDEN, ids=[h[2] for h in HIDDEN])
def test_hidden_text_is_kept_apart(tmp_path: Path, content: bytes, more: list[bytes], reason: str) -> None:
    path = tmp_path / "versteckt.pdf"
    path.write_bytes(one_page(HELLO + content, more=more))
    (page,) = read(path, SETTINGS)
    seen, hidden = page.blocks
    assert (seen.kind, seen.text, hidden.kind) == ("paragraph", SENTENCE, "hidden"), reason
    assert hidden.text == " ".join(w.text for w in hidden.words)
    assert page.reason.endswith(f"{len(hidden.words)} hidden words, not coded")
    assert [s.text for s in segment([page], SegmentSettings(1, 150))] == [SENTENCE]


VISIBLE = [
    (b"0 0 0.4 rg 60 580 300 60 re f" + text(b"Auf dunklem Feld.", before=b"1 1 1 rg"), [], "a painted field"),
    (b"/X Do" + text(b"Auf dunkler Form.", before=b"1 1 1 rg"), [stream(b"0 0 0.4 rg 60 580 300 60 re f", FORM)],
     "a field inside a form, whose paths are not listed"),
    (b"q 400 0 0 200 60 500 cm /X Do Q" + text(b"Auf einem Foto.", before=b"1 1 1 rg"), [stream(b"\x40", GREY)],
     "a photograph"),
    (text(b"Nur als Umriss.", before=b"1 1 1 rg 0 0 0 RG 2 Tr"), [], "white letters with a black edge"),
    (text(b"Sehr blass gesetzt.", before=b"0.9 0.9 0.9 rg"), [], "pale, but there"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "more", "reason"), VISIBLE, ids=[v[2] for v in VISIBLE])
def test_visible_text_is_text(tmp_path: Path, content: bytes, more: list[bytes], reason: str) -> None:
    path = tmp_path / "sichtbar.pdf"
    path.write_bytes(one_page(content, more=more))
    (page,) = read(path, SETTINGS)
    assert [b.kind for b in page.blocks] == ["paragraph"], reason
    assert "hidden" not in page.reason


def test_the_layer_of_a_searchable_scan_is_text(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    content = b"q 595 0 0 842 0 0 cm /X Do Q 3 Tr " + HELLO
    path.write_bytes(one_page(content, more=[stream(b"\xf0", GREY)]))
    (page,) = read(path, SETTINGS)
    assert [(b.kind, b.text) for b in page.blocks] == [("paragraph", SENTENCE)]


def test_a_page_of_hidden_text_only_is_no_page_that_was_read(tmp_path: Path) -> None:
    path = tmp_path / "versteckt.pdf"
    path.write_bytes(one_page(b"3 Tr " + HELLO))
    (page,) = read(path, SETTINGS)
    assert ([b.kind for b in page.blocks], page.grade) == (["hidden"], "empty")
    assert page.reason == "6 hidden words, not coded"


def test_hidden_text_of_a_turned_page_lies_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "quer.pdf"
    turned = HELLO.replace(b"72 700 Td", b"0 1 -1 0 300 100 Tm")
    path.write_bytes(one_page(turned + text(b"Unsichtbar.", before=b"3 Tr")))
    (page,) = read(path, SETTINGS)
    (hidden,) = [b for b in page.blocks if b.kind == "hidden"]
    _, x0, top, _, bottom = hidden.boxes[0]
    assert (round(x0), top < 842 - 600 < bottom) == (72, True)
