"""Codes for texts and for names of fields; declared fields and measures; how well the codes agree with a reference."""

from strategy_miner.coding.classifier import Classifier
from strategy_miner.coding.codebook import Code, Codebook, Example, Terms
from strategy_miner.coding.lexicon import Lexicon
from strategy_miner.coding.named import declared_by_name

__all__ = ["Classifier", "Code", "Codebook", "Example", "Lexicon", "Terms", "declared_by_name"]
