"""The study: many made corpora per scenario, how far off every method is, and whether its intervals hold.

Two intervals, two truths. The measurement interval must hold the share of these documents, all segments coded without
error; the process interval the share that the process has, E a / E b of its documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from strategy_miner.analysis.intervals import Values
from strategy_miner.analysis.simulation import CORRECTED, ERROR_FREE, QUANTITIES, RAW, Scenario
from strategy_miner.analysis.simulation_declared import Fields
from strategy_miner.errors import SettingsError

LEVEL = 0.05
PERMUTATIONS = 999
CORPORA = 2000
SEED = 20261123
_VALUE, _PROCESS, _MEASUREMENT = 0, slice(1, 3), slice(3, 5)

SHIFT, NO_SHIFT, WEAK = "shift-drift", "no-shift-drift", "shift-drift-weak"
GATED = (SHIFT, NO_SHIFT, WEAK)

Outcome = dict[str, tuple[Values, float]]


def scenarios() -> dict[str, Scenario | Fields]:
    """All scenarios by name; the gated ones first.

    Of text: shift (16 points), half-shift (8) or no-shift; -drift: the classifier overlooks more from cohort to cohort;
    -weak: accuracy .68, not .86; -16/6/7 and -5/5/5: gold labels per document by cohort, not 8/8/8; -alike: standard
    deviation between documents .08, not .13. power-N: shift of N points with drift. fields-N-R: declared fields, shift
    of N points, intra-document correlation .R.
    """
    text = [
        Scenario(f"{head}{middle}{weak}{labels}{alike}", shift, drift, signal, spread, each)
        for weak, signal in (("", 2.6), ("-weak", 1.5))
        for labels, each in (("", (8, 8, 8)), ("-16/6/7", (16, 6, 7)), ("-5/5/5", (5, 5, 5)))
        for alike, spread in (("", 0.13), ("-alike", 0.08))
        for middle, drift in (("-drift", 0.3), ("", 0.0))
        for head, shift in (("shift", 0.16), ("no-shift", 0.0), ("half-shift", 0.08))
    ]
    power = [Scenario(f"power-{points}", points / 100) for points in (5, 10, 15, 20, 25)]
    fields = [Fields(f"fields-{n}-{r:02d}", n / 100, r / 100) for n in (0, 15, 20, 30) for r in (5, 15, 30)]
    everything: list[Scenario | Fields] = [*text, *power, *fields]
    named = {one.name: one for one in everything}
    return {**{name: named[name] for name in GATED}, **named}


@dataclass(frozen=True, slots=True)
class Row:
    """How one method does for one quantity; NaN where it has no such figure.

    Bias and root mean square error are against the process. Coverage and mean width of both intervals at 95 %.
    `rejected`: share of corpora with p <= .05 of the trend over all cohorts, the type I error without shift, the power
    with one.
    """

    method: str
    quantity: str
    bias: float
    rmse: float
    process: float
    process_width: float
    measurement: float
    measurement_width: float
    rejected: float


@dataclass(frozen=True, slots=True)
class Gate:
    """What is asked of a figure and what was reached."""

    figure: str
    low: float
    high: float
    reached: float

    @property
    def passed(self) -> bool:
        """Whether the figure lies within."""
        return self.low <= self.reached <= self.high


@dataclass(frozen=True, slots=True)
class Study:
    """A scenario over `corpora` made corpora."""

    scenario: Scenario | Fields
    corpora: int
    rows: tuple[Row, ...]

    def row(self, method: str, quantity: str = QUANTITIES[-1]) -> Row:
        """The row of a method and a quantity, the contrast if none is named."""
        return next(row for row in self.rows if (row.method, row.quantity) == (method, quantity))


def study(
    name: str, corpora: int = CORPORA, *, workers: int = 1, permutations: int = PERMUTATIONS, seed: int = SEED,
    progress: Callable[[int, int], None] | None = None,
) -> Study:  # fmt: skip
    """Draw corpora of a scenario and sum up. Corpus i is the same whatever `corpora` and `workers` are.

    `workers` is the number of processes; 0 `permutations` leave the tests out; `progress` is called with (done, all).
    Raises SettingsError for an unknown scenario.
    """
    if (scenario := scenarios().get(name)) is None:
        raise SettingsError(f"unknown scenario {name!r}", "--scenario", f"Use one of {', '.join(scenarios())}.")
    one = partial(_one, scenario, permutations, seed)
    if workers > 1:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            found = _collected(pool.map(one, range(corpora), chunksize=10), corpora, progress)
    else:
        found = _collected(map(one, range(corpora)), corpora, progress)
    return Study(scenario, corpora, tuple(_rows(scenario, found)))


def gates(of: Study) -> list[Gate]:
    """What the project asks of a study of 2,000 corpora in a gated scenario; of others nothing.

    With so many corpora a coverage of .95 is known to half a point (standard error).
    """
    if of.scenario.name not in GATED:
        return []
    asked = []
    for quantity in QUANTITIES:
        own = of.row(CORRECTED, quantity)
        low, high = (0.92, 0.975) if quantity == QUANTITIES[0] else (0.93, 0.97)
        asked += [
            Gate(f"process interval holds {quantity}", low, high, own.process),
            Gate(f"measurement interval holds {quantity}", low, high, own.measurement),
            Gate(f"bias of {quantity}", -0.005, 0.005, own.bias),
        ]
    raw = of.row(RAW)
    asked.append(Gate("raw counting fails: its interval holds 3 less 1", 0.0, 0.60, raw.process))
    if not of.scenario.shift:
        asked += [
            Gate("type I error", 0.035, 0.065, of.row(CORRECTED).rejected),
            Gate("raw counting fails: type I error", 0.065, 1.0, raw.rejected),
        ]
    return asked


def _collected(runs: Iterable[Outcome], corpora: int, progress: Callable[[int, int], None] | None) -> list[Outcome]:
    found = []
    for run in runs:
        found.append(run)
        if progress is not None:
            progress(len(found), corpora)
    return found


def _one(scenario: Scenario | Fields, permutations: int, seed: int, number: int) -> Outcome:
    """By method the values and interval ends (quantities, 5), and p, of corpus `number`."""
    found = scenario.answers(np.random.default_rng([seed, number]), permutations)
    return {
        method: (np.column_stack([one.values, one.process, one.measurement]), one.p) for method, one in found.items()
    }


def _rows(scenario: Scenario | Fields, found: list[Outcome]) -> Iterator[Row]:
    of_process = np.append(scenario.means, scenario.shift)
    for method in found[0]:
        numbers = np.array([run[method][0] for run in found])
        p = np.array([run[method][1] for run in found])
        for q, quantity in enumerate(QUANTITIES):
            error = numbers[:, q, _VALUE] - of_process[q]
            these = np.array([run[ERROR_FREE][0][q, _VALUE] for run in found if ERROR_FREE in run])
            yield Row(
                method, quantity, float(error.mean()), float(np.sqrt((error**2).mean())),
                *_coverage(numbers[:, q, _PROCESS], np.full(len(found), of_process[q])),
                *_coverage(numbers[:, q, _MEASUREMENT], these),
                float("nan") if np.isnan(p).all() else float((p <= LEVEL).mean()),
            )  # fmt: skip


def _coverage(ends: Values, true: Values) -> tuple[float, float]:
    """How often intervals hold the truth and how wide they are; one that does not exist holds nothing."""
    if np.isnan(ends).all():
        return float("nan"), float("nan")
    low, high = ends.T
    return float(((low <= true) & (true <= high)).mean()), float(np.nanmean(high - low))
