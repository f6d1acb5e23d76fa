"""The clusters as a classification, call by call as in Statistics Norway's KLASS (``docs/offices.md``)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from esco_kg.web.classification import changes, codes, correspondences, files
from esco_kg.web.classification.about import about
from esco_kg.web.classification.correspondences import CLASSIFICATION, Correspondence
from esco_kg.web.classification.versions import Row, Version, valid_at, valid_within, versions
from esco_kg.web.http import parameters
from esco_kg.web.http.answers import Problem, public_address
from esco_kg.web.http.negotiation import Form, best_form
from esco_kg.web.interfaces.answering import api, reply, reply_table
from esco_kg.web.pages.overviews import notes_file
from esco_kg.web.pages.words import words
from esco_kg.web.releases.model import in_language
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView

TARGETS = ("skills", "nace")
SEPARATORS = (",", ";")
LONGEST_PATTERN = 1000
MOST_LEVELS = 9


def routes(base: str) -> list[Route]:
    """The addresses below ``base``."""
    one = f"{base}/classifications/{{classification}}"
    found = {
        f"{base}/classifications": _classifications,
        one: _classification,
        f"{one}/codes": _codes,
        f"{one}/codesAt": _codes_at,
        f"{one}/changes": _changes,
        f"{one}/corresponds": _corresponds,
        f"{one}/correspondsAt": _corresponds_at,
        f"{base}/versions/{{version}}": _version,
        f"{base}/correspondencetables/{{id}}": _table,
    }
    return [Route(path, handler, methods=["GET"]) for path, handler in found.items()]


async def _classifications(request: Request) -> Response:
    site = _site(request)
    language = parameters.language(request, site.latest)
    return reply(request, {"total": 1, "classifications": [_described(request, site, language)]})


async def _classification(request: Request) -> Response:
    """The classification with its versions, newest first."""
    site = _site(request)
    language = parameters.language(request, site.latest)
    content = {
        **_described(request, site, language),
        "languages": site.latest.languages,
        "targets": list(TARGETS),
        "versions": [_dated(request, one, language) for one in reversed(versions(site))],
    }
    return reply(request, content)


async def _version(request: Request) -> Response:
    """A version with its levels, correspondence tables and codes."""
    site = _site(request)
    found = next((one for one in versions(site) if one.view.version == request.path_params["version"]), None)
    if found is None:
        raise Problem(404, f"There is no such version. There are: {', '.join(site.by_version)}.")
    view = found.view
    language = parameters.language(request, view)
    tables = correspondences.correspondences(site, view, language)
    content = {
        **_dated(request, found, language),
        "introduction": in_language(view.descriptions, language),
        "derivedFrom": view.source,
        **_responsible(view),
        "changelogs": _changelogs(request, view, language),
        "levels": [
            {"levelNumber": depth, "levelName": words(language).level(names)} for depth, names in view.levels.items()
        ],
        "correspondenceTables": [_summary(request, one) for one in tables],
    }
    rows = codes.codes_of(found, language, *_selection(request))
    return await _reply(request, view, language, content, "classificationItems", codes.COLUMNS, rows)


async def _codes_at(request: Request) -> Response:
    found = _at(request)
    language = parameters.language(request, found.view)
    rows = codes.codes_of(found, language, *_selection(request))
    return await _reply(request, found.view, language, {}, "codes", codes.COLUMNS, rows)


async def _codes(request: Request) -> Response:
    found, start, end = _within(request)
    language = parameters.language(request, found[-1].view)
    rows = codes.codes_within(found, language, start, end, *_selection(request))
    return await _reply(request, found[-1].view, language, {}, "codes", codes.RANGE_COLUMNS, rows)


async def _changes(request: Request) -> Response:
    site = _site(request)
    start, end = _range(request)
    language = parameters.language(request, site.latest)
    rows = changes.changes_within(versions(site), language, start, end)
    return await _reply(request, site.latest, language, {}, "codeChanges", changes.COLUMNS, rows)


async def _corresponds_at(request: Request) -> Response:
    target = _target(request)
    found = _at(request)
    return await _corresponding(request, [found], target)


async def _corresponds(request: Request) -> Response:
    target = _target(request)
    found, _, _ = _within(request)
    return await _corresponding(request, found, target)


async def _corresponding(request: Request, found: list[Version], target: str) -> Response:
    view = found[-1].view
    language = parameters.language(request, view)
    rows = correspondences.rows_within(found, language, target)
    if not rows:
        raise Problem(404, f"No release of this range has a table from the clusters to {target}.")
    return await _reply(request, view, language, {}, "correspondenceItems", correspondences.TIMED_COLUMNS, rows)


async def _table(request: Request) -> Response:
    """One correspondence table of a release."""
    site = _site(request)
    known = {one.id: (view, one) for view in site.views for one in correspondences.correspondences(site, view, "en")}
    found = known.get(request.path_params["id"])
    if found is None:
        raise Problem(404, f"There is no such table. There are: {', '.join(known)}.")
    view = found[0]
    language = parameters.language(request, view)
    table = next(one for one in correspondences.correspondences(site, view, language) if one.id == found[1].id)
    dated = {"lastModified": view.issued, "published": view.languages, **_responsible(view)}
    content = {**_summary(request, table), **dated, "changelogs": _changelogs(request, view, language)}
    return await _reply(
        request, view, language, content, "correspondenceMaps", correspondences.COLUMNS, table.rows(), table
    )


def _described(request: Request, site: Site, language: str) -> dict[str, Any]:
    view = site.latest
    return {
        "id": CLASSIFICATION,
        "name": in_language(view.titles, language, CLASSIFICATION),
        "description": in_language(view.descriptions, language),
        "classificationType": "Classification",
        "primaryLanguage": view.main_language,
        "lastModified": view.issued,
        **_responsible(view),
        "_links": _links(api(request, f"/classifications/{CLASSIFICATION}")),
    }


def _links(address: str) -> dict[str, Any]:
    return {"self": {"href": address}}


def _responsible(view: ReleaseView) -> dict[str, Any]:
    """The publisher, in KLASS's two places."""
    publisher = view.manifest["settings"]["publisher"]
    return {"owningSection": publisher["name"], "contactPerson": {"name": publisher["name"]}}


