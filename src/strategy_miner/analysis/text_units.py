"""The text of a corpus as the robustness panel counts it: by unit of text, coder, threshold and weight."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from strategy_miner.analysis.intervals import Values
from strategy_miner.analysis.samples import DIMENSION, Cohorts, Point, Sample, sample
from strategy_miner.coding.classifier import decided
from strategy_miner.coding.gold_estimate import integrated_share
from strategy_miner.records import CODEBOOK, LEXICON, SUPERVISED

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

UNITS = ("segment", "section", "page", "window")
THRESHOLDS = ("own", "strict", "loose", "matched", "none")
WEIGHTINGS = ("document", "ratios", "pooled", "tokens", "tokens_pooled")
_WINDOW = 3  # segments
_FEWER, _MORE = 2 / 3, 4 / 3  # codes given under a stricter and a looser threshold, as against the coder's own
_STEADY = 0.15  # a mean of ratios is shown only where every project has more coded text than this

SEGMENTS_SQL = """
    SELECT s.id, s.document_id, coalesce(s.page, -1) AS page, s.heading_path::VARCHAR AS path,
        len(string_split(trim(s.text), ' ')) AS tokens
    FROM segments AS s JOIN documents AS d ON d.document_id = s.document_id AND d.status = 'read'
    ORDER BY s.document_id, s."order", s.id"""
SCORES_SQL = """
    SELECT c.p FROM segments AS s JOIN documents AS d ON d.document_id = s.document_id AND d.status = 'read'
    LEFT JOIN scores AS c ON c.segment_id = s.id AND c.coder = $coder
    ORDER BY s.document_id, s."order", s.id"""
_PROJECTS_SQL = """
    SELECT project_id, list(document_id ORDER BY document_id)
    FROM project_documents JOIN (SELECT DISTINCT document_id FROM segments) USING (document_id)
    JOIN documents USING (document_id) WHERE status = 'read' GROUP BY project_id ORDER BY project_id"""


@dataclass(frozen=True)
class Texts:
    """All segments of read documents in reading order, n of them.

    `ids` (n,); `document` (n,): number of the document in `names`; `tokens` (n,): its words; `units`: for each kind of
    unit the number of the unit (n,), -1 where the segment is in none; `integrated` (codes,); `scores`: per coder p
    (n, codes); `cuts`: thresholds as numbers by coder and name, those that differ from the coder's own; `projects`:
    the documents' numbers of each project.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    document: Ints
    tokens: Ints
    units: dict[str, Ints]
    integrated: Bools
    scores: dict[str, Values]
    cuts: dict[tuple[str, str], float]
    projects: dict[str, Ints]

    @classmethod
    def read(cls, connection: Connection) -> Texts:
        """From segments, scores, thresholds and codes. Coders without any score are left out."""
        columns = connection.execute(SEGMENTS_SQL).fetchnumpy()
        names, document = np.unique(np.asarray(columns["document_id"], dtype=str), return_inverse=True)
        number = {str(name): place for place, name in enumerate(names)}
        projects = {
            project_id: np.array([number[own] for own in owned], dtype=np.int64)
            for project_id, owned in connection.execute(_PROJECTS_SQL).fetchall()
        }
        kinds = connection.execute("SELECT kind FROM codes WHERE dimension = ? ORDER BY rowid", [DIMENSION]).fetchall()
        integrated = np.array([kind == "integrated" for (kind,) in kinds], dtype=bool)
        own = dict(connection.execute("SELECT coder, threshold FROM thresholds").fetchall())
        read = {c: _scores(connection, c, len(integrated)) for c in (LEXICON, CODEBOOK, SUPERVISED) if c in own}
        scores = {coder: p for coder, p in read.items() if p.any()}
        cuts = {(coder, name): cut for coder, p in scores.items() for name, cut in _cuts(p, own[coder])}
        page, path = np.asarray(columns["page"], dtype=np.int64), np.asarray(columns["path"], dtype=str)
        return cls(
            tuple(columns["id"].tolist()), tuple(number), document.astype(np.int64),
            np.asarray(columns["tokens"], dtype=np.int64),
            _units(document.astype(np.int64), page, path), integrated, scores, cuts, projects,
        )  # fmt: skip

    def possible(self, coder: str, threshold: str) -> bool:
        """Whether the coder can be asked so: a lexicon has no probabilities, and its few ranks no looser threshold."""
        if threshold == "none":
            return coder != LEXICON
        return threshold == "matched" or (coder, threshold) in self.cuts

    def coded(self, coder: str, threshold: str) -> Values | Bools:
        """What a coder says of each segment (n, codes): codes given, or probabilities where there is no threshold."""
        p = self.scores[coder]
        if threshold == "none":
            return p
        if threshold == "matched":
            return _matched(p, self.scores[self.calibrated].mean(axis=0))
        cut = self.cuts[coder, threshold]
        return p > cut if coder == LEXICON else decided(p, cut)

    @property
    def calibrated(self) -> str:
        """The coder whose probabilities say how often a code occurs."""
        return next((coder for coder in (SUPERVISED, CODEBOOK) if coder in self.scores), LEXICON)

    def counted(self, coder: str, threshold: str, unit: str) -> Counted:
        """Integrated and coded share of every unit; a unit has the codes of its segments, once each."""
        own, codes = self.units[unit], self.coded(coder, threshold)
        order = np.argsort(own, kind="stable")
        order = order[own[order] >= 0]
        starts = np.flatnonzero(np.diff(own[order], prepend=-1))
        if not len(starts):
            nothing = np.zeros(0)
            return Counted(np.zeros(0, dtype=np.int64), nothing, nothing, nothing)
        united = np.maximum.reduceat(codes[order], starts, axis=0)
        a, b = integrated_share(united, self.integrated)
        tokens = np.add.reduceat(self.tokens[order], starts).astype(np.float64)
        return Counted(self.document[order][starts], tokens, a, b)


