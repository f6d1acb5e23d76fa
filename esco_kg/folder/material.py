"""A release read back as the material of a trial: ESCO's texts and links, the clusters, and who is in them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import cast

from esco_kg.errors import UsageError
from esco_kg.folder.pillar_graph import read_pillar
from esco_kg.folder.reading import graph_file, main_language, read_manifest, table_file
from esco_kg.folder.tables import read_allocations, read_table
from esco_kg.model.clustering import Allocation, Branch, Cluster, SectorProfile
from esco_kg.model.pillar import Concept, Language, Necessity, Occupation, Pillar, Skill, SkillGroup


@dataclass
class Material:
    """One release in the language of a trial (and in English, where labels fall back to it).

    ``parents`` maps a skill or skill group to the IRIs of its broader groups, ``needs`` an occupation to its
    (skill, necessity) pairs. All IRIs are plain ``str``.
    """

    folder: Path
    version: str
    esco_version: str
    base_iri: str
    language: Language
    languages: tuple[Language, ...]
    skills: dict[str, Skill] = field(default_factory=dict)
    groups: dict[str, SkillGroup] = field(default_factory=dict)
    occupations: dict[str, Occupation] = field(default_factory=dict)
    isco: dict[str, str] = field(default_factory=dict)  # ISCO-08 code -> label
    parents: dict[str, list[str]] = field(default_factory=dict)
    needs: dict[str, list[tuple[str, Necessity]]] = field(default_factory=dict)
    clusters: dict[str, Cluster] = field(default_factory=dict)
    allocations: list[Allocation] = field(default_factory=list)
    profiles: dict[str, SectorProfile] = field(default_factory=dict)
    main_language: Language = "en"

    @cached_property
    def depth(self) -> int:
        """The finest level's depth."""
        return max((cluster.depth for cluster in self.clusters.values()), default=0)

    @cached_property
    def finest(self) -> frozenset[str]:
        """The clusters without clusters below: those that skills are in, also where a branch ends above the finest
        level."""
        above = {cluster.parent for cluster in self.clusters.values()}
        return frozenset(self.clusters.keys() - above)

    @cached_property
    def primary(self) -> dict[str, Allocation]:
        """Skill -> its primary allocation."""
        return {a.skill: a for a in self.allocations if a.rank == "primary"}

    @cached_property
    def has_margins(self) -> bool:
        """Whether any skill was placed by data; given clusters have no margins."""
        return any(allocation.margin is not None for allocation in self.primary.values())

    @cached_property
    def memberships(self) -> dict[str, list[Allocation]]:
        """Skill -> all its allocations, as the release has them."""
        found: dict[str, list[Allocation]] = defaultdict(list)
        for allocation in self.allocations:
            found[allocation.skill].append(allocation)
        return dict(found)

    @cached_property
    def occupations_of(self) -> dict[str, list[str]]:
        """Skill -> the occupations that need it, those that find it essential first."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for occupation, needs in self.needs.items():
            for skill, necessity in needs:
                found[skill].append((necessity, occupation))
        return {skill: [occupation for _, occupation in sorted(pairs)] for skill, pairs in found.items()}

    def path(self, cluster: str) -> list[str]:
        """Ids from the top level down to this cluster."""
        found: list[str] = []
        at: str | None = cluster
        while at is not None:
            found.append(at)
            at = self.clusters[at].parent
        return found[::-1]

    def at_level(self, cluster: str, level: int) -> str:
        """The cluster of this level that holds the cluster; one that ends above the level stands for itself."""
        path = self.path(cluster)
        return path[min(level, len(path)) - 1]

    def label(self, identifier: str) -> str:
        """The label of a cluster id, or of a skill's, group's or occupation's IRI, in the trial's language."""
        cluster = self.clusters.get(identifier)
        if cluster:
            return cluster.labels.get(self.language) or cluster.labels.get(self.main_language, "")
        concept: Concept | None = (
            self.skills.get(identifier) or self.groups.get(identifier) or self.occupations.get(identifier)
        )
        return concept.label(self.language) if concept else ""

    def skills_by_label(self) -> dict[str, list[str]]:
        """Every label (any kind, lower case) and every IRI -> the skills that have it; preferred labels win."""
        preferred: dict[str, list[str]] = defaultdict(list)
        others: dict[str, list[str]] = defaultdict(list)
        for iri, skill in self.skills.items():
            preferred[iri].append(iri)
            for texts in skill.texts.values():
                preferred[texts.pref.casefold()].append(iri)
                for label in (*texts.alt, *texts.hidden):
                    others[label.casefold()].append(iri)
        merged = {label: sorted(set(iris)) for label, iris in others.items()}
        return merged | {label: sorted(set(iris)) for label, iris in preferred.items()}


def read_material(folder: Path, language: Language = "en") -> Material:
    """Read a release folder. Raises InputError for a missing or damaged file, UsageError for an unknown language."""
    manifest = read_manifest(folder)
    version, languages = manifest["version"], tuple(manifest.get("languages", ()))
    if language not in languages:
        raise UsageError(
            f"release {version} has no texts in {language!r}", f"It has {', '.join(languages)}; give one of them."
        )
    pillar = read_pillar(graph_file(folder, version, "pillar"), manifest["esco_version"], (language,))
    found = Material(folder, version, manifest["esco_version"], manifest["base_iri"], language, languages)
    found.main_language = main_language(manifest)
    _add_pillar(found, pillar)
    _add_clusters(found)
    return found


def _add_pillar(found: Material, pillar: Pillar) -> None:
    found.skills, found.groups, found.occupations = pillar.skills, pillar.skill_groups, pillar.occupations
    found.isco = {group.code: group.label(found.language) for group in pillar.isco_groups.values()}
    for child, parent in (*pillar.skill_broader, *pillar.occupation_broader):
        found.parents.setdefault(child, []).append(parent)
    found.needs = {occupation: [] for occupation in pillar.occupations}
    for occupation, skill, necessity in pillar.occupation_skills:
        found.needs[occupation].append((skill, necessity))


def _add_clusters(found: Material) -> None:
    profiles: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: {"section": {}, "division": {}})
    for _, row in read_table(table_file(found.folder, found.version, "sector-profile")):
        profiles[row["cluster"]][row["level"]][row["nace"]] = float(row["share"])
    for _, row in read_table(table_file(found.folder, found.version, "clusters")):
        identifier = row["id"]
        found.clusters[identifier] = Cluster(
            id=identifier,
            depth=int(row["depth"]),
            parent=row["parent"] or None,
            branch=cast(Branch, row["branch"]),
            labels={key[6:]: text for key, text in row.items() if key.startswith("label_") and text},
            definitions={key[11:]: text for key, text in row.items() if key.startswith("definition_") and text},
        )
        if row["sector_concentration"]:
            found.profiles[identifier] = SectorProfile(
                identifier,
                profiles[identifier]["section"],
                profiles[identifier]["division"],
                float(row["sector_unreached"]),
                float(row["sector_concentration"]),
                tuple(row["leading_sectors"].split()),
            )
    found.allocations = list(read_allocations(found.folder, found.version, found.clusters, found.skills))