def _changelogs(request: Request, view: ReleaseView, language: str) -> list[dict[str, str]]:
    """Where the notes of the release lie."""
    notes = notes_file(view, language)
    address = f"{public_address(request)}/release/{view.version}/{notes}"
    return [{"changeOccured": view.issued, "description": address}] if notes else []


def _dated(request: Request, found: Version, language: str) -> dict[str, Any]:
    view = found.view
    return {
        "version": view.version,
        "name": f"{in_language(view.titles, language, CLASSIFICATION)} {view.version}",
        "validFrom": found.valid_from,
        "validTo": found.valid_to or None,
        "lastModified": view.issued,
        "published": view.languages,
        "_links": _links(api(request, f"/versions/{view.version}")),
    }


def _summary(request: Request, table: Correspondence) -> dict[str, Any]:
    return {
        "id": table.id,
        "name": table.name,
        "description": table.description,
        "source": table.source,
        "sourceId": CLASSIFICATION,
        "sourceLevel": table.source_level or None,
        "target": table.target,
        "targetId": table.target_id,
        "targetLevel": table.target_level or None,
        "changeTable": table.is_change,
        "_links": _links(api(request, f"/correspondencetables/{table.id}")),
    }


async def _reply(
    request: Request,
    view: ReleaseView,
    language: str,
    content: Mapping[str, Any],
    key: str,
    columns: Sequence[str],
    rows: Sequence[Row],
    table: Correspondence | None = None,
) -> Response:
    """The rows below ``key`` beside ``content`` in JSON; alone in the other forms."""
    form, separator = _form(request), parameters.choice(request, "csvSeparator", SEPARATORS, SEPARATORS[0])
    if form is files.JSON:
        body = json.dumps({**content, key: rows}, ensure_ascii=False).encode()
    elif form is files.CSV:
        body = files.as_csv(columns, rows, separator)
    else:
        told = about(view, language, table)
        # Only the rows are given away: a release is read by one thread at a time.
        body = await run_in_threadpool(files.as_workbook, columns, rows, told, view.issued)
    return reply_table(request, body, form, request.url.path.rpartition("/")[2])


def _form(request: Request) -> Form:
    """The form that the parameter ``format`` names, otherwise the one that ``Accept`` weighs most."""
    named = parameters.choice(request, "format", [form.ending for form in files.FORMS], "")
    if named:
        return next(form for form in files.FORMS if form.ending == named)
    found = best_form(request.headers.get("accept"), files.FORMS)
    if found is None:
        raise Problem(406, f"Offered here: {', '.join(form.media_type for form in files.FORMS)}.", Vary="Accept")
    return found


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    if request.path_params.get("classification", CLASSIFICATION) != CLASSIFICATION:
        raise Problem(404, f"There is one classification here: {CLASSIFICATION}.")
    return site


def _selection(request: Request) -> tuple[int, str]:
    level = parameters.integer(request, "selectLevel", 0, 1, MOST_LEVELS)
    return level, parameters.text(request, "selectCodes", "", LONGEST_PATTERN)


def _target(request: Request) -> str:
    return parameters.choice(request, "targetClassificationId", TARGETS, None)


def _at(request: Request) -> Version:
    site, day = _site(request), parameters.day(request, "date")
    found = valid_at(site, day)
    if found is None:
        raise Problem(404, f"No release was valid on {day}. {_from_when(site)}")
    return found


def _range(request: Request) -> tuple[str, str]:
    return parameters.day(request, "from"), parameters.day(request, "to", "")


def _within(request: Request) -> tuple[list[Version], str, str]:
    site = _site(request)
    start, end = _range(request)
    found = valid_within(site, start, end)
    if not found:
        raise Problem(404, f"No release was valid from {start} up to the day before {end}. {_from_when(site)}")
    return found, start, end


def _from_when(site: Site) -> str:
    first = min(one.valid_from for one in versions(site) if one.valid_from != one.valid_to)
    return f"The first is valid from {first} on."
