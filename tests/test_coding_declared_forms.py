"""How strategies declare their fields: one case per form, written for this table. Towns and texts are invented.

Notation of a case: "# Title" (level by the number of signs), "- item", "toc: entry", "box: line / line", "cap: words",
"| cell | cell |" for a row of a table, "sheet: label = value; label = value" for a fact sheet, all else a paragraph;
"…" is a paragraph of body text.
"""

from __future__ import annotations

from itertools import groupby

import pytest

from strategy_miner.coding.declared import find_names
from strategy_miner.records import Block, Page

BODY = "Im kommenden Jahr beginnt dazu ein erstes Vorhaben, an dem sich alle Ämter der Stadt Auental messen lassen."
FIVE = "Mobilität; Energie und Klima; Bildung; Wirtschaft & Handel; Zusammenleben"


def pages(text: str) -> list[Page]:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    blocks: list[Block] = []
    path: list[tuple[int, str]] = []
    for is_row, group in groupby(lines, key=lambda line: line.startswith("|")):
        if is_row:
            rows = tuple(tuple(cell.strip() for cell in line.strip("|").split("|")) for line in group)
            blocks.append(_block("table", "\n".join(" ".join(row) for row in rows), len(blocks), path, rows=rows))
            continue
        for line in group:
            marks = len(line) - len(line.lstrip("#"))
            if marks:
                path = [step for step in path if step[0] < marks]
                blocks.append(_block("heading", line.lstrip("# ").replace(" / ", "\n"), len(blocks), path, level=marks))
                path = [*path, (marks, line.lstrip("# "))]
            elif line.startswith("sheet:"):
                pairs = tuple(tuple(p.strip() for p in pair.split("=")) for pair in line[6:].split(";"))
                blocks.append(_block("table", line[6:], len(blocks), path, rows=pairs, pairs=pairs))
            else:
                kinds = {"- ": "list_item", "toc: ": "toc", "box: ": "box", "cap: ": "caption"}
                start = next((start for start in kinds if line.startswith(start)), "")
                words = line[len(start) :].replace(" / ", "\n") if start == "box: " else line[len(start) :]
                blocks.append(_block(kinds.get(start, "paragraph"), words if words != "…" else BODY, len(blocks), path))
    return [Page("d" * 16, 7, 595, 842, "pdfium", "read", "", tuple(blocks))]


def _block(kind, text, order, path, level=None, rows=(), pairs=()):
    names = tuple(title for _, title in path)
    return Block(f"b{order}", order, kind, level, text, text, names, (), rows, (), 0, 0, pairs)


def parts(names: str, level: int = 2, under: str = "", title: str = "{}") -> str:
    """A chapter for each name, each with text and, if asked, with sub-headings of the same words."""
    lines = []
    for number, name in enumerate(names.split("; "), 1):
        lines += ["#" * level + " " + title.format(name, n=number), "…"]
        for head in filter(None, under.split("; ")):
            lines += ["#" * (level + 1) + " " + head, "…"]
    return "\n".join(lines)


HEAD = "# Ausgangslage\n…\n## Lage und Bevölkerung\n…\n## Was schon läuft\n…\n"
TAIL = "\n# Umsetzung\n…\n## Zeitplan\n…\n## Steuerungskreis\n…\n## Personal\n…\n# Anhang\n…"

