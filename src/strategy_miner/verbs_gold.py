"""The verbs of the gold journey: gold_draw, gold_import, gold_agree, gold_settle, evaluate.

Gold is labels by people on a sample with known probabilities. Nothing heavy is imported before a verb is called.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strategy_miner.errors import CorpusError
from strategy_miner.verbs import project_classifier, project_codebook, project_encoder, project_root, project_settings

if TYPE_CHECKING:
    from strategy_miner.coding import Classifier, Codebook
    from strategy_miner.coding.gold import Scored
    from strategy_miner.coding.gold_corpus import Embedded, Sample
    from strategy_miner.coding.gold_folds import Train
    from strategy_miner.coding.gold_labels import Label
    from strategy_miner.corpus import Corpus

SHEET, SETTLE = "sheet.xlsx", "settle.xlsx"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What `gold_draw` drew and wrote. `skipped`: documents of the corpus that have not been read."""

    labels: int
    second: int
    documents: int
    skipped: int
    by_cohort: dict[str, int]
    files: tuple[Path, ...]


def gold_draw(
    corpus: str | None = None,
    *,
    date: str,
    labels: int | Sequence[int] | None = None,
    second: float = 0.25,
    seed: int | None = None,
    output: Path | None = None,
    force: bool = False,
) -> Drawing:
    """Draw the sample that people code, and write the design and the coding sheets under corpus/<name>/labels/.

    Args:
        corpus: its name; default: the first in params.yaml.
        date: day of the draw, YYYY-MM-DD.
        labels: how many in all, the same per cohort; or one number per document for each cohort, in their order.
        second: share that a second coder codes, at least 120 segments; 1 for all.
        seed: default: the one of params.yaml.
        output: the sheet, default sheet.xlsx beside the design; the second coder's is named ..._second.
        force: overwrite a design and sheets that exist; labels given on them may then lose their segment.

    Raises CorpusError if there is a design or a sheet already, or nothing to draw from.
    """
    from strategy_miner.coding.gold import LABELS, Design, draw, per_document
    from strategy_miner.coding.gold_corpus import embedded_documents
    from strategy_miner.coding.gold_files import write_design
    from strategy_miner.store.coding_sheets import write_coding_sheet

    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
        raise CorpusError(f"{date!r} is no day", "--date", "Write YYYY-MM-DD.")
    if not 0 <= second <= 1:
        raise CorpusError(f"{second} is no share", "--second", "Give 0 to 1.")
    here = _corpus(corpus)
    documents = embedded_documents(here, _build(here))
    cohort_of = {document.document_id: document.cohort for document in documents}
    number = per_document(cohort_of.items(), here.cohort_values, LABELS if labels is None else labels)
    design_file, sheet, twin = _free_files(here, output, force)
    classifier, seed = project_classifier(), project_settings().seed if seed is None else seed
    book = classifier.codebook
    rows = tuple(draw(_scored(documents, classifier), seed, number, second))
    design = Design(book.dimension, classifier.id, book.sha256, seed, date, rows)
    files = [*write_coding_sheet(rows, book, sheet), *write_coding_sheet(design.second(), book, twin)]
    write_design(design_file, design)
    cohorts = [cohort_of[row.anchor.document_id] or "" for row in rows]
    return Drawing(
        len(rows), len(design.second()), len(documents), len(here.documents()) - len(documents),
        {name: cohorts.count(name) for name in (*here.cohort_values, "") if name in cohorts}, (design_file, *files),
    )  # fmt: skip


def _free_files(here: Corpus, output: Path | None, force: bool) -> tuple[Path, Path, Path]:
    """Design, sheet and second coder's sheet; none of them may exist unless forced."""
    design, sheet = here.folder / "labels" / "design.csv", output or here.folder / "labels" / SHEET
    if sheet.suffix.lower() != ".xlsx":
        raise CorpusError("is no name for the sheet", str(sheet), "Let it end in .xlsx; a CSV file comes with it.")
    twin = sheet.with_name(f"{sheet.stem}_second.xlsx")
    for path in (design, sheet, sheet.with_suffix(".csv"), twin, twin.with_suffix(".csv")):
        if path.exists() and not force:
            raise CorpusError(
                "exists already; a sample is drawn once", str(path), "Use it, move it away, or draw anew with --force."
            )
    return design, sheet, twin


