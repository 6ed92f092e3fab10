"""CSV, XLSX and Parquet of query results."""

import csv
import tracemalloc

import openpyxl
import pytest

from strategy_miner.errors import StoreError
from strategy_miner.store import Table, Wording, exports, write_csv, write_parquet, write_xlsx, writing

SQL = "FROM things ORDER BY id"


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "klein.duckdb"
    with writing(path) as connection:
        connection.execute(
            """CREATE TABLE things AS SELECT * FROM (VALUES
                (1, '=SUMME(A1)', 0.25, true, ['a', 'b'], [{'page': 1, 'x0': 2.5}]),
                (2, 'Maß; "Übersicht"', NULL, false, [], NULL),
                (3, 'https://beispiel.invalid', 2.0, NULL, NULL, NULL)
            ) AS t(id, text, share, yes, codes, boxes)"""
        )
    return path


def test_csv(database, tmp_path):
    target = tmp_path / "tables" / "things.csv"
    assert write_csv(database, SQL, target) == 3
    assert target.read_text(encoding="utf-8").splitlines() == [
        "id,text,share,yes,codes,boxes",
        '1,=SUMME(A1),0.25,true,a; b,"[{""page"": 1, ""x0"": 2.5}]"',
        '2,"Maß; ""Übersicht""",,false,,',
        "3,https://beispiel.invalid,2.0,,,",
    ]


def test_csv_for_german_excel(database, tmp_path):
    target = tmp_path / "things.csv"
    write_csv(database, "SELECT id, text, share, yes FROM things ORDER BY id", target, Wording("de"))
    assert target.read_bytes().decode("utf-8-sig").splitlines() == [
        "Kürzel;Zitat;Anteil;yes",
        "1;'=SUMME(A1);0,25;ja",
        '2;"Maß; ""Übersicht""";;nein',
        "3;https://beispiel.invalid;2,0;",
    ]
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")


FORMULAS = [
    "=1+1",
    "+49 731 1",
    "-5 %",
    "- ein Punkt",
    "@stadt",
    "\t=1+1",
    "\r=1",
    " =1",
    "＝1",
    "'=1",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("lang", ["de", "en"])
def test_no_text_of_a_csv_file_is_a_formula(database, tmp_path, lang):
    target = tmp_path / "boese.csv"
    write_csv(database, Table("", "SELECT unnest(?) AS text, -1 AS n", (FORMULAS,)), target, Wording(lang))
    with target.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.reader(handle, delimiter=";" if lang == "de" else ","))[1:]
    assert [row[0] for row in rows] == ["'" + text.replace("\r", "\n") for text in FORMULAS]
    assert {row[1] for row in rows} == {"-1"}, "a number stays one"


def test_headings_and_coded_values_by_language(database, tmp_path):
    sql = "SELECT 'integrated' AS kind, '1' AS cohort, 0.987654321::FLOAT AS p"
    seen = {}
    for lang, label in (("de", "Staffel"), ("en", ""), ("", "Staffel")):
        target = tmp_path / f"x{lang}.csv"
        write_csv(database, sql, target, Wording(lang, label))
        seen[lang] = target.read_text(encoding="utf-8-sig").splitlines()
    assert seen["de"] == ["Art;Staffel;p", "integriert;1;0,987654"]
    assert seen["en"] == ["Kind,Cohort,p", "integrated,1,0.987654"]
    assert seen[""][0] == "kind,cohort,p"


def test_many_rows_take_little_memory(database, tmp_path):
    sql = "SELECT range AS n, repeat('Wort ', 40) AS text FROM range(60000)"
    tracemalloc.start()
    write_csv(database, sql, tmp_path / "viel.csv", Wording("de"))
    write_xlsx(database, {"Viel": sql}, tmp_path / "viel.xlsx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30e6, "all rows together have 15 MB as text and several times that as rows"


def test_xlsx_keeps_types_and_takes_no_text_for_a_formula(database, tmp_path):
    target = tmp_path / "things.xlsx"
    notes = [("Korpus", "Kleine Sammlung, erfunden")]
    assert write_xlsx(database, {"Dinge": SQL}, target, notes) == {"Dinge": 3}
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["Dinge", "notes"]
    cells = list(book["Dinge"].iter_rows(min_row=2))
    assert [cell.value for cell in cells[0]][:5] == [1, "=SUMME(A1)", 0.25, True, "a; b"]
    assert [cells[0][1].data_type, cells[2][1].data_type, cells[2][1].hyperlink] == ["s", "s", None]
    assert cells[1][2].value is None
    assert [cell.value for cell in book["notes"][1]] == ["Korpus", "Kleine Sammlung, erfunden"]


def test_equal_tables_give_equal_xlsx_files(database, tmp_path):
    one, two = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    for target in (one, two):
        write_xlsx(database, {"Dinge": SQL}, target)
    assert one.read_bytes() == two.read_bytes()


def test_a_text_longer_than_a_cell_is_cut_and_the_notes_say_so(database, tmp_path):
    target = tmp_path / "lang.xlsx"
    write_xlsx(database, {"Lang": "SELECT repeat('ä', 40000) AS text"}, target)
    book = openpyxl.load_workbook(target)
    assert len(book["Lang"]["A2"].value) == 32767
    assert [cell.value for cell in book["notes"][1]] == ["Lang", "1 texts were cut to 32767 characters."]


def test_more_rows_than_a_sheet_holds(database, tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "_ROW_LIMIT", 15_000)  # the real one takes long
    with pytest.raises(StoreError, match="sheet Viel: has more rows than an Excel sheet holds"):
        write_xlsx(database, {"Viel": "SELECT 1 FROM range(15001)"}, tmp_path / "viel.xlsx")
    assert not (tmp_path / "viel.xlsx").exists()


def test_parquet_keeps_lists(database, tmp_path):
    import pyarrow.parquet as pq

    target = tmp_path / "things.parquet"
    write_parquet(database, SQL, target)
    assert pq.read_table(target).to_pylist()[0]["codes"] == ["a", "b"]


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_a_wrong_query_leaves_no_file(database, tmp_path, write):
    with pytest.raises(StoreError, match="no table 'thing'"):
        write(database, "FROM thing", tmp_path / "x")
    assert not (tmp_path / "x").exists()
