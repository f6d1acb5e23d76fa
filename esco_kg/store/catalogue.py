"""What a store says of the releases it holds, in a graph of its own, and the updates that change it.

The graph ``<base>catalogue`` names each graph of each release with its hash (written before the first triple is sent),
the releases that are whole, and the current one. Words: DCAT, VoID and ``ekg:rdfc10``, as in a release's own catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from esco_kg.errors import InputError, UsageError
from esco_kg.folder.reading import version_key
from esco_kg.rdf.namespaces import DCAT, RDF, VOID
from esco_kg.rdf.terms import Term, iri, plain, typed
from esco_kg.store.client import Endpoint
from esco_kg.store.remote import IRI, NUMBER, texts

_HAS_CURRENT, _HAS_VERSION = f"<{DCAT}hasCurrentVersion>", f"<{DCAT}hasVersion>"
_VERSION, _SUBSET, _TRIPLES = f"<{DCAT}version>", f"<{VOID}subset>", f"<{VOID}triples>"
# What the catalogue of a store may say: it is read back from a server, and becomes part of updates.
_NUMBERED = r"[0-9]+\.[0-9]+\.[0-9]+"
_FORMS = {"dataset": IRI, "graph": IRI, "version": _NUMBERED, "current": _NUMBERED, "triples": NUMBER}


@dataclass(frozen=True, slots=True)
class Names:
    """IRIs of what a store holds of the scheme with this base IRI."""

    base: str

    def release(self, version: str) -> str:
        """The release, as a dataset."""
        return f"{self.base}release/{version}"

    def graph(self, version: str, name: str) -> str:
        """The graph with this name (clusters, pillar, ...) of one version."""
        return f"{self.base}release/{version}/graph/{name}"

    @property
    def dataset(self) -> str:
        """The dataset that all releases are versions of."""
        return f"{self.base}dataset/clusters"

    @property
    def catalogue(self) -> str:
        """The graph that says which releases the store holds and which is current."""
        return f"{self.base}catalogue"

    @property
    def current(self) -> str:
        """Where the current release lies in a store that has no default graph of its own."""
        return f"{self.base}current"


@dataclass(frozen=True, slots=True)
class Holding:
    """What the store holds of one base IRI: its whole releases, oldest first, and the current one (or empty)."""

    base: str
    versions: tuple[str, ...]
    current: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What the catalogue says of one graph: number of triples and RDFC-1.0 hash when whole."""

    graph: str
    triples: int
    rdfc10: str


def holdings(endpoint: Endpoint) -> list[Holding]:
    """What the store holds, by base IRI."""
    query = f"""SELECT DISTINCT ?dataset ?version ?current WHERE {{ GRAPH ?catalogue {{
        ?dataset {_HAS_CURRENT} ?now . ?now {_VERSION} ?current .
        OPTIONAL {{ ?dataset {_HAS_VERSION} ?any . ?any {_VERSION} ?version }} }} }}"""
    found: dict[str, set[str]] = {}
    current: dict[str, str] = {}
    for row in texts(endpoint, query, what="reading the catalogue", forms=_FORMS):
        base = row["dataset"].removesuffix("dataset/clusters")
        found.setdefault(base, set()).update({row["version"]} if "version" in row else ())
        current[base] = row["current"]
    return [Holding(base, tuple(sorted(found[base], key=version_key)), current[base]) for base in sorted(found)]


def the_holding(endpoint: Endpoint, base: str | None = None) -> Holding:
    """What the store holds of this base IRI, or of the only one.

    Raises InputError where it holds no release, UsageError where it holds those of several and none is named.
    """
    found = [holding for holding in holdings(endpoint) if base in (None, holding.base)]
    if not found:
        raise InputError(
            endpoint.url, "the store holds no release", "Load one with esco-kg load RELEASE --endpoint URL."
        )
    if len(found) > 1:
        bases = ", ".join(holding.base for holding in found)
        raise UsageError(f"{endpoint.url} holds releases of several schemes: {bases}", "Name one with --base.")
    return found[0]


def marks(endpoint: Endpoint, names: Names, version: str) -> dict[str, Mark]:
    """What the catalogue says of each graph of a version, by the graph's IRI."""
    query = f"""SELECT ?graph ?triples ?hash WHERE {{
        {iri(names.release(version))} {_SUBSET} ?graph . ?graph {_TRIPLES} ?triples ; {_rdfc10(names)} ?hash }}"""
    rows = texts(endpoint, query, [names.catalogue], what="reading the catalogue", forms=_FORMS)
    return {row["graph"]: Mark(row["graph"], int(row["triples"]), row["hash"]) for row in rows}


