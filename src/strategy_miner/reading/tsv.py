"""Tesseract's table -> words with their type size, baseline and the way their line runs."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from strategy_miner.reading.raw import OCR_FONT, RawWord, Rect, Style
from strategy_miner.reading.turning import Turn
from strategy_miner.text import FUNCTION_WORDS

LEAST_CONFIDENCE = 30.0  # of a word; below it tesseract guesses at specks
SURE_LINE = 75.0  # of a line, from which it vouches for its words
LINE_CONFIDENCE = 50.0  # of a line on average; below it tesseract reads bars of a chart or a pattern
BOLD = 1.2  # times the usual thickness of strokes; measured on 12 documents: regular to 1.17, bold from 1.24
BOLD_LINE = 1.15  # the same for a whole line
THICKER = 1.1  # times the usual thickness, whatever the size
_BULLETS = frozenset("»«*+°©®¢eo")  # what tesseract makes of the round or square bullet before an item
_BARS = re.compile(r"[|_=~^\\‚‘`´¦\[\]{}<>.:;,'\"]*")
_CO2 = re.compile(r"\bCO[,;z»›](?=$|[-‐–])")


class Seen(NamedTuple):
    """A word as tesseract saw it: its box in points on the page as shown, and how sure it is, from 0 to 100."""

    text: str
    box: Rect
    sure: float


Stroke = Callable[[Rect], float]  # thickness of the strokes in a box of the page, in points; 0 if unknown


def words_from_tsv(
    tsv: str, scale: float, least_line: int = 1, stroke: Stroke | None = None
) -> tuple[list[RawWord], float]:
    """Words of tesseract's TSV in points, and how sure it is of the letters it saw, from 0 to 1.

    The letters of words that are left out count too: what is illegible is mostly left out. Beside the character error
    rate of worse and worse scans this is .94 at .01 errors, .84 at .05 and .7 at .15 (pipeline.evaluate_ocr).

    With `least_line` above 1 only lines of so many words stay, most of them of three letters and surely read: in a
    picture beside text the rest are labels of a chart or noise. `stroke` tells bold words.
    """
    rows = [line.split("\t") for line in tsv.splitlines()[1:]]
    width, height = next(((int(r[8]) * scale, int(r[9]) * scale) for r in rows if r[0] == "1"), (0.0, 0.0))
    lines: dict[tuple[str, ...], list[Seen]] = {}
    for r in rows:
        if len(r) == 12 and r[0] == "5" and not _BARS.fullmatch(r[11].strip()):
            lines.setdefault(tuple(r[2:5]), []).append(_seen(r, scale))
    every = [line for line in lines.values() if least_line == 1 or _is_text(line, least_line)]
    kept = [[w for w in line if w.sure >= LEAST_CONFIDENCE or _is_vouched(w, line)] for line in every]
    kept = [line for line in kept if line and sum(w.sure for w in line) >= LINE_CONFIDENCE * len(line)]
    usual = _page_angle(kept)
    turns = [Turn(_line_angle(line, usual), width, height) for line in kept]
    upright = [[w._replace(box=turn.upright(w.box)) for w in line] for line, turn in zip(kept, turns, strict=True)]
    slope = _slope(upright)
    sizes = [_type_size(line, slope) for line in upright]
    bold = _bold(kept, sizes, stroke)
    words = [w for n, line in enumerate(upright) for w in _line_words(line, sizes[n], turns[n], bold[n])]
    return words, _confidence([w for line in every for w in line])


def _slope(lines: list[list[Seen]]) -> float:
    """How far the lines of a skewed page fall on a point's way to the right."""
    slopes = []
    for line in lines:
        level = [w.box for w in line if not _is_deep(w.text)]
        if len(level) > 2 and level[-1][2] - level[0][0] > 100 and level[-1][0] > level[0][0]:
            slopes.append((level[-1][3] - level[0][3]) / (level[-1][0] - level[0][0]))
    return statistics.median(slopes) if slopes else 0.0


def _type_size(line: list[Seen], slope: float) -> float:
    """The type size of a line in points: the middle one of what its letters' heights say.

    Capitals tell more than small letters, whose height differs more between typefaces.
    """
    measures = []
    for word in line:
        x0, top, x1, bottom = word.box
        height = bottom - top - abs(slope) * (x1 - x0)
        measures.append((not _is_tall(word.text), height / letter_height(word.text), len(word.text)))
    least = min(short for short, *_ in measures)
    return statistics.median_low([size for short, size, letters in measures if short == least for _ in range(letters)])


