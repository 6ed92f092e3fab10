"""The look of a piece (its type and what is drawn under it) and the number it begins with: what headings share."""

from __future__ import annotations

import re

from strategy_miner.reading.lines import has_letter
from strategy_miner.reading.paragraphs import Measure, Piece
from strategy_miner.reading.raw import RawWord

SENTENCE_END = re.compile(r"[a-zäöüß)\]\"“]{2}[.;,]$")
_DECIMAL = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+\S")
_LETTER = re.compile(r"^(?:[A-Z]\.?\d?|[IVXL]{1,6}\.)(?:\.\d{1,2})*[.)]?\s+\S")
_NAMES = (
    r"(?:Kapitel|Teil|Abschnitt|Handlungsfeld|Handlungsfelder|Handlungsbereich|Themenfeld|Ziel|Leitziel|Maßnahme|"
    r"Leitlinie|Leitbild|Schwerpunkt|Anhang|Anlage|Baustein|Projekt|Phase|Säule)"
)
_NAMED = re.compile(rf"^{_NAMES}\s+(?:\d{{1,2}}|[A-Z]|[IVX]{{1,5}})\b")
_LABEL = re.compile(rf"^(?:{_NAMES}\s+)?(?:\d{{1,2}}|[A-Z]|[IVX]{{1,5}})\s?[.:]?$", re.IGNORECASE)
_DATE = re.compile(
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\s+(?:19|20)\d\d$"
)
LEAST_CAPS = 7  # capitals from which a text counts as set in capitals: "EU" and "GESAMT" do not tell

Look = tuple[float, bool, int, bool, bool, bool]  # size, bold, colour, slant, underlined, capitals


def look(piece: Piece) -> Look:
    """How a piece is set, by its largest line; size to the half point."""
    style = max(piece.lines, key=lambda i: i.style.size).style
    text = piece.text
    caps = text.isupper() and sum(ch.isalpha() for ch in text) >= LEAST_CAPS
    underlined = all(line.underlined for line in piece.lines)
    return (round(style.size * 2) / 2, style.bold, style.colour, style.slant, underlined, caps)


def prominence(piece: Piece, usual: Measure) -> float:
    """How far the piece's look stands out of the body; every line must share it. 1.5 is enough for a heading."""
    words = [w for line in piece.lines for w in line.words if has_letter(w.text)]
    if not words:
        return 0.0
    return (
        _larger(words, usual)
        + _bolder(words, usual)
        + _coloured(words, usual)
        + 1.5 * all(line.underlined for line in piece.lines)
        + _slanted(words, usual)
        + _other_font(words, usual)
        + _capitals(words)
    )


def _larger(words: list[RawWord], usual: Measure) -> float:
    ratio = min(w.style.size for w in words) / usual.size
    return 1.5 + min(ratio - 1.04, 1.0) if ratio > 1.04 else 0.0


def _bolder(words: list[RawWord], usual: Measure) -> float:
    return 1.5 * (not usual.bold and all(w.style.bold for w in words))


def _coloured(words: list[RawWord], usual: Measure) -> float:
    first = words[0].style.colour
    far = max(abs((first >> s & 255) - (usual.colour >> s & 255)) for s in (0, 8, 16)) > 60
    return 0.8 * (far and all(w.style.colour == first for w in words))


def _slanted(words: list[RawWord], usual: Measure) -> float:
    return 0.7 * (not usual.slant and all(w.style.slant for w in words))


def _other_font(words: list[RawWord], usual: Measure) -> float:
    """Another font than the body's, where that is not its bold cut and the type is no smaller."""
    first = words[0].style.font
    if first == usual.font or (not usual.bold and all(w.style.bold for w in words)):
        return 0.0
    return 0.5 * all(w.style.font == first and w.style.size > 0.97 * usual.size for w in words)


def _capitals(words: list[RawWord]) -> float:
    letters = "".join(w.text for w in words)
    return 0.5 * (letters.isupper() and len(letters) > 4)


def is_numbered(text: str) -> bool:
    """Whether a text begins like a numbered heading: "1.2 ", "A. ", "IV. ", "Handlungsfeld 3"."""
    return bool(_DECIMAL.match(text) or _LETTER.match(text) or _NAMED.match(text))


def is_dated(text: str) -> bool:
    """Whether a text ends in a month and a year, as the line under a title does: "Musterstadt, Mai 2021"."""
    return bool(_DATE.search(text))


def is_label(text: str) -> bool:
    """Whether a text is a heading's number alone: "Kapitel 2", "3.", "IV"."""
    return bool(_LABEL.match(text))


def depth(text: str) -> int:
    """How many numbers a decimal numbering has: 2 for "1.2 Ziele", 0 without one."""
    match = _DECIMAL.match(text)
    return match.group(1).count(".") + 1 if match else 0


def without_number(text: str) -> str:
    """A text without its decimal number."""
    return _DECIMAL.sub("", text)


def plain(text: str) -> str:
    """Letters and digits only, in lower case: for comparing titles."""
    return re.sub(r"\W+", "", text).lower()
