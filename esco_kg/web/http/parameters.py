"""Parameters of requests, read strictly: what is not as described is a 400 that says what was expected."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request

from esco_kg.web.http.answers import Problem
from esco_kg.web.http.negotiation import best_language
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView
from esco_kg.web.search.index import TYPES

LONGEST_QUERY = 200
# Of one request to match: texts, characters of a text, alternatives of each.
TEXTS, LONGEST, ALTERNATIVES = 200, 300, 10
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def text(request: Request, name: str, default: str | None = None, longest: int = LONGEST_QUERY) -> str:
    """A text without control characters; required where there is no default."""
    value = _only(request, name)
    if value is None:
        if default is None:
            raise Problem(400, f"The parameter {name} is missing.")
        return default
    if len(value) > longest or any(ord(letter) < 32 for letter in value):
        raise Problem(400, f"{name} is a text of at most {longest} characters, without control characters.")
    return value


def integer(request: Request, name: str, default: int, lowest: int, highest: int) -> int:
    value = _only(request, name)
    if value is None:
        return default
    # ASCII digits alone: int() takes more than JSON Schema calls an integer.
    if not (value.isascii() and value.removeprefix("-").isdigit()) or not lowest <= int(value[:12]) <= highest:
        raise Problem(400, f"{name} is a number from {lowest} to {highest}.")
    return int(value)


def choice(request: Request, name: str, choices: Sequence[str], default: str | None) -> str:
    """One of the choices; required where there is no default."""
    value = _only(request, name)
    if value is None and default is not None:
        return default
    if value is None or value not in choices:
        raise Problem(400, f"{name} is one of: {', '.join(choices)}.")
    return value


def day(request: Request, name: str, default: str | None = None) -> str:
    """A date as ``2026-11-30``; required where there is no default."""
    value = _only(request, name)
    if value is None and default is not None:
        return default
    try:
        if value is None or not _DAY.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise Problem(400, f"{name} is a date such as 2026-11-30.") from None


def types(request: Request) -> list[str]:
    """``type``, once or several times; all where it is missing."""
    found = request.query_params.getlist("type")
    if any(value not in TYPES for value in found):
        raise Problem(400, f"type is one of: {', '.join(TYPES)}.")
    return found or list(TYPES)


def view(request: Request, name: str = "version") -> ReleaseView:
    """The release asked for, by default the newest."""
    site: Site = request.app.state.site
    value = _only(request, name)
    if value is None:
        return site.latest
    if value not in site.by_version:
        raise Problem(400, f"{name} is one of: {', '.join(site.by_version)}.")
    return site.by_version[value]


def language(request: Request, of: ReleaseView) -> str:
    """The language asked for; otherwise the client's, among those of the release."""
    value = _only(request, "language")
    if value is None:
        return best_language(request.headers.get("accept-language"), of.languages)
    if value not in of.languages:
        raise Problem(400, f"language is one of: {', '.join(of.languages)}.")
    return value


def read_json(text: str | bytes) -> Any:
    """What JSON says. Raises ValueError for what is none, is nested too deeply, or holds half a surrogate pair, which
    no answer could repeat."""
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return found


async def form(request: Request) -> dict[str, list[str]]:
    """The fields of a form's body, by name. Raises Problem where the body is none."""
    try:
        return parse_qs((await request.body()).decode(), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise Problem(400, "The request's body is no form in UTF-8.") from None


def _only(request: Request, name: str) -> str | None:
    values = request.query_params.getlist(name)
    if len(values) > 1:
        raise Problem(400, f"Give {name} once.")
    return values[0] if values else None
