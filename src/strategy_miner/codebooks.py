"""Verbs for codebooks, for Python and the command line alike: lint, try their examples, compare, exchange.

Nothing heavy is imported before a verb is called.
"""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from strategy_miner.errors import CodebookError, SettingsError
from strategy_miner.verbs import build_folder, project_encoder, project_root, project_settings

if TYPE_CHECKING:
    from strategy_miner.analysis.recoded import Recoded, Share
    from strategy_miner.coding.codebook_diff import Change
    from strategy_miner.coding.codebook_lint import Finding
    from strategy_miner.coding.codebook_trial import Trial

Progress = Callable[[int, int], None]


def lint(
    dimension: str | None = None,
    codebook: str | Path | None = None,
    quick: bool = False,
    progress: Progress | None = None,
) -> list[Finding]:
    """What is wrong with a codebook: problems first, in the order of the file.

    `dimension`: its name, or "all"; by default `field`, or the only one that the folder holds. `quick`: only what the
    file itself shows; otherwise the examples are tried too (see `trials`), unless the file is too broken for that.
    """
    from strategy_miner.coding.codebook_lint import NOTE, PROBLEM, Finding, lint_models
    from strategy_miner.coding.codebook_lint import lint as lint_file
    from strategy_miner.coding.codebook_trial import trial
    from strategy_miner.coding.dimension import chosen

    folder = codebook_folder(codebook)
    settings = project_settings()
    encoder = None if quick else project_encoder()
    findings = []
    for name in chosen(folder, dimension):
        read, own = lint_file(folder, name)
        if read and encoder and read.examples():
            try:
                tried = trial(read, encoder, settings.seed, settings.classify.threshold, progress)
                own += lint_models(folder, tried, encoder)
            except CodebookError as error:
                what = f"examples not tried: {error.what}"
                own.append(Finding(NOTE, str(folder / f"{name}.yaml"), what, error.remedy))
        findings += sorted(own, key=lambda finding: finding.severity != PROBLEM)
    return findings


def trials(
    dimension: str | None = None, codebook: str | Path | None = None, progress: Progress | None = None
) -> Iterator[Trial]:
    """Every example of a dimension (or of "all") scored by a model that was not fitted on it.

    Raises CodebookError if a file is wrong or has no examples.
    """
    from strategy_miner.coding import Codebook
    from strategy_miner.coding.codebook_trial import trial
    from strategy_miner.coding.dimension import chosen

    folder, encoder, settings = codebook_folder(codebook), project_encoder(), project_settings()
    for name in chosen(folder, dimension):
        read = Codebook.load(folder, name)
        yield trial(read, encoder, settings.seed, settings.classify.threshold, progress)


def export_qdc(path: str | Path, dimension: str = "field", codebook: str | Path | None = None) -> Path:
    """Write a dimension as a REFI-QDA codebook (.qdc). Raises CodebookError if the codebook is wrong."""
    from strategy_miner.coding import Codebook
    from strategy_miner.coding.refi_qda import export_qdc as exported

    _demand_ending(Path(path), ".qdc", "with --skos it becomes Turtle, .ttl")
    return _write(Path(path), exported(Codebook.load(codebook_folder(codebook), dimension)))


def export_skos(
    path: str | Path, dimension: str | None = "all", codebook: str | Path | None = None, base: str | None = None
) -> Path:
    """Write dimensions as a SKOS concept scheme (Turtle). `base`: what its IRIs begin with; default: a urn.

    Raises CodebookError if a codebook or `base` is wrong.
    """
    from strategy_miner.coding import Codebook
    from strategy_miner.coding.dimension import chosen
    from strategy_miner.coding.skos import BASE
    from strategy_miner.coding.skos import export_skos as exported

    _demand_ending(Path(path), ".ttl", "without --skos it becomes a REFI-QDA codebook, .qdc")
    folder = codebook_folder(codebook)
    books = [Codebook.load(folder, name) for name in chosen(folder, dimension)]
    return _write(Path(path), exported(books, base or BASE))


