"""The measures of agreement on cases worked out by hand, and the real reference where it is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from strategy_miner.coding import Codebook
from strategy_miner.coding.evaluate import (
    calibration_error,
    interval,
    macro_f1,
    matrix,
    micro_f1,
    read_reference,
    table,
)
from strategy_miner.errors import CorpusError
from strategy_miner.parallel import ROOT

GIVEN = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 0], [1, 0, 0]], dtype=bool)
TRUE = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 0], [1, 0, 0]], dtype=bool)


def test_micro_f1() -> None:
    assert micro_f1(GIVEN, TRUE) == pytest.approx(2 * 3 / (4 + 4))
    assert math.isnan(micro_f1(GIVEN[2:3], TRUE[2:3]))


def test_macro_f1_counts_only_codes_with_enough_labels() -> None:
    many = np.repeat(TRUE, 5, axis=0)
    assert macro_f1(np.repeat(GIVEN, 5, axis=0), many) == pytest.approx(1.0)  # only the first code has ten labels
    assert math.isnan(macro_f1(GIVEN, TRUE))


def test_interval_holds_the_figure_and_repeats() -> None:
    given, true = np.repeat(GIVEN, 20, axis=0), np.repeat(TRUE, 20, axis=0)
    groups = ["a"] * 40 + ["b"] * 40
    low, high = interval(micro_f1, given, true, groups, 1)
    assert low < micro_f1(given, true) < high
    assert interval(micro_f1, given, true, groups, 1) == (low, high)


def test_calibration_error_of_a_model_that_is_always_too_sure() -> None:
    assert calibration_error(np.full(100, 0.9), np.arange(100) % 2 == 0) == pytest.approx(0.4)


def test_matrix_and_table() -> None:
    codebook = Codebook.load(ROOT / "corpus" / "codebook")
    assert matrix([["energie"], []], codebook).sum(axis=1).tolist() == [1, 0]
    with pytest.raises(KeyError):
        matrix([["energy"]], codebook)
    assert table(["a", "b"], [[1, 2]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_missing_reference_is_named() -> None:
    with pytest.raises(CorpusError, match=r"nowhere\.jsonl"):
        read_reference(ROOT / "nowhere.jsonl")


@pytest.mark.real
@pytest.mark.slow
def test_codes_agree_with_the_reference() -> None:
    shared = ROOT.parent / "shared" / "real"
    if not shared.exists():
        pytest.skip("../shared is absent: no reference labels")
    model = ROOT / "models" / "encoder"
    if not model.exists():
        pytest.skip("models/encoder is absent: `dvc repro encoder` makes it")
    from strategy_miner.coding import Classifier
    from strategy_miner.language import Encoder
    from strategy_miner.settings import EncoderSettings

    codebook = Codebook.load(ROOT / "corpus" / "codebook")
    encoder = Encoder(EncoderSettings(str(model), "bfloat16", 32), ROOT / "build" / "vectors")
    texts = read_reference(shared / "gold" / "segments_dev.jsonl")
    codings = Classifier.fit(codebook, encoder, 1).code(texts)
    given = matrix([[coding.code for coding in own] for own in codings], codebook)
    assert micro_f1(given, matrix([text.coder_a for text in texts], codebook)) >= 0.60
