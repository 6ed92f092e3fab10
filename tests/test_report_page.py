"""The page: complete, self-contained, accessible, honest about what is missing, the same on every run."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from strategy_miner.errors import StoreError
from strategy_miner.report import write_report
from strategy_miner.settings import ReportSettings
from strategy_miner.store import writing
from tests.report_database import CODES, LONG, Case, build
from tests.report_walk import VOID, walk

CASES = {
    "full": Case(),
    "names only": Case(sizes=(10, 24, 27), read=False, verdict="undecided"),
    "two cohorts, fictional": Case(
        sizes=(4, 5), labels=("früh", "spät"), fictional=True, planted=True, verdict="no relevant shift"
    ),
    "four cohorts, one without documents": Case(sizes=(4, 5, 3, 6), labels=("A", "B", "C", "D"), unread_cohort=2),
    "no declared fields": Case(fields=False),
    "nothing": Case(fields=False, read=False),
    "one cohort, some projects outside": Case(sizes=(4,), labels=("1",), outside=3, verdict=""),
    "every file failed": Case(sizes=(5, 5, 6), read=False, broken=True),
    "an empty cohort": Case(sizes=(3, 0, 4)),
}
QUOTES = 10


class Page(HTMLParser):
    """Tags with their attributes, and the visible text by language."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = {"de": "", "en": ""}
        self.data: list[tuple[str, str, str]] = []
        self._open: list[str] = []
        self._lang = "de"
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        self.tags.append((tag, values))
        if values.get("class") == "language":
            self._lang = values["lang"]
        if tag == "data":
            self.data.append((self._lang, values["value"], ""))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("style", "script"):
            return
        self.text[self._lang] += data
        if self._open and self._open[-1] == "data":
            lang, value, text = self.data[-1]
            self.data[-1] = (lang, value, text + data)

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] for _, attrs in self.tags if attribute in attrs]

    def plain(self, lang: str) -> str:
        return " ".join(self.text[lang].replace("\u2011", "-").split())


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = {}
    for number, (name, case) in enumerate(CASES.items()):
        folder = tmp_path_factory.mktemp(f"report{number}")
        made[name] = write_report(
            build(folder / "strategy.duckdb", case), folder / "report", ReportSettings(QUOTES, pdf=False)
        )
    return made


