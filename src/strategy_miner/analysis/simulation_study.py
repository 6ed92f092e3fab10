"""The study: many made corpora per scenario, how far off every method is, and whether its intervals hold.

Two intervals, two truths. The measurement interval must hold the share of these documents, all segments coded without
error; the process interval the share that the process has, E a / E b of its documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from strategy_miner.analysis.intervals import Values
from strategy_miner.analysis.simulation import METHODS, QUANTITIES, Scenario, answers, made

LEVEL = 0.05
PERMUTATIONS = 999
SEED = 20261123
ERROR_FREE = METHODS[-1]
_VALUE, _PROCESS, _MEASUREMENT = 0, slice(1, 3), slice(3, 5)

SHIFT, NO_SHIFT, WEAK = "shift-drift", "no-shift-drift", "shift-drift-weak"
GATED = (SHIFT, NO_SHIFT, WEAK)
_SIGNAL = {"": 2.6, "-weak": 1.5}
_LABELS = {"": (8, 8, 8), "-16/6/7": (16, 6, 7), "-5/5/5": (5, 5, 5)}
_SPREAD = {"": 0.13, "-alike": 0.08}


def scenarios() -> dict[str, Scenario]:
    """All scenarios by name; the name without endings has 8 labels per document, accuracy .86 and spread .13."""
    return {
        name: Scenario(name, shift, drift, _SIGNAL[weak], _SPREAD[alike], _LABELS[labels])
        for head, shift in (("shift", 0.16), ("half-shift", 0.08), ("no-shift", 0.0))
        for middle, drift in (("-drift", 0.3), ("", 0.0))
        for weak in _SIGNAL
        for labels in _LABELS
        for alike in _SPREAD
        for name in [f"{head}{middle}{weak}{labels}{alike}"]
    }


@dataclass(frozen=True, slots=True)
class Row:
    """How one method does for one quantity; NaN where it has no such figure.

    Coverage and mean width of both intervals at 95 %; `rejected`: share of corpora with p <= .05, of the trend over
    all cohorts: type I error without shift, power with one.
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
class Study:
    """A scenario over `corpora` made corpora."""

    scenario: Scenario
    corpora: int
    rows: tuple[Row, ...]

    def row(self, method: str, quantity: str) -> Row:
        """The row of a method and a quantity."""
        return next(row for row in self.rows if (row.method, row.quantity) == (method, quantity))


def study(scenario: Scenario, corpora: int, *, workers: int = 1, permutations: int = PERMUTATIONS, seed: int = SEED,
          progress: Callable[[int, int], None] | None = None) -> Study:  # fmt: skip
    """Draw corpora and sum up. Corpus i is the same whatever `corpora` and `workers` are.

    `workers` is the number of processes; 0 `permutations` leave the tests out; `progress` is called with (done, all).
    """
    one = partial(_one, scenario, permutations, seed)
    if workers > 1:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            found = _collected(pool.map(one, range(corpora), chunksize=10), corpora, progress)
    else:
        found = _collected(map(one, range(corpora)), corpora, progress)
    return Study(scenario, corpora, tuple(_rows(scenario, found)))


def _collected(
    runs: Iterable[tuple[Values, Values]], corpora: int, progress: Callable[[int, int], None] | None
) -> list[tuple[Values, Values]]:
    found = []
    for run in runs:
        found.append(run)
        if progress is not None:
            progress(len(found), corpora)
    return found


def _one(scenario: Scenario, permutations: int, seed: int, number: int) -> tuple[Values, Values]:
    """Values and interval ends (methods, quantities, 5), and p (methods,), of corpus `number`."""
    random = np.random.default_rng([seed, number])
    found = answers(made(scenario, random), scenario, random, permutations).values()
    return (
        np.array([np.column_stack([one.values, one.process, one.measurement]) for one in found]),
        np.array([one.p for one in found]),
    )


def _rows(scenario: Scenario, found: list[tuple[Values, Values]]) -> Iterable[Row]:
    numbers, p = (np.array(part) for part in zip(*found, strict=True))
    of_process = np.append(scenario.means, scenario.shift)
    of_these = numbers[:, METHODS.index(ERROR_FREE), :, _VALUE]
    for m, method in enumerate(METHODS):
        for q, quantity in enumerate(QUANTITIES):
            own = numbers[:, m, q]
            error = own[:, _VALUE] - of_process[q]
            yield Row(
                method, quantity, float(error.mean()), float(np.sqrt((error**2).mean())),
                *_coverage(own[:, _PROCESS], np.full(len(own), of_process[q])),
                *_coverage(own[:, _MEASUREMENT], of_these[:, q]),
                float("nan") if np.isnan(p[:, m]).all() else float((p[:, m] <= LEVEL).mean()),
            )  # fmt: skip


def _coverage(ends: Values, true: Values) -> tuple[float, float]:
    """How often intervals hold the truth and how wide they are; one that does not exist holds nothing."""
    if np.isnan(ends).all():
        return float("nan"), float("nan")
    low, high = ends.T
    return float(((low <= true) & (true <= high)).mean()), float(np.nanmean(high - low))
