"""What a result was made with: code, models, inputs, parameters, libraries. Goes into the table `runs`."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.parallel import code_hash
from strategy_miner.records import file_sha256, stable_id
from strategy_miner.settings import Settings

if TYPE_CHECKING:
    from strategy_miner.coding import Codebook
    from strategy_miner.corpus import Corpus

LIBRARIES = (
    "altair", "duckdb", "HanTa", "Jinja2", "numpy", "pdfminer.six", "pdfplumber", "pyarrow", "pypdfium2", "rensa",
    "scikit-learn", "scipy", "sentence-transformers", "spacy", "strategy-miner", "torch", "transformers", "typst",
    "vl-convert-python", "xlsxwriter",
)  # fmt: skip
STAGES = (
    "extract", "segment", "embed", "tag", "classify", "fields", "measures", "store", "analyse", "evidence", "report",
)  # fmt: skip
PARAMS = ("extract", "segment", "nlp", "encoder", "classify", "analyse", "report")
# Keys that begin so say what a result follows from; the others say what computed it.
INPUTS = ("hash ", "params ", "seed", "model ")
_CORRECTIONS, _LABELS, _DOCUMENTS = "declared_fields.csv", "labels", "pdf"


def provenance(
    settings: Settings,
    corpus: Corpus | None = None,
    codebooks: Sequence[Codebook] = (),
    engines: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Key and value pairs. No time stamps: equal inputs give equal rows.

    `code <stage>` hashes a stage's sources; `hash <input>` the documents, the other files of the corpus, people's
    corrections and labels, the codebook of each dimension. `engines`: what else read and coded, under its own key.
    """
    parts = asdict(settings)
    return {
        **{f"code {stage}": code_hash(f"pipeline.{stage}") for stage in STAGES},
        **(_input_hashes(corpus) if corpus else {}),
        **{f"hash codebook {book.dimension}": book.sha256[:16] for book in codebooks},
        **{f"library {name}": version(name) for name in LIBRARIES},
        **(engines or {}),
        **{f"params {name}": json.dumps(parts[name], sort_keys=True) for name in PARAMS},
        "python": platform.python_version(),
        "seed": str(settings.seed),
    }


def _input_hashes(corpus: Corpus) -> dict[str, str]:
    """16 hex digits over names and contents of a corpus's files, by what they are."""
    groups: dict[str, list[Path]] = {"corpus": [], "corrections": [], "labels": []}
    for path in sorted(corpus.folder.rglob("*")):
        first = path.relative_to(corpus.folder).parts[0]
        if path.is_file() and first != _DOCUMENTS and not path.name.startswith("."):
            groups[{_CORRECTIONS: "corrections", _LABELS: "labels"}.get(first, "corpus")].append(path)
    hashes = {
        f"hash {name}": stable_id(*(f"{p.relative_to(corpus.folder).as_posix()}:{file_sha256(p)}" for p in paths))
        for name, paths in groups.items()
        if paths
    }
    documents = corpus.documents()
    return {**hashes, "hash documents": stable_id(*(d.sha256 for d in documents))} if documents else hashes
