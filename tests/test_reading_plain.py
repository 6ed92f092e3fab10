"""Markdown and plain text become the same blocks as PDFs, without pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from strategy_miner.errors import ReadingError
from strategy_miner.parallel import ROOT
from strategy_miner.reading import read
from strategy_miner.reading.evaluate import markdown_headings
from strategy_miner.records import Block
from tests.made_pdf import SETTINGS

REAL = ROOT.parent / "shared" / "real" / "text"
LONG = "Der Rat beschließt, dass alle Sensoren der Stadt offene Daten liefern, sobald die Netze stehen."


def blocks(tmp_path: Path, name: str, content: str | bytes) -> list[Block]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (page,) = read(path, SETTINGS)
    assert (page.page, page.width) == (None, 0.0)
    return list(page.blocks)


def test_offsets_lead_from_repaired_text_to_the_lines(tmp_path: Path) -> None:
    (block,) = blocks(tmp_path, "a.txt", "Die Stadt baut ein Netz aus Sen-\nsoren auf und misst da-\nmit Pegel.")
    assert block.text == "Die Stadt baut ein Netz aus Sensoren auf und misst damit Pegel."
    for at, start, length in block.offsets:
        assert block.text[at : at + length] == block.raw[start : start + length].replace("\n", " ")


def told(found: list[Block]) -> list[tuple[str, int | None, str]]:
    return [(b.kind, b.level, b.text) for b in found]


MARKDOWN = [
    ("# Ziele #\n## Wasser {#wasser}", [("heading", 1, "Ziele"), ("heading", 2, "Wasser")], "signs after a heading"),
    ("Ziele\n=====\n\nWasser\n---", [("heading", 1, "Ziele"), ("heading", 2, "Wasser")], "underlined headings"),
    ("Erste Zeile\nzweite Zeile.", [("paragraph", None, "Erste Zeile zweite Zeile.")], "a broken paragraph"),
    ("Oben.\n\n---\n\nUnten.", [("paragraph", None, "Oben."), ("paragraph", None, "Unten.")], "a rule"),
    ("- eins\n  geht weiter\n  - innen\n- zwei",
     [("list_item", 1, "• eins geht weiter"), ("list_item", 2, "• innen"), ("list_item", 1, "• zwei")], "nested list"),
    ("1. eins\n2. zwei", [("list_item", 1, "1. eins"), ("list_item", 1, "2. zwei")], "numbered list"),
    ("Ein **fettes** und *schräges* `Wort` [mit Ziel](https://x.de/a_b).",
     [("paragraph", None, "Ein fettes und schräges Wort mit Ziel.")], "marks inside a line"),
    ("Bürger\\*innen, Händler*innen und **Nutzer*innen**",
     [("paragraph", None, "Bürger*innen, Händler*innen und Nutzer*innen")], "the star of gender is no emphasis"),
    ("snake_case_name, 3 * 4 * 5, CO~2~-Preis",
     [("paragraph", None, "snake_case_name, 3 * 4 * 5, CO2-Preis")], "signs that mark nothing"),
    ("<!-- weg -->Text <br> mit <b>HTML</b> &amp; CO<sub>2</sub>",
     [("paragraph", None, "Text mit HTML & CO2")], "HTML"),
    ("---\ntitle: X\n---\nText", [("paragraph", None, "Text")], "what stands before the text for programs"),
    ("> Zitat geht\n> weiter", [("paragraph", None, "Zitat geht weiter")], "a quotation"),
    ("```\n# kein Titel\n```", [("paragraph", None, "# kein Titel")], "code"),
    ("#hashtag am Anfang", [("paragraph", None, "#hashtag am Anfang")], "no space, no heading"),
    ("![Karte der Netze](k.png)\n\n[ziel]: https://x.de", [("paragraph", None, "Karte der Netze")], "picture, target"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "what"), MARKDOWN, ids=[m[2] for m in MARKDOWN])
def test_markdown(tmp_path: Path, text: str, wanted: list[tuple[str, int | None, str]], what: str) -> None:
    assert told(blocks(tmp_path, "a.md", text)) == wanted, what


def test_a_markdown_table_has_a_header_row(tmp_path: Path) -> None:
    (table,) = blocks(tmp_path, "a.md", "| Ziel | Jahr |\n|---|--:|\n| Netz \\| Funk | 2027 |\n| Pegel |")
    assert (table.kind, table.header_rows) == ("table", 1)
    assert table.rows == (("Ziel", "Jahr"), ("Netz | Funk", "2027"), ("Pegel", ""))


def test_a_markdown_note_belongs_to_its_bearer(tmp_path: Path) -> None:
    city, note = blocks(tmp_path, "a.md", "Die Stadt wächst[^1], laut Amt [^9].\n\n[^1]: Stand 2024.")
    assert (city.text, note.text) == ("Die Stadt wächst, laut Amt [9].", "1 Stand 2024.")
    assert (note.kind, note.belongs_to) == ("footnote", city.id)


TEXTS = [
    (f"Die Stadt baut ein Netz aus Sen-\nsoren auf und prüft Umwelt- und\nKlimaschutz. {LONG[:60]}\n\nNeu.",
     [("paragraph", None, f"Die Stadt baut ein Netz aus Sensoren auf und prüft Umwelt- und Klimaschutz. {LONG[:60]}"),
      ("paragraph", None, "Neu.")], "lines broken to fit, with hyphens"),
    (f"1. Einleitung\n\n{LONG}\n\n1.1 Auftrag\n\n{LONG}",
     [("heading", 1, "1. Einleitung"), ("paragraph", None, LONG), ("heading", 2, "1.1 Auftrag"),
      ("paragraph", None, LONG)], "numbered headings"),
    ("1. Bauen\n2. Wohnen", [("list_item", 1, "1. Bauen"), ("list_item", 1, "2. Wohnen")], "a numbered list"),
    (f"ZIELE DER STADT\n\n{LONG}", [("heading", 1, "ZIELE DER STADT"), ("paragraph", None, LONG)], "capitals"),
    (f"Ziele\n=====\n\n{LONG}", [("heading", 1, "Ziele"), ("paragraph", None, LONG)], "underlined"),
    ("- eins\n  geht weiter\n- zwei", [("list_item", 1, "- eins geht weiter"), ("list_item", 1, "- zwei")], "a list"),
    (f"{LONG} {LONG}\n{LONG} {LONG}",
     [("paragraph", None, f"{LONG} {LONG}"), ("paragraph", None, f"{LONG} {LONG}")], "one paragraph a line"),
    (f"Wasser in der Stadt\n\n{LONG}\n\nDer Rat\n\nAm Markt 1",
     [("heading", 1, "Wasser in der Stadt"), ("paragraph", None, LONG), ("paragraph", None, "Der Rat"),
      ("paragraph", None, "Am Markt 1")], "a line above a paragraph, and lines above none"),
    ("Handlungsfeld 3: Wasser\n\n" + LONG,
     [("heading", 1, "Handlungsfeld 3: Wasser"), ("paragraph", None, LONG)], "a named number"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "what"), TEXTS, ids=[t[2] for t in TEXTS])
def test_plain_text(tmp_path: Path, text: str, wanted: list[tuple[str, int | None, str]], what: str) -> None:
    assert told(blocks(tmp_path, "a.txt", text)) == wanted, what


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "Größe und Maß: 5 €\r\nfür „alle“."
    (block,) = blocks(tmp_path, "a.txt", text.encode(encoding))
    assert block.text == "Größe und Maß: 5 € für „alle“."


BAD = [
    ("leer.txt", b"", "is empty"),
    ("bild.txt", bytes(range(32)) * 100, "is no text"),
    ("feld.md", b"\x89PNG\r\n\x1a\n" + bytes(500), "is no text"),
]


@pytest.mark.parametrize(("name", "data", "what"), BAD, ids=[b[0] for b in BAD])
def test_what_is_no_text_is_told(tmp_path: Path, name: str, data: bytes, what: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ReadingError, match=what):
        read(tmp_path / name, SETTINGS)


@pytest.mark.real
@pytest.mark.parametrize("name", ["kv_bw_2021", "ulm_entwurf_2021", "wp13_linke", "wp25_gruene.azure"])
def test_real_markdown_keeps_every_heading_and_word(tmp_path: Path, name: str) -> None:
    if not (REAL / f"{name}.md").exists():
        pytest.skip(f"{REAL} is not here")
    source = (REAL / f"{name}.md").read_text()
    found = blocks(tmp_path, "a.md", source)

    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text.replace("~", "").lower())

    headings = [(level, words(text)) for level, text in markdown_headings(source)]
    assert [(b.level, words(b.text)) for b in found if b.kind == "heading"] == headings
    body = re.sub(r"<!--.*?-->|\]\([^)]*\)|<http[^>]*>", "", source, flags=re.DOTALL)
    assert sum(len(words(b.text)) for b in found) >= 0.9995 * len(words(body))
