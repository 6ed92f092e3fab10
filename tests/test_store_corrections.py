"""declared_fields.csv from the file to the view `declared`: people overrule the machine row by row. Names invented."""

from __future__ import annotations

import pytest

from strategy_miner.corpus import Corpus
from strategy_miner.errors import CorpusError, StoreError
from strategy_miner.store import query, write_coded
from tests.store_corpus import CorpusFolder, SmallCodebook

SQL = "SELECT field_name, orientation, ecology, page, origin, oriented_by FROM declared"
ENERGIE = ("Energie", "sectoral", True, 1, "text", "machine")
MITEINANDER = ("Miteinander", "integrated", False, 1, "text", "machine")
CASES = [
    ("nothing said", [], [], [ENERGIE, MITEINANDER]),
    ("confirmed, oriented by the machine", [("Energie", "sectoral", True)], ["a,Energie,,,,AB,,"],
     [("Energie", "sectoral", True, 1, "person", "machine"), MITEINANDER]),
    ("other orientation and flag", [("Energie", "unclear", False)], ["a,Energie,,unclear,false,AB,,"],
     [("Energie", "unclear", False, 1, "person", "person"), MITEINANDER]),
    ("another spelling is the same name", [("ENERGIE", "sectoral", True)], ["a,ENERGIE,,sectoral,,AB,,"],
     [("ENERGIE", "sectoral", True, 1, "person", "person"), MITEINANDER]),
    ("renamed", [("Energie & Klima", "sectoral", True)], ["a,Energie & Klima,,sectoral,,AB,,Energie"],
     [("Energie & Klima", "sectoral", True, 1, "person", "person"), MITEINANDER]),
    ("removed", [], ["a,Miteinander,,,,AB,remove,"], [ENERGIE]),
    ("one that was missed", [("Bildung", "sectoral", False)], ["a,Bildung,,sectoral,,AB,,"],
     [ENERGIE, MITEINANDER, ("Bildung", "sectoral", False, None, "person", "person")]),
    ("a complete list", [("Bildung", "sectoral", False)], ["a,Bildung,,sectoral,,AB,,", "a,,,,,AB,complete,"],
     [("Bildung", "sectoral", False, None, "person", "person")]),
    ("a complete list of none", [], ["a,,,,,AB,complete,"], []),
    ("a removed name that the machine no longer finds", [], ["a,Wohnen,,,,AB,remove,"], [ENERGIE, MITEINANDER]),
    ("a renamed name that the machine no longer finds", [("Wohnen", "sectoral", False)],
     ["a,Wohnen,,sectoral,,AB,,Bauen"],
     [ENERGIE, MITEINANDER, ("Wohnen", "sectoral", False, None, "person", "person")]),
    ("empty lines", [], [",,,,,,,", ""], [ENERGIE, MITEINANDER]),
]  # fmt: skip


def folder(tmp_path, named, lines) -> CorpusFolder:
    corpus = CorpusFolder(tmp_path)
    corpus.project("a", "1", "a.pdf")
    document = corpus.pdf("a.pdf")
    corpus.text(document, [("Wir sparen Strom.", {"energie": 0.9})])
    corpus.fields(document, [("Energie", "sectoral", True), ("Miteinander", "integrated", False)])
    web = ("a", "Von einer Seite", "web", "sectoral", False)
    corpus.names([web, *(("a", name, "person", orientation, flag) for name, orientation, flag in named)])
    corpus.corrections = []
    corpus.further_corrections = lines
    return corpus


def loaded(corpus: CorpusFolder):
    target = corpus.root / "coded.duckdb"
    write_coded(corpus.load(), [SmallCodebook()], corpus.build, target, {})
    return target


@pytest.mark.parametrize(("why", "named", "lines", "expected"), CASES, ids=[case[0] for case in CASES])
def test_rows_of_people_overrule_row_by_row(tmp_path, why, named, lines, expected):
    assert query(loaded(folder(tmp_path, named, lines)), SQL)[1] == expected, why


