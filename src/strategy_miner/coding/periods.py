"""When a measure runs, as written -> first and last year: "03/2022 bis 12/2026", "ab 2024", "2023/24"."""

from __future__ import annotations

import re

from strategy_miner.text import fold

YEAR = re.compile(r"20[0-4]\d")  # heads a column of a timetable
MARK = re.compile(r"[xX×✓✔●■•▪◼▬–—-]+")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d|19[89]\d)(?!\d)(?![.,]\d{3})")
_SHORT = re.compile(r"(20)(\d\d)\s*[/–-]\s*(\d\d)(?![\d./])")  # 2023/24
_MONTHS = re.compile(r"(?<!\d)(0?[1-9]|1[0-2])[/.](\d\d)(?!\d|[/.]\d)")  # 03/22
_OPEN_START = re.compile(r"(?:\bab|\bseit|\bvon|\bbeginn\w*|\bstart\w*|\bnach)\W*(?:\w+\.?\W+){0,3}$", re.IGNORECASE)
_OPEN_END = re.compile(r"(?:\bbis|\bspätestens|\bvor)\W*(?:\w+\.?\W+){0,3}$", re.IGNORECASE)
_GOES_ON = re.compile(
    r"^\W*(?:danach|anschließend|dann)?\s*(?:ff\b|(?:fort)?laufend|dauerhaft|unbefristet|fortfolgend|[-–]\s*(?:laufend|offen|$))",
    re.IGNORECASE,
)
_STARTS = ("beginn", "start", "anfang")
_ENDS = ("ende", "abschluss", "fertigstellung", "projektende", "inbetriebnahme")


def years(text: str, label: str = "") -> tuple[int | None, int | None]:
    """First and last year of a period; None for an end that is open or not stated in years.

    A single year is both, unless "ab", "seit" or "bis" stand before it or the label names one end ("Projektbeginn").
    """
    text = _SHORT.sub(lambda m: f"{m[1]}{m[2]} - {m[1]}{m[3]}" if int(m[3]) > int(m[2]) else m[0], text)
    text = _MONTHS.sub(lambda m: f"{m[1]}/20{m[2]}" if 10 <= int(m[2]) < 60 else m[0], text)
    found = list(_YEAR.finditer(text))
    if not found:
        return None, None
    numbers = [int(match[1]) for match in found]
    first, last = min(numbers), max(numbers)
    if len(set(numbers)) > 1:
        return first, None if _GOES_ON.match(text[found[-1].end() :]) and numbers[-1] == last else last
    word = fold(label)
    if _OPEN_END.search(text[: found[0].start()]) or word.endswith(_ENDS):
        return None, last
    if (
        _OPEN_START.search(text[: found[0].start()])
        or _GOES_ON.match(text[found[-1].end() :])
        or word.endswith(_STARTS)
    ):
        return first, None
    return first, last