@dataclass(frozen=True, slots=True)
class Imported:
    """Labels taken from a sheet; `none`: segments coded as without a code. `changes` against an earlier import."""

    file: Path
    labels: int
    none: int
    open: int
    changes: tuple[str, ...]
    notes: tuple[str, ...]


def gold_import(
    sheet: str | Path, coder: str, corpus: str | None = None, *, partial: bool = False, user: str = ""
) -> Imported:
    """Take the labels of a filled sheet (XLSX or CSV), or those given in another program (.qdpx), into
    corpus/<name>/labels/<coder>.csv.

    `partial` takes what is filled in so far; `user`: whose codings of a .qdpx file, where several people coded in it.
    Raises SheetError with all that is wrong, and takes nothing then.
    """
    from strategy_miner.coding.gold_files import coder_files, read_design, read_labels, write_labels
    from strategy_miner.coding.gold_labels import NEEDED, changes, check_coder, checked
    from strategy_miner.store.refi_labels import read_coded_sample
    from strategy_miner.store.sheets import read_sheet

    here, book = _corpus(corpus), project_codebook()
    folder = here.folder / "labels"
    target = folder / f"{check_coder(coder, coder_files(folder))}.csv"
    design = read_design(folder / "design.csv")
    filled = (
        read_coded_sample(Path(sheet), design, book, user)
        if Path(sheet).suffix.lower() == ".qdpx"
        else read_sheet(Path(sheet), NEEDED)
    )
    ids = frozenset(row.anchor.segment_id for row in design.rows)
    complete = [] if partial else [frozenset(row.anchor.segment_id for row in design.second()), ids]
    labels = checked(filled.rows, design, book, str(sheet), complete)
    changed = changes(read_labels(target, book.ids), labels) if target.exists() else []
    write_labels(target, labels)
    none = sum(not label.codes for label in labels)
    notes = [*filled.notes, *_changed_codebook(design.codebook, book)]
    return Imported(target, len(labels), none, len(ids) - len(labels), tuple(changed), tuple(notes))


