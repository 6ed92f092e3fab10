"""What the labels of a measure say: costs in euro, years, status, fields. All cases are our own."""

from __future__ import annotations

import pytest

from strategy_miner.coding.amounts import Amount, amount
from strategy_miner.coding.periods import years
from strategy_miner.coding.planning import planning, status

NO = (None, None)
# text, low, high, due every year, why
AMOUNTS = [
    ("120.000 Euro", 120_000, 120_000, False, "plain"),
    ("350.000€", 350_000, 350_000, False, "no space"),
    ("12.500,50 €", 12_500.5, 12_500.5, False, "decimal comma"),
    ("1.200.000,00 EUR", 1_200_000, 1_200_000, False, "groups and cents"),
    ("300 000 €", 300_000, 300_000, False, "groups by space"),
    ("1 250 000 EUR", 1_250_000, 1_250_000, False, "two spaces"),
    ("250’000 EUR", 250_000, 250_000, False, "groups by apostrophe"),
    ("ca. 150.000 Euro", 150_000, 150_000, False, "about"),
    ("rund 75.000 Euro zzgl. Personalkosten", 75_000, 75_000, False, "what is added is not counted"),
    ("€ 25.000,-", 25_000, 25_000, False, "sign in front, dash for cents"),
    ("25.000,-- €", 25_000, 25_000, False, "two dashes"),
    ("25.000,– Euro", 25_000, 25_000, False, "long dash"),
    ("1,2 Mio. €", 1_200_000, 1_200_000, False, "million"),
    ("EUR 1.5 Mio.", 1_500_000, 1_500_000, False, "decimal point"),
    ("1.250 Mio. €", 1_250_000, 1_250_000, False, "a point before three digits and Mio. is a decimal point"),
    ("3 Millionen Euro", 3_000_000, 3_000_000, False, "spelled out"),
    ("eine Million Euro", 1_000_000, 1_000_000, False, "number word"),
    ("eine halbe Million Euro", 500_000, 500_000, False, "half"),
    ("0,002 Mrd. €", None, None, False, "three decimals: not read"),
    ("2 Mrd. Euro", 2e9, 2e9, False, "billion"),
    ("TEUR 300", 300_000, 300_000, False, "thousands in front"),
    ("300 TEUR", 300_000, 300_000, False, "thousands behind"),
    ("80 T€", 80_000, 80_000, False, "T€"),
    ("15 k€", 15_000, 15_000, False, "k€"),
    ("300 Tsd. €", 300_000, 300_000, False, "Tsd."),
    ("300 Tausend Euro", 300_000, 300_000, False, "Tausend"),
    ("50 - 80 T€", 50_000, 80_000, False, "range, unit at its end"),
    ("50–80 T€", 50_000, 80_000, False, "range with a dash"),
    ("10 T€ bis 15 T€", 10_000, 15_000, False, "unit on both"),
    ("50.000 bis 80.000 €", 50_000, 80_000, False, "bis"),
    ("0,5 bis 1 Mio. Euro", 500_000, 1_000_000, False, "millions for both"),
    ("500.000 bis 1 Mio. €", 500_000, 1_000_000, False, "a grouped number is in euro"),
    ("500.000 € - 1,2 Mio. €", 500_000, 1_200_000, False, "two units"),
    ("ca. 30.000 - ca. 40.000 €", 30_000, 40_000, False, "about on both"),
    ("zwischen 10.000 und 20.000 Euro", 10_000, 20_000, False, "between"),
    ("mittel (10.000–50.000 €)", 10_000, 50_000, False, "class with its bounds"),
    ("bis zu 50.000 €", None, 50_000, False, "at most"),
    ("max. 50.000 €", None, 50_000, False, "at most"),
    ("< 10.000 €", None, 10_000, False, "less than"),
    ("ab 50.000 €", 50_000, None, False, "at least"),
    ("mindestens 1 Mio. Euro", 1_000_000, None, False, "at least"),
    ("hoch (> 500.000 €)", 500_000, None, False, "more than"),
    ("2 x 40.000 €", 80_000, 80_000, False, "a product is one sum as written"),
    ("3 × 20 T€", 60_000, 60_000, False, "sign of multiplication"),
    ("jährlich 20.000 €", 20_000, 20_000, True, "every year"),
    ("20.000 €/a", 20_000, 20_000, True, "per annum"),
    ("20.000 € p. a.", 20_000, 20_000, True, "per annum"),
    ("2.500 Euro/Jahr", 2_500, 2_500, True, "per year"),
    ("30.000 - 40.000 Euro pro Jahr", 30_000, 40_000, True, "range per year"),
    ("Gesamt: 70.000 €", 70_000, 70_000, False, "total"),
    ("Personal: 50.000 €, Sachmittel: 20.000 €, gesamt: 70.000 €", 70_000, 70_000, False, "the total counts"),
    ("Fördersumme von insgesamt 2,3 Mio. Euro", 2_300_000, 2_300_000, False, "in all"),
    ("Gesamtkosten: 200.000 €, davon 150.000 € Fördermittel", 200_000, 200_000, False, "a part is not counted"),
    ("200.000 € (davon 90 % Förderung)", 200_000, 200_000, False, "share in brackets"),
    ("2023: 50.000 €", 50_000, 50_000, False, "a year is no sum"),
    ("Im Haushalt 2024 sind 80.000 € eingeplant", 80_000, 80_000, False, "in a sentence"),
    ("150.000", 150_000, 150_000, False, "a grouped number alone"),
    ("0 €", 0, 0, False, "nothing is a sum"),
    ("Personal: 50.000 €, Sachmittel: 20.000 €", *NO, False, "never added up"),
    ("Investition 120.000 € (2024), 80.000 € (2025)", *NO, False, "never added up"),
    ("5.000 € je Station", *NO, False, "price of a piece"),
    ("500 € monatlich", *NO, False, "rent"),
    ("10 €/m²", *NO, False, "rate"),
    ("kostenneutral", *NO, False, "no number"),
    ("k. A.", *NO, False, "not stated"),
    ("offen", *NO, False, "not stated"),
    ("gering", *NO, False, "class without bounds"),
    ("keine zusätzlichen Kosten", *NO, False, "no number"),
    ("2024", *NO, False, "a year"),
    ("2 VZÄ", *NO, False, "posts"),
    ("1,0 Stelle E 13", *NO, False, "posts"),
    ("20 Personentage", *NO, False, "days"),
    ("Förderquote 65 %", *NO, False, "share"),
    ("", *NO, False, "empty"),
]


