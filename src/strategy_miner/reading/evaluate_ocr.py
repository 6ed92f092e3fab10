"""How well scans are read: pages with a text layer are made into pictures, damaged, and read as any PDF is.

The text layer of the same page, read alone, is the truth; so what layout does wrong on both sides costs nothing, what
it does wrong on the picture only (order, hyphens, lost words) does.
"""

from __future__ import annotations

import random
import re
import statistics
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.errors import ReadingError
from strategy_miner.reading import ocr_available, read
from strategy_miner.reading.evaluate import NOT_BODY, common, cpu_seconds, f1, tokens
from strategy_miner.reading.lines import BULLETS
from strategy_miner.reading.process import rendered
from strategy_miner.reading.raw import Rect
from strategy_miner.reading.turning import Turn
from strategy_miner.records import Block, Page
from strategy_miner.settings import ExtractSettings
from strategy_miner.text import ligatures_resolved

if TYPE_CHECKING:
    from PIL.Image import Image

PAGES = 10
LEAST_WORDS = 200  # of a body page
MOST_TABLE = 0.2  # share of its words in tables and contents
BAD = 0.05  # character error rate from which a page must be called doubtful
_SIGNS = str.maketrans("‐‑–—„“”‟«»‚‘’‛", '----""""""\'\'\'\'')
_BULLET = re.compile(rf"(?m)^[{BULLETS}-]\s+")


@dataclass(frozen=True, slots=True)
class Damage:
    """What a scanner does to a page: `turn` in degrees counter-clockwise, `skew` at most, `noise` in grey values."""

    name: str
    dpi: int = 200
    turn: int = 0
    skew: float = 0.8
    blur: float = 0.6
    noise: float = 8.0
    jpeg: int = 40
    levels: int = 256
    inverted: bool = False


