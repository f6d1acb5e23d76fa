"""Navigation: how many options one reads on the way to a skill, and whether the obvious choice leads there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import inf

import numpy as np
from numpy.typing import NDArray

from esco_kg.folder.material import Material
from esco_kg.trials.figures import Figure, Metric, mean_figure
from esco_kg.trials.groupings import Groupings
from esco_kg.trials.plan import Sample
from esco_kg.trials.skill_vectors import skill_vectors
from esco_kg.trials.tasks.shared import TaskInputs, need

OPTIONS = Metric("options", "options read on the way: half of each list on the path, plus a half", True, inf)
FIRST_CHOICE = Metric("first choice", "share of texts for which the most similar option is right at every step")


class Tree:
    """A hierarchy as lists of options. ``below`` maps a node ('' is the root) to its options."""

    def __init__(self, paths: dict[str, list[list[str]]]) -> None:
        self.paths = paths
        below: dict[str, set[str]] = defaultdict(set)
        members: dict[str, set[str]] = defaultdict(set)
        under: dict[str, set[str]] = defaultdict(set)
        for skill, own in paths.items():
            for path in own:
                for above, here in zip(["", *path], path, strict=False):
                    below[above].add(here)
                    under[here].add(skill)
                members[path[-1]].add(skill)
        self.below = {node: sorted(children) for node, children in below.items()}
        self.members = {node: sorted(skills) for node, skills in members.items()}
        self.under = {node: sorted(skills) for node, skills in under.items()}

    def options(self, skill: str) -> float:
        """The fewest options read on any path: (children + 1) / 2 at each step, then (members + 1) / 2."""
        return min(self._cost(path) for path in self.paths[skill])

    def _cost(self, path: list[str]) -> float:
        steps = sum((len(self.below[node]) + 1) / 2 for node in ["", *path[:-1]])
        return steps + (len(self.members[path[-1]]) + 1) / 2


def navigate(inputs: TaskInputs, sample: Sample) -> list[Figure]:
    """From the root to each labelled skill through the clusters, the official hierarchy, or one list of all skills.

    First choice: at each step the option whose skills (the sought one left out) are nearest to the text, by cosine of
    their mean vectors; vectors are 100 dimensions of a singular value decomposition of the words of labels and
    descriptions. In a poly-hierarchy any path to the skill is right.
    """
    rows = [row for row in sample.rows if row.skills]
    need(len(rows), "texts with a skill")
    vectors, texts = skill_vectors(inputs.material, inputs.groupings.skills, [row.text for row in rows])
    figures = []
    for name, tree, groups in trees(inputs.material, inputs.groupings):
        options = [tree.options(row.skills[0]) for row in rows]
        figures.append(mean_figure(name, OPTIONS, options, groups))
        walker = _Walker(tree, vectors, inputs.groupings.positions)
        right = [float(walker.arrives(text, row.skills[0])) for text, row in zip(texts, rows, strict=True)]
        figures.append(mean_figure(name, FIRST_CHOICE, right, groups))
    listed = (len(inputs.groupings.skills) + 1) / 2
    return [*figures, mean_figure("none", OPTIONS, [listed] * len(rows), 1)]


def trees(material: Material, groupings: Groupings) -> list[tuple[str, Tree, int]]:
    """The clusters and the official hierarchy: name, tree, number of groups."""
    ours = {skill: [material.path(a.cluster)] for skill, a in material.primary.items()}
    theirs = {skill: groupings.official_paths(skill) for skill in groupings.skills}
    found = []
    for name, paths in (("clusters", ours), ("official", theirs)):
        tree = Tree({skill: of for skill, of in paths.items() if of})
        found.append((name, tree, len(tree.under)))
    return found


class _Walker:
    """Walks down a tree, always to the option nearest to a text."""

    def __init__(self, tree: Tree, vectors: NDArray[np.float64], positions: Mapping[str, int]) -> None:
        self._tree, self._vectors, self._positions = tree, vectors, positions
        self._sums = {node: vectors[[positions[s] for s in skills]].sum(axis=0) for node, skills in tree.under.items()}

    def arrives(self, text: NDArray[np.float64], skill: str) -> bool:
        """Whether every choice was right, down to the group that lists the skill."""
        node, right = "", self._tree.paths[skill]
        for step in range(max(len(path) for path in right)):
            children = self._tree.below[node]
            scores = [float(text @ self._centroid(child, skill)) for child in children]
            node = children[int(np.argmax(np.round(scores, 12)))]
            right = [path for path in right if len(path) > step and path[step] == node]
            if not right or any(len(path) == step + 1 for path in right):
                break
        return bool(right)

    def _centroid(self, node: str, without: str) -> NDArray[np.float64]:
        total = self._sums[node]
        if any(node in path for path in self._tree.paths[without]):
            total = total - self._vectors[self._positions[without]]
        length = float(np.linalg.norm(total))
        return np.asarray(total / length if length else total)
