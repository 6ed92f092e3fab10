"""The verb shift: the estimands for cohorts or for the groups of any other column of the projects, without a rerun.

from strategy_miner import shift
shift(by="municipality_type", within="cohort", corpus="mpsc")
"""

from __future__ import annotations

from typing import Any

from strategy_miner.verbs import project_settings, results

_ESTIMATES = ("group_name", "estimand", "code", "n_projects", "n_units", "count", "value", "low", "high", "label")
_TESTS = (
    "estimand", "code", "test", "n_groups", "n_projects", "group_from", "group_to", "difference", "low", "high", "p",
    "p_adjusted",
)  # fmt: skip


def shift(by: str = "cohort", within: str | None = None, corpus: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """Estimates per group and tests of whether the groups differ, from a corpus's database, which is only read.

    Args:
        by: `cohort`, or any column of projects.csv or of a further table of the corpus.
        within: such a column too; the tests are given again with the group labels permuted within its values.
        corpus: its name, by default the first of params.yaml.

    Returns `estimates` and `tests`, each a list of plain dicts with the columns of the tables group_estimates and
    group_contrasts; a test has `p_within` too where `within` is given. All of them are exploratory.

    Raises SettingsError for a column that is not there or makes no groups, StoreError without a database.
    """
    from strategy_miner.analysis.groups import all_samples, contrast_rows, estimate_rows, usable
    from strategy_miner.analysis.samples import Cohorts

    settings = project_settings()
    with results(corpus) as connection:
        cohorts = Cohorts.read(connection)
        grouping = usable(connection, by, settings.analyse.classes)
        strata = usable(connection, within, settings.analyse.classes) if within else None
        samples = all_samples(connection, cohorts, settings.analyse)
    draws, seed = settings.analyse.permutations, settings.seed
    estimates = [
        dict(zip(_ESTIMATES, (name, *row), strict=True)) for _, name, _, _, _, *row in estimate_rows(grouping, samples)
    ]
    tests = [dict(zip(_TESTS, row[1:], strict=True)) for row in contrast_rows(grouping, samples, draws, seed)]
    if strata:
        again = contrast_rows(grouping, samples, draws, seed, strata)
        tests = [test | {"p_within": row[-2]} for test, row in zip(tests, again, strict=True)]
    return {"estimates": estimates, "tests": tests}
