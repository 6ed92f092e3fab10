"""How well reading works on documents with a reference text: order, headings, furniture, hyphens, speed.

One fixed normalisation for both sides (`tokens`). Ordered figures rest on the longest common subsequence of words,
so a word in the wrong place counts as missing.
"""

from __future__ import annotations

import itertools
import re
import resource
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from strategy_miner.errors import ReadingError
from strategy_miner.reading import read
from strategy_miner.reading.contents import is_contents_title
from strategy_miner.reading.paragraphs import FURNITURE
from strategy_miner.records import Block, Page
from strategy_miner.settings import ExtractSettings
from strategy_miner.text import ligatures_resolved

NOT_BODY = (*FURNITURE, "toc")
SIMILAR = 0.88  # of two headings that count as the same
_TOKEN = re.compile(r"\w+(?:-\w+)*")
_MARK = re.compile(r'<!--\s*Page(?:Header|Footer|Number)="(.*?)"\s*-->')


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one document; None where it has no reference for them."""

    name: str
    pages: int
    seconds: float
    recall: float | None = None
    precision: float | None = None
    heading_precision: float | None = None
    heading_recall: float | None = None
    levels: float | None = None
    marked_precision: float | None = None
    cloud_precision: float | None = None
    cloud_recall: float | None = None
    hyphens: float | None = None
    leaked: float | None = None
    cut: float | None = None
    unread: int = 0


def tokens(text: str) -> list[str]:
    """Words in lower case without punctuation; hyphens inside a word count, all kinds of dash are one."""
    text = ligatures_resolved(unicodedata.normalize("NFC", text))
    return [t.lower() for t in _TOKEN.findall(re.sub("[‐‑–—]", "-", text).replace("_", " "))]


def common(left: Sequence[str], right: Sequence[str]) -> int:
    """Length of the longest common subsequence, bit-parallel (Hyyrö 2004): one row of bits in a Python integer."""
    where: dict[str, int] = {}
    for index, token in enumerate(left):
        where[token] = where.get(token, 0) | (1 << index)
    mask = (1 << len(left)) - 1
    row = mask
    for token in right:
        hit = row & where.get(token, 0)
        row = ((row + hit) | (row - hit)) & mask
    return len(left) - row.bit_count()


def markdown_text(markdown: str) -> str:
    """A reference's words without its markup."""
    text = re.sub(r"<!--.*?-->", " ", markdown, flags=re.DOTALL)
    text = re.sub(r"^---\n.*?\n---\n", "", text, flags=re.DOTALL)
    text = re.sub(r"</?[a-z][^>\n]*>", " ", text)
    text = re.sub(r"!?\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)", r"\1", text)
    text = re.sub(r"\\(?=\W)", "", text)
    return re.sub(r"[*_#|]+", " ", text.replace("~", ""))


def markdown_headings(markdown: str) -> list[tuple[int, str]]:
    """Level and text of the # headings of a reference."""
    found = re.findall(r"^(#{1,6})\s+(.*?)\s*#*$", markdown, flags=re.MULTILINE)
    return [(len(marks), " ".join(tokens(markdown_text(text)))) for marks, text in found]


def evaluate(folder: Path, settings: ExtractSettings, names: Iterable[str] = ()) -> list[Score]:
    """The scores of every PDF in folder/pdf, against folder/text; bookmarks are switched off."""
    wanted = set(names)
    paths = [p for p in sorted((folder / "pdf").glob("*.pdf")) if not wanted or p.stem in wanted]
    if not paths:
        raise ReadingError("has no pdf/*.pdf", str(folder), "Give the folder that holds pdf/ and text/.")
    return [_score(path, folder / "text", settings) for path in paths]


def cpu_seconds() -> float:
    """Processor time that this process and its ended children used so far."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def _score(path: Path, texts: Path, settings: ExtractSettings) -> Score:
    start = cpu_seconds()
    pages = read(path, settings, bookmarks=False)
    return score(path.stem, pages, texts, cpu_seconds() - start)


def score(name: str, pages: Sequence[Page], texts: Path, seconds: float = 0.0) -> Score:
    """The figures of read pages against the references in `texts` that bear the document's name."""
    figures: dict[str, float | None] = {}
    exact, cloud = texts / f"{name}.md", texts / f"{name}.azure.md"
    if exact.is_file():
        markdown = exact.read_text(encoding="utf-8")
        figures = _text_figures(pages, markdown) | heading_figures(pages, markdown)
    if cloud.is_file():
        markdown = cloud.read_text(encoding="utf-8")
        theirs = heading_figures(pages, markdown)
        figures |= _furniture_figures(pages, markdown)
        figures |= {"cloud_precision": theirs["heading_precision"], "cloud_recall": theirs["heading_recall"]}
    unread = sum(page.grade == "unread" for page in pages)
    return Score(name, len(pages), seconds, unread=unread, **figures)


def _blocks(pages: Sequence[Page]) -> list[Block]:
    return [block for page in pages for block in page.blocks]


def _text_figures(pages: Sequence[Page], markdown: str) -> dict[str, float | None]:
    truth = tokens(markdown_text(markdown))
    found = [t for b in _blocks(pages) if b.kind not in NOT_BODY for t in tokens(b.text)]
    both = common(truth, found)
    known = set(truth)
    right, total = 0, 0
    for block in _blocks(pages):
        if block.kind in NOT_BODY:
            continue
        formed = _formed(block)
        total += len(formed)
        right += sum(word in known for word in formed)
    return {
        "recall": both / len(truth), "precision": both / max(len(found), 1),
        "hyphens": right / total if total else None,
    }  # fmt: skip


