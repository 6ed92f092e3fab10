"""The door to tesseract: words with boxes from a rendered page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.reading.confine import die_with_parent
from strategy_miner.reading.raster import tinted_areas, without_rules
from strategy_miner.reading.raw import OCR_FONT, RawPage, RawWord, Rect, Style

if TYPE_CHECKING:
    from PIL.Image import Image

SECONDS = 120  # for one page; a full page takes two to three
LEAST_CONFIDENCE = 30.0  # of a word; below it tesseract guesses at specks
LINE_CONFIDENCE = 50.0  # of a line on average; below it tesseract reads bars of a chart or a pattern
SAME_SIZE = 0.12  # share by which the measured sizes of one type differ from line to line
_BULLETS = frozenset("»«*+°©®¢")  # what tesseract makes of the round or square bullet before an item
_BARS = re.compile(r"[|_=~^\\‚‘`´¦\[\]{}<>.:;,'\"]+")


@cache
def available() -> bool:
    """Whether tesseract with German is installed."""
    if shutil.which("tesseract") is None:
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)
    return "deu" in listed.stdout.split()


def read_image(page: RawPage, picture: Image, dpi: int, least_line: int = 1) -> RawPage:
    """The page with the words tesseract finds (`--psm 1`: it finds columns and turned pages itself).

    A page that tesseract cannot do comes back with engine "none" and the reason.
    """
    rules: list[Rect] = []
    if least_line == 1:  # beside text, the lines of the page are known from the file itself
        page.fills = tinted_areas(picture, dpi)
        picture, rules = without_rules(picture, dpi)
    with tempfile.TemporaryDirectory(prefix="strategy-miner-") as folder:
        image = Path(folder) / "page.png"
        picture.save(image)
        command = ["tesseract", str(image), "-", "-l", "deu", "--psm", "1", "--dpi", str(dpi), "tsv"]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=True, timeout=SECONDS,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"}, preexec_fn=die_with_parent,
            )  # fmt: skip
        except (subprocess.SubprocessError, OSError) as error:
            page.engine, page.reason = "none", f"tesseract failed: {type(error).__name__}"
            return page
    page.engine, page.rules = "tesseract", rules
    page.words, page.confidence = words_from_tsv(done.stdout, 72 / dpi, least_line)
    return page


def words_from_tsv(tsv: str, scale: float, least_line: int = 1) -> tuple[list[RawWord], float]:
    """Words of tesseract's TSV in points, and their mean confidence from 0 to 1.

    With `least_line` above 1 only lines of so many words stay, most of them of three letters and surely read: in a
    picture beside text the rest are labels of a chart or noise.
    """
    rows = [line.split("\t") for line in tsv.splitlines()[1:]]
    rows = [r for r in rows if len(r) == 12 and r[0] == "5" and r[11].strip() and float(r[10]) >= LEAST_CONFIDENCE]
    lines: dict[tuple[str, ...], list[list[str]]] = {}
    for r in rows:
        if not _BARS.fullmatch(r[11]):
            lines.setdefault(tuple(r[2:5]), []).append(r)
    kept = [line for line in lines.values() if sum(float(r[10]) for r in line) >= LINE_CONFIDENCE * len(line)]
    if least_line > 1:
        kept = [line for line in kept if _is_text(line, least_line)]
    words = [word for line in kept for word in _line_words(line, scale)]
    sure = sum(float(r[10]) for line in kept for r in line) / (100 * len(words)) if words else 0.0
    return words, round(sure, 3)


def _line_words(rows: list[list[str]], scale: float) -> list[RawWord]:
    """The words of one line, with its type size and baseline."""
    sizes = sorted(int(r[9]) * scale / letter_height(r[11]) for r in rows for _ in r[11])
    size = round(2 * sizes[len(sizes) // 2]) / 2
    style = Style(size, OCR_FONT, False, False, 0, 0, False)
    low = sorted((int(r[7]) + int(r[9])) * scale for r in rows)
    base = round(low[len(low) // 3], 2)
    words = []
    for r in rows:
        x0, top, width, height = (int(v) * scale for v in r[6:10])
        box = round(x0, 2), round(top, 2), round(x0 + width, 2), round(top + height, 2)
        words.append(RawWord("•" if r is rows[0] and r[11] in _BULLETS and len(rows) > 1 else r[11], *box, base, style))
    return words


def letter_height(word: str) -> float:
    """How high the letters of a word reach together, as a share of the type size: "nun" less than "Tag"."""
    tall = any(ch.isupper() or ch.isdigit() or ch in "bdfhijkltßäöü!?()/&%" for ch in word)
    deep = any(ch in "gjpqyQ,;()" for ch in word)
    return (0.72 if tall else 0.50) + (0.21 if deep else 0.0)


def _is_text(line: list[list[str]], least: int) -> bool:
    letters = [r[11].strip(".,;:()-") for r in line]
    wordlike = sum(len(w) >= 3 and w.isalpha() for w in letters)
    sure = sum(float(r[10]) for r in line)
    return len(line) >= least and wordlike >= 0.5 * len(line) and sure >= 75 * len(line)


def with_even_sizes(pages: list[RawPage]) -> list[RawPage]:
    """The pages with OCR's type sizes that lie close together made equal over the document.

    Tesseract tells heights of letters, not type sizes; what is set alike comes out some points apart. The usual size
    takes in a fifth around it, the others are grouped from the largest down.
    """
    counts: Counter[float] = Counter()
    for page in pages:
        if page.engine == "tesseract":
            for word in page.words:
                counts[word.style.size] += len(word.text) * (word.style.font == OCR_FONT)
    if not counts.total():
        return pages
    even = _even(counts)
    done = []
    for page in pages:
        if page.engine == "tesseract":
            words = [
                w._replace(style=w.style._replace(size=even[w.style.size])) if w.style.font == OCR_FONT else w
                for w in page.words
            ]
            page = replace(page, words=words)
        done.append(page)
    return done


def _even(counts: Counter[float]) -> dict[float, float]:
    """For each measured size the one it stands for."""
    every = sorted(counts.elements())
    usual = every[len(every) // 2]
    even = {size: usual for size in counts if 0.8 * usual < size < 1.2 * usual}
    for larger in (True, False):
        rest = sorted((s for s in counts if s not in even and (s > usual) == larger), reverse=True)
        while rest:
            # The most frequent size draws its neighbours; a mean would drift along a chain of sizes.
            middle = max(rest, key=lambda s: (counts[s], s))
            near = [s for s in rest if abs(s - middle) <= SAME_SIZE * middle]
            even.update(dict.fromkeys(near, middle))
            rest = [s for s in rest if s not in near]
    return even
