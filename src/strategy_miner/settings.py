"""params.yaml -> frozen dataclasses, one per section. An unknown key or a wrong type is an error that names it."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

import yaml

from strategy_miner.errors import SettingsError

Section = TypeVar("Section")


def _demand(right: bool, key: str, remedy: str) -> None:
    if not right:
        raise SettingsError("value out of range", f"params.yaml: {key}", remedy)


@dataclass(frozen=True, slots=True)
class DemoSettings:
    """How the fictional corpus is made: planted integrated shares by cohort, spread between documents, and the share of
    segments in which each of its two made coders errs."""

    planted_fields: tuple[float, ...]
    planted_text: tuple[float, ...]
    spread: float
    coder_noise: float = 0.10

    def __post_init__(self) -> None:
        _demand(0 <= self.coder_noise < 1, "demo: coder_noise", "Use a share below 1, such as 0.10.")


@dataclass(frozen=True, slots=True)
class ExtractSettings:
    """Limits of the process that reads one document.

    `ocr`: read image-only pages with tesseract if it is there. `tables`: look for ruled tables with pdfplumber.
    """

    ocr: bool
    ocr_dpi: int
    max_pages: int
    wall_seconds: int
    cpu_seconds: int
    memory_mb: int
    tables: bool = True


@dataclass(frozen=True, slots=True)
class SegmentSettings:
    """Length of a segment in words."""

    min_words: int
    max_words: int

    def __post_init__(self) -> None:
        _demand(1 <= self.min_words <= self.max_words, "segment: min_words", "Use 1 to max_words.")


@dataclass(frozen=True, slots=True)
class NlpSettings:
    """`model`: "hanta" for the project's own spaCy pipeline, or an installed spaCy model's name or path."""

    model: str


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """`model`: a sentence-transformers name or folder. `dtype`: float32 or bfloat16, never guessed from the machine.
    `tier`: neural runs the model; static takes the vectors of words that were distilled from it."""

    model: str
    dtype: str
    batch_size: int
    tier: str = "neural"


@dataclass(frozen=True, slots=True)
class ClassifySettings:
    """`dimensions`: those of the codebook that segments are coded in. `threshold`: the probability from which a code is
    given; null takes the codebook model's own. `supervised`: whether gold trains further models for `scores`."""

    codebook: str
    dimensions: tuple[str, ...]
    threshold: float | None
    supervised: bool = False

    def __post_init__(self) -> None:
        _demand("field" in self.dimensions, "classify: dimensions", "List field; the results are about it.")
        _demand(len(set(self.dimensions)) == len(self.dimensions), "classify: dimensions", "List each once.")
        _demand(self.threshold is None or 0 <= self.threshold <= 1, "classify: threshold", "Use 0 to 1 or null.")


@dataclass(frozen=True, slots=True)
class ConfounderSettings:
    """`similarity`: Jaccard from which two passages are copies. `shortest`: words below which none is compared.
    `boilerplate_projects`: projects that make a copy boilerplate. `echo_share`, `echo_words`: the share of a passage,
    or the words in a row, that stand in a call text and make the passage its echo."""

    similarity: float = 0.5
    shortest: int = 8
    boilerplate_projects: int = 3
    echo_share: float = 0.5
    echo_words: int = 12

    def __post_init__(self) -> None:
        where = "analyse: confounders: "
        _demand(0.3 <= self.similarity <= 1, where + "similarity", "Use 0.3 to 1; below, MinHash misses too many.")
        _demand(0 < self.echo_share <= 1, where + "echo_share", "Use a share above 0, such as 0.5.")
        _demand(self.shortest >= 3, where + "shortest", "Use at least 3 words.")
        _demand(self.boilerplate_projects >= 2, where + "boilerplate_projects", "Use at least 2.")
        _demand(self.echo_words >= 3, where + "echo_words", "Use at least 3 words.")


@dataclass(frozen=True, slots=True)
class RadarSettings:
    """The search for topics outside the codebook. `runs`: seeds. A cluster counts if it is found with `stable_runs` of
    them (two clusters are the same if their `words` typical words have a Jaccard similarity of `overlap`), if its
    words are `lift` times as frequent in its held-out passages as in the others, and if it is in `projects` projects.
    `sample`: so many passages are searched at most."""

    runs: int = 20
    stable_runs: int = 16
    words: int = 20
    overlap: float = 0.5
    lift: float = 2.0
    projects: int = 5
    sample: int = 10_000

    def __post_init__(self) -> None:
        where = "analyse: radar: "
        _demand(1 <= self.stable_runs <= self.runs, where + "stable_runs", "Use 1 to runs.")
        _demand(0 < self.overlap <= 1, where + "overlap", "Use a share above 0, such as 0.5.")
        _demand(self.words >= 1, where + "words", "Use 20.")
        _demand(self.lift >= 1, where + "lift", "Use at least 1.")
        _demand(self.projects >= 1, where + "projects", "Use at least 1.")
        _demand(self.sample >= 1, where + "sample", "Use 10000.")