def _changed_codebook(drawn_for: str, book: Codebook) -> list[str]:
    if drawn_for == book.sha256:
        return []
    return [f"the codebook has changed since the draw ({drawn_for[:12]}, now {book.sha256[:12]}); codes were checked "
            "against the present one"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the coders agree. `disputed` segments stand in `sheet`, None where there are none."""

    coders: tuple[str, ...]
    text: str
    disputed: int
    sheet: Path | None
    kept: bool  # a settling sheet with other content was there and was left alone
    files: tuple[Path, ...]


def gold_agree(corpus: str | None = None, coders: Sequence[str] = (), *, force: bool = False) -> Agreement:
    """Measure how far coders agree and write the segments on which they do not, for settling.

    Args:
        corpus: its name.
        coders: default: all with labels.
        force: overwrite a settling sheet that exists; else one that differs is kept.

    Raises CorpusError if fewer than two coders coded a common segment.
    """
    from strategy_miner.coding.agreement import agreement, disputed
    from strategy_miner.coding.gold_corpus import by_coder
    from strategy_miner.coding.gold_evaluate import agreement_section, markdown
    from strategy_miner.coding.gold_files import read_design
    from strategy_miner.store.coding_sheets import write_settling_sheet

    here, book = _corpus(corpus), project_codebook()
    labels = _labels(here, book, coders)
    if len(labels) < 2:
        raise CorpusError(f"labels of {len(labels)} coders", str(here.folder / "labels"), "Import at least two sheets.")
    sets = by_coder(labels)
    document_of = {x.anchor.segment_id: x.anchor.document_id for own in labels.values() for x in own}
    integrated = frozenset(code.id for code in book.codes if code.kind == "integrated")
    rows = agreement(sets, document_of, book.ids, integrated, project_settings().seed)
    if not rows[0].units:
        raise CorpusError("no segment was coded by two people", str(here.folder / "labels"), "Import another sheet.")
    open_ones = set(disputed(sets))
    design = read_design(here.folder / "labels" / "design.csv")
    names, section = ", ".join(labels), agreement_section(rows)
    notes = [f"coders {names}", f"{rows[0].units} segments coded twice, {len(open_ones)} of them differently"]
    text = markdown(f"Agreement of coders, {here.name}", notes, [section])
    folder = _build(here) / "gold"
    files = _write_sections(folder, "agreement", text, [section])
    sheet, kept = here.folder / "labels" / SETTLE, False
    if open_ones:
        own = {name: {x.anchor.segment_id: x for x in given} for name, given in labels.items()}
        chosen = [row for row in design.rows if row.anchor.segment_id in open_ones]
        fresh = folder / SETTLE
        new = write_settling_sheet(chosen, own, book, fresh)
        kept = sheet.exists() and sheet.read_bytes() != fresh.read_bytes() and not force
        for path in new:
            _place(path, sheet.with_suffix(path.suffix), kept)
    return Agreement(tuple(labels), text, len(open_ones), sheet if open_ones else None, kept, tuple(files))


def _place(path: Path, target: Path, kept: bool) -> None:
    if not kept:
        target.write_bytes(path.read_bytes())
    path.unlink()


def gold_settle(sheet: str | Path | None = None, corpus: str | None = None) -> tuple[Path, dict[str, int]]:
    """Write the gold, corpus/<name>/labels/consensus.csv; its path and the number of labels by basis.

    Agreed labels are taken, disputed ones from the filled settling sheet, others from the one coder there is. Raises
    SheetError if the sheet is wrong, CorpusError while disputes are open.
    """
    from strategy_miner.coding.agreement import disputed
    from strategy_miner.coding.gold_corpus import by_coder
    from strategy_miner.coding.gold_files import gold_file, read_design, write_labels
    from strategy_miner.coding.gold_labels import NEEDED, checked, settled
    from strategy_miner.store.sheets import read_sheet

    here, book = _corpus(corpus), project_codebook()
    folder = here.folder / "labels"
    labels = _labels(here, book)
    decisions: list[Label] = []
    if sheet is not None:
        filled = read_sheet(Path(sheet), NEEDED)
        complete = [frozenset(disputed(by_coder(labels)))]
        decisions = checked(filled.rows, read_design(folder / "design.csv"), book, str(sheet), complete)
    gold = settled(labels, decisions)
    write_labels(gold_file(folder), gold)
    bases = [label.basis for label in gold]
    return gold_file(folder), {basis: bases.count(basis) for basis in ("agreed", "settled", "single")}


def evaluate(corpus: str | None = None, *, trained: bool = False) -> tuple[str, list[Path]]:
    """Measure the classifier against gold; the report as Markdown, and the files written to build/<corpus>/evaluate/.

    `trained` also fits models on gold and scores documents they have not seen, which takes minutes. Raises CorpusError
    if there is no gold.
    """
    from strategy_miner.coding.gold_corpus import by_coder, embedded_documents, sample
    from strategy_miner.coding.gold_evaluate import Judged, evaluated, lost_section, markdown
    from strategy_miner.coding.gold_files import gold_file, read_design, read_labels
    from strategy_miner.coding.gold_labels import outdated

    here = _corpus(corpus)
    folder = here.folder / "labels"
    design = read_design(folder / "design.csv")
    if not gold_file(folder).exists():
        raise CorpusError("no gold", str(gold_file(folder)), "Run `strategy-miner gold settle` first.")
    classifier = project_classifier()
    book = classifier.codebook
    gold = read_labels(gold_file(folder), book.ids)
    documents = embedded_documents(here, _build(here))
    attached = sample(_scored(documents, classifier), design, gold, book)
    settings = project_settings()
    threshold = classifier.threshold if settings.classify.threshold is None else settings.classify.threshold
    coders = _labels(here, book)
    train = _training(attached, documents, book) if trained else None
    judged = Judged(attached, book, threshold, here.cohort_values, settings.seed, by_coder(coders), train)
    sections = [*evaluated(judged), *lost_section(attached)]
    bases = [label.basis for label in gold]
    notes = [
        f"gold: {len(attached.ids)} labels in {len(attached.documents)} documents, "
        + ", ".join(f"{bases.count(basis)} {basis}" for basis in sorted(set(bases)))
        + f"; coders {', '.join(coders)}",
        f"{attached.moved} labels re-attached to changed segments, {len(attached.lost)} lost; "
        f"{attached.unlabelled} documents without a label",
        f"classifier {classifier.id}, threshold {threshold:.2f}; sample drawn with {design.model} on {design.date}",
        *_changed_codebook(design.codebook, book),
    ]
    if stale := outdated(gold, coders):
        notes.append(f"{stale} labels of the gold are no longer those of its coders; run `strategy-miner gold settle`")
    text = markdown(f"Evaluation against gold, {here.name}", notes, sections)
    return text, _write_sections(_build(here) / "evaluate", "evaluation", text, sections)


def _scored(documents: Sequence[Embedded], classifier: Classifier) -> list[Scored]:
    from strategy_miner.coding.gold_corpus import scored

    return scored(documents, classifier)


def _training(sample: Sample, documents: Sequence[Embedded], book: Codebook) -> Train:
    """Fits the classifier on some labelled segments and scores others, by their numbers."""
    import numpy as np

    from strategy_miner.coding import Classifier
    from strategy_miner.coding.classifier import decided

    seed, encoder = project_settings().seed, project_encoder()
    vectors = {s.id: v for d in documents for s, v in zip(d.segments, d.vectors, strict=True)}
    segments = [sample.documents[d].segments[i] for d, i in zip(sample.document, sample.segment, strict=True)]
    codes = [[book.ids[j] for j in np.flatnonzero(row)] for row in sample.true]

    def train(fitted: Any, tested: Any) -> tuple[Any, Any]:
        model = Classifier.fit(book, encoder, seed, [(segments[i], codes[i]) for i in fitted])
        own = [segments[i] for i in tested]
        p = model.probabilities(own, np.array([vectors[segment.id] for segment in own]))
        return p, decided(p, model.threshold)

    return train


def _write_sections(folder: Path, name: str, text: str, sections: Sequence[Any]) -> list[Path]:
    """`<name>.md` for people, `<name>.json` and a CSV file per section for programs; numbers to six digits."""
    import csv
    import math

    def plain(cell: Any) -> Any:
        return (None if math.isnan(cell) else round(cell, 6)) if isinstance(cell, float) else cell

    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{name}.md", folder / f"{name}.json"]
    files[0].write_text(text, encoding="utf-8")
    rows = {s.name: [dict(zip(s.columns, map(plain, row), strict=True)) for row in s.rows] for s in sections}
    files[1].write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for section in sections:
        files.append(folder / f"{section.name}.csv")
        with files[-1].open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(section.columns)
            writer.writerows(["" if (value := plain(cell)) is None else value for cell in row] for row in section.rows)
    return files


def _labels(here: Corpus, book: Codebook, coders: Sequence[str] = ()) -> dict[str, list[Label]]:
    from strategy_miner.coding.gold_files import coder_files, read_labels

    files = coder_files(here.folder / "labels")
    if unknown := [name for name in coders if name not in files]:
        known = ", ".join(files) or "nobody"
        raise CorpusError(f"no labels of {unknown[0]!r}", str(here.folder / "labels"), f"There are labels of {known}.")
    if not files:
        raise CorpusError("nobody has coded yet", str(here.folder / "labels"), "Run `strategy-miner gold import`.")
    return {name: read_labels(path, book.ids) for name, path in files.items() if not coders or name in coders}


def _corpus(name: str | None) -> Corpus:
    from strategy_miner.corpus import Corpus

    root, settings = project_root(), project_settings()
    name = name or next(iter(settings.corpora))
    return Corpus.load(root / "corpus", name, root / settings.pdf_folder(name))


def _build(corpus: Corpus) -> Path:
    return project_root() / "build" / corpus.name


__all__ = ["evaluate", "gold_agree", "gold_draw", "gold_import", "gold_settle"]
