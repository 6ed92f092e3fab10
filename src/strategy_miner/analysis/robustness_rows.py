"""The robustness panel as rows: every cell, its cohorts, in how many cells the result holds, and shares per code."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from strategy_miner.analysis.intervals import process_interval, share
from strategy_miner.analysis.robustness import CHOICES, Panel, Result
from strategy_miner.analysis.samples import DIMENSION, OUTSIDE, Cohorts
from strategy_miner.analysis.shift import SHIFT
from strategy_miner.store import insert

if TYPE_CHECKING:
    from strategy_miner.settings import AnalyseSettings
    from strategy_miner.store import Connection

Row = tuple[object, ...]
_COLUMNS = ("correction", "unit", "coder", "threshold", "cut", "level", "origin", "unclear", "counting", "weighting")
_UNCORRECTED = "uncorrected"
_CODE_WEIGHTINGS = ("document", "pooled", "tokens", "tokens_pooled")


def add_robustness(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
    """Fill robustness, robustness_cohorts, robustness_summary and robustness_codes."""
    panel = Panel(connection, cohorts, settings, seed)
    results = list(panel.results())
    insert(connection, "robustness", [panel_row(panel, result, results) for result in results])
    insert(connection, "robustness_cohorts", [row for result in results for row in cohort_rows(cohorts, result)])
    insert(connection, "robustness_summary", list(_summary_rows(panel, results)))
    insert(connection, "robustness_codes", _code_rows(connection, cohorts))


def panel_row(panel: Panel, of: Result, results: Sequence[Result]) -> Row:
    """The row of table robustness for a cell, judged against the primary cell of its estimand among `results`."""
    cell, found = of.cell, of.contrast
    values = dict(zip(CHOICES[cell.estimand], cell.choices, strict=True))
    choices = [of.cut if name == "cut" else values.get(name, "") for name in _COLUMNS]
    first = _primary(panel, cell.estimand, results)
    return (
        cell.id, cell.estimand, *choices, cell == panel.primary[cell.estimand],
        int((of.sample.cohorts != OUTSIDE).sum()), found.difference, *(found.interval or (None, None)),
        *(found.interval90 or (None, None)), found.p, of.permutations, found.verdict, found.reason, label(of),
        _same_direction(of, first), _holds(of, first),
    )  # fmt: skip


def cohort_rows(cohorts: Cohorts, of: Result) -> list[Row]:
    """The rows of table robustness_cohorts for a cell."""
    rows: list[Row] = []
    for number, name in cohorts.groups:
        mask = of.sample.chosen(number)
        estimate = share(of.sample.a[mask], of.sample.b[mask])
        value = estimate.value if estimate.value == estimate.value else None
        interval = process_interval(estimate) or (None, None)
        rows.append((of.cell.id, name, int(mask.sum()), int(of.sample.units[mask].sum()), value, *interval))
    return rows


def label(of: Result) -> str:
    """provisional, confirmed, corrected or uncorrected; one name oriented by the machine makes a cell provisional."""
    return next((own for own in (_UNCORRECTED, "provisional", "corrected", "confirmed") if own in of.sample.labels), "")


def _primary(panel: Panel, estimand: str, results: Sequence[Result]) -> Result | None:
    return next((own for own in results if own.cell == panel.primary[estimand]), None)


def _same_direction(of: Result, first: Result | None) -> bool | None:
    if first is None:
        return None
    return (of.contrast.difference or 0.0) * (first.contrast.difference or 0.0) > 0 or of is first


def _holds(of: Result, first: Result | None) -> bool | None:
    if first is None or _UNCORRECTED in (label(of), label(first)):
        return None
    verdict = first.contrast.verdict
    return of.contrast.verdict == verdict and (verdict != SHIFT or bool(_same_direction(of, first)))


def _summary_rows(panel: Panel, results: Sequence[Result]) -> Iterator[Row]:
    for estimand, dimensions in CHOICES.items():
        first = _primary(panel, estimand, results)
        own = [result for result in results if result.cell.estimand == estimand]
        judged_first = sorted({label(result) for result in own}, key=lambda kind: (kind == _UNCORRECTED, kind))
        for kind in judged_first:
            cells = [result for result in own if label(result) == kind]
            yield (estimand, kind, "", "", *_counts(cells, first), None)
            for dimension in dimensions:
                groups: dict[str, list[Result]] = {}
                for result in cells:
                    groups.setdefault(result.cell[dimension], []).append(result)
                if len(groups) < 2:
                    continue
                medians = [statistics.median(_differences(group)) for group in groups.values()]
                yield (estimand, kind, dimension, "", *_counts(cells, first), max(medians) - min(medians))
                for value, group in groups.items():
                    yield (estimand, kind, dimension, value, *_counts(group, first), None)


def _counts(cells: Sequence[Result], first: Result | None) -> tuple[object, ...]:
    """n_cells, n_same_direction, n_beyond_zero, n_holds, then median, lowest and highest difference."""
    differences = _differences(cells)
    same = [_same_direction(cell, first) for cell in cells]
    holds = [_holds(cell, first) for cell in cells]
    beyond = [bool(alike) and _beyond_zero(cell) for cell, alike in zip(cells, same, strict=True)]
    return (
        len(cells), None if first is None else sum(map(bool, same)), None if first is None else sum(beyond),
        None if None in holds else sum(map(bool, holds)),
        statistics.median(differences), min(differences), max(differences),
    )  # fmt: skip


def _beyond_zero(of: Result) -> bool:
    interval = of.contrast.interval
    return interval is not None and not interval[0] <= 0 <= interval[1]


def _differences(cells: Sequence[Result]) -> list[float]:
    return [cell.contrast.difference or 0.0 for cell in cells]


_CODES_SQL = """
    WITH part AS (
        SELECT s.id, pd.project_id, len(string_split(trim(s.text), ' ')) AS tokens
        FROM segments AS s JOIN documents AS d ON d.document_id = s.document_id AND d.status = 'read'
        JOIN project_documents AS pd ON pd.document_id = s.document_id
    ),
    whole AS (SELECT project_id, count(*) AS segments, sum(tokens) AS tokens FROM part GROUP BY ALL),
    found AS (SELECT DISTINCT unit_id, code FROM codings WHERE dimension = $dimension),
    coded AS (
        SELECT project_id, code, count(*) AS segments, sum(tokens) AS tokens
        FROM part JOIN found ON unit_id = id GROUP BY ALL
    )
    SELECT k.id, w.project_id, coalesce(c.segments, 0)::BIGINT, w.segments::BIGINT, coalesce(c.tokens, 0)::BIGINT,
        w.tokens::BIGINT
    FROM (SELECT id FROM codes WHERE dimension = $dimension) AS k CROSS JOIN whole AS w
    LEFT JOIN coded AS c ON c.project_id = w.project_id AND c.code = k.id ORDER BY ALL"""


def _code_rows(connection: Connection, cohorts: Cohorts) -> list[Row]:
    found: dict[str, list[tuple[int, int, int, int, int]]] = {}
    for code, project_id, *counts in connection.execute(_CODES_SQL, {"dimension": DIMENSION}).fetchall():
        found.setdefault(code, []).append((cohorts.number_of[project_id], *counts))
    rows: list[Row] = []
    for code, projects in found.items():
        for number, name in cohorts.groups:
            own = [counts for cohort, *counts in projects if number in (None, cohort)]
            for weighting in _CODE_WEIGHTINGS:
                parts = [counts[2:] if weighting.startswith("tokens") else counts[:2] for counts in own]
                units = sum(counts[1] for counts in own)
                rows.append((code, name, weighting, len(own), units, _mean(parts, weighting.endswith("pooled"))))
    return rows


def _mean(parts: Sequence[Sequence[int]], pooled: bool) -> float | None:
    """Of (part, whole) per project: the mean of the shares, or the share of the sums."""
    if not parts:
        return None
    if pooled:
        return sum(part for part, _ in parts) / sum(whole for _, whole in parts)
    return statistics.fmean(part / whole for part, whole in parts)
