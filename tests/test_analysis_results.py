"""coded.duckdb -> strategy.duckdb on small corpora whose results can be worked out by hand."""

import json

import pytest

from strategy_miner.analysis import analyse, write_metrics
from strategy_miner.errors import StoreError
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import query, write_coded, writing
from tests.store_corpus import TECHNOLOGY, CorpusFolder, SmallCodebook

SETTINGS = AnalyseSettings(margin=0.10, permutations=499)
MEASURED = AnalyseSettings(0.10, 499, names_integrated=(7, 0, 4, 39), names_ecology=(9, 0, 0, 41))
RESULTS = ("coverage", "project_values", "estimates", "bounds", "contrasts", "quotes", "typical_words", "planted")


def analysed(corpus: CorpusFolder, codebook=None, seed=1, others=(), settings=SETTINGS):
    """Path of strategy.duckdb of a corpus folder."""
    coded, target = corpus.root / "coded.duckdb", corpus.root / "strategy.duckdb"
    write_coded(corpus.load(), [codebook or SmallCodebook(), *others], corpus.build, coded, {})
    analyse(coded, target, settings, seed)
    return target


def rows(database, sql):
    return query(database, sql)[1]


def named(root, shares, cohorts=("1", "2", "3"), unknown=0, fields=10):
    """A corpus of names only: per cohort a list of integrated counts out of `fields`; `unknown` more in the last."""
    corpus = CorpusFolder(root, cohorts)
    names = []
    for cohort, counts in zip(cohorts, shares, strict=True):
        for n, count in enumerate(counts):
            project = f"p{cohort}{n:02d}"
            corpus.project(project, cohort)
            names += [(project, f"Feld {i}", "web", "integrated" if i < count else "sectoral", i == 0)
                      for i in range(fields)]  # fmt: skip
    for n in range(unknown):
        corpus.project(f"u{n:02d}", cohorts[-1])
    corpus.names(names)
    return corpus


LOW, HIGH = [1, 2, 3, 2, 1, 2, 3, 2], [6, 7, 8, 7, 6, 7, 8, 7]


def h1_verdict(database):
    return rows(database, "SELECT verdict, reason FROM contrasts WHERE estimand = 'H1'")[0]


def test_h1_is_the_mean_over_projects_and_counts_unclear_names_below_the_line(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    for project, cohort in (("a", "1"), ("b", "1"), ("c", "2")):
        corpus.project(project, cohort)
    corpus.names([
        ("a", "x", "web", "integrated", False), ("a", "y", "web", "unclear", False),  # 1 of 2
        *(("b", f"z{i}", "web", "sectoral", False) for i in range(8)),  # 0 of 8
        ("c", "v", "web", "integrated", True),  # 1 of 1
    ])  # fmt: skip
    database = analysed(corpus)
    sql = "SELECT cohort, n_projects, n_units, count, value, low IS NULL, label FROM estimates WHERE estimand = 'H1'"
    assert rows(database, sql) == [
        ("1", 2, 10, 1, 0.25, False, "provisional"),
        ("2", 1, 1, 1, 1.0, True, "provisional"),
        ("", 3, 11, 2, 0.5, False, "provisional"),
    ]


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        pytest.param((LOW, [4] * 7 + [5], HIGH), "shift", id="far apart"),
        pytest.param((LOW * 6, LOW * 6, LOW * 6), "no relevant shift", id="the same in many projects"),
        pytest.param(([1, 5, 9], [2, 4, 8], [3, 5, 9]), "undecided", id="few projects that differ much"),
        pytest.param(([5] * 4, [5] * 4, [5] * 4), "undecided", id="no spread, so no interval"),
        pytest.param(([5], [4, 6], [5, 7]), "undecided", id="one project in the first cohort"),
        pytest.param(([], [4, 6], [5, 7]), "undecided", id="no project in the first cohort"),
    ],
)
def test_verdict_on_declared_fields(tmp_path, shares, expected):
    assert h1_verdict(analysed(named(tmp_path, shares)))[0] == expected


