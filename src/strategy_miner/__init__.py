"""strategy-miner reads municipal strategies, codes them and reports topic shifts between cohorts.

from strategy_miner import read, code, declared, fields, measures, query, report
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from strategy_miner.verbs import code, declared, fields, measures, read, report
    from strategy_miner.verbs_asking import query, questions, search
    from strategy_miner.verbs_export import export_quotes, export_tables
    from strategy_miner.verbs_gold import evaluate, gold_agree, gold_draw, gold_import, gold_settle
    from strategy_miner.verbs_groups import shift
    from strategy_miner.verbs_refi import export_project, read_project
    from strategy_miner.verbs_robustness import robustness, robustness_cell
    from strategy_miner.verbs_simulate import simulate
    from strategy_miner.verbs_verify import bundle, verify, verify_bundle

_MODULES = {
    "verbs_asking": ("query", "questions", "search"),
    "verbs_export": ("export_quotes", "export_tables"),
    "verbs_groups": ("shift",),
    "verbs_gold": ("evaluate", "gold_agree", "gold_draw", "gold_import", "gold_settle"),
    "verbs_refi": ("export_project", "read_project"),
    "verbs_robustness": ("robustness", "robustness_cell"),
    "verbs_simulate": ("simulate",),
    "verbs_verify": ("bundle", "verify", "verify_bundle"),
}
__all__ = [
    "bundle", "code", "declared", "evaluate", "export_project", "export_quotes", "export_tables", "fields",
    "gold_agree", "gold_draw", "gold_import", "gold_settle", "measures", "query", "questions", "read", "read_project",
    "report", "robustness", "robustness_cell", "search", "shift", "simulate", "verify", "verify_bundle",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    # A verb is looked up when it is first used: a stage that needs one room must not depend on all of them.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = next((module for module, names in _MODULES.items() if name in names), "verbs")
    return getattr(import_module(f"{__name__}.{module}"), name)
