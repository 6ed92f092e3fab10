"""Two codebooks on one small corpus: which segments change code, and what that does to the shares, worked by hand."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from strategy_miner import codebooks
from strategy_miner.cli import app
from strategy_miner.coding import Codebook
from strategy_miner.coding.codebook_diff import changes
from strategy_miner.errors import CodebookError, StoreError
from strategy_miner.language.vectors import write_vectors
from strategy_miner.parquet import read_records
from strategy_miner.records import Segment
from strategy_miner.store import write_coded
from tests.store_corpus import CorpusFolder, SmallCodebook
from tests.test_coding_classifier import Triples

OLD = """
dimension: toy
exploratory: true
version: 1
none_examples: [Nichts davon.]
codes:
  - {id: wald, kind: sectoral, label: {de: Wald}, includes: [Forst], lexicon: {include: [eiche, buche]}}
  - {id: meer, kind: integrated, label: {de: Meer}, lexicon: {include: [welle, küste]}, positive: [Eine Welle.]}
  - {id: moor, kind: sectoral, label: {de: Moor}, lexicon: {include: [torf]}}
"""
NEW = """
dimension: toy
exploratory: true
version: 2
none_examples: [Gar nichts davon.]
codes:
  - {id: meer, kind: integrated, label: {de: Die See}, lexicon: {include: [welle, küste, torf]}, positive: [Die Welle.]}
  - {id: wald, kind: sectoral, label: {de: Wald}, includes: [Forst], lexicon: {include: [eiche]}}
  - {id: berg, kind: sectoral, label: {de: Berg}, lexicon: {include: [gipfel]}}
