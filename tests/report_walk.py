"""Walks the figures of a page: each has an n and opens its proof, and there is something to see where it leads."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "br", "img", "input", "hr"}
HEADINGS = ("h2", "h3")
# What must stand at an anchor, by the start of its name: an element and how its tag begins in the page.
HOLDS = {
    "code": "blockquote", "found": "blockquote", "gap": "p", "radar-": "blockquote", "echoes": "blockquote",
    "copied": "blockquote", "fields-list": "li", "declared": "li", "documents": "tr", "values": "tr", "proof": "tr",
    "project": "p", "failures": "tr", "unread": "tr", "missing-files": "li", "coverage": "tr",
}  # fmt: skip


class Walk(HTMLParser):
    """Figures with what is around them, and what stands at every anchor."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.around: list[tuple[str, dict[str, str]]] = []
        self.figures: list[tuple[dict[str, str], list[tuple[str, dict[str, str]]]]] = []
        self.at: dict[str, tuple[set[str], list[str]]] = {}  # anchor -> tags and texts that stand there
        self._filling: list[tuple[int, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {key: value or "" for key, value in attrs}
        for _, anchor in self._filling:
            self.at[anchor][0].add(tag)
        if "id" in own:
            self.at[own["id"]] = ({tag}, [])
            # What belongs to a heading follows it.
            self._filling.append((len(self.around) - (tag in HEADINGS), own["id"]))
        if tag == "data":
            self.figures.append((own, list(self.around)))
        if tag not in VOID:
            self.around.append((tag, own))

    def handle_endtag(self, tag: str) -> None:
        assert self.around.pop()[0] == tag
        self._filling = [(depth, anchor) for depth, anchor in self._filling if depth < len(self.around)]

    def handle_data(self, data: str) -> None:
        for _, anchor in self._filling:
            self.at[anchor][1].append(data)


def walk(page: Path) -> None:
    """Fails with the first figure that has no proof."""
    seen = Walk(page.read_text(encoding="utf-8"))
    assert seen.figures
    for own, around in seen.figures:
        place = (own, [tag for tag, _ in around], next((a["id"] for _, a in reversed(around) if "id" in a), ""))
        assert float(own["data-n"]) >= 0, place
        links = [attrs["href"] for tag, attrs in around if tag == "a"]
        if not links:
            # The count in a summary is of what the summary opens.
            assert any(tag == "summary" for tag, _ in around), place
            continue
        (link,) = links
        if not link.startswith("#"):
            assert (page.parent / link).stat().st_size > 0, link
            continue
        tags, texts = seen.at[link[1:]]
        assert link[1:] not in {attrs.get("id") for _, attrs in around}, ("leads to itself", place)
        name = link[4:]
        wanted = next((tag for start, tag in HOLDS.items() if name.startswith(start)), "p")
        assert wanted in tags, (link, place)
        assert len("".join(texts).split()) > 2, (link, place)
