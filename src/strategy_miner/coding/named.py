"""Names of fields from outside the PDFs: what a person or a public page says, the rest coded by the machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from strategy_miner.corpus import NamedField
from strategy_miner.records import DeclaredField, stable_id


class NameCoding(Protocol):
    """What a coder of names says about one name."""

    @property
    def codes(self) -> tuple[str, ...]: ...
    @property
    def orientation(self) -> str: ...
    @property
    def ecology(self) -> bool: ...


CodeNames = Callable[[Sequence[str]], Sequence[NameCoding]]


def declared_by_name(named: Sequence[NamedField], code_names: CodeNames) -> list[DeclaredField]:
    """DeclaredField records of names that a person or a public page gives; what they leave open the machine codes."""
    codings = code_names([field.field_name for field in named])
    return [
        DeclaredField(
            id=stable_id(field.origin, field.project_id, field.field_name),
            project_id=field.project_id,
            document_id="",
            field_name=field.field_name,
            page=None,
            level=None,
            codes=field.codes or coding.codes,
            orientation=field.orientation or coding.orientation,
            ecology=coding.ecology if field.ecology is None else field.ecology,
            evidence="",
            origin=field.origin,
            source=field.source,
        )
        for field, coding in zip(named, codings, strict=True)
    ]
