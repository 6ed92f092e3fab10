"""Records survive the way through Parquet, byte for byte."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy_miner.errors import ReadingError, StoreError
from strategy_miner.parquet import iter_records, read_records, write_records
from strategy_miner.records import (  # fmt: skip
    Block,
    Coding,
    DeclaredField,
    Document,
    Failure,
    GoldLabel,
    GoldNote,
    GoldSegment,
    Measure,
    Page,
    Score,
    Segment,
    TaggedSegment,
    Word,
    stable_id,
)

WORD = Word(0, "Energie-", 1.25, 2.5, 30.0, 12.5)
BLOCK = Block(
    "b1", 0, "table", None, "Ziel | Wärme", "Ziel Wärme", ("2 Felder", "2.1 Energie"), ((1, 1.25, 2.5, 30.0, 12.5),),
    (("Ziel", "Wärme"), ("", "ß")), (WORD,),
)  # fmt: skip
RECORDS = [
    Page("d1", 1, 595.25, 842.0, "pdfium", "read", "", (BLOCK,)),
    Page("d1", None, 0.0, 0.0, "text", "empty", "no words", ()),
    Segment("s1", "d1", 0, None, "paragraph", ("A",), "Text", (0, 1), ((2, 1.0, 2.0, 3.0, 4.0),), ("b1",)),
    TaggedSegment("s1", "d1", ("Größe", "prüfen"), ("NOUN", "VERB")),
    TaggedSegment("s2", "d1", (), ()),
    Coding("s1", "d1", "field", "energie", 0.5, "model", "lexicon: Wärme"),
    Score("s1", "d1", "codebook", (0.5, 0.0, 1.0)),
    Score("s1", "d1", "lexicon", ()),
    GoldSegment("s1", "d1", "coded", 40, 4, "s0", "similar"),
    GoldSegment(None, "d1", "none", 9, 2, "s2", "lost"),
    GoldLabel("s1", "consensus", ("energie", "bildung")),
    GoldLabel("s1", "AB", ()),
    GoldNote("lost", "design.csv", 2, "2 labels no longer fit a segment"),
    DeclaredField("f1", "p", "", "Energie", None, None, ("energie",), "sectoral", True, "", "web", "page"),
    Measure("m1", "d1", 3, "Titel", "", (), (("Ziel", "x"), ("Kosten", "")), ()),
    Measure(
        "m2",
        "d1",
        None,
        "Titel",
        "Text",
        ("energie",),
        (),
        ((2, 1.0, 2.0, 3.0, 4.0),),
        "table",
        ("Energie",),
        ("dashboard",),
        "begun",
        "Amt",
        "Verein",
        "ab 2024",
        2024,
        None,
        "50 - 80 T€",
        50_000.0,
        80_000.0,
        True,
    ),
    Failure("d1", "a.pdf", "extract", "ReadingError", "a.pdf: is empty"),
    Document("d1", "a.pdf", "00"),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: type(r).__name__)
def test_round_trip_and_equal_bytes(tmp_path, record):
    write_records(type(record), [record], tmp_path / "a.parquet")
    write_records(type(record), [record], tmp_path / "b.parquet")
    assert read_records(type(record), tmp_path / "a.parquet") == [record]
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


@pytest.mark.parametrize("kind", dict.fromkeys(type(r) for r in RECORDS), ids=lambda k: k.__name__)
def test_no_records_keep_the_schema(tmp_path, kind):
    write_records(kind, [], tmp_path / "a.parquet")
    assert read_records(kind, tmp_path / "a.parquet") == []


def test_records_check_themselves():
    with pytest.raises(ValueError, match="unknown block kind"):
        Block("b", 0, "poem", None, "", "", (), (), (), ())
    with pytest.raises(ValueError, match="2 lemmas, but 1 tags"):
        TaggedSegment("s", "d", ("Wärme", "Netz"), ("NOUN",))
    with pytest.raises(ValueError, match="not a probability"):
        Coding("s", "d", "field", "energie", 1.5, "model", "")
    with pytest.raises(ValueError, match="unknown orientation"):
        DeclaredField("f", "p", "", "Energie", None, None, (), "sideways", False, "", "web", "")
    with pytest.raises(ValueError, match="unknown form"):
        Measure("m", "d", 1, "Titel", "", (), (), (), form="poem")
    with pytest.raises(ValueError, match="unknown status"):
        Measure("m", "d", 1, "Titel", "", (), (), (), status="bald")


def test_ids_keep_parts_apart():
    assert stable_id("ab", "c") != stable_id("a", "bc")
    assert len(stable_id("x")) == 16


@given(st.text(), st.text(), st.text())
def test_errors_are_one_line_and_survive_processes(what, where, remedy):
    error = ReadingError(what, where, remedy)
    assert len(str(error).splitlines()) <= 1
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert str(copy) == str(error)


def test_records_are_written_as_they_come_and_read_in_groups(tmp_path):
    pages = [Page("0" * 16, n, 595.0, 842.0, "pdfium", "read", "", ()) for n in range(1, 46)]
    asked = []

    def come():
        for page in pages:
            asked.append(page.page)
            yield page

    write_records(Page, come(), tmp_path / "stream.parquet")
    write_records(Page, pages, tmp_path / "list.parquet")
    assert (tmp_path / "stream.parquet").read_bytes() == (tmp_path / "list.parquet").read_bytes()
    found = iter_records(Page, tmp_path / "stream.parquet")
    assert next(found) == pages[0]
    assert [*found] == pages[1:]
    assert asked == list(range(1, 46))


def test_a_damaged_file_is_told_with_its_name(tmp_path):
    (tmp_path / "halb.parquet").write_bytes(b"PAR1 only half of a file")
    with pytest.raises(StoreError, match=r"halb\.parquet: is no readable Parquet file\. Delete it and run `dvc repro`"):
        read_records(Segment, tmp_path / "halb.parquet")


def test_a_writer_that_fails_leaves_no_file(tmp_path):
    def come():
        yield Page("0" * 16, 1, 595.0, 842.0, "pdfium", "read", "", ())
        raise ValueError("broken off")

    with pytest.raises(ValueError, match="broken off"):
        write_records(Page, come(), tmp_path / "a.parquet")
    assert not (tmp_path / "a.parquet").exists()
