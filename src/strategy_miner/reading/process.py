"""Reading a document in a child process that the parent can end: the parsers' crashes and loops stay in there."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from strategy_miner.errors import ReadingError
from strategy_miner.reading.confine import environment
from strategy_miner.reading.flow import Flow, Item
from strategy_miner.reading.raw import Bookmark, RawPage, Rect, rounded
from strategy_miner.reading.wire import MANY_PAGES, from_json
from strategy_miner.settings import ExtractSettings

MAX_LINE = 64_000_000  # bytes of one page as JSON
MAX_TOTAL = 2_000_000_000  # bytes from one child
_SILENT = "the reading process ended without an answer"
DRAW_SECONDS, DRAW_MB = 60, 2000  # for the picture of one page
BOXES = 2500  # in one order; each takes some 30 of the 128 KiB that Linux allows one argument


def read_raw(path: Path, settings: ExtractSettings) -> tuple[list[RawPage], list[Bookmark]]:
    """Raw pages and bookmarks of a PDF, read under limits.

    If the child dies or is ended after its first page, the pages read so far are kept and the rest is unread with
    the reason. Raises ReadingError if nothing could be read.
    """
    pages: list[RawPage] = []
    bookmarks: list[Bookmark] = []
    total = 0
    try:
        for answer in _answers(path, {"format": "pdf", **asdict(settings)}):
            if isinstance(answer, list):
                pages.append(from_json(answer, packed=total > MANY_PAGES))
            else:
                total = min(answer["pages"], settings.max_pages)
                bookmarks = [Bookmark(*b) for b in answer["bookmarks"]]
    except ReadingError as error:
        failure = error
    except (ArithmeticError, LookupError, TypeError, ValueError):  # no page: it no longer does what was written
        failure = ReadingError("the reading process answers nonsense", path.name, "Check the file.")
    else:
        return pages, bookmarks
    if not pages:
        raise failure
    what = failure.what
    del failure  # its traceback holds this frame, and all pages with it, while nobody collects cycles
    return pages + _unread(pages, total, what), bookmarks


def read_flow(path: Path, settings: ExtractSettings, form: str) -> Flow:
    """What a document without pages holds, read under the same limits. Raises ReadingError."""
    head, *items = _answers(path, {"format": form, **asdict(settings)})
    return Flow(head["engine"], head["reason"], [Item.from_json(item) for item in items])


def _answers(path: Path, order: dict[str, Any]) -> Iterator[Any]:
    """What a child answers to an order, value by value. Raises ReadingError where it fails or ends before its time."""
    child = _start(path, order)
    failure, done = ReadingError(_SILENT, path.name, "Print it to a new PDF."), False
    try:
        for line in _lines(child, order["wall_seconds"], path):
            answer = json.loads(line)
            if isinstance(answer, dict) and "error" in answer and "page" not in answer:
                failure = ReadingError(*answer["error"])
            elif isinstance(answer, dict) and "done" in answer:
                done = True
            else:
                yield answer
    except ReadingError as error:
        failure = error
    except (ValueError, RecursionError):
        pass  # half a line: it died while it wrote
    finally:
        _end(child)
    if not done:
        raise _explained(failure, child.returncode, path, order["cpu_seconds"])


def _start(path: Path, order: dict[str, Any]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "strategy_miner.reading.child", json.dumps({"name": path.name, **order})]
    try:
        if not path.is_file():
            raise ReadingError("file not found", str(path), "Check the name.")
        with path.open("rb") as document:
            return subprocess.Popen(
                command, stdin=document, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
                env=environment(),
            )  # fmt: skip
    except (OSError, ValueError) as error:
        raise ReadingError(f"cannot be opened: {error}", path.name, "Check the name and the rights.") from error


def _lines(child: subprocess.Popen[bytes], wall_seconds: int, path: Path) -> Iterator[bytes]:
    """The child's lines. Raises ReadingError when the wall clock or the size cap is reached."""
    assert child.stdout is not None
    deadline = time.monotonic() + wall_seconds
    chunks: list[bytes] = []
    total = length = 0
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise ReadingError(
                    f"took longer than {wall_seconds} s", path.name, "Raise extract.wall_seconds or split the file."
                )
            data = os.read(child.stdout.fileno(), 1 << 20)
            if not data:
                return
            total, length = total + len(data), length + len(data)
            if total > MAX_TOTAL or length > MAX_LINE:
                raise ReadingError("gives more text than a document can have", path.name, "Check the file.")
            *whole, rest = data.split(b"\n")
            if whole:
                yield b"".join(chunks) + whole[0]
                yield from whole[1:]
                chunks, length = [rest], len(rest)
            else:
                chunks.append(rest)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started: its session is a process group of its own."""
    if child.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=0.5)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _explained(failure: ReadingError, returncode: int, path: Path, cpu_seconds: int) -> ReadingError:
    if failure.what != _SILENT:
        return failure
    if returncode == -signal.SIGXCPU or returncode == -signal.SIGKILL:
        what = f"took more than {cpu_seconds} s of processor time or was killed"
        return ReadingError(what, path.name, "Raise extract.cpu_seconds or split the file.")
    if returncode < 0:
        name = signal.Signals(-returncode).name
        return ReadingError(f"makes the PDF library crash ({name})", path.name, "Print it to a new PDF.")
    return failure


def _unread(pages: list[RawPage], total: int, reason: str) -> list[RawPage]:
    width, height = pages[-1].width, pages[-1].height
    return [RawPage(n, width, height, "none", reason) for n in range(len(pages) + 1, total + 1)]


def rendered(path: Path, page: int, scale: float) -> Any:
    """A page as a coloured picture for a person to look at, drawn in a child; page from 1, scale 1 is 72 dpi.

    Raises ReadingError if there is no such page or it cannot be drawn within DRAW_SECONDS and DRAW_MB.
    """
    ((_, _, pictures),) = drawn(path, [(page, scale, [])])
    if isinstance(pictures, ReadingError):
        raise pictures
    return pictures[0]


def drawn(path: Path, pages: Sequence[tuple[int, float, Sequence[Rect]]]) -> Iterator[tuple[int, list[Rect], Any]]:
    """Pictures of places on pages, all drawn in one child; the whole page where no place is named.

    Args:
        path: a PDF.
        pages: for each page its number from 1, the scale (1 is 72 dpi) and places on it as shown, in PDF points.

    Yields page, the places as far as they lie on the page, and their coloured pictures, or the ReadingError of a page
    that cannot be drawn. Raises ReadingError if the child ends before its time or takes more than DRAW_MB, or more
    than DRAW_SECONDS and a second per page.
    """
    seconds = DRAW_SECONDS + len(pages)
    limits = {"cpu_seconds": seconds, "wall_seconds": 2 * seconds, "memory_mb": DRAW_MB}
    for part in _portions(pages):
        for answer in _answers(path, {"draw": part, **limits}):
            if "error" in answer:
                yield answer["page"], [], ReadingError(*answer["error"])
            else:
                places = [tuple(place) for place in answer["places"]]
                yield answer["page"], places, [_picture(png) for png in answer["png"]]


def _picture(png: str) -> Any:
    from PIL import Image

    # The child may be in the hands of the file: only this one decoder is lent to it.
    return Image.open(io.BytesIO(base64.b64decode(png)), formats=["PNG"]).convert("RGB")


# A page from 1, the engine that read it (pdfium, pdfplumber or tesseract), and boxes on it.
Place = tuple[int, str, list[Rect]]
How = TypeVar("How")


def read_again(path: Path, places: Sequence[Place], settings: ExtractSettings) -> dict[int, list[list[str]]]:
    """By page what stands in each box: the text that PDFium itself finds there, in the box's middle and in all of it.

    Where pdfplumber or tesseract read the page, their words of a new reading come first. Nothing of the layout, the
    blocks or the segments takes part. Raises ReadingError if the file cannot be read or lacks a page.
    """
    found: dict[int, list[list[str]]] = {}
    for part in _portions(places):
        order = {"format": "pdf", "places": part, **asdict(settings)}
        for answer in _answers(path, order):
            found.setdefault(answer["page"], []).extend(answer["found"])
    return found


def _portions(places: Sequence[tuple[int, How, Sequence[Rect]]]) -> Iterator[list[tuple[int, How, list[Rect]]]]:
    """Places in orders of at most BOXES boxes: an order is an argument of the child, and the system limits those."""
    portion: list[tuple[int, How, list[Rect]]] = []
    for number, how, boxes in places:
        for start in range(0, max(len(boxes), 1), BOXES):  # no box stands for the whole page
            own = [rounded(*box) for box in boxes[start : start + BOXES]]
            if portion and sum(len(p[2]) for p in portion) + len(own) > BOXES:
                yield portion
                portion = []
            portion.append((number, how, own))
    if portion:
        yield portion
