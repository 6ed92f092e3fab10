"""Made-up rows on declared fields for the report's tests: measurement of names, further tests, what would decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Rows = list[tuple[Any, ...]]


def declared_rows(labels: Sequence[str], undecided: bool) -> dict[str, Rows]:
    """Rows of name_bands, tests, effects and deciders for such cohorts."""
    tables: dict[str, Rows] = {"name_bands": [], "tests": [], "effects": [], "deciders": []}
    for estimand, code, count, ends in (("H1", "", 5, (4, 7)), ("H2", "ecology", 5, (4, 6))):
        tables["name_bands"] += [(estimand, code, label, 3, 12, 10, 2, count, *ends) for label in ("", *labels)]
        family = "primary" if estimand == "H1" else "secondary"
        kinds = ["studentised permutation", "Jonckheere-Terpstra"]
        kinds += [f"Cochran-Armitage {kind}" for kind in ("mid-p", "exact", "asymptotic") if estimand == "H2"]
        tables["tests"] += [(estimand, code, family, kind, 12, None, 0.0304) for kind in kinds]
        tables["effects"] += [
            (estimand, code, "log odds ratio", 3, 6, 0.71, 0.33), (estimand, code, "Cliff's delta", 3, 6, 0.4, None),
        ]  # fmt: skip
        now = "undecided" if undecided else "shift"
        rows: Rows = [("now", "", 12, 0.4577, -0.39, 0.268, now, None)]
        if undecided:
            rows += [
                ("missing down", "", 4, -0.413, -0.7, -0.13, "shift", None),
                ("missing up", "", 4, 0.32, 0.06, 0.58, "shift", None),
                ("all known", "", 16, 0.3408, -0.3, 0.18, "undecided", None),
                *(("needed for shift", label, 195, None, None, None, "shift", False) for label in labels),
                ("needed for shift", "", 195 * len(labels), None, None, None, "shift", False),
                ("needed for no relevant shift", "", None, None, None, None, "no relevant shift", False),
            ]
        tables["deciders"] += [(estimand, code, *row) for row in rows]
    return tables
