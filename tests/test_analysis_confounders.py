"""Copies between projects, echoes of call texts and what the shares are without them. All names are invented."""

import pytest

from strategy_miner.corpus import check_corpus
from strategy_miner.errors import CorpusError
from strategy_miner.store import query
from tests.store_corpus import CorpusFolder
from tests.test_analysis_results import analysed, rows

COPY = (
    "Die Stadt {0} wird seit {1} im Rahmen des Programms gefördert und hat sich verpflichtet, ihre Erkenntnisse an "
    "alle anderen Kommunen weiterzugeben und dafür offene Standards zu verwenden."
)
CALL = (
    "Gesucht werden Kommunen, die digitale Lösungen für das Zusammenleben der Generationen entwickeln und offen "
    "teilen. Gefördert werden insbesondere smarte Quartiere und die Verknüpfung von Stadt und Umland."
)


def own(project, n=4):
    """Passages that no other project has."""
    topics = ["Strom aus Sonne", "Wege am Fluss", "Bücher im Bus", "Bäume im Hof"]
    return [
        (f"{topics[i]} gibt es in {project} nach Ansicht von {project}{i} erst mit dem Vorhaben {project}{i + 9} "
         f"sowie später {project}{i + 20} und {project}{i + 30}.", {"energie": 0.9})
        for i in range(n)
    ]  # fmt: skip


def corpus_with_copies(root, cohorts=("1", "2")):
    """Two projects a cohort; three of them have the same passage, with their own name and year, as integrated text."""
    corpus = CorpusFolder(root, cohorts)
    for n, (project, cohort) in enumerate([("adorf", "1"), ("bedorf", "1"), ("cedorf", "2"), ("dedorf", "2")]):
        corpus.project(project, cohort, f"{project}.pdf")
        copied = [(COPY.format(project.title(), 2019 + n), {"stadtland": 0.9})] if n else []
        corpus.text(corpus.pdf(f"{project}.pdf"), own(project) + copied)
    return corpus


def test_copies_with_other_names_and_years_make_one_group(tmp_path):
    database = analysed(corpus_with_copies(tmp_path))
    found = rows(database, "SELECT group_id, documents, projects, boilerplate, similarity FROM repeated")
    assert found == [(1, 3, 3, True, 1.0)] * 3
    texts = rows(database, "SELECT DISTINCT text[:9] FROM repeated JOIN segments ON id = segment_id")
    assert texts == [("Die Stadt",)]
    counted = "SELECT cohort, n_projects, n_segments, count, projects_with, value FROM repetition WHERE kind = 'copy'"
    assert rows(database, counted) == [
        ("1", 2, 9, 1, 1, 0.1), ("2", 2, 10, 2, 2, 0.2), ("", 4, 19, 3, 3, pytest.approx(0.15)),
    ]  # fmt: skip


def test_shares_without_copies_and_how_far_the_difference_moves(tmp_path):
    database = analysed(corpus_with_copies(tmp_path))
    sql = "SELECT version, cohort, n_segments, value, moved FROM confounders WHERE estimand = 'H3' AND cohort <> ''"
    assert rows(database, sql) == [
        ("all", "1", 9, pytest.approx(0.1), 0.0), ("all", "2", 10, pytest.approx(0.2), 0.0),
        ("no_copies", "1", 8, 0.0, pytest.approx(-0.1)), ("no_copies", "2", 8, 0.0, pytest.approx(-0.2)),
    ]  # fmt: skip
    sql = "SELECT version, left_out, difference, moved FROM confounder_contrasts WHERE estimand = 'H3'"
    assert rows(database, sql) == [
        ("all", 0, pytest.approx(0.1), 0.0), ("no_copies", 3, 0.0, pytest.approx(-0.1)),
    ]  # fmt: skip
    whole = rows(database, "SELECT value FROM estimates WHERE estimand = 'H3' ORDER BY cohort, interval")
    versions = rows(database, "SELECT value FROM confounders WHERE estimand = 'H3' AND version = 'all' ORDER BY cohort")
    assert whole == versions, "version all is the estimate of the report"
    assert rows(database, "SELECT count(*) FROM segments") == [(19,)], "the tables themselves lose nothing"


