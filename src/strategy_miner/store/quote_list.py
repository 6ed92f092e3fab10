"""The flat list that analysts ask for first: quote, municipality, cohort, page, code; every coding, or chosen ones."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from strategy_miner.errors import StoreError
from strategy_miner.store.database import query
from strategy_miner.store.exports import Table

NAME = "quote_list"
MACHINE, LABEL = "machine", "label"  # who coded: a model, or a person who labelled the segment
_EXCERPT = (
    "' | like'"  # behind it a coder's evidence quotes an example of the codebook, which is no word of the passage
)
_SQL = f"""
WITH given AS (
    SELECT unit_id AS segment_id, document_id, dimension, code, p, '{MACHINE}' AS coded_by, coder,
        CASE WHEN starts_with(evidence, 'like (') THEN '' ELSE split_part(evidence, {_EXCERPT}, 1) END AS evidence
    FROM codings
    UNION ALL
    SELECT g.segment_id, s.document_id, 'field', unnest(g.codes), NULL, '{LABEL}', g.coder, ''
    FROM gold_labels AS g JOIN segments AS s ON s.id = g.segment_id
)
SELECT s.text, p.name AS project, p.cohort, s.page, coalesce(k.{{name}}, g.code) AS code_name, g.code, g.dimension,
    k.kind, coalesce(s.heading_path[-1], '') AS heading, g.p, g.evidence, d.file, p.municipality_type, p.project_id,
    g.coded_by, g.coder, g.segment_id
FROM given AS g
JOIN segments AS s ON s.id = g.segment_id
JOIN documents AS d ON d.document_id = g.document_id
JOIN project_documents AS pd ON pd.document_id = g.document_id
JOIN projects AS p ON p.project_id = pd.project_id
LEFT JOIN (SELECT *, rowid AS place FROM codes) AS k ON k.dimension = g.dimension AND k.id = g.code
WHERE {{chosen}}
ORDER BY k.place, g.dimension, g.code, g.p DESC NULLS LAST, p.cohort_order NULLS LAST, p.project_id, s.page, s."order",
    s.id, g.coder
"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which codings to list; an empty choice is no choice. Names count as ids do, whatever their case.

    `coders`: ids of models, names of people, `machine` for all models, `all` for both; empty means machine.
    """

    codes: Sequence[str] = ()
    dimensions: Sequence[str] = ()
    cohorts: Sequence[str] = ()
    projects: Sequence[str] = ()
    coders: Sequence[str] = ()


def quote_list(database: Path, chosen: Chosen, lang: str = "de") -> Table:
    """The query for the list. Raises StoreError for a choice that the database does not know, with near names."""
    parts, parameters = ["true"], list[object]()
    for what, (column, wanted, sql) in {
        "code": ("g.code", chosen.codes, "SELECT id, name_de, name_en FROM codes ORDER BY rowid"),
        "dimension": ("g.dimension", chosen.dimensions, "SELECT DISTINCT dimension FROM codes ORDER BY ALL"),
        "cohort": ("p.cohort", chosen.cohorts, COHORTS),
        "project": ("p.project_id", chosen.projects, "SELECT project_id, name FROM projects ORDER BY ALL"),
    }.items():
        if wanted:
            parts.append(f"{column} IN (SELECT unnest(?::VARCHAR[]))")
            parameters.append(known_ids(database, what, wanted, sql, f"--{what}"))
    coders = known_ids(database, "coder", chosen.coders or [MACHINE], _CODERS, "--coder")
    if "all" not in coders:
        parts.append("(g.coder IN (SELECT unnest(?::VARCHAR[])) OR g.coded_by IN (SELECT unnest(?::VARCHAR[])))")
        parameters += [coders, [coder for coder in coders if coder == MACHINE]]
    name = "name_en" if lang == "en" else "name_de"
    return Table(NAME, _SQL.format(name=name, chosen=" AND ".join(parts)), tuple(parameters))


COHORTS = "SELECT unnest(from_json(value, '[\"VARCHAR\"]')) FROM corpus_info WHERE key = 'cohort_values'"
_CODERS = f"""
    SELECT unnest(['{MACHINE}', 'all'])
    UNION ALL (SELECT DISTINCT coder FROM gold_labels ORDER BY ALL)
    UNION ALL (SELECT DISTINCT coder FROM codings ORDER BY ALL)"""


def known_ids(database: Path, what: str, wanted: Sequence[str], sql: str, place: str) -> list[str]:
    """The ids of what is wanted, by id or name. `sql` gives ids and names in a row.

    Raises StoreError with `place` for what is not among them, with near names.
    """
    ids: dict[str, list[str]] = {}
    for row in query(database, sql)[1]:
        for name in row:
            if name and row[0] not in (of := ids.setdefault(name.casefold(), [])):
                of.append(row[0])
    found = []
    for name in wanted:
        if name.casefold() not in ids:
            near = difflib.get_close_matches(name.casefold(), ids, n=4, cutoff=0.6)
            names = list(dict.fromkeys(i for key in (near or ids) for i in ids[key]))
            remedy = f"{'Near' if near else 'Known'}: {', '.join(names)}."
            raise StoreError(f"unknown {what} {name!r}", place, remedy if names else f"There is no {what}.")
        found += ids[name.casefold()]
    return found
