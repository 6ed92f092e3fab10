"""The verdict on the topic shift in one plain sentence. Words come from the messages, figures from the results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from strategy_miner.report.content import Content, Row
from strategy_miner.report.messages import Messages
from strategy_miner.report.proof import place, proof
from strategy_miner.report.typography import Typography, measured

VERDICT_KEYS = {"shift": "shift", "no relevant shift": "none", "undecided": "undecided"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`key`: shift, none, undecided or empty. `reason`: why it is undecided. `n`: projects behind it. `label`: as in
    the table estimates.
    """

    key: str
    sentence: Markup
    reason: Markup | None
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
    listed = [f"fields-list{place(content, row['cohort'])}" for row in ends]
    key = VERDICT_KEYS.get(contrast["verdict"] or "", "empty")
    values = {
        "a": content.cohort_name(contrast["cohort_from"], t.lang),
        "b": content.cohort_name(contrast["cohort_to"], t.lang),
        "from_share": proof(f.percent(first["value"]), listed[0], first["n_projects"]),
        "to_share": proof(f.percent(last["value"]), listed[1], last["n_projects"]),
        "difference": _difference(content, contrast, t, f),
        "from_n": proof(_basis(first, t, f), listed[0], first["n_projects"]),
        "to_n": proof(_basis(last, t, f), listed[1], last["n_projects"]),
        "interval": _interval(contrast, key, t, f),
    }
    sentence = proof(t(f"result.sentence_{key}", **values), "values-H1", contrast["n_projects"])
    whole = content.estimate("H1", "")
    label = whole["label"] if whole is not None else first["label"]  # one machine-coded name anywhere is enough
    return Verdict(key, sentence, _reason(contrast, values, t), contrast["n_projects"], label)


def text_sentence(content: Content, t: Messages, f: Typography) -> Markup | None:
    """The same comparison for coded text: corrected with its verdict where people labelled text, else said to be
    uncorrected and without a verdict; None if there is no text."""
    contrast = content.contrast("H3_corrected") or content.contrast("H3")
    if contrast is None or not measured(contrast["difference"]):
        return None
    ends = _ends(content, contrast)
    if ends is None:
        return None
    key = VERDICT_KEYS.get(contrast["verdict"] or "", "undecided")
    values = {
        "a": content.cohort_name(contrast["cohort_from"], t.lang),
        "b": content.cohort_name(contrast["cohort_to"], t.lang),
        "difference": _difference(content, contrast, t, f),
        "n_a": f.number(ends[0]["n_projects"]),
        "n_b": f.number(ends[1]["n_projects"]),
        "interval": _interval(contrast, key, t, f),
    }
    if contrast["estimand"] == "H3":
        return proof(t("result.text_sentence", **values), "values-H3", contrast["n_projects"])
    labels = content.corrections[-1]["n_labels"]
    values["source"] = t("corrected.source_made" if content.fictional else "corrected.source_people")
    sentence = t("corrected.first_page", labels=f.number(labels), verdict=t(f"result.verdict_{key}"), **values)
    return proof(sentence, "values-H3_corrected", contrast["n_projects"])


def _ends(content: Content, contrast: Row) -> tuple[Row, Row] | None:
    first = content.estimate(contrast["estimand"], contrast["cohort_from"], contrast["code"])
    last = content.estimate(contrast["estimand"], contrast["cohort_to"], contrast["code"])
    return (first, last) if first is not None and last is not None else None


def ecology_sentence(content: Content, t: Messages, f: Typography) -> Markup | None:
    """The comparison of projects with an ecological field, with its verdict; None if the cohorts cannot be compared."""
    contrast = content.contrast("H2", "ecology")
    if contrast is None or not measured(contrast["difference"]):
        return None
    ends = _ends(content, contrast)
    if ends is None:
        return None
    listed = [f"fields-list{place(content, row['cohort'])}" for row in ends]
    key = VERDICT_KEYS.get(contrast["verdict"] or "", "empty")
    sentence = t(
        "result.ecology_sentence",
        a=content.cohort_name(contrast["cohort_from"], t.lang),
        b=content.cohort_name(contrast["cohort_to"], t.lang),
        from_count=proof(f.n_of(ends[0]["count"], ends[0]["n_projects"]), listed[0]),
        to_count=proof(f.n_of(ends[1]["count"], ends[1]["n_projects"]), listed[1]),
        difference=_difference(content, contrast, t, f),
        interval=_interval(contrast, key, t, f),
        verdict=t(f"result.verdict_{key}"),
    )
    return proof(sentence, "values-H2-ecology", contrast["n_projects"])


def _basis(estimate: Row, t: Messages, f: Typography) -> Markup:
    return t("result.share_basis", n=f.number(estimate["n_projects"]), fields=f.number(estimate["n_units"]))


def _difference(content: Content, contrast: Row, t: Messages, f: Typography) -> Markup:
    """The difference; with more than three cohorts it is that of a line through all of them, which is said."""
    points = f.points(contrast["difference"])
    return t("result.difference_line", difference=points) if len(content.cohorts) > 3 else points


def _interval(contrast: Row, key: str, t: Messages, f: Typography) -> Markup:
    """The process interval that the verdict rests on, 90 % where equivalence was shown, else 95 %, and the measurement
    interval, each by its name."""
    low, high = ("low90", "high90") if key == "none" else ("low", "high")
    if measured(contrast[low]) and measured(contrast[high]):
        name = "result.interval90" if key == "none" else "result.interval95"
        process = t(name, range=f.points_range(contrast[low], contrast[high]))
    else:
        process = t("result.interval_none")
    if not (measured(contrast["measurement_low"]) and measured(contrast["measurement_high"])):
        return process
    ends = contrast["measurement_low"], contrast["measurement_high"]
    return Markup("{}; {}").format(process, t("result.interval_measured", range=f.points_range(*ends)))


def _reason(contrast: Row, values: dict[str, Any], t: Messages) -> Markup | None:
    """Why the verdict is undecided, in the reader's language; the analysis gives its reasons in English."""
    reason = contrast["reason"] or ""
    if contrast["verdict"] != "undecided":
        return None
    if reason.startswith("too few"):
        return t("result.reason_few", a=values["a"], b=values["b"])
    among = next((word for word in ("no relevant shift", "shift") if reason.startswith(f"{word} among")), None)
    return (
        t("result.reason_missing", verdict=t(f"result.verdict_{VERDICT_KEYS[among]}"))
        if among
        else t("result.reason_open")
    )
