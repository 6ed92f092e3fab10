"""The gold journey on the generated corpus in build/demo, with coders who know the truth and err in 10 % of segments.

`python -m tests.gold_demo` prints the agreement, the truth of all segments, and the evaluation, with `--trained` also
that of models fitted on gold. `python -m tests.gold_demo 300` draws 300 samples, coded without an error, and says how
often the interval of the corrected share holds the truth. It works in a copy and leaves corpus/demo/labels alone:
labels of made coders are no gold.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from strategy_miner import evaluate, gold_agree, gold_draw, gold_import, gold_settle
from strategy_miner.coding import Codebook
from strategy_miner.coding.gold import Design, draw, per_document
from strategy_miner.coding.gold_corpus import embedded_documents, sample, scored
from strategy_miner.coding.gold_estimate import cohort_masks, integrated_share, share_errors
from strategy_miner.coding.gold_labels import Label
from strategy_miner.coding.gold_made import noisy, truth_of_segments
from strategy_miner.corpus import Corpus
from strategy_miner.parallel import ROOT
from strategy_miner.parquet import read_records
from strategy_miner.records import Segment
from strategy_miner.verbs import project_classifier
from tests.filled_sheets import fill

NOISE = 0.10


def project_copy(root: Path) -> None:
    """A project with the demo's artefacts and a labels folder of its own."""
    shutil.copy(ROOT / "params.yaml", root)
    shutil.copytree(ROOT / "corpus" / "demo", root / "corpus" / "demo", ignore=shutil.ignore_patterns("labels"))
    (root / "build" / "demo").mkdir(parents=True)
    for name in ("corpus/codebook", "models", "build/vectors"):
        (root / name).symlink_to(ROOT / name)
    for path in sorted((ROOT / "build" / "demo").iterdir()):
        if path.name not in ("gold", "evaluate"):
            (root / "build" / "demo" / path.name).symlink_to(path)


def shares(
    truth: Mapping[str, list[str]], corpus: Corpus, book: Codebook, build: Path
) -> dict[str, tuple[float, float]]:
    """The true integrated share of coded text and the share of text with a code by cohort, over all segments."""
    kinds = np.array([code.kind == "integrated" for code in book.codes])
    cohort_of = {p.project_id: p.cohort for p in corpus.projects}
    means: dict[str, list[tuple[float, float]]] = {}
    for project, document in corpus.project_documents():
        segments = read_records(Segment, build / "segment" / f"{document}.parquet")
        codes = np.array([[code in truth[s.id] for code in book.ids] for s in segments])
        a, b = integrated_share(codes, kinds)
        means.setdefault(cohort_of[project] or "", []).append((float(a.mean()), float(b.mean())))
    sums = {cohort: np.array(pairs).mean(axis=0) for cohort, pairs in sorted(means.items())}
    return {cohort: (float(a / b), float(b)) for cohort, (a, b) in sums.items()}


def repeated(truth: Mapping[str, list[str]], corpus: Corpus, build: Path, draws: int) -> str:
    """Bias, coverage and width of the two corrected shares over many samples without coder errors."""
    classifier = project_classifier()
    book = classifier.codebook
    documents = scored(embedded_documents(corpus, build), classifier)
    kinds = np.array([code.kind == "integrated" for code in book.codes])
    masks = cohort_masks([d.cohort for d in documents], corpus.cohort_values)
    true = shares(truth, corpus, book, build)
    number = per_document([(d.document_id, d.cohort) for d in documents], corpus.cohort_values)
    names = ("integrated share of coded text", "share of text with a code")
    found: dict[tuple[str, str], list[tuple[float, float, float]]] = {(c, name): [] for c in true for name in names}
    for seed in range(draws):
        design = Design("field", "", "", seed, "", tuple(draw(documents, seed, number, 1.0)))
        labels = [Label(row.anchor, tuple(truth[row.anchor.segment_id])) for row in design.rows]
        errors = share_errors(sample(documents, design, labels, book), kinds)
        for (cohort, name), runs in found.items():
            k = names.index(name)
            x, aim = errors.mean(masks[cohort], 1) if k else errors.ratio(masks[cohort]), true[cohort][k]
            runs.append((x.value - aim, float(x.low <= aim <= x.high), x.high - x.low))
    lines = [f"{draws} draws: cohort, figure, true, bias, coverage, mean width"]
    for (cohort, name), runs in found.items():
        bias, coverage, width = np.array(runs).mean(axis=0)
        aim = true[cohort][names.index(name)]
        lines.append(f"{cohort}, {name}: {aim:.3f}, {bias:+.4f}, {coverage:.3f}, {width:.3f}")
    return "\n".join(lines)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        project_copy(Path(folder))
        os.chdir(folder)
        corpus = Corpus.load(Path("corpus"), "demo", Path("build/demo/pdf"))
        book, build, labels = Codebook.load(Path("corpus/codebook")), Path("build/demo"), Path("corpus/demo/labels")
        cut = {d: read_records(Segment, build / "segment" / f"{d.document_id}.parquet") for d in corpus.documents()}
        truth = truth_of_segments(build / "truth.parquet", cut)
        if sys.argv[1:] and sys.argv[1].isdigit():
            print(repeated(truth, corpus, build, int(sys.argv[1])))
            return
        drawn = gold_draw("demo", date="2026-11-22", second=1.0)
        print(f"{drawn.labels} labels by cohort {drawn.by_cohort}")
        for coder, ending in (("AA", "xlsx"), ("BB", "csv")):
            filled = Path(f"{coder}.{ending}")
            fill(labels / f"sheet.{ending}", filled, noisy(truth, book.ids, NOISE, coder))
            gold_import(filled, coder, "demo")
        agreed = gold_agree("demo")
        print(agreed.text)
        if agreed.sheet:
            fill(agreed.sheet, Path("settled.xlsx"), truth)
        print(gold_settle("settled.xlsx" if agreed.sheet else None, "demo")[1])
        for cohort, (integrated, coded) in shares(truth, corpus, book, build).items():
            print(f"true in {cohort}: integrated share of coded text {integrated:.3f}, with a code {coded:.3f}")
        print(evaluate("demo", trained="--trained" in sys.argv)[0])


if __name__ == "__main__":
    main()
