"""The call texts that the user supplied, and what strategies take over from them: wording, words, names of fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from strategy_miner.analysis.samples import OUTSIDE, Cohorts
from strategy_miner.coding.copies import (
    Shingles,
    content_stems,
    municipal_names,
    names_within,
    plain_words,
    shingles,
    stem,
)
from strategy_miner.store import insert

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]
Field = tuple[str, str, bool]  # project_id, id of a declared field, whether its name stands in a call


@dataclass(frozen=True)
class Call:
    """A call text as it is compared: its runs of three words, and its stems as a text."""

    file: str
    shingles: Shingles
    stems: str


@dataclass(frozen=True)
class Calls:
    """The call texts by the number of the cohort that they belong to; those of all cohorts belong to each."""

    by_cohort: dict[int, tuple[Call, ...]]

    def of(self, cohort: int) -> tuple[Call, ...]:
        """The calls of a cohort; a project outside the cohorts has those that belong to all."""
        return self.by_cohort.get(cohort, ())

    def everywhere(self, cohorts: Iterable[int]) -> bool:
        """Whether each of the cohorts has a call: else leaving out echoes would change some of them only."""
        numbers = set(cohorts)
        return bool(numbers) and all(self.of(number) for number in numbers)


def read_calls(connection: Connection, cohorts: Cohorts) -> Calls:
    """The call texts of table calls."""
    names = municipal_names(row[0] for row in connection.execute("SELECT name FROM projects").fetchall())
    found: defaultdict[int, list[Call]] = defaultdict(list)
    for file, cohort, text in connection.execute("FROM calls ORDER BY file").fetchall():
        call = Call(file, shingles(plain_words(text, names)), f" {' '.join(content_stems(text))} ")
        numbers = [cohorts.names.index(cohort)] if cohort is not None else range(OUTSIDE, len(cohorts.names))
        for number in numbers:
            found[number].append(call)
    return Calls({number: tuple(calls) for number, calls in found.items()})


def fields_in_calls(connection: Connection, cohorts: Cohorts, calls: Calls) -> list[Field]:
    """(project_id, id of the field, whether its name stands in a call) of the projects whose cohort has a call."""
    rows = connection.execute("SELECT project_id, id, field_name FROM declared ORDER BY ALL").fetchall()
    return [
        (project_id, field_id, any(names_within(name, call.stems) for call in texts))
        for project_id, field_id, name in rows
        if (texts := calls.of(cohorts.number_of[project_id]))
    ]


def in_call(row: Row, cohorts: Cohorts, calls: Calls) -> bool | None:
    """Whether the word of a row of typical_words stands in a call of its cohort; None where there is none."""
    texts = calls.of(cohorts.names.index(str(row[0])))
    parts = [stem(part) for part in str(row[2]).split("-")]
    return any(f" {' '.join(parts)} " in call.stems for call in texts) if texts else None


def add_vocabulary(connection: Connection, cohorts: Cohorts, calls: Calls, fields: Sequence[Field]) -> None:
    sql = (
        "SELECT cohort, count(*), count(*) FILTER (in_call) FROM typical_word_versions WHERE version = 'all' GROUP BY 1"
    )
    words = {cohort: counts for cohort, *counts in connection.execute(sql).fetchall()}
    rows: list[Row] = []
    for number, cohort in enumerate(cohorts.names):
        if texts := calls.of(number):
            own = [(p, taken) for p, _, taken in fields if cohorts.number_of[p] == number]
            taken = sum(taken for _, taken in own)
            rows.append((cohort, [call.file for call in texts], *words.get(cohort, (0, 0)),
                         len({p for p, _ in own}), len(own), taken))  # fmt: skip
    insert(connection, "call_vocabulary", rows)
