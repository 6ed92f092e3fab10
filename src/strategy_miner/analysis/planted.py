"""Planted against found, for a generated corpus whose truth is known. A regression check, no evidence of quality."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from strategy_miner.analysis.samples import ECOLOGY, Cohorts

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]
Document = Mapping[str, float]

FIELDS, TEXT = "fields integrated", "text integrated"  # H1 and H3
_NO_INTERVAL = (None,) * 4
DIFFERENCE = "difference"  # last less first cohort, appended to the quantity


def planted_rows(connection: Connection, cohorts: Cohorts, truth: Path) -> list[Row]:
    """Rows of table planted: H1, H3 and their contrasts, ecology, the number of declared fields, measures, codes.

    Args:
        connection: to a database whose estimates and contrasts are filled.
        cohorts: the cohorts in order.
        truth: a folder with documents.parquet and fields.parquet, one row per generated document and field, and
            measures.parquet if measures were planted; beside the folder truth.parquet, one row per generated block.
            A corpus without that folder has no truth and gets no rows.
    """
    if not (truth / "documents.parquet").is_file():
        return []
    documents = _documents(connection, truth)
    found = _found(connection)
    sql = "SELECT DISTINCT cohort, n_units FROM estimates WHERE estimand = 'H1'"
    units = dict(connection.execute(sql).fetchall())
    rows: list[Row] = []
    for quantity, estimand, planted, realised in (
        (FIELDS, "H1", "planted_fields", _fields_share), (TEXT, "H3", "planted_text", _text_share),
    ):  # fmt: skip
        aims: dict[str, float] = {}
        reached: dict[str, float] = {}
        for cohort in (*cohorts.names, ""):
            chosen = [d for name, d in documents if cohort in ("", name)]
            if chosen:
                aims[cohort], reached[cohort] = fmean(d[planted] for d in chosen), realised(chosen)
                value = found[estimand, "", cohort]
                rows.append((quantity, cohort, aims[cohort], reached[cohort], *value))
        rows += _difference(connection, cohorts, quantity, estimand, (aims, reached))
    for cohort in (*cohorts.names, ""):
        chosen = [d for name, d in documents if cohort in ("", name)]
        if chosen:
            ecology = fmean(d["ecology"] for d in chosen)
            rows.append(("projects naming ecology", cohort, None, ecology, *found["H2", ECOLOGY, cohort]))
            number = math.fsum(d["fields"] for d in chosen)
            rows.append(("declared fields", cohort, None, number, units[cohort], *_NO_INTERVAL))
    bare = [*_measure_rows(connection, truth), *_code_rows(connection, truth)]
    return [*rows, *((*row, *_NO_INTERVAL) for row in bare)]


def _found(connection: Connection) -> dict[tuple[str, str, str], tuple[float | None, ...]]:
    """Per estimand, code and cohort the value with the ends of its process and of its measurement interval; of shares
    of text the corrected one where there is one."""
    sql = """
        SELECT e.estimand, e.code, e.cohort, e.value, e.low, e.high, m.low, m.high
        FROM (FROM estimates WHERE interval <> 'measurement') AS e
        LEFT JOIN (FROM estimates WHERE interval = 'measurement') AS m USING (estimand, code, cohort, label)
        ORDER BY label = 'corrected'"""
    return {(row[0], row[1], row[2]): row[3:] for row in connection.execute(sql).fetchall()}


def _documents(connection: Connection, truth: Path) -> list[tuple[str, Document]]:
    sql = """
        WITH e AS (SELECT file, max(ecology::INTEGER) AS ecology FROM read_parquet($fields) GROUP BY file)
        SELECT d.cohort, d.planted_fields, d.realised_fields, d.planted_text, d.units, d.coded_units,
            d.integrated_sum, d.fields, coalesce(e.ecology, 0) AS ecology
        FROM read_parquet($documents) AS d LEFT JOIN e USING (file) ORDER BY d.file"""
    paths = {name: str(truth / f"{name}.parquet") for name in ("documents", "fields")}
    cursor = connection.execute(sql, paths)
    columns = [column[0] for column in cursor.description or []]
    return [(row[0], dict(zip(columns[1:], row[1:], strict=True))) for row in cursor.fetchall()]


_MATCHED = """
    WITH t AS (
        SELECT *, row_number() OVER (PARTITION BY file, title ORDER BY "order") AS k FROM read_parquet($truth)
    ), m AS (
        SELECT d.file, m.*, row_number() OVER (PARTITION BY d.file, m.title ORDER BY m.page, m.id) AS k
        FROM measures AS m JOIN documents AS d USING (document_id)
    )
    SELECT count(t.title), count(m.id), count(*) FILTER (t.title IS NOT NULL AND m.id IS NOT NULL),
        avg((m.fields = t.fields)::INTEGER), avg((m.responsible = t.responsible)::INTEGER),
        avg((m.period = t.period)::INTEGER), avg((m.cost = t.cost)::INTEGER),
        avg(list_contains([pair[2] FOR pair IN m.labels], t.status)::INTEGER)
    FROM t FULL JOIN m USING (file, title, k)"""


def _measure_rows(connection: Connection, truth: Path) -> list[Row]:
    """Measures found by their titles, and how often each of their parts is as planted where the title is."""
    if not (path := truth / "measures.parquet").is_file():
        return []
    planted, found, both, *parts = connection.execute(_MATCHED, {"truth": str(path)}).fetchall()[0]
    names = ("fields", "responsible", "period", "cost", "status")
    shares = zip(names, parts, strict=True)
    f1 = 2 * both / (planted + found) if planted + found else None
    return [
        ("measures", "", None, planted, found),
        ("measures F1", "", None, None, f1),
        *((f"measures {name} right", "", None, None, share) for name, share in shares),
    ]


# Only texts that stand once in their document and came back from the PDF as they were: what reading does is not meant.
_CODED = """
    WITH t AS (
        SELECT file, text, any_value(codes) AS codes FROM read_parquet($truth) WHERE unit
        GROUP BY file, text HAVING count(*) = 1
    ), g AS (
        SELECT unit_id, list(code) AS codes FROM codings WHERE dimension = 'field' GROUP BY unit_id
    ), m AS (
        SELECT t.codes AS planted, coalesce(g.codes, []) AS found,
            len(list_intersect(t.codes, $integrated)) > 0 AS flag,
            len(list_intersect(coalesce(g.codes, []), $integrated)) > 0 AS flagged
        FROM t JOIN documents AS d USING (file) JOIN segments AS s ON (s.document_id, s.text) = (d.document_id, t.text)
        LEFT JOIN g ON g.unit_id = s.id
    )
    SELECT 2 * sum(len(list_intersect(planted, found))) / (sum(len(planted)) + sum(len(found))),
        2 * count(*) FILTER (flag AND flagged) / (count(*) FILTER (flag) + count(*) FILTER (flagged)),
        count(*) FILTER (len(planted) = 0), count(*) FILTER (len(planted) = 0 AND len(found) = 0), count(*)
    FROM m"""


def _code_rows(connection: Connection, truth: Path) -> list[Row]:
    """How well the codes of paragraphs agree with the planted ones."""
    if not (path := truth.parent / "truth.parquet").is_file():
        return []
    kinds = "SELECT id FROM codes WHERE dimension = 'field' AND kind = 'integrated' ORDER BY id"
    integrated = [code for (code,) in connection.execute(kinds).fetchall()]
    cursor = connection.execute(_CODED, {"truth": str(path), "integrated": integrated})
    micro, flag, without, found, compared = cursor.fetchall()[0]
    return [
        ("paragraphs compared", "", None, None, compared),
        ("codes micro-F1", "", None, None, micro),
        ("integrated flag F1", "", None, None, flag),
        ("paragraphs without code", "", None, without, found),
    ]


def _fields_share(documents: Sequence[Document]) -> float:
    return fmean(d["realised_fields"] for d in documents)


def _text_share(documents: Sequence[Document]) -> float:
    """The ratio of document means, as H3 is defined."""
    coded = math.fsum(d["coded_units"] / d["units"] for d in documents)
    return math.fsum(d["integrated_sum"] / d["units"] for d in documents) / coded


def _difference(
    connection: Connection, cohorts: Cohorts, quantity: str, estimand: str, values: Sequence[Mapping[str, float]]
) -> list[Row]:
    columns = "difference, low, high, measurement_low, measurement_high"
    sql = f"SELECT {columns} FROM contrasts WHERE estimand = ? AND code = '' ORDER BY label = 'corrected' DESC"
    found = connection.execute(sql, [estimand]).fetchone()
    first, last = cohorts.names[0], cohorts.names[-1]
    if found is None or not all(first in by_cohort and last in by_cohort for by_cohort in values):
        return []
    return [(f"{quantity} {DIFFERENCE}", "", *(by_cohort[last] - by_cohort[first] for by_cohort in values), *found)]
