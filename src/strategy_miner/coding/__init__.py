"""Codes for texts and for names of fields; declared fields and measures; how well the codes agree with a reference."""

from strategy_miner.coding.classifier import Classifier, not_codable
from strategy_miner.coding.codebook import Code, Codebook, Example, Terms
from strategy_miner.coding.declared import declared_fields
from strategy_miner.coding.dimension import Coder, LexiconCoder, chosen, coder_of
from strategy_miner.coding.labelled import LabelledClassifier
from strategy_miner.coding.lexicon import Lexicon
from strategy_miner.coding.measures import measures
from strategy_miner.coding.named import declared_by_name
from strategy_miner.coding.names import FieldCoding, code_names

__all__ = [
    "Classifier", "Code", "Codebook", "Coder", "Example", "FieldCoding", "LabelledClassifier", "Lexicon",
    "LexiconCoder", "Terms", "chosen", "code_names", "coder_of", "declared_by_name", "declared_fields", "measures",
    "not_codable",
]  # fmt: skip
