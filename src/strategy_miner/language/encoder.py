"""The sentence encoder: texts -> vectors of length one.

Two tiers: "neural" runs the model; "static" adds up vectors of word pieces that were distilled from it (static.py),
some hundred times as fast and less good, for corpora that the model is too slow for.

What is guaranteed: on one machine with one number of torch threads, a vector depends on nothing but its text, the
prefix, the model, the number format and the batch size; not on the other texts of the call, their order, or what
the cache holds. Kernels for matrix products are chosen by shape, and in bfloat16 they round differently, so the shape
of a batch must not depend on the neighbours: every text is padded to a length step that follows from its own length,
and every batch of a step has the same number of rows, the last one filled up. Between machines or numbers of threads
vectors may differ by the noise of the number format (cosine >= 0.9999). Of a text of any length the neural tier sees
the first 512 tokens, some 300 German words; the static tier sees all of it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from strategy_miner.errors import ModelError, SettingsError
from strategy_miner.language.vectors import VectorCache, Vectors, read_vectors, write_vectors
from strategy_miner.records import file_sha256
from strategy_miner.settings import EncoderSettings

__all__ = ["Encoder", "read_vectors", "write_vectors"]

LENGTH_STEP = 16  # tokens; lengths are rounded up to it
SAVE_EVERY = 2000  # texts; what is lost at most when a run is broken off
FILL_AT_ONCE = 20_000  # texts whose vectors are held in memory at once while the cache is filled
BATCH_TOKENS = 2048  # padded tokens per batch: half of it is 10 % slower on two cores, a quarter 45 %
TIERS = ("neural", "static")
FORMATS = ("float32", "bfloat16")
OFFLINE = {
    "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
}  # fmt: skip

# OpenMP reads this when torch is loaded. Its threads else wait for one another in busy loops: on two cores with one
# other busy process, encoding then took ten times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


class Encoder:
    """A sentence-transformers model with a fixed number format, loaded on first use.

    Args:
        settings: model name or folder, tier (neural or static), dtype (float32 or bfloat16), most texts per batch.
        cache: folder in which vectors are kept by model, number format, batch size, prefix and text; None keeps none.
            The static tier never does: looking a vector up takes longer than adding it up.

    Raises SettingsError on an unknown tier or dtype, ModelError if a model folder is missing.
    """

    def __init__(self, settings: EncoderSettings, cache: Path | None = None) -> None:
        _check(settings)
        self._settings = settings
        self._static = settings.tier == "static"
        self._cache_folder = None if self._static else cache
        self._model: Any = None
        self._id = ""
        self._lock = threading.RLock()
        self._path = static_folder(settings) if self._static else settings.model
        folder, stage = Path(self._path), "static" if self._static else "encoder"
        if folder.is_dir() and (not self._static or (folder / "modules.json").exists()):
            self._id = f"{folder.name}@{_folder_hash(folder)}" + ("" if self._static else f"+{settings.dtype}")
        elif self._static or settings.model.startswith((".", "/", "models/")):
            remedy = f"Make it with 'dvc repro {stage}', or name another model in params.yaml."
            raise ModelError("the encoder's folder is missing", self._path, remedy)

    @property
    def id(self) -> str:
        """Name, hash of the model's content and number format, the same on every machine."""
        if not self._id:
            config = getattr(getattr(self.loaded()[0], "auto_model", None), "config", None)
            revision = getattr(config, "_commit_hash", None) or "unknown"
            self._id = f"{self._settings.model}@{revision[:12]}+{self._settings.dtype}"
        return self._id

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self.loaded().get_embedding_dimension())

    def encode(
        self, texts: Sequence[str], prefix: str = "query: ", progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """Vectors of n texts, (n, dimension), float32, L2-normalised.

        Args:
            texts: what to encode; equal texts are computed once.
            prefix: put before each text, as E5 models want it; "" for models without. The static tier has no prefix.
            progress: called with (texts done, texts to compute) after each batch; equal and cached texts count once.

        Raises ModelError if the model cannot be loaded. A static vector of a text without any known piece is zero.
        """
        distinct = sorted(set(texts))
        with self._lock:
            cache = self._cache(prefix)
            vectors = cache.get(distinct) if cache else {}
            missing = [text for text in distinct if text not in vectors]
            fresh: dict[str, Vectors] = {}
            done = 0
            for found in self._compute(missing, prefix):
                fresh |= found
                done += len(found)
                if cache and (len(fresh) >= SAVE_EVERY or done == len(missing)):
                    cache.put(fresh)
                if len(fresh) >= SAVE_EVERY or done == len(missing):
                    vectors |= fresh
                    fresh = {}
                if progress:
                    progress(done, len(missing))
        if not vectors:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack([vectors[text] for text in texts]).astype(np.float32)

    def fill(
        self, texts: Iterable[str], prefix: str = "query: ", progress: Callable[[int, int], None] | None = None
    ) -> None:
        """Put the vectors of texts into the cache, in memory that does not grow with their number; without a cache
        nothing is read or done. One call for a corpus wastes less on filled-up batches than one per document.

        Args:
            texts: what will be encoded.
            prefix: as in `encode`.
            progress: called with (texts done, distinct texts) after each batch.
        """
        if self._cache_folder is None:
            return
        distinct = sorted(set(texts), key=lambda text: (len(text), text))
        for start in range(0, len(distinct), FILL_AT_ONCE):
            part = distinct[start : start + FILL_AT_ONCE]

            def report(done: int, of: int, before: int = start + len(part)) -> None:
                if progress:
                    progress(before - of + done, len(distinct))

            self.encode(part, prefix, report)

    def _cache(self, prefix: str) -> VectorCache | None:
        if self._cache_folder is None:
            return None
        name = hashlib.sha256("\x1f".join([self.id, str(self._settings.batch_size), prefix]).encode()).hexdigest()[:16]
        return VectorCache(self._cache_folder / f"{name}.sqlite", self.dimension)

    def _compute(self, texts: list[str], prefix: str) -> Iterator[dict[str, Vectors]]:
        """Vectors by text, batch by batch."""
        if not texts:
            return
        model = self.loaded()
        safe = [text.encode("utf-8", "replace").decode() for text in texts]  # half of a character is none
        if not hasattr(model.tokenizer, "pad"):  # static models have no batches to be careful about
            for start in range(0, len(texts), SAVE_EVERY):
                part = slice(start, start + SAVE_EVERY)
                vectors = model.encode(safe[part], normalize_embeddings=True, show_progress_bar=False)
                yield dict(zip(texts[part], np.asarray(vectors, dtype=np.float32), strict=True))
            return
        tokens = _tokenise(model, [prefix + text for text in safe])
        for length, numbers, rows in _batches([len(t) for t in tokens], self._settings.batch_size):
            filled = numbers + [numbers[-1]] * (rows - len(numbers))
            vectors = _forward(model, [tokens[i] for i in filled], length)
            yield {texts[i]: vector for i, vector in zip(numbers, vectors[: len(numbers)], strict=True)}

    def encode_short(self, texts: Sequence[str], step: int, rows: int) -> Vectors:
        """Vectors (n, dimension) of many short texts, padded to another step and in other batches than `encode` takes,
        so that they differ from its vectors by the noise of the number format. Neural tier only, no cache."""
        model = self.loaded()
        tokens = _tokenise(model, ["query: " + text for text in texts])
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for length, numbers, of in _batches([len(t) for t in tokens], rows, step):
            filled = numbers + [numbers[-1]] * (of - len(numbers))
            vectors[numbers] = _forward(model, [tokens[i] for i in filled], length)[: len(numbers)]
        return vectors

    def loaded(self) -> Any:
        """The sentence-transformers model."""
        with self._lock:
            if self._model is None:
                self._model = _load(self._path, "float32" if self._static else self._settings.dtype)
        return self._model


def static_folder(settings: EncoderSettings) -> str:
    """The folder of the static vectors that belong to a model."""
    return f"{settings.model}-static"


def _check(settings: EncoderSettings) -> None:
    if settings.tier not in TIERS:
        remedy = f"Use {' or '.join(TIERS)}."
        raise SettingsError(f"unknown tier {settings.tier!r}", "params.yaml: encoder.tier", remedy)
    if settings.dtype not in FORMATS:
        remedy = f"Use {' or '.join(FORMATS)}."
        raise SettingsError(f"unknown number format {settings.dtype!r}", "params.yaml: encoder.dtype", remedy)
    if settings.batch_size < 1:
        raise SettingsError("must be at least 1", "params.yaml: encoder.batch_size", "Use 32.")


def _load(path: str, dtype: str) -> Any:
    for name, value in OFFLINE.items():
        os.environ.setdefault(name, value)
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        model = SentenceTransformer(path, device="cpu", model_kwargs={"dtype": getattr(torch, dtype)})
        return (model.float() if dtype == "float32" else model).eval()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        remedy = "Make it with 'dvc repro encoder', or download the named model once with HF_HUB_OFFLINE=0."
        reason = " ".join(str(error).split())[:200]
        raise ModelError(f"the encoder cannot be loaded: {reason}", path, remedy) from error


def _tokenise(model: Any, texts: list[str]) -> list[list[int]]:
    limit = model.max_seq_length
    encoded = model.tokenizer(texts, truncation=limit is not None, max_length=limit, return_attention_mask=False)
    return [list(ids) for ids in encoded["input_ids"]]


def _batches(lengths: list[int], most_rows: int, step: int = LENGTH_STEP) -> Iterator[tuple[int, list[int], int]]:
    """(padded length, numbers of the texts, rows of the batch), long texts first."""
    by_length: dict[int, list[int]] = {}
    for number, length in enumerate(lengths):
        by_length.setdefault(-(-length // step) * step, []).append(number)
    for padded, numbers in sorted(by_length.items(), reverse=True):
        rows = max(1, min(most_rows, BATCH_TOKENS // padded))
        for start in range(0, len(numbers), rows):
            yield padded, numbers[start : start + rows], rows


def _forward(model: Any, tokens: list[list[int]], length: int) -> Vectors:
    """Vectors of one batch, its texts filled up to a length in tokens."""
    import torch

    limit = min(length, model.max_seq_length or length)
    features = model.tokenizer.pad({"input_ids": tokens}, padding="max_length", max_length=limit, return_tensors="pt")
    with torch.inference_mode():
        return _pooled(model, features)


def _pooled(model: Any, features: Any) -> Vectors:
    import torch

    first, *rest = list(model)
    output = first(dict(features))
    if not any(True for module in rest for _ in module.parameters()):
        # Averaging over tokens in bfloat16 would round every sum to 8 bits.
        output["token_embeddings"] = output["token_embeddings"].float()
    for module in rest:
        output = module(output)
    vectors = torch.nn.functional.normalize(output["sentence_embedding"].float(), dim=1)
    return np.asarray(vectors.numpy(), dtype=np.float32)


def encoder_id(settings: EncoderSettings) -> str:
    """The id of the encoder that settings name, "none" where its folder is missing; nothing is loaded."""
    try:
        return Encoder(settings).id
    except ModelError:
        return "none"


def _folder_hash(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")
    lines = [f"{path.relative_to(folder).as_posix()}:{file_sha256(path)}" for path in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
