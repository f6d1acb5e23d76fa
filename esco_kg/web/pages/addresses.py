"""Pages as data: which template, and what it receives. An address below ``<language>/<version>/`` names a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from esco_kg.web.pages import classification, clusters, concepts, occupations, overviews
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView


@dataclass(slots=True)
class Page:
    """A page ready to be rendered. ``path`` is its address in a release and language, ``iri`` what it is about."""

    template: str
    path: str
    title: str
    iri: str = ""
    document: str = ""  # address of the linked-data document below data/<version>/, without its ending
    context: dict[str, Any] = field(default_factory=dict)
    is_listed: bool = True  # whether search engines should list it


Maker = Callable[[Site, ReleaseView, str, str], dict[str, Any] | None]


def find_page(site: Site, view: ReleaseView, language: str, path: str) -> Page | None:
    """The page with this address in a release, None where it has none. ``path`` is unescaped."""
    if path in ("", "index.html"):
        return _page("start", "index.html", overviews.start(site, view, language, ""))
    if not path.endswith(".html"):
        return None
    name = path.removesuffix(".html")
    if name in _SINGLE:
        return _page(name, path, _SINGLE[name](site, view, language, ""))
    head, _, rest = name.partition("/")
    for first, template, make in _MANY:
        if head == first:
            return _page(template, path, make(site, view, language, rest))
    return _page("concept", path, concepts.concept(site, view, language, name))


def has_page(site: Site, view: ReleaseView, path: str) -> bool:
    """Whether a release has a page with this address; cheaper than making it."""
    name = path.removesuffix(".html")
    if path == "index.html" or name in _SINGLE:
        return True
    head, _, rest = name.partition("/")
    if head == "cluster":
        return rest in view.clusters
    if head == "sector":
        return rest in view.sectors
    if head == "resource":
        return view.knows(site.iri(rest))
    if head in ("compare", "with"):
        return False
    return view.concept(name) is not None


def _page(template: str, path: str, found: dict[str, Any] | None) -> Page | None:
    if found is None:
        return None
    known = {key: found.pop(key) for key in ("title", "iri", "document", "template", "is_listed") if key in found}
    return Page(known.pop("template", template), path, context=found, **known)


_SINGLE: dict[str, Maker] = {
    "sectors": overviews.sectors,
    "hierarchy": overviews.hierarchy,
    "version": overviews.version,
    "data": overviews.data,
    "classification": classification.classification,
}
_MANY: tuple[tuple[str, str, Maker], ...] = (
    ("cluster", "cluster", clusters.cluster),
    ("compare", "compare", clusters.compare),
    ("with", "occupations", occupations.comparison),
    ("sector", "sector", overviews.sector),
    ("resource", "resource", overviews.resource),
)
