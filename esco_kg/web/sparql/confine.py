"""What a worker process takes from itself before it answers a stranger's query: sockets, memory, priority."""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import sys

NICENESS = 10
_SOCKET = {"x86_64": 41, "aarch64": 198}  # number of the system call socket(2)
_PARENT_DEATH_SIGNAL, _NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 1, 38, 22, 2  # prctl(2)
_LOAD_NUMBER, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06  # classic BPF
_DENIED, _ALLOWED = 0x00050000 | 13, 0x7FFF0000  # errno EACCES; go on


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("then", ctypes.c_ubyte), ("other", ctypes.c_ubyte), ("k", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def end_with_parent() -> None:
    """Be killed when the server is: else a query went on with nobody to stop it (Linux; elsewhere nothing happens)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PARENT_DEATH_SIGNAL, int(signal.SIGKILL))


def forbid_sockets() -> None:
    """From here on no thread of this process can make a socket (Linux, seccomp(2)).

    On other systems nothing happens, and the refusal of SERVICE stands alone. Raises OSError where the kernel refuses.
    """
    number = _SOCKET.get(platform.machine())
    if not sys.platform.startswith("linux") or number is None:
        return
    steps = ((_LOAD_NUMBER, 0, 0, 0), (_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _DENIED), (_RETURN, 0, 0, _ALLOWED))
    program = _Program(len(steps), (_Instruction * len(steps))(*(_Instruction(*step) for step in steps)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel refuses a filter of system calls")


def limit(memory: int) -> None:
    """At most so many bytes of memory, no core dump, last in the queue for the processor."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICENESS)
