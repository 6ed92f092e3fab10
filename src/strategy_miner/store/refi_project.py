"""REFI-QDA projects (.qdpx): what a project holds, and writing it. `refi_read` reads one, `refi_export` makes ours.

Source: REFI-QDA 1.5, Project.xsd of March 2019. A .qdpx is a zip of project.qde (XML) and the folder sources. Text
positions count Unicode code points from 0, the end is behind the last one. Areas of a page are in whole PDF points from
the lower left corner of its media box, on the page as stored (not turned); pages count from 0, as in annex A.2.
"""

from __future__ import annotations

import shutil
import uuid
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol
from xml.etree import ElementTree

from strategy_miner.coding.refi_qda import clean, guid_of
from strategy_miner.errors import StoreError
from strategy_miner.store.exports import replacing, zip_entry

NAMESPACE = "urn:QDA-XML:project:1.0"
INTERNAL = "internal://"
CREATED = "2000-01-01T00:00:00Z"  # fixed, so that equal projects give equal bytes; QualCoder wants a date everywhere
MOST_FILE = 2**31 - 1  # bytes of a source, section 8.5


class Opened(Protocol):
    """What gives the bytes of a PDF: a Path, or a file inside an archive."""

    def open(self, mode: str) -> IO[bytes]: ...


