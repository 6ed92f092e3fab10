"""Every quoted passage looked up again in its document: the words under its boxes, read anew, against its text.

The reading is PDFium's own text within each word's rectangle (`reading.process.read_again`): no line, block or segment
of this program takes part. Pages that OCR read are read by OCR again, their words taken by place.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from strategy_miner.checking.findings import Part
from strategy_miner.checking.passages import Name, Passage, Quoted
from strategy_miner.errors import ReadingError
from strategy_miner.reading import ocr_available
from strategy_miner.reading.flow import format_of
from strategy_miner.reading.process import read_again, read_flow
from strategy_miner.reading.raw import Rect
from strategy_miner.settings import ExtractSettings

BULLET = "•"  # stands for whatever sign a font of symbols shows
ACROSS, DOWN = 1.0, 0.4  # how far a word may stick out of its line's box: in points, and in parts of its height
# White space; hyphens and dashes, for those at line ends may go; the bar between the cells of a table.
_LEFT_OUT = re.compile(r"[\s|\u00ad\ufffe\x02\u200b-\u200d\ufeff\-‐‑‒–—−]")


def normalised(text: str) -> str:
    """A text for comparison: Unicode NFKC (ligatures resolved), without white space, hyphens, dashes and cell bars."""
    return unicodedata.normalize("NFC", _LEFT_OUT.sub("", unicodedata.normalize("NFKC", text)))


def check_quotes(quoted: Iterable[Quoted], files: dict[str, Path], settings: ExtractSettings) -> tuple[Part, Part]:
    """Read the words under all quoted boxes again, several documents at a time: passages, then names.

    Args:
        quoted: by document what is quoted, see `passages.quoted`.
        files: by document id a file whose content is the one that was read; what others quote is told as unchecked.
        settings: limits of the process that opens a document.
    """
    parts = Part("quotes", "passages"), Part("names", "declared fields and measures")
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        # Those with scanned pages take longest, so they start first; what is told keeps the order.
        every = list(quoted)
        longest = sorted(every, key=_scanned_pages, reverse=True)
        done = {
            document.document_id: pool.submit(_look_up, document, files.get(document.document_id), settings)
            for document in longest
        }
        for document in every:
            for part, one in zip(parts, done[document.document_id].result(), strict=True):
                part.checked += one.checked
                part.mismatches += one.mismatches
                part.unchecked += one.unchecked
    return parts


def _scanned_pages(document: Quoted) -> int:
    return list(document.engines.values()).count("tesseract")


def _look_up(document: Quoted, path: Path | None, settings: ExtractSettings) -> tuple[Part, Part]:
    passages, names = Part("quotes", "passages"), Part("names", "names")
    if path is None:
        for part, items in ((passages, document.passages), (names, document.names)):
            if items:
                part.unchecked.append(f"{document.file}: {len(items)}, the document that was read is not there")
        return passages, names
    try:
        if format_of(path) == "pdf":
            _in_pages(document, path, settings, passages, names)
        else:
            _in_flow(document, path, settings, passages, names)
    except ReadingError as error:
        passages.mismatch(document.file, f"cannot be read again: {error.what}")
    return passages, names


def _in_flow(document: Quoted, path: Path, settings: ExtractSettings, passages: Part, names: Part) -> None:
    """Without pages there are no boxes: each paragraph must stand somewhere in the document, as it is read again."""
    items = read_flow(path, settings, format_of(path)).items
    text = normalised(" ".join(item.raw or item.text for item in items))
    for passage in document.passages:
        passages.checked += 1
        for line in passage.text.split("\n"):
            if normalised(line) not in text:
                passages.mismatch(_place(document, passage), f"{_short(line)} does not stand in the document")
                break
    for name in document.names:
        names.checked += 1
        if normalised(name.text) not in text:
            names.mismatch(_place(document, name), f"{_short(name.text)} does not stand in the document")


def _in_pages(document: Quoted, path: Path, settings: ExtractSettings, passages: Part, names: Part) -> None:
    scanned = {page for page, engine in document.engines.items() if engine == "tesseract"}
    unread = set() if settings.ocr and ocr_available() else scanned
    readable = [p for p in document.passages if unread.isdisjoint(word[0] for word in p.words)]
    legible = [n for n in document.names if n.page not in unread]
    for part, every, some in ((passages, document.passages, readable), (names, document.names, legible)):
        if len(every) > len(some):
            part.unchecked.append(f"{document.file}: {len(every) - len(some)} on scanned pages, there is no OCR here")
    boxes: dict[int, list[Rect]] = {}
    for page, _, box in (word for passage in readable for word in passage.words):
        boxes.setdefault(page, []).append(box)
    for page in (name.page for name in legible if name.page in document.sizes):
        boxes.setdefault(page, []).append((0.0, 0.0, *document.sizes[page]))
    found = read_again(path, [(n, document.engines.get(n, ""), of) for n, of in sorted(boxes.items())], settings)
    next_on = {page: iter(texts) for page, texts in found.items()}
    for passage in readable:
        passages.checked += 1
        read = [_reading(text, next(next_on[page])) for page, text, _ in passage.words]
        wrong = _nothing(passage, read) or difference(passage.text, read, passage.marks) or _outside(passage)
        if wrong:
            passages.mismatch(_place(document, passage), wrong)
    for name in legible:
        names.checked += 1
        read = next(next_on[name.page]) if name.page in document.sizes else []
        if not any(normalised(name.text) in normalised(text) for text in read):
            names.mismatch(_place(document, name), f"{_short(name.text)} does not stand on the page")


def _reading(text: str, found: Sequence[str]) -> str:
    """Of what stands under a word's box the reading that is the word, else the first one."""
    read = [normalised(one) for one in found]
    if text == BULLET and any(len(one) == 1 for one in read):
        return BULLET
    wanted = normalised(text)
    return next((one for one in read if one == wanted), next((one for one in read if one), ""))


