"""The page in a real browser: no overflow on a phone or a desktop, the language switch and links into closed parts."""

from __future__ import annotations

import html
import importlib.resources
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
  var figures = document.querySelector(".language:not([hidden]) .table").querySelectorAll("a.proof");
  figures[0].focus();
  figures[0].dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true}));
  seen.stops = Array.from(figures).filter(function (figure) { return figure.tabIndex === 0; }).length;
  seen.moved = document.activeElement === figures[1];
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
    return write_report(build(folder / "strategy.duckdb", case), folder / "report", ReportSettings(10, pdf=False))


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
    assert (seen["stops"], seen["moved"]) == (1, True), "Tab enters a table once, arrows go on"
    assert (seen["lang"], seen["visible"]) == ("en", 1)
    assert seen["title"].startswith("FICTIONAL: ")
    assert (seen["langByLink"], seen["opened"]) == ("de", True)


def _browse(page: Path, width: int, profile: Path, query: str = "", *switches: str) -> dict[str, Any]:
    window = f"--window-size={width},1000"
    address = page.as_uri() + query
    command = [str(CHROMIUM), *SWITCHES, *switches, f"--user-data-dir={profile}", window, address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = re.search(r'data-seen="([^"]*)"', done.stdout)
    assert found, "the page did not finish loading"
    return dict(json.loads(html.unescape(found[1])))


AXE = """<script>
window.addEventListener("load", function () {
  var asked = new URLSearchParams(location.search).get("lang");
  if (asked === "en") { document.querySelector(".language:not([hidden]) .switch").click(); }
  document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  axe.run({resultTypes: ["violations"]}).then(function (found) {
    var rules = found.violations.map(function (rule) {
      var first = rule.nodes.slice(0, 3).map(function (node) { return node.html; });
      return [rule.impact, rule.id, rule.nodes.length, first];
    });
    var root = document.documentElement;
    root.setAttribute("data-seen", JSON.stringify({lang: root.lang, seen: rules}));
  });
});
</script>"""


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is absent: the report is not looked at in a browser")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("lang", ["de", "en"])
def test_axe_finds_no_serious_violation(page: Path, tmp_path: Path, lang: str, dark: bool) -> None:
    axe = (importlib.resources.files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
    copy = tmp_path / "index.html"
    text = page.read_text(encoding="utf-8").replace("</body>", f"<script>{axe}</script>{AXE}</body>")
    copy.write_text(text, encoding="utf-8")
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    found = _browse(copy, 1280, tmp_path / "profile", f"?lang={lang}", scheme, "--virtual-time-budget=60000")
    assert found["lang"] == lang
    assert [rule for rule in found["seen"] if rule[0] in ("serious", "critical")] == []
