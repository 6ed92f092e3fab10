"""The verb `verify`: is the result of a corpus still what its sources say?

from strategy_miner import verify
all(part.ok for part in verify("demo"))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from strategy_miner.errors import CorpusError
from strategy_miner.verbs import build_folder, project_root, project_settings, results

if TYPE_CHECKING:
    from strategy_miner.checking import Part
    from strategy_miner.corpus import Corpus


def verify(corpus: str | None = None, told: Callable[[str], None] = lambda label: None) -> list[Part]:
    """Check the results of a corpus: its documents' hashes and, in them, the words under every quoted box.

    `told` is called with what is being done. Returns one part per kind of check; what differs is in `mismatches`, what
    could not be checked in `unchecked`. Raises StoreError if there is no database, or one of another schema version.
    """
    from strategy_miner.checking.passages import quoted
    from strategy_miner.checking.reread import check_quotes
    from strategy_miner.checking.sources import check_sources

    settings = project_settings()
    with results(corpus) as connection:
        told("hashes of the documents")
        documents, files = check_sources(connection, _corpus(build_folder(corpus).name))
        told("words under the quoted boxes")
        quotes, names = check_quotes(quoted(connection), files, settings.extract)
    return [documents, quotes, names]


def _corpus(name: str) -> Corpus | None:
    from strategy_miner.corpus import Corpus

    try:
        return Corpus.load(project_root() / "corpus", name, project_root() / project_settings().pdf_folder(name))
    except CorpusError:
        return None
