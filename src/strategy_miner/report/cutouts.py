"""Pictures of quoted words on the page: links to them, the best inside as far as the page's size allows."""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from collections.abc import Sequence

from markupsafe import Markup, escape

from strategy_miner.report.content import Row
from strategy_miner.report.part import Part
from strategy_miner.report.pictures import FOLDER, Pictures

INSIDE = 3  # best quotes of a code whose pictures are inside the page
_BLOCK = re.compile(
    r'<div class="cutout" data-rank="(\d+)"><a href="evidence/([\w-]+)\.png">'
    r'<img src="[^"]*" width="(\d+)" height="(\d+)" alt="([^"]*)"></a></div>\n?'
)


class Shown(Part):
    """A part of View."""

    @property
    def pictures(self) -> Pictures:
        return self.content.pictures

    def on_page(self, kind: str, id_: str, page: Markup) -> Markup:
        """A page as words, linked to the picture of the words on it where there is one."""
        row = self.pictures.get(kind, id_)
        if row is None:
            return page
        name = Markup('<a class="to-page" href="{}/{}" title="{}">{}</a>')
        return name.format(FOLDER, row.file, self.t("quotes.picture"), page)

    def cutout(self, quote: Row) -> Markup:
        """The picture of one of the best quotes of a code, for the page; empty for others. See `with_pictures`."""
        row = self.pictures.get("segment", quote.get("segment_id", ""))
        if row is None or row.page is None or not 1 <= quote.get("rank", 0) <= INSIDE or "dimension" not in quote:
            return Markup("")
        alt = self.t("quotes.picture_alt", project=quote["project"], page=self.f.plain(row.page))
        block = (
            '<div class="cutout" data-rank="{}"><a href="{}/{}">'
            '<img src="{}/{}" width="{}" height="{}" alt="{}"></a></div>'
        )
        return Markup(block).format(
            quote["rank"], FOLDER, row.file, FOLDER, row.file, row.width, row.height, Markup(alt).striptags()
        )

    @property
    def undrawn(self) -> Sequence[str]:
        """Files with quoted words of which no picture could be made."""
        lost = {self.content.document_of[row.document_id]["file"] for row in self.pictures.rows.values()
                if row.reason == "not_drawn" and row.document_id in self.content.document_of}  # fmt: skip
        return sorted(lost | {failure.file for failure in self.pictures.failures})


def with_pictures(page: str, pictures: Pictures, most: int) -> str:
    """The page with the pictures of the best quotes inside, each once for all places that show it.

    Args:
        page: HTML with the blocks that `Shown.cutout` wrote.
        pictures: where the blocks' pictures come from.
        most: bytes that the page may have. The first quotes of all codes come first, then the second ones; of a
            picture that no longer fits only the link to its file remains.
    """
    ranks: defaultdict[str, int] = defaultdict(lambda: INSIDE)
    for match in _BLOCK.finditer(page):
        ranks[match[2]] = min(ranks[match[2]], int(match[1]))
    room = most - len(page.encode()) - 1000
    inside: dict[str, str] = {}
    for name in sorted(ranks, key=lambda name: ranks[name]):  # stable: in the order of the page
        data = base64.b64encode(pictures.files[f"{name}.png"]).decode()
        if len(data) + 300 <= room:
            room -= len(data) + 300
            inside[name] = data
    sizes: dict[str, tuple[str, str]] = {}

    def shown(match: re.Match[str]) -> str:
        _, name, width, height, alt = match.groups()
        if name not in inside:
            return ""
        sizes[name] = width, height
        return (
            f'<div class="cutout"><a href="{FOLDER}/{name}.png"><svg role="img" aria-label="{alt}" '
            f'viewBox="0 0 {width} {height}" style="--w:{width}"><use href="#{name}"/></svg></a></div>\n'
        )

    body = _BLOCK.sub(shown, page)
    symbols = [
        f'<symbol id="{escape(name)}" viewBox="0 0 {sizes[name][0]} {sizes[name][1]}"><image width="{sizes[name][0]}" '
        f'height="{sizes[name][1]}" href="data:image/png;base64,{data}"/></symbol>'
        for name, data in inside.items()
    ]
    store = '<svg class="store" width="0" height="0" aria-hidden="true">\n' + "\n".join(symbols) + "\n</svg>\n"
    return body.replace("<script>", store + "<script>", 1) if symbols else body
