"""A SPARQL 1.1 endpoint over HTTP: Query, Update and Graph Store protocols; time-outs, retries, plain errors."""

from __future__ import annotations

import html
import re
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Self, cast
from urllib.parse import urlencode, urlsplit

import httpx

from esco_kg.errors import OutputError, ServerError, UsageError
from esco_kg.store.bounded_json import BoundedJson
from esco_kg.store.credentials import credentials_for
from esco_kg.store.dialects import Dialect, dialect_named, recognised
from esco_kg.store.transport import Broken, Transport

_NO_WORDS = "(no text)"
_IN_MEMORY = 1 << 23  # bytes of an answer that are not put on disk
_PAUSES = (0.5, 1.0, 2.0, 4.0)  # seconds before each further try
_LONGEST_PAUSE = 30.0  # seconds, whatever a server asks for in Retry-After
_AS_URL = "Write it as http://127.0.0.1:3030/esco."
_HINTS = {
    403: "The user may not do this on this dataset.",
    404: "Is the URL that of the dataset, such as http://127.0.0.1:3030/esco? Name its kind with --store.",
    405: "The server does not offer this here; is the dataset read-only? Name its kind with --store. For esco-kg serve "
    "give its folder with --release, or ask its /sparql with another client.",
    507: "The server's disk is full; load again when there is room, what was loaded stays.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the URL asked without its query, status, headers by names in lower case, the body."""

    url: str
    status: int
    reason: str
    headers: Mapping[str, str]
    body: IO[bytes]

    def words(self) -> str:
        """What the server says in the body, without markup, at most 300 characters."""
        self.body.seek(0)
        return words(self.body.read(1 << 14).decode(errors="replace"))

    def asked_to_wait(self) -> float:
        """Seconds that the server asks us to wait; a date in Retry-After is not worth the trouble."""
        asked = self.headers.get("retry-after", "")
        return min(float(asked), _LONGEST_PAUSE) if re.fullmatch("[0-9]{1,9}", asked) else 0.0


class Endpoint:
    """One store at one URL, such as ``http://127.0.0.1:3030/esco``; the address of its queries is good as well.

    ``store`` names the dialect, otherwise the server's headers tell it. ``timeout`` is the time in seconds for one
    request, from the first try to the last byte of the answer; ``pauses`` are the seconds before each further try
    after a connection fault or a 5xx answer (never after a 4xx), and ``listener`` hears of each. For one thread. Raises
    UsageError for an invalid URL, ServerError where nobody answers there.
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
        host = _host(url)
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.credentials = credentials_for(host)
        self._pauses, self._listener = tuple(pauses), listener
        self._transport = Transport(self.url)
        headers = {"Accept-Encoding": "gzip", "User-Agent": "esco-kg"}
        self._client = httpx.Client(transport=self._transport, timeout=None, headers=headers, trust_env=False)
        self.dialect = dialect_named(store) if store else self._recognised()
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

    def _recognised(self) -> Dialect:
        """By an answer of the server's own; which one is no matter, so no credentials are sent. Fuseki is usual."""
        answer = self._tried("GET", self.url, "the server")
        found = recognised(answer.headers, answer.words())
        if found is None:
            # What speaks RDF4J's protocol, such as GraphDB, tells the size of a repository.
            size = self._tried("GET", f"{self.url}/size", "the server")
            found = dialect_named("rdf4j" if size.status == 200 and size.words().isdecimal() else "fuseki")
        return found

    def _authorise(self) -> None:
        known = self.credentials
        if known.token:
            self._client.headers["Authorization"] = f"Bearer {known.token}"
        elif known.user:
            scheme = httpx.DigestAuth if self.dialect.digest else httpx.BasicAuth
            self._client.auth = scheme(known.user, known.password)

    def update(self, operations: str, what: str) -> None:
        """Run an update request."""
        content, kind = operations.encode(), "application/sparql-update"
        if self.dialect.has_forms:
            content, kind = urlencode({"update": operations}).encode(), "application/x-www-form-urlencoded"
        self._write(self.url + self.dialect.update, what, content, {"Content-Type": kind}, {})

    def add(self, graph: str | None, triples: bytes, what: str) -> None:
        """Add N-Triples to a graph (None: the default graph). Twice changes nothing, so a part may be sent again."""
        headers = {"Content-Type": "application/n-triples"}
        parameters = {**({"default": ""} if graph is None else {"graph": graph}), **self.dialect.upload}
        self._write(self.url + self.dialect.data, what, triples, headers, parameters)

    def _write(self, url: str, what: str, content: bytes, headers: dict[str, str], parameters: dict[str, str]) -> None:
        # No parameters must be None: an empty mapping would end the URL with a question mark.
        answer = self.sent("POST", url, what, content=content, headers=headers, params=parameters or None)
        if "text/html" in answer.headers.get("content-type", "") and answer.words() != _NO_WORDS:
            raise self.refused(answer, what, "answered with a web page; something else than the store is there")

    def sent(self, method: str, url: str, what: str, *, fine: Sequence[int] = (), **options: Any) -> Answer:
        """The answer to a request, where it is a success or one of the statuses ``fine``. Raises ServerError."""
        answer = self._tried(method, url, what, **options)
        if not 200 <= answer.status < 300 and answer.status not in fine:
            raise self.refused(answer, what, words(f"answered {answer.status} {answer.reason}"))
        return answer

    def bounded(self, body: IO[bytes]) -> IO[bytes]:
        """The body of the last answer, for a parser, which only reads."""
        return cast(IO[bytes], BoundedJson(body, self._transport.left(), self.timeout))

    def refused(self, answer: Answer, what: str, problem: str) -> ServerError:
        """The error that tells of an answer, with the server's own words."""
        hint = _HINTS.get(answer.status, "The server's log may say more.")
        if answer.status == 401:
            hint = self._who()
        return ServerError(f"{answer.url}: {what}: {problem}: {answer.words()}", hint)

    def _tried(self, method: str, url: str, what: str, **options: Any) -> Answer:
        """The answer of the last try: more than one where the connection fails or the server is not well."""
        self._transport.deadline = time.monotonic() + self.timeout
        for pause in (*self._pauses, None):
            try:
                answer = self._once(method, url, **options)
            except httpx.TimeoutException as error:
                # What took all the time there is would take it again; a server that cannot be reached may come back.
                is_over = not isinstance(error, httpx.ConnectTimeout)
                problem = f"no whole answer within {self.timeout:g} s (--timeout)" if is_over else "cannot be reached"
            except httpx.TransportError as error:
                problem, is_over = str(error) or type(error).__name__, False
            except Broken as error:
                raise ServerError(f"{url}: {what}: {words(str(error))}", "Is the URL that of the store?") from None
            else:
                if answer.status < 500:
                    return answer
                problem, is_over = words(f"{answer.status} {answer.reason}"), False
                pause = None if pause is None else max(pause, answer.asked_to_wait())
                if pause is None or pause > self._transport.left():
                    return answer
            if is_over or pause is None or pause > self._transport.left():
                hint = "Is the server running, and is the URL right?"
                raise ServerError(f"{url}: {what}: {words(problem)}", hint)
            self._listener(f"{what}: {problem}; trying again in {pause:g} s")
            time.sleep(pause)
        raise AssertionError("the last try has no pause")

    def _once(self, method: str, url: str, **options: Any) -> Answer:
        """One try. Raises httpx.TransportError for what may pass, Broken for what another try would not mend."""
        body = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (it goes with the answer)
        try:
            with self._client.stream(method, url, **options) as answer:
                for piece in answer.iter_raw():
                    _write_aside(body, piece)
        except (httpx.TransportError, Broken, OutputError):
            raise
        except Exception as error:
            # Whatever the library stumbles over in a stranger's headers, such as an unknown kind of digest.
            raise Broken(f"the answer cannot be read: {type(error).__name__}: {error}") from error
        body.seek(0)
        plain = str(answer.request.url.copy_with(query=None))
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(plain, answer.status_code, answer.reason_phrase, headers, body)

    def _who(self) -> str:
        """What to do where the server wants to know who asks."""
        places = "ESCO_KG_USER and ESCO_KG_PASSWORD, or ESCO_KG_TOKEN, or the netrc file"
        if self.credentials.token or self.credentials.user:
            return f"It refused the credentials that were sent. Check {places}."
        return f"No credentials were sent. Set {places}."


def _host(url: str) -> str:
    """The host of an endpoint's URL. Raises UsageError where the URL is none."""
    try:
        parts, known = urlsplit(url), httpx.URL(url)
        # Ports and names of hosts are judged where they are used, and that would be long after.
        _ = parts.port, known.host.encode("idna")
    except Exception:  # whatever the libraries throw at a host, a port or a character
        raise UsageError(f"{url} is no URL of an endpoint", _AS_URL) from None
    if parts.username or parts.password:
        hint = "Set ESCO_KG_USER and ESCO_KG_PASSWORD, or ESCO_KG_TOKEN, or write a netrc file."
        raise UsageError("the URL of the endpoint holds a user name or a password", hint)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"{url} is no URL of an endpoint", _AS_URL)
    return parts.hostname


def words(text: str) -> str:
    """What a server said, without markup and without what a terminal would obey, at most 300 characters."""
    text = re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text)
    plain = html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL | re.IGNORECASE))
    return " ".join(plain.split())[:300] or _NO_WORDS


def _write_aside(body: IO[bytes], piece: bytes) -> None:
    try:
        body.write(piece)
    except OSError as error:
        place = tempfile.gettempdir()
        raise OutputError(f"{place}: {error.strerror}", "Make room there, or set TMPDIR to another folder.") from None
