""" "Integrated" measured in other ways than by codes: fields treated together in sections, measures that serve several.

I2: chance that two segments of one section carry two or more sectoral fields, as a share of the chance for two segments
of different sections of the document. I3: share of a project's measures with two or more fields.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from strategy_miner.analysis import shift
from strategy_miner.analysis.correlation import spearman
from strategy_miner.analysis.intervals import difference_interval, share
from strategy_miner.analysis.mixing import Mixing, Section, by_section, mixing, pieces, pooled
from strategy_miner.analysis.samples import DIMENSION, Cohorts, Point, Sample, sample
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import insert

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]
# Per project the sections of its documents; the sections as rules of their own cut them.
Documents = dict[str, list[list[Section]]]
Paths = dict[str, dict[str, list[tuple[list[str], list[str]]]]]

LEAST_SECTIONS = 3  # with fewer the value of a project is mostly chance
SHORT = 4  # segments of a short section, and of a piece of a longer one
INDICATORS = (("H1", ""), ("H3", ""), ("I2", ""), ("I3", "fields"), ("I3", "codes"))


def add_indicators(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
    """Fill I2 and I3 into the tables of estimands, then mixing_variants and indicator_correlations."""
    paths = section_paths(connection)
    fields, codes = measure_samples(connection, cohorts)
    found = [mixing_sample(cohorts, sections_of(paths)), fields, codes]
    insert(connection, "project_values", [row for of in found for row in _value_rows(cohorts, of)])
    insert(connection, "estimates", [row for of in found for row in shift.estimate_rows(cohorts, of)])
    insert(connection, "bounds", shift.bound_rows(cohorts, fields))
    if len(cohorts.names) > 1:
        checked = shift.contrast(cohorts, fields, settings.margin, settings.permutations, seed)
        rows = [*((of, shift.raw_contrast(cohorts, of)) for of in (found[0], codes)), (fields, checked)]
        insert(connection, "contrasts", shift.contrast_rows(cohorts, rows))
    insert(connection, "mixing_variants", _variant_rows(cohorts, paths))
    insert(connection, "indicator_correlations", _correlation_rows(connection, cohorts))


def section_paths(connection: Connection) -> Paths:
    """Per project and document read the (heading path, sectoral fields) of its segments, in reading order."""
    sql = """
        WITH given AS (
            SELECT c.unit_id, list_sort(list_distinct(list(c.code))) AS fields
            FROM codings AS c JOIN codes AS k ON (k.dimension, k.id, k.kind) = (c.dimension, c.code, 'sectoral')
            WHERE c.dimension = ? GROUP BY c.unit_id
        )
        SELECT pd.project_id, s.document_id, s.heading_path, coalesce(g.fields, [])
        FROM project_documents AS pd
        JOIN documents AS d ON d.document_id = pd.document_id AND d.status = 'read'
        JOIN segments AS s ON s.document_id = d.document_id
        LEFT JOIN given AS g ON g.unit_id = s.id
        ORDER BY pd.project_id, s.document_id, s."order" """
    found: Paths = {}
    for project_id, document_id, path, fields in connection.execute(sql, [DIMENSION]).fetchall():
        found.setdefault(project_id, {}).setdefault(document_id, []).append((path or [], fields))
    return found


def sections_of(paths: Paths, subjects: bool = True) -> Documents:
    """Per project the sections of each of its documents."""
    return {
        project_id: [list(by_section(segments, subjects).values()) for segments in documents.values()]
        for project_id, documents in paths.items()
    }


def mixing_sample(cohorts: Cohorts, documents: Documents, drawn: int = 2) -> Sample:
    """I2 over the projects with at least three sections: the ratio of observed to expected."""
    points = []
    for project_id, of in documents.items():
        found = _mixing(of, drawn)
        if found is not None and found.expected > 0:
            a, b = found.observed, found.expected
            points.append(Point(project_id, a, b, found.several, found.sections, (a, b), "uncorrected"))
    return replace(sample("I2", "", cohorts, points), top=math.inf)


def measure_samples(connection: Connection, cohorts: Cohorts) -> tuple[Sample, Sample]:
    """I3 over measures that write their fields, and over those with a code: never mixed, as they differ in level."""
    sql = """
        SELECT DISTINCT pd.project_id, m.id, len(list_distinct([lower(trim(f)) FOR f IN m.fields IF trim(f) <> ''])),
            len(list_distinct(m.codes))
        FROM measures AS m JOIN project_documents AS pd USING (document_id)
        JOIN documents AS d ON d.document_id = m.document_id AND d.status = 'read'
        ORDER BY pd.project_id, m.id"""
    rows = connection.execute(sql).fetchall()
    return (
        _measures(cohorts, "fields", [(project_id, n) for project_id, _, n, _ in rows if n], "provisional"),
        _measures(cohorts, "codes", [(project_id, n) for project_id, _, _, n in rows if n], "uncorrected"),
    )


def _measures(cohorts: Cohorts, code: str, rows: Sequence[tuple[str, int]], label: str) -> Sample:
    counts: dict[str, list[int]] = {}
    for project_id, n in rows:
        counts.setdefault(project_id, []).append(n)
    points = []
    for project_id, numbers in counts.items():
        several, n = sum(number > 1 for number in numbers), len(numbers)
        points.append(Point(project_id, several / n, 1.0, several, n, (several, n), label))
    return sample("I3", code, cohorts, points)


def _mixing(documents: Sequence[Sequence[Section]], drawn: int) -> Mixing | None:
    parts = [found for sections in documents if (found := mixing(sections, drawn)) is not None]
    whole = pooled(parts)
    return whole if whole is not None and whole.sections >= LEAST_SECTIONS else None


def _value_rows(cohorts: Cohorts, of: Sample) -> list[Row]:
    return [
        (of.estimand, project_id, cohorts.name(project_id), of.code, *shown, float(a) / float(b))
        for project_id, a, b, shown in zip(of.project_ids, of.a, of.b, of.shown, strict=True)
    ]


def _variant_rows(cohorts: Cohorts, paths: Paths) -> list[Row]:
    documents = sections_of(paths)

    def cut(rule: Callable[[Section], list[Section]]) -> Documents:
        return {p: [[part for s in sections for part in rule(s)] for sections in of] for p, of in documents.items()}

    plain = mixing_sample(cohorts, documents)
    variants = {
        "subject": plain,
        "pieces": mixing_sample(cohorts, cut(lambda section: pieces(section, SHORT))),
        "three": mixing_sample(cohorts, documents, 3),
        "paths": mixing_sample(cohorts, sections_of(paths, subjects=False)),
        "short": mixing_sample(cohorts, cut(lambda section: [section] if len(section) <= SHORT else [])),
        "long": mixing_sample(cohorts, cut(lambda section: [section] if len(section) > SHORT else [])),
        "raw": _raw(cohorts, plain),
    }
    lengths = {p: float(np.mean(m.lengths)) for p, of in documents.items() if (m := _mixing(of, 2)) is not None}
    return [row for name, of in variants.items() for row in _variant(cohorts, name, of, lengths)]


def _raw(cohorts: Cohorts, of: Sample) -> Sample:
    """The share of sections with two or more fields as it is: what I2 avoids."""
    points = [
        Point(project_id, count / units, 1.0, int(count), int(units), (count, units), "uncorrected")
        for project_id, count, units in zip(of.project_ids, of.counts, of.units, strict=True)
    ]
    return sample("I2", "raw", cohorts, points)


def _variant(cohorts: Cohorts, name: str, of: Sample, lengths: dict[str, float]) -> list[Row]:
    known = np.array([p in lengths for p in of.project_ids], dtype=bool)
    by_length = np.array([lengths[p] for p in of.project_ids if p in lengths], dtype=np.float64)
    rho = spearman((of.a / of.b)[known], by_length).rho if len(of) else None
    first, last = (share(of.a[mask], of.b[mask]) for mask in (of.chosen(0), of.chosen(len(cohorts.names) - 1)))
    interval = difference_interval(first, last) if len(cohorts.names) > 1 else None
    contrast = (last.value - first.value, *interval) if interval else (None, None, None)
    return [
        (name, cohort, n, units, value, low, high, *(((None,) * 4) if cohort else (*contrast, rho)))
        for _, cohort, _, n, units, _, value, low, high, *_ in shift.estimate_rows(cohorts, of)
    ]


def _correlation_rows(connection: Connection, cohorts: Cohorts) -> list[Row]:
    sql = """
        SELECT project_id, value FROM project_values
        WHERE estimand = ? AND code = ? AND value IS NOT NULL AND cohort IS NOT NULL ORDER BY project_id"""
    values = {pair: dict(connection.execute(sql, list(pair)).fetchall()) for pair in INDICATORS}
    rows: list[Row] = []
    for one, other in combinations(INDICATORS, 2):
        both = [p for p in values[one] if p in values[other]]
        number = np.array([cohorts.number_of[p] for p in both], dtype=np.int64)
        x, y = (np.array([values[pair][p] for p in both], dtype=np.float64) for pair in (one, other))
        scopes = [("all", "", spearman(x, y)), ("within", "", spearman(x, y, number))]
        for place, name in enumerate(cohorts.names):
            scopes.append(("cohort", name, spearman(x[number == place], y[number == place])))
        names = ("/".join(filter(None, pair)) for pair in (one, other))
        pair = tuple(names)
        rows += [(*pair, scope, cohort, c.n, c.rho, c.low, c.high) for scope, cohort, c in scopes]
    return rows