def test_what_the_machine_found_stays_visible_beside_the_correction(tmp_path):
    database = loaded(folder(tmp_path, [("Energie", "unclear", False)], ["a,Energie,,unclear,,AB,,"]))
    sql = "SELECT field_name, origin, evidence, source FROM declared_fields WHERE {} ORDER BY ALL"
    assert query(database, sql.format("NOT counts"))[1] == [
        ("Energie", "text", "heading", "outline"), ("Von einer Seite", "web", "", "AB"),
    ]  # fmt: skip
    assert query(database, sql.format("counts"))[1][0] == ("Energie", "person", "heading", "AB")


def test_a_row_written_after_the_coding_is_refused_and_one_taken_back_does_not_linger(tmp_path):
    with pytest.raises(StoreError, match=r"line 2: 'Bildung' of declared_fields.csv is not coded yet. Run `dvc repro`"):
        loaded(folder(tmp_path, [], ["a,Bildung,,,,AB,,"]))
    database = loaded(folder(tmp_path, [("Bildung", "sectoral", False)], []))
    assert query(database, SQL)[1] == [ENERGIE, MITEINANDER]


def test_public_names_are_corrected_where_no_text_was_read(tmp_path):
    corpus = CorpusFolder(tmp_path)
    corpus.project("a", "1")
    corpus.names([("a", "Energie", "web", "sectoral", True), ("a", "Wohnen", "web", "sectoral", False)])
    corpus.further_corrections = ["a,Wohnen,,,,AB,remove,"]
    assert query(loaded(corpus), "SELECT field_name FROM declared")[1] == [("Energie",)]


WRONG = [
    ("b,Energie,,,,AB,,", "line 2: unknown project_id 'b'"),
    ("a,Energie,,oben,,AB,,", "line 2: orientation 'oben'. Use sectoral, integrated, unclear"),
    ("a,Energie,,,vielleicht,AB,,", "line 2: ecology 'vielleicht'. Use true, false"),
    ("a,Energie,strom,,,AB,,", "line 2: unknown code 'strom'. Use ids of the codebook: bildung, energie, stadtland"),
    ("a,Energie,energie bildung stadtland energie bildung,,,AB,,", "line 2: 5 codes. Give at most 4"),
    ("a,Energie,,,,AB,delete,", "line 2: action 'delete'. Use remove or complete"),
    ("a,,energie,,,AB,,", "line 2: field_name is empty"),
    ("a,Energie,,,,AB,complete,", "line 2: complete stands in the row of a field"),
    ("a,Energie,,,,AB,remove,Strom", "line 2: instead_of does not go with 'remove'"),
    ("a,Energie,,,,AB,,\n\na,energie,,,,AB,,", "line 4: 'energie' stands twice for a. Keep one .*line 2"),
    ("a,Energie,,,,AB,,\na,Strom,,,,CD,,Energie", "line 3: 'Strom' stands twice for a"),
    ("a,,,,,AB,complete,\na,,,,,CD,complete,", "line 3: 'complete' stands twice for a"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_wrong_row_is_told_with_its_line_and_the_remedy(tmp_path, lines, message):
    corpus = folder(tmp_path, [], [lines])
    with pytest.raises(CorpusError, match=message) as error:
        loaded(corpus)
    assert "declared_fields.csv" in str(error.value)
    assert "\n" not in str(error.value)


def test_the_six_old_columns_are_enough(tmp_path):
    corpus = folder(tmp_path, [], []).load()
    path = corpus.folder / "declared_fields.csv"
    path.write_text("project_id;field_name;codes;orientation;ecology;coder\na;Energie;energie;sectoral;true;AB\n")
    (row,) = Corpus.load(corpus.folder.parent, "klein").corrections()
    assert (row.codes, row.orientation, row.action, row.instead_of) == (("energie",), "sectoral", "", "")
