"""Measure sheets as cities lay them out: set as PDF, read, found. All municipalities and texts are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from strategy_miner.coding.measures import measures
from strategy_miner.reading import read
from strategy_miner.records import Measure
from strategy_miner.settings import ExtractSettings

SETTINGS = ExtractSettings(ocr=False, ocr_dpi=200, max_pages=50, wall_seconds=60, cpu_seconds=60, memory_mb=1500)
BASE = '#set text(lang: "de", size: 10pt)\n#set page(margin: 2cm, numbering: "1")\n#set heading(numbering: "1.1")\n'
TEXT = "Die Stadt Lindenau ist erfunden. Ihre Ämter, Vereine und Betriebe planen und berichten jedes Jahr. " * 3
LANDSCAPE = BASE.replace("margin: 2cm", "flipped: true, margin: 2cm")

FORM = f"""
= Maßnahmen
{TEXT}
== Quick Wins
=== Maßnahme 1: Digitale Anzeigen am Busbahnhof
#table(columns: (35%, 65%), [*Handlungsfeld*], [Mobilität], [*Kurzbeschreibung*], [Tafeln zeigen die Abfahrten.],
  [*Verantwortlich*], [Tiefbauamt], [*Beteiligte*], [Stadtwerke], [*Laufzeit*], [2023 bis 2024],
  [*Kosten*], [ca. 120.000 Euro])
"""
GRID = """
= Maßnahme 2: Bänke mit Ladepunkt
#grid(columns: (30%, 70%), row-gutter: 8pt, [*Ziel*], [Mehr Aufenthalt auf dem Markt.],
  [*Beschreibung*], [Zwölf Bänke bekommen Ladepunkte und freies WLAN.], [*Zuständigkeit*], [Bauhof],
  [*Zeitraum*], [ab 2024], [*Finanzierung*], [50 - 80 T€], [*Status*], [in Umsetzung])
"""
BOX = """
#block(fill: rgb("#e0f0ff"), inset: 10pt, width: 100%)[
#text(size: 14pt, weight: "bold")[Digitaler Zwilling Altstadt]

*Worum geht es?* Ein Modell der Altstadt hilft bei der Planung von Grünflächen.

*Projektverantwortung:* Stadtplanungsamt

*Partner:* Hochschule Lindenau

*Zeitplan:* 2023/24

*Budget:* 1,2 Mio. €
]
"""
TWO_COLUMNS = """
#block(stroke: 1pt, inset: 10pt, width: 100%)[
#text(size: 14pt, weight: "bold")[Mitreden in Lindenau]

#grid(columns: (1fr, 1fr), gutter: 12pt, [
#text(fill: rgb("#069"), weight: "bold")[Beschreibung]

Über die Plattform stimmen Menschen über Ideen ab und verfolgen deren Stand.
], [
#text(fill: rgb("#069"), weight: "bold")[Verantwortlich]

Stabsstelle Beteiligung

#text(fill: rgb("#069"), weight: "bold")[Zeitrahmen]

2022 – 2025

#text(fill: rgb("#069"), weight: "bold")[Kosten]

jährlich 20.000 €
])]
"""
LINES = f"""
= Ideenbüro im Bahnhof
Beschreibung: Das leere Gebäude wird ein Ort für Vereine. {TEXT}

Träger: Wirtschaftsförderung

Laufzeit: 36 Monate ab 2024

Kosten: 2 x 40.000 €
"""
ABOVE = """
= Klimadaten für alle
#text(fill: gray, size: 8pt)[KURZBESCHREIBUNG]

Zwanzig Stationen erfassen Hitze und Regen; die Werte stehen als offene Daten bereit.

#text(fill: gray, size: 8pt)[FEDERFÜHRUNG]

Umweltamt

#text(fill: gray, size: 8pt)[ZEITRAUM]

2024

#text(fill: gray, size: 8pt)[KOSTEN]

350.000 €
"""
CELLS = """
#table(columns: (1fr, 1fr, 1fr), table.cell(colspan: 3, fill: rgb("#d0e8d0"))[*M 1: Solardächer auf Schulen*],
  [*Handlungsfeld:* \\ Energie], [*Einführung der Maßnahme:* \\ kurzfristig (2024)], [*Dauer der Maßnahme:* \\ 3 Jahre],
  table.cell(colspan: 3)[*Ziel und Strategie:* \\ Der Strom für die Schulen kommt vom eigenen Dach.],
  table.cell(colspan: 3)[*Beschreibung:* \\ Die Gemeinde rüstet sieben Dächer aus.],
  table.cell(colspan: 3)[*Initiator:* \\ Bauamt],
  table.cell(colspan: 3)[*Gesamtaufwand/(Anschub-)kosten:* \\ ca. 420.000 €])
