"""Names, notes and sectors of given clusters: what the publisher wrote stands as it is, what is open is filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from esco_kg.clusters.given_names import GivenNames
from esco_kg.clusters.nested import Nested, Node
from esco_kg.errors import InputError
from esco_kg.model.clustering import Cluster, SectorProfile
from esco_kg.model.given import GivenCluster, GivenClusters
from esco_kg.model.pillar import SectorLinks

_TEXTS = {
    "label": "labels",
    "definition": "definitions",
    "scope_note": "scope_notes",
    "exclusion_note": "exclusion_notes",
}
_FIELDS = {"definition": "definitions", "scopeNote": "scope_notes", "exclusionNote": "exclusion_notes"}


def add_names(names: GivenNames, nested: Nested, ids: Mapping[Node, str], given: GivenClusters) -> None:
    """The labels of the publisher, before any name is made."""
    for node in nested.nodes:
        cluster = given.clusters[ids[node]]
        for language in nested.pillar.languages:
            if language in cluster.labels and not nested.is_repeated(node):
                names.labels[node][language] = cluster.labels[language]
                names.status[node][language] = "given"


def as_given(cluster: Cluster, given: GivenCluster, iri: str) -> Cluster:
    """The cluster with the publisher's texts in place of those of the program; ``filled`` names the others, but for
    names, whose status says who gave them.

    ``iri`` is that of the release. Alternative labels are the publisher's alone.
    """
    texts: dict[str, Any] = {}
    filled: list[str] = []
    for kind, name in _TEXTS.items():
        theirs, made = getattr(given, name), getattr(cluster, name)
        texts[name] = {language: text for language, text in made.items() if text} | theirs
        if kind != "label":
            filled += [f"{kind}_{language}" for language, text in made.items() if text and language not in theirs]
    return replace(
        cluster,
        **texts,
        alt_labels=dict(given.alt_labels),
        given_texts={(f, tag): t for f, name in _FIELDS.items() for tag, t in getattr(given, name).items()},
        name_status=dict(cluster.name_status) | dict.fromkeys(given.labels, "given"),
        name_concepts={tag: iri for tag, iri in cluster.name_concepts.items() if tag not in given.labels},
        iri=given.iri if given.iri != iri else "",
        filled=tuple(sorted(filled)),
    )


def with_sectors(profile: SectorProfile, given: GivenCluster, sectors: SectorLinks) -> SectorProfile:
    """The profile with the publisher's sectors as the leading ones. Raises InputError for an unknown code."""
    for code in given.sectors:
        if code not in sectors.structure:
            hint = "Write NACE 2.1 sections (C), divisions (24), groups (24.2) or classes (24.20)."
            raise InputError(given.place, f"{code!r} of {given.id} is no sector of NACE 2.1", hint)
    return replace(profile, leading=given.sectors) if given.sectors else profile