def _bold(lines: list[list[Seen]], sizes: list[float], stroke: Stroke | None) -> list[list[bool]]:
    """Which words have strokes thicker than most of the page: by themselves, or as a line, which varies less.

    Thicker both for their size and as such: in small type blur makes strokes thick for their size. A short word tells
    nothing and is like the one before it.
    """
    strokes = [[stroke(w.box) if stroke and letter_count(w.text) >= 3 else 0.0 for w in line] for line in lines]
    known = [(width, width / size) for line, size in zip(strokes, sizes, strict=True) for width in line if width]
    if not known:
        return [[False] * len(line) for line in lines]
    usual, relative = (statistics.median(k[n] for k in known) for n in (0, 1))
    done = []
    for line, widths, size in zip(lines, strokes, sizes, strict=True):
        least = max(BOLD * relative * size, THICKER * usual)
        letters = sum(len(w.text) for w, width in zip(line, widths, strict=True) if width)
        mean = sum(width * len(w.text) for w, width in zip(line, widths, strict=True)) / max(letters, 1)
        thin = min((width for width in widths if width), default=0.0) < relative * size
        whole = not thin and mean > max(BOLD_LINE * relative * size, THICKER * usual)
        first = next((width for width in widths if width), 0.0)
        flags: list[bool] = []
        for width in widths:
            flags.append(whole or (width or first) > least if width or not flags else flags[-1])
        done.append(flags)
    return done


def _is_vouched(word: Seen, line: list[Seen]) -> bool:
    """Whether an unsure word stays because its line is surely read and it looks like a word: the sentence needs it.

    Over 60 good and bad pages it keeps 22 right words and 6 wrong ones; left out are 54 right and 240 wrong ones.
    """
    letters = sum(len(w.text) for w in line)
    sure = sum(w.sure * len(w.text) for w in line) >= SURE_LINE * letters and len(line) >= 4
    text = word.text.strip(".,;:()-")
    return sure and text.isalpha() and (len(text) >= 4 or text.lower() in FUNCTION_WORDS)


def _confidence(seen: list[Seen]) -> float:
    letters = sum(letter_count(w.text) for w in seen)
    return round(sum(w.sure * letter_count(w.text) for w in seen) / (100 * letters), 3) if letters else 0.0


def letter_count(text: str) -> int:
    """How many of the signs are letters."""
    return sum(ch.isalpha() for ch in text)


def _seen(row: list[str], scale: float) -> Seen:
    x0, top, width, height = (int(v) * scale for v in row[6:10])
    return Seen(row[11], (round(x0, 2), round(top, 2), round(x0 + width, 2), round(top + height, 2)), float(row[10]))


def _sideways(line: list[Seen]) -> int:
    """Letters in boxes that are taller than wide, less those in wide ones: above 0 the line runs up or down."""
    return sum(
        len(w.text) if w.box[3] - w.box[1] > 1.2 * (w.box[2] - w.box[0]) else -len(w.text)
        for w in line
        if len(w.text) >= 3
    )


def _steps(line: list[Seen], axis: int) -> int:
    """How many words of a line begin after the one before along an axis, less those that begin before it."""
    return sum((b.box[axis] > a.box[axis]) - (b.box[axis] < a.box[axis]) for a, b in pairwise(line))


def _page_angle(lines: list[list[Seen]]) -> int:
    """How most of the page's text runs, in degrees counter-clockwise; tesseract gives boxes as the page is shown."""
    if sum(map(_sideways, lines)) > 0:
        return 90 if sum(_steps(line, 1) for line in lines) < 0 else 270
    return 180 if sum(_steps(line, 0) for line in lines) < 0 else 0


def _line_angle(line: list[Seen], usual: int) -> int:
    """The way one line runs: the letters beside the axis of a chart run up on an upright page."""
    sideways = _sideways(line)
    if sideways == 0 or (sideways > 0) == (usual in (90, 270)):
        return usual
    if sideways > 0:
        return 270 if _steps(line, 1) > 0 else 90
    return 180 if _steps(line, 0) < 0 else 0


def _line_words(line: list[Seen], size: float, turn: Turn, bold: list[bool]) -> list[RawWord]:
    """The words of one line, whose boxes are in its upright frame, on one baseline."""
    size = round(2 * size) / 2
    styles = [Style(size, OCR_FONT, heavy, False, turn.angle, 0, False) for heavy in (False, True)]
    low = sorted(w.box[3] for w in line)
    base = low[len(low) // 3]
    words = []
    for n, word in enumerate(line):
        text = "•" if n == 0 and word.text in _BULLETS and len(line) > 1 else _CO2.sub("CO2", word.text)
        # A turned word tells its baseline by its box alone (turning.turned), so all of the line get one alike.
        alike = word.box[0], base - 0.78 * size, word.box[2], base + 0.22 * size
        words.append(RawWord(text, *(turn.shown(alike) if turn.angle else word.box), base, styles[bold[n]]))
    return words


def letter_height(word: str) -> float:
    """How high the letters of a word reach together, as a share of the type size: "nun" less than "Tag"."""
    return (0.72 if _is_tall(word) else 0.50) + (0.21 if _is_deep(word) else 0.0)


def _is_tall(word: str) -> bool:
    return any(ch.isupper() or ch.isdigit() or ch in "bdfhijkltßäöü!?()/&%" for ch in word)


def _is_deep(word: str) -> bool:
    return any(ch in "gjpqyQ,;()" for ch in word)


def _is_text(line: list[Seen], least: int) -> bool:
    letters = [w.text.strip(".,;:()-") for w in line]
    wordlike = sum(len(w) >= 3 and w.isalpha() for w in letters)
    sure = sum(w.sure for w in line)
    return len(line) >= least and wordlike >= 0.5 * len(line) and sure >= 75 * len(line)
