"""The charts as SVG: dots per project behind cohort means, and bars per code and cohort.

Every mark is placed here in pixels, only shares go through a scale; so the charts need no legend, are direct-labelled
and come out byte-identical. Colours are fixed values that the page's style sheet exchanges in dark mode by attribute.
Orange is integrated, blue is sectoral (distinguishable in all common forms of colour blindness).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from strategy_miner.report.content import Content
from strategy_miner.report.messages import Messages
from strategy_miner.report.typography import HARD, Typography

INK, MUTED, RULE, PAPER = "#1b2430", "#5a6673", "#d5dbe1", "#ffffff"
HUES = {"integrated": "#b4531a", "sectoral": "#2a6393"}
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
FONT = "Helvetica Neue, Arial, Liberation Sans, sans-serif"


@dataclass(slots=True)
class Sheet:
    """Marks to be drawn, in pixels from the top left. `title` may have several lines."""

    width: int
    title: list[str]
    subtitle: list[str]
    height: float = 0.0
    rules: list[dict[str, Any]] = field(default_factory=list)
    bars: list[dict[str, Any]] = field(default_factory=list)
    dots: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)

    def rule(self, x: float, y: float, x2: float, y2: float, colour: str = INK, size: float = 1.0) -> None:
        self.rules.append({"x": x, "y": y, "x2": x2, "y2": y2, "colour": colour, "size": size})

    def text(self, x: float, y: float, text: str, align: str = "left", style: str = "plain") -> None:
        self.texts.append({"x": x, "y": y, "text": text, "kind": f"{align} {style}"})

    def interval(self, low: float, high: float, y: float, size: float = 1.6) -> None:
        """A line with small caps."""
        self.rule(low, y, high, y, size=size)
        for end in (low, high):
            self.rule(end, y - 3, end, y + 3, size=size)


@dataclass(frozen=True, slots=True)
class Voice:
    """A language's texts and number formats, and the note that marks invented data."""

    t: Messages
    f: Typography
    fictional: bool

    def subtitle(self, *parts: str) -> list[str]:
        return [
            " · ".join(
                [*(p for p in parts if p), *([self.t("frame.fictional_title").unescape()] if self.fictional else [])]
            )
        ]


# The estimands whose projects are drawn as dots, with the chart's title and the estimand's code.
DOTTED = {
    "H1": ("fields.chart_title", ""), "H3": ("text.h3_chart_title", ""),
    "I2": ("indicators.chart_I2", ""), "I3": ("indicators.chart_I3", "fields"),
}  # fmt: skip


def dot_chart(content: Content, estimand: str, voice: Voice) -> str:
    """SVG of the projects' values (dots) with each cohort's mean (tick) and interval, on a scale from 0 to 100 %."""
    left, right, strip = 10, 410, 46
    title, code = DOTTED[estimand]
    sheet = Sheet(420, split_lines(voice.t(title).unescape(), 44), voice.subtitle())
    values: defaultdict[str | None, list[float]] = defaultdict(list)
    for dot in content.dots:
        if dot["estimand"] == estimand and dot["value"] is not None:
            values[dot["cohort"]].append(min(dot["value"], 1.0))  # above 1 (only I2) stands at the edge of the scale
    y = 8.0
    for cohort in content.cohorts:
        estimate = content.estimate(estimand, cohort, code)
        if estimate is None:
            continue
        mean = left + min(estimate["value"], 1.0) * (right - left)
        label = f"{voice.f.percent_text(estimate['value'])} (n = {estimate['n_projects']})"
        sheet.text(left, y, content.cohort_name(cohort, voice.t.lang), style="bold")
        sheet.text(right, y, label, "right")
        middle = y + 14 + strip / 2
        for tick in _TICKS:
            x = left + tick * (right - left)
            sheet.rule(x, middle - strip / 2, x, middle + strip / 2 + 12, RULE)
        for x, offset in _swarm([left + value * (right - left) for value in values[cohort]], strip / 2 - 5):
            sheet.dots.append({"x": x, "y": middle + offset, "colour": HUES["integrated"]})
        sheet.rule(mean, middle - strip / 2, mean, middle + strip / 2, size=2.6)
        for number, kind in enumerate(content.intervals(estimand)):
            row = content.estimate(estimand, cohort, code, kind)
            if row is not None and row["low"] is not None:
                ends = (left + row["low"] * (right - left), left + min(row["high"], 1.0) * (right - left))
                sheet.interval(*ends, middle + strip / 2 + 5 + 7 * number)
        y = middle + strip / 2 + 28
        sheet.rule(left, y - 11, right, y - 11, RULE)
    for tick in _TICKS:
        align = {0.0: "left", 1.0: "right"}.get(tick, "center")
        sheet.text(left + tick * (right - left), y, voice.f.percent_text(tick, 0), align, "small")
    sheet.height = y + 8
    return to_svg(sheet)


