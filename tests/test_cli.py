"""The command line: shapes that others rely on, and errors in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

from strategy_miner import cli, verbs
from strategy_miner.parallel import ROOT
from strategy_miner.records import Document
from strategy_miner.store import SCHEMA_VERSION, writing
from tests.command_line import needs_encoder, runner
from tests.made_pdf import HELLO, one_page
from tests.test_reading_bad_input import BAD

BLOCK_KEYS = {"id", "document", "page", "kind", "level", "text", "heading_path", "boxes"}


@pytest.fixture
def run(monkeypatch, capsys):
    return runner(monkeypatch, capsys)


@pytest.fixture
def project(tmp_path):
    """A folder with a params.yaml of its own and nothing else."""
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8")) | {"corpora": {"probe": "pdf"}}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    return tmp_path


def one_line(text):
    assert text.count("\n") == 1, text
    assert "Traceback" not in text
    return text


def test_read_gives_blocks_as_json_lines(run, tmp_path):
    (tmp_path / "a.pdf").write_bytes(one_page(HELLO))
    code, out, err = run("read", "--jsonl", tmp_path / "a.pdf")
    (row,) = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert row.keys() >= BLOCK_KEYS
    assert (row["page"], row["kind"], row["heading_path"]) == (1, "paragraph", [])
    assert row["text"] == "Die Stadt plant ein neues Rathaus."
    ((page, x0, top, x1, bottom),) = row["boxes"]
    assert page == 1
    assert 0 < x0 < x1
    assert 0 < top < bottom


def test_read_goes_on_after_a_bad_file(run, tmp_path):
    names = []
    for name, data, _, _ in BAD:
        (tmp_path / name).write_bytes(data)
        names.append(tmp_path / name)
    (tmp_path / "gut.pdf").write_bytes(one_page(HELLO))
    bad = [path for path in names if path.name != "viele.pdf"]  # 60 pages are too many for that test's limits only
    code, out, err = run("read", "--jsonl", *bad, tmp_path / "gut.pdf")
    assert code == 1
    assert len(out.splitlines()) == 1
    assert len(err.splitlines()) == len(bad)
    for path, line in zip(bad, err.splitlines(), strict=True):
        assert path.name in line


SHEET = """# Strategie Lindenau (erfunden)

## Radstation am Bahnhof

Beschreibung: Ein Haus für Räder, gezeigt auf einem Dashboard.

Verantwortlich: Tiefbauamt

Laufzeit: ab 2024

