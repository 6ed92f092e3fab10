"""Full-text search: inflected forms, compounds and their parts, what a plain client can open."""

import pytest

from strategy_miner.analysis import analyse
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import connect, query, write_coded
from tests.store_corpus import CorpusFolder, SmallCodebook

TEXTS = [
    "Die kommunale Wärmeplanung verlangt Entscheidungen mit langer Wirkung.",
    "Die Planung der Wärme beginnt in zwei Quartieren.",
    "Neue Radwege verbinden die Ortsteile und den Bahnhof.",
    "Zwei Frauenhäuser bieten Schutz, auch bei Hitze.",
    "Ältere Menschen nehmen an Bürgerversammlungen teil.",
    "Ein Satz, in dem nichts davon vorkommt.",
]


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    root = tmp_path_factory.mktemp("search")
    corpus = CorpusFolder(root)
    corpus.project("adorf", "1", "adorf.pdf")
    corpus.project("bedorf", "2", "adorf.pdf")
    document = corpus.pdf("adorf.pdf")
    corpus.text(document, [(text, {"energie": 0.9} if "Wärme" in text else {}) for text in TEXTS])
    corpus.vectors(document, [[1.0, 0.0], [0.8, 0.6], [0.0, 1.0], [-1.0, 0.0], [0.6, 0.8], [0.0, -1.0]])
    write_coded(corpus.load(), [SmallCodebook()], corpus.build, root / "coded.duckdb", {})
    analyse(root / "coded.duckdb", root / "strategy.duckdb", AnalyseSettings(margin=0.1, permutations=9), 1)
    return root / "strategy.duckdb"


def found(database, words):
    """Numbers of the texts found, best first."""
    rows = query(database, "SELECT text FROM search(?) WHERE project_id = 'adorf'", [words])[1]
    return [TEXTS.index(text) for (text,) in rows]


CASES = [
    ("Wärmeplanung", [0, 1], "a compound finds itself before its parts"),
    ("Wärmeplanungen", [0, 1], "an inflected form that no text has"),
    ("WAERMEPLANUNG", [0, 1], "capitals and ae for ä"),
    ("die Planung der Wärme", [1, 0], "the parts find the compound"),
    ("Radweg", [2], "a plural in the text"),
    ("Frauenhaus", [3], "an umlaut in the plural"),
    ("Hitzeschutz", [3], "a compound that no text has, of two words that texts have"),
    ("Versammlung", [4], "the last part of a compound"),
    ("in dem", [], "function words alone"),
    ("Xylophon", [], "a word that is nowhere"),
    ("", [], "nothing"),
    ("'; DROP TABLE segments; --", [], "no word of the index"),
]


@pytest.mark.parametrize(("words", "texts", "_reason"), CASES, ids=[case[2] for case in CASES])
def test_search(database, words, texts, _reason):
    assert found(database, words) == texts


def test_a_rare_word_counts_more(database):
    """BM25 by hand: one of six segments has the term, once; terms are counted with the parts of compounds."""
    sql = """SELECT score, terms, (SELECT avg(terms) FROM search_segments) FROM search_index
        JOIN search_segments USING (n) WHERE term = german_stem('Bahnhof')"""
    ((score, terms, mean),) = query(database, sql)[1]
    from math import log

    assert score == pytest.approx(log(1 + 5.5 / 1.5) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * terms / mean)), rel=1e-6)


def test_search_names_every_project_of_a_shared_document(database):
    rows = query(database, "SELECT project_id, cohort, page FROM search('Radwege')")[1]
    assert rows == [("adorf", "1", 1), ("bedorf", "2", 1)]


STEMS = [
    # What the authors' own module gives without regard to case.
    ("Speicherbehältern", "speicherbehal"), ("Grenzpostens", "grenzpo"), ("Ausgefeiltere", "ausgefeil"),
    ("Städten", "stad"), ("Energien", "energie"), ("Busse", "buss"), ("Rat", "rat"), ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("word", "stem"), STEMS)
def test_german_stem(database, word, stem):
    assert query(database, "SELECT german_stem(?)", [word])[1] == [(stem,)]


def cistem(word):
    """The loop as published, for comparison: Weissweiler and Fraser 2017, without regard to case."""
    import re

    word = word.lower().translate(str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"}))
    word = re.sub(r"^ge(.{4,})$", r"\1", word)
    word = word.replace("sch", "$").replace("ei", "%").replace("ie", "&")
    word = re.sub(r"(.)\1", r"\1*", word)
    while len(word) > 3:
        cut = re.sub(r"(?:e[mr]|nd)$", "", word) if len(word) > 5 else word
        if cut == word:
            cut = re.sub(r"[tesn]$", "", word)
        if cut == word:
            break
        word = cut
    word = re.sub(r"(.)[*]", r"\1\1", word)
    return word.replace("%", "ei").replace("&", "ie").replace("$", "sch")


def test_german_stem_is_cistem(database):
    from strategy_miner.coding import Codebook
    from strategy_miner.parallel import ROOT

    words = {word for code in Codebook.load(ROOT / "corpus" / "codebook").codes for word in code.definition_de.split()}
    words |= {word + ending for word in list(words) for ending in ("en", "ern", "em", "end", "s", "t", "nd")}
    assert len(words) > 1000
    for word, stem in query(
        database, "SELECT w, german_stem(w) FROM (SELECT unnest(?::VARCHAR[]) AS w)", [list(words)]
    )[1]:
        assert stem == cistem(word), word


def test_similar_is_by_cosine_and_leaves_the_segment_out(database):
    with connect(database) as connection:
        (first,) = connection.execute("SELECT id FROM segments WHERE text = ?", [TEXTS[0]]).fetchone()
        rows = connection.execute("SELECT score, text FROM similar(?) WHERE project_id = 'adorf'", [first]).fetchall()
    assert rows[:2] == [(0.8, TEXTS[1]), (0.6, TEXTS[4])]
    assert len(rows) == len(TEXTS) - 1


def test_older_clients_can_open_the_file(database):
    ((tags,),) = query(database, "SELECT tags FROM duckdb_databases() WHERE NOT internal")[1]
    assert tags["storage_version"].startswith("v1.4.0")