@dataclass(frozen=True, slots=True)
class Counted:
    """Units of text, m of them: document, words, A (integrated share of the codes) and B (coded or not), (m,) each."""

    document: Ints
    tokens: Values
    a: Values
    b: Values

    def sample(self, cohorts: Cohorts, texts: Texts, weighting: str) -> Sample | None:
        """H3 with these weights; None for a mean of ratios where some project has too little coded text."""
        weight = self.tokens if weighting.startswith("tokens") else np.ones(len(self.a))
        n = len(texts.names)
        sums = [np.bincount(self.document, own, minlength=n) for own in (weight * self.a, weight * self.b, weight)]
        sums.append(np.bincount(self.document, minlength=n))
        totals = {project_id: [float(own[of].sum()) for own in sums] for project_id, of in texts.projects.items()}
        return share_sample(cohorts, totals, weighting, "uncorrected")


def share_sample(cohorts: Cohorts, totals: dict[str, list[float]], weighting: str, label: str) -> Sample | None:
    """H3 from sums over the units of a project: weighted A, weighted B, weights, number of units.

    None for a mean of ratios where some project has too little coded text.
    """
    totals = {project_id: own for project_id, own in totals.items() if own[2] > 0}
    if weighting == "ratios" and any(b <= _STEADY * whole for _, b, whole, _ in totals.values()):
        return None
    # Where units are pooled, a project without a value counts as one of mean length in the bounds.
    mean = math.fsum(whole for _, _, whole, _ in totals.values()) / max(len(totals), 1)
    points = []
    for project_id, (a, b, whole, count) in totals.items():
        by = mean if weighting.endswith("pooled") else b if weighting == "ratios" else whole
        points.append(Point(project_id, a / by, b / by, int(count), int(count), (a / by, b / by), label))
    return sample("H3", "", cohorts, points)


def text_cells(texts: Texts) -> Iterator[tuple[str, str, str]]:
    """(unit, coder, threshold) of every cell that these texts allow."""
    for coder in texts.scores:
        for threshold in THRESHOLDS:
            if texts.possible(coder, threshold):
                yield from ((unit, coder, threshold) for unit in UNITS if (texts.units[unit] >= 0).any())


def _scores(connection: Connection, coder: str, codes: int) -> Values:
    """(n, codes) in the order of SEGMENTS_SQL; 0 where the coder said nothing of a segment."""
    rows = connection.execute(SCORES_SQL, {"coder": coder}).fetchnumpy()["p"]
    nothing = np.zeros(codes)
    return np.array([row if isinstance(row, np.ndarray) else nothing for row in rows], dtype=np.float64)


def _cuts(p: Values, own: float) -> Iterator[tuple[str, float]]:
    """The coder's own threshold, and those that give about a third fewer and a third more codes, if there are any."""
    yield "own", own
    ordered = np.sort(p, axis=None)[::-1]
    given = int(np.count_nonzero(ordered > own))
    for name, factor in (("strict", _FEWER), ("loose", _MORE)):
        found = float(ordered[min(round(given * factor), len(ordered) - 1)])
        if name == "strict" and found <= own and given:  # ties: at least the lowest value goes
            found = float(ordered[given - 1])
        if own < found < ordered[0] if name == "strict" else 0.0 < found < own:
            yield name, found


def _units(document: Ints, page: Ints, path: NDArray[np.str_]) -> dict[str, Ints]:
    """Number of the unit of each segment. A document without pages has no units of kind page."""
    place = np.arange(len(document)) - np.searchsorted(document, document)  # within its document
    sections: dict[tuple[int, str], int] = {}
    pairs = zip(document.tolist(), path.tolist(), strict=True)
    return {
        "segment": np.arange(len(document)),
        "section": np.array([sections.setdefault(pair, len(sections)) for pair in pairs], dtype=np.int64),
        "page": np.where(page < 0, -1, _numbered(document, page)),
        "window": _numbered(document, place // _WINDOW),
    }


def _numbered(document: Ints, part: Ints) -> Ints:
    """One number per document and part."""
    return document * (1 + int(part.max(initial=0))) + part


def _matched(p: Values, rates: Values) -> Bools:
    """Every code given to those segments that speak for it most, as many as its rate says; ties are all given."""
    given = np.zeros(p.shape, dtype=bool)
    for code, rate in enumerate(rates):
        place = round(float(rate) * len(p))
        if place:
            least = np.sort(p[:, code])[-place]
            given[:, code] = (p[:, code] >= least) & (p[:, code] > 0)
    return given
