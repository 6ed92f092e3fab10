"""The public verbs, for Python and the command line alike: read, code, declared, measures, fields, report.

Nothing heavy is imported before a verb is called.

    from strategy_miner import read, code
    pages = read("strategie.pdf")
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strategy_miner.errors import StoreError, StrategyMinerError
from strategy_miner.parallel import ROOT
from strategy_miner.records import Coding, Page
from strategy_miner.settings import EncoderSettings, Settings

if TYPE_CHECKING:
    from strategy_miner.coding import Classifier, Codebook
    from strategy_miner.coding.measures import CodeTexts
    from strategy_miner.language import Encoder
    from strategy_miner.store import Connection

    MeasureCoders = tuple[CodeTexts, CodeTexts]


def read(path: str | Path) -> list[Page]:
    """Read one document in a process of its own. Raises ReadingError if it cannot be read."""
    from strategy_miner.reading import read as read_pages

    return read_pages(Path(path), project_settings().extract)


def block_rows(pages: Sequence[Page]) -> Iterator[dict[str, Any]]:
    """The blocks of a document in reading order, as plain dicts (the JSON lines of `read --jsonl`)."""
    from strategy_miner.reading import block_rows as rows

    return rows(pages)


def outline(pages: Sequence[Page]) -> str:
    """The headings of a document as an indented list with page numbers."""
    from strategy_miner.reading import outline as text

    return text(pages)


def quality(pages: Sequence[Page]) -> str:
    """How well each page was read, as a list for people, and the share that was not."""
    from strategy_miner.reading.listing import quality as text

    return text(pages)


def quality_rows(pages: Sequence[Page]) -> Iterator[dict[str, Any]]:
    """How well each page was read, as plain dicts (the JSON lines of `read --quality --jsonl`)."""
    from strategy_miner.reading.listing import quality_rows as rows

    return rows(pages)


def overlay(path: str | Path, page: int, output: str | Path | None = None, scale: float = 1.5) -> Path:
    """Write a PNG of a page (from 1) with its blocks framed; its path, by default ./FILE-pPAGE.png.

    Raises ReadingError if the file cannot be read or has no such page.
    """
    from strategy_miner.reading.overlay import overlay as drawn

    path = Path(path)
    target = Path(output) if output else Path(f"{path.stem}-p{page}.png")
    picture = drawn(path, page, read(path), scale)
    try:
        picture.save(target, "PNG")
    except OSError as error:
        raise StrategyMinerError(f"cannot be written: {error.strerror}", str(target), "Choose another.") from None
    return target


@dataclass(frozen=True, slots=True)
class Text:
    """A text to be coded."""

    id: str
    document_id: str
    text: str
    heading_path: tuple[str, ...]


def code(
    items: Iterable[dict[str, Any]],
    dimension: str | None = None,
    codebook: str | Path | None = None,
    labels: Iterable[dict[str, Any]] = (),
) -> list[dict[str, Any]]:
    """Code texts. Each item has `id` and `text`, and may have `heading` (a text) or `heading_path` (a list).

    `codebook`: a folder with one YAML file per dimension, by default that of params.yaml. `dimension`: one of them, or
    "all"; by default `field`, or the only one that the folder holds. Raises CodebookError if there is no such thing,
    StrategyMinerError if an item or a label is wrong.

    `labels`: texts to learn from, with `document`, `text`, the list of `codes` that a person gave, perhaps headings.
    An item whose `document` has labels is coded by a model that has not seen them.

    Returns, in the order of the items, `{"id": ..., "codes": [{"code": ..., "p": ..., "evidence": ...}, ...], "model":
    ...}`, best first: those above the threshold, or the likeliest one if only all codes together are above it. With
    "all" each code also has its `dimension`, best first within it, and `model` is one id per dimension. A text that
    cannot be coded has `not_coded`: "empty" or "another language".
    """
    from strategy_miner.coding import Codebook, chosen, coder_of, not_codable

    settings = project_settings()
    folder = Path(codebook or settings.classify.codebook)
    names = chosen(folder, dimension)
    codebooks = [Codebook.load(folder, name) for name in names]
    labelled = [_labelled(row, number, codebooks) for number, row in enumerate(labels, start=1)]
    items = list(items)
    if not items:
        return []
    texts = [_text(item, number) for number, item in enumerate(items, start=1)]
    encoder = project_encoder()
    # A codebook of names alone learns from ours how texts relate to names.
    teacher = Codebook.load(Path(settings.classify.codebook)) if codebook else None
    coders = {book.dimension: coder_of(book, encoder, settings.seed, teacher, labelled) for book in codebooks}
    coded = [coder.code(texts, threshold=settings.classify.threshold) for coder in coders.values()]
    every = dimension == "all"
    model = {name: coder.id for name, coder in coders.items()}
    return [
        {
            "id": item["id"],
            "codes": [_code_row(coding, every) for found in of_item for coding in found],
            "model": model if every else model[names[0]],
            **({"not_coded": reason} if (reason := not_codable(item["text"])) else {}),
        }
        for item, *of_item in zip(items, *coded, strict=True)
    ]


def _text(item: dict[str, Any], number: int) -> Text:
    if not isinstance(item, dict) or "id" not in item or not isinstance(item.get("text"), str):
        raise StrategyMinerError("has no id or no text", f"item {number}", 'Write {"id": ..., "text": "..."}.')
    return Text(str(number), str(item.get("document") or ""), item["text"], _heading_path(item))


def _labelled(row: dict[str, Any], number: int, codebooks: Sequence[Codebook]) -> tuple[Text, list[str]]:
    where = f"label {number}"
    if len(codebooks) > 1:
        raise StrategyMinerError("labels are of one dimension", where, "Name that dimension.")
    codes, document = row.get("codes"), row.get("document")
    if not document or not isinstance(row.get("text"), str) or not isinstance(codes, list):
        remedy = 'Write {"document": ..., "text": "...", "codes": [...]}.'
        raise StrategyMinerError("has no document, no text or no list of codes", where, remedy)
    for code in codes:
        if code not in codebooks[0].ids:
            raise StrategyMinerError(
                f"unknown code {code!r}", where, f"Codes of {codebooks[0].dimension}: {', '.join(codebooks[0].ids)}."
            )
    return Text(f"label {number}", str(document), row["text"], _heading_path({"id": where, **row})), codes


def _code_row(coding: Coding, every: bool) -> dict[str, Any]:
    row = {"code": coding.code, "p": round(coding.p, 4), "evidence": coding.evidence}
    return {"dimension": coding.dimension, **row} if every else row


def fields(names: Sequence[str]) -> list[dict[str, Any]]:
    """Code names of fields of action: `field_name`, `codes`, `orientation`, `ecology` each."""
    from strategy_miner.coding import code_names

    codebook, encoder = project_codebook(), project_encoder()
    return [
        {"field_name": f.field_name, "codes": list(f.codes), "orientation": f.orientation, "ecology": f.ecology}
        for f in code_names(names, codebook, encoder)
    ]


def declared(path: str | Path) -> list[dict[str, Any]]:
    """The fields of action that a document declares as its own, in its order; none if it declares none.

    Each with `field_name`, `page`, `level` (of its heading, from 1), `codes`, `orientation`, `ecology`, `evidence` (the
    words that say so, with their place) and `source` (the kind of witness). Raises ReadingError like `read`.
    """
    from strategy_miner.coding import code_names, declared_fields

    pages = read(path)
    codebook, encoder = project_codebook(), project_encoder()
    keys = ("field_name", "page", "level", "codes", "orientation", "ecology", "evidence", "source")
    return [
        {key: list(value) if isinstance(value := getattr(field, key), tuple) else value for key in keys}
        for field in declared_fields(pages, partial(code_names, codebook=codebook, encoder=encoder))
    ]


def measure_coders() -> MeasureCoders:
    """The coders that `measures` needs, of the dimensions field and technology: fitted once for many documents."""
    from strategy_miner.coding import Codebook, LexiconCoder

    settings = project_settings().classify
    technology = LexiconCoder.of(Codebook.load(Path(settings.codebook), "technology"))
    return partial(project_classifier().code, threshold=settings.threshold), technology.code


def measures(path: str | Path, coders: Callable[[], MeasureCoders] = measure_coders) -> list[dict[str, Any]]:
    """The measures (Maßnahmen) that a document names, in its order, as plain dicts with the fields of `Measure`.

    What each field holds is in docs/data.md, table measures. `coders` is called once the document is read;
    `functools.cache(measure_coders)` serves many documents. Raises ReadingError like `read`.
    """
    from strategy_miner.coding import measures as found

    pages = read(path)
    return [asdict(measure) for measure in found(pages, *coders())]


def read_field_names(path: Path) -> list[str]:
    """The column `field_name` of a CSV file. Raises CorpusError if it has none."""
    from strategy_miner.corpus.folder import read_csv

    return [row["field_name"] for row in read_csv(path, ("field_name",))]


def report(corpus: str | None = None) -> Path:
    """Write a corpus's report from its database; the path of its index.html."""
    from strategy_miner.report import write_report

    database = results_file(corpus)
    return write_report(database, database.parent / "report", project_settings().report)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `doctor`."""

    name: str
    ok: bool
    needed: bool
    message: str


def doctor() -> list[Check]:
    """What is installed, what is missing, and what that switches off."""
    from strategy_miner.reading import ocr_available, sockets_refused

    settings = project_settings()
    ocr, chromium = ocr_available(), shutil.which("chromium") is not None
    refused = sockets_refused()
    return [
        Check("params.yaml", True, True, f"corpora {', '.join(settings.corpora)}"),
        _encoder_check(settings.encoder),
        Check("tesseract with German", ocr, False, "scanned pages are read" if ocr else
              "scanned pages are reported as unread. Debian: apt install tesseract-ocr tesseract-ocr-deu, then "
              "`dvc repro --force extract@<corpus>` and `dvc repro`."),
        Check("no network while reading", refused, False, "the process that opens a document gets no socket" if refused
              else "this system cannot refuse sockets to one process (seccomp, Linux on x86_64 or aarch64); read "
              "documents of unknown origin in a container without network."),
        Check("chromium", chromium, False, "the browser tests of the report run" if chromium else
              "only the browser tests of the report need it. Debian: apt install chromium."),
    ]  # fmt: skip


def _encoder_check(encoder: EncoderSettings) -> Check:
    # A name that is no folder of ours belongs to a model that sentence-transformers finds by itself.
    static = encoder.tier == "static"
    folder = Path(f"{encoder.model}-static" if static else encoder.model)
    if (folder / "modules.json").exists() or not (static or encoder.model.startswith("models/")):
        return Check("encoder", True, True, f"{folder}, tier {encoder.tier}, {'float32' if static else encoder.dtype}")
    stage = "static" if static else "encoder"
    message = f"{folder} is not there; `dvc repro {stage}` makes it. Without it nothing is coded."
    return Check("encoder", False, True, message)


def _heading_path(item: dict[str, Any]) -> tuple[str, ...]:
    path = item.get("heading_path")
    if path is None:
        path = [part.strip() for part in str(item.get("heading") or "").split(" > ")]
    if not isinstance(path, list | tuple):
        raise StrategyMinerError(
            "heading_path is no list", f"item {item['id']}", 'Write ["Chapter", "Section"], or use heading.'
        )
    return tuple(str(part) for part in path if part)


def project_root() -> Path:
    """The project whose params.yaml counts: the folder one stands in or above, else this checkout."""
    if Path("params.yaml").exists():
        return Path()  # paths in messages stay short
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "params.yaml").exists()), ROOT)


def project_settings() -> Settings:
    """params.yaml of the project, with the encoder and the codebook where they lie. Raises SettingsError."""
    root = project_root()
    settings = Settings.load(root / "params.yaml")
    folder = root / settings.encoder.model
    encoder = replace(settings.encoder, model=str(folder)) if folder.is_dir() else settings.encoder
    classify = replace(settings.classify, codebook=str(root / settings.classify.codebook))
    return replace(settings, encoder=encoder, classify=classify)


def project_encoder() -> Encoder:
    """The encoder of params.yaml with the project's cache of vectors. Raises ModelError if it is missing."""
    from strategy_miner.language import Encoder

    return Encoder(project_settings().encoder, project_root() / "build" / "vectors")


