"""What the process that opens an untrusted file may not do: use much memory or time, write large files, use a network.

Works without privileges and in containers: resource limits and a seccomp filter (seccomp(2)), inherited by every
process that the child starts. A limit on the number of processes is not set: Linux counts all of the user's.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
import subprocess
import sys

FILE_SIZE = 200_000_000  # bytes the child and tesseract may write to one file
OPEN_FILES = 128
_PDEATHSIG, _SECCOMP, _NO_NEW_PRIVS, _FILTER = 1, 22, 38, 2  # linux/prctl.h, linux/seccomp.h
# Per machine: the number of its ABI (linux/audit.h), then the refused calls: socket, socketpair, io_uring_setup and
# pidfd_getfd (other ways to a socket), ptrace, process_vm_readv, process_vm_writev (other processes), setsid, setpgid
# (a way out of the group that the parent ends).
_REFUSED = {
    "x86_64": (0xC000003E, (41, 53, 425, 438, 101, 310, 311, 112, 109)),
    "aarch64": (0xC00000B7, (198, 199, 425, 438, 117, 270, 271, 157, 154)),
}


def confine(cpu_seconds: int, memory_mb: int) -> None:
    """Put this process and all that it starts under limits, without sockets where the system can refuse them."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, cpu_seconds, 2)
    _limit(resource.RLIMIT_FSIZE, FILE_SIZE)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_AS, memory_mb * 2**20)
    for step in (die_with_parent, _refuse_calls):
        with contextlib.suppress(AttributeError, OSError):  # not Linux, or seccomp is switched off; `doctor` says so
            step()


def die_with_parent() -> None:
    """Have the kernel end this process when the one that started it ends, however that happens."""
    _prctl(_PDEATHSIG, signal.SIGKILL)


def sockets_refused() -> bool:
    """Whether this system refuses a socket to a confined process, tried out in one."""
    code = f"from {__name__} import confine; confine(5, 500); import socket; socket.socket()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment(), check=False)
    return b"PermissionError" in done.stderr


def environment() -> dict[str, str]:
    """The environment of a child that finds this package, but no module that lies in the folder one stands in."""
    source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return {
        **os.environ, "PYTHONPATH": source, "PYTHONSAFEPATH": "1", "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1",
    }  # fmt: skip


def _limit(kind: int, most: int, grace: int = 0) -> None:
    """Lower a limit; one that is already lower stays. Between soft and hard limit lies the grace after a signal."""
    hard = resource.getrlimit(kind)[1]
    soft, top = (value if hard == resource.RLIM_INFINITY else min(value, hard) for value in (most, most + grace))
    resource.setrlimit(kind, (soft, top))


def _refuse_calls() -> None:
    """Let the kernel answer EPERM to the refused calls. Raises OSError where it cannot."""
    if platform.machine() not in _REFUSED:
        raise OSError("no list of system calls for this machine")
    abi, refused = _REFUSED[platform.machine()]
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h
    last = len(refused) + 4  # the step that allows; the one after it refuses
    steps = [(load, 0, 0, 4), (equal, 0, last - 1, abi), (load, 0, 0, 0), (at_least, last - 3, 0, 0x40000000)]
    steps += [(equal, last - n, 0, call) for n, call in enumerate(refused, start=4)]
    steps += [(answer, 0, 0, 0x7FFF0000), (answer, 0, 0, 0x00050000 | 1)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    header = ctypes.create_string_buffer(struct.pack("HL", len(steps), ctypes.addressof(program)))  # struct sock_fprog
    _prctl(_NO_NEW_PRIVS, 1)
    _prctl(_SECCOMP, _FILTER, ctypes.addressof(header))


def _prctl(option: int, *values: int) -> None:
    call = ctypes.CDLL(None, use_errno=True).prctl
    if call(option, *(ctypes.c_ulong(v) for v in (*values, *[0] * (4 - len(values))))):
        raise OSError(ctypes.get_errno(), f"prctl {option}")
