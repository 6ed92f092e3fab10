"""What the codes add up to: estimates per cohort with their intervals, contrasts, verdicts, quotes, typical words.

analyse(coded, target, settings.analyse, settings.seed)   # coded.duckdb -> strategy.duckdb
"""

from strategy_miner.analysis.results import analyse, write_metrics

__all__ = ["analyse", "write_metrics"]
