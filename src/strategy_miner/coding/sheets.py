"""Measures from sheets: a run of labels with values under one title, in tables, boxes or paragraphs.

A block is first cut into pieces (title, label, text); then the pieces are gathered in reading order: labels after a
title begin a sheet, text after a label is its value, a label that a sheet has once begins the next one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from strategy_miner.coding.labels import PLANNING, label_role, split_labels
from strategy_miner.coding.profiles import (
    FURNITURE,
    MOST_VALUE,
    Profile,
    clean_title,
    is_field_heading,
    is_marked,
    is_named,
    key,
    number_of,
)
from strategy_miner.coding.tables import TableReader, table_pieces
from strategy_miner.records import Block, Page

MOST_LEAD = 600  # characters of the text below a sheet's labels that still is about it
LEAST_RECURRENCE = 3  # a short line that stands so often alone is a label of the template
_OFTEN = 8  # a word that stands so often alone is the template's also where a scan joins it to a title
_MOST_TEMPLATE = 5  # words of such a line
_MOST_SHORT = 12  # words of a title that is no heading
_LOWER = "abcdefghijklmnopqrstuvwxyzäöü"
_ONCE = {"description", "responsible", "period", "field"}
_OWN = re.compile(r"[A-ZÄÖÜ][\w/&-]{3}[^:]*:?")  # a scan's stray marks recur, too, and "Zeitraum: ab 2024"
_CHAPTER = re.compile(r"^\d+(?:\.\d+)*\.?\s")
_QUESTION = re.compile(r"^([A-ZÄÖÜ][^.?!:]{3,60}\?)\s+(\S.*)$", re.DOTALL)


@dataclass(slots=True)
class _Heading:
    """What may be the title of the next sheet, and the text under it."""

    text: str
    block: Block
    page: int | None
    lead: str = ""


def sheets(pages: Sequence[Page]) -> list[Profile]:
    """Every sheet and every row of a table of measures, in reading order, also those with too little in them."""
    reader = _Reader(_short_lines(pages))
    for page in pages:
        for block in page.blocks:
            if block.kind not in FURNITURE:
                reader.read(block, page.page)
    return reader.profiles


def _short_lines(pages: Sequence[Page]) -> Counter[str]:
    """How often each short line stands as a heading or a line of its own."""
    seen: Counter[str] = Counter()
    for page in pages:
        for block in page.blocks:
            if block.kind in ("heading", "paragraph", "box"):
                for line in block.text.split("\n"):
                    lead = split_labels(line)[0]
                    seen.update({key(part) for part in {line, lead} if 0 < len(part.split()) <= _MOST_TEMPLATE})
    return seen


class _Reader:
    """Goes through the blocks of a document and collects profiles."""

    def __init__(self, lines: Counter[str]) -> None:
        self.profiles: list[Profile] = []
        self._count = lines
        self._template = {text for text, count in lines.items() if count >= LEAST_RECURRENCE and text}
        self._tables = TableReader()
        self._title: _Heading | None = None  # the last thing that could be a title
        self._short: _Heading | None = None  # a short paragraph right before
        self._heads: list[_Heading] = []  # headings of this page
        self._fresh = True  # a title stands since the last label
        self._lead = ""

    def read(self, block: Block, page: int | None) -> None:
        """Take one block in reading order."""
        if rows := self._tables.read(block, page):
            self.profiles += rows
            self._fresh = True
            return
        for kind, text, value in self._pieces(block):
            if kind == "title":
                self._set_title(text, block, page)
            elif kind == "label":
                self._labelled(text, value, block, page)
            else:
                self._text(text, block, page)

    def _pieces(self, block: Block) -> Iterator[tuple[str, str, str]]:
        """(kind, text, value) of each piece of a block; the value is that of a label, "" where it stands below."""
        if block.rows:
            yield from table_pieces(block)
        elif block.kind == "heading":
            yield from self._heading(block)
        elif block.kind == "box":
            lines = _lines(block)
            labelled = any(self._is_label(line) or _inner(line)[1] for line in lines[1:])
            if labelled and len(lines) > 1 and is_marked(lines[0]) and lines[1][:1] in "„»“" + _LOWER:
                lines[:2] = [f"{lines[0]} {lines[1]}"]
            for number, line in enumerate(lines):
                first = number == 0 and labelled and not self._is_label(line) and not _inner(line)[1]
                yield from [("title", line, "")] if first and _is_short(line) else self._line(_with_colon(line))
        else:
            for line in _lines(block):
                yield from self._line(line)

    def _heading(self, block: Block) -> Iterator[tuple[str, str, str]]:
        text = " ".join(block.text.split())
        lines = [line.strip() for line in block.raw.split("\n") if line.strip()]
        if len(lines) > 1 and len(lines[-1]) == 1:
            text = text.removesuffix(lines[-1]).strip()  # a stray mark
        lead, pairs = split_labels(text)
        glued = len(lines) > 1 and label_role(lines[-1], alone=True) not in (None, "title")
        if self._is_chapter(block) and not glued:
            yield "title", text, ""
        elif label_role(text, alone=True) not in (None, "title") or self._own_label(text):
            yield "label", text.strip(" :"), ""
        elif pairs and not lead and label_role(pairs[0][0]) in PLANNING:
            for label, value in pairs:  # "Zeitraum: ab 2024" is a label set in bold, "Ziel: klimaneutral" a heading
                yield "label", label, value
        elif glued:
            yield "title", text.removesuffix(lines[-1]).strip(), ""  # the first label was set like the title
            yield "label", lines[-1].strip(" :"), ""
        else:
            yield "title", text, ""

    def _is_chapter(self, block: Block) -> bool:
        """Whether a heading stands too high to be a label of the sheet above it: "7 Kosten und Finanzierung"."""
        above = self._title.block.level if self._title else None
        own = block.level or 1
        if above is None or (own == above and (own > 1 or key(block.text) in self._template)):
            return bool(_CHAPTER.match(block.text))
        return own <= above

    def _line(self, text: str) -> Iterator[tuple[str, str, str]]:
        if self._is_label(text):
            yield "label", text.strip(" :"), ""
            return
        lead, pairs = _inner(text)
        if lead:
            yield "title" if is_marked(lead) else "text", lead, ""
        for label, value in pairs:
            yield "label", label, value

    def _is_label(self, text: str) -> bool:
        return len(text.split()) <= 8 and (label_role(text, alone=True) not in (None, "title") or self._own_label(text))

    def _own_label(self, text: str) -> bool:
        """Whether a line is a label of this document's own template, and a sheet is open that it may belong to."""
        known = key(text) in self._template and bool(_OWN.fullmatch(text)) and not is_marked(text)
        return known and not self._fresh and bool(self.profiles)

    def _set_title(self, text: str, block: Block, page: int | None) -> None:
        words = text.split()
        if len(words) > 2 and key(words[-1]) in self._template and label_role(words[-1], alone=True) is None:
            text = " ".join(words[:-1]) if self._count[key(words[-1])] >= _OFTEN else text
        if is_named(clean_title(text)):
            self._title = _Heading(text, block, page)
            self._heads = [*(head for head in self._heads if head.page == page), self._title]
        elif label_role(text, alone=True) is not None:
            self._title = None  # a chapter called like a label heads no sheet
        self._fresh, self._lead, self._short = True, "", None

    def _labelled(self, label: str, value: str, block: Block, page: int | None) -> None:
        if self._fresh or not self.profiles or self._repeats(label):
            self._start(block, page)
        profile = self.profiles[-1]
        profile.pairs.append((label, value))
        profile.take(block)
        profile.below = profile.below or not value
        profile.open = not block.rows and not value.endswith((".", "!", "?"))
        self._fresh, self._short = False, None

    def _start(self, block: Block, page: int | None) -> None:
        title = self._title if self._fresh else None
        beside = self._beside(block)
        if beside:
            title, self._lead = beside, beside.lead
        elif self._short and (title is None or self._is_nearer(self._short, title, block)):
            title, self._lead = self._short, self._lead.removesuffix(self._short.text).strip()
            if not self._fresh and self.profiles:
                label, value = self.profiles[-1].pairs[-1]
                self.profiles[-1].pairs[-1] = (label, value.removesuffix(title.text).strip())
        source = title or _Heading("", block, page)
        self.profiles.append(
            Profile(
                clean_title(source.text), source.page, source.block.heading_path, source.block.order,
                lead=self._lead if self._fresh or beside else "", number=number_of(source.text),
            )
        )  # fmt: skip
        if title:
            self.profiles[-1].take(title.block)
        self._lead = ""

    def _beside(self, block: Block) -> _Heading | None:
        """The heading beside whose text a box of labels stands: the lowest that begins above the box's middle.

        Read column by column, the boxes at the side come after all headings of the page.
        """
        if block.kind != "box" or not block.boxes:
            return None
        number, left, top, right, bottom = block.boxes[0]
        level = [
            (box[2], head) for head in self._heads for box in head.block.boxes[:1]
            if box[0] == number and (box[3] <= left or box[1] >= right or box[3] - box[1] > 1.5 * (right - left))
        ]  # fmt: skip
        above = [(place, head) for place, head in level if place < (top + bottom) / 2]
        return max(above, key=lambda pair: pair[0])[1] if len(level) > 1 and above else None

    def _is_nearer(self, short: _Heading, title: _Heading, block: Block) -> bool:
        """Whether a short paragraph right above the labels is the title rather than a heading farther up."""
        if title.block is block:
            return False
        return self._lead != short.text or is_field_heading(title.text)

    def _repeats(self, label: str) -> bool:
        """Whether a label that a sheet has once comes again: the next sheet has begun without a heading."""
        role, present = label_role(label), self.profiles[-1]
        if role in _ONCE and role in present.roles:
            return any(key(label) == key(other) for other, _ in present.pairs)
        return False

    def _text(self, text: str, block: Block, page: int | None) -> None:
        if is_marked(text):
            self._set_title(text, block, page)
            return
        if self._fresh and key(text) in self._template:
            return
        if self._heads and block.kind == "paragraph" and self._fresh:
            self._heads[-1].lead = f"{self._heads[-1].lead} {text}".strip()
        profile = self.profiles[-1] if self.profiles and not self._fresh else None
        if profile and profile.form == "sheet" and not profile.open and block.kind == "paragraph":
            if not profile.roles & {"description", "goal"} and len(profile.lead) < MOST_LEAD:
                profile.lead = f"{profile.lead} {text}".strip()  # the text stands below a table of labels
                profile.take(block)
        elif profile and profile.open and block.kind != "table":
            profile.go_on(text, block)
            planning = label_role(profile.pairs[-1][0]) in PLANNING
            profile.open = block.kind == "list_item" or not text.endswith(".") or (profile.below and not planning)
        elif self._fresh and block.kind in ("paragraph", "box") and len(self._lead) < MOST_VALUE:
            self._lead = f"{self._lead} {text}".strip()
        self._short = _Heading(text, block, page) if block.kind in ("paragraph", "box") and _is_short(text) else None


