"""What reviewers changed since the previous release, and what that did to skills that no reviewer touched."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from esco_kg.evaluation.groups import from_shares
from esco_kg.evaluation.recommendation import Recommendation, by_groups, make_task, recommend
from esco_kg.evaluation.splits import Split
from esco_kg.model.clustering import Clustering
from esco_kg.model.pillar import Pillar
from esco_kg.model.published import Published


def reviewed(clustering: Clustering, pillar: Pillar, previous: Published, decided: Collection[str]) -> list[str]:
    """Sentences for the notes; none where no skill of ``decided``, those with a decision in force, is there.

    Figures are :func:`esco_kg.evaluation.recommendation.recommend` through the primary clusters of the finest level,
    over all occupations, hidden are skills that both releases have and no reviewer touched.
    """
    touched = set(decided) & pillar.skills.keys()
    if not touched:
        return []
    depth = clustering.levels[-1].depth
    before = {s: c.id for c in previous.clusters.values() if c.depth == depth for s in c.members}
    after = {a.skill: a.cluster for a in clustering.allocations if a.rank == "primary"}
    common = before.keys() & after.keys()
    moved = {skill for skill in common if before[skill] != after[skill]}
    others = common - touched
    said = (
        f"Reviewers: skills with a decision in force: {len(touched):,}; in another cluster than in release "
        f"{previous.version}: {len(moved & touched):,} of them, and {len(moved & others):,} of {len(others):,} others."
    )
    old, new = (_figures(pillar, of, others) for of in (before, after))
    if not old.occupations:
        return [said]
    return [
        said,
        f"On skills that no reviewer touched, hit@10 was {old.hit:.3f} and is {new.hit:.3f}, MRR was {old.mrr:.3f} and "
        f"is {new.mrr:.3f} ({old.occupations:,} occupations, which the clusters were made from: the difference counts, "
        "not the height).",
    ]


def _figures(pillar: Pillar, cluster_of: Mapping[str, str], hideable: Collection[str]) -> Recommendation:
    everything = tuple(sorted(pillar.occupations))
    task = make_task(pillar, Split(0, everything, everything), hideable=hideable)
    return recommend(task, by_groups(task, from_shares("", {s: {cluster_of.get(s, ""): 1.0} for s in pillar.skills})))
