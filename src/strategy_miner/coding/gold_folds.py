"""Trained models on gold: scores of documents the model has not seen, and how much a careless split would flatter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from strategy_miner.coding.gold_corpus import Bools, Floats, Ints
from strategy_miner.errors import CorpusError

FOLDS, ROUNDS = 5, 5
Split = tuple[Ints, Ints]
# Fits on some of the labelled segments, scores others: (train rows, test rows) -> probabilities and codes given.
Train = Callable[[Ints, Ints], tuple[Floats, Bools]]


def grouped_splits(document: Ints, cohorts: Sequence[str | None], seed: int) -> Iterator[list[Split]]:
    """Five rounds of five folds; a document stays whole, folds are alike in cohorts (StratifiedGroupKFold).

    Raises CorpusError if there is only one document.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    own = np.array([cohorts[d] or "" for d in document])
    folds = min(FOLDS, len(set(document.tolist())))
    if folds < 2:
        raise CorpusError("labels of one document only", "--trained", "Label a second one, or evaluate without it.")
    for round_ in range(ROUNDS):
        splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed + round_)
        yield list(splitter.split(own, own, document))


def cohort_splits(document: Ints, cohorts: Sequence[str | None]) -> list[Split]:
    """Each cohort tested by a model of the others: does the vocabulary of one carry over to the next?"""
    own = np.array([cohorts[d] or "" for d in document])
    names = sorted(set(own.tolist()))
    return [(np.flatnonzero(own != name), np.flatnonzero(own == name)) for name in names if len(names) > 1]


def leaky_splits(n: int, seed: int) -> list[Split]:
    """Folds that tear documents apart. Only to show how much better this looks than it is."""
    order = np.random.default_rng(seed).permutation(n)
    parts = np.array_split(order, min(FOLDS, n))
    return [(np.sort(np.setdiff1d(order, part)), np.sort(part)) for part in parts]


def out_of_fold(splits: Sequence[Split], train: Train, shape: tuple[int, int]) -> tuple[Floats, Bools]:
    """Probabilities and codes given (n, codes), each row from a model that was not fitted on it."""
    probabilities, given = np.zeros(shape), np.zeros(shape, dtype=bool)
    for fitted, tested in splits:
        probabilities[tested], given[tested] = train(fitted, tested)
    return probabilities, given
