"""What is planted where: the integrated share of declared fields and of coded text for every document.

Shares are drawn per cohort as normal scores that are standardised, so that the cohort's mean is the planted one and
its standard deviation the wanted spread, whatever the cohort's size. Text follows fields only in part.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from strategy_miner.errors import CorpusError
from strategy_miner.records import Project
from strategy_miner.settings import DemoSettings

_LOWEST, _HIGHEST = 0.05, 0.90
_FIELD_COUNTS = (4, 5, 5, 6, 6, 6, 7, 7, 8, 9)
_CLOSE = 0.004  # a cohort's mean of x/m cannot hit the planted share exactly
_FOLLOWS = 0.6  # correlation of the share of text with the share of fields
_SCANS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What one document is to hold. `text_share`: the integrated share of its coded text."""

    fields: int
    integrated_fields: int
    planted_fields: float
    planted_text: float
    text_share: float
    scanned: bool


def plan_corpus(projects: Sequence[Project], settings: DemoSettings, seed: int) -> dict[str, Plan]:
    """A plan per project id. Raises CorpusError if the settings do not give one planted share per cohort."""
    cohorts: defaultdict[str, list[str]] = defaultdict(list)
    for project in projects:
        cohorts[project.cohort or ""].append(project.project_id)
    if not len(settings.planted_fields) == len(settings.planted_text) == len(cohorts):
        raise CorpusError(
            f"{len(cohorts)} cohorts need as many planted shares", "params.yaml: demo", "Correct planted_*."
        )
    plans: dict[str, Plan] = {}
    for k, (cohort, ids) in enumerate(sorted(cohorts.items())):
        rng = random.Random(f"{seed}:plan:{cohort}")
        score = [rng.gauss(0, 1) for _ in ids]
        other = [_FOLLOWS * z + math.sqrt(1 - _FOLLOWS**2) * rng.gauss(0, 1) for z in score]
        counts = {i: rng.choice(_FIELD_COUNTS) for i in ids}
        shares = dict(zip(ids, _shares(score, settings.planted_fields[k], settings.spread), strict=True))
        texts = dict(zip(ids, _shares(other, settings.planted_text[k], settings.spread), strict=True))
        integrated = _round_to_counts(shares, counts, settings.planted_fields[k])
        scans = set(rng.sample(ids, _scans_of(k, len(cohorts))))
        for i in ids:
            plans[i] = Plan(
                counts[i], integrated[i], settings.planted_fields[k], settings.planted_text[k], texts[i], i in scans
            )
    return plans


def _scans_of(cohort: int, cohorts: int) -> int:
    return _SCANS // cohorts + (1 if cohort < _SCANS % cohorts else 0)


def _shares(scores: Sequence[float], mean: float, spread: float) -> list[float]:
    centre, scale = fmean(scores), pstdev(scores) or 1.0
    shares = [mean + spread * (z - centre) / scale for z in scores]
    return [min(max(share, _LOWEST), _HIGHEST) for share in shares]


def _round_to_counts(shares: Mapping[str, float], counts: Mapping[str, int], planted: float) -> dict[str, int]:
    """Integrated fields per document: rounded, then one field more or less where that brings the mean closer."""
    chosen = {i: min(max(round(share * counts[i]), 0), counts[i]) for i, share in shares.items()}
    for _ in range(len(chosen)):
        gap = planted - fmean(chosen[i] / counts[i] for i in chosen)
        step = 1 if gap > 0 else -1
        movable = [
            i
            for i in sorted(chosen)
            if 0 <= chosen[i] + step <= counts[i]
            and abs(gap - step / counts[i] / len(chosen)) < abs(gap)
            and abs((chosen[i] + step) / counts[i] - shares[i]) < 1 / counts[i]
        ]
        if abs(gap) < _CLOSE or not movable:
            break
        best = min(movable, key=lambda i: abs((chosen[i] + step) / counts[i] - shares[i]))
        chosen[best] += step
    return chosen
