"""Is what was edited in a report named with its place?"""

import pytest

from strategy_miner.checking.findings import Part
from strategy_miner.checking.rendered import compare_folders, figures_of

PAGE = """<h2 id="text">Anteile</h2><p id="lead">Es sind <data value="0.48">48 %</data>.</p>
<table><caption>Tabelle 1. Felder</caption><tr><td><data value="7" data-n="9">7</data> von <data value="9">9</data></td></tr>
</table><p>Ende.</p>"""  # noqa: E501
FILES = {"index.html": PAGE, "tables/a.csv": "a,b\n1,2\n3,4\n", "bild.png": "PNG1"}


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ({}, []),
        (
            {"index.html": PAGE.replace("48 %", "49 %")},
            ["index.html: under “Anteile” (#lead): “49 %” (value 0.48), written again “48 %” (value 0.48)"],
        ),
        (
            {"index.html": PAGE.replace('"7" data-n="9">7<', '"8" data-n="9">8<')},
            ["index.html: under “Tabelle 1. Felder” (#lead): “8” (value 8), written again “7” (value 7)"],
        ),
        ({"index.html": PAGE.replace("Ende", "Anfang")}, ["index.html: line 3: “</table><p>Anfang.</p>”, "
                                                          "written again “</table><p>Ende.</p>”"]),
        ({"index.html": PAGE.replace(' von <data value="9">9</data>', "")},
         ["index.html: shows 2 figures, written again 3"]),
        ({"tables/a.csv": "a,b\n1,2\n3,5\n"}, ["tables/a.csv: line 3: “3,5”, written again “3,4”"]),
        ({"tables/a.csv": "a,b\n3,4\n"}, ["tables/a.csv: has 3 lines, written again 4",
                                          "tables/a.csv: line 2: “3,4”, written again “1,2”"]),
        ({"bild.png": "PNG2"}, ["bild.png: differs from the same file written again from the database"]),
        ({"neu.txt": "x"}, ["neu.txt: is no file of this report"]),
        ({"tables/a.csv": None}, ["tables/a.csv: is missing in the report"]),
    ],
)  # fmt: skip
def test_edits_are_named(tmp_path, edit, told):
    for folder, files in (("ours", {**FILES, **edit}), ("again", FILES)):
        for name, text in files.items():
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is not None:
                path.write_text(text, encoding="utf-8")
    part = Part("report", "files")
    compare_folders(part, tmp_path / "ours", tmp_path / "again")
    assert part.mismatches == told
    assert part.checked >= 3


def test_figures_know_where_they_stand():
    assert [(f.id, f.under, f.value, f.text) for f in figures_of(PAGE)] == [
        ("lead", "Anteile", "0.48", "48 %"),
        ("lead", "Tabelle 1. Felder", "7", "7"),
        ("lead", "Tabelle 1. Felder", "9", "9"),
    ]
