"""What tables, columns and coded values are called in files for people; the words stand in wording.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LANGUAGES = ("de", "en")
_SHEET_NAME = 31  # characters that Excel allows


@cache
def _words() -> dict[str, dict[str, Any]]:
    """Words by part and key, each a pair of German and English; of a column's values a table of such pairs."""
    text = files("strategy_miner.store").joinpath("wording.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


@dataclass(frozen=True, slots=True)
class Wording:
    """The names in one language. Without a language everything is called as in the database.

    Args:
        lang: "de", "en" or "".
        cohort: what this corpus calls a cohort in that language, for example Staffel.
    """

    lang: str = ""
    cohort: str = ""

    @property
    def of_database(self) -> bool:
        """Whether names and numbers stay as they are, for programs."""
        return not self.lang

    def title(self, table: str) -> str:
        """What a table or sheet is called, in at most 31 characters."""
        return (self._found("tables", table) or table)[:_SHEET_NAME]

    def holds(self, table: str) -> str:
        """What a table holds, in some words; empty for one that is not known."""
        words = _words()["tables"].get(table)
        return self._named(words[2 + LANGUAGES.index(self.lang or "en")]) if words else ""

    def heading(self, table: str, column: str) -> str:
        """What stands above a column; one of a table goes before one of all tables."""
        found = self._found("columns", f"{table}.{column}") or self._found("columns", column) or column
        return self._named(found)

    def values(self, table: str, column: str) -> dict[str, str]:
        """The coded values of a column and the words for them; any other text stays as it is."""
        if not self.lang:
            return {}
        known, place = _words()["values"], LANGUAGES.index(self.lang)
        of_column = {**known.get(column, {}), **known.get(f"{table}.{column}", {})}
        return {value: words[place] for value, words in of_column.items()}

    def word(self, key: str) -> str:
        """A word of the file itself, such as the name of its notes; English where no language is chosen."""
        return str(_words()["words"][key][LANGUAGES.index(self.lang or "en")])

    def unit(self, table: str, column: str) -> str:
        """How the numbers of a column are shown: percent, decimal, whole, or "" for as they are."""
        for unit, columns in _words()["units"].items():
            if f"{table}.{column}" in columns or column in columns:
                return unit
        return ""

    def _named(self, text: str) -> str:
        return text.replace("{cohort}", self.cohort or self.word("cohort"))

    def _found(self, part: str, key: str) -> str:
        words = _words()[part].get(key) if self.lang else None
        return str(words[LANGUAGES.index(self.lang)]) if words else ""


PLAIN = Wording()
