"""The estimands for groups of projects by any column of theirs, and the trend over cohorts within such groups."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from strategy_miner.analysis import shift
from strategy_miner.analysis.corrected import corrected_samples, labelled
from strategy_miner.analysis.intervals import Interval, difference_interval, linearised, newcombe, or_null, share
from strategy_miner.analysis.omnibus import omnibus_p, trend_of_counts_p
from strategy_miner.analysis.samples import ECOLOGY, OUTSIDE, Cohorts, Sample, declared_samples, text_samples
from strategy_miner.analysis.trend import benjamini_hochberg, cochran_armitage, permutation_p
from strategy_miner.errors import SettingsError
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import insert

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]
Ints = NDArray[np.int64]

COHORT = "cohort"
MOST_VALUES = 12  # a column of more texts is no grouping; one of more numbers is cut into classes


@dataclass(frozen=True)
class Grouping:
    """The projects by one column. `groups` has their numbers as Cohorts has those of cohorts; `ends` the smallest and
    greatest number of a class; `reason`: why the column cannot be used, '' if it can."""

    column: str
    ordered: bool
    groups: Cohorts
    ends: tuple[Interval | None, ...]
    reason: str = ""

    @classmethod
    def read(cls, connection: Connection, column: str, classes: Mapping[str, Sequence[float]]) -> Grouping:
        """By the cohorts, or by a column of project_facts: numbers are ordered, texts are not."""
        if column == COHORT:
            cohorts = Cohorts.read(connection)
            return _checked(cls(column, True, cohorts, (None,) * len(cohorts.names)))
        sql = "SELECT project_id, value, number FROM project_facts WHERE fact = ? ORDER BY project_id"
        rows = connection.execute(sql, [column]).fetchall()
        filled = {p: (value, number) for p, value, number in rows if value is not None}
        numbers = {p: number for p, (_, number) in filled.items() if number is not None}
        everyone = [p for p, _, _ in rows]
        if not rows or not filled:
            return cls(
                column, False, Cohorts((), dict.fromkeys(everyone, OUTSIDE)), (), "empty" if rows else "no_column"
            )
        if len(numbers) == len(filled):
            return _checked(_byor_null(column, everyone, numbers, classes.get(column, ())))
        names = sorted({value for value, _ in filled.values()}, key=lambda name: (name.casefold(), name))
        place = {p: names.index(filled[p][0]) if p in filled else OUTSIDE for p in everyone}
        return _checked(cls(column, False, Cohorts(tuple(names), place), (None,) * len(names)))

    def of(self, sample: Sample) -> Sample:
        """The sample with its projects in these groups."""
        numbers = [self.groups.number_of.get(p, OUTSIDE) for p in sample.project_ids]
        return replace(sample, cohorts=np.array(numbers, dtype=np.int64))

    def strata(self, sample: Sample) -> list[str]:
        """The group of each project of a sample; '' for none."""
        numbers = (self.groups.number_of.get(p, OUTSIDE) for p in sample.project_ids)
        return ["" if number == OUTSIDE else self.groups.names[number] for number in numbers]


def _byor_null(column: str, everyone: Sequence[str], numbers: Mapping[str, float], cuts: Sequence[float]) -> Grouping:
    """Each number a group if they are few, else classes up to each cut; thirds of the projects without cuts."""
    values = np.array(list(numbers.values()))
    if not cuts and len(set(numbers.values())) <= MOST_VALUES:
        cuts = sorted(set(numbers.values()))
        ends: list[Interval | None] = [None] * len(cuts)
        names = [f"{cut:.12g}" for cut in cuts]
        places = np.searchsorted(cuts, values)
    else:
        cuts = cuts or sorted({float(cut) for cut in np.quantile(values, (1 / 3, 2 / 3))})
        raw = np.searchsorted(cuts, values)
        there = sorted(set(raw.tolist()))  # a class without any project is no group
        places = np.searchsorted(there, raw)
        ends = [(float(values[raw == c].min()), float(values[raw == c].max())) for c in there]
        names = [f"{pair[0]:.12g}–{pair[1]:.12g}" for pair in ends if pair]
    place = dict(zip(numbers, (int(n) for n in places), strict=True))
    groups = Cohorts(tuple(names), {p: place.get(p, OUTSIDE) for p in everyone})
    return Grouping(column, True, groups, tuple(ends))


def _checked(grouping: Grouping) -> Grouping:
    n = len(grouping.groups.names)
    reason = "one_group" if n < 2 else "too_many" if n > MOST_VALUES and grouping.column != COHORT else ""
    return replace(grouping, reason=reason)


def add_groups(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
    """Fill group_columns, project_groups, group_estimates, group_contrasts and stratified_trend."""
    samples = all_samples(connection, cohorts, settings)
    for column in dict.fromkeys(settings.by):
        grouping = Grouping.read(connection, column, settings.classes)
        number_of = {p: n for p, n in grouping.groups.number_of.items() if n != OUTSIDE}
        names = grouping.groups.names
        row = (column, grouping.ordered, len(names), len(number_of), grouping.reason)
        insert(connection, "group_columns", [row])
        if not grouping.reason:
            insert(connection, "project_groups", [(column, p, names[n], n) for p, n in sorted(number_of.items())])
            insert(connection, "group_estimates", estimate_rows(grouping, samples))
            insert(connection, "group_contrasts", contrast_rows(grouping, samples, settings.permutations, seed))
    by_cohort = Grouping.read(connection, COHORT, {})
    for column in dict.fromkeys(settings.within):
        strata = Grouping.read(connection, column, settings.classes)
        if not (strata.reason or by_cohort.reason):
            rows = trend_rows(by_cohort, samples, strata, settings.permutations, seed)
            insert(connection, "stratified_trend", rows)


def all_samples(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings) -> list[Sample]:
    """H1 to H4; a share of text that gold corrects stands for the raw one."""
    raw = [*declared_samples(connection, cohorts), *text_samples(connection, cohorts)]
    found = [*raw, *corrected_samples(labelled(connection, settings), cohorts)]
    return list({(of.estimand, of.code): of for of in found}.values())


def usable(connection: Connection, column: str, classes: Mapping[str, Sequence[float]]) -> Grouping:
    """The grouping by a column. Raises SettingsError if there is no such column, or it makes no groups."""
    grouping = Grouping.read(connection, column, classes)
    if grouping.reason == "no_column":
        sql = "SELECT DISTINCT fact FROM project_facts ORDER BY fact"
        known = ", ".join(row[0] for row in connection.execute(sql).fetchall())
        raise SettingsError(f"no column {column!r} of the projects", "--by or --within", f"There are {known}.")
    if grouping.reason:
        what = {
            "empty": "has no value in any project", "one_group": "has the same value in all projects",
            "too_many": f"has more than {MOST_VALUES} different texts",
        }[grouping.reason]  # fmt: skip
        raise SettingsError(f"column {column!r} {what}", "--by or --within", "Choose another, or fill it.")
    return grouping


def estimate_rows(grouping: Grouping, samples: Sequence[Sample]) -> list[Row]:
    """Rows of table group_estimates."""
    rows: list[Row] = []
    places = {name: place for place, name in enumerate(grouping.groups.names)}
    for of in samples:
        for estimand, name, code, n, units, count, value, low, high, _, label in shift.estimate_rows(
            grouping.groups, grouping.of(of)
        ):
            if name in places:  # the row for all projects is in table estimates
                place = places[str(name)]
                ends = grouping.ends[place] or (None, None)
                rows.append(
                    (grouping.column, name, place, *ends, estimand, code, n, units, count, value, low, high, label)
                )
    return rows


def contrast_rows(
    grouping: Grouping, samples: Sequence[Sample], permutations: int, seed: int, strata: Grouping | None = None
) -> list[Row]:
    """Rows of table group_contrasts; with `strata` the labels are permuted within these groups."""
    rows, p_values = [], []
    for of in samples:
        grouped = grouping.of(of)
        test, numbers, p = _tested(grouping, grouped, permutations, seed, strata)
        ends = _difference(grouping, grouped, numbers)
        n = int(np.isin(grouped.cohorts, numbers).sum())
        rows.append((grouping.column, of.estimand, of.code, test, len(numbers), n, *ends, p))
        p_values.append(p)
    tested = [i for i, p in enumerate(p_values) if p is not None]
    adjusted = dict(zip(tested, benjamini_hochberg([p for p in p_values if p is not None]), strict=True))
    return [(*row, adjusted.get(i)) for i, row in enumerate(rows)]


def trend_rows(
    cohorts: Grouping, samples: Sequence[Sample], strata: Grouping, permutations: int, seed: int
) -> list[Row]:
    """Rows of table stratified_trend: H1, H2 for ecology, and H3 where its errors are corrected."""
    rows: list[Row] = []
    for of in samples:
        if of.estimand == "H4" or of.code not in ("", ECOLOGY):
            continue
        test, numbers, plain = _tested(cohorts, of, permutations, seed, None)
        if not test:
            continue
        _, _, own = _tested(cohorts, of, permutations, seed, strata)
        inside = np.isin(of.cohorts, numbers)
        names = [name for name, there in zip(strata.strata(of), inside, strict=True) if there]
        movable = _movable(names, of.cohorts[inside])
        rows.append((of.estimand, of.code, strata.column, test, len(set(names)), len(names), movable, plain, own))
    return rows


def _movable(strata: Sequence[str], labels: Ints) -> int:
    """Projects in strata that hold more than one group: only their labels can be permuted."""
    held = Counter(name for name, _ in set(zip(strata, labels.tolist(), strict=True)))
    return sum(held[name] > 1 for name in strata)


def _tested(
    grouping: Grouping, of: Sample, permutations: int, seed: int, strata: Grouping | None
) -> tuple[str, list[int], float | None]:
    """The test, the groups in it, and its p; None where there is none, or no label can be permuted within the strata.

    Raw shares of text are not tested: errors may differ between groups.
    """
    sizes = {n: int(of.chosen(n).sum()) for n in range(len(grouping.groups.names))}
    counted = of.estimand == "H2" and grouping.ordered
    numbers = [n for n, size in sizes.items() if size >= (1 if counted else 2)]
    if "uncorrected" in of.labels or len(numbers) < 2:
        return "", numbers, None
    if counted and strata is None:
        counts = [int(of.counts[of.chosen(n)].sum()) for n in numbers]
        return "cochran_armitage", numbers, cochran_armitage(counts, [sizes[n] for n in numbers], numbers).mid_p
    inside = np.isin(of.cohorts, numbers)
    values, labels = linearised(of.a[inside], of.b[inside]), of.cohorts[inside]
    names = None if strata is None else [s for s, there in zip(strata.strata(of), inside, strict=True) if there]
    if names is not None and not _movable(names, labels):
        return "", numbers, None
    # A stream of its own for each test, the same whichever others are run; that of the cohorts is the one of H1.
    own = zlib.crc32(f"{grouping.column}/{of.estimand}/{of.code}".encode())
    stream = [seed, 1 if grouping.column == COHORT else own]
    name, test = ("slope", permutation_p) if grouping.ordered else ("omnibus", omnibus_p)
    if counted:
        name, test = "cochran_armitage", trend_of_counts_p
    return name, numbers, or_null(test(values, labels, permutations, stream, names))


def _difference(grouping: Grouping, of: Sample, numbers: Sequence[int]) -> tuple[object, ...]:
    """group_from, group_to, difference, low, high of ordered groups."""
    if not grouping.ordered or len(numbers) < 2:
        return (None,) * 5
    masks = of.chosen(numbers[0]), of.chosen(numbers[-1])
    first, last = (share(of.a[mask], of.b[mask]) for mask in masks)
    if of.estimand == "H2":
        one, two = ((int(of.counts[mask].sum()), int(mask.sum())) for mask in masks)
        ends = newcombe(one, two)
    else:
        ends = difference_interval(first, last)
    names = grouping.groups.names
    return (names[numbers[0]], names[numbers[-1]], or_null(last.value - first.value), *(ends or (None, None)))
