"""The report that people read: a page in German and English, charts, tables. It formats and computes nothing.

write_report(Path("build/mpsc/strategy.duckdb"), Path("build/mpsc/report"), settings.report)
"""

from strategy_miner.report.write import write_report

__all__ = ["write_report"]
