"""The cache of vectors: several processes, damage, size; what a name of its file stands for."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from strategy_miner.language.encoder import Encoder
from strategy_miner.language.vectors import VectorCache


def vector(number: int) -> np.ndarray:
    made = np.random.default_rng(number).standard_normal(8).astype(np.float32)
    return made / np.linalg.norm(made)


def write(path: Path, start: int) -> None:
    cache = VectorCache(path, 8)
    for number in range(start, start + 60):
        cache.put({str(number): vector(number)})
        assert str(number) in cache.get([str(number)])


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "vectors.sqlite"
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        pool.starmap(write, [(path, 0), (path, 30), (path, 60)])
    found = VectorCache(path, 8).get([str(number) for number in range(130)])
    assert sorted(map(int, found)) == list(range(120))
    assert all(np.array_equal(found[str(number)], vector(number)) for number in range(120))


def spoil_start(path: Path) -> None:
    path.write_bytes(b"no database" * 100)


def spoil_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = b"\x00" * (len(data) - 4096)
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])


@pytest.mark.parametrize("spoil", [spoil_start, spoil_middle, cut])
def test_a_damaged_file_is_told_and_begun_anew(tmp_path: Path, spoil: object) -> None:
    path = tmp_path / "vectors.sqlite"
    texts = [str(number) for number in range(300)]
    cache = VectorCache(path, 8)
    cache.put({text: vector(int(text)) for text in texts})
    spoil(path)  # type: ignore[operator]
    with pytest.warns(UserWarning, match=r"vectors.sqlite: the vector cache cannot be used .*begun anew"):
        assert cache.get(texts) == {}
    cache.put({"1": vector(1)})
    assert np.array_equal(cache.get(["1"])["1"], vector(1))


@pytest.mark.parametrize(
    ("blob", "why"),
    [
        (b"", "empty"),
        (b"abc", "not a number of floats"),
        (np.ones(4, "<f4").tobytes(), "another dimension"),
        (np.ones(8, "<f4").tobytes(), "not of length one"),
        (np.full(8, np.nan, "<f4").tobytes(), "not a number"),
    ],
)
def test_a_spoilt_vector_is_computed_again(tmp_path: Path, blob: bytes, why: str) -> None:
    path = tmp_path / "vectors.sqlite"
    cache = VectorCache(path, 8)
    cache.put({"a": vector(1), "b": vector(2)})
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE vectors SET vector = ? WHERE rowid = 1", [blob])
    assert list(cache.get(["a", "b"])) == ["b"], why


def test_a_file_that_cannot_be_opened_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "vectors.sqlite").mkdir()
    cache = VectorCache(tmp_path / "vectors.sqlite", 8)
    with pytest.warns(UserWarning, match="going on without it"):
        cache.put({"a": vector(1)})
    with pytest.warns(UserWarning, match="going on without it"):
        assert cache.get(["a"]) == {}
    (tmp_path / "file").touch()
    with pytest.warns(UserWarning, match="going on without it"):
        VectorCache(tmp_path / "file" / "vectors.sqlite", 8).put({"a": vector(1)})


def test_the_oldest_vectors_go_when_there_are_too_many(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite", 8, most=10)
    for number in range(25):
        cache.put({str(number): vector(number)})
    assert sorted(map(int, cache.get([str(number) for number in range(25)]))) == list(range(15, 25))


def test_another_prefix_batch_or_format_has_another_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from strategy_miner.settings import EncoderSettings

    monkeypatch.setattr(Encoder, "dimension", 8)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "weights").write_text("a")
    settings = [EncoderSettings(str(tmp_path / "model"), *rest) for rest in (("float32", 32), ("bfloat16", 32))]
    settings.append(EncoderSettings(str(tmp_path / "model"), "float32", 16))
    names = {Encoder(s, tmp_path)._cache(prefix)._path for s in settings for prefix in ("query: ", "passage: ")}
    (tmp_path / "model" / "weights").write_text("b")
    names.add(Encoder(settings[0], tmp_path)._cache("query: ")._path)
    assert len(names) == 7
