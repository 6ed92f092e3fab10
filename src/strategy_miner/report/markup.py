"""The rendered HTML of a page as typst markup: one converter, so that the PDF has the sections of the page.

It goes by what elements mean (headings, paragraphs, lists, tables, figures, quotes, folds), not by their order on the
page; classes choose a look in report.typ. An element that it does not know is an error, never a silent gap.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from strategy_miner.errors import ReportError
from strategy_miner.report.markup_table import table_markup

Node = Any  # an element of lxml, which has no types

_BLANKS = re.compile(r"[ \t\r\n\f]+")  # not the no-break spaces
_SPECIAL = re.compile(r"([\\#*_`$<>@=\-+/\[\]~'\".:;(])")
_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_GROUPS = {"div", "section", "main", "header", "aside", "nav", "article", "footer"}
_HEADINGS = {"h2": 1, "h3": 2, "h4": 3, "h5": 4}
_BLOCKS = {*_GROUPS, *_HEADINGS, "h1", "p", "ul", "ol", "dl", "table", "figure", "blockquote", "details", "hr"}
_LOOKS = {"strong": "strong", "b": "strong", "em": "emph", "i": "emph", "cite": "emph", "sub": "sub", "sup": "super",
          "mark": "highlight", "small": "small"}  # fmt: skip
_PLAIN = {"span", "data", "abbr", "time", "label", "q", "bdi"}
_DROPPED = {"button", "script", "style", "template", "summary"}  # a summary is set by its details
_SPANS = ("tag", "mark", "small", "value", "source", "file", "code-name")  # classes of spans with a look of their own
_TIGHT = {"table", "figcaption"}  # no room for page numbers behind links
# Thousands of figures: links on them would take half as long again, and heads that repeat may have none.
_UNLINKED = "table"
_LONG_QUOTE = 1500  # letters from which a quote may go over to the next page
_MOST_WIDTH = 420  # points, of a picture in a quote
_BOXES = ("verdict", "missing", "fictional")


@dataclass
class Conversion:
    """One document.

    `words`: what stands before the number of a table and a figure, which typst sets itself; `page`: the short word for
    a page, before its number behind a link to a section. After `flow` or `block`, `pictures` has the SVG of each file
    that the markup names, `cutouts` the other pictures that it names, by their path in the report's folder, and `dead`
    the links without a target.
    """

    words: tuple[str, ...]
    page: str = ""
    pictures: dict[str, str] = field(default_factory=dict)
    cutouts: set[str] = field(default_factory=set)
    dead: list[str] = field(default_factory=list)
    _targets: dict[str, str] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _level: int = 0
    _tallest: float = 0.0  # pixels, of drawings side by side, which share a scale

    def parse(self, html: str) -> Node:
        """The tree of a page's body; its drawings become files. To be called once, before `convert`."""
        from lxml import html as parser

        tree = parser.fragment_fromstring(_SVG.sub(self._keep, html), create_parent="div")
        self._targets = {str(node.get("id")): node.tag for node in tree.iter() if node.get("id")}
        links = (str(node.get("href") or "") for node in tree.iter("a"))
        self._asked = {link[1:] for link in links if link.startswith("#")}
        return tree

    def _keep(self, match: re.Match[str]) -> str:
        name = f"drawing-{len(self.pictures) + 1}.svg"
        self.pictures[name] = match[0]
        return f'<img src="{name}" alt="">'

    def flow(self, node: Node) -> str:
        """What is in an element: blocks apart, runs of words as paragraphs."""
        parts: list[str] = []
        run = escaped(node.text)
        for child in node:
            if _is_block(child):
                text = self.block(child)
                parts += [run.strip(" "), f"#leading-to[{text}]" if text and _introduces(child) else text]
                run = escaped(child.tail)
            else:
                run += self.inline(child) + escaped(child.tail)
        parts.append(run.strip(" "))
        return "\n\n".join(part for part in parts if part)

    def words_of(self, node: Node) -> str:
        """The words of an element that holds no blocks."""
        return (
            escaped(node.text) + "".join(self.inline(child) + escaped(child.tail) for child in node)
        ).strip(" ")  # fmt: skip

    def block(self, node: Node) -> str:
        if node.tag in _DROPPED:
            return ""
        if node.tag in _HEADINGS:
            self._level = _HEADINGS[node.tag]
            return f"#heading(level: {self._level})[{self.words_of(node)}]{self._label(node)}"
        setter = _SETTERS.get(node.tag)
        if setter is None:
            raise _unknown(node)
        return self.anchor(node) + self.in_language(node, setter(self, node))

    def inline(self, node: Node) -> str:
        if not isinstance(node.tag, str) or node.tag in _DROPPED or "sr" in _classes(node):
            return ""
        if node.tag == "br":
            return "#linebreak()"
        if node.tag == "img":
            return self.picture(node, "")
        if node.tag == "code":
            return f"#raw({quoted(node.text_content())})"
        if node.tag not in {"a", *_LOOKS, *_PLAIN}:
            raise _unknown(node)
        text = "".join([escaped(node.text), *(self.inline(child) + escaped(child.tail) for child in node)])
        if node.tag == "a":
            text = self._link(node, text)
        elif node.tag in _LOOKS:
            text = f"#{_LOOKS[node.tag]}[{text}]"
        look = next((name for name in _classes(node) if name in _SPANS), "") if node.tag == "span" else ""
        text = f"#span({quoted(look)}, {quoted(' '.join(_classes(node)))})[{text}]" if look else text
        return self.anchor(node) + self.in_language(node, text)

    def picture(self, node: Node, width: str) -> str:
        alt = node.get("alt") or ""
        for parent in node.iterancestors():
            alt = alt or parent.get("aria-label") or ""
        return f"#image({quoted(node.get('src'))}{width}, alt: {quoted(alt)})"

    def _link(self, node: Node, text: str) -> str:
        href = str(node.get("href") or "")
        if not href.startswith("#"):
            return f"#link({quoted(href)})[{text}]" if href else text
        if href[1:] not in self._targets:
            self.dead.append(href)
            return text
        label = f"label({quoted(href[1:])})"
        above = {up.tag for up in node.iterancestors()}
        if _is_figure(node):
            return text if _UNLINKED in above else f"#figure-link({label})[{text}]"
        if self._targets[href[1:]] in _HEADINGS and not above & _TIGHT:
            return f"#page-link({label}, {quoted(self.page)})[{text}]"
        return f"#link({label})[{text}]"

    def _label(self, node: Node) -> str:
        return f" #label({quoted(node.get('id'))})" if node.get("id") in self._asked else ""

    def anchor(self, node: Node) -> str:
        return f"#anchor({quoted(node.get('id'))})" if node.get("id") in self._asked else ""

    def in_language(self, node: Node, text: str) -> str:
        lang = node.get("lang")
        return f"#text(lang: {quoted(lang)})[{text}]" if lang and text else text

    def set_group(self, node: Node) -> str:
        classes = _classes(node)
        if "pair" in classes:
            self._tallest = max([float(self._size(img.get("src"))[1]) for img in node.iter("img")], default=0.0)
            figures = [self.block(child) for child in node]
            self._tallest = 0.0
            return f"#pair({', '.join(f'[{figure}]' for figure in figures)})"
        box = next((name for name in _BOXES if name in classes), "")
        return f"#callout({quoted(box)})[{self.flow(node)}]" if box else self.flow(node)

    def set_paragraph(self, node: Node) -> str:
        look = next(iter(_classes(node)), "")
        text = self.flow(node)
        return f"#para({quoted(look)})[{text}]" if look and text else text

    def set_title(self, node: Node) -> str:
        return f"#page-title[{self.words_of(node)}]"

    def set_rule(self, _: Node) -> str:
        return "#line(length: 100%)"

    def set_list(self, node: Node) -> str:
        name = next(iter(_classes(node)), "")
        items = [f"[{self.anchor(item)}{self.flow(item)}]" for item in self._only(node, "li")]
        kind = "numbered" if node.tag == "ol" else "items"
        return f"#{kind}({quoted(name)}, {', '.join(items)})" if items else ""

    def set_terms(self, node: Node) -> str:
        pairs, term = [], ""
        for child in self._only(node, "dt", "dd", "div"):
            for part in child if child.tag == "div" else (child,):
                if part.tag == "dt":
                    term = self.flow(part)
                else:
                    pairs.append(f"([{term}], [{self.anchor(part)}{self.flow(part)}])")
                    term = ""
        return f"#facts({', '.join(pairs)})" if pairs else ""

    def set_quote(self, node: Node) -> str:
        return f"#quoted([{self.flow(node)}], none, true)"

    def set_fold(self, node: Node) -> str:
        """Folded parts of the page are open in print; a summary that its table's caption repeats is left out."""
        summary = next(iter(self._some(node, "summary")), None)
        level, head = self._level, ""
        captions = [" ".join(self._unnumbered(caption).text_content().split()) for caption in node.iter("caption")]
        if summary is not None and " ".join(summary.text_content().split()) not in captions[:1]:
            self._level = min(level + 1, 4)
            head = f"#fold-heading({self._level})[{self.words_of(summary)}]\n\n"
        text = head + self.flow(node)
        self._level = level
        return text

    def set_figure(self, node: Node) -> str:
        notes, pictures = self._some(node, "figcaption"), list(node.iter("img"))
        for note in notes:
            for link in [a for a in note.iter("a") if re.search(r"^charts/", a.get("href") or "")]:
                link.drop_tree()  # the drawing is here; its file is listed in the appendix
        note = self.words_of(self._unnumbered(notes[0])) if notes else ""
        quotes = self._some(node, "blockquote")
        if quotes:
            # In print the best quote of a code is shown on its page; the links of the others lead to their pictures.
            best = [picture for picture in pictures if picture.getparent().getparent().get("data-rank") == "1"]
            shown = "\n\n".join(self.picture(picture, _print_width(picture)) for picture in best)
            self.cutouts |= {str(picture.get("src")) for picture in best}
            text = self.in_language(quotes[0], self.flow(quotes[0]))
            long = "true" if len(text) > _LONG_QUOTE else "false"
            pictured = f"[{shown}]" if best else "none"
            return f"#quoted([{text}], [{note}], {long}, picture: {pictured})"
        if len(pictures) != 1:
            raise _unknown(node)
        width, height = self._size(pictures[0].get("src"))
        scale = f"{width}, {max(float(height), self._tallest):g}"
        drawing = f"#drawing({quoted(pictures[0].get('src'))}, {scale}, {quoted(self._seen(pictures[0]))})"
        title = self._seen(pictures[0]).removesuffix(" ".join(notes[0].text_content().split()) if notes else "")
        return f"#numbered-figure([{drawing}], [{escaped(title.strip(' .')) or note}], [{note}])"

    def set_table(self, node: Node) -> str:
        for caption in node.iter("caption"):
            self._unnumbered(caption)
        return table_markup(node, self)

    def _seen(self, picture: Node) -> str:
        """What a drawing shows, for those who cannot see it: the label of the element around it."""
        labels = (parent.get("aria-label") for parent in picture.iterancestors())
        return str(picture.get("alt") or next((label for label in labels if label), ""))

    def _size(self, name: str) -> tuple[str, str]:
        """Width and height that an SVG states, in pixels."""
        head = self.pictures.get(name, "")[:500]
        found = [re.search(rf'\b{side}="([\d.]+)"', head) for side in ("width", "height")]
        return (found[0][1] if found[0] else "0"), (found[1][1] if found[1] else "0")

    def _unnumbered(self, caption: Node) -> Node:
        """A caption without "Table 3.", which typst sets."""
        start = re.compile(rf"\s*(?:{'|'.join(map(re.escape, self.words))})\s+\d+\.\s*")
        for node in caption.iter():
            if node.text and node.text.strip():
                node.text = start.sub("", node.text, count=1)
                break
        return caption

    def _only(self, node: Node, *tags: str) -> list[Node]:
        """The children, which must be of these kinds."""
        for child in node:
            if child.tag not in tags:
                raise _unknown(child)
        return list(node)

    def _some(self, node: Node, *tags: str) -> list[Node]:
        return [child for child in node if child.tag in tags]


