"""The records that pass between stages, and their ids.

One datum, one way: Document -> Page -> Block -> Segment -> Coding. Every record points back to the words it came
from: a Segment lists the numbers of its words in the document and their boxes on the page.

Boxes are `(page, x0, top, x1, bottom)` in PDF points, origin at the top left of the page as shown, pages from 1.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

Box = tuple[int, float, float, float, float]

BLOCK_KINDS = (
    "heading", "paragraph", "list_item", "table", "caption", "footnote", "box", "toc", "running_head", "page_number",
    "margin_note", "line_number", "thumb_tab", "figure", "hidden",
)  # fmt: skip
BODY_KINDS = ("paragraph", "list_item", "box", "table")  # what segments are made of
ORIENTATIONS = ("sectoral", "integrated", "unclear")
ORIGINS = ("person", "text", "web")  # who says that a field is declared, most trusted first
MEASURE_FORMS = ("sheet", "table", "list", "section")  # how a document states a measure, strongest evidence first
MEASURE_STATUSES = ("", "quick_win", "implementation", "begun", "done")  # "" where the document does not say


def stable_id(*parts: object) -> str:
    """16 hex digits over the parts; a separator keeps ("ab", "c") apart from ("a", "bc")."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:16]


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, as 64 hex digits."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Project:
    """One row of projects.csv. `cohort` is None for a project outside the cohorts; `extra` keeps unknown columns."""

    project_id: str
    name: str
    cohort: str | None
    municipality_type: str
    title: str
    published: str
    files: tuple[str, ...]
    extra: dict[str, str]


