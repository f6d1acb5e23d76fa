"""Answers compressed for those who take it."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from esco_kg.web.http.negotiation import takes_gzip


class Compression(GZipMiddleware):
    """Starlette's compression, which takes ``gzip;q=0`` for a wish and not for a refusal."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "headers": list(scope["headers"])}
            headers = MutableHeaders(scope=scope)
            headers["accept-encoding"] = "gzip" if takes_gzip(headers.get("accept-encoding")) else "identity"
        await super().__call__(scope, receive, send)
