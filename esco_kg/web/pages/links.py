"""Links and bars as HTML: written in Python, for a page holds hundreds and template macros cost four times as much."""

from __future__ import annotations

import re
from urllib.parse import quote

from markupsafe import Markup, escape

from esco_kg.pictures.treemap import Name
from esco_kg.web.pages.words import direction
from esco_kg.web.releases.model import Cluster, Concept
from esco_kg.web.releases.view import ReleaseView

_SAFE = re.compile(r"[A-Za-z0-9_.~/\-]+")


def address(path: str) -> str:
    """A path as it stands in a link."""
    return path if _SAFE.fullmatch(path) else quote(path)


def named(found: Cluster, language: str) -> Name:
    """A cluster's name for a picture on a page of a language."""
    return Name(found.label(language), found.label_language(language))


class Links:
    """Writes links on a page of a language; ``up`` leads from the page to ``<language>/<version>/``.

    The page's own words are in the language ``spoken``; a name in another one says which.
    Where the site has no pages of skills (``with_skills``), a skill's link leads to its own IRI.
    """

    def __init__(self, up: str, language: str, spoken: str, with_skills: bool = True) -> None:
        self._up = up
        self._spoken = spoken
        self._language = language
        self._with_skills = with_skills

    def release(self, view: ReleaseView) -> Links:
        """The same into another release, or into this one."""
        language = self._language if self._language in view.languages else view.languages[0]
        return Links(f"{self._up}../../{language}/{view.version}/", self._language, self._spoken, self._with_skills)

    def concept(self, found: Concept) -> Markup:
        """A concept of the pillar; its label's language is given where it is another one."""
        tag = self.tag(found.language)
        has_page = self._with_skills or found.kind != "skill"
        href = f"{self._up}{address(found.path)}.html" if has_page else escape(found.iri)
        return Markup(f'<a href="{href}"{tag}>{escape(found.label)}</a>')

    def coded(self, found: Concept) -> Markup:
        """The same with its code in front."""
        code = f'<span class="code">{escape(found.code)}</span> ' if found.code else ""
        return Markup(code) + self.concept(found)

    def cluster(self, found: Cluster) -> Markup:
        """A cluster; its name's language is given where it is another one."""
        tag = self.tag(found.label_language(self._language))
        return Markup(f'<a href="{self._up}cluster/{found.id}.html"{tag}>{escape(found.label(self._language))}</a>')

    def tag(self, language: str) -> Markup:
        """The attributes of a name that is in another language than the page: language and direction; otherwise
        none."""
        if language == self._spoken:
            return Markup()
        return Markup(' lang="{}"{}').format(language, direction(language, self._spoken))

    def sector(self, code: str, label: str) -> Markup:
        code_shown = f'<span class="code">{escape(code)}</span>'
        return Markup(f'<a href="{self._up}sector/{escape(code)}.html">{code_shown} {escape(label)}</a>')

    @staticmethod
    def bar(length: float) -> Markup:
        """A bar of so many per cent."""
        return Markup(
            '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect class="rest" width="100" height="6"/><rect class="part" width="{length}" height="6"/></svg>'
        )
