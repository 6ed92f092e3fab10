"""The sentence encoder: texts -> vectors of length one.

What is guaranteed: on one machine with one number of torch threads, a vector depends on nothing but its text, the
prefix, the model, the number format and the batch size; not on the other texts of the call, their order, or what
the cache holds. Kernels for matrix products are chosen by shape, and in bfloat16 they round differently, so the shape
of a batch must not depend on the neighbours: every text is padded to a length step that follows from its own length,
and every batch of a step has the same number of rows, the last one filled up. Between machines or numbers of threads
vectors may differ by the noise of the number format (cosine >= 0.9999).
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from strategy_miner.errors import ModelError, SettingsError
from strategy_miner.language.vectors import VectorCache, Vectors, read_vectors, write_vectors
from strategy_miner.records import file_sha256
from strategy_miner.settings import EncoderSettings

__all__ = ["Encoder", "read_vectors", "write_vectors"]

LENGTH_STEP = 16  # tokens; lengths are rounded up to it
BATCH_TOKENS = 2048  # padded tokens per batch: half of it is 10 % slower on two cores, a quarter 45 %
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
        settings: model name or folder, dtype (float32 or bfloat16), most texts per batch.
        cache: folder in which vectors are kept by model, number format, batch size, prefix and text; None keeps none.

    Raises SettingsError on an unknown dtype, ModelError if a model folder is missing.
    """

    def __init__(self, settings: EncoderSettings, cache: Path | None = None) -> None:
        if settings.dtype not in ("float32", "bfloat16"):
            remedy = "Use float32 or bfloat16."
            raise SettingsError(f"unknown number format {settings.dtype!r}", "params.yaml: encoder.dtype", remedy)
        if settings.batch_size < 1:
            raise SettingsError("must be at least 1", "params.yaml: encoder.batch_size", "Use 32.")
        self._settings = settings
        self._cache_folder = cache
        self._model: Any = None
        self._id = ""
        self._lock = threading.RLock()
        folder = Path(settings.model)
        if folder.is_dir():
            self._id = f"{folder.name}@{_folder_hash(folder)}+{settings.dtype}"
        elif settings.model.startswith((".", "/", "models/")):
            remedy = "Make it with 'dvc repro encoder', or name another model in params.yaml."
            raise ModelError("the encoder's folder is missing", settings.model, remedy)

    @property
    def id(self) -> str:
        """Name, hash of the model's content and number format, the same on every machine."""
        if not self._id:
            config = getattr(getattr(self._loaded()[0], "auto_model", None), "config", None)
            revision = getattr(config, "_commit_hash", None) or "unknown"
            self._id = f"{self._settings.model}@{revision[:12]}+{self._settings.dtype}"
        return self._id

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._loaded().get_embedding_dimension())

    def encode(
        self, texts: Sequence[str], prefix: str = "query: ", progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """Vectors of n texts, (n, dimension), float32, L2-normalised.

        Args:
            texts: what to encode; equal texts are computed once.
            prefix: put before each text, as E5 models want it; "" for models without.
            progress: called with (texts done, texts to compute) after each batch; equal and cached texts count once.

        Raises ModelError if the model cannot be loaded or the cache is damaged.
        """
        distinct = sorted(set(texts))
        with self._lock:
            cache = self._cache(prefix)
            known = cache.get(distinct) if cache else {}
            missing = [text for text in distinct if text not in known]
            fresh = dict(zip(missing, self._compute([prefix + text for text in missing], progress), strict=True))
            if cache and fresh:
                cache.put(fresh)
        vectors = known | fresh
        if not vectors:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack([vectors[text] for text in texts]).astype(np.float32)

    def _cache(self, prefix: str) -> VectorCache | None:
        if self._cache_folder is None:
            return None
        name = hashlib.sha256("\x1f".join([self.id, str(self._settings.batch_size), prefix]).encode()).hexdigest()[:16]
        return VectorCache(self._cache_folder / f"{name}.sqlite", self.dimension)

    def _compute(self, texts: list[str], progress: Callable[[int, int], None] | None) -> Vectors:
        import torch

        model = self._loaded() if texts else None
        if model is None:
            return np.zeros((0, 0), np.float32)
        if not hasattr(model.tokenizer, "pad"):  # static models have no batches to be careful about
            vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
            return np.asarray(vectors, dtype=np.float32)
        tokens = _tokenise(model, texts)
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        done = 0
        with torch.inference_mode():
            for length, numbers, rows in _batches([len(t) for t in tokens], self._settings.batch_size):
                filled = numbers + [numbers[-1]] * (rows - len(numbers))
                limit = min(length, model.max_seq_length or length)
                features = model.tokenizer.pad(
                    {"input_ids": [tokens[i] for i in filled]},
                    padding="max_length", max_length=limit, return_tensors="pt",
                )  # fmt: skip
                vectors[numbers] = _forward(model, features)[: len(numbers)]
                done += len(numbers)
                if progress:
                    progress(done, len(texts))
        return vectors

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                self._model = _load(self._settings)
        return self._model


def _load(settings: EncoderSettings) -> Any:
    for name, value in OFFLINE.items():
        os.environ.setdefault(name, value)
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    dtype = {"float32": torch.float32, "bfloat16": torch.bfloat16}[settings.dtype]
    try:
        return SentenceTransformer(settings.model, device="cpu", model_kwargs={"dtype": dtype}).eval()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        remedy = "Make it with 'dvc repro encoder', or download the named model once with HF_HUB_OFFLINE=0."
        reason = " ".join(str(error).split())[:200]
        raise ModelError(f"the encoder cannot be loaded: {reason}", settings.model, remedy) from error


def _tokenise(model: Any, texts: list[str]) -> list[list[int]]:
    limit = model.max_seq_length
    encoded = model.tokenizer(texts, truncation=limit is not None, max_length=limit, return_attention_mask=False)
    return [list(ids) for ids in encoded["input_ids"]]


def _batches(lengths: list[int], most_rows: int) -> Iterator[tuple[int, list[int], int]]:
    """(padded length, numbers of the texts, rows of the batch), long texts first."""
    by_length: dict[int, list[int]] = {}
    for number, length in enumerate(lengths):
        by_length.setdefault(-(-length // LENGTH_STEP) * LENGTH_STEP, []).append(number)
    for padded, numbers in sorted(by_length.items(), reverse=True):
        rows = max(1, min(most_rows, BATCH_TOKENS // padded))
        for start in range(0, len(numbers), rows):
            yield padded, numbers[start : start + rows], rows


def _forward(model: Any, features: Any) -> Vectors:
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


def _folder_hash(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")
    lines = [f"{path.relative_to(folder).as_posix()}:{file_sha256(path)}" for path in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
