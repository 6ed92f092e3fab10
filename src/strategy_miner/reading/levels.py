"""On which level a heading stands: by its look, then by its number, by what it stands under, and by the contents."""

from __future__ import annotations

from collections import Counter, defaultdict

from strategy_miner.reading.looks import Look, depth, look, plain
from strategy_miner.reading.paragraphs import Piece

LONG = 20  # pages from which a look on the last page alone is a back cover's
RARE = 2  # headings of one look up to which their numbers tell more than the look


def set_levels(headings: list[Piece], witnesses: set[str]) -> None:
    """Levels by look, larger type higher; between looks of one size the one that stands directly above the other.

    Numbers refine the level inside one look, so "1" and "1.2" in the same type are not equal. `witnesses` are the
    titles in contents and bookmarks, as `plain` gives them.
    """
    if not headings:
        return
    looks = _folded(headings)
    covers = _only_on_covers(headings, looks)
    ranks = _ranked([h for h in headings if looks[id(h)] not in covers], looks)
    for key in sorted(covers):
        like = min(ranks, key=lambda k: abs(k[0] - key[0]), default=None)
        ranks[key] = 0 if like is None else ranks[like]
    by_rank: dict[int, list[Piece]] = defaultdict(list)
    for heading in headings:
        by_rank[ranks[looks[id(heading)]]].append(heading)
    base = 1
    for rank in sorted(by_rank):
        below = _below(by_rank[rank], headings, witnesses)
        for heading, steps in zip(by_rank[rank], below, strict=True):
            heading.level = base + steps
        base += 1 + max(below)
    _follow_numbers(headings, looks)
    used = sorted({h.level or 1 for h in headings})
    for heading in headings:
        heading.level = 1 + used.index(heading.level or 1)


def _only_on_covers(headings: list[Piece], looks: dict[int, Look]) -> set[Look]:
    """Looks on the first page only, or on the last of a longer document: they rank as the look nearest in size."""
    pages: dict[Look, set[int]] = defaultdict(set)
    for heading in headings:
        pages[looks[id(heading)]].add(heading.page)
    last = max(h.page for h in headings)
    ends = {1} if 1 < last < LONG else {1, last} if last > 1 else set()
    return {key for key, found in pages.items() if len(found) == 1 and found <= ends}


def _folded(headings: list[Piece]) -> dict[int, Look]:
    """The look of each heading, by id; a few in capitals (or not) among many of that type are no look of their own."""
    counts = Counter(look(h) for h in headings)
    folded = {}
    for heading in headings:
        own = look(heading)
        other = (*own[:5], not own[5])
        folded[id(heading)] = other if counts[other] >= 4 * counts[own] else own
    return folded


def _ranked(headings: list[Piece], looks: dict[int, Look]) -> dict[Look, int]:
    sequence = [looks[id(h)] for h in headings]
    first_seen = {key: index for index, key in reversed(list(enumerate(sequence)))}
    order = sorted(first_seen, key=lambda k: (-k[0], -k[5], -k[1], k[3], first_seen[k]))
    ranks: dict[Look, int] = {}
    rank = -1
    for position, key in enumerate(order):
        previous = order[position - 1] if position else None
        if previous is None or not _same_rank(previous, key, sequence, ranks):
            rank += 1
        ranks[key] = rank
    return ranks


def _same_rank(upper: Look, lower: Look, sequence: list[Look], ranks: dict[Look, int]) -> bool:
    """A hair's difference in size is no level of its own when nothing else differs, nor is a colour beside another.

    Colour alone makes a level where nearly all headings of the one colour stand under one of the other.
    """
    if upper[0] - lower[0] > 0.6 or (upper[1], *upper[3:]) != (lower[1], *lower[3:]):
        return False
    if upper[2] == lower[2]:
        return True
    under: Counter[bool] = Counter()
    last = None
    for key in sequence:
        if key == lower:
            under[last == upper] += 1
        elif key == upper or ranks.get(key, 99) < ranks[upper]:
            last = key
    return under[True] < 0.8 * under.total()


def _below(found: list[Piece], headings: list[Piece], witnesses: set[str]) -> list[int]:
    """How far each heading of one look stands below the look's own level: by the depth of its decimal number.

    Where decimals of several depths share a look, what has no number stands below the number before it, unless the
    contents list it (without contents: unless it opens a page and comes once).
    """
    depths = sorted({depth(h.text) for h in found} - {0})
    opens, counts = _openings(headings), Counter(plain(h.text) for h in found)
    steps, last = [], -1
    for heading in found:
        if depth(heading.text):
            last = depths.index(depth(heading.text))
            steps.append(last)
            continue
        title = plain(heading.text)
        listed = title in witnesses if witnesses else id(heading) in opens and counts[title] == 1
        steps.append(last + 1 if len(depths) > 1 and not listed else 0)
    return steps


def _openings(headings: list[Piece]) -> set[int]:
    """The headings, by id, with which a page begins."""
    seen: set[int] = set()
    opens = set()
    for heading in headings:
        if heading.page not in seen and heading.gap_above > 90:
            opens.add(id(heading))
        seen.add(heading.page)
    return opens


def _follow_numbers(headings: list[Piece], looks: dict[int, Look]) -> None:
    """A numbered heading of a rare look stands where most headings with as many numbers stand."""
    counts = Counter(looks.values())
    levels: dict[int, Counter[int]] = defaultdict(Counter)
    for heading in headings:
        levels[depth(heading.text)][heading.level or 1] += 1
    for heading in headings:
        usual = levels[depth(heading.text)]
        most = max(usual, key=lambda level: usual[level])
        if depth(heading.text) and counts[looks[id(heading)]] <= RARE and usual[most] > RARE:
            heading.level = most
