"""The section on robustness: sentences, the variants with another verdict, the chart. All figures are made up."""

from __future__ import annotations

import re

import pytest

from strategy_miner.report import write_report
from strategy_miner.settings import ReportSettings
from strategy_miner.store import connect, insert
from tests.report_database import Case, build


def cell(weighting, difference, verdict, holds, **other):
    """A row of table robustness of H1, or of H3 uncorrected with `unit`."""
    unit = other.get("unit", "")
    choices = ("raw", unit, "codebook", "own", 0.4, "", "", "", "") if unit else (
        "", "", "", "", None, "found", "all", "counted", "orientation")  # fmt: skip
    name = f"H3/raw/{unit}/codebook/own/{weighting}" if unit else f"H1/found/all/counted/orientation/{weighting}"
    ends = (difference - 0.1, difference + 0.1, difference - 0.08, difference + 0.08)
    tested = (None, None, "") if unit else (0.03, 1999, verdict)
    return (name, "H3" if unit else "H1", *choices, weighting, weighting == "document" and unit in ("", "segment"), 14,
            difference, *ends, *tested, "made up", "uncorrected" if unit else "provisional", difference > 0,
            holds)  # fmt: skip


def summary(estimand, label, dimension, value, n, holds, spread=None):
    return (estimand, label, dimension, value, n, n if holds is None else holds, n - 1, holds, 0.12, -0.01, 0.2, spread)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of a corpus whose H1 has two variants, the second with another verdict, and whose H3 has two."""
    tmp_path = tmp_path_factory.mktemp("robustness")
    database = build(tmp_path / "strategy.duckdb", Case())
    with connect(database, read_only=False) as connection:
        insert(connection, "robustness", [
            cell("document", 0.16, "shift", True), cell("pooled", -0.01, "undecided", False),
            cell("document", 0.2, "shift", None, unit="segment"), cell("document", 0.1, "undecided", None, unit="page"),
        ])  # fmt: skip
        insert(connection, "robustness_summary", [
            summary("H1", "provisional", "", "", 2, 1), summary("H1", "provisional", "weighting", "", 2, 1, 0.17),
            summary("H1", "provisional", "weighting", "document", 1, 1),
            summary("H1", "provisional", "weighting", "pooled", 1, 0),
            summary("H3", "uncorrected", "", "", 2, None),
        ])  # fmt: skip
        shares = [("energie", label, weighting, 3, 240, 0.031) for label in ("1", "2", "3")
                  for weighting in ("document", "pooled", "tokens", "tokens_pooled")]  # fmt: skip
        insert(connection, "robustness_codes", shares)
    folder = tmp_path / "report"
    write_report(database, folder, ReportSettings(quotes_per_code=3, pdf=False))
    return folder


def text(page, lang, section="robustness"):
    html = (page / "index.html").read_text(encoding="utf-8")
    section = html[html.index(f'aria-labelledby="{lang}-{section}"') :].split("</section>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", section))


def test_the_sentences_count_the_variants_and_name_the_other_verdict(page):
    german = text(page, "de")
    assert "Das Urteil „Verschiebung“ gilt in 1 von 2 Varianten" in german
    assert "Gewichtung. Die Mediane liegen 17,0 Punkte auseinander" in german
    assert "worin sie vom Hauptergebnis abweicht: Gewichtung: jede Einheit gleich: unentschieden, −1,0 Punkte" in german
    english = text(page, "en")
    assert "The verdict “shift” holds in 1 of 2 variants" in english
    assert "Another verdict results in one variant" in english


def test_the_first_page_says_in_how_many_variants_verdict_and_direction_hold(page):
    german, english = text(page, "de", "result"), text(page, "en", "result")
    assert "Das Urteil „Verschiebung“ gilt in 1 von 2 Varianten. In 1 von 2 zeigt der Unterschied in dieselbe" in german
    assert "Auch die Richtung hängt also davon ab, wie gemessen wird" in german
    assert "So the direction, too, depends on how it is measured" in english
    assert "Gewichtung: jede Einheit gleich: unentschieden" in german


def test_uncorrected_variants_bear_no_verdict(page):
    german = text(page, "de")
    assert "Ohne Korrektur" in german
    assert "in 1 von 2 liegt sein 95‑%‑Prozessintervall" in german
    csv = (page / "tables" / "robustness.en.csv").read_text(encoding="utf-8-sig")
    assert not any("shift" in line for line in csv.splitlines() if line.startswith("H3/raw"))
    assert german.count("Permutationen, der des Hauptergebnisses") == 1  # of H1: shares of raw codes have no test


def test_the_charts_mark_what_differs(page):
    for lang in ("de", "en"):
        svg = (page / "charts" / f"declared_variants.{lang}.svg").read_text(encoding="utf-8")
        assert "#b4531a" in svg
        assert (page / "charts" / f"text_variants.{lang}.svg").is_file()


def test_without_variants_there_is_no_section(tmp_path):
    database = build(tmp_path / "strategy.duckdb", Case())
    write_report(database, tmp_path / "report", ReportSettings(quotes_per_code=3, pdf=False))
    assert "robustness" not in (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
