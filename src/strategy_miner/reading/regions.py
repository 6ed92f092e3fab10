"""Areas of a page that lines and fills make: tables ruled across only, boxes."""

from __future__ import annotations

import itertools

from strategy_miner.reading.lines import Line
from strategy_miner.reading.raw import RawPage, RawTable, RawWord, Rect, covers, holds

MAX_PATHS = 800  # beyond this a page is a map or a drawing, and pairwise rules would take too long
LEAST_BANDS = 2
_COLUMN_GAP = 5.0  # points of white between two columns of a table


def band_tables(page: RawPage) -> list[RawTable]:
    """Tables that have rules between their rows but none between their columns, or only a tinted first column.

    Rules of one left and right end, at least three, with text between them that a white gap divides into columns in
    most rows. Fills count by their edges. Measure sheets ("label | value") are often set like this.
    """
    if len(page.rules) + len(page.fills) > MAX_PATHS:
        return []
    taken = [t.box for t in page.tables]
    tables = []
    for run in _rule_runs(page):
        x0, x1 = min(r[0] for r in run), max(r[2] for r in run)
        for levels in _levels_with_columns((x0, x1), [r[1] for r in run], page.words):
            middle = ((x0 + x1) / 2, (levels[0] + levels[-1]) / 2)
            if any(holds(box, *middle) for box in taken):
                continue
            table = _banded((x0, x1), levels, page.words)
            if table is not None:
                tables.append(table)
                taken.append(table.box)
    return tables


def _levels_with_columns(sides: tuple[float, float], levels: list[float], words: list[RawWord]) -> list[list[float]]:
    """The levels of rules in runs between which one white band goes down; a row with text across it ends a run.

    Sheets that follow each other have their titles between two rules of equal length.
    """
    inside = [w for w in words if sides[0] - 1 <= (w.x0 + w.x1) / 2 <= sides[1] + 1]
    runs: list[list[float]] = []
    run, held = levels[:1], list[RawWord]()
    for upper, lower in itertools.pairwise(levels):
        row = [w for w in inside if upper <= (w.top + w.bottom) / 2 <= lower]
        if row and not _column_cuts(held + row):
            runs.append(run)
            alone = bool(_column_cuts(row))
            run, held = ([upper, lower], row) if alone else ([lower], [])
        else:
            run.append(lower)
            held += row
    return [found for found in [*runs, run] if len(found) > LEAST_BANDS]


def with_tinted_row(table: RawTable, page: RawPage) -> RawTable:
    """The table with the row above it, where that row has a tinted first cell as wide as that below but no rule on top.

    The ground of a first cell may end beside the middle of the white band where the column was cut.
    """
    x0, top, x1, bottom = table.box
    first = next((c for c in table.rows[0] if c), None)
    if first is None or len(table.rows[0]) < 2:
        return table
    grounds = [b for b, colour in page.fills if colour != 0xFFFFFF and abs(b[0] - first[0]) < 4]
    widths = [first[2], *(b[2] for b in grounds if abs(b[1] - top) < 3 and b[2] < 0.7 * x1 + 0.3 * x0)]
    for box in grounds:
        same = any(abs(box[2] - width) < 4 for width in widths)
        if same and abs(box[3] - top) < 3 and 8 < box[3] - box[1] < 0.2 * page.height:
            row = tuple((c[0], box[1], c[2], top) if c else None for c in table.rows[0])
            return RawTable((x0, box[1], x1, bottom), (row, *table.rows))
    return table


def _rule_runs(page: RawPage) -> list[list[Rect]]:
    """Rules across, grouped by equal ends, then split where two neighbours are further apart than a row can be high."""
    across = [r for r in page.rules if r[3] - r[1] < 2.5 and r[2] - r[0] > 0.2 * page.width]
    groups: list[list[Rect]] = []
    for rule in sorted(across, key=lambda r: (r[1], r[0])):
        group = next((g for g in groups if abs(g[-1][0] - rule[0]) < 3 and abs(g[-1][2] - rule[2]) < 3), None)
        if group is None:
            groups.append([rule])
        elif rule[1] - group[-1][1] > 4:
            group.append(rule)
    down = [r for r in page.rules if r[2] - r[0] < 2.5 and r[3] - r[1] > 8]
    runs = []
    for group in groups:
        run, before = [group[0]], None
        for upper, lower in itertools.pairwise(group):
            far, sided = lower[1] - upper[1] > 0.2 * page.height, _sided(upper, lower, down)
            # Rows with sides and rows without are not one table: a frame above it, the rule of the running head.
            if far or before not in (None, sided):
                runs.append(run)
                run = [] if far else [upper]
            run.append(lower)
            before = None if far else sided
        runs.append(run)
    return [run for run in runs if len(run) > LEAST_BANDS]