def test_two_projects_are_a_copy_but_no_boilerplate_and_one_project_neither(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    for project, cohort, times in (("adorf", "1", 2), ("bedorf", "1", 1), ("cedorf", "2", 0)):
        corpus.project(project, cohort, f"{project}.pdf")
        corpus.text(corpus.pdf(f"{project}.pdf"), own(project) + [(COPY.format(project, 2020), {})] * times)
    database = analysed(corpus)
    assert rows(database, "SELECT DISTINCT projects, boilerplate FROM repeated") == [(2, False)]
    sql = "SELECT kind, count FROM repetition WHERE cohort = '' ORDER BY kind"
    assert rows(database, sql) == [("boilerplate", 0), ("copy", 3), ("furniture", 0), ("within", 2)]


def test_a_document_shared_by_two_projects_is_no_copy_of_itself(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    for project, cohort in (("adorf", "1"), ("bedorf", "2")):
        corpus.project(project, cohort, "gemeinsam.pdf")
    corpus.text(corpus.pdf("gemeinsam.pdf"), own("adorf"))
    assert rows(analysed(corpus), "SELECT count(*) FROM repeated") == [(0,)]


def test_short_texts_are_not_compared_but_counted_where_they_return(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    for project, cohort in (("adorf", "1"), ("bedorf", "2")):
        corpus.project(project, cohort, f"{project}.pdf")
        heads = [(f"Strategie der Stadt, Seite {page}", {}) for page in range(3)]
        corpus.text(corpus.pdf(f"{project}.pdf"), own(project) + heads)
    database = analysed(corpus)
    assert rows(database, "SELECT count(*) FROM repeated") == [(0,)]
    assert rows(database, "SELECT count FROM repetition WHERE kind = 'furniture' AND cohort = ''") == [(6,)]


def with_calls(root, calls):
    corpus = CorpusFolder(root, ("1", "2"))
    for project, cohort in (("adorf", "1"), ("bedorf", "2")):
        corpus.project(project, cohort, f"{project}.pdf")
        taken = [(f"In {project}: {CALL.split('. ')[0]}.", {"stadtland": 0.9})] if project == "bedorf" else []
        corpus.text(corpus.pdf(f"{project}.pdf"), own(project) + taken)
        corpus.fields(corpus.pdf(f"{project}.pdf"), [("Smarte Quartiere", "integrated", False),
                                                     ("Verwaltung", "sectoral", False)])  # fmt: skip
    for file, text in calls.items():
        corpus.call(file, text)
    return corpus


def test_echo_of_a_call_of_all_cohorts(tmp_path):
    database = analysed(with_calls(tmp_path, {"aufruf.txt": CALL}))
    assert rows(database, "SELECT file, share > 0.8, words > 10 FROM echoes") == [("aufruf.txt", True, True)]
    sql = "SELECT cohort, count, value FROM repetition WHERE kind = 'echo'"
    assert rows(database, sql) == [("1", 0, 0.0), ("2", 1, 0.2), ("", 1, 0.1)]
    sql = "SELECT version, difference FROM confounder_contrasts WHERE estimand = 'H3'"
    assert rows(database, sql) == [("all", pytest.approx(0.2)), ("no_copies", pytest.approx(0.2)),
                                   ("no_echo", 0.0), ("neither", 0.0)]  # fmt: skip
    sql = "SELECT version, cohort, n_segments, value FROM confounders WHERE estimand = 'H1' AND cohort <> ''"
    assert rows(database, sql) == [("all", "1", 2, 0.5), ("all", "2", 2, 0.5), ("no_echo", "1", 1, 0.0),
                                   ("no_echo", "2", 1, 0.0)]  # fmt: skip
    sql = "SELECT cohort, calls, projects, fields, fields_in_call FROM call_vocabulary"
    assert rows(database, sql) == [("1", ["aufruf.txt"], 1, 2, 1), ("2", ["aufruf.txt"], 1, 2, 1)]


def test_the_call_of_one_cohort_leaves_the_other_unmeasured(tmp_path):
    corpus = with_calls(tmp_path, {"1_aufruf.txt": CALL})
    database = analysed(corpus)
    assert rows(database, "SELECT count(*) FROM echoes") == [(0,)], "the echo is in a document of the other cohort"
    assert [row[0] for row in rows(database, "SELECT cohort FROM repetition WHERE kind = 'echo'")] == ["1", ""]
    assert rows(database, "SELECT DISTINCT version FROM confounders ORDER BY ALL") == [("all",), ("no_copies",)]
    told = [finding.message for finding in check_corpus(corpus.load())]
    assert any("no call text for cohort 2" in message for message in told)


def test_without_calls_echo_is_not_measured(tmp_path):
    database = analysed(with_calls(tmp_path, {}))
    assert rows(database, "SELECT count(*) FROM repetition WHERE kind = 'echo'") == [(0,)]
    assert rows(database, "SELECT count(*) FROM call_vocabulary") == [(0,)]
    assert rows(database, "SELECT DISTINCT estimand FROM confounders ORDER BY ALL") == [("H3",), ("H4",)]


@pytest.mark.parametrize(("text", "what"), [(b"\xff\xfe\x00", "not UTF-8"), (b" \n", "is empty")])
def test_call_text_that_cannot_be_used(tmp_path, text, what):
    with pytest.raises(CorpusError, match=what):
        with_calls(tmp_path, {"1.txt": text}).load().calls()


@pytest.mark.parametrize("documents", [0, 1])
def test_one_document_or_none(tmp_path, documents):
    corpus = CorpusFolder(tmp_path, ("1",))
    corpus.project("adorf", "1", "adorf.pdf" if documents else "")
    if documents:
        corpus.text(corpus.pdf("adorf.pdf"), own("adorf"))
    corpus.call("1.txt", CALL)
    database = analysed(corpus)
    assert rows(database, "SELECT count(*) FROM repeated") == [(0,)]
    assert rows(database, "SELECT count(*) > 0 FROM confounders WHERE estimand = 'H3'") == [(documents == 1,)]


def test_typical_words_and_those_of_the_call(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    for n in range(8):
        project, cohort = f"dorf{'abcdefgh'[n]}", "12"[n % 2]
        corpus.project(project, cohort, f"{project}.pdf")
        word = "Quartier" if cohort == "1" else "Acker"
        corpus.text(corpus.pdf(f"{project}.pdf"), own(project, 3))
        corpus.tags(corpus.pdf(f"{project}.pdf"), [[(word, "NOUN"), ("Ziel", "NOUN")]] * 3)
    corpus.call("aufruf.txt", CALL)
    database = analysed(corpus)
    sql = "SELECT cohort, word, in_call FROM typical_word_versions WHERE version = 'neither' ORDER BY cohort"
    assert rows(database, sql) == [("1", "Quartier", True), ("2", "Acker", False)]
    sql = "SELECT cohort, words, words_in_call FROM call_vocabulary"
    assert rows(database, sql) == [("1", 1, 1), ("2", 1, 0)]


def test_equal_runs_give_equal_tables(tmp_path):
    names = ("repeated", "echoes", "repetition", "confounders", "confounder_contrasts", "typical_word_versions")
    one, two = (analysed(corpus_with_copies(tmp_path / part)) for part in "ab")
    for table in names:
        assert query(one, f"FROM {table}") == query(two, f"FROM {table}")
