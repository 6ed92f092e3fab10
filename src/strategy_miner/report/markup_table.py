"""Tables of the page as typst tables: heads that repeat, cells over several columns, a size at which they fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

Node = Any  # an element of lxml, which has no types

_WIDTHS = (459.0, 705.0)  # points on an A4 page with the margins of report.typ, upright and turned
# In ems: the room between two columns (of few, of many), and the letters of Libertinus Serif, on the safe side.
_GAPS = (0.95, 0.6)
_MANY = 10
_NARROW, _BROAD = frozenset("ijlrtfI.,:;|()[]'-–/ \u202f\u00a0"), frozenset("mwMW%+−=±")
_SIZES = (9.0, 8.5, 8.0, 7.5)
_PART = 13  # letters of a word that stay together at least; longer ones are hyphenated
_COMFORT = 11.0  # ems that a column of words gets before the text becomes smaller
_WIDE = 40.0  # ems from which a longer line asks for no more room
_BREAKABLE = 900  # letters from which a row may go over to the next page
_SHORT = 16  # lines up to which a table stays on one page


class Setter(Protocol):
    def flow(self, node: Node) -> str: ...
    def words_of(self, node: Node) -> str: ...
    def anchor(self, node: Node) -> str: ...
    def in_language(self, node: Node, text: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and the column where it begins."""

    node: Node
    column: int
    total: bool

    @property
    def across(self) -> int:
        return int(self.node.get("colspan") or 1)

    @property
    def down(self) -> int:
        return int(self.node.get("rowspan") or 1)

    @property
    def numeric(self) -> bool:
        return "num" in (self.node.get("class") or "").split()


def table_markup(node: Node, setter: Setter) -> str:
    """`#data-table(...)` of an HTML table whose cells may span columns and rows.

    The largest text that lets every word stand in its column is chosen, from 9 down to 7.5 points upright, else the
    page is turned.
    """
    captions = list(node.iter("caption"))
    caption = f"[{setter.words_of(captions[0])}]" if captions else "none"
    head = _placed([row for part in node.iter("thead") for row in part.iter("tr")])
    rows = _placed([row for row in node.iter("tr") if row.getparent().tag != "thead"])
    cells = [cell for row in [*head, *rows] for cell in row]
    if not cells:
        return ""
    count = max(cell.column + cell.across for cell in cells)
    right = _right(rows or head, count)
    size, turned, columns = _fit(cells, count)
    whole = sum(max((_text(cell.node).count("\n") + 1 for cell in row), default=0) for row in rows) <= _SHORT
    aligned = ", ".join("right" if number in right else "left" for number in range(count))
    heads = "".join(f"{_row(row, right, setter)}\n" for row in head)
    body = "".join(f"{_row(row, right, setter)}\n" for row in rows)
    look = f"size: {size}pt, gap: {_gap(count)}em, whole: {_truth(whole)}, turned: {_truth(turned)}"
    place = f"columns: ({columns},), align: ({aligned},), {look}, listed: {_truth(_listed(node))}, heads: {len(head)}"
    return f"#data-table(caption: {caption}, {place}, (\n{heads}),\n{body})"


def _listed(node: Node) -> bool:
    """Whether the table stands in the list of tables: those of the profiles, one per project, would fill pages."""
    return not any("profile" in (up.get("class") or "").split() for up in node.iterancestors("details"))


def _placed(rows: list[Node]) -> list[list[Cell]]:
    """The cells of each row with their columns, those kept free that a cell above reaches down into."""
    taken: set[tuple[int, int]] = set()
    placed = []
    for y, row in enumerate(rows):
        cells, column = [], 0
        for node in row:
            while (y, column) in taken:
                column += 1
            cell = Cell(node, column, "total" in (row.get("class") or "").split())
            taken |= {(y + down, column + across) for down in range(cell.down) for across in range(cell.across)}
            cells.append(cell)
        placed.append(cells)
    return placed


def _row(row: list[Cell], right: set[int], setter: Setter) -> str:
    made = []
    for cell in row:
        text = setter.flow(cell.node)
        if cell is row[0]:
            line = cell.node.getparent()
            part = line.getparent()
            text = (setter.anchor(part) if part[0] is line else "") + setter.anchor(line) + text
        for node in (cell.node, cell.node.getparent(), cell.node.getparent().getparent()):
            text = setter.in_language(node, text)
        options = _options(cell, cell.column in right)
        if cell.total:
            options.append("stroke: (top: 0.8pt + ink, bottom: 0.4pt + rule)")
            text = f"#strong[{text}]" if text else text
        made.append(f"table.cell({', '.join(options)})[{text}]" if options else f"[{text}]")
    return ", ".join(made) + ","


