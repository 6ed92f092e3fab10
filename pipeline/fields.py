"""Stage fields: what documents, public pages and people name as fields of action -> build/<corpus>/fields/, coded."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from pipeline import run
from strategy_miner.coding import Codebook, code_names, declared_by_name, declared_fields
from strategy_miner.corpus import Corpus, demand_known_codes
from strategy_miner.language import Encoder
from strategy_miner.parallel import code_hash, key, map_documents, results
from strategy_miner.parquet import read_records, write_records
from strategy_miner.records import DeclaredField, Document, Page
from strategy_miner.settings import Settings


def main(name: str) -> None:
    settings = Settings.load()
    corpus = Corpus.load(Path("corpus"), name, settings.pdf_folder(name))
    build = Path("build", name)
    codebook = Codebook.load(Path(settings.classify.codebook))
    demand_known_codes(corpus.corrections(), {code.id for code in codebook.codes})
    encoder = Encoder(settings.encoder, Path("build", "vectors"))
    coder = partial(code_names, codebook=codebook, encoder=encoder)
    rest = (codebook.sha256, encoder.id, code_hash("pipeline.fields"))
    inputs = {d: key(content, *rest) for d, content in results(build / "extract").items()}

    def work(document: Document, target: Path) -> None:
        pages = read_records(Page, build / "extract" / target.name)
        write_records(DeclaredField, declared_fields(pages, coder), target)

    map_documents("fields", build / "fields", inputs, work)
    write_records(DeclaredField, declared_by_name(corpus.named_fields(), coder), build / "fields" / "names.parquet")


if __name__ == "__main__":
    run(main, sys.argv[1:])
