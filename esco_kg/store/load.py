"""Put a release into a store so that readers never see half of it.

Each graph goes, in parts, into a graph named after the version. Only when every graph was counted back and agrees with
the manifest does one update make the release the current one: the store's default graph, and the catalogue's entry.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esco_kg.errors import InputError
from esco_kg.manifest import sha256_of
from esco_kg.namespaces import DCAT, DCT, RDF
from esco_kg.published import read_manifest
from esco_kg.store.client import Endpoint, ServerError
from esco_kg.terms import iri, plain

PART_BYTES = 4_000_000
Progress = Callable[[str, int, int], None]
"""Called with a graph's name, triples sent so far, triples in all."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: triples sent per graph (0 where the store had them), whether the current release changed."""

    version: str
    sent: dict[str, int]
    switched: bool


@dataclass(frozen=True, slots=True)
class Graphs:
    """IRIs of the graphs of one release in a store."""

    base: str
    version: str

    def named(self, name: str) -> str:
        """The graph of this version with this name."""
        return f"{self.base}release/{self.version}/graph/{name}"

    @property
    def catalogue(self) -> str:
        """The graph that says which releases the store holds and which is current."""
        return f"{self.base}catalogue"

    @property
    def current(self) -> str:
        """Where the current release lies in a store whose default graph cannot be written."""
        return f"{self.base}current"


def load_release(folder: Path, endpoint: Endpoint, progress: Progress = lambda name, sent, total: None) -> Loaded:
    """Load a published release and make it the current one; what is there already is not sent again.

    Loading an older release again is the way back to it. Raises InputError where a file does not agree with the
    manifest, ServerError where the store fails; then readers still see the release they saw before.
    """
    manifest = read_manifest(folder)
    graphs = Graphs(manifest["base_iri"], manifest["version"])
    sent = {}
    for name, facts in sorted(manifest["graphs"].items()):
        path = folder / f"esco-kg-{manifest['version']}-{name}.nt.gz"
        sent[name] = _load_graph(path, manifest, graphs.named(name), name, int(facts["triples"]), endpoint, progress)
    switched = current_version(endpoint, graphs) != graphs.version
    if switched:
        endpoint.update(switch(graphs, sorted(manifest["graphs"]), endpoint), f"switching to release {graphs.version}")
    return Loaded(graphs.version, sent, switched)


def current_version(endpoint: Endpoint, graphs: Graphs) -> str | None:
    """The version that readers of the store see, or None."""
    query = f"SELECT ?version WHERE {{ {iri(graphs.catalogue)} {_current(graphs)} ?release . ?release <{DCAT}version> ?version }}"
    rows = endpoint.select(query, graphs=[graphs.catalogue], what="reading the catalogue")["results"]["bindings"]
    return str(rows[0]["version"]["value"]) if rows else None


def switch(graphs: Graphs, names: list[str], endpoint: Endpoint) -> str:
    """The update that makes a version the current one; a single transaction where the store has such."""
    release = iri(f"{graphs.base}release/{graphs.version}")
    catalogue, dataset = iri(graphs.catalogue), iri(f"{graphs.base}dataset/clusters")
    target = "DEFAULT" if endpoint.dialect.has_default_graph else f"GRAPH {iri(graphs.current)}"
    copies = [f"ADD GRAPH {iri(graphs.named(name))} TO {target}" for name in names]
    listed = [
        f"{catalogue} <{RDF}type> <{DCAT}Catalog>",
        f"{catalogue} <{DCAT}dataset> {release}",
        f"{catalogue} {_current(graphs)} {release}",
        f"{dataset} <{DCT}hasVersion> {release}",
        f"{release} <{DCAT}version> {plain(graphs.version)}",
    ]
    return " ;\n".join(
        [
            f"DROP SILENT {target}",
            *copies,
            f"DELETE WHERE {{ GRAPH {catalogue} {{ {catalogue} {_current(graphs)} ?release }} }}",
            f"INSERT DATA {{ GRAPH {catalogue} {{ {' . '.join(listed)} }} }}",
        ]
    )


def _current(graphs: Graphs) -> str:
    return iri(f"{graphs.base}model#currentRelease")


def _load_graph(
    path: Path, manifest: Mapping[str, Any], graph: str, name: str, triples: int, endpoint: Endpoint, progress: Progress
) -> int:
    """Send one graph unless the store holds it; returns the number of triples sent."""
    _check_file(path, manifest)
    if endpoint.count(graph) == triples:
        progress(name, triples, triples)
        return 0
    endpoint.update(f"DROP SILENT GRAPH {iri(graph)}", f"emptying <{graph}>")
    sent = 0
    for number, (part, lines) in enumerate(parts(path), start=1):
        endpoint.add(graph, part, f"graph {name}, part {number}")
        sent += lines
        progress(name, sent, triples)
    found = endpoint.count(graph)
    if found != triples:
        raise ServerError(
            f"{endpoint.url}: <{graph}> holds {found} triples after loading, the manifest says {triples}",
            "Nothing was switched; load again, and see the server's log if it stays so.",
        )
    return sent


def _check_file(path: Path, manifest: Mapping[str, Any]) -> None:
    stated = {file["name"]: file["sha256"] for file in manifest["files"]}.get(path.name)
    if not path.is_file() or sha256_of(path) != stated:
        raise InputError(str(path), "is not the file that the manifest lists", "Take the release from its origin again.")


def parts(path: Path, size: int = PART_BYTES) -> Iterator[tuple[bytes, int]]:
    """Runs of whole lines of a packed N-Triples file, of about ``size`` bytes, with their number of lines."""
    with gzip.open(path) as stream:
        while lines := stream.readlines(size):
            yield b"".join(lines), len(lines)
