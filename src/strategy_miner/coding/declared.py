"""The fields of action that a document itself declares: found by outline, numbered headings, enumeration or contents.

Four witnesses, in this order of trust: headings that name their field ("Handlungsfeld 3: Mobilität"), the chapters
under a heading such as "Handlungsfelder", a sentence or list that enumerates them, the contents page. A document
that declares none yields none: enumerations count only when the document goes on to treat what they name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from strategy_miner.coding.named import CodeNames
from strategy_miner.records import Block, DeclaredField, Page, stable_id
from strategy_miner.text import fold

LEAST, MOST = 2, 20  # fields in a list; what programmes declare lies between 3 and 14
MOST_WORDS = 14

# What cities call their fields. The first are terms of art; the others also mean other things, so that a heading must
# consist of them, and a sentence with them declares nothing.
_ART = (
    r"(?:(?:smart-?\s?city-?|digital-?|strategie-?|kern-?)?handlungsfeld|themenfeld|leitthem|aktionsfeld|fokusthem|"
    r"fokusfeld|zielbild|handlungsbereich)"
)
_LOOSE = r"(?:schwerpunktthem|schwerpunktbereich|schwerpunkt|säule|themenschwerpunkt|themenbereich|dimension)"
_ENDING = r"(?:er[ns]?|en|es|e|s|n|a)?"
_COUNT = r"(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|\d{1,2})"
_LEAD = (
    r"(?:(?:die|der|unsere[rn]?|überblick|übersicht|(?:strategisch|zentral|thematisch|inhaltlich|priorisiert|digital|"
    rf"smart|kommunal|städtisch)e[rn]?|{_COUNT})\s+)*"
)
_TAIL = r"(?:\s+(?:der|des|für|in|im|von|und|–|-|\()\s*.{0,60})?"
_NUMBER = re.compile(
    r"^\s*(?:(?:kapitel|teil)\s+)?(?:[A-Z]?\d+(?:\.\d+)*\.?|[IVX]+\.|[A-Z][.)]|[A-Z](?=\s*[|–]))\s*[|:–-]?\s+",
    re.IGNORECASE,
)
_CHAPTER = re.compile(rf"^{_LEAD}{_ART}{_ENDING}{_TAIL}$", re.IGNORECASE)
_LOOSE_CHAPTER = re.compile(rf"^{_LEAD}(?:{_ART}|{_LOOSE}){_ENDING}$", re.IGNORECASE)
_PLURAL = re.compile(r"(?:felder[ns]?|themen|bilder|bereiche|säulen|schwerpunkte|dimensionen)\b", re.IGNORECASE)
_NAMED = re.compile(
    rf"^(?:{_ART}|{_LOOSE})a?\s*(?P<number>[A-Z]?\d{{0,2}}|[IVX]{{1,4}}|[A-Z])\s*(?P<mark>[:|.–-])?\s+(?P<name>\S.*)$",
    re.IGNORECASE,
)
_ENUMERATION = re.compile(
    rf"(?:(?P<count>{_COUNT})\s+(?:\w+[nres]\s+)?|folgende[nr]?\s+(?:\w+[nre]\s+)?)(?P<term>{_ART}{_ENDING})\b",
    re.IGNORECASE,
)
_ANY_TERM = re.compile(rf"{_ART}{_ENDING}\b", re.IGNORECASE)
# Marks of table cells, sums and misread scans: no one names a field so.
_DEBRIS = re.compile(r"[|©®\[\]{}=<>_\\\"€]|\bEuro\b")
# Headings inside the chapter that are no field.
_GENERIC = re.compile(
    r"^(?:einleitung|einführung|überblick|übersicht|übergeordnete.*|übergreifende.*|herausfor?derungen?|ausgangslage|"
    r"ziele?|zielsetzung(?:en)?|maßnahmen|projekte|vision|leitbild|leitlinien|fazit|zusammenfassung|ausblick|anhang|"
    r"auswahl.*|methodik|vorgehen|zwischenfazit|exkurs.*|querschnittsthemen|hintergrund|bestandsaufnahme|impressum|"
    r"umsetzung|finanzierung|quellen.*|literatur.*|abbildung.*|tabelle.*|worum es geht|ausgangspunkt|perspektiven)$",
    re.IGNORECASE,
)
_NUMERALS = ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
_WORDS = {word: number for number, word in enumerate(_NUMERALS, start=2)}
_DOTS = re.compile(r"\s*(?:\.\s?){3,}.*$|\s+\d{1,3}$|\s*…+.*$")


@dataclass(frozen=True, slots=True)
class FoundName:
    """A declared name and where it stands. `level` counts headings from 1, None where no heading names it."""

    name: str
    page: int | None
    level: int | None
    evidence: str
    source: str


@dataclass(frozen=True, slots=True)
class _Placed:
    """A block of the body with its page, in reading order."""

    block: Block
    page: int | None


def declared_fields(pages: Sequence[Page], code_names: CodeNames) -> list[DeclaredField]:
    """The fields that a document declares, coded, in the order of the document; empty if it declares none.

    Args:
        pages: all pages of one document, in order.
        code_names: gives codes, orientation and ecology of n names.
    """
    found = find_names(pages)
    if not found:
        return []
    document_id = pages[0].document_id
    codings = code_names([item.name for item in found])
    return [
        DeclaredField(
            id=stable_id(document_id, "declared", item.name), project_id="", document_id=document_id,
            field_name=item.name, page=item.page, level=item.level, codes=tuple(coding.codes),
            orientation=coding.orientation, ecology=coding.ecology, evidence=item.evidence, origin="text",
            source=item.source,
        )
        for item, coding in zip(found, codings, strict=True)
    ]  # fmt: skip


def find_names(pages: Sequence[Page]) -> list[FoundName]:
    """The names of the declared fields, without codes: the first witness that gives a credible list."""
    body = [_Placed(block, page.page) for page in pages for block in page.blocks]
    headings = [item for item in body if item.block.kind == "heading"]
    witnesses: list[Callable[[], list[FoundName]]] = [
        lambda: _from_chapter(body, headings),
        lambda: _from_named_headings(headings),
        lambda: _from_enumeration(body, headings),
        lambda: _from_contents(body, headings),
    ]
    lists = [_distinct(witness()) for witness in witnesses]
    chapter, named, enumerated, contents = (found if LEAST <= len(found) <= MOST else [] for found in lists)
    if named and chapter and len(_shared(named, chapter)) * 2 < len(named) and len(named) >= 3:
        return named  # the headings say it themselves; the chapter holds something else
    return chapter or named or enumerated or contents


def clean_name(text: str) -> str:
    """A heading or entry without its number, the word for field, leader dots and closing signs."""
    name = _DOTS.sub("", " ".join(text.split()))
    name = _NUMBER.sub("", name)
    match = _NAMED.match(name)
    if match and (match["number"] or match["mark"] or match["name"][0].isupper()):
        name = match["name"]
    return _NUMBER.sub("", name).strip(' "„“”»«:;,.–-|•')


def _is_name(name: str) -> bool:
    words = name.split()
    if not 1 <= len(words) <= MOST_WORDS or not any(c.isalpha() for c in name) or len(name) < 3:
        return False
    if _DEBRIS.search(name) or sum(c.isalpha() or c.isspace() for c in name) < 0.75 * len(name):
        return False
    return not _GENERIC.match(name) and not _ANY_TERM.search(name) and not name.endswith("?")


def _is_chapter(text: str) -> bool:
    title = _NUMBER.sub("", " ".join(text.split())).strip(" :.")
    if _GENERIC.match(title) or len(title.split()) > 9:
        return False
    match = _NAMED.match(title)
    if match and (match["number"] or match["mark"]):
        return False
    return bool(_PLURAL.search(title) and (_LOOSE_CHAPTER.match(title) or _CHAPTER.match(title)))


def _from_chapter(body: list[_Placed], headings: list[_Placed]) -> list[FoundName]:
    best: list[FoundName] = []
    for start, item in enumerate(headings):
        if not _is_chapter(item.block.text):
            continue
        section = _section(headings, start)
        for level in sorted({h.block.level or 0 for h in section}):
            children = [h for h in section if (h.block.level or 0) == level]
            names = [h for h in children if _is_name(clean_name(h.block.text)) and _has_text(body, h)]
            evidence = f"Kapitel „{item.block.text}“"
            found = [FoundName(clean_name(h.block.text), h.page, h.block.level, evidence, "outline") for h in names]
            if len(_distinct(found)) >= 3 or (len(found) == LEAST and _LOOSE_CHAPTER.match(item.block.text)):
                best = found if len(found) > len(best) else best
                break
    return best


def _section(headings: list[_Placed], start: int) -> list[_Placed]:
    own = headings[start].block.level or 0
    end = start + 1
    while end < len(headings) and (headings[end].block.level or 0) > own:
        end += 1
    return headings[start + 1 : end]


def _has_text(body: list[_Placed], heading: _Placed) -> bool:
    at = next(i for i, item in enumerate(body) if item is heading)
    level = heading.block.level or 0
    for item in body[at + 1 :]:
        if item.block.kind == "heading" and (item.block.level or 0) <= level:
            return False
        if item.block.kind in ("paragraph", "list_item", "box", "table"):
            return True
    return False


def _from_named_headings(headings: list[_Placed]) -> list[FoundName]:
    found = []
    for item in headings:
        title = _NUMBER.sub("", " ".join(item.block.text.split()))
        match = _NAMED.match(title)
        name = clean_name(title)
        if match and (match["number"] or match["mark"] or name[:1].isupper()) and _is_name(name):
            evidence = f"Überschrift „{item.block.text}“"
            found.append(FoundName(name, item.page, item.block.level, evidence, "headings"))
    return found if len({fold(item.name) for item in found}) >= LEAST else []


def _from_enumeration(body: list[_Placed], headings: list[_Placed]) -> list[FoundName]:
    best: list[FoundName] = []
    treated = {fold(clean_name(item.block.text)) for item in headings}
    for at, item in enumerate(body):
        if item.block.kind not in ("paragraph", "box"):
            continue
        match = _ENUMERATION.search(item.block.text)
        if not match:
            continue
        rest = item.block.text[match.end() :]
        names = _listed(body, at) if item.block.text.rstrip().endswith(":") else _enumerated(rest, match["count"])
        names = [name for name in names if _is_name(name)]
        if len(names) < 3 or sum(_is_treated(name, treated) for name in names) * 2 < len(names):
            continue
        evidence = _shortened(item.block.text[max(0, match.start() - 60) :])
        found = [FoundName(name, item.page, None, evidence, "enumeration") for name in names]
        best = found if len(found) > len(best) else best
    return best


def _listed(body: list[_Placed], at: int) -> list[str]:
    names = []
    for item in body[at + 1 :]:
        if item.block.kind in ("running_head", "page_number", "footnote"):
            continue
        if item.block.kind != "list_item":
            break
        names.append(clean_name(re.split(r":\s|\s[–-]\s", item.block.text.lstrip("•–- "))[0]))
    return names


def _enumerated(rest: str, count: str | None) -> list[str]:
    """The names in "... sind A, B und C." - the number before the term decides whether "und" separates the last two."""
    sentence = re.split(r"(?<=[a-zäöüß“)])\.(?:\s|$)", rest, maxsplit=1)[0]
    sentence = re.sub(r"^.{0,80}?(?::|\bsind\b|\blauten\b|\bumfassen\b|\bheißen\b|\()\s*", "", sentence).rstrip(" .)")
    parts = [part.strip() for part in re.split(r"[;,]\s+(?:und|sowie)\s+|[;,]\s+", sentence) if part.strip()]
    wanted = _WORDS.get(count.lower(), int(count) if count.isdigit() else 0) if count else 0
    last = re.split(r"\s+(?:und|sowie)\s+", parts[-1]) if parts else []
    if len(last) >= 2 and wanted != len(parts):
        parts = [*parts[:-1], " und ".join(last[:-1]), last[-1]]
    if wanted and len(parts) != wanted:
        return []
    return [clean_name(re.sub(r"^(?:die|der|das)\s+", "", part)) for part in parts]


def _is_treated(name: str, treated: set[str]) -> bool:
    key = fold(name)
    return any(key == other or key in other or (len(other) > 5 and other in key) for other in treated)


def _from_contents(body: list[_Placed], headings: list[_Placed]) -> list[FoundName]:
    entries = [item for item in body if item.block.kind == "toc"]
    found = []
    for item in entries:
        text = _NUMBER.sub("", _DOTS.sub("", " ".join(item.block.text.split())))
        match = _NAMED.match(text)
        if match and (match["number"] or match["mark"]) and _is_name(clean_name(text)):
            found.append(FoundName(clean_name(text), item.page, None, f"Inhalt: „{text}“", "contents"))
    return found


def _distinct(found: list[FoundName]) -> list[FoundName]:
    first: dict[str, FoundName] = {}
    for item in found:
        first.setdefault(fold(item.name), item)
    return list(first.values())


def _shared(left: list[FoundName], right: list[FoundName]) -> set[str]:
    return {fold(item.name) for item in left} & {fold(item.name) for item in right}


def _shortened(text: str, most: int = 200) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"
