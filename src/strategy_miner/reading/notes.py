"""Footnotes and notes: found by their place and small type, tied to the marks that stand in the text."""

from __future__ import annotations

import re

from strategy_miner.reading.lines import Line
from strategy_miner.reading.paragraphs import NOTE_MARK, Measure, Piece
from strategy_miner.reading.raw import OCR_FONT, RawPage, RawWord

# A mark in the font's own raised figures is part of the word in front: "Heizzeiten.1", "Posten2".
_GLUED_MARK = re.compile(r"(?<=[a-zäöüß)”“\"][.,;:!?)“\"])\d{1,2}$|(?<=[a-zäöüß]{4})\d{1,2}$")


def mark_footnotes(page: RawPage, lines: list[Line], usual: Measure) -> None:
    """The lines of small type at the foot of the page, from the first one that begins with a mark."""
    small = []
    for line in sorted((i for i in lines if not i.role and not i.style.angle), key=lambda i: -i.base):
        if max(w.style.size for w in line.words) > 0.93 * usual.size or line.top < 0.3 * page.height:
            break
        small.append(line)
    small.reverse()
    start = next((n for n, line in enumerate(small) if NOTE_MARK.match(line.text)), None)
    notes = small[start:] if start is not None else _below_rule(page, lines)
    for line in notes:
        line.role = "footnote"


def _below_rule(page: RawPage, lines: list[Line]) -> list[Line]:
    """The lines under a short rule in the lower half of the page, where the first of them begins with a mark."""
    for rule in sorted(page.rules, key=lambda r: -r[1]):
        width = rule[2] - rule[0]
        if rule[3] - rule[1] > 2.5 or not 40 < width < 0.45 * page.width or rule[1] < 0.5 * page.height:
            continue
        below = [i for i in lines if not i.role and i.top > rule[1] - 2]
        below.sort(key=lambda i: (round(i.base / 3), i.x0))
        text = "".join(i.text + " " for i in below[:2])
        # A raised figure is too small for tesseract; the rule must do for a few lines at the foot.
        blurred = below and below[0].style.font == OCR_FONT and len(below) < 6 and rule[1] > 0.7 * page.height
        if below and len(below) < 15 and rule[0] < below[0].x0 + 6 and (blurred or NOTE_MARK.match(text)):
            return below
    return []


def mark_notes(pieces: list[Piece], usual: Measure) -> None:
    """Numbered paragraphs in clearly smaller type, wherever they stand: notes at the end of a chapter."""
    for piece in pieces:
        if piece.kind not in ("paragraph", "list_item") or not NOTE_MARK.match(piece.text):
            continue
        if max(w.style.size for line in piece.lines for w in line.words) < 0.85 * usual.size:
            piece.kind = "footnote"


def tie_notes(pieces: list[Piece]) -> None:
    """Note which numbers in the text are the marks of footnotes on their page: they are not words of the text."""
    marks: dict[int, set[str]] = {}
    for piece in pieces:
        match = NOTE_MARK.match(piece.text) if piece.kind == "footnote" else None
        if match:
            marks.setdefault(piece.page, set()).add(match.group().strip(" [].)"))
    for piece in pieces:
        if piece.kind == "footnote":
            continue
        for line in piece.lines:
            for at, word in enumerate(line.words) if line.page in marks else ():
                glued_on = _GLUED_MARK.search(word.text)
                if word.text in marks[line.page] and _is_raised(word, line, at):
                    line.marks[at] = ""
                elif glued_on and glued_on.group() in marks[line.page]:
                    line.marks[at] = word.text[: glued_on.start()]


def _is_raised(word: RawWord, line: Line, at: int) -> bool:
    size = line.style.size
    unit = at > 0 and line.words[at - 1].text.lower() in ("m", "km", "cm", "dm", "mm")  # square metres
    return word.style.size < 0.8 * size and word.base < line.base - 0.12 * size and not unit
