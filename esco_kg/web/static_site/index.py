"""What leads people and programs into the static site: start page, sitemap, ``llms.txt``, rewrite rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from esco_kg.web.http.negotiation import RDF_FORMS
from esco_kg.web.pages.render import environment
from esco_kg.web.pages.words import words
from esco_kg.web.releases.model import in_language
from esco_kg.web.releases.site import Site

_MOST_IN_SITEMAP = 45_000  # the protocol allows 50,000
_THINGS = "(?:cluster/[^/]+|scheme|model)"
# file -> template
_FILES = {
    "index.html": "language-choice.html.j2",
    "404.html": "missing.html.j2",
    "llms.txt": "llms.j2",
    ".htaccess": "htaccess.j2",
    "nginx-http.conf": "nginx-http.j2",
    "nginx-server.conf": "nginx-server.j2",
    "w3id.htaccess": "w3id.j2",
}


def index_files(site: Site, names: Sequence[str], url: str) -> Iterator[tuple[str, str]]:
    """(name, text) of each file; ``names`` are the site's files, ``url`` where it will lie."""
    known = facts(site, url)
    for name, template in _FILES.items():
        yield name, filled(template, known)
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {known['root']}sitemap.xml\n"
    yield from sitemaps([name for name in names if _is_listed(name, site.latest.version)], known)


def facts(site: Site, url: str) -> dict[str, Any]:
    """What the files say of the site that lies at an address."""
    root, latest = url.rstrip("/") + "/", site.latest
    tag = "en" if "en" in site.languages else site.languages[0]
    return {
        "root": root,
        "prefix": urlsplit(root).path.rstrip("/"),
        "tag": tag,
        "version": latest.version,
        "issued": latest.issued,
        "source": latest.source,
        "languages": site.languages,
        "title": in_language(latest.titles, tag),
        "description": in_language(latest.descriptions, tag),
        "top": latest.top,
        "start": f"{root}{tag}/{latest.version}",
        "forms": RDF_FORMS,
        "things": _THINGS,
        "cluster_path": latest.cluster_path,
        "w": words(tag),
        "words": words,
    }


def filled(template: str, values: Mapping[str, Any]) -> str:
    """A template of the site with these values. Text is not HTML: only pages and XML are escaped."""
    templates = environment()
    if template.endswith((".html.j2", "sitemap.j2", "sitemaps.j2")):
        return templates.get_template(f"web/{template}").render(values)
    plain = templates.overlay(autoescape=False)
    return plain.get_template(f"web/{template}").render(values) + "\n"


def _is_listed(name: str, version: str) -> bool:
    """Pages of the newest release in every language, but for those that repeat others."""
    parts = name.split("/")
    is_page = name.endswith(".html") and len(parts) > 2 and parts[1] == version and parts[0] != "release"
    return is_page and parts[2] not in ("compare", "search.html")


def sitemaps(names: Sequence[str], known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """One sitemap, or an index of several where there are too many pages for one."""
    parts = [names[start : start + _MOST_IN_SITEMAP] for start in range(0, len(names), _MOST_IN_SITEMAP)]
    if len(parts) <= 1:
        yield "sitemap.xml", filled("sitemap.j2", {**known, "names": names})
        return
    for number, part in enumerate(parts, start=1):
        yield f"sitemap-{number}.xml", filled("sitemap.j2", {**known, "names": part})
    yield "sitemap.xml", filled("sitemaps.j2", {**known, "count": len(parts)})
