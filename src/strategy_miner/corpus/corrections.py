"""declared_fields.csv: what people say about the declared fields of a project, over what the machine found.

One row a field. A name that the machine found too confirms it, and what the row gives of codes, orientation and
ecology stands instead of the machine's; a name that it did not find is added; `instead_of` renames. `action` is empty,
`remove` (the name is no field) or, in a row without a name, `complete` (the project has the fields of this file and no
others). A row of another coder for the same name is a second reading: the first row counts, and how far such readings
differ is the error of measurement. No stage ever writes this file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from strategy_miner.errors import CorpusError
from strategy_miner.records import ORIENTATIONS
from strategy_miner.text import fold

CORRECTION_COLUMNS = ("project_id", "field_name", "codes", "orientation", "ecology", "coder")  # these must be there
FURTHER_COLUMNS = ("action", "instead_of")
REMOVE, COMPLETE = "remove", "complete"
SECOND = "second"  # the action of a row that another coder wrote for a name that counts as the first row has it
_MOST_CODES = 4
_FLAGS = {"": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class NamedField:
    """The name of a field of action that a person or a public page gives for a project; codes as far as given.

    `action` and `instead_of` (the machine's name that this one replaces) occur in rows of people only; `where` is the
    place of the row.
    """

    project_id: str
    field_name: str
    origin: str
    source: str
    codes: tuple[str, ...] = ()
    orientation: str = ""
    ecology: bool | None = None
    action: str = ""
    instead_of: str = ""
    where: str = ""


def same_name(name: str) -> str:
    """What two spellings of a field's name have in common: case, umlauts, "&" and spaces do not tell names apart."""
    return " ".join(re.sub(r"[^\w]+", " ", fold(name.replace("&", " und "))).split())


def person_fields(rows: Iterable[tuple[int, dict[str, str]]], file: str, projects: Collection[str]) -> list[NamedField]:
    """The rows of declared_fields.csv (line, cells), checked; empty ones are passed over.

    A row of another coder for a name that a plain row has already is given the action `second` and that row's name.

    Raises CorpusError with the line for an unknown project, orientation, flag or action, a row without a name, and a
    name or `complete` given twice by the same coder.
    """
    found: list[NamedField] = []
    seen: dict[tuple[str, str], NamedField] = {}
    coders: set[tuple[str, str, str]] = set()
    for line, row in rows:
        if not any(row.values()):
            continue
        field = _person_field(row, f"{file}, line {line}", projects)
        names = (same_name(field.field_name) or f"({field.action})", same_name(field.instead_of))
        first = seen.get((field.project_id, names[0]))
        reading = (field.project_id, names[0], field.source)
        plain = first is not None and not (field.action or field.instead_of or first.action)
        if first is not None and plain and reading not in coders and same_name(first.field_name) == names[0]:
            field = replace(field, field_name=first.field_name, action=SECOND)
        else:
            for name in filter(None, dict.fromkeys(names)):
                if (field.project_id, name) in seen:
                    other = seen[field.project_id, name].where
                    raise CorpusError(
                        f"{field.field_name or field.action!r} stands twice for {field.project_id}",
                        field.where, f"Keep one of the two rows; the other is {other.removeprefix(f'{file}, ')}.",
                    )  # fmt: skip
                seen[field.project_id, name] = field
        coders.add(reading)
        found.append(field)
    return found


def demand_known_codes(fields: Iterable[NamedField], known: Collection[str]) -> None:
    """Raises CorpusError for the first code that the codebook lacks, with the line of its row."""
    for field in fields:
        for code in field.codes:
            if code not in known:
                raise CorpusError(
                    f"unknown code {code!r}", field.where, f"Use ids of the codebook: {', '.join(sorted(known))}."
                )


def _person_field(row: dict[str, str], where: str, projects: Collection[str]) -> NamedField:
    project, name = row["project_id"], row["field_name"]
    orientation, ecology = row["orientation"].lower(), row["ecology"].lower()
    action, instead_of = (row.get(column, "").strip() for column in FURTHER_COLUMNS)
    action = action.lower()
    codes = tuple(re.split(r"[\s;|]+", row["codes"])) if row["codes"] else ()
    wrong = (
        (project not in projects, f"unknown project_id {project!r}", "Use an id of projects.csv or add it there."),
        (orientation not in ("", *ORIENTATIONS), f"orientation {orientation!r}",
         f"Use {', '.join(ORIENTATIONS)} or leave it empty."),
        (ecology not in _FLAGS, f"ecology {ecology!r}", "Use true, false or leave it empty."),
        (action not in ("", REMOVE, COMPLETE), f"action {action!r}",
         f"Use {REMOVE} or {COMPLETE}, or leave it empty to confirm, correct or add a field."),
        (not name and action != COMPLETE, "field_name is empty", "Write the name, or delete the row."),
        (bool(name) and action == COMPLETE, f"{COMPLETE} stands in the row of a field",
         "Give it a row of its own with project_id, action and coder only."),
        (bool(instead_of) and action != "", f"instead_of does not go with {action!r}", "Leave one of the two empty."),
        (len(codes) > _MOST_CODES, f"{len(codes)} codes", f"Give at most {_MOST_CODES}, the most important ones."),
    )  # fmt: skip
    for is_wrong, what, remedy in wrong:
        if is_wrong:
            raise CorpusError(what, where, remedy)
    flag = _FLAGS[ecology]
    return NamedField(project, name, "person", row["coder"], codes, orientation, flag, action, instead_of, where)
