"""Shares of text by unit, threshold and weight, on texts whose shares can be worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from strategy_miner.analysis import analyse, text_units
from strategy_miner.analysis.samples import Cohorts
from strategy_miner.analysis.text_corrected import corrected_sample
from strategy_miner.analysis.text_units import Texts, text_cells
from strategy_miner.coding.gold_estimate import Errors
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import connect, insert, query, write_coded
from tests.store_corpus import CorpusFolder, SmallCodebook

SETTINGS = AnalyseSettings(margin=0.10, permutations=499, robustness_permutations=199)
SECTORAL, INTEGRATED, NOTHING = (0.9, 0.0), (0.0, 0.8), (0.0, 0.0)
COHORTS = Cohorts(("1", "2"), {"a": 0, "b": 1})


def texts(documents, own=0.5):
    """Texts of one project per document; a document is a list of (section, words, (p sectoral, p integrated))."""
    segments = [(d, *segment) for d, document in enumerate(documents) for segment in document]
    number = np.array([d for d, *_ in segments])
    page = np.array([10 + section for _, section, *_ in segments])
    p = np.array([p for *_, p in segments], dtype=float)
    units = text_units._units(number, page, np.array([str(section) for _, section, *_ in segments]))
    cuts = {("codebook", name): cut for name, cut in text_units._cuts(p, own)}
    projects = {name: np.array([d]) for d, name in enumerate("abcdef"[: len(documents)])}
    tokens = np.array([words for _, _, words, _ in segments])
    ids = tuple(str(i) for i in range(len(number)))
    return Texts(ids, tuple(projects), number, tokens, units, np.array([False, True]), {"codebook": p}, cuts, projects)


def shares(of, unit, weighting, threshold="own"):
    """The estimate of all projects, and (a, b) of each."""
    found = of.counted("codebook", threshold, unit).sample(COHORTS, of, weighting)
    return found.a.sum() / found.b.sum(), list(zip(found.a, found.b, strict=True))


A = [(1, 10, SECTORAL), (1, 30, SECTORAL), (2, 40, INTEGRATED), (2, 20, NOTHING)]
B = [(1, 10, INTEGRATED), (1, 10, NOTHING)]


@pytest.mark.parametrize(
    ("weighting", "expected"),
    [
        # a: 1 of 3 coded segments of 4 is integrated, b: 1 of 1 of 2
        pytest.param("document", (1 / 4 + 1 / 2) / (3 / 4 + 1 / 2), id="every project the same"),
        pytest.param("ratios", (1 / 3 + 1) / 2, id="mean of ratios"),
        pytest.param("pooled", (1 + 1) / (3 + 1), id="every segment the same"),
        pytest.param("tokens", (40 / 100 + 10 / 20) / (80 / 100 + 10 / 20), id="every word of a project the same"),
        pytest.param("tokens_pooled", (40 + 10) / (80 + 10), id="every word the same"),
    ],
)
def test_weights_by_hand(weighting, expected):
    assert shares(texts([A, B]), "segment", weighting)[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        pytest.param("section", (1 / 2 + 1) / (1 + 1), id="two sections of a, one of b, all coded"),
        pytest.param("page", (1 / 2 + 1) / (1 + 1), id="a page is a section here"),
        pytest.param("window", (1 / 4 + 1) / (1 / 2 + 1), id="a: three segments with both codes, one without; b: one"),
    ],
)
def test_larger_units_carry_the_codes_of_their_segments(unit, expected):
    assert shares(texts([A, B]), unit, "document")[0] == pytest.approx(expected)


@pytest.mark.parametrize("unit", ["segment", "section", "page"])
def test_a_document_pasted_ten_times_longer_changes_pooled_cells_only(unit):
    once, longer = texts([A, B]), texts([A * 10, B])
    for weighting in ("document", "ratios", "tokens"):
        if unit == "section" and weighting == "tokens":
            continue
        assert shares(longer, unit, weighting)[0] == pytest.approx(shares(once, unit, weighting)[0]), weighting
    assert shares(longer, unit, "tokens_pooled")[0] != pytest.approx(shares(once, unit, "tokens_pooled")[0])
    pooled = [shares(of, unit, "pooled")[0] for of in (once, longer)]
    assert (pooled[0] == pytest.approx(pooled[1])) == (unit != "segment")  # ten times longer, but no more sections


def test_a_section_pasted_ten_times_longer_changes_only_cells_with_word_weights():
    longer = texts([[*A, *[segment for segment in A if segment[0] == 1] * 9], B])
    for weighting in text_units.WEIGHTINGS:
        was, now = (shares(of, "section", weighting)[0] for of in (texts([A, B]), longer))
        assert (now == pytest.approx(was)) == ("tokens" not in weighting), weighting


def graded(n=30):
    return [(i, 10, (i / n, (n - 1 - i) / n / 2)) for i in range(n)]


def test_a_stricter_threshold_gives_a_third_fewer_codes_and_a_looser_one_a_third_more():
    of = texts([graded(), graded()])
    given = {name: of.coded("codebook", name) for name in ("strict", "own", "loose")}
    p, own = of.scores["codebook"], of.cuts["codebook", "own"]
    count = {name: int((p > of.cuts["codebook", name]).sum()) for name in given}
    assert own == 0.5
    assert count["own"] == 28
    assert 16 <= count["strict"] <= 19
    assert 36 <= count["loose"] <= 38
    assert not (given["strict"] & ~given["own"]).any()
    assert not ((p > own) & ~given["loose"]).any()


def test_matched_codes_are_as_frequent_as_their_probabilities_say():
    of = texts([graded(), graded()])
    assert of.coded("codebook", "matched").sum(axis=0) == pytest.approx(of.scores["codebook"].sum(axis=0), abs=2)


def test_a_lexicon_with_one_rank_has_one_threshold():
    p = np.array([[0.55, 0.0], [0.0, 0.55], [0.0, 0.0]])
    assert list(text_units._cuts(p, 0.0)) == [("own", 0.0)]
    ranks = np.array([[0.55, 0.0], [0.0, 0.55], [0.9, 0.0], [0.75, 0.75]])
    assert list(text_units._cuts(ranks, 0.0)) == [("own", 0.0), ("strict", 0.55)]


def test_a_mean_of_ratios_needs_coded_text_in_every_project():
    of = texts([A, [(1, 10, NOTHING)] * 7 + [(1, 10, INTEGRATED)]])
    assert of.counted("codebook", "own", "segment").sample(COHORTS, of, "ratios") is None


def corpus_with_text(root, cohorts=("1", "2")):
    """Per cohort two documents of ten segments; in the last cohort all integrated, else every second one."""
    corpus = CorpusFolder(root, cohorts)
    for cohort in cohorts:
        for n in range(2):
            project = f"p{cohort}{n}"
            corpus.project(project, cohort, f"{project}.pdf")
            codes = ["stadtland" if cohort == cohorts[-1] or i % 2 else "energie" for i in range(10 + n)]
            corpus.text(
                corpus.pdf(f"{project}.pdf"), [(f"Satz {i} von {project}", {c: 0.9}) for i, c in enumerate(codes)]
            )
    return corpus


def analysed(corpus, others=("lexicon",)):
    """With scores of coder codebook from the corpus, and the same as ranks by other coders."""
    path, target = corpus.root / "coded.duckdb", corpus.root / "strategy.duckdb"
    write_coded(corpus.load(), [SmallCodebook()], corpus.build, path, {})
    with connect(path, read_only=False) as connection:
        insert(connection, "thresholds", [(coder, 0.0) for coder in others])
        for coder in others:
            connection.execute("INSERT INTO scores SELECT segment_id, document_id, ?, p FROM scores", [coder])
    analyse(path, target, SETTINGS, 1)
    return target


@pytest.mark.parametrize("cohorts", [("1", "2"), ("1", "2", "3"), ("a", "b", "c", "d")])
def test_cells_of_a_corpus_with_text(tmp_path, cohorts):
    database = analysed(corpus_with_text(tmp_path, cohorts))
    sql = "SELECT coder, n_projects, label, holds, same_direction, difference FROM robustness WHERE unit = 'segment' "
    line = 0.9 if len(cohorts) == 4 else 1.0  # the ends of a line through (y, y, y, 1) lie 0.9 (1 - y) apart
    n, step = 2 * len(cohorts), pytest.approx((1 - (5 / 10 + 5 / 11) / 2) * line)
    assert query(database, sql + "AND threshold = 'own' AND weighting = 'document' ORDER BY coder")[1] == [
        ("codebook", n, "uncorrected", None, True, step),
        ("lexicon", n, "uncorrected", None, True, step),
    ]
    sql = "SELECT difference, cut FROM robustness WHERE is_primary AND estimand = 'H3'"
    found = query(database, "SELECT difference FROM contrasts WHERE estimand = 'H3'")[1][0][0]
    assert query(database, sql)[1] == [(pytest.approx(found), 0.5)]
    sql = "SELECT value, n_units, n_projects FROM robustness_codes WHERE weighting = 'pooled' AND cohort = '' "
    halves = len(cohorts) - 1
    share = pytest.approx(11 * halves / (21 * (halves + 1)))
    assert query(database, sql + "AND code = 'energie'")[1] == [(share, 21 * len(cohorts), n)]


def test_coders_that_did_not_score_have_no_cells(tmp_path):
    database = analysed(corpus_with_text(tmp_path), ())
    assert query(database, "SELECT DISTINCT coder FROM robustness WHERE estimand = 'H3'")[1] == [("codebook",)]


def test_a_corpus_without_any_text(tmp_path):
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    corpus.project("a", "1")
    database = analysed(corpus)
    assert query(database, "FROM robustness")[1] == []
    with connect(database) as connection:
        of = Texts.read(connection)
    assert list(text_cells(of)) == []


def labelled(of, chosen, true):
    """Gold for some segments of `texts`: one stratum per document."""
    home = of.document[chosen]
    sizes = np.bincount(of.document).astype(float)
    n = len(of.names)
    errors = Errors(np.zeros((n, 2)), np.zeros((len(chosen), 2)), home, sizes, np.arange(n), np.zeros(n, int), sizes)
    ids = [of.ids[i] for i in chosen]
    return SimpleNamespace(ids=ids, documents=of.names, true=np.array([true[i] for i in chosen]), errors=errors)


@pytest.mark.parametrize("weighting", text_units.WEIGHTINGS)
@pytest.mark.parametrize("threshold", ["own", "none", "matched"])
def test_with_every_segment_labelled_the_coder_does_not_matter(weighting, threshold):
    wrong = [(section, words, (p[1], p[0])) for section, words, p in A]  # takes each for the other
    of = texts([wrong, B])
    true = [(sectoral > 0, integrated > 0) for _, _, (sectoral, integrated) in [*A, *B]]
    gold = labelled(of, range(len(true)), true)
    found = corrected_sample(COHORTS, of, gold, ("codebook", threshold), weighting)
    assert found.a.sum() / found.b.sum() == pytest.approx(shares(texts([A, B]), "segment", weighting)[0])
    assert set(found.labels) == {"corrected"}


def test_a_sample_of_labels_moves_the_share_by_its_mean_error_and_words_weigh_errors():
    of = texts([A, B])  # the coder sees 1 of 3 integrated in a; two labels say that both sectoral ones are not
    gold = labelled(of, [0, 1, 4, 5], [(False, True), (False, True), None, None, (False, True), (False, False)])
    by_segment = corrected_sample(COHORTS, of, gold, ("codebook", "own"), "document")
    # a: said 1 / 4, mean error of A 1 over the labels, so 1 / 4 + 1; of B 0
    assert by_segment.a == pytest.approx([1.25, 0.5])
    assert by_segment.b == pytest.approx([0.75, 0.5])
    by_word = corrected_sample(COHORTS, of, gold, ("codebook", "own"), "tokens")
    # a: said 40 of 100 words, errors weigh 10 / 25 and 30 / 25
    assert by_word.a[0] == pytest.approx(0.4 + (10 / 25 + 30 / 25) / 2)