@cache
def parsed_page(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


@pytest.fixture(params=CASES)
def page(request: pytest.FixtureRequest, reports: dict[str, Path]) -> tuple[Path, Page]:
    return reports[request.param], parsed_page(reports[request.param])


def test_every_link_leads_somewhere_and_nothing_is_fetched(page: tuple[Path, Page]) -> None:
    path, parsed = page
    ids = Counter(parsed.values("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    for link in [*parsed.values("href"), *parsed.values("src")]:
        if link.startswith("#"):
            assert link[1:] in ids, link
        elif link != "data:,":
            assert (path.parent / link).is_file(), link
    for attribute in ("aria-labelledby", "aria-describedby"):
        assert set(parsed.values(attribute)) <= set(ids)
    html = path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
    assert not re.search(r"https?:|url\(|@import|//cdn", html)


def test_no_unset_value_reaches_the_reader(page: tuple[Path, Page]) -> None:
    text = " ".join(page[1].text.values())
    assert not re.search(r"\bNone\b|\bnan\b|\bNaN\b|Undefined|\bNULL\b|\{\w*\}", text)


def test_every_figure_says_its_value(page: tuple[Path, Page]) -> None:
    parsed = page[1]
    assert {lang for lang, _, _ in parsed.data} == {"de", "en"}
    for lang, value, text in parsed.data:
        share = "%" in text or "Punkte" in text or "points" in text
        digits = re.sub(r"[^\d.,\u2212]", "", text).replace("\u2212", "-")
        shown = float(digits.replace(",", ".") if lang == "de" else digits.replace(",", ""))
        near = (
            {abs(shown - float(value)), abs(shown / 100 - float(value))}
            if not share
            else {abs(shown / 100 - float(value))}
        )
        assert min(near) < 0.0051, (value, text)


def test_every_figure_opens_its_proof(page: tuple[Path, Page]) -> None:
    walk(page[0])


def test_both_languages_hold_the_same_figures(page: tuple[Path, Page]) -> None:
    figures = {lang: Counter(value for own, value, _ in page[1].data if own == lang) for lang in ("de", "en")}
    assert figures["de"] == figures["en"]


def test_tables_with_shares_carry_n(page: tuple[Path, Page]) -> None:
    html = page[0].read_text(encoding="utf-8")
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", table.replace("&nbsp;", " ")))
        if re.search(r"\d\s?%", text.replace("95\u2011%", "").replace("90\u2011%", "")):
            assert re.search(r"\(n\b|\bn = +\d|\d +(von|of) +\d", text), text[:200]


def test_structure_for_screen_readers(page: tuple[Path, Page]) -> None:
    html, parsed = page[0].read_text(encoding="utf-8"), page[1]
    names = Counter(tag for tag, _ in parsed.tags)
    assert names["table"] == names["caption"] > 0
    assert all(
        attrs.get("scope") in ("col", "row", "rowgroup", "colgroup") for tag, attrs in parsed.tags if tag == "th"
    )
    assert names["h1"] == names["main"] == names["nav"] == 2
    assert parsed.tags[0][1]["lang"] == "de"
    assert [attrs["lang"] for _, attrs in parsed.tags if attrs.get("class") == "language"] == ["de", "en"]
    assert '<div class="language" lang="en"' in html
    hidden = [attrs["lang"] for _, attrs in parsed.tags if attrs.get("class") == "language" and "hidden" in attrs]
    assert hidden == ["en"], "German is shown without a script"
    assert all(attrs.get("aria-label") for _, attrs in parsed.tags if attrs.get("role") == "img")


def test_no_forbidden_word(page: tuple[Path, Page]) -> None:
    assert not re.search(r"signifikan|significan", " ".join(page[1].text.values()).lower())


VERDICTS = [
    ("full", "Urteil: Verschiebung", "Verdict: shift"),
    ("names only", "Urteil: unentschieden", "Verdict: undecided"),
    ("two cohorts, fictional", "Urteil: keine relevante Verschiebung", "Verdict: no relevant shift"),
    ("no declared fields", "Urteil: kein Urteil", "Verdict: no verdict"),
]


@pytest.mark.parametrize(("name", "german", "english"), VERDICTS)
def test_the_verdict_is_one_plain_sentence_with_both_n(
    reports: dict[str, Path], name: str, german: str, english: str
) -> None:
    parsed = parsed_page(reports[name])
    assert german in parsed.plain("de")
    assert english in parsed.plain("en")
    if name != "no declared fields":
        assert len(re.findall(r"\(n = \d+ Projekte mit zusammen \d+ Feldern\)", parsed.plain("de"))) == 2
        both = r"9[05]-%-Prozessintervall: \S+ bis \S+ Punkte; 95-%-Messintervall für genau diese Projekte: "
        assert re.search(rf"\({both}\S+ bis \S+ Punkte\)", parsed.plain("de"))
        assert "Vorläufig: maschinell zugeordnete Namen" in parsed.plain("de")
        assert "Provisional, machine-coded names" in parsed.plain("en")
        assert "vorläufig" in parsed.plain("de")
        assert "provisional" in parsed.plain("en")


def test_an_undecided_verdict_says_what_would_decide_it(reports: dict[str, Path]) -> None:
    parsed = parsed_page(reports["names only"])
    german, english = parsed.plain("de"), parsed.plain("en")
    assert "Was die Frage entscheiden würde" in german
    assert "erst ein Unterschied ab etwa 45,8 Punkten in 80 von 100 Fällen erkannt" in german
    assert "betrüge der Unterschied −41,3 Punkte (Urteil dann „Verschiebung“) oder +32,0 Punkte" in german
    assert re.search(r"Staffel\s\w+: 195 \(bekannt \d+, vorhanden \d+\)", german)
    assert "So viele gibt es nicht" in german
    assert "keine erreichbare Zahl von Projekten" in german
    assert "verdict “undecided”" in english
    assert "So many do not exist" in english
    assert "10 von 12 Namen hat die Maschine eingeordnet" in german
    assert "Über 2 Namen sind mehrere Personen verschiedener Meinung" in german


def test_the_rule_and_the_further_tests_are_printed(reports: dict[str, Path]) -> None:
    german = parsed_page(reports["full"]).plain("de")
    assert "Der Permutationstest des Trends ergibt p ≤ 0,05" in german
    assert "Cochran-Armitage exakt, mid-p" in german
    assert "Logarithmiertes Chancenverhältnis" in german
    assert "Wie weit das Urteil trägt" in german
    assert "Messintervall für genau diese Projekte: 4 bis 6 Projekte." in german


def test_names_set_by_people_are_headed_confirmed(tmp_path: Path) -> None:
    database = build(tmp_path / "strategy.duckdb", Case())
    with writing(tmp_path / "confirmed.duckdb", copy_of=database) as connection:
        connection.execute("UPDATE estimates SET label = 'confirmed' WHERE estimand IN ('H1', 'H2')")
        connection.execute("UPDATE name_bands SET names_machine = 0, names_disputed = 0")
    write_report(tmp_path / "confirmed.duckdb", tmp_path / "report", ReportSettings(3, pdf=False))
    parsed = Page((tmp_path / "report" / "index.html").read_text(encoding="utf-8"))
    assert "Bestätigt: alle Namen von Personen zugeordnet" in parsed.plain("de")
    assert "People have coded all 12 names" in parsed.plain("en")
    assert "machine-coded" not in parsed.plain("en")


@pytest.mark.parametrize("name", ["names only", "nothing"])
def test_without_pdfs_the_page_says_what_to_do_and_shows_no_measured_zero(reports: dict[str, Path], name: str) -> None:
    parsed = parsed_page(reports[name])
    projects = sum(CASES[name].sizes)
    assert f"0 von {projects} PDF-Dateien gelesen." in parsed.plain("de")
    assert f"0 of {projects} PDF files read." in parsed.plain("en")
    assert "corpus/pruef/pdf" in parsed.plain("de")
    assert not re.search(r"(?<!\d)0,0\s%", parsed.plain("de"))
    assert "Textabschnitte, davon" not in parsed.plain("de")
    assert list((reports[name].parent / "charts").glob("text_*")) == []


def test_a_cohort_without_documents_has_dashes_and_a_remedy(reports: dict[str, Path]) -> None:
    text = parsed_page(reports["four cohorts, one without documents"]).plain("de")
    section = text[text.index("Staffel C Worum es geht") : text.index("Staffel D Worum es geht")]
    assert "Aus dieser Gruppe wurde kein Dokument gelesen." in section
    assert "nicht gemessen" in text


def test_where_every_file_failed_the_page_sends_the_reader_to_the_failures(reports: dict[str, Path]) -> None:
    parsed = parsed_page(reports["every file failed"])
    assert "0 von 16 PDF-Dateien gelesen." in parsed.plain("de")
    assert "Gescheiterte Dokumente (n = 16) und was hilft" in parsed.plain("de")
    assert "#de-failures" in parsed.values("href")
    assert "Ordner" not in parsed.plain("de"), "adding files would not help"


def test_an_empty_cohort_says_so(reports: dict[str, Path]) -> None:
    assert "Diese Gruppe hat kein Projekt." in parsed_page(reports["an empty cohort"]).plain("de")


def test_projects_outside_the_cohorts_are_listed_apart(reports: dict[str, Path]) -> None:
    text = parsed_page(reports["one cohort, some projects outside"]).plain("de")
    section = text[text.index("Projekte ohne Zuordnung Diese Projekte") :]
    assert "Randort 2" in section
    assert "Strategie <Rand> & Mitte's" in section


def test_invented_data_is_marked_wherever_it_could_be_taken_out(reports: dict[str, Path]) -> None:
    for name, path in reports.items():
        html, fictional = path.read_text(encoding="utf-8"), CASES[name].fictional
        assert ("<title>FIKTIV: " in html) == fictional
        assert ("Regressionsprüfung" in html) == fictional
        for svg in (path.parent / "charts").glob("*.svg"):
            note = "Erfundene Daten" if svg.name.endswith(".de.svg") else "Invented data"
            assert (note in svg.read_text(encoding="utf-8")) == fictional


def test_failures_missing_files_and_unread_pages_are_listed(reports: dict[str, Path]) -> None:
    text = parsed_page(reports["full"]).plain("de")
    for part in ("kaputt_ä.pdf: encrypted. Save it unlocked.", "fehlt.pdf", "3–4", "image only"):
        assert part in text


def test_quotes_are_escaped_unchanged_and_at_most_as_many_as_asked(reports: dict[str, Path]) -> None:
    html = reports["full"].read_text(encoding="utf-8")
    assert "Wärmenetz &amp; Speicher &lt;gemeinsam&gt; betreiben" in html
    sections = re.findall(r'<details class="fold" id="de-code-(\w+)">(.*?)</details>', html, re.DOTALL)
    assert {code: part.count("<blockquote") for code, part in sections} == {
        code[0]: QUOTES if number == 0 else 3 for number, code in enumerate(CODES[:-1])
    }
    assert LONG in html


def test_charts_are_vector_graphics_without_raster_or_reference(reports: dict[str, Path]) -> None:
    charts = sorted((reports["full"].parent / "charts").glob("*.svg"))
    assert len(charts) == 8
    for path in charts:
        root = ET.parse(path).getroot()
        assert root.tag.endswith("svg")
        assert [e.tag for e in root.iter() if e.tag.endswith(("image", "script", "foreignObject"))] == []
    dots = (reports["full"].parent / "charts" / "declared_integrated.de.svg").read_text(encoding="utf-8")
    marks = re.findall(r'fill="#b4531a"', dots)
    with (reports["full"].parent / "tables" / "project_values.en.csv").open(encoding="utf-8-sig", newline="") as handle:
        assert len(marks) == sum(row["Quantity"].startswith("H1") for row in csv.DictReader(handle))


def test_every_chart_is_a_picture_too(reports: dict[str, Path]) -> None:
    folder = reports["full"].parent / "charts"
    for path in folder.glob("*.svg"):
        data = path.with_suffix(".png").read_bytes()
        assert data.startswith(b"\x89PNG")
        width = float(re.search(r'width="([\d.]+)"', path.read_text(encoding="utf-8"))[1])  # type: ignore[index]
        assert int.from_bytes(data[16:20], "big") == pytest.approx(2 * width, abs=2), "twice the size, for print"
    assert len(list(folder.glob("*.png"))) == len(list(folder.glob("*.svg")))


def test_tables_are_written_as_csv_and_workbook_in_both_languages(reports: dict[str, Path]) -> None:
    folder = reports["full"].parent
    assert sorted(path.name for path in folder.glob("*.xlsx")) == [
        "quotes.de.xlsx", "quotes.en.xlsx", "tables.de.xlsx", "tables.en.xlsx",
    ]  # fmt: skip
    with (folder / "tables" / "quotes.de.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter=";"))
    assert {"Zitat", "Kommune", "Staffel", "Seite", "Code", "Code-Kürzel"} <= set(rows[0])
    assert "," in rows[0]["Sicherheit"]
    assert (folder / "tables" / "quotes.en.csv").read_text(encoding="utf-8-sig").count("Quote,Municipality")
    assert not (folder / "tables" / "planted.de.csv").exists()
    page = reports["full"].read_text(encoding="utf-8")
    for path in [*folder.glob("*.xlsx"), *folder.glob("*.csv"), *folder.glob("tables/*"), *folder.glob("charts/*")]:
        assert f'href="{path.relative_to(folder).as_posix()}"' in page, "a file that nothing leads to"


def test_a_second_run_gives_the_same_bytes_and_clears_what_is_no_longer_made(tmp_path: Path) -> None:
    database = build(tmp_path / "a.duckdb", CASES["two cohorts, fictional"])
    folders = [tmp_path / "one", tmp_path / "two"]
    (folders[1] / "charts").mkdir(parents=True)
    (folders[1] / "charts" / "old.svg").write_text("<svg/>", encoding="utf-8")
    for folder in folders:
        write_report(database, folder, ReportSettings(QUOTES, pdf=False))
    files = [{p.relative_to(f): p.read_bytes() for p in f.rglob("*") if p.is_file()} for f in folders]
    assert files[0] == files[1]


def test_a_missing_database_and_a_folder_that_is_a_file_are_one_line_errors(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"absent\.duckdb"):
        write_report(tmp_path / "absent.duckdb", tmp_path / "report", ReportSettings(QUOTES, pdf=False))
    database = build(tmp_path / "a.duckdb", CASES["nothing"])
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="taken") as caught:
        write_report(database, tmp_path / "taken", ReportSettings(QUOTES, pdf=False))
    assert "\n" not in str(caught.value)


def test_coverage_names_who_is_missing_and_what_that_could_change(reports: dict[str, Path]) -> None:
    text = parsed_page(reports["names only"]).plain("de")
    assert "Ohne bekannte Handlungsfelder (n = 15 Projekte)" in text
    assert "könnten die 3 Projekte dieser Gruppen, die keinen haben, ihn auf −21,0 Punkte senken oder auf" in text


def test_published_figures_stand_beside_computed_ones_with_the_reason(reports: dict[str, Path]) -> None:
    page = parsed_page(reports["full"])
    german, english = page.plain("de"), page.plain("en")
    assert "weicht ab (mindestens −5): Bekannt sind 45 von 61 Projekte" in german
    assert "cannot be compared because it was not measured: the column funding_strategy_eur is missing" in english
    assert "nicht gemessen: Es wurde keine PDF-Datei gelesen" in german
    assert "funding_strategy_eurBewilligte Förderung der Strategiephase in Euro" in german
    assert "n = 12 Maßnahmen" in german
