"""Every figure of the page opens its proof, and there is something to see where it leads."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import Markup

from strategy_miner.report import write_report
from strategy_miner.report.proof import link_figures, proof
from strategy_miner.report.typography import NARROW, Typography
from strategy_miner.settings import ReportSettings
from tests.report_database import build
from tests.test_report_page import CASES, VOID

DE = Typography("de", Markup("–"))
HEADINGS = ("h2", "h3")
# What must stand at an anchor, by the start of its name: an element and how its tag begins in the page.
HOLDS = {
    "code": "blockquote", "found": "blockquote", "gap": "p", "radar-": "blockquote", "echoes": "blockquote",
    "copied": "blockquote", "fields-list": "li", "declared": "li", "documents": "tr", "values": "tr", "proof": "tr",
    "project": "tr", "failures": "tr", "unread": "tr", "missing-files": "li", "coverage": "tr",
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


@pytest.mark.parametrize("name", CASES)
def test_every_figure_opens_its_proof(name: str, tmp_path: Path) -> None:
    walk(write_report(build(tmp_path / "strategy.duckdb", CASES[name]), tmp_path / "report", ReportSettings(10)))


PAGE = '<section id="de-a" data-proof="b"><h2 id="de-b">B</h2>{}</section><p id="de-c">C</p>'
LINKS = [
    ('<p><data value="3">3</data></p>', "#de-b", "3", "the section's proof; a count counts itself"),
    ('<p data-proof="c" data-n="9"><data value="0.5">x</data></p>', "#de-c", "9", "the nearest proof and n"),
    ('<p data-proof="none c"><data value="3">3</data></p>', "#de-c", "3", "the first anchor that exists"),
    ('<p data-proof="none"><data value="3">3</data></p>', "#de-b", "3", "else that of what is around"),
    ('<p data-proof="a"><data value="3">3</data></p>', "#de-b", "3", "no figure leads to what holds it"),
    ('<p data-proof="t/x.csv"><data value="3">3</data></p>', "t/x.csv", "3", "a file of the report"),
    ('<p data-proof="t/y.csv"><data value="3">3</data></p>', "#de-b", "3", "no file that is not there"),
    ('<p title="a > b" data-proof="c"><data value="3">3</data></p>', "#de-c", "3", "an attribute may hold >"),
    ('<br><p data-proof="c"><data value="3" data-n="4">3</data></p>', "#de-c", "4", "the figure's own n"),
]


@pytest.mark.parametrize(("inside", "link", "n", "reason"), LINKS)
def test_the_nearest_proof_counts(inside: str, link: str, n: str, reason: str) -> None:
    page = Walk(link_figures(PAGE.format(inside), "de", ["t/x.csv"]))
    ((own, around),) = page.figures
    assert (around[-1][1]["href"], own["data-n"]) == (link, n), reason
    assert not any("data-proof" in attrs or "data-n" in attrs for _, attrs in around), reason


@pytest.mark.parametrize("tag", ["a", "summary"])
def test_a_figure_in_a_link_or_a_summary_stays(tag: str) -> None:
    html = PAGE.format(f'<{tag}><data value="3" data-n="3">3</data></{tag}>')
    assert link_figures(html, "de").count("<a") == (tag == "a")


def test_a_figure_of_a_sentence_keeps_its_own_proof() -> None:
    sentence = Markup("{} von {}").format(proof(DE.percent(0.5), "x", 8), DE.number(3))
    assert proof(sentence, "y", 9) == (
        f'<data value="0.5" data-proof="x" data-n="8">50,0{NARROW}%</data> von '
        '<data value="3" data-proof="y" data-n="9">3</data>'
    )
