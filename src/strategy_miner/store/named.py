"""Which names of fields count for a project: what was found in its text or on public pages, as people corrected it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from strategy_miner.corpus import NamedField
from strategy_miner.corpus.corrections import COMPLETE, REMOVE, same_name
from strategy_miner.errors import StoreError
from strategy_miner.records import DeclaredField


@dataclass(frozen=True, slots=True)
class CountedField:
    """A name of a field, who set its orientation and its flag ecology, and whether it belongs to its project's list."""

    field: DeclaredField
    oriented_by: str
    counts: bool
    ecology_by: str = "machine"


def counted_fields(
    found: Sequence[DeclaredField], person: Sequence[DeclaredField], rows: Sequence[NamedField]
) -> list[CountedField]:
    """The fields of one project, in the order of its list.

    The list is that of the text or, where the text gives none, that of the public pages. A row of a person stands in
    the place of the name that it confirms, corrects or renames, with page, level and evidence of the machine; what is
    left of the list counts too, unless the person says that the rows are complete. What does not count stays visible.

    Args:
        found: what the machine read from texts (origin text) and what public pages say (origin web).
        person: the rows of people that name a field, coded.
        rows: all rows of people for this project, as they stand in declared_fields.csv.

    Raises StoreError for a row that was written after the stage fields ran.
    """
    base = [field for field in found if field.origin == "text"] or list(found)
    complete = any(row.action == COMPLETE for row in rows)
    dropped = {same_name(row.field_name) for row in rows if row.action == REMOVE}
    given = {same_name(row.field_name): row for row in rows if not row.action}
    own = {name: field for field in person if (name := same_name(field.field_name)) in given}
    if missing := [row for name, row in given.items() if name not in own]:
        what = f"{missing[0].field_name!r} of declared_fields.csv is not coded yet"
        raise StoreError(what, missing[0].where, "Run `dvc repro`.")
    replaced = {same_name(row.instead_of): name for name, row in given.items() if row.instead_of}
    result: list[CountedField] = []
    for field in base:
        machine = same_name(field.field_name)
        name = replaced.get(machine, machine)
        if name in own:
            mine = own.pop(name)
            mine = replace(
                mine, document_id=field.document_id, page=field.page, level=field.level, evidence=field.evidence
            )
            result.append(_by_person(mine, given[name]))
        superseded = name in given or machine in dropped or complete
        result.append(CountedField(field, "machine", not superseded))
    result += [_by_person(field, given[name]) for name, field in own.items()]
    return [*result, *(CountedField(field, "machine", False) for field in found if field not in base)]


def _by_person(field: DeclaredField, row: NamedField) -> CountedField:
    ecology_by = "machine" if row.ecology is None else "person"
    return CountedField(field, "person" if row.orientation else "machine", True, ecology_by)
