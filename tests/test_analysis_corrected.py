"""H3 and H4 corrected by gold, on small corpora of invented municipalities."""

from __future__ import annotations

import random

import pytest

from strategy_miner.analysis import analyse
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import query, write_coded
from tests.store_corpus import CorpusFolder, SmallCodebook

ENERGY, LAND = ["energie"], ["stadtland"]
SETTINGS = AnalyseSettings(margin=0.1, permutations=199, robustness_permutations=9)


class Town:
    """A project with one document whose segments are scored and, some of them, labelled."""

    def __init__(self, corpus, name, cohort, said, true, labelled=None, file=None):
        """`said`: scores per segment; `true`: codes per segment; `labelled`: places of the labels, all by default."""
        self.document = corpus.pdf(file or f"{name}.pdf")
        corpus.project(name, cohort, file or f"{name}.pdf")
        self.said, self.true = said, true
        corpus.text(self.document, [(f"Satz {n} aus {name}", codes) for n, codes in enumerate(said)])
        self.labelled = range(len(said)) if labelled is None else labelled

    def rows(self, stratum="coded", **coders):
        """Rows for CorpusFolder.gold, all of one stratum."""
        size, drawn = len(self.said), len(self.labelled)
        return [
            (self.document, n, stratum, size, drawn,
             {"consensus": self.true[n], **{coder: codes[n] for coder, codes in coders.items()}})
            for n in self.labelled
        ]  # fmt: skip


def database(corpus, rows, settings=SETTINGS):
    corpus.gold(rows)
    coded, target = corpus.build / "coded.duckdb", corpus.build / "strategy.duckdb"
    write_coded(corpus.load(), [SmallCodebook()], corpus.build, coded, {})
    analyse(coded, target, settings, 1)
    return lambda sql: query(target, sql)[1]


def many(root, shift=0.6, cohorts=("1", "2", "3"), labelled=8, drift=0.0):
    """A corpus in which the share of integrated text rises by `shift`; the scores miss it with chance `drift` in the
    last cohort. Returns corpus and towns."""
    corpus, chance, found = CorpusFolder(root, cohorts=cohorts), random.Random(1), []
    for place, cohort in enumerate(cohorts):
        for town in range(4):
            share = 0.2 + shift * place / (len(cohorts) - 1) + 0.1 * (town % 3 - 1)
            true = [LAND if (k + 0.5) / 16 < share else ENERGY for k in range(16)]
            chance.shuffle(true)
            missed = [place == len(cohorts) - 1 and chance.random() < drift for _ in true]
            said = [{(ENERGY if miss else own)[0]: 0.9} for own, miss in zip(true, missed, strict=True)]
            found.append(Town(corpus, f"{'abcd'[place]}{town}", cohort, said, true, range(labelled)))
    return corpus, found


def test_with_every_segment_labelled_the_truth_comes_out_and_nothing_is_left_to_measure(tmp_path):
    corpus = CorpusFolder(tmp_path, cohorts=("1", "2"))
    towns = [
        Town(corpus, "a", "1", [{"energie": 0.9}] * 4, [LAND, ENERGY, ENERGY, []]),
        Town(corpus, "b", "1", [{"energie": 0.6}] * 2, [LAND, LAND]),
        Town(corpus, "c", "2", [{"energie": 0.2}] * 3, [["energie", "stadtland"], LAND, []]),
        Town(corpus, "d", "2", [{}] * 2, [ENERGY, ENERGY]),
    ]
    ask = database(corpus, [row for town in towns for row in town.rows()])
    corrected = "FROM estimates WHERE estimand = 'H3' AND label = 'corrected'"
    values = dict(ask(f"SELECT cohort, value {corrected} AND interval = 'process'"))
    assert values["1"] == pytest.approx((1 / 4 + 1) / (3 / 4 + 1))
    assert values["2"] == pytest.approx(((0.5 + 1) / 3 + 0) / (2 / 3 + 1))
    for cohort, low, high in ask(f"SELECT cohort, low, high {corrected} AND interval = 'measurement'"):
        assert low == high == pytest.approx(values[cohort])
    assert ask(f"SELECT n_projects, n_units, count {corrected} AND interval = 'process' AND cohort = ''") == [
        (4, 11, 5)
    ]
    found = dict(ask("SELECT project_id, integrated FROM corrected_projects"))
    assert found == pytest.approx({"a": 1 / 4, "b": 1.0, "c": 0.5, "d": 0.0})


