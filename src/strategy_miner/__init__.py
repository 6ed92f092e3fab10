"""strategy-miner reads municipal strategies, codes them and reports topic shifts between cohorts.

from strategy_miner import read, code, declared, fields, measures, query, report
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from strategy_miner.verbs import code, declared, fields, measures, query, read, report
    from strategy_miner.verbs_gold import evaluate, gold_agree, gold_draw, gold_import, gold_settle

_GOLD = ("evaluate", "gold_agree", "gold_draw", "gold_import", "gold_settle")
__all__ = [
    "code", "declared", "evaluate", "fields", "gold_agree", "gold_draw", "gold_import", "gold_settle",
    "measures", "query", "read", "report",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    # A verb is looked up when it is first used: a stage that needs one room must not depend on all of them.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{'verbs_gold' if name in _GOLD else 'verbs'}"), name)
