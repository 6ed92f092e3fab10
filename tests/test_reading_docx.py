"""Word documents become the same blocks as PDFs, without pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx.oxml import parse_xml

from strategy_miner.errors import ReadingError
from strategy_miner.parquet import read_records, write_records
from strategy_miner.reading import outline, read, segment
from strategy_miner.records import Block, Page
from strategy_miner.settings import SegmentSettings
from tests.made_docx import NAMESPACES, add_footnotes, add_xml, document, run, saved, with_part
from tests.made_pdf import HELLO, SENTENCE, SETTINGS, one_page

PARAGRAPH = "Die Stadt baut bis 2030 ein Netz aus Sensoren auf, das Pegel, Verkehr und Luft misst."


def blocks(tmp_path: Path, made: Any) -> list[Block]:
    path = tmp_path / "strategie.docx"
    path.write_bytes(made if isinstance(made, bytes) else saved(made))
    (page,) = read(path, SETTINGS)
    return list(page.blocks)


def told(found: list[Block]) -> list[tuple[str, int | None, str]]:
    return [(b.kind, b.level, b.text) for b in found]


def test_headings_paragraphs_and_lists(tmp_path: Path) -> None:
    made = document()
    made.add_paragraph("Digitale Stadt", style="Title")
    made.add_heading("Handlungsfelder", 1)
    made.add_heading("Mobilität", 2)
    made.add_paragraph(PARAGRAPH)
    made.add_paragraph("Fahrräder zählen", style="List Bullet")
    made.add_paragraph("an allen Brücken", style="List Bullet 2")
    made.add_paragraph("Ampeln steuern", style="List Number")
    made.add_paragraph("Busse takten", style="List Number")
    found = blocks(tmp_path, made)
    assert told(found) == [
        ("heading", 1, "Digitale Stadt"),
        ("heading", 1, "Handlungsfelder"),
        ("heading", 2, "Mobilität"),
        ("paragraph", None, PARAGRAPH),
        ("list_item", 1, "• Fahrräder zählen"),
        ("list_item", 2, "• an allen Brücken"),
        ("list_item", 1, "1. Ampeln steuern"),
        ("list_item", 1, "2. Busse takten"),
    ]
    assert found[3].heading_path == ("Handlungsfelder", "Mobilität")


INSIDE = [
    (run("Die ") + run("Stadt"), "Die Stadt", "two runs"),
    ("<w:ins>" + run("Neu") + "</w:ins><w:del><w:r><w:delText>Alt</w:delText></w:r></w:del>", "Neu", "tracked changes"),
    ("<w:hyperlink>" + run("Verweis") + "</w:hyperlink>", "Verweis", "a link"),
    ("<w:sdt><w:sdtContent>" + run("Feld") + "</w:sdtContent></w:sdt>", "Feld", "a content control"),
    ("<w:fldSimple>" + run("3") + "</w:fldSimple><w:r><w:instrText>PAGE</w:instrText></w:r>", "3", "a field"),
    (run("CO") + run("2", '<w:vertAlign w:val="subscript"/>'), "CO2", "a subscript"),
    (run("Klima") + "<w:r><w:noBreakHyphen/></w:r>" + run("Anpassung"), "Klima-Anpassung", "a hyphen that holds"),
    (run("Um\u00adwelt"), "Umwelt", "a soft hyphen"),
    (run("links") + "<w:r><w:tab/><w:br/></w:r>" + run("rechts"), "links rechts", "tabulator and break"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "text", "what"), INSIDE, ids=[i[2] for i in INSIDE])
def test_text_inside_a_paragraph(tmp_path: Path, inside: str, text: str, what: str) -> None:
    made = document()
    add_xml(made, "p", inside)
    assert [b.text for b in blocks(tmp_path, made)] == [text], what


def test_a_german_style_sheet_and_an_outline_level_of_its_own(tmp_path: Path) -> None:
    made = document()
    styles = made.styles.element
    for style in list(styles):
        if (style.get(f"{{{style.nsmap['w']}}}styleId") or "") in ("Heading1", "Heading2"):
            styles.remove(style)
    xml = (
        f'<w:style {NAMESPACES} w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>',
        f'<w:style {NAMESPACES} w:type="paragraph" w:styleId="Eigen"><w:name w:val="Eigene"/>'
        '<w:basedOn w:val="berschrift1"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>',
        f'<w:style {NAMESPACES} w:type="paragraph" w:styleId="Ring"><w:name w:val="Ring"/><w:basedOn w:val="Ring"/>'
        "</w:style>",
    )
    for style in xml:
        styles.append(parse_xml(style))
    for style, text in (("berschrift1", "Ziele"), ("Eigen", "Wasser"), ("Ring", PARAGRAPH)):
        add_xml(made, "p", f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' + run(text))
    add_xml(made, "p", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>' + run("Regen"))
    assert told(blocks(tmp_path, made)) == [
        ("heading", 1, "Ziele"), ("heading", 2, "Wasser"), ("paragraph", None, PARAGRAPH), ("heading", 3, "Regen"),
    ]  # fmt: skip


NUMBERING = f"""<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Handlungsfeld %1:"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%3."/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="2"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%4)"/></w:lvl>
</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""


