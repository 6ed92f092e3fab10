"""The static tier: one vector per word piece, distilled from the sentence encoder; a text is the mean of its pieces.

The manner of model2vec (Tulkens & van Dongen 2024, "Model2Vec: Fast State-of-the-Art Static Embeddings"): every piece
of the tokenizer goes through the encoder alone, the vectors are reduced by principal components, and frequent pieces
count less, by a / (a + p) as in SIF (Arora, Liang & Ma 2017, "A Simple but Tough-to-Beat Baseline for Sentence
Embeddings"). p is the probability that the tokenizer itself holds for a piece. No text is needed, so nothing has to be
trained on. What was tried besides stands in docs/performance.md.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from strategy_miner.errors import ModelError
from strategy_miner.language.encoder import Encoder
from strategy_miner.language.vectors import Vectors

DIMENSION = 256
DAMPING = 1e-3  # a of SIF: pieces much more frequent than this hardly count
_STEP = 4  # tokens; most pieces are five tokens with prefix and marks, and would be padded to sixteen
_ROWS = 128

_CARD = """# Static sentence vectors, distilled from {origin}

- **What**: {pieces} word pieces with {dimension} numbers each (float16); the vector of a text is the mean of
  its pieces', made as long as one. A `StaticEmbedding` of sentence-transformers, made by `strategy_miner.language`.
- **From**: `{origin}`, which is multilingual-e5-small unless params.yaml names another model. Licence: that model's.
- **How**: every piece through the encoder with the prefix `query: `, {dimension} principal components, weights
  a / (a + p) with a = {damping}. No text was used.
- **Made for**: corpora of 100,000 pages on one core, with `encoder.tier: static`. The order of words does not count.
- **Limits**: less good than the encoder; docs/performance.md says by how much. No prefix, no limit of length.
  A text without known pieces has the vector zero.
"""


def distil(encoder: Encoder, origin: str, target: Path) -> None:
    """Write static vectors for every piece of a neural encoder's tokenizer as a sentence-transformers folder.

    Args:
        encoder: of the neural tier, with a unigram tokenizer (XLM-R's); two minutes of one core for 120,000 pieces.
        origin: what the model card calls it.
        target: the folder.

    Raises ModelError if the tokenizer keeps no probabilities of its pieces.
    """
    model = encoder.loaded()
    tokenizer = model.tokenizer.backend_tokenizer
    table = json.loads(tokenizer.to_str())["model"]
    if table["type"] != "Unigram":
        raise ModelError(f"no static vectors for a {table['type']} tokenizer", origin, "Use encoder.tier: neural.")
    pieces, scores = zip(*table["vocab"], strict=True)
    special = set(model.tokenizer.all_special_tokens)
    known = np.array([piece not in special and piece.strip("▁") != "" for piece in pieces])
    texts = [piece.replace("▁", " ").strip() for piece, used in zip(pieces, known, strict=True) if used]
    weights = np.zeros((len(pieces), DIMENSION), np.float32)
    weights[known] = reduced(encoder.encode_short(texts, _STEP, _ROWS), DIMENSION)
    weights *= damping(np.asarray(scores))[:, None]
    # The mean is made as long as one afterwards; scaled to about one, float16 keeps its eleven bits.
    _save(tokenizer, (weights / np.abs(weights).max()).astype(np.float16), target)
    card = _CARD.format(origin=origin, pieces=len(pieces), dimension=DIMENSION, damping=DAMPING)
    (target / "README.md").write_text(card, encoding="utf-8")


def reduced(vectors: Vectors, dimension: int) -> npt.NDArray[np.float64]:
    """Principal components of vectors (n, d) -> (n, dimension), the strongest first; signs are fixed."""
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    directions = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :dimension]
    strongest = directions[np.abs(directions).argmax(axis=0), np.arange(directions.shape[1])]
    return np.asarray(centred @ (directions * np.sign(strongest)))


def damping(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Weights of pieces by their log probabilities (n,): near one for rare ones, near nothing for "der"."""
    return np.asarray(DAMPING / (DAMPING + np.exp(scores)))


def _save(tokenizer: Any, weights: npt.NDArray[np.float16], target: Path) -> None:
    from safetensors.numpy import save_file

    folder = target / "0_StaticEmbedding"
    folder.mkdir(parents=True, exist_ok=True)
    save_file({"embedding.weight": weights}, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    kinds = {"0_StaticEmbedding": "StaticEmbedding", "1_Normalize": "Normalize"}
    contents: dict[str, Any] = {
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate(kinds.items())
        ],
        "config_sentence_transformers.json": {"prompts": {}, "similarity_fn_name": "cosine"},
    }
    for name, content in contents.items():
        (target / name).write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
