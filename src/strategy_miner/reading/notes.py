"""Footnotes and notes: found by their place and small type, tied to the marks that stand in the text."""

from __future__ import annotations

import re

from strategy_miner.reading.lines import Line, make_line
from strategy_miner.reading.paragraphs import NOTE_MARK, Measure, Piece
from strategy_miner.reading.raw import OCR_FONT, RawPage, RawWord

# A mark in the font's own raised figures is part of the word in front: "Heizzeiten.1", "Posten2".
_GLUED_MARK = re.compile(r"(?<=[a-zäöüß)”“\"][.,;:!?)“\"])\d{1,2}$|(?<=[a-zäöüß]{4})\d{1,2}$|(?<=[\w.,])[*†]{1,3}$")
_BRACKETED = re.compile(r"\[(\d{1,3})\][.,;:]?$")


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
    for line in _with_marks(notes, lines):
        line.role = "footnote"


def _with_marks(notes: list[Line], lines: list[Line]) -> list[Line]:
    """The lines of notes, a mark that is painted apart from its note joined with it; it is taken out of `lines`."""
    done: list[Line] = []
    for line in notes:
        last = done[-1] if done else None
        alone = last is not None and len(last.words) == 1 and NOTE_MARK.match(last.text + " ") is not None
        if last is not None and alone and 0 < line.x0 - last.x1 < 50 and abs(line.base - last.base) < 6:
            joined = make_line(line.page, last.words + line.words)
            lines[:] = [joined if i is line else i for i in lines if i is not last]
            done[-1] = joined
        else:
            done.append(line)
    return done


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
    """Numbered paragraphs in clearly smaller type, wherever they stand: notes at the end of a chapter.

    Wholly bold ones are headings on a page that was scaled down.
    """
    for piece in pieces:
        if piece.kind not in ("paragraph", "list_item") or not NOTE_MARK.match(piece.text):
            continue
        words = [w.style for line in piece.lines for w in line.words]
        if max(s.size for s in words) < 0.85 * usual.size and not all(s.bold for s in words):
            piece.kind = "footnote"


def tie_notes(pieces: list[Piece]) -> None:
    """Find the marks of footnotes in the text of their page: the notes get an owner, and the marks are no words."""
    notes: dict[int, dict[str, list[Piece]]] = {}
    for piece in pieces:
        mark = _own_mark(piece)
        if mark:
            notes.setdefault(piece.page, {}).setdefault(mark, []).append(piece)
    for piece in pieces:
        if piece.kind in ("footnote", "figure"):
            continue
        for line in piece.lines:
            for at, word in enumerate(line.words) if line.page in notes else ():
                mark, rest = _mark_at(word, line, at)
                same = notes[line.page].get(mark, [])
                if same:
                    line.marks = {**(line.marks or {}), at: rest}
                    note = next((n for n in same if n.owner is None), same[0])
                    note.owner = note.owner or line
    _tie_endnotes(pieces)


def _own_mark(piece: Piece) -> str:
    match = NOTE_MARK.match(piece.text) if piece.kind == "footnote" else None
    return match.group().strip(" [].)") if match else ""


def _tie_endnotes(pieces: list[Piece]) -> None:
    """Notes at the end of a chapter belong to the last block before them with their mark, raised or in brackets."""
    seen: dict[str, Line] = {}
    for piece in pieces:
        if piece.kind == "footnote" and piece.owner is None:
            piece.owner = seen.get(_own_mark(piece))
        elif piece.kind not in ("footnote", "figure", "table"):
            for line in piece.lines:
                for at, word in enumerate(line.words):
                    bracketed = _BRACKETED.search(word.text) if "[" in word.text else None
                    if bracketed:
                        seen[bracketed.group(1)] = line
                    elif word.style.size < line.style.size and _is_raised(word, line, at):
                        seen[word.text.strip("()")] = line


def _mark_at(word: RawWord, line: Line, at: int) -> tuple[str, str]:
    """What may be the mark of a footnote at a word, and what is left of the word without it."""
    if _is_raised(word, line, at):
        return word.text, ""
    glued_on = _GLUED_MARK.search(word.text)
    return (glued_on.group(), word.text[: glued_on.start()]) if glued_on else ("", word.text)


def _is_raised(word: RawWord, line: Line, at: int) -> bool:
    size = line.style.size
    unit = at > 0 and line.words[at - 1].text.lower() in ("m", "km", "cm", "dm", "mm")  # square metres
    return word.style.size < 0.8 * size and word.base < line.base - 0.12 * size and not unit
