"""Is the result still what its sources say? Documents, quotes, figures and report, each checked anew.

Nothing is repaired and nothing of a result is written. Every part tells how much it checked, names each mismatch in one
line, and says what could not be checked: see `findings.Part`.
"""

from strategy_miner.checking.findings import Part

__all__ = ["Part"]
