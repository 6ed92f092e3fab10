"""Contents pages: found by leaders and by page numbers that rise at the right edge; a witness for headings."""

from __future__ import annotations

import itertools
import re

from strategy_miner.reading.lines import Line, ends_in_leader
from strategy_miner.reading.raw import OCR_FONT

_TRAILING = re.compile(r"^(?P<title>.*?\S)[\s.…_·-]*?\s*(?P<page>\d{1,4})$")
_TITLES = re.compile(
    r"^(?:inhalt|inhaltsverzeichnis|inhaltsübersicht|inhalte|gliederung|contents|"
    r"(?:abbildungs|tabellen|maßnahmen|stichwort|karten|projekt)?verzeichnis|abbildungen|tabellen|register|index)\b[^.]{0,30}$",
    re.IGNORECASE,
)
_FILL = re.compile(r"(?:[.…_·]\s?){3,}|-{4,}")


def is_contents_title(text: str) -> bool:
    """Whether a heading announces a contents page or another list of places."""
    return bool(_TITLES.match(text.strip()))


def mark_contents(lines: list[list[Line]]) -> list[str]:
    """Set `role` toc on the lines of contents pages; give back the titles they list, numbers and leaders removed."""
    titles: list[str] = []
    after_contents = False
    for found in lines:
        body = [i for i in found if not i.role and not i.style.angle]
        after_contents = bool(body) and _mark_page(body, after_contents, titles)
    return titles


def _mark_page(body: list[Line], after_contents: bool, titles: list[str]) -> bool:
    entries = _entries(body)
    announced = next((i for i, line in enumerate(body[:4]) if is_contents_title(line.text)), None)
    needed = 2 if announced is not None or after_contents else 4
    if announced is not None and _is_blurred_list(body[announced + 1 :]):
        entries = body[announced + 1 :]
    if len(entries) < needed or len(entries) < 0.34 * _rows(body):
        return False
    if len(entries) > 0.8 * _rows(body) and announced is None:
        entries = body
    first = min(i.top for i in entries) if announced is None else body[announced].bottom
    last = max(i.bottom for i in entries)
    start = body.index(entries[0])
    carried: list[str] = []
    for index, line in enumerate(body):
        if announced is not None and index <= announced:
            continue
        # An entry of several lines has its number on the last one, so the lines above belong to it.
        between = first - 60 < line.top and line.bottom < last + 1 and index >= start - 3
        if line in entries or between:
            line.role = "toc"
            carried.append(_FILL.split(line.text)[0])
            if line in entries:
                titles.append(_title(" ".join(carried)))
                carried = []
    return True


def _is_blurred_list(lines: list[Line]) -> bool:
    """Whether what a picture shows under "Inhalt" is a list: short lines, no sentences; leaders come out as noise."""
    if len(lines) < 4 or any(i.style.font != OCR_FONT for i in lines):
        return False
    short = sum(len(i.words) < 12 and not i.text.endswith(".") for i in lines)
    return short > 0.9 * len(lines) and sum(i.words[-1].text.isdigit() for i in lines) > 3


def _title(text: str) -> str:
    match = _TRAILING.match(text)
    return " ".join((match.group("title") if match else text).split())


def _rows(lines: list[Line]) -> int:
    return len({round(line.base / 3) for line in lines})


def _entries(lines: list[Line]) -> list[Line]:
    """Lines with a leader, and lines whose row ends in a number where such numbers rise down the page."""
    leaders = [i for i in lines if ends_in_leader(i)]
    numbered = [(i, number) for i in lines if (number := _row_number(i, lines)) is not None]
    rising = sum(b >= a for (_, a), (_, b) in itertools.pairwise(numbered))
    if len(numbered) < 4 or rising < 0.8 * (len(numbered) - 1) or numbered[-1][1] - numbered[0][1] < 3:
        numbered = []
    chosen = {id(i) for i in leaders} | {id(i) for i, _ in numbered}
    return [i for i in lines if id(i) in chosen]


def _row_number(line: Line, lines: list[Line]) -> int | None:
    """The page number at the end of a line, set off from its text by more than a word space."""
    words = line.words
    if len(words) > 1 and words[-1].text.isdecimal() and len(words[-1].text) < 4:
        gap = words[-1].x0 - words[-2].x1
        return int(words[-1].text) if gap > 0.6 * line.style.size or ends_in_leader(line) else None
    if line.text.isdecimal() and len(line.text) < 4:
        left = [i for i in lines if i is not line and abs(i.base - line.base) < 2 and i.x1 < line.x0]
        return int(line.text) if left else None
    return None
