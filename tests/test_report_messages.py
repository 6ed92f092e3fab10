"""The texts of the report are complete in both languages, and the templates use exactly those."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from strategy_miner.report.messages import Messages, message_table
from strategy_miner.report.typography import LANGUAGES

ROOM = Path(__file__).parent.parent / "src" / "strategy_miner" / "report"
SAME_IN_BOTH = {
    "frame.code",
    "fields.mark_sectoral",
    "fields.mark_integrated",
    "fields.mark_unclear",
    "quotes.certainty",
    "result.tests_test",
    "measures.cost_median",
    "dimensions.dimension_organisation",
    "dimensions.dimension_transfer",
}
# Keys whose last part is a value of the database or a name of a chart.
DYNAMIC = ("result.test_", "result.effect_", "result.head_", "result.decide_", "result.names_",
           "frame.interval_", "frame.nav_", "result.verdict_", "result.sentence_", "result.estimand_", "coverage.col_",
           "coverage.have_", "coverage.lack_", "coverage.documents_", "proof.value_",
           "fields.mark_", "fields.origin_", "fields.source_", "cohorts.status_", "text.h4_chart_", "methods.",
           "provenance.quantity_", "dimensions.dimension_", "dimensions.about_", "measures.", "cohorts.typical_",
           "frame.", "published.",
           "groups.column_",
           "groups.reason_", "groups.test_", "fields.chart_text",
           "confounders.kind_", "confounders.version_", "confounders.moved_", "confounders.with_caption_",
           "text.h4_chart_note", "robustness.dim_", "robustness.value_", "robustness.heading_",
           "robustness.chart_title_", "corrected.figure_", "corrected.raw_from_", "corrected.what_", "corrected.gate_",
           "corrected.note_", "robustness.meaning_", "indicators.", "emphasis.head_", "pdf.", "exports.")  # fmt: skip


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(message_table()))
def test_message_has_both_languages_with_the_same_placeholders(key: str) -> None:
    texts = message_table()[key]
    assert sorted(texts) == sorted(LANGUAGES)
    assert all(isinstance(text, str) and text.strip() for text in texts.values())
    assert _placeholders(texts["de"]) == _placeholders(texts["en"])
    assert texts["de"] != texts["en"] or key in SAME_IN_BOTH, "a text left untranslated"


def test_templates_and_code_ask_for_existing_messages_and_no_message_is_left_over() -> None:
    sources = [*ROOM.glob("templates/*.j2"), *ROOM.glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    sections = {key.split(".")[0] for key in message_table()}
    asked = {key for key in re.findall(r"[\"'](\w+\.[a-z]\w*)[\"']", text) if key.split(".")[0] in sections}
    asked = {key for key in asked if not key.endswith("_") and key != "text.h3"}
    assert asked - set(message_table()) == set()
    left = [key for key in message_table() if key not in asked and not key.startswith(DYNAMIC)]
    assert left == []


@pytest.mark.parametrize("word", ["signifikan", "significan", "bewirk", "führt zu", "causes", "leads to"])
def test_no_message_claims_significance_or_a_cause(word: str) -> None:
    found = [key for key, texts in message_table().items() if word in " ".join(texts.values()).lower()]
    assert found == []


def test_values_are_escaped_and_numbers_stay_with_their_signs() -> None:
    t = Messages("de")
    assert "&lt;b&gt;" in t("frame.corpus_note", name="<b>")
    assert "n\u00a0=\u00a0" in t("frame.n_projects", n=3)
    assert "95\u2011%\u2011Prozessintervall" in t("result.contrast_interval95")


def test_unknown_language_and_unknown_message_are_errors() -> None:
    with pytest.raises(ValueError, match="fr"):
        Messages("fr")
    with pytest.raises(KeyError):
        Messages("de")("frame.no_such_message")
