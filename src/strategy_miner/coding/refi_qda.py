"""REFI-QDA codebooks (.qdc): what MAXQDA, ATLAS.ti, NVivo, QualCoder and others exchange.

Source: REFI-QDA 1.5, Codebook.xsd of March 2019. A code of the standard has a name, a description, a colour and codes
below it, nothing else. So a description holds two parts: a text for people (definition, what belongs to the code, what
does not), and after it, in square brackets, everything the codebook knows about the code as JSON. Other programs keep
both. On the way back the part in brackets counts, except where a person has changed the name, the text or the nesting
in the other program: then the change wins. A file of another program has no such part: its names become ids, its
descriptions definitions, its nesting parents.

Nothing outside the file is read: a document type, and with it every entity, is refused.
"""

from __future__ import annotations

import json
import re
import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any
from xml.etree import ElementTree

from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.codebook_text import content
from strategy_miner.errors import CodebookError
from strategy_miner.text import fold

NAMESPACE = "urn:QDA-XML:codebook:1.0"
MOST_BYTES = 20_000_000
_GUIDS = uuid.UUID("6f0c2f0e-6a3c-5d0c-9a55-1b2f8f0f4a51")  # the space of our guids: never change it
_START, _END = "[strategy-miner: bitte stehen lassen / please leave this as it is", "strategy-miner]"
_LISTS = (("includes", str), ("excludes", str), ("order", str), ("positive", object), ("negative", object),
          ("passages", object))  # fmt: skip
_OPENS = "[strategy-miner:"
_PART = re.compile(r"\[strategy-miner:[^{]*(\{.*\})\s*strategy-miner\]", re.DOTALL)
_INCLUDES, _EXCLUDES = "Dazu gehört:", "Nicht dazu gehört:"
_BULLET = re.compile(r"^[-–•*·]\s+")
# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export_qdc(codebook: Codebook) -> bytes:
    """The codebook as a .qdc file. Equal codebooks give equal bytes; a code keeps its guid while it keeps its id.

    The dimension is a code that cannot be given, the codes lie below it; each kind is a set.
    """
    values = content(codebook)
    codes = values.pop("codes")
    name = codebook.name_de or codebook.dimension
    order = [code["id"] for code in codes]
    root = ElementTree.Element("CodeBook", xmlns=NAMESPACE, origin="strategy-miner")
    top = _element(ElementTree.SubElement(root, "Codes"), _guid(codebook, ""), name, "false")
    ElementTree.SubElement(top, "Description").text = _described(codebook.notes, {**values, "order": order})
    elements: dict[str, ElementTree.Element] = {}
    waiting = list(codes)
    while waiting:  # a parent may stand after its child
        code = next(code for code in waiting if code.get("parent") is None or code["parent"] in elements)
        waiting.remove(code)
        above = elements.get(code.get("parent"), top)
        element = _element(above, _guid(codebook, code["id"]), code["label"]["de"], "true")
        ElementTree.SubElement(element, "Description").text = _described(_readable(code), code)
        elements[code["id"]] = element
    _sets(root, codebook)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


@dataclass
class Imported:
    """What a .qdc file holds, as the values of a codebook file, and what was lost, guessed or changed by hand."""

    values: dict[str, Any]
    told: list[str] = field(default_factory=list)


