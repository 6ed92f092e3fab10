"""The gap radar over a database: what has no code, on one half of the projects, counted on the other."""

import numpy as np
import pytest

from strategy_miner.analysis import analyse
from strategy_miner.language import write_vectors
from strategy_miner.records import stable_id
from strategy_miner.store import connect, query
from tests.store_corpus import CorpusFolder
from tests.test_analysis_results import SETTINGS, analysed, rows

FOREST = [f"Wald{letter}" for letter in "abcdefghijklmnopqrstuvwx"]
OTHER = [f"Ding{a}{b}" for a in "abcdefghij" for b in "abcdefghij"]


def forest_corpus(root, projects=12, coded=False, vectors=True):
    """Every project has six passages on forests, which have no code unless `coded`, six on nothing, six on energy."""
    draw = np.random.default_rng(5)
    corpus = CorpusFolder(root, ("1", "2"))
    centre = draw.normal(size=384)
    for n in range(projects):
        name = f"p{n:02d}"
        corpus.project(name, "12"[n % 2], f"{name}.pdf")
        document = corpus.pdf(f"{name}.pdf")
        segments, tags, places = [], [], []
        for kind in ("forest", "nothing", "energy"):
            for _ in range(6):
                words = list(draw.choice(FOREST if kind == "forest" else OTHER, 10, replace=False))
                codes = {"energie": 0.9} if kind == "energy" or coded else {}
                segments.append((" ".join(words), codes))
                tags.append([(word, "NOUN") for word in words])
                noise = draw.normal(size=384)
                places.append(centre + 0.1 * noise if kind == "forest" else noise)
        corpus.text(document, segments)
        corpus.tags(document, tags)
        if vectors:
            ids = [stable_id(document.document_id, "s", order) for order in range(len(segments))]
            matrix = np.array(places)
            matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
            write_vectors(corpus.build / "embed" / f"{document.document_id}.parquet", ids, matrix.astype(np.float32))
    return corpus


def test_a_planted_gap_is_found_and_counted_in_the_other_half(tmp_path):
    database = analysed(forest_corpus(tmp_path))
    search = rows(database, "FROM radar_search")
    assert search == [(216, 144, 144, "codebook", 6, 6, 1, 1)]
    [(words, runs, projects, lift)] = rows(database, "SELECT words, runs, projects, lift FROM radar_clusters")
    assert len([word for word in words if word in FOREST]) >= 15
    assert runs >= 16
    assert projects == 12
    assert lift > 2
    counted = rows(database, "SELECT cohort, n_projects, projects_with, n_segments, count FROM radar_cohorts")
    assert [row[0] for row in counted] == ["1", "2", ""]
    assert counted[2] == (("", 6, 6, 108, counted[2][4]))
    assert 36 <= counted[2][4] <= 42, "six passages in each of six projects, and few others"
    assert sum(row[1] for row in counted[:2]) == 6
    passages = rows(database, "SELECT rank, project_id, page, text FROM radar_passages ORDER BY rank")
    assert [row[0] for row in passages] == [1, 2, 3, 4, 5]
    assert len({row[1] for row in passages}) == 5
    assert all(row[2] in (1, 2) and row[3].startswith("Wald") for row in passages)


def test_a_topic_with_a_code_is_no_gap(tmp_path):
    database = analysed(forest_corpus(tmp_path, coded=True))
    assert rows(database, "SELECT candidates, kept FROM radar_search") == [(0, 0)]
    assert rows(database, "SELECT count(*) FROM radar_clusters") == [(0,)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("UPDATE scores SET p = [0.1, 0.6, 0.2]", ("codebook", 0)),
        ("DELETE FROM scores; DELETE FROM thresholds", ("codings", 144)),
    ],
)
def test_scores_decide_where_there_are_scores_else_codings(tmp_path, change, expected):
    analysed(forest_corpus(tmp_path))
    coded, again = tmp_path / "coded.duckdb", tmp_path / "again.duckdb"
    with connect(coded, read_only=False) as connection:
        connection.execute("UPDATE thresholds SET threshold = 0.5")
        connection.execute(change)
    analyse(coded, again, SETTINGS, 1)
    assert rows(again, "SELECT coder, candidates FROM radar_search") == [expected]


@pytest.mark.parametrize("projects", [1, 2, 12])
def test_without_vectors_or_with_few_projects_there_is_nothing(tmp_path, projects):
    database = analysed(forest_corpus(tmp_path, projects, vectors=projects < 12))
    assert rows(database, "SELECT count(*) FROM radar_clusters") == [(0,)]


def test_equal_runs_give_equal_tables(tmp_path):
    one, two = (analysed(forest_corpus(tmp_path / part)) for part in "ab")
    for table in ("radar_search", "radar_clusters", "radar_cohorts", "radar_passages"):
        assert query(one, f"FROM {table}") == query(two, f"FROM {table}")