def code_chart(content: Content, kind: str, top: float, voice: Voice) -> str:
    """SVG of the share of text per code (of one kind) and cohort; `top` is the share at the right end of the scale."""
    cohorts = [cohort for cohort in content.cohorts if any(e for _, e in content.ranked("H4", cohort))]
    names = {cohort: content.cohort_name(cohort, voice.t.lang) for cohort in cohorts}
    left, right = min(16 + 6.2 * max(map(len, names.values())), 130.0), 292.0
    counts = [(names[c], max(e["n_projects"] for _, e in content.ranked("H4", c))) for c in cohorts]
    title, _, measure = voice.t(f"text.h4_chart_{kind}").unescape().partition(", ")
    sheet = Sheet(340, [title], [*voice.subtitle(measure[:1].upper() + measure[1:]), *_wrapped(counts)])
    y = 8.0
    for code, _ in content.ranked("H4", kind=kind):
        for line in split_lines(str(code[f"name_{voice.t.lang}"] or code["id"]), 40):
            sheet.text(0, y, line, style="bold")
            y += 15
        for number, cohort in enumerate(cohorts):
            estimate = content.estimate("H4", cohort, code["id"])
            if estimate is not None:
                shade = 1.0 if len(cohorts) == 1 else 0.5 + 0.5 * number / (len(cohorts) - 1)
                _bar(sheet, estimate, (left, right, y, top), (HUES[kind], shade), voice)
                sheet.text(0, y, names[cohort], style="small")
                y += 14
        y += 9
    sheet.height = y
    return to_svg(sheet)


def top_share(content: Content) -> float:
    """The largest share or interval end of any code and cohort, for a scale that both code charts share."""
    rows = [e for cohort in content.cohorts for _, e in content.ranked("H4", cohort)]
    return max((max(row["value"], row["high"] or 0.0) for row in rows), default=0.0) or 1.0


def _bar(
    sheet: Sheet, estimate: dict[str, Any], frame: tuple[float, float, float, float],
    colour: tuple[str, float], voice: Voice,
) -> None:  # fmt: skip
    left, right, y, top = frame
    scale = (right - left) / top
    end = left + estimate["value"] * scale
    sheet.bars.append({"x": left, "x2": end, "y": y - 5, "y2": y + 5, "colour": colour[0], "shade": colour[1]})
    if estimate["low"] is not None and estimate["high"] is not None:
        low, high = max(estimate["low"], 0.0), estimate["high"]
        sheet.rule(left + low * scale, y, left + high * scale, y, size=1.4)
        end = max(end, left + high * scale)
    sheet.text(end + 5, y, voice.f.percent_text(estimate["value"]), style="small")


def _swarm(positions: Sequence[float], reach: float) -> list[tuple[float, float]]:
    """Dots that would lie on each other are stacked around the middle line, at most `reach` away from it."""
    columns: defaultdict[int, list[float]] = defaultdict(list)
    for x in sorted(positions):
        columns[round(x / 8)].append(x)
    placed = []
    for _, column in sorted(columns.items()):
        step = min(8.0, 2 * reach / max(len(column) - 1, 1))
        first = -step * (len(column) - 1) / 2
        placed += [(x, first + step * number) for number, x in enumerate(column)]
    return placed


def split_lines(text: str, width: int) -> list[str]:
    """A text cut at blanks into lines of about so many characters."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _wrapped(counts: list[tuple[str, int]]) -> list[str]:
    parts = [f"{name}: n = {n}".replace(" ", HARD) for name, n in counts]
    return split_lines(f"{HARD}· ".join(parts), 60)


def to_svg(sheet: Sheet) -> str:
    """The marks of a sheet as SVG."""
    import altair as alt
    import vl_convert

    title = alt.TitleParams(
        sheet.title, subtitle=[line for line in sheet.subtitle if line], anchor="start", frame="group", offset=10,
        fontSize=14, fontWeight="bold", subtitleFontSize=11, color=INK, subtitleColor=MUTED, lineHeight=18,
    )  # fmt: skip
    layers = alt.layer(*_layers(alt, sheet)).properties(
        width=sheet.width, height=sheet.height, title=title, padding={"left": 2, "right": 2, "top": 2, "bottom": 4}
    )
    chart = layers.configure(font=FONT, background=PAPER).configure_view(stroke=None)
    # The shape of the specification is fixed; validating it again for every chart would take half of the time.
    return str(vl_convert.vegalite_to_svg(chart.to_dict(validate=False)))


def to_png(svg: str) -> bytes:
    """A chart as a picture of twice its size in pixels; where the font is missing, in the system's own."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=2))


def _layers(alt: Any, sheet: Sheet) -> list[Any]:
    """One layer per kind of mark and style, bottom to top; pixel values go to the marks as they are."""
    across = alt.X("x:Q", scale=alt.Scale(domain=[0, sheet.width], nice=False), axis=None)
    down = alt.Y("y:Q", scale=alt.Scale(domain=[sheet.height, 0], nice=False), axis=None)
    colour = alt.Color("colour:N", scale=None)
    layers = []
    if sheet.bars:
        bars = alt.Chart(alt.Data(values=sheet.bars)).mark_rect(aria=False)
        layers.append(
            bars.encode(across, down, x2="x2:Q", y2="y2:Q", color=colour, opacity=alt.Opacity("shade:Q", scale=None))
        )
    if sheet.dots:
        dots = alt.Chart(alt.Data(values=sheet.dots)).mark_circle(aria=False, size=52, opacity=0.55)
        layers.append(dots.encode(across, down, color=colour))
    if sheet.rules:
        rules = alt.Chart(alt.Data(values=sheet.rules)).mark_rule(aria=False)
        layers.append(
            rules.encode(across, down, x2="x2:Q", y2="y2:Q", color=colour, size=alt.Size("size:Q", scale=None))
        )
    for kind in sorted({text["kind"] for text in sheet.texts}):
        align, style = kind.split(" ")
        look = {"small": (11.5, "normal", MUTED), "bold": (13, "bold", INK), "plain": (13, "normal", INK)}[style]
        chosen = [text for text in sheet.texts if text["kind"] == kind]
        mark = alt.Chart(alt.Data(values=chosen)).mark_text(
            aria=False, align=align, baseline="middle", fontSize=look[0], fontWeight=look[1], color=look[2]
        )
        layers.append(mark.encode(across, down, text="text:N"))
    return layers
