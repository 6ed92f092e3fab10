"""Clusters of passages that do not depend on the draw: discovered on one part of the projects, confirmed on the other.

k-means finds clusters in anything, and the same ones with every seed if the vectors have a shape; so a cluster must
also hold in what it is about. Its words are frozen where it was discovered and must be frequent in those passages of
other projects that lie nearest to it. Pure functions over vectors and words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from strategy_miner.settings import RadarSettings

Matrix = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

_DIMENSIONS = 50  # of the vectors, by principal components: k-means in hundreds of dimensions follows noise
_PER_CLUSTER = 30  # passages; so many clusters as that gives, within these bounds
_FEWEST, _MOST = 5, 60
_SMALLEST = 5  # passages of a cluster; fewer have no vocabulary
_PRIOR = 10.0  # passages of average words, added to each side before words are compared


@dataclass(frozen=True)
class Cluster:
    """A stable cluster: its words, the most typical first; in how many runs it was found; its passages by their places,
    the most central first; how many times as frequent its words are in its held-out passages as in the others.
    """

    words: tuple[str, ...]
    runs: int
    members: tuple[int, ...]
    lift: float


@dataclass(frozen=True)
class _Found:
    """A cluster of one run: its words by number, its own number there, the centres of that run."""

    words: tuple[int, ...]
    number: int
    centres: Matrix


def stable_clusters(
    vectors: Matrix, words: Sequence[frozenset[str]], discover: npt.NDArray[np.bool_], rules: RadarSettings, seed: int
) -> list[Cluster]:
    """The clusters found with nearly every seed among the passages of `discover` and confirmed among the others.

    None if either part has fewer than 25 passages.

    Args:
        vectors: (n, dimension).
        words: n sets of base forms.
        discover: (n) which passages are for finding clusters; the others are for confirming and measuring.
        rules: how many runs, and how alike in words the clusters of two runs must be to be the same.
        seed: of the first run; each further one takes the next.
    """
    if min(discover.sum(), (~discover).sum()) < _SMALLEST * _FEWEST:
        return []
    reduced, (has, vocabulary) = _reduced(vectors, discover), _incidence(words, discover)
    runs = _runs(reduced[discover], has[discover], rules, seed)
    kept: list[tuple[_Found, int]] = []
    for run in runs:
        for found in run:
            if any(_alike(found, other, rules) for other, _ in kept):
                continue
            times = sum(any(_alike(found, other, rules) for other in other_run) for other_run in runs)
            if times >= rules.stable_runs:
                kept.append((found, times))
    clusters = []
    for found, times in kept:
        members, lift = _confirmed(found, reduced, has, ~discover)
        if lift >= rules.lift:
            clusters.append(Cluster(tuple(vocabulary[word] for word in found.words), times, members, lift))
    return _apart(clusters)


def _apart(clusters: Sequence[Cluster]) -> list[Cluster]:
    """The clusters found most often first, without those of which half the passages are in one before."""
    apart: list[Cluster] = []
    for cluster in sorted(clusters, key=lambda c: (-c.runs, -len(c.members), c.words)):
        if all(2 * len(set(cluster.members) & set(other.members)) < len(cluster.members) for other in apart):
            apart.append(cluster)
    return apart


def _reduced(vectors: Matrix, discover: npt.NDArray[np.bool_]) -> Matrix:
    """Principal components of the discovering part, all vectors in them at length 1."""
    from sklearn.decomposition import PCA

    pca = PCA(min(_DIMENSIONS, vectors.shape[1], int(discover.sum()) - 1), svd_solver="full")
    reduced: Matrix = pca.fit(vectors[discover]).transform(vectors)
    reduced /= np.maximum(np.linalg.norm(reduced, axis=1, keepdims=True), 1e-12)
    return reduced


def _incidence(
    words: Sequence[frozenset[str]], discover: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.bool_], list[str]]:
    """(n, words) which passage has which word, of the words of at least three passages of `discover`; these words."""
    counts = Counter(word for of, counted in zip(words, discover, strict=True) if counted for word in of)
    vocabulary = sorted(word for word, count in counts.items() if count >= 3)
    place = {word: number for number, word in enumerate(vocabulary)}
    has = np.zeros((len(words), len(vocabulary)), dtype=bool)
    for row, of in enumerate(words):
        has[row, [place[word] for word in of if word in place]] = True
    return has, vocabulary


def _runs(vectors: Matrix, has: npt.NDArray[np.bool_], rules: RadarSettings, seed: int) -> list[list[_Found]]:
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    number = int(np.clip(len(vectors) // _PER_CLUSTER, _FEWEST, _MOST))
    total = has.sum(axis=0)
    runs = []
    with threadpool_limits(limits=1):  # sums of several threads differ in the last digits
        for run in range(rules.runs):
            model = KMeans(number, n_init=1, random_state=seed + run).fit(vectors)
            found = []
            for cluster in range(number):
                inside = model.labels_ == cluster
                if inside.sum() >= _SMALLEST:
                    top = _typical(has[inside].sum(axis=0), int(inside.sum()), total, len(has), rules.words)
                    found.append(_Found(top, cluster, model.cluster_centers_))
            runs.append(found)
    return runs


def _typical(here: Places, n_here: int, total: Places, n: int, most: int) -> tuple[int, ...]:
    """The words that most tell a cluster's passages from the others, by log odds ratio / standard error.

    Source: Monroe, Colaresi, Quinn 2008, Political Analysis 16:372, over passages that have a word.
    """
    prior = (total + 0.5) / n * _PRIOR  # a half, so that no word has no odds
    one, other = here + prior, total - here + prior
    n_one, n_other = n_here + _PRIOR, n - n_here + _PRIOR
    ratio = np.log(one / (n_one - one)) - np.log(other / (n_other - other))
    strength = ratio / np.sqrt(1 / one + 1 / other)
    order = np.argsort(-strength, kind="stable")
    return tuple(int(word) for word in order[:most] if here[word] >= 2 and ratio[word] > 0)


def _alike(one: _Found, other: _Found, rules: RadarSettings) -> bool:
    both, either = len(set(one.words) & set(other.words)), len(set(one.words) | set(other.words))
    return both > 0 and both >= rules.overlap * either


def _confirmed(
    found: _Found, vectors: Matrix, has: npt.NDArray[np.bool_], held_out: npt.NDArray[np.bool_]
) -> tuple[tuple[int, ...], float]:
    """The passages that lie nearest to the cluster, and how much its words tell those that were held out.

    Members of both parts belong by the same rule: the nearest centre of the run that found the cluster.
    """
    # Without the squares of the vectors, which are all 1.
    distances = (found.centres**2).sum(axis=1) - 2 * vectors @ found.centres.T
    inside = distances.argmin(axis=1) == found.number
    members = np.flatnonzero(inside)
    central = members[np.argsort(distances[members, found.number], kind="stable")]
    rate = has[:, list(found.words)].mean(axis=1)
    ours, theirs = rate[inside & held_out], rate[~inside & held_out]
    if len(ours) < 2 or len(theirs) < 2:
        return tuple(int(place) for place in central), 0.0
    base = float(theirs.mean())
    lift = float(ours.mean()) / base if base > 0 else float(np.inf if ours.mean() > 0 else 0.0)
    return tuple(int(place) for place in central), lift