@dataclass(frozen=True, slots=True)
class Document:
    """One file of a corpus. The id comes from the content, so a renamed file stays the same document."""

    document_id: str
    file: str
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Self:
        """The Document at a path. Raises OSError if it cannot be opened."""
        sha256 = file_sha256(path)
        return cls(document_id=sha256[:16], file=path.name, sha256=sha256)


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the page shows it. `n` counts the words of the document in reading order, from 0."""

    n: int
    text: str
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page with one role, in reading order.

    `text` is repaired (hyphens joined, ligatures resolved), `raw` is what the page shows, lines split by newlines.
    `offsets` are the stretches that both have alike: (start in text, start in raw, length) in characters, rising; a
    newline in raw that is a space in text is alike. What lies between two stretches was repaired.
    `level` is that of a heading, or the nesting of a list item, from 1. `rows` holds the cells of a table, else it is
    empty; the first `header_rows` rows and `header_columns` columns name the others. `pairs` are the label-value
    pairs of a table that is a form (Maßnahmensteckbrief). A block that runs on over a page break starts on `page`;
    its boxes carry their own page. `words` may include words of the next page then. `belongs_to` is the id of the
    block that bears a footnote's mark, or of the table or figure under a caption; "" if there is none. `language` is
    an ISO 639-1 code, "" where the block is too short to tell. Kind `hidden`: text that nobody sees on the page.
    """

    id: str
    order: int
    kind: str
    level: int | None
    text: str
    raw: str
    heading_path: tuple[str, ...]
    boxes: tuple[Box, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[Word, ...]
    header_rows: int = 0
    header_columns: int = 0
    pairs: tuple[tuple[str, str], ...] = ()
    belongs_to: str = ""
    language: str = ""
    offsets: tuple[tuple[int, int, int], ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in BLOCK_KINDS:
            raise ValueError(f"unknown block kind {self.kind!r}; known are {', '.join(BLOCK_KINDS)}")


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its blocks. `page` is None for formats without pages. `grade`: read, doubtful, unread or empty.

    `german` is the share of the words that speak for German (0 to 1), `disagreement` the share of words in which two
    readers differ where both ran, `confidence` what OCR says of its words (0 to 1); None where not measured.
    """

    document_id: str
    page: int | None
    width: float
    height: float
    engine: str
    grade: str
    reason: str
    blocks: tuple[Block, ...]
    german: float | None = None
    disagreement: float | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """The unit of coding: a paragraph, list item or table row group of readable length.

    `role` is the kind of block it came from. `page` is its first page, None without pages.
    """

    id: str
    document_id: str
    order: int
    page: int | None
    role: str
    heading_path: tuple[str, ...]
    text: str
    words: tuple[int, ...]
    boxes: tuple[Box, ...]
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaggedSegment:
    """The words of a segment in their order, without signs and numbers: lemma and part of speech of each.

    `tags` are those of Universal Dependencies (NOUN, ADJ, PROPN, VERB, ...); `lemmas` is as long.
    """

    segment_id: str
    document_id: str
    lemmas: tuple[str, ...]
    tags: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.lemmas) != len(self.tags):
            raise ValueError(f"segment {self.segment_id} has {len(self.lemmas)} lemmas, but {len(self.tags)} tags")


@dataclass(frozen=True, slots=True)
class Coding:
    """A code given to a unit by a coder. Gold labels and predictions are this same type.

    `coder` is a person's name or a model id; `p` is 1.0 for people; `evidence` says in words what spoke for it.
    """

    unit_id: str
    document_id: str
    dimension: str
    code: str
    p: float
    coder: str
    evidence: str

    def __post_init__(self) -> None:
        if not 0.0 <= self.p <= 1.0:
            raise ValueError(f"p = {self.p} of code {self.code} is not a probability")


# Who scores segments: the words of the codebook, the model fitted on the codebook, models that labels of other
# documents trained. The metadata of a file of scores names the threshold of each under THRESHOLD and its name.
SCORERS = LEXICON, CODEBOOK, SUPERVISED = ("lexicon", "codebook", "supervised")
THRESHOLD = "threshold "


@dataclass(frozen=True, slots=True)
class Score:
    """What a coder (see SCORERS) says of a segment, also below its threshold: one p per code, in codebook order."""

    segment_id: str
    document_id: str
    coder: str
    p: tuple[float, ...]


# How a label holds on to a segment of the present reading: by its id, its text, a similar text, or not at all.
ATTACHED = ("id", "text", "similar", "lost")


@dataclass(frozen=True, slots=True)
class GoldSegment:
    """A segment of the sample that people code, drawn within a stratum of `stratum_drawn` out of `stratum_size`.

    `segment_id` is the present one, None where the drawn one is lost; `how`: see ATTACHED.
    """

    segment_id: str | None
    document_id: str
    stratum: str
    stratum_size: int
    stratum_drawn: int
    drawn_segment_id: str
    how: str


@dataclass(frozen=True, slots=True)
class GoldLabel:
    """The codes that a coder gave to a segment of the sample; none means "no code". Coder consensus is the gold."""

    segment_id: str
    coder: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoldNote:
    """What is to be said about the labels of a corpus. `kind`: see coding/gold_read.py; `n`: labels concerned."""

    kind: str
    file: str
    n: int
    message: str


@dataclass(frozen=True, slots=True)
class DeclaredField:
    """A field of action that a document or a project's public page declares as its own.

    `document_id` is "" where the name comes from outside the PDFs. `origin`: see ORIGINS.
    """

    id: str
    project_id: str
    document_id: str
    field_name: str
    page: int | None
    level: int | None
    codes: tuple[str, ...]
    orientation: str
    ecology: bool
    evidence: str
    origin: str
    source: str

    def __post_init__(self) -> None:
        if self.orientation not in ORIENTATIONS:
            raise ValueError(f"unknown orientation {self.orientation!r}; known are {', '.join(ORIENTATIONS)}")


@dataclass(frozen=True, slots=True)
class Measure:
    """A Maßnahme. `labels` keeps the label-value pairs as written; what follows `boxes` is read from them.

    `form`: see MEASURE_FORMS. `fields` are names of Handlungsfelder as written, `technologies` ids of the dimension
    technology. `status`: see MEASURE_STATUSES. `responsible`, `partners`, `period` and `cost` are as written, "" where
    nothing is said. Years and euros are None where no number is stated or an end is open; `cost_per_year` says that
    the sum is due every year.
    """

    id: str
    document_id: str
    page: int | None
    title: str
    description: str
    codes: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]
    boxes: tuple[Box, ...]
    form: str = "sheet"
    fields: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    status: str = ""
    responsible: str = ""
    partners: str = ""
    period: str = ""
    start_year: int | None = None
    end_year: int | None = None
    cost: str = ""
    cost_euro_low: float | None = None
    cost_euro_high: float | None = None
    cost_per_year: bool = False

    def __post_init__(self) -> None:
        if self.form not in MEASURE_FORMS:
            raise ValueError(f"unknown form {self.form!r} of a measure; known are {', '.join(MEASURE_FORMS)}")
        if self.status not in MEASURE_STATUSES:
            raise ValueError(f"unknown status {self.status!r}; known are {', '.join(MEASURE_STATUSES)}")


# What a picture of a page shows: a quoted segment, the name of a declared field, the title of a measure.
CUTOUT_KINDS = ("segment", "field", "measure")
# Why there is no picture; "" where there is one.
CUTOUT_REASONS = ("", "no_pages", "no_words", "not_found", "not_drawn")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a document that are to be shown on their page.

    `kind`: see CUTOUT_KINDS; `id` is that of the segment, field or measure. `text`: its words as the page shows them.
    `marks`: where these words stand, one box per word, in reading order. `around`: what they are part of.
    `together`: the words on a page make one whole, wherever they stand, as in a table. `reason`: see CUTOUT_REASONS.
    """

    kind: str
    id: str
    document_id: str
    text: str = ""
    marks: tuple[Box, ...] = ()
    around: tuple[Box, ...] = ()
    together: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cutout:
    """A picture of the places on the pages where a passage stands, its words marked.

    `page` is the first page, `boxes` are the places shown, one below the other in the picture, `marks` the marked
    stretches of lines, all on the page as shown. `file` is the picture's name beside a report, `sha256` that of
    `picture`, the bytes of a PNG of `width` times `height` pixels. Where `reason` is given there is none of these.
    """

    kind: str
    id: str
    document_id: str
    text: str
    page: int | None = None
    boxes: tuple[Box, ...] = ()
    marks: tuple[Box, ...] = ()
    file: str = ""
    width: int = 0
    height: int = 0
    sha256: str = ""
    reason: str = ""
    picture: bytes = b""

    def __post_init__(self) -> None:
        if self.kind not in CUTOUT_KINDS:
            raise ValueError(f"unknown kind {self.kind!r} of a picture; known are {', '.join(CUTOUT_KINDS)}")
        if self.reason not in CUTOUT_REASONS:
            raise ValueError(f"unknown reason {self.reason!r}; known are {', '.join(CUTOUT_REASONS)}")


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be processed, and what the user can do about it. `stage` is where it happened."""

    document_id: str
    file: str
    stage: str
    error: str
    message: str

    @classmethod
    def of(cls, document: Document, stage: str, error: BaseException) -> Self:
        """The Failure row for an exception raised while a document was in a stage."""
        return cls(document.document_id, document.file, stage, type(error).__name__, " ".join(str(error).split()))
