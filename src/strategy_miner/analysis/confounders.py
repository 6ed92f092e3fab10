"""Copies between projects, echoes of the call texts, and every share with and without them.

A passage that many projects share says nothing of any of them, and if one cohort has more of it, it fakes a trend.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from strategy_miner.analysis.calls import Calls, add_vocabulary, fields_in_calls, read_calls
from strategy_miner.analysis.intervals import process_interval, share
from strategy_miner.analysis.samples import Cohorts, Point, sample
from strategy_miner.analysis.without import add_versions
from strategy_miner.coding.copies import (
    Pair,
    groups,
    municipal_names,
    near_pairs,
    plain_words,
    shingles,
    taken_over,
)
from strategy_miner.settings import AnalyseSettings, ConfounderSettings
from strategy_miner.store import insert

if TYPE_CHECKING:
    from strategy_miner.store import Connection

Row = tuple[object, ...]

KINDS = ("copy", "boilerplate", "within", "furniture", "echo")
_TIMES = 3  # a short text that stands so often in a document is furniture of its pages
_SUBSTREAM = 7


@dataclass(frozen=True)
class Passages:
    """The segments of documents of status read, in one order; `owners` are the projects of a segment's document."""

    ids: tuple[str, ...]
    documents: tuple[str, ...]
    owners: tuple[frozenset[str], ...]
    words: tuple[tuple[str, ...], ...]


def add_confounders(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
    """Fill the tables of confounders.sql; without text or call texts those that need them stay empty."""
    rules = settings.confounders
    passages = _passages(connection)
    sets = [shingles(words) if len(words) >= rules.shortest else frozenset() for words in passages.words]
    pairs = near_pairs(sets, rules.similarity, seed + _SUBSTREAM)
    repeated = repeated_rows(passages, pairs, rules.boilerplate_projects)
    insert(connection, "repeated", repeated)
    calls = read_calls(connection, cohorts)
    echoes = _echo_rows(passages, cohorts, calls, rules)
    insert(connection, "echoes", echoes)
    marked = {
        "copy": {row[0] for row in repeated}, "boilerplate": {row[0] for row in repeated if row[5]},
        "within": _within(passages, pairs), "furniture": _furniture(passages, rules.shortest),
        "echo": {row[0] for row in echoes},
    }  # fmt: skip
    for kind in KINDS:
        insert(connection, "repetition", _repetition_rows(kind, passages, cohorts, marked[kind], calls))
    fields = fields_in_calls(connection, cohorts, calls)
    add_versions(connection, cohorts, settings, calls, fields)
    add_vocabulary(connection, cohorts, calls, fields)


def _passages(connection: Connection) -> Passages:
    sql = """
        SELECT s.id, s.document_id, list(pd.project_id ORDER BY pd.project_id), any_value(s.text)
        FROM segments AS s JOIN documents AS d ON d.document_id = s.document_id AND d.status = 'read'
        JOIN project_documents AS pd ON pd.document_id = s.document_id
        GROUP BY s.id, s.document_id ORDER BY s.document_id, s.id"""
    rows = connection.execute(sql).fetchall()
    names = municipal_names(row[0] for row in connection.execute("SELECT name FROM projects").fetchall())
    owners: dict[str, frozenset[str]] = {row[1]: frozenset(row[2]) for row in rows}
    return Passages(
        tuple(row[0] for row in rows), tuple(row[1] for row in rows), tuple(owners[row[1]] for row in rows),
        tuple(tuple(plain_words(row[3], names)) for row in rows),
    )  # fmt: skip


def repeated_rows(passages: Passages, pairs: Sequence[Pair], boilerplate: int) -> list[Row]:
    """Rows of table repeated: groups of passages that a chain of pairs between different projects links.

    Pairs within a project do not link: a text that repeats itself is no copy of another's.
    """
    owners = passages.owners
    across = [pair for pair in pairs if owners[pair.first].isdisjoint(owners[pair.second])]
    nearest: dict[int, Pair] = {}
    for pair in across:
        for place in (pair.first, pair.second):
            if place not in nearest or pair.similarity > nearest[place].similarity:
                nearest[place] = pair
    members: defaultdict[int, list[int]] = defaultdict(list)
    for place, first in groups(across).items():
        members[first].append(place)
    sized = [
        (len({p for place in places for p in owners[place]}), len({passages.documents[p] for p in places}), places)
        for places in members.values()
    ]
    sized.sort(key=lambda group: (-group[0], -len(group[2]), group[2][0]))
    return [
        (
            passages.ids[place], passages.documents[place], number, documents, projects, projects >= boilerplate,
            nearest[place].similarity, passages.ids[_other(nearest[place], place)],
        )
        for number, (projects, documents, places) in enumerate(sized, start=1)
        for place in places
    ]  # fmt: skip


def _other(pair: Pair, place: int) -> int:
    return pair.second if pair.first == place else pair.first


def _within(passages: Passages, pairs: Iterable[Pair]) -> set[object]:
    """Segments with a near-duplicate in the same project."""
    own = (p for p in pairs if not passages.owners[p.first].isdisjoint(passages.owners[p.second]))
    return {passages.ids[place] for pair in own for place in (pair.first, pair.second)}


def _furniture(passages: Passages, shortest: int) -> set[object]:
    """Short segments whose words stand three times in their document: running heads and the like."""
    short = [(d, w) for d, w in zip(passages.documents, passages.words, strict=True) if 0 < len(w) < shortest]
    often = {key for key, times in Counter(short).items() if times >= _TIMES}
    rows = zip(passages.ids, passages.documents, passages.words, strict=True)
    return {segment_id for segment_id, document_id, words in rows if (document_id, words) in often}


def _repetition_rows(
    kind: str, passages: Passages, cohorts: Cohorts, marked: Collection[object], calls: Calls
) -> list[Row]:
    """Per cohort the mean share of a project's segments that are marked; echoes only where there is a call text."""
    total: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for segment_id, owners in zip(passages.ids, passages.owners, strict=True):
        for project_id in owners:
            if kind != "echo" or calls.of(cohorts.number_of[project_id]):
                total[project_id] += 1
                found[project_id] += segment_id in marked
    points = [
        Point(p, found[p] / total[p], 1.0, found[p], total[p], (found[p], total[p]), "") for p in sorted(total)
    ]  # fmt: skip
    of = sample(kind, "", cohorts, points)
    rows: list[Row] = []
    for number, cohort in cohorts.groups:
        mask = of.chosen(number)
        if mask.any():
            estimate = share(of.a[mask], of.b[mask])
            low, high = process_interval(estimate) or (None, None)
            counts = of.counts[mask]
            rows.append((kind, cohort, int(mask.sum()), int(of.units[mask].sum()), int(counts.sum()),
                         int((counts > 0).sum()), estimate.value, low, high))  # fmt: skip
    return rows


def _echo_rows(passages: Passages, cohorts: Cohorts, calls: Calls, rules: ConfounderSettings) -> list[Row]:
    """Rows of table echoes: passages of which half, or twelve words in a row, stand in a call of their cohort."""
    rows: list[Row] = []
    for segment_id, document_id, owners, words in zip(
        passages.ids, passages.documents, passages.owners, passages.words, strict=True
    ):
        of_owners = chain.from_iterable(calls.of(cohorts.number_of[p]) for p in sorted(owners))
        found = [(*taken_over(words, call.shingles), call.file) for call in of_owners]
        if found and len(words) >= rules.shortest:
            part, run, file = max(found)
            if part >= rules.echo_share or run >= rules.echo_words:
                rows.append((segment_id, document_id, file, part, run))
    return rows
