"""What the work on a whole classification asks of the process's memory."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_RARELY = (50_000, 20, 20)


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Let Python look for cyclic garbage rarely; the program's own thresholds hold again afterwards.

    Millions of small objects are made here, and next to none in circles: a look at every 700 new objects, the default,
    costs CPU and frees little.
    """
    before = gc.get_threshold()
    gc.set_threshold(*(max(pair) for pair in zip(before, _RARELY, strict=True)) if before[0] else before)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def give_back() -> None:
    """Ask the C library to return to the system what is free; nothing happens where it cannot (any but glibc).

    A store and the SHACL engine allocate in threads of their own. What they free stays with these threads' parts of the
    heap (glibc's arenas), where Python cannot use it: without this, the peak of a release is a sum of steps that do not
    overlap.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
