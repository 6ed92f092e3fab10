"""Declared against written against planned, per project and code, with the largest gaps and their evidence."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from strategy_miner.analysis.gaps import KINDS, Emphasis, Seen, Tally, largest, seen
from strategy_miner.analysis.samples import DIMENSION, OUTSIDE, Cohorts
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import insert

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]

QUOTES, MEASURES = 3, 5  # passages and measures that stand behind a gap


def add_emphasis(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
    """Fill emphasis, gaps and gap_counts."""
    fields, text, measures = (Tally.of(connection.execute(q).fetchall()) for q in (_DECLARED, _WRITTEN, _PLANNED))
    of = Emphasis(fields, text, measures, frozenset(connection.execute(_ALONE).fetchall()))
    sql = "SELECT id FROM codes WHERE dimension = ? ORDER BY id"
    codes = [code for (code,) in connection.execute(sql, [DIMENSION]).fetchall()]
    found = list(seen(of, codes))
    insert(connection, "emphasis", _emphasis_rows(cohorts, of, codes))
    insert(connection, "gaps", [
        (rank, *_gap(cohorts, one), *_evidence(connection, one)) for rank, one in enumerate(largest(found), start=1)
    ])  # fmt: skip
    insert(connection, "gap_counts", _count_rows(cohorts, found))


# Rows for Tally.of.
_DECLARED = """
    WITH u AS (SELECT project_id, id AS unit, list_distinct(codes) AS codes FROM declared)
    SELECT project_id, '', count(*) FROM u GROUP BY project_id
    UNION ALL SELECT project_id, code, count(*) FROM (SELECT project_id, unnest(codes) AS code FROM u) GROUP BY ALL
    ORDER BY ALL"""
_ALONE = "SELECT project_id, codes[1] FROM declared WHERE len(list_distinct(codes)) = 1"
_WRITTEN = """
    WITH u AS (
        SELECT pd.project_id, s.id FROM project_documents AS pd
        JOIN documents AS d ON d.document_id = pd.document_id AND d.status = 'read'
        JOIN segments AS s ON s.document_id = d.document_id
    )
    SELECT project_id, '', count(*) FROM u GROUP BY project_id
    UNION ALL SELECT u.project_id, c.code, count(DISTINCT u.id)
        FROM u JOIN codings AS c ON c.unit_id = u.id AND c.dimension = 'field' GROUP BY ALL
    ORDER BY ALL"""
_PLANNED = """
    WITH u AS (
        SELECT DISTINCT pd.project_id, m.id, list_distinct(m.codes) AS codes
        FROM measures AS m JOIN project_documents AS pd USING (document_id)
        JOIN documents AS d ON d.document_id = m.document_id AND d.status = 'read'
    )
    SELECT project_id, '', count(*) FROM u GROUP BY project_id
    UNION ALL SELECT project_id, code, count(*) FROM (SELECT project_id, unnest(codes) AS code FROM u) GROUP BY ALL
    ORDER BY ALL"""


def _emphasis_rows(cohorts: Cohorts, of: Emphasis, codes: list[str]) -> list[Row]:
    tallies = of.declared, of.written, of.planned
    return [
        (p, cohorts.name(p), code, *(v for t in tallies for v in (t.total.get(p), t.count(p, code), t.share(p, code))))
        for p in cohorts.number_of
        for code in codes
    ]


def _gap(cohorts: Cohorts, one: Seen) -> Row:
    return (
        one.kind, one.project_id, cohorts.name(one.project_id), one.code, one.count, one.total, one.usual,
        one.n_compared, one.ratio, one.limit, one.strength,
    )  # fmt: skip


_UNCODED = "SELECT count(*) FROM declared WHERE project_id = ? AND len(codes) = 0"
_FIELDS = "SELECT id FROM declared WHERE project_id = ? AND list_contains(codes, ?) ORDER BY page NULLS LAST, id"
_SEGMENTS = """
    SELECT c.unit_id FROM codings AS c JOIN segments AS s ON s.id = c.unit_id
    JOIN project_documents AS pd ON pd.document_id = s.document_id
    WHERE pd.project_id = ? AND c.code = ? AND c.dimension = 'field'
    GROUP BY c.unit_id ORDER BY max(c.p) DESC, c.unit_id LIMIT ?"""
_MEASURES = """
    SELECT DISTINCT m.id, m.page FROM measures AS m JOIN project_documents AS pd USING (document_id)
    JOIN documents AS d ON d.document_id = m.document_id AND d.status = 'read'
    WHERE pd.project_id = ? AND list_contains(m.codes, ?) ORDER BY m.page NULLS LAST, m.id LIMIT ?"""


def _evidence(connection: Connection, one: Seen) -> Row:
    about = [one.project_id, one.code]
    uncoded = connection.execute(_UNCODED, about[:1]).fetchall()[0][0]
    found = (
        connection.execute(sql, [*about, *limit]).fetchall()
        for sql, limit in ((_FIELDS, []), (_SEGMENTS, [QUOTES]), (_MEASURES, [MEASURES]))
    )
    return (uncoded, *([row[0] for row in rows] for rows in found))


def _count_rows(cohorts: Cohorts, found: list[Seen]) -> list[Row]:
    groups: dict[tuple[str, str, int | None], list[Seen]] = {}
    for one in found:
        for code, number in product((one.code, ""), (cohorts.number_of[one.project_id], None)):
            groups.setdefault((one.kind, code, number), []).append(one)
    order = sorted(
        (key for key in groups if key[2] != OUTSIDE),
        key=lambda key: (KINDS.index(key[0]), key[1], len(cohorts.names) if key[2] is None else key[2]),
    )
    return [
        (
            *key[:2], "" if key[2] is None else cohorts.names[key[2]], len(groups[key]),
            sum(one.is_gap for one in groups[key]), sum(not one.count for one in groups[key]),
        )
        for key in order
    ]  # fmt: skip
