"""The names that a server which writes may be asked by. One that was made to lead here (DNS rebinding) is refused."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

_THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")


def known_hosts(hosts: Sequence[str], public_url: str) -> Middleware:
    """Lets requests in that name this machine, the host of ``public_url``, or one of ``hosts``."""
    given = (urlsplit(public_url).hostname or "", *hosts)
    known = [*_THIS_MACHINE, *(_bracketed(host) for host in given if host)]
    return Middleware(TrustedHostMiddleware, allowed_hosts=known, www_redirect=False)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
