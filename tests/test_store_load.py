"""Artefacts of a corpus -> coded.duckdb."""

import pytest

from strategy_miner.coding.gold_read import Gold, write_gold
from strategy_miner.errors import CorpusError, StoreError
from strategy_miner.parquet import to_table, write_table
from strategy_miner.records import Block, GoldLabel, GoldNote, GoldSegment, Page, Word
from strategy_miner.store import query, write_coded
from tests.store_corpus import CorpusFolder, SmallCodebook


def loaded(corpus, **provenance):
    target = corpus.build / "coded.duckdb"
    write_coded(corpus.load(), [SmallCodebook()], corpus.build, target, provenance)
    return target


def rows(database, sql):
    return query(database, sql)[1]


@pytest.fixture
def corpus(tmp_path):
    """Two documents of which one failed, one missing file, one project outside the cohorts."""
    corpus = CorpusFolder(tmp_path, extra=("budget", "Title"))
    corpus.project("adorf", "1", "a.pdf", budget="3 Mio.", Title="anders")
    corpus.project("bedorf", "2", "b.pdf")
    corpus.project("cedorf", "3", "fehlt.pdf")
    corpus.project("dedorf", "")
    a, b = corpus.pdf("a.pdf"), corpus.pdf("b.pdf")
    corpus.text(
        a, [("Energie für die Stadt", {"energie": 0.9}), ("Stadt und Land", {"stadtland": 0.8, "energie": 0.7})]
    )
    corpus.fields(
        a, [("Energie", "sectoral", True), ("ENERGIE", "sectoral", True), ("Miteinander", "integrated", False)]
    )
    corpus.measure(a, "Neue Leuchten")
    corpus.failure(b, "extract", "The file is truncated.")
    return corpus


def test_every_artefact_arrives(corpus):
    database = loaded(corpus, seed="1")
    counts = {name: rows(database, f"SELECT count(*) FROM {name}")[0][0] for name in (
        "projects", "documents", "pages", "blocks", "words", "segments", "codings", "codes", "declared_fields",
        "measures", "failures", "project_documents",
    )}  # fmt: skip
    assert counts == {
        "projects": 4, "documents": 3, "pages": 1, "blocks": 2, "words": 7, "segments": 2, "codings": 3, "codes": 3,
        "declared_fields": 3, "measures": 1, "failures": 2, "project_documents": 3,
    }  # fmt: skip
    assert ("seed", "1") in rows(database, "FROM runs")


def test_documents_say_what_became_of_them(corpus):
    assert rows(loaded(corpus), "SELECT file, status, pages, words, segments FROM documents") == [
        ("a.pdf", "read", 1, 7, 2),
        ("b.pdf", "failed", None, None, None),
        ("fehlt.pdf", "missing", None, None, None),
    ]


def test_failures_name_document_and_remedy(corpus):
    sql = "SELECT d.file, f.stage, f.message FROM failures AS f JOIN documents AS d USING (document_id) ORDER BY ALL"
    assert rows(loaded(corpus), sql) == [
        ("b.pdf", "extract", "The file is truncated."),
        ("fehlt.pdf", "extract", "The file is not there. Put it into the PDF folder."),
    ]


def test_a_document_without_any_text_is_a_failure(corpus):
    document = corpus.pdf("b.pdf")
    (corpus.build / "extract" / f"{document.document_id}.failure.json").unlink()
    corpus.text(document, [])
    page = Page(document.document_id, 1, 595.0, 842.0, "test", "unread", "image only", ())
    corpus.artefact("extract", document, Page, [page])
    database = loaded(corpus)
    assert rows(database, "SELECT status, pages, pages_unread FROM documents WHERE file = 'b.pdf'") == [
        ("failed", 1, 1)
    ]
    [(message,)] = rows(database, "SELECT message FROM failures WHERE file = 'b.pdf'")
    assert message.startswith("None of its 1 pages gave any text, 1 could not be read. Install tesseract")


def test_further_columns_of_projects_are_kept(corpus):
    sql = "SELECT title, budget, \"Title_\" FROM projects WHERE project_id = 'adorf'"
    assert rows(loaded(corpus), sql) == [("Strategie Adorf", "3 Mio.", "anders")]


def test_cohorts_have_an_order_and_outside_none(corpus):
    assert rows(loaded(corpus), "SELECT cohort, cohort_order FROM projects") == [
        ("1", 0), ("2", 1), ("3", 2), (None, None),
    ]  # fmt: skip


