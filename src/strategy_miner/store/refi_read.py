"""Reading REFI-QDA projects (.qdpx) of ours and of other programs. A file of unknown origin: nothing is unpacked.

The texts come along, PDFs stay in the archive until somebody copies them. What the project holds beyond that (pictures,
sound, film, notes, links, graphs) is counted in `Project.told`.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree.ElementTree import Element

from strategy_miner.coding.refi_qda import parsed
from strategy_miner.errors import CodebookError, StoreError
from strategy_miner.store.refi_project import (
    CREATED,
    INTERNAL,
    Applied,
    Area,
    Case,
    Code,
    Group,
    Passage,
    Project,
    Source,
    User,
    Variable,
    plain_guid,
)

MOST_XML, MOST_TEXT, MOST_TEXTS, MOST_ENTRIES = 600_000_000, 50_000_000, 500_000_000, 20_000
_DEEPEST = 100  # codes below codes
_AGAIN = "Export the project again as REFI-QDA (.qdpx) from the program it comes from."
_LOST = {
    "PictureSource": "pictures", "AudioSource": "sound recordings", "VideoSource": "films", "Note": "notes",
    "Link": "links", "Graph": "graphs", "PictureSelection": "areas of pictures",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive."""

    archive: Path
    name: str

    def open(self, mode: str) -> IO[bytes]:
        """The file's bytes; closing it closes the archive. Only mode "rb"."""
        with zipfile.ZipFile(self.archive) as archive:  # the open file keeps the archive open
            return archive.open(self.name)


def read_project(path: str | Path) -> Project:
    """The project in a .qdpx file. Guids are in small letters without braces, texts without a byte order mark.

    Raises StoreError if the file is missing, no archive, too large, damaged or encrypted, names files outside itself,
    or holds no project; and if its XML has a document type or is against the rules of the standard.
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _demand_safe(archive, path)
            names = {PurePosixPath(entry.filename).as_posix().lower(): entry for entry in archive.infolist()}
            root = _root(archive, names, path)
            return _Reading(path, archive, names, root).project()
    except OSError as error:
        raise StoreError(f"cannot be read: {error.strerror or error}", str(path), "Name a .qdpx file.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise StoreError(f"is no whole zip archive ({error})", str(path), _AGAIN) from None
    except CodebookError as error:  # from the XML
        raise StoreError(error.what, error.where, error.remedy) from None


def _demand_safe(archive: zipfile.ZipFile, path: Path) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise StoreError(f"holds {len(entries)} files, more than {MOST_ENTRIES}", str(path), _AGAIN)
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename.replace("\\", "/")
        if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/") or "\x00" in name:
            raise StoreError(f"names a file outside itself ({name[:80]!r})", str(path), "Do not trust this file.")
        if name.lower() in seen:
            raise StoreError(f"holds {name[:80]!r} twice", str(path), _AGAIN)
        seen.add(name.lower())
        if entry.flag_bits & 1:
            raise StoreError("is encrypted", str(path), "Export it without a password.")


def _root(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo], path: Path) -> Element:
    top = [name for name in names if name.endswith(".qde") and "/" not in name]
    name = "project.qde" if "project.qde" in names else top[0] if len(top) == 1 else ""
    if not name:
        raise StoreError("holds no project.qde", str(path), _AGAIN)
    where = f"{path}, {names[name].filename}"
    root = parsed(_bytes(archive, names[name], MOST_XML, str(path)), where, MOST_XML)
    if _tag(root) != "Project":
        raise StoreError(f"holds a {_tag(root)!r}, no project", where, _AGAIN)
    return root


def _bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int, where: str) -> bytes:
    """An entry's bytes; its header may lie about how many there are."""
    with archive.open(entry) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise StoreError(f"{entry.filename} is larger than {most // 1_000_000} MB", where, "Do not trust this file.")
    return data