def _formed(block: Block) -> list[str]:
    """The words of the block's text that a line-end hyphen went into, whichever way it was decided."""
    words = tokens(block.text)
    there = Counter(words)
    formed = []
    lines = block.raw.split("\n")
    for line, following in itertools.pairwise(lines):
        if not re.search(r"\w-$", line) or not tokens(following):
            continue
        head, tail = tokens(line)[-1], tokens(following)[0]
        formed.append(next((w for w in (f"{head}{tail}", f"{head}-{tail}") if there[w]), head))
    return formed


def heading_figures(pages: Sequence[Page], markdown: str) -> dict[str, float | None]:
    """Precision, recall and share of right levels of the headings against a reference's # headings.

    A heading over the contents and the title that a reference gives as metadata ("% ...") count neither way: the
    references leave them out of their # headings. Some references leave whole levels unmarked: `marked_precision`
    is without the levels of ours on which no heading is theirs.
    """
    truth = markdown_headings(markdown)
    unmarked = {" ".join(tokens(title)) for title in re.findall(r"^%\s*(.*)$", markdown, flags=re.MULTILINE)}
    headings = [b for b in _blocks(pages) if b.kind == "heading" and not is_contents_title(b.text)]
    found = [(b.level or 0, " ".join(tokens(b.text))) for b in headings]
    found = [(level, text) for level, text in found if text not in unmarked]
    pairs = matched([t for _, t in truth], [t for _, t in found])
    levels = sum(truth[i][0] == found[j][0] for i, j in pairs)
    theirs = {found[j][0] for _, j in pairs}
    marked = sum(level in theirs for level, _ in found)
    return {
        "heading_precision": len(pairs) / max(len(found), 1), "heading_recall": len(pairs) / max(len(truth), 1),
        "levels": levels / len(pairs) if pairs else None, "marked_precision": len(pairs) / max(marked, 1),
    }  # fmt: skip


def matched(truth: Sequence[str], found: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of headings that are the same, each used once: equal ones first, in order, then those 88 % alike."""
    pairs: list[tuple[int, int]] = []
    free: dict[str, list[int]] = {}
    for index, text in enumerate(found):
        free.setdefault(text, []).append(index)
    left = []
    for index, text in enumerate(truth):
        if free.get(text):
            pairs.append((index, free[text].pop(0)))
        else:
            left.append(index)
    rest = sorted(i for places in free.values() for i in places)
    for index in left:
        best = max(rest, key=lambda j: _alike(truth[index], found[j]), default=None)
        if best is not None and _alike(truth[index], found[best]) >= SIMILAR:
            pairs.append((index, best))
            rest.remove(best)
    return sorted(pairs)


def _alike(left: str, right: str) -> float:
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= SIMILAR and matcher.quick_ratio() >= SIMILAR else 0.0


def _furniture_figures(pages: Sequence[Page], markdown: str) -> dict[str, float | None]:
    """Share of the witness's furniture words that we left in the body, and of its body words that we took out."""
    parts = re.split(r"<!--\s*PageBreak\s*-->", markdown)
    leaked = furniture = cut = body = 0
    for page, part in zip(pages, parts, strict=False):
        theirs = Counter(t for mark in _MARK.findall(part) for t in tokens(mark))
        text = Counter(tokens(markdown_text(part)))
        ours = Counter(t for b in page.blocks if b.kind in FURNITURE for t in tokens(b.text))
        kept = Counter(t for b in page.blocks if b.kind not in NOT_BODY for t in tokens(b.text))
        leaked += sum(((theirs - ours) & (kept - text)).values())
        furniture += sum(theirs.values())
        cut += sum(((ours - theirs) & (text - kept)).values())
        body += sum(text.values())
    return {"leaked": leaked / furniture if furniture else None, "cut": cut / body if body else None}


def table(scores: Sequence[Score]) -> str:
    """The scores as a Markdown table."""
    head = (
        "document | pages | pages/s (CPU) | ordered recall | ordered F1 | heading P | heading R | heading F1 | "
        "on marked levels | agrees with the cloud | levels right | hyphens right | furniture leaked | body cut | "
        "unread pages"
    )
    rows = [f"| {head} |", "|---" + "|---:" * head.count("|") + "|"]
    for s in scores:
        cells = [
            s.name, str(s.pages), f"{s.pages / max(s.seconds, 1e-9):.0f}", _shown(s.recall),
            _shown(f1(s.precision, s.recall)), _shown(s.heading_precision), _shown(s.heading_recall),
            _shown(f1(s.heading_precision, s.heading_recall)), _shown(f1(s.marked_precision, s.heading_recall)),
            _shown(f1(s.cloud_precision, s.cloud_recall)), _shown(s.levels), _shown(s.hyphens, 4), _shown(s.leaked),
            _shown(s.cut, 4), str(s.unread),
        ]  # fmt: skip
        rows.append("| " + " | ".join(cells) + " |")
    pages, seconds = sum(s.pages for s in scores), sum(s.seconds for s in scores)
    rows.append(f"\n{pages} pages in {seconds:.1f} s of processor time: {pages / max(seconds, 1e-9):.0f} pages/s.")
    return "\n".join(rows)


def f1(precision: float | None, recall: float | None) -> float | None:
    """Harmonic mean; None where one is missing."""
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _shown(value: float | None, digits: int = 3) -> str:
    return "" if value is None else f"{value:.{digits}f}"
