"""A SPARQL 1.1 endpoint over HTTP: Query, Update and Graph Store protocols; time-outs, retries, plain errors."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Sequence
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from esco_kg.errors import ServerError, UsageError
from esco_kg.store.credentials import credentials_for
from esco_kg.store.dialects import dialect_named, recognised

RESULTS = "application/sparql-results+json"
_PAUSES = (0.5, 1.0, 2.0, 4.0)  # seconds before each further try
_LONGEST_PAUSE = 30.0  # seconds, whatever a server asks for in Retry-After
_HINTS = {
    403: "The user may not do this on this dataset.",
    404: "Is the URL that of the dataset, such as http://127.0.0.1:3030/esco? Name its kind with --store.",
    405: "The server does not offer this here; is the dataset read-only? Name its kind with --store. For esco-kg serve "
    "give its folder with --release, or ask its /sparql with another client.",
    507: "The server's disk is full; load again when there is room, what was loaded stays.",
}


class Endpoint:
    """One store at one URL, such as ``http://127.0.0.1:3030/esco``; the address of its queries is good as well.

    ``store`` names the dialect, else the server's headers tell it. ``timeout`` is the longest silence of the server in
    seconds; ``pauses`` are the seconds before each further try after a connection fault, a time-out or a 5xx answer
    (never after a 4xx), and ``listener`` hears of each. Raises UsageError for a URL that is none.
    """

    def __init__(
        self,
        url: str,
        store: str | None = None,
        *,
        timeout: float = 900.0,
        pauses: Sequence[float] = _PAUSES,
        listener: Callable[[str], None] = lambda message: None,
    ) -> None:
        parts = urlsplit(url)
        if parts.username or parts.password:
            hint = "Set ESCO_KG_USER and ESCO_KG_PASSWORD, or ESCO_KG_TOKEN, or write a netrc file."
            raise UsageError("the URL of the endpoint holds a user name or a password", hint)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise UsageError(f"{url} is no URL of an endpoint", "Write it as http://127.0.0.1:3030/esco.")
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.credentials = credentials_for(parts.hostname)
        self._pauses, self._listener = tuple(pauses), listener
        self._client = httpx.Client(timeout=httpx.Timeout(timeout, connect=min(10.0, timeout)), follow_redirects=False)
        self.dialect = dialect_named(store) if store else recognised(self._headers())
        if self.dialect.query:
            self.url = self.url.removesuffix(self.dialect.query)
        self._authorise()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    @property
    def query_url(self) -> str:
        """Where queries are sent."""
        return self.url + self.dialect.query

    def _headers(self) -> dict[str, str]:
        """Of any answer of the server's own; which one is no matter, so no credentials are sent."""
        answer = self._tried("GET", self.url, "the server")
        return {name.lower(): value for name, value in answer.headers.items()}

    def _authorise(self) -> None:
        known = self.credentials
        if known.token:
            self._client.headers["Authorization"] = f"Bearer {known.token}"
        elif known.user:
            scheme = httpx.DigestAuth if self.dialect.digest else httpx.BasicAuth
            self._client.auth = scheme(known.user, known.password)

    def select(self, query: str, graphs: Sequence[str] = (), *, what: str = "the query") -> list[dict[str, str]]:
        """A SELECT's rows as variable -> value, over the default graph or the union of ``graphs``.

        For the few questions of loading; answers with types and languages come from :mod:`esco_kg.store.remote`.
        """
        fields: dict[str, Any] = {"query": query, "default-graph-uri": list(graphs)}
        answer = self._send("POST", self.query_url, what, data=fields, headers={"Accept": RESULTS})
        if RESULTS not in answer.headers.get("content-type", ""):
            raise self._refused(answer, what, "answered with something other than query results")
        try:
            rows = answer.json()["results"]["bindings"]
            return [{name: str(term["value"]) for name, term in row.items()} for row in rows]
        except (ValueError, KeyError, TypeError):
            raise self._refused(answer, what, "answered with damaged query results") from None

    def update(self, operations: str, what: str) -> None:
        """Run an update request."""
        headers = {"Content-Type": "application/sparql-update"}
        self._write(self.url + self.dialect.update, what, operations.encode(), headers, {})

    def add(self, graph: str, triples: bytes, what: str) -> None:
        """Add N-Triples to a graph. Adding them twice changes nothing, so a part may be sent again."""
        headers = {"Content-Type": "application/n-triples"}
        parameters = {"graph": graph, **self.dialect.upload}
        self._write(self.url + self.dialect.data, what, triples, headers, parameters)

    def _write(self, url: str, what: str, content: bytes, headers: dict[str, str], parameters: dict[str, str]) -> None:
        # No parameters must be None: an empty mapping would end the URL with a question mark.
        answer = self._send("POST", url, what, content=content, headers=headers, params=parameters or None)
        if "text/html" in answer.headers.get("content-type", "") and answer.content:
            raise self._refused(answer, what, "answered with a web page; something else than the store is there")

    def _send(self, method: str, url: str, what: str, **options: Any) -> httpx.Response:
        answer = self._tried(method, url, what, **options)
        if answer.is_redirect:
            there = answer.headers.get("location", "elsewhere")
            raise self._refused(answer, what, f"sends us on to {there} ({answer.status_code}); give that URL")
        if not answer.is_success:
            raise self._refused(answer, what, f"answered {answer.status_code} {answer.reason_phrase}".rstrip())
        return answer

    def _tried(self, method: str, url: str, what: str, **options: Any) -> httpx.Response:
        for pause in self._pauses:
            try:
                answer = self._client.request(method, url, **options)
            except httpx.TransportError as error:
                problem = _reason(error)
            else:
                if answer.status_code < 500:
                    return answer
                problem = f"{answer.status_code} {answer.reason_phrase}".rstrip()
                pause = max(pause, _asked_for(answer))
            self._listener(f"{what}: {problem}; trying again in {pause:g} s")
            time.sleep(pause)
        try:
            return self._client.request(method, url, **options)
        except httpx.TransportError as error:
            hint = "Is the server running, and is the URL right?"
            raise ServerError(f"{url}: {what}: {_reason(error)}", hint) from None

    def _refused(self, answer: httpx.Response, what: str, problem: str) -> ServerError:
        hint = _HINTS.get(answer.status_code, "The server's log may say more.")
        if answer.status_code == 401:
            hint = self._who()
        return ServerError(f"{answer.request.url.copy_with(query=None)}: {what}: {problem}: {words(answer.text)}", hint)

    def _who(self) -> str:
        """What to do where the server wants to know who asks."""
        places = "ESCO_KG_USER and ESCO_KG_PASSWORD, or ESCO_KG_TOKEN, or the netrc file"
        if self.credentials.token or self.credentials.user:
            return f"It refused the credentials that were sent. Check {places}."
        return f"No credentials were sent. Set {places}."


def words(text: str) -> str:
    """What a server said, without markup, at most 300 characters."""
    plain = html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL | re.IGNORECASE))
    return " ".join(plain.split())[:300] or "(no text)"


def _reason(error: httpx.TransportError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time (see --timeout)"
    return str(error) or type(error).__name__


def _asked_for(answer: httpx.Response) -> float:
    """Seconds that the server asks us to wait; a date in Retry-After is not worth the trouble."""
    asked = answer.headers.get("retry-after", "")
    return min(float(asked), _LONGEST_PAUSE) if asked.isdigit() else 0.0
