"""HTML of the report as typst markup: by what elements mean, every sign escaped, nothing left out silently."""

from __future__ import annotations

from typing import Any

import pytest
import typst

from strategy_miner.errors import ReportError
from strategy_miner.report.markup import Conversion, escaped


def converted(html: str) -> str:
    conversion = Conversion(("Tabelle", "Abbildung"))
    return conversion.flow(conversion.parse(html))


CASES = {
    "a heading": ("<h3>Was zählt</h3>", "#heading(level: 2)[Was zählt]"),
    "a heading that a link leads to": (
        '<h2 id="a">A</h2><p><a href="#a">dort</a></p>', '#heading(level: 1)[A] #label("a")',
    ),
    "a link inside": ('<p id="x">hier</p><p><a href="#x">dort</a></p>', '#link(label("x"))[dort]'),
    "its target": ('<p id="x">hier</p><p><a href="#x">dort</a></p>', '#anchor("x")hier'),
    "a link outside": ('<p><a href="tables/a.csv">a</a></p>', '#link("tables/a.csv")[a]'),
    "a figure that is a link keeps the colour of the text": (
        '<p id="x">a</p><p><a href="#x"><data value="3">3</data></a></p>', '#figure-link(label("x"))[3]',
    ),
    "a figure": ('<p><data value="0.5">50 %</data></p>', "50 %"),
    "signs of typst": ("<p>#a *b* _c_ @e <b>&lt;f&gt;</b></p>", "\\#a \\*b\\* \\_c\\_ \\@e #strong[\\<f\\>]"),
    "what would go on a call": ("<p><strong>a</strong>(b).c;</p>", "#strong[a]\\(b)\\.c\\;"),
    "what only a screen reader says": ('<p><span class="sr">nicht</span>–</p>', "–"),
    "words of another language": ('<p><span lang="en">words</span></p>', '#text(lang: "en")[words]'),
    "code": ("<p><code>a_b \"c\"</code></p>", '#raw("a_b \\"c\\"")'),
    "a list": ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", '#items("", [a], [b\n\n#items("", [c])])'),
    "a numbered list": ('<ol class="topics"><li>a</li></ol>', '#numbered("topics", [a])'),
    "terms": ("<dl><dt>a</dt><dd>b</dd><div><dt>c</dt><dd>d</dd></div></dl>", "#facts(([a], [b]), ([c], [d]))"),
    "a fold is open, its summary a heading": (
        "<h2>A</h2><details><summary>mehr</summary><p>b</p></details>", "#fold-heading(2)[mehr]\n\nb",
    ),
    "a note": ('<p class="small">a</p>', '#para("small")[a]'),
    "a box": ('<div class="missing" role="note"><p>a</p></div>', '#callout("missing")[a]'),
    "what introduces a list stays with it": (
        "<p><b>Belege:</b></p><ol><li>a</li></ol>", "#leading-to[#strong[Belege\\:]]\n\n#numbered",
    ),
    "what stands before no list": ("<p>a</p>b<ol><li>c</li></ol>", "a\n\nb\n\n#numbered"),
    "words beside blocks": ("<div>a<p>b</p>c</div>", "a\n\nb\n\nc"),
    "a quote with its source": (
        '<figure><blockquote lang="de"><p>Wir.</p></blockquote><figcaption>Ort, S. 3</figcaption></figure>',
        '#quoted([#text(lang: "de")[Wir\\.]], [Ort, S\\. 3], false, picture: none)',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_elements(name: str) -> None:
    html, expected = CASES[name]
    assert expected in converted(html)


def test_a_drawing_becomes_a_numbered_figure_with_its_words_for_those_who_cannot_see_it() -> None:
    conversion = Conversion(("Tabelle", "Abbildung"))
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300" viewBox="0 0 400 300"><g/></svg>'
    html = (
        f'<figure><div class="chart" role="img" aria-label="Anteile. So liest man sie.">{svg}</div>'
        '<figcaption>Abbildung 3. So liest man sie. <a href="charts/a.svg">Datei</a></figcaption></figure>'
    )
    text = conversion.flow(conversion.parse(html))
    assert conversion.pictures == {"drawing-1.svg": svg}
    assert '#drawing("drawing-1.svg", 400, 300, "Anteile. So liest man sie.")' in text
    assert text.endswith("[Anteile], [So liest man sie\\.])"), "without its number and the link to its file"


def test_drawings_side_by_side_have_one_scale() -> None:
    figures = "".join(
        f'<figure><div class="chart"><svg width="340" height="{height}"></svg></div><figcaption>a</figcaption></figure>'
        for height in (900, 500)
    )
    text = converted(f'<div class="pair">{figures}</div>')
    assert text.startswith("#pair([#numbered-figure")
    assert text.count("340, 900,") == 2


def test_the_best_quote_shows_its_page_outside_the_paragraph_of_its_source() -> None:
    picture = '<div class="cutout" data-rank="1"><a href="e/a.png"><img src="e/a.png" width="900" alt="x"></a></div>'
    text = converted(
        f"<figure><blockquote><p>Wir</p></blockquote>{picture}<figcaption>Ort</figcaption></figure>"
        f"<figure><blockquote><p>Ihr</p></blockquote>{picture.replace('1', '2')}<figcaption>Ort</figcaption></figure>"
    )
    assert '#quoted([Wir], [Ort], false, picture: [#image("e/a.png", width: 420pt, alt: "x")])' in text
    assert "#quoted([Ihr], [Ort], false, picture: none)" in text


TABLE = """<div class="table"><table><caption><span class="caption">Tabelle 7. Anteile</span></caption>
<thead><tr><th rowspan="2">Gruppe</th><th colspan="2" class="num">Anteil</th></tr>
<tr><th class="num">a</th><th class="num">b</th></tr></thead>
<tbody><tr id="r1"><th scope="row">eins</th><td class="num">1</td><td class="num">2</td></tr>
<tr class="total"><th scope="row">alle</th><td class="num" colspan="2">3</td></tr></tbody></table></div>"""


def test_a_table_keeps_its_spans_its_sums_and_its_targets_and_typst_numbers_it() -> None:
    text = converted(TABLE + '<p><a href="#r1">zu eins</a></p>')
    assert "caption: [Anteile]" in text
    assert "heads: 2" in text
    assert "align: (left, right, right,)" in text
    assert "table.cell(rowspan: 2)[Gruppe], table.cell(colspan: 2)[Anteil]" in text
    assert '[#anchor("r1")eins], [1], [2],' in text
    assert "#strong[alle]" in text
    assert "turned: false" in text


def test_a_table_of_many_columns_gets_smaller_and_then_turns_the_page() -> None:
    def table(columns: int) -> str:
        cells = "".join(f'<td class="num">{1000 + number}</td>' for number in range(columns))
        return converted(f"<table><tbody><tr>{cells}</tr></tbody></table>")

    assert "size: 9.0pt, gap: 0.95em, whole: true, turned: false" in table(8)
    assert "size: 9.0pt, gap: 0.6em, whole: true, turned: false" in table(18)
    assert "turned: true" in table(26)


def test_heads_of_figures_wrap_before_words_of_the_first_column_do() -> None:
    heads = "".join(f'<th class="num">Kleinster und größter Unterschied {number}</th>' for number in range(4))
    cells = '<td class="num">+12,9</td>' * 4
    row = f"<tr><th>Gewichtung: Mittel der Quotienten</th>{cells}</tr>"
    text = converted(f"<table><thead><tr><th>Entscheidung</th>{heads}</tr></thead><tbody>{row}</tbody></table>")
    first = float(text.split("columns: (")[1].split("fr")[0])
    assert first > 9 * 14, "points that the longest line of the first column takes"


def test_tables_of_the_profiles_are_left_out_of_the_list_of_tables() -> None:
    assert "listed: true" in converted(TABLE)
    assert "listed: false" in converted(f'<details class="fold profile"><summary>Ort</summary>{TABLE}</details>')


@pytest.mark.parametrize("html", ["<video></video>", "<p><kbd>x</kbd></p>", "<figure><p>a</p></figure>",
                                  "<ul><p>a</p></ul>", "<form><p>a</p></form>"])  # fmt: skip
def test_an_unknown_element_is_an_error_that_names_it(html: str) -> None:
    with pytest.raises(ReportError, match="no rule says how to typeset <"):
        converted(html)


def test_a_link_without_a_target_is_kept_as_words_and_told() -> None:
    conversion = Conversion(("Tabelle", "Abbildung"))
    assert conversion.flow(conversion.parse('<p><a href="#weg">hin</a></p>')) == "hin"
    assert conversion.dead == ["#weg"]


SIGNS = (
    "".join(map(chr, range(32, 127))) + " // /* a */ --- ... 'x' \"y\" http://a.de/b_c?d=1#e - a + b 1. c = d / e: f"
)


@pytest.mark.parametrize("text", [SIGNS, "- a", "1. b", "= c", "/ d: e", "\\", "a\u00a0b\u202fc\u00ad\u2011d", "#{]}"])
def test_typst_prints_every_sign_as_it_is(text: str) -> None:
    source = f'#set page(width: auto)\n#set text(font: "Libertinus Serif")\n{escaped(text)}'
    assert _text_of(source).replace("\u00ad", "") == " ".join(text.split(" ")).strip().replace("\u00ad", "")


def _text_of(source: str) -> str:
    """The words on the page as the PDF tells them."""
    import pypdfium2

    pdf: Any = pypdfium2.PdfDocument(typst.compile(source.encode(), ignore_system_fonts=True))
    return str(pdf[0].get_textpage().get_text_range())
