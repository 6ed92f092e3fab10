"""The report shows the measures of "integrated" and the gaps with their evidence, or says what is missing."""

import re

import pytest

from strategy_miner.report import write_report
from strategy_miner.settings import ReportSettings
from tests.test_analysis_gaps import corpus
from tests.test_analysis_indicators import APART, TOGETHER, WIDE, corpus_of
from tests.test_analysis_results import analysed


def page(database, folder):
    """The text of the German and of the English sections on integration, by language."""
    html = write_report(database, folder / "report", ReportSettings(10, pdf=False)).read_text(encoding="utf-8")
    return {
        lang: re.sub(r"<[^>]+>", " ", " ".join(re.findall(section.replace("LANG", lang), html, re.DOTALL)))
        for lang in ("de", "en")
        for section in [r'<section aria-labelledby="LANG-(?:indicators|emphasis)">.*?</section>']
    }


def test_gaps_stand_with_counts_and_what_is_usual_and_link_to_their_evidence(tmp_path):
    database = analysed(corpus(tmp_path))
    text = page(database, tmp_path)
    html = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "0 of 60" in text["en"].replace("\u00a0", " ").replace("  ", " ").replace("  ", " ")
    assert re.search(r"50\.0%\s+\(n\u00a0=\u00a0\s*4\s+projects\)", text["en"])
    assert "Kein Handlungsfeld trägt diesen Code" not in text["de"]
    assert "Unklares" not in text["de"], "only fields with the code are evidence"
    for anchor in re.findall(r'href="#((?:de|en)-gap-\d+)"', html):
        assert f'id="{anchor}"' in html
    assert 'id="de-gap-1"' in html


def test_indicators_stand_with_n_and_say_that_raw_codes_get_no_verdict(tmp_path):
    one, two = (["A"], ["energie"]), (["A", "B"], ["energie", "bildung"])
    documents = [("1", APART, [one, one]), ("1", TOGETHER, [one, two]), ("2", TOGETHER, [two]), ("2", APART, [two])] * 3
    text = page(analysed(corpus_of(tmp_path, documents), WIDE), tmp_path)
    assert re.search(r"n&nbsp;=&nbsp;\s*12\s+36\s+Kapitel", text["de"])
    assert "weder Test noch Urteil" in text["de"]
    assert "neither test nor verdict" in text["en"]
    for lang in text:
        assert not re.search(r"\bnan\b|None|\binf\b", text[lang])


@pytest.mark.parametrize(
    ("documents", "said"),
    [
        pytest.param([("1", None, []), ("2", None, [])], "Hier fehlt noch etwas", id="no document"),
        pytest.param([("1", APART, []), ("2", APART, [])], "In keinem gelesenen Dokument wurde", id="no measure"),
        pytest.param([("1", APART, [([], ["energie"])])] * 2, "Keine Maßnahme nennt ihr", id="no field named"),
    ],
)
def test_what_is_missing_is_said_and_not_shown_as_zero(tmp_path, documents, said):
    text = page(analysed(corpus_of(tmp_path, documents), WIDE), tmp_path)
    assert said in text["de"]
    assert "Kein Projekt hat benannte Handlungsfelder" in text["de"]
    assert "no project has both declared fields" in text["en"]
