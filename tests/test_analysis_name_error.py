"""The measurement interval of declared fields: the machine's measured error on names, and coders who differ."""

import numpy as np
import pytest

from strategy_miner.analysis import analyse
from strategy_miner.analysis.name_error import DRAWS, Names, drawn_flags
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import query, write_coded
from tests.store_corpus import CorpusFolder, SmallCodebook

COUNTS = (7, 0, 4, 39)


def names(flags, machine=None, others=None):
    flags = np.array(flags, dtype=bool)
    machine = np.ones(len(flags), dtype=bool) if machine is None else np.array(machine, dtype=bool)
    return Names(np.zeros(len(flags), dtype=np.int64), flags, machine, others or ((),) * len(flags))


def drawn(of, counts=COUNTS):
    return drawn_flags(of, counts, np.random.default_rng(1))


def test_names_are_flipped_as_often_as_the_counts_say():
    """Jeffreys: of names called integrated (7 + 1/2) / (7 + 1) are, of the others (4 + 1/2) / (43 + 1)."""
    found = drawn(names([True] * 200 + [False] * 200))
    assert found.shape == (DRAWS, 400)
    assert found[:, :200].mean() == pytest.approx(7.5 / 8, abs=0.01)
    assert found[:, 200:].mean() == pytest.approx(4.5 / 44, abs=0.01)


def test_the_error_itself_is_uncertain_and_common_to_all_names():
    """The share among many names spreads like Beta(4.5, 39.5), not like independent coins."""
    spread = drawn(names([False] * 2000)).mean(axis=1).std()
    a, b = 4.5, 39.5
    assert spread == pytest.approx(np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1))), rel=0.1)


def test_the_ends_of_the_interval_hardly_move_with_the_seed():
    """The report shows tenths of a point of the mean share; by chance alone the ends move by less than one."""
    of = names([True] * 30 + [False] * 60)
    shares = [drawn_flags(of, COUNTS, np.random.default_rng(seed)).mean(axis=1) for seed in range(8)]
    ends = np.quantile(shares, [0.025, 0.975], axis=1)
    assert np.ptp(ends, axis=1).max() < 0.01


def test_a_name_that_a_person_set_stays():
    found = drawn(names([True, True, False], machine=[False, True, False]))
    assert found[:, 0].all()
    assert not found[:, 2].any()
    assert not found[:, 1].all()


def test_coders_who_differ_are_drawn_evenly_and_those_who_agree_change_nothing():
    found = drawn(names([True, True, False], [False] * 3, ((False,), (True,), (True, True))), counts=())
    assert found[:, 0].mean() == pytest.approx(1 / 2, abs=0.05)
    assert found[:, 1].all()
    assert found[:, 2].mean() == pytest.approx(2 / 3, abs=0.05)


@pytest.mark.parametrize(
    ("of", "counts"),
    [pytest.param(names([True]), (), id="the machine's error was not measured"),
     pytest.param(names([True], machine=[False]), COUNTS, id="one person, no second reading"),
     pytest.param(names([]), COUNTS, id="no names")],
)  # fmt: skip
def test_no_interval_where_no_error_is_known(of, counts):
    assert drawn(of, counts) is None


def corpus_of(root):
    """Two cohorts of three; in each project two names from the web, one integrated."""
    corpus = CorpusFolder(root, ("1", "2"))
    rows = []
    for n in range(6):
        corpus.project(f"p{n}", "1" if n < 3 else "2")
        rows += [
            (f"p{n}", "Stadt und Land", "web", "integrated", False),
            (f"p{n}", "Energie", "web", "sectoral", n < 4),
        ]
    return corpus, rows


def analysed(corpus, counts=COUNTS, seed=1):
    coded, target = corpus.root / "coded.duckdb", corpus.root / "strategy.duckdb"
    write_coded(corpus.load(), [SmallCodebook()], corpus.build, coded, {})
    analyse(coded, target, AnalyseSettings(0.10, 99, names_integrated=counts, names_ecology=counts), seed)
    return target


def rows_of(database, sql):
    return query(database, sql)[1]