@dataclass
class _Reading:
    """One file being read."""

    path: Path
    archive: zipfile.ZipFile
    names: dict[str, zipfile.ZipInfo]
    root: Element
    told: list[str] = field(default_factory=list)
    left: int = MOST_TEXTS  # bytes of text that may still come
    variables: set[str] = field(default_factory=set)

    @property
    def where(self) -> str:
        """The place for errors."""
        return f"{self.path}, project.qde"

    def project(self) -> Project:
        """All of it."""
        root, origin = self.root, self.root.get("origin", "")
        lost = Counter(_LOST[_tag(element)] for element in root.iter() if _tag(element) in _LOST)
        self.variables = {self.guid(e) for e in _each(root, "Variables", "Variable")}
        sources = [e for e in _each(root, "Sources") for e in e if _tag(e) in ("TextSource", "PDFSource")]
        project = Project(
            root.get("name", ""),
            origin,
            _text(root, "Description"),
            tuple(User(self.guid(e), e.get("name", "")) for e in _each(root, "Users", "User")),
            tuple(code_of(e, self.where) for e in _each(root, "CodeBook", "Codes", "Code")),
            tuple(
                Variable(self.guid(e), e.get("name", ""), e.get("typeOfVariable", "Text"), _text(e, "Description"))
                for e in _each(root, "Variables", "Variable")
            ),
            tuple(self.case(e) for e in _each(root, "Cases", "Case")),
            tuple(self.source(e, "atlas" in origin.lower()) for e in sources),
            tuple(_group(e, self.where) for e in _each(root, "Sets", "Set")),
        )
        self.told += [f"left out: {count} {what}" for what, count in sorted(lost.items())]
        return replace(project, told=tuple(self.told))

    def guid(self, element: Element, key: str = "guid") -> str:
        """The guid in an attribute."""
        return _guid(element, self.where, key)

    def number(self, element: Element, key: str) -> int:
        """The whole number in an attribute; programs write 12.0 too. Raises StoreError if there is none."""
        try:
            value = float(element.get(key, ""))
            return round(value)
        except (ValueError, OverflowError):
            what = f"{_tag(element)} has no number {key} ({element.get(key, '')[:60]!r})"
            raise StoreError(what, self.where, _AGAIN) from None

    def case(self, element: Element) -> Case:
        """A case with its values; programs leave out its name."""
        name, text = element.get("name", ""), _text(element, "Description")
        return Case(self.guid(element), name, text, self.values(element), self.referred(element, "SourceRef"))

    def values(self, element: Element) -> tuple[tuple[str, str], ...]:
        """Values of variables; a variable that the file does not define is told."""
        found = []
        for value in _each(element, "VariableValue"):
            referred = self.referred(value, "VariableRef")
            text = next((e.text or "" for e in value if _tag(e).endswith("Value")), None)
            if text is not None and referred and referred[0] in self.variables:
                found.append((referred[0], text))
            elif text is not None:
                self.told.append("a value of a variable that the file does not define was left out")
        return tuple(found)

    def source(self, element: Element, one_break: bool) -> Source:
        """A text, or a PDF with its text. `one_break`: a line break of two signs counts as one (ATLAS.ti)."""
        is_pdf = _tag(element) == "PDFSource"
        held = next(_each(element, "Representation"), None) if is_pdf else element
        own = self.guid(element)
        text = self.text(held, one_break) if held is not None else ""
        name = element.get("name", "")
        passages = [] if held is None else [self.passage(e, len(text), name) for e in _each(held, "PlainTextSelection")]
        return Source(
            own,
            name,
            text,
            own if held is None else self.guid(held),
            self.pdf(element) if is_pdf else None,
            tuple(passage for passage in passages if passage),
            tuple(self.area(e) for e in _each(element, "PDFSelection")),
            self.codings(element),
            _text(element, "Description"),
            self.values(element),
        )

    def pdf(self, element: Element) -> Member | None:
        """The PDF of a source, told if it is not in the archive."""
        entry = self.entry(element.get("path", ""))
        if entry is None:
            self.told.append(f"{element.get('name', 'a PDF')}: the PDF is not in the file; its text is kept")
            return None
        return Member(self.path, entry.filename)

    def text(self, element: Element, one_break: bool) -> str:
        """The plain text of a source."""
        path = element.get("plainTextPath", "")
        if not path:
            return _text(element, "PlainTextContent")
        entry = self.entry(path)
        if entry is None:
            self.told.append(f"{element.get('name', 'a source')}: its text {path[:80]!r} is not in the file")
            return ""
        data = _bytes(self.archive, entry, min(MOST_TEXT, self.left), str(self.path))
        self.left -= len(data)
        text = self.decoded(data, entry.filename)
        return text.replace("\r\n", "\n") if one_break else text

    def decoded(self, data: bytes, name: str) -> str:
        """Text of UTF-8 as the standard demands, or of what programs write instead."""
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16", "replace")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.told.append(f"{name} is not UTF-8; it was read as Windows-1252")
            return data.decode("cp1252", "replace")

    def entry(self, path: str) -> zipfile.ZipInfo | None:
        """The file in the folder sources that an internal path names."""
        if not path.lower().startswith(INTERNAL):
            return None
        name = path[len(INTERNAL) :].lstrip("/").lower()
        return self.names.get(f"sources/{name}")

    def passage(self, element: Element, length: int, where: str) -> Passage | None:
        """A stretch of text; one outside the text is told and left out."""
        start, end = self.number(element, "startPosition"), self.number(element, "endPosition")
        if not 0 <= start <= end <= length:
            self.told.append(f"{where}: a selection from {start} to {end} lies outside its text and was left out")
            return None
        user, text = self.user(element), _text(element, "Description")
        name, made = element.get("name", ""), _made(element)
        return Passage(self.guid(element), start, end, name, text, user, self.codings(element), made)

    def area(self, element: Element) -> Area:
        """A rectangle of a page, its corners in order whatever corners the program named."""
        x, y = ([self.number(element, f"{which}{axis}") for which in ("first", "second")] for axis in "XY")
        held = next(_each(element, "Representation"), None)
        text = "" if held is None else _text(held, "PlainTextContent")
        return Area(
            self.guid(element), self.number(element, "page"), min(x), min(y), max(x), max(y), element.get("name", ""),
            text, self.user(element), self.codings(element), _made(element),
        )  # fmt: skip

    def codings(self, element: Element) -> tuple[Applied, ...]:
        """The codes given to what an element stands for."""
        found = []
        for coding in _each(element, "Coding"):
            for code in self.referred(coding, "CodeRef"):
                found.append(Applied(self.guid(coding), code, self.user(coding) or self.user(element), _made(coding)))
        return tuple(found)

    def user(self, element: Element) -> str:
        """The guid of who made it, empty if it does not say."""
        key = next((key for key in ("creatingUser", "modifyingUser") if element.get(key)), None)
        return self.guid(element, key) if key else ""

    def referred(self, element: Element, tag: str) -> tuple[str, ...]:
        """The guids that references of a kind point to."""
        return _referred(element, tag, self.where)


