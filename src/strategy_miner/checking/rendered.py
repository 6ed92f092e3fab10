"""The report written again from its database, and every file compared; an edited figure is named with its place."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from strategy_miner.checking.findings import Part
from strategy_miner.records import file_sha256

_TEXT = (".csv", ".svg", ".html", ".json", ".yaml", ".txt", ".md")
_AROUND = 40  # characters shown before and after where two lines part


def compare_folders(part: Part, ours: Path, again: Path) -> None:
    """Compare the files of a report with those of the same report written again: missing, unknown, edited ones."""
    here, there = _files(ours), _files(again)
    for name in sorted(here.keys() | there.keys()):
        part.checked += 1
        if name not in here:
            part.mismatch(name, "is missing in the report")
        elif name not in there:
            part.mismatch(name, "is no file of this report")
        elif file_sha256(here[name]) != file_sha256(there[name]):
            part.add(name, list(_parting(here[name], there[name])))


def _files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def _parting(ours: Path, again: Path) -> Iterator[str]:
    """Where two versions of a file part: figures of a page, lines of a text."""
    try:
        if ours.suffix not in _TEXT:
            raise UnicodeError
        here, there = (path.read_text(encoding="utf-8-sig") for path in (ours, again))
    except UnicodeError:
        yield "differs from the same file written again from the database"
        return
    figures = list(_figures(here, there)) if ours.suffix == ".html" else []
    yield from figures or _lines(here, there)


class Figure(NamedTuple):
    """A `<data>` of a page: the last id and the last caption or heading before it, its value and its text."""

    id: str
    under: str
    value: str
    text: str


def _figures(here: str, there: str) -> Iterator[str]:
    was, now = figures_of(here), figures_of(there)
    if len(was) != len(now):
        yield f"shows {len(was)} figures, written again {len(now)}"
    for a, b in zip(was, now, strict=False):
        if a != b:
            place = f"under “{b.under}” (#{b.id})" if b.under else f"after #{b.id}"
            yield f"{place}: “{a.text}” (value {a.value}), written again “{b.text}” (value {b.value})"
            if len(was) != len(now):
                return  # what follows is only shifted


def _lines(here: str, there: str) -> Iterator[str]:
    was, now = here.split("\n"), there.split("\n")
    if len(was) != len(now):
        yield f"has {len(was)} lines, written again {len(now)}"
    for number, (a, b) in enumerate(zip(was, now, strict=False), start=1):
        if a != b:
            at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
            shown = [line[max(at - _AROUND, 0) : at + _AROUND] for line in (a, b)]
            yield f"line {number}: “{shown[0]}”, written again “{shown[1]}”"
            if len(was) != len(now):
                return


def figures_of(page: str) -> list[Figure]:
    """All `<data>` of a page in its order."""
    reader = _Reader()
    reader.feed(page)
    return reader.figures


class _Reader(HTMLParser):
    """Collects figures; text inside headings and captions is kept to say where they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.figures: list[Figure] = []
        self._id = self._under = self._value = ""
        self._text: list[str] | None = None
        self._title: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember ids, begin a title or a figure."""
        known = dict(attrs)
        self._id = known.get("id") or self._id
        if tag in ("h1", "h2", "h3", "h4", "caption", "figcaption"):
            self._title = []
        elif tag == "data":
            self._value, self._text = known.get("value") or "", []

    def handle_endtag(self, tag: str) -> None:
        """End a title or a figure."""
        if tag in ("h1", "h2", "h3", "h4", "caption", "figcaption") and self._title is not None:
            self._under, self._title = " ".join("".join(self._title).split())[:80], None
        elif tag == "data" and self._text is not None:
            self.figures.append(Figure(self._id, self._under, self._value, "".join(self._text)))
            self._text = None

    def handle_data(self, data: str) -> None:
        """Add text to what is open."""
        for part in (self._text, self._title):
            if part is not None:
                part.append(data)