@dataclass(frozen=True, slots=True)
class AnalyseSettings:
    """`margin`: the difference of shares below which a shift is not relevant. `permutations`: draws of the test.
    `robustness_permutations`: draws of the test in each cell of the robustness panel but the primary one.
    `names_integrated`, `names_ecology`: how the machine did on names with reference labels, as counts of names that
    both say yes to, the machine alone, the reference alone, neither; empty if that was not measured. `scores`: whose
    probabilities gold corrects, codebook or supervised; where there are none of the latter, the former.
    `by`: columns of the projects by which they are grouped too. `classes`: for a column of numbers the upper ends of
    its classes but the last. `within`: columns within whose values the cohorts are permuted as a sensitivity."""

    margin: float
    permutations: int
    robustness_permutations: int = 1999
    confounders: ConfounderSettings = ConfounderSettings()
    names_integrated: tuple[int, ...] = ()
    names_ecology: tuple[int, ...] = ()
    radar: RadarSettings = RadarSettings()
    scores: str = "supervised"
    by: tuple[str, ...] = ()
    classes: dict[str, tuple[float, ...]] = field(default_factory=dict)
    within: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _demand(self.scores in ("codebook", "supervised"), "analyse: scores", "Use codebook or supervised.")
        _demand(0 < self.margin < 1, "analyse: margin", "Use a share between 0 and 1, such as 0.10.")
        _demand(self.permutations >= 1, "analyse: permutations", "Use 9999.")
        for column, ends in self.classes.items():
            rising = bool(ends) and list(ends) == sorted(set(ends))
            _demand(rising, f"analyse: classes: {column}", "List rising numbers, such as [1000, 2000].")
        _demand(self.robustness_permutations >= 1, "analyse: robustness_permutations", "Use 1999.")
        for name, counts in (("names_integrated", self.names_integrated), ("names_ecology", self.names_ecology)):
            right = len(counts) in (0, 4) and all(count >= 0 for count in counts)
            _demand(right, f"analyse: {name}", "Give four counts, or [] if the error was not measured.")


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """`quotes_per_code`: how many quotes the report shows for a code. `page_megabytes`: how large index.html may be;
    pictures of quotes that no longer fit stay outside, linked. `pdf`: whether the PDFs are written, too."""

    quotes_per_code: int
    page_megabytes: float = 20.0
    pdf: bool = True

    def __post_init__(self) -> None:
        _demand(1 <= self.quotes_per_code <= 10, "report: quotes_per_code", "Use 1 to 10; analyse keeps ten.")
        _demand(self.page_megabytes > 0, "report: page_megabytes", "Use 20; with less fewer pictures are inside.")


@dataclass(frozen=True, slots=True)
class Settings:
    """All of params.yaml. `corpora` maps a corpus name to the folder of its PDFs, relative to the project's root."""

    corpora: dict[str, str]
    seed: int
    workers: int
    demo: DemoSettings
    extract: ExtractSettings
    segment: SegmentSettings
    nlp: NlpSettings
    encoder: EncoderSettings
    classify: ClassifySettings
    analyse: AnalyseSettings
    report: ReportSettings

    def __post_init__(self) -> None:
        _demand(self.workers >= 0, "workers", "Use 0 for one per core, or a number of processes.")

    def pdf_folder(self, name: str) -> Path:
        """The folder with the PDFs of a corpus. Raises SettingsError if params.yaml does not list the corpus."""
        if name not in self.corpora:
            known = ", ".join(self.corpora)
            raise SettingsError(f"no corpus {name!r}", "params.yaml: corpora", f"Listed are {known}.")
        return Path(self.corpora[name])

    @classmethod
    def load(cls, path: Path = Path("params.yaml")) -> Settings:
        """Read params.yaml. Raises SettingsError naming the file, the key and the remedy."""
        settings = section(cls, read_yaml(path), str(path))
        if not settings.corpora:
            raise SettingsError("lists no corpus", str(path), "Add at least one name under corpora.")
        return settings


def read_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises SettingsError if it is missing or not YAML."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            "file not found", str(path), "Run the command in the project's root or create the file."
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"cannot be read as YAML: {error}", str(path), "Correct the file.") from error


def section(kind: type[Section], values: object, where: str) -> Section:
    """A frozen dataclass from a mapping, checked key by key; a key with a default may be missing.

    Raises SettingsError on an unknown key, a missing key or a value of another type.
    """
    if not isinstance(values, Mapping):
        raise SettingsError(f"expected keys and values, found {type(values).__name__}", where, "Write 'key: value'.")
    hints = typing.get_type_hints(kind)
    of_kind = fields(kind)  # type: ignore[arg-type]
    known = [own.name for own in of_kind]
    needed = [own.name for own in of_kind if own.default is MISSING and own.default_factory is MISSING]
    for key in values:
        if key not in known:
            raise SettingsError(f"unknown key {key!r}", where, f"Known keys: {', '.join(known)}.")
    missing = [name for name in needed if name not in values]
    if missing:
        raise SettingsError(f"missing key {missing[0]!r}", where, f"Needed keys: {', '.join(needed)}.")
    return kind(**{name: _value(hints[name], values[name], f"{where}: {name}") for name in known if name in values})


def _value(hint: Any, value: Any, where: str) -> Any:
    if hasattr(hint, "__dataclass_fields__"):
        return section(hint, value, where)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        return _value(next(a for a in arguments if a is not type(None)), value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_value(arguments[0], item, where) for item in value)
    if origin is dict and isinstance(value, Mapping):
        return {_value(arguments[0], k, where): _value(arguments[1], v, where) for k, v in value.items()}
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(hint, type) and isinstance(value, hint) and isinstance(value, bool) == (hint is bool):
        return value
    wanted = getattr(hint, "__name__", str(hint))
    raise SettingsError(f"expected {wanted}, found {value!r}", where, "Correct the value.")
