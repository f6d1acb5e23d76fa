"""How clusters relate: qualified relations with weight, basis and evidence, and plain ``skos:related`` beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from esco_kg.model.clustering import Clustering
from esco_kg.rdf.terms import RDF_TYPE, Block, decimal, text
from esco_kg.scheme import properties as p
from esco_kg.scheme.inputs import Inputs

_BASES = {
    "shared-occupations": "The same occupations need more skills than usual of each cluster.",
    "used-in": "Skills of one cluster are used in the other one too, or skills of a third one in both.",
    "secondary-memberships": "Skills of one cluster belong to the other one too, as its publisher says.",
    "skill-links": "ESCO relates skills of one cluster to skills of the other one.",
}


def related_pairs(clustering: Clustering) -> dict[str, set[str]]:
    """Cluster id -> ids it is ``skos:related`` to: every relation both ways, but no cluster to what lies above it.

    SKOS Reference S27: skos:related is disjoint from skos:broaderTransitive.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for relation in clustering.relations:
        source, target = relation.source, relation.target
        if source == target or source in _above(clustering, target) or target in _above(clustering, source):
            continue
        found[source].add(target)
        found[target].add(source)
    return dict(found)


def _above(clustering: Clustering, identifier: str) -> set[str]:
    found = set()
    at = clustering.clusters[identifier].parent
    while at is not None:
        found.add(at)
        at = clustering.clusters[at].parent
    return found


def relation_blocks(inputs: Inputs) -> Iterator[Block]:
    """Relations and their bases; in no order."""
    iris = inputs.iris
    for relation in inputs.clustering.relations:
        yield (
            Block(iris.relation(relation.source, relation.target, relation.basis))
            .add(RDF_TYPE, iris.of_model("ClusterRelation"))
            .add(iris.of_model("cluster"), iris.cluster(relation.source), iris.cluster(relation.target))
            .add(iris.of_model("basis"), iris.basis(relation.basis))
            .add(iris.of_model("weight"), decimal(relation.weight))
            .add(iris.of_model("evidence"), text(relation.evidence, "en"))
        )
    for basis in {relation.basis for relation in inputs.clustering.relations}:
        block = Block(iris.basis(basis)).add(RDF_TYPE, p.CONCEPT).add(p.PREF, text(basis.replace("-", " "), "en"))
        if basis in _BASES:
            block.add(p.DEFINITION, text(_BASES[basis], "en"))
        yield block
