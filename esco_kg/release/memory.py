"""Memory that is free inside the process, given back to the system.

A store and the SHACL engine allocate in threads of their own. What they free stays with these threads' parts of the
heap (glibc's arenas), where Python cannot use it: without this, the peak of a release is a sum of steps that do not
overlap.
"""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Ask the C library to return what is free; nothing happens where it cannot (any but glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
