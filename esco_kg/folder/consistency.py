"""Whether what a release says of itself agrees: manifest, catalogue, tables, graphs and names, each against the others.

Hashes show that files are those of the manifest; only this shows a manifest that was edited, too. Nothing here is taken
on trust: a damaged catalogue or table is a deviation, as everything else is.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox

from esco_kg.errors import EscoKgError
from esco_kg.folder import serialisations
from esco_kg.folder.manifest import own_sha256
from esco_kg.folder.reading import MANIFEST, cluster_path, graph_file, version_key
from esco_kg.folder.tables import read_table
from esco_kg.rdf.namespaces import DCAT, DCT, PROV, VOID

_SPDX = "http://spdx.org/rdf/terms#"
_KEYS = {
    "base_iri": str, "changes": dict, "curation": list, "esco_version": str, "files": list, "fingerprint": str,
    "format": str, "graphs": dict, "inputs": list, "issued": str, "languages": list, "measures": dict,
    "method_sha256": str, "names": dict, "own_sha256": str, "parameters": dict,
    "previous": str, "settings": dict, "software": dict, "validation": dict, "version": str,
}  # fmt: skip
_NAMED = re.compile(r"esco-kg-([0-9][^-/]*)-([a-z]+)\.(nt\.gz|ttl|jsonld|rdf\.gz)")
_VERSIONED = re.compile(r"(?:^|/)esco-kg-([0-9]+\.[0-9]+\.[0-9]+)-")

_LARGEST = 256 << 20  # bytes of a catalogue: that of ESCO has 2 MB; a small file may unpack to any size

Found = Iterator[tuple[str, str, str]]
"""Kind, name and message of deviations."""


class _Listed(NamedTuple):
    bytes: str
    sha256: str


def contradictions(folder: Path, manifest: Mapping[str, Any]) -> Found:
    """What of the release contradicts something else of it; files that are missing are reported elsewhere."""
    wrong = [key for key, kind in _KEYS.items() if not isinstance(manifest.get(key), kind)]
    for key in wrong:
        yield "manifest", MANIFEST, f"its {key} is missing or of another type"
    if wrong:
        return
    if manifest["own_sha256"] != own_sha256(manifest):
        yield "manifest", MANIFEST, "it is not as it was written: its own checksum is another one"
    yield from _names(folder, manifest)
    yield from _catalogue(folder, manifest)
    yield from _forms_of_the_catalogue(folder, manifest)
    yield from _triples(folder, manifest)
    yield from _tables(folder, manifest)


def unreadable_forms(folder: Path, version: str) -> Found:
    """Serialisations that cannot be read, or say another thing than their graph's N-Triples; takes the longest."""
    packed = sorted(path.name.removesuffix(".nt.gz") for path in folder.glob(f"esco-kg-{version}-*.nt.gz"))
    for stem in (*packed, "validation"):
        for name, problem in serialisations.problems(folder, stem):
            yield "graph", name, problem


def _names(folder: Path, manifest: Mapping[str, Any]) -> Found:
    version = manifest["version"]
    names = {str(file["name"]) for file in manifest["files"]}
    for name in sorted(names):
        found = _VERSIONED.search(name)
        if found and found[1] != version:
            yield "manifest", MANIFEST, f"its version is {version}, and it lists {name}"
    if _is_version(folder.resolve().name) and folder.resolve().name != version:
        yield "folder", folder.resolve().name, f"the folder is named so, and the release in it is {version}"
    graphs = {found[2] for name in names if (found := _NAMED.fullmatch(name))}
    for graph in sorted(graphs ^ set(manifest["graphs"]) | ({"catalogue", "clusters"} - graphs)):
        where = "is in no file" if graph not in graphs else "stands in files and not among the graphs"
        yield "manifest", MANIFEST, f"the graph {graph} {where}"
    if manifest["settings"].get("scheme", {}).get("base_iri") != manifest["base_iri"]:
        yield "manifest", MANIFEST, f"its base IRI {manifest['base_iri']} is not that of its settings"


def _is_version(name: str) -> bool:
    try:
        version_key(name)
    except ValueError:
        return False
    return True


