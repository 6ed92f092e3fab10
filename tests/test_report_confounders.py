"""Repeated text, call texts and the gap radar on the page: figures with counts, passages with page, what is missing."""

from collections import Counter

from strategy_miner.report import write_report
from strategy_miner.settings import ReportSettings
from tests.store_corpus import CorpusFolder
from tests.test_analysis_confounders import CALL, corpus_with_copies, with_calls
from tests.test_analysis_radar import forest_corpus
from tests.test_analysis_results import analysed
from tests.test_report_page import Page


def page(corpus):
    path = write_report(analysed(corpus), corpus.root / "report", ReportSettings(5, pdf=False))
    found = Page(path.read_text(encoding="utf-8"))
    figures = {lang: Counter(value for own, value, _ in found.data if own == lang) for lang in ("de", "en")}
    assert figures["de"] == figures["en"]
    assert "None" not in found.plain("de") + found.plain("en")
    return found


def test_copies_with_the_change_of_the_difference_and_their_places(tmp_path):
    found = page(corpus_with_copies(tmp_path))
    text = found.plain("de")
    assert "das ändert sie um −10,0 Punkte (gerundet). Weggelassen sind 3 von 19 codierten Abschnitten" in text
    assert "Es liegt kein Aufruftext vor" in text
    assert "corpus/klein/calls/" in text
    assert "Auch in: Cedorf (Welle 2, S. 1); Dedorf (Welle 2, S. 1)" in text
    assert "3 of 19 coded segments are left out" in found.plain("en")


def test_echoes_with_their_call(tmp_path):
    text = page(with_calls(tmp_path, {"aufruf.txt": CALL})).plain("de")
    assert "Feldnamen im Aufruf" in text
    assert "1 von 2" in text
    assert "Aus aufruf.txt:" in text
    assert "ohne Übernahmen aus den Aufrufen" in text


def test_names_of_fields_are_compared_with_the_call_without_any_document(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    names = []
    for project, cohort in (("adorf", "1"), ("bedorf", "2")):
        corpus.project(project, cohort)
        names += [(project, "Smarte Quartiere", "web", "integrated", False), (project, "Bad", "web", "sectoral", False)]
    corpus.names(names)
    corpus.call("aufruf.txt", CALL)
    text = page(corpus).plain("de")
    assert "Ohne gelesene Dokumente lassen sich keine Textstellen vergleichen" in text
    assert "Integrierte Handlungsfelder, ohne Übernahmen aus den Aufrufen" in text
    assert "1 von 2" in text


def test_clusters_with_counts_per_cohort_and_passages(tmp_path):
    text = page(forest_corpus(tmp_path)).plain("de")
    assert "Ohne Code und auswertbar sind 144 von 216 Abschnitten" in text
    assert "explorativ, von niemandem bestätigt" in text
    assert "in 12 Projekten beider Hälften" in text
    assert "3 von 3" in text
