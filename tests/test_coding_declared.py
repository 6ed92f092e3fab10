"""Fields of action that a document declares. All texts are our own; the cities are fictional."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from strategy_miner.coding.declared import declared_fields, find_names
from strategy_miner.coding.field_terms import clean_name
from strategy_miner.records import Block, Page
from strategy_miner.settings import ExtractSettings

REAL = Path(__file__).parents[1] / ".." / "shared" / "real"
BODY = "Die Stadt nimmt sich hier viel vor und beginnt mit einem ersten Vorhaben im kommenden Jahr."


@dataclass(frozen=True)
class NameCode:
    codes: tuple[str, ...] = ("energie",)
    orientation: str = "sectoral"
    ecology: bool = True


def code_names(names: Sequence[str]) -> list[NameCode]:
    return [NameCode() for _ in names]


def block(kind: str, text: str, order: int, level: int | None = None, rows: tuple[tuple[str, ...], ...] = ()) -> Block:
    box = ((1, 50.0, 10.0 * order, 400.0, 10.0 * order + 9),)
    return Block(f"b{order}", order, kind, level, text, text, (), box, rows, ())


def document(*parts: str) -> list[Page]:
    """Pages from a short notation: "# Title", "## Title", "- item", "toc: entry", anything else a paragraph."""
    blocks = []
    for order, part in enumerate(parts):
        marks = len(part) - len(part.lstrip("#"))
        if marks:
            blocks.append(block("heading", part.lstrip("# "), order, marks))
        elif part.startswith("- "):
            blocks.append(block("list_item", part[2:], order))
        elif part.startswith("toc: "):
            blocks.append(block("toc", part[5:], order))
        else:
            blocks.append(block("paragraph", part, order))
    return [Page("d" * 16, 4, 595, 842, "pdfium", "read", "", tuple(blocks))]


def chapter(title: str, *names: str) -> list[Page]:
    parts = ["# Ausgangslage", BODY, f"# {title}", BODY]
    for name in names:
        parts += [f"## {name}", BODY, "### Ziele", BODY]
    return document(*parts, "# Umsetzung", BODY, "## Zeitplan", BODY, "## Kosten", BODY, "## Steuerung", BODY)


NAMES = ["Mobilität", "Energie und Klima", "Bildung"]


@pytest.mark.parametrize(
    ("pages", "why"),
    [
        (chapter("Handlungsfelder", *NAMES), "the chapters under the word"),
        (chapter("Unsere Handlungsfelder", *NAMES), "with a possessive"),
        (chapter("3 Die drei Handlungsfelder der Smart City Auental", *NAMES), "number, count and city"),
        (chapter("Themenfelder", *NAMES), "another term of art"),
        (chapter("Schwerpunkte", *NAMES), "a loose term, alone in its heading"),
        (chapter("Handlungsfelder", "Überblick", *NAMES, "Fazit"), "overview and summary are no fields"),
        (chapter("Handlungsfelder", *(f"Handlungsfeld {n}: {name}" for n, name in enumerate(NAMES, 1))), "numbered"),
        (chapter("Handlungsfelder", "A | Mobilität", "B | Energie und Klima", "C | Bildung"), "letters"),
        (chapter("Handlungsfelder", *(f"4.{n} {name}" for n, name in enumerate(NAMES, 1))), "chapter numbers"),
        (
            document(*(part for n, name in enumerate(NAMES, 1) for part in (f"# Handlungsfeld {n} – {name}", BODY))),
            "headings that say it, without a common chapter",
        ),
        (
            document(
                "# Strategie", "Unsere Strategie nennt drei Handlungsfelder:", "- Mobilität: wie wir fahren",
                "- Energie und Klima", "- Bildung", "# Mobilität", BODY, "# Energie und Klima", BODY, "# Bildung", BODY,
            ),
            "a list after a colon, treated later",
        ),
        (
            document(
                "# Strategie", "Die drei Handlungsfelder sind Mobilität, Energie und Klima und Bildung. Das bleibt so.",
                "# Mobilität", BODY, "# Energie und Klima", BODY, "# Bildung", BODY,
            ),
            "a sentence; the count tells which 'und' divides",
        ),
        (
            document(*(f"toc: Handlungsfeld {n}: {name} ........ {n}4" for n, name in enumerate(NAMES, 1)), BODY),
            "only the contents page names them",
        ),
    ],
)  # fmt: skip
def test_declared_lists(pages: list[Page], why: str) -> None:
    assert [item.name for item in find_names(pages)] == NAMES, why


@pytest.mark.parametrize(
    ("pages", "why"),
    [
        (
            document("# Gute Arbeit", BODY, "## Löhne", BODY, "## Renten", BODY, "## Pflege", BODY),
            "a programme's chapters",
        ),
        (
            document("Wir setzen folgende Schwerpunkte:", "- Bildung", "- Pflege", "- Wohnen"),
            "a loose term declares nothing",
        ),
        (
            document(
                "Das Land nennt drei Handlungsfelder:",
                "- Forstwirtschaft",
                "- Weinbau",
                "- Fischerei",
                "# Haushalt",
                BODY,
            ),
            "somebody else's list: the document never treats it",
        ),
        (document("# Handlungsfelder", BODY, "# Umsetzung", BODY), "a chapter without parts"),
        (
            document("# Handlungsfelder", "## Ziele", BODY, "## Ausblick", BODY, "## Fazit", BODY),
            "parts that are no fields",
        ),
        (
            document("# Handlungsfelder", "## 160.000 Euro | Maßnahmen- | Quick- -Win", BODY, "## [ ©] Büro |", BODY),
            "debris of a misread scan",
        ),
        (document("# Das Handlungsfeld Wohnen braucht Geduld", BODY), "the word in one heading"),
        ([], "no page at all"),
        (document(), "a page without blocks"),
    ],
)
def test_no_list_is_invented(pages: list[Page], why: str) -> None:
    assert declared_fields(pages, code_names) == [], why


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Handlungsfeld 3: Mobilität", "Mobilität"),
        ("4.2 Themenfeld B – Wohnen & Leben", "Wohnen & Leben"),
        ("Handlungsfeld Digitale Verwaltung", "Digitale Verwaltung"),
        ("A | Gesundheit", "Gesundheit"),
        ("IV. Energie", "Energie"),
        ("Bildung ............ 17", "Bildung"),
        ("„Miteinander leben“", "Miteinander leben"),
        ("Industrie 4.0", "Industrie 4.0"),
    ],
)
def test_a_name_loses_number_and_term(heading: str, name: str) -> None:
    assert clean_name(heading) == name


def test_records_carry_page_level_evidence_and_codes() -> None:
    fields = declared_fields(chapter("Handlungsfelder", *NAMES), code_names)
    assert [field.field_name for field in fields] == NAMES
    first = fields[0]
    assert (first.page, first.level, first.origin, first.source) == (4, 2, "text", "outline")
    assert first.evidence == "Kapitel „Handlungsfelder“ (S. 4)"
    assert first.codes == ("energie",)
    assert len({field.id for field in fields}) == 3
    assert fields == declared_fields(chapter("Handlungsfelder", *NAMES), code_names)


@pytest.mark.real
@pytest.mark.parametrize("file", sorted(path.stem for path in (REAL / "pdf").glob("*.pdf")) or [""])
def test_real_documents_declare_what_they_declare_and_the_others_nothing(file: str) -> None:
    if not file:
        pytest.skip("../shared is absent: declared fields of real documents are not checked")
    from strategy_miner.reading import read

    settings = ExtractSettings(
        ocr=False, ocr_dpi=200, max_pages=2500, wall_seconds=300, cpu_seconds=300, memory_mb=2000
    )
    found = [item.name for item in find_names(read(REAL / "pdf" / f"{file}.pdf", settings))]
    assert len(found) == (8 if file == "ulm_entwurf_2021" else 0), found
    if found:
        assert found[2:4] == ["Mobilität", "Rettung und Katastrophenschutz"]
