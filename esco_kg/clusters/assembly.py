"""Everything that is known of the clusters, brought together under their ids."""

from __future__ import annotations

from dataclasses import replace

from esco_kg.clusters.identity import Identities
from esco_kg.clusters.naming import names
from esco_kg.clusters.nested import Nested, Node
from esco_kg.clusters.profiles import sector_profiles, typical_occupations
from esco_kg.clusters.relations import relations
from esco_kg.config import Config
from esco_kg.model.clustering import Allocation, Cluster, Clustering, Level
from esco_kg.model.content import content_sha256
from esco_kg.model.expertise import Expertise
from esco_kg.model.pillar import Language, Pillar, SectorLinks
from esco_kg.model.published import Published


def assemble(
    nested: Nested,
    sectors: SectorLinks,
    config: Config,
    identities: Identities,
    expertise: Expertise,
    previous: Published | None,
    issued: str,
) -> Clustering:
    """The whole result; ``issued`` dates what is new or changed since the previous release."""
    ids = identities.ids
    labels = names(nested)
    clusters = _clusters(nested, ids, labels)
    result = Clustering(
        levels=_levels(config, nested),
        clusters={identifier: clusters[identifier] for identifier in sorted(clusters)},
        allocations=_allocations(nested, ids),
        relations=relations(nested, ids),
        profiles={
            ids[node]: replace(profile, cluster=ids[node])
            for node, profile in sorted(sector_profiles(nested, sectors).items(), key=lambda item: ids[item[0]])
        },
        registry=[],
        events=identities.events,
        parameters=dict(nested.partition.parameters),
        statements=list(nested.partition.statements),
    )
    _date(result, previous, issued)
    result.registry = [
        replace(e, label=_registered(clusters[e.id], nested.pillar)) if e.id in clusters else e
        for e in identities.registry
    ]
    return result


def _levels(config: Config, nested: Nested) -> list[Level]:
    names = config.clusters.level_names
    english = names["en"]
    return [
        Level(
            level.depth,
            f"L{level.depth}",
            {
                language: names.get(language, {}).get(level.depth) or english.get(level.depth, f"level {level.depth}")
                for language in nested.pillar.languages
            },
        )
        for level in nested.levels
    ]


def _clusters(nested: Nested, ids: dict[Node, str], labels: dict[Node, dict[Language, str]]) -> dict[str, Cluster]:
    typical = {level.depth: typical_occupations(nested, level) for level in nested.levels}
    found = {}
    for node in nested.nodes:
        above = nested.parent(node)
        found[ids[node]] = Cluster(
            id=ids[node],
            depth=node[0],
            parent=ids[above] if above else None,
            branch=nested.partition.branches[nested.top(node)],
            labels=labels[node],
            definitions={language: f"Skills: {label}." for language, label in labels[node].items()},
            occupations=typical[node[0]][node[1]],
        )
    return found


def _allocations(nested: Nested, ids: dict[Node, str]) -> list[Allocation]:
    """Primary and secondary allocations by skill; weights rounded to four places so that they add up to 1."""
    partition, depth = nested.partition, nested.levels[-1].depth
    found = []
    for row, skill in enumerate(nested.skills):
        runner = int(partition.runners_up[row])
        secondary = [(ids[depth, c], round(float(w), 4)) for c, w in partition.secondary[row] if round(float(w), 4) > 0]
        shared = {
            "margin": round(float(partition.margins[row]), 4),
            "runner_up": ids[depth, runner] if runner >= 0 else None,
            "method": partition.methods[row],
            "decision": partition.decisions[row],
        }
        primary = round(1.0 - sum(weight for _, weight in secondary), 4)
        own = ids[depth, int(partition.finest[row])]
        found.append(Allocation(skill, own, "primary", primary, **shared))
        found += [Allocation(skill, other, "secondary", weight, **shared) for other, weight in secondary]
    return found


def _date(result: Clustering, previous: Published | None, issued: str) -> None:
    """``created`` and ``modified`` move only with the content."""
    for identifier, members in result.members().items():
        cluster = result.clusters[identifier]
        before = previous.clusters.get(identifier) if previous else None
        cluster.created = before.created if before else issued
        same = before is not None and before.content == content_sha256(cluster, members)
        cluster.modified = before.modified if before and same else issued


def _registered(cluster: Cluster, pillar: Pillar) -> str:
    return cluster.labels.get("en") or cluster.labels[pillar.languages[0]]