@pytest.mark.parametrize(("text", "low", "high", "yearly", "why"), AMOUNTS, ids=[row[0] for row in AMOUNTS])
def test_amounts(text, low, high, yearly, why):
    assert amount(text) == Amount(low, high, yearly), why


@pytest.mark.parametrize(
    ("text", "label", "low", "high", "yearly"),
    [
        ("150", "Kosten (in T€)", 150_000, 150_000, False),
        ("40-60", "Kosten in TEUR", 40_000, 60_000, False),
        ("1.500", "Kosten in €", 1_500, 1_500, False),
        ("20.000", "Jährliche Anschubkosten (€)", 20_000, 20_000, True),
        ("1,5", "Investition (Mio. Euro)", 1_500_000, 1_500_000, False),
        ("hoch", "Kosten (in T€)", None, None, False),
        ("30.000 (Sachmittel, 3 Jahre)", "Kosten (€)", 30_000, 30_000, False),
        ("40.000 Euro über 3 Jahre", "Kosten (€)", 40_000, 40_000, False),
        ("60.000 für Zuschüsse (600 bis 1.000 Euro)", "Kosten (€)", None, None, False),
        ("0", "Kosten (€)", 0, 0, False),
        ("30.000 einmalig", "Jährliche Kosten (€)", 30_000, 30_000, False),
        ("max. 5 % Mehrkosten", "Kosten (€)", None, None, False),
    ],
)
def test_the_label_gives_the_unit(text, label, low, high, yearly):
    assert amount(text, label) == Amount(low, high, yearly)


