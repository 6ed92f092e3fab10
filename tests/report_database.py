"""Small made-up strategy.duckdb files for the tests of the report. All municipalities and texts are invented."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strategy_miner.store.database import insert, writing
from strategy_miner.store.schema import RESULTS, SCHEMA_VERSION, create_tables
from tests.report_chapters import measured_rows, profile_rows
from tests.report_declared import declared_rows

CODES = [
    ("energie", "sectoral", "Energie und Wärme", "Energy and heat"),
    ("mobilitaet", "sectoral", "Mobilität und Verkehr", "Mobility and transport"),
    ("gesundheit", "sectoral", "Gesundheit und Pflege", "Health and care"),
    ("umwelt_klima", "sectoral", "Umwelt, Klima und Stadtgrün mit besonders langem Namen zum Prüfen", "Environment"),
    ("teilhabe_gemeinwohl", "integrated", "Teilhabe, Zusammenhalt und Gemeinwohl", "Participation"),
    ("stadt_land", "integrated", "Stadt-Land-Verknüpfung und Region", "Urban-rural links"),
    ("resilienz", "integrated", "Resilienz und Krisenfestigkeit", "Resilience"),
]
NAMES = ["Ahlbrück", "Börgeln", "Cörmsee", "Dünhausen", "Ellerndorf a. d. Öhre", "Fünfkirch", "Grömmel", "Hüttlau"]
LONG = "Interkommunaler Zweckverband der Gemeinden Oberwümmetal, Niederwümmetal, Großenäsch-Süd und Kreuzöhringen"
KINDS = ["Großstadt", "Mittlere Stadt", "Kleinstadt und Landgemeinde", "Interkommunale Kooperation und Landkreis"]
TEXTS = [
    "Der Kreis legt offen, welche Daten er erhebt, und beschließt „Regeln für alle“ erst nach einer Anhörung.",
    "Bis zum Winter prüft die Gemeinde, ob sich Wärmenetz & Speicher <gemeinsam> betreiben lassen.",
    "An jeder Haltestelle steht künftig, wann der nächste Bus fährt – auch für Menschen, die nicht lesen können.",
]
COHORT_TEXTS = ("Erprobung im Quartier", "Straßenlampe", "Zusammenhalt")

TECHNOLOGY = [("sensors", "", "Sensorik <& Co>", "Sensors <& co>"), ("robotics", "", "Robotik", "Robotics")]


@dataclass(frozen=True)
class Case:
    """One kind of corpus. `sizes`: projects by cohort; `outside`: those outside; the rest switches parts off or on."""

    sizes: tuple[int, ...] = (3, 5, 6)
    labels: tuple[str, ...] = ("1", "2", "3")
    read: bool = True
    fields: bool = True
    fictional: bool = False
    unread_cohort: int | None = None
    planted: bool = False
    verdict: str = "shift"
    outside: int = 0
    broken: bool = False
    seed: int = 7


def build(path: Path, case: Case) -> Path:
    """Write a strategy.duckdb with the real schema and made-up rows."""
    draw = random.Random(case.seed)
    projects = _projects(case)
    with writing(path) as connection:
        for name in ("coded.sql", "views.sql", *RESULTS):
            create_tables(connection, name)
        tables: dict[str, Sequence[Sequence[Any]]] = {
            "corpus_info": list(_info(case).items()),
            "runs": [("schema_version", SCHEMA_VERSION), ("seed", "7"), ("params analyse", '{"margin": 0.1}'),
                     ("encoder", "modell-ä <1>")],
            "codes": [("field", *code, f"Abschnitte über {code[2]}.") for code in CODES]
                     + [("technology", *code, f"Technik: {code[2]}.") for code in TECHNOLOGY],
            "projects": projects,
            **_documents(case, projects),
            "declared_fields": _fields(case, projects, draw),
        }  # fmt: skip
        tables |= _results(case, projects, draw)
        for name, rows in tables.items():
            insert(connection, name, rows)
    return path


def _info(case: Case) -> dict[str, str]:
    return {
        "name": "pruef", "title_de": "Prüfkorpus Wümmetal", "title_en": "Test corpus Wümmetal",
        "cohort_label": "Staffel", "cohort_label_en": "Cohort", "cohort_values": json.dumps(case.labels),
        "fictional": str(case.fictional).lower(), "notes": "Alle Angaben sind erfunden.",
        "notes_en": "All entries are invented.",
    }  # fmt: skip


def _projects(case: Case) -> list[tuple[Any, ...]]:
    rows = []
    for order, (label, size) in enumerate(zip(case.labels, case.sizes, strict=True)):
        for number in range(size):
            name = LONG if (order, number) == (1, 0) else f"{NAMES[number % len(NAMES)]} {label}-{number}"
            title = f"Strategie „Nah und klug“ der Gemeinde {name}"
            rows.append((f"p{order}_{number}", name, label, order, KINDS[number % 4], title, "2022-03", []))
    rows += [
        (f"p9_{n}", f"Randort {n}", None, None, KINDS[3], "Strategie <Rand> & Mitte's", "", [])
        for n in range(case.outside)
    ]
    return rows


def _is_read(case: Case, project: tuple[Any, ...]) -> bool:
    return case.read and project[3] != case.unread_cohort


def _documents(case: Case, projects: list[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    documents, pairs, pages = [], [], []
    for project in projects:
        if _is_read(case, project):
            document = f"doc_{project[0]}"
            documents.append((document, f"{project[0]}.pdf", "0" * 64, "read", 12, 2, 4000, 80))
            pairs.append((project[0], document))
            pages += [(document, n, 595, 842, "pdfium", "unread" if n in (3, 4) else "read",
                       "image only" if n in (3, 4) else "", 300, 0.4, None, None) for n in range(1, 13)]  # fmt: skip
    failures = []
    if case.broken:
        for project in projects:
            documents.append((f"doc_{project[0]}", f"{project[0]}.pdf", "2" * 64, "failed", None, None, 0, 0))
            pairs.append((project[0], f"doc_{project[0]}"))
            failures.append(
                (f"doc_{project[0]}", f"{project[0]}.pdf", "extract", "ReadingError", "empty. Get a new copy.")
            )
    if case.read:
        documents.append(("bad", "kaputt_ä.pdf", "1" * 64, "failed", None, None, 0, 0))
        documents.append(("missing:fehlt.pdf", "fehlt.pdf", None, "missing", None, None, 0, 0))
        pairs += [(projects[0][0], "bad"), (projects[1][0], "missing:fehlt.pdf")]
        failures = [("bad", "kaputt_ä.pdf", "extract", "ReadingError", "kaputt_ä.pdf: encrypted. Save it unlocked.")]
    return {"documents": documents, "project_documents": pairs, "pages": pages, "failures": failures}


def _fields(case: Case, projects: list[tuple[Any, ...]], draw: random.Random) -> list[tuple[Any, ...]]:
    if not case.fields:
        return []
    rows = []
    for index, project in enumerate(projects):
        if index % 4 == 3:
            continue
        for number in range(draw.randint(2, 7)):
            code = draw.choice(CODES)
            orientation = "unclear" if number == 5 else code[1]
            origin = "text" if case.read and number % 2 else "web"
            page = number + 4 if case.read else None
            rows.append(
                (
                    f"f{index}_{number}", project[0], "", f"{code[2]} ({number})", page, 1, [code[0]], orientation,
                    code[0] in ("energie", "umwelt_klima"), "Wortliste", "text" if case.read else origin,
                    "Seite des Programms", "machine", "machine", case.read or origin == "web",
                )
            )  # fmt: skip
    return rows


def _results(case: Case, projects: list[tuple[Any, ...]], draw: random.Random) -> dict[str, list[tuple[Any, ...]]]:
    groups = [("", projects), *((label, [p for p in projects if p[2] == label]) for label in case.labels)]
    values, estimates, contrasts, words, quotes = [], [], [], [], []
    coverage = [_coverage(case, label, group) for label, group in groups]
    for estimand, codes in (("H1", [""]), ("H2", ["ecology", "energie", "stadt_land"]), ("H3", [""]),
                            ("H4", [c[0] for c in CODES])):  # fmt: skip
        by_field = estimand in ("H1", "H2")
        there = [p for i, p in enumerate(projects) if (case.fields and i % 4 != 3 if by_field else _is_read(case, p))]
        for code in codes:
            if estimand != "H2":
                values += [(estimand, p[0], p[2], code, 1.0, 4.0, _value(estimand, p[3] or 0, draw)) for p in there]
            for label, _ in groups:
                n = len([p for p in there if label in ("", p[2])])
                estimates.append(_estimate(estimand, code, label, n, draw))
                if code in ("", "ecology") and estimand in ("H1", "H2") and n:
                    value = estimates[-1][6]
                    estimates.append((*estimates[-1][:7], 0.9 * value, 1.1 * value, "measurement", "provisional"))
            contrasts += [_contrast(case, estimand, code, len(there))] if there else []
    for order, label in enumerate(case.labels):
        if case.read and order != case.unread_cohort:
            words += [(label, rank, word, 3 + rank, 2.5 - rank / 4) for rank, word in enumerate(COHORT_TEXTS, 1)]
    exploratory = []
    if case.read:
        quotes = _quotes(case, projects)
        quotes += [("technology", "sensors", *row[2:]) for row in quotes if row[1] == CODES[0][0]]
        exploratory = [
            ("technology", code[0], label, len(group), 80 * len(group), *found)
            for code, found in zip(TECHNOLOGY, ((12, 2, 0.031, 0.012, 0.05), (0, 0, 0.0, None, None)), strict=True)
            for label, group in groups
        ]
    planted = [("text integrated", label, 0.3, 0.31, 0.28, 0.2, 0.4, 0.25, 0.33) for label, _ in groups]
    planted += [("text integrated difference", "", 0.16, 0.15, -0.02, -0.1, 0.3, -0.08, 0.1)]
    planted += [("declared fields", "", None, 412.0, 398.0, None, None, None, None)]
    planted += [("new quantity", "", None, 0.5, 0.4, 0.3, 0.5, None, None)]
    planted = planted if case.planted else []
    bounds = (
        [("H1", label, "", len(group), len(group) // 4, 0.2, 0.6) for label, group in groups] if case.fields else []
    )
    many = case.fields and len(case.labels) > 1
    declared = declared_rows(case.labels, case.verdict == "undecided") if many else {}
    return {"coverage": coverage, "project_values": values, "estimates": estimates, "contrasts": contrasts,
            "typical_words": words, "quotes": quotes, "exploratory": exploratory, "planted": planted,
            **declared, **measured_rows(case.labels, case.read),
            **profile_rows([p for p in projects if _is_read(case, p)], quotes, case.labels), "bounds": bounds,
            "missing_projects": _missing(case, projects), "contrast_bounds": _contrast_bounds(case),
            "published": PUBLISHED, **_groups(case)}  # fmt: skip


def _groups(case: Case) -> dict[str, list[tuple[Any, ...]]]:
    """One column of each kind: texts, classes of numbers, and those that cannot be used."""
    columns = [("municipality_type", False, 4, 14, ""), ("funding_eur", True, 2, 9, ""),
               ("leer", False, 0, 0, "empty"), ("weg", False, 0, 0, "no_column"), ("eins", False, 1, 3, "one_group"),
               ("titel", False, 14, 14, "too_many")]  # fmt: skip
    named = [("municipality_type", kind, place, None, None) for place, kind in enumerate(KINDS)]
    named += [("funding_eur", "800000–900000.5", 0, 800_000.0, 900_000.5), ("funding_eur", "1000000", 1, 1e6, 1e6)]
    estimates = [
        (*group, estimand, code, 3, 12, 2, 0.4, 0.2, 0.6, "provisional")
        for group in named
        for estimand, code in (("H1", ""), ("H2", "ecology"), ("H3", ""))
    ]
    tests = [(column, estimand, code, test, 4, 14, None, None, None, None, None, p, adjusted)
             for column, estimand, code, test, p, adjusted in (
                 ("municipality_type", "H1", "", "omnibus", 0.03, 0.07),
                 ("municipality_type", "H2", "energie", "omnibus", 0.01, 0.04),
                 ("municipality_type", "H3", "", "", None, None),
                 ("funding_eur", "H1", "", "slope", 0.5, 0.6),
                 ("funding_eur", "H2", "energie", "cochran_armitage", 0.4, 0.5))]  # fmt: skip
    trend = [("H1", "", "municipality_type", "slope", 4, 14, 12, 0.03, 0.2)] if len(case.labels) > 1 else []
    return {"group_columns": columns, "group_estimates": estimates, "group_contrasts": tests, "stratified_trend": trend}


def _missing(case: Case, projects: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    lacking = [("file", p) for p in projects if not _is_read(case, p)]
    lacking += [("fields", p) for i, p in enumerate(projects) if not case.fields or i % 4 == 3]
    return [(what, p[0], p[1], p[2]) for what, p in lacking]


def _contrast_bounds(case: Case) -> list[tuple[Any, ...]]:
    if len(case.labels) < 2 or not case.fields:
        return []
    return [("H1", "", case.labels[0], case.labels[-1], case.sizes[0] + case.sizes[-1], 3, 0.163, -0.21, 0.44)]


_ROW = ("ecology", "declared ecology", "all", "all", "", 48.0, 0, 61.0, "projects", "from_text", 27.0, 45.0, 45, 61)
_KNOWN = '{"n": 45, "of": 61, "low": 27, "high": 43}'
PUBLISHED: list[tuple[Any, ...]] = [
    ("ecology", *_ROW, True, "differs", -5.0, 0.5, "outside", _KNOWN),
    ("ecology_b", *_ROW, False, "not_compared", None, 0.5, "inside", _KNOWN),
    ("strategies", "strategies", "strategies", "Staffel 1", "cohort", "1", 10.0, 0, 61.0, "projects", "count", 10.0,
     61.0, 10, 10, True, "agrees", 0.0, 0.5, "", "{}"),
    ("odd", "", "Größe <neu>", "überall", "", "", 7.5, 1, None, "km", "from_table", None, None, 0, 0, False,
     "not_compared", None, 0.05, "unknown", "{}"),
    ("odd_scope", "projects", "Projekte", "Mars", "", "", 7.0, 0, None, "projects", "count", None, None, 0, 0, False,
     "not_compared", None, 0.5, "scope", "{}"),
    ("twin_share_energy", "twin_share_energy", "share", "61 projects", "all", "", 0.333, 3, None, "share",
     "approximate", 0.25, 12.0, 61, 61, True, "differs", -0.083, 0.033, "", "{}"),
    ("funding_mean", "funding_mean", "mean", "Großstadt", "type", "Großstadt", 1.5, 1, None, "Mio. EUR", "from_table",
     None, None, 0, 4, False, "not_compared", None, 0.05, "no_column", '{"column": "funding_strategy_eur"}'),
    ("funding_total", "funding_total", "sum", "all", "all", "", 88.0, 0, None, "Mio. EUR", "from_table", 70.25, None,
     61, 61, True, "differs", -17.75, 0.5, "", "{}"),
    *(("measures_platform", "measures_platform", "measures", "61 projects", "all", "", 100.0, 0, None, "measures",
       "lower_bound", None, None, 0, 61, False, "not_compared", None, 0.5, reason, parameters)
      for reason, parameters in (("no_text", "{}"), ("no_fields", "{}"), ("no_cases", "{}"),
                                 ("beyond", '{"corpus": 61}'), ("no_code", '{"code": "wirtschaft"}'),
                                 ("partial", _KNOWN),
                                 ("unit", '{"unit": "Taler"}'),
                                 ("values", '{"column": "team_structure", "value": "<weiß nicht>"}'))),
]  # fmt: skip


def _coverage(case: Case, label: str, group: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    read = sum(_is_read(case, project) for project in group)
    missing = int(case.read and label in ("", case.labels[0]))
    bad = len(group) if case.broken else missing
    fields = len([p for p in group if int(p[0].split("_")[1]) % 4 != 3]) if case.fields else 0
    return (label, len(group), read, read, read, bad, missing, fields, 12 * read, 2 * read, 80 * read, 61 * read)


def _value(estimand: str, order: int, draw: random.Random) -> float:
    low = 0.05 if estimand == "H4" else 0.3 + 0.08 * order
    return round(min(max(draw.gauss(low, 0.03 if estimand == "H4" else 0.18), 0.0), 1.0), 2)


def _estimate(estimand: str, code: str, label: str, n: int, draw: random.Random) -> tuple[Any, ...]:
    value = (0.02 + 0.12 * draw.random() if estimand == "H4" else 0.3 + 0.2 * draw.random()) if n else None
    half = 0.4 * value if value is not None and n > 1 else None
    ends = (None, None) if value is None or half is None else (value - half, value + half)
    interval = "wilson" if estimand == "H2" else "process"
    mark = "provisional" if estimand in ("H1", "H2") else "uncorrected"
    return (estimand, label, code, n, n * 5, round(n * (value or 0)), value, *ends, interval, mark)


def _contrast(case: Case, estimand: str, code: str, n: int) -> tuple[Any, ...]:
    verdict = case.verdict if estimand in ("H1", "H2") else ""
    return (estimand, code, case.labels[0], case.labels[-1], n, 0.163, 0.021, 0.305, 0.046, 0.28,
            0.101, 0.224, 0.0304, 0.0304,
            verdict, "made up", "uncorrected" if estimand in ("H3", "H4") else "provisional")  # fmt: skip


def _quotes(case: Case, projects: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    read = [project for project in projects if _is_read(case, project)]
    rows = []
    for number, code in enumerate(CODES[:-1]):
        for rank in range(1, 13 if number == 0 else 4):
            project = read[(rank + number) % len(read)]
            page = None if rank == 3 else rank
            heading = "3.1 Wärme für alle" if rank % 2 else ""
            rows.append(("field", code[0], project[2], rank, f"s{number}_{rank}", f"doc_{project[0]}", project[0],
                         project[1], page, 0.97 - rank / 50, heading, TEXTS[rank % 3]))  # fmt: skip
    return rows
