"""Errors that a person can act on: what is wrong, where, and what to do next, in one line."""

from __future__ import annotations


class StrategyMinerError(Exception):
    """Base of all errors that the tool raises on purpose.

    Args:
        what: what is wrong, without a full stop.
        where: the file, row, page, key or statement concerned.
        remedy: what the user can do about it.
    """

    def __init__(self, what: str, where: str = "", remedy: str = "") -> None:
        self.what = _one_line(what)
        self.where = _one_line(where)
        self.remedy = _one_line(remedy)
        super().__init__(what, where, remedy)  # the arguments as given, so that it pickles between processes

    def __str__(self) -> str:
        message = f"{self.where}: {self.what}" if self.where else self.what
        return f"{message}. {self.remedy}" if self.remedy else message


class SettingsError(StrategyMinerError):
    """params.yaml, corpus.yaml or a command line option is wrong."""


class CorpusError(StrategyMinerError):
    """A corpus folder or one of its tables is wrong."""


class ReadingError(StrategyMinerError):
    """A document cannot be read."""


class CodebookError(StrategyMinerError):
    """A codebook file is wrong."""


class ModelError(StrategyMinerError):
    """A model is missing or does not match what is expected of it."""


class SheetError(StrategyMinerError):
    """A coding sheet is wrong. `problems` names every wrong row, one line each; nothing of the sheet was taken."""

    def __init__(self, what: str, where: str = "", remedy: str = "", problems: tuple[str, ...] = ()) -> None:
        super().__init__(what, where, remedy)
        self.problems = problems


class StoreError(StrategyMinerError):
    """The database is missing, locked, outdated, or a statement fails."""


class ReportError(StrategyMinerError):
    """A report cannot be typeset."""


def _one_line(text: str) -> str:
    return " ".join(str(text).split())
