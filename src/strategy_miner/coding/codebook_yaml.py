"""YAML as codebooks use it: read with every fault that PyYAML passes over in silence, written so that people can edit.

A codebook may come from anywhere. Its size, its nesting and its aliases are bounded before anything is built from it
(a few hundred bytes of nested aliases make gigabytes), and a key that stands twice is told: PyYAML keeps the last.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import yaml

from strategy_miner.errors import CodebookError

Faults = list[CodebookError]
MOST_BYTES = 5_000_000
_DEEPEST = 20


def read_yaml(path: Path, faults: Faults) -> Any:
    """The content of a file. What is wrong with it is added to `faults`; the content is None if it is unreadable.

    Raises OSError if the file cannot be opened.
    """
    where = str(path)
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        faults.append(
            CodebookError(f"larger than {MOST_BYTES // 1_000_000} MB", where, "Split it into one file a dimension.")
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.append(CodebookError("is not UTF-8", f"{where}, line {line}", "Save the file as UTF-8."))
        return None
    if not text.strip():
        faults.append(CodebookError("is empty", where, "See corpus/codebook/field.yaml for the form."))
        return None
    return _content(text, where, faults)


def _content(text: str, where: str, faults: Faults) -> Any:
    def told(what: str, mark: Any, remedy: str) -> None:
        faults.append(CodebookError(what, f"{where}, line {mark.line + 1}", remedy))

    try:
        loader = _Loader(text)
        loader.told = told
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except _Refused:
        return None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2020-13-45
        faults.append(CodebookError(f"not readable as YAML ({error})", where, "Correct the file."))
        return None


class _Refused(Exception):
    """Reading stops here; why has been told."""


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader, which refuses aliases and deep nesting, and tells of keys that stand twice."""

    told: Callable[[str, Any, str], None]
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            self.told(f"alias *{event.anchor}", event.start_mark, "Write the text out; aliases are refused.")
            raise _Refused
        if self.depth == _DEEPEST:
            self.told("is nested too deeply", event.start_mark, "See corpus/codebook/field.yaml for the form.")
            raise _Refused
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    self.told(f"key {key.value!r} stands twice", key.start_mark, "Keep one; the first would be lost.")
                seen.add(key.value)
        return super().construct_mapping(node, deep)
