"""The report as PDF: the page's body in one language, converted to typst and set with a title page and an appendix."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from strategy_miner.errors import ReportError
from strategy_miner.parquet import whole
from strategy_miner.report.charts import FONT
from strategy_miner.report.markup import Conversion, Node, escaped, quoted
from strategy_miner.report.signs import compiled, showable
from strategy_miner.report.typography import LANGUAGES

if TYPE_CHECKING:
    from strategy_miner.report.view import View

_APPENDIX = ("methods", "coverage", "planted", "proof", "provenance")
_WORDS = ("page", "of", "contents", "figures", "tables", "appendix", "description")
_LOOK = "report.typ"


def pdf_file(lang: str) -> str:
    """The name of a language's PDF in the folder of the report."""
    return f"report.{lang}.pdf"


def write_pdfs(folder: Path, pages: dict[str, tuple[View, str]]) -> None:
    """Write the PDF of each language from its view and body. Of a language without one, and of all if one cannot be
    set, none is left behind: an older one would not fit the page beside it. Raises ReportError as `pdf_bytes` does,
    OSError if the folder refuses."""
    made: dict[str, bytes] = {}
    try:
        made = {lang: pdf_bytes(view, body) for lang, (view, body) in pages.items()}
    finally:
        for lang in set(LANGUAGES) - set(made):
            (folder / pdf_file(lang)).unlink(missing_ok=True)
    for lang, content in made.items():
        with whole(folder / pdf_file(lang)) as partial:
            partial.write_bytes(content)


def pdf_bytes(view: View, body: str) -> bytes:
    """The PDF of a language; the same bytes for the same body.

    Args:
        view: the texts of the language and whether the corpus is fictional.
        body: body.html.j2 as rendered for that view.

    Raises ReportError if typst is missing or refuses, or the body has an element that no rule sets.
    """
    conversion = Conversion((str(view.t("frame.table")), str(view.t("frame.figure"))), str(view.t("pdf.page_short")))
    source = document(view, conversion.parse(body), conversion)
    look = files("strategy_miner.report").joinpath(_LOOK).read_bytes()
    with TemporaryDirectory() as folder:
        Path(folder, _LOOK).write_bytes(look)
        for name, svg in conversion.pictures.items():
            Path(folder, name).write_text(svg.replace(FONT, "Libertinus Serif"), encoding="utf-8")
        for name in conversion.cutouts:
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(view.content.pictures.files[path.name])
        try:
            Path(folder, "main.typ").write_text(showable(source, Path(folder)), encoding="utf-8")
            return compiled(Path(folder, "main.typ"))
        except ImportError as error:
            remedy = "Run `pip install typst`; the page index.html is complete."
            raise ReportError("typst is not installed", "PDF report", remedy) from error
        except RuntimeError as error:
            reason = str(error).replace(folder, "")
            remedy = "The page index.html is complete; only its PDF is missing."
            raise ReportError(f"typst cannot set {pdf_file(view.lang)}: {reason}", "PDF report", remedy) from error


def document(view: View, tree: Node, conversion: Conversion) -> str:
    """The typst source of the whole document."""
    t = view.t
    main = next(tree.iter("main"))
    sections = list(main)
    back = [s for key in _APPENDIX for s in sections if s.get("aria-labelledby") == view.id(key)]
    front = [section for section in sections if section not in back]
    words = ", ".join(f"{key}: {quoted(str(t(f'pdf.{key}').unescape()))}" for key in _WORDS)
    mark = f"{t('frame.fictional_mark')} · {t('frame.fictional_title')}".replace("&amp;", "&")
    cover = _cover(view, tree, conversion)  # before the sections: they lose what is set twice
    parts = [
        f'#import "{_LOOK}": *',
        f"#let words = (author: {quoted('strategy-miner')}, {words})",
        f"#show: report.with(lang: {quoted(view.lang)}, heading-text: {quoted(view.title)}, "
        f"name: {quoted(view.heading)}, mark: {quoted(mark) if view.content.fictional else 'none'}, words: words, "
        f"cover: [{cover}])",
        *(conversion.block(section) for section in front),
    ]
    if back:
        parts += ["#show: appendix.with(words)", *(conversion.block(section) for section in back)]
    return "\n\n".join(parts) + "\n"


def _cover(view: View, tree: Node, conversion: Conversion) -> str:
    """The title page: the head of the page, the verdict, and where to sign."""
    t = view.t
    head = next(tree.iter("header"))
    verdict = next((node for node in tree.iter("div") if "verdict" in (node.get("class") or "").split()), None)
    read = next((p for p in tree.iter("p") if p.getparent().get("aria-labelledby") == view.id("coverage")), None)
    lines = ", ".join(f"[{escaped(str(t(f'pdf.{key}').unescape()))}]" for key in ("place", "signature"))
    return "\n\n".join(
        [
            "#v(24mm)",
            conversion.flow(head),
            *([conversion.block(verdict)] if verdict is not None else []),
            *([conversion.block(read)] if read is not None else []),
            "#v(1fr)",
            f"#sign([{escaped(str(t('pdf.signed').unescape()))}], {lines})",
            "#v(4mm)",
            f'#para("small")[{escaped(str(t("frame.footer").unescape()))} {escaped(str(t("pdf.reading").unescape()))}]',
        ]
    )
