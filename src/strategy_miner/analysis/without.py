"""Every share with and without the passages that are repeated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from strategy_miner.analysis import shift
from strategy_miner.analysis.calls import Calls, Field, in_call
from strategy_miner.analysis.corrected import labelled
from strategy_miner.analysis.intervals import or_null, share
from strategy_miner.analysis.passages import typical_word_rows
from strategy_miner.analysis.samples import OUTSIDE, Cohorts, Sample, declared_samples, text_samples
from strategy_miner.store import insert
from strategy_miner.store.schema import name

if TYPE_CHECKING:
    from strategy_miner.settings import AnalyseSettings
    from strategy_miner.store import Connection

Row = tuple[object, ...]

_NOT = {
    "all": "SELECT NULL WHERE false",
    "no_copies": "SELECT segment_id FROM repeated",
    "no_echo": "SELECT segment_id FROM echoes",
    "neither": "SELECT segment_id FROM repeated UNION SELECT segment_id FROM echoes",
}


@contextmanager
def _without(connection: Connection, unwanted: str) -> Iterator[None]:
    """Within the block `segments` and `lemmas` lack the segments of a query: views of the session stand before the
    tables, so that the very functions that make the shares of the report make these."""
    connection.execute(f"CREATE TEMP TABLE unwanted AS SELECT * FROM ({unwanted}) AS t(segment_id)")
    for table, key in (("segments", "id"), ("lemmas", "segment_id")):
        connection.execute(
            f"CREATE TEMP VIEW {table} AS FROM {_main(connection)}.{table} "
            f"WHERE {key} NOT IN (SELECT segment_id FROM temp.unwanted)"
        )
    yield  # no `finally`: an error ends the session, and its views with it
    for table in ("segments", "lemmas"):
        connection.execute(f"DROP VIEW temp.{table}")
    connection.execute("DROP TABLE temp.unwanted")


def _main(connection: Connection) -> str:
    """The schema of the tables, in full: within the session's own schema `main` is that one."""
    return name(connection.execute("SELECT current_database()").fetchall()[0][0]) + ".main"


def add_versions(
    connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, calls: Calls, fields: Sequence[Field]
) -> None:
    """Tables confounders, confounder_contrasts and typical_word_versions. A version without echoes is made only where
    every cohort has a call text. With gold H3 is made corrected, too."""
    inside = [number for number in cohorts.number_of.values() if number != OUTSIDE]
    echo = calls.everywhere(inside)
    versions: dict[tuple[str, str, str], list[tuple[str, Sample]]] = {}
    for version in _NOT:
        if version in ("no_echo", "neither") and not echo:
            continue
        with _without(connection, _NOT[version]):
            samples = text_samples(connection, cohorts)
            words = typical_word_rows(connection, cohorts)
        unwanted = {segment_id for (segment_id,) in connection.execute(_NOT[version]).fetchall()}
        gold = labelled(connection, settings, unwanted)
        for of in [*samples, *([gold.sample(cohorts)] if gold else [])]:
            versions.setdefault((of.estimand, of.code, shift.label(of)), []).append((version, of))
        insert(connection, "typical_word_versions", [(version, *row, in_call(row, cohorts, calls)) for row in words])
    if echo:
        versions["H1", "", ""] = list(_field_versions(connection, cohorts, fields))
    for found in versions.values():
        if any(len(of) for _, of in found):
            insert(connection, "confounders", list(_value_rows(cohorts, found)))
            if len(cohorts.names) > 1:
                insert(connection, "confounder_contrasts", list(_contrast_rows(cohorts, found)))


def _field_versions(connection: Connection, cohorts: Cohorts, fields: Sequence[Field]) -> Iterator[tuple[str, Sample]]:
    yield "all", declared_samples(connection, cohorts)[0]
    connection.execute("CREATE TEMP TABLE taken (project_id VARCHAR, id VARCHAR)")
    insert(connection, "taken", [(project_id, field_id) for project_id, field_id, taken in fields if taken])
    connection.execute(
        f"CREATE TEMP VIEW declared AS FROM {_main(connection)}.declared ANTI JOIN temp.taken USING (project_id, id)"
    )
    yield "no_echo", declared_samples(connection, cohorts)[0]
    connection.execute("DROP VIEW temp.declared")
    connection.execute("DROP TABLE temp.taken")


def _value_rows(cohorts: Cohorts, versions: Sequence[tuple[str, Sample]]) -> Iterator[Row]:
    whole: dict[str, float] = {}
    for version, of in versions:
        for number, cohort in cohorts.groups:
            mask = of.chosen(number)
            value = or_null(share(of.a[mask], of.b[mask]).value)
            if version == "all" and value is not None:
                whole[cohort] = value
            moved = value - whole[cohort] if value is not None and cohort in whole else None
            yield (
                of.estimand, of.code, shift.label(of), version, cohort, int(mask.sum()), int(of.units[mask].sum()),
                value, moved,
            )  # fmt: skip


def _contrast_rows(cohorts: Cohorts, versions: Sequence[tuple[str, Sample]]) -> Iterator[Row]:
    whole, units = None, 0
    for version, of in versions:
        contrast = shift.raw_contrast(cohorts, of)
        inside = of.cohorts != OUTSIDE
        n = int(of.units[inside].sum())
        if version == "all":
            whole, units = contrast.difference, n
        moved = contrast.difference - whole if contrast.difference is not None and whole is not None else None
        yield (
            of.estimand, of.code, shift.label(of), version, cohorts.names[0], cohorts.names[-1], int(inside.sum()), n,
            units - n, contrast.difference, *(contrast.interval or (None, None)), moved,
        )  # fmt: skip
