"""Measures known from lists and sections only, and measures that a document names twice. All texts are invented."""

from __future__ import annotations

import pytest

from strategy_miner.coding.listed import says_measures
from strategy_miner.coding.measures import measures
from strategy_miner.records import Measure, Page
from tests.test_coding_measures import PROFILE, block, page

Part = tuple[str, str]
LIST = [
    "• Dorfbus auf Abruf: Ein Kleinbus fährt auf Bestellung.",
    "• Pflege-Lotsin – Eine Fachkraft berät Angehörige.",
    "• Waldbrandfrüherkennung: Sensoren messen Feuchte im Forst.",
]
NAMES = ["1. Lernwerkstatt im Kreishaus", "2. Digitale Schulchronik", "3. Bibliothek der Dinge"]


def items(texts: list[str]) -> list[Part]:
    return [("list_item", text) for text in texts]


def titles(*parts: Part) -> list[tuple[str, str]]:
    return [(measure.title, measure.form) for measure in measures([page(1, *parts)])]


def levels(*parts: tuple[int, str, str]) -> list[Measure]:
    """Headings with their level, each with a paragraph below ("" for none)."""
    blocks = []
    for order, (level, heading, text) in enumerate(parts):
        made = block("heading", heading, 2 * order)
        blocks.append(type(made)(made.id, made.order, "heading", level, heading, heading, (), made.boxes, (), ()))
        if text:
            blocks.append(block("paragraph", text, 2 * order + 1))
    return measures([Page("d" * 16, 1, 595, 842, "pdfium", "read", "", tuple(blocks))])


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Unsere Maßnahmen im Überblick", True),
        ("5.2 Maßnahmen", True),
        ("Projekte und Maßnahmen", True),
        ("3. Projekte:", True),
        ("Handlungsfeld Bildung: Projekte", True),
        ("Quick Wins", True),
        ("Laufende Projekte", True),
        ("Übersicht der Maßnahmen", True),
        ("Maßnahmen im Handlungsfeld Mobilität", True),
        ("Leuchtturmprojekte", True),
        ("Projekte der Vergangenheit", False),
        ("Maßnahmen gegen Hochwasser", False),
        ("Ziele", False),
        ("Herausforderungen", False),
        ("Projektmanagement", False),
        ("Wie wir Maßnahmen bewerten", False),
    ],
)
def test_headings_that_announce_measures(heading: str, expected: bool) -> None:
    assert says_measures(heading) is expected


def test_items_with_text_and_names_alone() -> None:
    assert titles(("heading", "Unsere Maßnahmen im Überblick"), *items(LIST)) == [
        ("Dorfbus auf Abruf", "list"), ("Pflege-Lotsin", "list"), ("Waldbrandfrüherkennung", "list"),
    ]  # fmt: skip
    assert titles(("heading", "Projekte"), *items(NAMES)) == [
        ("Lernwerkstatt im Kreishaus", "list"), ("Digitale Schulchronik", "list"), ("Bibliothek der Dinge", "list"),
    ]  # fmt: skip


def test_the_text_after_the_name_is_the_description() -> None:
    found = measures([page(4, ("heading", "Projekte"), *items(LIST))])
    assert found[0].description == "Ein Kleinbus fährt auf Bestellung."
    assert found[0].page == 4
    assert found[0].boxes


def test_paragraphs_that_all_begin_with_a_name() -> None:
    paragraphs = [("paragraph", text.removeprefix("• ")) for text in LIST]
    assert len(titles(("heading", "3. Projekte:"), *paragraphs)) == 3


def test_a_sentence_that_announces_a_list() -> None:
    lead = ("paragraph", "Folgende Maßnahmen setzt der Kreis um:")
    assert len(titles(("heading", "Verkehr"), lead, *items(LIST))) == 3


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([("heading", "Ziele"), *items(NAMES)], "aims"),
        ([("heading", "Herausforderungen"), *items(LIST)], "the heading says something else"),
        ([("heading", "Maßnahmen"), *items(NAMES[:2])], "two items"),
        ([("heading", "Maßnahmen"), *items(["Wir bauen Wege.", "Es fehlt an Geld.", "Das ist klar."])], "sentences"),
        ([("heading", "Maßnahmen"), ("paragraph", "Ein Absatz: er sagt viel."), ("paragraph", "Noch einer.")], "prose"),
        (
            [
                ("heading", "Projekte"),
                ("paragraph", "Mieten senken – Wohnungen bauen: Wir werden das Land verändern."),
                ("paragraph", "Steuern gerecht verteilen: Wir wollen neue Stufen."),
                ("paragraph", "Bahnen ausbauen: Dafür kämpfen wir."),
            ],
            "demands of a party",
        ),
    ],
)  # fmt: skip
def test_lists_that_are_none(parts: list[Part], why: str) -> None:
    assert titles(*parts) == [], why


def test_sections_under_a_heading_of_measures() -> None:
    found = levels(
        (1, "Einleitung", "Worum es geht."),
        (1, "Maßnahmen", ""),
        (2, "Kreisweite Datenplattform", "Der Kreis bündelt Daten der Gemeinden."),
        (2, "Virtuelles Rathaus", "Anträge werden online gestellt."),
        (2, "Sensorik für Pegelstände", "Sensoren messen den Wasserstand."),
        (1, "Ausblick", "Wie es weitergeht."),
    )
    assert [(m.title, m.form, m.description) for m in found] == [
        ("Kreisweite Datenplattform", "section", "Der Kreis bündelt Daten der Gemeinden."),
        ("Virtuelles Rathaus", "section", "Anträge werden online gestellt."),
        ("Sensorik für Pegelstände", "section", "Sensoren messen den Wasserstand."),
    ]


def test_fields_under_a_heading_of_measures_are_none() -> None:
    found = levels(
        (1, "Handlungsfelder", ""), (2, "Energie", "Text."), (2, "Mobilität", "Text."), (2, "Bildung", "Text."),
        (1, "Maßnahmen", ""), (2, "Energie", "Text."), (2, "Mobilität", "Text."), (2, "Bildung", "Text."),
    )  # fmt: skip
    assert found == []


def test_a_listed_measure_with_a_sheet_is_one() -> None:
    overview = [("heading", "Maßnahmen im Überblick"), *items(["• Radstation", "• Nachtbus", "• Leseecke"])]
    found = measures([page(1, *overview, ("heading", "M1 Radstation"), ("table", "", PROFILE))])
    assert [(m.title, m.form) for m in found] == [("Nachtbus", "list"), ("Leseecke", "list"), ("Radstation", "sheet")]
    (station,) = [m for m in found if m.form == "sheet"]
    assert len(station.boxes) == 3, "of the list, of the heading, of the table"


@pytest.mark.parametrize(
    "text", ["Wort: und mehr " * 7000, "Kosten: 5 € Zeitraum: 2024 " * 4000, "Gesamt " + ". " * 50_000]
)
def test_texts_of_100_000_characters_end(text: str) -> None:
    """Quadratic searches for labels took minutes here."""
    assert titles(("heading", "Maßnahmen"), ("paragraph", text), ("list_item", text)) in ([], [("Maßnahmen", "sheet")])