def test_a_verdict_must_hold_whatever_the_missing_projects_would_add(tmp_path):
    assert h1_verdict(analysed(named(tmp_path / "few", (LOW, LOW, HIGH), unknown=1)))[0] == "shift"
    verdict, reason = h1_verdict(analysed(named(tmp_path / "many", (LOW, LOW, HIGH), unknown=9)))
    assert (verdict, reason.split(" ")[0]) == ("undecided", "shift")


def test_two_shifts_the_other_way_round_do_not_make_a_verdict(tmp_path):
    """With most of the last cohort missing both ends are shifts, one up, one down."""
    low = [2, 3] * 4
    assert h1_verdict(analysed(named(tmp_path, (low, low, [7, 8]), unknown=30)))[0] == "undecided"


def test_bounds_are_those_of_all_missing_values_at_0_and_at_1(tmp_path):
    database = analysed(named(tmp_path, ([2, 4], [5, 5], [8, 6]), unknown=2))
    assert rows(database, "SELECT n_projects, n_missing, low, high FROM bounds WHERE estimand = 'H1'") == [
        (2, 0, pytest.approx(0.3), pytest.approx(0.3)),
        (2, 0, pytest.approx(0.5), pytest.approx(0.5)),
        (4, 2, pytest.approx(0.35), pytest.approx(0.85)),
        (8, 2, pytest.approx(3.0 / 8), pytest.approx(5.0 / 8)),
    ]


