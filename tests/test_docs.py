"""Docs that a stranger relies on: links lead somewhere, nothing is left to fill in."""

from __future__ import annotations

import re

import pytest

from strategy_miner.parallel import ROOT

DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
        if not target.startswith(("http", "mailto")):
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_nothing_is_left_to_fill_in(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\{\{|TO" + "DO|FIX" + "ME", text)


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_commands_exist(path):
    text = path.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for target in re.findall(r"\bmake ([a-z][a-z-]+)", text):
        assert target in targets, f"make {target}"
    for module in re.findall(r"python -m ((?:pipeline|tests)\.\w+)", text):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists(), module
