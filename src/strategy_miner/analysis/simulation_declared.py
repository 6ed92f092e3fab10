"""Made declared fields: whole numbers of integrated ones among a document's fields, documents unalike (beta-binomial).

They show what the trend test on document shares does, and what counting fields as if they were independent does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from strategy_miner.analysis.intervals import linearised
from strategy_miner.analysis.simulation import Found, Process, found_from_values
from strategy_miner.analysis.trend import permutation_p

BY_DOCUMENT, BY_FIELD = "share per document", "fields as if independent"


@dataclass(frozen=True, slots=True)
class Fields(Process):
    """What the declared fields of a made corpus are drawn from.

    A document has 2 to 12 fields, 5 on average (2 + binomial(10, .3)). alike: intra-document correlation, how much the
    fields of a document are alike beyond the cohort's mean. shift and middle as in Scenario.
    """

    name: str
    shift: float = 0.0
    alike: float = 0.15
    documents: tuple[int, int, int] = (10, 24, 27)
    middle: float = 0.40

    def answers(self, random: np.random.Generator, permutations: int) -> dict[str, Found]:
        """Draw a corpus; what the two ways say of it."""
        cohorts = self.cohorts
        fields = 2 + random.binomial(10, 0.3, len(cohorts))
        mean, both = self.means[cohorts], (1 - self.alike) / self.alike
        integrated = random.binomial(fields, random.beta(mean * both, (1 - mean) * both))
        seed = int(random.integers(2**31))
        of_field = np.repeat(
            np.tile([1.0, 0.0], len(cohorts)), np.column_stack([integrated, fields - integrated]).ravel()
        )
        found = {}
        for name, values, of in (
            (BY_DOCUMENT, integrated / fields, cohorts), (BY_FIELD, of_field, np.repeat(cohorts, fields))
        ):  # fmt: skip
            ones = np.ones(len(values))
            p = permutation_p(linearised(values, ones), of, permutations, [seed]) if permutations else np.nan
            found[name] = found_from_values(np.column_stack([values, ones]), of, p)
        return found
