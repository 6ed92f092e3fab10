"""`query` and `search` on the command line: statements, questions, files, errors in one line."""

import csv
import json

import pyarrow.parquet as pq
import pytest
import yaml
from openpyxl import load_workbook

from strategy_miner import verbs_asking
from strategy_miner.parallel import ROOT
from tests.command_line import runner
from tests.data_doc import small_database


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A folder with params.yaml and the results of one small corpus."""
    root = tmp_path_factory.mktemp("project")
    (root / "build" / "klein").mkdir(parents=True)
    small_database(root / "made").rename(root / "build" / "klein" / "strategy.duckdb")
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8")) | {"corpora": {"klein": "pdf"}}
    (root / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    (root / "corpus" / "klein" / "questions").mkdir(parents=True)
    own = (
        "-- title: {de: Orte, en: Places}\n-- parameters: {nur: {de: Ort, en: place}}\nFROM projects WHERE name = $nur"
    )
    (root / "corpus" / "klein" / "questions" / "orte.sql").write_text(own, encoding="utf-8")
    return root


@pytest.fixture
def run(monkeypatch, capsys, project):
    return runner(monkeypatch, capsys, at=project)


def test_the_list_names_every_question_in_both_languages(run):
    for lang, word in (("de", "Ökologie"), ("en", "Ecology")):
        code, out, err = run("query", "--list", "--lang", lang)
        assert (code, err) == (0, "")
        assert word in out
        assert "\nquotes: " in out
    assert "orte: Places\n    nur=...  place\n" in out


def test_a_question_with_its_parameters(run):
    code, out, err = run("query", "quotes", "code=energie", "staffel=1", "--format", "json")
    assert (code, err) == (0, "")
    (row,) = json.loads(out)
    assert (row["project"], row["cohort"], row["page"], row["code"]) == ("Adorf", "1", 1, "energie")
    assert run("query", "orte", "nur=Bedorf", "--format", "csv")[1].splitlines()[1].startswith("bedorf,Bedorf")


def test_the_same_answer_in_every_file(run, tmp_path):
    sql = "SELECT project_id, name, files FROM projects ORDER BY project_id"
    for kind in ("csv", "json", "parquet", "xlsx"):
        code, out, _ = run("query", sql, "--output", tmp_path / f"a.{kind}")
        assert (code, out) == (0, f"{tmp_path / f'a.{kind}'}: 3 rows\n")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as handle:
        names = [row["name"] for row in csv.DictReader(handle)]
    assert names == ["Adorf", "Bedorf", "Cedorf"]
    rows = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert rows == pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert [row["name"] for row in rows] == names
    book = load_workbook(tmp_path / "a.xlsx")
    assert [row[1] for row in book["answer"].iter_rows(min_row=2, values_only=True)] == names
    assert book["notes"]["B1"].value == sql


def test_search_by_words(run):
    code, out, err = run("search", "Waerme", "--by", "words", "--cohort", "2", "--format", "json")
    assert (code, err) == (0, "")
    assert [(row["project"], row["text"], row["meaning"]) for row in json.loads(out)] == [
        ("Bedorf", "Wärme und Wissen", None)
    ]
    assert run("search", "Xylophon", "--by", "words")[2] == "nothing found\n"


def test_a_slip_of_the_pen_is_told_and_not_answered_with_nothing(run):
    for arguments, told in (
        (("query", "quotes", "code=energi"), "question quotes: unknown code 'energi'. Near: energie."),
        (("query", "quotes", "code=energie", "staffel=9"), "question quotes: unknown staffel '9'. Known: 1, 2, 3."),
        (("query", "profile", "projekt=Adorff"), "question profile: unknown projekt 'Adorff'. Near: adorf"),
        (("search", "Wärme", "--by", "words", "--cohort", "9"), "--cohort: unknown cohort '9'."),
        (("search", " "), "search: nothing is sought. Give words or a sentence."),
    ):
        code, out, err = run(*arguments)
        assert (bool(code), out) == (True, "")
        assert err.startswith(f"strategy-miner: {told}")
        assert err.count("\n") == 1
    assert run("query", "profile", "projekt=Adorf")[0] == 0


def test_search_by_meaning_needs_no_encoder_where_there_are_no_vectors(run):
    assert run("search", "Wärme", "--by", "meaning")[2] == "nothing found\n"


WRONG = [
    (["query", "quoets", "code=x"], "quoets: no such question. Near names: quotes", "a slip in a question"),
    (["query", "quotes"], "needs code", "a parameter is missing"),
    (["query", "quotes", "energie"], "Write name=value", "a value without its name"),
    (["query", "SELECT 1", "x=1"], "SELECT 1", "a parameter that the statement does not have"),
    (["query"], "nothing is asked", "nothing"),
    (["query", "SELECT 1", "--output", "x.doc"], "unknown format 'doc'", "another format"),
    (["query", "SELECT 1", "--format", "yaml"], "unknown format 'yaml'", "another format on the screen"),
    (["query", "SELECT nam FROM projects"], "no column 'nam'. Near names: name", "a slip in a column"),
    (["query", "fehlt.sql"], "fehlt.sql: cannot be read", "a file that is not there"),
    (["search", "x", "--by", "magic"], "unknown way 'magic'", "another way"),
    (["query", "--list", "--lang", "fr"], "unknown language 'fr'", "another language"),
]


@pytest.mark.parametrize(("arguments", "message", "_reason"), WRONG, ids=[case[2] for case in WRONG])
def test_errors_are_one_line(run, arguments, message, _reason):
    code, out, err = run(*arguments)
    assert code in (1, 2)
    assert out == ""
    assert message in err
    assert err.count("\n") == 1


def test_a_database_of_another_version(run, project, monkeypatch):
    monkeypatch.setattr("strategy_miner.store.schema.SCHEMA_VERSION", "999")
    for arguments in (["query", "FROM projects"], ["search", "Wärme"], ["query", "ecology", "--output", "x.csv"]):
        code, _, err = run(*arguments)
        assert code == 1
        assert "needs 999" in err
    assert not (project / "x.csv").exists()


def test_the_verbs(project, monkeypatch):
    monkeypatch.chdir(project)
    from strategy_miner import query, questions, search

    assert query("quotes", code="bildung")[1][0][:3] == ("Wärme und Wissen", "Bedorf", "2")
    assert "orte" in {question.name for question in questions()}
    columns, rows = search("Wissen", by="words", limit=2)
    assert columns[:3] == ["project", "cohort", "page"]
    assert len(rows) == 2
    assert verbs_asking.ask(verbs_asking.asked_for("SELECT 1", None, {}), None) == (["1"], [(1,)])
