"""REFI-QDA projects: valid against the schema, lossless there and back, every coded text at its place, bad files."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from strategy_miner.coding import Codebook
from strategy_miner.coding.refi_qda import export_qdc
from strategy_miner.errors import StoreError
from strategy_miner.parallel import ROOT
from strategy_miner.records import Document
from strategy_miner.store import write_coded, writing
from strategy_miner.store.refi_export import Choice, code_guid, project_of
from strategy_miner.store.refi_places import part_guid
from strategy_miner.store.refi_project import Project, walked, write_project
from strategy_miner.store.refi_read import read_project
from tests.made_pdf import HELLO, one_page
from tests.store_corpus import TECHNOLOGY, CorpusFolder, SmallCodebook

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "refi_qda" / "Project-mrt2019.xsd"))
TEXTS = [
    ("Größe: Straßen & Plätze <neu> „heute“ – 5 €", {"energie": 0.9}),
    ("Zeichen: 😀 jenseits von 16 Bit, \x0b und \r\n Umbruch", {"bildung": 0.75, "technology/sensors": 1.0}),
    ("Nichts davon.", {}),
    ("Danach: Übergröße", {"stadtland": 0.996}),
]


@pytest.fixture
def klein(tmp_path) -> CorpusFolder:
    """Three municipalities: one with a PDF, one whose PDF is gone, both also wrote a text together."""
    folder = CorpusFolder(tmp_path)
    path = folder.folder / "pdf" / "a.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(one_page(HELLO))
    a, b, c = Document.of(path), folder.pdf("b.pdf"), folder.pdf("c.txt")
    for document in (a, b, c):
        folder.text(document, TEXTS)
    folder.gold([(a, 0, "coded", 4, 2, {"AB": ["energie"], "CD": []}), (a, 2, "none", 4, 2, {"AB": ["bildung"]})])
    folder.project("adorf", "1", "a.pdf;c.txt")
    folder.project("übersee", "2", "b.pdf;c.txt")
    folder.project("leer", "2")
    return folder


@pytest.fixture
def database(klein) -> Path:
    corpus = klein.load()
    target = klein.build / "strategy.duckdb"
    write_coded(corpus, [SmallCodebook(), TECHNOLOGY], klein.build, target, {"seed": "1"})
    (corpus.pdf_folder / "b.pdf").unlink()
    return target


def of(database: Path, *books: Codebook, **choice: object) -> Project:
    folder = database.parents[2] / "corpus" / "klein" / "pdf"
    return project_of(database, books, Choice(**{"pdf_folder": folder, **choice}))


def qde(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("project.qde")


@pytest.mark.parametrize("with_pdfs", [True, False])
def test_valid_and_lossless(database, tmp_path, with_pdfs):
    one, two = tmp_path / "1.qdpx", tmp_path / "2.qdpx"
    made = of(database) if with_pdfs else of(database, pdf_folder=None)
    write_project(made, one)
    assert SCHEMA.validate(etree.fromstring(qde(one))), SCHEMA.error_log
    read = read_project(one)
    write_project(read, two)
    assert one.read_bytes() == two.read_bytes()
    assert read.told == ()
    pdfs = [source.pdf.open("rb").read() for source in read.sources if source.pdf]
    assert pdfs == ([one_page(HELLO)] if with_pdfs else [])
    assert _without_files(read) == _without_files(made)


def test_equal_databases_give_equal_bytes(database, tmp_path):
    for name in ("1.qdpx", "2.qdpx"):
        write_project(of(database), tmp_path / name)
    assert (tmp_path / "1.qdpx").read_bytes() == (tmp_path / "2.qdpx").read_bytes()


def _without_files(project: Project) -> Project:
    return replace(project, sources=tuple(replace(source, pdf=None) for source in project.sources))


def test_every_coding_is_there_and_every_text_at_its_place(database, tmp_path):
    write_project(of(database), tmp_path / "p.qdpx")
    project = read_project(tmp_path / "p.qdpx")
    names = {code.guid: code.name for code in walked(project.codes)}
    users = {user.guid: user.name for user in project.users}
    a, _, c = project.sources
    assert [source.name for source in project.sources] == ["a.pdf", "b.pdf", "c.txt"]
    assert (a.pdf is not None, c.pdf, c.text_guid) == (True, None, c.guid)
    assert a.text.startswith("Handlungsfelder\n\nGröße: Straßen & Plätze")
    given = [
        (a.text[p.start : p.end], names[coding.code], users[coding.user]) for p in a.passages for coding in p.codings
    ]
    assert given == [
        (TEXTS[0][0], "Energie", "strategy-miner field, technology probe"),
        (TEXTS[0][0], "Energie", "AB"),
        (TEXTS[1][0].replace("\r", " "), "Bildung", "strategy-miner field, technology probe"),
        (TEXTS[1][0].replace("\r", " "), "Sensorik", "strategy-miner field, technology probe"),
        (TEXTS[2][0], "Bildung", "AB"),
        (TEXTS[3][0], "Stadt und Land", "strategy-miner field, technology probe"),
    ]
    assert a.passages[1].description == "Bildung: p = 0,75\nSensorik: p = 1,00"


def test_areas_stand_on_the_page_with_the_codes_of_their_passage(database):
    a, b, c = of(database).sources
    assert not b.areas
    assert not c.areas
    assert [area.guid for area in a.areas] == [passage.guid for passage in a.passages]
    first, passage = a.areas[0], a.passages[0]
    # one line of nine words on page 1: 40 to 240 across, 48 to 62 from the top of 842 points
    assert (first.page, first.left, first.bottom, first.right, first.top) == (0, 40, 780, 240, 794)
    assert first.text == passage.name == TEXTS[0][0]
    assert [coding.code for coding in first.codings] == [coding.code for coding in passage.codings]
    assert [coding.guid for coding in first.codings] == [part_guid(coding.guid, 1) for coding in passage.codings]


def test_cases_are_municipalities_with_variables_and_documents(database):
    project = of(database)
    names = {variable.guid: variable.name for variable in project.variables}
    kinds = {variable.name: variable.kind for variable in project.variables}
    files = {source.guid: source.name for source in project.sources}
    cases = {case.name: case for case in project.cases}
    own = {names[guid]: value for guid, value in cases["Übersee"].values}
    assert own["Welle"] == "2"
    assert own["Gemeindetyp"] == "Stadt"
    assert own["Titel der Strategie"] == "Strategie Übersee"
    assert kinds["Welle"] == "Text"
    assert {name: [files[guid] for guid in case.sources] for name, case in cases.items()} == {
        "Adorf": ["a.pdf", "c.txt"], "Übersee": ["b.pdf", "c.txt"], "Leer": [],
    }  # fmt: skip
    assert [(group.name, len(group.sources)) for group in project.groups] == [("Welle 1", 2), ("Welle 2", 2)]


def test_what_is_missing_is_told(database):
    (told,) = of(database).told
    assert told.startswith("b.pdf is not in")
    assert of(database, pdf_folder=None).told == ()


def test_a_swapped_pdf_is_told_and_left_out(database):
    (database.parents[2] / "corpus" / "klein" / "pdf" / "a.pdf").write_bytes(one_page(HELLO + b" "))
    project = of(database)
    assert any("a.pdf is not the file that was read" in line for line in project.told)
    assert project.sources[0].pdf is None
    assert project.sources[0].passages


def test_a_pdf_that_cannot_be_opened_keeps_its_text(klein):
    corpus = klein.load()
    target = klein.build / "strategy.duckdb"
    write_coded(corpus, [SmallCodebook(), TECHNOLOGY], klein.build, target, {})
    project = of(target)
    assert any(line.startswith("b.pdf: its pages cannot be measured") for line in project.told)
    assert project.sources[1].pdf is None
    assert len(project.sources[1].passages) == 3


def test_codes_have_the_guids_of_the_codebook_file(database):
    book = Codebook.load(ROOT / "corpus" / "codebook", "field")
    project = of(database, book)
    guids = {code.guid for code in walked(project.codes)}
    assert guids >= {e.get("guid") for e in etree.fromstring(export_qdc(book)).iter("{*}Code")}
    assert code_guid("field", "stadtland") in guids, "a code that the codebook of today lacks"
    assert any(" codes of field are not in the codebook of today" in line for line in project.told)


def test_no_two_codes_have_one_name(klein):
    twice = SmallCodebook("goal", (replace(SmallCodebook().codes[0], id="x"), replace(TECHNOLOGY.codes[0], id="y")))
    target = klein.build / "strategy.duckdb"
    write_coded(klein.load(), [SmallCodebook(), TECHNOLOGY, twice], klein.build, target, {})
    names = [code.name for code in walked(of(target).codes)]
    assert names == [
        "field", "Energie", "Bildung", "Stadt und Land", "technology", "Sensorik", "goal", "Energie (goal)",
        "Sensorik (goal)",
    ]  # fmt: skip


def test_dimension_and_coder_are_chosen(database):
    project = of(database, dimensions=("technology",))
    assert [code.name for code in project.codes] == ["technology"]
    assert [user.name for user in project.users] == ["strategy-miner field, technology probe"]
    assert {c.code for s in project.sources for p in s.passages for c in p.codings} == {
        code_guid("technology", "sensors")
    }
    people = of(database, coders=("AB",))
    assert [user.name for user in people.users] == ["AB"]
    assert sum(len(p.codings) for s in people.sources for p in s.passages) == 2
    assert [user.name for user in of(database, coders=("machine", "AB")).users] == [
        "strategy-miner field, technology probe", "AB",
    ]  # fmt: skip
    with pytest.raises(StoreError, match=r"no dimension 'energy'. Dimensions: field, technology"):
        of(database, dimensions=("energy",))
    with pytest.raises(StoreError, match=r"no codings of 'XY'. Coders: probe, AB, CD"):
        of(database, coders=("XY",))


def test_a_corpus_without_documents_is_valid(tmp_path):
    folder = CorpusFolder(tmp_path)
    folder.project("adorf", "1")
    target = folder.build / "strategy.duckdb"
    write_coded(folder.load(), [SmallCodebook()], folder.build, target, {})
    write_project(of(target), tmp_path / "p.qdpx")
    assert SCHEMA.validate(etree.fromstring(qde(tmp_path / "p.qdpx"))), SCHEMA.error_log
    assert [case.name for case in read_project(tmp_path / "p.qdpx").cases] == ["Adorf"]


def test_what_was_there_stays_where_writing_fails(database, tmp_path, monkeypatch):
    target = tmp_path / "p.qdpx"
    target.write_bytes(b"before")
    project = of(database)
    gone = replace(project, sources=(replace(project.sources[0], pdf=tmp_path / "gone.pdf"),))
    with pytest.raises(StoreError, match=r"a\.pdf: cannot be read: No such file.*Put it back"):
        write_project(gone, target)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("strategy_miner.store.refi_project.shutil.copyfileobj", full)
    with pytest.raises(StoreError, match="cannot be written: No space left on device"):
        write_project(project, target)
    assert target.read_bytes() == b"before"
    assert not target.with_name("p.qdpx.part").exists()
    with pytest.raises(StoreError, match="cannot be written: File exists"):
        write_project(project, target / "below.qdpx")


def test_a_database_of_another_schema_is_refused(tmp_path):
    with writing(tmp_path / "old.duckdb") as connection:
        connection.execute("CREATE TABLE runs AS SELECT 'schema_version' AS key, '1' AS value")
    with pytest.raises(StoreError, match="has schema version 1"):
        project_of(tmp_path / "old.duckdb", (), Choice())


FOREIGN = """<?xml version="1.0" encoding="{encoding}"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="Prüfung" origin="MAXQDA 2022">
  <Users><User guid="{{5215CC69-B628-4E02-AFB9-9BEEAEE55808}}" name="Jürgen Öztürk"/></Users>
  <CodeBook><Codes><Code guid="9FA9BCB7-5B59-47A9-8C3E-F65CFFDC7520" name="Grün" isCodable="true" color="#00FF00"/>
  </Codes></CodeBook>
  <Cases><Case guid="7c108712-b650-4892-ac0b-fc9a10190c3b"/></Cases>
  <Sources>
    <TextSource guid="12365523-1035-4afa-9e7b-281fe0bc51c5" name="Brief" plainTextPath="{path}">
      <PlainTextSelection guid="12365523-1035-4afa-9e7b-281fe0bc51c6" startPosition="{start}" endPosition="{end}"
        modifyingUser="{{5215cc69-b628-4e02-afb9-9beeaee55808}}" modifiedDateTime="2026-01-02T03:04:05Z">
        <Coding guid="12365523-1035-4afa-9e7b-281fe0bc51c7">
          <CodeRef targetGUID="{{9fa9bcb7-5b59-47a9-8c3e-f65cffdc7520}}"/></Coding>
      </PlainTextSelection>
    </TextSource>
    <PDFSource guid="12365523-1035-4afa-9e7b-281fe0bc51c9" name="Plan.pdf" path="internal://gone.pdf">
      <PDFSelection guid="12365523-1035-4afa-9e7b-281fe0bc51d0" page="0" firstX="50.6" firstY="700" secondX="10"
        secondY="600"/>
    </PDFSource>
    <PictureSource guid="12365523-1035-4afa-9e7b-281fe0bc51c8" name="Bild" path="internal://x.png"/>
  </Sources>
  <Notes><Note guid="d7aa29da-519b-4946-9b90-253b6db8fd0a" name="Memo"><PlainTextContent>x</PlainTextContent></Note>
  </Notes>
