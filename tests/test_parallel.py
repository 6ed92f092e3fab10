"""Mapping documents: skip what is unchanged, keep going, clean up."""

from __future__ import annotations

import contextlib
import json

from strategy_miner.errors import ReadingError
from strategy_miner.parallel import key, map_documents, results
from strategy_miner.records import Document

A, B, C = (Document(name * 16, f"{name}.pdf", name * 64) for name in "abc")


class Stage:
    """A stage that notes what it worked on and fails where told."""

    def __init__(self, folder, broken=()):
        self.folder, self.broken, self.done = folder, broken, []

    def run(self, inputs, workers=1):
        return map_documents("extract", self.folder, inputs, self.work, workers=workers)

    def work(self, document, target):
        self.done.append(document.file)
        if document.file in self.broken:
            raise ReadingError("is encrypted", document.file, "Remove the password.")
        target.write_text(document.file)


def test_unchanged_documents_are_skipped(tmp_path):
    stage = Stage(tmp_path)
    stage.run({A: "1", B: "1"})
    stage.run({A: "1", B: "2", C: "1"})
    assert stage.done == ["a.pdf", "b.pdf", "b.pdf", "c.pdf"]


def test_one_bad_document_never_stops_the_others(tmp_path):
    failures = Stage(tmp_path, broken=("a.pdf",)).run({A: "1", B: "1"}, workers=2)
    assert [(f.file, f.stage, f.error) for f in failures] == [("a.pdf", "extract", "ReadingError")]
    assert failures[0].message == "a.pdf: is encrypted. Remove the password."
    assert list(results(tmp_path)) == [B]


def test_a_failure_is_remembered_and_ends_when_the_document_works(tmp_path):
    bad = Stage(tmp_path, broken=("a.pdf",))
    bad.run({A: "1"})
    assert len(bad.run({A: "1"})) == 1
    assert bad.done == ["a.pdf"]
    assert Stage(tmp_path).run({A: "2"}) == []
    assert list(results(tmp_path)) == [A]


def test_outputs_of_removed_documents_go(tmp_path):
    Stage(tmp_path, broken=("b.pdf",)).run({A: "1", B: "1"})
    Stage(tmp_path).run({C: "1"})
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{C.document_id}.parquet", "keys.json"]


def test_a_lost_result_and_damaged_keys_are_made_again(tmp_path):
    stage = Stage(tmp_path)
    stage.run({A: "1"})
    (tmp_path / f"{A.document_id}.parquet").unlink()
    stage.run({A: "1"})
    (tmp_path / "keys.json").write_text("{")
    stage.run({A: "1"})
    assert stage.done == ["a.pdf"] * 3


def test_a_run_that_is_stopped_goes_on_from_there(tmp_path):
    class Stopped(Stage):
        def work(self, document, target):
            if document == B:
                raise KeyboardInterrupt
            super().work(document, target)

    with contextlib.suppress(KeyboardInterrupt):
        Stopped(tmp_path).run({A: "1", B: "1"})
    assert list(json.loads((tmp_path / "keys.json").read_text())) == [A.document_id]


def test_content_hash_of_results_follows_the_content(tmp_path):
    stage = Stage(tmp_path)
    stage.run({A: "1"})
    before = results(tmp_path)[A]
    stage.run({A: "2"})  # done again with the same outcome: later stages see no change
    assert results(tmp_path)[A] == before
    assert key(before, "x") != key(before, "y")


def test_a_second_result_beside_the_first_is_made_again_where_it_is_missing_and_goes_with_its_document(tmp_path):
    folder, beside, done, broken = tmp_path / "one", tmp_path / "two", [], set()

    def work(document, target):
        done.append(document.file)
        (beside / target.name).write_text("x")
        if document.file in broken:
            raise ReadingError("is encrypted", document.file, "Remove the password.")
        target.write_text("x")

    def run(inputs):
        done.clear()
        map_documents("classify", folder, inputs, work, beside=beside)
        return list(done)

    assert run({A: "1", B: "1"}) == ["a.pdf", "b.pdf"]
    assert run({A: "1", B: "1"}) == []
    (beside / f"{A.document_id}.parquet").unlink()
    assert run({A: "1", B: "1"}) == ["a.pdf"]
    assert run({A: "1"}) == []
    assert [path.name for path in beside.iterdir()] == [f"{A.document_id}.parquet"]
    broken.add("a.pdf")
    assert run({A: "2"}) == ["a.pdf"]
    assert run({A: "2"}) == []  # a failure needs no second result
    assert not list(beside.iterdir())


def test_the_folder_of_second_results_is_there_without_any_document(tmp_path):
    map_documents("classify", tmp_path / "one", {}, Stage(tmp_path).work, beside=tmp_path / "two")
    assert (tmp_path / "two").is_dir()
