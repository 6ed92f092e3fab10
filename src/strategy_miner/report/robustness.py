"""What the section on robustness says of an estimand, and its chart. Figures come from the tables robustness_*."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from strategy_miner.report.charts import HUES, INK, MUTED, RULE, Sheet, Voice, split_lines, to_svg
from strategy_miner.report.content import Content, Row
from strategy_miner.report.messages import Messages
from strategy_miner.report.typography import Typography
from strategy_miner.report.verdict import VERDICT_KEYS

DIMENSIONS = {
    "H1": ("level", "origin", "unclear", "counting", "weighting"),
    "H3": ("correction", "unit", "coder", "threshold", "weighting"),
}
CODE_WEIGHTINGS = ("document", "pooled", "tokens", "tokens_pooled")
_NAMED = 8  # variants with another verdict that are named one by one
_STEPS = (0.05, 0.1, 0.2, 0.25, 0.5)


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel of one estimand. `kinds`: for each label in the table, its sentences and its summary by choice.

    `holds`: in how many variants the verdict holds; None where none is judged.
    `flipped`: variants with another verdict, as many as are named; `n_flipped`: how many there are. `example`: a
    variant other than the primary one.
    """

    estimand: str
    holds: Markup | None
    kinds: list[tuple[str, list[Markup], list[Row]]]
    flipped: list[Row]
    n_flipped: int
    primary: Row
    example: Row


class RobustnessView:
    """What the template asks for; false where there is nothing to show."""

    weightings = CODE_WEIGHTINGS

    def __init__(self, content: Content, t: Messages, f: Typography) -> None:
        self.content, self.t, self.f = content, t, f

    def __bool__(self) -> bool:
        return bool(self.panels or self.code_shares)

    @cached_property
    def panels(self) -> list[Panel]:
        """Of the estimands that have at least two variants."""
        found = (self._panel(estimand) for estimand in DIMENSIONS)
        return [panel for panel in found if panel is not None]

    def choices(self, row: Row, primary: Row) -> str:
        """A variant in words: the choices in which it differs from the primary one."""
        return ", ".join(
            f"{self.t(f'robustness.dim_{name}')}: {self.t(f'robustness.value_{name}_{row[name]}')}"
            for name in DIMENSIONS[row["estimand"]] if row[name] and row[name] != primary[name]
        )  # fmt: skip

    @cached_property
    def code_shares(self) -> list[tuple[Row, dict[tuple[str, str], float]]]:
        """Codes with their shares by weighting and cohort."""
        shares: dict[str, dict[tuple[str, str], float]] = {}
        for row in self.content.tables["robustness_codes"]:
            shares.setdefault(row["code"], {})[row["weighting"], row["cohort"]] = row["value"]
        return [(code, shares[code["id"]]) for code in self.content.tables["codes"] if code["id"] in shares]

    def code_projects(self, cohort: str) -> int:
        rows = self.content.tables["robustness_codes"]
        return next((int(row["n_projects"]) for row in rows if row["cohort"] == cohort), 0)

    def _panel(self, estimand: str) -> Panel | None:
        cells = [row for row in self.content.tables["robustness"] if row["estimand"] == estimand]
        primary = next((row for row in cells if row["is_primary"]), None)
        if primary is None or len(cells) < 2:
            return None
        summary = [row for row in self.content.tables["robustness_summary"] if row["estimand"] == estimand]
        kinds = []
        for label in dict.fromkeys(row["label"] for row in summary):
            own = [row for row in summary if row["label"] == label]
            kinds.append((label, _sentences(own, primary, self.t, self.f), [row for row in own if row["dimension"]]))
        flipped = [row for row in cells if row["holds"] is False]
        others = [row for row in cells if not row["is_primary"]]
        example = next((row for row in others if row["permutations"]), others[0])
        holds = next((sentences[0] for label, sentences, _ in kinds if label != "uncorrected"), None)
        return Panel(estimand, holds, kinds, flipped[:_NAMED], len(flipped), primary, example)


