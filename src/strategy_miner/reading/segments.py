"""Blocks -> segments: units of a readable length for coding, cut at sentence ends, each word traceable to its box."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from strategy_miner.reading.quality import FEW_WORDS
from strategy_miner.records import BODY_KINDS, Block, Box, Page, Segment, stable_id
from strategy_miner.settings import SegmentSettings
from strategy_miner.text import ligatures_resolved, sentence_spans, text_span

# Sections that are not the document's own statements: who printed it, what it cites, where its pictures come from.
_NOT_TEXT = re.compile(
    r"^(?:[\divxA-Z]{1,4}(?:\.\d+)*\.?\s+)?(?:impressum|bildnachweise?|fotonachweise?|bildquellen|herausgeber(?:in)?|"
    r"inhalt|inhaltsverzeichnis|(?:abbildungs|tabellen|abkürzungs|stichwort)verzeichnis|\w*register|stichworte|"
    r"(?:literatur|quellen)(?:-?\s?und\s(?:literatur|quellen))?(?:verzeichnis|angaben|nachweise?|hinweise)?|"
    r"(?:literatur|quellen)-\s?und\s(?:literatur|quellen)(?:verzeichnis|angaben|nachweise?))\s*:?$",
    re.IGNORECASE,
)
_IMPRINT = re.compile(
    r"\bimpressum\b|\bv\.\s?i\.\s?s\.\s?d\.\s?p\b|\bisbn\b|\bherausgegeben von\b|\bherausgeber\w*:", re.IGNORECASE
)


@dataclass(slots=True)
class _Part:
    """A stretch of one block: its text, how many words it has, and the numbers and boxes of its words."""

    block: Block
    page: int | None
    text: str
    count: int
    words: tuple[int, ...]
    boxes: tuple[Box, ...]


def segment(pages: Iterable[Page], settings: SegmentSettings) -> list[Segment]:
    """The segments of a document in reading order.

    Paragraphs, list items, boxes and tables of one section are merged while they are shorter than `min_words` and
    split at sentence ends (tables: at row ends) where they are longer than `max_words`. Headings, furniture,
    contents, footnotes, captions, imprint, lists of sources and misread pages give no segments. A section shorter than
    `min_words` stays one short segment; a single sentence longer than `max_words` stays whole.
    """
    segments: list[Segment] = []
    seen: Counter[tuple[int | None, str]] = Counter()
    rest = iter(pages)
    first = next(rest, None)
    if first is None:
        return []
    for section in _sections(chain([first], rest)):
        for group in _groups([part for block, page in section for part in _parts(block, page, settings)], settings):
            segments.append(_segment(first.document_id, len(segments), group, seen))
    return segments


def _sections(pages: Iterable[Page]) -> Iterator[list[tuple[Block, int | None]]]:
    """Body blocks between two headings, with the page each starts on."""
    section: list[tuple[Block, int | None]] = []
    for page in pages:
        aside = _is_misread(page) or _is_imprint(page)
        for block in page.blocks:
            if block.kind == "heading":
                if section:
                    yield section
                section = []
            elif block.kind in BODY_KINDS and not aside and not any(_NOT_TEXT.match(h) for h in block.heading_path):
                if section and section[-1][0].heading_path != block.heading_path:
                    yield section
                    section = []
                section.append((block, page.page))
    if section:
        yield section


def _is_misread(page: Page) -> bool:
    """Whether the page's words are noise; the few words beside a picture that could not be read are right."""
    return page.grade == "unread" and (
        sum(len(block.words) for block in page.blocks if block.kind != "hidden") >= FEW_WORDS
    )


def _is_imprint(page: Page) -> bool:
    """A page with the marks of an imprint twice over and little text: the back of the title or the last page."""
    body = [b for b in page.blocks if b.kind in (*BODY_KINDS, "heading", "footnote")]
    words = sum(len(b.text.split()) for b in body)
    return words < 220 and len(_IMPRINT.findall(" ".join(b.text for b in body))) >= 2


def _parts(block: Block, page: int | None, settings: SegmentSettings) -> list[_Part]:
    spans = _spans(block, settings.max_words)
    if len(spans) == 1:
        return [_Part(block, page, block.text, len(block.text.split()), tuple(w.n for w in block.words), block.boxes)]
    places = word_spans(block)
    lines = _lines_of(block)
    parts = []
    for start, end in spans:
        chosen = [i for i, (a, _) in enumerate(places) if start <= a < end]
        text = block.text[start:end]
        numbers = tuple(block.words[i].n for i in chosen)
        boxes = _boxes(block, lines, chosen)
        parts.append(_Part(block, boxes[0][0] if boxes else page, text, len(text.split()), numbers, boxes))
    return parts


