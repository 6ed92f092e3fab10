"""Ties: footnotes to the block with their mark, captions to the table or figure they stand at."""

from __future__ import annotations

from pathlib import Path

import typst

from strategy_miner.reading import read
from strategy_miner.records import Block
from strategy_miner.settings import ExtractSettings

SETTINGS = ExtractSettings(ocr=False, ocr_dpi=200, max_pages=50, wall_seconds=60, cpu_seconds=60, memory_mb=1500)
HEAD = """#set page(width: 420pt, height: 595pt, margin: 50pt, columns: COLUMNS)
#set text(lang: "de", size: 10pt)
#set par(justify: true, spacing: 14pt)
"""
TEXT = (
    "ist in Beispielhausen frei erfunden und dient nur der Probe. Die Verwaltung baut Wege, pflegt Bäume und lädt zu "
    "Gesprächen ein. Wer mitreden will, findet jeden Monat eine Gelegenheit dazu im Rathaus am Markt."
)
SENTENCE = TEXT.replace(". ", " und ")  # no full stop at the foot of a column by chance
BARS = "block(width: 150pt, height: 60pt, {" + "".join(
    f"place(bottom + left, dx: {30 * n}pt, rect(width: 20pt, height: {20 + 9 * n}pt, fill: blue));" for n in range(5)
)
PLAIN_TABLE = "table(columns: 2, [Jahr], [Bäume], [2020], [120], [2021], [140], [2022], [155])"


def blocks_of(body: str, folder: Path, columns: int = 1) -> list[Block]:
    path = folder / "bindung.pdf"
    path.write_bytes(typst.compile((HEAD.replace("COLUMNS", str(columns)) + body).encode()))
    return [b for p in read(path, SETTINGS) for b in p.blocks]


def owners(blocks: list[Block], kind: str) -> list[tuple[str, str]]:
    """First words of each block of a kind, and of the block that it belongs to."""
    by_id = {b.id: b for b in blocks}
    tied = [(b, by_id.get(b.belongs_to)) for b in blocks if b.kind == kind]
    return [(b.text.lstrip("0123456789. ")[:11], owner.text[:7] if owner else "") for b, owner in tied]


def test_footnotes_in_two_columns(tmp_path: Path) -> None:
    topics = [f"Thema {chr(65 + n)}" for n in range(12)]
    body = "\n\n".join(f"{t} {SENTENCE}#footnote[Anmerkung {t[-1]}.]" for t in topics)
    blocks = blocks_of(body, tmp_path, columns=2)
    assert owners(blocks, "footnote") == [(f"Anmerkung {t[-1]}", t) for t in topics]
    assert [b.text[:7] for b in blocks if b.kind == "paragraph"] == topics
    assert all(b.text.endswith("Markt.") for b in blocks if b.kind == "paragraph"), "the marks are no words"


def test_a_mark_after_the_page_break_belongs_to_the_whole_paragraph(tmp_path: Path) -> None:
    long = " ".join(f"Satz {n} {TEXT}" for n in range(18))
    blocks = blocks_of(f"Anfang {long}#footnote[Ganz am Ende.] {TEXT}", tmp_path)
    (note,) = (b for b in blocks if b.kind == "footnote")
    assert note.boxes[0][0] == 2
    assert owners(blocks, "footnote") == [("Ganz am End", "Anfang ")]


def test_endnotes_belong_to_the_blocks_of_their_chapter(tmp_path: Path) -> None:
    chapter = f"= Kapitel NAME\nErstes NAME {TEXT} [1]\n\nZweites NAME {TEXT}#super[2]\n\n"
    notes = "#text(8pt)[1. Quelle eins NAME, Seite 4.\n\n2. Quelle zwei NAME, Seite 7.]\n"
    blocks = blocks_of("".join((chapter + notes).replace("NAME", name) for name in ("Ulme", "Esche")), tmp_path)
    assert [owner for _, owner in owners(blocks, "footnote")] == ["Erstes ", "Zweites", "Erstes ", "Zweites"]


def test_captions_stand_above_tables_and_below_figures(tmp_path: Path) -> None:
    figure = f"#figure({BARS}}}), caption: [Baumbestand NAME], supplement: [Abbildung])\n"
    table = f"#figure({PLAIN_TABLE.replace('120', 'NUMBER')}, caption: figure.caption(position: top)[Zählung NAME])\n"
    body = f"{TEXT}\n{table}\n{figure}\n{TEXT}\n".replace("NUMBER", "121").replace("NAME", "Mitte")
    body += f"{table}\n{TEXT}\n{figure}\n".replace("NUMBER", "122").replace("NAME", "Rand")
    blocks = blocks_of(body, tmp_path)
    by_id = {b.id: b for b in blocks}
    tied = [(b.text, by_id[b.belongs_to]) for b in blocks if b.kind == "caption"]
    assert [(text.split(":")[0], owner.kind) for text, owner in tied] == [
        ("Tabelle 1", "table"), ("Abbildung 1", "figure"), ("Tabelle 2", "table"), ("Abbildung 2", "figure"),
    ]  # fmt: skip
    assert ["121" in owner.text for _, owner in tied if owner.kind == "table"] == [True, False]
    assert len({owner.id for _, owner in tied}) == 4


def test_the_source_under_a_table_belongs_to_it_and_small_type_under_a_picture_is_its_caption(tmp_path: Path) -> None:
    picture = 'image(bytes((20, 90)), format: (encoding: "luma8", width: 2, height: 1), width: 180pt)'
    body = f"{TEXT}\n\nTabelle 1: Bestand\n\n#{PLAIN_TABLE}\nQuelle: eigene Zählung\n\n{TEXT}\n\n"
    body += f"#{picture}\n#v(-6pt)\n#text(8pt)[Das Rathaus im Winter]\n\n{TEXT}\n"
    blocks = blocks_of(body, tmp_path)
    assert owners(blocks, "caption") == [("Tabelle 1: ", "Jahr | "), ("Quelle: eig", "Jahr | "), ("Das Rathaus", "")]
    assert blocks[-2].belongs_to == next(b.id for b in blocks if b.kind == "figure")
