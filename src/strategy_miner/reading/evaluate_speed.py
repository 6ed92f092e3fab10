"""How fast reading is beside pdfplumber's extract_text on the same pages, and how much memory one worker needs.

Both sides are measured in processor time (user and system) of all their processes. Ours includes the start of the
child process for each file; pdfplumber's leaves out its start and counts from opening the file.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from strategy_miner.errors import ReadingError
from strategy_miner.settings import ExtractSettings

MEMORY_PAGES = (500, 1000, 2000)


@dataclass(frozen=True, slots=True)
class Speed:
    """Processor seconds of one document: ours without and with tables, and pdfplumber's extract_text."""

    name: str
    pages: int
    plain: float
    tables: float
    plumber: float


@dataclass(frozen=True, slots=True)
class Memory:
    """Peak resident megabytes of the process that lays a document out and writes it, and of its reading child."""

    pages: int
    worker: float
    child: float


def speeds(folder: Path, settings: ExtractSettings, sample: int = 0) -> Iterator[Speed]:
    """Times of every PDF in folder/pdf, or of `sample` pages spread over each; OCR is off.

    Raises ReadingError if there is no PDF or one cannot be read.
    """
    settings = replace(settings, ocr=False)
    for path in _pdfs(folder):
        with _sampled(path, sample) as file:
            pages, plain = _timed(file, replace(settings, tables=False))
            _, tables = _timed(file, replace(settings, tables=True))
            yield Speed(path.stem, pages, plain, tables, _run("plumber", file, settings)["seconds"])


def memory(folder: Path, settings: ExtractSettings, sizes: Sequence[int] = MEMORY_PAGES) -> Iterator[Memory]:
    """Peak memory on files of so many pages, merged from the PDFs of folder/pdf again and again; OCR is off."""
    settings = replace(settings, ocr=False)
    paths = _pdfs(folder)
    for size in sizes:
        with tempfile.TemporaryDirectory() as place:
            merged = Path(place, "merged.pdf")
            _merge(paths, size, merged)
            answer = _run("worker", merged, settings)
        yield Memory(size, answer["worker"], answer["child"])


def speed_table(found: Sequence[Speed]) -> str:
    """The times as a Markdown table: pages per processor second, and how many times those of pdfplumber."""
    total = Speed(
        "all", sum(s.pages for s in found), sum(s.plain for s in found), sum(s.tables for s in found),
        sum(s.plumber for s in found),
    )  # fmt: skip
    head = "| document | pages | without tables, p/s | with tables, p/s | pdfplumber, p/s | times | times with tables |"
    rows = [head, "|---" + "|---:" * 6 + "|"]
    for s in [*found, total]:
        rates = " | ".join(f"{s.pages / max(t, 1e-6):.0f}" for t in (s.plain, s.tables))
        ratios = " | ".join(f"{s.plumber / max(t, 1e-6):.1f}" for t in (s.plain, s.tables))
        rows.append(f"| {s.name} | {s.pages} | {rates} | {s.pages / max(s.plumber, 1e-6):.1f} | {ratios} |")
    return "\n".join(rows)


def memory_table(found: Sequence[Memory]) -> str:
    """The peaks as a Markdown table."""
    rows = ["| pages | worker, MB | child, MB |", "|---:|---:|---:|"]
    return "\n".join([*rows, *(f"| {m.pages} | {m.worker:.0f} | {m.child:.0f} |" for m in found)])


def _pdfs(folder: Path) -> list[Path]:
    paths = sorted((folder / "pdf").glob("*.pdf"))
    if not paths:
        raise ReadingError("has no pdf/*.pdf", str(folder), "Give the folder that holds pdf/.")
    return paths


@contextmanager
def _sampled(path: Path, sample: int) -> Iterator[Path]:
    """The file, or a copy with `sample` pages of it at equal distances."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as source:
        count = len(source)
        if not 0 < sample < count:
            yield path
            return
        with tempfile.TemporaryDirectory() as place, pypdfium2.PdfDocument.new() as target:
            target.import_pages(source, [i * count // sample for i in range(sample)])
            target.save(Path(place, path.name))
            yield Path(place, path.name)


def _merge(paths: Sequence[Path], size: int, target: Path) -> None:
    import pypdfium2

    with pypdfium2.PdfDocument.new() as merged:
        while len(merged) < size:
            for path in paths:
                with pypdfium2.PdfDocument(path) as source:
                    merged.import_pages(source, list(range(min(len(source), size - len(merged)))))
        merged.save(target)


def _timed(path: Path, settings: ExtractSettings) -> tuple[int, float]:
    from strategy_miner.reading import read
    from strategy_miner.reading.evaluate import cpu_seconds  # late: not where memory is measured

    start = cpu_seconds()
    pages = len(read(path, settings))
    return pages, cpu_seconds() - start


def _run(what: str, path: Path, settings: ExtractSettings) -> dict[str, float]:
    """The answer of a fresh process: `python -m strategy_miner.reading.evaluate_speed`."""
    command = [sys.executable, "-m", "strategy_miner.reading.evaluate_speed", what, str(path)]
    done = subprocess.run([*command, json.dumps(asdict(settings))], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReadingError("could not be measured", path.name, (done.stderr.strip() or "It was killed.")[-300:])
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def _plumber(path: Path) -> dict[str, float]:
    import pdfplumber

    start = time.process_time()
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_text()
            page.close()
    return {"seconds": time.process_time() - start}


def _worker(path: Path, settings: ExtractSettings) -> dict[str, float]:
    """What the stage extract does with one document, and the peaks of the two processes."""
    from strategy_miner.parquet import write_records
    from strategy_miner.reading import read_pages
    from strategy_miner.records import Page

    write_records(Page, read_pages(path, settings), path.with_suffix(".parquet"))
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {"worker": peaks[0], "child": peaks[1]}


def _main(what: str, path: str, settings: str) -> None:
    answer = _plumber(Path(path)) if what == "plumber" else _worker(Path(path), ExtractSettings(**json.loads(settings)))
    print(json.dumps(answer))


if __name__ == "__main__":
    _main(*sys.argv[1:])