def import_qdc(data: bytes, where: str, dimension: str | None = None) -> Imported:
    """Read a .qdc file of ours or of another program.

    `dimension`: its name; by default the one that the file says, else the file's own name.
    Raises CodebookError if the file is too large, no XML, has a document type, or holds no codes.
    """
    root = parsed(data, where)
    book = next((element for element in root.iter() if _tag(element) == "CodeBook"), None)
    tops = [] if book is None else [e for codes in book if _tag(codes) == "Codes" for e in codes if _tag(e) == "Code"]
    if book is None or not tops:
        raise CodebookError("no codes", where, "Export the code system as a REFI-QDA codebook (.qdc).")
    imported = Imported({"dimension": slug(PurePath(where).stem) or "codes", "version": 1})
    order: list[str] = []
    for top in tops:
        values = _machine(top, imported)
        if values and "dimension" in values:
            order = values.pop("order", [])
            imported.values = _named(values, top, imported)
            tops = [e for above in tops for e in ([above] if above is not top else top) if _tag(e) == "Code"]
            break
    if dimension:
        imported.values["dimension"] = dimension
    codes = _codes(tops, imported)
    place = {identity: number for number, identity in enumerate(order)}
    ranked, last = [], -1
    for code in codes:  # a code added in the other program stays behind the one it stands behind there
        last = place.get(code["id"], last)
        ranked.append((last, code["id"] not in place, code))
    imported.values["codes"] = [code for _, _, code in sorted(ranked, key=lambda rank: rank[:2])]
    _references(imported)
    _losses(book, imported)
    return imported


def slug(name: str) -> str:
    """An id made from a name: "Öffentlicher Raum & Grün" -> oeffentlicher_raum_gruen."""
    letters = unicodedata.normalize("NFKD", fold(name)).encode("ascii", "ignore").decode()
    return "_".join(re.findall(r"[a-z0-9]+", letters))


def _codes(tops: list[ElementTree.Element], imported: Imported) -> list[dict[str, Any]]:
    """The values of all codes in document order."""
    found = [(element, above, _machine(element, imported)) for element, above in _walk(tops, None)]
    taken = {machine["id"] for _, _, machine in found if machine and "id" in machine}
    used: set[str] = set()
    ids: dict[ElementTree.Element, str] = {}
    codes = []
    for element, above, machine in found:
        name = _name(element)
        own = machine["id"] if machine and "id" in machine else ""
        if own and own not in used:
            identity = own
        else:
            identity = _free(slug(name) or "code", used | taken)
            if own:
                imported.told.append(f"a second code {own!r} got the id {identity!r}")
        used.add(identity)
        ids[element] = identity
        code = _edited(machine, element, imported) if machine and own else _foreign(element)
        code["id"] = identity
        parent = ids[above] if above is not None else None
        if own and parent != code.get("parent"):
            imported.told.append(f"code {identity!r} moved below {parent or 'no other code'}")
        code.pop("parent", None)
        codes.append({"id": identity, **({"parent": parent} if parent else {}), **code})
        if element.get("isCodable", "true").strip() in ("false", "0"):
            imported.told.append(f"{name!r} only groups codes; here it is a code ({identity})")
    return codes


def _edited(machine: dict[str, Any], element: ElementTree.Element, imported: Imported) -> dict[str, Any]:
    """The values in brackets, with what was changed by hand in the other program."""
    code = _named(machine, element, imported)
    text, before = _text(element), clean(_readable(machine))
    if _words(text) == _words(before):
        return code
    now, then = _sections(text), _sections(before)
    for key in ("definition", "includes", "excludes"):
        if now[key] != then[key]:
            imported.told.append(f"code {code['id']!r}: {key} changed")
            code[key] = {**code.get(key, {}), "de": now[key]} if key == "definition" else now[key]
    return code


def _named(values: dict[str, Any], element: ElementTree.Element, imported: Imported) -> dict[str, Any]:
    """The values with the name that stands in the file, if it was changed by hand."""
    name, what = _name(element), f"code {values['id']!r}" if "id" in values else "dimension"
    label = values.get("label", {})
    if name == _shown(label.get("de") or values.get("dimension", "")):
        return dict(values)
    imported.told.append(f"{what}: label changed to {name!r}")
    return {**values, "label": {**label, "de": name}}


def _foreign(element: ElementTree.Element) -> dict[str, Any]:
    sections = _sections(_text(element))
    definition = sections.pop("definition")
    values = {"label": {"de": _name(element)}, "definition": {"de": definition} if definition else None, **sections}
    return {key: value for key, value in values.items() if value}