def _nothing(passage: Passage, read: Sequence[str]) -> str:
    """The first word under whose box nothing stands, told; "" if there is none."""
    empty = (text for (_, text, _), found in zip(passage.words, read, strict=True) if not found and normalised(text))
    return next((f"nothing stands where the word {_short(text)} should" for text in empty), "")


def difference(text: str, read: Sequence[str], marks: Sequence[str] = ()) -> str:
    """Where a passage and the words read under its boxes part; "" if they are equal after normalisation.

    `marks` are those of the footnotes that hang on the passage: they stand on the page, not in the text.
    """
    wanted, at = normalised(text), 0
    for word in read:
        for form in (word, *_without(word, marks)):
            if wanted.startswith(form, at):
                at += len(form)
                break
        else:
            return f"{_short(wanted[at:])} is quoted, but {_short(word)} stands there"
    return f"{_short(wanted[at:])} is quoted, but no box leads to it" if at < len(wanted) else ""


def _without(word: str, marks: Sequence[str]) -> Iterator[str]:
    for mark in marks:
        before, found, after = word.rpartition(mark)
        if found:
            yield before + after


def _outside(passage: Passage) -> str:
    """Whether all words of a passage stand in its boxes, and in each box a word."""
    empty = set(range(len(passage.boxes)))
    for page, text, (x0, top, x1, bottom) in passage.words:
        slack = DOWN * (bottom - top)
        holding = {
            n
            for n, (number, left, upper, right, lower) in enumerate(passage.boxes)
            if number == page and left - ACROSS <= x0 and x1 <= right + ACROSS
            and upper - slack <= top and bottom <= lower + slack
        }  # fmt: skip
        if not holding:
            return f"the word {_short(text)} on page {page} stands in none of the passage's boxes"
        empty -= holding
    return f"{len(empty)} of {len(passage.boxes)} boxes hold no word of the passage" if empty else ""


def _place(document: Quoted, item: Passage | Name) -> str:
    kind = item.kind if isinstance(item, Name) else "passage"
    page = f", page {item.page}" if item.page is not None else ""
    return f"{document.file}{page}, {kind} {item.id}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return f"“{flat[:40]}...”" if len(flat) > 43 else f"“{flat}”"
