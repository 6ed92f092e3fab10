"""The door to python-docx: Word documents -> items. Headings by outline level, lists, tables, notes, text boxes.

Works on the XML tree, because text in tracked insertions, content controls and fields is no run of a paragraph for
python-docx. References: ECMA-376 part 1, section 17.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from strategy_miner.errors import ReadingError
from strategy_miner.reading.flow import Flow, Item, table_item
from strategy_miner.reading.numbering import Numbering
from strategy_miner.reading.wordstyles import Look, Styles, W, child_value

UNPACKED = 400_000_000  # bytes of all parts
UNPACKED_XML = 100_000_000  # bytes of all XML parts; the tree takes some ten times as much
HEADING_WORDS = 14  # a longer paragraph is no heading, however it is set
_OLE = b"\xd0\xcf\x11\xe0"  # the container of .doc, and of .docx with a password
_BULLET = re.compile(r"^[•●○◦▪■►‣·–-]\s+(?=\S)")
_LIST_STYLE = re.compile(r"list (?:bullet|number) (\d)")
_NOT_TEXT = frozenset(
    f"{W}{tag}" for tag in ("pPr", "rPr", "del", "moveFrom", "instrText", "delText", "sdtPr", "tblPr", "trPr", "tcPr")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_SPACES = frozenset(f"{W}{tag}" for tag in ("tab", "br", "cr", "ptab"))


def read_docx(data: bytes, name: str) -> Flow:
    """The items of a Word document. Raises ReadingError if it is none, damaged, protected or far too large."""
    _check(data, name)
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        return _Reader(document).flow()
    except MemoryError:
        raise
    except Exception as error:  # python-docx and lxml raise KeyError, ValueError, XMLSyntaxError, ...
        what = f"is not a readable DOCX file ({type(error).__name__})"
        raise ReadingError(what, name, "Open it in a word processor and save it as DOCX or PDF.") from error


def _check(data: bytes, name: str) -> None:
    if not data:
        raise ReadingError("is empty (0 bytes)", name, "Get the file again.")
    if data.startswith(_OLE):
        raise ReadingError(
            "is an old Word file or asks for a password", name, "Save it as DOCX without a password, or as PDF."
        )
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ReadingError("is not a DOCX file", name, "Save the document as DOCX or PDF.") from error
    xml = sum(p.file_size for p in parts if p.filename.endswith((".xml", ".rels")))
    if sum(p.file_size for p in parts) > UNPACKED or xml > UNPACKED_XML:
        raise ReadingError("is far larger unpacked than a document can be", name, "Check the file.")


class _Reader:
    """Collects items in the order of the body; notes and text boxes follow the paragraph that holds them."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.styles = Styles(document.styles.element)
        self.numbers = Numbering(_part(document, "/numbering"))
        self.notes = {
            (kind, note.get(f"{W}id")): note
            for kind in ("footnote", "endnote")
            for note in _children(_part(document, f"/{kind}s"), kind)
            if note.get(f"{W}type") is None
        }
        self.noted = 0
        self.items: list[Item] = []
        self.looks: dict[int, Look] = {}
        self.hidden: list[str] = []

    def flow(self) -> Flow:
        body = self.document.element.body
        for node in _blocks(body):
            if node.tag == f"{W}tbl":
                self._table(node)
            else:
                self._paragraph(node)
        if not any(item.kind == "heading" for item in self.items):
            self._headings_by_look()
        items = [*self.items, *self._running_heads()]
        if self.hidden:
            items.append(Item("hidden", " ".join(" ".join(self.hidden).split())))
        pictures = sum(1 for node in body.iter() if str(node.tag).endswith("}blip"))
        told = [f"{pictures} pictures not looked at for text"] if pictures else []
        told += [f"{len(' '.join(self.hidden).split())} hidden words, not coded"] if self.hidden else []
        return Flow("python-docx", "; ".join(told), items)

    def _paragraph(self, node: Any) -> None:
        inside = _Inside()
        text = inside.read(node)
        self.hidden += inside.hidden
        if text:
            self.looks[len(self.items)] = self.styles.look(node)
            self.items.append(self._item(node, text))
        self._attached(inside)

    def _item(self, node: Any, text: str) -> Item:
        name, level = self.styles.name(node), self.styles.outline_level(node)
        label, depth = self.numbers.label(*self.styles.numbering(node))
        if name.startswith(("toc ", "table of figures")):
            return Item("toc", text)
        if level or name == "title":
            return Item("heading", f"{label} {text}".strip(), level or 1)
        if name == "caption":
            return Item("caption", text)
        if label or depth:
            styled = _LIST_STYLE.fullmatch(name)  # each of these is a list of its own, on its own first level
            return Item("list_item", f"{label} {text}".strip(), int(styled[1]) if styled else depth)
        return Item("list_item", text, 1) if _BULLET.match(text) else Item("paragraph", text)

    def _attached(self, inside: _Inside) -> None:
        """The notes and text boxes of what was read last."""
        bearer = len(self.items) - 1
        for key in inside.notes:
            if key in self.notes:
                self.noted += 1
                text = _Inside().read(self.notes[key])
                self.items.append(Item("footnote", f"{self.noted} {text}", of=bearer))
        for box in inside.boxes:
            texts = [_Inside().read(p) for p in box.iter(f"{W}p")]
            if any(texts):
                self.items.append(Item("box", "\n".join(t for t in texts if t)))

    def _table(self, node: Any) -> None:
        inside = _Inside()
        rows, named, first = [], 0, Look(False, 0.0)
        for number, row in enumerate(_rows(node)):
            properties = row.find(f"{W}trPr")
            rows.append(_row(row, properties, inside))
            named += properties is not None and properties.find(f"{W}tblHeader") is not None and named == number
            if number == 0:
                first = self.styles.look(row)
        self.hidden += inside.hidden
        rows = [row for row in rows if row]
        if not any(cell for row in rows for cell in row):
            return
        header = named or int(len(rows) > 1 and len(rows[0]) > 1 and (first.bold or self.styles.names_first_row(node)))
        self.items.append(table_item(rows, header if header < len(rows) else 0))
        self._attached(inside)

    def _headings_by_look(self) -> None:
        """Where no style says what a heading is: short paragraphs, all bold or larger than the body, are headings."""
        sizes: dict[float, int] = {}
        for at, look in self.looks.items():
            sizes[look.size] = sizes.get(look.size, 0) + len(self.items[at].text)
        body = max(sizes, key=lambda size: sizes[size], default=0.0)
        found = {
            at: look for at, look in self.looks.items()
            if self.items[at].kind in ("paragraph", "list_item") and (look.bold or look.size > 1.1 * body)
            and look.size >= body and len(self.items[at].text.split()) <= HEADING_WORDS
            and self.items[at].text[-1] not in ".,;" and any(c.isalpha() for c in self.items[at].text)
        }  # fmt: skip
        ranks = sorted({(look.size, look.bold) for look in found.values()}, reverse=True)
        if len(found) < len(self.looks) / 2:
            for at, look in found.items():
                self.items[at] = Item("heading", self.items[at].text, ranks.index((look.size, look.bold)) + 1)

    def _running_heads(self) -> list[Item]:
        """The text of headers and footers, each once."""
        parts = [r.target_part for r in self.document.part.rels.values() if r.reltype.endswith(("/header", "/footer"))]
        texts = [_Inside().read(p.element) for p in sorted(parts, key=lambda part: str(part.partname))]
        return [Item("running_head", text) for text in dict.fromkeys(texts) if any(c.isalpha() for c in text)]


