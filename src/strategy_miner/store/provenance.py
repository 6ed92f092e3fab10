"""What a result was made with: code, models, parameters, libraries. Goes into the table `runs`."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from importlib.metadata import version

from strategy_miner.parallel import code_hash
from strategy_miner.settings import Settings

LIBRARIES = (
    "duckdb", "HanTa", "numpy", "pdfminer.six", "pdfplumber", "pyarrow", "pypdfium2", "rensa", "scikit-learn", "scipy",
    "sentence-transformers", "spacy", "strategy-miner", "torch", "transformers",
)  # fmt: skip
STAGES = (
    "extract",
    "segment",
    "embed",
    "tag",
    "classify",
    "fields",
    "measures",
    "store",
    "analyse",
    "evidence",
    "report",
)


def provenance(settings: Settings) -> dict[str, str]:
    """Key and value pairs; `code <stage>` hashes a stage's sources. No time stamps: equal inputs give equal rows."""
    entries = {
        **{f"code {stage}": code_hash(f"pipeline.{stage}") for stage in STAGES},
        "python": platform.python_version(),
        "seed": str(settings.seed),
        **{f"library {name}": version(name) for name in LIBRARIES},
    }
    parts = asdict(settings)
    for name in ("extract", "segment", "nlp", "encoder", "classify", "analyse"):
        entries[f"params {name}"] = json.dumps(parts[name], sort_keys=True)
    return entries
