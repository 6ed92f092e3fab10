"""The verbs `verify` and `bundle`: is a result still what its sources say, and the result sealed in one archive.

from strategy_miner import bundle, verify, verify_bundle
all(part.ok for part in verify("demo"))
path, seal = bundle("demo")
parts, seal = verify_bundle(path)
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from strategy_miner.errors import CorpusError
from strategy_miner.settings import Settings
from strategy_miner.verbs import project_root, project_settings, results_file

if TYPE_CHECKING:
    from strategy_miner.checking import Part
    from strategy_miner.corpus import Corpus


def verify(corpus: str | None = None, told: Callable[[str], None] = lambda label: None) -> list[Part]:
    """Check the results of a corpus: documents, the words under every quoted box, every figure, the report.

    `told` is called with what is being done. Returns one part per kind of check; what differs is in `mismatches`, what
    could not be checked in `unchecked`. Raises StoreError if there is no database, or one of another schema version.
    """
    database = results_file(corpus)
    return _checked(database, database.parent.name, told)


def bundle(corpus: str | None = None, output: str | Path | None = None) -> tuple[Path, str]:
    """Pack report, database, exports and provenance of a corpus into one archive; its path and its seal.

    The default is build/CORPUS/CORPUS.zip. The seal is a hash over all files: note it down elsewhere. Raises StoreError
    if there is no result or the archive cannot be written.
    """
    from strategy_miner.checking.bundle import write_bundle

    build = results_file(corpus).parent
    target = Path(output) if output else build / f"{build.name}.zip"
    return target, write_bundle(build, target)


def verify_bundle(
    path: str | Path, seal: str = "", told: Callable[[str], None] = lambda label: None
) -> tuple[list[Part], str]:
    """Check a bundle: every file against its hash, then the result in it like `verify`; the parts and the seal found.

    The documents are those of the corpus of the same name in this project, if there is one. `seal`: the one that was
    noted down. Raises StoreError if it is no bundle.
    """
    from strategy_miner.checking.bundle import DATABASE, unpack
    from strategy_miner.store import query

    with TemporaryDirectory(prefix="strategy-miner-") as folder:
        told("files of the bundle")
        files, found = unpack(Path(path), Path(folder), seal)
        database = Path(folder, DATABASE)
        if any(line.startswith(DATABASE) for line in files.mismatches):
            files.unchecked.append("what is in the database, because it is not the one that was sealed")
            return [files], found
        names = query(database, "SELECT value FROM corpus_info WHERE key = 'name'")[1]
        return [files, *_checked(database, names[0][0] if names else "", told)], found


def _checked(database: Path, name: str, told: Callable[[str], None]) -> list[Part]:
    """All checks of a database and the report beside it; the documents are those of the project's corpus `name`."""
    from strategy_miner.checking.made_with import check_provenance
    from strategy_miner.checking.whole import check_result
    from strategy_miner.store.database import damage_told

    own, settings = _corpus(name), project_settings()
    with damage_told(database):
        made_with = check_provenance(database, own, settings, Settings.load(project_root() / "params.yaml"))
        documents, *rest = check_result(database, database.parent / "report", own, settings, told)
    return [documents, made_with, *rest]


def _corpus(name: str) -> Corpus | None:
    from strategy_miner.corpus import Corpus

    if name not in project_settings().corpora:
        return None
    try:
        return Corpus.load(project_root() / "corpus", name, project_root() / project_settings().pdf_folder(name))
    except CorpusError:
        return None
