"""Labels as training for the scores of other documents."""

from __future__ import annotations

from statistics import median

import numpy as np
import pytest

from strategy_miner.coding import Codebook, LabelledClassifier
from strategy_miner.coding.gold_read import Gold, write_gold
from strategy_miner.coding.scores import score_rows
from strategy_miner.coding.supervised import labelled_segments
from strategy_miner.parallel import ROOT
from strategy_miner.parquet import write_records
from strategy_miner.records import GoldLabel, GoldSegment, Segment
from tests.test_coding_classifier import Triples


def segments_of(document):
    texts = ("Neue Radwege und Busse am Bahnhof.", "Wärmepumpen und Photovoltaik.", "Ein Satz ohne Thema.")
    return [Segment(f"{document}{n}", document, n, 1, "paragraph", (), f"{text} {document}", (), (), ())
            for n, text in enumerate(texts)]  # fmt: skip


@pytest.fixture
def folders(tmp_path):
    for document in "ab":
        write_records(Segment, segments_of(document), tmp_path / "segment" / f"{document}.parquet")
    sample = [GoldSegment(f"{d}{n}", d, "coded", 3, 2, f"{d}{n}", "id") for d in "ba" for n in (0, 1)]
    sample.append(GoldSegment(None, "c", "coded", 3, 2, "c0", "lost"))
    labels = [GoldLabel(row.segment_id, "consensus", ("mobilitaet",)) for row in sample[:4]]
    write_gold(tmp_path / "labels", Gold(tuple(sample), (*labels, GoldLabel("a0", "AB", ("energie",)))))
    return tmp_path


def test_gold_is_what_counts_in_the_order_of_the_documents(folders):
    found = labelled_segments(folders / "labels", folders / "segment")
    assert [(item.id, codes) for item, codes in found] == [
        (f"{d}{n}", ("mobilitaet",)) for d in "ab" for n in (0, 1)
    ]  # fmt: skip


def test_without_gold_there_is_nothing_to_learn_from(tmp_path, folders):
    assert labelled_segments(tmp_path / "nowhere", folders / "segment") == []
    write_gold(folders / "labels", Gold())
    assert labelled_segments(folders / "labels", folders / "segment") == []


def test_scores_come_from_models_without_the_labels_of_their_document(folders):
    book = Codebook.load(ROOT / "corpus" / "codebook")
    labels = labelled_segments(folders / "labels", folders / "segment")
    model = LabelledClassifier(book, Triples(), 7, labels)
    own = segments_of("a")
    scores = score_rows("supervised", own, model.probabilities(own))
    without = LabelledClassifier(book, Triples(), 7, [pair for pair in labels if pair[0].document_id != "a"])
    assert np.array([score.p for score in scores]) == pytest.approx(without.probabilities(own))
    assert model.threshold == median(m.threshold for m in model._models.values())
    assert len(model._models) == 2, "one for each document left out"
