"""Measuring the encoder: what the tables are made of."""

from __future__ import annotations

import time
import warnings
from pathlib import Path

import numpy as np
import pytest

from strategy_miner.coding.evaluate_encoder import _nearest, _seconds
from strategy_miner.language.variants import Variant, variants
from strategy_miner.parallel import ROOT
from strategy_miner.settings import EncoderSettings


def test_the_nearest_neighbour_is_another_text() -> None:
    vectors = np.array([[1, 0], [0.9, 0.1], [0, 1], [0.2, 0.9]], dtype=np.float32)
    assert _nearest(vectors).tolist() == [1, 0, 3, 2]


def test_seconds_are_medians_per_thousand_and_turns_rotate() -> None:
    order: list[str] = []

    def way(name: str, sleep: float) -> Variant:
        def encode(texts: object) -> np.ndarray:
            order.append(name)
            time.sleep(sleep)
            return np.zeros((1, 1), np.float32)

        return Variant(name, encode)

    taken = _seconds([way("slow", 0.05), way("quick", 0.0)], ["a"] * 10, 3)
    assert order == ["slow", "quick", "quick", "slow", "slow", "quick"]
    assert taken["slow"][1] >= 5 > taken["quick"][1], "wall seconds of a thousand texts"
    assert taken["slow"][0] < 5, "sleeping takes no processor time"


@pytest.mark.slow
def test_every_variant_runs_and_only_coarse_numbers_change_the_sense() -> None:
    model = ROOT / "models" / "encoder"
    if not model.is_dir():
        pytest.skip("models/encoder is absent: `dvc repro encoder` makes it")
    texts = ["Die Stadt baut Radwege.", "Der Pegel wird gemessen.", "Kita und Schule arbeiten zusammen."]
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        ways = variants(EncoderSettings(str(Path(model)), "bfloat16", 32))
    exact = ways[0].encode(texts)
    for way in ways:
        vectors = way.encode(texts)
        assert len(vectors) == 3
        if vectors.shape == exact.shape:
            least = float((vectors * exact).sum(axis=1).min())
            assert least > (0.9 if "by batch" in way.name else 0.998), way.name
