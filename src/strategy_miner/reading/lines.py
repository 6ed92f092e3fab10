"""Words -> lines -> columns: the content stream is the prior for the order, geometry the judge."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from strategy_miner.reading.raw import RawPage, RawWord, Rect, Style
from strategy_miner.reading.wire import PackedPage
from strategy_miner.text import Span

BULLETS = r"•●○◦▪▫■□►▶‣⁃∙·➢➔→✓✔❖◆◇*\ue000-\uf8ff"  # signs before items, as characters of a class
LABEL = re.compile(
    rf"^(?:[{BULLETS}–-]|o"
    r"|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]|\d{1,2}(?:\.\d{1,2})+\.?"
    r"|(?:Abb|Tab)(?:ildung|elle|\.)\s?\d+(?:[.-]\d+)*[.:]?)$"
)
_NUMBER = re.compile(r"^\d{1,2}$")
_DOTS = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}|·{4,}|-{4,}")


@dataclass(slots=True)
class Line:
    """Words on one baseline that belong together. `role` is "" until someone knows better."""

    page: int
    words: list[RawWord]
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    style: Style
    role: str = ""
    underlined: bool = False
    box: int = -1
    marks: dict[int, str] | None = None  # what is left of a word without its footnote mark
    _text: str = ""

    @property
    def text(self) -> str:
        """The words with single spaces; words that touch (a footnote mark, a drop capital) stay glued."""
        if not self._text:
            self._text = glued(self.words)
        return self._text

    @property
    def spans(self) -> list[Span]:
        """Where the text stands that is not the mark of a footnote; most lines have one span."""
        if not self.marks:
            return [(0, len(self.text))]
        spans, at, end = [], 0, 0
        for number, word in enumerate(self.words):
            start = self.text.index(word.text, end)
            end = start + len(word.text)
            if number in self.marks:
                rest = start + len(self.marks[number])
                # A mark that stood apart takes one of its two spaces along.
                apart = rest == start and self.text[at:rest].endswith(" ") and self.text[end : end + 1] in (" ", "")
                spans.append((at, rest - apart))
                at = end
        return [*spans, (at, len(self.text))]

    @property
    def rect(self) -> Rect:
        """Its box on the page."""
        return (self.x0, self.top, self.x1, self.bottom)


def glued(words: list[RawWord]) -> str:
    """The words as text; no space where PDFium saw none, that is, where two pieces of one token touch."""
    if not words:
        return ""
    first = words[0].style
    if all(w.style is first for w in words):
        return " ".join([w.text for w in words])
    parts = [words[0].text]
    for left, right in pairwise(words):
        a, b = left.style.size, right.style.size
        touch = a != b and abs(right.x0 - left.x1) < 0.08 * min(a, b)
        parts.append(right.text if touch else " " + right.text)
    return "".join(parts)


def put_away(lines: list[Line]) -> None:
    """Keep the words of a page's lines packed, for documents of many pages; they can be read, but not changed, then."""
    page = PackedPage.of([word for line in lines for word in line.words])
    at = 0
    for line in lines:
        _ = line.text  # made now, while the words are there
        count = len(line.words)
        line.words = page.part(at, at + count)
        at += count


def has_letter(text: str) -> bool:
    """Whether any character is a letter."""
    return text[:1].isalpha() or any(c.isalpha() for c in text)


def make_line(page: int, words: list[RawWord]) -> Line:
    """A line of words; its style and baseline are those of most of its characters."""
    w = words[0]
    style = w.style
    if len(words) == 1:
        return Line(page, words, w.x0, w.top, w.x1, w.bottom, w.base, style)
    lefts, rights = [w[1] for w in words], [w[3] for w in words]
    if all(w[6] is style for w in words):
        tops, bottoms = [w[2] for w in words], [w[4] for w in words]
        return Line(page, words, min(lefts), min(tops), max(rights), max(bottoms), w.base, style)
    count: Counter[Style] = Counter()
    for word in words:
        count[word.style] += len(word.text)
    style = max(count, key=lambda s: count[s])
    main = [w for w in words if w.style.size == style.size] or words
    return Line(
        page, words, min(lefts), min(w.top for w in main), max(rights), max(w.bottom for w in main), main[0].base,
        style,
    )  # fmt: skip


def page_lines(page: RawPage) -> list[Line]:
    """All lines of a page in the order of the content stream; pieces of one line that the stream tears are rejoined."""
    runs: list[list[RawWord]] = []
    last: RawWord | None = None
    for word in _once(page.words):
        if last is not None and _continues(last, word):
            runs[-1].append(word)
        else:
            runs.append([word])
        last = word
    lines = [make_line(page.number, run) for run in runs]
    lines = _labels_joined(_spread_joined(_rejoined(lines)))
    _mark_underlines(page, lines)
    return lines


