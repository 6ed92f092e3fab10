"""Tables on small pages set with typst: cells, heads, stacked rows, columns of numbers without rules."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from strategy_miner.reading import read
from strategy_miner.records import Block
from strategy_miner.settings import ExtractSettings

SETTINGS = ExtractSettings(ocr=False, ocr_dpi=200, max_pages=50, wall_seconds=60, cpu_seconds=60, memory_mb=1500)
HEAD = '#set page(width: 420pt, height: 595pt, margin: 50pt)\n#set text(lang: "de", size: 10pt)\n'
FILLER = "Die Stadt Beispielhausen ist erfunden. Ihre Verwaltung baut Wege, pflegt Bäume und lädt zu Gesprächen ein. "


def tables(folder: Path, source: str) -> list[Block]:
    path = folder / "tafel.pdf"
    path.write_bytes(typst.compile((HEAD + source).encode()))
    return [b for p in read(path, SETTINGS) for b in p.blocks if b.kind == "table"]


RULED = [
    (
        "bold names above numbers",
        "#table(columns: 3, [*Ort*], [*2020*], [*2021*], [Nord], [1.200], [1.310], [Süd], [950], [990])",
        (1, 1),
    ),
    (
        "years above amounts, nothing bold",
        "#table(columns: 3, [], [2020], [2021], [Nord], [12,5 %], [13,0 %], [Süd], [8,1 %], [8,4 %])",
        (1, 1),
    ),
    (
        "two rows of heads, the first with merged cells",
        "#table(columns: 4, [], table.cell(colspan: 2)[*Betrag*], [*Anteil*], [*Ort*], [*2020*], [*2021*], [*2021*],"
        " [Nord], [1.200], [1.310], [57 %], [Süd], [950], [990], [43 %])",
        (2, 1),
    ),
    (
        "a tinted head over text",
        "#table(columns: 2, fill: (_, y) => if y == 0 { luma(200) }, [Vorteil], [Nachteil], [spart Wege],"
        " [kostet Zeit], [senkt Kosten], [braucht Pflege])",
        (1, 0),
    ),
    (
        "bold names in the first column beside text",
        "#table(columns: 2, [*Radweg*], [am Fluss entlang], [*Brücke*], [über die Bahn], [*Steg*], [am Hafen])",
        (0, 1),
    ),
    ("text without any head", "#table(columns: 2, [eins], [zwei], [drei], [vier], [fünf], [sechs])", (0, 0)),
    (
        "a bold sum below is no head",
        "#table(columns: 3, [*Ort*], [*2020*], [*2021*], [Nord], [1.200], [1.310], [*Summe*], [*1.200*], [*1.310*])",
        (1, 1),
    ),
]


@pytest.mark.parametrize(("reason", "source", "heads"), RULED, ids=[case[0] for case in RULED])
def test_heads_are_told_by_look_and_content(tmp_path: Path, reason: str, source: str, heads: tuple[int, int]) -> None:
    (table,) = tables(tmp_path, source)
    assert (table.header_rows, table.header_columns) == heads, reason


def test_a_ruled_row_with_stacked_numbers_is_cut_into_rows(tmp_path: Path) -> None:
    (table,) = tables(
        tmp_path,
        r"#table(columns: (150pt, 80pt, 80pt), [*Posten*], [*2020*], [*2021*],"
        r" [Personal und \ Versorgung \ Energie \ Gebäude], [\ 12.500 \ 3.100 \ 870], [\ 13.000 \ 3.300 \ 910],"
        r" [Summe], [16.470], [17.210])",
    )
    assert table.rows == (
        ("Posten", "2020", "2021"),
        ("Personal und Versorgung", "12.500", "13.000"),
        ("Energie", "3.100", "3.300"),
        ("Gebäude", "870", "910"),
        ("Summe", "16.470", "17.210"),
    )


def test_line_ends_in_cells_are_repaired_with_the_documents_words(tmp_path: Path) -> None:
    (table,) = tables(
        tmp_path,
        r"Zur Smart-City-Charta gehört ein E-Bike-Verleih im Ort. \ "
        r"#table(columns: 2, [E- \ Bike-Verleih], [Verwal- \ tung], [Smart-City- \ Charta], [Strom- und \ Gasnetz])",
    )
    assert table.rows == (("E-Bike-Verleih", "Verwaltung"), ("Smart-City-Charta", "Strom- und Gasnetz"))


def test_a_turned_table_has_its_rows(tmp_path: Path) -> None:
    (table,) = tables(
        tmp_path,
        "#rotate(-90deg, reflow: true)[#table(columns: 3, [*Jahr*], [*Räder*], [*Busse*], [2020], [12], [3],"
        " [2021], [15], [4])]",
    )
    assert table.rows == (("Jahr", "Räder", "Busse"), ("2020", "12", "3"), ("2021", "15", "4"))
    assert table.header_rows == 1


NUMBERS = """
#let row(a, b, c) = grid(columns: (180pt, 60pt, 60pt), a, align(right, b), align(right, c))
FILLER
#row([], [2020 \\ €], [2021 \\ €])
#row([Personal], [12.500,00], [13.000,50])
#row([Zuweisungen und Zuschüsse für laufende Zwecke], [3.100,00], [-3.300,00])
#row([Gebäude], [870,25], [910,00])
#row([], [16.470,25], [10.610,50])

