"""Skills to clusters and clusters to NACE as sets of mappings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from esco_kg.config import Config
from esco_kg.model.clustering import Clustering
from esco_kg.model.mapping import Mapping, MappingSet
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import ReleaseInfo
from esco_kg.namespaces import NACE, SKOS
from esco_kg.scheme.inputs import skills_scheme
from esco_kg.scheme.iris import Iris, nace

SEMAPV = "https://w3id.org/semapv/vocab/"
# What placed a skill -> the justification that the Semantic Mapping Vocabulary has for it.
_JUSTIFICATIONS = {
    "data": "CompositeMatching",
    "forced": "ManualMappingCuration",
    "must-link": "ManualMappingCuration",
    "rule": "BackgroundKnowledgeBasedMatching",
    "seed": "BackgroundKnowledgeBasedMatching",
    "text": "LexicalSimilarityThresholdMatching",
}
_PREDICATES = {"primary": f"{SKOS}broadMatch", "secondary": f"{SKOS}relatedMatch"}


def mapping_sets(
    clustering: Clustering, pillar: Pillar, sectors: SectorLinks, config: Config, release: ReleaseInfo
) -> list[MappingSet]:
    """Skill to cluster, cluster to NACE section, and what experts rejected; a set may be empty.

    A skill has one ``skos:broadMatch``, its primary cluster, and a ``skos:relatedMatch`` for each further one; the
    confidence is the weight. A cluster has a ``skos:relatedMatch`` for each of its leading sections; the confidence is
    the section's share of its links to occupations.
    """
    iris = Iris(config.base_iri, release.version)
    labels = {identifier: _english(cluster.labels) for identifier, cluster in clustering.clusters.items()}
    clusters = {identifier: iris.cluster(identifier)[1:-1] for identifier in clustering.clusters}
    common = MappingSet(
        name="",
        iri="",
        title="",
        description="",
        version=release.version,
        date=release.issued,
        licence=config.licence,
        tool=release.software,
        subject_source=skills_scheme(pillar),
        subject_source_version=release.esco_version,
        object_source=iris.scheme()[1:-1],
        object_source_version=release.version,
        mappings=(),
    )

    def skill_label(skill: str) -> str:
        return pillar.skills[skill].label() if skill in pillar.skills else ""

    placed = [
        Mapping(
            subject=a.skill,
            subject_label=skill_label(a.skill),
            predicate=_PREDICATES[a.rank],
            object=clusters[a.cluster],
            object_label=labels[a.cluster],
            justification=f"{SEMAPV}{_JUSTIFICATIONS[a.method]}",
            confidence=round(a.weight, 4),
            comment=a.decision,
        )
        for a in clustering.allocations
    ]
    refused = [
        Mapping(
            subject=x.skill,
            subject_label=skill_label(x.skill),
            predicate=_PREDICATES["primary"],
            object=clusters[x.cluster],
            object_label=labels[x.cluster],
            justification=f"{SEMAPV}ManualMappingCuration",
            comment=f"{x.decision}: {x.reason}" if x.reason else x.decision,
            is_rejected=True,
        )
        for x in clustering.rejections
    ]
    leading = [
        Mapping(
            subject=clusters[identifier],
            subject_label=labels[identifier],
            predicate=f"{SKOS}relatedMatch",
            object=nace(code)[1:-1],
            object_label=_english(sectors.structure[code].labels) if code in sectors.structure else "",
            justification=f"{SEMAPV}MappingChaining",
            confidence=round({**profile.sections, **profile.divisions}.get(code, 0.0), 4),
        )
        for identifier, profile in clustering.profiles.items()
        for code in profile.leading
    ]
    return [
        _named(common, iris, "skill-cluster", "Skills to skill clusters", placed),
        replace(
            _named(common, iris, "cluster-nace", "Skill clusters to leading NACE 2.1 sections", leading),
            subject_source=common.object_source,
            subject_source_version=release.version,
            object_source=NACE.rstrip("/"),
            object_source_version="2.1",
        ),
        _named(common, iris, "rejected", "Skills that experts rejected from skill clusters", refused),
    ]


def _named(common: MappingSet, iris: Iris, name: str, title: str, mappings: Iterable[Mapping]) -> MappingSet:
    ordered = sorted(mappings, key=lambda m: (m.subject, m.predicate, m.object, m.comment))
    description = f"{title}, as in release {common.version}."
    return replace(
        common,
        name=name,
        iri=iris.download(f"sssom/{name}.sssom.tsv")[1:-1],
        title=title,
        description=description,
        mappings=tuple(ordered),
    )


def _english(labels: dict[str, str]) -> str:
    return labels.get("en") or next(iter(labels.values()), "")
