"""Declared against written against planned: what counts as a gap, its order and its evidence."""

import pytest

from strategy_miner.analysis.gaps import (
    DECLARED_NOT_PLANNED,
    DECLARED_NOT_WRITTEN,
    PLANNED_NOT_DECLARED,
    WRITTEN_NOT_DECLARED,
    Emphasis,
    Tally,
    largest,
    seen,
)
from strategy_miner.records import DeclaredField, stable_id
from tests.store_corpus import CorpusFolder
from tests.test_analysis_indicators import measured, sectioned
from tests.test_analysis_results import analysed, rows

CODES = ["energie", *"abcdefghi"]  # ten, so that an even part of all is a tenth
OTHERS = {f"o{n}": (200, 40) for n in range(4)}  # declare energie and give it a fifth of their text


def emphasis(text, measures=None, declared=None, double=()):
    """Text and measures as project -> (units, with energie); declared as project -> with energie out of 5; `double`:
    projects whose name with energie has another code too."""
    declared = declared or dict.fromkeys(text, 1)

    def tally(units):
        return Tally({p: n for p, (n, _) in units.items()}, {(p, "energie"): n for p, (_, n) in units.items() if n})

    alone = frozenset((p, "energie") for p, n in declared.items() if n and p not in double)
    return Emphasis(tally({p: (5, n) for p, n in declared.items()}), tally(text), tally(measures or {}), alone)


def gaps(of):
    return [(g.kind, g.project_id) for g in largest(list(seen(of, CODES)))]


def test_the_measure_is_that_of_noren_with_its_gamma_interval():
    (found,) = [s for s in seen(emphasis(OTHERS | {"x": (100, 2)}), ["energie"]) if s.project_id == "x"]
    assert (found.count, found.total, found.usual, found.n_compared) == (2, 100, pytest.approx(0.2), 4)
    assert found.ratio == pytest.approx(2.5 / 20.5)
    assert found.limit == pytest.approx(6.4163 / 20.5, rel=1e-4)  # chi2 quantile 12.8325 with 5 df, halved
    assert found.is_gap


@pytest.mark.parametrize(
    ("units", "is_gap"),
    [
        pytest.param((100, 2), True, id="a tenth of the usual in a hundred segments"),
        pytest.param((10, 0), False, id="nothing in ten segments may be chance"),
        pytest.param((1000, 150), False, id="a quarter less is sure but not hardly"),
        pytest.param((100, 20), False, id="the usual"),
        pytest.param((0, 0), False, id="no text: nothing measured"),
    ],
)
def test_declared_but_hardly_written(units, is_gap):
    assert ((DECLARED_NOT_WRITTEN, "x") in gaps(emphasis(OTHERS | {"x": units}))) is is_gap


@pytest.mark.parametrize(
    ("units", "is_gap"),
    [
        pytest.param((200, 40), True, id="as much as where it is declared"),
        pytest.param((10, 2), False, id="two of ten may be chance"),
        pytest.param((1000, 150), False, id="less than where it is declared"),
        pytest.param((200, 0), False, id="neither declared nor written"),
    ],
)
def test_written_but_not_declared(units, is_gap):
    of = emphasis(OTHERS | {"x": units}, declared=dict.fromkeys(OTHERS, 1) | {"x": 0})
    assert ((WRITTEN_NOT_DECLARED, "x") in gaps(of)) is is_gap


def test_measures_are_compared_in_the_same_way_and_few_of_them_tell_nothing():
    others = dict.fromkeys(OTHERS, (20, 8))
    text = OTHERS | {"many": (200, 40), "few": (200, 40), "not": (200, 0)}
    measures = others | {"many": (20, 0), "few": (3, 0), "not": (20, 9)}
    declared = dict.fromkeys([*OTHERS, "many", "few"], 1) | {"not": 0}
    assert gaps(emphasis(text, measures, declared)) == [
        (DECLARED_NOT_PLANNED, "many"), (PLANNED_NOT_DECLARED, "not"),
    ]  # fmt: skip


def test_a_small_document_does_not_lead_the_list():
    of = emphasis(OTHERS | {"small": (20, 0), "large": (500, 4)})
    assert gaps(of) == [(DECLARED_NOT_WRITTEN, "large"), (DECLARED_NOT_WRITTEN, "small")]


