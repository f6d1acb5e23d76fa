"""Other work on the machine makes every figure larger, those of CPU too."""

from __future__ import annotations

import os

BUSY = 1.0
"""The load average above which nothing is measured."""


def refuse_under_load() -> None:
    """End with a message where the machine has other work."""
    if os.getloadavg()[0] > BUSY:
        raise SystemExit(
            f"the load average is {os.getloadavg()[0]:.1f}: figures would be wrong. Wait until it is {BUSY}."
        )
