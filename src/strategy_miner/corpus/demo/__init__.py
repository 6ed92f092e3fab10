"""The demo corpus: PDFs of fictional municipalities whose codes, declared fields and measures are known.

generate(Path("corpus/demo"), Path("build/demo"), settings.demo, seed=1, workers=0)

It is a regression check of the chain, never evidence of quality: the text was written by the project itself.
"""

from strategy_miner.corpus.demo.generate import compose_corpus, generate

__all__ = ["compose_corpus", "generate"]
