"""A release's clusters made of those that somebody gave, with experts' decisions over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from esco_kg.clusters.assembly import Assembly
from esco_kg.clusters.expertise import read_expertise
from esco_kg.clusters.given.identity import given_identities
from esco_kg.clusters.given.partition import GivenMethod
from esco_kg.clusters.nested import Nested
from esco_kg.clusters.regrouped import with_decisions
from esco_kg.clusters.verification import verified
from esco_kg.config import Config, read_config
from esco_kg.model.clustering import Clustering, Origin
from esco_kg.model.expertise import Expertise
from esco_kg.model.given import GivenClusters
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import Published
from esco_kg.words import said


def given_clustering(
    given: GivenClusters,
    pillar: Pillar,
    sectors: SectorLinks,
    config: Config,
    *,
    previous: Published | None,
    expertise_folder: Path,
    version: str,
    issued: str,
    complete: bool = False,
) -> Clustering:
    """The clusters as given. Precedence: forced > links > given > seed > data; each given allocation that a line moves
    is named among the details.

    Frames and names of ``curation/`` are for clusters that the program makes, and are not used. Raises InputError as
    :func:`esco_kg.clusters.cluster`, and where an id of the clusters was retired.
    """
    read = read_expertise(expertise_folder, pillar, previous, given)
    expertise, given_way = _without_seeds(replace(read, frames=[], names=[], contents={}), given)
    config = _with_level_names(config, given)
    method = GivenMethod(given, complete=complete)
    without = method(pillar, sectors, config.clusters, previous, expertise)
    anchor = {skill: membership.cluster for skill, membership in given.primary().items()}
    partition = with_decisions(without, expertise, pillar, anchor, given.parents())
    nested = Nested(partition, pillar)
    identities = given_identities(nested, given, previous, version)
    apart = without if expertise.decisions else None
    found = Assembly(nested, sectors, config, identities, expertise, apart, previous, issued, given).clustering()
    found.details += given_way + verified(found, expertise, {})
    found.origin = _origin(given, method.how, partition, pillar, config)
    found.statements = [
        *_said(found.origin, given),
        *_levels_told(config, len(partition.parents) + 1),
        *found.statements,
    ]
    found.details += _left_out(found.origin, pillar)
    return found


def _with_level_names(config: Config, given: GivenClusters) -> Config:
    """The settings with the level names that came with the clusters, where ``release.toml`` has none for so many
    levels."""
    own, depth = config.clusters.level_names, max(len(given.chain(identifier)) for identifier in given.clusters)
    has_own = own != read_config().clusters.level_names and all(len(names) == depth for names in own.values())
    if has_own or not given.level_names:
        return config
    return replace(config, clusters=replace(config.clusters, level_names=given.level_names))


def _without_seeds(expertise: Expertise, given: GivenClusters) -> tuple[Expertise, list[str]]:
    """The lines without the seeds of given skills, which give way, and sentences on these."""
    primary = given.primary()
    kept, said = [], []
    for decision in expertise.decisions:
        theirs = [skill for skill in decision.skills if skill in primary] if decision.kind == "seed" else []
        said += [f"{decision.place} (seed) gave way to {primary[skill].place}: {skill}." for skill in theirs]
        open_skills = tuple(skill for skill in decision.skills if skill not in theirs)
        if open_skills:
            kept.append(replace(decision, skills=open_skills))
    return replace(expertise, decisions=kept), said


def _origin(
    given: GivenClusters, how: Mapping[str, str], partition: Partition, pillar: Pillar, config: Config
) -> Origin:
    """What ``release.toml`` says of clusters of one's own is not true of the official ones."""
    primary, is_own = given.primary(), given.kind != "official"
    return Origin(
        kind=given.kind,
        by=(config.made_by if is_own else "") or given.by or config.publisher,
        how=dict((config.how if is_own else {}) or how),
        sources=tuple(given.sources),
        unallocated=tuple(sorted(pillar.skills.keys() - set(partition.skills))),
        completed=sum(skill not in primary for skill in partition.skills),
    )


def _said(origin: Origin, given: GivenClusters) -> list[str]:
    found: list[str] = []
    if origin.unallocated:
        found.append(said("said_unallocated", n=len(origin.unallocated)))
    if origin.completed:
        found.append(said("said_completed", n=origin.completed))
    return found


def _levels_told(config: Config, levels: int) -> list[str]:
    """A sentence where ``release.toml`` names another number of levels; see :class:`Assembly`."""
    named = {len(names) for names in config.clusters.level_names.values()}
    if named <= {levels} or config.clusters.level_names == read_config().clusters.level_names:
        return []
    numbers = ", ".join(map(str, sorted(named)))
    return [said("said_levels", named=numbers, n=levels)]


def _left_out(origin: Origin, pillar: Pillar) -> list[str]:
    return [f"In no cluster: “{pillar.skills[skill].label()}” ({skill})." for skill in origin.unallocated]
