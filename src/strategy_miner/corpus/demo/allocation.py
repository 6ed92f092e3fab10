"""Which fields a document declares, and which codes each of its units gets so that its planted share comes out."""

from __future__ import annotations

import random
from collections.abc import Sequence

from strategy_miner.corpus.demo.blocks import DeclaredName, Unit
from strategy_miner.corpus.demo.grammar import Phrases
from strategy_miner.corpus.demo.planting import Plan

_TWO_CODES = 0.2  # of the paragraphs
_MIXED = 0.5  # of those with two codes
_ECOLOGICAL = 0.5  # of the documents name an ecological field before others, as most real ones have one
_ON_TOPIC = 0.8  # of the units in a field's chapter that share its orientation


def declare_fields(plan: Plan, phrases: Phrases, generic: str, rng: random.Random) -> list[DeclaredName]:
    """The declared fields in the order of the document; no two share a code."""
    chosen: list[DeclaredName] = []
    for orientation, wanted in (
        ("integrated", plan.integrated_fields),
        ("sectoral", plan.fields - plan.integrated_fields),
    ):
        used: set[str] = set()
        names = rng.sample(phrases.fields[orientation], len(phrases.fields[orientation]))
        if rng.random() < _ECOLOGICAL:
            first = next((entry for entry in names if entry.get("ecology")), names[0])
            names.insert(0, names.pop(names.index(first)))
        for entry in names:
            codes = tuple(entry["codes"])
            if wanted and not used & set(codes):
                used |= set(codes)
                wanted -= 1
                name = entry["name"].replace("{Stadt}", generic)
                chosen.append(DeclaredName(name, orientation, codes, entry.get("ecology", False)))
    return rng.sample(chosen, len(chosen))


def allocate_codes(
    units: Sequence[Unit], share: float, fields: Sequence[DeclaredName], phrases: Phrases, rng: random.Random
) -> None:
    """Give every unit its codes so that the mean integrated share over the units' weight is `share`.

    Measures always belong to their field. The text of a field's chapter mostly keeps the field's orientation; what the
    planted share demands beyond that spills over.
    """
    paragraphs = [unit for unit in units if unit.shape in ("paragraph", "box")]
    pairs = rng.sample(paragraphs, round(_TWO_CODES * len(paragraphs)))
    mixed = set(map(id, pairs[: round(_MIXED * len(pairs))]))
    order = {"integrated": 0.0, None: 1.0, "sectoral": 2.0}
    wish = {id(u): order[u.home.orientation if u.home else None] + 1.4 * rng.random() for u in units}
    left = share * sum(unit.weight for unit in units) - 0.5 * len(mixed)
    for unit in units:
        if unit.shape == "card" and unit.home and unit.home.orientation == "integrated":
            unit.integrated = True
            left -= unit.weight
    for unit in sorted((u for u in units if u.shape != "card"), key=lambda u: wish[id(u)]):
        # A list counts several times: it is taken only where it fits whole, single units fill up the rest.
        if id(unit) not in mixed and left >= (unit.weight if unit.weight > 1 else 0.5):
            unit.integrated = True
            left -= unit.weight
    for unit in pairs:
        if id(unit) in mixed:
            unit.integrated = bool(unit.home and unit.home.orientation == "integrated") or rng.random() < 0.3
            unit.second_integrated = not unit.integrated
        else:
            unit.second_integrated = unit.integrated
    _name_codes(units, fields, phrases, rng)


def _name_codes(units: Sequence[Unit], fields: Sequence[DeclaredName], phrases: Phrases, rng: random.Random) -> None:
    integrated = phrases.integrated
    pools = {side: [code for code in sorted(phrases.codes) if (code in integrated) == side] for side in (True, False)}
    own = {side: [c for f in fields for c in f.codes if (c in integrated) == side] for side in (True, False)}

    def pick(side: bool, without: Sequence[str] = ()) -> str:
        source = own[side] if rng.random() < 0.5 else pools[side]
        options = [code for code in source if code not in without] or [c for c in pools[side] if c not in without]
        return rng.choice(options)

    for unit in units:
        home = unit.home
        if (
            home
            and (home.orientation == "integrated") == unit.integrated
            and (unit.shape == "card" or rng.random() < _ON_TOPIC)
        ):
            first = rng.choice(home.codes)
        else:
            first = pick(unit.integrated)
        second = () if unit.second_integrated is None else (pick(unit.second_integrated, (first,)),)
        unit.codes = (first, *second)