def test_declared_takes_the_text_before_public_pages_and_what_people_add(corpus):
    corpus.names([
        ("adorf", "Wohnen", "web", "sectoral", False),
        ("bedorf", "Bildung", "web", "sectoral", False),
        ("cedorf", "Kultur", "web", "sectoral", False), ("cedorf", "Lernende Stadt", "person", "integrated", False),
    ])  # fmt: skip
    sql = "SELECT project_id, field_name, origin, oriented_by FROM declared"
    assert rows(loaded(corpus), sql) == [
        ("adorf", "Energie", "text", "machine"), ("adorf", "Miteinander", "text", "machine"),
        ("bedorf", "Bildung", "web", "machine"),
        ("cedorf", "Kultur", "web", "machine"), ("cedorf", "Lernende Stadt", "person", "person"),
    ]  # fmt: skip
    assert rows(loaded(corpus), "SELECT field_name FROM declared_fields WHERE NOT counts") == [("Wohnen",)]


def test_fields_of_a_shared_document_belong_to_both_projects(tmp_path):
    corpus = CorpusFolder(tmp_path)
    corpus.project("adorf", "1", "zusammen.pdf")
    corpus.project("bedorf", "1", "zusammen.pdf")
    corpus.fields(corpus.pdf("zusammen.pdf"), [("Energie", "sectoral", True)])
    assert rows(loaded(corpus), "SELECT project_id FROM declared") == [("adorf",), ("bedorf",)]


def test_uncoded_names_are_refused(tmp_path):
    corpus = CorpusFolder(tmp_path, web=[("adorf", "Energie")])
    corpus.project("adorf", "1")
    with pytest.raises(StoreError, match=r"not coded.*Run `dvc repro fields@klein` first"):
        loaded(corpus)


def test_a_corpus_without_a_pdf_gives_empty_tables_with_their_columns(tmp_path):
    corpus = CorpusFolder(tmp_path)
    corpus.project("adorf", "1")
    database = loaded(corpus)
    columns, found = query(database, "FROM segments")
    assert (found, columns[:3]) == ([], ["id", "document_id", "order"])
    assert rows(database, "SELECT count(*) FROM quote_list") == [(0,)]


def test_artefacts_of_documents_that_left_the_corpus_are_not_read(corpus):
    gone = corpus.pdf("c.pdf")
    corpus.text(gone, [("Aus einem früheren Lauf", {})])
    assert rows(loaded(corpus), "SELECT count(*) FROM segments WHERE text LIKE 'Aus%'") == [(0,)]


def test_words_of_a_block_that_runs_over_a_page_break_stand_on_their_own_page(tmp_path):
    corpus = CorpusFolder(tmp_path)
    corpus.project("adorf", "1", "a.pdf")
    document = corpus.pdf("a.pdf")
    words = (Word(0, "unten", 50, 780, 90, 790), Word(1, "oben", 50, 60, 90, 70))
    boxes = ((1, 40, 775, 500, 795), (2, 40, 55, 500, 75))
    block = Block("b", 0, "paragraph", None, "unten oben", "unten\noben", (), boxes, (), words)
    pages = [Page(document.document_id, 1, 595, 842, "test", "read", "", (block,)),
             Page(document.document_id, 2, 595, 842, "test", "read", "", ())]  # fmt: skip
    corpus.artefact("extract", document, Page, pages)
    assert rows(loaded(corpus), "SELECT text, page FROM words ORDER BY n") == [("unten", 1), ("oben", 2)]


def test_lemmas_and_the_pipeline_that_made_them(corpus):
    assert "nlp" not in {key for (key,) in rows(loaded(corpus), "SELECT key FROM runs")}
    corpus.tags(corpus.pdf("a.pdf"), [[("Wärme", "NOUN"), ("sparen", "VERB")], []])
    database = loaded(corpus)
    assert rows(database, 'SELECT lemmas, tags FROM lemmas JOIN segments ON id = segment_id ORDER BY "order"') == [
        (["Wärme", "sparen"], ["NOUN", "VERB"]), ([], []),
    ]  # fmt: skip
    assert rows(database, "SELECT value FROM runs WHERE key = 'nlp'") == [("de_probe 1.0",)]


def test_vectors_may_have_another_length(corpus):
    import pyarrow as pa

    document = corpus.pdf("a.pdf")
    [(segment_id,)] = rows(loaded(corpus), 'SELECT id FROM segments WHERE "order" = 0')
    vectors = pa.FixedSizeListArray.from_arrays(pa.array([0.6, 0.8], pa.float32()), 2)
    table = pa.table({"segment_id": [segment_id], "vector": vectors})
    write_table(table, corpus.build / "embed" / f"{document.document_id}.parquet")
    sql = "SELECT array_cosine_similarity(vector, [0.6, 0.8]::FLOAT[2]) FROM vectors"
    assert rows(loaded(corpus), sql) == [(pytest.approx(1.0),)]


def test_a_damaged_artefact_is_named_and_the_old_database_stays(corpus):
    database = loaded(corpus)
    document = corpus.pdf("a.pdf")
    (corpus.build / "segment" / f"{document.document_id}.parquet").write_bytes(b"PAR1 no parquet at all PAR1")
    with pytest.raises(StoreError, match=r"segment: .*dvc repro"):
        loaded(corpus)
    assert rows(database, "SELECT count(*) FROM segments") == [(2,)]


