"""Release notes for a reader who is not an engineer, in Markdown and as one HTML page."""

from esco_kg.notes.contents import EXAMPLE, FILE_TITLES, NEEDED_TABLES, Notes, Validation, file_titles
from esco_kg.notes.history import history_of, render_feed, render_history
from esco_kg.notes.render import render_html, render_notes

__all__ = [
    "EXAMPLE",
    "FILE_TITLES",
    "NEEDED_TABLES",
    "Notes",
    "Validation",
    "file_titles",
    "history_of",
    "render_feed",
    "render_history",
    "render_html",
    "render_notes",
]
