"""Measures from profiles, labelled paragraphs and tables. All texts are our own; the cities are fictional."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from strategy_miner.coding.labels import label_role, split_labels
from strategy_miner.coding.measures import MeasureText, measures
from strategy_miner.coding.profiles import clean_title, without_template
from strategy_miner.records import Block, Coding, Measure, Page

PROFILE = (
    ("Handlungsfeld", "Mobilität"),
    ("Kurzbeschreibung", "Am Bahnhof entsteht ein überdachter Platz für Leihräder."),
    ("Zuständigkeit", "Tiefbauamt"),
    ("Laufzeit", "2024 bis 2026"),
    ("Kosten", "120.000 Euro"),
)


def block(kind: str, text: str, order: int, rows: Sequence[Sequence[str]] = ()) -> Block:
    box = ((1, 50.0, 10.0 * order, 400.0, 10.0 * order + 9),)
    level = 2 if kind == "heading" else None
    return Block(f"b{order}", order, kind, level, text, text, ("Mobilität",), box, tuple(map(tuple, rows)), ())


def page(number: int, *parts: tuple[str, str] | tuple[str, str, Sequence[Sequence[str]]]) -> Page:
    blocks = tuple(block(part[0], part[1], order, *part[2:]) for order, part in enumerate(parts))
    return Page("d" * 16, number, 595, 842, "pdfium", "read", "", blocks)


def profile(title: str) -> list[Measure]:
    return measures([page(3, ("heading", title), ("table", "", PROFILE))])


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Maßnahme 3: Radstation am Bahnhof", "Radstation am Bahnhof"),
        ("M3 Radstation am Bahnhof", "Radstation am Bahnhof"),
        ("Steckbrief 12: Radstation am Bahnhof", "Radstation am Bahnhof"),
        ("7.2.1 Radstation am Bahnhof", "Radstation am Bahnhof"),
        ("Radstation am Bahnhof", "Radstation am Bahnhof"),
        ("Mobilstation 2030", "Mobilstation 2030"),
        ("5G für alle", "5G für alle"),
    ],
)
def test_titles(heading: str, title: str) -> None:
    assert clean_title(heading) == title
    assert [measure.title for measure in profile(heading)] == [title]


def test_titles_lose_the_words_of_the_template() -> None:
    names = [
        "Radstation",
        "Leihräder am Bahnhof",
        "Solardach",
        "Lernlabor",
        "Warn-App",
        "Hofladen",
        "Ideenbus",
        "Leseecke",
    ]
    glued = [f"{name} Bewertung Plan Musterstadt" for name in names]
    assert without_template([*glued, "Dorfplatz Plan Musterstadt"]) == [*names, "Dorfplatz"]
    assert without_template(glued[:7]) == glued[:7], "too few to tell a template from a habit"
    assert without_template(names) == names


def test_a_profile_keeps_labels_as_written_with_page_and_boxes() -> None:
    (measure,) = profile("Maßnahme 3: Radstation am Bahnhof")
    assert measure.labels == PROFILE
    assert measure.description == "Am Bahnhof entsteht ein überdachter Platz für Leihräder."
    assert measure.page == 3
    assert len(measure.boxes) == 2, "title and table"


def test_a_title_row_inside_the_table_and_two_profiles_in_one() -> None:
    rows = [("Radstation", ""), *PROFILE, ("Lastenrad leihen", ""), *PROFILE]
    found = measures([page(1, ("heading", "Mobilität"), ("table", "", rows))])
    assert [measure.title for measure in found] == ["Radstation", "Lastenrad leihen"]


def test_a_profile_that_runs_over_the_page_is_one() -> None:
    found = measures(
        [page(1, ("heading", "Radstation"), ("table", "", PROFILE[:3])), page(2, ("table", "", PROFILE[3:]))]
    )
    assert [len(measure.labels) for measure in found] == [5]


def test_pairs_side_by_side_and_cells_without_a_label() -> None:
    rows = [("Ziel", "Mehr Wege mit dem Rad", "Laufzeit", "2025"), ("Akteure", "Stadt, Verein"), ("", "und Schulen")]
    (measure,) = measures([page(1, ("heading", "Radschule"), ("table", "", rows))])
    assert measure.labels == (
        ("Ziel", "Mehr Wege mit dem Rad"),
        ("Laufzeit", "2025"),
        ("Akteure", "Stadt, Verein und Schulen"),
    )
    assert measure.description == "Mehr Wege mit dem Rad"


def test_labelled_paragraphs_without_a_table() -> None:
    found = measures(
        [
            page(
                1,
                ("paragraph", "M 4 Schwimmen lernen"),
                ("paragraph", "Ziel: Jedes Kind soll schwimmen können."),
                ("paragraph", "Zuständig: Sportamt Beteiligte: Vereine und Schulen"),
                ("paragraph", "Zeitraum: ab 2024"),
                ("paragraph", "M 5 Nachtbus"),
                ("paragraph", "Ziel: Sicher nach Hause."),
                ("paragraph", "Zuständig: Verkehrsbetrieb"),
                ("paragraph", "Kosten: offen"),
            )
        ]
    )
    assert [(measure.title, len(measure.labels)) for measure in found] == [("Schwimmen lernen", 4), ("Nachtbus", 3)]


def test_labels_as_headings_take_the_text_below() -> None:
    found = measures(
        [
            page(
                1,
                ("heading", "Bürgerenergie"),
                ("heading", "Kurzbeschreibung"),
                ("paragraph", "Eine Genossenschaft baut Anlagen auf Schuldächern."),
                ("heading", "Akteure"),
                ("paragraph", "Stadtwerke und Genossenschaft"),
                ("heading", "Nächste Schritte"),
                ("list_item", "Dächer prüfen"),
                ("list_item", "Verein gründen"),
            )
        ]
    )
    assert [measure.labels for measure in found] == [
        (
            ("Kurzbeschreibung", "Eine Genossenschaft baut Anlagen auf Schuldächern."),
            ("Akteure", "Stadtwerke und Genossenschaft"),
            ("Nächste Schritte", "Dächer prüfen Verein gründen"),
        )
    ]


def test_a_table_of_measures_gives_one_per_row() -> None:
    rows = [
        ("Nr.", "Maßnahme", "Zuständigkeit", "Zeitraum", "Kosten"),
        ("1", "Sitzbänke am Markt", "Bauhof", "2024", "8.000 Euro"),
        ("2", "Trinkbrunnen", "Stadtwerke", "2025", "15.000 Euro"),
    ]
    found = measures([page(6, ("table", "", rows))])
    assert [(measure.title, measure.page) for measure in found] == [("Sitzbänke am Markt", 6), ("Trinkbrunnen", 6)]
    assert ("Kosten", "15.000 Euro") in found[1].labels


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (
            [
                ("heading", "Mobilität"),
                ("heading", "Herausforderungen"),
                ("paragraph", "Viel Verkehr."),
                ("heading", "Ziele"),
            ],
            "goals of a chapter are no measure",
        ),
        ([("table", "", [("Kostenart", "Betrag"), ("Personal", "555"), ("Sachkosten", "120")])], "a budget"),
        ([("table", "", [("Arbeitspaket", "von", "bis"), ("Konzept", "2023", "2024")])], "a timetable"),
        ([("paragraph", "Eines ist klar: Die Stadt muss handeln. Die Kosten: unbekannt.")], "colons in running text"),
        ([], "nothing"),
    ],
)
def test_no_measure_is_invented(parts: list[tuple[str, str]], why: str) -> None:
    assert measures([page(1, *parts)]) == [], why


@pytest.mark.parametrize(
    ("phrase", "role"),
    [
        ("Mögliche Akteure / Initiatoren", "responsible"),
        ("Weitere Akteure", "partners"),
        ("Jährliche Anschubkosten (€)", "cost"),
        ("Umsetzungszeitraum:", "period"),
        ("ZIELE", "goal"),
        ("Maßnahmentyp", "status"),
        ("Die Kosten trägt der Bund auf lange Sicht", None),
        ("kosten", None),
        ("Mobilität", None),
        ("", None),
    ],
)
def test_label_roles(phrase: str, role: str | None) -> None:
    assert label_role(phrase) == role


def test_labels_inside_a_paragraph_are_split() -> None:
    lead, pairs = split_labels("Vorab ein Satz. Zeitraum: ab 2024 Zuständig: Amt 61, siehe: Anlage")
    assert lead == "Vorab ein Satz."
    assert pairs == [("Zeitraum", "ab 2024"), ("Zuständig", "Amt 61, siehe: Anlage")]


def test_a_label_does_not_swallow_the_words_before_it() -> None:
    lead, pairs = split_labels("Klimaplan Auental 2030 Status: neu Jährliche Kosten: 500 Euro")
    assert lead == "Klimaplan Auental 2030"
    assert pairs == [("Status", "neu"), ("Jährliche Kosten", "500 Euro")]


def test_codes_come_from_title_and_description() -> None:
    seen: list[MeasureText] = []

    def code(items: Sequence[MeasureText]) -> list[list[Coding]]:
        seen.extend(items)
        return [[Coding(item.id, item.document_id, "field", "mobilitaet", 0.9, "test", "")] for item in items]

    (measure,) = measures([page(3, ("heading", "Radstation"), ("table", "", PROFILE))], code)
    assert measure.codes == ("mobilitaet",)
    assert measure.id == seen[0].id
    assert seen[0].text == "Radstation. Am Bahnhof entsteht ein überdachter Platz für Leihräder."
    assert seen[0].heading_path == ("Mobilität",)
