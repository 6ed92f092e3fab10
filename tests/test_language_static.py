"""The static tier: vectors of pieces distilled from a small model that is made here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from strategy_miner.language import Encoder, distil
from strategy_miner.language import static as module
from strategy_miner.language.static import damping, reduced
from strategy_miner.settings import EncoderSettings

PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -9.0), ("▁der", -3.0), ("▁Rad", -10.0)]
PIECES += [("weg", -10.0), ("▁Kita", -11.0), ("▁Bus", -11.0), ("▁Pflege", -11.0), ("e", -8.0), ("▁query", -12.0)]
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}


class Toy:
    """In place of the neural encoder: the same vector for the same piece."""

    def __init__(self, kind: str = "Unigram") -> None:
        from tokenizers import Tokenizer, models, pre_tokenizers
        from transformers import PreTrainedTokenizerFast

        tokenizer = Tokenizer(models.Unigram(PIECES, unk_id=3) if kind == "Unigram" else models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
        self.tokenizer = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **SPECIAL)

    def loaded(self) -> Toy:
        return self

    def encode_short(self, texts: list[str], step: int, rows: int) -> np.ndarray:
        made = [np.random.default_rng(list(text.encode())).standard_normal(8) for text in texts]
        return np.array(made, dtype=np.float32)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    patch = pytest.MonkeyPatch()
    patch.setattr(module, "DIMENSION", 4)
    folder = tmp_path_factory.mktemp("models")
    (folder / "encoder").mkdir()
    distil(Toy(), "toy", folder / "encoder-static")  # type: ignore[arg-type]
    patch.undo()
    return str(folder / "encoder")


@pytest.fixture(scope="module")
def encoder(model: str) -> Encoder:
    return Encoder(EncoderSettings(model, "bfloat16", 32, "static"))


def test_a_text_is_the_mean_of_its_pieces_made_as_long_as_one(model: str, encoder: Encoder) -> None:
    table = load_file(Path(f"{model}-static") / "0_StaticEmbedding" / "model.safetensors")["embedding.weight"]
    rows = table[[6, 7, 8]].astype(np.float32)
    expected = rows.mean(axis=0) / np.linalg.norm(rows.mean(axis=0))
    assert np.allclose(encoder.encode(["Radweg Kita"])[0], expected, atol=1e-6)
    assert encoder.dimension == 4
    assert not table[:5].any(), "marks and the blank say nothing"
    assert np.linalg.norm(table[5]) < 0.05 * np.linalg.norm(table[6]), "a frequent piece hardly counts"


def test_neighbours_order_and_prefix_change_nothing(encoder: Encoder) -> None:
    texts = ["Radweg", "Kita der Pflege", "Bus", "Radweg Bus " * 5000, ""]
    vectors = encoder.encode(texts)
    assert np.array_equal(vectors, encoder.encode(texts[::-1])[::-1])
    assert np.array_equal(vectors, encoder.encode(texts, prefix="passage: "))
    assert all(np.array_equal(vectors[i], encoder.encode([text])[0]) for i, text in enumerate(texts))
    assert np.allclose(vectors[3], encoder.encode(["Radweg Bus"])[0], atol=1e-5), "length does not matter"


def test_texts_without_known_pieces_are_zero(encoder: Encoder) -> None:
    assert not encoder.encode(["", " \t", "\x00\x01", "\ud800", "жжж"]).any()


def test_the_same_encoder_gives_the_same_bytes_and_the_id_names_them(
    model: str, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DIMENSION", 4)
    distil(Toy(), "toy", tmp_path / "again-static")  # type: ignore[arg-type]
    again = Encoder(EncoderSettings(str(tmp_path / "again"), "float32", 1, "static"))
    assert again.id.split("@")[1] == encoder.id.split("@")[1]
    assert "+" not in again.id, "the number format of the neural tier is not part of it"
    card = (tmp_path / "again-static" / "README.md").read_text(encoding="utf-8")
    assert "13 word pieces with 4 numbers" in card
    assert json.loads((tmp_path / "again-static" / "modules.json").read_text())[0]["path"] == "0_StaticEmbedding"


def test_the_static_tier_keeps_no_cache(model: str, tmp_path: Path) -> None:
    encoder = Encoder(EncoderSettings(model, "float32", 32, "static"), tmp_path / "cache")
    encoder.fill(["Radweg"])
    encoder.encode(["Radweg"])
    assert not (tmp_path / "cache").exists()


def test_a_tokenizer_without_probabilities_is_refused(tmp_path: Path) -> None:
    from strategy_miner.errors import ModelError

    with pytest.raises(ModelError, match=r"BPE tokenizer.*neural"):
        distil(Toy("BPE"), "toy", tmp_path)  # type: ignore[arg-type]


def test_principal_components_keep_distances_and_fix_signs() -> None:
    random = np.random.default_rng(1)
    flat = random.standard_normal((50, 2)) @ random.standard_normal((2, 6)) + 3
    small = reduced(flat.astype(np.float32), 2)
    assert np.allclose(np.linalg.norm(flat[0] - flat[1]), np.linalg.norm(small[0] - small[1]), rtol=1e-4)
    assert small[:, 0].var() >= small[:, 1].var()
    assert np.allclose(small, reduced(flat.astype(np.float32), 2))


def test_damping_is_near_one_for_rare_pieces() -> None:
    assert np.allclose(damping(np.log([1e-6, 1e-3, 0.05])), [0.999, 0.5, 0.0196], atol=1e-3)
