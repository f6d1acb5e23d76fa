"""A release read back for a study: its ESCO as it was when the release was made, its clusters, how it was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from esco_kg.errors import InputError, UsageError
from esco_kg.esco.sectors import read_sectors
from esco_kg.evaluation.subjects import Levels, of_memberships, paths_to
from esco_kg.folder.material import unit_group
from esco_kg.folder.pillar_graph import GraphLines, read_graph_lines
from esco_kg.folder.reading import published_releases, read_manifest, read_published, read_table, version_key
from esco_kg.model.partition import SHARES
from esco_kg.model.pillar import (
    IscoGroup,
    Necessity,
    Occupation,
    Pillar,
    ReuseLevel,
    SectorLinks,
    Skill,
    SkillGroup,
    SkillType,
)
from esco_kg.model.published import Published
from esco_kg.rdf.namespaces import ESCO

# The thematic lists that put skills into branches of their own, by the end of the IRI that ESCO gives them.
_LISTS = {
    "green": "green",
    "digital": "digital",
    "6c930acd-c104-4ece-acf7-f44fd7333036": "digital",
    "skill-transversal-groups": "transversal",
    "skill-language-groups": "language",
    "research": "research",
    "digcomp": "digcomp",
}


@dataclass(slots=True)
class Release:
    """A release as published, and what it was made with. ``earlier`` are the releases before it, oldest first."""

    folder: Path
    manifest: dict[str, Any]
    published: Published
    earlier: list[Published]

    @property
    def name(self) -> str:
        """How tables call it."""
        return f"release {self.published.version}"

    @property
    def previous(self) -> Published | None:
        """The release that this one started from."""
        wanted = self.manifest.get("previous") or ""
        return next((release for release in self.earlier if release.version == wanted), None)


def read_release(folder: Path, others: Sequence[Path] = ()) -> Release:
    """A release with those before it: the releases beside it, and ``others`` that have its base IRI."""
    manifest = read_manifest(folder)
    found = {
        release.version: release.folder
        for release in published_releases(folder.absolute().parent, manifest["base_iri"])
    }
    for other in others:
        told = read_manifest(other)
        if told["base_iri"] == manifest["base_iri"]:
            found.setdefault(told["version"], other)
    own = version_key(manifest["version"])
    before = sorted((v for v in found if version_key(v) < own), key=version_key)
    return Release(folder, manifest, read_published(folder), [read_published(found[v]) for v in before])


def read_esco(release: Release) -> Pillar:
    """The pillar as the release republishes it: all that clusters are made from.

    Raises InputError for a damaged file.
    """
    languages = tuple(release.manifest["languages"])
    lines = read_graph_lines(release.folder / f"esco-kg-{release.published.version}-pillar.nt.gz", {*languages, "en"})
    found = Pillar(release.published.esco_version, languages)
    _add_concepts(found, lines)
    links = lines.links
    known = found.skills.keys() | found.skill_groups.keys()
    for child, parents in links["broader"].items():
        pairs = [(child, parent) for parent in parents]
        (found.skill_broader if child in known else found.occupation_broader).extend(pairs)
    necessities: tuple[Necessity, ...] = ("essential", "optional")
    for necessity in necessities:
        for owner, skills in links[necessity].items():
            triples = [(owner, skill, necessity) for skill in skills]
            (found.occupation_skills if owner in found.occupations else found.skill_skills).extend(triples)
    for links_read in (found.skill_broader, found.occupation_broader):
        links_read.sort()
    for needs in (found.occupation_skills, found.skill_skills):
        needs.sort()
    found.lists = _lists(found, lines)
    if not found.skills:
        raise InputError(str(release.folder), "the graph of the pillar holds no skill")
    return found


def _add_concepts(found: Pillar, lines: GraphLines) -> None:
    links = lines.links
    parents = {iri: sorted(above) for iri, above in links["broader"].items()}
    for iri in sorted(links["type"]):
        kinds = links["type"][iri]
        texts, code = lines.texts(iri), lines.notations.get(iri, "")
        if f"{ESCO}Skill" in kinds:
            kind, reuse = (_last(links[name].get(iri)) for name in ("kind", "reuse"))
            found.skills[iri] = Skill(
                iri, texts, skill_type=cast(SkillType | None, kind), reuse_level=cast(ReuseLevel | None, reuse)
            )
        elif f"{ESCO}Occupation" in kinds:
            unit = unit_group(iri, parents, lines)
            found.occupations[iri] = Occupation(
                iri, texts, isco=unit, code=code, nace=tuple(links["nace"].get(iri, ()))
            )
        elif iri in lines.isco:
            found.isco_groups[iri] = IscoGroup(iri, texts, code=code)
        elif texts and not any(kind.endswith("#ConceptScheme") for kind in kinds):
            found.skill_groups[iri] = SkillGroup(iri, texts, code=code)


def _last(iris: list[str] | None) -> str | None:
    return iris[0].rpartition("/")[2] if iris else None


def _lists(found: Pillar, lines: GraphLines) -> dict[str, frozenset[str]]:
    members: dict[str, set[str]] = {}
    for skill in found.skills:
        for scheme in lines.links["scheme"].get(skill, ()):
            name = _LISTS.get(scheme.rpartition("/")[2])
            if name:
                members.setdefault(name, set()).add(skill)
    return {name: frozenset(skills) for name, skills in sorted(members.items())}


def read_sector_links(release: Release, pillar: Pillar, crosswalk: Path | None) -> SectorLinks:
    """Occupations' sectors, from the crosswalk or from ESCO's own column.

    Raises UsageError where the release knows sectors and nothing given does: clusters made without would be others.
    """
    found = read_sectors(pillar, crosswalk)
    if not found.known and any(True for _ in read_table(_table(release, "sector-profile"))):
        raise UsageError(
            f"{release.name} was made with a crosswalk of occupations to NACE, which it does not contain",
            "Give the same crosswalk with --nace FILE.",
        )
    return found


def read_levels(release: Release, pillar: Pillar) -> tuple[Levels, float]:
    """The release's clusters on the skills of ``pillar``, and the share of these skills that it places."""
    primary: dict[str, str] = {}
    shares: dict[str, dict[str, float]] = {}
    alike: dict[str, dict[str, float]] = {}
    for skill, cluster, rank, weight in _allocations(release):
        alike.setdefault(skill, {})[cluster] = 1.0
        if rank == "primary":
            primary[skill] = cluster
        if rank == "primary" or rank in SHARES:
            shares.setdefault(skill, {})[cluster] = weight
    parents = {cluster.id: cluster.parent for cluster in release.published.clusters.values()}
    paths = paths_to({cluster for of in alike.values() for cluster in of}, parents)
    placed = len(primary.keys() & pillar.skills.keys()) / len(pillar.skills)
    levels = of_memberships(pillar, primary, shares, paths)
    levels.sought = of_memberships(pillar, primary, alike, paths).soft
    return levels, placed


def _allocations(release: Release) -> Iterator[tuple[str, str, str, float]]:
    path = _table(release, "allocations")
    for line, row in read_table(path):
        try:
            yield row["skill"], row["cluster"], row["rank"], float(row["weight"])
        except ValueError:
            raise InputError(f"{path}:{line}", f"weight {row['weight']!r} is no number") from None


def labels_of(published: Published) -> list[dict[str, str]]:
    """Skill -> cluster at each level of an earlier release, coarsest first."""
    depths = sorted({cluster.depth for cluster in published.clusters.values()})
    return [published.at_level(depth) for depth in depths]


def _table(release: Release, name: str) -> Path:
    return release.folder / f"esco-kg-{release.published.version}-{name}.csv"
