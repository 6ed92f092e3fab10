"""From the draw to the figures: a sample of the demo's texts, two coders who err in 10 % of segments, the gold."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import yaml

from strategy_miner import cli, evaluate, gold_agree, gold_draw, gold_import, gold_settle, verbs_gold
from strategy_miner.coding import Classifier, Codebook
from strategy_miner.coding.classifier import decided
from strategy_miner.coding.gold_corpus import embedded_documents, scored
from strategy_miner.coding.gold_estimate import integrated_share
from strategy_miner.coding.gold_files import read_design, read_labels
from strategy_miner.coding.gold_made import noisy
from strategy_miner.coding.gold_metrics import f1
from strategy_miner.corpus import Corpus
from strategy_miner.corpus.demo.generate import compose_corpus
from strategy_miner.errors import CorpusError, SheetError
from strategy_miner.language import write_vectors
from strategy_miner.parallel import ROOT
from strategy_miner.parquet import read_records, write_records
from strategy_miner.records import Document, Segment, stable_id
from strategy_miner.settings import Settings
from tests.filled_sheets import fill
from tests.test_coding_classifier import Triples

PER_COHORT = 5
BOOK = Codebook.load(ROOT / "corpus" / "codebook")
LABELS = Path("corpus/demo/labels")


@dataclass(frozen=True)
class Journey:
    root: Path
    truth: dict[str, list[str]]
    classifier: Classifier


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """A project with fifteen documents of the demo, as if they had been read without a fault."""
    root = tmp_path_factory.mktemp("journey")
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8")) | {"corpora": {"demo": "pdf"}}
    (root / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    for folder in ("corpus/demo", "pdf", "build/demo/segment", "build/demo/embed"):
        (root / folder).mkdir(parents=True)
    (root / "corpus" / "codebook").symlink_to(ROOT / "corpus" / "codebook")
    (root / "corpus/demo/corpus.yaml").write_bytes((ROOT / "corpus/demo/corpus.yaml").read_bytes())
    settings = Settings.load(ROOT / "params.yaml")
    truth: dict[str, list[str]] = {}
    kept = ["project_id,name,cohort,municipality_type,title,published,file"]
    seen = dict.fromkeys("123", 0)
    for project, _, draft in compose_corpus(ROOT / "corpus" / "demo", settings.demo, settings.seed):
        cohort, file = project.cohort or "", project.files[0]
        if seen[cohort] == PER_COHORT:
            continue
        seen[cohort] += 1
        kept.append(f"{project.project_id},{project.name},{cohort},Stadt,Titel,2021-05,{file}")
        (root / "pdf" / file).write_text(file, encoding="utf-8")
        document = Document.of(root / "pdf" / file).document_id
        segments = []
        for n, block in enumerate(block for block in draft.truth if block.unit):
            identity = stable_id(document, n)
            truth[identity] = list(block.codes)
            segments.append(
                Segment(identity, document, n, 1 + n // 8, block.kind, block.heading_path, block.text, (), (), ())
            )
        write_records(Segment, segments, root / "build/demo/segment" / f"{document}.parquet")
        vectors = Triples().encode([Classifier.inputs(segment) for segment in segments])
        write_vectors(root / "build/demo/embed" / f"{document}.parquet", [s.id for s in segments], vectors)
    (root / "corpus/demo/projects.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    return Journey(root, truth, Classifier.fit(BOOK, Triples(), settings.seed))


@pytest.fixture
def journey(made: Journey, monkeypatch: pytest.MonkeyPatch) -> Journey:
    monkeypatch.chdir(made.root)
    monkeypatch.setattr(verbs_gold, "project_classifier", lambda: made.classifier)
    shutil.rmtree(LABELS, ignore_errors=True)
    return made


@pytest.fixture
def coded(journey: Journey) -> Journey:
    """With a sample that two people have coded, and the sheet of what they have to settle."""
    gold_draw("demo", date="2026-11-22", labels=300, second=1.0)
    for coder in ("AA", "BB"):
        fill(LABELS / "sheet.xlsx", Path("filled.xlsx"), noisy(journey.truth, BOOK.ids, 0.10, coder))
        gold_import("filled.xlsx", coder, "demo")
    gold_agree("demo")
    return journey


def everything(journey: Journey) -> tuple[float, float, float]:
    """What is true of all segments: integrated and coded share of text (document means), micro-F1 of the classifier."""
    corpus = Corpus.load(Path("corpus"), "demo", Path("pdf"))
    documents = scored(embedded_documents(corpus, Path("build/demo")), journey.classifier)
    kinds = np.array([code.kind == "integrated" for code in BOOK.codes])
    true = [np.array([[c in journey.truth[s.id] for c in BOOK.ids] for s in d.segments]) for d in documents]
    a, b = np.array([[x.mean() for x in integrated_share(rows, kinds)] for rows in true]).sum(axis=0)
    given = decided(np.vstack([d.probabilities for d in documents]), journey.classifier.threshold)
    return a / b, b / len(documents), f1(given, np.vstack(true), np.ones(len(given)))


def test_from_the_draw_to_the_figures(journey: Journey) -> None:
    drawn = gold_draw("demo", date="2026-11-22", labels=300, second=1.0)
    design = read_design(LABELS / "design.csv")
    assert drawn.by_cohort == {"1": 100, "2": 100, "3": 100}
    for document in Corpus.load(Path("corpus"), "demo", Path("pdf")).documents():
        own = [row for row in design.rows if row.anchor.document_id == document.document_id]
        segments = read_records(Segment, Path("build/demo/segment", f"{document.document_id}.parquet"))
        assert len(own) >= 2
        assert sum(1 / row.pi for row in own) == pytest.approx(len(segments)), "every segment is stood for"
    with pytest.raises(CorpusError, match="drawn once"):
        gold_draw("demo", date="2026-11-22")

    first = noisy(journey.truth, BOOK.ids, 0.10, "AA")
    fill(LABELS / "sheet.xlsx", Path("AA.xlsx"), first)
    assert gold_import("AA.xlsx", "AA", "demo").labels == 300
    # The second coder hands in a bad version first, then a better one.
    fill(LABELS / "sheet_second.csv", Path("BB.csv"), noisy(journey.truth, BOOK.ids, 0.45, "hasty"))
    assert gold_import("BB.csv", "BB", "demo").changes == ()
    hasty = {row["what"]: row for row in agreed("demo")}
    second = noisy(journey.truth, BOOK.ids, 0.10, "BB")
    fill(LABELS / "sheet_second.csv", Path("BB.csv"), second)
    changed = gold_import("BB.csv", "BB", "demo").changes
    assert 80 < len(changed) < 170

    careful = {row["what"]: row for row in agreed("demo", force=True)}
    # 81 % of segments are coded without an error by both; what is left agrees by chance or in part.
    assert 0.72 < careful["sets"]["alpha"] < 0.90
    assert hasty["sets"]["alpha"] < 0.65
    assert hasty["sets"]["gate"] == "below"
    ids = {row.anchor.segment_id for row in design.rows}
    disputes = {i for i in ids if set(first[i]) != set(second[i])}
    assert len(gold_agree("demo").text) > 100
    with pytest.raises(CorpusError, match=f"{len(disputes)} segments are disputed"):
        gold_settle(corpus="demo")
    fill(LABELS / "settle.xlsx", Path("settled.xlsx"), journey.truth)
    path, bases = gold_settle("settled.xlsx", "demo")
    assert bases == {"agreed": 300 - len(disputes), "settled": len(disputes), "single": 0}
    wrong = {g.anchor.segment_id for g in read_labels(path, BOOK.ids)
             if set(g.codes) != set(journey.truth[g.anchor.segment_id])}  # fmt: skip
    assert wrong == {i for i in ids - disputes if set(first[i]) != set(journey.truth[i])}
    assert len(wrong) < 6

    text, files = evaluate("demo")
    figures = json.loads(Path("build/demo/evaluate/evaluation.json").read_text(encoding="utf-8"))
    integrated, coded, micro = everything(journey)
    rows = {(r["figure"], r["raw from"]): r for r in figures["shares"] if r["cohort"] == "all"}
    share = rows["integrated share of coded text", "probabilities"]
    assert share["low"] - 0.02 <= integrated <= share["high"] + 0.02
    assert share["high"] - share["low"] < 0.12
    assert abs(rows["share of text with a code", "probabilities"]["corrected"] - coded) < 0.05
    assert share["gap"] == pytest.approx(abs(share["raw"] - share["corrected"]), abs=2e-6)
    overall = {r["figure"]: r for r in figures["overall"]}["micro-F1"]
    assert overall["low"] < micro < overall["high"]
    assert {r["who"] for r in figures["humans"]} == {"AA and BB", "model and AA", "model and BB", "model and gold"}
    before = {path: path.read_bytes() for path in files}
    assert evaluate("demo")[0] == text
    assert {path: path.read_bytes() for path in files} == before, "the same gold gives the same bytes"


def agreed(corpus: str, force: bool = False) -> list[dict[str, float]]:
    gold_agree(corpus, force=force)
    rows = json.loads(Path("build/demo/gold/agreement.json").read_text(encoding="utf-8"))
    return list(rows["agreement"])


def test_a_filled_settling_sheet_is_not_overwritten(coded: Journey) -> None:
    fill(LABELS / "settle.xlsx", LABELS / "settle.xlsx", coded.truth)
    before = (LABELS / "settle.xlsx").read_bytes()
    assert gold_agree("demo").kept
    assert (LABELS / "settle.xlsx").read_bytes() == before


def test_the_same_draw_gives_the_same_files(coded: Journey) -> None:
    before = {path.name: path.read_bytes() for path in LABELS.glob("*.*") if path.stem != "settle"}
    gold_draw("demo", date="2026-11-22", labels=300, second=1.0, force=True)
    assert {name: (LABELS / name).read_bytes() for name in before} == before


def test_a_wrong_sheet_is_told_row_by_row_and_changes_nothing(
    coded: Journey, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (LABELS / "AA.csv").read_bytes()
    lines = (LABELS / "sheet.csv").read_text(encoding="utf-8-sig").splitlines()
    Path("bad.csv").write_text("\n".join(line.replace(";;;;", ";energy;;;") for line in lines), encoding="utf-8")
    with pytest.raises(SheetError):
        gold_import("bad.csv", "AA", "demo")
    monkeypatch.setattr(sys, "argv", ["strategy-miner", "gold", "import", "bad.csv", "--coder", "AA"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 301
    assert told[0] == "row 2: unknown code 'energy'; did you mean energie?"
    assert told[-1].startswith("strategy-miner: bad.csv: 300 problems, nothing was imported.")
    assert (LABELS / "AA.csv").read_bytes() == before


COMMANDS = [
    (("draw", "--labels", "viele"), 2, "--labels: 'viele' is no number of labels"),
    (("draw", "--labels", "16,7"), 1, "Give one per cohort: 1, 2, 3."),
    (("draw", "--date", "gestern"), 1, "Write YYYY-MM-DD."),
    (("draw", "--second", "2"), 1, "Give 0 to 1."),
    (("draw", "--output", "blatt.csv"), 1, "Let it end in .xlsx"),
    (("draw", "--corpus", "nichts"), 2, "no corpus 'nichts'"),
    (("import", "fehlt.xlsx", "--coder", "AA"), 1, "no sample has been drawn"),
    (("import", "fehlt.xlsx", "--coder", "a b"), 1, "no coder's name"),
    (("agree", "--coders", "ZZ"), 1, "no labels of 'ZZ'"),
    (("settle",), 1, "nobody has coded yet"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), COMMANDS)
def test_wrong_commands_are_told_in_one_line(
    journey: Journey, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...], code: int, message: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(sys, "argv", ["strategy-miner", "gold", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    told = capsys.readouterr().err
    assert (stop.value.code, told.count("\n")) == (code, 1), told
    assert message in told


def test_a_missing_coder_or_sheet_is_told(coded: Journey) -> None:
    with pytest.raises(CorpusError, match="labels of 1 coders"):
        gold_agree("demo", ["AA"])
    with pytest.raises(CorpusError, match="no labels of 'ZZ'"):
        gold_agree("demo", ["AA", "ZZ"])
    for missing in (lambda: gold_import("fehlt.xlsx", "AA", "demo"), lambda: gold_settle("fehlt.xlsx", "demo")):
        with pytest.raises(SheetError, match="file not found"):
            missing()
