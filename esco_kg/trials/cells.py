"""What a value becomes in a cell of each kind of table. What cannot be kept is refused with ValueError, never changed
without a word: the writer adds the row and the column."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_EXCEL_LETTERS = 32_767
_EXACT_IN_EXCEL = 10**15  # a number of more digits is rounded there


def text_cell(value: Any) -> Any:
    """For CSV: lists and objects as JSON, moments as ISO 8601 writes them, all else as it is."""
    if isinstance(value, str):
        return _whole_text(value)
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(json_cell(value), ensure_ascii=False)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, bytes):
        raise ValueError("bytes are no text")
    return value


def json_cell(value: Any) -> Any:
    """For NDJSON: numbers, lists and objects keep their type, moments become texts, NaN becomes null."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return _whole_text(value)
    if isinstance(value, (float, Decimal)):
        if math.isinf(value):
            raise ValueError("JSON has no infinite numbers")
        return None if math.isnan(value) else value if isinstance(value, float) else str(value)
    if isinstance(value, (list, tuple)):
        return [json_cell(one) for one in value]
    if isinstance(value, dict):
        return {str(name): json_cell(one) for name, one in value.items()}
    return text_cell(value) if isinstance(value, (date, time, bytes)) else str(value)


def excel_value(value: Any) -> Any:
    """For XLSX: numbers, truth values and moments keep their type; what Excel would cut or round is text or refused."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < _EXACT_IN_EXCEL else str(value)
    if isinstance(value, float):
        if math.isinf(value):
            raise ValueError("Excel has no infinite numbers")
        return None if math.isnan(value) else value
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.isoformat()
    if isinstance(value, (date, time)):
        return value
    found = text_cell(value)
    found = found if isinstance(found, str) else str(found)
    if len(found) > _EXCEL_LETTERS:
        raise ValueError(f"Excel holds {_EXCEL_LETTERS:,} characters in a cell, this text has {len(found):,}")
    return found


def _whole_text(value: str) -> str:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError(f"half a character (a lone surrogate) in {value[:30]!r}") from None
    return value
