"""What ordinary but odd files hold: signs of symbol fonts, turned pages, raised figures, attachments, protection."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from strategy_miner.errors import ReadingError
from strategy_miner.reading import read
from strategy_miner.records import Page
from tests.made_pdf import HELLO, SENTENCE, SETTINGS, one_page, pdf, stream

# Maps Z to a private sign, as word processors do for the bullets of a symbol font.
PRIVATE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /P def
1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <5A> <F06C> endbfchar endcmap end end"""
ROWS = [
    b"Wir bauen sieben neue Haltestellen am Ring der Stadt.",
    b"Der Rat hat dem Plan im Herbst ohne Aenderung zugestimmt.",
]


def shown(tmp_path: Path, data: bytes) -> list[Page]:
    path = tmp_path / "x.pdf"
    path.write_bytes(data)
    return read(path, SETTINGS)


def lines(count: int, x: int = 72, top: int = 700) -> bytes:
    rows = (b"1 0 0 1 %d %d Tm (%s) Tj " % (x, top - 14 * n, ROWS[n % 2]) for n in range(count))
    return b"BT /F1 11 Tf " + b"".join(rows) + b"ET "


def test_private_signs_are_bullets(tmp_path: Path) -> None:
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>"
    item = b"BT /F2 11 Tf 72 %d Td (Z) Tj ET BT /F1 11 Tf 90 %d Td (%s) Tj ET "
    content = b"".join(item % (y, y, row) for y, row in zip((700, 680), ROWS, strict=True))
    data = one_page(content, more=[font, stream(PRIVATE)]).replace(b"/F1 4 0 R>>", b"/F1 4 0 R/F2 6 0 R>>")
    blocks = shown(tmp_path, data)[0].blocks
    assert [b.kind for b in blocks] == ["list_item", "list_item"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_shown_turned_is_measured_as_shown(tmp_path: Path, turn: int) -> None:
    (page,) = shown(tmp_path, one_page(HELLO, page=b"/Rotate %d" % turn))
    assert (page.width, page.height) == ((842, 595) if turn % 180 else (595, 842))
    assert [b.text for b in page.blocks] == [SENTENCE]
    assert all(0 <= w.x0 < w.x1 <= page.width and 0 <= w.top < w.bottom <= page.height for w in page.blocks[0].words)


def test_a_turned_tab_in_the_margin_is_no_text(tmp_path: Path) -> None:
    tab = b"BT /F1 11 Tf 0 1 -1 0 580 400 Tm (Verkehr) Tj ET "
    kinds = {b.text: b.kind for b in shown(tmp_path, one_page(lines(12) + tab))[0].blocks}
    assert kinds["Verkehr"] == "thumb_tab"


def test_a_lowered_figure_stays_in_its_word(tmp_path: Path) -> None:
    content = b"BT /F1 12 Tf 72 700 Td (Die Menge von CO) Tj /F1 8 Tf -3 Ts (2) Tj 0 Ts /F1 12 Tf (-Gasen sinkt.) Tj ET"
    assert shown(tmp_path, one_page(content))[0].blocks[0].text == "Die Menge von CO2-Gasen sinkt."


def test_the_figure_of_a_note_is_no_part_of_its_word(tmp_path: Path) -> None:
    mark = b"BT /F1 11 Tf 72 500 Td (Das sagt der Bericht) Tj /F1 7 Tf 5 Ts (1) Tj ET "
    note = b"BT /F1 7 Tf 72 80 Td (1 Bericht des Amtes aus dem Jahr 2020, Seite 7.) Tj ET "
    blocks = shown(tmp_path, one_page(lines(12) + mark + note))[0].blocks
    owner = next(b for b in blocks if b.text.endswith("Das sagt der Bericht"))
    assert [b.belongs_to for b in blocks if b.kind == "footnote"] == [owner.id]


def test_dotted_lines_are_contents(tmp_path: Path) -> None:
    entry = b"1 0 0 1 72 %d Tm (%s ........................ %d) Tj "
    names = [b"Einleitung", b"Verkehr", b"Energie", b"Wohnen", b"Bildung"]
    content = b"".join(entry % (700 - 16 * n, name, 3 + 4 * n) for n, name in enumerate(names))
    assert {b.kind for b in shown(tmp_path, one_page(b"BT /F1 11 Tf " + content + b"ET"))[0].blocks} == {"toc"}


def test_attachments_scripts_and_links_are_left_alone(tmp_path: Path) -> None:
    script = b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/Names<</EmbeddedFiles<</Names[(a.exe) 6 0 R]>>>>"
    link = b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 595 842]/A<</S/URI/URI(http://example.invalid/)>>>>]"
    attached = [b"<</Type/Filespec/F(a.exe)/EF<</F 7 0 R>>>>", stream(b"MZ", b"/Type/EmbeddedFile")]
    data = one_page(HELLO, page=link, more=attached).replace(b"/Type/Catalog", b"/Type/Catalog" + script)
    assert [b.text for p in shown(tmp_path, data) for b in p.blocks] == [SENTENCE]


@pytest.mark.parametrize("coding", [b"JBIG2Decode", b"JPXDecode", b"DCTDecode"])
def test_a_broken_picture_leaves_the_text(tmp_path: Path, coding: bytes) -> None:
    entries = (
        b"/Type/XObject/Subtype/Image/Width 600/Height 800/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/" + coding
    )
    data = one_page(b"q 400 0 0 300 90 90 cm /X Do Q " + HELLO, more=[stream(b"\x97JB2" + bytes(range(200)), entries)])
    (page,) = shown(tmp_path, data)
    assert SENTENCE in [b.text for b in page.blocks]


def test_slides_without_text_are_empty_or_unread(tmp_path: Path) -> None:
    image = stream(
        b"\x80" * 4, b"/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8"
    )
    assert [p.grade for p in shown(tmp_path, one_page(b"595 0 0 842 0 0 cm /X Do", more=[image]))] == ["unread"]
    assert [p.grade for p in shown(tmp_path, one_page(b"1 0 0 rg 50 50 400 300 re f"))] == ["empty"]


def rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i, j, out = 0, 0, bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def protected(user: bytes, rights: int) -> bytes:
    """HELLO under the standard security handler, revision 2 (PDF 1.7, 7.6.3), with a user password."""
    padding = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    padded, identity = (user + padding)[:32], b"0123456789abcdef"
    owner = rc4(hashlib.md5((b"owner" + padding)[:32]).digest()[:5], padded)
    key = hashlib.md5(padded + owner + rights.to_bytes(4, "little", signed=True) + identity).digest()[:5]
    made, check, told = (value.hex().encode() for value in (owner, rc4(key, padding), identity))
    entry = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P %d>>/ID[<%s><%s>]" % (made, check, rights, told, told)
    own = hashlib.md5(key + (5).to_bytes(3, "little") + bytes(2)).digest()[:10]
    head = one_page(b"").split(b" obj\n")
    objects = [part.rsplit(b"\nendobj", 1)[0] for part in head[1:5]]
    return pdf([*objects, stream(rc4(own, HELLO))], entry)


def test_a_wish_not_to_be_copied_is_told_and_read(tmp_path: Path) -> None:
    (page,) = shown(tmp_path, protected(b"", -64))
    assert [b.text for b in page.blocks] == [SENTENCE]
    assert "owner asks" in page.reason


def test_a_user_password_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="password"):
        shown(tmp_path, protected(b"geheim", -4))
