"""REFI-QDA codebooks: valid, lossless, edits of other programs win, files of other programs give a skeleton."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from typer.testing import CliRunner

from strategy_miner.cli import app
from strategy_miner.coding import Codebook
from strategy_miner.coding.codebook_text import content, written
from strategy_miner.coding.refi_qda import export_qdc, import_qdc, slug
from strategy_miner.errors import CodebookError
from strategy_miner.parallel import ROOT

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "refi_qda" / "Codebook-mrt2019.xsd"))
SHIPPED = sorted(path.stem for path in (ROOT / "corpus" / "codebook").glob("*.yaml"))
FOREIGN = """<?xml version="1.0" encoding="utf-8"?>
<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="MAXQDA 2022">
  <Codes>
    <Code guid="{5215cc69-b628-4e02-afb9-9beeaee55808}" name="Öffentlicher Raum &amp; Grün"
      isCodable="false" color="#33cc33">
      <Description>Plätze, Parks und Straßen</Description>
      <Code guid="d7aa29da-519b-4946-9b90-253b6db8fd0a" name="Spielplätze" isCodable="true" color="#F00082"/>
      <Code guid="9fa9bcb7-5b59-47a9-8c3e-f65cffdc7520" name="Grün" isCodable="true">
        <Description>Bäume und Beete

Dazu gehört:
- Straßenbäume
- Beete,
  auch die der Anwohner
Nicht dazu gehört:
• Wald</Description>
        <Code guid="7c108712-b650-4892-ac0b-fc9a10190c3b" name="Spielplätze" isCodable="true"/>
      </Code>
    </Code>
    <Code guid="12365523-1035-4afa-9e7b-281fe0bc51c5" name="公園" isCodable="true"/>
  </Codes>
  <Sets>
    <Set guid="12365523-1035-4afa-9e7b-281fe0bc51c6" name="wichtig"/>
  </Sets>
