"""What the styles of a Word document say of a paragraph: name, outline level, list, boldness and size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading (\d)")


class Look(NamedTuple):
    """How a paragraph is set: whether all of it is bold, and its largest size in points."""

    bold: bool
    size: float


def child_value(node: Any, tag: str) -> str | None:
    """The value of a property: its w:val, "" where it stands there without one, None where it does not."""
    found = None if node is None else node.find(f"{W}{tag}")
    return None if found is None else found.get(f"{W}val", "")


class Styles:
    """The style sheet; every answer follows basedOn up to its root."""

    def __init__(self, root: Any) -> None:
        self.by_id = {s.get(f"{W}styleId"): s for s in root.findall(f"{W}style")}
        self.usual = next(
            (s for s in root.findall(f"{W}style") if s.get(f"{W}type") == "paragraph" and s.get(f"{W}default")), None
        )
        defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self.size = float(child_value(defaults, "sz") or 20) / 2

    def name(self, paragraph: Any) -> str:
        """The name of the paragraph's style in lower case; built-in names are English in every language of Word."""
        return next((child_value(s, "name") or "" for s in self._chain(paragraph)), "").lower()

    def outline_level(self, paragraph: Any) -> int | None:
        """1 to 9 for a heading, None for body text."""
        own = child_value(paragraph.find(f"{W}pPr"), "outlineLvl")
        for style in (None, *self._chain(paragraph)):
            found = own if style is None else child_value(style.find(f"{W}pPr"), "outlineLvl")
            named = None if style is None else _HEADING.fullmatch((child_value(style, "name") or "").lower())
            if found is not None and found.isdecimal():
                return int(found) + 1 if int(found) < 9 else None
            if named:
                return int(named[1])
        return None

    def numbering(self, paragraph: Any) -> tuple[str, int | str]:
        """The list that a paragraph belongs to ("" for none), and its level from 0, or its style's id to find it."""
        own = paragraph.find(f"{W}pPr")
        for style in (None, *self._chain(paragraph)):
            properties = own if style is None else style.find(f"{W}pPr")
            number = None if properties is None else properties.find(f"{W}numPr")
            if number is None:
                continue
            level = child_value(number, "ilvl")
            if level is not None and level.isdecimal():
                place: int | str = int(level)
            else:
                place = "" if style is None else style.get(f"{W}styleId", "")
            if (identity := child_value(number, "numId")) is not None:
                return identity if identity != "0" else "", place
        return "", 0

    def look(self, node: Any) -> Look:
        """How the text of a paragraph or table row is set."""
        bold, size = [], [0.0]
        for paragraph in [node] if node.tag == f"{W}p" else node.iter(f"{W}p"):
            styled = [s.find(f"{W}rPr") for s in self._chain(paragraph)]
            for run in paragraph.iter(f"{W}r"):
                if any((t.text or "").strip() for t in run.iter(f"{W}t")):
                    chain = [run.find(f"{W}rPr"), *styled]
                    told = next((v for p in chain if (v := child_value(p, "b")) is not None), "0")
                    bold.append(told not in ("0", "false"))
                    size.append(float(next((v for p in chain if (v := child_value(p, "sz"))), 2 * self.size)) / 2)
        return Look(bool(bold) and all(bold), max(size))

    def names_first_row(self, table: Any) -> bool:
        """Whether a table has a style that sets its first row off, and uses it."""
        properties = table.find(f"{W}tblPr")
        style = self.by_id.get(child_value(properties, "tblStyle") or "")
        look = None if properties is None else properties.find(f"{W}tblLook")
        if style is None or look is None:
            return False
        used = look.get(f"{W}firstRow") in ("1", "true") or bool(int(look.get(f"{W}val", "0"), 16) & 0x20)
        return used and any(p.get(f"{W}type") == "firstRow" for p in style.findall(f"{W}tblStylePr"))

    def _chain(self, paragraph: Any) -> Iterator[Any]:
        own = child_value(paragraph.find(f"{W}pPr"), "pStyle")
        style = self.by_id.get(own) if own else self.usual
        for _ in range(12):  # a chain of styles may be a ring in a damaged file
            if style is None:
                return
            yield style
            style = self.by_id.get(child_value(style, "basedOn"))
