"""Reading makes millions of small tuples and no cycles: the search for cycles would take half of its time."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_users = 0
_was_on = False


@contextmanager
def collector_off() -> Iterator[None]:
    """Python's collector of cycles stands still until the last of all users, in whatever thread, is done."""
    global _users, _was_on
    with _lock:
        if not _users:
            _was_on = gc.isenabled()
            gc.disable()
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users and _was_on:
                gc.enable()
