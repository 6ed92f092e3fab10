"""Lines in reading order -> pieces: one piece per paragraph, list item, heading candidate, caption or footnote."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from strategy_miner.reading.heads import Cell
from strategy_miner.reading.lines import BULLETS, Line, has_letter

FURNITURE = ("running_head", "page_number", "line_number", "thumb_tab")
BULLET = re.compile(
    rf"^(?:[{BULLETS}]\s*|[-–—]\s+|o\s+"
    r"|\(?[a-z]\)\s+|\(\d{1,2}\)\s+|\d{1,2}[.)]\s+)(?=\S)"
)
_DASH = re.compile(r"^[-–—]\s")
_SYMBOL = re.compile(rf"^(?:[{BULLETS}]|[-–—]\s|o\s)")
CAPTION = re.compile(
    r"^(?:Abb(?:ildung|\.)|Tab(?:elle|\.)|Grafik|Schaubild|Karte|Diagramm|Bild|Foto|Fig\.|Figur|Übersicht)\s*\.?\s*\d+"
    r"|^(?:Quelle|Bildnachweis|Foto|Fotos|Grafik|Bildquelle|©)\s?:?\s*[:©]",
)
NOTE_MARK = re.compile(r"^(?:\[?\d{1,3}[\]).]?|[*†]{1,3}|[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3})(?:\s|(?=[A-ZÄÖÜ„]))")
_ENDS = re.compile(r"[.!?:;…][\"'“”‘’»«)\]]*(?:\[?\d{1,3}\]?)?$")


Edges = dict[int, tuple[float, float]]  # by id of a line: left and right edge of its column


@dataclass(slots=True)
class Piece:
    """A block under construction."""

    page: int
    kind: str
    lines: list[Line]
    level: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    cells: list[list[Cell]] = field(default_factory=list)
    header_rows: int = 0
    header_columns: int = 0
    pairs: tuple[tuple[str, str], ...] = ()
    box: int = -1
    gap_above: float = 99.0
    parts: list[list[Line]] = field(default_factory=list)
    owner: Line | None = None  # a line of the piece that a footnote or caption belongs to

    @property
    def text(self) -> str:
        """Its lines joined by spaces, hyphens untouched: for rules, not for readers."""
        return " ".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Measure:
    """What is usual in a document: body size, and the distance of lines by size."""

    size: float
    font: str
    bold: bool
    slant: bool
    colour: int
    leading: dict[float, float]

    def step(self, size: float) -> float:
        """The usual distance of two baselines at a size."""
        return self.leading.get(round(size, 1), 1.22 * size)


def measure(lines: list[list[Line]]) -> Measure:
    """The body's style is that of most characters outside furniture and contents."""
    styles: Counter[tuple[float, str, bool, bool, int]] = Counter()
    steps: dict[float, Counter[float]] = {}
    for found in lines:
        last: Line | None = None
        for line in found:
            if line.role or line.style.angle:
                continue
            s = line.style
            styles[s.size, s.font, s.bold, s.slant, s.colour] += len(line.text)
            if last is not None and abs(last.style.size - s.size) < 0.2 and last.x0 < line.x1 and line.x0 < last.x1:
                step = line.base - last.base
                if 0.8 * s.size < step < 2.6 * s.size:
                    steps.setdefault(round(s.size, 1), Counter())[round(step * 4) / 4] += 1
            last = line
    size, font, bold, slant, colour = max(styles, key=lambda k: styles[k]) if styles else (10.0, "", False, False, 0)
    size = size or 10.0  # OCR and the second reader may give no size
    leading = {s: _usual(counts) for s, counts in steps.items() if sum(counts.values()) >= 3}
    return Measure(size, font, bold, slant, colour, leading)


def _usual(counts: Counter[float]) -> float:
    """The smallest distance that is nearly as frequent as the most frequent one."""
    top = max(counts.values())
    return min(step for step, n in counts.items() if n >= 0.6 * top)


def pieces_of(lines: list[Line], usual: Measure) -> list[Piece]:
    """The pieces of one page, from its lines in reading order."""
    pieces: list[Piece] = []
    columns = _columns(lines) if lines else {}
    last: Line | None = None
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        kind = line.role or _kind(line)
        ends = last is None or not pieces or (pieces[-1].kind == "caption" and not _same_column(last, line))
        if ends or last is None or _breaks(last, line, following, usual, columns):
            gap = line.base - last.base if last is not None and _same_column(last, line) else 99.0
            pieces.append(Piece(line.page, kind, [line], box=line.box, gap_above=gap))
        else:
            pieces[-1].lines.append(line)
        last = line
    return pieces


def _kind(line: Line) -> str:
    text = line.text
    if CAPTION.match(text):
        return "caption"
    return "list_item" if BULLET.match(text) else "paragraph"