"""
HEAD_ROW = f"""
= Offene Werkstatt
#table(columns: 4, fill: (x, y) => if y == 0 {{ rgb("#ccd") }}, [*Handlungsfeld*], [*Federführung*], [*Laufzeit*],
  [*Kosten*], [Bildung], [Volkshochschule], [2024–2027], [90.000 €])
In der Werkstatt teilen Menschen Werkzeug und Wissen.

= Parkraum im Blick
#table(columns: 4, fill: (x, y) => if y == 0 {{ rgb("#ccd") }}, [*Handlungsfeld*], [*Federführung*], [*Laufzeit*],
  [*Kosten*], [Mobilität], [Ordnungsamt], [ab 2025], [300 TEUR])
Sensoren melden freie Plätze. {TEXT}
"""
NUMBERED_ROW = """
#table(columns: (5cm, 1fr), fill: (x, y) => if y == 0 { rgb("#eee") }, [*B 7*], [*Baumkataster für alle*],
  [Kurzbeschreibung], [Menschen melden durstige Bäume.], [Zuständigkeit], [Grünflächenamt],
  [Umsetzungszeitraum], [2023 - 2024], [Kostenschätzung], [15.000 €])
"""


def side(title: str, who: str, cost: str) -> str:
    return (
        f'#grid(columns: (65%, 35%), gutter: 14pt, [#text(15pt, weight: "bold")[{title}]\n\n{TEXT * 2}], '
        f'[#block(fill: rgb("#f3e9d2"), inset: 8pt, width: 100%)[*Verantwortlich* \\ {who} \\ #v(3pt) *Zeitraum* \\ '
        f"2022 bis 2025 \\ #v(3pt) *Budget* \\ {cost}]])\n#v(1.5em)\n"
    )


def asking(number: int, title: str, who: str) -> str:
    return (
        f'[#text(8pt, fill: gray)[PROJEKTSTECKBRIEF {number}] \\ #text(15pt, weight: "bold", fill: red)[{title}]\n\n'
        f'#text(weight: "bold")[Worum geht es?] \\ Etwas Neues entsteht in neun Dörfern.\n\n'
        f'#text(weight: "bold")[Wer setzt um?] \\ {who}\n\n#text(weight: "bold")[Mit wem?] \\ Vereine\n\n'
        f'#text(weight: "bold")[Wann?] \\ ab 2023\n\n#text(weight: "bold")[Was kostet es?] \\ rund 800.000 Euro]'
    )


def one(title: str, who: str, start: int | None, end: int | None, low: float | None, high: float | None):  # type: ignore[no-untyped-def]
    return title, who, (start, end), (low, high)


CASES = [
    ("a table", BASE + FORM, [one("Digitale Anzeigen am Busbahnhof", "Tiefbauamt", 2023, 2024, 120e3, 120e3)]),
    ("columns without rules", BASE + GRID, [one("Bänke mit Ladepunkt", "Bauhof", 2024, None, 50e3, 80e3)]),
    ("a box", BASE + BOX, [one("Digitaler Zwilling Altstadt", "Stadtplanungsamt", 2023, 2024, 1.2e6, 1.2e6)]),
    ("two columns in a box", BASE + TWO_COLUMNS,
     [one("Mitreden in Lindenau", "Stabsstelle Beteiligung", 2022, 2025, 20e3, 20e3)]),
    ("labelled paragraphs", BASE + LINES,
     [one("Ideenbüro im Bahnhof", "Wirtschaftsförderung", 2024, None, 80e3, 80e3)]),
    ("labels above values", BASE + ABOVE, [one("Klimadaten für alle", "Umweltamt", 2024, 2024, 350e3, 350e3)]),
    ("label and value in one cell", BASE + CELLS,
     [one("Solardächer auf Schulen", "Bauamt", 2024, 2024, 420e3, 420e3)]),
    ("labels in a row above", BASE + HEAD_ROW, [
        one("Offene Werkstatt", "Volkshochschule", 2024, 2027, 90e3, 90e3),
        one("Parkraum im Blick", "Ordnungsamt", 2025, None, 300e3, 300e3),
    ]),
    ("number and title in the first row", BASE + NUMBERED_ROW,
     [one("Baumkataster für alle", "Grünflächenamt", 2023, 2024, 15e3, 15e3)]),
    ("boxes at the side", BASE + side("Haus der Neugier", "Bildungsbüro", "240.000 €")
     + side("Lieferrad für die Altstadt", "Bauhof", "60.000 €"), [
        one("Haus der Neugier", "Bildungsbüro", 2022, 2025, 240e3, 240e3),
        one("Lieferrad für die Altstadt", "Bauhof", 2022, 2025, 60e3, 60e3),
    ]),
    ("two sheets side by side that ask",
     f"{LANDSCAPE}#grid(columns: (1fr, 1fr), gutter: 2cm, {asking(1, 'Mobile Arztpraxis', 'Gesundheitsamt')}, "
     f"{asking(2, 'Dorfladen bei Nacht', 'Genossenschaft')})", [
        one("Mobile Arztpraxis", "Gesundheitsamt", 2023, None, 800e3, 800e3),
        one("Dorfladen bei Nacht", "Genossenschaft", 2023, None, 800e3, 800e3),
    ]),
]  # fmt: skip


def found(tmp_path: Path, source: str) -> list[Measure]:
    path = tmp_path / "plan.pdf"
    path.write_bytes(typst.compile(source.encode()))
    return measures(read(path, SETTINGS))


@pytest.mark.parametrize(("layout", "source", "expected"), CASES, ids=[case[0] for case in CASES])
def test_sheets(tmp_path: Path, layout: str, source: str, expected: list[tuple[object, ...]]) -> None:
    told = [
        (m.title, m.responsible, (m.start_year, m.end_year), (m.cost_euro_low, m.cost_euro_high))
        for m in found(tmp_path, source)
    ]
    assert told == expected, layout


def test_every_measure_has_page_boxes_and_description(tmp_path: Path) -> None:
    for measure in found(tmp_path, BASE + FORM + BOX + ABOVE + LINES):
        assert measure.page, measure.title
        assert measure.boxes, measure.title
        assert measure.description, measure.title


def test_status_comes_from_labels_and_chapters(tmp_path: Path) -> None:
    assert [m.status for m in found(tmp_path, BASE + FORM + GRID)] == ["quick_win", "begun"]


def test_a_timetable_and_groups_of_rows(tmp_path: Path) -> None:
    table = """
