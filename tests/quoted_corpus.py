"""A small corpus of real documents, read and cut as ever, with codings: for the tests of verify. All is invented."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from strategy_miner.analysis import analyse
from strategy_miner.reading import read, segment
from strategy_miner.records import Coding, Page, Segment
from strategy_miner.settings import AnalyseSettings, SegmentSettings
from strategy_miner.store import write_coded
from tests.made_pdf import SETTINGS, one_page
from tests.store_corpus import CorpusFolder, SmallCodebook

LINES = (
    "Die Stadt Prüfhausen spart Energie und Wärme in allen Schulen der Innen-",
    "stadt. Ein Speicher an der Ahle hält den Strom des Mittags bis zum Abend,",
    "damit die Straßenbahn ihn nutzen kann. Das Rathaus misst jede Stunde mit.",
)
TEXT = """Die Gemeinde Niederprüf verbindet Stadt und Land mit einem Rufbus.

Jedes Dorf bekommt einen Raum zum Lernen, den der Verein und die Schule gemeinsam
betreiben und den alle am Abend nutzen dürfen, die im Dorf wohnen.
"""

SEED, SETTINGS_ANALYSE = 1, AnalyseSettings(margin=0.10, permutations=99)
ANALYSE = asdict(SETTINGS_ANALYSE)  # as params.yaml has it


def page(lines: tuple[str, ...] = LINES, entries: bytes = b"") -> bytes:
    """A PDF of one page with these lines."""
    shown = [b"(" + line.encode("cp1252") + b") Tj T*" for line in lines]
    return one_page(b"BT /F1 11 Tf 14 TL 72 700 Td " + b" ".join(shown) + b" ET\n", page=entries)


def quoted_corpus(root: Path) -> CorpusFolder:
    """Three projects with a document each: upright, on a turned page, without pages."""
    corpus = CorpusFolder(root, ("1", "2"))
    folder = corpus.folder / "pdf"
    folder.mkdir(parents=True)
    files = {"auf.pdf": page(), "quer.pdf": page(LINES[::-1], b"/Rotate 90"), "ohne.txt": TEXT.encode()}
    for number, (file, content) in enumerate(files.items()):
        (folder / file).write_bytes(content)
        corpus.project(file.partition(".")[0], str(1 + number % 2), file)
        pages = read(folder / file, SETTINGS)
        cut = segment(pages, SegmentSettings(5, 150))
        document = next(d for d in corpus.load().documents() if d.file == file)
        corpus.artefact("extract", document, Page, pages)
        corpus.artefact("segment", document, Segment, cut)
        codings = [Coding(s.id, s.document_id, "field", "energie", 0.9, "probe", "") for s in cut]
        corpus.artefact("classify", document, Coding, codings)
    return corpus


def database(corpus: CorpusFolder) -> Path:
    """strategy.duckdb of such a corpus, where the commands look for it."""
    made_with = {"seed": str(SEED), "params analyse": json.dumps(ANALYSE, sort_keys=True)}
    write_coded(corpus.load(), [SmallCodebook()], corpus.build, corpus.build / "coded.duckdb", made_with)
    target = corpus.build / "strategy.duckdb"
    analyse(corpus.build / "coded.duckdb", target, SETTINGS_ANALYSE, SEED)
    return target
