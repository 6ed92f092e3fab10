"""Fields treated together in sections, measures that serve several fields, and how far the indicators agree."""

from itertools import combinations

import numpy as np
import pytest

from strategy_miner.analysis.correlation import spearman
from strategy_miner.analysis.mixing import by_section, mixing, pieces, pooled
from strategy_miner.records import Measure, Segment, stable_id
from tests.store_corpus import CorpusFolder, SmallCode, SmallCodebook
from tests.test_analysis_results import analysed, rows

A, B, C, AB = frozenset("a"), frozenset("b"), frozenset("c"), frozenset("ab")


@pytest.mark.parametrize(
    ("sections", "observed", "expected"),
    [
        pytest.param([[A, A], [B, B]], 0, 1, id="each section its own field"),
        pytest.param([[A, B], [A, B]], 1, 0.5, id="every section has both: as mixed as a section can be"),
        pytest.param([[AB, AB], [AB, AB]], 1, 1, id="every segment treats both"),
        pytest.param([[A, A], [A, A]], 0, 0, id="one field in all"),
        pytest.param([[A, A, B], [B, B, C]], 2 / 3, 7 / 9, id="worked out by hand"),
        pytest.param([[A, A], [B, B], [C]], 0, 1, id="a section of one segment tells nothing"),
    ],
)
def test_mixing_compares_segments_of_one_section_with_those_of_different_ones(sections, observed, expected):
    found = mixing(sections)
    assert (found.observed, found.expected) == (pytest.approx(observed), pytest.approx(expected))


@pytest.mark.parametrize("drawn", [2, 3])
def test_mixing_is_what_listing_all_draws_gives(drawn):
    random = np.random.default_rng(5)
    kinds = [A, B, C, AB]
    sections = [[kinds[i] for i in random.integers(0, 4, size)] for size in (3, 5, 4, 3)]

    def several(draws):
        return np.mean([len(frozenset().union(*draw)) > 1 for draw in draws])

    within = np.mean([several(combinations(section, drawn)) for section in sections])
    across = []
    for chosen in combinations(sections, drawn):
        grid = [[]]
        for section in chosen:
            grid = [[*draw, fields] for draw in grid for fields in section]
        across.append(several(grid))
    found = mixing(sections, drawn)
    assert found.observed == pytest.approx(within)
    assert found.expected == pytest.approx(np.mean(across))


def test_neither_longer_nor_more_sections_change_the_mixing_of_codes_spread_at_random():
    random = np.random.default_rng(7)
    kinds = [A, B, C]
    means = {}
    for size, number in ((2, 30), (20, 30), (4, 5), (4, 60)):
        found = [
            mixing([[kinds[i] for i in random.integers(0, 3, size)] for _ in range(number)]) for _ in range(300)
        ]  # fmt: skip
        means[size, number] = np.mean([f.observed for f in found]), np.mean([f.expected for f in found])
    for observed, expected in means.values():
        assert observed == pytest.approx(2 / 3, abs=0.015)
        assert expected == pytest.approx(2 / 3, abs=0.015)
    raw = [np.mean([len(frozenset().union(*s)) > 1 for s in [[kinds[i] for i in random.integers(0, 3, size)]] * 9])
           for size in (2, 20) for _ in range(99)]  # fmt: skip
    assert np.mean(raw[:99]) < 0.8 < 0.99 < np.mean(raw[99:]), "the raw share does grow with length"


def test_errors_of_the_coder_that_are_alike_shrink_the_separation_of_all_alike():
    """1 - observed / expected falls by (1 - rate)^2, so equal errors pull cohorts together and make no difference."""
    random = np.random.default_rng(11)
    kinds = [frozenset([letter]) for letter in "abcdef"]
    clean = [[kinds[n % 6]] * 6 for n in range(300)]
    noisy = [[kinds[random.integers(6)] if random.random() < 0.3 else f for f in section] for section in clean]
    separation = [1 - m.observed / m.expected for m in (mixing(clean), mixing(noisy))]
    assert separation[0] == pytest.approx(1)
    assert separation[1] == pytest.approx(0.49, abs=0.05)


@pytest.mark.parametrize("sections", [[], [[]], [[A]], [[A, B]], [[A, B], [A]]])
def test_a_document_without_two_sections_to_compare_has_no_mixing(sections):
    assert mixing(sections) is None


def test_documents_are_pooled_by_their_sections_and_none_at_all_stay_none():
    one, two = mixing([[A, A], [B, B]]), mixing([[A, B], [A, B], [A, B], [A, B], [A, B], [A, B]])
    both = pooled([one, two])
    assert both.observed == pytest.approx((2 * 0 + 6 * 1) / 8)
    assert both.sections == 8
    assert pooled([]) is None


