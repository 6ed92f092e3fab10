"""What the process that opens a document cannot do, and what ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from strategy_miner.errors import ReadingError
from strategy_miner.reading import read, sockets_refused
from strategy_miner.reading.confine import environment
from strategy_miner.reading.process import rendered
from tests.made_pdf import HELLO, SETTINGS, one_page, stream

CONFINED = "from strategy_miner.reading.confine import confine; confine(20, 1000)\n"
refusing = pytest.mark.skipif(not sockets_refused(), reason="this system cannot refuse sockets to one process")

REFUSED = [
    ("import socket; socket.socket()", "PermissionError", "a connection to anywhere"),
    ("import socket; socket.socket(socket.AF_UNIX)", "PermissionError", "a service on this machine"),
    ("import socket; socket.socketpair()", "PermissionError", "sockets altogether"),
    ("import os; os.setsid()", "PermissionError", "leaving the group that the parent ends"),
    ("import subprocess, sys; subprocess.run([sys.executable, '-c', 'import socket; socket.socket()'])",
     "PermissionError", "what it starts is confined as well"),
]  # fmt: skip
LIMITED = [
    ("x = bytes(2_000_000_000)", "MemoryError", "memory"),
    ("open('gross', 'wb').truncate(300_000_000)", "File too large", "file size"),
    ("files = [open('/dev/null') for _ in range(300)]", "Too many open files", "open files"),
    ("import resource; print(resource.getrlimit(resource.RLIMIT_CORE), file=__import__('sys').stderr)", "(0, 0)",
     "no picture of the memory on disk"),
]  # fmt: skip


def confined(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CONFINED + code], capture_output=True, text=True, env=environment(), cwd=folder
    )
    return done.stderr


@refusing
@pytest.mark.parametrize(("code", "answer", "what"), REFUSED, ids=[r[2] for r in REFUSED])
def test_the_system_refuses(tmp_path: Path, code: str, answer: str, what: str) -> None:
    assert answer in confined(code, tmp_path), what


@pytest.mark.parametrize(("code", "answer", "what"), LIMITED, ids=[r[2] for r in LIMITED])
def test_the_limits_hold(tmp_path: Path, code: str, answer: str, what: str) -> None:
    assert answer in confined(code, tmp_path), what


def test_a_lower_limit_of_the_user_stays(tmp_path: Path) -> None:
    path = tmp_path / "gut.pdf"
    path.write_bytes(one_page(HELLO))
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
        f"from tests.made_pdf import SETTINGS; from strategy_miner.reading import read\n"
        f"from pathlib import Path; print(read(Path({str(path)!r}), SETTINGS)[0].grade)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "read\n", done.stderr


def test_modules_in_the_working_folder_are_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('from the folder of the document')")
    path = tmp_path / "gut.pdf"
    path.write_bytes(one_page(HELLO))
    monkeypatch.chdir(tmp_path)
    assert [p.grade for p in read(path, SETTINGS)] == ["read"]


def picture_page() -> bytes:
    image = stream(
        b"\x80" * 10_000, b"/Type/XObject/Subtype/Image/Width 100/Height 100/ColorSpace/DeviceGray/BitsPerComponent 8"
    )
    return one_page(b"500 0 0 700 40 40 cm /X Do", more=[image])


def wait_until_gone(process: int) -> bool:
    for _ in range(50):
        state = Path(f"/proc/{process}/stat")
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def endless_ocr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tesseract that never ends; the file that will hold its process number."""
    number = tmp_path / "number"
    program = tmp_path / "bin" / "tesseract"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\n[ "$1" = --list-langs ] && echo deu && exit\necho $$ > {number}\nexec sleep 100\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    (tmp_path / "bild.pdf").write_bytes(picture_page())
    return number


def test_the_wall_clock_ends_what_the_child_started_too(tmp_path: Path, endless_ocr: Path) -> None:
    with pytest.raises(ReadingError, match=r"bild\.pdf: took longer than 5 s"):
        read(tmp_path / "bild.pdf", replace(SETTINGS, ocr=True, wall_seconds=5))
    assert wait_until_gone(int(endless_ocr.read_text()))


@refusing
def test_nothing_is_left_when_the_parent_is_killed(tmp_path: Path, endless_ocr: Path) -> None:
    code = (
        "from tests.made_pdf import SETTINGS; from strategy_miner.reading import read\n"
        "from dataclasses import replace; from pathlib import Path\n"
        f"read(Path({str(tmp_path / 'bild.pdf')!r}), replace(SETTINGS, ocr=True))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    while not endless_ocr.exists() or not endless_ocr.read_text():
        assert parent.poll() is None
        time.sleep(0.05)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert wait_until_gone(int(endless_ocr.read_text()))


DRAWINGS = [
    (99, 1.0, "no page 99", "beyond the end"),
    (0, 1.0, "no page 0", "pages count from 1"),
    (1, 100.0, "too large to render", "more pixels than fit"),
]


@pytest.mark.parametrize(("page", "scale", "what", "reason"), DRAWINGS, ids=[d[3] for d in DRAWINGS])
def test_a_page_that_cannot_be_drawn_is_an_error(
    tmp_path: Path, page: int, scale: float, what: str, reason: str
) -> None:
    path = tmp_path / "gut.pdf"
    path.write_bytes(one_page(HELLO))
    with pytest.raises(ReadingError, match=what):
        rendered(path, page, scale)


def test_a_page_is_drawn_in_a_child(tmp_path: Path) -> None:
    path = tmp_path / "gut.pdf"
    path.write_bytes(one_page(b"1 0 0 rg 0 0 595 842 re f"))
    picture = rendered(path, 1, 0.5)
    assert (picture.size, picture.getpixel((50, 50))) == ((298, 421), (255, 0, 0))
