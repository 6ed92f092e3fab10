"""Provenance: what a database says it was made with, against what this project would make it with now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.checking.findings import Part
from strategy_miner.coding import Codebook
from strategy_miner.language import encoder_id
from strategy_miner.reading import ocr_version
from strategy_miner.settings import Settings
from strategy_miner.store import provenance, query
from strategy_miner.store.provenance import INPUTS

if TYPE_CHECKING:
    from strategy_miner.corpus import Corpus


def check_provenance(database: Path, corpus: Corpus | None, settings: Settings, written: Settings) -> Part:
    """Compare table runs with the inputs, parameters, models and versions of today, as far as both name them.

    `written` are the settings as params.yaml has them, `settings` the same with the paths that lead there from here.
    Another input is a mismatch: the result is not that of this project any more. Another version of the code or a
    library is a note, for it need not change anything; the parts that compute again say whether it did.
    """
    part = Part("provenance", "entries")
    runs: dict[str, str] = dict(query(database, "FROM runs")[1])
    if corpus is None:
        part.unchecked.append("inputs and versions: this project has no such corpus")
        return part
    books = [Codebook.load(Path(settings.classify.codebook), name) for name in settings.classify.dimensions]
    engines = {"model encoder": encoder_id(settings.encoder), "tesseract": ocr_version()}
    now = provenance(written, corpus, books, engines)
    for key in sorted(runs.keys() & now.keys()):
        part.checked += 1
        if runs[key] == now[key]:
            continue
        if key.startswith(INPUTS):
            part.mismatch(f"runs, {key}", f"made with {runs[key]}, this project has {now[key]}")
        else:
            part.notes.append(f"{key}: made with {runs[key]}, here {now[key]}")
    for key in sorted(key for key in now.keys() - runs.keys() if key.startswith(INPUTS)):
        part.notes.append(f"{key}: the database does not say what it was made with")
    return part