def test_a_section_is_what_stands_under_the_same_subject_headings():
    segments = [
        (["Mobilität"], ["a"]), (["Mobilität", "Ziele"], ["b"]), (["Vorwort"], ["a"]), (["Energie"], ["a"]),
        (["Mobilität"], []), (["Energie", "Mobilität"], ["c"]), ([], ["a"]),
    ]  # fmt: skip
    assert dict(by_section(segments)) == {("Mobilität",): [A, B], ("Energie",): [A], ("Mobilität", "Energie"): [C]}
    assert list(by_section(segments, subjects=False)) == [
        ("Mobilität",), ("Mobilität", "Ziele"), ("Vorwort",), ("Energie",), ("Energie", "Mobilität"),
    ]  # fmt: skip
    assert [len(piece) for piece in pieces([A] * 9, 4)] == [4, 4, 1]


def test_spearman_is_that_of_scipy_and_within_cohorts_it_can_change_its_sign():
    from scipy.stats import spearmanr

    random = np.random.default_rng(3)
    cohorts = np.repeat([0, 1, 2], 12)
    x = cohorts * 10.0 + random.normal(size=36)
    y = cohorts * 10.0 - (x - cohorts * 10) + random.normal(scale=0.3, size=36)
    found, within = spearman(x, y), spearman(x, y, cohorts)
    assert found.rho == pytest.approx(spearmanr(x, y).statistic)
    assert found.low < found.rho < found.high
    assert within.rho < -0.5 < 0.5 < found.rho
    flat = spearman(x, np.ones(36))
    assert (flat.n, flat.rho, flat.low) == (36, None, None)
    assert spearman(x[:9], y[:9]).rho is None
    same = spearman(x, x)
    assert (same.rho, same.low) == (1.0, None)


def test_the_interval_of_spearman_covers_the_true_value():
    random = np.random.default_rng(13)
    true = 6 / np.pi * np.arcsin(0.6 / 2)  # Spearman's rho of a normal pair with correlation 0.6
    inside = 0
    for _ in range(500):
        x = random.normal(size=40)
        found = spearman(x, 0.6 * x + 0.8 * random.normal(size=40))
        inside += found.low <= true <= found.high
    assert 0.92 <= inside / 500 <= 0.98


WIDE = SmallCodebook(
    codes=tuple(
        SmallCode(code, kind, code.title(), code.title(), "erfunden")
        for code, kind in (("energie", "sectoral"), ("bildung", "sectoral"), ("stadtland", "integrated"))
    )
)


def sectioned(corpus, document, sections):
    """Artefacts of a document: (heading, codes of each segment) per section."""
    corpus.text(document, [("Ein Satz", dict.fromkeys(codes, 0.9)) for _, of in sections for codes in of])
    headings = [heading for heading, of in sections for _ in of]
    segments = [
        Segment(stable_id(document.document_id, "s", n), document.document_id, n, 1, "paragraph", (heading,),
                "Ein Satz", (), (), ())
        for n, heading in enumerate(headings)
    ]  # fmt: skip
    corpus.artefact("segment", document, Segment, segments)


def measured(corpus, document, measures):
    """Artefact measures: (fields as written, codes) each."""
    records = [
        Measure(stable_id(document.document_id, "m", n), document.document_id, 1, f"Maßnahme {n}", "", tuple(codes),
                (), (), fields=tuple(fields))
        for n, (fields, codes) in enumerate(measures)
    ]  # fmt: skip
    corpus.artefact("measures", document, Measure, records)


APART = [("Solarstrom", [["energie"]] * 3), ("Schulen", [["bildung"]] * 3), ("Windkraft", [["energie"]] * 3)]
TOGETHER = [(heading, [["energie"], ["bildung"]] * 2) for heading in ("Solarstrom", "Schulen", "Windkraft")]


def corpus_of(root, documents, cohorts=("1", "2")):
    """documents: (cohort, sections, measures) each."""
    corpus = CorpusFolder(root, cohorts)
    for n, (cohort, sections, measures) in enumerate(documents):
        corpus.project(f"p{n:02d}", cohort, f"p{n:02d}.pdf")
        if sections is None:
            continue
        document = corpus.pdf(f"p{n:02d}.pdf")
        sectioned(corpus, document, sections)
        measured(corpus, document, measures)
    return corpus