def test_raw_and_corrected_stand_side_by_side_and_only_the_corrected_is_judged(tmp_path):
    corpus, towns = many(tmp_path, drift=0.7)
    ask = database(corpus, [row for town in towns for row in town.rows()])
    rows = {label: rest for label, *rest in ask(
        "SELECT label, difference, low, high, measurement_low, measurement_high, p, p_adjusted, verdict "
        "FROM contrasts WHERE estimand = 'H3'"
    )}  # fmt: skip
    raw, corrected = rows["uncorrected"], rows["corrected"]
    assert raw[3:] == [None, None, None, None, ""]
    assert corrected[-1] == "shift"
    assert corrected[3] < 0.6 < corrected[4], "the measurement interval holds the true difference"
    assert raw[0] < 0.35 < corrected[0], "drift hides the shift from the raw share"
    assert corrected[3] > corrected[1], "the process interval is the wider one"
    assert corrected[6] >= corrected[5], "Holm over the secondary hypotheses"
    assert ask("SELECT unalike FROM drift WHERE figure = 'integrated' AND raw_from = 'codes' AND cohort = ''") == [
        (True,)
    ]
    assert ask("SELECT DISTINCT unalike FROM drift WHERE figure = 'coded' AND raw_from = 'codes'") == [(False,)]


def test_without_a_shift_none_is_found(tmp_path):
    corpus, towns = many(tmp_path, shift=0.0, drift=0.5)
    ask = database(corpus, [row for town in towns for row in town.rows()])
    assert ask("SELECT verdict <> 'shift' FROM contrasts WHERE estimand = 'H3' AND label = 'corrected'") == [(True,)]


@pytest.mark.parametrize("cohorts", [("1", "2"), ("1", "2", "3", "4")])
def test_two_and_four_cohorts(tmp_path, cohorts):
    corpus, towns = many(tmp_path, cohorts=cohorts)
    ask = database(corpus, [row for town in towns for row in town.rows()])
    found = ask("SELECT difference, measurement_low, measurement_high, verdict FROM contrasts "
                "WHERE estimand = 'H3' AND label = 'corrected'")  # fmt: skip
    assert found[0][1] < found[0][0] < found[0][2]
    assert found[0][3] == "shift"
    assert ask("SELECT count(*) FROM corrections") == [(len(cohorts) + 1,)]


def test_a_code_is_corrected_from_thirty_labels_with_it_on(tmp_path):
    corpus, towns = many(tmp_path, shift=0.0)  # 96 labels, about a fifth of them integrated
    ask = database(corpus, [row for town in towns for row in town.rows()])
    positives = dict(ask("SELECT code, positives FROM gold_codes"))
    assert positives["energie"] >= 30 > positives["stadtland"]
    assert dict(ask("SELECT code, corrected FROM gold_codes")) == {
        "energie": True, "bildung": False, "stadtland": False,
    }  # fmt: skip
    assert ask("SELECT DISTINCT code FROM estimates WHERE estimand = 'H4' AND label = 'corrected'") == [("energie",)]
    assert len(ask("SELECT * FROM estimates WHERE estimand = 'H4' AND label = 'uncorrected' AND code = 'energie'")) == 4
    contrast = ask("SELECT p IS NOT NULL, p_adjusted IS NOT NULL, verdict FROM contrasts "
                   "WHERE estimand = 'H4' AND label = 'corrected'")  # fmt: skip
    assert contrast == [(True, True, "")]
    assert ask("SELECT precision, recall FROM gold_codes WHERE code = 'stadtland'") == [(1.0, 1.0)]
    assert ask("SELECT precision, recall FROM gold_codes WHERE code = 'bildung'") == [(None, None)]


