"""One file per stage of dvc.yaml: read the parameters, call one function, write."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from strategy_miner.errors import StrategyMinerError


def run(main: Callable[..., None], arguments: list[str]) -> None:
    """Run a stage; an error of ours is one line on standard error and exit code 1."""
    with errors_told(f"{Path(main.__code__.co_filename).stem}: "):
        main(*arguments)


@contextmanager
def errors_told(prefix: str = "") -> Iterator[None]:
    """An error of ours is one line on standard error and exit code 1."""
    try:
        yield
    except StrategyMinerError as error:
        print(f"{prefix}{error}", file=sys.stderr)
        sys.exit(1)