def test_a_name_with_two_codes_neither_makes_a_gap_nor_leaves_the_topic_undeclared():
    assert gaps(emphasis(OTHERS | {"x": (200, 0)}, double=["x"])) == []
    assert gaps(emphasis(OTHERS | {"x": (200, 50)}, double=["x"])) == []
    assert gaps(emphasis(OTHERS | {"x": (200, 0)}, double=OTHERS)) == [(DECLARED_NOT_WRITTEN, "x")], "they compare"


def test_what_is_usual_may_be_next_to_nothing_and_then_a_little_text_is_no_gap():
    others = dict.fromkeys(OTHERS, (1000, 1))
    of = emphasis(others | {"x": (1000, 20)}, declared=dict.fromkeys(others, 1) | {"x": 0})
    assert [s.is_gap for s in seen(of, CODES) if s.project_id == "x"] == [False]
    of = emphasis(others | {"x": (1000, 200)}, declared=dict.fromkeys(others, 1) | {"x": 0})
    assert [s.is_gap for s in seen(of, CODES) if s.project_id == "x"] == [True]


def test_without_three_others_that_declare_the_topic_nothing_is_compared():
    assert list(seen(emphasis({"x": (100, 0), "a": (100, 50), "b": (100, 50)}), ["energie"])) == []


def test_nobody_writes_on_a_declared_topic_and_there_is_no_usual():
    assert list(seen(emphasis(dict.fromkeys("abcde", (100, 0))), ["energie"])) == []


def corpus(root, empty=False):
    """Five projects declare energie; the last gives it no text and plans nothing on it."""
    found = CorpusFolder(root, ("1", "2"))
    for n in range(6):
        found.project(f"p{n}", "1" if n < 3 else "2", f"p{n}.pdf")
        if empty or n == 5:  # the sixth has no document
            continue
        document = found.pdf(f"p{n}.pdf")
        codes = [["bildung"]] * 60 if n == 4 else [["energie"], ["bildung"]] * 30
        sectioned(found, document, [("Solarstrom", codes)])
        measured(found, document, [(["A"], ["bildung"])] * 20 if n == 4 else [(["A"], ["energie"])] * 20)
        names = [("Energie", ("energie",)), ("Unklares", ())]
        records = [
            DeclaredField(stable_id(document.document_id, "f", i), "", document.document_id, name, 3, 1, codes,
                          "sectoral", False, "", "text", "outline")
            for i, (name, codes) in enumerate(names)
        ]  # fmt: skip
        found.artefact("fields", document, DeclaredField, records)
    return found


def test_tables_hold_the_numbers_and_the_evidence(tmp_path):
    database = analysed(corpus(tmp_path))
    sql = "SELECT fields, declared, segments, written, measures, planned FROM emphasis WHERE code = 'energie'"
    assert rows(database, f"{sql} AND project_id = 'p0'") == [(2, 1, 60, 30, 20, 20)]
    assert rows(database, f"{sql} AND project_id = 'p5'") == [(None,) * 6], "without a document nothing is measured"
    sql = """SELECT rank, kind, project_id, count, total, usual, n_compared, uncoded_fields, len(field_ids),
        len(segment_ids), len(measure_ids) FROM gaps WHERE code = 'energie'"""
    assert rows(database, sql) == [
        (1, "declared_not_written", "p4", 0, 60, 0.5, 4, 1, 1, 0, 0),
        (2, "declared_not_planned", "p4", 0, 20, 1.0, 4, 1, 1, 0, 0),
    ]
    sql = """SELECT kind, cohort, n_projects, count, without FROM gap_counts
        WHERE code = 'energie' AND kind LIKE 'declared%'"""
    assert rows(database, sql) == [
        (kind, cohort, n, count, count)
        for kind in ("declared_not_written", "declared_not_planned")
        for cohort, n, count in (("1", 3, 0), ("2", 2, 1), ("", 5, 1))
    ]
    assert rows(database, "SELECT count(*) FROM gaps WHERE code = 'bildung'") == [(0,)], "nobody declares it"


def test_a_shared_document_counts_for_both_projects_and_a_corpus_without_documents_has_no_gaps(tmp_path):
    shared = corpus(tmp_path / "shared")
    shared.project("p6", "2", "p4.pdf")
    found = rows(analysed(shared), "SELECT project_id FROM gaps WHERE kind = 'declared_not_written' ORDER BY 1")
    assert found == [("p4",), ("p6",)]
    database = analysed(corpus(tmp_path / "empty", empty=True))
    assert rows(database, "SELECT count(*) FROM gaps UNION ALL SELECT count(*) FROM gap_counts") == [(0,), (0,)]
    assert rows(database, "SELECT count(*), count(written) FROM emphasis") == [(18, 0)]
