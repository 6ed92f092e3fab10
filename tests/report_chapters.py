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


def profile_rows(projects: Sequence[tuple[Any, ...]], quotes: Sequence[tuple[Any, ...]], labels: Sequence[str]) -> Rows:
    """Rows for projects with text (rows of table projects); passages of `quotes` (rows of that table) stand behind."""
    if not quotes or len(labels) < 2:
        return {}
    segments = [
        (q[4], q[5], number, q[8], "paragraph", [q[10]] if q[10] else [], q[11], [], [], [])
        for number, q in enumerate(quotes)
    ]
    ids = [p[0] for p in projects]
    codes, near, plans = [], [], []
    for n, project in enumerate(projects):
        quote = quotes[n % len(quotes)]
        codes += [
            (project[0], "energie", 1, 9, 80, 0.1125, 0.05 if n else None, 3 if n else 0, quote[4]),
            (project[0], "mobilitaet", 2, 0, 80, 0.0, 0.04, 3, None),
        ]
        near += [(project[0], 1, ids[n - 1], 0.512, 0.615, 200, len(ids), ["energie"] if n % 2 else [])]
        if n % 2:
            status = "quick_win" if n % 4 == 1 else ""
            plans.append((f"m{n}", f"doc_{project[0]}", 7, "Wärme <&> Netz", "", ["energie"], [], [], "sheet", [], [],
                          status, "", "", "", None, None, "rund 5.000 Euro", None, None, False))  # fmt: skip
    typical = [
        (labels[0], "text", "field", "energie", 1, 3, 3, 0.12, 9, 4, 0.05, 2.0),
        (labels[0], "text", "technology", "sensors", 1, 3, 3, 0.03, 9, 4, 0.01, 1.5),
        (labels[-1], "fields", "field", "energie", 1, 3, 3, 1.0, 9, 4, 0.444, 1.5),
    ]
    return {
        "segments": segments,
        "profile_codes": codes,
        "neighbours": near,
        "measures": plans,
        "typical_codes": typical,
    }
