"""The painted paths of a page as straight edges, cut up as pdfminer.six does (converter.paint_path).

pdfplumber searches tables on edges. PDFium has read the page already, so pdfminer need not read it a second time:
that took a hundred times as long as the search itself.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as c

MAX_OBJECTS, MAX_EDGES = 60_000, 12_000  # of a page: more is a drawing or a trap
MAX_DEPTH = 6  # of forms in forms
_ALIKE = 0.005  # points by which the ends of a straight edge may differ: PDFium counts in single precision

Point = tuple[float, float]


class Edge(NamedTuple):
    """A horizontal or vertical stretch of a path, in points of the page as shown."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def across(self) -> bool:
        """Whether it is horizontal."""
        return self.top == self.bottom


def edges_of(page: Any, frame: Any) -> list[Edge]:
    """The straight edges of what is filled or stroked on a page, forms included; none where there are too many."""
    found: list[Edge] = []
    for path in _paths(page, frame):
        for start, end in path:
            edge = _edge(start, end)
            if edge is not None:
                found.append(edge)
        if len(found) > MAX_EDGES:
            return []
    return found


def _edge(start: Point, end: Point) -> Edge | None:
    (x0, y0), (x1, y1) = start, end
    if abs(y0 - y1) < _ALIKE and abs(x0 - x1) >= 1:
        return Edge(min(x0, x1), y0, max(x0, x1), y0)
    if abs(x0 - x1) < _ALIKE and abs(y0 - y1) >= 1:
        return Edge(x0, min(y0, y1), x0, max(y0, y1))
    return None


def _paths(page: Any, frame: Any) -> Iterator[list[tuple[Point, Point]]]:
    """The sides of each painted path, as pairs of points of the page as shown."""
    todo: list[tuple[Any, int, tuple[Any, ...]]] = [
        (c.FPDFPage_GetObject(page, n), 0, ()) for n in range(min(c.FPDFPage_CountObjects(page), MAX_OBJECTS))
    ]
    todo.reverse()
    left = MAX_OBJECTS
    while todo and left:
        left -= 1
        item, depth, matrices = todo.pop()
        kind = c.FPDFPageObj_GetType(item)
        if kind not in (c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_FORM):
            continue
        matrix = c.FS_MATRIX()
        c.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix))
        own = (matrix, *matrices)
        if kind == c.FPDF_PAGEOBJ_PATH and _is_painted(item):
            yield [(_shown(a, own, frame), _shown(b, own, frame)) for a, b in _sides(item)]
        elif kind == c.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            count = min(c.FPDFFormObj_CountObjects(item), left)
            todo += [(c.FPDFFormObj_GetObject(item, n), depth + 1, own) for n in reversed(range(count))]


def _is_painted(path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    c.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(fill.value or stroke.value)


def _sides(path: Any) -> Iterator[tuple[Point, Point]]:
    """The straight sides of a path in its own coordinates, a closing side included; of a curve only chord by chord."""
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    bend = 0
    for n in range(min(c.FPDFPath_CountSegments(path), MAX_EDGES)):
        segment = c.FPDFPath_GetPathSegment(path, n)
        c.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        kind, point = c.FPDFPathSegment_GetType(segment), (x.value, y.value)
        if kind == c.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == c.FPDF_SEGMENT_BEZIERTO and bend < 2:
            bend += 1  # the two points before the end only bend the curve
            continue
        else:
            yield last, point
        bend, last = 0, point
        if c.FPDFPathSegment_GetClose(segment) and last != start:
            yield last, start


def _shown(point: Point, matrices: tuple[Any, ...], frame: Any) -> Point:
    x, y = point
    for m in matrices:
        x, y = m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f
    shown: Point = frame.point(x, y)
    return shown