class _Graph:
    """A small graph in memory, asked by subject and predicate."""

    def __init__(self, path: Path) -> None:
        self._store = ox.Store()
        with gzip.open(path) as stream:
            data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise ValueError(f"it unpacks to more than {_LARGEST} bytes")
        self._store.bulk_load(data, format=ox.RdfFormat.N_TRIPLES)

    def __len__(self) -> int:
        return len(self._store)

    def values(self, subject: str, predicate: str) -> list[str]:
        """Lexical forms and IRIs, sorted."""
        quads = self._store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)
        return sorted(quad.object.value for quad in quads if not isinstance(quad.object, ox.Triple))


def _catalogue(folder: Path, manifest: Mapping[str, Any]) -> Found:
    path = graph_file(folder, manifest["version"], "catalogue")
    if not path.is_file():
        return
    try:
        graph = _Graph(path)
        base, version = manifest["base_iri"], manifest["version"]
        release = f"{base}release/{version}"
        said = {
            "version": (graph.values(release, f"{DCAT}version"), [version]),
            "issued": (graph.values(release, f"{DCT}issued"), [manifest["issued"]]),
            "esco_version": (graph.values(release, f"{DCT}source"), [f"{base}dataset/esco-{manifest['esco_version']}"]),
            "previous": (
                graph.values(release, f"{DCAT}previousVersion"),
                [f"{base}release/{manifest['previous']}"] if manifest["previous"] else [],
            ),
            "graphs": (
                graph.values(release, f"{VOID}subset"),
                sorted(f"{release}/graph/{each}" for each in manifest["graphs"] if each != "catalogue"),
            ),
        }
        if len(graph) != manifest["graphs"]["catalogue"]["triples"]:
            yield (
                "graph",
                path.name,
                f"{len(graph)} triples, the manifest says {manifest['graphs']['catalogue']['triples']}",
            )
        for key, (there, here) in said.items():
            if there != here:
                yield "manifest", MANIFEST, f"its {key} is not what the catalogue says: {_other(there, here)}"
        yield from _inputs(graph, manifest, release)
        yield from _counts(graph, manifest, release)
        yield from _files(graph, manifest, release)
    except (SyntaxError, ValueError, OSError, EOFError, KeyError, TypeError) as error:
        yield "graph", path.name, f"cannot be read: {error}"


def _forms_of_the_catalogue(folder: Path, manifest: Mapping[str, Any]) -> Found:
    """The catalogue has size and hash of every file but its own: its forms are compared with one another."""
    stem = f"esco-kg-{manifest['version']}-catalogue"
    listed = {str(file["name"]) for file in manifest["files"]}
    for name in sorted({f"{stem}.{end}" for end in serialisations.FORMATS} - listed):
        yield "manifest", MANIFEST, f"it does not list {name}"
    for name, problem in serialisations.problems(folder, stem):
        yield "graph", name, problem


def _inputs(graph: _Graph, manifest: Mapping[str, Any], release: str) -> Found:
    """The catalogue names the tables that were read, the manifest the experts' decisions as well."""
    start = f"{manifest['base_iri']}source/"
    there = {iri.removeprefix(start) for iri in graph.values(release, f"{PROV}wasDerivedFrom") if iri.startswith(start)}
    here = {source["sha256"] for source in manifest["inputs"]}
    decisions = {source["sha256"] for source in manifest["curation"]}
    for sha256 in sorted((there - here) | (here - decisions - there) | (decisions - here)):
        yield "manifest", MANIFEST, f"its inputs are not what the catalogue says: {sha256}"


def _other(there: list[str], here: list[str]) -> str:
    """One value that only one of the two has."""
    return (sorted(set(there) ^ set(here)) or ["one twice"])[0]


def _counts(graph: _Graph, manifest: Mapping[str, Any], release: str) -> Found:
    for each, entry in sorted(manifest["graphs"].items()):
        said = graph.values(f"{release}/graph/{each}", f"{VOID}triples")
        if each != "catalogue" and said != [str(entry["triples"])]:
            told = said[0] if said else "nothing"
            yield "manifest", MANIFEST, f"the graph {each} has {entry['triples']} triples, {told} by the catalogue"


