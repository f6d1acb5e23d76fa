"""What the page about a release as a classification receives."""

from __future__ import annotations

from typing import Any

from esco_kg.web.classification.tables import FOLDER, tables
from esco_kg.web.classification.versions import versions
from esco_kg.web.pages.words import words
from esco_kg.web.releases.model import in_language
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView


def classification(site: Site, view: ReleaseView, language: str, rest: str) -> dict[str, Any]:
    """Versions with their days, files, changes since the release before, and all codes."""
    found = {table.name: table for table in tables(site, view, language)}
    return {
        "title": f"{words(language)('classification')} · {in_language(view.titles, language)}",
        "dated": list(reversed(versions(site))),
        "tables": list(found.values()),
        "folder": FOLDER,
        "previous": str(view.manifest.get("previous") or ""),
        "changes": found["changes"].rows() if "changes" in found else None,
        "codes": found["codes"].rows(),
    }
