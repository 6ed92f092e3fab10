"""H3 and H4 corrected for the errors of the classifier: samples, measurement intervals, and the tables behind them."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from strategy_miner.analysis import shift
from strategy_miner.analysis.coder_band import agreement_rows, band_rows
from strategy_miner.analysis.intervals import Interval, linearised, or_null, share, spread_between
from strategy_miner.analysis.labelled_text import CODED, CODES, INTEGRATED, PROBABILITIES, Bools, Labelled
from strategy_miner.analysis.samples import Cohorts, Sample
from strategy_miner.coding.classifier import decided
from strategy_miner.coding.gold_estimate import LEAST_POSITIVE, SPREAD, Estimate
from strategy_miner.records import CODEBOOK, LEXICON
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import insert

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]


def labelled(connection: Connection, settings: AnalyseSettings, without: Collection[str] = ()) -> Labelled | None:
    """Gold with the scores that params.yaml names, else with those behind the raw shares; None without gold.

    `without`: segments that do not count, see `Labelled.read`.
    """
    return _first(connection, (settings.scores, CODEBOOK, LEXICON), without)


def _first(connection: Connection, scorers: Sequence[str], without: Collection[str] = ()) -> Labelled | None:
    return next((found for scorer in scorers if (found := Labelled.read(connection, scorer, without))), None)


def corrected_samples(gold: Labelled | None, cohorts: Cohorts) -> list[Sample]:
    """H3, then H4 for the codes with enough gold positives; none without gold."""
    if gold is None:
        return []
    enough = [code for code, n in zip(gold.codes, gold.positives, strict=True) if n >= LEAST_POSITIVE]
    return [gold.sample(cohorts), *(gold.sample(cohorts, code) for code in sorted(enough))]


def corrected_estimates(gold: Labelled, cohorts: Cohorts, of: Sample) -> list[Row]:
    """Rows of table estimates: process, then measurement interval."""
    rows = process = shift.estimate_rows(cohorts, of)
    for row, (number, _) in zip(process, cohorts.groups, strict=True):
        low, high = _ends(gold.measured(of, [of.chosen(number)]), 0.0) or (None, None)
        rows = [*rows, (*row[:7], low, high, "measurement", "corrected")]
    return rows


def corrected_contrast(
    gold: Labelled, cohorts: Cohorts, of: Sample, settings: AnalyseSettings, seed: int
) -> shift.Contrast:
    """As `shift.contrast`, with the measurement interval; H4 is exploratory and gets no verdict."""
    if of.estimand == "H3":
        found = shift.contrast(cohorts, of, settings.margin, settings.permutations, seed)
    else:
        found = shift.exploratory_contrast(cohorts, of, settings.permutations, seed)
    return replace(found, measurement=_difference(gold, cohorts, of))


def add_corrected(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
    """Fill the tables of corrected.sql; none without gold."""
    gold = labelled(connection, settings)
    if gold is None:
        return
    of = gold.sample(cohorts)
    insert(connection, "corrections", _correction_rows(connection, gold, cohorts, of))
    values = linearised(of.a, of.b)
    insert(connection, "corrected_projects", [
        (project_id, cohorts.name(project_id), int(n), float(a), float(b), or_null(y))
        for project_id, n, a, b, y in zip(of.project_ids, of.units, of.a, of.b, values, strict=True)
    ])  # fmt: skip
    shown = _first(connection, (CODEBOOK, LEXICON)) or gold
    panel = {one.scores: one for one in (shown, gold)}
    insert(connection, "drift", [row for one in panel.values() for row in _drift_rows(one, cohorts, of)])
    insert(connection, "gold_codes", _code_rows(shown, gold))
    insert(connection, "coder_band", band_rows(connection, gold, cohorts, of, seed))
    insert(connection, "coder_agreement", agreement_rows(connection, gold, seed))


_UNLABELLED = """
    SELECT p.project_id, count(DISTINCT document_id) FROM project_documents AS p
    JOIN documents AS d USING (document_id)
    WHERE d.status = 'read' AND d.segments > 0 AND NOT list_contains(?::VARCHAR[], document_id) GROUP BY p.project_id"""


def _correction_rows(connection: Connection, gold: Labelled, cohorts: Cohorts, of: Sample) -> list[Row]:
    unlabelled = dict(connection.execute(_UNLABELLED, [list(gold.documents)]).fetchall())
    rows: list[Row] = []
    for number, name in cohorts.groups:
        mask = of.chosen(number)
        documents = gold.weights(mask) > 0
        inside = gold.inside(mask)
        process = share(of.a[mask], of.b[mask])
        tau = spread_between(process, gold.measured(of, [mask]).variance)
        flags = [gold.true[inside].any(axis=1), gold.true[inside][:, gold.integrated].any(axis=1)]
        members = [p for p, n in cohorts.number_of.items() if number in (None, n)]
        rows.append((
            name, gold.scores, int(mask.sum()), int(documents.sum()), sum(unlabelled.get(p, 0) for p in members),
            int(inside.sum()), *(int(flag.sum()) for flag in flags),
            math.fsum(of.b[mask]) / int(mask.sum()) if mask.any() else None, or_null(tau),
        ))  # fmt: skip
    return rows


def _drift_rows(gold: Labelled, cohorts: Cohorts, of: Sample) -> list[Row]:
    rows: list[Row] = []
    for raw_from, errors in ((PROBABILITIES, gold.errors), (CODES, gold.given)):
        raw = gold.by_project(errors.raw)
        for figure, column in (("integrated", INTEGRATED), ("coded", CODED)):
            groups = [(name, of.chosen(number)) for number, name in cohorts.groups if of.chosen(number).any()]
            found = {name: errors.mean(gold.weights(mask), column, rectifier=True) for name, mask in groups}
            values = [estimate.value for name, estimate in found.items() if name]
            spread = max(values) - min(values) if len(values) > 1 else None
            for name, mask in groups:
                n_projects, n_labels = int(mask.sum()), int(gold.inside(mask).sum())
                rows.append((
                    gold.scores, figure, raw_from, name, n_projects, n_labels, float(raw[mask, column].mean()),
                    found[name].value, *(_ends(found[name], -1.0) or (None, None)), spread,
                    None if spread is None else spread > SPREAD,
                ))  # fmt: skip
    return rows


def _code_rows(shown: Labelled, gold: Labelled) -> list[Row]:
    """What the classifier behind the raw shares gets right; which codes the scores of `gold` correct."""
    corrected = {code for code, n in zip(gold.codes, gold.positives, strict=True) if n >= LEAST_POSITIVE}
    errors = shown.errors
    weight = (errors.sizes / np.bincount(errors.stratum))[errors.stratum]
    given = decided(shown.predicted, shown.threshold)
    rows: list[Row] = []
    for j, code in enumerate(shown.codes):
        hits, said, there = (
            math.fsum(weight[cells]) for cells in (given[:, j] & shown.true[:, j], given[:, j], shown.true[:, j])
        )
        positives = int(shown.true[:, j].sum())
        rows.append((
            code, len(shown.ids), positives, int(given[:, j].sum()), hits / said if said else None,
            hits / there if there else None, code in corrected,
        ))  # fmt: skip
    return rows


def _difference(gold: Labelled, cohorts: Cohorts, of: Sample) -> Interval | None:
    numbers, weights = shift.compared(cohorts, of)
    if not numbers:
        return None
    masks: Sequence[Bools] = [of.chosen(number) for number in numbers]
    return _ends(gold.measured(of, masks, weights), -1.0)


def _ends(estimate: Estimate, lowest: float) -> Interval | None:
    if math.isnan(estimate.low) or math.isnan(estimate.value):
        return None
    return max(lowest, estimate.low), min(1.0, estimate.high)
