"""Tables of the page as typst tables: heads that repeat, cells over several columns, a size at which they fit."""

from __future__ import annotations

from typing import Any, Protocol

Node = Any  # an element of lxml, which has no types

# Points on an A4 page with the margins of report.typ, upright and turned, and between two columns.
_WIDTHS = (453.0, 697.0)
_GAP = 9.0
# Letters of Libertinus Serif at size 1, on the safe side.
_NARROW, _BROAD = frozenset("ijlrtfI.,:;|()[]'-–/ \u202f\u00a0"), frozenset("mwMW%+−=±")
_SIZES = (9.0, 8.5, 8.0, 7.5)
_PART = 13  # letters of a word that stay together at least; longer ones are hyphenated
_WIDE = 30.0  # ems from which a longer line asks for no more room
_BREAKABLE = 900  # letters from which a row may go over to the next page


class Setter(Protocol):
    def flow(self, node: Node) -> str: ...
    def words_of(self, node: Node) -> str: ...
    def anchor(self, node: Node) -> str: ...
    def in_language(self, node: Node, text: str) -> str: ...


def table_markup(node: Node, setter: Setter) -> str:
    """`#data-table(...)` of an HTML table whose rows may span columns and rows.

    The smallest text that lets every word stand in its column is chosen, from 9 down to 7.5 points upright, else the
    page is turned.
    """
    captions = list(node.iter("caption"))
    caption = f"[{setter.words_of(captions[0])}]" if captions else "none"
    head = [row for part in node.iter("thead") for row in part.iter("tr")]
    rows = [row for row in node.iter("tr") if row not in head]
    count = max((sum(_span(cell, "colspan") for cell in row) for row in [*head, *rows]), default=0)
    if not count:
        return ""
    right = _right(rows or head, count)
    size, turned, columns = _fit([*head, *rows], count)
    aligned = ", ".join("right" if number in right else "left" for number in range(count))
    heads = "".join(f"{_row(row, right, setter)}\n" for row in head)
    body = "".join(f"{_row(row, right, setter)}\n" for row in rows)
    return (
        f"#data-table(caption: {caption}, columns: ({columns},), align: ({aligned},), size: {size}pt, "
        f"turned: {'true' if turned else 'false'}, heads: {len(head)}, (\n{heads}),\n{body})"
    )


def _row(row: Node, right: set[int], setter: Setter) -> str:
    cells, column = [], 0
    total = "total" in (row.get("class") or "")
    anchor = setter.anchor(row)
    for cell in row:
        text = anchor + setter.flow(cell)
        anchor = ""
        for node in (cell, row, row.getparent()):
            text = setter.in_language(node, text)
        options = _options(cell, column in right)
        if total:
            options.append("stroke: (top: 0.8pt + ink, bottom: 0.4pt + rule)")
            text = f"#strong[{text}]" if text else text
        cells.append(f"table.cell({', '.join(options)})[{text}]" if options else f"[{text}]")
        column += _span(cell, "colspan")
    return ", ".join(cells) + ","


def _options(cell: Node, right: bool) -> list[str]:
    options = [f"{name}: {_span(cell, name)}" for name in ("colspan", "rowspan") if _span(cell, name) > 1]
    if ("num" in (cell.get("class") or "").split()) != right:
        options.append(f"align: {'left' if right else 'right'}")
    if "sub" in (cell.get("class") or "").split():
        options.append("inset: (left: 12pt, right: 9pt, y: 3.2pt)")
    if len(cell.text_content()) > _BREAKABLE:
        options.append("breakable: true")
    return options


def _right(rows: list[Node], count: int) -> set[int]:
    """Columns of figures."""
    marked: dict[int, int] = dict.fromkeys(range(count), 0)
    for row in rows:
        column = 0
        for cell in row:
            marked[column] += 1 if "num" in (cell.get("class") or "").split() else -1
            column += _span(cell, "colspan")
    return {column for column, votes in marked.items() if votes > 0}


def _needs(rows: list[Node], count: int, ranges: bool) -> tuple[list[float], list[float]]:
    """Ems that each column needs at least, and that would let every line stand unbroken; `ranges`: whether figures
    such as "3 to 5" stand in one line."""
    least, most = [1.0] * count, [1.0] * count
    for row in rows:
        column = 0
        for cell in row:
            if _span(cell, "colspan") == 1:
                lines = [line.strip() for line in _text(cell).split("\n")]
                whole = ranges and cell.tag == "td" and "num" in (cell.get("class") or "").split()
                words = lines if whole else [word[:_PART] for line in lines for word in line.split(" ")]
                bold = 1.08 if "total" in (row.get("class") or "") else 1.0
                least[column] = max(least[column], *(bold * _ems(word) for word in words))
                most[column] = max(most[column], *(min(bold * _ems(line), _WIDE) for line in lines))
            column += _span(cell, "colspan")
    return least, [max(pair) for pair in zip(least, most, strict=True)]


def _ems(text: str) -> float:
    wide = sum(sign in _BROAD or sign.isupper() for sign in text)
    narrow = sum(sign in _NARROW for sign in text)
    return 0.75 * wide + 0.33 * narrow + 0.51 * (len(text) - wide - narrow)


def _text(cell: Node) -> str:
    """The lines of a cell, without what only a screen reader says."""
    parts = [cell.text or ""]
    for child in cell.iterdescendants():
        if isinstance(child.tag, str) and "sr" not in (child.get("class") or "").split():
            parts += ["\n" if child.tag in ("br", "li", "div") else "", child.text or ""]
        parts.append(child.tail or "")
    return "".join(parts)


def _fit(rows: list[Node], count: int) -> tuple[float, bool, str]:
    """Size of the text, whether the page is turned, and the columns: as wide as they like if there is room, else what
    they need and a share of the rest, as browsers do it."""
    for turned, ranges in ((0, True), (0, False), (1, True), (1, False)):
        least, most = _needs(rows, count, ranges)
        size = next((size for size in _SIZES if _points(least, size) <= _WIDTHS[turned]), None)
        if size:
            break
    size = size or _SIZES[-1]
    if _points(most, size) <= _WIDTHS[turned]:
        return size, bool(turned), ", ".join(["auto"] * count)
    spare = max(0.0, _WIDTHS[turned] - _points(least, size))
    wished = sum(most) - sum(least) or 1.0
    widths = [size * a + _GAP + spare * (b - a) / wished for a, b in zip(least, most, strict=True)]
    return size, bool(turned), ", ".join(f"{width:.1f}fr" for width in widths)


def _points(ems: list[float], size: float) -> float:
    return sum(ems) * size + len(ems) * _GAP


def _span(cell: Node, name: str) -> int:
    return int(cell.get(name) or 1)
