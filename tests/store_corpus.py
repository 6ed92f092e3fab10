"""A small corpus with the artefacts of its stages, for the tests of store and analysis. All names are invented."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from strategy_miner.coding.gold_read import Gold, write_gold
from strategy_miner.corpus import Corpus
from strategy_miner.language.vectors import write_vectors
from strategy_miner.parquet import write_records
from strategy_miner.records import (
    Block,
    Coding,
    DeclaredField,
    Document,
    Failure,
    GoldLabel,
    GoldNote,
    GoldSegment,
    Measure,
    Page,
    Score,
    Segment,
    TaggedSegment,
    Word,
    stable_id,
)


@dataclass(frozen=True)
class SmallCode:
    id: str
    kind: str
    name_de: str
    name_en: str
    definition_de: str


@dataclass(frozen=True)
class SmallCodebook:
    """What the store takes from a Codebook."""

    dimension: str = "field"
    codes: tuple[SmallCode, ...] = (
        SmallCode("energie", "sectoral", "Energie", "Energy", "Strom und Wärme"),
        SmallCode("bildung", "sectoral", "Bildung", "Education", "Schule und Lernen"),
        SmallCode("stadtland", "integrated", "Stadt und Land", "Town and country", "Verknüpfung von Räumen"),
    )


TECHNOLOGY = SmallCodebook("technology", (SmallCode("sensors", "", "Sensorik", "Sensors", "Messgeräte"),))


@dataclass
class CorpusFolder:
    """Builds corpus/<name> and build/<name> step by step."""

    root: Path
    cohorts: Sequence[str] = ("1", "2", "3")
    rows: list[dict[str, str]] = field(default_factory=list)
    web: list[tuple[str, str]] = field(default_factory=list)
    corrections: list[tuple[str, str, str]] = field(default_factory=list)
    further_corrections: list[str] = field(default_factory=list)  # whole lines of declared_fields.csv
    extra: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    published: str = ""  # name of a file in the folder

    @property
    def folder(self) -> Path:
        return self.root / "corpus" / "klein"

    @property
    def build(self) -> Path:
        return self.root / "build" / "klein"

    def project(self, project_id: str, cohort: str, file: str = "", **extra: str) -> None:
        row = {"project_id": project_id, "name": project_id.title(), "cohort": cohort, "municipality_type": "Stadt",
               "title": f"Strategie {project_id.title()}", "published": "2021-05", "file": file, **extra}  # fmt: skip
        self.rows.append(row)

    def pdf(self, name: str) -> Document:
        """A file of its own content; what is in it comes from the artefacts below."""
        path = self.folder / "pdf" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
        return Document.of(path)

    def text(self, document: Document, segments: Sequence[tuple[str, Mapping[str, float]]]) -> None:
        """Artefacts extract, segment and classify: one block per segment, ten segments a page.

        A code of another dimension than field is written "technology/sensors".
        """
        blocks, cut, codings, n = [], [], [], 0
        for order, (text, codes) in enumerate(segments):
            page, top = 1 + order // 10, 50.0 + 60 * (order % 10)
            words = []
            for place, word in enumerate(text.split()):
                words.append(Word(n, word, 50.0 + 20 * place, top, 68.0 + 20 * place, top + 10))
                n += 1
            boxes = ((page, 40.0, top - 2, 60.0 + 20 * len(words), top + 12),)
            block = Block(stable_id(document.document_id, "b", order), order, "paragraph", None, text, text,
                          ("Handlungsfelder",), boxes, (), tuple(words))  # fmt: skip
            blocks.append((page, block))
            segment_id = stable_id(document.document_id, "s", order)
            cut.append(Segment(segment_id, document.document_id, order, page, "paragraph", ("Handlungsfelder",), text,
                               tuple(word.n for word in words), boxes, (block.id,)))  # fmt: skip
            codings += [
                Coding(segment_id, document.document_id, *("field/" + code).split("/")[-2:], p, "probe", "")
                for code, p in codes.items()
            ]
        numbers = sorted({page for page, _ in blocks})
        pages = [
            Page(document.document_id, number, 595.0, 842.0, "test", "read", "",
                 tuple(block for page, block in blocks if page == number))
            for number in numbers
        ]  # fmt: skip
        self.artefact("extract", document, Page, pages)
        self.artefact("segment", document, Segment, cut)
        self.artefact("classify", document, Coding, codings)
        book = SmallCodebook().codes
        scores = [
            Score(unit.id, unit.document_id, "codebook", tuple(codes.get(code.id, 0.0) for code in book))
            for unit, (_, codes) in zip(cut, segments, strict=True)
        ]
        path = self.build / "scores" / f"{document.document_id}.parquet"
        write_records(Score, scores, path, {"threshold codebook": "0.5"})

    def vectors(self, document: Document, vectors: Sequence[Sequence[float]]) -> None:
        """One vector per segment that `text` gave the document."""
        ids = [stable_id(document.document_id, "s", order) for order in range(len(vectors))]
        path = self.build / "embed" / f"{document.document_id}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_vectors(path, ids, np.array(vectors, dtype=np.float32))

    def tags(self, document: Document, segments: Sequence[Sequence[tuple[str, str]]]) -> None:
        """Artefact tag: the (lemma, part of speech)s of each segment, in the order of `text`."""
        rows = [
            TaggedSegment(stable_id(document.document_id, "s", order), document.document_id,
                          tuple(lemma for lemma, _ in words), tuple(tag for _, tag in words))
            for order, words in enumerate(segments)
        ]  # fmt: skip
        path = self.build / "tag" / f"{document.document_id}.parquet"
        write_records(TaggedSegment, rows, path, {"nlp": "de_probe 1.0"})

    def fields(self, document: Document, names: Sequence[tuple[str, str, bool]]) -> None:
        """Artefact fields: (name, orientation, ecology) as read from the text."""
        rows = [
            DeclaredField(stable_id(document.document_id, "f", n), "", document.document_id, name, 1, 1, (),
                          orientation, ecology, "heading", "text", "outline")
            for n, (name, orientation, ecology) in enumerate(names)
        ]  # fmt: skip
        self.artefact("fields", document, DeclaredField, rows)

    def names(self, rows: Sequence[tuple[str, str, str, str, bool]]) -> None:
        """Names from outside the PDFs, coded: (project, name, origin, orientation, ecology); ecology gives energie."""
        records = [
            DeclaredField(stable_id(origin, project_id, name), project_id, "", name, None, None,
                          ("energie",) if ecology else (), orientation, ecology, "", origin, "AB")
            for project_id, name, origin, orientation, ecology in rows
        ]  # fmt: skip
        write_records(DeclaredField, records, self.build / "fields" / "names.parquet")
        self.web = [(p, name) for p, name, origin, _, _ in rows if origin == "web"]
        self.corrections = [(p, name, orientation) for p, name, origin, orientation, _ in rows if origin == "person"]

    def call(self, file: str, text: str | bytes) -> None:
        """A call text in calls/."""
        path = self.folder / "calls" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    def measure(self, document: Document, title: str) -> None:
        record = Measure(
            stable_id(document.document_id, title), document.document_id, 2, title, "Beschreibung", ("energie",),
            (("Kosten", "10.000 €"),), ((2, 1.0, 2.0, 3.0, 4.0),), fields=("Energie",), technologies=("dashboard",),
            status="quick_win", cost="10.000 €", cost_euro_low=10_000.0, cost_euro_high=10_000.0,
        )  # fmt: skip
        self.artefact("measures", document, Measure, [record])

    def gold(self, rows: Sequence[tuple[Document, int, str, int, int, Mapping[str, Sequence[str]]]]) -> None:
        """Labels: (document, place of the segment, stratum, its size, drawn from it, codes by coder) per segment."""
        ids = [stable_id(document.document_id, "s", order) for document, order, *_ in rows]
        sample = [
            GoldSegment(i, document.document_id, stratum, size, drawn, i, "id")
            for i, (document, _, stratum, size, drawn, _) in zip(ids, rows, strict=True)
        ]
        labels = [
            GoldLabel(i, coder, tuple(codes))
            for i, row in zip(ids, rows, strict=True)
            for coder, codes in row[5].items()
        ]
        notes = (GoldNote("moved", "design.csv", 1, "1 segment drawn was found again by its text"),)
        write_gold(self.build / "labels", Gold(tuple(sample), tuple(labels), notes, {"model": "m", "seed": "1"}))

    def artefact(self, stage: str, document: Document, kind: type, records: Sequence[object]) -> None:
        write_records(kind, list(records), self.build / stage / f"{document.document_id}.parquet")

    def failure(self, document: Document, stage: str, message: str) -> None:
        path = self.build / stage / f"{document.document_id}.failure.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        row = asdict(Failure(document.document_id, document.file, stage, "ReadingError", message))
        path.write_text(json.dumps(row), encoding="utf-8")

    def load(self) -> Corpus:
        self.folder.mkdir(parents=True, exist_ok=True)
        columns = ["project_id", "name", "cohort", "municipality_type", "title", "published", "file", *self.extra]
        lines = [",".join(columns), *(",".join(row.get(column, "") for column in columns) for row in self.rows)]
        (self.folder / "projects.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        web = ["project_id,field_name,kind,confidence,source"]
        web += [f"{project_id},{name},declared,high,https://beispiel.invalid" for project_id, name in self.web]
        (self.folder / "web.csv").write_text("\n".join(web) + "\n", encoding="utf-8")
        person = ["project_id,field_name,codes,orientation,ecology,coder,action,instead_of"]
        person += [f"{project_id},{name},,{orientation},,AB,," for project_id, name, orientation in self.corrections]
        person += self.further_corrections
        (self.folder / "declared_fields.csv").write_text("\n".join(person) + "\n", encoding="utf-8")
        values = ", ".join(f'"{value}"' for value in self.cohorts)
        (self.folder / "corpus.yaml").write_text(
            "title: {de: Klein, en: Small}\nnote: {de: Erfunden, en: Fictional}\nlanguage: de\nfictional: true\n"
            f"cohort: {{column: cohort, label: {{de: Welle, en: Wave}}, values: [{values}]}}\n"
            f'tables: [{", ".join(self.tables)}]\nfield_names: [web.csv]\npublished: "{self.published}"\n',
            encoding="utf-8",
        )
        return Corpus.load(self.root / "corpus", "klein")