def marking(names: Names, version: str, mark: Mark) -> str:
    """The update that empties a graph and marks what it is going to hold."""
    graph = iri(mark.graph)
    said = [
        f"{iri(names.release(version))} {_SUBSET} {graph}",
        f"{graph} {_TRIPLES} {typed(mark.triples, 'integer')}",
        f"{graph} {_rdfc10(names)} {plain(mark.rdfc10)}",
    ]
    return " ;\n".join([dropping(names, version, mark.graph), _insert(iri(names.catalogue), said)])


def dropping(names: Names, version: str, graph: str) -> str:
    """The update that takes a graph out of a version."""
    release = iri(names.release(version))
    forgotten = [
        f"{iri(graph)} ?property ?value",
        f"{release} {_SUBSET} {iri(graph)}",
        # The release is whole no longer: whoever goes back to it must not find it listed.
        f"{iri(names.dataset)} {_HAS_VERSION} {release}",
    ]
    catalogue = iri(names.catalogue)
    deletes = [f"DELETE WHERE {{ GRAPH {catalogue} {{ {pattern} }} }}" for pattern in forgotten]
    return " ;\n".join([*deletes, f"DROP SILENT GRAPH {iri(graph)}"])


def switching(names: Names, version: str, graphs: Sequence[str], endpoint: Endpoint) -> list[str]:
    """The updates that make a whole version the current one; a single one where the store makes it one transaction."""
    target = None if endpoint.dialect.has_default_graph else names.current
    catalogue, dataset, release = iri(names.catalogue), iri(names.dataset), iri(names.release(version))
    listed = [
        f"{catalogue} <{RDF}type> <{DCAT}Catalog>",
        f"{catalogue} <{DCAT}dataset> {release}",
        f"{release} {_VERSION} {plain(version)}",
        f"{dataset} {_HAS_VERSION} {release}",
        f"{dataset} {_HAS_CURRENT} {release}",
    ]
    operations = [
        # First and last, so that where the store has no transactions a broken switch claims nothing.
        f"DELETE WHERE {{ GRAPH {catalogue} {{ {dataset} {_HAS_CURRENT} ?release }} }}",
        *_replacing(target, graphs, endpoint),
        _insert(catalogue, listed),
    ]
    return [" ;\n".join(operations)] if endpoint.dialect.is_switch_atomic else operations


def _replacing(target: str | None, graphs: Sequence[str], endpoint: Endpoint) -> list[str]:
    """Operations after which the target (None: the default graph) holds the triples of the graphs and no others."""
    written = f"GRAPH {iri(target)}" if target else "DEFAULT"
    adding = [f"ADD GRAPH {iri(graph)} TO {written}" for graph in graphs]
    if not endpoint.dialect.is_switch_atomic:
        return [f"DROP SILENT {written}", *(endpoint.dialect.preface + each for each in adding)]
    if not texts(endpoint, "SELECT ?p WHERE { ?s ?p ?o } LIMIT 1", what="looking at the default graph"):
        return adding
    # Versions share most triples: changing what differs takes a fraction of the time that copying all of it would.
    absent = " ".join(f"FILTER NOT EXISTS {{ GRAPH {iri(graph)} {{ ?s ?p ?o }} }}" for graph in graphs)
    return [
        f"DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o {absent} }}",
        *(
            f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH {iri(graph)} {{ ?s ?p ?o }} FILTER NOT EXISTS {{ ?s ?p ?o }} }}"
            for graph in graphs
        ),
    ]


def _insert(graph: Term, triples: Sequence[str]) -> str:
    return f"INSERT DATA {{ GRAPH {graph} {{ {' . '.join(triples)} }} }}"


def _rdfc10(names: Names) -> Term:
    return iri(f"{names.base}model#rdfc10")


def graphs_to_ask(endpoint: Endpoint, holding: Holding, version: str | None) -> list[str]:
    """The graphs whose union a query about a version (None: the current one) runs over; none: the default graph.

    Raises UsageError where the store does not hold the version.
    """
    names = Names(holding.base)
    if version is None:
        return [] if endpoint.dialect.has_default_graph else [names.current]
    if version not in holding.versions:
        raise UsageError(
            f"{endpoint.url} does not hold the whole release {version}", f"It holds {', '.join(holding.versions)}."
        )
    return sorted(marks(endpoint, names, version))
