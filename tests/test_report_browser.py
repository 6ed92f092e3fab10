"""The page in a real browser: no overflow on a phone or a desktop, the language switch and links into closed parts."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from strategy_miner.report import write_report
from strategy_miner.settings import ReportSettings
from tests.report_database import Case, build

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--virtual-time-budget=3000", "--dump-dom",
)  # fmt: skip
LISTEN = "<script>window.faults = []; window.onerror = function (m) { window.faults.push(String(m)); };</script>"
PROBE = """<script>
window.addEventListener("load", function () {
  var root = document.documentElement, seen = {faults: window.faults, width: innerWidth};
  document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  seen.german = document.body.innerText.length;
  seen.overflow = root.scrollWidth - innerWidth;
  document.querySelectorAll("details.fold").forEach(function (part) { part.open = false; });
  document.querySelector(".language:not([hidden]) .switch").click();
  seen.lang = root.lang; seen.title = document.title;
  seen.visible = document.querySelectorAll(".language:not([hidden])").length;
  seen.overflowEnglish = root.scrollWidth - innerWidth;
  location.hash = "#de-code-energie";
  setTimeout(function () {
    seen.langByLink = root.lang; seen.opened = document.getElementById("de-code-energie").open;
    root.setAttribute("data-seen", JSON.stringify(seen));
  }, 200);
});
</script>"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    case = Case(labels=("1", "2", "Gemeinsam aus der Krise"), fictional=True, planted=True)
    return write_report(build(folder / "strategy.duckdb", case), folder / "report", ReportSettings(10))


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is absent: the report is not looked at in a browser")
@pytest.mark.parametrize("width", [500, 1280])
def test_page_fits_and_works(page: Path, tmp_path: Path, width: int) -> None:
    text = page.read_text(encoding="utf-8").replace("<head>", "<head>" + LISTEN).replace("</body>", PROBE + "</body>")
    copy = tmp_path / "index.html"
    copy.write_text(text, encoding="utf-8")
    seen = _browse(copy, width, tmp_path / "profile")
    assert seen["faults"] == []
    assert seen["width"] == width
    assert seen["overflow"] <= 0
    assert seen["overflowEnglish"] <= 0
    assert seen["german"] > 2000
    assert (seen["lang"], seen["visible"]) == ("en", 1)
    assert seen["title"].startswith("FICTIONAL: ")
    assert (seen["langByLink"], seen["opened"]) == ("de", True)


def _browse(page: Path, width: int, profile: Path) -> dict[str, Any]:
    command = [str(CHROMIUM), *SWITCHES, f"--user-data-dir={profile}", f"--window-size={width},1000", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = re.search(r'data-seen="([^"]*)"', done.stdout)
    assert found, "the page did not finish loading"
    return dict(json.loads(html.unescape(found[1])))
