"""A SPARQL 1.1 endpoint over HTTP: Query, Update and Graph Store protocols, with time-outs, retries and plain errors."""

from __future__ import annotations

import html
import os
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from esco_kg.errors import EscoKgError, UsageError
from esco_kg.store.dialects import Dialect, dialect_named, recognised

RESULTS = "application/sparql-results+json"
_PAUSES = (0.5, 1.0, 2.0, 4.0)  # seconds between tries
_TIMEOUT = httpx.Timeout(300.0, connect=10.0)


class ServerError(EscoKgError):
    """A server did not do what it was asked; the message holds the server's own words."""


class Endpoint:
    """One store at one URL, such as ``http://127.0.0.1:3030/esco``.

    Credentials come from ``ESCO_KG_TOKEN`` (bearer) or ``ESCO_KG_USER`` and ``ESCO_KG_PASSWORD``, else from the netrc
    file; never from the URL. ``store`` names the dialect, else the server's headers tell it. ``pauses`` are the seconds
    before each further try after a connection fault or a 5xx answer. Raises UsageError for a URL that is none.
    """

    def __init__(self, url: str, store: str | None = None, *, pauses: Sequence[float] = _PAUSES) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"{url} is no URL of an endpoint", "Write it as http://127.0.0.1:3030/esco.")
        if parts.username or parts.password:
            raise UsageError(
                "the URL holds a user name or password",
                "Set ESCO_KG_USER and ESCO_KG_PASSWORD, or ESCO_KG_TOKEN, or use a netrc file.",
            )
        self.url = url.rstrip("/")
        self._pauses = tuple(pauses)
        self._client = httpx.Client(timeout=_TIMEOUT, follow_redirects=False)
        self.dialect = dialect_named(store) if store else self._recognise()
        self._authorise()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def _recognise(self) -> Dialect:
        answer = self._send("GET", self.url, "the server", accept_any=True)
        return recognised({name.lower(): value for name, value in answer.headers.items()})

    def _authorise(self) -> None:
        token, user = os.environ.get("ESCO_KG_TOKEN"), os.environ.get("ESCO_KG_USER")
        if token:
            self._client.headers["Authorization"] = f"Bearer {token}"
        elif user:
            password = os.environ.get("ESCO_KG_PASSWORD", "")
            self._client.auth = (httpx.DigestAuth if self.dialect.digest else httpx.BasicAuth)(user, password)
        else:
            with suppress(FileNotFoundError):  # no netrc file: the server may want no credentials at all
                self._client.auth = httpx.NetRCAuth()

    def select(self, query: str, *, graphs: Sequence[str] = (), what: str = "the query") -> dict[str, Any]:
        """A SELECT's answer in the SPARQL 1.1 JSON results format, over the default graph or the union of ``graphs``."""
        fields: dict[str, Any] = {"query": query, "default-graph-uri": list(graphs)}
        answer = self._send("POST", self.url + self.dialect.query, what, data=fields, headers={"Accept": RESULTS})
        if RESULTS not in answer.headers.get("content-type", ""):
            raise self._refused(answer, what, "answered with something other than query results")
        return dict(answer.json())

    def count(self, graph: str) -> int:
        """Number of triples in a named graph."""
        found = self.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", graphs=[graph], what=f"counting <{graph}>")
        return int(found["results"]["bindings"][0]["n"]["value"])

    def update(self, operations: str, what: str) -> None:
        """Run an update request."""
        headers = {"Content-Type": "application/sparql-update"}
        self._send("POST", self.url + self.dialect.update, what, content=operations.encode(), headers=headers)

    def add(self, graph: str, triples: bytes, what: str) -> None:
        """Add N-Triples to a graph. Adding them twice changes nothing, so a part may be sent again."""
        headers = {"Content-Type": "application/n-triples"}
        url, parameters = self.url + self.dialect.data, {"graph": graph}
        self._send("POST", url, what, content=triples, params=parameters, headers=headers)

    def _send(self, method: str, url: str, what: str, *, accept_any: bool = False, **options: Any) -> httpx.Response:
        for pause in (*self._pauses, None):
            try:
                answer = self._client.request(method, url, **options)
            except httpx.TransportError as error:
                if pause is None:
                    reason = str(error) or type(error).__name__
                    raise ServerError(
                        f"{url}: {what}: {reason}", "Is the server running, and is the URL right?"
                    ) from None
            else:
                if answer.status_code < 500 or pause is None:
                    if (accept_any and answer.status_code < 500) or answer.is_success:
                        return answer
                    raise self._refused(answer, what, f"answered {answer.status_code} {answer.reason_phrase}")
            time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _refused(self, answer: httpx.Response, what: str, problem: str) -> ServerError:
        hints = {
            401: "Set ESCO_KG_USER and ESCO_KG_PASSWORD, or ESCO_KG_TOKEN.",
            403: "The user may not write to this dataset.",
            404: "Is the URL that of the dataset, such as http://127.0.0.1:3030/esco?",
            405: "The server does not offer this; is the dataset read-only?",
        }
        hint = hints.get(answer.status_code, "The server's log may say more.")
        return ServerError(f"{answer.request.url.copy_with(query=None)}: {what}: {problem}: {_words(answer)}", hint)


def _words(answer: httpx.Response) -> str:
    """What the server said, without markup, at most 300 characters."""
    text = html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", answer.text, flags=re.DOTALL | re.IGNORECASE))
    return " ".join(text.split())[:300] or "(no text)"
