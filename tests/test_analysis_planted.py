"""Planted against found: the truth of a generated corpus beside what the pipeline says."""

import json

import pyarrow as pa
import pytest

from strategy_miner.analysis import analyse, write_metrics
from strategy_miner.parquet import write_table
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import query, write_coded
from tests.store_corpus import CorpusFolder, SmallCodebook


@pytest.fixture
def database(tmp_path):
    """Two cohorts of two documents; the truth aims at 0.25 and 0.75 and hits something near it."""
    corpus = CorpusFolder(tmp_path, ("früh", "spät"))
    documents, fields, planted, blocks = [], [], [], []
    for n, (cohort, integrated) in enumerate((("früh", 1), ("früh", 2), ("spät", 3), ("spät", 4))):
        file = f"p{n}.pdf"
        corpus.project(f"p{n}", cohort, file)
        document = corpus.pdf(file)
        texts = [(f"Verbund {i}", "stadtland") if i < integrated else (f"Strom {i}", "energie") for i in range(5)]
        corpus.text(document, [(text, {code: 0.9}) for text, code in texts])
        place = {"file": file, "project_id": f"p{n}", "cohort": cohort}
        block = {**place, "heading_path": ["Netze"], "order": n}
        blocks += [{**block, "text": text, "codes": [code], "unit": True} for text, code in texts[:4]]
        blocks.append({**block, "text": "Strom 4", "unit": n < 3, "codes": [[], ["energie", "stadtland"]][n % 2]})
        names = [(f"Feld {i}", "integrated" if i < integrated else "sectoral", n == 0) for i in range(4)]
        corpus.fields(document, names)
        aim = 0.25 if cohort == "früh" else 0.75
        documents.append({
            "file": file, "cohort": cohort, "planted_fields": aim, "realised_fields": integrated / 4, "fields": 4,
            "planted_text": aim, "units": 10, "coded_units": 5, "integrated_sum": float(integrated),
        })  # fmt: skip
        fields += [{**place, "ecology": n < 2, "codes": ["energie"]} for _ in names]
        corpus.measure(document, "Neue Leuchten" if n else "Alte Leuchten")
        planted.append({**place, "order": n, "title": "Neue Leuchten", "fields": ["Energie"], "responsible": "Amt",
                        "period": "", "cost": "10.000 €" if n < 3 else "nichts", "status": "begonnen",
                        "codes": ["energie"]})  # fmt: skip
    truth = tmp_path / "truth"
    write_table(pa.Table.from_pylist(documents), truth / "documents.parquet")
    write_table(pa.Table.from_pylist(fields), truth / "fields.parquet")
    write_table(pa.Table.from_pylist(planted), truth / "measures.parquet")
    write_table(pa.Table.from_pylist(blocks), tmp_path / "truth.parquet")
    coded, target = tmp_path / "coded.duckdb", tmp_path / "strategy.duckdb"
    write_coded(corpus.load(), [SmallCodebook()], corpus.build, coded, {})
    analyse(coded, target, AnalyseSettings(0.1, 99), 1, truth)
    return target


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("fields integrated", [("", 0.5, 0.625, 0.625), ("früh", 0.25, 0.375, 0.375), ("spät", 0.75, 0.875, 0.875)]),
        ("text integrated", [("", 0.5, 0.5, 0.5), ("früh", 0.25, 0.3, 0.3), ("spät", 0.75, 0.7, 0.7)]),
        ("fields integrated difference", [("", 0.5, 0.5, 0.5)]),
        ("text integrated difference", [("", 0.5, 0.4, 0.4)]),
        ("projects naming ecology", [("", None, 0.5, 0.25), ("früh", None, 1.0, 0.5), ("spät", None, 0.0, 0.0)]),
        ("measures", [("", None, 4.0, 4.0)]),
        ("measures F1", [("", None, None, 0.75)]),
        ("measures fields right", [("", None, None, 1.0)]),
        ("measures responsible right", [("", None, None, 0.0)]),
        ("measures cost right", [("", None, None, 2 / 3)]),
        ("measures status right", [("", None, None, 0.0)]),
        ("paragraphs compared", [("", None, None, 19.0)]),  # one is no unit
        ("codes micro-F1", [("", None, None, 2 * 17 / (18 + 19))]),  # two are none, one has a code more
        ("integrated flag F1", [("", None, None, 2 * 10 / (11 + 10))]),
        ("paragraphs without code", [("", None, 2.0, 0.0)]),
        ("sections mixing fields", [("", None, None, None), ("früh", None, None, None), ("spät", None, None, None)]),
        ("measures with several fields", [("", None, 0.0, 0.0), ("früh", None, 0.0, 0.0), ("spät", None, 0.0, 0.0)]),
        ("gaps", [("", None, 0.0, 0.0)]),  # five paragraphs are too few for one
        ("gaps in both", [("", None, 0.0, 0.0)]),
        ("declared fields", [("", None, 16.0, 16.0), ("früh", None, 8.0, 8.0), ("spät", None, 8.0, 8.0)]),
    ],
)
def test_planted_realised_and_found(database, quantity, expected):
    sql = "SELECT cohort, planted, realised, found FROM planted WHERE quantity = ? ORDER BY cohort"
    for row, wanted in zip(query(database, sql, [quantity])[1], expected, strict=True):
        assert row == (*wanted[:2], *(value if value is None else pytest.approx(value) for value in wanted[2:]))


def test_metrics_carry_them(database, tmp_path):
    write_metrics(database, tmp_path / "metrics.json")
    planted = json.loads((tmp_path / "metrics.json").read_text())["planted"]
    assert planted["text integrated"]["spät"] == {"planted": 0.75, "realised": 0.7, "found": 0.7}
    assert "planted" not in planted["declared fields"]["all"]


def test_a_corpus_without_truth_has_no_rows(database, tmp_path):
    analyse(tmp_path / "coded.duckdb", tmp_path / "real.duckdb", AnalyseSettings(0.1, 99), 1, tmp_path / "nowhere")
    assert query(tmp_path / "real.duckdb", "FROM planted")[1] == []