def _spans(block: Block, most: int) -> list[tuple[int, int]]:
    """Where to cut a block: as few pieces as `most` words allow, of about equal length."""
    total = len(block.text.split())
    if total <= most:
        return [(0, len(block.text))]
    units = _rows(block.text) if block.kind == "table" else _sentences(block.text)
    goal = total / math.ceil(total / most)
    spans: list[tuple[int, int]] = []
    count = 0
    for start, end in units:
        size = len(block.text[start:end].split())
        if spans and count + size / 2 <= goal and count + size <= most:
            spans[-1] = (spans[-1][0], end)
            count += size
        else:
            spans.append((start, end))
            count = size
    return spans


def _rows(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in re.finditer(r"[^\n]+", text)]


def _sentences(text: str) -> list[tuple[int, int]]:
    """Sentences; in a box also its paragraphs."""
    return [(a + s, a + e) for a, b in _rows(text) for s, e in sentence_spans(text[a:b])]


def word_spans(block: Block) -> list[tuple[int, int]]:
    """Where each word of a block stands in its repaired text; a word that was left out gets an empty span."""
    spans: list[tuple[int, int]] = []
    at = 0
    if block.offsets:
        for word in block.words:
            start = block.raw.index(word.text, at)
            at = start + len(word.text)
            spans.append(text_span(block.offsets, start, at, len(block.text)))
        return spans
    for word in block.words:  # a table's: in the order of its cells
        shown = ligatures_resolved(word.text)
        for form in (shown, shown.rstrip("-")):
            found = block.text.find(form, at, at + len(form) + 60) if form else -1
            if found >= 0:
                spans.append((found, found + len(form)))
                at = found + len(form)
                break
        else:
            spans.append((at, at))
    return spans


def _lines_of(block: Block) -> list[int]:
    """For each word the number of the block's box it lies in; words and boxes run in the same order."""
    lines: list[int] = []
    line = 0
    for word in block.words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        for number in range(line, len(block.boxes)):
            _, x0, top, x1, bottom = block.boxes[number]
            if x0 - 1 <= x <= x1 + 1 and top - 1 <= y <= bottom + 1:
                line = number
                break
        lines.append(line)
    return lines


def _boxes(block: Block, lines: list[int], chosen: list[int]) -> tuple[Box, ...]:
    boxes: list[Box] = []
    if not block.boxes:
        return ()  # a format without pages
    for number in sorted({lines[i] for i in chosen}):
        words = [block.words[i] for i in chosen if lines[i] == number]
        page, _, top, _, bottom = block.boxes[number]
        if block.kind == "table":
            top, bottom = min(w.top for w in words), max(w.bottom for w in words)
        boxes.append((page, min(w.x0 for w in words), top, max(w.x1 for w in words), bottom))
    return tuple(boxes)


def _groups(parts: list[_Part], settings: SegmentSettings) -> list[list[_Part]]:
    """Neighbouring parts merged until each group has `min_words`, never beyond `max_words`.

    A lead-in ("Dazu gehören:") goes with what follows; a short rest at the end of a section goes with what is before.
    """
    groups: list[list[_Part]] = []
    for part in parts:
        size = sum(p.count for p in groups[-1]) if groups else 0
        lead_in = bool(groups) and groups[-1][-1].text.rstrip().endswith(":")
        fits = size + part.count <= settings.max_words
        if groups and fits and (size < settings.min_words or (lead_in and size < 3 * settings.min_words)):
            groups[-1].append(part)
        else:
            groups.append([part])
    if len(groups) > 1:
        last, before = (sum(p.count for p in g) for g in (groups[-1], groups[-2]))
        if last < settings.min_words and last + before <= settings.max_words:
            groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _segment(document_id: str, order: int, group: list[_Part], seen: Counter[tuple[int | None, str]]) -> Segment:
    text = "\n".join(part.text for part in group)
    page = group[0].page
    # The page and the how-manieth on it, not the running number: so an id survives changes elsewhere.
    key = (page, text)
    seen[key] += 1
    sizes: Counter[str] = Counter()
    for part in group:
        sizes[part.block.kind] += part.count
    return Segment(
        id=stable_id(document_id, page, seen[key], text), document_id=document_id, order=order, page=page,
        role=max(sizes, key=lambda kind: sizes[kind]), heading_path=group[0].block.heading_path, text=text,
        words=tuple(n for part in group for n in part.words), boxes=tuple(b for part in group for b in part.boxes),
        blocks=tuple(dict.fromkeys(part.block.id for part in group)),
    )  # fmt: skip
