"""Skills to clusters and clusters to NACE as sets of mappings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from esco_kg.config import Config
from esco_kg.model.clustering import Clustering
from esco_kg.model.mapping import Mapping, MappingSet
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import ReleaseInfo
from esco_kg.rdf.namespaces import NACE, SKOS
from esco_kg.scheme.inputs import skills_scheme
from esco_kg.scheme.iris import Iris, nace

SEMAPV = "https://w3id.org/semapv/vocab/"
# What placed a skill -> the justification that the Semantic Mapping Vocabulary has for it.
_JUSTIFICATIONS = {
    "data": "CompositeMatching",
    "forced": "ManualMappingCuration",
    "given": "UnspecifiedMatching",
    "must-link": "ManualMappingCuration",
    "rule": "BackgroundKnowledgeBasedMatching",
    "seed": "BackgroundKnowledgeBasedMatching",
    "text": "LexicalSimilarityThresholdMatching",
}
_PREDICATES = {
    "primary": f"{SKOS}broadMatch",
    "used-in": f"{SKOS}relatedMatch",
    "secondary": f"{SKOS}relatedMatch",
    "found-under": f"{SKOS}relatedMatch",
}


def mapping_sets(
    clustering: Clustering, pillar: Pillar, sectors: SectorLinks, config: Config, release: ReleaseInfo
) -> list[MappingSet]:
    """Skill to cluster, cluster to NACE section, and what experts rejected; a set may be empty.

    A skill has one ``skos:broadMatch``, its primary cluster, and a ``skos:relatedMatch`` for each further one; the
    confidence is the weight. A cluster has a ``skos:relatedMatch`` for each of its leading sections; the confidence is
    the section's share of its links to occupations.
    """
    iris = Iris.of(config, release.version)
    ends = _Ends(clustering, pillar, sectors, iris)
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
    to_sectors = replace(
        common,
        subject_source=common.object_source,
        subject_source_version=release.version,
        object_source=NACE.rstrip("/"),
        object_source_version="2.1",
    )
    return [
        _named(common, iris, "skill-cluster", "Skills to skill clusters", ends.placed()),
        _named(to_sectors, iris, "cluster-nace", "Skill clusters to leading NACE 2.1 sections", ends.leading()),
        _named(common, iris, "rejected", "Skills that decisions rejected from skill clusters", ends.rejected()),
    ]


class _Ends:
    """The mappings by their kinds; looks up the IRIs and labels of their ends."""

    def __init__(self, clustering: Clustering, pillar: Pillar, sectors: SectorLinks, iris: Iris) -> None:
        self._clustering, self._pillar, self._sectors = clustering, pillar, sectors
        self._clusters = {
            identifier: (iris.cluster(identifier)[1:-1], clustering.name(identifier))
            for identifier in clustering.clusters
        }

    def placed(self) -> Iterator[Mapping]:
        """Skills and the clusters they are in."""
        for a in self._clustering.allocations:
            justification = f"{SEMAPV}{_JUSTIFICATIONS[a.method]}"
            ends = self._skill(a.skill), _PREDICATES[a.rank], self._clusters[a.cluster]
            yield _mapping(*ends, justification, confidence=round(a.weight, 4), comment=a.decision)

    def rejected(self) -> Iterator[Mapping]:
        """Skills and the clusters they are not in, by an expert's word."""
        for x in self._clustering.rejections:
            comment = f"{x.decision}: {x.reason}" if x.reason else x.decision
            ends = self._skill(x.skill), _PREDICATES["primary"], self._clusters[x.cluster]
            yield _mapping(*ends, f"{SEMAPV}ManualMappingCuration", comment=comment, is_rejected=True)

    def leading(self) -> Iterator[Mapping]:
        """Clusters and the sections that stand out."""
        for identifier, profile in self._clustering.profiles.items():
            shares = {**profile.sections, **profile.divisions}
            for code in profile.leading:
                known = self._sectors.structure.get(code)
                sector = nace(code)[1:-1], _english(known.labels) if known else ""
                ends = self._clusters[identifier], f"{SKOS}relatedMatch", sector
                yield _mapping(*ends, f"{SEMAPV}MappingChaining", confidence=round(shares.get(code, 0.0), 4))

    def _skill(self, iri: str) -> tuple[str, str]:
        known = self._pillar.skills.get(iri)
        return iri, known.label() if known else ""


def _mapping(
    subject: tuple[str, str],
    predicate: str,
    target: tuple[str, str],
    justification: str,
    *,
    confidence: float | None = None,
    comment: str = "",
    is_rejected: bool = False,
) -> Mapping:
    return Mapping(*subject, predicate, *target, justification, confidence, comment, is_rejected)


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
