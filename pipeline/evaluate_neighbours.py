"""Print how steady the nearest neighbours of projects are: python -m pipeline.evaluate_neighbours [build/demo]

Where FOLDER/truth.parquet has planted codes, also how many of the nearest by them are found."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from pipeline import errors_told
from strategy_miner.analysis.neighbours_check import halves_table
from strategy_miner.settings import Settings
from strategy_miner.store import query


def main() -> None:
    """Read FOLDER/strategy.duckdb and print a line for each way of comparing."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo")
    database, truth = folder / "strategy.duckdb", None
    if (folder / "truth.parquet").is_file():
        codes = [row[0] for row in query(database, "SELECT id FROM codes WHERE dimension = 'field' ORDER BY id")[1]]
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for row in pq.read_table(folder / "truth.parquet", columns=["project_id", "unit", "codes"]).to_pylist():
            if row["unit"]:
                counts[row["project_id"]].update(["", *set(row["codes"] or [])])
        truth = {p: np.array([of[code] / of[""] for code in codes]) for p, of in counts.items()}
    print(halves_table(database, truth, Settings.load().seed))


if __name__ == "__main__":
    with errors_told():
        main()
