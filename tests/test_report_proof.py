"""Every figure of the page opens its proof: how a template says where that stands. The pages of all kinds of corpus
are walked in test_report_page.py."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from strategy_miner.report.proof import link_figures, proof
from strategy_miner.report.typography import NARROW, Typography
from tests.report_walk import Walk

DE = Typography("de", Markup("–"))
PAGE = '<section id="de-a" data-proof="b"><h2 id="de-b">B</h2>{}</section><p id="de-c">C</p>'
LINKS = [
    ('<p><data value="3">3</data></p>', "#de-b", "3", "the section's proof; a count counts itself"),
    ('<p data-proof="c" data-n="9"><data value="0.5">x</data></p>', "#de-c", "9", "the nearest proof and n"),
    ('<p data-proof="none c"><data value="3">3</data></p>', "#de-c", "3", "the first anchor that exists"),
    ('<p data-proof="none"><data value="3">3</data></p>', "#de-b", "3", "else that of what is around"),
    ('<p data-proof="a"><data value="3">3</data></p>', "#de-b", "3", "no figure leads to what holds it"),
    (
        '<p data-proof="t/x.csv"><data value="3">3</data></p>',
        "t/x.de.csv",
        "3",
        "a file of the report, in the page's language",
    ),
    ('<p data-proof="t/y.csv"><data value="3">3</data></p>', "#de-b", "3", "no file that is not there"),
    ('<p title="a > b" data-proof="c"><data value="3">3</data></p>', "#de-c", "3", "an attribute may hold >"),
    ('<br><p data-proof="c"><data value="3" data-n="4">3</data></p>', "#de-c", "4", "the figure's own n"),
]


@pytest.mark.parametrize(("inside", "link", "n", "reason"), LINKS)
def test_the_nearest_proof_counts(inside: str, link: str, n: str, reason: str) -> None:
    page = Walk(link_figures(PAGE.format(inside), "de", ["t/x.de.csv"]))
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