def project_codebook() -> Codebook:
    """The dimension field of the codebook that params.yaml names. Raises CodebookError if it is wrong."""
    from strategy_miner.coding import Codebook

    return Codebook.load(Path(project_settings().classify.codebook))


def project_classifier() -> Classifier:
    """The classifier of the dimension field, fitted on the codebook alone; takes seconds."""
    from strategy_miner.coding import Classifier

    return Classifier.fit(project_codebook(), project_encoder(), project_settings().seed)


def build_folder(corpus: str | None) -> Path:
    """The results of a corpus, by default of the first in params.yaml. Raises SettingsError if it is not there."""
    settings = project_settings()
    name = corpus or next(iter(settings.corpora))
    settings.pdf_folder(name)  # an unknown name is told here
    return project_root() / "build" / name


@contextmanager
def results(corpus: str | None) -> Iterator[Connection]:
    """A corpus's result database, only to be read. Raises StoreError if it is missing or of another schema version."""
    from strategy_miner.store import connect, demand_schema
    from strategy_miner.store.database import damage_told

    database = results_file(corpus)
    with damage_told(database), connect(database) as connection:
        demand_schema(connection, database)
        yield connection


def results_file(corpus: str | None) -> Path:
    """Where a corpus's result database lies. Raises StoreError if there is none."""
    database = build_folder(corpus) / "strategy.duckdb"
    if not database.exists():
        raise StoreError(
            "no database", str(database), f"Run `make report` or `dvc repro report@{database.parent.name}` first."
        )
    return database


__all__ = [
    "block_rows", "code", "declared", "doctor", "fields", "measure_coders", "measures", "outline", "overlay",
    "project_root", "project_settings", "quality", "quality_rows", "read", "read_field_names", "report",
]  # fmt: skip