"""
# Codes by OLD -> codes by NEW, segment by segment:
# nord: wald, wald, meer, none -> wald, none, meer, berg; sued: moor, meer + wald, wald, none -> meer, same, wald, none
NORTH = ["Eine Eiche.", "Die Buche.", "Eine Welle.", "Ein Gipfel."]
SOUTH = [
    "Der Torf.",
    "Die Küste mit Eiche.",
    "Eine Eiche.",
    "Ein Wort.",
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with the corpus klein, coded once, and the codebooks old/ and new/."""
    corpus = CorpusFolder(tmp_path, ("1", "2"))
    keys = {}
    for name, cohort, texts in (("nord", "1", NORTH), ("sued", "2", SOUTH)):
        document = corpus.pdf(f"{name}.pdf")
        corpus.project(name, cohort, document.file)
        corpus.text(document, [(text, {}) for text in texts])
        keys[document.document_id] = {"file": document.file, "sha256": document.sha256, "key": ""}
        segments = read_records(Segment, corpus.build / "segment" / f"{document.document_id}.parquet")
        vectors = Triples().encode([segment.text for segment in segments])
        write_vectors(corpus.build / "embed" / f"{document.document_id}.parquet", [s.id for s in segments], vectors)
    (corpus.build / "segment" / "keys.json").write_text(json.dumps(keys), encoding="utf-8")
    write_coded(corpus.load(), [SmallCodebook()], corpus.build, corpus.build / "coded.duckdb", {})  # type: ignore[arg-type]
    for name, text in (("old", OLD), ("new", NEW)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "toy.yaml").write_text(text, encoding="utf-8")
    settings = Path("params.yaml").read_text(encoding="utf-8")
    settings = settings.replace("corpora:\n", "corpora:\n  klein: corpus/klein/pdf\n", 1)
    (tmp_path / "params.yaml").write_text(settings, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("strategy_miner.codebooks.project_encoder", Triples)
    return tmp_path


def test_segments_that_change_and_shares_by_hand(project: Path) -> None:
    found = codebooks.diff("old", "new", "toy", "klein")
    moved = {
        row.segment.text: ([code for code, _ in row.old], [code for code, _ in row.new])
        for row in found.segments
        if row.moved
    }
    assert moved == {
        "Die Buche.": (["wald"], []),
        "Ein Gipfel.": ([], ["berg"]),
        "Der Torf.": (["moor"], ["meer"]),
    }
    assert len(found.segments) == 8
    assert codebooks.gained_and_lost(found.segments) == [
        ("berg", 0, 1, 1, 0), ("meer", 2, 3, 1, 0), ("moor", 1, 0, 0, 1), ("wald", 4, 3, 0, 1),
    ]  # fmt: skip
    shares = {(s.estimand, s.code, s.cohort): (s.old, s.new) for s in found.shares}
    # H3: mean share of integrated codes over coded segments.
    assert shares["H3", "", "1"] == pytest.approx((1 / 3, 1 / 3))
    assert shares["H3", "", "2"] == pytest.approx(((0 + 1 / 2 + 0) / 3, (1 + 1 / 2 + 0) / 3))
    assert shares["H4", "wald", "1"] == pytest.approx((2 / 4, 1 / 4))
    assert shares["H4", "moor", "2"] == (pytest.approx(1 / 4), None)  # the new codebook has no such code
    (wald,) = [s for s in found.shares if (s.code, s.cohort) == ("wald", "1")]
    assert wald.points == pytest.approx(-25)


def test_the_same_codebook_changes_nothing(project: Path) -> None:
    found = codebooks.diff("old", "old", "toy", "klein")
    assert found.changes == []
    assert not any(row.moved for row in found.segments)
    assert all(share.points == 0 for share in found.shares)


def test_every_change_is_named(project: Path) -> None:
    told = [str(change) for change in changes(*(Codebook.load(project / name, "toy") for name in ("old", "new")))]
    assert told == [
        "(dimension): version: '1' -> '2'",
        "(dimension): none_examples: - Nichts davon.",
        "(dimension): none_examples: + Gar nichts davon.",
        "wald: lexicon include: - buche",
        "meer: label de: 'Meer' -> 'Die See'",
        "meer: lexicon include: + torf",
        "meer: positive: - Eine Welle.",
        "meer: positive: + Die Welle.",
        "moor: code: - Moor",
        "berg: code: + Berg",
        "(dimension): order: 'wald meer moor' -> 'meer wald berg'",
    ]


def test_the_command_and_its_lines(project: Path) -> None:
    command = ["codebook", "diff", "old", "new", "--dimension", "toy", "--corpus", "klein"]
    shown = CliRunner().invoke(app, [*command, "--most", "1"])
    assert shown.exit_code == 0, shown.output
    for text in ("11 changes", "3 of 8 segments change code", "nord.pdf, p. 1: wald 0.75 -> nothing", "and 2 more",
                 "uncorrected", "-25.0"):  # fmt: skip
        assert text in shown.output
    rows = [json.loads(line) for line in CliRunner().invoke(app, [*command, "--jsonl"]).output.splitlines()]
    assert [row["kind"] for row in rows].count("segment") == 3
    share = next(row for row in rows if row["kind"] == "share")
    assert share["status"] == "uncorrected"
    assert next(row for row in rows if row["kind"] == "segment")["old"] == [{"code": "wald", "p": 0.75}]


def test_a_git_revision_stands_for_a_folder(project: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", "-C", str(project), *identity, *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("add", "old/toy.yaml")
    git("commit", "-qm", "one")
    before, same = (codebooks.diff(old, "new", "toy", "klein") for old in ("HEAD:old", "old"))
    assert before.changes == same.changes
    for wrong in ("HEAD:nowhere", "-x:old", "nowhere"):
        with pytest.raises(CodebookError, match="folder"):
            codebooks.diff(wrong, "new", "toy", "klein")


def test_a_corpus_that_was_not_coded_is_told(project: Path) -> None:
    (project / "build" / "klein" / "coded.duckdb").unlink()
    with pytest.raises(StoreError, match="no coded corpus"):
        codebooks.diff("old", "new", "toy", "klein")


def test_vectors_of_another_encoder_are_refused(project: Path) -> None:
    for path in sorted((project / "build" / "klein" / "embed").glob("*.parquet")):
        segments = read_records(Segment, project / "build" / "klein" / "segment" / path.name)
        write_vectors(path, [segment.id for segment in segments], Triples().encode(["x"] * len(segments))[:, :64])
    with pytest.raises(StoreError, match="another encoder"):
        codebooks.diff("old", "new", "toy", "klein")
