"""Answers over HTTP: validators, conditional requests, redirects, errors in the form the client can read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class Problem(Exception):
    """A request that cannot be answered: an HTTP status and one sentence for people."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        # Keywords cannot hold hyphens.
        self.status = status
        self.message = message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def answer(
    request: Request,
    body: str | bytes,
    media_type: str,
    *,
    modified: datetime | None = None,
    headers: Mapping[str, str] | None = None,
    max_age: int = 60,
) -> Response:
    """The body with its validators, or 304 where the client has it already (RFC 9110, section 13).

    The entity tag is weak: a compressed answer has the same meaning and other bytes.
    """
    content = body.encode() if isinstance(body, str) else body
    tag = f'W/"{hashlib.sha256(content).hexdigest()[:24]}"'
    found = {"ETag": tag, "Cache-Control": f"public, max-age={max_age}", **(headers or {})}
    if modified:
        found["Last-Modified"] = http_date(modified)
    if _is_fresh(request, tag, modified):
        return Response(status_code=304, headers=found)
    charset = "" if "charset" in media_type or media_type.startswith("application/") else "; charset=utf-8"
    return Response(content, media_type=None, headers={**found, "Content-Type": media_type + charset})


def _is_fresh(request: Request, tag: str, modified: datetime | None) -> bool:
    """If-None-Match decides alone where it is given (RFC 9110, section 13.2.2)."""
    known = request.headers.get("if-none-match")
    if known is not None:
        opaque = tag.removeprefix("W/")
        return known.strip() == "*" or opaque in [part.strip().removeprefix("W/") for part in known.split(",")]
    since = request.headers.get("if-modified-since")
    moment = parsed_date(since) if since else None
    return bool(modified and moment and modified <= moment)


def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def parsed_date(text: str) -> datetime | None:
    """An HTTP date, or None where the text is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def redirect(location: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """A redirect. Locations are relative to the request, so that any host and path prefix before this server works."""
    return Response(status_code=status, headers={"Location": location, **(headers or {})})


def public_address(request: Request) -> str:
    """The address of this server as visitors know it, without a slash at the end: that of ``--public-url``, otherwise
    the one that the request names.
    """
    return str(request.app.state.public_url or request.base_url).rstrip("/")


def json_answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(content, status_code=status, headers=dict(headers or {}))


def plain_problem(problem: Problem) -> Response:
    """A problem as JSON (RFC 9457)."""
    content = {"title": problem.message, "status": problem.status}
    return JSONResponse(content, problem.status, {**problem.headers}, media_type="application/problem+json")
