"""A release read back as the material of a trial: ESCO's texts and links, the clusters, and who is in them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import cast

from esco_kg.errors import InputError, UsageError
from esco_kg.folder.pillar_graph import GraphLines, read_graph_lines
from esco_kg.folder.reading import main_language, read_manifest
from esco_kg.model.clustering import Allocation, Branch, Cluster, Rank, SectorProfile
from esco_kg.model.pillar import Concept, Language, Necessity, Occupation, Skill, SkillGroup
from esco_kg.rdf.namespaces import ESCO

_HINT = "Take the release from its origin again."


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
    stem = f"esco-kg-{version}"
    lines = read_graph_lines(folder / f"{stem}-pillar.nt.gz", {language, "en"})
    found = Material(folder, version, manifest["esco_version"], manifest["base_iri"], language, languages)
    found.main_language = main_language(manifest)
    _add_concepts(found, lines)
    _add_clusters(found, folder, stem)
    return found


def _add_concepts(found: Material, lines: GraphLines) -> None:
    types = lines.links["type"]
    found.parents = {iri: sorted(above) for iri, above in lines.links["broader"].items()}
    for iri in sorted(types):
        kinds = types[iri]
        if f"{ESCO}Skill" in kinds:
            found.skills[iri] = Skill(iri, lines.texts(iri))
        elif f"{ESCO}Occupation" in kinds:
            found.occupations[iri] = Occupation(
                iri, lines.texts(iri), code=lines.notations.get(iri, ""), isco=unit_group(iri, found.parents, lines)
            )
            needs = [(skill, "essential") for skill in lines.links["essential"].get(iri, ())]
            needs += [(skill, "optional") for skill in lines.links["optional"].get(iri, ())]
            found.needs[iri] = cast("list[tuple[str, Necessity]]", sorted(needs))
        elif iri in lines.isco:
            texts = lines.texts(iri)
            found.isco[lines.notations[iri]] = Concept(iri, texts).label(found.language)
        elif iri in lines.labels and not any(kind.endswith("#ConceptScheme") for kind in kinds):
            found.groups[iri] = SkillGroup(iri, lines.texts(iri), code=lines.notations.get(iri, ""))


def unit_group(occupation: str, parents: dict[str, list[str]], lines: GraphLines) -> str:
    """The 4-digit code of the unit group above; an occupation may stand below another one."""
    above = list(parents.get(occupation, ()))
    while above:
        here = above.pop(0)
        if here in lines.isco:
            return lines.notations[here]
        above += parents.get(here, ())
    return ""


def _add_clusters(found: Material, folder: Path, stem: str) -> None:
    profiles: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: {"section": {}, "division": {}})
    for row in _table(folder / f"{stem}-sector-profile.csv"):
        profiles[row["cluster"]][row["level"]][row["nace"]] = float(row["share"])
    for row in _table(folder / f"{stem}-clusters.csv"):
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
    found.allocations = [
        Allocation(
            *(row["skill"], row["cluster"], cast(Rank, row["rank"]), float(row["weight"])),
            float(row["margin"]) if row["margin"] else None,
            *(row["runner_up"] or None, row["method"], row["decision"]),
        )
        for row in _table(folder / f"{stem}-allocations.csv")
    ]
    _check(found.allocations, found, folder / f"{stem}-allocations.csv")


def _check(allocations: Iterable[Allocation], found: Material, path: Path) -> None:
    for line, allocation in enumerate(allocations, 2):
        if allocation.cluster not in found.clusters:
            raise InputError(f"{path}:{line}", f"cluster {allocation.cluster} is not in the table of clusters", _HINT)
        if allocation.skill not in found.skills:
            raise InputError(f"{path}:{line}", f"skill {allocation.skill} is not in the pillar graph", _HINT)


def _table(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            yield from csv.DictReader(stream)
    except FileNotFoundError:
        raise InputError(str(path), "the release lacks this table", _HINT) from None
