"""A corpus folder: corpus.yaml, projects.csv, pdf/, names of fields known from elsewhere, corrections by people.

corpus = Corpus.load(Path("corpus"), "mpsc")
corpus.documents()          # the PDFs that are there
corpus.missing_files()      # those that projects.csv names and the folder lacks
"""

from strategy_miner.corpus.check import Finding, check_corpus
from strategy_miner.corpus.corrections import NamedField, demand_known_codes
from strategy_miner.corpus.folder import Call, Corpus, new_corpus

__all__ = ["Call", "Corpus", "Finding", "NamedField", "check_corpus", "demand_known_codes", "new_corpus"]