def _references(imported: Imported) -> None:
    """Examples lose codes that were deleted in the other program."""
    ids = {code["id"] for code in imported.values["codes"]}
    for code in imported.values["codes"]:
        for example in (*code.get("positive", ()), *code.get("negative", ())):
            for key in ("also", "codes") if isinstance(example, dict) else ():
                if gone := [c for c in example.get(key, ()) if c not in ids]:
                    example[key] = [c for c in example[key] if c in ids]
                    imported.told.append(f"code {code['id']!r}: an example loses {', '.join(gone)}, which is gone")
    passages = imported.values.get("passages", [])
    coded = [p for p in passages if isinstance(p, dict) and p.get("codes")]
    # Without all of its codes a passage would say that it is about nothing.
    kept = [p for p in passages if p not in coded or set(p["codes"]) & ids]
    for passage in coded:
        passage["codes"] = [code for code in passage["codes"] if code in ids]
    if len(kept) < len(passages):
        imported.told.append(f"{len(passages) - len(kept)} passages go with the codes that they were about")
        imported.values["passages"] = kept


def _losses(book: ElementTree.Element, imported: Imported) -> None:
    foreign = book.get("origin") != "strategy-miner"
    for what, count in (
        ("colours", sum(1 for element in book.iter() if element.get("color"))),
        ("sets of codes", sum(1 for element in book.iter() if _tag(element) == "Set") if foreign else 0),
    ):
        if count:
            imported.told.append(f"{count} {what} are not kept")
    bare = [code["id"] for code in imported.values["codes"] if not code.get("positive") and not code.get("lexicon")]
    if bare:
        shown = ", ".join(bare[:5]) + (" ..." if len(bare) > 5 else "")
        imported.told.append(f"without examples and lexicon: {shown} ({len(bare)} in all); see `codebook lint`")
    if imported.values["dimension"] == "field" and any("kind" not in code for code in imported.values["codes"]):
        imported.told.append("the dimension `field` needs `kind: sectoral` or `kind: integrated` with every code")


def _sets(root: ElementTree.Element, codebook: Codebook) -> None:
    kinds = dict.fromkeys(code.kind for code in codebook.codes if code.kind)
    if kinds:
        sets = ElementTree.SubElement(root, "Sets")
        for kind in kinds:
            guid = guid_of("set", codebook.dimension, kind)
            one = ElementTree.SubElement(sets, "Set", guid=guid, name=clean(kind))
            for code in codebook.codes:
                if code.kind == kind:
                    ElementTree.SubElement(one, "MemberCode", guid=_guid(codebook, code.id))


def _element(above: ElementTree.Element, guid: str, name: str, codable: str) -> ElementTree.Element:
    return ElementTree.SubElement(above, "Code", guid=guid, name=clean(name), isCodable=codable)


def guid_of(*parts: str) -> str:
    """The guid of what these parts name: the same in every file."""
    return str(uuid.uuid5(_GUIDS, "\n".join(parts)))


def _guid(codebook: Codebook, code: str) -> str:
    return guid_of("code", codebook.dimension, code)


def _readable(code: dict[str, Any]) -> str:
    parts = [str((code.get("definition") or {}).get("de", ""))]
    for head, key in ((_INCLUDES, "includes"), (_EXCLUDES, "excludes")):
        if code.get(key):
            parts.append("\n".join([head, *(f"- {text}" for text in code[key])]))
    return "\n\n".join(part for part in parts if part)


def _described(readable: str, machine: dict[str, Any]) -> str:
    # One key a line, no indentation: other programs may drop blanks at the start of lines.
    lines = (f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in machine.items())
    text = "{\n" + ",\n".join(lines) + "\n}"
    text = _NOT_XML.sub(lambda m: json.dumps(m.group())[1:-1], text).replace("strategy-miner", "strategy\\u002dminer")
    return clean("\n\n".join(part for part in (readable, f"{_START}\n{text}\n{_END}") if part))


