"""What the headings of a document say of its fields: headings that name one, and the chapters under a common title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from strategy_miner.coding import field_terms as terms
from strategy_miner.records import Block, Page

_TEXT_KINDS = ("paragraph", "list_item", "box", "table", "figure", "caption")
_ASIDE = ("running_head", "page_number", "footnote", "margin_note", "line_number", "thumb_tab", "hidden")
_FURNITURE = ("running_head", "margin_note", "thumb_tab")
_DEEP = 9  # level of a heading whose level is not known
_FLAT_MOST = 14  # names in a chapter whose parts stand on its own level


@dataclass(frozen=True, slots=True)
class FoundName:
    """A declared name and where it stands. `level` counts headings from 1, None where no heading names it."""

    name: str
    page: int | None
    level: int | None
    evidence: str
    source: str


@dataclass(frozen=True, slots=True)
class FoundList:
    """Names that one witness gives, without repetition. `trust` weighs the witness, `rank` is that of the term.

    `stated`: how many there are according to the document, 0 if it does not say.
    """

    names: tuple[FoundName, ...]
    rank: int
    trust: float
    stated: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in its place: `at` counts blocks of the body; `filled`: text stands under it."""

    at: int
    text: str
    name: str
    level: int
    page: int | None
    path: tuple[str, ...]
    filled: bool


class Outline:
    """A document as the witnesses look at it: blocks of the body, headings, contents, counts of fields it speaks of."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.body: list[tuple[Block, int | None]] = [
            (block, page.page) for page in pages for block in page.blocks if block.kind not in _ASIDE
        ]
        self.furniture = [
            (terms.tidy(block.text), page.page) for page in pages for block in page.blocks if block.kind in _FURNITURE
        ]
        first = pages[0].blocks if pages else ()
        self.title = " ".join(block.text for block in first)[:600]
        self.headings = self._headings()

    def _headings(self) -> list[Heading]:
        found: list[Heading] = []
        labels = self._labels()
        label, last = "", None
        for at, (block, page) in enumerate(self.body):
            if page != last:
                label, last = labels.pop(page, label), page
            spread = closed_up(block)
            text = spread or terms.tidy(block.text)
            titled = spread or (label and terms.is_title(text))
            if block.kind != "heading" and not (block.kind == "paragraph" and titled):
                continue
            if terms.is_label(text):
                label = text  # "Handlungsfeld 2" above its name, which may be set like a paragraph
                continue
            whole = f"{label.rstrip(' :.|–-')}: {text}" if label and not terms.TERM.search(text) else text
            label = ""
            level = block.level or (self._level_after(at) if spread else _DEEP)
            path = tuple(terms.tidy(part) for part in block.heading_path)
            found.append(Heading(at, whole, terms.clean_name(whole), level, page, path, self._filled(at, level)))
        return found

    def _level_after(self, at: int) -> int:
        """The level of the next heading: a title in spread letters that was read as a paragraph has none itself."""
        return next((block.level for block, _ in self.body[at:] if block.kind == "heading" and block.level), 1)

    def _labels(self) -> dict[int | None, str]:
        """Pages on which a numbered label such as "Handlungsfeld 2" first stands as furniture: its name heads them."""
        first: dict[str, int | None] = {}
        for text, page in self.furniture:
            if terms.is_label(text) and any(c.isdigit() for c in text):
                first.setdefault(terms.key(text), page)
        return {page: text for text, page in reversed(first.items())}

    def _filled(self, at: int, level: int) -> bool:
        for block, _ in self.body[at + 1 :]:
            if block.kind == "heading" and (block.level or _DEEP) <= level:
                return False
            if block.kind in _TEXT_KINDS:
                return True
        return False

    @cached_property
    def treated(self) -> dict[str, Heading]:
        """Headings by the key of their name, the first with text under it of each."""
        found: dict[str, Heading] = {}
        for heading in sorted(self.headings, key=lambda h: not h.filled):
            found.setdefault(terms.key(heading.name), heading)
        return found

    @cached_property
    def recurring(self) -> set[str]:
        """Keys of headings that come back in every part ("Was uns bewegt"): they name no field."""
        times = Counter(terms.key(heading.name) for heading in self.headings if not terms.named(heading.text))
        return {name for name, n in times.items() if n >= 3}

    @cached_property
    def text(self) -> str:
        """All text but headings and contents, for asking whether a name is used."""
        return f" {terms.key(' '.join(b.text for b, _ in self.body if b.kind not in ('heading', 'toc')))} "

    @cached_property
    def entries(self) -> list[tuple[str, int | None]]:
        """The lines of the contents with the page they stand on."""
        return [
            (line, page) for block, page in self.body if block.kind == "toc" for line in block.text.split("\n") if line
        ]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many of each term the document says it has ("sechs Handlungsfelder"), where it says so in agreement."""
        said: dict[str, Counter[int]] = {}
        for block, _ in self.body:
            # "5 Leitthemen" as a title is chapter 5, in the contents too.
            text = "" if block.kind == "toc" else terms.without_number(block.text)
            for match in terms.COUNTED.finditer(text):
                before = text[max(0, match.start() - 120) : match.start()]
                if not terms.is_foreign(before, block.heading_path, self.title):
                    said.setdefault(terms.root(match["term"]), Counter())[terms.number_of(match["count"])] += 1
        best = {term: times.most_common(2) for term, times in said.items()}
        return {t: ranked[0][0] for t, ranked in best.items() if len(ranked) == 1 or ranked[0][1] > ranked[1][1]}


