"""Corpus folders: loading, checking, laying out."""

from __future__ import annotations

import shutil

import pytest

from strategy_miner.corpus import Corpus, check_corpus, new_corpus
from strategy_miner.errors import CorpusError, SettingsError
from strategy_miner.parallel import ROOT

HEADER = "project_id,name,cohort,municipality_type,title,published,file\n"


@pytest.fixture
def root(tmp_path):
    new_corpus(tmp_path, "probe")
    return tmp_path


def projects(root, rows, header=HEADER):
    (root / "probe" / "projects.csv").write_text(header + rows, encoding="utf-8")


def put(root, name, content=b"x"):
    (root / "probe" / "pdf" / name).write_bytes(content)


def test_a_new_corpus_loads_and_is_empty(root):
    corpus = Corpus.load(root, "probe")
    assert (corpus.projects, corpus.documents(), corpus.named_fields()) == ((), [], [])


def test_projects_share_have_several_or_no_document(root):
    projects(root, "a,A,1,,,,x.pdf;y.pdf\nb,B,2,,,2023-05,x.pdf\nc,C,,,,,\n")
    put(root, "x.pdf", b"x")
    put(root, "y.pdf", b"y")
    corpus = Corpus.load(root, "probe")
    assert len(corpus.documents()) == 2
    assert sorted(project for project, _ in corpus.project_documents()) == ["a", "a", "b"]
    assert corpus.projects[2].cohort is None
    assert any("shared by a, b" in finding.message for finding in check_corpus(corpus))


def test_a_project_without_file_name_takes_its_own(root):
    projects(root, "musterstadt,Musterstadt,1,,,,\n")
    put(root, "musterstadt.pdf")
    assert [p for p, _ in Corpus.load(root, "probe").project_documents()] == ["musterstadt"]


def test_file_names_match_across_file_systems(root):
    projects(root, "a,A,1,,,,Lübeck.PDF\n")
    put(root, "Lu\u0308beck.pdf")  # decomposed umlaut and lower case, as some systems store it
    assert Corpus.load(root, "probe").missing_files() == []


def test_missing_and_unclaimed_files_are_named(root):
    projects(root, "a,A,1,,,,x.pdf\n")
    put(root, "z.pdf")
    messages = [f.message for f in check_corpus(Corpus.load(root, "probe")) if f.serious]
    assert any(m.startswith("a: x.pdf is not in") for m in messages)
    assert any(m.startswith("z.pdf belongs to no project") for m in messages)
    assert any(m.startswith("cohort 2 of corpus.yaml has no project") for m in messages)


def test_further_columns_are_kept(root):
    projects(root, "a,A,1,,,,,1.5\n", HEADER.strip() + ",funding\n")
    assert Corpus.load(root, "probe").projects[0].extra == {"funding": "1.5"}


def test_semicolons_and_byte_order_mark_of_spreadsheets(root):
    text = ("\ufeff" + HEADER + "a,A,1,,,,\n").replace(",", ";")
    (root / "probe" / "projects.csv").write_text(text, encoding="utf-8")
    assert Corpus.load(root, "probe").projects[0].name == "A"


@pytest.mark.parametrize(
    ("rows", "header", "message"),
    [
        ("", "project_id,name\n", "missing column cohort, municipality_type"),
        ("a,A,9,,,,\n", HEADER, "cohort '9' is not in corpus.yaml"),
        ("a,A,1,,,,\na,B,1,,,,\n", HEADER, "'a' is used twice"),
        (",A,1,,,,\n", HEADER, "project_id is empty"),
        ("a,A, B,1,,,,x\n", HEADER, 'more cells than the 7 columns of the first line. Put a text that holds "," in q'),
        ("a,A,1,,,May 2023,\n", HEADER, "is no month"),
        ("a,A,1,,,,../x.pdf\n", HEADER, "leads out of the PDF folder"),
    ],
)
def test_wrong_tables_name_file_and_remedy(root, rows, header, message):
    projects(root, rows, header)
    with pytest.raises(CorpusError, match=message) as caught:
        Corpus.load(root, "probe")
    assert "projects.csv" in str(caught.value)
    assert caught.value.remedy