def _sided(upper: Rect, lower: Rect, down: list[Rect]) -> bool:
    """Whether a rule down the page stands between two rules across, from one to the other."""
    return any(d[1] < upper[1] + 4 and d[3] > lower[1] - 4 and upper[0] - 4 < d[0] < upper[2] + 4 for d in down)


def _banded(sides: tuple[float, float], levels: list[float], words: list[RawWord]) -> RawTable | None:
    box = (sides[0] - 1, levels[0], sides[1] + 1, levels[-1])
    inside = [w for w in words if covers(box, w)]
    if len(inside) < 4:
        return None
    cuts = _column_cuts(inside)
    if not cuts or len(cuts) > 12:
        return None
    edges = [sides[0] - 1, *cuts, sides[1] + 1]
    rows = []
    for top, bottom in itertools.pairwise(levels):
        rows.append(tuple((left, top, right, bottom) for left, right in itertools.pairwise(edges)))
    filled = [sum(any(covers(c, w) for w in inside) for c in row) for row in rows]
    if sum(n >= 2 for n in filled) < max(2, 0.6 * len(rows)):
        return None
    return RawTable(box, tuple(row for row, n in zip(rows, filled, strict=True) if n))


def _column_cuts(words: list[RawWord]) -> list[float]:
    """The middles of the white bands that run through all rows."""
    spans = sorted(_stretches(words))
    cuts, reach = [], spans[0][1]
    for start, end in spans[1:]:
        if start - reach > _COLUMN_GAP:
            cuts.append((start + reach) / 2)
        reach = max(reach, end)
    return cuts


def _stretches(words: list[RawWord]) -> list[tuple[float, float]]:
    """Left and right of words on one line with no more than a space between them: spaces of large type are wide."""
    found: list[tuple[float, float]] = []
    last: RawWord | None = None
    for word in sorted(words, key=lambda w: (w.base, w.x0)):
        same = last is not None and abs(word.base - last.base) < 1 and -1 < word.x0 - last.x1 < 0.45 * word.style.size
        found.append((found.pop()[0], word.x1) if same else (word.x0, word.x1))
        last = word
    return found


def mark_boxes(page: RawPage, lines: list[Line]) -> None:
    """Number the painted or framed areas that hold two lines or more and less than the greater part of the page."""
    areas = [box for box, colour in page.fills if colour != 0xFFFFFF and _box_sized(box, page)]
    areas += _frames(page)
    number = 0
    for area in sorted(set(areas), key=lambda b: (-(b[2] - b[0]) * (b[3] - b[1]), b)):
        inside = [i for i in lines if not i.role and _within(i, area)]
        if len(inside) < 2 or len(inside) > 0.6 * len(lines) or any(i.box >= 0 for i in inside):
            continue
        if any(i.x0 < area[0] - 2 or i.x1 > area[2] + 2 for i in inside):
            continue
        for line in inside:
            line.box = number
        number += 1


def _within(line: Line, area: Rect) -> bool:
    return holds(area, (line.x0 + line.x1) / 2, (line.top + line.bottom) / 2)


def _box_sized(box: Rect, page: RawPage) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return width > 0.15 * page.width and height > 22 and width * height < 0.6 * page.width * page.height


def _frames(page: RawPage) -> list[Rect]:
    """Frames drawn as four rules: an upper and a lower one with the same ends, and sides at both of them."""
    if len(page.rules) > MAX_PATHS / 2:
        return []
    across = [r for r in page.rules if r[3] - r[1] < 2.5 and r[2] - r[0] > 0.15 * page.width]
    down = [r for r in page.rules if r[2] - r[0] < 2.5 and r[3] - r[1] > 22]
    found = []
    for upper in across:
        for lower in across:
            box = (upper[0], upper[1], upper[2], lower[3])
            if lower[1] - upper[1] < 22 or abs(lower[0] - upper[0]) > 2 or abs(lower[2] - upper[2]) > 2:
                continue
            sides = [d for d in down if abs(d[1] - box[1]) < 3 and abs(d[3] - box[3]) < 3]
            left, right = any(abs(d[0] - box[0]) < 3 for d in sides), any(abs(d[2] - box[2]) < 3 for d in sides)
            if left and right and _box_sized(box, page):
                found.append(box)
    return found
