"""Measures from lists and sections under a heading that says "Maßnahmen": evidence without labels of planning.

The rules, in one place, since nothing else vouches for such a measure:

- The heading's subject must be measures or projects ("Unsere Maßnahmen im Überblick", "Handlungsfeld Bildung:
  Projekte"), not something done by them ("Maßnahmen gegen Hochwasser sind wichtig").
- A list needs three items, and three in four must look like titles: a name followed by colon or dash and text, or a
  name alone of at most twelve words that is no sentence.
- Sections need three headings one level below, each with text of its own, none of them a heading that occurs elsewhere
  in the document too (then they are fields) nor a part of a report (aims, outlook).
- Where the document has sheets, only lists count that their heading calls a list of measures ("im Überblick", "Quick
  Wins"): the other chapters around sheets talk about them.
- Demands are no measures: where most names end in a verb ("Mieten senken") and the texts say "wir", nothing counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from strategy_miner.coding.labels import label_role
from strategy_miner.coding.profiles import (
    FURNITURE,
    MOST_VALUE,
    Profile,
    clean_title,
    is_field_heading,
    is_named,
    key,
    number_of,
)
from strategy_miner.records import Block, Box, Page
from strategy_miner.text import fold

LEAST_ITEMS = 3
_LEAST_TITLES = 0.75  # share of the items of a list that must look like titles
_MOST_NAME, _MOST_ALONE = 10, 12  # words of a title before a colon, and of one without text
_MOST_SECTION = 350  # words; a longer section is a chapter
_KIND = (
    r"(?:\w*massnahmen|\w*projekte|vorhaben|quick wins?|massnahmen(?:katalog|liste|uebersicht|plan|programm|paket"
    r"|vorschlaege)|projekt(?:uebersicht|liste|ideen))"
)
_SAYS_MEASURES = re.compile(
    rf"^(?:(?:handlungs|themen)feld [^:]{{3,60}}: )?"
    r"(?:(?:unsere|die|alle|geplante|laufende|weitere|konkrete|prioritaere|ausgewaehlte|aktuelle|zentrale|kommunale"
    r"|smarte|neue|erste|uebersicht(?: der| ueber die| aller)?|liste der|katalog der|kurzfristige|mittelfristige"
    r"|langfristige|bestehende|digitale|begonnene|strategische|vorgesehene) )*"
    rf"{_KIND}(?: und {_KIND})?"
    r"(?: (?:im ueberblick|auf einen blick|im (?:handlungs|themen)feld\b.*|im bereich\b.*|der stadt\b.*"
    r"|des (?:land)?kreises\b.*|in der umsetzung|zur umsetzung|fuer die umsetzung\w*|(?:je|nach) handlungsfeld\w*))?:?$"
)
_NOT_THESE = re.compile(r"^(?:foerder|bau|gross|pilot)?massnahmen (?:gegen|zur|zum|fuer)|fraktion|gesetz")
_LEAD_IN = re.compile(rf"\b(?:folgende[nr]?|nachstehende[nr]?|diese)\s+(?:\w+\s+){{0,2}}?{_KIND}\b[^.]*:$")
_NAMED = re.compile(r"^(?P<title>[^:.?!]{3,110}?)\s*(?::\s|\s[–—-]\s)\s*(?P<text>\S.*)$", re.DOTALL)
_BULLET = re.compile(r"^(?:[•▪■●◦○▸►➢➤✓✔❖\uf0b7*–—-]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+")
_SAYS_LIST = re.compile(r"ueberblick|auf einen blick|uebersicht|katalog|liste|quick[ -]?win|sofortmassnahme")
_ENDS_IN_VERB = re.compile(r"\b[a-zäöüß]+(?:en|rn|ln)\b\W*(?:[–-].*)?$")
_WE = re.compile(r"\b[Ww]ir\b")
_DEMANDS = 0.4  # share of both
_SENTENCE = re.compile(
    r"\b(?:wir|ist|sind|wird|werden|soll|sollen|muss|müssen|kann|können|haben|hat|wollen|fehlt|gibt|sich|wurde|wurden|"
    r"durften|dürfen|braucht|brauchen|möchten|fordern|setzen uns)\b",
    re.IGNORECASE,
)
_PARTS = frozenset(
    ["einleitung", "fazit", "ausblick", "ueberblick", "vorgehen", "vorgehensweise", "hintergrund", "zusammenfassung",
     "methodik", "priorisierung", "auswahl", "bewertung", "umsetzung", "finanzierung", "monitoring", "evaluation",
     "ausgangslage", "herausforderungen", "anhang", "ziele", "zielbild", "leitlinien", "quellen", "literatur",
     "handlungsfelder", "beteiligung", "organisation"]
)  # fmt: skip


@dataclass(slots=True)
class _Section:
    """A heading with what stands under it, down to the next heading."""

    heading: Block
    page: int | None
    body: list[tuple[Block, int | None]] = field(default_factory=list)


def listed(pages: Sequence[Page], found: Sequence[Profile]) -> list[Profile]:
    """Measures that only a list or a section names. `found`: those with labels, whose places are not looked at."""
    taken = {box for profile in found for box in profile.boxes}
    sections = _sections(pages)
    if sum(profile.form == "sheet" for profile in found) >= LEAST_ITEMS:
        weak = [p for s in sections if _SAYS_LIST.search(fold(s.heading.text)) for p in _from_lists(s, taken)]
    else:
        weak = [p for s in sections for p in _from_lists(s, taken)]
        weak += _from_sections(sections, taken | {box for profile in weak for box in profile.boxes})
    return [] if _are_demands(weak) else weak


def _are_demands(profiles: Sequence[Profile]) -> bool:
    """Whether a party speaks: "Mieten senken - Wohnungen bauen. Wir werden ..."."""
    verbs = sum(bool(_ENDS_IN_VERB.search(profile.title)) for profile in profiles)
    first_person = sum(bool(_WE.search(profile.lead)) for profile in profiles)
    return min(verbs, first_person) >= _DEMANDS * max(1, len(profiles))


def says_measures(heading: str) -> bool:
    """Whether measures are what a heading announces."""
    text = " ".join(re.sub(r"^\W*(?:\d+(?:\.\d+)*\.?|[A-Z]\.?\d*|[IVX]+\.)\s+", "", heading.strip()).split())
    folded = " ".join(fold(text).replace("-", " ").split())
    return bool(_SAYS_MEASURES.match(folded)) and not _NOT_THESE.search(folded)


def _sections(pages: Sequence[Page]) -> list[_Section]:
    done: list[_Section] = []
    for page in pages:
        for block in page.blocks:
            if block.kind == "heading":
                done.append(_Section(block, page.page))
            elif done and block.kind not in FURNITURE and block.kind not in ("footnote", "caption"):
                done[-1].body.append((block, page.page))
    return done


def _from_lists(section: _Section, taken: set[Box]) -> Iterator[Profile]:
    announced = says_measures(section.heading.text)
    for lead, run in _runs(section.body):
        if not (announced or (lead and _LEAD_IN.search(fold(lead)))):
            continue
        lowest = min((block.level or 1) for block, _ in run)
        items = [(block, page, _item(block)) for block, page in run if (block.level or 1) == lowest]
        titled = [(block, page, item) for block, page, item in items if item]
        if len(titled) < LEAST_ITEMS or len(titled) < _LEAST_TITLES * len(items):
            continue
        for block, page, (title, text) in titled:
            if not taken & set(block.boxes):
                path = (*block.heading_path[:-1], section.heading.text) if block.heading_path else ()
                profile = Profile(title, page, path, block.order, "list", text, number_of(_bare(block.text)))
                profile.take(block)
                yield profile


def _runs(body: Sequence[tuple[Block, int | None]]) -> Iterator[tuple[str, list[tuple[Block, int | None]]]]:
    """Lists with the paragraph before each; paragraphs that all are "Name: text" count as one."""
    lead, run = "", list[tuple[Block, int | None]]()
    for block, page in body:
        if block.kind == "list_item":
            run.append((block, page))
            continue
        if run:
            yield lead, run
            run = []
        lead = block.text
    if run:
        yield lead, run
    paragraphs = [(block, page) for block, page in body if block.kind == "paragraph"]
    if len(paragraphs) >= LEAST_ITEMS and len(paragraphs) == len(body):
        yield "", paragraphs


def _bare(text: str) -> str:
    return _BULLET.sub("", " ".join(text.split()), count=1)


def _item(block: Block) -> tuple[str, str] | None:
    """Title and text of an item that names a measure."""
    text = _bare(block.text)
    named = _NAMED.match(text)
    if named and _is_name(named["title"], _MOST_NAME):
        return clean_title(named["title"]), named["text"]
    if block.kind == "list_item" and not text.endswith((".", ":", ";", "?", "!")) and _is_name(text, _MOST_ALONE):
        return clean_title(text), ""
    return None


def _is_name(text: str, most: int) -> bool:
    first = text.lstrip("„»\"'(")[:1]
    return (
        len(text.split()) <= most and (first.isupper() or first.isdigit()) and is_named(clean_title(text))
        and not _SENTENCE.search(text) and label_role(text) is None
    )  # fmt: skip


def _from_sections(sections: Sequence[_Section], taken: set[Box]) -> Iterator[Profile]:
    headings = Counter(key(clean_title(section.heading.text)) for section in sections)
    for number, section in enumerate(sections):
        if not says_measures(section.heading.text):
            continue
        children = [s for s in _below(sections, number) if _is_leaf(sections, s)]
        named = [s for s in children if _is_measure_section(s, headings, taken)]
        if len(named) < LEAST_ITEMS or len(named) < _LEAST_TITLES * len(children):
            continue
        for child in named:
            text = " ".join(block.text for block, _ in child.body)[:MOST_VALUE]
            heading = child.heading
            profile = Profile(
                clean_title(heading.text), child.page, heading.heading_path, heading.order, "section", text,
                number_of(heading.text),
            )  # fmt: skip
            for block in (heading, *(block for block, _ in child.body)):
                profile.take(block)
            yield profile


def _below(sections: Sequence[_Section], number: int) -> list[_Section]:
    """The sections under a heading."""
    level = sections[number].heading.level or 1
    done = []
    for section in sections[number + 1 :]:
        if (section.heading.level or 1) <= level:
            break
        done.append(section)
    return done


def _is_leaf(sections: Sequence[_Section], section: _Section) -> bool:
    place = next(k for k, other in enumerate(sections) if other is section)
    return not _below(sections, place)


def _is_measure_section(section: _Section, headings: Counter[str], taken: set[Box]) -> bool:
    title = clean_title(section.heading.text)
    words = sum(len(block.text.split()) for block, _ in section.body)
    return (
        is_named(title) and headings[key(title)] == 1 and fold(title) not in _PARTS and not is_field_heading(title)
        and 0 < words <= _MOST_SECTION and len(title.split()) <= _MOST_ALONE
        and not any(taken & set(block.boxes) for block, _ in section.body)
        and not says_measures(title)
    )  # fmt: skip
