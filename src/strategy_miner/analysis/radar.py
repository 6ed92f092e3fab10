"""Gap radar: what recurs in the text of many projects and has no code. Exploratory; people judge what it is.

Found on a random half of the projects, confirmed and counted on the other half, so that no figure comes from the text
that made the cluster.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from strategy_miner.analysis.intervals import wilson
from strategy_miner.analysis.passages import UNSPECIFIC_WORDS
from strategy_miner.analysis.samples import DIMENSION, Cohorts
from strategy_miner.coding.clusters import Cluster, stable_clusters
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import insert

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]

PASSAGES_PER_CLUSTER = 5
_WORDS = 5  # nouns and adjectives that a passage must have to be about something
_SUBSTREAM = 8


@dataclass(frozen=True)
class Candidates:
    """Passages without a code, in the order of their ids; `project` is the first of a shared document."""

    ids: tuple[str, ...]
    project: tuple[str, ...]
    words: tuple[frozenset[str], ...]
    vectors: npt.NDArray[np.float64]

    def at(self, places: npt.NDArray[np.int64]) -> Candidates:
        """Those at the given places."""
        return Candidates(
            tuple(self.ids[p] for p in places), tuple(self.project[p] for p in places),
            tuple(self.words[p] for p in places), self.vectors[places],
        )  # fmt: skip


def add_radar(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
    """Fill the tables of radar.sql; they stay empty without vectors. Copies and echoes are left out."""
    rules = settings.radar
    coder, found = _candidates(connection)
    segments = dict(connection.execute(_SEGMENTS).fetchall())
    if not connection.execute("SELECT count(*) FROM vectors").fetchall()[0][0]:
        return
    draw = np.random.default_rng([seed, _SUBSTREAM])
    sampled = np.sort(draw.permutation(len(found.ids))[: rules.sample])
    searched = found.at(sampled)
    projects = sorted(set(searched.project))
    discovering = _half(projects, cohorts, draw)
    discover = np.array([project in discovering for project in searched.project], dtype=bool)
    clusters = stable_clusters(searched.vectors, searched.words, discover, rules, seed % 2**31)
    kept = [c for c in clusters if len({searched.project[place] for place in c.members}) >= rules.projects]
    held_out = {project for project in segments if project not in discovering}
    insert(connection, "radar_search", [(
        sum(segments.values()), len(found.ids), len(searched.ids), coder, len(discovering),
        len(projects) - len(discovering), len(clusters), len(kept),
    )])  # fmt: skip
    for number, cluster in enumerate(kept, start=1):
        of = {searched.project[place] for place in cluster.members}
        row = (number, list(cluster.words), cluster.runs, len(cluster.members), len(of), cluster.lift)
        insert(connection, "radar_clusters", [row])
        counts = Counter(searched.project[place] for place in cluster.members if not discover[place])
        insert(connection, "radar_cohorts", _cohort_rows(number, cohorts, {p: segments[p] for p in held_out}, counts))
        insert(connection, "radar_passages", _passage_rows(connection, number, cluster, searched))


_SEGMENTS = """
    SELECT pd.project_id, count(*)
    FROM segments AS s JOIN documents AS d ON d.document_id = s.document_id AND d.status = 'read'
    JOIN (SELECT document_id, min(project_id) AS project_id FROM project_documents GROUP BY document_id) AS pd
        ON pd.document_id = s.document_id
    GROUP BY pd.project_id ORDER BY 1"""
_CANDIDATES = r"""
    WITH code AS (
        SELECT s.segment_id FROM scores AS s JOIN thresholds AS t ON t.coder = s.coder
        WHERE $by_scores AND s.coder = 'codebook' AND list_max(s.p) > t.threshold
        UNION SELECT unit_id FROM codings WHERE NOT $by_scores AND dimension = $dimension
    ),
    word AS (
        SELECT segment_id, unnest(lemmas) AS lemma, unnest(tags) AS tag FROM lemmas
    )
    SELECT s.id, min(pd.project_id), (
            SELECT list(DISTINCT lemma ORDER BY lemma) FROM word
            WHERE word.segment_id = s.id AND tag IN ('NOUN', 'ADJ') AND regexp_full_match(lemma, '\p{L}[\p{L}-]{3,}')
                AND lower(lemma) NOT IN (SELECT unnest($unspecific::VARCHAR[]))
        ) AS words, any_value(v.vector)
    FROM segments AS s JOIN documents AS d ON d.document_id = s.document_id AND d.status = 'read'
    JOIN project_documents AS pd ON pd.document_id = s.document_id
    JOIN vectors AS v ON v.segment_id = s.id
    WHERE s.id NOT IN (FROM code) AND s.id NOT IN (SELECT segment_id FROM repeated)
        AND s.id NOT IN (SELECT segment_id FROM echoes)
    GROUP BY s.id ORDER BY s.id"""


def _candidates(connection: Connection) -> tuple[str, Candidates]:
    """Who says that there is no code, and the passages without one."""
    sql = "SELECT count(*) > 0 FROM scores JOIN thresholds USING (coder) WHERE coder = 'codebook'"
    by_scores = connection.execute(sql).fetchall()[0][0]
    parameters = {"by_scores": by_scores, "dimension": DIMENSION, "unspecific": sorted(UNSPECIFIC_WORDS)}
    rows = [row for row in connection.execute(_CANDIDATES, parameters).fetchall() if len(row[2] or ()) >= _WORDS]
    found = Candidates(
        tuple(row[0] for row in rows), tuple(row[1] for row in rows), tuple(frozenset(row[2]) for row in rows),
        np.array([row[3] for row in rows], dtype=np.float64),
    )  # fmt: skip
    return ("codebook" if by_scores else "codings"), found


def _half(projects: list[str], cohorts: Cohorts, draw: np.random.Generator) -> set[str]:
    """A random half of the projects of each cohort; an odd one goes to either half in turn."""
    groups: dict[int, list[str]] = {}
    for project_id in projects:
        groups.setdefault(cohorts.number_of[project_id], []).append(project_id)
    chosen: list[str] = []
    left = 0
    for _, of in sorted(groups.items()):
        size = (len(of) + 1 - left % 2) // 2
        left += len(of) % 2
        chosen += [of[place] for place in draw.permutation(len(of))[:size]]
    return set(chosen)


def _cohort_rows(number: int, cohorts: Cohorts, segments: dict[str, int], counts: Counter[str]) -> list[Row]:
    """Rows of table radar_cohorts, from the projects that did not find the cluster."""
    rows: list[Row] = []
    for place, name in cohorts.groups:
        of = [p for p in sorted(segments) if place is None or cohorts.number_of[p] == place]
        having = sum(counts[p] > 0 for p in of)
        low, high = wilson(having, len(of)) or (None, None)
        rows.append(
            (number, name, len(of), having, sum(segments[p] for p in of), sum(counts[p] for p in of), low, high)
        )
    return rows


def _passage_rows(connection: Connection, number: int, cluster: Cluster, of: Candidates) -> list[Row]:
    first: dict[str, str] = {}
    for place in cluster.members:
        first.setdefault(of.project[place], of.ids[place])
    chosen = list(first.items())[:PASSAGES_PER_CLUSTER]
    sql = """
        SELECT s.id, s.document_id, p.name, p.cohort, s.page, coalesce(s.heading_path[-1], ''), s.text
        FROM segments AS s, projects AS p WHERE s.id = ? AND p.project_id = ?"""
    rows: list[Row] = []
    for rank, (project_id, segment_id) in enumerate(chosen, start=1):
        found = connection.execute(sql, [segment_id, project_id]).fetchall()[0]
        rows.append((number, rank, *found[:2], project_id, *found[2:]))
    return rows
