"""Which skill belongs to which cluster: allocations, and the correspondences made of them."""

from __future__ import annotations

from collections.abc import Iterator

from esco_kg.rdf.terms import RDF_TYPE, Block, decimal, lexical, plain, text, typed
from esco_kg.scheme import properties as p
from esco_kg.scheme.inputs import Inputs
from esco_kg.scheme.iris import term

_NAMES = {
    "primary": "skills pillar to skill clusters: the one primary cluster of each skill",
    "used-in": "skills pillar to skill clusters: further clusters whose occupations use a skill, with weights",
    "secondary": "skills pillar to skill clusters: further clusters of a skill, as their publisher says, with weights",
    "found-under": "skills pillar to skill clusters: further clusters that a skill is found under, with weights",
}


def allocation_blocks(inputs: Inputs) -> Iterator[Block]:
    """One ``xkos:ConceptAssociation`` per allocation, in subject order."""
    iris = inputs.iris
    named = [(iris.allocation(a.cluster, a.skill), a) for a in inputs.clustering.allocations]
    clusters = {identifier: {iris.cluster(identifier)} for identifier in inputs.clustering.clusters}
    ranks = {name: {iris.of_model(name)} for name in _NAMES}
    rank, weight, margin = (iris.of_model(name) for name in ("rank", "weight", "margin"))
    runner_up, method, decision = (iris.of_model(name) for name in ("runnerUp", "method", "decision"))
    kind = {p.ASSOCIATION}
    for name, allocation in sorted(named, key=lambda pair: pair[0]):
        # Written out, and with sets that blocks share: this is the longest loop of the graph.
        objects = {
            RDF_TYPE: kind,
            p.SOURCE_CONCEPT: {term(allocation.skill, "an allocation")},
            p.TARGET_CONCEPT: clusters[allocation.cluster],
            rank: ranks[allocation.rank],
            weight: {decimal(allocation.weight)},
            # The only thing that Eurostat's correspondenceTables shows of an association beside its ends.
            p.COMMENT: {text(f"weight {lexical(round(allocation.weight, 4))}", "en")},
            method: {plain(allocation.method)},
        }
        # Both are the skill's: they stand once, at its primary allocation.
        is_primary = allocation.rank == "primary"
        if is_primary and allocation.margin is not None:
            objects[margin] = {decimal(allocation.margin)}
        if is_primary and allocation.runner_up is not None:
            objects[runner_up] = clusters[allocation.runner_up]
        if allocation.decision:
            objects[decision] = {plain(allocation.decision)}
        yield Block(name, objects)


def rejection_blocks(inputs: Inputs) -> Iterator[Block]:
    """What experts rejected, in a class of its own, so that no correspondence and no match takes it in; in no order."""
    iris = inputs.iris
    blocks: dict[str, Block] = {}
    for rejection in inputs.clustering.rejections:
        name = iris.rejected(rejection.cluster, rejection.skill)
        block = (
            blocks.setdefault(name, Block(name))
            .add(RDF_TYPE, iris.of_model("RejectedAllocation"))
            .add(iris.of_model("rejectedSkill"), term(rejection.skill, rejection.decision))
            .add(iris.of_model("rejectedCluster"), iris.cluster(rejection.cluster))
            .add(iris.of_model("decision"), plain(rejection.decision))
        )
        if rejection.reason:
            block.add(p.COMMENT, text(rejection.reason, "en"))
    yield from blocks.values()


def correspondence_blocks(inputs: Inputs) -> Iterator[Block]:
    """Skills pillar -> clusters, by rank; a rank that no allocation has makes none."""
    iris = inputs.iris
    for rank, name in _NAMES.items():
        made_of = [iris.allocation(a.cluster, a.skill) for a in inputs.clustering.allocations if a.rank == rank]
        if made_of:
            yield (
                Block(iris.correspondence(inputs.config.notation, rank))
                .add(RDF_TYPE, p.CORRESPONDENCE)
                .add(p.PREF, text(name, "en"))
                .add(p.ISSUED, typed(inputs.release.issued, "date"))
                .add(p.CREATOR, iris.agent())
                .add(p.GENERATED_BY, iris.activity("clustering"))
                .add(p.COMPARES, inputs.skills_scheme, iris.scheme())
                .add(iris.of_model("sourceScheme"), inputs.skills_scheme)
                .add(iris.of_model("targetScheme"), iris.scheme())
                .add(p.MADE_OF, *made_of)
            )
