"""What a document is made of before it is set: blocks with their truth, units of coding with their orientation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class TruthBlock:
    """One block as the reader should find it; `unit` says whether it is coded text or text that could be."""

    block_id: str
    kind: str
    level: int | None
    heading_path: tuple[str, ...]
    text: str
    codes: tuple[str, ...] = ()
    unit: bool = False
    number: str = ""  # the number that typst prints before a heading or footnote


@dataclass(frozen=True, slots=True)
class DeclaredName:
    """A declared field of a document."""

    name: str
    orientation: str
    codes: tuple[str, ...]
    ecology: bool
    block_id: str = ""


@dataclass(frozen=True, slots=True)
class PlannedMeasure:
    """A measure with its profile table."""

    block_id: str
    title: str
    description: str
    field_name: str
    codes: tuple[str, ...]
    responsible: str
    period: str
    cost: str
    status: str


@dataclass(slots=True)
class Unit:
    """A paragraph, box, list or measure that gets codes. `weight`: how many units of coding it makes."""

    shape: str
    weight: int
    home: DeclaredName | None
    codes: tuple[str, ...] = ()
    integrated: bool = False
    second_integrated: bool | None = None  # orientation of a second code, None without one

    @property
    def share(self) -> float:
        """Integrated share of its codes."""
        if self.second_integrated is None:
            return float(self.integrated)
        return (self.integrated + self.second_integrated) / 2


@dataclass(slots=True)
class Draft:
    """A composed document: what typst sets (`page_blocks`), and the truth about it.

    `numbering`: the pattern of heading numbers, "1.1" or "1.1.", empty for none; level 3 has none.
    """

    numbering: str = ""
    truth: list[TruthBlock] = field(default_factory=list)
    page_blocks: list[dict[str, Any]] = field(default_factory=list)
    fields: list[DeclaredName] = field(default_factory=list)
    measures: list[PlannedMeasure] = field(default_factory=list)
    path: tuple[str, ...] = ()
    _counts: list[int] = field(default_factory=lambda: [0, 0, 0])  # chapters, their sections, footnotes

    def add(
        self, kind: str, text: str, *, level: int | None = None, codes: tuple[str, ...] = (), unit: bool = False
    ) -> str:
        """Note a block of the truth under the present heading; return its id."""
        if kind == "heading" and level is not None:
            self.path = (*self.path[: level - 1], text)
        block_id = f"b{len(self.truth) + 1:03d}"
        path = self.path[:-1] if kind == "heading" else self.path
        self.truth.append(TruthBlock(block_id, kind, level, path, text, codes, unit, self._number(kind, level)))
        return block_id

    def _number(self, kind: str, level: int | None) -> str:
        if kind == "footnote":
            self._counts[2] += 1
            return str(self._counts[2])
        if kind != "heading" or level not in (1, 2):
            return ""
        self._counts[level - 1] += 1
        if level == 1:
            self._counts[1] = 0
        number = ".".join(str(count) for count in self._counts[:level])
        return f"{number}." if self.numbering.endswith(".") else number if self.numbering else ""
