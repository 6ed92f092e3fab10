"""What hangs on the coders: corrected H3 under random settlements of their disputes, and how far they agree."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from strategy_miner.analysis import shift
from strategy_miner.analysis.intervals import Values, or_null, share
from strategy_miner.analysis.labelled_text import CODED, INTEGRATED, Bools, Labelled
from strategy_miner.analysis.samples import Cohorts, Sample
from strategy_miner.coding.agreement import agreement
from strategy_miner.coding.gold_estimate import integrated_share
from strategy_miner.coding.gold_labels import CONSENSUS

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]

DRAWS = 1000
STREAM = 5  # of the seed, so that no other part of the analysis draws the same numbers
_CODERS = "SELECT coder, segment_id, codes FROM gold_labels WHERE coder <> ? ORDER BY coder, segment_id"


def band_rows(connection: Connection, gold: Labelled, cohorts: Cohorts, of: Sample, seed: int) -> list[Row]:
    """Rows of table coder_band: 2.5 to 97.5 % of the estimates when each dispute goes to one of its coders at random.

    Empty where no label was given by two people.
    """
    said = [[own[i] for own in _sets(connection).values() if i in own] for i in gold.ids]
    coded_twice = np.array([len(sets) > 1 for sets in said])
    differently = np.array([len(set(sets)) > 1 for sets in said])
    if not coded_twice.any():
        return []
    disputed = np.flatnonzero(differently).tolist()
    settled = _settlements(gold, said, disputed, seed)
    rows: list[Row] = []

    def counts(inside: Bools) -> tuple[int, ...]:
        return int(inside.sum()), int((inside & coded_twice).sum()), int((inside & differently).sum()), DRAWS

    for number, name in cohorts.groups:
        mask = of.chosen(number)
        if mask.any():
            own = share(of.a[mask], of.b[mask]).value
            rows.append(("share", name, *counts(gold.inside(mask)), *_band(own, _shares(gold, of, mask, settled))))
    numbers, weights = shift.compared(cohorts, of)
    if numbers:
        masks = [of.chosen(number) for number in numbers]
        own = math.fsum(w * share(of.a[m], of.b[m]).value for m, w in zip(masks, weights, strict=True))
        drawn = sum(w * _shares(gold, of, m, settled) for m, w in zip(masks, weights, strict=True))
        inside = gold.inside(np.any(masks, axis=0))
        rows.append(("difference", "", *counts(inside), *_band(own, np.asarray(drawn))))
    return rows


def agreement_rows(connection: Connection, gold: Labelled, seed: int) -> list[Row]:
    """Rows of table coder_agreement; empty where no label was given by two people."""
    sets = {coder: {i: own[i] for i in gold.ids if i in own} for coder, own in _sets(connection).items()}
    given = [i for own in sets.values() for i in own]
    if len(given) == len(set(given)):
        return []
    documents = {i: gold.documents[d] for i, d in zip(gold.ids, gold.home, strict=True)}
    kinds = frozenset(code for code, flag in zip(gold.codes, gold.integrated, strict=True) if flag)
    return [
        (
            one.what, one.units, *(or_null(value) for value in (one.prevalence, one.positive, one.alpha.value)),
            or_null(one.alpha.low), or_null(one.alpha.high), one.gate,
        )
        for one in agreement(sets, documents, gold.codes, kinds, seed)
    ]  # fmt: skip


def _sets(connection: Connection) -> dict[str, dict[str, frozenset[str]]]:
    found: dict[str, dict[str, frozenset[str]]] = {}
    for coder, segment, codes in connection.execute(_CODERS, [CONSENSUS]).fetchall():
        found.setdefault(coder, {})[segment] = frozenset(codes)
    return found


def _settlements(
    gold: Labelled, said: list[list[frozenset[str]]], disputed: list[int], seed: int
) -> tuple[list[int], Values]:
    """The disputed labels (m), and by how much A and B of each change with every settlement: (2, draws, m)."""
    random = np.random.default_rng([seed, STREAM])
    change = np.zeros((2, DRAWS, len(disputed)))
    for place, i in enumerate(disputed):
        codes = np.array([[code in own for code in gold.codes] for own in said[i]], dtype=bool)
        a, b = integrated_share(codes, gold.integrated)
        settled_a, settled_b = integrated_share(gold.true[[i]], gold.integrated)
        drawn = random.integers(len(codes), size=DRAWS)
        change[:, :, place] = a[drawn] - settled_a[0], b[drawn] - settled_b[0]
    return disputed, change


def _shares(gold: Labelled, of: Sample, mask: Bools, settled: tuple[list[int], Values]) -> Values:
    """(draws,) the ratio of some projects; sums over projects are linear in the labels."""
    disputed, change = settled
    errors = gold.errors
    counts = np.bincount(errors.stratum)
    weight = gold.weights(mask)[gold.home] * (errors.sizes / counts)[errors.stratum] / errors.segments[gold.home]
    moved = (change * weight[disputed]).sum(axis=2)
    a, b = (math.fsum(values[mask]) / int(mask.sum()) + moved[k] for values, k in ((of.a, INTEGRATED), (of.b, CODED)))
    return np.asarray(np.where(b > 0, a / np.where(b > 0, b, 1.0), np.nan))


def _band(value: float, drawn: Values) -> tuple[float | None, float | None, float | None]:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return or_null(value), or_null(float(low)), or_null(float(high))
