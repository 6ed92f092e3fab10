"""Scores: the probabilities behind the codings, of the lexicon and of the classifier."""

from __future__ import annotations

import numpy as np
import pytest

from strategy_miner.coding import Classifier, Codebook, LexiconCoder
from strategy_miner.coding.classifier import decided
from strategy_miner.coding.scores import coded_and_scored, thresholds
from strategy_miner.parallel import ROOT
from strategy_miner.records import Segment
from tests.test_coding_classifier import Triples

TEXTS = ["Photovoltaik und Wärmepumpen liefern Strom und Wärme.", "Radwege und Busse am Bahnhof.", "", "Noch ein Satz."]
SEGMENTS = [Segment(f"s{n}", "d", n, 1, "paragraph", (), text, (), (), ()) for n, text in enumerate(TEXTS)]


@pytest.fixture(scope="module")
def coders():
    field, technology = (Codebook.load(ROOT / "corpus" / "codebook", name) for name in ("field", "technology"))
    return [Classifier.fit(field, Triples(), 7), LexiconCoder.of(technology)]


@pytest.mark.parametrize("threshold", [None, 0.3])
def test_what_is_given_follows_from_the_scores(coders, threshold):
    classifier = coders[0]
    vectors = Triples().encode([classifier.inputs(segment) for segment in SEGMENTS])
    codings, scores = coded_and_scored(coders, SEGMENTS, vectors, threshold)
    assert codings == [c for coder in coders for own in coder.code(SEGMENTS, vectors, threshold) for c in own]
    least = {key.removeprefix("threshold "): float(v) for key, v in thresholds(coders, threshold).items()}
    assert least == {"lexicon": threshold or 0.0, "codebook": classifier.threshold if threshold is None else threshold}
    for name, coder in (("codebook", classifier), ("lexicon", LexiconCoder.of(classifier.codebook))):
        own = [score for score in scores if score.coder == name]
        assert [score.segment_id for score in own] == [segment.id for segment in SEGMENTS]
        given = decided(np.array([score.p for score in own]), least[name])
        wanted = [{c.code for c in found} for found in coder.code(SEGMENTS, vectors, threshold)]
        assert [{classifier.codebook.ids[j] for j in np.flatnonzero(row)} for row in given] == wanted
    assert [score.p for score in scores if score.coder == "codebook"] == [
        tuple(row) for row in classifier.probabilities(SEGMENTS, vectors).tolist()
    ]
    assert max(scores[0].p) > 0, "the lexicon knows Photovoltaik"


def test_a_dimension_that_words_alone_code_has_scores_of_the_lexicon_only(coders):
    field = LexiconCoder.of(coders[0].codebook)
    _, scores = coded_and_scored([field], SEGMENTS, np.zeros((4, 128), dtype=np.float32), None)
    assert {score.coder for score in scores} == {"lexicon"}
    assert list(thresholds([field], None)) == ["threshold lexicon"]