def test_indicators_stand_beside_the_other_estimands_with_n_and_without_a_verdict_for_raw_codes(tmp_path):
    one, two = (["A"], ["energie"]), (["A", "B"], ["energie", "bildung"])
    corpus = corpus_of(tmp_path, [
        ("1", APART, [one, one]), ("1", APART, [one, two]), ("2", TOGETHER, [two, two]), ("2", TOGETHER, [two, one]),
        ("2", None, []),
    ])  # fmt: skip
    database = analysed(corpus, WIDE)
    sql = "SELECT cohort, n_projects, n_units, count, value, label FROM estimates WHERE estimand = 'I2'"
    together = 4 / 6 / 0.5
    apart = 0 / (1 - 1 / 3)
    assert rows(database, sql) == [
        ("1", 2, 6, 0, apart, "uncorrected"),
        ("2", 2, 6, 6, pytest.approx(together), "uncorrected"),
        ("", 4, 12, 6, pytest.approx((0 + 2 * 4 / 6) / (2 * 2 / 3 + 2 * 0.5)), "uncorrected"),
    ]
    sql = "SELECT cohort, n_projects, n_units, count, value, label FROM estimates WHERE (estimand, code) = ('I3', ?)"
    assert rows(database, sql.replace("?", "'fields'")) == [
        ("1", 2, 4, 1, 0.25, "provisional"), ("2", 2, 4, 3, 0.75, "provisional"), ("", 4, 8, 4, 0.5, "provisional"),
    ]  # fmt: skip
    sql = (
        "SELECT estimand, code, n_projects, verdict, reason FROM contrasts WHERE estimand IN ('I2', 'I3') ORDER BY ALL"
    )
    found = {row[:2]: row[2:] for row in rows(database, sql)}
    assert found["I2", ""][1] == ""
    assert found["I2", ""][2].startswith("uncorrected")
    assert found["I3", "codes"][1] == ""
    assert rows(database, "SELECT DISTINCT label FROM contrasts WHERE p IS NOT NULL AND label = 'uncorrected'") == []
    assert found["I3", "fields"][:2] == (4, "undecided")
    assert rows(database, "SELECT n_projects, n_missing FROM bounds WHERE estimand = 'I3' AND cohort = '2'") == [(3, 1)]
    variants = rows(
        database, "SELECT variant, n_projects, n_sections FROM mixing_variants WHERE cohort = '' ORDER BY 1"
    )
    assert {("subject", 4, 12), ("long", 0, 0)} <= set(variants)


def test_a_clear_difference_in_measures_as_written_may_have_a_verdict(tmp_path):
    one, two = (["A"], []), (["A", "B"], [])
    few, many = [[one] * (8 + n % 2) + [two] for n in range(8)], [[one] + [two] * (8 + n % 2) for n in range(8)]
    corpus = corpus_of(
        tmp_path, [*(("1", APART, measures) for measures in few), *(("2", APART, measures) for measures in many)]
    )
    sql = "SELECT verdict, p <= 0.05 FROM contrasts WHERE (estimand, code) = ('I3', 'fields')"
    assert rows(analysed(corpus, WIDE), sql) == [("shift", True)]


@pytest.mark.parametrize(
    ("documents", "cohorts"),
    [
        pytest.param([], ("1", "2"), id="no project"),
        pytest.param([("1", None, [])] * 3, ("1", "2"), id="no document"),
        pytest.param([("1", TOGETHER, [])], ("1",), id="one cohort with one project"),
        pytest.param([("1", [("Solarstrom", [[]] * 4)], [([], [])])], ("1", "2"), id="nothing coded"),
        pytest.param([("1", [("Solarstrom", [["stadtland"]] * 4)], [])] * 2, ("1", "2"), id="integrated codes only"),
        pytest.param([("1", APART, [(["A"], ["energie"])])] * 12 + [("2", APART, [])] * 12, ("1", "2"), id="all alike"),
        pytest.param([(c, TOGETHER, [(["A"], [])]) for c in "1234"], ("1", "2", "3", "4"), id="four cohorts"),
        pytest.param([("", APART, [])] * 3, ("1", "2"), id="outside the cohorts only"),
    ],
)
def test_poor_input_gives_empty_or_undecided_rows_and_never_an_error(tmp_path, documents, cohorts):
    database = analysed(corpus_of(tmp_path, documents, cohorts), WIDE)
    sql = "SELECT DISTINCT verdict FROM contrasts WHERE estimand IN ('I2', 'I3')"
    assert {verdict for (verdict,) in rows(database, sql)} <= {"", "undecided"}
    sql = "SELECT count(*) FROM estimates WHERE estimand IN ('I2', 'I3') AND n_projects = 0 AND value IS NOT NULL"
    assert rows(database, sql) == [(0,)]
    assert rows(database, "SELECT count(*) FROM mixing_variants WHERE isnan(value)") == [(0,)]


def test_a_second_run_gives_the_same_tables(tmp_path):
    documents = [("1", APART, [(["A"], ["energie"])]), ("2", TOGETHER, [(["A", "B"], ["bildung"])])] * 6
    one, two = (tmp_path / name for name in ("one", "two"))
    found = [analysed(corpus_of(root, documents), WIDE) for root in (one, two)]
    for table in ("mixing_variants", "indicator_correlations", "emphasis", "gaps", "contrasts", "estimates"):
        assert rows(found[0], f"FROM {table}") == rows(found[1], f"FROM {table}")


def test_measures_of_a_document_that_failed_are_not_counted(tmp_path):
    corpus = corpus_of(tmp_path, [("1", APART, [(["A"], ["energie"])]), ("1", APART, [(["A"], ["energie"])])])
    document = corpus.load().documents()[0]
    (corpus.build / "classify" / f"{document.document_id}.parquet").unlink()
    corpus.failure(document, "classify", "The model broke off.")
    database = analysed(corpus)
    assert rows(database, "SELECT n_projects FROM estimates WHERE (estimand, cohort) = ('I3', '1')") == [(1,), (1,)]
    assert rows(database, "SELECT count(DISTINCT project_id) FROM emphasis WHERE measures IS NOT NULL") == [(1,)]
