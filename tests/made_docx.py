"""DOCX files for tests: made by python-docx, with parts in XML for what it has no call for."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def saved(document: Any) -> bytes:
    """The bytes of a document."""
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def add_xml(document: Any, tag: str, inside: str) -> Any:
    """Append <w:tag>inside</w:tag> to the body."""
    node = parse_xml(f"<w:{tag} {NAMESPACES}>{inside}</w:{tag}>")
    document.element.body.insert(len(document.element.body) - 1, node)
    return node


def run(text: str, properties: str = "") -> str:
    """The XML of a run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def add_footnotes(document: Any, texts: list[str]) -> None:
    """A part with footnotes 1, 2, ...; the text refers to them by <w:footnoteReference w:id="1"/>."""
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r>{run(" " + text)}</w:p></w:footnote>'
        for number, text in enumerate(texts, start=1)
    )
    separator = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    xml = f"<w:footnotes {NAMESPACES}>{separator}{notes}</w:footnotes>".encode()
    part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES, xml, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The file with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()


def document() -> Any:
    """An empty document."""
    return docx.Document()
