"""What a lexicon entry finds in German text, and what it must not find."""

from __future__ import annotations

import time
from pathlib import Path

from strategy_miner.coding.lexicon import Lexicon
from strategy_miner.language.compounds import compounds

TABLE = Path(__file__).parent / "tables" / "compounds.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def found(entry: str, text: str) -> bool:
    return bool(Lexicon([{"include": [entry]}]).matches(text))


def test_the_table_of_compounds() -> None:
    """Rows marked ! are known not to be reached; one that is reached must lose its mark."""
    wrong = [
        f"{entry} in {text}: {wanted} ({why})"
        for entry, text, wanted, _, why in ROWS
        if (found(entry, text) == (wanted.strip("!") == "yes")) == wanted.startswith("!")
    ]
    assert not wrong


def test_the_table_of_compounds_in_morphemes() -> None:
    wrong = [
        f"{text}: {wanted}"
        for _, text, _, wanted, _ in ROWS
        if wanted and ("|".join(compounds().parts(text)) == wanted.strip("!")) == wanted.startswith("!")
    ]
    assert not wrong


def test_the_table_is_large_and_holds_both_ways() -> None:
    assert len(ROWS) >= 300
    assert len({(entry, text) for entry, text, *_ in ROWS}) == len(ROWS)
    assert min(sum(row[2] == "yes" for row in ROWS), sum(row[2] == "no" for row in ROWS)) >= 100
    assert sum(row[2].startswith("!") for row in ROWS) <= 4
    assert sum(row[3].startswith("!") for row in ROWS) <= 15


def test_excluded_words_take_the_match_away() -> None:
    lexicon = Lexicon([{"include": ["klima"], "exclude": ["arbeitsklima"]}])
    assert [match.words for match in lexicon.matches("Arbeitsklima und Klimaschutz")] == ["Klimaschutz"]


def test_a_longer_entry_swallows_the_shorter_and_strong_beats_weak() -> None:
    lexicon = Lexicon([{"include": ["open data"], "weak": ["=data", "=open"]}])
    assert [(match.entry, match.strong) for match in lexicon.matches("Open Data")] == [("open data", True)]


def test_counts_different_entries_per_code() -> None:
    lexicon = Lexicon([{"include": ["radweg", "ampel"], "weak": ["straße"]}, {"include": ["schule"]}])
    strong, weak = lexicon.counts("Radwege, Radweg, Ampeln; die Straße zur Schule")
    assert (strong, weak) == ([2, 1], [1, 0])


def test_evidence_is_what_the_text_says() -> None:
    (match,) = Lexicon([{"include": ["energiewende"]}]).matches("Für die Energie- und Verkehrswende.")
    assert match.words == "Energie- … Verkehrswende"


def test_long_and_odd_texts_are_no_trouble() -> None:
    lexicon = Lexicon([{"include": ["mobilität"]}])
    assert not lexicon.matches("")
    assert not lexicon.matches("\x00\x07- - -- / *innen (in) ::")
    start = time.perf_counter()
    assert lexicon.matches("Elektromobilität " * 10_000)
    assert time.perf_counter() - start < 5


def test_a_run_of_letters_without_spaces_is_no_word() -> None:
    # Twenty thousand letters instead of a hundred thousand: without the limit even these take minutes and gigabytes.
    run = "Energie" + "energie" * 3000
    lexicon = Lexicon([{"include": ["energie"]}])
    start = time.perf_counter()
    assert [match.words for match in lexicon.matches(f"{run} Windenergie- und {run}")] == ["Windenergie"]
    assert compounds().parts(run) == (run.lower(),)
    assert time.perf_counter() - start < 5
