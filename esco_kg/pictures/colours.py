"""The colours of charts, as the pages have them; text and lines take the colour of the page."""

from __future__ import annotations

ACCENT = "#1f6f8b"
ON_ACCENT = "#ffffff"
OF_HIERARCHIES = {"clusters": ACCENT, "release": ACCENT, "official": "#b5541c", "none": "#777777"}
"""What stands for which hierarchy where several are compared."""
