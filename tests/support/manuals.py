"""GraphDB and Neptune, which cannot be had here: small servers that answer as their manuals say, on pyoxigraph.

GraphDB: "RDF4J REST API" (paths, size), "Graph: default graph" (a query or an update without a graph means all graphs).
Neptune: "SPARQL HTTP API" (one URL, updates as a form, errors in JSON), "Querying all named graphs by default", "Using
the SPARQL 1.1 Graph Store HTTP Protocol (GSP) in Amazon Neptune". They do to an update that names no graph the worst
that the manuals allow: it is carried out on every graph.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

_NAMED = re.compile(r"GRAPH\s+(?:<[^>]*>|\?\w+)\s*\{[^{}]*\}")
_UNNAMED = re.compile(r"\bDEFAULT\b|\bALL\b|(?:\?\w+|<[^>]*>)\s+(?:\?\w+|<[^>]*>)\s+(?:\?\w+|<[^>]*>)")


@dataclass
class Manual:
    """``kind`` is ``graphdb`` or ``neptune``; ``unnamed`` are the updates that reached every graph."""

    kind: str
    url: str = ""
    store: ox.Store = field(default_factory=ox.Store)
    unnamed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    manual: Manual

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if self.manual.kind == "neptune":
            said = {"requestId": "1", "code": "MissingParameterException", "detailedMessage": "No query"}
            self.reply(400, json.dumps(said).encode(), "application/json")
        elif path.endswith("/size"):
            self.reply(200, str(len(self.manual.store)).encode(), "text/plain")
        else:
            self.reply(400, b"No query", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        path, parameters = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        is_form = self.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
        form = parse_qs(body.decode()) if is_form else {}
        with self.manual.lock:
            if path.endswith(("/rdf-graphs/service", "/sparql/gsp/")):
                graph = ox.NamedNode(parameters["graph"][0])
                self.manual.store.bulk_load(body, ox.RdfFormat.N_TRIPLES, to_graph=graph)
                self.reply(204)
            elif "update" in form and self.manual.kind == "neptune":
                self.update(form["update"][0])
            elif path.endswith("/statements") and self.headers["Content-Type"] == "application/sparql-update":
                self.update(body.decode())
            elif "query" in form:
                self.query(form["query"][0], form.get("default-graph-uri", []))
            else:
                self.reply(400, b"neither a query nor an update", "text/plain")

    def query(self, text: str, graphs: list[str]) -> None:
        found = self.manual.store.query(
            text,
            use_default_graph_as_union=not graphs,
            default_graph=[ox.NamedNode(graph) for graph in graphs] or None,
        )
        content = found.serialize(format=ox.QueryResultsFormat.JSON)
        self.reply(200, content, "application/sparql-results+json")

    def update(self, text: str) -> None:
        for operation in text.split(" ;\n"):
            if _UNNAMED.search(_NAMED.sub("", operation)):
                self.manual.unnamed.append(operation)
                self.manual.store.clear()
            else:
                self.manual.store.update(operation)
        self.reply(204)

    def reply(self, status: int, content: bytes = b"", kind: str = "text/plain") -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def by_manual(kind: str) -> Iterator[Manual]:
    """A server of this kind on a free port of the loopback address."""
    manual = Manual(kind)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"manual": manual}))
    server.daemon_threads = True
    path = {"graphdb": "/repositories/esco", "neptune": "/sparql"}[kind]
    manual.url = f"http://127.0.0.1:{server.server_address[1]}{path}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield manual
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
