"""The look of a piece (its type and what is drawn under it) and the number it begins with: what headings share."""

from __future__ import annotations

import re

from strategy_miner.reading.paragraphs import Piece

_DECIMAL = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+\S")
_LETTER = re.compile(r"^(?:[A-Z]\.?\d?|[IVXL]{1,6}\.)(?:\.\d{1,2})*[.)]?\s+\S")
_NAMED = re.compile(
    r"^(?:Kapitel|Teil|Abschnitt|Handlungsfeld|Handlungsfelder|Handlungsbereich|Themenfeld|Ziel|Leitziel|Maßnahme|"
    r"Leitlinie|Leitbild|Schwerpunkt|Anhang|Anlage|Baustein|Projekt|Phase|Säule)\s+(?:\d{1,2}|[A-Z]|[IVX]{1,5})\b",
)
LEAST_CAPS = 7  # capitals from which a text counts as set in capitals: "EU" and "GESAMT" do not tell

Look = tuple[float, bool, int, bool, bool, bool]  # size, bold, colour, slant, underlined, capitals


def look(piece: Piece) -> Look:
    """How a piece is set; size to the half point."""
    style = piece.lines[0].style
    letters = [ch for ch in piece.text if ch.isalpha()]
    caps = len(letters) >= LEAST_CAPS and all(ch.isupper() for ch in letters)
    underlined = all(line.underlined for line in piece.lines)
    return (round(style.size * 2) / 2, style.bold, style.colour, style.slant, underlined, caps)


def is_numbered(text: str) -> bool:
    """Whether a text begins like a numbered heading: "1.2 ", "A. ", "IV. ", "Handlungsfeld 3"."""
    return bool(_DECIMAL.match(text) or _LETTER.match(text) or _NAMED.match(text))


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
