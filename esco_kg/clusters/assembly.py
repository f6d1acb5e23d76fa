"""Everything that is known of the clusters, brought together under their ids."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from esco_kg.clusters.allocations import allocations, rejections
from esco_kg.clusters.effects import effects, unknown
from esco_kg.clusters.evidence import Evidence
from esco_kg.clusters.given.texts import add_names, as_given, with_sectors
from esco_kg.clusters.given_names import GivenNames, given_names
from esco_kg.clusters.identity import Identities
from esco_kg.clusters.names_report import names_report
from esco_kg.clusters.naming import Naming, name_clusters
from esco_kg.clusters.nested import Nested, Node
from esco_kg.clusters.phrases import has_phrases
from esco_kg.clusters.profiles import sector_profiles, typical_occupations, typical_skills
from esco_kg.clusters.relations import relations
from esco_kg.clusters.texts import TextWriter
from esco_kg.config import Config
from esco_kg.model.clustering import Cluster, Clustering, Level, SectorProfile
from esco_kg.model.content import content_sha256
from esco_kg.model.expertise import Expertise
from esco_kg.model.given import GivenClusters
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import SectorLinks
from esco_kg.model.published import Published, PublishedCluster
from esco_kg.words import said


@dataclass
class Assembly:
    """One clustering in the making. ``without`` is the partition without decisions, None where there are none;
    ``issued`` dates what is new or changed since the previous release; ``given`` are the publisher's own clusters."""

    nested: Nested
    sectors: SectorLinks
    config: Config
    identities: Identities
    expertise: Expertise
    without: Partition | None
    previous: Published | None
    issued: str
    given: GivenClusters | None = None

    def clustering(self) -> Clustering:
        """The whole result."""
        ids = self.identities.ids
        clusters = self._clusters()
        rejected = rejections(self.nested, ids, self.expertise)
        profiles = {
            ids[node]: replace(profile, cluster=ids[node])
            for node, profile in self._profiles.items()
            if not self.nested.is_repeated(node)
        }
        said, details = self._statements()
        found = Clustering(
            levels=self._levels(),
            clusters={identifier: clusters[identifier] for identifier in sorted(clusters)},
            allocations=allocations(self.nested, ids, self._current(), rejected),
            relations=relations(self.nested, ids),
            profiles={identifier: profiles[identifier] for identifier in sorted(profiles)},
            registry=[],
            events=self.identities.events,
            parameters=dict(self.nested.partition.parameters),
            statements=[*self.nested.partition.statements, *said],
            details=details,
            rejections=rejected,
            main_language=self.config.main_language,
        )
        self._date(found)
        found.registry = [
            replace(entry, label=found.name(entry.id)) if entry.id in clusters else entry
            for entry in self.identities.registry
        ]
        return found

    @cached_property
    def _profiles(self) -> dict[Node, SectorProfile]:
        found = sector_profiles(self.nested, self.sectors)
        if self.given:
            clusters, ids = self.given.clusters, self.identities.ids
            return {node: with_sectors(p, clusters[ids[node]], self.sectors) for node, p in found.items()}
        return found

    @cached_property
    def _evidence(self) -> Evidence:
        return Evidence(self.nested, self.config.main_language)

    @cached_property
    def _earlier(self) -> dict[Node, PublishedCluster]:
        before = self.previous.clusters if self.previous else {}
        return {node: before[i] for node, i in self.identities.ids.items() if i in before}

    @cached_property
    def _given(self) -> GivenNames:
        found = given_names(self.nested, self.expertise, self.config.names_overlap, self._earlier)
        if self.given:
            add_names(found, self.nested, self.identities.ids, self.given)
        return found

    @cached_property
    def _naming(self) -> Naming:
        earlier = {node: cluster.label for node, cluster in self._earlier.items()}
        return name_clusters(self._evidence, self.sectors, self._given, earlier)

    def _current(self) -> Expertise:
        """The lines with the successors of clusters that were retired now, where one adds a membership (``also``)."""
        heirs = {entry.id: entry.replaced_by for entry in self.identities.registry if entry.retired_in}
        lines = [
            replace(d, target=heirs[d.target][0]) if d.kind == "also" and heirs.get(d.target) else d
            for d in self.expertise.decisions
        ]
        return replace(self.expertise, decisions=lines)

    def _levels(self) -> list[Level]:
        """In every language that has a name for the level; in the main language its notation where there is none."""
        names, main = self.config.clusters.level_names, self.config.main_language
        if self.given and any(len(own) != len(self.nested.levels) for own in names.values()):
            names = {}  # names for another number of levels would be false here
        found = []
        for depth in (level.depth for level in self.nested.levels):
            labels = {language: levels[depth] for language, levels in names.items() if depth in levels}
            found.append(Level(depth, f"L{depth}", {main: f"L{depth}"} | labels))
        return found

    def _clusters(self) -> dict[str, Cluster]:
        nested, ids = self.nested, self.identities.ids
        typical = typical_occupations(nested)
        skills = typical_skills(nested, ids)
        writer = TextWriter(self._evidence, self._naming, self._given, skills, typical, self._profiles, self.sectors)
        found = {}
        for node in nested.nodes:
            if nested.is_repeated(node):
                continue
            above = nested.parent(node)
            texts = writer.texts(node)
            found[ids[node]] = Cluster(
                id=ids[node],
                depth=node[0],
                parent=ids[above] if above else None,
                branch=nested.partition.branches[nested.top(node)],
                labels=self._naming.labels[node],
                alt_labels=self._naming.alternatives[node],
                name_status=self._naming.status[node],
                name_concepts=self._naming.concepts[node],
                definitions=texts.definitions,
                scope_notes=texts.scope_notes,
                exclusion_notes=texts.exclusion_notes,
                given_texts=texts.given,
                occupations=typical[node],
            )
        if self.given:
            base = f"{self.config.base_iri}{self.config.cluster_path}"
            return {i: as_given(c, self.given.clusters[i], f"{base}{i}") for i, c in found.items()}
        return found

    def _date(self, found: Clustering) -> None:
        """``created`` and ``modified`` move only with the content."""
        for identifier, members in found.members().items():
            cluster = found.clusters[identifier]
            before = self.previous.clusters.get(identifier) if self.previous else None
            cluster.created = before.created if before else self.issued
            same = before is not None and before.content == content_sha256(cluster, members)
            cluster.modified = before.modified if before and same else self.issued

    def _statements(self) -> tuple[list[str], list[str]]:
        """What was missing, what experts changed, what of their input had no effect; and details by line."""
        pillar, expertise = self.nested.pillar, self.expertise
        told: list[str] = []
        details: list[str] = []
        if not self.sectors.known:
            told.append(said("said_no_sectors_given" if self.given else "said_no_sectors"))
        for language in pillar.languages:
            if not has_phrases(language):
                told.append(said("said_no_sentences", language=language))
        if self.without is not None:
            depth = self.nested.levels[-1].depth
            labels = [self._naming.label((depth, n)) for n in range(self.nested.levels[-1].size)]
            summary, lines = effects(expertise, self.nested.partition, self.without, labels, pillar)
            told, details = [*told, summary], [*details, *lines]
        summary, lines = unknown(expertise, pillar.version)
        told, details = [*told, *([summary] if summary else [])], [*details, *lines]
        named, lines = names_report(self._given, self._naming, self.identities.ids, self.config.names_overlap)
        return [*told, *named], [*details, *lines]