</Project>
"""


LETTER = "Bäume\nund Beete".encode()


def foreign(folder, *, text=LETTER, encoding="utf-8", origin="MAXQDA 2022", **values):
    values = {"path": "internal://brief.txt", "start": 6, "end": 9, "encoding": encoding, **values}
    path = folder / "foreign.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        xml = FOREIGN.format(**values).replace("MAXQDA 2022", origin)
        archive.writestr("project.qde", xml.encode(encoding))
        archive.writestr("Sources/brief.TXT", text)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_project_of_another_program(tmp_path, encoding):
    project = read_project(foreign(tmp_path, encoding=encoding))
    (brief, plan), (user,) = project.sources, project.users
    (passage,) = brief.passages
    assert brief.text[passage.start : passage.end] == "und"
    assert (passage.codings[0].user, user.name) == (user.guid, "Jürgen Öztürk")
    assert passage.codings[0].code == project.codes[0].guid
    assert passage.created == "2026-01-02T03:04:05Z"
    (area,) = plan.areas
    assert (area.left, area.bottom, area.right, area.top) == (10, 600, 51, 700)
    assert project.told == (
        "Plan.pdf: the PDF is not in the file; its text is kept", "left out: 1 notes", "left out: 1 pictures",
    )  # fmt: skip
    write_project(project, tmp_path / "again.qdpx")
    assert SCHEMA.validate(etree.fromstring(qde(tmp_path / "again.qdpx"))), SCHEMA.error_log


@pytest.mark.parametrize(
    ("text", "values", "coded"),
    [
        ("\ufeffBäume\nund Beete".encode(), {}, "und"),
        ("Bäume\nund Beete".encode("utf-16"), {}, "und"),
        ("Bäume\nund Beete".encode("cp1252"), {}, "und"),
        (b"Baum\r\nund Beet", {}, "und"),  # two signs, as the standard counts
        (b"Baum\r\nund Beet", {"origin": "ATLAS.ti 23", "start": 5, "end": 8}, "und"),  # one sign, as ATLAS.ti counts
    ],
)
def test_encodings_and_line_breaks(tmp_path, text, values, coded):
    (source, _) = read_project(foreign(tmp_path, text=text, **values)).sources
    assert source.text[source.passages[0].start : source.passages[0].end] == coded


@pytest.mark.parametrize("place", [(3, 99), (-1, 3), (5, 4)])
def test_a_selection_outside_its_text_is_left_out_and_told(tmp_path, place):
    project = read_project(foreign(tmp_path, start=place[0], end=place[1]))
    assert project.sources[0].passages == ()
    assert any("lies outside its text" in line for line in project.told)


@pytest.mark.parametrize("path", ["internal://../brief.txt", "relative:///brief.txt", "internal://nowhere.txt"])
def test_a_text_that_is_not_in_the_file_is_told(tmp_path, path):
    project = read_project(foreign(tmp_path, path=path))
    assert project.sources[0].text == ""
    assert any("is not in the file" in line for line in project.told)


def _zip(path, entries, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in entries:
            archive.writestr(name, data)


BOMB = b'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Project name="&b;"/>'
DEEP = (
    '<Project xmlns="urn:QDA-XML:project:1.0" name="x"><CodeBook><Codes>'
    + '<Code guid="12365523-1035-4afa-9e7b-281fe0bc51c5" name="c" isCodable="true">' * 200
    + "</Code>" * 200
    + "</Codes></CodeBook></Project>"
)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([("project.qde", BOMB)], "has a document type"),
        ([("project.qde", b"<Project name=")], "is no XML"),
        ([("project.qde", b"<CodeBook/>")], "holds a 'CodeBook', no project"),
        ([("project.qde", DEEP.encode())], "more than 100 levels deep"),
        ([("sources/a.txt", b"")], "holds no project.qde"),
        ([("project.qde", b"<Project/>"), ("../../evil.txt", b"x")], "names a file outside itself"),
        ([("project.qde", b"<Project/>"), ("/etc/passwd", b"x")], "names a file outside itself"),
        ([("project.qde", b"<Project/>"), ("..\\evil.txt", b"x")], "names a file outside itself"),
        ([("project.qde", b"<Project/>"), ("C:/evil.txt", b"x")], "names a file outside itself"),
        ([("project.qde", b"<Project/>"), ("Project.QDE", b"<Project/>")], "twice"),
        ([("project.qde", b'<Project><Users><User guid="x"/></Users></Project>')], r"User has no valid guid \('x'\)"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused(tmp_path, entries, said):
    path = tmp_path / "bad.qdpx"
    _zip(path, entries)
    with pytest.raises(StoreError, match=said) as error:
        read_project(path)
    assert "\n" not in str(error.value)
    assert str(path) in str(error.value)
    assert not (tmp_path.parent.parent / "evil.txt").exists()


def test_an_archive_that_swells_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "bad.qdpx"
    monkeypatch.setattr("strategy_miner.store.refi_read.MOST_XML", 1_000_000)
    _zip(path, [("project.qde", b" " * 50_000_000)])
    assert path.stat().st_size < 60_000
    with pytest.raises(StoreError, match=r"project\.qde is larger than 1 MB"):
        read_project(path)


def test_a_file_that_is_no_archive_or_cut_off(tmp_path):
    whole, path = foreign(tmp_path), tmp_path / "bad.qdpx"
    data = whole.read_bytes()
    for broken in (b"", b"PK", data[: len(data) // 2], data[:60] + b"\xff" * 40 + data[100:]):
        path.write_bytes(broken)
        with pytest.raises(StoreError, match="is no whole zip archive"):
            read_project(path)
    with pytest.raises(StoreError, match="cannot be read: No such file"):
        read_project(tmp_path / "none.qdpx")
    with pytest.raises(StoreError, match="cannot be read: Is a directory"):
        read_project(tmp_path)