@dataclass(frozen=True, slots=True)
class User:
    """Who coded: a person or a model."""

    guid: str
    name: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code with the codes below it; one that is not `codable` only groups them. `colour`: #rrggbb or empty."""

    guid: str
    name: str
    codable: bool = True
    description: str = ""
    colour: str = ""
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """A property of cases. `kind`: Text, Boolean, Integer, Float, Date or DateTime."""

    guid: str
    name: str
    kind: str = "Text"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What sources are about, here a municipality. `values`: guid of the variable and its value as text."""

    guid: str
    name: str
    description: str = ""
    values: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """A code given to a selection or a source; `user` is empty where the file does not say who."""

    guid: str
    code: str
    user: str = ""
    created: str = CREATED


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a source's plain text."""

    guid: str
    start: int
    end: int
    name: str = ""
    description: str = ""
    user: str = ""
    codings: tuple[Applied, ...] = ()
    created: str = CREATED


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on a page of a PDF, with the text in it where that is known; left < right, bottom < top."""

    guid: str
    page: int
    left: int
    bottom: int
    right: int
    top: int
    name: str = ""
    text: str = ""
    user: str = ""
    codings: tuple[Applied, ...] = ()
    created: str = CREATED


@dataclass(frozen=True, slots=True)
class Source:
    """A document: its plain text and, where `pdf` is set, the PDF whose text it is.

    `text_guid` names the plain text of a PDF, and is the source's own guid otherwise.
    """

    guid: str
    name: str
    text: str
    text_guid: str
    pdf: Opened | None = None
    passages: tuple[Passage, ...] = ()
    areas: tuple[Area, ...] = ()
    codings: tuple[Applied, ...] = ()
    description: str = ""
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A set of codes or of sources."""

    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """A project. `told`: what a file held that is not here, one line each."""

    name: str
    origin: str = "strategy-miner"
    description: str = ""
    users: tuple[User, ...] = ()
    codes: tuple[Code, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[Case, ...] = ()
    sources: tuple[Source, ...] = ()
    groups: tuple[Group, ...] = ()
    told: tuple[str, ...] = field(default=(), compare=False)


def walked(codes: Iterable[Code]) -> Iterable[Code]:
    """Codes with all codes below them, in the order of the file."""
    waiting = list(codes)[::-1]
    while waiting:
        code = waiting.pop()
        yield code
        waiting += code.codes[::-1]


def plain_text(text: str) -> str:
    """A text as a .txt source can hold it, every sign in its place: no carriage returns, nothing UTF-8 lacks."""
    kept = text.replace("\r", " ").replace("\x00", " ").replace("\ufeff", " ")
    return kept.encode("utf-8", "replace").decode("utf-8")


def write_project(project: Project, target: Path) -> None:
    """Write a .qdpx file whole or not at all. Equal projects give equal bytes.

    Raises StoreError if it cannot be written or a PDF is larger than the standard allows.
    """
    with (
        replacing(target) as partial,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        archive.writestr(zip_entry("project.qde"), _xml(project), zipfile.ZIP_DEFLATED, 6)
        for source in project.sources:
            text = source.text.encode("utf-8")
            archive.writestr(zip_entry(f"sources/{source.text_guid}.txt"), text, zipfile.ZIP_DEFLATED, 6)
            if source.pdf is not None:
                _copy(archive, source)


def _copy(archive: zipfile.ZipFile, source: Source) -> None:
    assert source.pdf is not None
    entry = zip_entry(f"sources/{source.guid}.pdf")
    entry.compress_type = zipfile.ZIP_STORED  # a PDF is compressed already
    try:
        read = source.pdf.open("rb")
    except OSError as error:
        remedy = "Put it back, or export without PDFs."
        raise StoreError(f"cannot be read: {error.strerror or error}", source.name, remedy) from error
    with read, archive.open(entry, "w", force_zip64=True) as written:
        shutil.copyfileobj(read, written, 1 << 20)
    if entry.file_size > MOST_FILE:
        raise StoreError("is larger than 2 GB, the most that REFI-QDA allows", source.name, "Export without PDFs.")


def _xml(project: Project) -> bytes:
    root = ElementTree.Element("Project", xmlns=NAMESPACE, name=clean(project.name), origin=clean(project.origin))
    root.set("creationDateTime", CREATED)
    if project.users:
        above = _under(root, "Users")
        for user in project.users:
            _under(above, "User", guid=user.guid, name=user.name)
    if project.codes:
        above = _under(_under(root, "CodeBook"), "Codes")
        for code in project.codes:
            _code(above, code)
    kinds = {variable.guid: variable.kind for variable in project.variables}
    if project.variables:
        above = _under(root, "Variables")
        for variable in project.variables:
            one = _under(above, "Variable", guid=variable.guid, name=variable.name, typeOfVariable=variable.kind)
            _describe(one, variable.description)
    if project.cases:
        above = _under(root, "Cases")
        for case in project.cases:
            one = _under(above, "Case", guid=case.guid, name=case.name)
            _describe(one, case.description)
            _values(one, case.values, kinds)
            _refer(one, "SourceRef", case.sources)
    if project.sources:
        above = _under(root, "Sources")
        for source in project.sources:
            _source(above, source, kinds)
    if project.groups:
        above = _under(root, "Sets")
        for group in project.groups:
            one = _under(above, "Set", guid=group.guid, name=group.name)
            _describe(one, group.description)
            _refer(one, "MemberCode", group.codes)
            _refer(one, "MemberSource", group.sources)
    _describe(root, project.description)
    ElementTree.indent(root, " ")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _code(above: ElementTree.Element, code: Code) -> None:
    waiting = [(above, code)]
    while waiting:  # no recursion: a file may nest deeper than Python
        parent, code = waiting.pop()
        colour = {"color": code.colour} if code.colour else {}
        one = _under(parent, "Code", guid=code.guid, name=code.name, isCodable=str(code.codable).lower(), **colour)
        _describe(one, code.description)
        waiting += [(one, below) for below in code.codes[::-1]]


def _source(above: ElementTree.Element, source: Source, kinds: dict[str, str]) -> None:
    if source.pdf is None:
        one = text = _under(above, "TextSource", guid=source.guid, name=source.name)
        _describe(one, source.description)
    else:
        path = f"{INTERNAL}{source.guid}.pdf"
        one = _under(above, "PDFSource", guid=source.guid, name=source.name, path=path)
        _describe(one, source.description)
        for area in source.areas:
            _area(one, area)
        text = _under(one, "Representation", guid=source.text_guid, name=source.name)
        one.set("creationDateTime", CREATED)
    text.set("plainTextPath", f"{INTERNAL}{source.text_guid}.txt")
    text.set("creationDateTime", CREATED)
    for passage in source.passages:
        place = {"startPosition": str(passage.start), "endPosition": str(passage.end)}
        own = _under(text, "PlainTextSelection", guid=passage.guid, name=passage.name, **place)
        _made(own, passage.user, passage.created)
        _describe(own, passage.description)
        _apply(own, passage.codings)
    _apply(one, source.codings)
    _values(one, source.values, kinds)


def _area(above: ElementTree.Element, area: Area) -> None:
    place = {"page": area.page, "firstX": area.left, "firstY": area.bottom, "secondX": area.right, "secondY": area.top}
    own = _under(above, "PDFSelection", guid=area.guid, name=area.name, **{k: str(v) for k, v in place.items()})
    _made(own, area.user, area.created)
    if area.text:
        held = _under(own, "Representation", guid=guid_of("area text", area.guid))
        _under(held, "PlainTextContent").text = clean(area.text)
    _apply(own, area.codings)


def _apply(above: ElementTree.Element, codings: Iterable[Applied]) -> None:
    for coding in codings:
        own = _under(above, "Coding", guid=coding.guid)
        _made(own, coding.user, coding.created)
        _refer(own, "CodeRef", (coding.code,))


def _made(element: ElementTree.Element, user: str, created: str) -> None:
    if user:
        element.set("creatingUser", user)
    element.set("creationDateTime", created)


def _values(above: ElementTree.Element, values: Iterable[tuple[str, str]], kinds: dict[str, str]) -> None:
    for variable, value in values:
        own = _under(above, "VariableValue")
        _refer(own, "VariableRef", (variable,))
        _under(own, f"{kinds[variable]}Value").text = clean(value)


def _refer(above: ElementTree.Element, tag: str, guids: Iterable[str]) -> None:
    for guid in guids:
        _under(above, tag, targetGUID=guid)


def _describe(above: ElementTree.Element, text: str) -> None:
    if text:
        _under(above, "Description").text = clean(text)


def _under(above: ElementTree.Element, tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(above, tag, {name: clean(value) for name, value in attributes.items()})


def plain_guid(text: str) -> str:
    """A guid as we write it: other programs use capitals and braces. Raises ValueError if it is none."""
    return str(uuid.UUID(text.strip()))
