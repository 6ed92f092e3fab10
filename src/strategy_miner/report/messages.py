"""The texts of the report: one YAML file per section, German and English side by side under each key."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml
from markupsafe import Markup, escape

from strategy_miner.report.typography import LANGUAGES

SECTIONS = (
    "frame", "result", "coverage", "fields", "text", "corrected", "indicators", "ecology", "dimensions", "measures",
    "emphasis", "published", "robustness", "confounders", "groups", "radar", "cohorts", "profiles", "quotes", "proof",
    "methods", "provenance", "pdf", "exports",
)  # fmt: skip


@cache
def message_table() -> dict[str, dict[str, str]]:
    """All messages as "section.key" -> {language: text}, in the order of the files."""
    folder = files("strategy_miner.report") / "messages"
    table = {}
    for section in SECTIONS:
        content = yaml.safe_load((folder / f"{section}.yaml").read_text(encoding="utf-8"))
        table.update({f"{section}.{key}": texts for key, texts in content.items()})
    return table


class Messages:
    """The messages in one language: `t("fields.heading")`, with values for the placeholders as keywords.

    A value that is not Markup is escaped. Raises KeyError for an unknown key or a missing value.
    """

    def __init__(self, lang: str) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"unknown language {lang!r}; known are {', '.join(LANGUAGES)}")
        self.lang = lang

    def __call__(self, key: str, **values: object) -> Markup:
        text = escape(typeset(message_table()[key][self.lang], self.lang))
        return text.format(**values) if values else text


def typeset(text: str, lang: str) -> str:
    """No line break in "n = 8", "8 points", between a number and its per cent sign, nor in German "95-%-Intervall"."""
    text = text.replace("n = ", "n\u00a0=\u00a0").replace("p ≤ ", "p\u00a0≤\u00a0")
    for unit in ("Punkt", "points"):
        text = text.replace(f"}} {unit}", f"}}\u00a0{unit}")
    if lang == "de":
        return text.replace(" %", "\u202f%").replace("-%-", "\u2011%\u2011")
    return text
