"""What the labels of a measure say about its planning: fields, who, with whom, when, at what cost, how far."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from strategy_miner.coding.amounts import amount
from strategy_miner.coding.labels import label_role
from strategy_miner.coding.periods import MARK, YEAR, years
from strategy_miner.coding.profiles import field_name, is_field_heading

Pairs = Sequence[tuple[str, str]]

# Status -> how German plans say it. The first that is found counts: "Quick Win, in Umsetzung" is a Quick Win.
_STATUS = (
    ("quick_win", r"quick[\s-]*wins?|sofortma(?:ß|ss)nahmen?|sofortprojekte?|schnell umsetzbar\w*"),
    ("done",
     r"(?<!nicht )(?:abgeschlossen\w*|fertiggestellt\w*|umgesetzt(?!\s+(?:werden|wird)))|erledigt|beendet"),
    ("implementation",
     r"(?:in|noch in) (?:planung|vorbereitung|konzeption|prüfung)|(?:um)?setzung ab|geplant\w*|vorgesehen\w*"
     r"|beabsichtigt\w*|umsetzungsma(?:ß|ss)nahmen?|umsetzungsprojekte?|zur umsetzung|für die umsetzung|konzipiert\w*"
     r"|idee\w*|planungsphase|projektidee\w*|neue? ma(?:ß|ss)nahmen?|^neu(?:es projekt)?$|noch nicht begonnen"
     r"|nicht gestartet|beantragt|bewilligt"),
    ("begun",
     r"in umsetzung|in der umsetzung|in bearbeitung|in arbeit|begonnen\w*|gestartet\w*|laufend\w*|läuft|angelaufen\w*"
     r"|fortsetzung|fortführung|weiterführung|fortgeführt\w*|bestehend\w*|fortlaufend\w*|im aufbau|umsetzungsphase"
     r"|pilotphase|daueraufgabe|kontinuierlich\w*|verstetig\w*"),
)  # fmt: skip
_THINGS = r"(?:\w*ma(?:ß|ss)nahmen|\w*projekte|vorhaben)"
_HEADED = (  # the same in the headings above a measure, where "geplant" alone says nothing
    ("quick_win", r"quick[\s-]*wins?|sofortma(?:ß|ss)nahmen|sofortprojekte"),
    ("done", rf"(?:abgeschlossene|umgesetzte|realisierte) {_THINGS}"),
    ("begun",
     rf"(?:laufende|begonnene|bestehende|gestartete|aktuelle|fortgeführte) (?:\w+ )?{_THINGS}|in umsetzung"),
    ("implementation",
     rf"umsetzungsma(?:ß|ss)nahmen|umsetzungsprojekte|{_THINGS} (?:für die|zur|der|in der) umsetzung(?:sphase)?"
     rf"|(?:geplante|neue|künftige|zukünftige) (?:\w+ )?{_THINGS}"),
)  # fmt: skip
_TICKED = re.compile(r"[☒☑✔✓■●⊠◉]\s*([^☐□○◯☒☑✔✓■●⊠◉]+)")
_EMPTY_BOX = re.compile(r"[☐□○◯]")


def planning(pairs: Pairs, title: str, path: Sequence[str]) -> dict[str, Any]:
    """The fields of a Measure that its labels, its title and the headings above it state, as keyword arguments."""
    marked = [label for label, value in pairs if YEAR.fullmatch(label) and MARK.fullmatch(value)]
    period = _values(pairs, "period") or [("", ", ".join(marked))] * bool(marked)
    costs = _values(pairs, "cost")
    start, end = _years(period)
    low, high, yearly = _euro(costs)
    return {
        "fields": _fields(pairs, path), "status": status(pairs, title, path),
        "responsible": _joined(_values(pairs, "responsible")), "partners": _joined(_values(pairs, "partners")),
        "period": _joined(period), "start_year": start, "end_year": end,
        "cost": _joined(costs), "cost_euro_low": low, "cost_euro_high": high, "cost_per_year": yearly,
    }  # fmt: skip


def status(pairs: Pairs, title: str, path: Sequence[str]) -> str:
    """quick_win, implementation, begun or done; "" where neither label, title nor headings say so.

    Of a list of options only the ticked ones count.
    """
    for _, value in _values(pairs, "status"):
        ticked = " ".join(_TICKED.findall(value))
        if (ticked or not _EMPTY_BOX.search(value)) and (found := _first(_STATUS, ticked or value)):
            return found
    for heading in (title, *reversed(path)):
        if found := _first(_HEADED, heading):
            return found
    return ""


def _first(patterns: Sequence[tuple[str, str]], text: str) -> str:
    text = " ".join(text.split()).lower()
    return next((name for name, pattern in patterns if re.search(rf"(?<!\w)(?:{pattern})(?!\w)", text)), "")


def _values(pairs: Pairs, role: str) -> list[tuple[str, str]]:
    said = [(label, value) for label, value in pairs if any(ch.isalnum() for ch in value)]
    return [(label, value) for label, value in said if label_role(label) == role]


def _joined(values: Pairs) -> str:
    """The values as written; each with its label where there are several."""
    if len(values) == 1:
        return values[0][1]
    return "; ".join(f"{label}: {value}" for label, value in values)


def _years(values: Pairs) -> tuple[int | None, int | None]:
    ends = [years(value, label) for label, value in values]
    starts, lasts = [s for s, _ in ends if s is not None], [e for _, e in ends if e is not None]
    return (min(starts) if starts else None), (max(lasts) if lasts else None)


def _euro(values: Pairs) -> tuple[float | None, float | None, bool]:
    """The sum of the one label that states one; two that differ give none."""
    found = {a for label, value in values if (a := amount(value, label)) and (a.low, a.high) != (None, None)}
    if len(found) != 1:
        return None, None, False
    (one,) = found
    return one.low, one.high, one.per_year


def _fields(pairs: Pairs, path: Sequence[str]) -> tuple[str, ...]:
    named = [name for _, value in _values(pairs, "field") for name in re.split(r"\s*[;•\n]\s*|\s+\|\s+", value)]
    if not named:
        named = [field_name(heading) for heading in reversed(path) if is_field_heading(heading)][:1]
    return tuple(dict.fromkeys(name.strip(" :–-") for name in named if name.strip(" :–-")))
