"""The PDF: a document of its own, complete, numbered, tagged, the same on every run; the page stands without it."""

from __future__ import annotations

import ctypes
import re
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from strategy_miner.errors import ReportError
from strategy_miner.report import write_report
from strategy_miner.report.markup import Conversion
from strategy_miner.report.signs import showable
from strategy_miner.settings import ReportSettings
from tests.report_database import Case, build

FICTIONAL = Case(sizes=(4, 5), labels=("früh", "spät"), fictional=True, planted=True, verdict="no relevant shift")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pdf")
    write_report(build(root / "strategy.duckdb", FICTIONAL), root / "report", ReportSettings(5))
    return root / "report"


@pytest.fixture(params=["de", "en"])
def pdf(request: pytest.FixtureRequest, folder: Path) -> tuple[str, Any]:
    return request.param, pypdfium2.PdfDocument(folder / f"report.{request.param}.pdf")


def text_of(page: Any) -> str:
    """The words of a page, hyphens at line ends (U+FFFE of pdfium) taken back."""
    text = page.get_textpage().get_text_range().replace("\ufffe\r\n", "").replace("\ufffe", "")
    return " ".join(text.split())


def test_the_title_page_has_the_verdict_with_both_intervals_and_a_line_to_sign(pdf: tuple[str, Any]) -> None:
    lang, document = pdf
    first = text_of(document[0])
    for words in {
        "de": ("Prüfkorpus Wümmetal", "keine relevante Verschiebung", "Prozessintervall", "Messintervall",
               "Name, Unterschrift"),
        "en": ("Test corpus Wümmetal", "no relevant shift", "process interval", "measurement interval",
               "Name, signature"),
    }[lang]:  # fmt: skip
        assert words in first.replace("- ", "-"), words


def test_every_page_says_where_it_is_and_that_the_data_are_invented(pdf: tuple[str, Any]) -> None:
    lang, document = pdf
    page, of, mark = {"de": ("Seite", "von", "FIKTIV"), "en": ("Page", "of", "FICTIONAL")}[lang]
    for number in range(len(document)):
        text = text_of(document[number])
        assert mark in text
        assert number == 0 or f"{page} {number + 1} {of} {len(document)}" in text


def test_sections_tables_and_figures_are_counted_through_and_the_appendix_has_letters(pdf: tuple[str, Any]) -> None:
    lang, document = pdf
    whole = " ".join(text_of(document[number]) for number in range(len(document)))
    marks = [item.get_title() for item in document.get_toc()]
    methods, coverage = {"de": ("Methode und Grenzen", "Was gelesen wurde"),
                         "en": ("Methods and limits", "What was read")}[lang]  # fmt: skip
    assert any(mark.endswith(methods) for mark in marks)
    assert f"A {methods}" in whole
    assert f"B {coverage}" in whole
    for word in {"de": ("Tabelle", "Abbildung"), "en": ("Table", "Figure")}[lang]:
        numbers = {int(n) for n in re.findall(rf"{word} (\d+)\.", whole)}
        assert numbers == set(range(1, max(numbers) + 1)), word


def test_it_is_tagged_and_says_its_language(pdf: tuple[str, Any]) -> None:
    lang, document = pdf
    assert pdfium.FPDFCatalog_IsTagged(document.raw)
    buffer = (ctypes.c_ushort * 64)()
    size = pdfium.FPDFCatalog_GetLanguage(document.raw, buffer, 64)
    assert bytes(buffer)[: size - 2].decode("utf-16-le") == lang
    found = {kind for number in range(len(document)) for kind in _tags(document[number])}
    assert {"H1", "H2", "P", "Table", "TR", "TH", "TD", "Figure", "Caption", "Link", "L", "LI"} <= found
    assert b"pdfuaid" in Path(document._input).read_bytes()


def _tags(page: Any) -> set[str]:
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    found: set[str] = set()

    def walk(element: Any) -> None:
        buffer = ctypes.create_string_buffer(128)
        size = pdfium.FPDF_StructElement_GetType(element, buffer, 128)
        found.add(buffer.raw[: max(size - 2, 0)].decode("utf-16-le"))
        for index in range(pdfium.FPDF_StructElement_CountChildren(element)):
            child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
            if child:
                walk(child)

    for index in range(pdfium.FPDF_StructTree_CountChildren(tree)):
        walk(pdfium.FPDF_StructTree_GetChildAtIndex(tree, index))
    pdfium.FPDF_StructTree_Close(tree)
    return found


def test_figures_of_the_page_are_in_the_pdf(folder: Path, pdf: tuple[str, Any]) -> None:
    lang, document = pdf
    html = (folder / "index.html").read_text(encoding="utf-8")
    body = re.split(r'<div class="language" lang="', html)[1 + ("de", "en").index(lang)]
    figures = re.findall(r"<data[^>]*>([^<]+)</data>", body)
    whole = "".join(text_of(document[number]) for number in range(len(document)))
    squeezed = re.sub(r"\s", "", whole)
    assert len(figures) > 100
    assert [figure for figure in figures if re.sub(r"\s", "", figure) not in squeezed] == []


def test_no_link_of_the_page_is_lost(folder: Path) -> None:
    html = (folder / "index.html").read_text(encoding="utf-8")
    for body in re.findall(r'<div class="language".*?</footer>', html, re.DOTALL):
        conversion = Conversion(("Tabelle", "Table", "Abbildung", "Figure"))
        main = next(conversion.parse(f"{body}</div>").iter("main"))
        assert "page-link" in "".join(map(conversion.block, main))
        assert conversion.dead == []


def test_a_second_run_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_report(folder.parent / "strategy.duckdb", tmp_path / "again", ReportSettings(5))
    for name in ("report.de.pdf", "report.en.pdf"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize("broken", ["absent", "refuses"])
def test_without_typst_the_page_stands_and_one_line_says_so(
    broken: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> bytes:
        raise RuntimeError("unknown\nvariable")

    if broken == "absent":
        monkeypatch.setitem(sys.modules, "typst", None)
    else:
        monkeypatch.setattr("typst.compile", refuse)
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "report.de.pdf").write_bytes(b"of an earlier run")
    with pytest.raises(ReportError, match=r"index\.html is complete") as caught:
        write_report(folder.parent / "strategy.duckdb", tmp_path / "report", ReportSettings(5))
    assert "\n" not in str(caught.value)
    html = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert html.rstrip().endswith("</html>")
    assert "report.de.pdf" not in html
    assert not (tmp_path / "report" / "report.de.pdf").exists(), "an older PDF would not fit this page"


def test_signs_that_no_font_shows_are_replaced(tmp_path: Path) -> None:
    source = "\uf0b7 Wärmenetz \u4e2d \u2192 „Quartier“ \u2013 1\u202f%"
    assert showable(source, tmp_path) == "\u2022 Wärmenetz \ufffd \u2192 „Quartier“ \u2013 1\u202f%"
