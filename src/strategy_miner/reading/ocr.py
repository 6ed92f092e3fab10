"""The door to tesseract: words with boxes from a rendered page."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.reading.confine import die_with_parent
from strategy_miner.reading.raster import dark_on_light, stroke_width, tinted_areas, without_leaders, without_rules
from strategy_miner.reading.raw import OCR_FONT, RawPage, RawWord, Rect
from strategy_miner.reading.tsv import words_from_tsv

if TYPE_CHECKING:
    from PIL.Image import Image

SECONDS = 120  # for one page; a full page takes two to three
LEADER = "......"  # how a row of dots is written
SAME_SIZE = 0.12  # share by which the measured sizes of one type differ from line to line


@cache
def available() -> bool:
    """Whether tesseract with German is installed."""
    if shutil.which("tesseract") is None:
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)
    return "deu" in listed.stdout.split()


@cache
def installed() -> str:
    """The version of tesseract; "none" where pages cannot be read by OCR."""
    if not available():
        return "none"
    said = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=False)
    return (said.stdout or said.stderr).partition("\n")[0].strip()


def read_image(page: RawPage, picture: Image, dpi: int, least_line: int = 1) -> RawPage:
    """The page with the words tesseract finds (`--psm 1`: it finds columns and turned pages itself).

    A page that tesseract cannot do comes back with engine "none" and the reason.
    """
    rules: list[Rect] = []
    leaders: list[Rect] = []
    picture = dark_on_light(picture, dpi)
    if least_line == 1:  # beside text, the lines of the page are known from the file itself
        page.fills = tinted_areas(picture, dpi)
        picture, rules = without_rules(picture, dpi)
        picture, leaders = without_leaders(picture, dpi)
    with tempfile.TemporaryDirectory(prefix="strategy-miner-") as folder:
        image = Path(folder) / "page.png"
        picture.save(image)
        # Sauvola's threshold (2) keeps faint text on noisy or uneven ground that tesseract's own loses.
        options = ["-l", "deu", "--psm", "1", "--dpi", str(dpi), "-c", "thresholding_method=2", "tsv"]
        command = ["tesseract", str(image), "-", *options]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=True, timeout=SECONDS,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"}, preexec_fn=die_with_parent,
            )  # fmt: skip
        except (subprocess.SubprocessError, OSError) as error:
            page.engine, page.reason = "none", f"tesseract failed: {type(error).__name__}"
            return page
    page.engine, page.rules = "tesseract", rules
    words, page.confidence = words_from_tsv(done.stdout, 72 / dpi, least_line, _strokes(picture, dpi))
    page.words = _with_leaders(words, leaders)
    return page


def _with_leaders(words: list[RawWord], leaders: list[Rect]) -> list[RawWord]:
    """The words with each row of dots after the word it follows: contents pages are known by them."""
    done = list(words)
    for x0, top, x1, bottom in leaders:
        before = [w for w in words if w.x1 <= x0 + 2 and abs(w.base - bottom) < 0.4 * w.style.size]
        if before:
            last = max(before, key=lambda w: w.x1)
            word = last._replace(
                text=LEADER, x0=round(x0, 2), top=round(top, 2), x1=round(x1, 2), bottom=round(bottom, 2)
            )
            done.insert(done.index(last) + 1, word)
    return done


def _strokes(picture: Image, dpi: int) -> Callable[[Rect], float]:
    """Tells how thick the letters in a box of the page are, both in points."""
    import numpy as np

    pixels = np.asarray(picture.convert("L"))

    def stroke(box: Rect) -> float:
        x0, top, x1, bottom = (round(v * dpi / 72) for v in box)
        return stroke_width(pixels[max(top - 1, 0) : bottom + 1, max(x0 - 1, 0) : x1 + 1]) * 72 / dpi

    return stroke


def with_even_sizes(pages: list[RawPage]) -> list[RawPage]:
    """The pages with OCR's type sizes that lie close together made equal over the document.

    Tesseract tells heights of letters, not type sizes; what is set alike comes out some points apart. The usual size
    takes in a fifth around it, the others are grouped from the largest down. Type larger than the usual is set in one
    weight, that of most of its letters.
    """
    read = [w for page in pages if page.engine == "tesseract" for w in page.words if w.style.font == OCR_FONT]
    counts: Counter[float] = Counter()
    for word in read:
        counts[word.style.size] += len(word.text)
    if not counts:
        return pages
    even = _even(counts)
    usual = max(even.values(), key=lambda size: sum(n for s, n in counts.items() if even[s] == size))
    weights: Counter[float] = Counter()
    for word in read:
        weights[even[word.style.size]] += len(word.text) * (1 if word.style.bold else -1)
    styles = {}
    for style in {w.style: None for w in read}:
        size = even[style.size]
        styles[style] = style._replace(size=size, bold=weights[size] > 0 if size > usual else style.bold)
    return [
        replace(page, words=[w._replace(style=styles.get(w.style, w.style)) for w in page.words])
        if page.engine == "tesseract"
        else page
        for page in pages
    ]


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
