"""Pictures of quoted words in the report: inside the page as far as it may grow, else linked, never broken."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pytest
from PIL import Image

from strategy_miner.parquet import write_records
from strategy_miner.records import Cutout
from strategy_miner.report import write_report
from strategy_miner.report.cutouts import with_pictures
from strategy_miner.report.pictures import Pictures
from strategy_miner.settings import ReportSettings
from strategy_miner.store import query
from tests.report_database import Case, build


def png(shade: int = 0) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 20), (shade, 0, 0)).save(file, "PNG")
    return file.getvalue()


def cutout(id_: str, picture: bytes = b"", reason: str = "", kind: str = "segment", document: str = "doc") -> Cutout:
    file = f"{kind}-{id_}.png" if picture else ""
    return Cutout(kind, id_, document, "Worte", 1, (), (), file, 40, 20, "", reason, picture)


def pictures(*cutouts: Cutout) -> Pictures:
    return Pictures({(c.kind, c.id): c for c in cutouts}, (), True)


def block(id_: str, rank: int) -> str:
    return (
        f'<div class="cutout" data-rank="{rank}"><a href="evidence/segment-{id_}.png">'
        f'<img src="evidence/segment-{id_}.png" width="40" height="20" alt="Ausschnitt &lt;{id_}&gt;"></a></div>\n'
    )


def test_a_picture_is_in_the_page_once_for_all_places() -> None:
    page = with_pictures(block("a", 1) + block("a", 1) + "<script></script>", pictures(cutout("a", png())), 10_000)
    assert page.count(base64.b64encode(png()).decode()) == 1
    assert page.count('<use href="#segment-a"/>') == 2
    assert 'aria-label="Ausschnitt &lt;a&gt;"' in page
    assert "<img" not in page


def test_a_small_page_takes_the_first_quotes_of_all_codes_and_no_more() -> None:
    of = pictures(*(cutout(id_, png(number)) for number, id_ in enumerate("abcd")))
    html = block("a", 2) + block("b", 1) + block("c", 3) + block("d", 1) + "<script></script>"
    one = len(base64.b64encode(png())) + 300
    page = with_pictures(html, of, len(html) + 1000 + 2 * one + 50)
    assert re.findall(r'<use href="#segment-(\w)"', page) == ["b", "d"]
    assert "data-rank" not in page
    assert with_pictures(html, of, 0) == "<script></script>"


def test_pictures_of_an_earlier_report_go_and_equal_ones_stay(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "segment-old.png").write_bytes(b"x")
    of = pictures(cutout("a", png()), cutout("b", reason="not_drawn"))
    assert of.write(tmp_path) == ["evidence/segment-a.png"]
    before = (tmp_path / "evidence" / "segment-a.png").stat().st_mtime_ns
    of.write(tmp_path)
    assert [p.name for p in (tmp_path / "evidence").iterdir()] == ["segment-a.png"]
    assert (tmp_path / "evidence" / "segment-a.png").stat().st_mtime_ns == before


def test_nothing_is_written_where_nothing_was_drawn(tmp_path: Path) -> None:
    assert Pictures.read(tmp_path / "evidence") == Pictures()
    assert Pictures().write(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report whose first document was drawn, with one quote left out, and whose second one could not be."""
    root = tmp_path_factory.mktemp("pictures")
    database = build(root / "strategy.duckdb", Case())
    rows = query(database, "SELECT DISTINCT segment_id, document_id FROM quotes ORDER BY ALL")[1]
    fields = query(database, "SELECT id FROM declared")[1]
    lost = rows[-1][1]
    drawn = [cutout(id_, png(), document=document) for id_, document in rows if document != lost]
    drawn += [cutout(id_, reason="not_drawn", document=document) for id_, document in rows if document == lost]
    drawn += [cutout(id_, png(9), kind="field") for (id_,) in fields]
    write_records(Cutout, drawn, root / "evidence" / "doc.parquet")
    return write_report(database, root / "report", ReportSettings(10, pdf=False))


def test_every_picture_that_the_page_names_is_there(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    linked = set(re.findall(r'href="(evidence/[^"]+)"', html))
    assert linked
    assert all((page.parent / name).read_bytes()[:4] == b"\x89PNG" for name in linked)
    symbols = set(re.findall(r'<symbol id="([^"]+)"', html))
    assert set(re.findall(r'<use href="#([^"]+)"', html)) == symbols
    assert any(name.startswith("evidence/field-") for name in linked)


def test_the_best_three_quotes_of_a_code_are_shown_and_the_others_linked(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    code = re.search(r'<details class="fold" id="de-code-energie">.*?</details>', html, re.DOTALL)
    assert code
    quotes = re.findall(r"<li><figure>.*?</figure></li>", code[0], re.DOTALL)
    assert len(quotes) == 10
    shown = [number for number, quote in enumerate(quotes) if "<use " in quote]
    assert shown
    assert max(shown) < 3
    assert any('class="to-page"' in quote for quote in quotes[3:])


def test_documents_that_could_not_be_drawn_are_named(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    files = re.findall(r"nicht zeichnen lassen: ([^<]*?)\. Legen Sie", html)
    assert len(files) == 1
    assert files[0].endswith(".pdf")
    assert "cannot be drawn: " + files[0] in html