def _files(graph: _Graph, manifest: Mapping[str, Any], release: str) -> Found:
    here = {str(f["name"]): _Listed(str(f["bytes"]), str(f["sha256"])) for f in manifest["files"]}
    there: dict[str, _Listed] = {}
    for iri in graph.values(release, f"{DCAT}distribution"):
        name = iri.removeprefix(f"{release}/file/")
        size = graph.values(iri, f"{DCAT}byteSize")
        there[name] = _Listed("".join(size), "".join(graph.values(f"{iri}/checksum", f"{_SPDX}checksumValue")))
    for name in sorted(there):
        if name not in here:
            yield "manifest", MANIFEST, f"it does not list {name}, which the catalogue lists"
        elif here[name] != there[name]:
            yield "manifest", MANIFEST, f"size or SHA-256 of {name} is not what the catalogue says"
    for name in sorted(set(here) - set(there)):
        if not name.startswith(f"esco-kg-{manifest['version']}-catalogue."):
            yield "manifest", MANIFEST, f"it lists {name}, which the catalogue does not list"


def _triples(folder: Path, manifest: Mapping[str, Any]) -> Found:
    for graph, entry in sorted(manifest["graphs"].items()):
        path = graph_file(folder, manifest["version"], graph)
        try:
            with gzip.open(path) as stream:
                count = sum(part.count(b"\n") for part in iter(lambda: stream.read(1 << 20), b""))
            if count != entry["triples"]:
                yield "graph", graph, f"{path.name} has {count} triples, the manifest says {entry['triples']}"
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            continue  # the file is missing or damaged, which its hash tells


def _tables(folder: Path, manifest: Mapping[str, Any]) -> Found:
    stem = f"esco-kg-{manifest['version']}"
    try:
        for name, entry in sorted(manifest["measures"].items()):
            path = folder / str(entry["file"])
            if path.is_file() and (rows := sum(1 for _ in read_table(path))) != entry["rows"]:
                yield "table", str(entry["file"]), f"{rows} rows, the manifest says {entry['rows']} of {name}"
        graph = folder / f"{stem}-clusters.nt.gz"
        if not graph.is_file():
            return
        clusters, allocations = _in_graph(graph, manifest["base_iri"], cluster_path(manifest))
        rows_ = {row["id"] for _, row in read_table(folder / f"{stem}-clusters.csv")}
        yield from _compared(f"{stem}-clusters.csv", rows_, clusters)
        pairs = {f"{row['cluster']} {row['skill']}" for _, row in read_table(folder / f"{stem}-allocations.csv")}
        yield from _compared(f"{stem}-allocations.csv", pairs, allocations)
        alive = {row["id"] for _, row in read_table(folder / f"{stem}-registry.csv") if not row["retired_in"]}
        yield from _compared(f"{stem}-registry.csv", alive, clusters)
    except (EscoKgError, OSError, EOFError, ValueError, KeyError, TypeError, csv.Error) as error:
        yield "table", stem, f"its tables cannot be read: {error}"


def _in_graph(path: Path, base: str, clusters_at: str) -> tuple[set[str], set[str]]:
    """Ids of the clusters that are in use, and cluster and skill of every allocation, in the graph ``clusters``."""
    level, in_use = f"<{base}{clusters_at}", f" <{base}model#skills> "  # a retired cluster has none
    allocation = f"<{base}allocation/"
    clusters: set[str] = set()
    of: dict[str, str] = {}
    skills: dict[str, str] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as stream:
        for line in stream:
            if line.startswith(level) and in_use in line:
                clusters.add(line[len(level) : line.index(">")])
            elif line.startswith(allocation):
                subject, predicate, term = line.split(" ", 2)
                if predicate.endswith("#targetConcept>"):
                    of[subject] = term[len(level) : term.index(">")]
                elif predicate.endswith("#sourceConcept>"):
                    skills[subject] = term[1 : term.index(">")]
    return clusters, {f"{of.get(subject, '')} {skills.get(subject, '')}" for subject in of.keys() | skills.keys()}


def _compared(name: str, table: Collection[str], graph: Collection[str]) -> Found:
    for only, has in ((set(table) - set(graph), "table"), (set(graph) - set(table), "graph clusters")):
        if only:
            yield "table", name, f"{len(only)} of its entries are in the {has} alone, the first: {min(only)}"