def _once(words: list[RawWord]) -> list[RawWord]:
    """The words without those printed twice at one place, a hair apart: shadows (of capitals, too) and fake bold."""
    seen: dict[str, list[RawWord]] = {}
    kept = []
    for word in words:
        text = word[0].lower()
        if len(text) > 2:  # the dots of a leader would be compared with each other for long
            twins = seen.get(text)
            if twins is None:
                seen[text] = [word]
            else:
                near = 0.3 * word.style.size
                if any(abs(t.base - word.base) < near and abs(t.x0 - word.x0) < near for t in twins):
                    continue
                twins.append(word)
        kept.append(word)
    return kept


def _continues(left: RawWord, right: RawWord) -> bool:
    a, b = left.style, right.style
    if a is b and left.base == right.base and not a.angle:  # nearly always
        size = max(a.size, 1.0)
        return -0.6 * size < right.x0 - left.x1 < 1.6 * size
    if a.angle != b.angle:
        return False
    size = max(a.size, b.size, 1.0)
    if a.angle in (90, 270):
        near = min(abs(right.top - left.bottom), abs(left.top - right.bottom))
        return abs(right.x0 - left.x0) < 0.5 * size and near < 1.2 * size
    raised = 0.7 if _is_mark(left, right) or _is_mark(right, left) else 0.45
    if abs(left.base - right.base) > raised * size:
        return False
    gap = right.x0 - left.x1
    return -0.6 * size < gap < 1.6 * size


def _is_mark(word: RawWord, beside: RawWord) -> bool:
    """Whether a word is a small raised figure beside another: some word processors raise them by half a line."""
    small = word.style.size < 0.8 * beside.style.size and word.base < beside.base
    return small and len(word.text) < 4 and word.text.isdigit()


def _rejoined(lines: list[Line]) -> list[Line]:
    """Neighbouring pieces on one baseline in stream order, close enough to be one line, as one line."""
    done: list[Line] = []
    for line in lines:
        for other in reversed(done[-6:]):
            if line.style.angle or other.style.angle or abs(line.base - other.base) > 0.35 * other.style.size:
                continue
            gap = max(line.x0 - other.x1, other.x0 - line.x1)
            if -0.3 * other.style.size < gap < 0.9 * other.style.size:
                words = sorted(other.words + line.words, key=lambda w: w.x0)
                done[done.index(other)] = make_line(line.page, words)
                break
        else:
            done.append(line)
    return done


