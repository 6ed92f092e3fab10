"""Published figures against computed ones. All municipalities and figures are invented."""

from __future__ import annotations

import csv
import json

import pytest

from strategy_miner.analysis import analyse
from strategy_miner.analysis.published import SUBJECTS, subject
from strategy_miner.corpus.figures import column_numbers, precision
from strategy_miner.errors import CorpusError
from strategy_miner.parallel import ROOT
from strategy_miner.report.messages import message_table
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import query, write_coded
from tests.store_corpus import CorpusFolder, SmallCode, SmallCodebook

HEADER = "id,quantity,scope,value,denominator,unit,kind\n"
TECHNOLOGY = SmallCodebook(
    "technology",
    tuple(SmallCode(name, "", name, name, name) for name in ("digital_twin", "dashboard", "data_visualisation")),
)


@pytest.fixture
def corpus(tmp_path):
    """Four projects: two in each cohort, one of them without known fields."""
    folder = CorpusFolder(tmp_path, ("1", "2"), extra=("strategy_phase_extended", "funding_strategy_eur"))
    for name, cohort, extended, euros in (
        ("a", "1", "ja", "1.000.000,5"), ("b", "1", "nein", "2.000.000,0"), ("c", "2", "yes", ""), ("d", "2", "", ""),
    ):  # fmt: skip
        kind = "Großstadt" if name in "ab" else "Landkreis"
        folder.project(name, cohort, municipality_type=kind, strategy_phase_extended=extended,
                       funding_strategy_eur=euros)  # fmt: skip
    folder.names([("a", "Strom", "web", "sectoral", True), ("b", "Schule", "web", "sectoral", False),
                  ("c", "Wärme", "web", "sectoral", True)])  # fmt: skip
    return folder


def compared(corpus, *rows, others=(TECHNOLOGY,)):
    """The rows of table published for these lines of the file, by id."""
    corpus.folder.mkdir(parents=True, exist_ok=True)
    corpus.published = "figures.csv"
    for row in corpus.rows:  # a decimal comma must be quoted in a file with commas
        row["funding_strategy_eur"] = f'"{row["funding_strategy_eur"]}"' if row.get("funding_strategy_eur") else ""
    (corpus.folder / "figures.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    coded, target = corpus.root / "coded.duckdb", corpus.root / "strategy.duckdb"
    write_coded(corpus.load(), [SmallCodebook(), *others], corpus.build, coded, {})
    analyse(coded, target, AnalyseSettings(0.1, 99), 1)
    columns, found = query(target, "FROM published")
    return {row[0]: dict(zip(columns, row, strict=True)) for row in found}


def told(row):
    return row["computed"], row["n"], row["result"], row["difference"], row["reason"]


def test_counts_of_projects_agree_or_differ(corpus):
    found = compared(
        corpus,
        "strategies_1,s,Staffel 1,2,4,projects,count",
        "strategies_2,s,Welle 2,5,,projects,count",
        "type_gross,municipality type Großstadt,all,2,4,projects,from_table",
    )
    assert told(found["strategies_1"]) == (2.0, 2, "agrees", 0.0, "")
    assert told(found["strategies_2"]) == (2.0, 2, "differs", -3.0, "")
    assert told(found["type_gross"]) == (2.0, 4, "agrees", 0.0, "")
    assert found["type_gross"]["computed_denominator"] == 4


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (2, (2.0, 3, "not_compared", None, "inside")),
        (3, (2.0, 3, "not_compared", None, "inside")),
        (4, (2.0, 3, "differs", -1.0, "outside")),
        (1, (2.0, 3, "differs", 1.0, "outside")),
    ],
)
def test_missing_projects_widen_a_count_to_bounds(corpus, published, expected):
    """Two of three known projects name ecology, one is unknown: between 2 and 3 of 4."""
    row = compared(corpus, f"ecology_declared,e,all,{published},4,projects,from_text")["ecology_declared"]
    assert told(row) == expected
    assert json.loads(row["parameters"]) == {"n": 3, "of": 4, "low": 2, "high": 3}


def test_figures_from_tables_with_a_decimal_comma(corpus):
    found = compared(
        corpus,
        "funding_mean_1,mean,Staffel 1,1.5,,Mio. EUR,from_table",
        "funding_mean_gross,mean,Großstadt,1.6,,Mio. EUR,from_table",
        "funding_total,sum,all,3,,Mio. EUR,from_table",
        "extended_1,x,Staffel 1,1,2,projects,from_table",
        "extended_2,x,Staffel 2,2,2,projects,from_table",
        "team_integrated,t,all,2,4,projects,from_table",
        "funding_called,sum,all,3,,Mio. EUR,from_table",
        "funding_mean_2,mean,Staffel 2,1.5,,Mio. EUR,from_table",
        "funding_mean_usd,mean,Staffel 1,1.5,,Mio. USD,from_table",
    )
    assert found["funding_mean_1"]["computed"] == pytest.approx(1.50000025)
    assert (found["funding_mean_1"]["result"], found["funding_mean_1"]["tolerance"]) == ("agrees", 0.05)
    assert (found["funding_mean_gross"]["result"], found["funding_mean_gross"]["n"]) == ("differs", 2)
    assert told(found["funding_total"])[1:] == (2, "not_compared", None, "partial")
    assert told(found["extended_1"]) == (1.0, 2, "agrees", 0.0, "")
    assert told(found["extended_2"]) == (1.0, 1, "not_compared", None, "inside")
    for name in ("team_integrated", "funding_called", "funding_mean_2"):
        assert told(found[name]) == (None, 0, "not_compared", None, "no_column"), name
    assert found["funding_mean_usd"]["reason"] == "unit"


