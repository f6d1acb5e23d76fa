"""Release notes for a reader who is not an engineer, in every language, in Markdown and as one HTML page."""

from esco_kg.notes.contents import (
    EXAMPLE,
    FILE_TITLES,
    NEEDED_TABLES,
    PLAIN_HISTORY,
    Notes,
    Validation,
    file_titles,
    history_files,
    notes_files,
    notes_titles,
)
from esco_kg.notes.history import render_histories
from esco_kg.notes.render import render_all, render_notes

__all__ = [
    "EXAMPLE",
    "FILE_TITLES",
    "NEEDED_TABLES",
    "PLAIN_HISTORY",
    "Notes",
    "Validation",
    "file_titles",
    "history_files",
    "notes_files",
    "notes_titles",
    "render_all",
    "render_histories",
    "render_notes",
]
