"""Pages as HTML: one Jinja environment, relative links alone, so that server and static site give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from esco_kg.rdf.namespaces import PREFIXES
from esco_kg.resources import folder
from esco_kg.web.http.negotiation import RDF_FORMS
from esco_kg.web.pages.addresses import Page, has_page
from esco_kg.web.pages.links import Links, address
from esco_kg.web.pages.metadata import described, schema_org
from esco_kg.web.pages.words import direction, native_name, words
from esco_kg.web.releases.model import in_language
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView


@dataclass(frozen=True, slots=True)
class Choice:
    """A language or a version that the reader can switch to; the page stays the same."""

    tag: str
    href: str
    is_here: bool
    issued: str = ""

    @property
    def version(self) -> str:
        return self.tag


@dataclass(frozen=True, slots=True)
class Link:
    """A form of the page's content for programs."""

    name: str
    media_type: str
    href: str


@dataclass(slots=True)
class PageContext:
    """What surrounds the content of every page."""

    brand: str
    languages: Sequence[Choice]
    versions: Sequence[Choice]
    documents: Sequence[Link]
    publisher: str
    acknowledgement: str
    is_demonstration: bool
    is_unofficial: bool
    is_static: bool = False
    asked: str = ""
    missed: bool = False
    summary: str = ""
    canonical: str = ""
    schema: dict[str, Any] | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def render(
    site: Site,
    view: ReleaseView,
    language: str,
    page: Page,
    *,
    is_static: bool = False,
    with_skills: bool = True,
    asked: str = "",
    missed: bool = False,
    root: str | None = None,
) -> str:
    """The page in a language.

    ``with_skills`` says whether skills have pages, ``asked`` is the reader's search, ``missed`` says that another page
    was asked for. ``root`` leads to the root of the site from where the page is shown, if not at its own address.
    """
    up = "../" * page.path.count("/") if root is None else f"{root}{language}/{view.version}/"
    root = f"{up}../../" if root is None else root
    frame = _page_context(site, view, language, page, root, asked)
    frame.is_static, frame.asked, frame.missed = is_static, asked, missed
    template = environment().get_template(f"web/{page.template}.html.j2")
    said = words(language)
    return template.render(
        {
            "page": page, "frame": frame, "site": site, "view": view, "lang": language, "w": said,
            "up": up, "to": Links(up, language, said.spoken, with_skills), "root": root, "is_foreign": False,
            **page.context,
        }
    )  # fmt: skip


def _page_context(site: Site, view: ReleaseView, language: str, page: Page, root: str, asked: str) -> PageContext:
    settings = view.manifest["settings"]
    query = f"?{urlencode({'q': asked})}" if asked else ""
    here = address(page.path)
    languages = [Choice(tag, f"{root}{tag}/{view.version}/{here}{query}", tag == language) for tag in view.languages]
    documents = [
        Link(form.name, form.media_type, f"{root}data/{view.version}/{quote(page.document)}.{form.ending}")
        for form in (RDF_FORMS if page.document else ())
    ]
    return PageContext(
        brand=in_language(view.titles, language, "esco_kg"),
        languages=languages,
        versions=[_version_choice(site, view, other, language, page, root, query) for other in reversed(site.views)],
        documents=documents,
        publisher=settings["publisher"]["name"],
        acknowledgement=settings["licence"]["acknowledgement"],
        # RFC 2606 reserves this name: nobody publishes anything there.
        is_demonstration=site.base.startswith("https://example.org/"),
        # Releases of before say nothing of it.
        is_unofficial=settings["scheme"].get("source", "ESCO") == "ESCO"
        and settings["publisher"].get("unofficial", True),
        summary=described(page, language, view),
        canonical=_canonical(site, language, page, root),
        schema=schema_org(site, view, page, language) if page.iri else None,
    )


def _canonical(site: Site, language: str, page: Page, root: str) -> str:
    """The same page in the newest release that has it, so that search engines keep one of all versions."""
    if not page.is_listed:
        return ""
    newest = next(
        (one for one in reversed(site.views) if language in one.languages and has_page(site, one, page.path)), None
    )
    return f"{root}{language}/{newest.version}/{address(page.path)}" if newest else ""


def _version_choice(
    site: Site, view: ReleaseView, other: ReleaseView, language: str, page: Page, root: str, query: str
) -> Choice:
    """The same page in another release, or its start where that has no such page."""
    tag = language if language in other.languages else other.languages[0]
    same = other is view or page.path in ("search.html", "query.html") or has_page(site, other, page.path)
    path = quote(page.path) + query if same else "index.html?missing"
    return Choice(other.version, f"{root}{tag}/{other.version}/{path}", other is view, other.issued)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, compiled once."""
    found = Environment(
        loader=FileSystemLoader(folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters |= {"address": address, "native": native_name, "size": size, "short": short, "local": local}
    found.filters["query"] = lambda given: urlencode({key: value for key, value in given.items() if value})
    found.filters["direction"] = _direction
    return found


@pass_context
def _direction(context: Context, language: str) -> str:
    """The attribute ``dir`` of a text in a language, on a page whose own words are in the language ``w.spoken``."""
    spoken = context["w"].spoken if "w" in context else context.get("lang", "")
    return direction(language, str(spoken))


def size(number: int) -> str:
    """Bytes in the unit a reader expects."""
    amount, units = float(number), ["B", "kB", "MB", "GB"]
    while amount >= 1000 and len(units) > 1:
        amount, units = amount / 1000, units[1:]
    return f"{amount:.0f} {units[0]}" if amount >= 10 or units[0] == "B" else f"{amount:.1f} {units[0]}"


def short(iri: str) -> str:
    """``skos:prefLabel`` for an IRI in a known vocabulary, otherwise its last part."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri.rpartition("#")[2] if "#" in iri else iri


def local(iri: str, root: str, base: str) -> str:
    """An IRI of ours as an address on this site, any other as it is."""
    return root + iri.removeprefix(base) if iri.startswith(base) else iri
