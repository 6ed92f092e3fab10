"""CSV, XLSX and Parquet of query results."""

import openpyxl
import pytest

from strategy_miner.errors import StoreError
from strategy_miner.store import write_csv, write_parquet, write_xlsx, writing

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
        "3,https://beispiel.invalid,2.00,,,",
    ]


def test_csv_for_german_excel(database, tmp_path):
    target = tmp_path / "things.csv"
    write_csv(database, "SELECT id, text, share FROM things ORDER BY id", target, german_excel=True)
    data = target.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid;text;share\n")
    assert b"1;=SUMME(A1);0,25" in data


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


def test_more_rows_than_a_sheet_holds(database, tmp_path):
    with pytest.raises(StoreError, match="sheet Viel: 1048576 rows are more than an Excel sheet holds"):
        write_xlsx(database, {"Viel": "SELECT 1 FROM range(1048576)"}, tmp_path / "viel.xlsx")
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
