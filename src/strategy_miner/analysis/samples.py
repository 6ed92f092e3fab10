"""One value per project and estimand, read from coded.duckdb.

H1 integrated among declared fields; H2 at least one declared field X; H3 integrated share of coded text; H4 share of
text per code. A project's documents are pooled; a document of two projects counts for both.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from strategy_miner.analysis.intervals import Values

if TYPE_CHECKING:
    from strategy_miner.store import Connection

DIMENSION = "field"  # the dimension of the codebook whose codes are sectoral or integrated
ECOLOGY = "ecology"
OUTSIDE = -1  # cohort number of a project outside the cohorts


@dataclass(frozen=True)
class Cohorts:
    """The cohorts in order and all projects of the corpus with their cohort numbers."""

    names: tuple[str, ...]
    number_of: dict[str, int]

    @classmethod
    def read(cls, connection: Connection) -> Cohorts:
        """From corpus_info and projects."""
        sql = "SELECT value FROM corpus_info WHERE key = 'cohort_values'"
        names = tuple(json.loads(connection.execute(sql).fetchall()[0][0]))
        sql = "SELECT project_id, coalesce(cohort_order, ?) FROM projects ORDER BY project_id"
        return cls(names, dict(connection.execute(sql, [OUTSIDE]).fetchall()))

    @property
    def groups(self) -> list[tuple[int | None, str]]:
        """Number and name of every cohort, then None and '' for all projects."""
        return [*enumerate(self.names), (None, "")]

    def name(self, project_id: str) -> str | None:
        """The project's cohort, None outside the cohorts."""
        number = self.number_of[project_id]
        return None if number == OUTSIDE else self.names[number]


@dataclass(frozen=True)
class Sample:
    """One estimand over the projects that have a value.

    The estimate is sum(a) / sum(b). `counts` and `units` are whole numbers behind a project's value (see table
    estimates); `shown` is numerator and denominator as table project_values gives them; `label` one per project. `top`
    is the largest estimate that there can be.
    """

    estimand: str
    code: str
    project_ids: tuple[str, ...]
    cohorts: NDArray[np.int64]
    a: Values
    b: Values
    counts: NDArray[np.int64]
    units: NDArray[np.int64]
    shown: tuple[tuple[float, float], ...]
    labels: tuple[str, ...]
    top: float = 1.0

    def __len__(self) -> int:
        return len(self.project_ids)

    def chosen(self, cohort: int | None) -> NDArray[np.bool_]:
        """Mask of the projects of a cohort; None takes all, those outside the cohorts included."""
        return np.ones(len(self), dtype=bool) if cohort is None else self.cohorts == cohort


@dataclass(frozen=True, slots=True)
class Point:
    """One project's part of a Sample."""

    project_id: str
    a: float
    b: float
    count: int
    units: int
    shown: tuple[float, float]
    label: str


def sample(estimand: str, code: str, cohorts: Cohorts, points: Sequence[Point]) -> Sample:
    """A Sample from its points."""
    return Sample(
        estimand, code, tuple(p.project_id for p in points),
        np.array([cohorts.number_of[p.project_id] for p in points], dtype=np.int64),
        np.array([p.a for p in points], dtype=np.float64), np.array([p.b for p in points], dtype=np.float64),
        np.array([p.count for p in points], dtype=np.int64), np.array([p.units for p in points], dtype=np.int64),
        tuple(p.shown for p in points), tuple(p.label for p in points),
    )  # fmt: skip


def declared_samples(connection: Connection, cohorts: Cohorts) -> list[Sample]:
    """H1, H2 for ecology, then H2 for every code of the dimension field."""
    sql = """
        SELECT project_id, count(*), count(*) FILTER (orientation = 'integrated'), count(*) FILTER (ecology),
            bool_and(oriented_by = 'person'), flatten(list(list_distinct(codes))), bool_and(ecology_by = 'person')
        FROM declared GROUP BY project_id ORDER BY project_id"""
    rows = connection.execute(sql).fetchall()
    said = ("provisional", "confirmed")
    first = sample("H1", "", cohorts, [
        Point(project_id, integrated / fields, 1.0, integrated, fields, (integrated, fields), said[by_person])
        for project_id, fields, integrated, _, by_person, _, _ in rows
    ])  # fmt: skip

    def naming(code: str, counts: Sequence[int], by_person: int) -> Sample:
        points = [
            Point(row[0], float(count > 0), 1.0, int(count > 0), row[1], (count, row[1]), said[row[by_person]])
            for row, count in zip(rows, counts, strict=True)
        ]
        return sample("H2", code, cohorts, points)

    per_code = [naming(code, [row[5].count(code) for row in rows], 4) for code, _ in _codes(connection, DIMENSION)]
    return [first, naming(ECOLOGY, [row[3] for row in rows], 6), *per_code]


