"""Search and matching in the JSON interface: one query with its hits, or up to 200 texts with what each names."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from esco_kg.web.http import parameters
from esco_kg.web.http.answers import Problem, json_answer
from esco_kg.web.http.parameters import ALTERNATIVES, LONGEST, TEXTS
from esco_kg.web.interfaces.answering import CORS, asked, levels, page, reply
from esco_kg.web.pages.words import words
from esco_kg.web.releases.needs import needed_clusters
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView
from esco_kg.web.search.index import TYPES
from esco_kg.web.search.results import COUNTED, Found, results, search_hits

FITS = 0.4  # a hit of a lower score is an alternative and no match


async def search(request: Request) -> Response:
    """The hits for one query, from an offset on, with their number by type."""
    view, language = asked(request)
    query = parameters.text(request, "q")
    limit = parameters.integer(request, "limit", 10, 1, 100)
    offset = parameters.integer(request, "offset", 0, 0, COUNTED)
    types = parameters.types(request)
    found = results(view, query, language, types=types, limit=limit, offset=offset)
    say = words(language)
    content = {
        "version": view.version,
        "meant": found.meant,
        "total": sum(found.counts.get(kind, 0) for kind in set(types)),
        "offset": offset,
        "limit": limit,
        "counts": dict(found.counts),
        "results": [{"type_label": say(hit.type), **hit_as_json(request, view, hit, language)} for hit in found.hits],
    }
    return reply(request, content)


def hit_as_json(request: Request, view: ReleaseView, hit: Found, language: str) -> dict[str, Any]:
    """A hit; ``marks`` are the characters of ``found`` that matched."""
    return {
        "type": hit.type,
        "id": hit.id,
        "iri": hit.iri,
        "label": hit.label,
        "label_language": hit.label_language,
        "found": hit.found,
        "language": hit.language,
        "marks": [list(mark) for mark in hit.marks],
        "where": hit.where,
        "score": hit.score,
        "how": hit.how,
        "page": page(request, view, language, hit.href),
    }


async def match(request: Request) -> Response:
    """What each of up to 200 texts names: the best match, its clusters at each level, and the next candidates."""
    if request.method == "OPTIONS":
        allow = {"Access-Control-Allow-Methods": "POST, OPTIONS", "Access-Control-Allow-Headers": "Content-Type"}
        return Response(status_code=204, headers=CORS | allow)
    given = await _given(request)
    view, language = _release(request, given), given.get("language")
    if language is None:
        language = parameters.language(request, view)
    if language not in view.languages:
        raise Problem(400, f"language is one of: {', '.join(view.languages)}.")
    types, most = _types(given), _alternatives(given)
    answers = []
    for text in _texts(given):
        answers.append(_matched(request, view, text, language, types, most))
        await asyncio.sleep(0)  # others are served between two texts
    content = {"version": view.version, "language": language, "total": len(answers), "results": answers}
    return json_answer(content, headers=CORS | {"Cache-Control": "no-store"})


def _matched(
    request: Request, view: ReleaseView, text: str, language: str, types: Sequence[str], most: int
) -> dict[str, Any]:
    hits = search_hits(view, text, language, types=types, limit=most + 1) if text.strip() else []
    best = hits[0] if hits and hits[0].score >= FITS else None
    others = hits[1 : most + 1] if best else hits[:most]
    told = [hit_as_json(request, view, hit, language) for hit in others]
    if best is None:
        return {"text": text, "match": None, "clusters": [], "alternatives": told}
    return {
        "text": text,
        "match": hit_as_json(request, view, best, language),
        "clusters": _clusters(request, view, best, language),
        "alternatives": told,
    }


def _clusters(request: Request, view: ReleaseView, hit: Found, language: str) -> list[dict[str, Any]]:
    """The cluster of a hit at each level: a skill's primary one, the one that most of an occupation's skills lie in."""
    if hit.cluster:
        return [{**one, "share": 1.0} for one in levels(request, view, hit.cluster, language)]
    concept = view.concept_of(hit.iri, language) if hit.type == "occupation" else None
    found = []
    for depth in view.levels if concept else ():
        needed = needed_clusters(view, concept.id, language, depth) if concept else []
        if needed:
            (last,) = levels(request, view, needed[0].cluster.id, language)[-1:]
            found.append({**last, "share": round(needed[0].share, 4)})
    return found


async def _given(request: Request) -> dict[str, Any]:
    try:
        found = parameters.read_json(await request.body())
    except ValueError:
        raise Problem(400, "The body is no JSON.") from None
    if not isinstance(found, dict):
        raise Problem(400, 'The body is a JSON object: {"texts": ["..."], "language": "en"}.')
    unknown = sorted(set(found) - {"texts", "language", "version", "types", "alternatives"})
    if unknown:
        raise Problem(400, f"Unknown: {unknown[0][:50]}. Known: texts, language, version, types, alternatives.")
    return found


def _release(request: Request, given: dict[str, Any]) -> ReleaseView:
    site: Site = request.app.state.site
    version = given.get("version", site.latest.version)
    if not isinstance(version, str) or version not in site.by_version:
        raise Problem(400, f"version is one of: {', '.join(site.by_version)}.")
    return site.by_version[version]


def _texts(given: dict[str, Any]) -> list[str]:
    found = given.get("texts")
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise Problem(400, "texts is a list of texts.")
    if len(found) > TEXTS:
        raise Problem(413, f"At most {TEXTS} texts at once; these are {len(found)}.")
    if any(len(text) > LONGEST for text in found):
        raise Problem(400, f"A text has at most {LONGEST} characters.")
    return found


def _types(given: dict[str, Any]) -> list[str]:
    found = given.get("types", ["skill"])
    if not isinstance(found, list) or not found or any(kind not in TYPES for kind in found):
        raise Problem(400, f"types is a list of: {', '.join(TYPES)}.")
    return list(dict.fromkeys(found))


def _alternatives(given: dict[str, Any]) -> int:
    found = given.get("alternatives", 3)
    is_whole = (
        isinstance(found, int | float) and not isinstance(found, bool) and math.isfinite(found) and found == int(found)
    )
    if not is_whole or not 0 <= found <= ALTERNATIVES:
        raise Problem(400, f"alternatives is a whole number from 0 to {ALTERNATIVES}.")
    return int(found)
