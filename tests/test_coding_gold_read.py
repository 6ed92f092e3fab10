"""Labels of a corpus, good and bad ones, as the stage gold takes them; made labels of a generated corpus."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from strategy_miner.coding import Codebook
from strategy_miner.coding.gold import Design, Scored, draw
from strategy_miner.coding.gold_files import LABEL_COLUMNS, write_design, write_labels
from strategy_miner.coding.gold_labels import CONSENSUS, Label
from strategy_miner.coding.gold_made import CODERS, made_gold, noisy, truth_of_segments
from strategy_miner.coding.gold_read import Gold, read_gold, write_gold
from strategy_miner.parallel import ROOT
from strategy_miner.parquet import read_records, write_table
from strategy_miner.records import Document, GoldLabel, GoldSegment, Segment

DAY = "2026-11-22"


@pytest.fixture(scope="module")
def book():
    return Codebook.load(ROOT / "corpus" / "codebook")


def segments_of(document, n=12):
    return [
        Segment(f"{document}-{i}", document, i, 1, "paragraph", (), f"Erfundener Satz {i} aus {document}", (), (), ())
        for i in range(n)
    ]


def scored(book, names, n=12):
    random = np.random.default_rng(3)
    return [
        Scored(name, "12"[k % 2], tuple(segments_of(name, n)), random.random((n, len(book.ids))) ** 6)
        for k, name in enumerate(names)
    ]


@pytest.fixture
def labelled(book, tmp_path):
    """Two documents, their design, and labels of two coders and of the gold in tmp_path."""
    documents = scored(book, ("a", "b"))
    rows = tuple(draw(documents, 1, {"a": 6, "b": 6}))
    design = Design("field", "m", book.sha256, 1, DAY, rows)
    write_design(tmp_path / "design.csv", design)
    labels = [Label(row.anchor, (book.ids[0],) if row.number % 2 else (), basis="agreed") for row in rows]
    for name in ("AB", "CD", CONSENSUS):
        write_labels(tmp_path / f"{name}.csv", labels)
    return tmp_path, design, labels, {d.document_id: d.segments for d in documents}


def kinds(gold):
    return {note.kind: note.n for note in gold.notes}


def test_labels_arrive_with_their_design(book, labelled):
    folder, design, labels, segments = labelled
    gold = read_gold(folder, segments, book)
    assert gold.notes == ()
    assert gold.made_with == {"model": "m", "codebook": book.sha256, "seed": "1", "date": DAY}
    assert {row.segment_id for row in gold.sample} == {row.anchor.segment_id for row in design.rows}
    wanted = {(x.anchor.segment_id, coder, x.codes) for x in labels for coder in ("AB", "CD", CONSENSUS)}
    assert {(x.segment_id, x.coder, x.codes) for x in gold.labels} == wanted


def test_a_corpus_without_labels_has_none_and_needs_no_note(book, tmp_path):
    assert read_gold(tmp_path / "labels", {}, book) == Gold()


def test_a_sample_without_labels_yet(book, labelled):
    folder, design, _, segments = labelled
    for name in ("AB", "CD", CONSENSUS):
        (folder / f"{name}.csv").unlink()
    gold = read_gold(folder, segments, book)
    assert (len(gold.sample), gold.labels, gold.notes) == (len(design.rows), (), ())


def test_labels_that_nobody_settled_are_told(book, labelled):
    folder, design, _, segments = labelled
    (folder / f"{CONSENSUS}.csv").unlink()
    gold = read_gold(folder, segments, book)
    assert kinds(gold) == {"unsettled": len(design.rows)}
    assert {label.coder for label in gold.labels} == {"AB", "CD"}


def test_labels_of_another_codebook_count_if_their_codes_are_known(book, labelled):
    folder, design, _, segments = labelled
    write_design(folder / "design.csv", replace(design, codebook="0" * 64))
    gold = read_gold(folder, segments, book)
    assert kinds(gold) == {"codebook": len(design.rows)}
    assert len(gold.labels) == 3 * len(design.rows)


def test_an_unknown_code_closes_its_file_and_no_other(book, labelled):
    folder, _, _, segments = labelled
    path = folder / "AB.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(f",{book.ids[0]},", ",raumfahrt,", 1), encoding="utf-8")
    gold = read_gold(folder, segments, book)
    note = next(note for note in gold.notes if note.kind == "unreadable")
    assert note.file == "AB.csv"
    assert "raumfahrt" in note.message
    assert {label.coder for label in gold.labels} == {"CD", CONSENSUS}


def test_gold_with_an_unknown_code_is_unreadable_not_unsettled(book, labelled):
    folder, _, _, segments = labelled
    path = folder / f"{CONSENSUS}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(f",{book.ids[0]},", ",raumfahrt,", 1), encoding="utf-8")
    assert set(kinds(read_gold(folder, segments, book))) == {"unreadable"}


@pytest.mark.parametrize("content", ["", "segment_id\n", "\x00\x01", "number,stratum\n1,none\n"])
def test_a_broken_design_is_a_note(book, labelled, content):
    folder, _, _, segments = labelled
    (folder / "design.csv").write_text(content, encoding="utf-8")
    gold = read_gold(folder, segments, book)
    assert [note.kind for note in gold.notes] == ["unreadable"]
    assert (gold.sample, gold.labels) == ((), ())


def test_a_design_of_another_dimension_is_a_note(book, labelled):
    folder, design, _, segments = labelled
    write_design(folder / "design.csv", replace(design, dimension="technology"))
    assert kinds(read_gold(folder, segments, book)) == {"unreadable": len(design.rows)}


def test_labels_that_were_not_drawn_are_left_out(book, labelled):
    folder, design, labels, segments = labelled
    write_design(folder / "design.csv", replace(design, rows=design.rows[1:]))
    gold = read_gold(folder, segments, book)
    assert [(note.kind, note.file, note.n) for note in gold.notes] == [
        ("undrawn", "AB.csv", 1), ("undrawn", "CD.csv", 1), ("undrawn", f"{CONSENSUS}.csv", 1),
    ]  # fmt: skip
    assert len(gold.labels) == 3 * (len(labels) - 1)


def test_a_label_that_is_there_twice_counts_once(book, labelled):
    folder, _, labels, segments = labelled
    write_labels(folder / f"{CONSENSUS}.csv", [*labels, replace(labels[0], codes=(book.ids[2],))])
    own = [x for x in read_gold(folder, segments, book).labels if x.coder == CONSENSUS]
    assert len(own) == len(labels)
    assert (labels[0].anchor.segment_id, (book.ids[2],)) in {(x.segment_id, x.codes) for x in own}


def test_lost_labels_are_told_and_the_rest_counts(book, labelled):
    folder, design, _, segments = labelled
    gold = read_gold(folder, {"b": segments["b"]}, book)
    in_a = sum(row.anchor.document_id == "a" for row in design.rows)
    assert kinds(gold) == {"lost": in_a}
    assert sum(row.segment_id is None and row.how == "lost" for row in gold.sample) == in_a
    assert len(gold.labels) == 3 * (len(design.rows) - in_a)


def test_all_labels_lost(book, labelled):
    folder, design, _, _ = labelled
    gold = read_gold(folder, {}, book)
    assert (kinds(gold), gold.labels) == ({"lost": len(design.rows)}, ())


def test_a_changed_text_keeps_its_label_under_its_new_id(book, labelled):
    folder, design, labels, segments = labelled
    moved = {name: [replace(s, id=f"neu-{s.id}") for s in own] for name, own in segments.items()}
    gold = read_gold(folder, moved, book)
    assert kinds(gold) == {"moved": len(design.rows)}
    assert {x.segment_id for x in gold.labels} == {f"neu-{x.anchor.segment_id}" for x in labels}


def test_gold_that_its_coders_have_changed_is_told(book, labelled):
    folder, _, labels, segments = labelled
    write_labels(folder / "AB.csv", [replace(labels[0], codes=(book.ids[5],)), *labels[1:]])
    assert kinds(read_gold(folder, segments, book)) == {"outdated": 1}


def test_labels_without_a_row(book, labelled):
    folder, _, _, segments = labelled
    (folder / f"{CONSENSUS}.csv").write_text(",".join(LABEL_COLUMNS) + "\n", encoding="utf-8")
    assert "unsettled" in kinds(read_gold(folder, segments, book))


def test_files_hold_what_was_read(book, labelled, tmp_path):
    folder, _, _, segments = labelled
    gold = read_gold(folder, segments, book)
    write_gold(tmp_path / "out", gold)
    assert tuple(read_records(GoldSegment, tmp_path / "out" / "sample.parquet")) == gold.sample
    assert tuple(read_records(GoldLabel, tmp_path / "out" / "labels.parquet")) == gold.labels


def test_made_gold_settles_disputes_by_the_truth_and_keeps_what_the_coders_agree_on(book):
    documents = scored(book, [f"d{n}" for n in range(40)], 40)
    truth = {s.id: [book.ids[s.order % 5]] if s.order % 3 else [] for d in documents for s in d.segments}
    gold = made_gold(documents, truth, book, ("1", "2"), 5, 0.2)
    assert gold == made_gold(documents, truth, book, ("1", "2"), 5, 0.2)
    by = {coder: {x.segment_id: x.codes for x in gold.labels if x.coder == coder} for coder in (*CODERS, CONSENSUS)}
    assert len(by[CONSENSUS]) == len(gold.sample) == 480  # twelve in each of forty documents
    for coder in CODERS:
        wrong = sum(codes != tuple(truth[s]) for s, codes in by[coder].items())
        assert 0.15 < wrong / len(gold.sample) < 0.25
    for segment, codes in by[CONSENSUS].items():
        one, two = (by[coder][segment] for coder in CODERS)
        assert codes == (one if one == two else tuple(truth[segment]))


def test_coders_without_noise_say_the_truth(book):
    truth = {f"s{n}": [book.ids[n % 3]] for n in range(50)}
    assert noisy(truth, book.ids, 0.0, "x") == truth


def test_truth_of_segments_follows_the_words(tmp_path):
    texts = {
        "Die Radwege am Bahnhof werden breiter als bisher gebaut.": ["mobilitaet"],
        "Neue Wärmepumpen.": ["energie"],
    }
    document = Document("d", "a.pdf", "0")
    rows = [{"file": "a.pdf", "text": text, "codes": codes} for text, codes in texts.items()]
    import pyarrow as pa

    write_table(pa.Table.from_pylist(rows), tmp_path / "truth.parquet")
    both = " ".join(texts)
    cut = [
        Segment(f"s{n}", "d", n, 1, "paragraph", (), text, (), (), ()) for n, text in enumerate([*texts, both, "Nein."])
    ]
    found = truth_of_segments(tmp_path / "truth.parquet", {document: cut, Document("e", "b.pdf", "1"): []})
    assert list(found.values()) == [["mobilitaet"], ["energie"], ["energie", "mobilitaet"], []]
