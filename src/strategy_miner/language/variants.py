"""Ways to run the encoder, for measuring one against the other; docs/performance.md says why one of them is shipped."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from strategy_miner.language.encoder import Encoder, _forward, _tokenise, static_folder
from strategy_miner.language.vectors import Vectors
from strategy_miner.settings import EncoderSettings

_LOADING = """
import re, sys, time
from pathlib import Path
import sentence_transformers
from strategy_miner.language import Encoder
from strategy_miner.settings import EncoderSettings
started = time.process_time()
Encoder(EncoderSettings(sys.argv[1], sys.argv[2], 32, sys.argv[3])).encode(["Ein Satz."])
# Not getrusage: its maximum is handed down from the process that started this one.
most = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
print(time.process_time() - started, int(most) / 1024)
"""


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to run the encoder: its name, and a function from n texts to vectors (n, dimension) without a cache."""

    name: str
    encode: Callable[[Sequence[str]], Vectors]


def variants(settings: EncoderSettings) -> list[Variant]:
    """The variants, float32 first; the static tier only where its folder has been made. Loads a model for each."""
    neural = replace(settings, tier="neural")
    exact, half, tensor, row = (Encoder(replace(neural, dtype="float32")) for _ in range(4))
    short = Encoder(replace(neural, dtype="bfloat16"))
    half.loaded().half()
    transformer = tensor.loaded()[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch announces that torchao will take this over
        transformer.model = _int8_by_tensor(transformer.model)
    _int8_by_row(row.loaded()[0].model)
    found = [
        Variant("float32", exact.encode),
        Variant("float16", half.encode),
        Variant("int8, activations scaled by batch", tensor.encode),
        Variant("int8, activations scaled by row", row.encode),
        Variant("bfloat16, texts as they come, 32 a batch", lambda texts: _as_they_come(short, texts)),
        Variant("bfloat16, 2 threads", lambda texts: _with_threads(short, texts, 2)),
        Variant("bfloat16 (shipped)", short.encode),
    ]
    if Path(static_folder(settings), "modules.json").exists():
        found.append(Variant("static tier", Encoder(replace(settings, tier="static")).encode))
    return found


def loading(model: str, dtype: str, tier: str) -> tuple[float, float]:
    """Processor seconds to load a model and encode one sentence in a process of its own (libraries apart), and the
    most memory (MB) that the process took (Linux)."""
    command = [sys.executable, "-c", _LOADING, model, dtype, tier]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, memory = done.stdout.split()[-2:]
    return float(seconds), float(memory)


def _as_they_come(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    model = encoder.loaded()
    tokens = _tokenise(model, ["query: " + text for text in texts])
    parts = [tokens[start : start + 32] for start in range(0, len(tokens), 32)]
    return np.concatenate([_forward(model, part, max(map(len, part))) for part in parts])


def _with_threads(encoder: Encoder, texts: Sequence[str], number: int) -> Vectors:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        return encoder.encode(texts)
    finally:
        torch.set_num_threads(before)


def _int8_by_tensor(model: Any) -> Any:
    import torch

    quantize: Any = torch.ao.quantization.quantize_dynamic
    return quantize(model, {torch.nn.Linear}, dtype=torch.qint8)


def _int8_by_row(model: Any) -> None:
    """Weights in int8 by output, activations by token: the only int8 here in which neighbours change nothing."""
    import torch

    class Int8(torch.nn.Module):
        def __init__(self, linear: Any) -> None:
            super().__init__()
            weight = linear.weight.detach()
            self.scale = weight.abs().amax(1) / 127
            self.weight = torch.round(weight / self.scale[:, None]).to(torch.int8).t().contiguous()
            self.bias = linear.bias.detach()

        def forward(self, x: Any) -> Any:
            flat = x.reshape(-1, x.shape[-1])
            scale = flat.abs().amax(1, keepdim=True).clamp(min=1e-9) / 127
            product = torch._int_mm(torch.round(flat / scale).to(torch.int8), self.weight)
            return (product * (scale * self.scale) + self.bias).view(*x.shape[:-1], -1)

    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, torch.nn.Linear):
                setattr(module, name, Int8(child))