class _Inside:
    """The text of a node, and what hangs on it: notes by kind and id, text boxes, hidden text."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, str]] = []
        self.boxes: list[Any] = []
        self.hidden: list[str] = []

    def read(self, node: Any) -> str:
        """The text on one line."""
        return " ".join("".join(self._pieces(node)).split())

    def _pieces(self, node: Any) -> Iterator[str]:
        for child in node:
            tag = child.tag
            if not isinstance(tag, str) or tag in _NOT_TEXT:
                continue
            if tag.endswith("}t"):
                yield child.text or ""
            elif tag in _SPACES:
                yield " "
            elif tag == f"{W}noBreakHyphen":
                yield "-"
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                self.notes.append((tag.removeprefix(W).removesuffix("Reference"), child.get(f"{W}id")))
            elif tag == f"{W}txbxContent":
                self.boxes.append(child)
            elif tag == f"{W}r" and child_value(child.find(f"{W}rPr"), "vanish") not in (None, "0", "false"):
                self.hidden.append(_Inside().read(_shown(child)))
            else:
                yield from self._pieces(child)
                if tag == f"{W}p":
                    yield " "


def _shown(run: Any) -> Any:
    """A copy of a run without its properties."""
    import copy

    run = copy.deepcopy(run)
    run.remove(run.find(f"{W}rPr"))
    return run


def _part(document: Any, ending: str) -> Any:
    """The root element of the part that a document has by a kind of relationship; None if there is none."""
    import docx.oxml

    for relation in document.part.rels.values():
        if relation.reltype.endswith(ending) and not relation.is_external:
            return docx.oxml.parse_xml(relation.target_part.blob)
    return None


def _children(node: Any, tag: str) -> list[Any]:
    return [] if node is None else node.findall(f"{W}{tag}")


def _blocks(node: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, also those inside content controls and the like."""
    for child in node:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif isinstance(child.tag, str) and child.tag not in _NOT_TEXT:
            yield from _blocks(child)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == f"{W}tr":
            yield child
        elif isinstance(child.tag, str) and child.tag not in _NOT_TEXT:
            yield from _rows(child)


def _row(row: Any, properties: Any, inside: _Inside) -> list[str]:
    """Cell texts; a cell that spans columns is followed by empty ones, one that goes on from above is empty."""
    cells = [""] * int(child_value(properties, "gridBefore") or 0)
    for cell in row.iter(f"{W}tc"):
        if next(cell.iterancestors(f"{W}tr")) is not row:
            continue  # a cell of a table inside a cell, read with that cell
        own = cell.find(f"{W}tcPr")
        goes_on = child_value(own, "vMerge") in ("", "continue")
        cells.append("" if goes_on else inside.read(cell))
        cells += [""] * (min(int(child_value(own, "gridSpan") or 1), 60) - 1)
    return cells
