"""Copies are found through changed numbers, names, hyphens and single words; other texts on the same matter are not."""

import random

import pytest

from strategy_miner.coding.copies import (
    Pair,
    content_stems,
    groups,
    jaccard,
    municipal_names,
    names_within,
    near_pairs,
    plain_words,
    shingles,
    stem,
    taken_over,
)

NAMES = municipal_names(["Musterstadt", "Landkreis Beispiel-Süd", "Städteverbund Adorf und Bedorf"])
CALL = (
    "Die Stadt Musterstadt ist seit 2020 Teil des Programms und erhält bis 2026 Mittel in Höhe von 15,2 Millionen "
    "Euro. Ziel ist eine Smart-City-Strategie, die Bürgerinnen und Bürger an der Entwicklung ihrer Kommune beteiligt."
)
ADAPTED = (
    "Der Landkreis Beispiel-Süd ist seit 2021 Teil des Programms und erhält bis 2028 Mittel in Höhe von 8 Millionen "
    "Euro. Ziel ist eine SmartCity-Strategie, die Bürgerinnen und Bürger an der Entwicklung ihrer Kommune beteiligt."
)
OTHER = (
    "Die Stadt Musterstadt beteiligt ihre Bürgerinnen und Bürger seit 2020 an der Strategie und erhält Mittel des "
    "Programms. Eine Kommune entwickelt sich nur mit ihnen, das ist das Ziel der Smart-City-Strategie bis 2026."
)


def test_adapted_copy_is_near_and_another_text_with_the_same_words_is_not():
    one, two, other = (shingles(plain_words(text, NAMES)) for text in (CALL, ADAPTED, OTHER))
    assert jaccard(one, two) > 0.8
    assert jaccard(one, other) < 0.2


@pytest.mark.parametrize(
    "spelt", ["Smart‑City‑Büro", "SMART-CITY-BÜRO", "Smart-City-Bu\u0308ro", "SmartCity-Büro", "Smart\u00adCityBüro"]
)
def test_spellings_of_a_compound_are_alike(spelt):
    assert plain_words(spelt) == ["smartcitybuero"]


def test_names_with_endings_and_in_compounds_go_other_words_stay():
    text = "Musterstadts Rat, die Musterstädter, Musterstadt-Konferenz, Adorfer Bürger*innen, Mustermann"
    assert plain_words(text, NAMES) == ["rat", "die", "musterstaedter", "konferenz", "buergerinnen", "mustermann"]


def test_numbers_go_unless_they_are_the_content():
    assert plain_words("Im März 2023 wurden zwölf Büros mit 3.500 Euro gefördert") == [
        "im", "wurden", "bueros", "mit", "euro", "gefoerdert",
    ]  # fmt: skip
    one, two = "Personal 65 23 Rücklage 380 17", "Personal 75 21 Rücklage 390 12"
    assert plain_words(one) != plain_words(two), "a filled form is no copy of another"


def test_minhash_finds_what_all_pairs_find():
    draw = random.Random(3)
    words = [f"wort{n}" for n in range(400)]
    passages = [draw.choices(words, k=40) for _ in range(60)]
    for passage in passages[:40]:
        copy = [draw.choice(words) if draw.random() < 0.08 else word for word in passage]
        passages.append(copy)
    sets = [shingles(passage) for passage in passages]
    every = [
        Pair(i, j, jaccard(sets[i], sets[j]))
        for i in range(len(sets)) for j in range(i + 1, len(sets)) if jaccard(sets[i], sets[j]) >= 0.5
    ]  # fmt: skip
    assert len(every) > 20
    assert near_pairs(sets, 0.5, 1) == every == near_pairs(sets, 0.5, 2)


def test_no_pairs_without_passages():
    assert near_pairs([], 0.5, 1) == near_pairs([frozenset()] * 3, 0.5, 1) == []


def test_groups_are_chains_named_by_their_first():
    assert groups([Pair(5, 7, 1.0), Pair(1, 5, 0.6), Pair(2, 3, 0.9)]) == {1: 1, 2: 2, 3: 2, 5: 1, 7: 1}


def test_taken_over_share_and_run():
    source = shingles(["eins", "zwo", "drei", "vier", "fuenf", "sechs", "sieben", "acht"])
    assert taken_over(["eins", "zwo", "drei", "vier", "fuenf"], source) == (1.0, 5)
    assert taken_over(["x", "y", "z", "eins", "zwo", "drei", "vier"], source) == (0.4, 4)
    assert taken_over(["eins"], source) == taken_over(["eins", "drei", "fuenf"], source) == (0.0, 0)


def test_names_of_fields_stand_in_a_text_in_other_inflections_but_not_scattered():
    source = f" {' '.join(content_stems('Gefördert werden smarte Mobilität, die digitale Verwaltung und Städte.'))} "
    assert names_within("Smarter Mobilität", source)
    assert names_within("Digitale Verwaltungen", source)
    assert names_within("Stadt", source), "umlauts of the plural do not count"
    assert not names_within("Digitale Mobilität", source)
    assert not names_within("und", source), "no content word, no name"


def test_stems():
    assert stem("Städten") == stem("Stadt")
    assert stem("Quartiere") == stem("Quartiers") == stem("Quartier")
    assert stem("Klima") != stem("Klimaanpassung")
