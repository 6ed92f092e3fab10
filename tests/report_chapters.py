"""Rows of the tables behind the chapters on measures, cohorts and projects, for made-up reports. All is invented."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Rows = dict[str, list[tuple[Any, ...]]]
_MEASURES = {("all", ""): 1.0, ("status", "quick_win"): 0.4, ("status", ""): 0.6, ("form", "sheet"): 1.0,
             ("field", "energie"): 0.5, ("field", ""): 0.5, ("technology", "sensors"): 0.2}  # fmt: skip


def measured_rows(labels: Sequence[str], read: bool) -> Rows:
    """Ten measures in four projects of each cohort; costs in the first cohort only."""
    if not read:
        return {}
    groups = [("", len(labels)), *((label, 1) for label in labels)]
    counts = [
        (subject, value, label, 4 * n, 3 * n, 10 * n, round(10 * n * share))
        for (subject, value), share in _MEASURES.items()
        for label, n in groups
    ]
    stated = {"": 1, labels[0]: 1}
    costs = [
        (label, 10 * n, 6, 5, 1, 2, 120_000.0, 80_000.0, 400_000.0, 1_250_000.0) if label in stated
        else (label, 10 * n, 0, 0, 0, 0, None, None, None, None)
        for label, n in groups
    ]  # fmt: skip
    return {"measure_counts": counts, "measure_costs": costs}
