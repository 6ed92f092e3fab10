"""What a measure is while it is being read, and what its title may be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from strategy_miner.coding.labels import label_role
from strategy_miner.records import Block, Box
from strategy_miner.text import fold

MOST_TITLE_WORDS = 25
MOST_VALUE = 4000  # characters; a value that runs on longer has swallowed a chapter
FURNITURE = ("running_head", "page_number", "toc", "line_number", "thumb_tab", "margin_note", "figure", "hidden")
_LEAST_SHARED = 8
_MOST_WITH_STOP = 6  # words of a title that ends like a sentence
_PREFIX = re.compile(
    r"^(?:(?:einzel|schlüssel|leit)?maßnahmen?(?:steckbrief|blatt)?|(?:projekt)?steckbrief|(?:leuchtturm|schlüssel)?projekt"
    r"(?:blatt|idee)?|vorhaben|quick[\s-]?win)"
    r"(?:\s*(?:nr\.?|nummer)?\s*[A-ZÄÖÜ]{0,3}[-.\s]?\d[\d.]*[a-z]?)?\s*[:|–-]\s*",
    re.IGNORECASE,
)
# "M 3", "Ü7", "B-04": a letter and a number; a bare number may be anything unless a heading says so.
_CODED = re.compile(
    r"^(?:(?:Maßnahme|Projekt|Steckbrief|Vorhaben)\s+(?:Nr\.\s*)?)?"
    r"(?:[A-ZÄÖÜ]{1,3}[-. ]?\d+(?:[.-]\d+)*[a-z]?(?:/[A-ZÄÖÜ]{1,3}[-. ]?\d+)*|(?<=\s)\d+(?:\.\d+)*)"
    r"[.:]?\s+(?:[|–-]\s+)?(?=[A-ZÄÖÜ„\d])"
)
_NUMBER = re.compile(
    r"^(?:(?:Maßnahme|Projekt|Steckbrief|Vorhaben)\s+(?:Nr\.\s*)?)?([A-ZÄÖÜ]{1,3})[-. ]?(\d+(?:[.-]\d+)*[a-z]?)(?![\w])"
)
_LETTERS = re.compile(r"[^\W\d_]{3}")  # a title without a word is a stray mark of a scan
_CHAPTER_NUMBER = re.compile(r"^\d+(?:\.\d+)*\.?\s+(?=\D)")
_CONTINUED = re.compile(r"\s*\(?(?:Fortsetzung|Forts\.)(?:\s+von\s+.*)?\)?$|\s+\(?\d\s*/\s*\d\)?$")
_FIELD = re.compile(
    r"^(?:\d+(?:\.\d+)*\.?\s+)?(?:handlungsfeld|themenfeld|aktionsfeld|handlungsbereich|leitthema)"
    r"(?:\s*(?:\d+(?:\.\d+)*|[A-Z]\d?|[IVX]+)(?=\W))?\s*[:|–-]?\s*(?=\S{3})",
    re.IGNORECASE,
)
# Names of the template, not of a measure.
_GENERIC = frozenset(
    ["steckbrief", "steckbriefe", "massnahmensteckbrief", "massnahmensteckbriefe", "projektsteckbrief", "projekt",
     "projektsteckbriefe", "massnahmen", "projekte", "massnahme", "vorhaben", "ueberblick", "eckdaten", "rahmendaten",
     "details", "massnahmenblatt", "massnahmenblaetter", "projektblatt", "kurzprofil", "quickwins", "quickwin",
     "aufeinenblick", "allgemeineangaben", "factsheet", "umsetzung", "inhaltsverzeichnis", "anhang", "anlage",
     "massnahmenuebersicht", "projektuebersicht", "massnahmenkatalog"]
)  # fmt: skip


@dataclass(slots=True)
class Profile:
    """A measure that is being read: its title, where it stands, and its pairs of label and value.

    `order` is that of the block where it starts, `number` what the document calls it by ("M3").
    """

    title: str
    page: int | None
    path: tuple[str, ...]
    order: int
    form: str = "sheet"
    lead: str = ""
    number: str = ""
    pairs: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    open: bool = False  # the last value may go on in the next paragraph
    below: bool = False  # values stand below their labels here

    @property
    def roles(self) -> set[str]:
        """What its labels announce."""
        return {role for label, _ in self.pairs if (role := label_role(label))}

    @property
    def description(self) -> str:
        """What it is about: the values of its description, else the text before the labels, else its goals."""
        for wanted in ("description", "goal"):
            texts = [value for label, value in self.pairs if label_role(label) == wanted and value]
            if texts:
                return " ".join(texts)
            if wanted == "description" and self.lead:
                return self.lead
        return ""

    def take(self, block: Block) -> None:
        """Count a block's boxes among its own, each once."""
        self.boxes += [box for box in block.boxes if box not in self.boxes]

    def go_on(self, text: str, block: Block) -> None:
        """Let the last value run on, unless it has swallowed a chapter."""
        label, value = self.pairs[-1]
        if len(value) + len(text) <= MOST_VALUE:
            self.pairs[-1] = (label, f"{value} {text}".strip())
            self.take(block)


@lru_cache(maxsize=20_000)  # every title is compared with every other
def key(text: str) -> str:
    """Letters and digits alone, folded: what two ways of writing a title have in common."""
    return re.sub(r"[\W_]", "", fold(text))


def clean_title(text: str) -> str:
    """A title without "Maßnahme 3:", "M 3" or a chapter number in front."""
    title = _CONTINUED.sub("", " ".join(text.split()))
    for pattern in (_CHAPTER_NUMBER, _PREFIX, _CODED):
        rest = pattern.sub("", title, count=1)
        if len(rest) > 2:
            title = rest
    return title.strip(" :–-|")


def number_of(text: str) -> str:
    """The number by which the document calls a measure, such as M3; "" without a letter, since 3 may be anything."""
    match = _NUMBER.match(_CHAPTER_NUMBER.sub("", text.strip(), count=1))
    return f"{match[1]}{match[2]}".upper() if match else ""


def is_named(title: str) -> bool:
    """Whether a title has a word in it and is not the name of a template or chapter."""
    sentence = title.endswith((".", "!", "?")) and len(title.split()) > _MOST_WITH_STOP
    return (
        bool(_LETTERS.search(title))
        and key(title) not in _GENERIC
        and not sentence
        and (label_role(title, alone=True) is None)
    )


def is_field_heading(text: str) -> bool:
    """Whether a heading names a field of action and says so."""
    return bool(_FIELD.match(text))


def field_name(text: str) -> str:
    """A heading without "Handlungsfeld 3:" in front."""
    return _FIELD.sub("", " ".join(text.split()), count=1).strip(" :–-|")


def is_marked(text: str) -> bool:
    """Whether a text begins as only titles of measures do: "M3 Radstation", "Maßnahme 3: Radstation"."""
    return bool(_CODED.match(text) or _PREFIX.match(text)) and (
        len(text.split()) <= MOST_TITLE_WORDS and not text.rstrip().endswith((".", ",", ";")) and "?" not in text
    )


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
