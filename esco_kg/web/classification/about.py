"""What a workbook says of its table: which release, valid when, by whom, under which licence."""

from __future__ import annotations

from esco_kg.web.classification.correspondences import Correspondence
from esco_kg.web.pages.words import words
from esco_kg.web.releases.model import in_language
from esco_kg.web.releases.view import ReleaseView


def about(view: ReleaseView, language: str, table: Correspondence | None = None) -> list[tuple[str, str]]:
    """Name and value of each fact, in a language."""
    say, settings = words(language), view.manifest["settings"]
    facts = [
        (say("classification"), in_language(view.titles, language, view.version)),
        (say("release"), view.version),
        (say("issued"), view.issued),
        (say("made_from"), view.source),
        (say("published_by"), settings["publisher"]["name"]),
        (say("licence"), settings["licence"].get("iri", "")),
        (say("licence"), settings["licence"]["acknowledgement"]),
    ]
    if table is not None:
        facts = [(say("correspondence"), table.name), (say("description"), table.description), *facts]
    return [(name, value) for name, value in facts if value]
