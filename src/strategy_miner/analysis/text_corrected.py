"""Cells of the robustness panel corrected by gold labels: any coder, threshold and weight; segments only.

Gold labels belong to segments: what a whole section or page would have been given, nobody said.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from strategy_miner.analysis.labelled_text import Labelled
from strategy_miner.analysis.samples import Cohorts, Sample
from strategy_miner.analysis.text_units import Texts, share_sample
from strategy_miner.coding.gold_estimate import integrated_share

CORRECTED = "corrected"


def corrected_sample(
    cohorts: Cohorts, texts: Texts, gold: Labelled, choice: tuple[str, str], weighting: str
) -> Sample | None:
    """H3 by the stratified difference estimator; None for a mean of ratios where a project has too little coded text.

    What the coder of `choice` gives at the threshold of `choice` is corrected by the labels of `gold`, whose own
    scores do not matter.
    """
    by_words = weighting.startswith("tokens")
    place = {segment_id: i for i, segment_id in enumerate(texts.ids)}
    labelled = np.array([place[segment_id] for segment_id in gold.ids], dtype=np.int64)
    known = {document_id: d for d, document_id in enumerate(gold.documents)}
    number = np.array([known.get(document_id, -1) for document_id in texts.names], dtype=np.int64)
    home = number[texts.document]
    inside = home >= 0
    count, tokens = (
        np.bincount(home[inside], own[inside], minlength=len(known)) for own in (np.ones(len(home)), texts.tokens)
    )
    weight = np.where(inside, texts.tokens * (count / tokens)[home], 0.0) if by_words else inside.astype(np.float64)
    said = np.stack(integrated_share(texts.coded(*choice), texts.integrated), axis=1)
    true = np.stack(integrated_share(gold.true, texts.integrated), axis=1)
    sums = [np.bincount(home[inside], (weight * own)[inside], minlength=len(known)) for own in said.T]
    raw, error = np.stack(sums, axis=1) / count[:, None], weight[labelled, None] * (true - said[labelled])
    a, b = replace(gold.errors, raw=raw, error=error).corrected().T
    size = tokens if by_words else count
    figures = (size * a, size * b, size, count)
    totals = {
        project_id: [float(own[number[of][number[of] >= 0]].sum()) for own in figures]
        for project_id, of in texts.projects.items()
    }
    return share_sample(cohorts, totals, weighting, CORRECTED)