def test_precision_and_recall_weigh_labels_by_what_they_stand_for(tmp_path):
    corpus = CorpusFolder(tmp_path, cohorts=("1", "2"))
    one = Town(corpus, "a", "1", [{"energie": 0.9}] * 20, [ENERGY, []] * 10, range(2))  # each stands for ten
    two = Town(corpus, "b", "2", [{"energie": 0.9}] * 2, [ENERGY, ENERGY])
    ask = database(corpus, [*one.rows(), *two.rows()])
    assert ask("SELECT precision, recall FROM gold_codes WHERE code = 'energie'") == [(pytest.approx(12 / 22), 1.0)]


def test_documents_of_a_project_are_pooled_and_a_shared_one_counts_for_both(tmp_path):
    corpus = CorpusFolder(tmp_path, cohorts=("1", "2"))
    one = Town(corpus, "a", "1", [{}] * 6, [LAND] * 6)
    two = Town(corpus, "b", "2", [{}] * 2, [ENERGY] * 2)
    corpus.rows[0]["file"] = "a.pdf; b.pdf"
    ask = database(corpus, [*one.rows(), *two.rows()])
    if ask("SELECT count(*) FROM project_documents") == [(3,)]:
        assert dict(ask("SELECT project_id, integrated FROM corrected_projects")) == {
            "a": pytest.approx(0.75),
            "b": 0.0,
        }
        assert ask("SELECT n_documents FROM corrections WHERE cohort = '1'") == [(2,)]
    else:
        pytest.fail("the corpus does not share its document")


def test_a_text_ten_times_as_long_changes_nothing(tmp_path):
    values = []
    for times in (1, 10):
        corpus = CorpusFolder(tmp_path / str(times), cohorts=("1", "2"))
        rows = []
        for name, cohort in (("a", "1"), ("b", "1"), ("c", "2"), ("d", "2")):
            n = times if name == "a" else 1
            said = [{"energie": 0.8}, {"stadtland": 0.7}, {}, {"energie": 0.3}] * n
            town = Town(corpus, name, cohort, said, [ENERGY, ENERGY, LAND, []] * n, range(4))
            rows += town.rows()
        ask = database(corpus, rows)
        values.append(ask("SELECT value FROM estimates WHERE estimand = 'H3' ORDER BY cohort, interval, label"))
    assert values[0] == [(pytest.approx(value),) for (value,) in values[1]]


def test_coders_who_agree_leave_no_band_and_disputes_open_one_around_their_answers(tmp_path):
    corpus, towns = many(tmp_path, shift=0.0)
    same = [row for town in towns for row in town.rows(AB=town.true, CD=town.true)]
    ask = database(corpus, same)
    assert ask("SELECT DISTINCT disputed FROM coder_band") == [(0,)]
    for value, low, high in ask("SELECT value, low, high FROM coder_band"):
        assert low == pytest.approx(value)
        assert high == pytest.approx(value)
    other = [
        row
        for town in towns
        for row in town.rows(AB=town.true, CD=[LAND if n < 2 else own for n, own in enumerate(town.true)])
    ]
    ask = database(corpus, other)
    before = ask("FROM coder_band ORDER BY ALL")
    assert database(corpus, other)("FROM coder_band ORDER BY ALL") == before, "the same seed, the same band"
    for value, low, high in ask("SELECT value, low, high FROM coder_band WHERE quantity = 'share'"):
        assert value - 1e-9 <= low < high, "the other coder only adds integrated codes"
    agreement = dict(ask("SELECT what, alpha FROM coder_agreement"))
    assert agreement["coded"] is None, "nothing varies: every segment has a code"
    assert 0 < agreement["integrated"] < 1
    assert ask("SELECT units FROM coder_agreement WHERE what = 'sets'") == [(96,)]


def test_labels_of_one_coder_have_no_band(tmp_path):
    corpus, towns = many(tmp_path)
    ask = database(corpus, [row for town in towns for row in town.rows(AB=town.true)])
    assert ask("FROM coder_band") == ask("FROM coder_agreement") == []
    assert ask("SELECT n_labels FROM corrections WHERE cohort = ''") == [(96,)]