def codes_and_groups(root: Element, where: str = "") -> tuple[list[Code], list[Group]]:
    """The codes and sets of a .qdc file."""
    codes = [code_of(e, where) for e in _each(root, "Codes", "Code")]
    return codes, [_group(e, where) for e in _each(root, "Sets", "Set")]


def code_of(element: Element, where: str, depth: int = 1) -> Code:
    """A code with those below it."""
    if depth > _DEEPEST:
        raise StoreError(f"has codes more than {_DEEPEST} levels deep", where, _AGAIN)
    below = tuple(code_of(e, where, depth + 1) for e in _each(element, "Code"))
    codable = element.get("isCodable", "true").strip() not in ("false", "0")
    name, colour = element.get("name", ""), element.get("color", "")
    return Code(_guid(element, where), name, codable, _text(element, "Description"), colour, below)


def _group(element: Element, where: str) -> Group:
    codes, sources = (_referred(element, tag, where) for tag in ("MemberCode", "MemberSource"))
    return Group(_guid(element, where), element.get("name", ""), _text(element, "Description"), codes, sources)


def _guid(element: Element, where: str, key: str = "guid") -> str:
    try:
        return plain_guid(element.get(key, ""))
    except ValueError:
        what = f"{_tag(element)} has no valid {key} ({element.get(key, '')[:60]!r})"
        raise StoreError(what, where, _AGAIN) from None


def _referred(element: Element, tag: str, where: str) -> tuple[str, ...]:
    # A set of a .qdc file names its codes by `guid`.
    return tuple(_guid(e, where, "guid" if e.get("guid") else "targetGUID") for e in _each(element, tag))


def _each(element: Element, *path: str) -> Iterator[Element]:
    """The elements at a path of tags, whatever their namespace."""
    for child in element:
        if _tag(child) == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from _each(child, *path[1:])


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: Element, tag: str) -> str:
    return next((child.text or "" for child in _each(element, tag)), "")


def _made(element: Element) -> str:
    return element.get("creationDateTime") or element.get("modifiedDateTime") or CREATED
