"""How the pages of a PDF lie in its file: from the page as shown, which we measure, to the page as stored.

Reading measures from the top left of the page as shown, crop box and /Rotate applied. Other programs measure from the
lower left of the media box of the page as stored. The PDFs are opened by a confined child: `python -m
strategy_miner.reading.frames` reads length and bytes of each and writes one JSON list per PDF.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

from strategy_miner.errors import ReadingError
from strategy_miner.reading.confine import confine, environment
from strategy_miner.reading.raw import Rect, rounded

SECONDS, MEMORY_MB = 60, 2000
_MOST_ANSWER = 20_000_000  # bytes; a page takes about 60


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The box of a page that is shown (left < right, bottom < top, in the PDF's own space, origin below), the lower
    left corner of its media box, and how often it is turned clockwise by 90 degrees to be shown (0 to 3)."""

    left: float
    bottom: float
    right: float
    top: float
    media_left: float = 0.0
    media_bottom: float = 0.0
    turns: int = 0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page as shown."""
        across, up = self.right - self.left, self.top - self.bottom
        return (up, across) if self.turns % 2 else (across, up)

    def stored(self, x0: float, top: float, x1: float, bottom: float) -> Rect:
        """A box of the page as shown (from its top left) as left, bottom, right, top from the media box's corner."""
        (a, b), (c, d) = self._stored(x0, top), self._stored(x1, bottom)
        return min(a, c), min(b, d), max(a, c), max(b, d)

    def shown(self, left: float, bottom: float, right: float, top: float) -> Rect:
        """The way back: x0, top, x1, bottom of the page as shown."""
        (a, b), (c, d) = self.point(left, bottom), self.point(right, top)
        return min(a, c), min(b, d), max(a, c), max(b, d)

    def rect(self, left: float, bottom: float, right: float, top: float) -> Rect:
        """As `shown`, to hundredths of a point."""
        return rounded(*self.shown(left, bottom, right, top))

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page as shown."""
        x, y = x + self.media_left, y + self.media_bottom
        if self.turns == 0:
            return x - self.left, self.top - y
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def _stored(self, x: float, y: float) -> tuple[float, float]:
        x, y = (
            (self.left + x, self.top - y),
            (self.left + y, self.bottom + x),
            (self.right - x, self.bottom + y),
            (self.right - y, self.top - x),
        )[self.turns]
        return x - self.media_left, y - self.media_bottom


def frames(paths: Sequence[Path]) -> list[list[PageFrame] | ReadingError]:
    """The frames of all pages of each PDF, in order; or why a file cannot be opened within SECONDS."""
    found: list[list[PageFrame] | ReadingError] = []
    while len(found) < len(paths):  # a file that ends the child costs itself only
        answers = _asked(paths[len(found) :])
        found += answers or [_failed(paths[len(found)])]
    return found


def _asked(paths: Sequence[Path]) -> list[list[PageFrame] | ReadingError]:
    """What one child says of the files, up to the one that ends it."""
    command = [sys.executable, "-m", __name__]
    with tempfile.TemporaryFile() as answer:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=answer, stderr=subprocess.DEVNULL, start_new_session=True,
            env=environment(),
        )  # fmt: skip
        assert child.stdin is not None
        # It may hang on any file, and we in writing the next one.
        alarm = threading.Timer(SECONDS * len(paths), child.kill)
        alarm.start()
        try:
            with contextlib.suppress(BrokenPipeError), child.stdin as pipe:
                for path in paths:
                    data = path.read_bytes() if path.is_file() else b""
                    pipe.write(struct.pack("<Q", len(data)) + data)
            child.wait()
        finally:
            alarm.cancel()
            child.kill()
            child.wait()
        answer.seek(0)
        lines = answer.read(_MOST_ANSWER).splitlines()
    return [_answered(line, path) for line, path in zip(lines, paths, strict=False)]


def _answered(line: bytes, path: Path) -> list[PageFrame] | ReadingError:
    try:
        return [PageFrame(a, b, c, d, e, f, int(turns) % 4) for a, b, c, d, e, f, turns in json.loads(line)] or (
            _failed(path)
        )
    except (ValueError, TypeError):
        return _failed(path)


def _failed(path: Path) -> ReadingError:
    if not path.is_file():
        return ReadingError("file not found", path.name, "Check the name.")
    return ReadingError("its pages cannot be measured", path.name, "Print it to a new PDF.")


def _answer() -> None:
    confine(10 * SECONDS, MEMORY_MB)
    output = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # whatever the library prints must not get between the lines
    import pypdfium2

    while head := sys.stdin.buffer.read(8):
        data = sys.stdin.buffer.read(struct.unpack("<Q", head)[0])
        pages = []
        with contextlib.suppress(pypdfium2.PdfiumError), contextlib.closing(pypdfium2.PdfDocument(data)) as pdf:
            for page in pdf:
                pages.append(astuple(_frame(page)))
                page.close()
        output.write(json.dumps(pages) + "\n")
        output.flush()


def _frame(page: Any) -> PageFrame:
    from strategy_miner.reading.pdfium import frame_of

    frame = frame_of(page.raw)
    media = page.get_mediabox(fallback_ok=False)
    if media is None:  # it stands further up in the file, where PDFium does not look
        cropped = page.get_cropbox(fallback_ok=False) is not None
        media = (0.0, 0.0) if cropped else (frame.left, frame.bottom)
    return replace(frame, media_left=media[0], media_bottom=media[1])


if __name__ == "__main__":
    _answer()