FILLER
""".replace("FILLER", FILLER)


def test_columns_of_numbers_without_rules_are_a_table(tmp_path: Path) -> None:
    (table,) = tables(tmp_path, NUMBERS)
    assert table.rows == (
        ("", "2020", "2021"),
        ("", "€", "€"),
        ("Personal", "12.500,00", "13.000,50"),
        ("Zuweisungen und Zuschüsse für laufende Zwecke", "3.100,00", "−3.300,00"),
        ("Gebäude", "870,25", "910,00"),
        ("", "16.470,25", "10.610,50"),
    )
    assert (table.header_rows, table.header_columns) == (2, 1)


def spaced(*rows: str) -> str:
    return "#grid(columns: (220pt, 60pt), row-gutter: 6pt, " + ", ".join(rows) + ")"


NO_TABLES = [
    ("contents without dots", spaced("[Einleitung], [3]", "[Ziele], [12]", "[Wege], [27]", "[Schluss], [103]")),
    (
        "contents with dots",
        "".join(f"Kapitel {n} #box(width: 1fr, repeat[.]) {n * 7},50 \\ " for n in range(1, 6)),
    ),
    ("years of a life", spaced("[Gründung], [1998]", "[Umzug], [2004]", "[Ausbau], [2011]", "[Jubiläum], [2018]")),
    ("two columns of text", f"#columns(2)[{FILLER * 8}]"),
    (
        "a list with tabs",
        "".join(f"{n}. #h(20pt) Wir bauen {n * 3} Wege bis 20{20 + n} \\ " for n in range(1, 6)),
    ),
    (
        "an address",
        r"Rathaus \ Am Markt 1 \ 12345 Beispielhausen \ Telefon #h(30pt) 01234 5678-0 \ Fax #h(46pt) 5678-99",
    ),
    ("signatures", spaced("[Ort, Datum], [Unterschrift]", "[Beispielhausen, 3.5.2021], [A. Muster]")),
]


@pytest.mark.parametrize(("reason", "source"), NO_TABLES, ids=[case[0] for case in NO_TABLES])
def test_what_only_looks_like_columns_is_no_table(tmp_path: Path, reason: str, source: str) -> None:
    assert not tables(tmp_path, FILLER + "\n\n" + source + "\n\n" + FILLER), reason


def sheet(title: str, goal: str, place: str, cost: str) -> list[str]:
    return [f"[{x}]" for x in ("Ziel", goal, "Ort", place, "Titel", title, "Kosten", cost)]


SHEETS = [
    (
        "labels set bold, two columns",
        "#table(columns: 2, [*Ziel*], [kurze Wege für alle], [*Ort*], [Nord], [*Kosten*], [gering])",
        (("Ziel", "kurze Wege für alle"), ("Ort", "Nord"), ("Kosten", "gering")),
    ),
    (
        "four columns: two pairs in a row",
        "#table(columns: 4, [*Ziel*], [kurze Wege für alle Leute], [*Ort*], [am Hafen], [*Kosten*], [gering], [*Zeit*],"
        " [bald])",
        (("Ziel", "kurze Wege für alle Leute"), ("Ort", "am Hafen"), ("Kosten", "gering"), ("Zeit", "bald")),
    ),
    (
        "labels above their values in a grid",
        "#table(columns: 2, [*Ziel*], [*Ort*], [kurze Wege für alle Leute], [am Hafen im Norden], [*Kosten*], [*Zeit*],"
        " [gering und gedeckt], [in zwei Jahren])",
        (("Ziel", "kurze Wege für alle Leute"), ("Ort", "am Hafen im Norden"), ("Kosten", "gering und gedeckt"),
         ("Zeit", "in zwei Jahren")),
    ),
    (
        "a table of numbers is no form",
        "#table(columns: 3, [*Ort*], [*2020*], [*2021*], [Nord], [1.200], [1.310], [Süd], [950], [990])",
        (),
    ),
    (
        "a list under a head is no form",
        "#table(columns: 2, [*Ort*], [*Lage*], [Nord], [am Hafen], [Süd], [am Berg], [West], [am Bach])",
        (),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "source", "pairs"), SHEETS, ids=[case[0] for case in SHEETS])
def test_forms_have_pairs(tmp_path: Path, reason: str, source: str, pairs: tuple[tuple[str, str], ...]) -> None:
    (table,) = tables(tmp_path, source)
    assert table.pairs == pairs, reason


def test_labels_that_recur_need_no_look(tmp_path: Path) -> None:
    one = sheet("Radweg am Fluss", "kurze Wege für alle Leute", "Nord", "gering")
    two = sheet("Brücke über die Bahn", "sichere Wege in die Schule", "Süd", "hoch")
    found = tables(tmp_path, "\n\n#v(20pt)\n".join(f"#table(columns: 2, {', '.join(s)})" for s in (one, two)))
    assert [[label for label, _ in t.pairs] for t in found] == [["Ziel", "Ort", "Titel", "Kosten"]] * 2
    assert found[0].pairs[0] == ("Ziel", "kurze Wege für alle Leute")
