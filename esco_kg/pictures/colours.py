"""The colours of charts in notes and reports. Text and lines, and all of a chart on a web page, are the page's."""

from __future__ import annotations

ACCENT = "#1f6f8b"
ON_ACCENT = "#ffffff"
OF_HIERARCHIES = {"clusters": ACCENT, "release": ACCENT, "official": "#b5541c", "none": "#777777"}
"""What stands for which hierarchy where several are compared."""