def test_automatic_numbers_are_part_of_the_text(tmp_path: Path) -> None:
    made = document()
    for level, text in ((0, "Wasser"), (1, "Netze"), (1, "Messung"), (0, "Wärme"), (1, "Quartiere"), (3, "Schule")):
        outline_level = f'<w:outlineLvl w:val="{level}"/>' if level < 2 else ""
        number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr>'
        add_xml(made, "p", f"<w:pPr>{number}{outline_level}</w:pPr>" + run(text))
    data = with_part(saved(made), "word/numbering.xml", NUMBERING.encode())
    assert told(blocks(tmp_path, data)) == [
        ("heading", 1, "Handlungsfeld 1: Wasser"), ("heading", 2, "1.1 Netze"), ("heading", 2, "1.2 Messung"),
        ("heading", 1, "Handlungsfeld 2: Wärme"), ("heading", 2, "2.1 Quartiere"), ("list_item", 4, "b) Schule"),
    ]  # fmt: skip


def test_tables(tmp_path: Path) -> None:
    made = document()
    table = made.add_table(rows=3, cols=3)
    for number, text in enumerate(("Maßnahme", "Kosten", "", "Sensoren", "80", "2027", "", "20", "2028")):
        table.cell(number // 3, number % 3).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(2, 0))
    for cell in table.rows[0].cells:
        for part in cell.paragraphs[0].runs:
            part.bold = True
    box = made.add_table(rows=1, cols=1).cell(0, 0)
    box.text = PARAGRAPH
    first, second = blocks(tmp_path, made)
    assert (first.kind, first.header_rows, second.kind, second.text) == ("table", 1, "box", PARAGRAPH)
    assert first.rows == (("Maßnahme", "Kosten", ""), ("Sensoren", "80", "2027"), ("", "20", "2028"))
    assert first.text.splitlines()[1] == "Sensoren | 80 | 2027"


def test_a_footnote_belongs_to_its_paragraph(tmp_path: Path) -> None:
    made = document()
    add_footnotes(made, ["Stand: März 2024.", "Ohne Umland."])
    add_xml(made, "p", run("Die Stadt wächst.") + '<w:r><w:footnoteReference w:id="2"/></w:r>')
    add_xml(made, "p", run("Der Kreis auch.") + '<w:r><w:footnoteReference w:id="1"/></w:r>')
    city, note, county, other = blocks(tmp_path, made)
    assert told([city, note]) == [("paragraph", None, "Die Stadt wächst."), ("footnote", None, "1 Ohne Umland.")]
    assert (note.belongs_to, other.belongs_to, other.text) == (city.id, county.id, "2 Stand: März 2024.")


def test_a_text_box_is_a_box_and_counts_once(tmp_path: Path) -> None:
    made = document()
    content = f"<w:txbxContent><w:p>{run('Im Kasten.')}</w:p></w:txbxContent>"
    shape = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{content}</wps:txbx></mc:Choice>'
        f"<mc:Fallback><w:pict>{content}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    add_xml(made, "p", run("Neben dem Kasten.") + shape)
    assert told(blocks(tmp_path, made)) == [("paragraph", None, "Neben dem Kasten."), ("box", None, "Im Kasten.")]


def test_hidden_text_is_kept_apart(tmp_path: Path) -> None:
    made = document()
    add_xml(made, "p", run("Sichtbar.") + run("Niemand sieht das.", "<w:vanish/>"))
    path = tmp_path / "versteckt.docx"
    path.write_bytes(saved(made))
    (page,) = read(path, SETTINGS)
    assert told(list(page.blocks)) == [("paragraph", None, "Sichtbar."), ("hidden", None, "Niemand sieht das.")]
    assert page.reason == "3 hidden words, not coded"


def test_headings_without_a_style_are_told_by_their_look(tmp_path: Path) -> None:
    made = document()
    for text in ("Wasser in der Stadt", PARAGRAPH, "Wärme für alle", PARAGRAPH, PARAGRAPH):
        paragraph = made.add_paragraph()
        paragraph.add_run(text).bold = len(text) < 30
    assert [b.kind for b in blocks(tmp_path, made)] == ["heading", "paragraph", "heading", "paragraph", "paragraph"]


def test_contents_captions_and_running_heads(tmp_path: Path) -> None:
    made = document()
    made.styles.add_style("toc 1", 1)
    made.add_paragraph("1 Ziele\t3", style="toc 1")
    made.add_heading("Ziele", 1)
    made.add_paragraph("Abbildung 1: Netz der Sensoren", style="Caption")
    made.sections[0].header.paragraphs[0].text = "Strategie der Stadt"
    assert told(blocks(tmp_path, made)) == [
        ("toc", None, "1 Ziele 3"), ("heading", 1, "Ziele"), ("caption", None, "Abbildung 1: Netz der Sensoren"),
        ("running_head", None, "Strategie der Stadt"),
    ]  # fmt: skip


def test_no_page_number_appears_anywhere(tmp_path: Path) -> None:
    made = document()
    made.add_heading("Ziele", 1)
    made.add_paragraph(" ".join([PARAGRAPH] * 12))
    path = tmp_path / "strategie.docx"
    path.write_bytes(saved(made))
    pages = read(path, SETTINGS)
    segments = segment(pages, SegmentSettings(20, 150))
    assert (pages[0].page, pages[0].grade, {s.page for s in segments}) == (None, "read", {None})
    assert len(segments) > 1
    assert "None" not in outline(pages)
    write_records(Page, pages, tmp_path / "pages.parquet")
    assert read_records(Page, tmp_path / "pages.parquet") == pages
    assert read(path, SETTINGS) == pages


def with_entities(declared: str, used: str) -> bytes:
    xml = (
        f'<?xml version="1.0"?><!DOCTYPE w:document [{declared}]>'
        f"<w:document {NAMESPACES}><w:body><w:p>{run('Text ' + used)}</w:p></w:body></w:document>"
    )
    return with_part(saved(document()), "word/document.xml", xml.encode())


GROWING = '<!ENTITY e0 "x">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
BAD = [
    ("leer.docx", b"", "is empty", "no byte"),
    ("text.docx", b"Kein Archiv.", "not a DOCX", "text with another ending"),
    ("alt.docx", b"\xd0\xcf\x11\xe0" + bytes(600), "old Word file or asks for a password", "the container of .doc"),
    ("halb.docx", saved(document())[:2000], "not a DOCX", "cut off"),
    ("anders.docx", with_part(saved(document()), "[Content_Types].xml", b"<Types/>"), "not a readable", "no document"),
    ("kaputt.docx", with_part(saved(document()), "word/document.xml", b"<w:docu"), "not a readable", "broken XML"),
    ("bombe.docx", with_part(saved(document()), "word/document.xml", bytes(150_000_000)), "far larger", "a bomb"),
    ("wuchs.docx", with_entities(GROWING, "&e9;"), "not a readable", "an entity that grows to 10^9 letters"),
    ("tief.docx", with_part(saved(document()), "word/document.xml", b"<a>" * 100_000), "not a readable", "deep XML"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "what", "reason"), BAD, ids=[b[0] for b in BAD])
def test_bad_files_end_in_one_line(tmp_path: Path, name: str, data: bytes, what: str, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ReadingError, match=what) as caught:
        read(tmp_path / name, SETTINGS)
    assert name in str(caught.value), reason
    assert caught.value.remedy


def test_a_document_cannot_name_a_file_to_be_read_in(tmp_path: Path) -> None:
    (block,) = blocks(tmp_path, with_entities('<!ENTITY f SYSTEM "file:///etc/passwd">', "&f;"))
    assert block.text == "Text"


def test_a_pdf_that_is_called_docx_is_read_as_pdf(tmp_path: Path) -> None:
    (tmp_path / "falsch.docx").write_bytes(one_page(HELLO))
    (page,) = read(tmp_path / "falsch.docx", SETTINGS)
    assert (page.page, page.blocks[0].text) == (1, SENTENCE)
