"""Base forms of the words of municipal strategies."""

from __future__ import annotations

import re
from pathlib import Path

from strategy_miner.language import load_pipeline

TABLE = Path(__file__).parent / "tables" / "lemmas.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def test_the_table_of_base_forms() -> None:
    """Rows marked ! are known not to be reached; one that is reached must lose its mark."""
    nlp = load_pipeline("hanta")
    wrong = []
    for phrase, expected in ROWS:
        word = re.search(r"\[(.+)\]", phrase)
        assert word, phrase
        lemma = next(t.lemma_ for t in nlp(re.sub(r"[\[\]]", "", phrase) + ".") if t.text == word.group(1))
        if (lemma == expected.removeprefix("!")) == expected.startswith("!"):
            wrong.append(f"{phrase}: {lemma} for {expected}")
    assert not wrong
    assert len(ROWS) >= 150
