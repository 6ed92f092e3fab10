"""What another codebook would do to a corpus: segments that change code, and the shares of coded text per cohort.

Segments and their vectors are those of the last run; only the coders are fitted again. The shares are the estimands of
`samples`, computed on a copy of the corpus's database with the codings of each codebook in turn. They are raw machine
codes, uncorrected: a difference says what the codebook does, not which of the two is right.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from strategy_miner.analysis.samples import DIMENSION, Cohorts, text_samples
from strategy_miner.analysis.shift import estimate_rows
from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.dimension import coder_of
from strategy_miner.coding.features import Array, TextEncoder
from strategy_miner.errors import StoreError
from strategy_miner.language.vectors import read_vectors
from strategy_miner.parallel import results
from strategy_miner.parquet import read_records
from strategy_miner.records import Coding, Segment
from strategy_miner.store import demand_schema, insert, writing

Codes = tuple[tuple[str, float], ...]  # codes with their probabilities, best first


@dataclass(frozen=True, slots=True)
class Recoded:
    """A segment with the codes of both codebooks."""

    file: str
    page: int
    segment: Segment
    old: Codes
    new: Codes

    @property
    def moved(self) -> bool:
        """Whether the codes differ; the probabilities always do a little."""
        return {code for code, _ in self.old} != {code for code, _ in self.new}


@dataclass(frozen=True, slots=True)
class Share:
    """An estimand per cohort ("" is all projects) under both codebooks, uncorrected; None where it has no value."""

    estimand: str
    code: str
    cohort: str
    old: float | None
    new: float | None

    @property
    def points(self) -> float | None:
        """The difference in percentage points."""
        return None if self.old is None or self.new is None else 100 * (self.new - self.old)


@dataclass(frozen=True)
class Coders:
    """How a codebook becomes codes."""

    encoder: TextEncoder
    seed: int
    threshold: float | None

    def code(self, codebook: Codebook, segments: Sequence[Segment], vectors: Array) -> list[list[Coding]]:
        """The codings of segments by a coder fitted on the codebook alone."""
        return coder_of(codebook, self.encoder, self.seed).code(segments, vectors, self.threshold)


def recoded(build: Path, old: Codebook, new: Codebook, coders: Coders) -> tuple[list[Recoded], list[Share]]:
    """All segments of a corpus with the codes of both codebooks, and the shares per cohort.

    `build`: the corpus's folder with segment/, embed/ and coded.duckdb. Raises StoreError if one is missing or belongs
    to another version.
    """
    import numpy as np

    database = build / "coded.duckdb"
    if not database.is_file() or not (build / "embed").is_dir():
        raise StoreError("no coded corpus there", str(build), f"Run `dvc repro report@{build.name}` first.")
    files, segments, vectors = [], [], []
    for document in results(build / "segment"):
        embedded = build / "embed" / f"{document.document_id}.parquet"
        if embedded.is_file():
            own = read_records(Segment, build / "segment" / embedded.name)
            ids, found = read_vectors(embedded)
            if ids != [segment.id for segment in own]:
                raise StoreError("vectors of other segments", str(embedded), f"Run `dvc repro embed@{build.name}`.")
            segments += own
            vectors.append(found)
            files += [document.file] * len(own)
    if not segments:
        raise StoreError("no segments there", str(build), f"Run `dvc repro report@{build.name}` first.")
    matrix = np.concatenate([part for part in vectors if len(part)])
    if matrix.shape[1] != coders.encoder.encode(["Wald"]).shape[1]:
        raise StoreError("vectors of another encoder", str(build / "embed"), f"Run `dvc repro embed@{build.name}`.")
    before, after = (coders.code(codebook, segments, matrix) for codebook in (old, new))
    both = [
        Recoded(file, segment.page, segment, _codes(one), _codes(other))
        for file, segment, one, other in zip(files, segments, before, after, strict=True)
    ]
    return both, _shares(database, (old, before), (new, after))


def _codes(codings: Sequence[Coding]) -> Codes:
    return tuple((coding.code, coding.p) for coding in codings)


def _shares(database: Path, *sides: tuple[Codebook, list[list[Coding]]]) -> list[Share]:
    """H3 and H4 for both sides, in the order of estimands, codes of the codebooks, cohorts."""
    values: list[dict[tuple[str, str, str], float | None]] = []
    with tempfile.TemporaryDirectory() as folder, writing(Path(folder) / "copy.duckdb", database) as connection:
        demand_schema(connection, database)
        cohorts = Cohorts.read(connection)
        for codebook, codings in sides:
            connection.execute("DELETE FROM codings")
            connection.execute("DELETE FROM codes")
            # Under the name of the dimension that the estimands read, whatever its own name is.
            codes = [(DIMENSION, c.id, c.kind, c.name_de, c.name_en, c.definition_de) for c in codebook.codes]
            insert(connection, "codes", codes)
            given = [
                (c.unit_id, c.document_id, DIMENSION, c.code, c.p, c.coder, "") for found in codings for c in found
            ]
            insert(connection, "codings", given)
            rows = [row for sample in text_samples(connection, cohorts) for row in estimate_rows(cohorts, sample)]
            values.append({(str(row[0]), str(row[2]), str(row[1])): _value(row[6]) for row in rows})
    old, new = values
    integrated = any(code.kind == "integrated" for codebook, _ in sides for code in codebook.codes)
    keys = [key for key in dict.fromkeys([*old, *new]) if key[0] == "H4" or integrated]
    return [Share(*key, old.get(key), new.get(key)) for key in keys]


def _value(value: object) -> float | None:
    return None if value is None else float(str(value))