def test_an_artefact_of_another_shape_is_named(corpus):
    document = corpus.pdf("a.pdf")
    write_table(to_table(Page, []), corpus.build / "segment" / f"{document.document_id}.parquet")
    with pytest.raises(StoreError, match=r"segment: .*dvc repro"):
        loaded(corpus)


def test_further_tables_of_the_corpus_can_be_joined(corpus):
    corpus.tables = ("Mittel 2021.csv",)
    (corpus.folder / "Mittel 2021.csv").write_text(
        "project_id,mio,schluessel,leer\nadorf,3.5,08421,\nbedorf,12,09162,\n", encoding="utf-8"
    )
    database = loaded(corpus)
    sql = "SELECT name, mio * 2, schluessel, leer FROM mittel_2021 JOIN projects USING (project_id) ORDER BY name"
    assert rows(database, sql) == [("Adorf", 7.0, "08421", None), ("Bedorf", 24.0, "09162", None)]


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        pytest.param("mittel.csv", "project_id,mio\nniemand,3\n", "line 2: unknown project_id 'niemand'", id="project"),
        pytest.param("mittel.csv", "projekt,mio\nadorf,3\n", "missing column project_id", id="column"),
        pytest.param("pages.csv", "project_id\nadorf\n", "'pages' cannot name a table", id="name is taken"),
    ],
)
def test_a_wrong_further_table_is_named(corpus, file, content, message):
    corpus.tables = (file,)
    (corpus.folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        loaded(corpus)


def test_two_runs_give_equal_tables(corpus):
    def everything():
        database = loaded(corpus)
        return {name: rows(database, f'FROM "{name}"') for (name,) in rows(database, _NAMES)}

    assert everything() == everything()


_NAMES = "SELECT table_name FROM information_schema.tables"


def test_scores_arrive_with_the_threshold_of_their_coder(corpus):
    database = loaded(corpus)
    codes = [code for (code,) in rows(database, "SELECT id FROM codes WHERE dimension = 'field' ORDER BY rowid")]
    for coder, p, unit in rows(database, "SELECT coder, p, segment_id FROM scores"):
        assert coder == "codebook"
        sql = f"SELECT code, p FROM codings WHERE unit_id = '{unit}' AND dimension = 'field'"
        given = dict(rows(database, sql))
        assert p == pytest.approx([given.get(code, 0.0) for code in codes], abs=1e-6)
    assert rows(database, "SELECT count(*) FROM scores") == rows(database, "SELECT count(*) FROM segments")
    assert rows(database, "FROM thresholds") == [("codebook", 0.5)]


def test_a_damaged_file_of_scores_is_named(corpus):
    loaded(corpus)
    path = next((corpus.build / "scores").glob("*.parquet"))
    path.write_bytes(b"PAR1")
    with pytest.raises(StoreError, match="scores"):
        loaded(corpus)


def test_gold_arrives_with_what_made_the_sample(corpus):
    unit = rows(loaded(corpus), "SELECT id, document_id FROM segments ORDER BY id LIMIT 1")[0]
    sample = (
        GoldSegment(unit[0], unit[1], "coded", 5, 2, "alt", "text"),
        GoldSegment(None, "weg", "none", 9, 2, "verloren", "lost"),
    )
    labels = (GoldLabel(unit[0], "AB", ()), GoldLabel(unit[0], "consensus", ("energie",)))
    notes = (GoldNote("lost", "design.csv", 1, "1 of 2 segments"),)
    write_gold(corpus.build / "labels", Gold(sample, labels, notes, {"model": "m", "seed": "7", "date": ""}))
    database = loaded(corpus)
    assert rows(database, "SELECT how, segment_id, stratum_size FROM gold_sample ORDER BY how DESC") == [
        ("text", unit[0], 5), ("lost", None, 9),
    ]  # fmt: skip
    assert rows(database, "SELECT coder, codes FROM gold_labels ORDER BY coder") == [
        ("AB", []), ("consensus", ["energie"]),
    ]  # fmt: skip
    assert rows(database, "SELECT kind, n FROM gold_notes") == [("lost", 1)]
    assert rows(database, "FROM runs WHERE key LIKE 'gold %' ORDER BY key") == [("gold model", "m"), ("gold seed", "7")]


def test_a_corpus_without_gold_has_empty_gold_tables(corpus):
    assert rows(loaded(corpus), "SELECT count(*) FROM gold_sample") == [(0,)]
    write_gold(corpus.build / "labels", Gold())
    assert rows(loaded(corpus), "SELECT count(*) FROM gold_labels") == [(0,)]
