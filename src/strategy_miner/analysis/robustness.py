"""The robustness panel: does the comparison of the cohorts hold under other choices of measurement?

A cell is one combination of choices. It is estimated, tested and judged as the primary result is: ratio of sums over
projects, process interval, studentised permutation, the same rule for the verdict. All cells draw the same
permutations. Shares of uncorrected machine codes have neither test nor verdict here either. Source of the idea:
Simonsohn, Simmons and Nelson 2020, Nature Human Behaviour 4:1208 (specification curve); it shows how much hangs on
choices, it is no test of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING

from strategy_miner.analysis import field_names, text_units
from strategy_miner.analysis.corrected import labelled
from strategy_miner.analysis.samples import Cohorts, Sample
from strategy_miner.analysis.shift import Contrast, contrast, raw_contrast
from strategy_miner.analysis.text_corrected import CORRECTED, corrected_sample
from strategy_miner.errors import StrategyMinerError
from strategy_miner.records import CODEBOOK

if TYPE_CHECKING:
    from strategy_miner.settings import AnalyseSettings
    from strategy_miner.store import Connection

CHOICES = {
    "H1": ("level", "origin", "unclear", "counting", "weighting"),
    "H3": ("correction", "unit", "coder", "threshold", "weighting"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination of choices, in the order of CHOICES."""

    estimand: str
    choices: tuple[str, ...]

    @property
    def id(self) -> str:
        """ "H3/raw/segment/codebook/own/document"."""
        return "/".join((self.estimand, *self.choices))

    def __getitem__(self, dimension: str) -> str:
        return self.choices[CHOICES[self.estimand].index(dimension)]


@dataclass(frozen=True, slots=True)
class Result:
    """A cell with its sample and what follows from it. `permutations`: of its test, if it has one. `cut`: the threshold
    as a number, if it has one."""

    cell: Cell
    sample: Sample
    contrast: Contrast
    permutations: int | None
    cut: float | None


class Panel:
    """All cells that a database allows, and each on its own."""

    def __init__(self, connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
        self.cohorts, self.settings, self.seed = cohorts, settings, seed
        self.names = field_names.read_names(connection)
        self.texts = text_units.Texts.read(connection)
        self.gold = labelled(connection, settings)
        self._last: tuple[tuple[str, str, str], text_units.Counted] | None = None
        self.cells = [*self._name_cells(), *self._text_cells()] if len(cohorts.names) > 1 else []
        self.primary = {
            "H1": Cell("H1", ("found", "all", "counted", "orientation", "document")),
            "H3": Cell("H3", ("raw", "segment", CODEBOOK, "own", "document"))
            if self.gold is None
            else Cell("H3", (CORRECTED, "segment", self.gold.scores, "none", "document")),
        }

    def results(self) -> Iterator[Result]:
        """Every cell in order; cells without a difference are left out."""
        for cell in self.cells:
            if (found := self.result(cell)) is not None:
                yield found

    def result(self, cell: Cell) -> Result | None:
        """A cell; None where it gives no sample (see `Counted.sample`) or no difference."""
        of = self._sample(cell)
        if of is None:
            return None
        permutations = None
        if "uncorrected" in of.labels:
            found = raw_contrast(self.cohorts, of)
        else:
            primary = cell == self.primary[cell.estimand]
            permutations = self.settings.permutations if primary else self.settings.robustness_permutations
            found = contrast(self.cohorts, of, self.settings.margin, permutations, self.seed)
        if found.difference is None:
            return None
        cut = self.texts.cuts.get((cell["coder"], cell["threshold"])) if cell.estimand == "H3" else None
        return Result(cell, of, found, permutations, cut)

    def named(self, name: str) -> Cell:
        """The cell of that name. Raises StrategyMinerError with the known ones."""
        for cell in self.cells:
            if cell.id == name:
                return cell
        parts = ([cell for cell in self.cells if cell.estimand == own] for own in CHOICES)
        known = "; ".join(_pattern(cells) for cells in parts if cells)
        remedy = f"Known are {known}." if known else "There is none: the panel needs two cohorts."
        raise StrategyMinerError("no such cell of the robustness panel", name, remedy)

    def arguments(self, of: Result) -> dict[str, object]:
        """All that the figures of a cell follow from, with the SQL that reads their source."""
        given: dict[str, object] = dict(zip(CHOICES[of.cell.estimand], of.cell.choices, strict=True))
        if of.cut is not None:
            given["cut"] = of.cut
        if of.permutations is not None:
            given |= {"margin": self.settings.margin, "permutations": of.permutations, "seed": [self.seed, 1]}
        sql = [field_names.NAMES_SQL] if of.cell.estimand == "H1" else [text_units.SEGMENTS_SQL, text_units.SCORES_SQL]
        return given | {"sql": [dedent(text).strip() for text in sql]}

    def _name_cells(self) -> Iterator[Cell]:
        for choices in field_names.name_cells(self.names):
            yield from (Cell("H1", (*choices, weighting)) for weighting in field_names.WEIGHTINGS)

    def _text_cells(self) -> Iterator[Cell]:
        for choices in text_units.text_cells(self.texts):
            yield from (Cell("H3", ("raw", *choices, weighting)) for weighting in text_units.WEIGHTINGS)
            if self.gold is not None and choices[0] == "segment":
                yield from (Cell("H3", (CORRECTED, *choices, weighting)) for weighting in text_units.WEIGHTINGS)

    def _sample(self, cell: Cell) -> Sample | None:
        if cell.estimand == "H1":
            level, origin, unclear, counting, weighting = cell.choices
            names = field_names.chosen(self.names, level, origin, unclear)
            return field_names.names_sample(self.cohorts, names, counting, weighting)
        correction, unit, coder, threshold, weighting = cell.choices
        if correction == CORRECTED:
            assert self.gold is not None
            return corrected_sample(self.cohorts, self.texts, self.gold, (coder, threshold), weighting)
        if self._last is None or self._last[0] != (coder, threshold, unit):  # the weightings of one count follow it
            self._last = (coder, threshold, unit), self.texts.counted(coder, threshold, unit)
        return self._last[1].sample(self.cohorts, self.texts, weighting)


def _pattern(cells: Sequence[Cell]) -> str:
    """The names of cells of one estimand in short: "H1/found/all/counted|dropped/orientation/document|pooled"."""
    values = zip(*(cell.choices for cell in cells), strict=True)
    return "/".join([cells[0].estimand, *("|".join(dict.fromkeys(own)) for own in values)])