= Zeitplan
#table(columns: (40%, 20%, 20%, 20%), [*Maßnahme*], [*2023*], [*2024*], [*2025*], [Seebrücke], [x], [x], [],
  [Digitaler Bauhof], [], [], [x])
= Projekte
#table(columns: (10%, 30%, 35%, 25%), [Nr.], [Projekt], [Kurzbeschreibung], [Federführung],
  table.cell(colspan: 4)[*Handlungsfeld Mobilität*], [1.1], [Radzählstellen], [Zähler an Brücken.], [Amt 66],
  table.cell(colspan: 4)[*Handlungsfeld Bildung*], [2.1], [Offene Lernkarte], [Orte zum Lernen.], [Amt 40])
"""
    told = [(m.title, m.start_year, m.end_year, m.fields, m.responsible) for m in found(tmp_path, BASE + table)]
    assert told == [
        ("Seebrücke", 2023, 2024, (), ""), ("Digitaler Bauhof", 2025, 2025, (), ""),
        ("Radzählstellen", None, None, ("Mobilität",), "Amt 66"),
        ("Offene Lernkarte", None, None, ("Bildung",), "Amt 40"),
    ]  # fmt: skip


def test_a_table_over_two_pages_with_its_head_repeated(tmp_path: Path) -> None:
    rows = ", ".join(f"[{n}], [Vorhaben {n} in Lindenau], [Amt {n}], [{2020 + n % 5}], [{n * 5}]" for n in range(1, 50))
    head = "[*Nr.*], [*Maßnahme*], [*Verantwortlich*], [*Zeitraum*], [*Kosten in T€*]"
    widths = "(8%, 34%, 22%, 16%, 20%)"
    listed = found(tmp_path, f"{BASE}= Übersicht\n#table(columns: {widths}, table.header({head}), {rows})")
    assert [m.title for m in listed] == [f"Vorhaben {n} in Lindenau" for n in range(1, 50)]
    assert {m.page for m in listed} == {1, 2}
    assert [m.cost_euro_low for m in listed] == [n * 5000.0 for n in range(1, 50)]
    assert {m.form for m in listed} == {"table"}
