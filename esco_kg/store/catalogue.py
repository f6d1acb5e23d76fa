"""What a store says of the releases it holds, in a graph of its own, and the updates that change it.

The graph ``<base>catalogue`` names each graph of each release with its hash (written before the first triple is sent),
the releases that are whole, and the current one. Words: DCAT, VoID and ``ekg:rdfc10``, as in a release's own catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from esco_kg.config import CLUSTER_PATH
from esco_kg.errors import InputError, UsageError
from esco_kg.folder.reading import VERSION as NUMBER_OF_RELEASE
from esco_kg.folder.reading import version_key
from esco_kg.rdf.namespaces import DCAT, SKOS, VOID
from esco_kg.rdf.terms import Term, iri, plain, typed
from esco_kg.store.client import Endpoint
from esco_kg.store.remote import IRI, NUMBER, texts

HAS_CURRENT, HAS_VERSION = f"<{DCAT}hasCurrentVersion>", f"<{DCAT}hasVersion>"
VERSION, _SUBSET, _TRIPLES = f"<{DCAT}version>", f"<{VOID}subset>", f"<{VOID}triples>"
# What the catalogue of a store may say: it is read back from a server, and becomes part of updates.
_FORMS = {"dataset": IRI, "graph": IRI, "version": NUMBER_OF_RELEASE, "current": NUMBER_OF_RELEASE, "triples": NUMBER}


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
        """Where the current release lies in a store whose default graph is the union of all graphs."""
        return f"{self.base}current"


@dataclass(frozen=True, slots=True)
class StoredReleases:
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


def all_stored_releases(endpoint: Endpoint) -> list[StoredReleases]:
    """What the store holds, by base IRI."""
    query = f"""SELECT DISTINCT ?dataset ?version ?current WHERE {{ GRAPH ?catalogue {{
        {{ ?dataset {HAS_CURRENT} ?some }} UNION {{ ?dataset {HAS_VERSION} ?some }}
        OPTIONAL {{ ?dataset {HAS_CURRENT} ?now . ?now {VERSION} ?current }}
        OPTIONAL {{ ?dataset {HAS_VERSION} ?any . ?any {VERSION} ?version }} }} }}"""
    found: dict[str, set[str]] = {}
    current: dict[str, str] = {}
    for row in texts(endpoint, query, what="reading the catalogue", forms=_FORMS):
        base = row.get("dataset", "").removesuffix("dataset/clusters")
        found.setdefault(base, set()).update({row["version"]} if "version" in row else ())
        current[base] = row.get("current", "")
    return [StoredReleases(base, tuple(sorted(found[base], key=version_key)), current[base]) for base in sorted(found)]


def stored_releases(endpoint: Endpoint, base: str | None = None) -> StoredReleases:
    """What the store holds of this base IRI, or of the only one.

    Raises InputError where it holds no release, UsageError where it holds those of several and none is named.
    """
    found = [stored for stored in all_stored_releases(endpoint) if base in (None, stored.base)]
    if not found:
        raise InputError(
            endpoint.url, "the store holds no release", "Load one with esco-kg load RELEASE --endpoint URL."
        )
    if len(found) > 1:
        bases = ", ".join(stored.base for stored in found)
        raise UsageError(f"{endpoint.url} holds releases of several schemes: {bases}", "Name one with --base.")
    return found[0]


def cluster_path_in(endpoint: Endpoint, base: str) -> str:
    """What stands between base IRI and id in the IRIs of the clusters, as one of them has it."""
    query = f"""SELECT ?cluster ?id WHERE {{ GRAPH ?graph {{
        ?cluster {iri(f"{base}model#skills")} ?skills ; {iri(f"{SKOS}notation")} ?id }} }} LIMIT 1"""
    for row in texts(endpoint, query, what="looking for a cluster", forms={"cluster": IRI}):
        return row["cluster"].removeprefix(base).removesuffix(row["id"])
    return CLUSTER_PATH


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
    return " ;\n".join([dropping(names, version, mark.graph), inserting(iri(names.catalogue), said)])


def dropping(names: Names, version: str, graph: str) -> str:
    """The update that takes a graph out of a version."""
    release = iri(names.release(version))
    forgotten = [
        f"{iri(graph)} ?property ?value",
        f"{release} {_SUBSET} {iri(graph)}",
        # The release is whole no longer: whoever goes back to it must not find it listed.
        f"{iri(names.dataset)} {HAS_VERSION} {release}",
    ]
    catalogue = iri(names.catalogue)
    deletes = [f"DELETE WHERE {{ GRAPH {catalogue} {{ {pattern} }} }}" for pattern in forgotten]
    return " ;\n".join([*deletes, f"DROP SILENT GRAPH {iri(graph)}"])


def inserting(graph: Term, triples: Sequence[str]) -> str:
    return f"INSERT DATA {{ GRAPH {graph} {{ {' . '.join(triples)} }} }}"


def _rdfc10(names: Names) -> Term:
    return iri(f"{names.base}model#rdfc10")


def where_current(endpoint: Endpoint, names: Names) -> str | None:
    """The graph that holds the current release; None: the default graph. Nothing is written to find out."""
    if not endpoint.dialect.has_default_graph:
        return names.current
    query = f"SELECT ?p WHERE {{ GRAPH {iri(names.current)} {{ ?s ?p ?o }} }} LIMIT 1"
    return names.current if texts(endpoint, query, what="looking for the current release") else None


def graphs_to_ask(endpoint: Endpoint, stored: StoredReleases, version: str | None) -> list[str]:
    """The graphs whose union a query about a version (None: the current one) runs over; none: the default graph.

    Raises UsageError where the store does not hold the version.
    """
    names = Names(stored.base)
    if version is None:
        if not stored.current:
            hint = "Name a version with --version, or make one current: esco-kg load --current VERSION."
            raise UsageError(f"{endpoint.url}: no release is the current one, a switch was broken off", hint)
        current = where_current(endpoint, names)
        return [current] if current else []
    if version not in stored.versions:
        raise UsageError(
            f"{endpoint.url} does not hold the whole release {version}", f"It holds {', '.join(stored.versions)}."
        )
    return sorted(marks(endpoint, names, version))
