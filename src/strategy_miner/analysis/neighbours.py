"""Projects whose text has a similar mix of topics, by the shares of text per code of the dimension field.

The roots of the shares keep a few large topics from deciding alone (Hellinger; Legendre and Gallagher 2001, Oecologia
129:271); less their mean over the projects, so that what all write about makes nobody alike; then the cosine. How
stable that is, resamples of stretches of text tell: passages that stand side by side are about the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from strategy_miner.analysis.intervals import Values
from strategy_miner.analysis.samples import DIMENSION

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]

NEAREST = 3
RESAMPLES = 200
STRETCH = 5  # passages that follow each other
_LEAST = NEAREST + 2  # with fewer projects the nearest are merely the others
_SUBSTREAM = 9
_PLACES = 9  # beyond them sums of floats differ between machines


def neighbour_rows(connection: Connection, seed: int) -> list[Row]:
    """Rows of table neighbours; none below five projects with coded text."""
    codes, stretches = coded_stretches(connection)
    projects = list(stretches)
    if len(projects) < _LEAST:
        return []
    apart = _apart(connection, projects)
    mixes = topic_mixes(np.array([shares(stretches[p].sum(axis=0)[None, :])[0] for p in projects]))
    similar = np.where(apart, similarities(mixes), -np.inf)
    near = nearest(similar)
    draw = np.random.default_rng([seed, _SUBSTREAM])
    drawn = np.stack([_resampled(stretches[p], draw) for p in projects], axis=1)
    hits = np.zeros(similar.shape)
    for of in drawn:
        again = nearest(np.where(apart, similarities(topic_mixes(of)), -np.inf))
        np.put_along_axis(hits, again, np.take_along_axis(hits, again, 1) + 1, axis=1)
    rows: list[Row] = []
    for i, project_id in enumerate(projects):
        for rank, j in enumerate((int(j) for j in near[i] if np.isfinite(similar[i, j])), start=1):
            both = [codes[c] for c in _shared(mixes[i], mixes[j])]
            found = float(similar[i, j]), float(hits[i, j]) / RESAMPLES
            rows.append((project_id, rank, projects[j], *found, RESAMPLES, len(projects), both))
    return rows


def coded_stretches(connection: Connection) -> tuple[list[str], dict[str, Values]]:
    """The codes of the dimension field, and per project stretches x (segments with each code, then all segments).

    Projects without any code are left out: they have no mix of topics.
    """
    sql = "SELECT id FROM codes WHERE dimension = ? ORDER BY id"
    codes = [row[0] for row in connection.execute(sql, [DIMENSION]).fetchall()]
    found: dict[str, dict[tuple[str, int], Values]] = {}
    for project_id, document_id, place, given in connection.execute(_SEGMENTS, {"d": DIMENSION}).fetchall():
        key = document_id, place // STRETCH
        row = found.setdefault(project_id, {}).setdefault(key, np.zeros(len(codes) + 1))
        row += [*(code in given for code in codes), 1]
    stretches = {p: np.array(list(rows.values())) for p, rows in found.items()}
    return codes, {p: rows for p, rows in stretches.items() if rows[:, :-1].any()}


_SEGMENTS = """
    WITH given AS (
        SELECT unit_id, list(DISTINCT code ORDER BY code) AS codes FROM codings WHERE dimension = $d GROUP BY unit_id
    )
    SELECT pd.project_id, s.document_id,
        row_number() OVER (PARTITION BY pd.project_id, s.document_id ORDER BY s."order", s.id) - 1,
        coalesce(g.codes, [])
    FROM segments AS s JOIN documents AS d ON d.document_id = s.document_id AND d.status = 'read'
    JOIN project_documents AS pd ON pd.document_id = s.document_id
    LEFT JOIN given AS g ON g.unit_id = s.id
    ORDER BY pd.project_id, s.document_id, s."order", s.id"""


def shares(counts: Values) -> Values:
    """Shares of segments with each code, from rows of (segments with each code, all segments)."""
    return counts[:, :-1] / np.maximum(counts[:, -1:], 1)


def topic_mixes(of: Values) -> Values:
    """Roots of the shares (projects x codes), each code less its mean over the projects."""
    roots = np.sqrt(of)
    centred: Values = roots - roots.mean(axis=0)
    return centred


def similarities(mixes: Values) -> Values:
    """Cosines of all pairs of rows; of a row with itself -inf, of a row of zeros 0."""
    length = np.linalg.norm(mixes, axis=1, keepdims=True)
    unit = mixes / np.where(length > 0, length, 1)
    cosines: Values = np.round(unit @ unit.T, _PLACES)
    np.fill_diagonal(cosines, -np.inf)
    return cosines


def nearest(similar: Values) -> NDArray[np.int64]:
    """Places of the three most similar in each row; the first of equal ones."""
    return np.argsort(-similar, axis=1, kind="stable")[:, :NEAREST]


def _resampled(stretches: Values, draw: np.random.Generator) -> Values:
    """Shares in resamples of the stretches: resamples x codes."""
    n = len(stretches)
    return shares(draw.multinomial(n, np.full(n, 1 / n), size=RESAMPLES) @ stretches)


def _shared(one: Values, other: Values) -> list[int]:
    """The codes of which both have more than the mean project, by what they add to the cosine."""
    both = np.minimum(one, other) > 0
    order = np.argsort(-(one * other), kind="stable")
    return [int(c) for c in order if both[c]][:NEAREST]


def _apart(connection: Connection, projects: Sequence[str]) -> NDArray[np.bool_]:
    """Whether two projects share no document: equal text makes no neighbours."""
    sql = "SELECT project_id, document_id FROM project_documents"
    of: dict[str, set[str]] = {p: set() for p in projects}
    for project_id, document_id in connection.execute(sql).fetchall():
        of.get(project_id, set()).add(document_id)
    return np.array([[not (of[a] & of[b]) for b in projects] for a in projects])