def robustness_chart(content: Content, estimand: str, voice: Voice) -> str:
    """SVG: variants ordered by their difference, with intervals, and below a mark for each choice they make."""
    cells = [row for row in content.tables["robustness"] if row["estimand"] == estimand]
    cells.sort(key=lambda row: (row["difference"], row["cell"]))
    left, right, top, bottom = 140.0, 412.0, 6.0, 176.0
    title = voice.t(f"robustness.chart_title_{estimand}").unescape()
    sheet = Sheet(420, split_lines(title, 44), voice.subtitle())
    low = min([0.0, *(row["difference"] if row["low"] is None else row["low"] for row in cells)])
    high = max([0.0, *(row["difference"] if row["high"] is None else row["high"] for row in cells)])
    scale = (bottom - top) / ((high - low) or 1.0)
    step = (right - left) / len(cells)
    for tick in _ticks(low, high):
        y = bottom - (tick - low) * scale
        sheet.rule(left, y, right, y, INK if tick == 0 else RULE)
        sheet.text(left - 6, y, voice.f.plain(tick * 100, 0, signed=True), "right", "small")
    for number, row in enumerate(cells):
        x, y = left + (number + 0.5) * step, bottom - (row["difference"] - low) * scale
        colour = _colour(row)
        if row["low"] is not None:
            ends = bottom - (row["low"] - low) * scale, bottom - (row["high"] - low) * scale
            hue, size = (colour, 2.2) if row["is_primary"] or colour != INK else (MUTED, 1.4)
            sheet.rule(x, ends[0], x, ends[1], hue, min(max(0.5 * step, 0.5), size))
        reach = min(step / 2, 7.0)
        sheet.rule(x - reach, y, x + reach, y, colour, 2.2)
        if row["is_primary"]:
            sheet.dots += [{"x": x, "y": y, "colour": INK}] * 2  # dots are half transparent
    sheet.height = _matrix(sheet, cells, (left, step, bottom + 24), estimand, voice)
    return to_svg(sheet)


def _matrix(
    sheet: Sheet, cells: Sequence[Row], frame: tuple[float, float, float], estimand: str, voice: Voice
) -> float:
    """Marks below the variants for the choices they make, one line per value; where the lines end."""
    left, step, y = frame
    for dimension in DIMENSIONS[estimand]:
        values = list(dict.fromkeys(row[dimension] for row in sorted(cells, key=lambda row: row["place"])))
        if len(values) < 2:
            continue
        sheet.text(0, y, voice.t(f"robustness.dim_{dimension}").unescape(), style="bold")
        y += 15
        for value in values:
            sheet.text(0, y, voice.t(f"robustness.value_{dimension}_{value}").unescape(), style="small")
            for number, row in enumerate(cells):
                if row[dimension] == value:
                    x, reach = left + (number + 0.5) * step, min(0.42 * step, 7.0)
                    mark = {"x": x - reach, "x2": x + reach, "y": y - 4, "y2": y + 4}
                    sheet.bars.append(mark | {"colour": _colour(row), "shade": 0.8})
            y += 14
        y += 5
    return y


def _colour(row: Row) -> str:
    other = row["holds"] is False or row["same_direction"] is False
    return HUES["integrated"] if other else INK


def _ticks(low: float, high: float) -> list[float]:
    step = next((step for step in _STEPS if (high - low) / step <= 6), _STEPS[-1])
    return [n * step for n in range(-20, 21) if low - 1e-9 <= n * step <= high + 1e-9]


def _sentences(own: Sequence[Row], primary: Row, t: Messages, f: Typography) -> list[Markup]:
    whole = next(row for row in own if not row["dimension"])
    values = {
        "n_same": f.n_of(whole["n_same_direction"], whole["n_cells"]), "median": f.points(whole["median_difference"]),
        "lowest": f.points(whole["lowest"]), "highest": f.points(whole["highest"]),
    }  # fmt: skip
    if whole["n_holds"] is None:
        beyond = f.n_of(whole["n_beyond_zero"], whole["n_cells"])
        first = t("robustness.uncorrected", n_beyond=beyond, **values)
    else:
        verdict = t(f"result.verdict_{VERDICT_KEYS.get(primary['verdict'], 'empty')}")
        first = t("robustness.holds", verdict=verdict, n_holds=f.n_of(whole["n_holds"], whole["n_cells"]), **values)
        if whole["n_same_direction"] < whole["n_cells"]:
            first = Markup("{} {}").format(first, t("robustness.direction_open"))
    spreads = sorted((row for row in own if row["spread"] is not None), key=lambda row: -row["spread"])
    if not spreads:
        return [first]
    most = {
        "most": t(f"robustness.dim_{spreads[0]['dimension']}"),
        "spread": f.points(spreads[0]["spread"], signed=False),
    }
    if len(spreads) == 1:
        return [first, t("robustness.matters_one", **most)]
    least = t(f"robustness.dim_{spreads[-1]['dimension']}")
    smallest = f.points(spreads[-1]["spread"], signed=False)
    return [first, t("robustness.matters", least=least, smallest=smallest, **most)]