def _columns(lines: list[Line]) -> Edges:
    """Left and right edge of the column that each line (by id) stands in."""
    edges: Edges = {}
    run: list[Line] = []
    for line in [*lines, None]:
        if line is not None and (not run or (_same_column(run[-1], line) and line.role == run[-1].role)):
            run.append(line)
            continue
        lefts = Counter(round(i.x0) for i in run)
        left = float(max(lefts, key=lambda x: (lefts[x], -x)))
        rights = sorted(i.x1 for i in run)
        right = rights[min(len(rights) - 1, int(0.9 * len(rights)))]
        edges.update({id(i): (left, right) for i in run})
        run = [line] if line is not None else []
    return edges


def _same_column(above: Line, below: Line) -> bool:
    overlap = min(above.x1, below.x1) - max(above.x0, below.x0)
    return above.page == below.page and overlap > 0 and below.base > above.base - 1 and above.box == below.box


def _breaks(last: Line, line: Line, following: Line | None, usual: Measure, columns: Edges) -> bool:
    if last.role != line.role or line.role in ("table", "figure") or last.box != line.box:
        return True
    if line.role == "toc":
        return False  # a page's list of contents is one block, a line an entry
    if line.role in FURNITURE or (line.role == "footnote" and NOTE_MARK.match(line.text)):
        return True
    if not _same_column(last, line):
        return not _runs_over(last, line, columns)
    a, b = last.style, line.style
    size = max(a.size, b.size)
    if abs(a.size - b.size) > 0.07 * size or a.angle != b.angle:
        return True
    step = usual.step(b.size)
    if line.base - last.base > max(1.28 * step, step + 2.0) and line.base - last.base > 1.3 * b.size:
        return True
    text = line.text
    if _DASH.match(text) and not _ended(last, line, columns) and abs(line.x0 - last.x0) < 0.5 * size:
        return False  # a dash inside a sentence that happens to begin a line
    if _SYMBOL.match(text) or CAPTION.match(text) or (BULLET.match(text) and _ended(last, line, columns)):
        return True
    return _face_changes(last, line, columns) or _indent_breaks(last, line, following, columns)


def _runs_over(last: Line, line: Line, columns: Edges) -> bool:
    """Whether a paragraph goes on in the next column: no sentence end before, same style, no bullet."""
    same = abs(last.style.size - line.style.size) < 0.3 and last.style.bold == line.style.bold
    if not same or last.style.angle or line.style.angle or line.base > last.base or BULLET.match(line.text):
        return False
    return continues_text(last.text, line.text)


def is_ended(text: str) -> bool:
    """Whether a text ends as a sentence or a lead-in does."""
    return bool(_ENDS.search(text))


def continues_text(left: str, right: str) -> bool:
    """Whether a text broken off at the end of a column or page goes on with the other."""
    if not left or not right or _ENDS.search(left):
        return False
    if left[-1] in "-\u00ad" or left[-1] == ",":
        return True
    if right[0] == "-" and right[1:2].islower():
        return True  # "Stromerzeugung und / -verbrauch"
    return right[0].islower() or (len(left) > 30 and right[0].isalnum() and not BULLET.match(right))


def _face_changes(last: Line, line: Line, columns: Edges) -> bool:
    """A wholly bold, underlined or coloured line against a line that is not: a heading above or below a text."""
    a, b = _face(last), _face(line)
    if a is None or b is None or a == b:
        return False
    right = columns[id(last)][1]
    runs_on = last.x1 > right - 2.5 * last.style.size and not _ENDS.search(last.text)
    return not (runs_on and line.text[:1].islower())


def _face(line: Line) -> tuple[object, ...] | None:
    faces = set()
    known = None
    for word in line.words:
        style = word.style
        if style is not known and has_letter(word.text):
            known = style
            faces.add((style.bold, style.slant, style.colour))
    return (*faces.pop(), line.underlined) if len(faces) == 1 else None


def _ended(last: Line, line: Line, columns: Edges) -> bool:
    _left, right = columns[id(last)]
    short = last.x1 + _first_width(line) < right - 0.6 * line.style.size
    return short or bool(_ENDS.search(last.text))


def _first_width(line: Line) -> float:
    return line.words[0].x1 - line.words[0].x0 + 0.25 * line.style.size


def _indent_breaks(last: Line, line: Line, following: Line | None, columns: Edges) -> bool:
    _left, right = columns[id(line)]
    em = line.style.size
    ended = bool(_ENDS.search(last.text))
    if ended and last.x1 + _first_width(line) < right - 1.2 * em and not line.text[:1].islower():
        return True  # the next word would have fitted on the line before
    if line.x0 < last.x0 - 0.9 * em and ended and not line.text[:1].islower():
        return True  # back from a hanging or indented paragraph
    if line.x0 > last.x0 + 0.8 * em and not line.text[:1].islower() and not BULLET.match(last.text):
        back = following is None or following.x0 < line.x0 - 0.5 * em or following.base < line.base
        return back and (ended or last.x1 < right - 2 * em)
    return False
