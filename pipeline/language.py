"""Write the German spaCy pipeline as a folder: `python -m pipeline.language models/german [../shared/real]`.

`spacy.load("models/german")` opens it. With the folder of reference data its accuracy is measured for the model card.
"""

from __future__ import annotations

import sys
from pathlib import Path

from strategy_miner.language.pipeline import save_pipeline

if __name__ == "__main__":
    save_pipeline(Path(sys.argv[1]), *map(Path, sys.argv[2:3]))