def _sections(text: str) -> dict[str, Any]:
    """Definition, includes and excludes from a text as `_readable` writes it, or as a person changed it."""
    found: dict[str, list[str]] = {"definition": [], "includes": [], "excludes": []}
    now = "definition"
    for line in (line.strip() for line in text.splitlines()):
        head = {_INCLUDES: "includes", _EXCLUDES: "excludes"}.get(line)
        if head:
            now = head
        elif line and (now == "definition" or _BULLET.match(line) or not found[now]):
            found[now].append(_BULLET.sub("", line) if now != "definition" else line)
        elif line:
            found[now][-1] += f" {line}"
    return {**found, "definition": " ".join(found["definition"])}


def _machine(element: ElementTree.Element, imported: Imported) -> dict[str, Any] | None:
    """What stands in brackets in a description; None if nothing does or it was damaged."""
    text = _description(element)
    if _OPENS not in text:
        return None
    match = _PART.match(text, text.rfind(_OPENS))
    try:
        values = json.loads(match.group(1)) if match else None
    except (ValueError, RecursionError):
        values = None
    if isinstance(values, dict) and _sound(values):
        return values
    told = f"{_name(element)!r}: the part in brackets is damaged and was left out"
    if told not in imported.told:
        imported.told.append(told)
    return None


def _sound(values: dict[str, Any]) -> bool:
    """Whether the values have the form in which they were written, as far as reading them relies on it."""
    named = isinstance(values.get("id", values.get("dimension")), str)
    mappings = all(
        isinstance(texts, dict) and all(isinstance(text, str) for text in texts.values())
        for texts in (values.get("label", {}), values.get("definition", {}))
    )
    lists = all(
        isinstance(listed, list) and all(isinstance(each, kind) for each in listed)
        for key, kind in _LISTS
        for listed in (values.get(key, []),)
    )
    return named and mappings and lists


def _text(element: ElementTree.Element) -> str:
    """The description without the part in brackets."""
    text = _description(element)
    match = _PART.match(text, text.rfind(_OPENS)) if _OPENS in text else None
    return text[: match.start()] + text[match.end() :] if match else text


def parsed(data: bytes, where: str, most: int = MOST_BYTES) -> ElementTree.Element:
    """The root of an XML file. Raises CodebookError if it has more than `most` bytes, no XML, or a document type."""
    if len(data) > most:
        raise CodebookError(f"larger than {most // 1_000_000} MB", where, "Split it.")

    class Builder(ElementTree.TreeBuilder):
        def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
            # Called before any entity is declared, so none is ever expanded or fetched.
            raise CodebookError("has a document type (<!DOCTYPE>)", where, "Remove it: these files need none.")

    try:
        parser = ElementTree.XMLParser(target=Builder())
        parser.feed(data)
        return parser.close()
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise CodebookError(f"is no XML ({error})", where, "Export it again from the program it comes from.") from None


def _walk(
    elements: list[ElementTree.Element], above: ElementTree.Element | None
) -> Iterator[tuple[ElementTree.Element, ElementTree.Element | None]]:
    waiting = [(element, above) for element in reversed(elements)]
    while waiting:
        element, parent = waiting.pop()
        yield element, parent
        waiting += [(child, element) for child in reversed(element) if _tag(child) == "Code"]


def _free(wanted: str, used: set[str]) -> str:
    number = 1
    identity = wanted
    while identity in used:
        number += 1
        identity = f"{wanted}_{number}"
    return identity


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _name(element: ElementTree.Element) -> str:
    return _shown(element.get("name", ""))


def _shown(name: str) -> str:
    """A name as it comes back from an attribute of XML."""
    return _words(clean(name)) or "ohne Namen"


def _description(element: ElementTree.Element) -> str:
    return next((child.text or "" for child in element if _tag(child) == "Description"), "")


def _words(text: str) -> str:
    return " ".join(text.split())


def clean(text: str) -> str:
    """A text without what XML 1.0 cannot hold."""
    return _NOT_XML.sub("", text)
