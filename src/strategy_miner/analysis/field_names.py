"""The declared fields of a corpus as the robustness panel counts them: by level, origin, orientation and weight."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, product
from typing import TYPE_CHECKING

from strategy_miner.analysis.samples import DIMENSION, Cohorts, Point, Sample, sample

if TYPE_CHECKING:
    from strategy_miner.store import Connection

LEVELS = ("found", "upper", "lower")
ORIGINS = ("all", "text", "web", "person")
UNCLEAR = ("counted", "dropped")
COUNTINGS = ("orientation", "fraction", "any")
WEIGHTINGS = ("document", "pooled")

NAMES_SQL = """
    SELECT d.project_id, d.level, d.origin, d.orientation, d.oriented_by, len(d.codes) AS codes,
        coalesce(len(list_filter(d.codes, lambda x: list_contains(k.integrated, x))), 0) AS integrated
    FROM declared AS d, (
        SELECT list(id) FILTER (kind = 'integrated') AS integrated FROM codes WHERE dimension = $dimension
    ) AS k
    ORDER BY d.project_id, d.id"""


@dataclass(frozen=True, slots=True)
class Name:
    """A declared field; `codes` and `integrated` are numbers of codes."""

    project_id: str
    level: int | None
    origin: str
    orientation: str
    oriented_by: str
    codes: int
    integrated: int

    def value(self, counting: str) -> float:
        """How integrated it is, 0 to 1; a name without codes goes by its orientation."""
        if counting == "orientation" or not self.codes:
            return float(self.orientation == "integrated")
        return self.integrated / self.codes if counting == "fraction" else float(self.integrated > 0)


def read_names(connection: Connection) -> list[Name]:
    """The declared fields that count, by project."""
    rows = connection.execute(NAMES_SQL, {"dimension": DIMENSION}).fetchall()
    return [Name(*row) for row in rows]


def name_cells(names: list[Name]) -> Iterator[tuple[str, str, str, str]]:
    """(level, origin, unclear, counting) of every cell in which these names could give another result."""
    origins = {name.origin for name in names}
    mixed = any(_levels(own) for _, own in _by_project(names))
    unclear = any(name.orientation == "unclear" for name in names)
    yield from product(
        LEVELS if mixed else LEVELS[:1],
        [origin for origin in ORIGINS if origin == "all" or (len(origins) > 1 and origin in origins)],
        UNCLEAR if unclear else UNCLEAR[:1],
        _countings(names),
    )


def chosen(names: list[Name], level: str, origin: str, unclear: str) -> list[Name]:
    """The names that these choices leave."""
    kept = [
        name
        for name in names
        if origin in ("all", name.origin) and (unclear == "counted" or name.orientation != "unclear")
    ]
    if level == "found":
        return kept
    out = []
    for _, own in _by_project(kept):
        levels = _levels(own)
        wanted = (min if level == "upper" else max)(levels) if levels else None
        out += [name for name in own if wanted is None or name.level == wanted]
    return out


def names_sample(cohorts: Cohorts, names: list[Name], counting: str, weighting: str) -> Sample:
    """H1 of these names; pooled, a project weighs by its number of names."""
    points = []
    projects = _by_project(names)
    mean = len(names) / max(len(projects), 1)
    for project_id, own in projects:
        x, m = math.fsum(name.value(counting) for name in own), len(own)
        a, b = (x / m, 1.0) if weighting == "document" else (x / mean, m / mean)
        label = "confirmed" if all(name.oriented_by == "person" for name in own) else "provisional"
        points.append(Point(project_id, a, b, round(x), m, (x, m), label))
    return sample("H1", "", cohorts, points)


def _countings(names: list[Name]) -> list[str]:
    """Those that do not repeat another: names with one code each count alike in every way."""
    values = {counting: tuple(name.value(counting) for name in names) for counting in COUNTINGS}
    return [c for n, c in enumerate(COUNTINGS) if values[c] not in [values[before] for before in COUNTINGS[:n]]]


def _by_project(names: list[Name]) -> list[tuple[str, list[Name]]]:
    return [(project_id, list(own)) for project_id, own in groupby(names, key=lambda name: name.project_id)]


def _levels(own: list[Name]) -> set[int]:
    """The levels of headings that a list mixes; none where it has only one."""
    levels = {name.level for name in own if name.level is not None}
    return levels if len(levels) > 1 else set()
