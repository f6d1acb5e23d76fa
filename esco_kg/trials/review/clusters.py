"""Clusters as reviewers meet them: what a cluster is, and which one they mean by what they write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from esco_kg.folder.material import Material
from esco_kg.model.typical import by_use, use_within


def typical_skills(material: Material) -> dict[str, list[str]]:
    """Cluster of the finest level -> its skills, the most typical first."""
    cluster_of = {skill: allocation.cluster for skill, allocation in material.primary.items()}
    needs = ((job, skill) for job, pairs in material.needs.items() for skill, _ in pairs)
    use, skills = use_within(needs, cluster_of), defaultdict(list)
    for skill, cluster in cluster_of.items():
        skills[cluster].append(skill)
    return {cluster: by_use(own, use) for cluster, own in skills.items()}


def definition(material: Material, cluster: str) -> str:
    """A cluster's definition in the language of the material, otherwise in its main one; '' where it has none."""
    texts = material.clusters[cluster].definitions
    return texts.get(material.language) or texts.get(material.main_language, "")


def choice(material: Material, cluster: str, language: str = "") -> str:
    """How a cluster reads in a drop-down: ``c00042 welding (metalwork)``, its parent's label behind it."""
    return f"{cluster} {_with_parent(material, cluster, language)}"


def choices(material: Material) -> list[str]:
    """Every cluster of the finest level as it reads in a drop-down, by its label."""
    return [
        choice(material, cluster)
        for cluster in sorted(material.finest, key=lambda c: (material.label(c).casefold(), c))
    ]


def tree(material: Material, root: str | None = None) -> list[str]:
    """Every cluster, those of one above by their labels, each before those below it."""
    below = [cluster for cluster, it in material.clusters.items() if it.parent == root]
    below.sort(key=lambda c: (material.label(c).casefold(), c))
    return [one for cluster in below for one in (cluster, *tree(material, cluster))]


class ClusterNames:
    """Finds the clusters that somebody means: by id, by label in any language of the release, or as a drop-down or a
    page has them. Case and blanks do not count. ``among`` are the clusters that may be meant."""

    def __init__(self, material: Material, among: Iterable[str]) -> None:
        self._found: dict[str, set[str]] = defaultdict(set)
        self._ids = {folded(cluster): cluster for cluster in among}
        for cluster in self._ids.values():
            for language in (material.language, *material.clusters[cluster].labels):
                label, long = _label(material, cluster, language), _with_parent(material, cluster, language)
                for name in (cluster, label, long, f"{cluster} {long}", f"{long} [{cluster}]"):
                    self._found[folded(name)].add(cluster)

    def find(self, written: str) -> list[str]:
        """The ids, sorted; several where a label is that of several clusters. An id in front counts alone: the label
        behind it may be of another language or release."""
        name = folded(written)
        first = self._ids.get(name.split(" ", 1)[0])
        return sorted(self._found.get(name) or ([first] if first else []))


def folded(text: str) -> str:
    """Without differences of case and blanks."""
    return " ".join(text.split()).casefold()


def _label(material: Material, cluster: str, language: str) -> str:
    return material.clusters[cluster].labels.get(language) or material.label(cluster)


def _with_parent(material: Material, cluster: str, language: str) -> str:
    parent = material.clusters[cluster].parent
    above = f" ({_label(material, parent, language)})" if parent else ""
    return f"{_label(material, cluster, language)}{above}"
