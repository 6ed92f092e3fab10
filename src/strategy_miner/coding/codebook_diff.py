"""What differs between two codebooks of one dimension: codes, texts, terms, examples."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from strategy_miner.coding.codebook import Codebook
from strategy_miner.coding.codebook_text import content


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `code` is "" for what belongs to the dimension; `old` or `new` is "" where there is none."""

    code: str
    key: str
    old: str
    new: str

    def __str__(self) -> str:
        said = (
            f"{self.old!r} -> {self.new!r}"
            if self.old and self.new
            else f"- {self.old}"
            if self.old
            else f"+ {self.new}"
        )
        return f"{self.code or '(dimension)'}: {self.key}: {said}"


def changes(old: Codebook, new: Codebook) -> list[Change]:
    """All differences: those of the dimension, then codes removed, kept and added in the order of the files."""
    before, after = content(old), content(new)
    codes_before = {code["id"]: code for code in before.pop("codes")}
    codes_after = {code["id"]: code for code in after.pop("codes")}
    found = _changes("", before, after)
    for code in dict.fromkeys([*codes_before, *codes_after]):
        if code not in codes_after:
            found.append(Change(code, "code", old[code].name_de, ""))
        elif code not in codes_before:
            found.append(Change(code, "code", "", new[code].name_de))
        else:
            found += _changes(code, codes_before[code], codes_after[code])
    if [c for c in old.ids if c in codes_after] != [c for c in new.ids if c in codes_before]:
        found.append(Change("", "order", " ".join(old.ids), " ".join(new.ids)))
    return found


def _changes(code: str, before: dict[str, Any], after: dict[str, Any], above: str = "") -> list[Change]:
    found: list[Change] = []
    for key in dict.fromkeys([*before, *after]):
        name, one, other = f"{above}{key}", before.get(key), after.get(key)
        if one == other:
            continue
        if isinstance(one or other, dict):
            found += _changes(code, one or {}, other or {}, f"{name} ")
        elif isinstance(one or other, list):
            gone, come = [_said(e) for e in one or ()], [_said(e) for e in other or ()]
            found += [Change(code, name, text, "") for text in gone if text not in come]
            found += [Change(code, name, "", text) for text in come if text not in gone]
        else:
            found.append(Change(code, name, *("" if value is None else str(value) for value in (one, other))))
    return found


def _said(entry: Any) -> str:
    return entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False)