SCAN = Damage("scan")
# The worse a scan, the worse its reading: what tells whether the confidence foretells the errors.
WORSE = (
    Damage("photocopy", blur=1.2, noise=25.0, jpeg=25), Damage("fax, 100 dpi", dpi=100, levels=2),
    Damage("100 dpi", dpi=100, blur=0.7, noise=15.0, jpeg=30), Damage("90 dpi", dpi=90, blur=0.8, noise=20.0, jpeg=25),
    Damage("80 dpi", dpi=80, blur=0.9, noise=25.0, jpeg=20),
)  # fmt: skip
TURNS = tuple(replace(SCAN, name=f"turned {turn}", turn=turn) for turn in (90, 180, 270))
OTHERS = (
    Damage("150 dpi", dpi=150), Damage("300 dpi", dpi=300), Damage("white on black", inverted=True),
    Damage("fax, 1 bit", levels=2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """A page with a text layer: its file, number, true body text, and the boxes of what is no body."""

    path: Path
    page: int
    text: str
    aside: tuple[Rect, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """One damaged page as read. `errors` is the character error rate of the body, `words` the ordered word F1."""

    sample: Sample
    damage: Damage
    errors: float
    words: float
    seconds: float
    confidence: float
    grade: str


def normalised(text: str) -> str:
    """One line; dashes, quotes and bullets of one kind, ligatures resolved: what a reader would not call an error."""
    text = ligatures_resolved(unicodedata.normalize("NFC", text)).translate(_SIGNS)
    return " ".join(_BULLET.sub("", text).split())


def distance(left: str, right: str) -> int:
    """Levenshtein distance, bit-parallel (Hyyrö 2003 after Myers 1999): one column of bits in a Python integer."""
    where: dict[str, int] = {}
    for index, sign in enumerate(left):
        where[sign] = where.get(sign, 0) | (1 << index)
    mask, top = (1 << len(left)) - 1, 1 << max(len(left) - 1, 0)
    up, down, score = mask, 0, len(left)
    if not left:
        return len(right)
    for sign in right:
        hit = where.get(sign, 0) | down
        same = (((hit & up) + up) ^ up) | hit
        right_up, right_down = down | ~(same | up), up & same
        score += bool(right_up & top) - bool(right_down & top)
        right_up, right_down = (right_up << 1) | 1, right_down << 1
        up, down = (right_down | ~(same | right_up)) & mask, right_up & same & mask
    return score


def samples(folder: Path, settings: ExtractSettings, seed: int) -> list[Sample]:
    """Ten body pages of folder/pdf: one of each file, those with a reference text first, then a second of each."""
    paths = sorted((folder / "pdf").glob("*.pdf"), key=lambda p: (not any((folder / "text").glob(p.stem + ".*")), p))
    drawn: list[tuple[int, int, Sample]] = []
    for number, path in enumerate(paths):
        pages = read(path, replace(settings, ocr=False), bookmarks=False)
        fit = [page for page in pages if _is_body(page)]
        random.Random(f"{seed} {path.stem}").shuffle(fit)
        drawn += [(turn, number, _sample(path, page, settings)) for turn, page in enumerate(fit[:2])]
    if not drawn:
        raise ReadingError("has no pdf/*.pdf with body pages", str(folder), "Give the folder that holds pdf/.")
    return [sample for *_, sample in sorted(drawn, key=lambda d: d[:2])[:PAGES]]


def _is_body(page: Page) -> bool:
    words = {
        kind: sum(len(b.words) for b in page.blocks if (b.kind in ("table", "toc")) is kind) for kind in (True, False)
    }
    return page.engine == "pdfium" and words[False] >= LEAST_WORDS and words[True] <= MOST_TABLE * words[False]


def _sample(path: Path, page: Page, settings: ExtractSettings) -> Sample:
    import pypdfium2

    aside = tuple(box[1:] for b in page.blocks if b.kind in NOT_BODY for box in b.boxes)
    with tempfile.TemporaryDirectory(prefix="strategy-miner-") as folder:
        alone = Path(folder) / "page.pdf"
        source, target = pypdfium2.PdfDocument(path), pypdfium2.PdfDocument.new()
        target.import_pages(source, [(page.page or 1) - 1])
        target.save(alone)
        target.close()
        source.close()
        (read_alone,) = read(alone, replace(settings, ocr=False))
    return Sample(path, page.page or 1, _body(read_alone, aside), aside)


def _body(page: Page, aside: Sequence[Rect]) -> str:
    return normalised("\n".join(b.text for b in page.blocks if b.words and not _is_aside(b, aside)))


def _is_aside(block: Block, aside: Sequence[Rect]) -> bool:
    """Whether a block stands where the page has furniture; one page alone does not show what is furniture."""
    x, y = (
        statistics.mean((w.x0 + w.x1) / 2 for w in block.words),
        statistics.mean(w.top + w.bottom for w in block.words) / 2,
    )
    return any(a[0] - 8 <= x <= a[2] + 8 and a[1] - 8 <= y <= a[3] + 8 for a in aside)


def scanned(sample: Sample, damage: Damage, seed: int) -> Image:
    """The page as a picture that a scanner might give; the same for the same seed."""
    import numpy as np
    from PIL import Image as Pictures
    from PIL import ImageFilter, ImageOps

    chance = random.Random(f"{seed} {sample.path.stem} {sample.page}")
    skew = chance.choice((-1, 1)) * chance.uniform(0.4, 1.0) * damage.skew
    picture = rendered(sample.path, sample.page, damage.dpi / 72).convert("L")
    if damage.inverted:
        picture = ImageOps.invert(picture)
    ground = picture.getpixel((2, 2))
    picture = picture.rotate(skew, Pictures.Resampling.BICUBIC, fillcolor=ground).rotate(damage.turn, expand=True)
    picture = picture.filter(ImageFilter.GaussianBlur(damage.blur))
    grain = np.random.default_rng(chance.randrange(2**32)).normal(0.0, damage.noise, picture.size[::-1])
    pixels = np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8)
    if damage.levels == 2:
        return Pictures.fromarray(pixels > 150)
    return Pictures.fromarray(pixels)


def read_damaged(sample: Sample, damage: Damage, settings: ExtractSettings, seed: int) -> Result:
    """The sample's page damaged, wrapped into a PDF, read, and compared with its text layer."""
    with tempfile.TemporaryDirectory(prefix="strategy-miner-") as folder:
        path = Path(folder) / "scan.pdf"
        picture = scanned(sample, damage, seed)
        options = {"quality": damage.jpeg} if damage.levels > 2 else {}  # one bit: CCITT, as a fax
        picture.save(path, "PDF", resolution=damage.dpi, **options)
        start = cpu_seconds()
        (page,) = read(path, replace(settings, ocr=True))
        seconds = cpu_seconds() - start
    turn = Turn(damage.turn, page.width, page.height)
    text = _body(page, [turn.shown(box) for box in sample.aside])
    truth, found = tokens(sample.text), tokens(text)
    both = common(truth, found)
    words = f1(both / max(len(found), 1), both / len(truth)) or 0.0
    errors = distance(sample.text, text) / len(sample.text)
    return Result(sample, damage, errors, words, seconds, page.confidence or 0.0, page.grade)


def planned(pages: Sequence[Sample]) -> Iterator[tuple[Sample, Damage]]:
    """What is measured: every page as a usual scan, one turned, two at other resolutions, three worse and worse."""
    yield from ((page, SCAN) for page in pages)
    yield from ((pages[0], damage) for damage in TURNS)
    yield from ((page, damage) for damage in OTHERS for page in pages[2:4])
    yield from ((page, damage) for damage in WORSE for page in (pages[1], pages[4], pages[8]) if len(pages) == PAGES)


def evaluate(folder: Path, settings: ExtractSettings, seed: int) -> list[Result]:
    """The results of `planned` for the samples of a folder. Raises ReadingError if tesseract is not there."""
    if not ocr_available():
        raise ReadingError("cannot be measured", "OCR", "Install tesseract-ocr and tesseract-ocr-deu.")
    return [read_damaged(page, damage, settings, seed) for page, damage in planned(samples(folder, settings, seed))]


def table(results: Sequence[Result]) -> str:
    """The results as Markdown: every page, the median of the usual scans, how well the grade foretells the errors."""
    head = "document | page | damage | CER | word F1 | s | confidence | grade"
    rows = [f"| {head} |", "|---" * 3 + "|---:" * 4 + "|---|"]
    for r in results:
        figures = f"{r.errors:.4f} | {r.words:.3f} | {r.seconds:.1f} | {r.confidence:.2f} | {r.grade}"
        rows.append(f"| {r.sample.path.stem} | {r.sample.page} | {r.damage.name} | {figures} |")
    usual = [r for r in results if r.damage == SCAN]
    bad, good = ([r for r in results if (r.errors > BAD) is is_bad] for is_bad in (True, False))
    rows.append(
        f"\nUsual scans: median CER {statistics.median(r.errors for r in usual):.4f}, median "
        f"{statistics.median(r.seconds for r in usual):.1f} s of processor time a page. Of {len(bad)} pages with a CER "
        f"above {BAD} {sum(r.grade != 'read' for r in bad)} are called doubtful or unread, of {len(good)} others "
        f"{sum(r.grade != 'read' for r in good)}."
    )
    return "\n".join(rows)