def test_one_label_per_stratum_gives_a_value_without_measurement_interval(tmp_path):
    corpus, towns = many(tmp_path, labelled=1)
    ask = database(corpus, [row for town in towns for row in town.rows()])
    rows = ask("SELECT value, low FROM estimates WHERE label = 'corrected' AND interval = 'measurement'")
    assert rows
    assert all(value is not None and low is None for value, low in rows)
    assert ask("SELECT DISTINCT tau FROM corrections") == [(None,)]


def test_a_project_without_labels_is_missing_and_told(tmp_path):
    corpus, towns = many(tmp_path)
    ask = database(corpus, [row for town in towns[1:] for row in town.rows()])
    assert ask("SELECT n_projects, n_unlabelled FROM corrections WHERE cohort IN ('1', '') ORDER BY cohort") == [
        (11, 1), (3, 1),
    ]  # fmt: skip
    verdict = ask("SELECT n_projects, verdict FROM contrasts WHERE estimand = 'H3' AND label = 'corrected'")
    assert verdict[0][0] == 11


def test_one_document_with_labels(tmp_path):
    corpus, towns = many(tmp_path)
    ask = database(corpus, towns[0].rows())
    assert ask("SELECT n_projects FROM corrections ORDER BY cohort") == [(1,), (1,), (0,), (0,)]
    found = ask("SELECT difference, verdict FROM contrasts WHERE estimand = 'H3' AND label = 'corrected'")
    assert found == [(None, "undecided")]


def test_without_gold_everything_is_as_it_was(tmp_path):
    corpus, _ = many(tmp_path)
    ask = database(corpus, [])
    for table in ("corrections", "corrected_projects", "drift", "coder_band", "gold_codes", "coder_agreement"):
        assert ask(f"FROM {table}") == []
    assert ask("SELECT DISTINCT label, verdict FROM contrasts WHERE estimand IN ('H3', 'H4')") == [("uncorrected", "")]
    assert ask("SELECT count(*) FROM estimates WHERE label = 'corrected'") == [(0,)]


def test_two_runs_give_the_same_tables(tmp_path):
    corpus, towns = many(tmp_path, drift=0.5)
    rows = [row for town in towns for row in town.rows()]
    one, two = (database(corpus, rows) for _ in range(2))
    for table in ("corrections", "corrected_projects", "drift", "estimates", "contrasts"):
        assert one(f"FROM {table}") == two(f"FROM {table}")


def test_copies_are_left_out_of_corrected_shares_too(tmp_path):
    """With every segment labelled, the share without copies is that of the others, whatever the scores say."""
    corpus = CorpusFolder(tmp_path, cohorts=("1", "2"))
    alike = "Die Kommune teilt ihre Lösungen mit allen anderen und verwendet dafür offene Standards und freie Lizenzen"
    towns = []
    for name, cohort in (("a", "1"), ("b", "1"), ("c", "2"), ("d", "2")):
        true = [LAND, LAND, ENERGY, []] if cohort == "2" else [LAND, ENERGY, ENERGY, []]
        towns.append(town := Town(corpus, name, cohort, [{"energie": 0.9}] * 4, true))
        texts = [alike, *(f"Satz {n} aus {name}" for n in (1, 2, 3))]
        corpus.text(town.document, list(zip(texts, town.said, strict=True)))
    ask = database(corpus, [row for town in towns for row in town.rows()])
    found = ask("""
        SELECT version, cohort, n_segments, value FROM confounders
        WHERE estimand = 'H3' AND label = 'corrected' AND cohort <> '' ORDER BY ALL""")
    assert found == [
        ("all", "1", 8, pytest.approx(1 / 3)), ("all", "2", 8, pytest.approx(2 / 3)),
        ("no_copies", "1", 6, 0.0), ("no_copies", "2", 6, pytest.approx(1 / 2)),
    ]  # fmt: skip
