"""The section on shares of the text where people labelled some, and where labels could not be used."""

from __future__ import annotations

import re
from functools import cache

import pytest

from strategy_miner.analysis import analyse
from strategy_miner.coding.gold_read import NOTES, Gold, write_gold
from strategy_miner.records import GoldNote
from strategy_miner.report import write_report
from strategy_miner.report.messages import message_table
from strategy_miner.settings import ReportSettings
from strategy_miner.store import query, write_coded
from tests.store_corpus import SmallCodebook
from tests.test_analysis_corrected import LAND, SETTINGS, database, many


@cache
def page(build):
    return write_report(build / "strategy.duckdb", build / "report", ReportSettings(3, pdf=False)).read_text("utf-8")


def section(corpus, lang, name="text"):
    """The section's text without tags."""
    found = re.search(rf'<section aria-labelledby="{lang}-{name}">.*?</section>', page(corpus.build), re.S)
    return " ".join(re.sub(r"<[^>]*>", " ", found[0]).replace("\u202f", " ").replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    corpus, towns = many(tmp_path_factory.mktemp("labelled"), drift=0.7)
    rows = [
        row for town in towns for row in town.rows(AB=town.true, CD=[LAND, *town.true[1:]])
    ]  # fmt: skip
    return corpus, database(corpus, rows)


@pytest.mark.parametrize(("lang", "raw", "corrected", "verdict"), [
    ("de", "Unkorrigiert", "Korrigiert", "Regel dieses Berichts: Verschiebung"),
    ("en", "Uncorrected", "Corrected", "rule of this report: shift"),
])  # fmt: skip
def test_raw_and_corrected_stand_beside_each_other_with_their_numbers(labelled, lang, raw, corrected, verdict):
    corpus, ask = labelled
    text = section(corpus, lang)
    assert text.index(raw) < text.index(corrected)
    assert verdict.lower() in text.lower()
    for label in ("uncorrected", "corrected"):
        value = ask(f"SELECT value FROM estimates WHERE estimand = 'H3' AND cohort = '3' AND label = '{label}'")[0][0]
        shown = f"{100 * value:.1f}"
        assert (shown.replace(".", ",") if lang == "de" else shown) in text
    assert "96" in text, "the number of labels"
    drift = section(corpus, lang, "drift")
    assert ("verschieden" if lang == "de" else "differently") in drift, "the drift is named"
    assert ("erfunden" if lang == "de" else "invented") in text.lower(), "made labels are said to be made"


def test_the_first_page_gives_the_corrected_difference_with_its_verdict(labelled):
    corpus, _ = labelled
    for lang, words in (("de", "korrigiert anhand von 96"), ("en", "corrected by 96")):
        text = section(corpus, lang, "result")
        assert words in text
        assert text.count("unkorrigiert" if lang == "de" else "uncorrected") >= 1, "the raw row stands beside"


def test_without_gold_the_shares_are_called_uncorrected_and_the_way_to_labels_is_shown(tmp_path):
    corpus, _ = many(tmp_path)
    database(corpus, [])
    for lang in ("de", "en"):
        text = section(corpus, lang)
        assert "corpus/klein/labels" in text
        assert "strategy-miner gold draw" in text
        assert ("unkorrigiert" if lang == "de" else "uncorrected") in text
        assert "Krippendorff" not in text


def test_every_kind_of_note_is_worded():
    for kind in NOTES:
        assert f"corrected.note_{kind}" in message_table()


def test_labels_that_could_not_be_used_are_named(tmp_path):
    corpus, _ = many(tmp_path)
    write_gold(corpus.build / "labels", Gold(notes=(GoldNote("unreadable", "AB.csv", 0, "unknown code 'x'"),)))
    write_coded(corpus.load(), [SmallCodebook()], corpus.build, corpus.build / "coded.duckdb", {})
    analyse(corpus.build / "coded.duckdb", corpus.build / "strategy.duckdb", SETTINGS, 1)
    assert "AB.csv: nicht lesbar" in section(corpus, "de")
    assert "unknown code" not in section(corpus, "de"), "no English on the German page"
    assert query(corpus.build / "strategy.duckdb", "SELECT count(*) FROM corrections")[1] == [(0,)]