def test_names_set_by_people_are_confirmed_and_come_before_others(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    corpus.project("a", "1")
    corpus.project("b", "2")
    corpus.names([
        ("a", "Energie", "web", "sectoral", True), ("a", "Stadt und Land", "person", "integrated", False),
        ("b", "Bildung", "web", "sectoral", False),
    ])  # fmt: skip
    corpus.further_corrections.append("a,,,,,AB,complete,")
    sql = "SELECT cohort, n_units, value, label FROM estimates WHERE estimand = 'H1'"
    assert rows(analysed(corpus), sql) == [
        ("1", 1, 1.0, "confirmed"), ("2", 1, 0.0, "provisional"), ("", 2, 0.5, "provisional"),
    ]  # fmt: skip


def test_h2_counts_projects_with_wilson_and_the_trend_tests(tmp_path):
    corpus = CorpusFolder(tmp_path)
    names = []
    for cohort, (count, n) in zip("123", ((6, 10), (18, 24), (24, 27)), strict=True):
        for i in range(n):
            corpus.project(f"p{cohort}{i:02d}", cohort)
            names.append((f"p{cohort}{i:02d}", "Feld", "web", "sectoral", i < count))
    corpus.names(names)
    database = analysed(corpus)
    total = "estimand = 'H2' AND code = 'ecology' AND cohort = ''"
    sql = f"SELECT count, n_projects, low, high, interval FROM estimates WHERE {total}"
    assert rows(database, sql) == [(48, 61, pytest.approx(0.669, abs=5e-4), pytest.approx(0.871, abs=5e-4), "wilson")]
    sql = "SELECT p, p_adjusted, verdict FROM contrasts WHERE estimand = 'H2' AND code = 'ecology'"
    ((p, adjusted, _),) = rows(database, sql)
    assert p == adjusted == pytest.approx(0.10, abs=0.04)  # the small cohort varies most: studentising is careful
    sql = "SELECT p FROM tests WHERE code = 'ecology' AND test LIKE 'Cochran-Armitage%' ORDER BY p"
    assert [row[0] for row in rows(database, sql)] == pytest.approx([0.0430, 0.0469, 0.0558], abs=5e-5)
    sql = "SELECT code, verdict FROM contrasts WHERE estimand = 'H2' AND code <> 'ecology' ORDER BY code"
    assert rows(database, sql) == [("bildung", ""), ("energie", ""), ("stadtland", "")]


def written(root, repeats=1):
    """Four projects with text; the first document `repeats` times as long."""
    corpus = CorpusFolder(root, ("1", "2"))
    texts = {
        "a": [("Strom", {"energie": 0.9}), ("Land und Stadt", {"stadtland": 0.8, "energie": 0.6}), ("Vorwort", {})],
        "b": [("Schule im Ort", {"bildung": 0.7}), ("Wege zwischen Orten", {"stadtland": 0.7})],
        "c": [("Orte verbinden", {"stadtland": 0.9})],
        "d": [("Räume verbinden", {"stadtland": 0.9}), ("Lernen vor Ort", {"bildung": 0.8}), ("Dank", {})],
    }  # fmt: skip
    for number, (project, segments) in enumerate(texts.items()):
        corpus.project(project, "1" if number < 2 else "2", f"{project}.pdf")
        document = corpus.pdf(f"{project}.pdf")
        corpus.text(document, segments * (repeats if project == "a" else 1))
    return corpus


def test_h3_by_hand(tmp_path):
    database = analysed(written(tmp_path))
    sql = "SELECT project_id, numerator, denominator, value FROM project_values WHERE estimand = 'H3'"
    assert rows(database, sql) == [
        ("a", pytest.approx(0.5 / 3), pytest.approx(2 / 3), pytest.approx(0.25)),  # 0 + 1/2 of 2 coded of 3
        ("b", 0.5, 1.0, 0.5),
        ("c", 1.0, 1.0, 1.0),
        ("d", pytest.approx(1 / 3), pytest.approx(2 / 3), pytest.approx(0.5)),
    ]
    sql = "SELECT cohort, n_projects, n_units, count, value, label FROM estimates WHERE estimand = 'H3' ORDER BY cohort"
    assert rows(database, sql) == [
        ("", 4, 7, 4, pytest.approx(2 / (10 / 3)), "uncorrected"),
        ("1", 2, 4, 2, pytest.approx((0.5 / 3 + 0.5) / (2 / 3 + 1)), "uncorrected"),
        ("2", 2, 3, 2, pytest.approx((1 + 1 / 3) / (1 + 2 / 3)), "uncorrected"),
    ]
    sql = "SELECT DISTINCT p IS NULL, verdict FROM contrasts WHERE estimand IN ('H3', 'H4')"
    assert rows(database, sql) == [(True, "")]
    sql = "SELECT value FROM estimates WHERE estimand = 'H4' AND code = 'energie' AND cohort = '1'"
    assert rows(database, sql) == [(pytest.approx((2 / 3 + 0) / 2),)]


def test_a_document_pasted_ten_times_changes_no_share(tmp_path):
    sql = "SELECT estimand, cohort, code, value, low, high FROM estimates WHERE estimand IN ('H3', 'H4') ORDER BY ALL"
    once, tenfold = (rows(analysed(written(tmp_path / str(n), n)), sql) for n in (1, 10))
    assert [row[:3] for row in once] == [row[:3] for row in tenfold]
    for one, ten in zip(once, tenfold, strict=True):
        assert one[3:] == pytest.approx(ten[3:], nan_ok=True) if None not in one else one == ten


def test_fields_named_ten_times_by_a_document_count_once(tmp_path):
    """The pasted copies name the same fields; H1 and H2 with both intervals, tests and verdict stay as they are."""
    found = []
    for n in (1, 10):
        corpus = written(tmp_path / str(n), n)
        documents = {d.file: d for d in corpus.load().documents()}
        for project, integrated in zip("abcd", (1, 2, 2, 3), strict=True):
            names = [(f"Feld {i}", "integrated" if i < integrated else "sectoral", i == 3) for i in range(4)]
            corpus.fields(documents[f"{project}.pdf"], names * (n if project == "a" else 1))
        database = analysed(corpus, settings=MEASURED)
        tables = ("estimates", "contrasts", "tests", "effects", "name_bands", "deciders")
        found.append([rows(database, f"FROM {table} WHERE estimand IN ('H1', 'H2')") for table in tables])
    assert found[0] == found[1]
    assert len(found[0][0]) > 10


def test_several_documents_are_one_project_and_a_shared_one_counts_for_both(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    corpus.project("a", "1", "a1.pdf;a2.pdf")
    corpus.project("b", "2", "gemeinsam.pdf")
    corpus.project("c", "2", "gemeinsam.pdf")
    for name, codes in (("a1.pdf", "energie"), ("a2.pdf", "stadtland"), ("gemeinsam.pdf", "stadtland")):
        corpus.text(corpus.pdf(name), [(f"Text von {name}", {codes: 0.9})])
    database = analysed(corpus)
    sql = "SELECT project_id, value FROM project_values WHERE estimand = 'H3'"
    assert rows(database, sql) == [("a", 0.5), ("b", 1.0), ("c", 1.0)]
    sql = "SELECT cohort, projects, projects_with_document, documents_read, segments FROM coverage"
    assert rows(database, sql) == [("1", 1, 1, 2, 2), ("2", 2, 2, 1, 1), ("", 3, 3, 3, 3)]
    assert rows(database, "SELECT project FROM quotes WHERE code = 'stadtland' ORDER BY project") == [
        ("A",),
        ("B / C",),
    ]


def test_coverage_shows_what_failed_and_what_is_missing(tmp_path):
    corpus = written(tmp_path)
    corpus.project("e", "2", "kaputt.pdf")
    corpus.project("f", "2", "fehlt.pdf")
    corpus.project("g", "")
    corpus.failure(corpus.pdf("kaputt.pdf"), "extract", "The file is truncated.")
    database = analysed(corpus)
    sql = "SELECT cohort, projects, documents_read, documents_failed, documents_missing, segments_coded FROM coverage"
    assert rows(database, sql) == [("1", 2, 2, 0, 0, 4), ("2", 4, 2, 1, 1, 3), ("", 7, 4, 1, 1, 7)]
    assert rows(database, "SELECT n_projects, n_missing FROM bounds WHERE estimand = 'H3' AND cohort = '2'") == [(4, 2)]


def test_a_corpus_without_any_document_shows_no_zero_where_nothing_was_measured(tmp_path):
    database = analysed(named(tmp_path, ([1, 2], [3, 4], [5, 6])))
    sql = "SELECT DISTINCT n_projects, value, low FROM estimates WHERE estimand IN ('H3', 'H4')"
    assert rows(database, sql) == [(0, None, None)]
    assert rows(database, "SELECT count(*) FROM quotes UNION ALL SELECT count(*) FROM typical_words") == [(0,), (0,)]


@pytest.mark.parametrize("cohorts", [("früh", "spät"), ("A", "B", "C"), ("2019", "2020", "2021", "2022")])
def test_two_three_and_four_cohorts(tmp_path, cohorts):
    shares = [[2 + n, 3 + n, 3 + n, 4 + n, 3 + n] for n in range(len(cohorts))]
    database = analysed(named(tmp_path, shares, cohorts))
    sql = "SELECT cohort, value FROM estimates WHERE estimand = 'H1' AND cohort <> ''"
    assert rows(database, sql) == [(c, pytest.approx(0.3 + 0.1 * n)) for n, c in enumerate(cohorts)]
    sql = "SELECT cohort_from, cohort_to, difference, p > 0 FROM contrasts WHERE estimand = 'H1'"
    assert rows(database, sql) == [(cohorts[0], cohorts[-1], pytest.approx(0.1 * (len(cohorts) - 1)), True)]


def test_one_cohort_has_nothing_to_be_compared_with(tmp_path):
    database = analysed(named(tmp_path, ([1, 2, 3],), ("alle",)))
    assert rows(database, "SELECT count(*) FROM contrasts") == [(0,)]
    assert rows(database, "SELECT value FROM estimates WHERE estimand = 'H1' AND cohort = 'alle'") == [
        (pytest.approx(0.2),)
    ]


def test_equal_input_gives_equal_tables_and_the_seed_moves_only_the_permutation(tmp_path):
    corpus = named(tmp_path, ([1, 3, 4, 2], [3, 4, 2, 5], [5, 3, 4, 6]))
    once, again, other = (
        {table: rows(database, f"FROM {table}") for table in RESULTS}
        for seed in (1, 1, 2)
        for database in [analysed(corpus, seed=seed)]
    )
    assert once == again
    assert {table for table in RESULTS if once[table] != other[table]} <= {"contrasts"}


def test_a_failed_document_is_not_a_document_without_codes(tmp_path):
    """Its segments were cut but never coded: it must not enter the shares as zero."""
    corpus = written(tmp_path)
    document = corpus.pdf("a.pdf")
    (corpus.build / "classify" / f"{document.document_id}.parquet").unlink()
    corpus.failure(document, "classify", "The model broke off.")
    sql = "SELECT n_projects, value FROM estimates WHERE estimand = 'H3' AND cohort = '1'"
    assert rows(analysed(corpus), sql) == [(1, 0.5)]


def test_metrics(tmp_path):
    write_metrics(analysed(written(tmp_path)), tmp_path / "metrics.json")
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert metrics["documents_read"] == 4
    assert metrics["H3"]["all"] == {"n_projects": 4, "value": 0.6}


def test_a_database_of_another_version_is_refused(tmp_path):
    with writing(tmp_path / "coded.duckdb") as connection:
        connection.execute("CREATE TABLE runs AS SELECT 'schema_version' AS key, '0' AS value")
    with pytest.raises(StoreError, match=r"has schema version 0.*dvc repro"):
        analyse(tmp_path / "coded.duckdb", tmp_path / "strategy.duckdb", SETTINGS, 1)
    assert not (tmp_path / "strategy.duckdb").exists()


def test_codings_of_other_dimensions_change_nothing_about_field(tmp_path):
    def built(root, others):
        corpus = CorpusFolder(root, ("1", "2"))
        for project, cohort in (("a", "1"), ("b", "1"), ("c", "2"), ("d", "2")):
            corpus.project(project, cohort, f"{project}.pdf")
            corpus.text(
                corpus.pdf(f"{project}.pdf"),
                [
                    (f"Wärme {project}", {"energie": 0.6, **others}),
                    ("Lernen", {"stadtland": 0.9}),
                    ("Sonst nichts", dict(others)),
                ],
            )
        return analysed(corpus, others=[TECHNOLOGY] if others else [])

    plain = built(tmp_path / "plain", {})
    # A code of another dimension may even be called like one of field.
    mixed = built(tmp_path / "mixed", {"technology/sensors": 0.9, "technology/energie": 0.95})
    for table in set(RESULTS) - {"quotes"}:
        assert query(mixed, f"FROM {table} ORDER BY ALL") == query(plain, f"FROM {table} ORDER BY ALL"), table
    quotes = "FROM quotes WHERE dimension = 'field' ORDER BY ALL"
    assert query(mixed, quotes) == query(plain, quotes)
    assert query(plain, "FROM exploratory")[1] == []
    sql = "SELECT cohort, code, n_projects, n_units, count, value FROM exploratory ORDER BY cohort"
    assert query(mixed, sql)[1] == [
        ("", "sensors", 4, 12, 8, pytest.approx(2 / 3)),
        ("1", "sensors", 2, 6, 4, pytest.approx(2 / 3)),
        ("2", "sensors", 2, 6, 4, pytest.approx(2 / 3)),
    ]