_SETTERS: dict[str, Callable[[Conversion, Node], str]] = {
    **dict.fromkeys(_GROUPS, Conversion.set_group), "h1": Conversion.set_title, "p": Conversion.set_paragraph,
    "hr": Conversion.set_rule, "ul": Conversion.set_list, "ol": Conversion.set_list, "dl": Conversion.set_terms,
    "table": Conversion.set_table, "figure": Conversion.set_figure, "blockquote": Conversion.set_quote,
    "details": Conversion.set_fold,
}  # fmt: skip


def escaped(text: str | None) -> str:
    """Words as typst markup: every sign that could mean something to typst behind a backslash."""
    return _SPECIAL.sub(r"\\\1", _BLANKS.sub(" ", text or ""))


def quoted(text: str | None) -> str:
    """A typst string; its escapes are those of JSON but for the code points, which stand as they are."""
    return json.dumps(text or "", ensure_ascii=False)


def _is_block(node: Node) -> bool:
    return node.tag in _BLOCKS or (node.tag not in _DROPPED and any(child.tag in _BLOCKS for child in _elements(node)))


def _introduces(node: Node) -> bool:
    """Whether a paragraph stands right before a list."""
    after = node.getnext()
    return node.tag == "p" and after is not None and after.tag in ("ul", "ol") and not (node.tail or "").strip()


def _elements(node: Node) -> Iterator[Node]:
    return (child for child in node.iterdescendants() if isinstance(child.tag, str))


def _is_figure(node: Node) -> bool:
    """Whether a link is around nothing but a figure, which stays in the colour of the text."""
    return len(node) == 1 and node[0].tag == "data" and not (node.text or "").strip()


def _print_width(picture: Node) -> str:
    """The width of a picture with two pixels per point, at most that of a quote."""
    return f", width: {min(int(picture.get('width')) / 2, _MOST_WIDTH):g}pt"


def _classes(node: Node) -> list[str]:
    return (node.get("class") or "").split()


def _unknown(node: Node) -> ReportError:
    name = f"<{node.tag}>" if not node.get("class") else f'<{node.tag} class="{node.get("class")}">'
    return ReportError(
        f"no rule says how to typeset {name}", "report/markup.py", "Add a rule there, or use an element that has one."
    )
