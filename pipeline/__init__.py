"""One file per stage of dvc.yaml: read the parameters, call one function, write."""

from __future__ import annotations

import sys
from collections.abc import Callable

from strategy_miner.errors import StrategyMinerError


def run(main: Callable[..., None], arguments: list[str]) -> None:
    """Run a stage; an error of ours is one line on standard error and exit code 1."""
    try:
        main(*arguments)
    except StrategyMinerError as error:
        print(f"{main.__module__}: {error}", file=sys.stderr)
        sys.exit(1)
