"""A queryable store of a release's graphs, inside the process: pyoxigraph behind two methods.

Queries name no graph. They run over the union of the graphs loaded, or over those a caller names, exactly as a remote
client's ``default-graph-uri`` would do it. The store rewrites some literals (``1.50`` becomes ``1.5``), so nothing is
ever published from it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from esco_kg.errors import InputError, MissingError
from esco_kg.model.findings import Value
from esco_kg.rdf.language_parts import is_parted, parts

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = {f"{_XSD}{name}" for name in ("integer", "int", "long", "nonNegativeInteger", "positiveInteger")}
_DECIMALS = {f"{_XSD}{name}" for name in ("decimal", "double", "float")}
_PART = 1 << 24  # bytes of N-Triples

Bound = ox.NamedNode | ox.Literal
_FORMATS = {
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".ttl": ox.RdfFormat.TURTLE,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".n3": ox.RdfFormat.N3,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
}


# A prefix and what it stands for; then every IRI and prefixed name, those in comments too: one too many does no harm.
_PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_NAME = re.compile(r"<([^<>\s]*)>|([\w-]*):([\w.-]*\w)")
_RELATIVE = re.compile(r"<(?![^<>\s]*:)[^<>\s]+>")
_OF_CLUSTERS = re.compile(r"^# Of clusters: (.+)$", re.MULTILINE)
_SEES_ALL = re.compile(r"^# Sees: all$", re.MULTILINE)


def seen_by(query: str, base_iri: str, graph: str = "clusters") -> frozenset[str] | None:
    """The IRIs that a query names, as N-Triples terms: no other predicate can decide its answer, and of types no other
    class. None means all.

    A query that has a predicate or a class open says ``# Sees: all`` in its head. What its head lists under
    ``# Of clusters:`` it looks at in clusters alone, so that it sees none of it in another graph than ``clusters``.
    """
    if _SEES_ALL.search(query):
        return None
    prefixes = dict(_PREFIX.findall(query))
    names = {found for found in _NAME.findall(query)}
    if graph != "clusters":
        names -= {found for said in _OF_CLUSTERS.findall(query) for found in _NAME.findall(said)}
    named = {f"{prefixes.get(prefix, '')}{local}" or whole for whole, prefix, local in names}
    return frozenset(f"<{name if ':' in name else base_iri + name}>" for name in named)


@dataclass(frozen=True, slots=True)
class Rows:
    """A SELECT's answer: variable names, and per row one RDF term or None for each."""

    columns: list[str]
    terms: list[tuple[ox.NamedNode | ox.BlankNode | ox.Literal | None, ...]]

    def values(self) -> list[tuple[Value, ...]]:
        """The rows as Python values: int, float, bool, otherwise the lexical form or the IRI."""
        return [tuple(_value(term) for term in row) for row in self.terms]


class GraphStore:
    """Named graphs in memory, or in ``folder`` on disk where the graphs are large."""

    def __init__(self, folder: Path | None = None) -> None:
        self._store = ox.Store(str(folder)) if folder else ox.Store()
        self._aside: dict[str, Path] = {}

    def leave_aside(self, graphs: Mapping[str, Path]) -> None:
        """Answer queries that say ``# Parts: language`` from these files of ours, N-Triples by the graph's IRI: what
        only they see need not be loaded. The files must stay as long as the store."""
        self._aside = dict(graphs)

    def has_aside(self, query: str) -> bool:
        """Whether a query is answered from files left aside."""
        return bool(self._aside) and is_parted(query)

    def load(self, graph: str, path: Path, *, is_ours: bool = False) -> None:
        """Bulk-load one file into the graph with this IRI. Raises InputError with the parser's own line.

        ``is_ours`` says that this program wrote the file: its IRIs and language tags were checked then, and there is no
        blank node that two lines share.
        """
        form = _FORMATS.get(path.suffix.lower())
        if form is None:
            raise InputError(str(path), "unknown kind of RDF file", f"Known endings: {', '.join(sorted(_FORMATS))}.")
        target, base = ox.NamedNode(graph), path.absolute().as_uri()
        try:
            if is_ours and form == ox.RdfFormat.N_TRIPLES:
                with path.open("rb") as stream:
                    # In parts: the loader holds what it is given a second time until it is done.
                    while part := stream.read(_PART) + stream.readline():
                        self._store.bulk_load(part, form, to_graph=target, lenient=True)
            else:
                self._store.bulk_load(path=str(path), format=form, base_iri=base, to_graph=target, lenient=is_ours)
        except (SyntaxError, ValueError) as error:
            raise InputError(str(path), f"not readable as RDF: {error}", "Check the file with its producer.") from None
        except FileNotFoundError:
            raise MissingError(str(path)) from None

    def select(
        self, query: str, *, graphs: Iterable[str] | None = None, bindings: Mapping[str, Bound] | None = None
    ) -> Rows:
        """Run a SELECT over the union of all graphs, or of the graphs with these IRIs.

        ``bindings`` are bound as terms, never pasted as text. Raises ValueError where the query is no SELECT.
        """
        if bindings is None and self.has_aside(query):
            return self._in_parts(query, self._aside.keys() if graphs is None else list(graphs))
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] | None
        default = [ox.NamedNode(graph) for graph in graphs] if graphs is not None else None
        found = self._store.query(
            query,
            use_default_graph_as_union=default is None,
            default_graph=default,
            substitutions={ox.Variable(name): term for name, term in (bindings or {}).items()} or None,
        )
        if not isinstance(found, ox.QuerySolutions):
            raise ValueError("the query is not a SELECT")
        columns = [variable.value for variable in found.variables]
        return Rows(columns, [tuple(row) for row in found])

    def _in_parts(self, query: str, graphs: Collection[str]) -> Rows:
        """The rows of all parts, each once, in the order of their columns from left to right."""
        columns: list[str] = []
        terms: set[tuple[ox.NamedNode | ox.BlankNode | ox.Literal | None, ...]] = set()
        seen = seen_by(query, "")
        if seen is None or _RELATIVE.search(query):
            raise ValueError("a query in parts has no predicate open, and names terms by absolute IRIs")
        for files in parts({iri: path for iri, path in self._aside.items() if iri in graphs}, seen):
            store = GraphStore()
            for iri, path in files:
                store.load(iri, path, is_ours=True)
            rows = store.select(query)
            columns = rows.columns
            terms.update(rows.terms)
        return Rows(columns, sorted(terms, key=lambda row: [str(term) for term in row]))

    def derive(self, query: str, *, graphs: Iterable[str], into: str) -> None:
        """Run a CONSTRUCT over the union of some graphs and put its triples into one. Raises ValueError for another."""
        found = self._store.query(query, default_graph=[ox.NamedNode(graph) for graph in graphs])
        if not isinstance(found, ox.QueryTriples):
            raise ValueError("the query is not a CONSTRUCT")
        target = ox.NamedNode(into)
        self._store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, target) for t in list(found))

    def count(self, graph: str) -> int:
        """Number of triples in one graph."""
        rows = self.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", graphs=[graph])
        return int(rows.values()[0][0] or 0)


def _value(term: object) -> Value:
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        datatype = term.datatype.value
        if datatype in _INTEGERS:
            return int(term.value)
        if datatype in _DECIMALS:
            return float(term.value)
        if datatype == f"{_XSD}boolean":
            return term.value in ("true", "1")
        return term.value
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode) else str(term)
