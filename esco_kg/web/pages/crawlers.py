"""What leads search engines and other programs into the served pages: ``robots.txt``, ``sitemap.xml``, ``llms.txt``."""

from __future__ import annotations

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from esco_kg.web.http.answers import Problem, answer, public_address
from esco_kg.web.releases.site import Site
from esco_kg.web.static_site.build import page_paths
from esco_kg.web.static_site.index import facts, filled, sitemaps

_DAY = 86_400


def routes() -> list[Route]:
    """The addresses of the files."""
    return [
        Route("/robots.txt", _robots),
        Route("/llms.txt", _llms),
        Route("/sitemap.xml", _sitemap),
        Route("/sitemap-{number:int}.xml", _sitemap),
    ]


async def _robots(request: Request) -> Response:
    text = "User-agent: *\nDisallow: /sparql\nDisallow: /api/\nDisallow: /reconcile\n"
    return Response(f"{text}Sitemap: {public_address(request)}/sitemap.xml\n", media_type="text/plain")


async def _llms(request: Request) -> Response:
    return answer(request, filled("llms.j2", facts(request.app.state.site, public_address(request))), "text/plain")


async def _sitemap(request: Request) -> Response:
    """The pages of the newest release in every language, in parts where there are too many for one file."""
    name = request.url.path.rpartition("/")[2]
    text = _all(request.app.state.site, public_address(request)).get(name)
    if text is None:
        raise Problem(404, "There is no such part of the sitemap.")
    return answer(request, text, "application/xml", max_age=_DAY)


@lru_cache(maxsize=2)
def _all(site: Site, url: str) -> dict[str, str]:
    """Name -> text of every sitemap."""
    view = site.latest
    paths = list(page_paths(view, with_skills=True))
    names = [f"{language}/{view.version}/{path}" for language in view.languages for path in paths]
    return dict(sitemaps(names, facts(site, url)))
