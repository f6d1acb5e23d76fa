"""The graph ``clusters``: scheme, levels, clusters, allocations, relations, sector profiles, our own vocabulary.

No subject is an ESCO IRI: the clusters accompany the skills pillar and never change it.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator

from esco_kg.config import Config
from esco_kg.model.clustering import Cluster, Clustering, RegistryEntry
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import ReleaseInfo
from esco_kg.rdf.terms import RDF_TYPE, Block, decimal, in_order, plain, text, typed
from esco_kg.scheme import properties as p
from esco_kg.scheme.allocations import allocation_blocks, correspondence_blocks, rejection_blocks
from esco_kg.scheme.classification import classification_blocks
from esco_kg.scheme.inputs import Inputs, in_languages
from esco_kg.scheme.iris import Iris, nace, term
from esco_kg.scheme.relations import related_pairs, relation_blocks
from esco_kg.scheme.sectors import sector_blocks
from esco_kg.scheme.vocabulary import vocabulary_blocks

_TYPICAL_OCCUPATIONS = 10


def cluster_blocks(
    clustering: Clustering, pillar: Pillar, sectors: SectorLinks, config: Config, release: ReleaseInfo
) -> Iterator[Block]:
    """Every triple of the graph, one block per subject, in subject order.

    Raises InputError where two skills would share an allocation's IRI.
    """
    inputs = Inputs(clustering, pillar, sectors, config, release, Iris.of(config, release.version))
    families: list[Iterable[Block]] = [
        _ordered(classification_blocks(inputs)),
        _ordered(_concept_blocks(inputs)),
        _ordered(_label_blocks(inputs)),
        allocation_blocks(inputs),
        _ordered(correspondence_blocks(inputs)),
        _ordered(rejection_blocks(inputs)),
        _ordered(relation_blocks(inputs)),
        _ordered(sector_blocks(inputs)),
        _ordered(vocabulary_blocks(inputs.iris)),
    ]
    return in_order(heapq.merge(*families, key=lambda block: block.subject))


def _ordered(blocks: Iterable[Block]) -> list[Block]:
    return sorted(blocks, key=lambda block: block.subject)


def _concept_blocks(inputs: Inputs) -> Iterator[Block]:
    """Clusters, clusters as released, and clusters that are no more."""
    related = related_pairs(inputs.clustering)
    skills = defaultdict(list)
    for allocation in inputs.clustering.allocations:
        if allocation.rank == "primary":
            skills[allocation.cluster].append(allocation.skill)
    replaces = defaultdict(list)
    for entry in _retired(inputs.clustering):
        for successor in entry.replaced_by:
            replaces[successor].append(entry.id)
    iris = inputs.iris
    for identifier, cluster in inputs.clustering.clusters.items():
        block = _cluster(inputs, cluster)
        block.add(p.RELATED, *(iris.cluster(other) for other in related.get(identifier, ())))
        block.add(p.NARROW_MATCH, *(term(skill, f"cluster {identifier}") for skill in skills.get(identifier, ())))
        yield block.add(p.REPLACES, *(iris.cluster(old) for old in replaces.get(identifier, ())))
        yield _released(inputs, cluster)
    for entry in _retired(inputs.clustering):
        yield _retired_cluster(inputs, entry).add(
            p.REPLACES, *(iris.cluster(old) for old in replaces.get(entry.id, ()))
        )


def _cluster(inputs: Inputs, cluster: Cluster) -> Block:
    iris = inputs.iris
    block = (
        Block(iris.cluster(cluster.id))
        .add(RDF_TYPE, p.CONCEPT)
        .add(p.NOTATION, plain(cluster.id))
        .add(p.IDENTIFIER, plain(iris.cluster(cluster.id)[1:-1]))
        .add(p.DEFINITION, *in_languages(cluster.definitions))
        .add(p.SCOPE_NOTE, *in_languages(cluster.scope_notes))
        .add(p.EXCLUSION_NOTE, *in_languages(cluster.exclusion_notes))
        .add(p.IN_SCHEME, iris.scheme())
        .add(iris.of_model("depth"), typed(cluster.depth, "integer"))
        .add(iris.of_model("skills"), typed(inputs.sizes[cluster.id], "integer"))
        .add(p.NARROWER, *(iris.cluster(below) for below in inputs.children[cluster.id]))
        .add(p.HAS_VERSION, iris.released_cluster(cluster.id))
    )
    for predicate, date in ((p.CREATED, cluster.created), (p.MODIFIED, cluster.modified)):
        if date:
            block.add(predicate, typed(date, "date"))
    if cluster.branch:
        block.add(iris.of_model("branch"), plain(cluster.branch))
    if cluster.iri:
        block.add(p.EXACT_MATCH, term(cluster.iri, f"cluster {cluster.id}"))
    block.add(iris.of_model("filled"), *(plain(name) for name in cluster.filled))
    if cluster.parent is not None:
        block.add(p.BROADER, iris.cluster(cluster.parent))
    if cluster.depth == 1:
        block.add(p.TOP_CONCEPT_OF, iris.scheme())
    for predicate, xl_predicate, kind, label, language in _labels(cluster):
        block.add(predicate, text(label, language)).add(xl_predicate, iris.label(cluster.id, language, kind, label))
    occupations = cluster.occupations[:_TYPICAL_OCCUPATIONS]
    place = f"cluster {cluster.id}"
    block.add(iris.of_model("typicalOccupation"), *(term(occupation, place) for occupation, _ in occupations))
    return _add_sectors(inputs, cluster.id, block)


def _labels(cluster: Cluster) -> Iterator[tuple[str, str, str, str, str]]:
    """(property, XL property, kind, label, language) of every label."""
    for language, label in cluster.labels.items():
        if label:
            yield p.PREF, p.XL_PREF, "pref", label, language
    for language, labels in cluster.alt_labels.items():
        for label in labels:
            yield p.ALT, p.XL_ALT, "alt", label, language


def _add_sectors(inputs: Inputs, identifier: str, block: Block) -> Block:
    profile = inputs.clustering.profiles.get(identifier)
    if profile is None:
        return block
    iris = inputs.iris
    if profile.sections:
        block.add(iris.of_model("sectorConcentration"), decimal(profile.concentration))
    return block.add(iris.of_model("sectorUnreached"), decimal(profile.unreached)).add(
        p.RELATED_MATCH, *(nace(code) for code in profile.leading)
    )


def _released(inputs: Inputs, cluster: Cluster) -> Block:
    iris = inputs.iris
    return (
        Block(iris.released_cluster(cluster.id))
        .add(RDF_TYPE, p.CONCEPT)
        .add(p.PREF, *in_languages(cluster.labels))
        .add(p.NOTATION, plain(cluster.id))
        .add(p.IN_SCHEME, iris.released_scheme())
        .add(p.IS_VERSION_OF, iris.cluster(cluster.id))
    )


def _retired(clustering: Clustering) -> list[RegistryEntry]:
    entries = (entry for entry in clustering.registry if entry.retired_in and entry.id not in clustering.clusters)
    return sorted(entries, key=lambda entry: entry.id)


def _retired_cluster(inputs: Inputs, entry: RegistryEntry) -> Block:
    iris = inputs.iris
    replaced = ", ".join(entry.replaced_by)
    note = f"Retired in release {entry.retired_in}; " + (f"replaced by {replaced}." if replaced else "not replaced.")
    block = (
        Block(iris.cluster(entry.id))
        .add(RDF_TYPE, p.CONCEPT)
        .add(p.NOTATION, plain(entry.id))
        .add(p.IDENTIFIER, plain(iris.cluster(entry.id)[1:-1]))
        .add(p.DEPRECATED, typed(True, "boolean"))
        .add(p.HISTORY_NOTE, text(note, "en"))
        .add(iris.of_model("depth"), typed(entry.depth, "integer"))
        .add(p.IN_SCHEME, iris.scheme())
        .add(p.IS_REPLACED_BY, *(iris.cluster(successor) for successor in entry.replaced_by))
    )
    if entry.label:
        language = inputs.config.main_language
        block.add(p.PREF, text(entry.label, language))
        block.add(p.XL_PREF, iris.label(entry.id, language, "pref", entry.label))
    return block


def _label_blocks(inputs: Inputs) -> Iterator[Block]:
    """Every label of a cluster as an XL label; a name with who gave it, and with the concept that lent it."""
    iris = inputs.iris
    for cluster in inputs.clustering.clusters.values():
        for _, _, kind, label, language in _labels(cluster):
            block = _label(iris.label(cluster.id, language, kind, label), label, language)
            if kind == "pref" and language in cluster.name_status:
                block.add(iris.of_model("nameStatus"), plain(cluster.name_status[language]))
            elif kind == "alt" and inputs.clustering.is_given:
                block.add(iris.of_model("nameStatus"), plain("given"))
            if kind == "pref" and language in cluster.name_concepts:
                block.add(p.SOURCE, term(cluster.name_concepts[language], f"the name of cluster {cluster.id}"))
            yield block
    main = inputs.config.main_language
    for entry in _retired(inputs.clustering):
        if entry.label:
            yield _label(iris.label(entry.id, main, "pref", entry.label), entry.label, main)


def _label(name: str, label: str, language: str) -> Block:
    return Block(name).add(RDF_TYPE, p.XL_LABEL).add(p.LITERAL_FORM, text(label, language))
