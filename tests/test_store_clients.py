"""The examples of docs/data.md, run as they stand there: our own command, the duckdb client, Python, pandas, polars."""

import re
import shlex
import shutil
import subprocess
import sys

import pytest
import yaml

from strategy_miner.parallel import ROOT
from tests.data_doc import DOC, MACROS, small_database

ASKING = DOC.read_text(encoding="utf-8").split("## Asking")[1].split("\n## ")[0]
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", ASKING, re.DOTALL)
LINES = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
CLIENT = shutil.which("duckdb", path=sys.prefix + "/bin") or shutil.which("duckdb")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("project")
    (root / "build" / "demo").mkdir(parents=True)
    small_database(root / "made").rename(root / "build" / "demo" / "strategy.duckdb")
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    (root / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    return root


def ran(command, at):
    done = subprocess.run(command, cwd=at, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("strategy-miner")])
def test_our_command(project, line):
    assert ran([sys.executable, "-m", "strategy_miner.cli", *shlex.split(line)[1:]], project)


@pytest.mark.skipif(CLIENT is None, reason="no duckdb client; pip install duckdb-cli")
@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("duckdb")])
def test_the_client(project, line):
    command = shlex.split(line.split(" > ")[0])
    assert ran([CLIENT, *command[1:]], project)


@pytest.mark.skipif(CLIENT is None, reason="no duckdb client; pip install duckdb-cli")
def test_the_client_knows_every_view_and_macro(project):
    """What DuckDB 2.0 stores must be understood by the older client, too."""
    file = str(project / "build" / "demo" / "strategy.duckdb")
    views = ran([CLIENT, "-readonly", "-noheader", "-csv", file,
                 "SELECT view_name FROM duckdb_views() WHERE NOT internal"], project).split()  # fmt: skip
    assert len(views) > 15
    statements = [f"SELECT count(*) FROM {view}" for view in views] + list(MACROS.values())
    for statement in statements:
        ran([CLIENT, "-readonly", file, statement], project)


@pytest.mark.parametrize("block", [block for kind, block in BLOCKS if kind == "python"])
def test_python(project, block, monkeypatch):
    for library in re.findall(r"pip install (\w+)", block):
        pytest.importorskip(library)
    monkeypatch.chdir(project)
    names: dict[str, object] = {}
    exec(compile(block, "data.md", "exec"), names)  # noqa: S102 (our own documentation)
    if "rows" in names:
        assert names["rows"] == [("Adorf", "1", 1)] or names["rows"] == []
    if "table" in names:
        assert list(names["table"].columns) == ["", "1", "2", "3"]
        assert names["table"].loc["Energie", "1"] == pytest.approx(1 / 3)
    if "means" in names:
        assert sorted(names["means"]["cohort"].to_list()) == ["1", "2", "3"]


def test_the_example_of_a_question(project):
    from strategy_miner.store import query
    from strategy_miner.store.questions import parse

    (text,) = [block for kind, block in BLOCKS if kind == "sql"]
    question = parse("eigene", text)
    assert set(question.parameters) == {"code", "staffel"}
    rows = query(project / "build" / "demo" / "strategy.duckdb", question.sql, question.bound({"code": "energie"}))[1]
    assert rows == [("Adorf", 1)]
