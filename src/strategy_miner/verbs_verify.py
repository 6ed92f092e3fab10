"""The verb `verify`: is the result of a corpus still what its sources say?

from strategy_miner import verify
all(part.ok for part in verify("demo"))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from strategy_miner.errors import CorpusError
from strategy_miner.verbs import project_root, project_settings, results_file

if TYPE_CHECKING:
    from strategy_miner.checking import Part
    from strategy_miner.corpus import Corpus


def verify(corpus: str | None = None, told: Callable[[str], None] = lambda label: None) -> list[Part]:
    """Check the results of a corpus: documents, the words under every quoted box, every figure, the report.

    `told` is called with what is being done. Returns one part per kind of check; what differs is in `mismatches`, what
    could not be checked in `unchecked`. Raises StoreError if there is no database, or one of another schema version.
    """
    from strategy_miner.checking.whole import check_result

    database = results_file(corpus)
    own = _corpus(database.parent.name)
    return check_result(database, database.parent / "report", own, project_settings(), told)


def _corpus(name: str) -> Corpus | None:
    from strategy_miner.corpus import Corpus

    try:
        return Corpus.load(project_root() / "corpus", name, project_root() / project_settings().pdf_folder(name))
    except CorpusError:
        return None