def test_rows_stand_beside_the_process_interval_and_in_the_contrast(tmp_path):
    corpus, rows = corpus_of(tmp_path)
    corpus.names(rows)
    database = analysed(corpus)
    sql = """
        SELECT estimand, cohort, low <= value AND value <= high, n_projects, count FROM estimates
        WHERE interval = 'measurement' ORDER BY ALL"""
    assert rows_of(database, sql) == [
        ("H1", "", True, 6, 6), ("H1", "1", True, 3, 3), ("H1", "2", True, 3, 3),
        ("H2", "", True, 6, 4), ("H2", "1", True, 3, 3), ("H2", "2", True, 3, 1),
    ]  # fmt: skip
    sql = "SELECT estimand, measurement_low < difference, difference < measurement_high FROM contrasts WHERE "
    where = "measurement_low IS NOT NULL ORDER BY estimand"
    assert [row[0] for row in rows_of(database, sql + where)] == ["H1", "H2"]
    sql = "SELECT names, names_machine, names_disputed, count, count_low <= count FROM name_bands WHERE cohort = '1'"
    assert rows_of(database, sql) == [(6, 6, 0, 3, True), (6, 6, 0, 3, True)]
    assert rows_of(database, "FROM name_bands") == rows_of(analysed(corpus), "FROM name_bands")


def test_the_band_of_a_count_is_made_of_counts(tmp_path):
    corpus, rows = corpus_of(tmp_path)
    corpus.names(rows)
    sql = """
        SELECT e.low * e.n_projects, b.count_low, e.high * e.n_projects, b.count_high
        FROM estimates AS e JOIN name_bands AS b USING (estimand, code, cohort)
        WHERE e.interval = 'measurement' AND estimand = 'H2' AND cohort = ''"""
    ((low, count_low, high, count_high),) = rows_of(analysed(corpus), sql)
    assert (low, high) == (pytest.approx(count_low), pytest.approx(count_high))


def test_without_measured_error_there_is_no_measurement_interval(tmp_path):
    corpus, rows = corpus_of(tmp_path)
    corpus.names(rows)
    database = analysed(corpus, counts=())
    assert rows_of(database, "SELECT count(*) FROM estimates WHERE interval = 'measurement'") == [(0,)]
    assert rows_of(database, "SELECT DISTINCT count_low FROM name_bands") == [(None,)]


def test_two_coders_of_declared_fields_csv_make_a_range(tmp_path):
    """A second coder calls one of two integrated names sectoral; the first row counts."""
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    rows = []
    for n in range(4):
        corpus.project(f"p{n}", "1" if n < 2 else "2")
        rows += [(f"p{n}", name, "person", "integrated", False) for name in ("Stadt", "Land")]
    corpus.names(rows)
    corpus.further_corrections += ["p0,stadt,,sectoral,,CD,,", "p0,Land,,integrated,,CD,,"]
    database = analysed(corpus, counts=())
    assert rows_of(database, "SELECT field_name, coder, orientation FROM second_readings ORDER BY ALL") == [
        ("Land", "CD", "integrated"), ("Stadt", "CD", "sectoral"),
    ]  # fmt: skip
    sql = "SELECT names, names_machine, names_disputed, count, count_low, count_high FROM name_bands WHERE cohort = '1'"
    assert rows_of(database, f"{sql} AND estimand = 'H1'") == [(4, 0, 1, 4, 3, 4)]
    sql = (
        "SELECT value, low, high, label FROM estimates WHERE (estimand, cohort, interval) = ('H1', '1', 'measurement')"
    )
    assert rows_of(database, sql) == [(1.0, 0.75, 1.0, "confirmed")]


@pytest.mark.real
def test_the_counts_of_params_are_those_of_the_reference_names(capsys):
    from pathlib import Path

    from strategy_miner.coding import Codebook
    from strategy_miner.coding.evaluate import _names
    from strategy_miner.language import Encoder
    from strategy_miner.settings import Settings

    settings = Settings.load()
    codebook = Codebook.load(Path(settings.classify.codebook))
    encoder = Encoder(settings.encoder, Path("build", "vectors"))
    told = _names(Path("../shared/real/gold/declared_fields_dev.csv"), codebook, encoder)
    assert f"names_integrated {list(settings.analyse.names_integrated)}" in told
    assert f"names_ecology {list(settings.analyse.names_ecology)}" in told
