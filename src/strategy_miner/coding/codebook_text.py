"""A codebook as plain values, and those as YAML that people can edit: block style, German letters, order kept."""

from __future__ import annotations

from typing import Any

import yaml

from strategy_miner.coding.codebook import Code, Codebook, Example, Terms

_WIDTH = 105  # PyYAML breaks after the word that passes it
_HEAD = """\
# Keys and their meaning: docs/data.md, "Codebook files". A lexicon term `wort` is found in any inflected form and, from
# five letters on, inside compounds; `wort-` only at the start of a word, `-wort` at its end, `=wort` alone.
"""


def content(codebook: Codebook) -> dict[str, Any]:
    """What the codebook's file holds, as mappings, lists and texts; loaded again it gives the same codebook."""
    top: dict[str, Any] = {
        "dimension": codebook.dimension,
        "version": codebook.version,
        "label": _both(codebook.name_de, codebook.name_en),
        "exploratory": codebook.exploratory,
        "notes": codebook.notes,
        "none_examples": [_example(example, "codes", example.codes) for example in codebook.none_examples],
        "passages": [_example(example, "codes", example.codes) for example in codebook.passages],
        "codes": [_code(code) for code in codebook.codes],
    }
    return {key: value for key, value in top.items() if value or key == "version"}


def written(values: dict[str, Any]) -> str:
    """The YAML file of such values. Labels, terms and codes of examples stand in one line where they fit."""
    lines = _in_lines(values)
    return _HEAD + yaml.dump(lines, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)


def _in_lines(value: Any, key: str = "", above: str = "") -> Any:
    """`key` is the key under which a value stands, `above` the one above that."""
    if isinstance(value, dict):
        inner = {name: _in_lines(each, name, key) for name, each in value.items()}
        return _Line(inner) if key == "label" else inner
    if isinstance(value, list):
        listed = [_in_lines(each, key, above) for each in value]
        return _Terms(listed) if above in ("lexicon", "names", "positive", "negative") else listed
    return value


def _code(code: Code) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": code.id,
        "kind": code.kind,
        "parent": code.parent,
        "label": _both(code.name_de, code.name_en),
        "definition": _both(code.definition_de, code.definition_en),
        "includes": list(code.includes),
        "excludes": list(code.excludes),
        "lexicon": _terms(code.lexicon),
        "names": _terms(code.names),
        "positive": [_example(example, "also", example.codes[1:]) for example in code.positive],
        "negative": [_example(example, "codes", example.codes) for example in code.negative],
    }
    return {key: value for key, value in values.items() if value}


def _both(german: str, english: str) -> dict[str, str]:
    return {key: text for key, text in (("de", german), ("en", english)) if text and (key == "de" or english != german)}


def _terms(terms: Terms) -> dict[str, list[str]]:
    return {role: list(listed) for role, listed in terms.by_role().items() if listed}


def _example(example: Example, key: str, codes: tuple[str, ...]) -> str | dict[str, Any]:
    if not example.heading and not codes:
        return example.text
    values: dict[str, Any] = {"heading": example.heading, "text": example.text, key: list(codes)}
    return {name: value for name, value in values.items() if value}


class _Line(dict[str, Any]):
    """A mapping that is written in one line."""


class _Terms(list[str]):
    """A list that is written in as few lines as it needs."""


class _Dumper(yaml.SafeDumper):
    """Entries of lists are indented, as people write them; no aliases, which the loader refuses."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    _Line, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)
)
_Dumper.add_representer(
    _Terms, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)
