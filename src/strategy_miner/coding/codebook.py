"""A codebook dimension: codes with definition, borders, examples and lexicon, read from YAML and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

import yaml

from strategy_miner.errors import CodebookError

KINDS = ("sectoral", "integrated")
_TOP_KEYS = {"dimension", "version", "label", "none_examples", "codes"}
_CODE_KEYS = {
    "id", "kind", "label", "definition", "includes", "excludes", "lexicon", "names", "positive", "negative", "parent",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A passage written for the codebook, with every code it carries; no codes means that it is about none."""

    text: str
    heading: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Lexicon entries of a code (see `lexicon.py`): what finds it, what only hints at it, what takes a match away."""

    include: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def by_role(self) -> dict[str, tuple[str, ...]]:
        """The entries under the names of their lists."""
        return {"include": self.include, "weak": self.weak, "exclude": self.exclude}


@dataclass(frozen=True, slots=True)
class Code:
    """One code. `kind` is sectoral or integrated in the dimension `field`, free elsewhere."""

    id: str
    kind: str
    name_de: str
    name_en: str
    definition_de: str
    definition_en: str
    includes: tuple[str, ...]
    excludes: tuple[str, ...]
    lexicon: Terms
    names: Terms  # the lexicon for names of fields of action
    positive: tuple[Example, ...]
    negative: tuple[Example, ...]
    parent: str | None = None

    @property
    def description(self) -> str:
        """Name, definition and includes as one text, for matching by meaning."""
        return " ".join(
            part.strip().rstrip(".") + "." for part in (self.name_de, self.definition_de, *self.includes) if part
        )


@dataclass(frozen=True, slots=True)
class Codebook:
    """The codes of one dimension, in file order. `sha256` is the hash of the file's bytes."""

    dimension: str
    version: int
    codes: tuple[Code, ...]
    none_examples: tuple[Example, ...]
    sha256: str
    _index: dict[str, int] = field(repr=False, compare=False)

    @classmethod
    def load(cls, folder: Path, dimension: str = "field") -> Self:
        """Read `<folder>/<dimension>.yaml`. Raises CodebookError naming the file, the code and the remedy."""
        path = folder / f"{dimension}.yaml"
        try:
            data = path.read_bytes()
        except OSError as error:
            known = ", ".join(sorted(file.stem for file in folder.glob("*.yaml"))) or "none"
            raise CodebookError(
                f"no dimension {dimension!r}", str(path), f"Dimensions in this folder: {known}."
            ) from error
        try:
            content = yaml.safe_load(data)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise CodebookError(f"not readable as YAML ({error})", str(path), "Correct the file.") from error
        return _parsed(cls, content, str(path), hashlib.sha256(data).hexdigest())

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the codes, in file order."""
        return tuple(code.id for code in self.codes)

    def position(self, code: str) -> int:
        """Column of a code. Raises KeyError if the codebook has no such code."""
        return self._index[code]

    def __getitem__(self, code: str) -> Code:
        return self.codes[self._index[code]]

    def examples(self) -> tuple[Example, ...]:
        """Every example of the codebook, those of the codes in file order, then those about no code."""
        return (*(e for code in self.codes for e in (*code.positive, *code.negative)), *self.none_examples)


_C = TypeVar("_C", bound=Codebook)


def _parsed(cls: type[_C], content: Any, where: str, sha256: str) -> _C:
    top = _mapping(content, where, _TOP_KEYS)
    rows = _list(top.get("codes"), where, "codes")
    if not rows:
        raise CodebookError("no codes", where, "List at least one code under `codes`.")
    codes = tuple(_code(row, where) for row in rows)
    ids = [code.id for code in codes]
    for code in ids:
        if ids.count(code) > 1:
            raise CodebookError(f"code id {code!r} is used twice", where, "Give each code an id of its own.")
    _check_references(codes, set(ids), where)
    _check_parents(codes, where)
    nothing = tuple(_example(e, f"{where}: none_examples", ()) for e in top.get("none_examples") or ())
    version = top.get("version", 1)
    if not isinstance(version, int):
        raise CodebookError("`version` is not a whole number", where, "Write for example `version: 1`.")
    dimension = str(top.get("dimension") or "")
    if not dimension:
        raise CodebookError("`dimension` is missing", where, "Name the dimension, for example `dimension: field`.")
    return cls(dimension, version, codes, nothing, sha256, {code: i for i, code in enumerate(ids)})


def _code(row: Any, where: str) -> Code:
    if not isinstance(row, Mapping) or not isinstance(row.get("id"), str) or not row["id"].strip():
        raise CodebookError("a code without id", where, "Start each code with `- id: short_name`.")
    identity, place = row["id"], f"{where}: code {row['id']}"
    _mapping(row, place, _CODE_KEYS)
    name, definition = _both(row, "label", place), _both(row, "definition", place)
    kind = row.get("kind", "")
    if kind not in KINDS:
        raise CodebookError(f"unknown kind {kind!r}", place, f"Known kinds: {', '.join(KINDS)}.")
    return Code(
        id=identity,
        kind=kind,
        name_de=name[0],
        name_en=name[1],
        definition_de=definition[0],
        definition_en=definition[1],
        includes=_texts(row.get("includes"), f"{place}: includes"),
        excludes=_texts(row.get("excludes"), f"{place}: excludes"),
        lexicon=_terms(row, "lexicon", place),
        names=_terms(row, "names", place),
        positive=tuple(
            _example(e, f"{place}: positive", (identity,)) for e in _list(row.get("positive"), place, "positive")
        ),
        negative=tuple(_example(e, f"{place}: negative", ()) for e in _list(row.get("negative"), place, "negative")),
        parent=row.get("parent"),
    )


def _terms(row: Mapping[str, Any], key: str, where: str) -> Terms:
    lists = _mapping(row.get(key) or {}, f"{where}: {key}", {"include", "weak", "exclude"})
    return Terms(**{role: _texts(lists[role], f"{where}: {key}: {role}") for role in lists})


def _example(entry: Any, where: str, own: tuple[str, ...]) -> Example:
    if isinstance(entry, str):
        return Example(entry.strip(), "", own)
    row = _mapping(entry, where, {"text", "heading", "also", "codes"})
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise CodebookError("an example without text", where, "Give each example a `text`.")
    others = _texts(row.get("also" if own else "codes"), f"{where}: {text[:30]}")
    return Example(text.strip(), str(row.get("heading") or ""), (*own, *(c for c in others if c not in own)))


def _check_references(codes: Sequence[Code], ids: set[str], where: str) -> None:
    for code in codes:
        for example in (*code.positive, *code.negative):
            unknown = sorted(set(example.codes) - ids)
            if unknown:
                raise CodebookError(
                    f"example {example.text[:40]!r} names the unknown code {unknown[0]!r}",
                    f"{where}: code {code.id}",
                    "Use an id of this codebook.",
                )
        for example in code.negative:
            if code.id in example.codes:
                raise CodebookError(
                    f"negative example {example.text[:40]!r} carries the code itself",
                    f"{where}: code {code.id}",
                    "Move it to `positive` or name the code it belongs to instead.",
                )


def _check_parents(codes: Sequence[Code], where: str) -> None:
    parents = {code.id: code.parent for code in codes}
    for code in codes:
        seen = [code.id]
        while (parent := parents[seen[-1]]) is not None:
            if parent not in parents:
                raise CodebookError(f"unknown parent {parent!r}", f"{where}: code {seen[-1]}", "Use an existing id.")
            if parent in seen:
                chain = " -> ".join((*seen, parent))
                raise CodebookError(f"cycle of parents {chain}", f"{where}: code {code.id}", "Remove one `parent`.")
            seen.append(parent)


def _mapping(value: Any, where: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise CodebookError("not a mapping of keys to values", where, "See corpus/codebook/field.yaml for the form.")
    unknown = sorted(str(key) for key in value if key not in known)
    if unknown:
        raise CodebookError(f"unknown key {unknown[0]!r}", where, f"Known keys: {', '.join(sorted(known))}.")
    return value


def _list(value: Any, where: str, key: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise CodebookError(f"`{key}` is not a list", where, "Write one entry a line, each after a dash.")
    return value


def _texts(value: Any, where: str) -> tuple[str, ...]:
    texts = _list(value, where, "the entry")
    for text in texts:
        if not isinstance(text, str):
            raise CodebookError(f"{text!r} is not a text", where, "Put it in quotation marks.")
    return tuple(text.strip() for text in texts)


def _both(row: Mapping[str, Any], key: str, where: str) -> tuple[str, str]:
    value = row.get(key)
    value = value if isinstance(value, Mapping) else {"de": value}
    german = value.get("de")
    if not isinstance(german, str) or not german.strip():
        raise CodebookError(f"`{key}` is missing", where, f"Add `{key}: {{de: ..., en: ...}}`.")
    return german.strip(), str(value.get("en") or german).strip()
