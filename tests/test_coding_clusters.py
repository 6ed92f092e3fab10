"""Clusters that hold for every seed and in projects that did not make them; none where words follow no vectors."""

import numpy as np
import pytest

from strategy_miner.coding.clusters import stable_clusters
from strategy_miner.settings import RadarSettings

RULES = RadarSettings()
HALF = 150
WORDS = {topic: [f"{topic}{n}" for n in range(25)] for topic in ("wald", "rente", "funk")}


def corpus(draw, topics=("wald", "rente", "funk"), spread=0.05):
    """Passages of each topic around a centre of their own, and as many about nothing; words follow the topic."""
    vectors, words = [], []
    for topic in topics:
        centre = draw.normal(size=40)
        vectors.append(centre / np.linalg.norm(centre) + spread * draw.normal(size=(60, 40)))
        words += [frozenset(draw.choice(WORDS[topic], 12)) | {f"wort{draw.integers(80)}"} for _ in range(60)]
    rest = 2 * HALF - len(words)
    vectors.append(draw.normal(size=(rest, 40)) / 6)
    words += [frozenset(f"wort{n}" for n in draw.integers(80, size=10)) for _ in range(rest)]
    order = draw.permutation(2 * HALF)
    discover = np.arange(2 * HALF) < HALF
    return np.concatenate(vectors)[order], [words[place] for place in order], discover


def test_planted_topics_are_found_in_nearly_all_runs():
    vectors, words, discover = corpus(np.random.default_rng(1))
    found = stable_clusters(vectors, words, discover, RULES, 1)
    topics = {topic for cluster in found for topic in WORDS if sum(w in WORDS[topic] for w in cluster.words) >= 15}
    assert topics == set(WORDS)
    assert all(cluster.runs >= RULES.stable_runs and cluster.lift > 4 for cluster in found)
    of_first = [frozenset(WORDS["wald"] + WORDS["rente"] + WORDS["funk"]) & words[place] for place in found[0].members]
    assert all(of_first), "its passages are about it"


@pytest.mark.parametrize("seed", range(5))
def test_nothing_where_the_words_are_shuffled(seed):
    """The control: k-means finds the same clusters of vectors with every seed, but they are about nothing."""
    draw = np.random.default_rng(seed)
    vectors, words, discover = corpus(draw)
    shuffled = [words[place] for place in draw.permutation(len(words))]
    assert stable_clusters(vectors, shuffled, discover, RULES, 1) == []


@pytest.mark.parametrize("seed", range(5))
def test_nothing_in_noise_with_words(seed):
    draw = np.random.default_rng(seed)
    _, words, discover = corpus(draw)
    assert stable_clusters(draw.normal(size=(len(words), 40)), words, discover, RULES, 1) == []


def test_nothing_without_topics_nor_in_a_handful_of_passages():
    vectors, words, discover = corpus(np.random.default_rng(2), topics=())
    assert stable_clusters(vectors, words, discover, RULES, 1) == []
    few = slice(HALF - 12, HALF + 12)
    assert stable_clusters(vectors[few], words[few], discover[few], RULES, 1) == []


def test_a_topic_of_one_half_only_is_not_confirmed():
    vectors, words, discover = corpus(np.random.default_rng(3), topics=("wald",))
    here = np.array([bool(of & set(WORDS["wald"])) for of in words])
    words = [of if inside or not topic else frozenset({"wort1", "wort2"})
             for of, inside, topic in zip(words, discover, here, strict=True)]  # fmt: skip
    assert stable_clusters(vectors, words, discover, RULES, 1) == []


def test_equal_seeds_give_equal_clusters():
    vectors, words, discover = corpus(np.random.default_rng(4))
    first = stable_clusters(vectors, words, discover, RULES, 7)
    assert first
    assert first == stable_clusters(vectors, words, discover, RULES, 7)
