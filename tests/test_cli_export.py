"""`strategy-miner export quotes` and `export tables`: the files as a person opens them. All texts are invented."""

import csv
import sys

import openpyxl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from strategy_miner import export_quotes, export_tables, query
from strategy_miner.cli import app, main
from strategy_miner.errors import SettingsError, StoreError
from strategy_miner.parallel import ROOT
from tests.data_doc import small_database

CHOICES = [
    ({}, 6, "every coding by the machine"),
    ({"codes": ["energie"]}, 1, "a code by its id"),
    ({"codes": ["sensorik", "Town and Country"]}, 4, "codes by their German or English name"),
    ({"dimensions": ["technology"]}, 3, "a dimension"),
    ({"cohorts": ["1", "3"]}, 4, "cohorts"),
    ({"projects": ["Adorf"], "dimensions": ["field"]}, 1, "a municipality by its name, and a dimension"),
    ({"coders": ["AB"]}, 3, "a person"),
    ({"coders": ["CD"], "codes": ["bildung"]}, 3, "one code of those a person gave"),
    ({"coders": ["all"]}, 6 + 3 + 6 + 3, "machine and people"),
]
UNKNOWN = [
    ({"codes": ["energy_"]}, r"unknown code 'energy_'\. Near: energie"),
    ({"codes": ["zzz"]}, r"unknown code 'zzz'\. Known: energie, bildung"),
    ({"cohorts": ["4"]}, r"unknown cohort '4'\. Known: 1, 2, 3"),
    ({"projects": ["Adorff"]}, r"unknown project 'Adorff'\. Near: adorf"),
    ({"coders": ["ab c"]}, r"unknown coder 'ab c'"),
]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A project with one corpus, klein, whose database is complete."""
    root = tmp_path_factory.mktemp("projekt")
    settings = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (root / "params.yaml").write_text(settings.replace("  mpsc: corpus/mpsc/pdf", "  klein: corpus/klein/pdf"))
    target = root / "build" / "klein" / "strategy.duckdb"
    target.parent.mkdir(parents=True)
    small_database(root).rename(target)
    return root


@pytest.fixture
def here(root, tmp_path, monkeypatch):
    monkeypatch.chdir(root)
    return tmp_path


def read_german(path):
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


@pytest.mark.parametrize(("chosen", "rows", "_reason"), CHOICES, ids=[case[2] for case in CHOICES])
def test_choices(here, chosen, rows, _reason):
    assert export_quotes(here / "zitate.csv", **chosen) == rows
    assert len(read_german(here / "zitate.csv")) == rows


@pytest.mark.parametrize(("chosen", "message"), UNKNOWN, ids=[str(case[0]) for case in UNKNOWN])
def test_an_unknown_choice_is_told_with_near_names(here, chosen, message):
    with pytest.raises(StoreError, match=message):
        export_quotes(here / "zitate.csv", **chosen)
    assert list(here.iterdir()) == []


def test_the_list_begins_with_what_analysts_ask_for(here):
    run = CliRunner().invoke(app, ["export", "quotes", str(here / "z.csv"), "--code", "energie", "--corpus", "klein"])
    assert run.output == f"{here / 'z.csv'}: 1 quotes\n"
    (row,) = read_german(here / "z.csv")
    assert list(row.items())[:7] == [
        ("Zitat", "Wärme und Wissen"), ("Kommune", "Adorf"), ("Welle", "1"), ("Seite", "1"), ("Code", "Energie"),
        ("Code-Kürzel", "energie"), ("Dimension", "Handlungsfeld"),
    ]  # fmt: skip
    assert (row["Überschrift"], row["Sicherheit"], row["Datei"]) == ("Handlungsfelder", "0,9", "adorf.pdf")


def test_a_sheet_to_work_with(here):
    assert export_quotes(here / "z.xlsx", cohorts=["2"]) == 2
    book = openpyxl.load_workbook(here / "z.xlsx")
    assert book.sheetnames == ["Zitate", "Hinweise"]
    sheet = book["Zitate"]
    assert [cell.value for cell in sheet[1]][:5] == ["Zitat", "Kommune", "Welle", "Seite", "Code"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:Q3")
    assert (sheet["D2"].value, sheet["D2"].data_type) == (1, "n")
    notes = {row[0]: row[1] for row in book["Hinweise"].iter_rows(values_only=True)}
    assert notes["Korpus"] == "Klein"
    assert notes["Auswahl"] == "Welle: 2"
    assert any("erfunden" in str(text) for text in notes.values())


def test_in_english_and_for_programs(here):
    export_quotes(here / "en.csv", lang="en")
    assert (here / "en.csv").read_text(encoding="utf-8-sig").startswith("Quote,Municipality,Wave,Page,Code,")
    export_quotes(here / "plain.csv", lang="")
    assert (here / "plain.csv").read_bytes().startswith(b"text,project,cohort,page,code_name,code,")
    export_quotes(here / "z.parquet")
    assert pq.read_table(here / "z.parquet").column_names[:4] == ["text", "project", "cohort", "page"]


def test_a_selection_without_quotes_says_why(here):
    assert export_quotes(here / "leer.xlsx", projects=["adorf"], codes=["bildung"]) == 0
    notes = list(openpyxl.load_workbook(here / "leer.xlsx")["Hinweise"].iter_rows(values_only=True))
    assert notes[0] == (
        "Keine Zitate",
        "Zu dieser Auswahl gibt es keine codierte Textstelle. Gelesen sind 3 von 3 Projekten.",
    )


def test_tables_as_workbook_and_as_folder(here):
    rows = export_tables(here / "t.xlsx")
    book = openpyxl.load_workbook(here / "t.xlsx")
    assert len(book.sheetnames) == len(rows) + 2
    assert export_tables(here / "t") == rows
    assert {path.stem for path in (here / "t").iterdir()} == set(rows)
    assert "failures" not in rows, "it has no rows"
    assert "Fehlschläge" in {row[0]: row[1] for row in book["Hinweise"].values}["Leere Tabellen"], "not its name in SQL"
    assert {"estimates", "confounders", "robustness"} <= set(rows)
    columns, found = query("SELECT * FROM estimates WHERE n_projects > 0")
    assert rows["estimates"] == len(found)
    export_tables(here / "p", format="parquet", lang="", names=["estimates"])
    assert pq.read_table(here / "p" / "estimates.parquet").column_names == columns


def test_what_no_project_stands_behind_is_not_told_as_zero(here):
    unmeasured = "SELECT count(*) FROM estimates WHERE n_projects = 0"
    assert query(unmeasured)[1][0][0] > 0, "else this test shows nothing"
    export_tables(here / "t", names=["estimates"])
    with next((here / "t").iterdir()).open(encoding="utf-8-sig", newline="") as text:
        assert [row for row in csv.DictReader(text, delimiter=";") if row["n Projekte"] == "0"] == []


def test_names_stand_behind_ids_where_people_read(here):
    names = ["emphasis", "exploratory", "quotes"]
    export_tables(here / "de", names=names)
    export_tables(here / "plain", lang="", names=names)
    plain = {name: list(csv.DictReader((here / "plain" / f"{name}.csv").open(encoding="utf-8"))) for name in names}
    german = {name: read_german(here / "de" / f"{name}.csv") for name in names}
    assert [(row["Projekt-Kürzel"], row["Code-Kürzel"]) for row in german["emphasis"]] == [
        (row["project_id"], row["code"]) for row in plain["emphasis"]
    ]
    assert {(row["Projekt-Kürzel"], row["Kommune"]) for row in german["emphasis"]} >= {("adorf", "Adorf")}
    assert {(row["Code-Kürzel"], row["Code"]) for row in german["emphasis"]} >= {("stadtland", "Stadt und Land")}
    assert {row["Code"] for row in german["exploratory"]} == {"Sensorik"}
    assert list(german["quotes"][0]).count("Code") == 1
    assert "project" not in plain["emphasis"][0]


def test_a_table_by_name_and_all_of_them(here):
    run = CliRunner().invoke(app, ["export", "tables", str(here / "t"), "--table", "failures", "--table", "words"])
    assert run.output == f"{here / 't'}: 2 tables\n"
    assert len(read_german(here / "t" / "failures.csv")) == 0
    assert {"words", "blocks", "quote_list"} <= set(export_tables(here / "all", every=True))
    with pytest.raises(StoreError, match=r"no table 'estimate'\. Near names: estimates"):
        export_tables(here / "t", names=["estimate"])


@pytest.mark.parametrize(("name", "what"), [("zitate", "no format"), ("zitate.doc", "unknown format 'doc'")])
def test_a_file_whose_ending_says_nothing(here, name, what):
    with pytest.raises(SettingsError, match=what):
        export_quotes(here / name)


def test_an_ending_that_fits_something_else_is_refused(here):
    for name, format in (("t.csv", None), ("t.parquet", None), ("t.csv", "xlsx"), ("t", "xlsx")):
        with pytest.raises(SettingsError, match=r"Name an \.xlsx file, or a folder"):
            export_tables(here / f"slip-{name}", format=format)
    for name, options in (("book.ttl", ()), ("book.qdc", ("--skos",))):
        done = CliRunner().invoke(app, ["codebook", "export", str(here / f"slip-{name}"), *options])
        assert "the ending does not fit" in str(done.exception)
    assert not list(here.glob("slip-*"))


def test_equal_files_in_every_run(here):
    for name in ("1", "2"):
        export_quotes(here / f"{name}.xlsx")
        export_tables(here / f"t{name}.xlsx")
        export_quotes(here / f"{name}.parquet")
    for pair in (("1.xlsx", "2.xlsx"), ("t1.xlsx", "t2.xlsx"), ("1.parquet", "2.parquet")):
        assert (here / pair[0]).read_bytes() == (here / pair[1]).read_bytes()


def test_bad_input_is_told_in_one_line(root, here, monkeypatch, capsys):
    (here / "datei").write_text("no folder")
    (here / "offen.xlsx").write_text("alt")
    (here / "~$offen.xlsx").touch()
    for arguments, told in [
        (("quotes", here / "datei" / "z.csv"), "cannot be written"),
        (("quotes", here / "offen.xlsx"), "is open in another program. Close it there, or delete ~$offen.xlsx"),
        (("tables", here / "datei"), "cannot be written"),
        (("quotes", here / "z.csv", "--corpus", "nirgends"), "no corpus 'nirgends'"),
        (("quotes", here / "z.csv", "--lang", "fr"), "unknown language 'fr'"),
        (("tables", here / "t.docx"), "unknown format 'docx'"),
        (("tables", here / "t", "--format", "xls"), "unknown format 'xls'"),
    ]:
        monkeypatch.setattr(sys, "argv", ["strategy-miner", "export", *map(str, arguments)])
        with pytest.raises(SystemExit):
            main()
        captured = capsys.readouterr()
        assert told in captured.err
        assert captured.err.count("\n") == 1
    assert (here / "offen.xlsx").read_text() == "alt"
