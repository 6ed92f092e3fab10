"""Write the report: one self-contained page in German and English, the same as PDF, and charts and tables as files
beside it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup

from strategy_miner.errors import ReportError, StoreError
from strategy_miner.parquet import whole
from strategy_miner.report.charts import DOTTED, Voice, code_chart, dot_chart, to_png, top_share
from strategy_miner.report.content import Content, read_content
from strategy_miner.report.cutouts import with_pictures
from strategy_miner.report.messages import Messages
from strategy_miner.report.pdf import pdf_file, write_pdfs
from strategy_miner.report.proof import link_figures, proof
from strategy_miner.report.robustness import RobustnessView, robustness_chart
from strategy_miner.report.tables import write_tables
from strategy_miner.report.typography import LANGUAGES, Typography
from strategy_miner.report.view import Chart, View
from strategy_miner.settings import ReportSettings
from strategy_miner.store import connect

_FILE_NAMES = {
    "H1": "declared_integrated", "H3": "text_integrated", "H4_sectoral": "text_sectoral_codes",
    "H4_integrated": "text_integrated_codes", "robustness_H1": "declared_variants", "robustness_H3": "text_variants",
    "I2": "fields_in_sections", "I3": "measures_of_several_fields",
}  # fmt: skip


def write_report(database: Path, folder: Path, settings: ReportSettings) -> Path:
    """Write `folder`/index.html, report.<language>.pdf, the charts as SVG and PNG, quotes and tables as CSV and XLSX,
    the pictures of quoted words; returns the path of the page.

    Args:
        database: strategy.duckdb, which is only read; beside it the folder evidence/ with pictures, if there is one.
        folder: made if need be. Files of an earlier report in charts/, evidence/ and tables/ that are no longer made
            are removed.
        settings: how many quotes to show for a code, how large the page may be, and whether to write the PDFs.

    Raises StoreError if the database is missing, locked, of another schema, or the folder cannot be written, and
    ReportError if the PDFs cannot be set; the page and all other files are there then.
    """
    try:
        with connect(database):  # each of the hundreds of queries would else open the file anew
            return _written(database, folder, settings)
    except OSError as error:
        remedy = "Check free space and rights, then run `strategy-miner report` again."
        raise StoreError(f"the report cannot be written: {error}", str(folder), remedy) from error


def _written(database: Path, folder: Path, settings: ReportSettings) -> Path:
    content = read_content(database)
    folder.mkdir(parents=True, exist_ok=True)
    tables = write_tables(database, folder)
    charts = {lang: _charts(content, _voice(content, lang)) for lang in LANGUAGES}
    listed = [*tables, *_write_charts(folder, charts)]
    content.pictures.write(folder)
    page = folder / "index.html"

    def write_page(files: list[str]) -> dict[str, tuple[View, str]]:
        views = [_view(content, lang, charts[lang], files, settings) for lang in LANGUAGES]
        bodies = _bodies(views)
        html = with_pictures(_page(views, bodies), content.pictures, int(settings.page_megabytes * 1e6))
        _write(page, html.encode("utf-8"))
        return {view.lang: (view, bodies[view.lang]) for view in views}

    if not settings.pdf:
        write_page(listed)
        write_pdfs(folder, {})
        return page
    try:
        write_pdfs(folder, write_page([*listed, *map(pdf_file, LANGUAGES)]))
    except ReportError:
        write_page(listed)  # without links to what could not be made
        raise
    return page


def _voice(content: Content, lang: str) -> Voice:
    t = Messages(lang)
    missing = Markup('<span class="nothing"><span aria-hidden="true">–</span><span class="sr">{}</span></span>')
    return Voice(t, Typography(lang, missing.format(t("frame.not_measured"))), content.fictional)


def _charts(content: Content, voice: Voice) -> dict[str, Chart]:
    """The charts for which there are values, by name."""
    t, drawn = voice.t, {}
    for estimand, (title, code) in DOTTED.items():
        if content.has(estimand, code) and (not code or content.spread(estimand, code)):
            drawn[estimand] = (t(title), dot_chart(content, estimand, voice))
    for kind in ("sectoral", "integrated"):
        if any(content.ranked("H4", cohort, kind) for cohort in content.cohorts):
            svg = code_chart(content, kind, top_share(content), voice)
            drawn[f"H4_{kind}"] = (t(f"text.h4_chart_{kind}"), svg)
    for panel in RobustnessView(content, t, voice.f).panels:
        name = f"robustness_{panel.estimand}"
        drawn[name] = t(f"robustness.chart_title_{panel.estimand}"), robustness_chart(content, panel.estimand, voice)
    return {
        name: Chart(title.unescape(), Markup(svg), f"charts/{_FILE_NAMES[name]}.{t.lang}.svg")
        for name, (title, svg) in drawn.items()
    }


def _write_charts(folder: Path, charts: dict[str, dict[str, Chart]]) -> list[str]:
    """Write each chart as SVG and, for programs that take no SVG, as PNG; returns the paths relative to the folder."""
    (folder / "charts").mkdir(exist_ok=True)
    made = []
    for chart in (chart for group in charts.values() for chart in group.values()):
        picture = str(Path(chart.file).with_suffix(".png"))
        _write(folder / chart.file, str(chart.svg).encode("utf-8"))
        _write(folder / picture, to_png(str(chart.svg)))
        made += [chart.file, picture]
    for path in sorted((folder / "charts").iterdir()):
        if f"charts/{path.name}" not in made and path.suffix in (".svg", ".png"):
            path.unlink()
    return made


def _view(content: Content, lang: str, charts: dict[str, Chart], listed: list[str], settings: ReportSettings) -> View:
    voice = _voice(content, lang)
    own = [file for file in listed if f".{lang}." in file]
    return View(content, lang, charts, own, settings.quotes_per_code, voice.t, voice.f)


@cache
def _environment() -> Any:
    import jinja2

    room = files("strategy_miner.report")
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (room / "templates" / name).read_text(encoding="utf-8")),
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["proof"] = proof
    return environment


def _bodies(views: list[View]) -> dict[str, str]:
    """The HTML of each language, which the page and its PDF share. A view counts its tables: render it once."""
    body = _environment().get_template("body.html.j2")
    return {
        view.lang: link_figures(
            body.render(view=view, t=view.t, f=view.f, lang=view.lang, content=view.content, id=view.id),
            view.lang,
            view.files,
        )
        for view in views
    }


def _page(views: list[View], bodies: dict[str, str]) -> str:
    room = files("strategy_miner.report")
    css = (room / "report.css").read_text(encoding="utf-8")
    js = (room / "report.js").read_text(encoding="utf-8")
    whole = {lang: Markup(body.strip()) for lang, body in bodies.items()}
    template = _environment().get_template("page.html.j2")
    return str(template.render(views=views, bodies=whole, css=Markup(css.strip()), js=Markup(js.strip()))) + "\n"


def _write(path: Path, data: bytes) -> None:
    with whole(path) as partial:
        partial.write_bytes(data)
