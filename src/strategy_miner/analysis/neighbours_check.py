"""How steady the nearest neighbours are, how well they find planted ones: what chose the measure of `neighbours`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from strategy_miner.analysis.intervals import Values
from strategy_miner.analysis.neighbours import NEAREST, coded_stretches, nearest, shares, similarities, topic_mixes
from strategy_miner.store import connect

DRAWS = 20
# From shares of text (projects x codes) to what is compared by its cosine.
WAYS: Mapping[str, Callable[[Values], Values]] = {
    "shares": lambda of: of,
    "shares, centred": lambda of: of - of.mean(axis=0),
    "roots of shares": np.sqrt,
    "roots, centred (used)": topic_mixes,
}


def halves_table(database: Path, truth: Mapping[str, Values] | None, seed: int) -> str:
    """A line per way: own other half nearest, the same nearest in both halves, nearest by the truth found.

    `truth`: shares of text per code in the order of coded_stretches, by project, where they were planted.
    """
    with connect(database) as connection:
        _, stretches = coded_stretches(connection)
    projects = [p for p, rows in stretches.items() if len(rows) > 1]
    whole = np.array([shares(stretches[p].sum(axis=0)[None, :])[0] for p in projects])
    draw = np.random.default_rng(seed)
    halves = [_halves([stretches[p] for p in projects], draw) for _ in range(DRAWS)]
    lines = [f"{len(projects)} projects; by chance {1 / len(projects):.3f} and {NEAREST / (len(projects) - 1):.3f}"]
    for name, way in WAYS.items():
        own = np.mean([own_half_nearest(way(one), way(other)) for one, other in halves])
        same = np.mean([overlap(way(one), way(other)) for one, other in halves])
        line = f"{name:24} own half {own:.3f}  same in both halves {same:.3f}"
        if truth and all(p in truth for p in projects):
            line += f"  planted found {overlap(way(np.array([truth[p] for p in projects])), way(whole)):.3f}"
        lines.append(line)
    return "\n".join(lines)


def own_half_nearest(one: Values, other: Values) -> float:
    """Share of rows of `one` whose own row of `other` is nearest to them."""
    n = len(one)
    both = similarities(np.vstack([one, other]))[:n, n:]
    return float((both.argmax(axis=1) == np.arange(n)).mean())


def overlap(one: Values, other: Values) -> float:
    """Mean share of the three nearest of a row that are the same in both."""
    pairs = zip(nearest(similarities(one)), nearest(similarities(other)), strict=True)
    return float(np.mean([len(set(a.tolist()) & set(b.tolist())) / NEAREST for a, b in pairs]))


def _halves(stretches: list[NDArray[np.float64]], draw: np.random.Generator) -> tuple[Values, Values]:
    ends: tuple[list[Values], list[Values]] = ([], [])
    for rows in stretches:
        order = draw.permutation(len(rows))
        for half, places in zip(ends, np.array_split(order, 2), strict=True):
            half.append(shares(rows[places].sum(axis=0)[None, :])[0])
    return np.array(ends[0]), np.array(ends[1])