def import_qdc(
    path: str | Path, folder: str | Path, dimension: str | None = None, force: bool = False
) -> tuple[Path, list[str]]:
    """Read a .qdc file into `<folder>/<dimension>.yaml`; the file's path, and what was lost, guessed or changed.

    Raises CodebookError if the file is no codebook, or if the dimension is there already and `force` is not set.
    """
    from strategy_miner.coding.codebook_text import written
    from strategy_miner.coding.refi_qda import MOST_BYTES
    from strategy_miner.coding.refi_qda import import_qdc as read

    try:
        with Path(path).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CodebookError(f"cannot be read: {error.strerror}", str(path), "Name a .qdc file.") from None
    imported = read(data, str(path), dimension)
    name = imported.values["dimension"]
    if not re.fullmatch(r"[\w-]+", name):
        raise CodebookError(f"dimension {name!r} is no plain name", str(path), "Give another with --dimension.")
    target = Path(folder) / f"{name}.yaml"
    if target.exists() and not force:
        raise CodebookError("is there already", str(target), "Use another folder or dimension, or --force.")
    return _write(target, written(imported.values).encode("utf-8")), imported.told


def faults(path: Path) -> list[CodebookError]:
    """What the loader would refuse in a file of a dimension."""
    from strategy_miner.coding import Codebook

    return Codebook.checked(path.parent, path.stem)[1]


def _demand_ending(path: Path, ending: str, other: str) -> None:
    if path.suffix.lower() != ending:
        raise SettingsError("the ending does not fit", str(path), f"Let the name end in {ending}; {other}.")


def _write(path: Path, data: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise CodebookError(f"cannot be written: {error.strerror}", str(path), "Choose another.") from None
    return path


@dataclass(frozen=True)
class Diff:
    """What differs between two codebooks, and what that does to a corpus. The shares are uncorrected."""

    changes: list[Change]
    segments: list[Recoded]
    shares: list[Share]


def diff(old: str, new: str, dimension: str = "field", corpus: str | None = None) -> Diff:
    """Compare two codebooks on the segments of a corpus.

    `old`, `new`: folders of codebook files, or git revisions of one such as "HEAD~1:corpus/codebook".
    Raises CodebookError if a codebook is missing or wrong, StoreError if the corpus has not been coded.
    """
    from strategy_miner.analysis.recoded import Coders, recoded
    from strategy_miner.coding import Codebook
    from strategy_miner.coding.codebook_diff import changes

    settings, build = project_settings(), build_folder(corpus)
    with ExitStack() as kept:
        one, other = (Codebook.load(_folder(text, kept), dimension) for text in (old, new))
    coders = Coders(project_encoder(), settings.seed, settings.classify.threshold)
    return Diff(changes(one, other), *recoded(build, one, other, coders))


def gained_and_lost(segments: Sequence[Recoded]) -> list[tuple[str, int, int, int, int]]:
    """Per code that some segment gained or lost: how many had it, have it, gained it, lost it; most changed first."""
    counts: dict[str, list[int]] = {}
    for segment in segments:
        old, new = ({code for code, _ in codes} for codes in (segment.old, segment.new))
        for code in sorted(old | new):
            row = counts.setdefault(code, [0, 0, 0, 0])
            for place, holds in enumerate((code in old, code in new, code in new - old, code in old - new)):
                row[place] += holds
    ordered = sorted(counts.items(), key=lambda item: (-item[1][2] - item[1][3], item[0]))
    return [(code, old, new, gained, lost) for code, (old, new, gained, lost) in ordered if gained or lost]


def _folder(text: str, kept: ExitStack) -> Path:
    """The folder that is meant; that of a git revision is laid out until `kept` is closed."""
    if Path(text).is_dir() or ":" not in text:
        return codebook_folder(text)
    remedy = "Name a folder, or a revision and a folder such as HEAD~1:corpus/codebook."
    if text.startswith("-"):
        raise CodebookError("no such folder or revision", text, remedy)
    command = ["git", "-C", str(project_root()), "archive", "--format=tar", text]
    try:
        packed = subprocess.run(command, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        reason = (getattr(error, "stderr", b"") or b"").decode(errors="replace").strip().split("\n")[0]
        raise CodebookError(f"no such folder or revision ({reason or error})", text, remedy) from None
    folder = Path(kept.enter_context(tempfile.TemporaryDirectory()))
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        for member in tar:  # extractall is safe only with the filter that Python 3.11.4 brought
            if member.isfile() and ".." not in PurePosixPath(member.name).parts and not member.name.startswith("/"):
                target = folder / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                content = tar.extractfile(member)
                target.write_bytes(content.read() if content else b"")
    return folder


def codebook_folder(given: str | Path | None) -> Path:
    """The folder of codebook files: the one given, else that of params.yaml. Raises CodebookError if it is missing."""
    folder = Path(given or project_settings().classify.codebook)
    if not folder.is_dir():
        raise CodebookError("no codebook folder", str(folder), "Name a folder that holds <dimension>.yaml files.")
    return folder
