"""What a part of the check found: how much was checked, what does not match, what could not be checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

MOST = 20  # mismatches of one file or table that are named; a changed version of the program makes thousands


@dataclass(slots=True)
class Part:
    """One part of the check. `name` says what was checked, `unit` what `checked` counts.

    `mismatches` are one line each, beginning with the place; `unchecked` says what could not be checked, and why;
    `notes` what differs and may, such as the version of a library.
    """

    name: str
    unit: str
    checked: int = 0
    mismatches: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing that was checked differs."""
        return not self.mismatches

    def mismatch(self, where: str, what: str) -> None:
        """Note a mismatch as one line."""
        self.mismatches.append(" ".join(f"{where}: {what}".split()))

    def add(self, where: str, found: Sequence[str]) -> None:
        """Note what does not match in one place, at most MOST lines of it and how many there are in all."""
        for what in found[:MOST]:
            self.mismatch(where, what)
        if len(found) > MOST:
            self.mismatch(where, f"{len(found)} mismatches in all, {MOST} are named")
