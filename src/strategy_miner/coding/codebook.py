"""A codebook dimension: codes with definition, borders, examples and lexicon, read from YAML and checked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from strategy_miner.coding.codebook_yaml import Faults, read_yaml
from strategy_miner.errors import CodebookError

FIELD = "field"  # the dimension of which more is asked
KINDS = ("sectoral", "integrated")
_TOP_KEYS = {"dimension", "version", "label", "exploratory", "notes", "none_examples", "passages", "codes"}
_CODE_KEYS = {
    "id", "kind", "label", "definition", "includes", "excludes", "lexicon", "names", "positive", "negative", "parent",
}  # fmt: skip
_EXAMPLE_KEYS = {True: {"text", "heading", "also"}, False: {"text", "heading", "codes"}}


@dataclass(frozen=True, slots=True)
class Example:
    """A passage written for the codebook, with every code it carries; no codes means that it is about none."""

    text: str
    heading: str
    codes: tuple[str, ...]

    @property
    def heading_path(self) -> tuple[str, ...]:
        """The headings it stands under, outermost first."""
        return tuple(part for part in self.heading.split(" > ") if part)


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
    kind: str  # "" where the file gives none
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
    """The codes of one dimension, in file order. `sha256` is the hash of all they say: remarks and layout of the files,
    or a way through another program and back, do not change it.

    Examples are short and pure; `passages` are as long, mixed and headed as the segments of real documents.
    `exploratory`: no reference labels exist for the dimension; reports say so.
    """

    dimension: str
    version: int
    codes: tuple[Code, ...]
    none_examples: tuple[Example, ...]
    sha256: str
    _index: dict[str, int] = field(repr=False, compare=False)
    name_de: str = ""
    name_en: str = ""
    exploratory: bool = False
    notes: str = ""
    passages: tuple[Example, ...] = ()

    @classmethod
    def load(cls, folder: Path, dimension: str = FIELD) -> Self:
        """Read `<folder>/<dimension>.yaml`, and further passages from `<folder>/passages/<dimension>.yaml` if there.

        Raises CodebookError naming the file, the code and the remedy.
        """
        codebook, faults = cls.checked(folder, dimension)
        if faults:
            raise faults[0]
        assert codebook is not None
        return codebook

    @classmethod
    def checked(cls, folder: Path, dimension: str = FIELD) -> tuple[Self | None, list[CodebookError]]:
        """The codebook as far as it can be read, and everything that is wrong with its files.

        Without faults the codebook is what `load` returns; None if nothing could be read.
        """
        faults: Faults = []
        path = folder / f"{dimension}.yaml"
        try:
            if not re.fullmatch(r"[\w-]+", dimension):
                raise FileNotFoundError
            content = read_yaml(path, faults)
        except OSError:
            known = ", ".join(dimensions(folder)) or "none"
            return None, [
                CodebookError(f"no dimension {dimension!r}", str(path), f"Dimensions in this folder: {known}.")
            ]
        if content is None and faults:
            return None, faults
        parsed = _parsed(content, str(path), faults)
        if parsed is None:
            return None, faults
        if parsed["dimension"] and parsed["dimension"] != dimension:
            faults.append(
                CodebookError(f"holds the dimension {parsed['dimension']!r}", str(path), "Name the file after it.")
            )
        index = {code.id: i for i, code in enumerate(parsed["codes"])}
        further = folder / "passages" / path.name
        if further.exists():
            content = read_yaml(further, faults)
            parsed["passages"] += _passages(content, str(further), set(index), faults)
        return cls(**parsed, sha256=_hash(parsed), _index=index), faults

    @property
    def lexicon_led(self) -> bool:
        """Whether its terms alone give the codes: there are terms, and no reference labels to fit a model to."""
        return self.exploratory and any(code.lexicon.include for code in self.codes)

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

    def bare(self) -> Codebook:
        """The same codes with their names and definitions only."""
        return replace(
            self,
            codes=tuple(
                replace(c, includes=(), positive=(), negative=(), lexicon=Terms(), names=Terms()) for c in self.codes
            ),
            none_examples=(),
            passages=(),
        )


def dimensions(folder: Path) -> list[str]:
    """The dimensions of a codebook folder: `field` first, then by name."""
    return sorted((file.stem for file in folder.glob("*.yaml")), key=lambda name: (name != FIELD, name))


def _hash(parsed: dict[str, Any]) -> str:
    # A faulty file may hold anything where a number belongs, a date for example.
    text = json.dumps(parsed, default=lambda v: asdict(v) if isinstance(v, Code | Example) else str(v), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _parsed(content: Any, where: str, faults: Faults) -> dict[str, Any] | None:
    """The arguments of a Codebook, or None if the file lists no codes."""
    top = _mapping(content, where, _TOP_KEYS, faults)
    dimension = _text(top.get("dimension"), "dimension", where, faults)
    if not dimension:
        faults.append(
            CodebookError("`dimension` is missing", where, "Name the dimension, for example `dimension: field`.")
        )
    version = top.get("version", 1)
    if not isinstance(version, int) or isinstance(version, bool):
        faults.append(CodebookError("`version` is not a whole number", where, "Write for example `version: 1`."))
    exploratory = top.get("exploratory", False)
    if not isinstance(exploratory, bool):
        faults.append(CodebookError("`exploratory` is neither true nor false", where, "Write `exploratory: true`."))
    rows = _list(top.get("codes"), where, "codes", faults)
    if not rows:
        faults.append(CodebookError("no codes", where, "List at least one code under `codes`."))
        return None
    codes = tuple(code for row in rows if (code := _code(row, where, dimension == FIELD, faults)))
    _check_ids(codes, where, faults)
    _check_parents(codes, where, faults)
    nothing = _list(top.get("none_examples"), where, "none_examples", faults)
    name = _both(top, "label", where, faults, needed=False)
    return {
        "dimension": dimension,
        "version": version,
        "codes": codes,
        "none_examples": _examples(nothing, f"{where}: none_examples", (), faults),
        "passages": _passages(top.get("passages"), f"{where}: passages", {code.id for code in codes}, faults),
        "name_de": name[0],
        "name_en": name[1],
        "exploratory": exploratory,
        "notes": _text(top.get("notes"), "notes", where, faults),
    }


def _code(row: Any, where: str, strict: bool, faults: Faults) -> Code | None:
    """One code; `strict` asks for what the dimension `field` must have."""
    if not isinstance(row, Mapping) or not isinstance(row.get("id"), str) or not row["id"].strip():
        faults.append(CodebookError("a code without id", where, "Start each code with `- id: short_name`."))
        return None
    identity, place = row["id"].strip(), f"{where}: code {row['id']}"
    _mapping(row, place, _CODE_KEYS, faults)
    name = _both(row, "label", place, faults)
    definition = _both(row, "definition", place, faults, needed=strict)
    kind = _text(row.get("kind"), "kind", place, faults)
    if strict and kind not in KINDS:
        faults.append(CodebookError(f"unknown kind {kind!r}", place, f"Known kinds: {', '.join(KINDS)}."))
    positive, negative = (_list(row.get(key), place, key, faults) for key in ("positive", "negative"))
    return Code(
        id=identity,
        kind=kind,
        name_de=name[0],
        name_en=name[1],
        definition_de=definition[0],
        definition_en=definition[1],
        includes=_texts(row.get("includes"), f"{place}: includes", faults),
        excludes=_texts(row.get("excludes"), f"{place}: excludes", faults),
        lexicon=_terms(row, "lexicon", place, faults),
        names=_terms(row, "names", place, faults),
        positive=_examples(positive, f"{place}: positive", (identity,), faults),
        negative=_examples(negative, f"{place}: negative", (), faults),
        parent=_text(row.get("parent"), "parent", place, faults) or None,
    )


def _terms(row: Mapping[str, Any], key: str, where: str, faults: Faults) -> Terms:
    roles = ("include", "weak", "exclude")
    lists = _mapping(row.get(key) or {}, f"{where}: {key}", set(roles), faults)
    return Terms(**{role: _texts(lists.get(role), f"{where}: {key}: {role}", faults) for role in roles})


def _examples(entries: Sequence[Any], where: str, own: tuple[str, ...], faults: Faults) -> tuple[Example, ...]:
    return tuple(example for entry in entries if (example := _example(entry, where, own, faults)))


def _example(entry: Any, where: str, own: tuple[str, ...], faults: Faults) -> Example | None:
    row = {"text": entry} if isinstance(entry, str) else _mapping(entry, where, _EXAMPLE_KEYS[bool(own)], faults)
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        if row or isinstance(entry, Mapping):
            faults.append(CodebookError("an example without text", where, "Give each example a `text`."))
        return None
    place = f"{where}: {text[:30]}"
    others = _texts(row.get("also" if own else "codes"), place, faults)
    heading = _text(row.get("heading"), "heading", place, faults)
    return Example(text.strip(), heading, (*own, *(c for c in others if c not in own)))


def _check_ids(codes: Sequence[Code], where: str, faults: Faults) -> None:
    ids = [code.id for code in codes]
    for own in dict.fromkeys(ids):
        if ids.count(own) > 1:
            faults.append(CodebookError(f"code id {own!r} is used twice", where, "Give each code an id of its own."))
        if not re.fullmatch(r"[\w.-]+", own):
            what, remedy = f"code id {own!r} has blanks or odd characters", "Use letters, digits and _."
            faults.append(CodebookError(what, where, remedy))
    for code in codes:
        place = f"{where}: code {code.id}"
        _check_examples((*code.positive, *code.negative), set(ids), place, faults)
        for example in code.negative:
            if code.id in example.codes:
                what = f"negative example {example.text[:40]!r} carries the code itself"
                remedy = "Move it to `positive` or name the code it belongs to instead."
                faults.append(CodebookError(what, place, remedy))


def _passages(rows: Any, where: str, ids: set[str], faults: Faults) -> tuple[Example, ...]:
    passages = _examples(_list(rows, where, "passages", faults), where, (), faults)
    _check_examples(passages, ids, where, faults)
    return passages


def _check_examples(examples: Sequence[Example], ids: set[str], where: str, faults: Faults) -> None:
    for example in examples:
        for other in example.codes:
            if other not in ids:
                what = f"example {example.text[:40]!r} names the unknown code {other!r}"
                faults.append(CodebookError(what, where, "Use an id of this codebook."))


def _check_parents(codes: Sequence[Code], where: str, faults: Faults) -> None:
    parents = {code.id: code.parent for code in codes}
    settled: set[str] = set()
    for code in codes:
        chain: dict[str, None] = {}  # in order
        at = code.id
        while at not in settled:
            chain[at] = None
            parent, place = parents[at], f"{where}: code {at}"
            if parent is None:
                break
            if parent not in parents:
                faults.append(CodebookError(f"unknown parent {parent!r}", place, "Use an existing id."))
                break
            if parent in chain:
                cycle = " -> ".join((*chain, parent))
                faults.append(CodebookError(f"cycle of parents {cycle}", place, "Remove one `parent`."))
                break
            at = parent
        settled.update(chain)


def _mapping(value: Any, where: str, known: set[str], faults: Faults) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        remedy = "See corpus/codebook/field.yaml for the form."
        faults.append(CodebookError("not a mapping of keys to values", where, remedy))
        return {}
    for key in value:
        if key not in known:
            remedy = f"Known keys: {', '.join(sorted(known))}."
            faults.append(CodebookError(f"unknown key {str(key)!r}", where, remedy))
    return value


def _list(value: Any, where: str, key: str, faults: Faults) -> list[Any]:
    if value is None or isinstance(value, list):
        return value or []
    faults.append(CodebookError(f"`{key}` is not a list", where, "Write one entry a line, each after a dash."))
    return []


def _text(value: Any, key: str, where: str, faults: Faults) -> str:
    if value is None or isinstance(value, str):
        return (value or "").strip()
    faults.append(CodebookError(f"`{key}` is not a text but {value!r}"[:120], where, "Put it in quotation marks."))
    return ""


def _texts(value: Any, where: str, faults: Faults) -> tuple[str, ...]:
    texts = _list(value, where, "the entry", faults)
    for text in texts:
        if not isinstance(text, str) or not text.strip():
            faults.append(CodebookError(f"{text!r} is not a text"[:120], where, "Put it in quotation marks."))
    return tuple(text.strip() for text in texts if isinstance(text, str) and text.strip())


def _both(row: Mapping[str, Any], key: str, where: str, faults: Faults, *, needed: bool = True) -> tuple[str, str]:
    """German and English of a label or a definition; English falls back to German."""
    value = row.get(key)
    value = value if isinstance(value, Mapping) else {"de": value}
    _mapping(value, f"{where}: {key}", {"de", "en"}, faults)
    german, english = (_text(value.get(language), f"{key}: {language}", where, faults) for language in ("de", "en"))
    if needed and not german:
        faults.append(CodebookError(f"`{key}` is missing", where, f"Add `{key}: {{de: ..., en: ...}}`."))
    return german, english or german