def _with_colon(line: str) -> str:
    """In a box a label may stand before its value without a colon: "Budget 240.000 €"."""
    first, _, rest = line.partition(" ")
    if (
        rest
        and len(line.split()) <= _MOST_SHORT
        and label_role(first, alone=True) in PLANNING
        and not rest[0].islower()
    ):
        return f"{first}: {rest}"
    return line


def _is_short(text: str) -> bool:
    return (
        len(text.split()) <= _MOST_SHORT
        and is_named(clean_title(text))
        and text[-1] not in ".,:;?"
        and not text[0].islower()
    )


def _inner(text: str) -> tuple[str, list[tuple[str, str]]]:
    """A line with labels inside: what stands before them, and the pairs; a question may be the first label."""
    asked = _QUESTION.match(text)
    if asked and label_role(asked[1]):
        lead, pairs = split_labels(asked[2])
        return "", [(asked[1], lead), *pairs]
    return split_labels(text)


def _lines(block: Block) -> list[str]:
    """The lines of a block that stand for themselves: those of a box, and labels set on lines of their own."""
    lines = [line.strip() for line in block.text.split("\n") if line.strip()]
    raw = [line.strip() for line in block.raw.split("\n") if line.strip()]
    labels = [label_role(line, alone=True) not in (None, "title") for line in raw]
    if len(lines) > 1 or len(raw) < 2 or not any(labels):
        return lines
    done: list[str] = []
    for number, (line, label) in enumerate(zip(raw, labels, strict=True)):
        if number and not label and not labels[number - 1]:
            hyphen = done[-1].endswith("-") and line[:1].islower()
            done[-1] = done[-1][:-1] + line if hyphen else f"{done[-1]} {line}"
        else:
            done.append(line)
    return done
