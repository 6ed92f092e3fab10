"""Costs as written -> euro: "ca. 1,2 Mio. €", "50 - 80 T€", "TEUR 300", "2 x 40.000 €", "jährlich 20.000 €".

Nothing is added up: several sums that are no range give no number, unless one of them is called the total.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in euro, or a range of it; an open end ("bis zu", "ab") is None. `per_year`: due every year."""

    low: float | None = None
    high: float | None = None
    per_year: bool = False


_SCALES = {
    "mrd": 1e9, "milliarde": 1e9, "mio": 1e6, "million": 1e6, "meur": 1e6, "m€": 1e6, "tsd": 1e3, "tausend": 1e3,
    "teur": 1e3, "t€": 1e3, "keur": 1e3, "k€": 1e3, "teuro": 1e3,
}  # fmt: skip
_COUNTS = {"eine halbe": 0.5, "eine": 1.0, "einer": 1.0, "zwei": 2.0, "drei": 3.0, "vier": 4.0, "fünf": 5.0}
_SCALE = r"(?:Mrd\b\.?|Milliarden?|Mio\b\.?|Millionen|Million|Tsd\b\.?|[Tt]ausend)"
_CURRENCY = r"(?:€|EUR(?:O|os?)?\b|[Ee]uro?s?\b)"
_SCALED = r"(?:TEUR[Oo]?\b|TEuro\b|T\s?€|T\s?EUR\b|kEUR\b|k\s?€|MEUR\b|M\s?€)"
_UNIT = rf"(?:{_SCALED}|{_SCALE}\s*{_CURRENCY}?|{_CURRENCY})"
_NUMBER = r"(?<![\w.,])(?:\d{1,3}(?:[.'’\u00a0\u202f ]\d{3}(?!\d))+|\d+)(?:[.,]\d{1,2}(?!\d))?(?:,\s?[-–—]{1,2})?"
_SUM = re.compile(
    rf"(?:(?P<times>\d{{1,3}})\s*[x×*]\s*)?"
    rf"(?:(?P<before>{_SCALED}|{_CURRENCY})\s*)?"
    rf"(?:(?P<number>{_NUMBER})|(?P<word>\b(?:eine halbe|einer?|zwei|drei|vier|fünf)(?=\s+(?:Million|Milliarde))))"
    rf"\s*(?P<unit>{_UNIT})?"
)
_TO = re.compile(r"^[\s,]*(?:bis(?:\s+zu)?|[-–—]|und)\s*(?:ca\.|etwa|rund|max\.|maximal)?\s*$", re.IGNORECASE)
_BETWEEN = re.compile(r"zwischen\W*(?:ca\.|etwa|rund)?\s*$", re.IGNORECASE)
_AT_MOST = re.compile(
    r"(?:bis(?:\s+zu)?|max\.|maximal|höchstens|unter|weniger\s+als|nicht\s+mehr\s+als|<|≤)\W*(?:ca\.|etwa|rund)?\s*$",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(r"(?:\bab|mind\.|mindestens|über|mehr\s+als|min\.|>|≥)\W*(?:ca\.|etwa|rund)?\s*$", re.IGNORECASE)
_TOTAL = re.compile(r"\b(?:gesamt(?!es|er|en)\w*|insgesamt|summe|in\s+summe|total)\W*(?:\w+\W+){0,5}$", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:davon|darunter|hiervon|enthalten)\b.*$|\((?:davon|darunter|inkl\.|inklusive).*?\)", re.IGNORECASE
)
_YEARLY = re.compile(
    r"\bjährlich|\b(?:pro|je|im|per)\s+jahr\b|\bp\.\s?a\b|/\s?(?:jahr|a)\b|\bper\s+annum\b", re.IGNORECASE
)
_NO_SUM = re.compile(  # a price, a wage, a share: not what the measure costs
    r"^\s*%|^\W*(?:/\s?|pro\s+|je\s+)(?!jahr\b|a\b)\w|^\W*(?:monatlich|wöchentlich|täglich|im\s+monat|mtl\.)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LEAST_SUM = 500  # euro; less is a number of years or posts where no unit stands beside it
_UNIT_IN_LABEL = re.compile(rf"(?:{_SCALED}|{_SCALE}\s*{_CURRENCY}?|{_CURRENCY})")


@dataclass(frozen=True, slots=True)
class _Sum:
    value: float
    scale: float | None  # what its unit multiplies by; None without a unit
    start: int
    end: int
    grouped: bool


def amount(text: str, label: str = "") -> Amount:
    """The costs that a value of a measure sheet states, in euro.

    Args:
        text: the value, as written.
        label: its label; "Kosten (in T€)" gives the unit of bare numbers.

    `Amount()` where no sum is stated ("kostenneutral", "offen"), where it is a price per piece, or where several sums
    stand side by side and none is called the total.
    """
    per_year = bool(_YEARLY.search(text) or (_YEARLY.search(label) and "einmalig" not in text.lower()))
    plain = " ".join(_PART.sub(" ", text).split())
    unit = _UNIT_IN_LABEL.search(label)
    sums = [s for s in _sums(plain, _scale(unit.group()) if unit else None) if not _NO_SUM.match(plain[s.end :])]
    found = _ranges(plain, sums)
    if len(found) > 1:
        totals = [(start, a) for start, a in found if _TOTAL.search(plain[:start])]
        found = totals if len(totals) == 1 else []
    if not found and len(sums) > 1 and len({(s.value, s.scale) for s in sums}) == 1:
        found = _ranges(plain, sums[:1])
    return replace(found[0][1], per_year=per_year) if found else Amount()


def _sums(text: str, unit: float | None) -> list[_Sum]:
    """The sums of money in a text; a number without a unit is one where the label or the next number has the unit."""
    raw = [(match, _read(match)) for match in _SUM.finditer(text)]
    sums: list[_Sum] = []
    for place, (match, found) in enumerate(raw):
        scale = found.scale
        if scale is None and place + 1 < len(raw):
            following, other = raw[place + 1]
            if other.scale is not None and _TO.match(text[match.end() : following.start()]):
                scale = 1.0 if found.grouped else other.scale  # "50 - 80 T€", but "500.000 - 1,2 Mio. €"
        if scale is not None:
            sums.append(replace(found, value=found.value * scale, scale=scale))
    ends = {one.end for one in sums}
    bare = _bare(text, unit, [found for _, found in raw if found.end not in ends])
    if not sums:
        return bare
    more = [one for one in bare if unit is not None and one.grouped]
    return sorted([*sums, *more], key=lambda one: one.start)


def _bare(text: str, unit: float | None, numbers: list[_Sum]) -> list[_Sum]:
    """Numbers without any unit beside them: the label has it, or the whole value is one number such as "150.000"."""
    if unit is None:
        alone = len(numbers) == 1 and not (text[: numbers[0].start] + text[numbers[0].end :]).strip(" ,-–.")
        return [replace(one, scale=1.0) for one in numbers if alone and one.grouped]
    sums = [replace(one, value=one.value * (1.0 if one.grouped else unit), scale=unit) for one in numbers]
    large = [one for one in sums if one.value >= _LEAST_SUM and not _YEAR.fullmatch(text[one.start : one.end].strip())]
    return large or [one for one in sums[:1] if not text[: one.start].strip()]  # "30.000 (3 Jahre)" states one sum


def _read(match: re.Match[str]) -> _Sum:
    written = match["unit"] or match["before"]
    scale = _scale(written) if written else None
    if match["word"]:
        return _Sum(_COUNTS[match["word"]], scale, match.start(), match.end(), grouped=False)
    number = re.sub(r",\s?[-–—]+$", "", match["number"])
    grouped = bool(re.search(r"\d[.'’\u00a0\u202f ]\d{3}(?!\d)", number))
    if grouped and scale is not None and scale >= 1e6 and re.fullmatch(r"\d[.]\d{3}", number):
        grouped = False  # "1.250 Mio. €" has a decimal point
        value = float(number)
    else:
        whole, _, fraction = re.sub(r"[.](?=\d{1,2}$)", ",", number).partition(",")
        value = float(re.sub(r"\D", "", whole) + "." + (fraction or "0"))
    return _Sum(value * int(match["times"] or 1), scale, match.start(), match.end(), grouped)


def _scale(unit: str) -> float:
    word = re.sub(r"[\s.]", "", unit).lower()
    return next((scale for name, scale in _SCALES.items() if word.startswith(name)), 1.0)


def _ranges(text: str, sums: list[_Sum]) -> list[tuple[int, Amount]]:
    """Each sum with where it starts, two joined by "bis" or a dash as one."""
    joined = {a.start for a, b in pairwise(sums) if _TO.match(text[a.end : b.start]) and _is_range(text, a, b)}
    found: list[tuple[int, Amount]] = []
    second = False
    for place, one in enumerate(sums):
        if second:
            second = False
        elif one.start in joined:
            other = sums[place + 1]
            found.append((one.start, Amount(min(one.value, other.value), max(one.value, other.value))))
            second = True
        else:
            found.append((one.start, _open(text[: one.start], one.value)))
    return found


def _is_range(text: str, first: _Sum, second: _Sum) -> bool:
    between = text[first.end : second.start]
    return "und" not in between.lower() or bool(_BETWEEN.search(text[: first.start]))


def _open(before: str, value: float) -> Amount:
    if _AT_MOST.search(before):
        return Amount(None, value)
    return Amount(value, None) if _AT_LEAST.search(before) else Amount(value, value)
