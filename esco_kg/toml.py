"""TOML that people write: settings, frames, test plans, calibrations."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

_LARGEST = 2**63 - 1  # TOML promises whole numbers of 64 bits and no larger ones


def read_toml(path: Path) -> dict[str, Any]:
    """What a TOML file says, in values that JSON has too; a byte order mark in front, as editors write it, is no fault.

    Raises OSError, and whatever the parser throws: ValueError for a date, a time, NaN, an infinity, or a whole number
    of more than 64 bits.
    """
    read = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    for key, value in read.items():
        _refuse_strange(value, key)
    return read


def _refuse_strange(value: object, key: str) -> None:
    """Raise ValueError for a value that no manifest could hold, with its key."""
    if isinstance(value, dict):
        for name, below in value.items():
            _refuse_strange(below, f"{key}.{name}")
    elif isinstance(value, list):
        for one in value:
            _refuse_strange(one, key)
    elif isinstance(value, int):
        if abs(value) > _LARGEST:  # not shown: Python writes no number of thousands of digits
            raise ValueError(f"{key} is a number of more than 64 bits")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{key} = {value} is no finite number")
    elif not isinstance(value, str):
        raise ValueError(f"{key} = {value} is a date or a time; write it as a text, in quotes")
