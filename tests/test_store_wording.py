"""Every table and column that is exported has a German and an English name."""

import re

import pytest
import yaml

from strategy_miner.parallel import ROOT
from strategy_miner.store import Wording, exported_tables, query, quote_list
from strategy_miner.store.quote_list import Chosen
from tests.data_doc import small_database

WORDS = yaml.safe_load((ROOT / "src/strategy_miner/store/wording.yaml").read_text(encoding="utf-8"))
OF_THE_CORPUS = {"projects"}  # its further columns are those of projects.csv


@pytest.fixture(scope="module")
def columns(tmp_path_factory):
    """Columns by exported table."""
    database = small_database(tmp_path_factory.mktemp("klein"))
    tables = [quote_list(database, Chosen()), *exported_tables(database)]
    return {t.name: query(database, f"SELECT * FROM ({t.sql}) LIMIT 0", t.parameters)[0] for t in tables}


def test_every_table_and_column_is_named(columns):
    assert [name for name in columns if name not in WORDS["tables"]] == []
    named = WORDS["columns"]
    missing = {
        f"{table}.{column}"
        for table, of in columns.items()
        for column in of
        if column not in named and f"{table}.{column}" not in named and table not in OF_THE_CORPUS
    }
    assert missing == set(), "give each a German and an English heading in store/wording.yaml"


def test_no_word_is_left_over(columns):
    there = {column for of in columns.values() for column in of}
    assert {name for name in WORDS["columns"] if name.split(".")[-1] not in there} == set()
    assert set(WORDS["tables"]) - set(columns) == set()


@pytest.mark.parametrize("lang", ["de", "en"])
def test_sheets_have_names_of_their_own_that_excel_takes(lang):
    titles = [Wording(lang).title(name).lower() for name in WORDS["tables"]]
    assert len(set(titles)) == len(titles)
    place = 0 if lang == "de" else 1
    for name, words in WORDS["tables"].items():
        assert len(words) == 4, name
        assert len(words[place]) <= 31, name
        assert not re.search(r"[\[\]:*?/\\]", words[place]), name


@pytest.mark.parametrize("lang", ["de", "en"])
def test_no_two_columns_of_a_table_are_called_the_same(columns, lang):
    for table, of in columns.items():
        headings = [Wording(lang).heading(table, column) for column in of]
        assert len(set(headings)) == len(headings), (table, headings)


def test_every_word_stands_in_both_languages():
    pairs = {f"column {name}": pair for name, pair in WORDS["columns"].items()}
    pairs |= {f"word {name}": pair for name, pair in WORDS["words"].items()}
    pairs |= {f"{column} {name}": pair for column, of in WORDS["values"].items() for name, pair in of.items()}
    for name, pair in pairs.items():
        assert len(pair) == 2, name
        assert all(isinstance(text, str) and text.strip() for text in pair), name


def test_a_value_is_a_word_only_where_it_is_coded():
    german = Wording("de", "Staffel")
    assert german.values("contrasts", "verdict")["shift"] == "Verschiebung"
    assert german.values("estimates", "cohort") == {"": "alle"}
    assert german.values("declared_by_cohort", "cohort") == {"": "außerhalb"}
    assert german.values("quotes", "text") == {}, "a passage is never translated"
    assert Wording().values("contrasts", "verdict") == {}
    assert german.heading("contrasts", "cohort_from") == "Staffel von"
    assert Wording("de").heading("contrasts", "cohort_from") == "Kohorte von"


SAME = {  # column of a table and the messages of the report for its values
    "robustness.unit": "robustness.value_unit_", "robustness.coder": "robustness.value_coder_",
    "robustness.threshold": "robustness.value_threshold_", "robustness.weighting": "robustness.value_weighting_",
    "robustness.counting": "robustness.value_counting_", "robustness.unclear": "robustness.value_unclear_",
    "robustness.level": "robustness.value_level_", "robustness.origin": "robustness.value_origin_",
    "coder_agreement.what": "corrected.what_", "coder_agreement.gate": "corrected.gate_",
    "mixing_variants.variant": "indicators.variant_", "effects.effect": "result.effect_",
}  # fmt: skip


@pytest.mark.parametrize("column", SAME)
def test_workbook_and_report_call_a_value_the_same(column):
    """An evaluator lays both side by side."""
    part, start = SAME[column].split(".")
    text = (ROOT / f"src/strategy_miner/report/messages/{part}.yaml").read_text(encoding="utf-8")
    said = {key[len(start) :]: words["de"] for key, words in yaml.safe_load(text).items() if key.startswith(start)}
    said = {key: words for key, words in said.items() if key != "note"}
    words = Wording("de").values(*column.split("."))
    words = {value.replace(" ", "_").replace("'", ""): word for value, word in words.items()}
    assert said
    assert {value: words.get(value) for value in said} == said