</CodeBook>
"""


def back(data: bytes, folder: Path, name: str = "file.qdc") -> Codebook:
    values = import_qdc(data, name).values
    (folder / f"{values['dimension']}.yaml").write_text(written(values), encoding="utf-8")
    return Codebook.load(folder, values["dimension"])


def same(one: Codebook, other: Codebook) -> bool:
    return one == other  # the hash too


@pytest.fixture
def field() -> Codebook:
    return Codebook.load(ROOT / "corpus" / "codebook")


@pytest.mark.parametrize("dimension", SHIPPED)
def test_the_shipped_codebooks_come_back_whole(tmp_path: Path, dimension: str) -> None:
    codebook = Codebook.load(ROOT / "corpus" / "codebook", dimension)
    data = export_qdc(codebook)
    SCHEMA.assertValid(etree.fromstring(data))
    assert data == export_qdc(codebook)
    assert import_qdc(data, "x.qdc").told == []
    assert same(back(data, tmp_path), codebook)


TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).map(str.strip).filter(bool)
ANY = st.one_of(
    TEXT, st.sampled_from(["[strategy-miner: {", "strategy-miner]", "Dazu gehört:", "- a\n- b", "no", "1", "a: b"])
)
CODES = st.lists(
    st.fixed_dictionaries(
        {"id": st.from_regex(r"[a-z_]{1,8}", fullmatch=True), "label": st.fixed_dictionaries({"de": ANY, "en": ANY})},
        optional={
            "kind": ANY,
            "definition": st.fixed_dictionaries({"de": ANY}, optional={"en": ANY}),
            "includes": st.lists(ANY, max_size=2),
            "lexicon": st.fixed_dictionaries({"include": st.lists(ANY, max_size=2)}),
            "positive": st.lists(ANY | st.fixed_dictionaries({"text": ANY, "heading": ANY}), max_size=2),
        },
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda code: code["id"],
)


@settings(max_examples=60, deadline=None)
@given(codes=CODES, notes=ANY, parents=st.lists(st.integers(0, 3), min_size=4, max_size=4))
def test_any_codebook_comes_back_whole(tmp_path_factory: pytest.TempPathFactory, codes, notes: str, parents) -> None:
    for i, code in enumerate(codes):
        if parents[i] > i and parents[i] < len(codes):  # a parent may stand after its child
            code["parent"] = codes[parents[i]]["id"]
    folder = tmp_path_factory.mktemp("any")
    (folder / "toy.yaml").write_text(written({"dimension": "toy", "notes": notes, "codes": codes}), encoding="utf-8")
    codebook = Codebook.load(folder, "toy")
    data = export_qdc(codebook)
    SCHEMA.assertValid(etree.fromstring(data))
    assert same(back(data, folder), codebook)


def changed(data: bytes, pattern: str, new: str) -> bytes:
    text, count = re.subn(pattern, new, data.decode("utf-8"), count=1)
    assert count == 1
    return text.encode("utf-8")


EDITS = [
    ('name="Energie und Wärme"', 'name="Energie"', "label changed", lambda c: c["energie"].name_de == "Energie"),
    ("Erzeugung, Verteilung,", "Gewinnung,", "definition changed",
     lambda c: c["energie"].definition_de[:22] == "Gewinnung, Speicherung" and c["energie"].definition_en[0] == "G"),
    ("\nNicht dazu gehört:", "- Kachelöfen\n\nNicht dazu gehört:", "includes changed",
     lambda c: c["energie"].includes[-1] == "Kachelöfen" and len(c["energie"].includes) == 6),
    ("- Ladeinfrastruktur gehört auch[^\n]+\n", "", "excludes changed", lambda c: len(c["energie"].excludes) == 2),
    ('name="Handlungsfeld"', 'name="Thema"', "label of the dimension|dimension: label", lambda c: c.name_de == "Thema"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told", "holds"), EDITS, ids=[edit[2] for edit in EDITS])
def test_what_another_program_changed_wins(
    tmp_path: Path, field: Codebook, old: str, new: str, told: str, holds
) -> None:
    data = changed(export_qdc(field), old, new)
    (line,) = import_qdc(data, "x.qdc").told
    assert re.search(told, line)
    codebook = back(data, tmp_path)
    assert holds(codebook)
    assert codebook["energie"].lexicon == field["energie"].lexicon  # the rest is kept
    assert codebook["mobilitaet"] == field["mobilitaet"]


def test_codes_added_moved_and_deleted_in_another_program(tmp_path: Path, field: Codebook) -> None:
    tree = etree.fromstring(export_qdc(field))
    ns = {"q": "urn:QDA-XML:codebook:1.0"}
    top = tree.find("q:Codes/q:Code", ns)
    energy, mobility, health = top.findall("q:Code", ns)[:3]
    energy.append(mobility)
    top.remove(health)
    new = etree.fromstring('<Code guid="12365523-1035-4afa-9e7b-281fe0bc51c5" name="Häfen" isCodable="true"/>')
    energy.addnext(new)
    imported = import_qdc(etree.tostring(tree), "x.qdc")
    assert any("'mobilitaet' moved below energie" in line for line in imported.told)
    assert any("loses gesundheit, which is gone" in line for line in imported.told)
    assert any("passages go with the codes" in line for line in imported.told)
    (tmp_path / "toy.yaml").write_text(written({**imported.values, "dimension": "toy"}), encoding="utf-8")
    codebook = Codebook.load(tmp_path, "toy")
    assert codebook.ids[:4] == ("energie", "mobilitaet", "haefen", "bildung")
    assert codebook["mobilitaet"].parent == "energie"


def test_a_damaged_part_in_brackets_is_told_and_the_text_is_used(field: Codebook) -> None:
    data = changed(export_qdc(field), '"id": "energie"', '"id": “energie”')
    imported = import_qdc(data, "x.qdc")
    assert imported.told[0] == "'Energie und Wärme': the part in brackets is damaged and was left out"
    code = imported.values["codes"][0]
    assert code["id"] == "energie_und_waerme"
    assert code["definition"]["de"].startswith("Erzeugung, Verteilung")
    assert len(code["includes"]) == 5


def test_white_space_of_other_programs_changes_nothing(tmp_path: Path, field: Codebook) -> None:
    text = export_qdc(field).decode("utf-8").replace("\n", "\r\n  ")
    assert same(back(text.encode("utf-8"), tmp_path), field)


def test_a_file_of_another_program_gives_a_skeleton(tmp_path: Path) -> None:
    SCHEMA.assertValid(etree.fromstring(FOREIGN.encode()))
    imported = import_qdc(FOREIGN.encode("utf-8"), "/a/Mein Codesystem.qdc")
    codebook = back(FOREIGN.encode("utf-8"), tmp_path, "/a/Mein Codesystem.qdc")
    assert codebook.dimension == "mein_codesystem"
    assert codebook.ids == ("oeffentlicher_raum_gruen", "spielplaetze", "gruen", "spielplaetze_2", "code")
    assert [code.parent for code in codebook.codes] == [None, codebook.ids[0], codebook.ids[0], "gruen", None]
    green = codebook["gruen"]
    assert (green.name_de, green.definition_de) == ("Grün", "Bäume und Beete")
    assert green.includes == ("Straßenbäume", "Beete, auch die der Anwohner")
    assert green.excludes == ("Wald",)
    told = "\n".join(imported.told)
    for what in ("2 colours", "1 sets", "only groups codes", "without examples and lexicon"):
        assert what in told


def test_names_become_ids() -> None:
    assert slug("Öffentlicher Raum & Grün (Straße)") == "oeffentlicher_raum_gruen_strasse"
    assert slug("Café 2.0") == "cafe_2_0"
    assert slug("公園") == ""


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
HOSTILE = [
    (f'<!DOCTYPE c [<!ENTITY l0 "ha">{LAUGHS}]><CodeBook><Codes><Code name="&l9;"/></Codes></CodeBook>',
     "document type"),
    ('<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><CodeBook><Codes><Code name="&x;"/></Codes></CodeBook>',
     "document type"),
    ('<!DOCTYPE c SYSTEM "http://example.org/c.dtd"><CodeBook/>', "document type"),
    ("<CodeBook><Codes/></CodeBook>", "no codes"),
    ("<Other/>", "no codes"),
    ("<CodeBook>", "is no XML"),
    ("", "is no XML"),
    ("PK\x03\x04", "is no XML"),
    ('<?xml version="1.0" encoding="klingon"?><CodeBook/>', "is no XML"),
    ("<CodeBook>" + " " * 20_000_000, "larger than 20 MB"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_and_broken_files_are_refused(text: str, message: str) -> None:
    with pytest.raises(CodebookError, match=message) as error:
        import_qdc(text.encode("utf-8"), "x.qdc")
    assert error.value.remedy


def test_deep_nesting_is_read() -> None:
    deep = '<Code name="a">' * 3000 + "</Code>" * 3000
    imported = import_qdc(f"<CodeBook><Codes>{deep}</Codes></CodeBook>".encode(), "x.qdc")
    assert len(imported.values["codes"]) == 3000


def test_a_part_in_brackets_cannot_lead_out_of_the_folder(tmp_path: Path, field: Codebook) -> None:
    data = changed(export_qdc(field), '"dimension": "field"', '"dimension": "../field"')
    (tmp_path / "x.qdc").write_bytes(data)
    result = CliRunner().invoke(app, ["codebook", "import", str(tmp_path / "x.qdc"), str(tmp_path / "out")])
    assert isinstance(result.exception, CodebookError)
    assert not (tmp_path / "field.yaml").exists()


def test_the_commands(tmp_path: Path) -> None:
    def run(*arguments: object) -> object:
        return CliRunner().invoke(app, ["codebook", *map(str, arguments)])

    file, folder = tmp_path / "out" / "t.qdc", tmp_path / "book"
    assert run("export", file, "--dimension", "technology").exit_code == 0
    assert run("import", file, folder).exit_code == 0
    shipped = Codebook.load(ROOT / "corpus" / "codebook", "technology")
    assert same(Codebook.load(folder, "technology"), shipped)
    again = run("import", file, folder)
    assert isinstance(again.exception, CodebookError)
    assert "--force" in str(again.exception)
    assert run("import", file, folder, "--force", "--dimension", "technik").exit_code == 0
    assert Codebook.load(folder, "technik").dimension == "technik"
    (tmp_path / "foreign.qdc").write_text(FOREIGN, encoding="utf-8")
    assert run("import", tmp_path / "foreign.qdc", folder, "--dimension", "topics").exit_code == 0
    assert len(Codebook.load(folder, "topics").codes) == 5
    # The dimension `field` needs more than a foreign file has: it is written, and what is missing is told.
    assert run("import", tmp_path / "foreign.qdc", folder, "--dimension", "field").exit_code == 1
    assert (folder / "field.yaml").exists()


def test_a_written_codebook_reads_well(field: Codebook) -> None:
    text = written(content(field))
    assert "label: {de: Energie und Wärme, en: Energy and heat}" in text
    assert "\\x" not in text
    assert "&id" not in text
    assert max(map(len, text.splitlines())) < 140
