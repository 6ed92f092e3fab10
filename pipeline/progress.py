"""A progress bar on a terminal, silence elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from strategy_miner.parallel import Progress as Report


@contextmanager
def progress(label: str) -> Iterator[Report]:
    """Yield a function (name, done, all) that moves the bar."""
    columns = (
        TextColumn(label),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}"),
    )
    with Progress(*columns, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(label, total=None, name="")
        yield lambda name, done, total: bar.update(task, completed=done, total=total, name=name)
