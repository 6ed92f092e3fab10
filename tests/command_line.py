"""The command line, run in this process, and the mark of tests that need the encoder."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from strategy_miner import cli
from strategy_miner.parallel import ROOT

Run = Callable[..., tuple[int, str, str]]

needs_encoder = pytest.mark.skipif(not (ROOT / "models" / "encoder").is_dir(), reason="no encoder; dvc repro encoder")


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *before: str, at: Path = ROOT) -> Run:
    """Runs the command with arguments behind those of `before`: (exit code, standard output, standard error)."""

    def call(*arguments: object, at: Path = at) -> tuple[int, str, str]:
        monkeypatch.chdir(at)
        monkeypatch.setattr(sys, "argv", ["strategy-miner", *before, *map(str, arguments)])
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call
