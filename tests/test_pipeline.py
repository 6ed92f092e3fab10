"""The stages one after another on a small corpus with good and bad files, in a project of its own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import docx
import pytest
import typst
import yaml

import pipeline.analyse
import pipeline.classify
import pipeline.embed
import pipeline.evidence
import pipeline.extract
import pipeline.fields
import pipeline.gold
import pipeline.measures
import pipeline.report
import pipeline.segment
import pipeline.store
import pipeline.supervised
import pipeline.tag
from strategy_miner.corpus import new_corpus
from strategy_miner.parallel import ROOT
from strategy_miner.records import file_sha256
from strategy_miner.store import query
from tests.command_line import needs_encoder
from tests.made_docx import saved
from tests.test_reading_bad_input import BAD

CHAIN = [
    getattr(pipeline, name).main
    for name in (
        "extract",
        "segment",
        "embed",
        "tag",
        "classify",
        "gold",
        "supervised",
        "fields",
        "measures",
        "store",
        "analyse",
        "evidence",
        "report",
    )
]
HEADER = "project_id,name,cohort,municipality_type,title,published,file\n"
GOOD = """
#set page(width: 400pt, height: 500pt)
#set text(lang: "de", size: 10pt)
#show heading.where(level: 1): set text(size: 16pt)
= Handlungsfelder
Die Stadt {name} (erfunden) benennt zwei Handlungsfelder, auf die sie ihre Mittel in den nächsten Jahren verteilt.
== Energie
In {name} liefern Photovoltaik auf den Dächern und eine Großwärmepumpe am Fluss künftig Strom und Wärme für die
Schule, das Rathaus und drei Wohnblöcke. Ein Energiemanagement misst den Verbrauch und spart jährlich Kosten.
== Lernende Stadt
Wissen und Fähigkeiten aller sollen in {name} wachsen, quer zu Fachbereichen und Einrichtungen: Nachbarn, Betriebe
und Ämter lernen voneinander, teilen Erfahrungen und üben gemeinsam den Umgang mit digitalen Werkzeugen.
"""


def word(town):
    """The same document as GOOD, as a Word file."""
    made = docx.Document()
    for line in re.split(r"\n(?==)", GOOD.replace("{name}", town).split("(size: 16pt)\n")[1]):
        title, _, text = line.partition("\n")
        made.add_heading(title.lstrip("= "), len(title) - len(title.lstrip("=")))
        made.add_paragraph(" ".join(text.split()))
    return saved(made)


pytestmark = needs_encoder


@pytest.fixture
def project(tmp_path, monkeypatch):
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    params |= {"corpora": {"probe": "corpus/probe/pdf"}}
    params["analyse"]["permutations"] = 99
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    new_corpus(tmp_path / "corpus", "probe")
    for name in ("corpus/codebook", "models"):
        (tmp_path / name).symlink_to(ROOT / name)
    # The codebook's own examples are encoded once, not in every test.
    (tmp_path / "build").mkdir()
    (ROOT / "build" / "vectors").mkdir(parents=True, exist_ok=True)
    (tmp_path / "build" / "vectors").symlink_to(ROOT / "build" / "vectors")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def add(project, name, content):
    path = project / "corpus" / "probe" / "pdf" / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        typst.compile(content.encode(), output=str(path), format="pdf")


def projects(project, rows):
    (project / "corpus" / "probe" / "projects.csv").write_text(HEADER + rows, encoding="utf-8")


def run():
    for stage in CHAIN:
        stage("probe")


def ask(sql):
    return query(Path("build/probe/strategy.duckdb"), sql)[1]


def contents(project):
    return {p.relative_to(project): file_sha256(p) for p in sorted((project / "build" / "probe").rglob("*.parquet"))}


def test_good_documents_are_coded_and_bad_ones_are_rows(project, capsys):
    bad = [entry for entry in BAD if entry[0] != "viele.pdf"]
    for name, data, _, _ in bad:
        add(project, name, data)
    for letter, town in (("a", "Aufeld"), ("b", "Bruchau"), ("d", "Dornbach")):
        add(project, f"{letter}.pdf", GOOD.replace("{name}", town))
    add(project, "c.docx", word("Cronstett"))  # has no pages, which the report must not show as a number
    good = "a,Aufeld,1,,,,a.pdf\nb,Bruchau,1,,,,b.pdf\nc,Cronstett,2,,,,c.docx\nd,Dornbach,2,,,,d.pdf\n"
    projects(project, good + "".join(f"x{n},X{n},1,,,,{b[0]}\n" for n, b in enumerate(bad)) + "y,Y,2,,,,fehlt.pdf\n")
    run()
    assert ask("SELECT status, count(*) FROM documents GROUP BY ALL ORDER BY ALL") == [
        ("failed", len(bad)), ("missing", 1), ("read", 4),
    ]  # fmt: skip
    assert {file for (file,) in ask("SELECT file FROM failures")} == {b[0] for b in bad} | {"fehlt.pdf"}
    declared = ask("SELECT field_name, orientation, count(*) FROM declared_fields GROUP BY ALL ORDER BY ALL")
    assert declared == [("Energie", "sectoral", 4), ("Lernende Stadt", "integrated", 4)]
    assert ask("SELECT count(*) FROM declared_fields WHERE page IS NULL") == [(2,)]
    assert ("energie",) in ask("SELECT DISTINCT code FROM codings")
    page = (project / "build/probe/report/index.html").read_text(encoding="utf-8")
    for name, _, _, _ in bad:
        assert name in page
    assert not re.search(r"\b[pS]\. (None|0|nan)\b", page)
    assert len(capsys.readouterr().err.splitlines()) == len(bad)


def test_reruns_change_nothing_and_one_more_document_touches_that_one_only(project):
    add(project, "a.pdf", GOOD.replace("{name}", "Aufeld"))
    projects(project, "a,Aufeld,1,,,,\nb,Bruchau,2,,,,\n")
    run()
    first = contents(project)
    times = {path: (project / path).stat().st_mtime_ns for path in first}
    add(project, "b.pdf", GOOD.replace("{name}", "Bruchau"))
    run()
    second = contents(project)
    # What is quoted of a document, and so its pictures, hangs on the other documents, too.
    own = {path for path in first if path.parent.name != "evidence"}
    assert {path: first[path] for path in own}.items() <= second.items()
    touched = {path for path in own if (project / path).stat().st_mtime_ns != times[path]}
    assert {path.name for path in touched} <= {"names.parquet", "sample.parquet", "labels.parquet", "notes.parquet"}
    (project / "corpus/probe/pdf/b.pdf").unlink()
    shutil.move(project / "build" / "probe" / "segment", project / "lost")
    run()  # what belongs to the removed document goes, what was lost is made again, byte for byte
    assert contents(project) == first


def test_a_corpus_without_a_document_gives_a_report(project):
    projects(project, "a,Aufeld,1,,,,\nb,Bruchau,2,,,,\n")
    run()
    assert (project / "build/probe/report/index.html").exists()
    assert [path.parent.name for path in contents(project)] == ["fields", "labels", "labels", "labels"]
