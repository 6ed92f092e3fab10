"""The plan of the house, held against the code: who imports whom, one door per library, sizes, deps of the stages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from strategy_miner.parallel import ROOT, import_closure
from tests.house import listed, needed

PACKAGE = ROOT / "src" / "strategy_miner"
ORDER = [
    "errors", "records", "parquet", "settings", "parallel", "text", "corpus", "reading", "language", "coding",
    "store", "analysis", "report", "checking", "verbs", "verbs_asking", "verbs_export", "verbs_gold", "verbs_groups",
    "verbs_refi", "verbs_robustness", "verbs_simulate", "verbs_verify", "codebooks", "cli",
]  # fmt: skip
DOORS = {
    "pyarrow": {"parquet", "language"},  # language writes the vectors: a column type of their own
    "pypdfium2": {"reading", "corpus"},  # corpus: the demo generator draws its scanned documents
    "pdfplumber": {"reading"},
    "docx": {"reading"},
    "spacy": {"language"},
    "HanTa": {"language"},
    "sentence_transformers": {"language"},
    "torch": {"language"},
    "sklearn": {"coding"},
    "threadpoolctl": {"coding"},
    "rensa": {"coding"},
    "duckdb": {"store"},
    "scipy": {"analysis", "coding"},  # coding: t quantiles for the intervals of figures against gold
    "altair": {"report"},
    "vl_convert": {"report"},
    "jinja2": {"report"},
    "lxml": {"report"},
    "typst": {"corpus", "report"},  # corpus: the demo generator
    "xlsxwriter": {"store"},
    "openpyxl": {"store"},
    "typer": {"cli"},
    "rich": {"cli"},
}
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).as_posix() != "__init__.py"]


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_data_flows_one_way(path):
    here = room(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "strategy_miner" or len(parts) < 2:
            continue
        assert parts[1] in ORDER, f"{parts[1]} is no room of the plan"
        assert ORDER.index(parts[1]) <= ORDER.index(here), f"{here} must not import {parts[1]}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_one_door_per_library(path):
    for name in imports(path):
        library = name.split(".")[0]
        if library in DOORS:
            assert room(path) in DOORS[library], f"{library} is for {DOORS[library]}, not for {room(path)}"


@pytest.mark.parametrize("path", [*MODULES, *sorted((ROOT / "pipeline").glob("*.py"))], ids=lambda p: p.stem)
def test_sizes(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= (40 if path.parent.name == "pipeline" else 400), "split the file"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, f"{node.name} is longer than 50 lines"


def test_dvc_lists_what_each_stage_imports():
    found = listed((ROOT / "dvc.yaml").read_text(encoding="utf-8"))
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    assert {module.removeprefix("pipeline.") for module in found} == set(stages), "a stage without its list"
    for module, files in found.items():
        assert files == needed(module), f"{module}: run `python -m tests.house`"


def test_a_module_that_is_started_as_a_process_counts():
    files = needed("pipeline.extract")
    for name in ("child", "pdfium", "tables"):
        assert f"src/strategy_miner/reading/{name}.py" in files


def test_every_stage_runs_its_module_and_says_what_it_does():
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    for name, stage in stages.items():
        body = stage.get("do", stage)
        assert body["cmd"].split()[:3] == ["python", "-m", f"pipeline.{name}"]
        assert body["desc"]


def test_closure_sees_late_imports_and_skips_type_checking(tmp_path, monkeypatch):
    package = tmp_path / "pipeline"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "a.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pipeline import c\n"
        "def f():\n    import pipeline.b\n"
    )
    (package / "b.py").touch()
    (package / "c.py").touch()
    monkeypatch.setattr("strategy_miner.parallel._SOURCES", {"pipeline": package})
    assert [path.name for path in import_closure("pipeline.a")] == ["__init__.py", "a.py", "b.py"]


def test_importing_the_package_is_light():
    heavy = re.compile(r"^(import|from) (torch|spacy|duckdb|sklearn|altair|transformers|pypdfium2)\b", re.MULTILINE)
    light = [PACKAGE / "verbs.py", PACKAGE / "parallel.py", *(PACKAGE / "cli").glob("*.py")]
    for path in [*light, *import_closure("strategy_miner.records")]:
        if path.suffix == ".py":
            assert not heavy.search(path.read_text(encoding="utf-8")), path


def test_lock_pins_exactly_and_names_no_host():
    lines = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if not line.startswith("#")]
    assert "torch==2.13.0" in lines
    for line in lines:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!_]+", line), line
    assert "de-core-news" not in "\n".join(lines)
