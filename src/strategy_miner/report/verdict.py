"""The verdict on the topic shift in one plain sentence. Words come from the messages, figures from the results."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from strategy_miner.report.content import Content, Row
from strategy_miner.report.messages import Messages
from strategy_miner.report.typography import Typography, measured

_KEYS = {"shift": "shift", "no relevant shift": "none", "undecided": "undecided"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`key`: shift, none, undecided or empty. `n`: projects behind it. `label`: as in the table estimates."""

    key: str
    sentence: Markup
    n: int | None
    label: str


def headline(content: Content, t: Messages, f: Typography) -> Verdict | None:
    """The verdict on the declared fields (the primary estimand); None if the cohorts cannot be compared."""
    contrast = content.contrast("H1")
    if contrast is None or not measured(contrast["difference"]):
        return None
    ends = _ends(content, contrast)
    if ends is None:
        return None
    first, last = ends
    key = _KEYS.get(contrast["verdict"] or "", "empty")
    values = {
        "a": content.cohort_name(contrast["cohort_from"], t.lang),
        "b": content.cohort_name(contrast["cohort_to"], t.lang),
        "from_share": f.percent(first["value"]),
        "to_share": f.percent(last["value"]),
        "difference": f.points(contrast["difference"]),
        "n_a": f.number(first["n_projects"]),
        "n_b": f.number(last["n_projects"]),
        **_interval(contrast, key, t, f),
    }
    return Verdict(key, t(f"result.sentence_{key}", **values), contrast["n_projects"], first["label"])


def text_sentence(content: Content, t: Messages, f: Typography) -> Markup | None:
    """The same comparison for coded text, said to be uncorrected and without a verdict; None if there is no text."""
    contrast = content.contrast("H3")
    if contrast is None or not measured(contrast["difference"]):
        return None
    ends = _ends(content, contrast)
    if ends is None:
        return None
    return t(
        "result.text_sentence",
        a=content.cohort_name(contrast["cohort_from"], t.lang),
        b=content.cohort_name(contrast["cohort_to"], t.lang),
        difference=f.points(contrast["difference"]),
        n_a=f.number(ends[0]["n_projects"]),
        n_b=f.number(ends[1]["n_projects"]),
        **_interval(contrast, "undecided", t, f),
    )


def _ends(content: Content, contrast: Row) -> tuple[Row, Row] | None:
    first = content.estimate(contrast["estimand"], contrast["cohort_from"], contrast["code"])
    last = content.estimate(contrast["estimand"], contrast["cohort_to"], contrast["code"])
    return (first, last) if first is not None and last is not None else None


def _interval(contrast: Row, key: str, t: Messages, f: Typography) -> dict[str, Markup]:
    """The interval that the verdict rests on: 90 % where equivalence was shown, else 95 %; both named."""
    ends = ("low90", "high90") if key == "none" else ("low", "high")
    name = t("result.interval90" if key == "none" else "result.interval95")
    return {"interval": name, "range": f.points_range(contrast[ends[0]], contrast[ends[1]])}