def test_what_cannot_be_compared_says_why_and_is_never_zero(corpus):
    found = compared(
        corpus,
        "projects_total,p,programme,73,,projects,count",
        "measures_quick_win,m,73 projects,99,662,measures,from_table",
        "measures_visualisation,m,4 projects,100,,measures,lower_bound",
        "zufriedenheit,Zufriedenheit,all,7.5,,Note,from_table",
        "strategies_x,s,auf dem Mars,3,,projects,count",
    )
    assert told(found["projects_total"]) == (4.0, 4, "not_compared", None, "beyond")
    for name, reason in (("measures_quick_win", "no_text"), ("measures_visualisation", "no_text"),
                         ("zufriedenheit", "unknown"), ("strategies_x", "scope")):  # fmt: skip
        assert told(found[name]) == (None, 0, "not_compared", None, reason), name


def test_measures_are_counted_in_the_documents_read(corpus):
    document = corpus.pdf("a.pdf")
    corpus.text(document, [("Wärme", {"energie": 0.9})])
    corpus.measure(document, "Eins")  # it is a quick win on energy and names a dashboard
    figures = (
        "measures_visualisation_a,m,Staffel 1,1,,measures,lower_bound",
        "measures_visualisation_b,m,all,1,,measures,approximate",
        "twin_share_energy,share,Großstadt,0.333,,share,approximate",
        "measures_quick_win,m,73 projects,99,662,measures,from_table",
        "measures_platform,m,all,1,,measures,lower_bound",
        "twin_share_climate,share,all,0.333,,share,approximate",
    )
    corpus.rows[0]["file"] = "a.pdf"
    found = compared(corpus, *figures)
    one = found["measures_visualisation_a"]  # one is enough already, whatever the other document would add
    assert told(found["measures_platform"])[2:] == ("not_compared", None, "no_code")
    assert told(found["twin_share_climate"])[2:] == ("not_compared", None, "no_code")
    assert (one["n"], one["n_scope"], one["result"]) == (1, 2, "agrees")
    assert told(found["measures_visualisation_b"])[2:] == ("not_compared", None, "partial")
    assert told(found["measures_quick_win"]) == (1.0, 1, "not_compared", None, "beyond")
    assert found["twin_share_energy"]["computed"] == 0.0  # measured: its measure names no twin
    assert found["twin_share_energy"]["computed_denominator"] == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,q,all,viele,,projects,count", r"line 2: value 'viele' is no number"),
        ("a,q,all,,,projects,count", "line 2: value is empty"),
        ("a,q,all,1,halb,projects,count", "denominator 'halb' is no number"),
        ("a,q,all,1,0,projects,count", "denominator '0' is not above 0"),
        ("a,q,all,1,,projects,geraten", "unknown kind 'geraten'"),
        (",q,all,1,,projects,count", "id '' is empty or stands twice"),
        ("a,q,all,1,,projects,count\na,q,all,2,,projects,count", "line 3: id 'a' is empty or stands twice"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(corpus, row, message):
    with pytest.raises(CorpusError, match=message) as caught:
        compared(corpus, row)
    assert caught.value.remedy


def test_a_corpus_without_published_figures_has_none(corpus):
    corpus.published = ""
    coded, target = corpus.root / "coded.duckdb", corpus.root / "strategy.duckdb"
    for row in corpus.rows:
        row["funding_strategy_eur"] = ""
    write_coded(corpus.load(), [SmallCodebook()], corpus.build, coded, {})
    analyse(coded, target, AnalyseSettings(0.1, 99), 1)
    assert query(target, "SELECT count(*) FROM published")[1] == [(0,)]


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1.5", "", "2"], [1.5, None, 2.0]),
        (["1,5", "2"], [1.5, 2.0]),
        (["1.300.000,50", "950.000"], [1_300_000.5, 950_000.0]),
        (["1.5", "1,5"], None),
        (["08421"], None),
        (["1,234,567"], None),
        (["", ""], None),
        (["n/a", "3"], None),
    ],
)
def test_numbers_of_a_column(cells, numbers):
    assert column_numbers(cells) == numbers


def test_precision_is_half_a_unit_of_the_last_digit():
    assert (precision("88"), precision("1.3"), precision("0.333")) == (0.5, 0.05, pytest.approx(0.0005))


def test_every_subject_and_reason_has_its_words():
    for name in SUBJECTS:
        assert f"published.subject_{name}" in message_table()
    assert (subject("funding_mean_staffel_1"), subject("funding"), subject("typeface")) == ("funding_mean", "", "")


@pytest.mark.real
def test_the_shipped_figures_are_those_of_the_domain_notes():
    shared = ROOT.parent / "shared" / "domain" / "published_figures.csv"
    assert (ROOT / "corpus" / "mpsc" / "published_figures.csv").read_bytes() == shared.read_bytes()


def test_every_shipped_figure_is_known():
    with (ROOT / "corpus" / "mpsc" / "published_figures.csv").open(encoding="utf-8") as handle:
        assert all(subject(row["id"]) for row in csv.DictReader(handle))