Kosten: 50 - 80 T€
"""


@needs_encoder
def test_measures_go_on_after_a_bad_file(run, tmp_path, monkeypatch):
    monkeypatch.setattr(verbs, "measure_coders", cache(verbs.measure_coders))  # fitted once for both runs
    (tmp_path / "plan.md").write_text(SHEET, encoding="utf-8")
    code, out, err = run("measures", "--jsonl", tmp_path / "fehlt.pdf", tmp_path / "plan.md")
    (row,) = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert "fehlt.pdf" in one_line(err)
    assert row["title"] == "Radstation am Bahnhof"
    assert (row["responsible"], row["start_year"], row["end_year"]) == ("Tiefbauamt", 2024, None)
    assert (row["cost"], row["cost_euro_low"], row["cost_euro_high"]) == ("50 - 80 T€", 50_000, 80_000)
    assert row["technologies"] == ["dashboard"]
    assert "mobilitaet" in row["codes"]
    code, out, _ = run("measures", tmp_path / "plan.md")
    assert code == 0
    assert "plan.md: 1 measure" in out
    assert "Radstation am Bahnhof" in out


def test_quality_tells_of_each_page(run, tmp_path):
    (tmp_path / "a.pdf").write_bytes(one_page(HELLO))
    (tmp_path / "b.pdf").write_bytes(one_page(b""))
    code, out, err = run("read", "--quality", tmp_path / "a.pdf", tmp_path / "b.pdf")
    assert (code, err) == (0, "")
    assert "  1           pdfium          6                          read\n" in out
    assert "1 pages: 1 read; 0.0% unread" in out
    assert "b.pdf:\n" in out
    code, out, _ = run("read", "--quality", "--jsonl", tmp_path / "a.pdf")
    (row,) = [json.loads(line) for line in out.splitlines()]
    assert (row.pop("document"), row.pop("reason")) == (row_id(tmp_path / "a.pdf"), "")
    assert row == {
        "page": 1, "engine": "pdfium", "words": 6, "german": None, "disagreement": None, "confidence": None,
        "grade": "read",
    }  # fmt: skip


def row_id(path):
    return Document.of(path).document_id


def test_overlay_writes_a_picture(run, tmp_path):
    (tmp_path / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    (tmp_path / "a.pdf").write_bytes(one_page(HELLO))
    assert run("overlay", "a.pdf", 1, at=tmp_path) == (0, "a-p1.png\n", "")
    assert (tmp_path / "a-p1.png").read_bytes().startswith(b"\x89PNG")
    small = tmp_path / "klein.png"
    assert run("overlay", "a.pdf", 1, "--output", small, "--scale", 0.5, at=tmp_path)[0] == 0
    assert small.stat().st_size < (tmp_path / "a-p1.png").stat().st_size
    assert "has no page 2" in one_line(run("overlay", "a.pdf", 2, at=tmp_path)[2])
    assert "cannot be written" in one_line(run("overlay", "a.pdf", 1, "--output", "fehlt/x.png", at=tmp_path)[2])


@needs_encoder
def test_code_takes_the_output_of_read_and_keeps_the_order(run, tmp_path):
    rows = [
        {"id": "a", "text": "Neue Buslinien und sichere Radwege verbinden die Ortsteile mit dem Bahnhof."},
        {"id": 2, "text": "Wärmepumpen und Photovoltaik versorgen die Schule.", "heading": "Handlungsfelder > Energie"},
        {"id": "c", "text": "", "heading_path": [], "page": 3, "kind": "paragraph", "boxes": []},
    ]
    file = tmp_path / "blocks.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    code, out, _ = run("code", file)
    found = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [row["id"] for row in found] == ["a", 2, "c"]
    assert found[0]["codes"][0]["code"] == "mobilitaet"
    assert found[1]["codes"][0]["code"] == "energie"
    assert found[2]["codes"] == []
    for row in found:
        p = [entry["p"] for entry in row["codes"]]
        assert p == sorted(p, reverse=True)


@needs_encoder
def test_fields_codes_names(run, tmp_path):
    (tmp_path / "n.csv").write_text("field_name,rest\nMobilität,1\nLernende Region,2\n", encoding="utf-8")
    code, out, _ = run("fields", tmp_path / "n.csv")
    first, second = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert first == {"field_name": "Mobilität", "codes": ["mobilitaet"], "orientation": "sectoral", "ecology": False}
    assert second["orientation"] == "integrated"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("code", "missing.jsonl"), "missing.jsonl: file not found"),
        (("fields", "missing.csv"), "missing.csv: file not found"),
        (("query", "SELECT 1"), "strategy.duckdb: no database"),
        (("query", "SELECT 1", "--corpus", "nowhere"), "no corpus 'nowhere'"),
        (("query", "SELECT 1", "--format", "xml"), "unknown format 'xml'"),
        (("report",), "strategy.duckdb: no database"),
        (("corpus", "check"), "no corpus 'probe'"),
        (("corpus", "new", "../x"), "is no corpus name"),
    ],
)
def test_errors_are_one_line_with_a_remedy(run, project, arguments, message):
    code, out, err = run(*arguments, at=project)
    assert code in (1, 2)
    assert out == ""
    assert message in one_line(err)
    assert err.rstrip().endswith(".")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1: is not JSON"),
        ("[1]", "line 1: has no id or no text"),
        ('{"id": 1}', "line 1: has no id or no text"),
        ('{"id": 1, "text": "x", "heading_path": "A"}', "heading_path is no list"),
    ],
)
def test_broken_json_lines_name_the_line(run, tmp_path, line, message):
    (tmp_path / "x.jsonl").write_text(line + "\n")
    code, _, err = run("code", tmp_path / "x.jsonl")
    assert code == 1
    assert message in one_line(err)


def test_files_in_other_encodings_and_folders(run, tmp_path):
    (tmp_path / "latin.jsonl").write_bytes('{"id": 1, "text": "Wärme"}'.encode("latin-1"))
    assert "is not UTF-8" in one_line(run("code", tmp_path / "latin.jsonl")[2])
    assert "cannot be read" in one_line(run("fields", tmp_path)[2])
    (tmp_path / "bom.jsonl").write_bytes(b"\xef\xbb\xbf\n")
    assert run("code", tmp_path / "bom.jsonl")[0] == 0


def test_json_of_a_query_is_json(run, project):
    with writing(project / "build" / "probe" / "strategy.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT 'NaN'::DOUBLE AS a, 1.5::DECIMAL(3, 1) AS b")
        connection.execute("CREATE TABLE runs AS SELECT 'schema_version' AS key, ? AS value", [SCHEMA_VERSION])
    code, out, _ = run("query", "SELECT a, b, b FROM t", "--format", "json", at=project)
    assert code == 0
    assert json.loads(out) == [{"a": None, "b": 1.5, "b_2": 1.5}]
    assert "gives no result" in one_line(run("query", "/* nothing */", at=project)[2])


def test_stages_end_with_one_line_too(project):
    command = [sys.executable, "-m", "pipeline.extract", "nowhere"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    done = subprocess.run(command, capture_output=True, text=True, cwd=project, env=environment, check=False)
    assert done.returncode == 1
    assert "no corpus 'nowhere'" in one_line(done.stderr)


def test_a_csv_without_the_column_and_a_wrong_params_file(run, project):
    (project / "n.csv").write_text("name\nEnergie\n")
    assert "n.csv: missing column field_name" in one_line(run("fields", project / "n.csv", at=project)[2])
    with (project / "params.yaml").open("a") as handle:
        handle.write("sede: 1\n")
    assert "params.yaml: unknown key 'sede'" in one_line(run("doctor", at=project)[2])


def test_new_and_check_of_a_corpus(run, project):
    code, out, _ = run("corpus", "new", "probe", at=project)
    assert code == 0
    assert "corpora:" in out
    (project / "corpus" / "probe" / "projects.csv").write_text(
        "project_id,name,cohort,municipality_type,title,published,file\na,A,1,,,,fehlt.pdf\n"
    )
    code, out, _ = run("corpus", "check", at=project)
    assert code == 1
    assert "fehlt.pdf is not in" in out


def test_the_root_is_found_from_below(monkeypatch):
    monkeypatch.chdir(ROOT / "src")
    assert verbs.project_root().resolve() == ROOT


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    (tmp_path / "a.pdf").write_bytes(one_page(HELLO))
    command = f"{sys.executable} -m strategy_miner.cli read --jsonl {tmp_path}/a.pdf | true"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, env=os.environ, check=False)
    assert "Traceback" not in done.stderr


def test_readme_names_every_command():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = [command.callback.__name__ for command in cli.app.registered_commands]
    for name in [*names, "corpus new", "corpus check"]:
        assert f"strategy-miner {name}" in readme, name
    assert len(readme.splitlines()) < 150
    assert Path(ROOT / "LICENSE").read_text(encoding="utf-8").lstrip().startswith("Apache License")


def test_a_file_that_cannot_be_written_is_one_line(run, monkeypatch):
    def denied():
        raise PermissionError(13, "Permission denied", "labels/AB.csv")

    monkeypatch.setattr(cli.verbs, "doctor", denied)
    code, _, err = run("doctor")
    assert code == 1
    assert one_line(err).startswith("strategy-miner: labels/AB.csv: Permission denied. Check the rights")


def test_simulate_prints_the_table(run):
    code, out, _ = run("simulate", "--corpora", "2", "--scenario", "power-20", "--scenario", "fields-0-15")
    assert code == 0
    assert "## power-20: 2 corpora" in out
    assert "| corrected | 3 less 1 |" in out
    assert "| share per document | Staffel 1 |" in out
    code, _, err = run("simulate", "--corpora", "2", "--scenario", "nothing")
    assert code == 2
    assert "unknown scenario 'nothing'" in one_line(err)