def test_unknown_corpus_unknown_key_and_bad_names(root):
    with pytest.raises(CorpusError, match="Corpora here: probe"):
        Corpus.load(root, "prob")
    with (root / "probe" / "corpus.yaml").open("a") as handle:
        handle.write("colour: red\n")
    with pytest.raises(SettingsError, match="unknown key 'colour'"):
        Corpus.load(root, "probe")
    for name in ("../x", "Groß", ""):
        with pytest.raises(CorpusError):
            new_corpus(root, name)
    with pytest.raises(CorpusError, match="exists already"):
        new_corpus(root, "probe")


def test_people_overrule_and_must_be_right(root):
    projects(root, "a,A,1,,,,\n")
    path = root / "probe" / "declared_fields.csv"
    path.write_text("project_id,field_name,codes,orientation,ecology,coder\na,Wärme,energie,sectoral,true,kb\n")
    (field,) = Corpus.load(root, "probe").named_fields()
    assert (field.origin, field.codes, field.ecology, field.source) == ("person", ("energie",), True, "kb")
    path.write_text("project_id,field_name,codes,orientation,ecology,coder\nb,Wärme,,,,\n")
    with pytest.raises(CorpusError, match="unknown project_id 'b'"):
        Corpus.load(root, "probe").named_fields()
    path.write_text("project_id,field_name,codes,orientation,ecology,coder\na,Wärme,,oben,,\n")
    with pytest.raises(CorpusError, match="orientation 'oben'"):
        Corpus.load(root, "probe").named_fields()


def test_the_real_corpus_has_its_known_shape():
    corpus = Corpus.load(ROOT / "corpus", "mpsc")
    cohorts = [project.cohort for project in corpus.projects]
    assert [cohorts.count(value) for value in corpus.cohort_values] == [10, 24, 27]
    of = {project.project_id: project.cohort for project in corpus.projects}
    with_fields = [of[project_id] for project_id in {field.project_id for field in corpus.named_fields()}]
    assert [with_fields.count(value) for value in corpus.cohort_values] == [6, 21, 18]


def test_a_corpus_folder_can_be_copied(root, tmp_path):
    shutil.copytree(root / "probe", root / "copy")
    assert Corpus.load(root, "copy").name == "copy"


def test_a_project_without_a_named_file_may_have_a_word_file(root):
    projects(root, "a,A,1,,,,\nb,B,2,,,,\n")
    put(root, "a.docx", b"a")
    put(root, "B.PDF", b"b")
    put(root, "b.txt", b"c")
    corpus = Corpus.load(root, "probe")
    assert {d.file for d in corpus.documents()} == {"a.docx", "B.PDF"}
    assert corpus.unclaimed_files() == ["b.txt"]


def test_check_tells_which_tables_can_be_compared_and_counts_published_figures(root):
    projects(root, "a,A,1,,,,\n")
    settings = root / "probe" / "corpus.yaml"
    text = settings.read_text(encoding="utf-8").replace("tables: []", "tables: [jahre.csv, team.csv]")
    settings.write_text(text.replace('published: ""', "published: zahlen.csv"), encoding="utf-8")
    (root / "probe" / "jahre.csv").write_text("project_id,mittel\na,1\na,2\n", encoding="utf-8")
    (root / "probe" / "team.csv").write_text("project_id,form\na,neu\n", encoding="utf-8")
    header = "id,quantity,scope,value,denominator,unit,kind\n"
    (root / "probe" / "zahlen.csv").write_text(header + "projects,Projekte,all,1,,projects,count\n", encoding="utf-8")
    told = " ".join(finding.message for finding in check_corpus(Corpus.load(root, "probe")))
    assert "jahre.csv has several rows for a project" in told
    assert "team.csv" not in told
    assert "zahlen.csv: 1 published figures." in told


def test_a_published_file_without_a_column_is_named(root):
    settings = root / "probe" / "corpus.yaml"
    text = settings.read_text(encoding="utf-8").replace('published: ""', "published: zahlen.csv")
    settings.write_text(text, encoding="utf-8")
    (root / "probe" / "zahlen.csv").write_text("id,value\nprojects,1\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"missing column quantity.*zahlen.csv|zahlen.csv: missing column quantity"):
        check_corpus(Corpus.load(root, "probe"))