def closed_up(block: Block) -> str:
    """The words of a title in widely set letters, which come as words of one letter each; "" for any other block.

    Letters of a word stand equally far apart, words further.
    """
    letters = block.words
    if len(letters) < 5 or sum(len(word.text) == 1 and word.text.isalpha() for word in letters) < 0.7 * len(letters):
        return ""
    far = 1e6  # a new line parts words
    gaps = [max(0.0, b.x0 - a.x1) if b.top < a.bottom else far for a, b in pairwise(letters)]
    usual = sorted(gaps)[len(gaps) // 2]
    text = letters[0].text
    for word, gap in zip(letters[1:], gaps, strict=True):
        text += word.text if gap <= 1.35 * usual + 0.3 else f" {word.text}"
    return text


def distinct(found: Sequence[FoundName]) -> tuple[FoundName, ...]:
    """The first of every name."""
    first: dict[str, FoundName] = {}
    for item in found:
        first.setdefault(terms.key(item.name), item)
    return tuple(first.values())


def place(page: int | None) -> str:
    return f" (S. {page})" if page is not None else ""


def from_headings(outline: Outline) -> list[FoundList]:
    """Headings that call themselves a field, by rank of their term: "Handlungsfeld 3: Mobilität"."""
    found: dict[int, list[FoundName]] = {}
    numbers: dict[int, dict[str, str]] = {}
    for heading in outline.headings:
        said = terms.named(heading.text)
        if not said or terms.is_foreign("", heading.path, outline.title):
            continue
        name, number, rank = said
        taken = numbers.setdefault(rank, {})
        if number and taken.setdefault(number, terms.key(name)) != terms.key(name):
            continue  # a second heading under the same number speaks about the field
        evidence = f"Überschrift „{heading.text}“{place(heading.page)}"
        level = None if heading.level == _DEEP else heading.level
        found.setdefault(rank, []).append(FoundName(name, heading.page, level, evidence, "headings"))
    return [FoundList(distinct(names), rank, 6 if numbers[rank].keys() - {""} else 5) for rank, names in found.items()]


def from_furniture(outline: Outline) -> list[FoundList]:
    """Running heads and tabs that name the field whose pages they stand on, each at least twice."""
    found: dict[int, list[FoundName]] = {}
    times = Counter(terms.key(text) for text, _ in outline.furniture)
    for text, page in outline.furniture:
        said = terms.named(text)
        if said and times[terms.key(text)] > 1:
            evidence = f"Kolumnentitel „{text}“{place(page)}"
            named = located(outline, FoundName(said[0], page, None, evidence, "headings"))
            found.setdefault(said[2], []).append(named)
    return [FoundList(distinct(names), rank, 5) for rank, names in found.items() if len(distinct(names)) >= 3]


def located(outline: Outline, found: FoundName) -> FoundName:
    """The name with page and level of the heading that treats it, if there is one."""
    heading = outline.treated.get(terms.key(found.name))
    if heading is None:
        return found
    return replace(found, page=heading.page, level=None if heading.level == _DEEP else heading.level)


def from_chapters(outline: Outline) -> list[FoundList]:
    """The parts of a chapter whose title is a term for fields; on its own level where nothing stands below it."""
    found = []
    for start, heading in enumerate(outline.headings):
        title = terms.chapter(heading.text)
        if not title or terms.is_foreign(heading.text, heading.path, outline.title):
            continue
        rank, pure = title
        wanted = outline.counts.get("handlungsfeld", 0)
        own = outline.counts.get(terms.root(heading.text), wanted)
        parts, rank = _parts(outline, _section(outline.headings, start), rank, {own: rank, wanted: 0})
        least = terms.LEAST if pure and rank == 0 else 3
        if len(parts) < least:
            parts = _flat(outline, start, own)
        if len(parts) < least:
            continue
        evidence = f"Kapitel „{heading.text}“{place(heading.page)}"
        names = [
            FoundName(part.name, part.page, None if part.level == _DEEP else part.level, evidence, "outline")
            for part in parts
        ]
        found.append(FoundList(distinct(names), rank, 6 if pure else 5, own))
    return found


def _section(headings: Sequence[Heading], start: int) -> list[Heading]:
    end = start + 1
    while end < len(headings) and headings[end].level > headings[start].level:
        end += 1
    return list(headings[start + 1 : end])


def _parts(
    outline: Outline, section: Sequence[Heading], rank: int, counted: dict[int, int]
) -> tuple[list[Heading], int]:
    """The names on the level that counts, and the rank of what they are called.

    The highest level with three names; but one level lower where the document says how many fields it has and that
    level holds them, or where the parts call themselves something else (Säule 1) and fall into parts again. `counted`
    is the rank of a list by the number of names that the document says it has.
    """
    by_level = [
        [h for h in section if h.level == n and _is_part(outline, h)] for n in sorted({h.level for h in section})
    ]
    levels = [names for names in by_level if _different(names) >= terms.LEAST]
    if not levels:
        return [], rank
    for number, its_rank in sorted(counted.items(), key=lambda pair: pair[1]):
        for names in levels[:3]:
            if _different(names) == number:
                return names, its_rank
    best = next((names for names in levels if len(names) >= 3), levels[0])
    called = [said[2] for h in best if (said := terms.named(h.text))]
    if rank == 0 and len(called) == len(best) and min(called) > 0:
        below = [names for names in levels[levels.index(best) + 1 :] if len(names) >= len(best)]
        best = below[0] if below else best
    return best, rank


def _different(names: Sequence[Heading]) -> int:
    return len({terms.key(heading.name) for heading in names})


def _is_part(outline: Outline, heading: Heading) -> bool:
    if terms.is_item(heading.text):
        return False
    return heading.filled and terms.is_name(heading.name) and terms.key(heading.name) not in outline.recurring


def _flat(outline: Outline, start: int, wanted: int) -> list[Heading]:
    """Names on the chapter's own level, up to the first heading that closes the fields or their stated number."""
    found: list[Heading] = []
    level = outline.headings[start].level
    for heading in outline.headings[start + 1 :]:
        if heading.level < level or (heading.level == level and terms.is_closing(heading.text)):
            return found if 3 <= len(found) <= _FLAT_MOST else []
        if heading.level == level and _is_part(outline, heading):
            found.append(heading)
        if wanted and len(found) == wanted:
            return found
    return []
