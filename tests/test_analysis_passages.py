"""Quotes are the best and from many documents; typical words are those of a cohort, not of one long document."""

from strategy_miner.store import query
from tests.store_corpus import CorpusFolder
from tests.test_analysis_results import analysed


def quotes(database):
    return query(database, "SELECT rank, p, text FROM quotes WHERE code = 'energie' ORDER BY rank")[1]


def test_at_most_two_per_document_as_long_as_there_are_others(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    for project, base, number in (("a", 0.9, 5), ("b", 0.5, 3), ("c", 0.4, 1)):
        corpus.project(project, "1", f"{project}.pdf")
        corpus.text(corpus.pdf(f"{project}.pdf"),
                    [(f"Wärme {project} {i}", {"energie": base + i / 100}) for i in range(number)])  # fmt: skip
    best = quotes(analysed(corpus))
    assert [row[0] for row in best] == list(range(1, 10))  # nine passages exist, rank from 1
    # two of a, two of b, the one of c; then what is left over, best first
    assert [row[2][6:] for row in best] == ["a 4", "a 3", "b 2", "b 1", "c 0", "a 2", "a 1", "a 0", "b 0"]


def test_ten_at_most_and_a_recurring_text_once(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    for n in range(15):
        corpus.project(f"p{n:02d}", "1", f"p{n:02d}.pdf")
        segments = [("Dieser Satz steht überall", {"energie": 0.99}), (f"Eigener Satz {n}", {"energie": n / 20})]
        corpus.text(corpus.pdf(f"p{n:02d}.pdf"), segments)
    best = quotes(analysed(corpus))
    assert len(best) == 10
    assert [row[2] for row in best].count("Dieser Satz steht überall") == 1
    assert best[1][2] == "Eigener Satz 14"


COMMON = [("die", "DET"), ("werden", "AUX"), ("Verwaltung", "NOUN"), ("Bürgerin", "NOUN"), ("gemeinsam", "ADJ")]


def said(corpus, project, cohort, words, times=3):
    """A project whose document has the tagged words in each of its segments."""
    corpus.project(project, cohort, f"{project}.pdf")
    document = corpus.pdf(f"{project}.pdf")
    corpus.text(document, [(" ".join(lemma for lemma, _ in words), {})] * times)
    corpus.tags(document, [words] * times)


def typical(corpus):
    return query(analysed(corpus), "SELECT cohort, rank, word, documents, log_ratio > 1 FROM typical_words")[1]


def test_typical_words_of_a_cohort(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    for n in range(4):
        for cohort, word in (("1", ("Glasfaser", "NOUN")), ("2", ("barrierefrei", "ADJ"))):
            project = f"p{cohort}{n}"
            own = [("Ziegenkäse", "NOUN")] * 50 if project == "p10" else []  # one project's habit, however often
            said(corpus, project, cohort, [word, *COMMON, *own])
    words = typical(corpus)
    assert ("1", 1, "Glasfaser", 4, True) in words
    assert ("2", 1, "barrierefrei", 4, True) in words
    assert "Ziegenkäse" not in {row[2] for row in words}


def test_only_words_that_say_what_it_is_about_are_typical(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    left_out = [
        ("machen", "VERB"), ("Grünau", "PROPN"), ("bereits", "ADV"),  # neither noun nor adjective
        ("deutlich", "ADJ"), ("Ende", "NOUN"), ("September", "NOUN"),  # degree, time
        ("viele", "ADJ"), ("Bus", "NOUN"), ("3D-Druck", "NOUN"),  # function word, too short, not letters only
    ]  # fmt: skip
    for n in range(3):
        said(corpus, f"a{n}", "1", [("Wärme", "NOUN"), ("Smart-City-Büro", "NOUN"), *left_out, *COMMON])
        said(corpus, f"b{n}", "2", [("Teilhabe", "NOUN"), *COMMON])
    assert {row[2] for row in typical(corpus) if row[0] == "1"} == {"Wärme", "Smart-City-Büro"}
