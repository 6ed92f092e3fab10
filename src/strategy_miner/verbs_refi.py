"""The verbs export_project and read_project: REFI-QDA projects (.qdpx) for and from MAXQDA, ATLAS.ti, NVivo, QualCoder.

project = read_project("coded.qdpx")
project.sources[0].passages      # stretches of text with the codes given to them
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.errors import SettingsError
from strategy_miner.verbs import build_folder, project_root, project_settings, results_file

if TYPE_CHECKING:
    from strategy_miner.coding import Codebook
    from strategy_miner.store.refi_export import Choice
    from strategy_miner.store.refi_project import Project


@dataclass(frozen=True, slots=True)
class Exported:
    """What a project file holds. `told`: what is missing in it, one line each."""

    file: Path
    sources: int
    pdfs: int
    codes: int
    codings: int
    cases: int
    told: tuple[str, ...]


def export_project(
    target: str | Path,
    corpus: str | None = None,
    *,
    dimensions: Sequence[str] = (),
    coders: Sequence[str] = (),
    pdf: bool = True,
    sample: bool = False,
) -> Exported:
    """Write the results of a corpus as a REFI-QDA project.

    Args:
        target: the .qdpx file.
        corpus: its name; default: the first in params.yaml.
        dimensions: codes of these only.
        coders: codings by these only: ids of models, names of people, `machine` for all models.
        pdf: with the PDFs and rectangles on their pages; without, the texts alone.
        sample: for people to code: the segments that `gold_draw` drew, marked, without any codings. `gold_import`
            takes their codes back.

    Raises SettingsError if the file's name does not end in .qdpx, StoreError if there is no database, a dimension or
    coder is unknown, or the file cannot be written; CorpusError if there is no sample.
    """
    from strategy_miner.store.refi_export import Choice, project_of
    from strategy_miner.store.refi_project import walked, write_project

    path = Path(target)
    if path.suffix.lower() != ".qdpx":
        raise SettingsError("is no name of a REFI-QDA project", str(path), "Let it end in .qdpx.")
    choice = Choice(_pdf_folder(corpus) if pdf else None, tuple(dimensions), tuple(coders))
    project = project_of(results_file(corpus), _codebooks(), _sampled(choice, corpus) if sample else choice)
    write_project(project, path)
    passages = [passage for source in project.sources for passage in source.passages]
    return Exported(
        path,
        len(project.sources),
        sum(source.pdf is not None for source in project.sources),
        sum(code.codable for code in walked(project.codes)),
        sum(len(passage.codings) for passage in passages),
        len(project.cases),
        project.told,
    )


def _codebooks() -> list[Codebook]:
    from strategy_miner.coding import Codebook
    from strategy_miner.coding.dimension import chosen

    folder = Path(project_settings().classify.codebook)
    return [Codebook.load(folder, name) for name in chosen(folder, "all")]


def _pdf_folder(corpus: str | None) -> Path:
    return project_root() / project_settings().pdf_folder(build_folder(corpus).name)


def _sampled(choice: Choice, corpus: str | None) -> Choice:
    """The choice of the gold sample. Raises CorpusError if none has been drawn."""
    from strategy_miner.coding.gold_files import read_design

    name = build_folder(corpus).name
    design = read_design(project_root() / "corpus" / name / "labels" / "design.csv")
    drawn = frozenset(row.anchor.segment_id for row in design.rows)
    return replace(choice, dimensions=(design.dimension,), coders=(), sample=drawn)


def read_project(path: str | Path) -> Project:
    """The codes, texts, codings, cases and sets of a .qdpx file; its `told` says what else the file holds.

    Raises StoreError if it is missing, damaged, unsafe or no project.
    """
    from strategy_miner.store.refi_read import read_project as read

    return read(path)


__all__ = ["export_project", "read_project"]
