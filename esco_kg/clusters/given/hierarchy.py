"""Is what somebody gave a hierarchy of clusters with members at its ends?"""

from __future__ import annotations

from collections import Counter, defaultdict

from esco_kg.clusters.given.mistakes import Mistakes
from esco_kg.model.given import GivenClusters
from esco_kg.rdf.terms import is_language_tag, unpublishable

LEVELS = 4
"""Levels at most."""


def check_hierarchy(given: GivenClusters, mistakes: Mistakes) -> None:
    """Parents that are there, no cycle, at most four levels, members at every end and nowhere else, labels that
    tell the clusters of a level apart."""
    for cluster in given.clusters.values():
        if cluster.parent and cluster.parent not in given.clusters:
            hint = "Add the parent as a row of its own, or correct the id."
            mistakes.add(cluster.place, f"the parent {cluster.parent} of {cluster.id} is not in the table", hint)
    mistakes.stop()  # what follows walks up the parents
    _check_cycles(given, mistakes)
    mistakes.stop()
    _check_depths(given, mistakes)
    _check_members(given, mistakes)
    _check_labels(given, mistakes)
    _check_alternatives(given, mistakes)
    _check_texts(given, mistakes)


def _check_cycles(given: GivenClusters, mistakes: Mistakes) -> None:
    known: set[str] = set()
    for identifier in given.clusters:
        path = [identifier]
        while path[-1] not in known and (parent := given.clusters[path[-1]].parent):
            if parent in path:
                cycle = [*path[path.index(parent) :], parent]
                place = given.clusters[parent].place
                hint = "Take the parent of one of them out."
                mistakes.add(place, f"{parent} is above itself: {' under '.join(cycle)}", hint)
                break
            path.append(parent)
        known |= set(path)


def _check_depths(given: GivenClusters, mistakes: Mistakes) -> None:
    for identifier, cluster in given.clusters.items():
        chain = given.chain(identifier)
        if len(chain) == LEVELS + 1:
            problem = f"{identifier} is at level {len(chain)}: {' under '.join(chain)}"
            mistakes.add(cluster.place, problem, f"Clusters have up to {LEVELS} levels.")


def _check_members(given: GivenClusters, mistakes: Mistakes) -> None:
    leaves = set(given.leaves())
    sizes = Counter(membership.cluster for membership in given.primary().values())
    any_member = {membership.cluster for membership in given.memberships}
    for membership in given.memberships:
        if membership.cluster in given.clusters and membership.cluster not in leaves:
            below = next(c.id for c in given.clusters.values() if c.parent == membership.cluster)
            problem = f"{membership.skill} is in {membership.cluster}, which has clusters below it, such as {below}"
            mistakes.add(membership.place, problem, "Put the skill into one of the clusters below.")
    for identifier in given.leaves():
        if not sizes[identifier]:
            what = (
                "has further members alone, no skill's primary cluster is it"
                if identifier in any_member
                else "is empty"
            )
            hint = "Give it a skill, or take the cluster out."
            mistakes.add(given.clusters[identifier].place, f"the cluster {identifier} {what}", hint)


def _check_alternatives(given: GivenClusters, mistakes: Mistakes) -> None:
    for cluster in given.clusters.values():
        for language, alternatives in cluster.alt_labels.items():
            if (label := cluster.labels.get(language)) in alternatives:
                problem = f"the label {label!r} ({language}) of {cluster.id} is an alternative label of it, too"
                mistakes.add(cluster.place, problem, "Take the alternative label out (SKOS Reference, S13).")


def _check_texts(given: GivenClusters, mistakes: Mistakes) -> None:
    for cluster in given.clusters.values():
        for kind, language, text in cluster.texts():
            if not is_language_tag(language):
                problem = f"{kind} of {cluster.id}: {language!r} is no language tag"
                mistakes.add(cluster.place, problem, "Write a tag of BCP 47, such as en.")
            elif found := unpublishable(text):
                problem = f"{kind}_{language} {text[:60]!r} holds the character {found}, which RDF/XML cannot carry"
                mistakes.add(cluster.place, problem, "Take the character out.")


def _check_labels(given: GivenClusters, mistakes: Mistakes) -> None:
    by_label: dict[tuple[int, str, str], list[str]] = defaultdict(list)
    for identifier, cluster in given.clusters.items():
        for language, label in cluster.labels.items():
            by_label[len(given.chain(identifier)), language, label.casefold()].append(identifier)
    for (depth, language, _), same in by_label.items():
        for other in same[1:]:
            label = given.clusters[other].labels[language]
            problem = f"the label {label!r} ({language}) of {other} is that of {same[0]}, at the same level {depth}"
            mistakes.add(given.clusters[other].place, problem, "Give each cluster of a level its own label.")