def _options(cell: Cell, right: bool) -> list[str]:
    options = [f"colspan: {cell.across}"] if cell.across > 1 else []
    options += [f"rowspan: {cell.down}"] if cell.down > 1 else []
    if cell.numeric != right:
        options.append(f"align: {'left' if right else 'right'}")
    if "sub" in (cell.node.get("class") or "").split():
        options.append("inset: (left: 12pt, y: 3.2pt)")
    if len(cell.node.text_content()) > _BREAKABLE:
        options.append("breakable: true")
    return options


def _right(rows: list[list[Cell]], count: int) -> set[int]:
    """Columns of figures."""
    votes = dict.fromkeys(range(count), 0)
    for row in rows:
        for cell in row:
            votes[cell.column] += 1 if cell.numeric else -1
    return {column for column, found in votes.items() if found > 0}


def _needs(cells: list[Cell], count: int, ranges: bool, comfort: float) -> tuple[list[float], list[float]]:
    """Ems that each column needs at least, and that would let every line stand unbroken. `ranges`: whether figures
    such as "3 to 5" stay in one line; `comfort`: ems that a column of words asks for at least."""
    least, most = [1.0] * count, [1.0] * count
    for cell in cells:
        if cell.across > 1:
            continue
        lines = [line.strip() for line in _text(cell.node).split("\n")]
        whole = ranges and cell.node.tag == "td" and cell.numeric
        words = lines if whole else [word[:_PART] for line in lines for word in line.split(" ")]
        bold = 1.08 if cell.total else 1.0
        length = max(bold * _ems(line) for line in lines)
        asked = 0.0 if cell.numeric else min(length, comfort)
        least[cell.column] = max(least[cell.column], asked, *(bold * _ems(word) for word in words))
        if not (cell.numeric and cell.node.tag == "th"):  # heads of figures may stand in several lines
            most[cell.column] = max(most[cell.column], min(length, _WIDE))
    return least, [max(pair) for pair in zip(least, most, strict=True)]


def _unbroken(cells: list[Cell], most: list[float]) -> list[float]:
    """Ems of the columns if the heads of figures, too, stand in one line."""
    heads = list(most)
    for cell in cells:
        if cell.across == 1:
            heads[cell.column] = max(heads[cell.column], *(_ems(line.strip()) for line in _text(cell.node).split("\n")))
    return heads


def _ems(text: str) -> float:
    wide = sum(sign in _BROAD or sign.isupper() for sign in text)
    narrow = sum(sign in _NARROW for sign in text)
    return 0.75 * wide + 0.33 * narrow + 0.5 * (len(text) - wide - narrow)


def _text(cell: Node) -> str:
    """The lines of a cell, without what only a screen reader says."""
    parts = [cell.text or ""]
    for child in cell.iterdescendants():
        if isinstance(child.tag, str) and "sr" not in (child.get("class") or "").split():
            parts += ["\n" if child.tag in ("br", "li", "div") else "", child.text or ""]
        parts.append(child.tail or "")
    return "".join(parts)


def _fit(cells: list[Cell], count: int) -> tuple[float, bool, str]:
    """Size of the text, whether the page is turned, and the columns: as wide as they like if there is room, else what
    they need and a share of the rest."""
    ways = ((0, True, _COMFORT), (0, True, 0.0), (0, False, 0.0), (1, True, 0.0), (1, False, 0.0))
    for turned, ranges, comfort in ways:
        least, most = _needs(cells, count, ranges, comfort)
        size = next((size for size in _SIZES if _points(least, size) <= _WIDTHS[turned]), None)
        if size:
            break
    size = size or _SIZES[-1]
    least, most = _needs(cells, count, ranges, 0.0)  # comfort chose the size; the room goes where the words are
    if _points(most, size) <= _WIDTHS[turned]:
        unbroken = _unbroken(cells, most)
        if _points(unbroken, size) <= _WIDTHS[turned]:
            return size, bool(turned), ", ".join(["auto"] * count)
        least, most = most, unbroken  # typst would break words to keep heads of figures in one line
    spare = max(0.0, _WIDTHS[turned] - _points(least, size)) / size
    widths = [a + _gap(count) + more for a, more in zip(least, _shared(least, most, spare), strict=True)]
    return size, bool(turned), ", ".join(f"{size * width:.1f}fr" for width in widths)


def _shared(least: list[float], most: list[float], spare: float) -> list[float]:
    """What each column gets of the spare room: those that want little all of it, the others the same."""
    given = [0.0] * len(least)
    order = sorted(range(len(least)), key=lambda column: (most[column] - least[column], column))
    for done, column in enumerate(order):
        given[column] = min(most[column] - least[column], spare / (len(order) - done))
        spare -= given[column]
    return given


def _points(ems: list[float], size: float) -> float:
    return size * sum(em + _gap(len(ems)) for em in ems)


def _gap(count: int) -> float:
    return _GAPS[count > _MANY]


def _truth(value: bool) -> str:
    return "true" if value else "false"
