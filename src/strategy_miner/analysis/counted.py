"""What a corpus counts: projects, facts of its tables, measures of its documents, for any set of its projects."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from strategy_miner.analysis.samples import ECOLOGY
from strategy_miner.text import fold

if TYPE_CHECKING:
    from strategy_miner.store import Connection

YES, NO = ("yes", "ja", "true", "1"), ("no", "nein", "false", "0")
UNITS = {"EUR": 1.0, "Tsd. EUR": 1e3, "Mio. EUR": 1e6}
_SAME = {"integriert": "integrated"}  # German values of columns whose values are English


class NotMeasured(Exception):
    """Why a quantity has no value: a key of the reasons of table published, with its parameters."""

    def __init__(self, key: str, **parameters: object) -> None:
        super().__init__(key)
        self.key, self.parameters = key, parameters


@dataclass(frozen=True, slots=True)
class Counted:
    """A quantity over `n` projects with a value. `low` and `high`: what it could be with those without one."""

    value: float | None
    denominator: float | None
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Measured:
    """What a measure is about, and the projects that share its document."""

    projects: frozenset[str]
    status: str
    codes: frozenset[str]
    technologies: frozenset[str]


@dataclass(frozen=True)
class Corpus:
    """The parts of a database that are counted.

    `types`: municipality type by project; `facts`: column -> project -> (cell, number), filled cells only;
    `naming_ecology`: whether a project with known fields declares one on ecology; `reading`: projects with a document
    that was read; `known`: codes of the codebook by dimension.
    """

    types: Mapping[str, str]
    facts: Mapping[str, Mapping[str, tuple[str, float | None]]]
    naming_ecology: Mapping[str, bool]
    reading: frozenset[str]
    found: tuple[Measured, ...]
    known: Mapping[str, frozenset[str]]

    @classmethod
    def read(cls, connection: Connection) -> Corpus:
        """From projects, project_facts, project_values (H2), documents, measures and codes."""
        sql = "SELECT project_id, municipality_type FROM projects ORDER BY project_id"
        types = dict(connection.execute(sql).fetchall())
        facts: dict[str, dict[str, tuple[str, float | None]]] = {}
        sql = "SELECT fact, project_id, value, number FROM project_facts WHERE value IS NOT NULL ORDER BY ALL"
        for fact, project_id, value, number in connection.execute(sql).fetchall():
            facts.setdefault(fact, {})[project_id] = (value, number)
        sql = "SELECT project_id, value > 0 FROM project_values WHERE estimand = 'H2' AND code = ? ORDER BY ALL"
        ecology = dict(connection.execute(sql, [ECOLOGY]).fetchall())
        sql = (
            "SELECT DISTINCT project_id FROM project_documents JOIN documents USING (document_id) WHERE status = 'read'"
        )
        reading = frozenset(row[0] for row in connection.execute(sql).fetchall())
        sql = """
            SELECT list(project_id ORDER BY project_id), any_value(m.status), any_value(codes), any_value(technologies)
            FROM measures AS m JOIN project_documents USING (document_id)
            JOIN documents AS d USING (document_id) WHERE d.status = 'read' GROUP BY m.id ORDER BY m.id"""
        found = tuple(
            Measured(frozenset(projects), status, frozenset(codes), frozenset(technologies))
            for projects, status, codes, technologies in connection.execute(sql).fetchall()
        )
        known: dict[str, set[str]] = {}
        for dimension, code in connection.execute("SELECT dimension, id FROM codes").fetchall():
            known.setdefault(dimension, set()).add(code)
        return cls(types, facts, ecology, reading, found, {name: frozenset(ids) for name, ids in known.items()})

    def projects(self, of: Collection[str]) -> Counted:
        """How many projects of the corpus there are."""
        return Counted(len(of), len(self.types), len(of))

    def ecology(self, of: Collection[str]) -> Counted:
        """Projects that declare a field on ecology, among those whose fields are known."""
        if not self.naming_ecology.keys() & of:
            raise NotMeasured("no_fields")
        return _counted(of, {p: named for p, named in self.naming_ecology.items() if p in of})

    def yes(self, of: Collection[str], column: str) -> Counted:
        """Projects with yes (ja, true, 1) in a column."""
        cells = {p: fold(cell) for p, (cell, _) in self._cells(of, column).items()}
        odd = sorted({cell for cell in cells.values() if cell not in YES + NO})
        if odd:
            raise NotMeasured("values", column=column, value=odd[0])
        return _counted(of, {p: cell in YES for p, cell in cells.items()})

    def having(self, of: Collection[str], column: str, value: str) -> Counted:
        """Projects with a value in a column; case does not count."""
        cells = {p: fold(cell) for p, (cell, _) in self._cells(of, column).items()}
        return _counted(of, {p: _SAME.get(cell, cell) == fold(value) for p, cell in cells.items()})

    def mean(self, of: Collection[str], column: str, unit: str) -> Counted:
        """Mean of a column in euros over the projects that have it."""
        numbers = self._euros(of, column, unit)
        return Counted(math.fsum(numbers) / len(numbers), None, len(numbers))

    def total(self, of: Collection[str], column: str, unit: str) -> Counted:
        """Sum of a column in euros."""
        numbers = self._euros(of, column, unit)
        return Counted(math.fsum(numbers), None, len(numbers))

    def measures(
        self, of: Collection[str], status: str = "", technologies: tuple[str, ...] = (), code: str = ""
    ) -> Counted:
        """Measures in the documents read: of a status, naming one of some technologies, or with a code of field."""
        chosen = self._measures(of, code, technologies)
        with_it = [
            m for m in chosen
            if (not status or m.status == status) and (not technologies or m.technologies & set(technologies))
            and (not code or code in m.codes)
        ]  # fmt: skip
        return Counted(len(with_it), len(chosen), len(self.reading & set(of)), low=len(with_it))

    def share(self, of: Collection[str], code: str, technology: str) -> Counted:
        """Share of the measures with a code of field that name a technology."""
        chosen = [m for m in self._measures(of, code, (technology,)) if code in m.codes]
        if not chosen:
            raise NotMeasured("no_cases")
        return Counted(sum(technology in m.technologies for m in chosen) / len(chosen), len(chosen),
                       len(self.reading & set(of)))  # fmt: skip

    def _measures(self, of: Collection[str], code: str, technologies: tuple[str, ...]) -> list[Measured]:
        if not self.reading & set(of):
            raise NotMeasured("no_text")
        wanted = [*(("technology", name) for name in technologies), *([("field", code)] if code else [])]
        for dimension, name in wanted:
            if name not in self.known.get(dimension, ()):
                raise NotMeasured("no_code", code=name)
        return [m for m in self.found if m.projects & set(of)]

    def _cells(self, of: Collection[str], column: str) -> dict[str, tuple[str, float | None]]:
        cells = {p: cell for p, cell in self.facts.get(column, {}).items() if p in of}
        if not cells:
            raise NotMeasured("no_column", column=column)
        return cells

    def _euros(self, of: Collection[str], column: str, unit: str) -> list[float]:
        if unit not in UNITS:
            raise NotMeasured("unit", unit=unit)
        cells = self._cells(of, column)
        for value, number in cells.values():
            if number is None:
                raise NotMeasured("values", column=column, value=value)
        return [number / UNITS[unit] for _, number in cells.values() if number is not None]


def _counted(of: Collection[str], has: Mapping[str, bool]) -> Counted:
    count = sum(has.values())
    return Counted(count, len(has), len(has), low=count, high=count + len(of) - len(has))
