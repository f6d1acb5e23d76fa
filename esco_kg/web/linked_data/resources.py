"""Things and documents: 303 from an IRI to what describes it, documents in four serialisations, files of releases.

An IRI of ours answers at the address that is left when the base IRI is taken away, whatever the host; a concept of ESCO
at the end of its IRI, ``skill/<key>``.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from esco_kg.web.http.answers import Problem, answer, http_date, parsed_date, redirect
from esco_kg.web.http.negotiation import HTML, RDF_FORMS, Form, best_form, best_language
from esco_kg.web.linked_data.documents import documents
from esco_kg.web.pages import tables
from esco_kg.web.releases.site import BESIDE_RELEASES, Site
from esco_kg.web.releases.view import ReleaseView

_ENDINGS = {form.ending: form for form in RDF_FORMS}
_VARY = "Accept, Accept-Language, Accept-Datetime"


async def thing(request: Request) -> Response:
    """A thing: 303 to its page or document; a file of a release: the file."""
    site: Site = request.app.state.site
    local = _local(request)
    file = _file(site, local)
    if file:
        return file
    iri = site.iri_of_address(local)
    view = _edition_for(site, iri, local, request.headers.get("accept-datetime"))
    if view is None:
        raise Problem(404, "No release says anything of this address.")
    form = best_form(request.headers.get("accept"))
    if form is None:
        offered = ", ".join(one.media_type for one in (HTML, *RDF_FORMS))
        raise Problem(406, f"Offered here: {offered}.", Vary=_VARY)
    language = best_language(request.headers.get("accept-language"), view.languages)
    target = _page_of(view, language, iri, local) if form is HTML else _document(view, local, form)
    # Clusters may have a path of the publisher's own, which the guard does not know.
    headers = {"Access-Control-Allow-Origin": "*"} | {
        "Vary": _VARY,
        "Link": _links(site, view, iri, local, request),
        "Cache-Control": "public, max-age=60",
    }
    return redirect("../" * request.path_params["path"].count("/") + target, 303, headers)


def _local(request: Request) -> str:
    """The address as it stands in IRIs: percent-encoded segment by segment, as they are minted."""
    return "/".join(quote(part, safe="-._~") for part in request.path_params["path"].split("/"))


def _edition_for(site: Site, iri: str, local: str, wanted: str | None) -> ReleaseView | None:
    """The release that describes a thing: the one its IRI names, that of the moment asked for, otherwise the newest."""
    first, _, rest = local.partition("/")
    named = site.by_version.get(rest.partition("/")[0]) if first == "release" else None
    if named is not None:
        return named if named.knows(iri) else None
    moment = parsed_date(wanted) if wanted else None
    if wanted and moment is None:
        raise Problem(400, "Accept-Datetime is no HTTP date.")
    if moment:
        earlier = [view for view in site.views if view.moment <= moment and view.knows(iri)]
        if earlier:
            return earlier[-1]
        return next((view for view in site.views if view.knows(iri)), None)
    return site.newest_with(iri)


def _page_of(view: ReleaseView, language: str, iri: str, local: str) -> str:
    """The address of the page about a thing."""
    parts = local.split("/")
    if local == f"release/{view.version}/scheme-{view.version}":
        parts = ["scheme"]
    elif parts[0] == "release" and len(parts) > 2 and parts[2] == "cluster":
        parts = parts[2:]
    elif cluster := view.cluster_of(iri):
        parts = ["cluster", cluster]
    # In the demonstration the pillar's concepts are things of ours as well.
    concept = view.concept_of(iri)
    path = f"{concept.path}.html" if concept and concept.kind != "scheme" else f"resource/{local}.html"
    if parts == ["scheme"]:
        path = "index.html"
    elif parts[0] == "cluster" and len(parts) == 2 and parts[1] in view.clusters:
        path = f"cluster/{parts[1]}.html"
    elif parts[0] == "release" and len(parts) == 2:
        path = "version.html"
    return f"{language}/{view.version}/{path}"


def _document(view: ReleaseView, local: str, form: Form) -> str:
    return f"data/{view.version}/{local}.{form.ending}"


def _links(site: Site, view: ReleaseView, iri: str, local: str, request: Request) -> str:
    """Where the same thing is described in other releases (RFC 7089: original, time map, mementos)."""
    up = "../" * request.path_params["path"].count("/")
    found = [
        _origin(site, iri, f"{up}{local}"),
        f'<{up}timemap/{local}>; rel="timemap"; type="application/link-format"',
    ]
    return ", ".join([*found, *_mementos(site, iri, local, up)])


def _origin(site: Site, iri: str, here: str) -> str:
    """The original and its time gate; for a concept of ESCO, whose IRI answers elsewhere, the gate is here."""
    if iri.startswith(site.base):
        return f'<{iri}>; rel="original timegate"'
    return f'<{iri}>; rel="original", <{here}>; rel="timegate"'


def _mementos(site: Site, iri: str, local: str, up: str) -> list[str]:
    holders = [view for view in site.views if view.knows(iri)]
    found = []
    for place, view in enumerate(holders):
        names = [name for name, here in (("first", place == 0), ("last", place == len(holders) - 1)) if here]
        date = http_date(view.moment)
        address = f"{up}{_document(view, local, RDF_FORMS[0])}"
        found.append(f'<{address}>; rel="{" ".join([*names, "memento"])}"; datetime="{date}"')
    return found


async def timemap(request: Request) -> Response:
    """All descriptions of a thing, release by release, in link format (RFC 7089, section 5)."""
    site: Site = request.app.state.site
    local = _local(request)
    iri = site.iri_of_address(local)
    up = "../" * (request.path_params["path"].count("/") + 1)
    mementos = _mementos(site, iri, local, up)
    if not mementos:
        raise Problem(404, "No release says anything of this address.")
    lines = [_origin(site, iri, f"{up}{local}").replace(", ", ",\n"), *mementos]
    return answer(request, ",\n".join(lines) + "\n", "application/link-format")


async def data(request: Request) -> Response:
    """``data/<version>/<thing>.<ending>``: a description as a release gives it, or a table of it (csv)."""
    site: Site = request.app.state.site
    view = site.by_version.get(request.path_params["version"])
    path, _, ending = _local(request).rpartition(".")
    if view is None or not path:
        raise Problem(404, "There is no such document.")
    headers = {"Access-Control-Allow-Origin": "*"}
    if ending == "csv":
        text = tables.members_table(view, path)
        if text is None:
            raise Problem(404, "There is no such table.")
        return answer(request, text, "text/csv", modified=view.moment, headers=headers, max_age=3600)
    form = _ENDINGS.get(ending)
    iri = resolve(site, view, path)
    text = documents(view, iri, [ending]).get(ending) if iri and form else None
    if form is None or iri is None or text is None:
        raise Problem(404, "There is no such document.")
    headers |= {
        "Link": ", ".join([f'<{iri}>; rel="describes"', *_neighbours(site, view, iri, path, ending, request)]),
        "Memento-Datetime": http_date(view.moment),
    }
    return answer(request, text, form.media_type, modified=view.moment, headers=headers, max_age=3600)


def _neighbours(site: Site, view: ReleaseView, iri: str, path: str, ending: str, request: Request) -> list[str]:
    """The same document in the releases before and after, and in the newest (RFC 5829)."""
    holders = [one for one in site.views if one.knows(iri)]
    place = holders.index(view)
    up = "../" * (request.path_params["path"].count("/") + 1)
    others: list[tuple[str, ReleaseView]] = []
    if place:
        others.append(("predecessor-version", holders[place - 1]))
    if place + 1 < len(holders):
        others.append(("successor-version", holders[place + 1]))
    others.append(("latest-version", holders[-1]))
    return [f'<{up}{one.version}/{path}.{ending}>; rel="{name}"' for name, one in others]


def resolve(site: Site, view: ReleaseView, path: str) -> str | None:
    """The IRI that a document's address stands for: one of ours, or a concept of the pillar by the end of its IRI."""
    iri = site.iri(path)
    if view.knows(iri):
        return iri
    concept = view.concept("/".join(path.split("/")[-2:]))
    return concept.iri if concept else None


def _file(site: Site, local: str) -> Response | None:
    """A file of a release at the address the catalogue gives it, or one beside them. Only known names are opened."""
    first, _, rest = local.partition("/")
    if first == "release" and rest in site.releases_folder:
        return _sent(site.releases_folder[rest], BESIDE_RELEASES[rest], site.latest)
    version, _, name = rest.partition("/")
    view = site.by_version.get(version) if first == "release" else None
    if view is None or not (name in view.files or name == "manifest.json"):
        return None
    media_type = view.files[name]["media_type"] if name in view.files else "application/json"
    return _sent(view.release.folder / name, media_type, view)


def _sent(path: Path, media_type: str, view: ReleaseView) -> Response:
    policy = {"Content-Security-Policy": _FILE_POLICY} if media_type == "text/html" else {}
    headers = {"Cache-Control": "public, max-age=86400", "Access-Control-Allow-Origin": "*", **policy}
    headers["Last-Modified"] = http_date(view.moment)
    return FileResponse(path, media_type=media_type, headers=headers)


# Release notes are one self-contained file with its style inside.
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
