"""What a lexicon entry finds in German text, and what it must not find."""

from __future__ import annotations

import time

import pytest

from strategy_miner.coding.lexicon import Lexicon

FOUND = [
    ("mobilität", "Elektromobilität", "last part of a compound"),
    ("mobilität", "Mobilitätsstation", "first part, with linking s"),
    ("mobilität", "E-Mobilität", "after a hyphen"),
    ("mobilität", "MOBILITÄT", "capitals"),
    ("mobilität", "Mobilitaet", "umlaut transcribed"),
    ("energiewende", "Energie- und Wärmewende", "left half of a split compound"),
    ("wärmewende", "Energie- und Wärmewende", "right half of a split compound"),
    ("energiewende", "Energie-, Wärme- und Verkehrswende", "first of three halves"),
    ("wärmeverteilung", "Wärmeerzeugung und -verteilung", "second half split off"),
    ("straßenbahn", "Strassenbahnen", "ss for ß, plural"),
    ("bürgerbeteiligung", "Bürger*innenbeteiligung", "gender star inside"),
    ("bürgerbeteiligung", "Bürger:innenbeteiligung", "gender colon inside"),
    ("bürgerbeteiligung", "BürgerInnenbeteiligung", "Binnen-I"),
    ("ärzt-", "Ärzt_innen", "gender gap"),
    ("händler", "Händler/-innen", "slash and hyphen"),
    ("offen daten", "mit offenen Daten", "adjective inflected"),
    ("digital zwilling", "Der Digitale Zwilling", "two words, capitals"),
    ("open data", "Open-Data-Portal", "two words joined by hyphens"),
    ("smart grid", "Smart-Grid", "two words, hyphen"),
    ("-bus", "Stadtbus", "end of a compound, short entry"),
    ("bus-", "Busspur", "start of a compound, short entry"),
    ("=bus", "des Busses", "inflected short word"),
    ("hitze", "Hitzeaktionsplan", "five letters, open to the right"),
]
NOT_FOUND = [
    ("mobilität", "Immobilität", "a prefix is no compound"),
    ("mobilität", "Immobilie", "another word"),
    ("bus", "Robuste Busine", "a short entry is found only as a word"),
    ("bus", "Bushaltestelle", "a short entry without mark is no part of a compound"),
    ("rad", "Grad Celsius", "inside another word"),
    ("wärme", "Schwärme", "what precedes has no vowel and is no word"),
    ("offen daten", "Daten liegen offen", "order counts"),
    ("open data", "open to all data", "words between"),
    ("=ki", "Kita", "whole word"),
    ("energiewende", "Energie und Wärmewende", "no hyphen, no split compound"),
]


def found(entry: str, text: str) -> bool:
    return bool(Lexicon([{"include": [entry]}]).matches(text))


@pytest.mark.parametrize(("entry", "text", "reason"), FOUND)
def test_finds(entry: str, text: str, reason: str) -> None:
    assert found(entry, text), reason


@pytest.mark.parametrize(("entry", "text", "reason"), NOT_FOUND)
def test_does_not_find(entry: str, text: str, reason: str) -> None:
    assert not found(entry, text), reason


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
