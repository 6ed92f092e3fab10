"""The words of segments: which ones, with which lemma and part of speech, in which spelling."""

from __future__ import annotations

from typing import Any

import pytest

from strategy_miner.language import load_pipeline, tag_segments
from strategy_miner.language.tagging import spelt_like
from strategy_miner.records import Segment


@pytest.fixture(scope="module")
def nlp() -> Any:
    return load_pipeline("hanta")


def segments(*texts: str) -> list[Segment]:
    return [Segment(f"s{n}", "d", n, 1, "paragraph", (), text, (), (), ()) for n, text in enumerate(texts)]


def test_words_without_signs_and_numbers(nlp: Any) -> None:
    (tagged,) = tag_segments(nlp, segments("• Die Stadt baut 2024 zwei neue Schulen | 5 % mehr – für alle!"))
    assert tagged.segment_id == "s0"
    words = dict(zip(tagged.lemmas, tagged.tags, strict=True))
    assert words["Stadt"] == words["Schule"] == "NOUN"
    assert words["bauen"] == "VERB"
    assert words["neu"] == "ADJ"
    assert len(words) == 8  # die Stadt bauen neu Schule mehr für alle


def test_each_segment_stands_for_itself(nlp: Any) -> None:
    texts = ["Der Beirat berät den Plan.", "", "Quartiere wachsen zusammen.", "–"]
    together = tag_segments(nlp, segments(*texts))
    assert [len(tagged.lemmas) for tagged in together] == [5, 0, 3, 0]
    backwards = tag_segments(nlp, segments(*texts)[::-1])[::-1]
    alone = [tag_segments(load_pipeline("hanta"), [segment])[0] for segment in segments(*texts)[:1]]
    assert together == backwards
    assert together[:1] == alone


@pytest.mark.parametrize(
    ("word", "lemma", "tag", "spelt", "why"),
    [
        ("Prozesse", "Prozeß", "NOUN", "Prozess", "ss after a short vowel, as in the text"),
        ("Beschlüsse", "Beschluß", "NOUN", "Beschluss", "through the umlaut of the plural"),
        ("Flussschlüsse", "Flußschluß", "NOUN", "Flussschluss", "twice in a word"),
        ("Maße", "Maß", "NOUN", "Maß", "ß in the text as well"),
        ("beschloss", "beschließen", "VERB", "beschließen", "another vowel before it"),
        ("LEDs", "Led", "NOUN", "LED", "an acronym"),
        ("Smart-City-Büros", "Smart-city-büro", "NOUN", "Smart-City-Büro", "parts of a compound"),
        ("Smart-City-Häuser", "Smart-city-haus", "NOUN", "Smart-City-Haus", "as far as the two agree"),
        ("KLIMASCHUTZ", "Klimaschutz", "NOUN", "Klimaschutz", "a heading in capitals is no acronym"),
        ("Ärzte", "Arzt", "NOUN", "Arzt", "nothing in common at the start"),
        ("Digitale", "digital", "ADJ", "digital", "the capital of a sentence's first word"),
        ("schulen", "Schule", "NOUN", "Schule", "a noun written small"),
        ("Größte", "groß", "ADJ", "groß", "ß in both"),
    ],
)  # fmt: skip
def test_spelling(word: str, lemma: str, tag: str, spelt: str, why: str) -> None:
    assert spelt_like(word, lemma, tag) == spelt, why
