"""`make real-check`: the whole chain on a folder of real PDFs, in a copy of the project under build/, timed by stage.

The cohorts are invented: the documents share no programme, so only the way through the chain can be judged.
The code that runs is the installed one; its sources are copied because the stages depend on them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import yaml

CHAIN = (
    "extract",
    "segment",
    "embed",
    "tag",
    "classify",
    "fields",
    "measures",
    "store",
    "analyse",
    "evidence",
    "report",
)
STAGES = ("encoder", "static", *(f"{stage}@real" for stage in CHAIN))
TITLE = "Wirkliche Dokumente, erfundene Staffeln"


def main(material: Path) -> None:
    pdfs = sorted((material / "pdf").glob("*.pdf")) or sys.exit(f"{material}/pdf: no PDFs there; real-check needs them")
    copy = Path("build", "real-check")
    shutil.rmtree(copy, ignore_errors=True)
    for name in ("src", "pipeline", "corpus/codebook"):
        shutil.copytree(name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("dvc.yaml", "requirements.lock"):
        shutil.copy(name, copy)
    corpus = copy / "corpus" / "real"
    shutil.copytree(material / "pdf", corpus / "pdf")
    mpsc = yaml.safe_load(Path("corpus/mpsc/corpus.yaml").read_text(encoding="utf-8"))
    settings = {key: mpsc[key] for key in ("cohort", "language", "fictional")} | {"tables": [], "field_names": []}
    settings["title"] = {"de": TITLE, "en": "Real documents, invented cohorts"}
    settings["note"] = {"de": "Die Staffeln sind erfunden.", "en": "The cohorts are invented."}
    (corpus / "corpus.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    rows = [f"{pdf.stem},{pdf.stem},{number % 3 + 1},,,,{pdf.name}" for number, pdf in enumerate(pdfs)]
    header = "project_id,name,cohort,municipality_type,title,published,file"
    (corpus / "projects.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    params = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8")) | {"corpora": {"real": "corpus/real/pdf"}}
    (copy / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    subprocess.run(["dvc", "init", "--quiet", "--no-scm"], cwd=copy, check=True)
    for stage in STAGES:
        start = time.perf_counter()
        subprocess.run(["dvc", "repro", "--quiet", "--single-item", stage], cwd=copy, check=True)
        print(f"{stage}: {time.perf_counter() - start:.0f} s", flush=True)
    print(copy / "build/real/report/index.html")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
