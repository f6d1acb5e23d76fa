"""What is evaluated: a release, somebody's table of skills and clusters, the official levels, a random partition."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from esco_kg.errors import InputError
from esco_kg.evaluation.groups import Groups, from_partition, from_shares, official
from esco_kg.model.clustering import Clustering
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import Pillar

UNPLACED = ""
"""The group of the skills that a partition leaves out."""
OFFICIAL_LEVELS = (1, 2, 3)
_HINT = "Give a CSV table with the columns skill (IRI or preferred label), cluster and, where you have it, weight."


@dataclass(slots=True)
class Levels:
    """A hierarchy on the sorted skills of one ESCO, coarsest level first. ``soft`` shares a skill among the clusters
    that use it; ``sought`` shares it equally among all that it may be looked for in. Both are empty where there are
    none."""

    hard: list[Groups]
    soft: list[Groups] = field(default_factory=list)
    sought: list[Groups] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Job:
    """Clusters to be made from these occupations alone. ``mode``: ``unframed`` (no previous release, no frame of
    experts), ``scratch`` (no previous release), ``versioned`` (the release's clusters, each skill where it fits best),
    ``anchored`` (the release's clusters, skills stay unless clearly better elsewhere), ``release`` (as it was made),
    ``hidden`` (the release's clusters, some skills new and without their occupations).
    """

    mode: str
    occupations: tuple[str, ...]


@dataclass(slots=True)
class Subject:
    """One hierarchy under evaluation.

    ``held_out`` is the mode in which its clusters are made without the held-out occupations, '' where it is evaluated
    as given; ``as_made`` that in which the release was made; ``modes`` are those of the resamples; ``remake`` does the
    jobs, in their order. ``drawn`` makes it again for each split, by number. ``earlier`` are the releases before it,
    oldest first, as (version, labels per level). ``hidden`` are the skills that lose their links in the mode of that
    name; none where there is no such mode.
    """

    name: str
    levels: Levels
    coverage: float = 1.0
    held_out: str = ""
    as_made: str = "release"
    modes: tuple[str, ...] = ()
    remake: Callable[[Sequence[Job]], list[Levels]] | None = None
    drawn: Callable[[int], Levels] | None = None
    earlier: list[tuple[str, list[dict[str, str]]]] = field(default_factory=list)
    hidden: frozenset[str] = frozenset()
    statements: list[str] = field(default_factory=list)


def of_memberships(
    pillar: Pillar,
    primary: Mapping[str, str],
    weights: Mapping[str, Mapping[str, float]],
    paths: Mapping[str, Sequence[str]],
    *,
    with_soft: bool = True,
) -> Levels:
    """Levels from each skill's primary cluster and its weights (skill -> cluster -> weight).

    ``paths`` leads from a cluster of the finest level to its ancestors and itself, coarsest first. Not ``with_soft``:
    without the levels that share a skill among its clusters.
    """
    depth = max(len(path) for path in paths.values())
    # A cluster that ends above a level stands for itself there.
    paths = {cluster: [*path, *[path[-1]] * (depth - len(path))] for cluster, path in paths.items()}
    hard = [{s: {paths[primary[s]][d] if s in primary else UNPLACED: 1.0} for s in pillar.skills} for d in range(depth)]
    levels = Levels([from_shares(f"level {d + 1}", shares) for d, shares in enumerate(hard)])
    for d in range(depth if with_soft else 0):
        soft: dict[str, dict[str, float]] = {}
        for skill in pillar.skills:
            found: dict[str, float] = {}
            for cluster, weight in sorted(weights.get(skill, {}).items()):
                above = paths[cluster][d]
                found[above] = found.get(above, 0.0) + weight
            soft[skill] = found or {UNPLACED: 1.0}
        levels.soft.append(from_shares(f"level {d + 1} soft", soft))
    return levels


def of_clustering(pillar: Pillar, clustering: Clustering) -> Levels:
    """Levels of a release in the making, each skill in its primary cluster."""
    primary: dict[str, str] = {}
    weights: dict[str, dict[str, float]] = {}
    for allocation in clustering.allocations:
        weights.setdefault(allocation.skill, {})[allocation.cluster] = allocation.weight
        if allocation.rank == "primary":
            primary[allocation.skill] = allocation.cluster
    parents = {identifier: cluster.parent for identifier, cluster in clustering.clusters.items()}
    paths = paths_to({c for of in weights.values() for c in of}, parents)
    return of_memberships(pillar, primary, weights, paths, with_soft=False)


def levels_among(levels: Levels, skills: Set[str]) -> Levels:
    """The same hierarchy over some of its skills: those left out by a release are no group of it."""
    rows = [row for row, skill in enumerate(levels.hard[0].skills) if skill in skills]
    return Levels([Groups(g.name, [g.skills[row] for row in rows], g.shares[rows]) for g in levels.hard])


def paths_to(clusters: set[str], parents: Mapping[str, str | None]) -> dict[str, list[str]]:
    """Cluster -> its ancestors and itself, coarsest first."""
    found = {}
    for cluster in sorted(clusters):
        path, at = [cluster], parents[cluster]
        while at is not None:
            path.insert(0, at)
            at = parents[at]
        found[cluster] = path
    return found


def of_partition(partition: Partition) -> Levels:
    """Levels of a partition just made."""
    depths = range(1, len(partition.parents) + 2)
    return Levels(
        [from_partition(f"level {d}", partition, d) for d in depths],
        [from_partition(f"level {d} soft", partition, d, soft=True) for d in depths],
    )


def official_levels(pillar: Pillar) -> Subject:
    """The skills pillar: levels 1 to 3, each skill shared equally among all its groups."""
    return Subject("official", Levels(official(pillar, OFFICIAL_LEVELS)))


def random_like(subject: Subject, seed: int) -> Subject:
    """Skills exchanged at random among the groups of ``subject``: sizes and nesting stay. Another draw per split."""

    def drawn(number: int) -> Levels:
        order = np.random.default_rng([seed, number]).permutation(len(subject.levels.hard[0].skills))
        return Levels([Groups("random", g.skills, g.shares[order]) for g in subject.levels.hard])

    return Subject("random", drawn(0), drawn=drawn)


def read_table(path: Path, pillar: Pillar) -> Subject:
    """Somebody's partition, one level: a CSV table with the columns ``skill``, ``cluster`` and, optional, ``weight``.

    With weights a skill's largest is its cluster and all of them are its soft memberships (of equal ones the first row
    counts; a row of ``rank`` ``primary``, as in a release's table of allocations, before all). Without weights a skill
    is shared equally among its clusters. Raises InputError with file and line.
    """
    known = {skill.label().casefold(): iri for iri, skill in sorted(pillar.skills.items(), reverse=True)}
    weights: dict[str, dict[str, float]] = {}
    primary: dict[str, str] = {}
    strangers = 0
    with _opened(path) as stream:
        reader = csv.DictReader(stream)
        columns = set(reader.fieldnames or [])
        if not {"skill", "cluster"} <= columns:
            raise InputError(f"{path}:1", f"its columns are {', '.join(sorted(columns)) or 'none'}", _HINT)
        for row in reader:
            said, cluster = (row["skill"] or "").strip(), (row["cluster"] or "").strip()
            if not said or not cluster:
                raise InputError(f"{path}:{reader.line_num}", "skill or cluster is empty", _HINT)
            skill = said if said in pillar.skills else known.get(said.casefold())
            weight = _weight(path, reader.line_num, row["weight"]) if "weight" in columns else 1.0
            if skill is None:
                strangers += 1
            elif weight > 0:
                found = weights.setdefault(skill, {})
                found[cluster] = found.get(cluster, 0.0) + weight
                if row.get("rank") == "primary":
                    primary[skill] = cluster
    if not weights:
        raise InputError(str(path), f"none of its rows names a skill of ESCO {pillar.version}", _HINT)
    largest = {skill: max(found, key=lambda c: found[c]) for skill, found in weights.items()} | primary
    return _table_subject(path, pillar, weights, largest if "weight" in columns else {}, strangers)


def as_given(name: str, levels: Levels, placed: int, skills: int) -> Subject:
    """Clusters that the method here did not make, with what a reader of their figures has to know."""
    found = Subject(name, levels, coverage=placed / skills)
    found.statements.append(
        f"{name} is evaluated as given: it cannot be made again without the held-out occupations, which may flatter it."
    )
    if placed < skills:
        found.statements.append(f"{name} leaves out {skills - placed:,} skills; they count as one group.")
    return found


def _table_subject(
    path: Path, pillar: Pillar, weights: dict[str, dict[str, float]], primary: dict[str, str], strangers: int
) -> Subject:
    shares = {skill: weights.get(skill, {UNPLACED: 1.0}) for skill in pillar.skills}
    if primary:
        first = {skill: {primary.get(skill, UNPLACED): 1.0} for skill in pillar.skills}
        levels = Levels([from_shares(path.name, first)], [from_shares(f"{path.name} soft", shares)])
    else:
        levels = Levels([from_shares(path.name, shares)])
    found = as_given(path.name, levels, len(weights), len(pillar.skills))
    if strangers:
        found.statements.append(f"{path.name}: {strangers:,} rows name no skill of ESCO {pillar.version}; left out.")
    return found


def _opened(path: Path):  # type: ignore[no-untyped-def]
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}", _HINT) from None


def _weight(path: Path, line: int, text: str | None) -> float:
    try:
        weight = float(text or "")
    except ValueError:
        weight = float("nan")
    if not 0 <= weight < float("inf"):
        raise InputError(f"{path}:{line}", f"weight {text!r} is no number from 0 on", _HINT)
    return weight
