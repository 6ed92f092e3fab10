"""The verbs export_project and read_project: REFI-QDA projects (.qdpx) for and from MAXQDA, ATLAS.ti, NVivo, QualCoder.

project = read_project("coded.qdpx")
project.sources[0].passages      # stretches of text with the codes given to them
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from strategy_miner.errors import SettingsError
from strategy_miner.verbs import build_folder, project_root, project_settings

if TYPE_CHECKING:
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
) -> Exported:
    """Write the results of a corpus as a REFI-QDA project.

    Args:
        target: the .qdpx file.
        corpus: its name; default: the first in params.yaml.
        dimensions: codes of these only.
        coders: codings by these only: ids of models, names of people.
        pdf: with the PDFs and rectangles on their pages; without, the texts alone.

    Raises SettingsError if the file's name does not end in .qdpx, StoreError if there is no database, a dimension or
    coder is unknown, or the file cannot be written.
    """
    from strategy_miner.coding import Codebook
    from strategy_miner.coding.dimension import chosen
    from strategy_miner.store.refi_export import Choice, project_of
    from strategy_miner.store.refi_project import walked, write_project

    path, settings = Path(target), project_settings()
    if path.suffix.lower() != ".qdpx":
        raise SettingsError("is no name of a REFI-QDA project", str(path), "Let it end in .qdpx.")
    build = build_folder(corpus)
    folder = Path(settings.classify.codebook)
    codebooks = [Codebook.load(folder, name) for name in chosen(folder, "all")]
    pdf_folder = project_root() / settings.pdf_folder(build.name) if pdf else None
    choice = Choice(pdf_folder, tuple(dimensions), tuple(coders))
    project = project_of(build / "strategy.duckdb", codebooks, choice)
    write_project(project, path)
    return Exported(
        path,
        len(project.sources),
        sum(source.pdf is not None for source in project.sources),
        sum(code.codable for code in walked(project.codes)),
        sum(len(passage.codings) for source in project.sources for passage in source.passages),
        len(project.cases),
        project.told,
    )


def read_project(path: str | Path) -> Project:
    """The codes, texts, codings, cases and sets of a .qdpx file; its `told` says what else the file holds.

    Raises StoreError if it is missing, damaged, unsafe or no project.
    """
    from strategy_miner.store.refi_read import read_project as read

    return read(path)


__all__ = ["export_project", "read_project"]
