"""Named questions: SQL files with a title, a description and parameters; ours lie in questions/ beside this module.

A file begins with comment lines that are YAML: `title` and `about`, each {de: ..., en: ...}, and `parameters`, a
mapping of names to {de: ..., en: ..., default: ...}; one without a default must be given. In the SQL it is `$name`.
`known: SELECT ...` gives the values that there are: another one is refused.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from strategy_miner.errors import StoreError

_COMMENT = re.compile(r"--[ ]?")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its SQL. Texts are by language, "de" and "en"; parameters by name, some with a "default"."""

    name: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    sql: str
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def bound(self, given: Mapping[str, object]) -> dict[str, object]:
        """The value of every parameter. Raises StoreError if one is missing or unknown."""
        for name in given:
            if name not in self.parameters:
                near = difflib.get_close_matches(name, self.parameters, n=1, cutoff=0.5)
                known = ", ".join(self.parameters) or "none"
                remedy = f"Near name: {near[0]}." if near else f"Parameters: {known}."
                raise StoreError(f"no parameter {name!r}", f"question {self.name}", remedy)
        missing = [name for name, what in self.parameters.items() if name not in given and "default" not in what]
        if missing:
            remedy = " ".join(f"Add {name}=... ({self.parameters[name].get('de', '')})." for name in missing)
            raise StoreError(f"needs {' and '.join(missing)}", f"question {self.name}", remedy)
        return {name: given.get(name, what.get("default")) for name, what in self.parameters.items()}


def questions(further: Iterable[Path] = ()) -> dict[str, Question]:
    """All questions by name, ours in their order, then those of `further` SQL files, which may replace ours."""
    ours = sorted(files("strategy_miner.store").joinpath("questions").iterdir(), key=lambda path: path.name)
    read = {path.name[:-4]: path.read_text(encoding="utf-8") for path in ours if path.name.endswith(".sql")}
    found = {name: parse(name, read[name]) for name in (*_ORDER, *sorted(set(read) - set(_ORDER)))}
    return found | {question.name: question for question in map(read_question, further)}


def read_question(path: Path) -> Question:
    """The question in a SQL file; without a head it is called by the file's name. Raises StoreError if it is wrong."""
    try:
        return parse(path.stem, path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise StoreError("is not UTF-8", str(path), "Save it as UTF-8.") from None
    except OSError as error:
        raise StoreError(f"cannot be read: {error.strerror}", str(path), "Give another file.") from None


def parse(name: str, text: str) -> Question:
    """A question from the text of its file. Raises StoreError if its head is no YAML of that form."""
    lines = text.splitlines()
    size = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    head = "\n".join(_COMMENT.sub("", line, count=1) for line in lines[:size])
    sql = "\n".join(lines[size:]).strip().removesuffix(";")
    if not head.startswith("title:"):
        return Question(name, {"de": name, "en": name}, {}, text)
    try:
        data = yaml.safe_load(head)
        return Question(name, dict(data["title"]), dict(data.get("about") or {}), sql, {
            key: dict(what or {}) for key, what in (data.get("parameters") or {}).items()
        })  # fmt: skip
    except (yaml.YAMLError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise StoreError(
            f"the head of the question is no YAML of the right form: {error}", name, "docs/data.md shows one."
        ) from None


def unknown_question(name: str, known: Sequence[str]) -> StoreError:
    """What to say of a question that is not there."""
    near = difflib.get_close_matches(name, known, n=4, cutoff=0.5)
    remedy = f"Near names: {', '.join(near)}." if near else "`strategy-miner query --list` lists them."
    return StoreError("no such question", name, f"{remedy} A statement in SQL begins with SELECT or FROM.")


# The questions in the order in which the evaluation of a programme asks them.
_ORDER = (
    "topic_shift", "ecology", "sustainability", "measures", "measures_by_topic", "technologies", "participation",
    "actors", "organisation", "programme_goals", "transfer", "facts", "published", "share", "quotes", "search",
    "declared", "profile", "gaps", "unread", "provenance",
)  # fmt: skip