def _spread_joined(lines: list[Line]) -> list[Line]:
    """A justified line whose words stand so far apart that they came out as lines of their own, as one line.

    All its gaps are alike, unlike a tabulator's, and the line above or below covers them, unlike a table's.
    """
    rows: list[list[Line]] = []
    for line in lines:
        if rows and _on_one_row(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    if len(rows) == len(lines):
        return lines
    whole = [r[0] if len(r) == 1 else make_line(r[0].page, [w for part in r for w in part.words]) for r in rows]
    done: list[Line] = []
    for number, row in enumerate(rows):
        spread = len(row) > 1 and _is_spread(whole[number], whole[max(number - 1, 0) : number + 2])
        done += [whole[number]] if spread else row
    return done


def _on_one_row(left: Line, right: Line) -> bool:
    size = left.style.size
    same = left.style.size == right.style.size and not left.style.angle and not right.style.angle
    return same and abs(left.base - right.base) < 0.1 * size and 0 < right.x0 - left.x1 < 8 * size


def _is_spread(row: Line, beside: list[Line]) -> bool:
    gaps = [b.x0 - a.x1 for a, b in pairwise(row.words)]
    size = row.style.size
    if len(gaps) < 3 or min(gaps) < 0.6 * size or max(gaps) > 1.6 * min(gaps) or row.text[:1].isdigit():
        return False
    return any(
        abs(i.base - row.base) < 2 * size and i.x0 < row.x0 + size and i.x1 > row.x1 - 4 * size
        and len(i.words) > len(row.words) and i.style.size == size
        for i in beside
    )  # fmt: skip


def _labels_joined(lines: list[Line]) -> list[Line]:
    """A list's number or bullet, a heading's number, "Abb. 3:" with the text that stands to its right on the row.

    They are set off by a tabulator, and often painted apart, so neither gap nor stream order holds them together. A
    bare number is a heading's where both are set alike and unlike most of the page.
    """
    labels = [i for i in lines if len(i.words) <= 3 and not i.style.angle and LABEL.match(i.text)]
    numbers = [i for i in lines if len(i.words) == 1 and not i.style.angle and _NUMBER.match(i.text)]
    main = _main_style(lines) if numbers else None
    # From right to left: "1." before "a)" before the text takes the line that "a)" has become.
    for label in sorted(labels + [i for i in numbers if _type(i.style) != main], key=lambda i: -i.x0):
        size = label.style.size
        right = [
            i for i in lines
            if i is not label and abs(i.base - label.base) < 0.3 * size and -1 < i.x0 - label.x1 < 5 * size
            and not i.style.angle and any(c.isalpha() for c in i.text)
        ]  # fmt: skip
        text = min(right, key=lambda i: i.x0, default=None)
        if text is not None and (not _NUMBER.match(label.text) or _type(text.style) == _type(label.style)):
            joined = make_line(label.page, label.words + text.words)
            joined.style, joined.base = text.style, text.base
            lines = [joined if i is text else i for i in lines if i is not label]
    return lines


def _type(style: Style) -> tuple[float, str, bool]:
    return style.size, style.font, style.bold


def _main_style(lines: list[Line]) -> tuple[float, str, bool]:
    """The type of most characters."""
    count: Counter[tuple[float, str, bool]] = Counter()
    for line in lines:
        count[_type(line.style)] += len(line.text)
    return max(count, key=lambda t: count[t])


def _mark_underlines(page: RawPage, lines: list[Line]) -> None:
    """Lines with a horizontal rule just under at least 85 % of their width, that is not much longer than they are."""
    rules = [r for r in page.rules if r[3] - r[1] < 2.5 and r[2] - r[0] > 8]
    if not rules or len(rules) > 3000:
        return
    for line in lines:
        size = line.style.size
        covered = 0.0
        for x0, top, x1, _ in rules:
            if -0.1 * size < top - line.base < 0.28 * size and x0 > line.x0 - size and x1 < line.x1 + size:
                covered += min(x1, line.x1) - max(x0, line.x0)
        line.underlined = covered > 0.85 * (line.x1 - line.x0)


def ends_in_leader(line: Line) -> bool:
    """Whether a dotted leader runs at the line's end, as in tables of contents."""
    return bool(_DOTS.search(line.text))


def reading_order(lines: list[Line], width: float) -> list[Line]:
    """The lines in reading order.

    Stream order is kept unless it jumps: goes up inside one column, or goes back left across a gutter. Then the page
    is cut recursively at its widest white bands (XY-cut), with columns before rows where the gutter runs through.
    """
    if len(lines) < 3 or not _jumps(lines):
        return lines
    return _cut(lines, width, 0)


def _jumps(lines: list[Line]) -> bool:
    jumps = 0
    for above, below in pairwise(lines):
        overlap = min(above.x1, below.x1) - max(above.x0, below.x0)
        if overlap > 0 and below.base < above.base - 0.8 * below.style.size:
            jumps += 1
    return jumps > 0 or _zigzags(lines)


def _zigzags(lines: list[Line]) -> bool:
    """Whether two columns of text were painted row by row: right and back left again, with phrases on both sides.

    A table without rules is painted the same way, but its cells are short; there the rows are the right order.
    """
    rights = [
        (a, b) for a, b in pairwise(lines) if abs(a.base - b.base) < 0.3 * a.style.size and b.x0 > a.x1 and not a.role
    ]
    if len(rights) < 3:
        return False
    sides = ([len(pair[side].words) for pair in rights] for side in (0, 1))
    return all(sum(side) >= 3.5 * len(side) for side in sides)


def _cut(lines: list[Line], width: float, depth: int) -> list[Line]:
    if len(lines) < 2 or depth > 12:
        return sorted(lines, key=lambda i: (round(i.base / 3), i.x0))
    column = _gap([(i.x0, i.x1) for i in lines], 0.9 * _size(lines))
    row = _gap([(i.top, i.bottom) for i in lines], 0.35 * _size(lines))
    if column is not None and _both_tall(lines, column):
        left = [i for i in lines if i.x1 <= column]
        right = [i for i in lines if i.x1 > column]
        return _cut(left, width, depth + 1) + _cut(right, width, depth + 1)
    if row is not None:
        upper = [i for i in lines if i.bottom <= row]
        lower = [i for i in lines if i.bottom > row]
        return _cut(upper, width, depth + 1) + _cut(lower, width, depth + 1)
    return sorted(lines, key=lambda i: (round(i.base / 3), i.x0))


def _size(lines: list[Line]) -> float:
    sizes = sorted(i.style.size for i in lines)
    return sizes[len(sizes) // 2]


def _both_tall(lines: list[Line], x: float) -> bool:
    left = [i for i in lines if i.x1 <= x]
    right = [i for i in lines if i.x1 > x]
    return len(left) >= 2 and len(right) >= 2


def _gap(spans: list[tuple[float, float]], least: float) -> float | None:
    """The end of the widest white band between spans, if at least `least` wide."""
    spans = sorted(spans)
    best, where, reach = least, None, spans[0][1]
    for start, end in spans:
        if start - reach > best:
            best, where = start - reach, (start + reach) / 2
        reach = max(reach, end)
    return where
