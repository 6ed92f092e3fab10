"""Where what a project declares, writes and plans differs: counts against those of the projects that declare a topic.

Small counts must not lead the list by chance. So a gap is measured by the end of an interval, not by the ratio itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

LEAST_COMPARED = 3  # other projects that declare the topic: fewer do not tell what is usual
_SHRINK = 0.5  # added to observed and expected
_HARDLY = 0.5  # so much of what is usual where a topic is declared, or less, is hardly anything

DECLARED_NOT_WRITTEN, DECLARED_NOT_PLANNED = "declared_not_written", "declared_not_planned"
WRITTEN_NOT_DECLARED, PLANNED_NOT_DECLARED = "written_not_declared", "planned_not_declared"
DECLARED = (DECLARED_NOT_WRITTEN, DECLARED_NOT_PLANNED)
KINDS = (*DECLARED, WRITTEN_NOT_DECLARED, PLANNED_NOT_DECLARED)


@dataclass(frozen=True)
class Tally:
    """Units of one sort (declared fields, segments or measures): how many a project has, and how many with a code."""

    total: Mapping[str, int]
    with_code: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, rows: Sequence[tuple[str, str, int]]) -> Tally:
        """From (project, code, count) rows; the code '' counts all units of the project."""
        return cls({p: n for p, code, n in rows if not code}, {(p, code): n for p, code, n in rows if code})

    def count(self, project_id: str, code: str) -> int | None:
        """Units with the code; None for a project without any unit: nothing was measured."""
        return self.with_code.get((project_id, code), 0) if self.total.get(project_id) else None

    def share(self, project_id: str, code: str) -> float | None:
        """Share of the project's units with the code; None without any unit."""
        count = self.count(project_id, code)
        return None if count is None else count / self.total[project_id]


@dataclass(frozen=True, slots=True)
class Emphasis:
    """What projects declare, write and plan. `alone`: projects with the codes that a declared name has as its only one;
    of a name with two codes either may be wrong."""

    declared: Tally
    written: Tally
    planned: Tally
    alone: frozenset[tuple[str, str]]

    def of(self, kind: str) -> Tally:
        """The text or the measures, whichever a kind of gap is about."""
        return self.written if kind in (DECLARED_NOT_WRITTEN, WRITTEN_NOT_DECLARED) else self.planned


@dataclass(frozen=True, slots=True)
class Seen:
    """A project and topic in which a gap of a kind could be seen; see table gaps for the meaning of the numbers.
    `codes`: codes of the codebook."""

    kind: str
    project_id: str
    code: str
    count: int
    total: int
    usual: float
    n_compared: int
    ratio: float
    limit: float
    codes: int

    @property
    def strength(self) -> float:
        """How far the limit is from what it must exclude, in doublings; above 0 where it does."""
        return -math.log2(self.limit) if self.kind in DECLARED else math.log2(self.limit / _HARDLY)

    @property
    def is_gap(self) -> bool:
        """Declared: at most half of what is usual, and the interval excludes the usual. Not declared: at least what is
        usual where it is declared, and the interval excludes half of it; and at least an even part of all codes, as
        what is usual may be next to nothing."""
        much = self.ratio >= 1 and self.count * self.codes >= self.total
        return self.strength > 0 and (self.ratio <= _HARDLY if self.kind in DECLARED else much)


def seen(of: Emphasis, codes: list[str]) -> Iterator[Seen]:
    """Every project and topic with declared fields and text (or measures), if three others declare it and have them.

    A topic counts as declared if a name has that code alone, as not declared if no name has it at all.
    The ratio (O + 1/2) / (E + 1/2) is shrunk towards 1 and has the interval of a gamma distribution with shape O + 1/2
    and rate E + 1/2 (Noren, Hopstadius and Bate 2013, Statistical Methods in Medical Research 22:57); E is the number
    of units times the mean share in the other projects that declare the topic. It takes segments as independent, so it
    is an order for reading and no test.
    """
    for kind in KINDS:
        units = of.of(kind)
        wanted = kind in DECLARED
        for code in codes:
            declaring = [p for p in sorted(of.declared.total) if of.declared.count(p, code)]
            shares = {p: share for p in declaring if (share := units.share(p, code)) is not None}
            for project_id in sorted(of.declared.total):
                count, declared = units.count(project_id, code), of.declared.count(project_id, code)
                others = [share for p, share in shares.items() if p != project_id]
                clear = (project_id, code) in of.alone if wanted else declared == 0
                comparable = count is not None and declared is not None and clear
                if not comparable or len(others) < LEAST_COMPARED or count is None:
                    continue
                usual, total = math.fsum(others) / len(others), units.total[project_id]
                if usual > 0:
                    ratio, limit = _ratio(count, total * usual, wanted)
                    yield Seen(kind, project_id, code, count, total, usual, len(others), ratio, limit, len(codes))


def largest(found: list[Seen]) -> list[Seen]:
    """The gaps, largest first."""
    return sorted((one for one in found if one.is_gap), key=lambda s: (-s.strength, s.kind, s.project_id, s.code))


def _ratio(observed: int, expected: float, upper: bool) -> tuple[float, float]:
    from scipy.stats import gamma

    shape, rate = observed + _SHRINK, expected + _SHRINK
    return shape / rate, float(gamma.ppf(0.975 if upper else 0.025, shape)) / rate
