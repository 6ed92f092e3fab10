"""Scores and gold of a corpus as arrays, and shares of text estimated from both, by project.

The estimator is that of coding/gold_estimate.py; here documents become projects. A project's documents are pooled by
their numbers of segments, a document of two projects counts for both. A share of a group of projects is then linear in
the document values, with one weight per document, and so are its errors.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from strategy_miner.analysis.intervals import Values
from strategy_miner.analysis.samples import DIMENSION, Cohorts, Point, Sample, sample
from strategy_miner.coding.classifier import decided
from strategy_miner.coding.gold_estimate import Errors, Estimate, combined, figures
from strategy_miner.coding.gold_labels import CONSENSUS

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

INTEGRATED, CODED = 0, 1  # columns of the figures: A, B; the codes follow
FIRST_CODE = 2
PROBABILITIES, CODES = "probabilities", "codes"  # what a raw share is the mean of

_LABELS = """
    SELECT g.segment_id, s.document_id, s.stratum, s.stratum_size, g.codes
    FROM gold_labels AS g JOIN gold_sample AS s USING (segment_id)
    JOIN documents AS d ON d.document_id = s.document_id AND d.status = 'read'
    WHERE g.coder = ? ORDER BY s.document_id, g.segment_id"""
_SCORES = """
    SELECT document_id, segment_id, p FROM scores
    WHERE coder = ? AND document_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY document_id, segment_id"""


@dataclass(frozen=True)
class Labelled:
    """n labels in D documents of P projects, K codes.

    ids (n,) segments with a label; true (n, K) their gold, predicted (n, K) their scores; kept (n,) whether they count
    errors, given: the estimator on the probabilities and on the codes that the threshold gives
    projects (P,), pooled (P, D): the share that a document has in its project, rows sum to 1
    """

    scores: str
    codes: tuple[str, ...]
    integrated: Bools
    ids: tuple[str, ...]
    documents: tuple[str, ...]
    projects: tuple[str, ...]
    pooled: Values
    true: Bools
    predicted: Values
    kept: Bools
    threshold: float
    errors: Errors
    given: Errors

    @classmethod
    def read(cls, connection: Connection, scores: str, without: Collection[str] = ()) -> Self | None:
        """From gold_labels, gold_sample and the scores of that coder; None where no label meets a score.

        Segments `without` count as text without a code, for the scores and for people: a ratio such as H3 is then that
        of the other segments, a domain of the sample (Särndal, Swensson & Wretman 1992, section 5.8).
        """
        sql = "SELECT id, kind FROM codes WHERE dimension = ? ORDER BY rowid"
        codes = connection.execute(sql, [DIMENSION]).fetchall()
        integrated = np.array([kind == "integrated" for _, kind in codes], dtype=bool)
        labels = connection.execute(_LABELS, [CONSENSUS]).fetchall()
        rows = connection.execute(_SCORES, [scores, sorted({row[1] for row in labels})]).fetchall()
        at = {row[1]: i for i, row in enumerate(rows)}
        labels = [row for row in labels if row[0] in at]
        if not labels:
            return None
        documents = sorted({row[1] for row in labels})
        rows = [row for row in rows if row[0] in set(documents)]
        at = {row[1]: i for i, row in enumerate(rows)}
        p = np.array([row[2] for row in rows], dtype=np.float64)
        home = np.searchsorted(documents, [row[0] for row in rows])
        true = np.array([[code in row[4] for code, _ in codes] for row in labels], dtype=bool)
        p[[row[1] in without for row in rows]] = 0.0
        kept = np.array([row[0] not in without for row in labels], dtype=bool)
        true &= kept[:, None]
        predicted = p[[at[row[0]] for row in labels]]
        threshold = dict(connection.execute("SELECT coder, threshold FROM thresholds").fetchall()).get(scores, 0.5)
        counts = np.bincount(home).astype(np.float64)
        strata = _strata(labels, documents)
        errors, given = (
            Errors(_means(all_, home, integrated), figures(true, integrated) - figures(own, integrated), *strata)
            for all_, own in ((p, predicted), (decided(p, threshold), decided(predicted, threshold)))
        )
        projects, pooled = _pooled(connection, documents, counts)
        if not projects:
            return None
        return cls(
            scores, tuple(code for code, _ in codes), integrated, tuple(row[0] for row in labels), tuple(documents),
            projects, pooled, true, predicted, kept, threshold, errors, given,
        )  # fmt: skip

    @property
    def home(self) -> Ints:
        """(n,) number of the document of each label."""
        return self.errors.home[self.errors.stratum]

    @property
    def positives(self) -> Ints:
        """(K,) labels with each code."""
        return np.asarray(self.true.sum(axis=0))

    def values(self, of: Errors | None = None) -> Values:
        """(P, 2 + K) corrected figures by project."""
        return self.by_project((of or self.errors).corrected())

    def by_project(self, figures_: Values) -> Values:
        """(D, q) -> (P, q)."""
        return np.asarray((self.pooled[:, :, None] * figures_[None]).sum(axis=1))

    def sample(self, cohorts: Cohorts, code: str = "") -> Sample:
        """H3, or H4 of a code, corrected: one point per project. Units are its labels, counts those with the code."""
        column = FIRST_CODE + self.codes.index(code) if code else INTEGRATED
        wanted = np.array([own == code for own in self.codes]) if code else self.integrated
        flagged = np.asarray(self.true[:, wanted].any(axis=1))
        values = self.values()
        points = []
        for i, project_id in enumerate(self.projects):
            inside = self.inside(np.arange(len(self.projects)) == i) & self.kept
            a, b = float(values[i, column]), 1.0 if code else float(values[i, CODED])
            points.append(
                Point(project_id, a, b, int(flagged[inside].sum()), int(inside.sum()), (a, b), "corrected")
            )  # fmt: skip
        return sample("H4" if code else "H3", code, cohorts, points)

    def measured(self, of: Sample, groups: Sequence[Bools], signs: Sequence[float] = (1.0,)) -> Estimate:
        """sum of sign x share over groups of projects with its measurement interval; groups are taken as independent.

        `groups`: masks (P,) over the projects of the sample.
        """
        column = FIRST_CODE + self.codes.index(of.code) if of.code else 0
        weights = [self.weights(mask) for mask in groups]
        return combined([self.errors.mean(w, column) if of.code else self.errors.ratio(w) for w in weights], signs)

    def inside(self, mask: Bools) -> Bools:
        """(n,) whether a label is in a document of some projects."""
        return np.asarray(self.weights(mask)[self.home] > 0, dtype=bool)

    def weights(self, mask: Bools) -> Values:
        """(D,) weights of the documents in the mean over some projects."""
        return np.asarray(self.pooled[mask].sum(axis=0) / max(1, int(mask.sum())))


def _strata(labels: Sequence[tuple[object, ...]], documents: Sequence[str]) -> tuple[Ints, Values, Ints, Ints, Values]:
    """stratum, sizes, home, kind and segments as `Errors` wants them. Shares of strata are those at the draw."""
    keys = [(str(row[1]), str(row[2]), int(str(row[3]))) for row in labels]
    strata = sorted(set(keys))
    number = {key: h for h, key in enumerate(strata)}
    names = sorted({name for _, name, _ in strata})
    sizes = np.array([size for _, _, size in strata], dtype=np.float64)
    home = np.searchsorted(documents, [document for document, _, _ in strata])
    return (
        np.array([number[key] for key in keys], dtype=np.int64), sizes, home.astype(np.int64),
        np.array([names.index(name) for _, name, _ in strata], dtype=np.int64),
        np.bincount(home, sizes, minlength=len(documents)).astype(np.float64),
    )  # fmt: skip


def _means(p: Values | Bools, home: Ints, integrated: Bools) -> Values:
    own = figures(p, integrated)
    counts = np.bincount(home)
    return np.stack([np.bincount(home, column) / counts for column in own.T], axis=1)


def _pooled(connection: Connection, documents: Sequence[str], counts: Values) -> tuple[tuple[str, ...], Values]:
    sql = "SELECT DISTINCT project_id, document_id FROM project_documents ORDER BY ALL"
    place = {document: d for d, document in enumerate(documents)}
    pairs = [(p, place[d]) for p, d in connection.execute(sql).fetchall() if d in place]
    projects = tuple(dict.fromkeys(p for p, _ in pairs))
    pooled = np.zeros((len(projects), len(documents)))
    for project_id, d in pairs:
        pooled[projects.index(project_id), d] = counts[d]
    return projects, pooled / np.maximum(pooled.sum(axis=1, keepdims=True), 1.0)
