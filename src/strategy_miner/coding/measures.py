"""Maßnahmen of a document: from profiles (Steckbriefe) as tables or labelled paragraphs, and from tables of measures.

A profile is a run of labels with values under one title. It counts as a measure when it has at least three different
labels, one of them about planning (who, with whom, when, at what cost, how far): goals alone are no measure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from strategy_miner.coding.labels import PLANNING, label_role, split_labels
from strategy_miner.coding.planning import planning
from strategy_miner.records import Block, Box, Coding, Measure, Page, stable_id

LEAST_LABELS = 3
_LEAST_SHARED = 8
_FURNITURE = ("running_head", "page_number", "toc", "line_number", "thumb_tab", "margin_note", "figure", "hidden")
_MOST_TITLE_WORDS = 25
_MOST_VALUE = 4000  # characters; a value that runs on longer has swallowed a chapter
_PREFIX = re.compile(
    r"^(?:(?:einzel)?maßnahmen?(?:steckbrief|blatt)?|(?:projekt)?steckbrief|projekt(?:blatt)?|vorhaben)"
    r"(?:\s*(?:nr\.?|nummer)?\s*[A-ZÄÖÜ]{0,3}[-.\s]?\d[\d.]*[a-z]?)?\s*[:|–-]\s*",
    re.IGNORECASE,
)
# "M 3", "Ü7", "B-04": a letter and a number; a bare number may be anything unless a heading says so.
_CODED = re.compile(
    r"^(?:Maßnahme|Projekt|Steckbrief|Vorhaben)?\s*[A-ZÄÖÜ]{1,3}[-. ]?\d+(?:\.\d+)*[a-z]?[.:]?\s+(?=[A-ZÄÖÜ„])"
)
_LETTERS = re.compile(r"[^\W\d_]{3}")  # a title without a word is a stray mark of a scan
_CHAPTER_NUMBER = re.compile(r"^\d+(?:\.\d+)*\.?\s+(?=\D)")


@dataclass(frozen=True, slots=True)
class MeasureText:
    """What the classifier sees of a measure."""

    id: str
    document_id: str
    text: str
    heading_path: tuple[str, ...]


CodeTexts = Callable[[Sequence[MeasureText]], list[list[Coding]]]


@dataclass(slots=True)
class _Sheet:
    """A profile that is being read."""

    title: str
    page: int | None
    path: tuple[str, ...]
    lead: str = ""
    pairs: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    open: bool = False  # the last value may go on in the next paragraph

    def roles(self) -> set[str]:
        return {role for label, _ in self.pairs if (role := label_role(label))}

    def add(self, pairs: list[tuple[str, str]], block: Block) -> None:
        self.pairs += pairs
        self.boxes += block.boxes

    def go_on(self, block: Block) -> None:
        label, value = self.pairs[-1]
        if len(value) + len(block.text) <= _MOST_VALUE:
            self.pairs[-1] = (label, f"{value} {block.text}".strip())
            self.boxes += block.boxes


def measures(pages: Sequence[Page], code: CodeTexts | None = None) -> list[Measure]:
    """The measures of one document in reading order, each with its codes.

    Args:
        pages: all pages of the document, in order.
        code: gives n lists of codings for n texts, such as `Classifier.code`; without it the codes stay empty.
    """
    sheets = [sheet for sheet in find_sheets(pages) if _is_measure(sheet)]
    if not sheets:
        return []
    for sheet, title in zip(sheets, without_template([sheet.title for sheet in sheets]), strict=True):
        sheet.title = title
    document_id = pages[0].document_id
    items = [
        MeasureText(
            stable_id(document_id, "measure", number, sheet.title), document_id,
            f"{sheet.title}. {_description(sheet)}".strip(), sheet.path,
        )
        for number, sheet in enumerate(sheets)
    ]  # fmt: skip
    codings = code(items) if code else [[] for _ in items]
    return [
        Measure(
            id=item.id, document_id=document_id, page=sheet.page, title=sheet.title, description=_description(sheet),
            codes=tuple(coding.code for coding in given), labels=tuple(sheet.pairs), boxes=tuple(sheet.boxes),
            **planning(sheet.pairs, sheet.title, sheet.path),
        )
        for item, sheet, given in zip(items, sheets, codings, strict=True)
    ]  # fmt: skip


def find_sheets(pages: Sequence[Page]) -> list[_Sheet]:
    """Every run of labels with the title above it, also those too short for a measure."""
    reader = _SheetReader()
    for page in pages:
        for block in page.blocks:
            if block.kind not in _FURNITURE:
                reader.read(block, page.page)
    return reader.sheets


class _SheetReader:
    """Goes through the blocks of a document and collects profiles."""

    def __init__(self) -> None:
        self.sheets: list[_Sheet] = []
        self._title: tuple[str, Block, int | None] | None = None  # the last thing that could be a title
        self._fresh = True  # a title stands since the last label
        self._lead = ""

    def read(self, block: Block, page: int | None) -> None:
        """Take one block in reading order."""
        listed = list(_measure_rows(block))
        if listed:
            self.sheets += [_Sheet(t, page, block.heading_path, "", p, list(block.boxes)) for t, p in listed]
            self._fresh = True
            return
        if block.rows:
            for title, rows in _profiles(block.rows):
                if title:
                    self._title, self._fresh, self._lead = (clean_title(title), block, page), True, ""
                if pairs := _table_pairs(rows):
                    self._labelled(pairs, block, page)
            return
        lead, pairs = _pairs(block)
        if not pairs:
            self._text(block, page)
            return
        if lead:
            self._text_before(lead, block, page)
        self._labelled(pairs, block, page)

    def _labelled(self, pairs: list[tuple[str, str]], block: Block, page: int | None) -> None:
        if self._fresh or not self.sheets or self._repeats(pairs):
            self._start(block, page)
        sheet = self.sheets[-1]
        sheet.add(pairs, block)
        sheet.open = block.kind == "heading" or (not block.rows and not pairs[-1][1].endswith((".", "!", "?")))
        self._fresh = False

    def _start(self, block: Block, page: int | None) -> None:
        text, source, number = self._title or ("", block, page)
        self.sheets.append(_Sheet(text, number, source.heading_path, self._lead))
        if self._title:
            self.sheets[-1].boxes += source.boxes
        self._lead = ""

    def _repeats(self, pairs: list[tuple[str, str]]) -> bool:
        """Whether a label that a profile has once comes again: the next profile has begun without a heading."""
        once = {"description", "responsible", "period", "field"}
        return bool({label_role(pairs[0][0])} & once & self.sheets[-1].roles())

    def _text(self, block: Block, page: int | None) -> None:
        if block.kind == "heading" or _is_title(block.text):
            self._title, self._fresh, self._lead = (clean_title(block.text), block, page), True, ""
        elif not self._fresh and self.sheets and self.sheets[-1].open and block.kind != "table":
            self.sheets[-1].go_on(block)
            self.sheets[-1].open = block.kind == "list_item" or not block.text.endswith(".")
        elif self._fresh and block.kind == "paragraph" and len(self._lead) < _MOST_VALUE:
            self._lead = f"{self._lead} {block.text}".strip()

    def _text_before(self, lead: str, block: Block, page: int | None) -> None:
        if _is_title(lead):
            self._title, self._fresh, self._lead = (clean_title(lead), block, page), True, ""
        elif not self._fresh and self.sheets and self.sheets[-1].open:
            label, value = self.sheets[-1].pairs[-1]
            self.sheets[-1].pairs[-1] = (label, f"{value} {lead}".strip())
        elif self._fresh:
            self._lead = f"{self._lead} {lead}".strip()


def clean_title(text: str) -> str:
    """A title without "Maßnahme 3:", "M 3" or a chapter number in front."""
    title = " ".join(text.split())
    for pattern in (_CHAPTER_NUMBER, _PREFIX, _CODED):
        rest = pattern.sub("", title, count=1)
        if len(rest) > 2:
            title = rest
    return title.strip(" :–-|")


def without_template(titles: Sequence[str]) -> list[str]:
    """Titles without closing words that two in five share: those are the profile's template, not the measure's name.

    Where a sheet's head or the name of a column stands beside the title, a scan reads them as one line. Fewer than
    eight titles with the same end prove nothing.
    """
    words = [title.split() for title in titles]
    for length in range(6, 0, -1):
        ends = Counter(tuple(title[-length:]) for title in words if len(title) > length)
        for end, count in ends.items():
            if count >= max(_LEAST_SHARED, 0.4 * len(titles)):
                words = [_without_end(title, end) for title in words]
    return [" ".join(title) for title in words]


def _without_end(words: list[str], end: tuple[str, ...]) -> list[str]:
    """Words without `end`, or without its last two or more words where the rest of it is missing."""
    for start in range(max(1, len(end) - 1)):
        tail = list(end[start:])
        if len(words) > len(tail) and words[-len(tail) :] == tail:
            return words[: -len(tail)]
    return words


def _is_title(text: str) -> bool:
    return bool(_CODED.match(text) or _PREFIX.match(text)) and (
        len(text.split()) <= _MOST_TITLE_WORDS and not text.rstrip().endswith((".", ",", ";")) and "?" not in text
    )


def _pairs(block: Block) -> tuple[str, list[tuple[str, str]]]:
    alone = block.kind == "heading" or len(block.text.split()) <= 4
    if alone and label_role(block.text, alone=True) not in (None, "title"):
        return "", [(block.text.strip(" :"), "")]
    lead, pairs = split_labels(block.text)
    if block.kind == "heading" and (lead or not pairs or label_role(pairs[0][0]) not in PLANNING):
        return "", []  # "Ziel: klimaneutral" is a heading, "Zeitraum: ab 2024" a label set in bold
    return lead, pairs


def _profiles(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, list[Sequence[str]]]]:
    """The profiles in a table: (title, rows) for each; a row over the whole width above a label is a title."""
    title, part = "", list[Sequence[str]]()
    for number, row in enumerate(rows):
        below = next((cell for cell in rows[number + 1] if cell), "") if number + 1 < len(rows) else ""
        wide = bool(row[0].strip()) and not any(cell.strip() for cell in row[1:])
        text = " ".join(row[0].split())
        labelled = any(label_role(label) != "title" for label, _ in split_labels(text)[1])
        if wide and label_role(below) and not labelled and len(text.split()) <= _MOST_TITLE_WORDS:
            if title or part:
                yield title, part
            title, part = text, []
        else:
            part.append(row)
    yield title, part


def _table_pairs(rows: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    known = 0
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row]
        filled = [cell for cell in cells if cell]
        if len(filled) >= 2 and label_role(filled[0]):
            known += 1
            pairs += _row_pairs(filled)
        elif len(filled) == 1 and cells[0] and (inner := split_labels(filled[0])[1]):
            known += 1
            pairs += inner
        elif len(filled) == 2 and cells[0] and len(filled[0].split()) <= 5:
            pairs.append((filled[0].strip(" :"), filled[1]))  # a label of this city's own
        elif filled and not cells[0] and pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {' '.join(filled)}".strip())
    return pairs if known >= 2 or (known and len(rows) <= 2) else []


def _row_pairs(filled: list[str]) -> list[tuple[str, str]]:
    """A row of label and value, or of two such pairs side by side."""
    if len(filled) == 4 and label_role(filled[2]):
        return [(filled[0].strip(" :"), filled[1]), (filled[2].strip(" :"), filled[3])]
    return [(filled[0].strip(" :"), " ".join(filled[1:]))]


def _measure_rows(block: Block) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The rows of a table whose head names a measure in one column and its planning in others."""
    if len(block.rows) < 2:
        return
    head = [" ".join(cell.split()) for cell in block.rows[0]]
    roles = [label_role(cell) for cell in head]
    if roles.count("title") != 1 or len({role for role in roles if role}) < 3 or not PLANNING & set(roles):
        return
    column = roles.index("title")
    for row in block.rows[1:]:
        title = clean_title(row[column]) if column < len(row) else ""
        pairs = [(h, " ".join(c.split())) for h, c in zip(head, row, strict=False) if h and c.strip()]
        if title and len(pairs) > 1:
            yield title, pairs


def _is_measure(sheet: _Sheet) -> bool:
    roles = sheet.roles() - {"title"}
    _use_title_label(sheet)
    return bool(_LETTERS.search(sheet.title)) and len(roles) >= LEAST_LABELS and bool(roles & PLANNING)


def _use_title_label(sheet: _Sheet) -> None:
    """A profile that names its measure in a label of its own needs no heading."""
    named = [
        value
        for label, value in sheet.pairs
        if label_role(label) == "title" and 0 < len(value.split()) <= _MOST_TITLE_WORDS
    ]
    if named:
        sheet.title = clean_title(named[0])


def _description(sheet: _Sheet) -> str:
    for wanted in ("description", "goal"):
        texts = [value for label, value in sheet.pairs if label_role(label) == wanted and value]
        if texts:
            return " ".join(texts)
        if wanted == "description" and sheet.lead:
            return sheet.lead
    return ""
