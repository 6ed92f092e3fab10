"""Tesseract's table -> words with their type size, baseline and the way their line runs."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from strategy_miner.reading.raw import OCR_FONT, RawWord, Rect, Style
from strategy_miner.reading.turning import Turn

LEAST_CONFIDENCE = 30.0  # of a word; below it tesseract guesses at specks
LINE_CONFIDENCE = 50.0  # of a line on average; below it tesseract reads bars of a chart or a pattern
_BULLETS = frozenset("»«*+°©®¢eo")  # what tesseract makes of the round or square bullet before an item
_BARS = re.compile(r"[|_=~^\\‚‘`´¦\[\]{}<>.:;,'\"]*")
_CO2 = re.compile(r"\bCO[,;z»›](?=$|[-‐–])")


class Seen(NamedTuple):
    """A word as tesseract saw it: its box in points on the page as shown, and how sure it is, from 0 to 100."""

    text: str
    box: Rect
    sure: float


def words_from_tsv(tsv: str, scale: float, least_line: int = 1) -> tuple[list[RawWord], float]:
    """Words of tesseract's TSV in points, and how sure it is of the letters it saw, from 0 to 1.

    The letters of words that are left out count too: what is illegible is mostly left out. Beside the character error
    rate of worse and worse scans this is .94 at .01 errors, .84 at .05 and .7 at .15 (pipeline.evaluate_ocr).
    With `least_line` above 1 only lines of so many words stay, most of them of three letters and surely read: in a
    picture beside text the rest are labels of a chart or noise.
    """
    rows = [line.split("\t") for line in tsv.splitlines()[1:]]
    width, height = next(((int(r[8]) * scale, int(r[9]) * scale) for r in rows if r[0] == "1"), (0.0, 0.0))
    lines: dict[tuple[str, ...], list[Seen]] = {}
    for r in rows:
        if len(r) == 12 and r[0] == "5" and not _BARS.fullmatch(r[11].strip()):
            lines.setdefault(tuple(r[2:5]), []).append(_seen(r, scale))
    every = [line for line in lines.values() if least_line == 1 or _is_text(line, least_line)]
    kept = [[w for w in line if w.sure >= LEAST_CONFIDENCE] for line in every]
    kept = [line for line in kept if line and sum(w.sure for w in line) >= LINE_CONFIDENCE * len(line)]
    usual = _page_angle(kept)
    words = [w for line in kept for w in _line_words(line, Turn(_line_angle(line, usual), width, height))]
    return words, _confidence([w for line in every for w in line])


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


def _line_words(line: list[Seen], turn: Turn) -> list[RawWord]:
    """The words of one line, with its type size and baseline."""
    boxes = [turn.upright(w.box) for w in line]
    sizes: Counter[float] = Counter()
    for word, box in zip(line, boxes, strict=True):
        sizes[(box[3] - box[1]) / letter_height(word.text)] += len(word.text)
    every = sorted(sizes.elements())
    size = round(2 * every[len(every) // 2]) / 2
    style = Style(size, OCR_FONT, False, False, turn.angle, 0, False)
    low = sorted(box[3] for box in boxes)
    base = low[len(low) // 3]
    words = []
    for n, (word, box) in enumerate(zip(line, boxes, strict=True)):
        text = "•" if n == 0 and word.text in _BULLETS and len(line) > 1 else _CO2.sub("CO2", word.text)
        if turn.angle:
            # A turned word tells its baseline by its box alone (turning.turned), so all of the line get one alike.
            box = turn.shown((box[0], base - 0.78 * size, box[2], base + 0.22 * size))
        words.append(RawWord(text, *box, base, style))
    return words


def letter_height(word: str) -> float:
    """How high the letters of a word reach together, as a share of the type size: "nun" less than "Tag"."""
    tall = any(ch.isupper() or ch.isdigit() or ch in "bdfhijkltßäöü!?()/&%" for ch in word)
    deep = any(ch in "gjpqyQ,;()" for ch in word)
    return (0.72 if tall else 0.50) + (0.21 if deep else 0.0)


def _is_text(line: list[Seen], least: int) -> bool:
    letters = [w.text.strip(".,;:()-") for w in line]
    wordlike = sum(len(w) >= 3 and w.isalpha() for w in letters)
    sure = sum(w.sure for w in line)
    return len(line) >= least and wordlike >= 0.5 * len(line) and sure >= 75 * len(line)