def text_samples(connection: Connection, cohorts: Cohorts) -> list[Sample]:
    """H3, then H4 for every code, from the raw codings of all documents of status read."""
    # Whole numbers from the database and sums here in a fixed order: parallel sums of floats differ in the last digit.
    sql = """
        WITH coded AS (
            SELECT c.unit_id, count(DISTINCT c.code) AS codes,
                count(DISTINCT c.code) FILTER (k.kind = 'integrated') AS integrated
            FROM codings AS c LEFT JOIN codes AS k ON k.dimension = c.dimension AND k.id = c.code
            WHERE c.dimension = $d GROUP BY c.unit_id
        )
        SELECT pd.project_id, coalesce(c.codes, 0) AS codes, coalesce(c.integrated, 0) AS integrated, count(*)
        FROM project_documents AS pd
        JOIN documents AS d ON d.document_id = pd.document_id AND d.status = 'read'
        JOIN segments AS s ON s.document_id = d.document_id
        LEFT JOIN coded AS c ON c.unit_id = s.id
        GROUP BY ALL ORDER BY ALL"""
    parts: dict[str, list[tuple[int, int, int]]] = {}
    for project_id, codes, integrated, segments in connection.execute(sql, {"d": DIMENSION}).fetchall():
        parts.setdefault(project_id, []).append((codes, integrated, segments))
    shares = sample("H3", "", cohorts, [_text_point(project_id, rows) for project_id, rows in parts.items()])
    return [shares, *code_samples(connection, cohorts, DIMENSION)]


def code_samples(connection: Connection, cohorts: Cohorts, dimension: str) -> list[Sample]:
    """H4, the share of text, for every code of a dimension."""
    total = dict(connection.execute(_SEGMENTS).fetchall())
    counted = _segments_per_code(connection, dimension)
    return [
        sample("H4", code, cohorts, [_code_point(p, counted.get((code, p), 0), total[p]) for p in total])
        for code, _ in _codes(connection, dimension)
    ]


_SEGMENTS = """
    SELECT pd.project_id, count(*)
    FROM project_documents AS pd
    JOIN documents AS d ON d.document_id = pd.document_id AND d.status = 'read'
    JOIN segments AS s ON s.document_id = d.document_id
    GROUP BY ALL ORDER BY ALL"""


def _text_point(project_id: str, rows: Sequence[tuple[int, int, int]]) -> Point:
    """a = mean of (integrated codes / codes), b = share of segments with a code; (codes, integrated, segments) rows."""
    segments = sum(n for _, _, n in rows)
    coded = sum(n for codes, _, n in rows if codes)
    a = math.fsum(n * integrated / codes for codes, integrated, n in rows if codes) / segments
    count = sum(n for _, integrated, n in rows if integrated)
    return Point(project_id, a, coded / segments, count, coded, (a, coded / segments), "uncorrected")


def _code_point(project_id: str, count: int, segments: int) -> Point:
    return Point(project_id, count / segments, 1.0, count, segments, (count, segments), "uncorrected")


def _codes(connection: Connection, dimension: str) -> list[tuple[str, str]]:
    sql = "SELECT id, kind FROM codes WHERE dimension = ? ORDER BY id"
    return connection.execute(sql, [dimension]).fetchall()


def _segments_per_code(connection: Connection, dimension: str) -> dict[tuple[str, str], int]:
    sql = """
        SELECT c.code, pd.project_id, count(DISTINCT c.unit_id)
        FROM codings AS c
        JOIN segments AS s ON s.id = c.unit_id
        JOIN documents AS d ON d.document_id = s.document_id AND d.status = 'read'
        JOIN project_documents AS pd ON pd.document_id = s.document_id
        WHERE c.dimension = ? GROUP BY ALL"""
    rows = connection.execute(sql, [dimension]).fetchall()
    return {(code, project_id): count for code, project_id, count in rows}
