"""Whether the sections of a document treat several sectoral fields together, or each its own.

A raw share of sections with two or more fields grows with the length of a section and with the number of fields in a
document. So both are held fixed: two segments are drawn from one section, and their fields are compared with those of
two segments from different sections of the same document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import comb, fsum

import numpy as np

from strategy_miner.analysis.intervals import Values
from strategy_miner.coding.features import headings

Fields = frozenset[str]  # the sectoral fields of one segment
Section = Sequence[Fields]  # its segments with at least one sectoral field, in reading order


@dataclass(frozen=True, slots=True)
class Mixing:
    """Chances that segments drawn together carry two or more fields, over the sections that were long enough.

    `observed`: drawn from one section, mean over the sections. `expected`: drawn from as many different sections of the
    document. `several`: sections with two or more fields, however long they are. `lengths`: segments of each section.
    """

    observed: float
    expected: float
    several: int
    lengths: tuple[int, ...]

    @property
    def sections(self) -> int:
        return len(self.lengths)


def mixing(sections: Sequence[Section], drawn: int = 2) -> Mixing | None:
    """The mixing of a document's sections, or None if fewer than `drawn` of them have so many segments.

    1 - observed / expected is Hudson's F_ST, by which population genetics measures how far borders keep groups apart;
    neither the number of sections nor their lengths bias its two parts (Hudson, Slatkin and Maddison 1992, Genetics
    132:583; Bhatia et al. 2013, Genome Research 23:1514). Drawn segments lack a second field only if each carries one
    and the same, so counts of segments with a single field are enough.
    """
    long_enough = [section for section in sections if len(section) >= drawn]
    if len(long_enough) < drawn:
        return None
    codes = sorted({code for section in long_enough for fields in section for code in fields})
    alone = [Counter(next(iter(fields)) for fields in section if len(fields) == 1) for section in long_enough]
    same = [
        sum(comb(n, drawn) for n in counts.values()) / comb(len(section), drawn)
        for counts, section in zip(alone, long_enough, strict=True)
    ]
    rates = [
        np.array([counts[code] / len(section) for code in codes])
        for counts, section in zip(alone, long_enough, strict=True)
    ]
    apart = fsum(_products(rates, drawn)) / comb(len(rates), drawn)
    several = sum(len(frozenset().union(*section)) > 1 for section in long_enough)
    lengths = tuple(len(section) for section in long_enough)
    return Mixing(1 - fsum(same) / len(same), 1 - apart, several, lengths)


def _products(rates: Sequence[Values], drawn: int) -> Values:
    """Per field the sum over all choices of `drawn` sections of the product of their rates."""
    sums = [np.ones_like(rates[0]), *(np.zeros_like(rates[0]) for _ in range(drawn))]
    for rate in rates:
        for size in range(drawn, 0, -1):
            sums[size] = sums[size] + sums[size - 1] * rate
    return sums[drawn]


def pooled(parts: Collection[Mixing]) -> Mixing | None:
    """Several documents as one: each with the weight of its sections."""
    total = sum(part.sections for part in parts)
    if not total:
        return None
    observed, expected = (
        fsum(part.sections * value for part, value in zip(parts, values, strict=True)) / total
        for values in ([part.observed for part in parts], [part.expected for part in parts])
    )
    lengths = tuple(length for part in parts for length in part.lengths)
    return Mixing(observed, expected, sum(part.several for part in parts), lengths)


def by_section(
    segments: Sequence[tuple[Sequence[str], Collection[str]]], subjects: bool = True
) -> Mapping[tuple[str, ...], Section]:
    """The sections of a document: segments (heading path, sectoral fields) under the same headings.

    With `subjects` only headings count that name a subject, so that "Ziele" under "Mobilität" belongs to "Mobilität".
    Segments under no such heading (preface, vision, financing) are in no section, nor are those without a field.
    """
    sections: dict[tuple[str, ...], list[Fields]] = {}
    for path, fields in segments:
        key = tuple(headings(path)) if subjects else tuple(path)
        if key and fields:
            sections.setdefault(key, []).append(frozenset(fields))
    return sections


def pieces(section: Section, size: int) -> list[Section]:
    """A section cut into runs of at most `size` segments."""
    rest = iter(section)
    return list(iter(lambda: list(islice(rest, size)), []))
