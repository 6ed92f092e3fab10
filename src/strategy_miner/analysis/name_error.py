"""Measurement intervals of H1 and H2: how far they move with the machine's measured error on names of fields, and with
coders who differ. These projects and these names are fixed; only what is said of a name is uncertain.

Names that the machine set are flipped by its predictive values: per draw Beta(1/2 + right, 1/2 + wrong), the Jeffreys
posterior of each, from counts on names with reference labels (Brown, Cai, DasGupta 2001, Statistical Science 16:101).
They are taken to be the same in every cohort. Names that a person set stay, unless coders differ: then each draw takes
the word of one of them. 95 % of the draws lie within the interval; it need not have the estimate in its middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from strategy_miner.analysis.intervals import Interval, Values
from strategy_miner.analysis.samples import Cohorts, Sample, declared_samples
from strategy_miner.analysis.shift import compared
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import insert

if TYPE_CHECKING:
    from strategy_miner.store import Connection

DRAWS = 10_000  # with 1,000 the ends of the interval moved by a point from seed to seed
_ENDS = (2.5, 97.5)

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Names:
    """Names of fields with one property each. `project`: place of the name's project in the sample; `set`: what counts;
    `machine`: set by the machine; `others`: what further coders say."""

    project: NDArray[np.int64]
    set: Flags
    machine: Flags
    others: tuple[tuple[bool, ...], ...]

    @property
    def disputed(self) -> Flags:
        """Names on which coders differ."""
        return np.array(
            [any(o != own for o in others) for own, others in zip(self.set, self.others, strict=True)], bool
        )


def add_measurement(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
    """Fill name_bands, the rows `measurement` of estimates for H1 and ecology, and the ends in their contrasts."""
    h1, h2 = declared_samples(connection, cohorts)[:2]
    for place, (of, flag, by, counts) in enumerate((
        (h1, "orientation = 'integrated'", "oriented_by", settings.names_integrated),
        (h2, "ecology", "ecology_by", settings.names_ecology),
    )):  # fmt: skip
        names = _names(connection, of, flag, by)
        drawn = drawn_flags(names, counts, np.random.default_rng([seed, 7, place]))
        values = None if drawn is None else _project_values(of, names, drawn)
        insert(connection, "name_bands", band_rows(cohorts, of, names, values))
        if values is not None:
            _add_intervals(connection, cohorts, of, values / _weights(of, names))


def drawn_flags(names: Names, counts: Sequence[int], random: np.random.Generator) -> Flags | None:
    """DRAWS versions (draws, names) of the property; None where no error is known: neither the machine's nor that of a
    second coder. `counts`: machine and reference yes, machine alone, reference alone, neither."""
    if not len(names.set) or (names.machine.any() and not counts) or not (names.machine.any() or any(names.others)):
        return None
    drawn = np.tile(names.set, (DRAWS, 1))
    if names.machine.any():
        both, machine_alone, reference_alone, neither = (count + 0.5 for count in counts)
        if_yes = random.beta(both, machine_alone, (DRAWS, 1))
        if_no = random.beta(reference_alone, neither, (DRAWS, 1))
        chance = np.where(names.set, if_yes, if_no)
        flipped = random.random(drawn.shape) < chance
        drawn[:, names.machine] = flipped[:, names.machine]
    for place in np.flatnonzero(names.disputed):
        said = np.array([names.set[place], *names.others[place]], dtype=bool)
        drawn[:, place] = said[random.integers(len(said), size=DRAWS)]
    return drawn


def band_rows(cohorts: Cohorts, of: Sample, names: Names, values: Values | None) -> list[tuple[object, ...]]:
    """Rows of table name_bands. `values`: count per draw and project."""
    rows: list[tuple[object, ...]] = []
    for number, cohort in cohorts.groups:
        mask = of.chosen(number)
        own = mask[names.project]
        counts: tuple[int | None, int | None] = (None, None)
        if values is not None and mask.any():
            low, high = _ends(values[:, mask].sum(axis=1))
            counts = round(low), round(high)
        numbers = (int(own.sum()), int((own & names.machine).sum()), int((own & names.disputed).sum()))
        rows.append((of.estimand, of.code, cohort, int(mask.sum()), *numbers, int(of.counts[mask].sum()), *counts))
    return rows


def _names(connection: Connection, of: Sample, flag: str, by: str) -> Names:
    sql = f"""
        WITH said AS (
            SELECT project_id, field_name, coder, {flag} AS flag FROM second_readings
            WHERE {flag.split(" ")[0]} IS NOT NULL
        )
        SELECT d.project_id, any_value(d.{flag}), any_value(d.{by}) = 'machine',
            list(s.flag ORDER BY s.coder) FILTER (s.coder IS NOT NULL AND d.{by} = 'person')
        FROM declared AS d LEFT JOIN said AS s ON (s.project_id, s.field_name) = (d.project_id, d.field_name)
        GROUP BY d.project_id, d.id ORDER BY d.project_id, d.id"""
    rows = connection.execute(sql).fetchall()
    place = {project_id: i for i, project_id in enumerate(of.project_ids)}
    return Names(
        np.array([place[row[0]] for row in rows], dtype=np.int64), np.array([row[1] for row in rows], dtype=bool),
        np.array([row[2] for row in rows], dtype=bool), tuple(tuple(row[3] or ()) for row in rows),
    )  # fmt: skip


def _project_values(of: Sample, names: Names, drawn: Flags) -> Values:
    """Per draw and project the number of names with the property (H1), or 1 if there is one (H2)."""
    members = np.zeros((len(names.project), len(of)))
    members[np.arange(len(names.project)), names.project] = 1.0
    counts: Values = drawn.astype(np.float64) @ members
    return counts if of.estimand == "H1" else np.minimum(counts, 1.0)


def _weights(of: Sample, names: Names) -> Values:
    """What a project's count is divided by."""
    return np.bincount(names.project, minlength=len(of)).astype(float) if of.estimand == "H1" else np.ones(len(of))


def _add_intervals(connection: Connection, cohorts: Cohorts, of: Sample, values: Values) -> None:
    for number, cohort in cohorts.groups:
        if of.chosen(number).any():
            low, high = _ends(values[:, of.chosen(number)].mean(axis=1))
            connection.execute(
                """
                INSERT INTO estimates
                SELECT estimand, cohort, code, n_projects, n_units, count, value, $low, $high, 'measurement', label
                FROM estimates
                WHERE estimand = $estimand AND code = $code AND cohort = $cohort AND interval <> 'measurement'""",
                {"low": low, "high": high, "estimand": of.estimand, "code": of.code, "cohort": cohort},
            )
    used, weights = compared(cohorts, of)
    if used:
        means = np.stack([values[:, of.chosen(number)].mean(axis=1) for number in used])
        low, high = _ends(np.asarray(weights) @ means)
        sql = "UPDATE contrasts SET measurement_low = ?, measurement_high = ? WHERE estimand = ? AND code = ?"
        connection.execute(sql, [low, high, of.estimand, of.code])


def _ends(draws: Values) -> Interval:
    """The 2.5th and 97.5th percentile, each one of the draws: a count stays a count."""
    low, high = np.percentile(draws, _ENDS, method="inverted_cdf")
    return float(low), float(high)
