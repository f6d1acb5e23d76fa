"""Clusters of a release that this toolkit made, of whatever publisher."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph

from esco_kg.clusters.given.skills import SkillLookup
from esco_kg.folder.graphs import unpacked
from esco_kg.folder.reading import cluster_path, read_manifest, table_file
from esco_kg.folder.tables import read_table
from esco_kg.folder.verify import refuse_altered
from esco_kg.model.given import GivenCluster, GivenClusters, GivenMembership
from esco_kg.model.partition import FOUND_UNDER
from esco_kg.rdf.namespaces import SKOS, XKOS

_TEXTS = {"prefLabel": "labels", "definition": "definitions", "scopeNote": "scope_notes"}


def from_release(folder: Path, skills: SkillLookup) -> GivenClusters:
    """Clusters, names, notes and memberships as published; the IRIs are those of the release. Texts that a program
    wrote for its publisher are left open, to be written again.

    Clusters that a skill is only found under are left out: their weights are no shares of the skill. Raises InputError
    where the release is damaged or not as published.
    """
    refuse_altered(folder)
    manifest = read_manifest(folder)
    clusters = {}
    table = table_file(folder, manifest["version"], "clusters")
    for line, row in read_table(table):
        cluster = GivenCluster(row["id"], row["parent"], place=f"{table.name}:{line}")
        cluster.iri = f"{manifest['base_iri']}{cluster_path(manifest)}{row['id']}"
        clusters[cluster.id] = cluster
    _add_texts(folder, {cluster.iri: cluster for cluster in clusters.values()}, f"{manifest['base_iri']}model#filled")
    memberships = []
    table = table_file(folder, manifest["version"], "allocations")
    for line, row in read_table(table):
        place = f"{table.name}:{line}"
        if row["rank"] == FOUND_UNDER:
            continue
        if skill := skills.find(row["skill"], place):
            rank = 1 if row["rank"] == "primary" else 2
            memberships.append(GivenMembership(skill, row["cluster"], float(row["weight"]), rank, place))
    settings, origin = manifest.get("settings", {}), manifest.get("origin") or {}
    given = GivenClusters("release", clusters, memberships)
    given.by = origin.get("by") or settings.get("publisher", {}).get("name", "")
    title = next(iter(settings.get("scheme", {}).get("title", {}).values()), manifest["base_iri"])
    given.how = f"The clusters are those of release {manifest['version']} of “{title}” ({manifest['base_iri']})."
    names = settings.get("clusters", {}).get("level_names", {})
    given.level_names = {
        language: {int(depth): name for depth, name in levels.items()} for language, levels in names.items()
    }
    return given


def _add_texts(folder: Path, clusters: Mapping[str, GivenCluster], filled: str) -> None:
    """Labels and notes from the graph: the table does not have them all."""
    alternative: dict[tuple[str, str], set[str]] = {}
    open_texts: set[tuple[str, str]] = set()
    with tempfile.TemporaryDirectory(prefix="esco-kg-") as scratch:
        path = unpacked(folder, Path(scratch), only=("clusters",))["clusters"]
        for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.N_TRIPLES):
            subject, value = quad.subject, quad.object
            if not isinstance(subject, pyoxigraph.NamedNode) or not isinstance(value, pyoxigraph.Literal):
                continue
            cluster, name = clusters.get(subject.value), quad.predicate.value.removeprefix(SKOS)
            if cluster is None:
                continue
            if quad.predicate.value == filled:
                open_texts.add((subject.value, value.value))
            elif name == "altLabel":
                alternative.setdefault((subject.value, value.language or ""), set()).add(value.value)
            elif name in _TEXTS:
                getattr(cluster, _TEXTS[name])[value.language or ""] = value.value
            elif quad.predicate.value == f"{XKOS}exclusionNote":
                cluster.exclusion_notes[value.language or ""] = value.value
    for (iri, language), labels in sorted(alternative.items()):
        clusters[iri].alt_labels[language] = tuple(sorted(labels))
    for iri, text in open_texts:
        kind, _, language = text.rpartition("_")
        getattr(clusters[iri], f"{kind}s").pop(language, None)
