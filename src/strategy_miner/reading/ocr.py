"""The door to tesseract: words with boxes from a rendered page."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.reading.raw import RawPage, RawWord, Style

if TYPE_CHECKING:
    from PIL.Image import Image

SECONDS = 120  # for one page; a full page takes two to three
LEAST_CONFIDENCE = 30.0  # of a word; below it tesseract guesses at specks


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
    with tempfile.TemporaryDirectory(prefix="strategy-miner-") as folder:
        image = Path(folder) / "page.png"
        picture.save(image)
        command = ["tesseract", str(image), "-", "-l", "deu", "--psm", "1", "--dpi", str(dpi), "tsv"]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=True, timeout=SECONDS,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )  # fmt: skip
        except (subprocess.SubprocessError, OSError) as error:
            page.engine, page.reason = "none", f"tesseract failed: {type(error).__name__}"
            return page
    page.engine = "tesseract"
    page.words, page.confidence = words_from_tsv(done.stdout, 72 / dpi, least_line)
    return page


def words_from_tsv(tsv: str, scale: float, least_line: int = 1) -> tuple[list[RawWord], float]:
    """Words of tesseract's TSV in points, and their mean confidence from 0 to 1.

    With `least_line` above 1 only lines of so many words stay, most of them of three letters and surely read: in a
    picture beside text the rest are labels of a chart or noise.


    The type size is the usual word height of the paragraph, since a single line's height depends on its letters.
    """
    rows = [line.split("\t") for line in tsv.splitlines()[1:]]
    rows = [r for r in rows if len(r) == 12 and r[0] == "5" and r[11].strip() and float(r[10]) >= LEAST_CONFIDENCE]
    if least_line > 1:
        rows = _text_lines(rows, least_line)
    heights: dict[tuple[str, str], list[float]] = {}
    bottoms: dict[tuple[str, ...], list[float]] = {}
    for r in rows:
        heights.setdefault((r[2], r[3]), []).append(int(r[9]) * scale)
        bottoms.setdefault(tuple(r[2:5]), []).append((int(r[7]) + int(r[9])) * scale)
    words = []
    for r in rows:
        tall = sorted(heights[r[2], r[3]])
        # Capital letters and ascenders reach about 0.72 of the type size.
        size = round(2 * tall[int(0.7 * (len(tall) - 1))] / 0.80) / 2
        low = sorted(bottoms[tuple(r[2:5])])
        base = round(low[len(low) // 3], 2)
        x0, top, width, height = (int(v) * scale for v in r[6:10])
        style = Style(size, "", False, False, 0, 0, False)
        words.append(
            RawWord(r[11], round(x0, 2), round(top, 2), round(x0 + width, 2), round(top + height, 2), base, style)
        )
    sure = sum(float(r[10]) for r in rows) / (100 * len(rows)) if rows else 0.0
    return words, round(sure, 3)


def _text_lines(rows: list[list[str]], least: int) -> list[list[str]]:
    lines: dict[tuple[str, ...], list[list[str]]] = {}
    for r in rows:
        lines.setdefault(tuple(r[2:5]), []).append(r)
    kept = []
    for line in lines.values():
        wordlike = sum(len(r[11].strip(".,;:()-")) >= 3 and r[11].strip(".,;:()-").isalpha() for r in line)
        if len(line) >= least and wordlike >= 0.5 * len(line) and sum(float(r[10]) for r in line) >= 75 * len(line):
            kept += line
    return kept


def with_even_sizes(pages: list[RawPage]) -> list[RawPage]:
    """The pages with OCR's type sizes within a fifth of the document's usual one made equal to it.

    Tesseract tells heights of letters, not type sizes; what is set alike comes out some points apart.
    """
    sizes: list[float] = []
    for page in pages:
        if page.engine == "tesseract":
            sizes += [w.style.size for w in page.words if not w.style.font for _ in w.text]
    if not sizes:
        return pages
    usual = sorted(sizes)[len(sizes) // 2]
    done = []
    for page in pages:
        words = [
            w._replace(style=w.style._replace(size=usual))
            if not w.style.font and 0.8 * usual < w.style.size < 1.22 * usual
            else w
            for w in page.words
        ]
        done.append(replace(page, words=words) if page.engine == "tesseract" else page)
    return done
