"""What pages say of themselves to search engines and to those who share them: schema.org and Open Graph."""

from __future__ import annotations

from typing import Any

from esco_kg.web.pages.addresses import Page
from esco_kg.web.releases.model import in_language
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView

_ESCO = "http://data.europa.eu/esco/"
_SKILLS = f"{_ESCO}concept-scheme/skills"
_LONGEST = 300  # characters of a description


def described(page: Page, language: str, view: ReleaseView) -> str:
    """One sentence or two about what a page is about, '' where the release has none."""
    context = page.context
    if page.path == "index.html":
        return in_language(view.descriptions, language)
    text = context.get("text")
    texts = context.get("texts")
    found = text.get("definition", "") if isinstance(text, dict) else ""
    if isinstance(texts, dict):
        found = next((one for kind in ("description", "definition") for one in texts.get(kind, ())), "")
    return found if len(found) <= _LONGEST else found[:_LONGEST].rpartition(" ")[0] + " …"


def schema_org(site: Site, view: ReleaseView, page: Page, language: str) -> dict[str, Any] | None:
    """The thing that a page is about in the words of schema.org; None for pages about nothing of the release."""
    scheme = site.iri("scheme")
    known = {"@context": "https://schema.org", "@id": page.iri, "name": page.title, "inLanguage": language}
    summary = described(page, language, view)
    if summary:
        known["description"] = summary
    if page.path == "index.html":
        return known | {"@type": "DefinedTermSet"}
    if page.path == "version.html":
        return known | _dataset(view, language)
    if page.template == "cluster":
        return known | {"@type": "DefinedTerm", "termCode": page.context["cluster"].id, "inDefinedTermSet": scheme}
    if page.template == "skill":
        is_of_esco = page.iri.startswith(_ESCO)
        return known | {"@type": "DefinedTerm"} | ({"inDefinedTermSet": _SKILLS} if is_of_esco else {})
    return None


def _dataset(view: ReleaseView, language: str) -> dict[str, Any]:
    settings = view.manifest["settings"]
    return {
        "@type": "Dataset",
        "name": f"{in_language(view.titles, language)} {view.version}",
        "description": in_language(view.descriptions, language),
        "version": view.version,
        "datePublished": view.issued,
        "license": settings["licence"]["iri"],
        "publisher": {"@type": "Organization", "name": settings["publisher"]["name"]},
    }