@pytest.mark.parametrize(
    ("text", "label", "start", "end"),
    [
        ("2022 bis 2024", "", 2022, 2024),
        ("2022–2024", "", 2022, 2024),
        ("03/2022 bis 12/2026", "", 2022, 2026),
        ("03/22 - 06/24", "", 2022, 2024),
        ("01.03.2023 - 28.02.2026", "", 2023, 2026),
        ("Q3 2023 – Q2 2025", "", 2023, 2025),
        ("2023/24", "", 2023, 2024),
        ("Winter 2023/2024", "", 2023, 2024),
        ("2023", "", 2023, 2023),
        ("ab 2024", "", 2024, None),
        ("ab Mitte 2023 (36 Monate)", "", 2023, None),
        ("seit 2019", "", 2019, None),
        ("2024 ff.", "", 2024, None),
        ("2022 - laufend", "", 2022, None),
        ("2021-2023, danach laufend", "", 2021, None),
        ("Start im 2. Quartal 2024", "", 2024, None),
        ("bis 2030", "", None, 2030),
        ("bis Ende 2025", "", None, 2025),
        ("spätestens 2027", "", None, 2027),
        ("2023", "Projektbeginn", 2023, None),
        ("2025", "Projektende", None, 2025),
        ("3 Jahre", "", None, None),
        ("kurzfristig", "", None, None),
        ("120.000 Euro", "", None, None),
    ],
)
def test_years(text, label, start, end):
    assert years(text, label) == (start, end)


@pytest.mark.parametrize(
    ("pairs", "title", "path", "expected"),
    [
        ([("Status", "Quick-Win")], "Radstation", (), "quick_win"),
        ([("Maßnahmentyp", "Sofortmaßnahme, in Umsetzung")], "Radstation", (), "quick_win"),
        ([("Status", "in Umsetzung")], "Radstation", (), "begun"),
        ([("Umsetzungsstand", "begonnen")], "Radstation", (), "begun"),
        ([("Status", "in Planung")], "Radstation", (), "implementation"),
        ([("Status", "Umsetzung ab Bewilligung")], "Radstation", (), "implementation"),
        ([("Status", "neu")], "Radstation", (), "implementation"),
        ([("Status", "abgeschlossen")], "Radstation", (), "done"),
        ([("Status", "noch nicht abgeschlossen, läuft")], "Radstation", (), "begun"),
        ([("Status", "☐ Quick Win ☒ in Umsetzung")], "Radstation", (), "begun"),
        ([("Status", "☐ Quick Win ☐ in Umsetzung")], "Radstation", (), ""),
        ([("Priorität", "hoch")], "Radstation", (), ""),
        ([], "Quick Win: Radstation", (), "quick_win"),
        ([], "Radstation", ("Maßnahmen", "2.1 Quick Wins"), "quick_win"),
        ([], "Radstation", ("Laufende Projekte",), "begun"),
        ([], "Radstation", ("Umsetzungsmaßnahmen",), "implementation"),
        ([], "Radstation", ("Neue Projekte", "Sofortmaßnahmen"), "quick_win"),
        ([], "Radstation", ("Laufende Kosten",), ""),
        ([("Status", "in Planung")], "Radstation", ("Quick Wins",), "implementation"),
    ],
)
def test_status(pairs, title, path, expected):
    assert status(pairs, title, path) == expected


def test_all_that_labels_say():
    pairs = [
        ("Handlungsfelder", "Mobilität; Klima & Energie"), ("Federführung", "Tiefbauamt"),
        ("Weitere Akteure", "Radverein, Schulen"), ("Projektbeginn", "2023"), ("Projektende", "12/2025"),
        ("Kosten (in T€)", "50 - 80"), ("Finanzierung", "Haushalt"),
    ]  # fmt: skip
    assert planning(pairs, "Radstation", ()) == {
        "fields": ("Mobilität", "Klima & Energie"), "status": "", "responsible": "Tiefbauamt",
        "partners": "Radverein, Schulen", "period": "Projektbeginn: 2023; Projektende: 12/2025",
        "start_year": 2023, "end_year": 2025, "cost": "Kosten (in T€): 50 - 80; Finanzierung: Haushalt",
        "cost_euro_low": 50_000.0, "cost_euro_high": 80_000.0, "cost_per_year": False,
    }  # fmt: skip


def test_two_costs_give_no_number_and_a_heading_gives_the_field():
    found = planning([("Sachkosten", "5.000 €"), ("Investition", "8.000 €")], "X", ("3 Handlungsfeld 2: Bildung", "X"))
    assert (found["cost_euro_low"], found["cost_euro_high"], found["fields"]) == (None, None, ("Bildung",))
