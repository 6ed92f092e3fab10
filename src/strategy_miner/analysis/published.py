"""Published figures against the same quantity computed from the corpus, with the reason where they do not compare.

What is computed follows from the id of a figure (SUBJECTS), for whom from its scope. A figure that needs a column that
nobody supplied, or text that nobody read, has no computed value: it is never 0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from strategy_miner.analysis.counted import Corpus, Counted, NotMeasured
from strategy_miner.analysis.samples import Cohorts
from strategy_miner.corpus.figures import PublishedFigure, precision
from strategy_miner.settings import AnalyseSettings
from strategy_miner.store import insert

if TYPE_CHECKING:
    from strategy_miner.store import Connection

APPROXIMATE = 0.1  # "about 90": a tenth more or less agrees
_ROUNDING = 1e-9
PROGRAMME = "programme"


@dataclass(frozen=True, slots=True)
class Scope:
    """The projects that a figure is about; `kind` as in table published."""

    kind: str
    value: str
    projects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How published and computed compare, as in table published."""

    result: str
    difference: float | None = None
    reason: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)


Count = Callable[[Corpus, Scope, PublishedFigure], Counted]

# id -> subject and how it is computed; an id may go on after the name: funding_mean_staffel_1.
SUBJECTS: dict[str, Count] = {
    "projects": lambda c, s, f: c.projects(s.projects),
    "strategies": lambda c, s, f: c.projects(s.projects),
    "ecology": lambda c, s, f: c.ecology(s.projects),
    "extended": lambda c, s, f: c.yes(s.projects, "strategy_phase_extended"),
    "team_integrated": lambda c, s, f: c.having(s.projects, "team_structure", "integrated"),
    "type": lambda c, s, f: c.having(s.projects, "municipality_type", s.value),
    "measures_quick_win": lambda c, s, f: c.measures(s.projects, status="quick_win"),
    "measures_implementation": lambda c, s, f: c.measures(s.projects, status="implementation"),
    "measures_carried_on": lambda c, s, f: c.measures(s.projects, status="begun"),
    "measures_platform": lambda c, s, f: c.measures(s.projects, technologies=("data_platform",)),
    "measures_visualisation": lambda c, s, f: c.measures(s.projects, technologies=("data_visualisation", "dashboard")),
    "measures_regional_economy": lambda c, s, f: c.measures(s.projects, code="wirtschaft"),
    "twin_share_climate": lambda c, s, f: c.share(s.projects, "umwelt_klima", "digital_twin"),
    "twin_share_energy": lambda c, s, f: c.share(s.projects, "energie", "digital_twin"),
    "funding_mean": lambda c, s, f: c.mean(s.projects, "funding_strategy_eur", f.unit),
    "funding_total": lambda c, s, f: c.total(s.projects, "funding_strategy_eur", f.unit),
    "funding_called": lambda c, s, f: c.total(s.projects, "funding_called_eur", f.unit),
}


def add_published(connection: Connection, cohorts: Cohorts, settings: AnalyseSettings, seed: int) -> None:
    """Fill table published; no rows for a corpus without published figures."""
    sql = "SELECT id, quantity, scope, value, text, denominator, unit, kind FROM published_figures ORDER BY rowid"
    figures = [PublishedFigure(*row) for row in connection.execute(sql).fetchall()]
    if figures:
        corpus = Corpus.read(connection)
        insert(connection, "published", [_row(corpus, cohorts, figure) for figure in figures])


def _row(corpus: Corpus, cohorts: Cohorts, figure: PublishedFigure) -> tuple[object, ...]:
    name, scope = subject(figure.id), _scope(corpus, cohorts, figure)
    tolerance = APPROXIMATE * abs(figure.value) if figure.kind == "approximate" else precision(figure.text)
    counted = Counted(None, None, 0)
    if not name:
        outcome = Outcome("not_compared", reason="unknown")
    elif not scope.kind:
        outcome = Outcome("not_compared", reason="scope")
    else:
        try:
            counted = SUBJECTS[name](corpus, scope, figure)
            outcome = _compared(figure, scope, counted, tolerance)
        except NotMeasured as reason:
            outcome = Outcome("not_compared", reason=reason.key, parameters=reason.parameters)
    return (
        figure.id, name, figure.quantity, figure.scope, scope.kind, scope.value, figure.value,
        len(figure.text.partition(".")[2]), figure.denominator, figure.unit, figure.kind, counted.value,
        counted.denominator, counted.n, len(scope.projects), outcome.result != "not_compared", outcome.result,
        outcome.difference, tolerance, outcome.reason,
        json.dumps(dict(outcome.parameters), ensure_ascii=False, sort_keys=True),
    )  # fmt: skip


def subject(figure_id: str) -> str:
    """The longest name of SUBJECTS that the id is or begins with; '' for none."""
    return max((name for name in SUBJECTS if f"{figure_id}_".startswith(f"{name}_")), key=len, default="")


def _scope(corpus: Corpus, cohorts: Cohorts, figure: PublishedFigure) -> Scope:
    """`all`, `programme`, `61 projects`, a type of municipality, or a cohort after any word ("Staffel 1")."""
    everyone = frozenset(corpus.types)
    text = figure.scope.strip()
    counted = re.fullmatch(r"(\d+) projects", text)
    if text == PROGRAMME or (counted and int(counted[1]) != len(everyone)):
        return Scope(PROGRAMME, "", everyone)
    if text == "all" or counted:
        kind = re.sub(r"^municipality type\s+", "", figure.quantity) if subject(figure.id) == "type" else ""
        return Scope("all", kind, everyone)
    if text in corpus.types.values():
        return Scope("type", text, frozenset(p for p, kind in corpus.types.items() if kind == text))
    for number, name in enumerate(cohorts.names):
        if text == name or text.endswith(f" {name}"):
            return Scope("cohort", name, frozenset(p for p, n in cohorts.number_of.items() if n == number))
    return Scope("", "", frozenset())


def _compared(figure: PublishedFigure, scope: Scope, counted: Counted, tolerance: float) -> Outcome:
    """Where values are missing, the figures still differ if no value of the missing ones could make them agree."""
    if scope.kind == PROGRAMME:
        return Outcome("not_compared", reason="beyond", parameters={"corpus": len(scope.projects)})
    assert counted.value is not None
    enough = figure.kind == "lower_bound"  # "over 100": more agrees too
    if counted.n == len(scope.projects):
        return _verdict(figure, counted.value, tolerance)
    if enough and counted.low is not None and counted.low >= figure.value:
        return Outcome("agrees", counted.value - figure.value)
    known = {"n": counted.n, "of": len(scope.projects)}
    if counted.low is None or counted.high is None:
        return Outcome("not_compared", reason="partial", parameters=known)
    ends = {**known, "low": counted.low, "high": counted.high}
    nearest = min(max(figure.value, counted.low), counted.high)
    if abs(nearest - figure.value) <= tolerance + _ROUNDING:
        return Outcome("not_compared", reason="inside", parameters=ends)
    return Outcome("differs", nearest - figure.value, "outside", ends)


def _verdict(figure: PublishedFigure, value: float, tolerance: float) -> Outcome:
    difference = value - figure.value
    near = abs(difference) <= tolerance + _ROUNDING
    return Outcome("agrees" if near or (figure.kind == "lower_bound" and difference > 0) else "differs", difference)
