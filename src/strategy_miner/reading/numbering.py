"""The labels of Word's automatic lists: they stand nowhere in the text and are counted here, as Word does."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from strategy_miner.reading.wordstyles import W, child_value

_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class _Level(NamedTuple):
    form: str
    text: str
    start: int
    style: str


class Numbering:
    """Lists of a document by their number; counts rise with every label that is asked for, in reading order."""

    def __init__(self, root: Any) -> None:
        nodes = [] if root is None else root.findall(f"{W}abstractNum")
        shapes = {node.get(f"{W}abstractNumId"): _levels(node) for node in nodes}
        self.lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        for node in [] if root is None else root.findall(f"{W}num"):
            shape = child_value(node, "abstractNumId") or ""
            # A list that starts anew counts for itself, the others of one shape go on counting together.
            own = node.get(f"{W}numId") if node.find(f"{W}lvlOverride") is not None else shape
            self.lists[node.get(f"{W}numId")] = (f"{shape}/{own}", shapes.get(shape, {}))
        self.counts: dict[str, dict[int, int]] = {}

    def label(self, number: str, place: int | str) -> tuple[str, int | None]:
        """The label of the next paragraph of a list ("2.1", "•", "Ziel 3:") and its nesting from 1.

        `place` is its level from 0, or the id of the style that the level belongs to. ("", None) outside of lists.
        """
        if number not in self.lists:
            return "", None
        key, levels = self.lists[number]
        if isinstance(place, str):
            place = next((n for n, level in levels.items() if level.style and level.style == place), 0)
        level = levels.get(place)
        if level is None:
            return "•", place + 1
        counts = self.counts.setdefault(key, {})
        counts[place] = counts.get(place, level.start - 1) + 1
        for deeper in [n for n in counts if n > place]:
            del counts[deeper]
        if level.form == "bullet":
            return "•", place + 1
        label = re.sub(r"%(\d)", lambda m: _shown(levels, counts, int(m[1]) - 1), level.text)
        return " ".join(label.split()) if level.form != "none" else "", place + 1


def _levels(node: Any) -> dict[int, _Level]:
    levels = {}
    for level in node.findall(f"{W}lvl"):
        start = child_value(level, "start") or "1"
        levels[int(level.get(f"{W}ilvl", "0"))] = _Level(
            child_value(level, "numFmt") or "decimal", child_value(level, "lvlText") or "",
            int(start) if start.isdecimal() else 1, child_value(level, "pStyle") or "",
        )  # fmt: skip
    return levels


def _shown(levels: dict[int, _Level], counts: dict[int, int], place: int) -> str:
    level = levels.get(place)
    count = counts.get(place, level.start if level else 1)
    form = level.form if level else "decimal"
    if form in ("lowerLetter", "upperLetter") and count > 0:
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman"):
        return _roman(count) if form == "lowerRoman" else _roman(count).upper()
    return f"{count:02d}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while 0 < count < 400 and count >= value:
            text, count = text + letters, count - value
    return text or str(count)
