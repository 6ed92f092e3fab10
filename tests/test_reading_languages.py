"""The language of a text: each case says why it is there."""

from __future__ import annotations

import pytest

from strategy_miner.reading.languages import german_share, is_noise, language

GERMAN = "Die Stadt will bis zum nächsten Jahr alle Schulen mit schnellem Netz versorgen und die Wege verkürzen."
ENGLISH = "The city wants to connect every school by next year and will make it easier to walk between the districts."
FRENCH = "Notre ville veut relier toutes ses écoles cette année, afin que chaque enfant puisse apprendre."
CASES = [
    (GERMAN, "de", "a sentence"),
    (ENGLISH, "en", "English summaries stand in German strategies"),
    (FRENCH, "", "a language that is not told"),
    ("Nachhaltige Mobilität und Öffentlichkeit stärken", "de", "a heading of four words"),
    ("Smart City Lab Nord", "", "names are of no language"),
    ("Wärme", "", "one word is too short"),
    ("Car Sharing und Community Building am Hafen", "", "German texts borrow English words"),
    ("Mehr: https://www.example.org/the-new-city-of-the-future", "", "the words of an address say nothing"),
    ("", "", "nothing"),
    ("12 345 67,8 % kWh", "", "figures"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), CASES)
def test_language(text: str, expected: str, reason: str) -> None:
    assert language(text) == expected, reason


def test_the_share_of_german_needs_forty_words() -> None:
    assert german_share([GERMAN]) is None
    share, foreign = german_share([GERMAN] * 4), german_share([ENGLISH] * 4)
    assert share is not None
    assert foreign is not None
    assert share > 0.4 > 0.05 > foreign


def test_wrong_letters_are_noise_and_lists_of_names_are_none() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    wrong = GERMAN.translate(str.maketrans(letters, letters[7:] + letters[:7]))
    assert is_noise([wrong] * 4)
    assert not is_noise([GERMAN] * 4)
    assert not is_noise([ENGLISH] * 4)
    assert not is_noise(["Müller Anna Schmidt Bernd Weber"] * 40), "names are written with capitals"