# Chapters under a title, and headings that name a field.
OUTLINES = [
    ("chapter by chapter", HEAD + "# Handlungsfelder\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("numbered chapters", HEAD + "# 4 Handlungsfelder\n…\n" + parts(FIVE, title="4.{n} {}") + TAIL, FIVE),
    ("goals, measures and sheets below each", HEAD + "# Unsere Handlungsfelder\n…\n"
     + parts(FIVE, under="Ausgangslage; Ziele; Maßnahmen; Steckbriefe") + TAIL, FIVE),
    ("sub-headings of own making that come back", HEAD + "# Themenfelder\n…\n"
     + parts(FIVE, under="Woran wir denken; Daran messen wir uns") + TAIL, FIVE),
    ("the same, all on one level", HEAD + "# Themenfelder\n…\n"
     + parts(FIVE, under="Woran wir denken; Daran messen wir uns").replace("###", "##") + TAIL, FIVE),
    ("Leitthemen", HEAD + "# Unsere Leitthemen\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("Schwerpunkte", HEAD + "# Schwerpunkte\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("Zielbilder", HEAD + "# Zielbilder für Auental\n…\n" + parts(FIVE, title="Zielbild {n}: {}") + TAIL, FIVE),
    ("Säulen", HEAD + "# Die fünf Säulen\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("Fokusthemen", HEAD + "# Fokusthemen\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("Aktionsfelder", HEAD + "# Strategische Aktionsfelder\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("Handlungsbereiche", HEAD + "# Handlungsbereiche und Ziele\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("Leitziele, where there is nothing else", HEAD + "# Leitziele\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("with measures in the title", HEAD + "# Handlungsfelder und Maßnahmen\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("with goals before it", HEAD + "# Ziele und Handlungsfelder\n…\n## Ziele\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("with the city's name", HEAD + "# 5. Die fünf Handlungsfelder der Smart City "
     "Auental\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("in detail", HEAD + "# Die Handlungsfelder im Detail\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("after a colon", HEAD + "# Handlungsfelder: Wo wir anpacken\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("as compound", HEAD + "# Smart-City-Handlungsfelder\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("two levels down", HEAD + "# Strategie\n…\n## Vision\n…\n## Ziele\n…\n## Handlungsfelder\n…\n"
     + parts(FIVE, 3, under="Ziele; Projekte") + "\n## Leitprinzipien\n…" + TAIL, FIVE),
    ("a summary names them first", "# Zusammenfassung\n…\n## Handlungsfelder\n…\n" + HEAD + "# Handlungsfelder\n…\n"
     + parts(FIVE) + TAIL, FIVE),
    ("headings with term and number, no common chapter", HEAD
     + parts(FIVE, 1, "Ziele; Maßnahmen", "Handlungsfeld {n}: {}") + TAIL, FIVE),
    ("with a dash", HEAD + parts(FIVE, 1, title="Themenfeld {n} – {}") + TAIL, FIVE),
    ("with a letter and a bar", HEAD + parts("Mobilität; Bildung; Pflege", 1, title="Handlungsfeld {n} | {}") + TAIL,
     "Mobilität; Bildung; Pflege"),
    ("abbreviated", HEAD + parts(FIVE, 2, title="HF{n}: {}") + TAIL, FIVE),
    ("without a number", HEAD + parts(FIVE, 1, "Ziele; Maßnahmen", "Handlungsfeld {}") + TAIL, FIVE),
    ("in quotation marks", HEAD + parts(FIVE, 1, "Ziele", "Handlungsfeld „{}“") + TAIL, FIVE),
    ("chapter number before the term", HEAD + parts(FIVE, 1, title="{n}. Handlungsfeld: {}") + TAIL, FIVE),
    ("term and name in two headings", HEAD
     + "\n".join(f"# Handlungsfeld {n}\n# {name}\n…" for n, name in enumerate(FIVE.split("; "), 1)) + TAIL, FIVE),
    ("the name set like a paragraph", HEAD
     + "\n".join(f"# Handlungsfeld {n}\n{name}\n…" for n, name in enumerate(FIVE.split("; "), 1)) + TAIL, FIVE),
    ("a part with a letter", HEAD + "# Teil B: Handlungsfelder\n…\n" + parts(FIVE, title="B{n} {}") + TAIL, FIVE),
    ("a term without a plural of its own", HEAD + "# Themencluster\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("names with a motto", HEAD + "# Handlungsfelder\n…\n" + parts("Mobilität: Wir fahren; Bildung: Wir lernen; Bauen")
     + TAIL, "Mobilität: Wir fahren; Bildung: Wir lernen; Bauen"),
    ("a heading of two lines", HEAD + parts("Mobilität und / Verkehr; Bildung und / Kultur; Pflege und / Gesundheit", 1,
     title="Handlungsfeld {n}: / {}") + TAIL, "Mobilität und Verkehr; Bildung und Kultur; Pflege und Gesundheit"),
    ("the headings say Ziele im Handlungsfeld", HEAD
     + parts("Mobilität; Bildung; Pflege", 2, title="Maßnahmen im Handlungsfeld {}") + TAIL, "Mobilität; Bildung; "
      "Pflege"),
    ("repeated with what follows", HEAD + parts("Mobilität; Bildung; Pflege", 1, title="Handlungsfeld {n}: {}") + "\n"
     + parts("Mobilität; Bildung; Pflege", 1, title="Handlungsfeld {n}: {} – Maßnahmen") + TAIL, "Mobilität; "
      "Bildung; Pflege"),
    ("chapter and parts on one level, closed by the implementation", HEAD.replace("##", "#") + "# Handlungsfelder\n…\n"
     + parts(FIVE, 1) + TAIL.replace("##", "#"), FIVE),
    ("the same; a sentence says how many", "# Ausgangslage\n…\n# Handlungsfelder\n"
     "Die Strategie hat fünf Handlungsfelder.\n" + parts(FIVE, 1) + "\n# Datenschutzkonzept\n…\n# Danke\n…", FIVE),
    ("the same with sub-headings that come back", "# Ausgangslage\n…\n# Handlungsfelder\n…\n"
     + parts(FIVE, 1, "Ziele; Woran wir denken").replace("##", "#") + "\n# Governance\n…\n# Danke\n…", FIVE),
    ("capitals", HEAD + "# UNSERE HANDLUNGSFELDER\n…\n" + parts("MOBILITÄT; ENERGIE UND KLIMA; BILDUNG") + TAIL,
     "MOBILITÄT; ENERGIE UND KLIMA; BILDUNG"),
    ("letters set apart", HEAD + "# H A N D L U N G S F E L D E R\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("English names", HEAD + "# Handlungsfelder\n…\n" + parts("Smart Mobility; Smart Government; Smart People") + TAIL,
     "Smart Mobility; Smart Government; Smart People"),
    ("numbers in names", HEAD + "# Handlungsfelder\n…\n" + parts("Verwaltung 4.0; Auental 2030; Mobilität 24/7") + TAIL,
     "Verwaltung 4.0; Auental 2030; Mobilität 24/7"),
    ("mottos", HEAD + "# Handlungsfelder\n…\n" + parts("Gemeinsam wachsen; Grün denken; Klug vernetzt") + TAIL,
     "Gemeinsam wachsen; Grün denken; Klug vernetzt"),
    ("two only, plainly titled", HEAD + "# Die zwei Handlungsfelder\n…\n" + parts("Mobilität; Bildung") + TAIL,
     "Mobilität; Bildung"),
    ("fields that are called like organs", HEAD + "# Handlungsfelder\n…\n"
     + parts("Verwaltung und Organisation; Governance und Daten; Kommunikation und Beteiligung; Bildung") + TAIL,
     "Verwaltung und Organisation; Governance und Daten; Kommunikation und Beteiligung; Bildung"),
]  # fmt: skip

# Several lists in one document: which one counts.
CHOICES = [
    ("cross-cutting themes in a chapter beside", HEAD + "# Handlungsfelder\n…\n" + parts(FIVE)
     + "\n# Querschnittsthemen\n…\n" + parts("Datenschutz; Barrierefreiheit; Beteiligung") + TAIL, FIVE),
    ("cross-cutting themes in the same chapter", HEAD + "# Handlungsfelder\n…\n" + parts(FIVE)
     + "\n## Querschnittsthemen\n…\n### Datenschutz\n…\n### Beteiligung\n…" + TAIL, FIVE),
    ("cross-cutting themes named like fields", HEAD + parts(FIVE, 1, title="Handlungsfeld {n}: {}") + "\n"
     + parts("Datenschutz; Barrierefreiheit", 1, title="Querschnittsthema {n}: {}") + TAIL, FIVE),
    ("three pillars, nine fields below that say so", HEAD + "# Die drei Säulen\n…\n## Säule 1: Leben\n…\n"
     "### Handlungsfeld 1: Wohnen\n…\n### Handlungsfeld 2: Pflege\n…\n## Säule 2: Arbeiten\n…\n"
     "### Handlungsfeld 3: Handel\n…\n### Handlungsfeld 4: Industrie\n…\n## Säule 3: Bewegen\n…\n"
     "### Handlungsfeld 5: Busse\n…\n### Handlungsfeld 6: Radwege\n…" + TAIL,
     "Wohnen; Pflege; Handel; Industrie; Busse; Radwege"),
    ("fields in a chapter, grouped by pillars", HEAD + "# Handlungsfelder\n…\n## Säule 1: Leben\n…\n### Wohnen\n…\n"
     "### Pflege\n…\n## Säule 2: Arbeiten\n…\n### Handel\n…\n### Industrie\n…\n## Säule 3: Bewegen\n…\n### Busse\n…\n"
     "### Radwege\n…" + TAIL, "Wohnen; Pflege; Handel; Industrie; Busse; Radwege"),
    ("pillars; a sentence counts the fields below", HEAD + "# Unsere drei Säulen\n"
     "Die drei Säulen bündeln sechs Handlungsfelder der Strategie.\n## Leben\n…\n### Wohnen\n…\n### Pflege\n…\n"
     "## Arbeiten\n…\n### Handel\n…\n### Industrie\n…\n## Bewegen\n…\n### Busse\n…\n### Radwege\n…" + TAIL,
     "Wohnen; Pflege; Handel; Industrie; Busse; Radwege"),
    ("fields and pillars in two chapters", HEAD + "# Säulen der Umsetzung\n…\n" + parts("Personal; Technik; Recht")
     + "\n# Handlungsfelder\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("visions before, fields after", HEAD + "# Zielbilder\n…\n" + parts("Auental lernt; Auental atmet; Auental hilft")
     + "\n# Handlungsfelder\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("the state's list in the situation", "# Ausgangslage\n## Digitalstrategie des Landes\n"
     "Das Land unterscheidet vier Handlungsfelder: Mobilität, Forstwirtschaft, Bildung und Polizei.\n"
     "# Handlungsfelder\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("the federal charter's list as a chapter", "# Rahmenbedingungen\n…\n## Handlungsfelder der Smart City Charta\n…\n"
     + parts("Governance; Teilhabe; Finanzen; Werte; Quellcode; Normen", 3) + "\n# Unsere Handlungsfelder\n…\n"
     + parts(FIVE) + TAIL, FIVE),
    ("another city's list", "# Vorbilder\n…\n## Neustadt am Berg\nDie Stadt konzentriert sich auf folgende "
     "Themenfelder: "
     "(1) Verkehr, (2) Handel, (3) Bürgerhaus und (4) Bildung.\n# Themenfelder\n…\n" + parts(FIVE) + TAIL, FIVE),
    ("the development plan's list, own one enumerated", HEAD + "# Grundlagen\nDas Stadtentwicklungskonzept kennt drei "
     "Handlungsfelder: Wohnen, Landschaft und Mobilität.\n# Aufbau\nUnsere Strategie hat fünf Handlungsfelder: "
     "Mobilität, "
     "Energie und Klima, Bildung, Wirtschaft & Handel sowie Zusammenleben.\n" + parts(FIVE, 1) + TAIL, FIVE),
    ("a generic chapter inside", HEAD + "# Handlungsfelder\n…\n## Überblick\n…\n" + parts(FIVE)
     + "\n## Zusammenspiel der Handlungsfelder\n…\n## Fazit\n…" + TAIL, FIVE),
    ("parts that do not call themselves fields", HEAD + "# Handlungsfelder\n…\n"
     + parts("Mobilität; Bildung; Pflege", title="Handlungsfeld {n}: {}") + "\n## Lernende Strategie\n…" + TAIL,
     "Mobilität; Bildung; Pflege"),
    ("measures on the level of the fields", HEAD + "# Handlungsfelder\n…\n## Mobilität\n…\n## M1 Mobilstation\n…\n"
     "## M2 Parkleitsystem\n…\n## Bildung\n…\n## M3 Lernort\n…\n## Pflege\n…\n## M4 Hausnotruf\n…" + TAIL,
     "Mobilität; Bildung; Pflege"),
]  # fmt: skip

THREE = "Mobilität; Energie und Klima; Bildung"
THERE = "\n" + parts(THREE, 1) + TAIL
# Sentences, lists, tables, fact sheets, contents.
TOLD = [
    ("colon", "Die Strategie hat drei Handlungsfelder: Mobilität, Energie und Klima sowie Bildung." + THERE, THREE),
    ("sind", "Die drei Handlungsfelder sind Mobilität, Energie und Klima und Bildung." + THERE, THREE),
    ("gliedert sich in", "Die Strategie gliedert sich in die Handlungsfelder Mobilität, Energie und Klima und Bildung."
     + THERE, THREE),
    ("umfasst, with adjectives", "Die Strategie umfasst drei zentrale Handlungsfelder (Mobilität, Energie und Klima, "
     "Bildung), die im Folgenden beschrieben werden." + THERE, THREE),
    ("relative clause after it", "Wir haben uns auf die drei Themenfelder Mobilität, Energie und Klima sowie Bildung "
     "konzentriert, die für die Menschen wichtig sind." + THERE, THREE),
    ("predicate after it", "Im Prozess wurden die Handlungsfelder Mobilität, Energie und Klima sowie Bildung "
     "festgelegt."
     + THERE, THREE),
    ("quotation marks", "Die Stadt hat drei Handlungsfelder festgelegt: „Mobilität“, „Energie und Klima“ und „Bildung“."
     + THERE, THREE),
    ("numbers in brackets", "Die Strategie beschreibt drei Handlungsfelder: (1) Mobilität, (2) Energie und Klima und "
     "(3) Bildung." + THERE, THREE),
    ("the names first", "Mobilität, Energie und Klima und Bildung sind die drei Handlungsfelder unserer "
     "Strategie." + THERE,
     THREE),
    ("names with & and commas, known from the headings",
     "Unsere Strategie hat drei Handlungsfelder: Pflege, Sport & Gesundheit, Handel & Innenstadt, Bildung & Kultur.\n"
     + parts("Pflege, Sport & Gesundheit; Handel & Innenstadt; Bildung & Kultur", 1) + TAIL,
     "Pflege, Sport & Gesundheit; Handel & Innenstadt; Bildung & Kultur"),
    ("unter dem Begriff Leitthemen", "Die Strategie ruht auf drei Leitthemen: Mobilität, Energie und Klima, "
     "Bildung." + THERE,
     THREE),
    ("bullets", "Unsere Strategie hat drei Handlungsfelder:\n- Mobilität\n- Energie und Klima\n- "
     "Bildung" + THERE, THREE),
    ("bullets with explanations", "Folgende Handlungsfelder stehen im Mittelpunkt der Strategie:\n- Mobilität: wie "
     "wir fahren\n"
     "- Energie und Klima – wie wir heizen\n- Bildung: wie wir lernen" + THERE, THREE),
    ("numbered bullets under a heading", HEAD + "# Unsere drei Handlungsfelder\n- 1. Mobilität\n- 2. Energie und "
     "Klima\n"
     "- 3. Bildung\n" + parts(THREE, 1) + TAIL, THREE),
    ("a box under a heading", HEAD + "# Handlungsfelder im Überblick\nbox: Mobilität / Energie und Klima / Bildung\n"
     + parts(THREE, 1) + TAIL, THREE),
    ("a caption", "cap: Abbildung 3: Die drei Handlungsfelder der Strategie: Mobilität, Energie und Klima, "
     "Bildung" + THERE,
     THREE),
    ("a table with a column for them", "| Handlungsfeld | Ziel |\n| Mobilität | weniger Stau |\n| Energie und Klima "
     "| weniger "
     "Gas |\n| Bildung | mehr Plätze |" + THERE, THREE),
    ("fact sheets with a line for them", HEAD + "".join(
        f"## {title}\nsheet: Titel = {title}; Handlungsfeld = {field}\n" for title, field in (
            ("Mobilstation", "Mobilität"), ("Radzählung", "Mobilität"), ("Wärmeplan", "Energie und Klima"),
            ("Solarkarte", "Energie und Klima"), ("Lernort", "Bildung"), ("Schulnetz", "Bildung")))
     + parts("Mobilität; Bildung", 1) + TAIL, THREE),
    ("only in the contents", "".join(f"toc: Handlungsfeld {n}: {name} ........ {n}2\n" for n, name in enumerate(
        THREE.split("; "), 1)) + "…", THREE),
    ("in the contents, by number", "toc: 1 Lage .... 3\ntoc: 2 Handlungsfelder .... 5\ntoc: 2.1 Mobilität .... 6\n"
     "toc: 2.2 Energie und Klima .... 8\ntoc: 2.3 Bildung .... 9\ntoc: 3 Umsetzung .... 12\n…", THREE),
    ("the count is right and the text uses the names, though no heading does",
     "Unsere Strategie hat drei Handlungsfelder: Mobilität, Energie und Klima sowie Bildung.\nIn der Mobilität "
     "fehlt es an "
     "Bussen.\nFür Energie und Klima gibt es einen Plan.\nDie Bildung braucht Räume.", THREE),
]  # fmt: skip

NONE = [
    ("only spoken of", "Die Handlungsfelder der Stadt werden laufend ergänzt. Jedes Handlungsfeld hat ein Ziel.\n# "
     "Bilanz\n…"),
    ("counted, never named", "Die Strategie hat sechs Handlungsfelder, die das Amt bis Herbst ausarbeitet.\n# "
     "Bilanz\n…"),
    ("the state's list", "# Förderung\nDas Land nennt drei Handlungsfelder: Weinbau, Fischerei und Mobilität.\n# "
     "Mobilität\n…"),
    ("the funding call's list", "# Antrag\nDer Förderaufruf verlangt drei Handlungsfelder: Mobilität, Bildung, "
     "Raumfahrt.\n"
     "# Mobilität\n…\n# Haushalt\n…"),
    ("another city's", "# Vorbilder\n## Neustadt\nDie Stadt hat drei Handlungsfelder: Mobilität, Hafen und "
     "Bildung.\n# Mobilität\n…"),
    ("a programme's chapters", "# Gute Arbeit\n…\n## Löhne\n…\n## Renten\n…\n# Wohnen\n…\n# Frieden\n…"),
    ("a speech", "# Rede zum Haushalt\nWir setzen Schwerpunkte bei Schule, Straße und Sport.\n…"),
    ("the pillars of an argument", "Unsere Politik ruht auf drei Säulen: Freiheit, Recht und Arbeit.\n# "
     "Finanzen\n…\n# Bau\n…"),
    ("focal points of a budget", "Folgende Schwerpunkte setzt der Haushalt:\n- Schulen\n- Straßen\n- Kitas\n# "
     "Ergebnis\n…"),
    ("a chapter whose parts are no names", "# Handlungsfelder\n…\n## Ziele\n…\n## Ausblick\n…\n## Fazit\n…\n## "
     "Methodik\n…"),
    ("headings without text", "# Handlungsfelder\n## Mobilität\n## Bildung\n## Pflege\n# Anhang\n…"),
    ("one field alone", "# Handlungsfeld Mobilität\n…\n# Haushalt\n…"),
    ("how they were chosen", "# Auswahl der Handlungsfelder\n…\n## Workshop im Mai\n…\n## Umfrage im Juni\n…\n## "
     "Beschluss\n…"),
    ("questions", "# Handlungsfelder\n…\n## Wo stehen wir?\n…\n## Was fehlt?\n…\n## Wer hilft?\n…"),
    ("two focal points of a budget", "# Schwerpunkte\n…\n## Personal\n…\n## Investitionen\n…\n# Bilanz\n…"),
    ("a list of measures", "# Handlungsfelder\n…\n## Maßnahme 1: Radweg\n…\n## Maßnahme 2: Bus\n…\n## Maßnahme 3: "
     "Kita\n…"),
    ("a table of accounts", "| Schwerpunkt | Betrag |\n| Personal | 12.000 |\n| Sachkosten | 9.000 |\n| Zinsen | "
     "400 |\n# Bilanz\n…"),
    ("nothing", ""),
]  # fmt: skip


def check(text: str, names: str, why: str) -> None:
    assert "; ".join(item.name for item in find_names(pages(text))) == names, why


@pytest.mark.parametrize(("why", "text", "names"), OUTLINES, ids=[case[0] for case in OUTLINES])
def test_fields_by_headings(why: str, text: str, names: str) -> None:
    check(text, names, why)


@pytest.mark.parametrize(("why", "text", "names"), CHOICES, ids=[case[0] for case in CHOICES])
def test_the_list_that_counts(why: str, text: str, names: str) -> None:
    check(text, names, why)


@pytest.mark.parametrize(("why", "text", "names"), TOLD, ids=[case[0] for case in TOLD])
def test_fields_by_text(why: str, text: str, names: str) -> None:
    check(text, names, why)


@pytest.mark.parametrize(("why", "text"), NONE, ids=[case[0] for case in NONE])
def test_nothing_is_invented(why: str, text: str) -> None:
    check(text, "", why)
