"""German string rules: each case says why it is there."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy_miner.text import fold, ligatures_resolved, repair_line_ends, sentence_spans, vocabulary

TABLE = Path(__file__).parent / "tables" / "line_ends.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def test_the_table_of_line_ends() -> None:
    """Rows marked ! are known not to be reached; one that is reached must lose its mark."""
    wrong = []
    for raw, expected, why in ROWS:
        text = repair_line_ends(raw.replace("~", "\u00ad").split("¶"))
        if (text == expected.removeprefix("!")) == expected.startswith("!"):
            wrong.append(f"{raw}: {text} for {expected} ({why})")
    assert not wrong


def test_the_table_of_line_ends_is_large() -> None:
    assert len({raw for raw, *_ in ROWS}) == len(ROWS) >= 200
    assert sum(expected.startswith("!") for _, expected, _ in ROWS) <= 2
    assert repair_line_ends([]) == ""


def test_the_documents_own_words_decide() -> None:
    known = vocabulary(["in der Smart-City-Strategie steht", "ein Ko-Finanzierungsplan gilt", "das Co-working lebt"])
    assert repair_line_ends(["Smart-", "City-Strategie"], known) == "Smart-City-Strategie"
    assert repair_line_ends(["das Co-", "working"], known) == "das Co-working", "without the witness it would be joined"
    assert repair_line_ends(["der Ko-", "finanzierungsplans"], known) == "der Ko-finanzierungsplans", "another form"
    assert repair_line_ends(["das Co-", "working"]) == "das Coworking"


SENTENCES = [
    ("Das ist eins. Das ist zwei.", 2, "plain"),
    ("Siehe z. B. Abb. 3 und Tab. 4. Ende.", 2, "abbreviations"),
    ("Am 3. Oktober 2021 begann es. Seither läuft es.", 2, "an ordinal before a month"),
    ("Das gilt u.a. Für die Stadt nicht.", 1, "an abbreviation before a capital"),
    ("Was nun? Weiter! Gut.", 3, "other signs"),
    ("„Wir fangen an.“ Das sagte sie.", 2, "closing quotes belong to the sentence"),
    ("Ohne Punkt am Ende", 1, "no stop at all"),
    ("   ", 0, "white space"),
]


@pytest.mark.parametrize(("text", "count", "reason"), SENTENCES)
def test_sentences(text: str, count: int, reason: str) -> None:
    assert len(sentence_spans(text)) == count, reason


@given(st.text(alphabet="aB .!?\n„“1", max_size=60))
def test_sentences_cover_every_visible_character_once(text: str) -> None:
    spans = sentence_spans(text)
    assert all(a < b for a, b in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    covered = "".join(text[a:b] for a, b in spans)
    assert "".join(covered.split()) == "".join(text.split())


def test_folding_is_one_for_three_spellings() -> None:
    assert fold("Größe") == fold("GRÖSSE") == fold("Groesse") == "groesse"


def test_ligatures_and_hidden_signs() -> None:
    assert ligatures_resolved("Eﬃzienz\u00ad und Pﬂege\u00a0heute") == "Effizienz und Pflege heute"
