"""Declared fields from designed pages: set as PDF, read, found. The city and its texts are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from strategy_miner.coding.declared import find_names
from strategy_miner.reading import read
from strategy_miner.settings import ExtractSettings

SETTINGS = ExtractSettings(ocr=False, ocr_dpi=200, max_pages=99, wall_seconds=60, cpu_seconds=60, memory_mb=2000)
NAMES = ["Mobilität und Verkehr", "Energie, Klima und Umwelt", "Bildung & Kultur", "Zusammenleben in Auental"]
LINE = (
    "Die Stadt Auental nimmt sich hier einiges vor. Ämter, Vereine und Betriebe arbeiten zusammen und stellen ihre "
    "Ergebnisse jedes Jahr öffentlich vor. Wer mitmachen will, findet im Bürgerhaus Rat. "
)
TEXT = LINE * 3
BASE = """#set text(lang: "de", size: 10pt)
#set page(margin: 2.3cm, footer: context align(right)[#counter(page).display()])
#show heading.where(level: 1): it => block(above: 2em)[#text(20pt, weight: "bold", fill: rgb("#136"), it.body)]
#show heading.where(level: 2): it => block(above: 1.5em)[#text(14pt, weight: "bold", it.body)]
"""
START = f"= Vorwort\n{TEXT}\n\n= Ausgangslage\n{TEXT}\n\n{TEXT}\n\n"
END = f"\n\n#pagebreak()\n= Umsetzung\n{TEXT}\n"
HEADS = "".join(
    f'#block(above: 1.5em)[#text(13pt, weight: "bold")[{head}]]\n{TEXT}\n\n{TEXT}\n\n{TEXT}\n\n'
    for head in ("Ausgangslage", "Ziele", "Vorhaben")
)


def label_above(number: int, name: str) -> str:
    label = f'#text(11pt, fill: rgb("#0a7"))[Handlungsfeld {number}]'
    return f'#pagebreak()\n{label}\n\n#text(26pt, weight: "bold", fill: rgb("#0a7"))[{name}]\n\n{TEXT}\n\n{HEADS}'


def chapter(name: str) -> str:
    return f"== {name}\n{TEXT}\n\n{TEXT}\n\n"


def table() -> str:
    cells = "".join(
        f"[{n}.{k}], [Vorhaben {n}{k} im Stadtgebiet], [{name}], " for n, name in enumerate(NAMES, 1) for k in (1, 2, 3)
    )
    return f"#table(columns: 3, [*Nr.*], [*Maßnahme*], [*Handlungsfeld*], {cells})\n"


DESIGNS = {
    "a label in small type over a large name on a page of its own": START
    + "".join(label_above(n, name) for n, name in enumerate(NAMES, 1)),
    "capitals": "#show heading: upper\n" + START + f"= Unsere Handlungsfelder\n{LINE}\n" + "".join(map(chapter, NAMES)),
    "letters set wide": '#show heading.where(level: 1): it => text(tracking: 0.15em, upper(it))\n' + START
    + f"= Unsere Handlungsfelder\n{LINE}\n" + "".join(map(chapter, NAMES)),
    "titles over two lines": "#show heading.where(level: 2): it => block(width: 4cm, it)\n" + START
    + f"= Die vier Handlungsfelder der Smart City Auental\n{LINE}\n"
    + "".join(chapter(f"Handlungsfeld {n}: {name}") for n, name in enumerate(NAMES, 1)),
    "chapters of their own after an overview in boxes": START + "= Handlungsfelder im Überblick\nUnsere Strategie hat "
    "vier Handlungsfelder.\n\n#grid(columns: 2, gutter: 8pt, " + ", ".join(
        f'rect(width: 100%, fill: rgb("#def"), inset: 9pt)[{name}]' for name in NAMES) + ")\n"
    + "".join(chapter(name).replace("==", "=") for name in NAMES),
    "one table of all measures": START + f"= Maßnahmen\n{LINE}\n\n{table()}",
}  # fmt: skip


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("bookmarks", [True, False])
def test_fields_of_a_designed_pdf(tmp_path: Path, design: str, bookmarks: bool) -> None:
    (tmp_path / "a.typ").write_text(BASE + DESIGNS[design] + END, encoding="utf-8")
    (tmp_path / "a.pdf").write_bytes(typst.compile(str(tmp_path / "a.typ")))
    found = [item.name for item in find_names(read(tmp_path / "a.pdf", SETTINGS, bookmarks=bookmarks))]
    assert [name.casefold() for name in found] == [name.casefold() for name in NAMES]
