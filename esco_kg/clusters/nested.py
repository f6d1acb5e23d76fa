"""The nested partition as membership matrices: what naming, relations and profiles count in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from esco_kg.model.clustering import RULED
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import Pillar

Node = tuple[int, int]  # depth, number of the cluster at that depth


@dataclass(slots=True, frozen=True)
class Members:
    """One level: ``of`` (n,) each skill's cluster, ``size`` clusters, ``matrix`` (n, size) of ones."""

    depth: int
    of: NDArray[np.int32]
    size: int
    matrix: csr_matrix


class Nested:
    """A partition beside the pillar it is made of. Skills and occupations are rows and columns in IRI order."""

    def __init__(self, partition: Partition, pillar: Pillar) -> None:
        self.partition = partition
        self.pillar = pillar
        self.skills = partition.skills
        self.row = {iri: n for n, iri in enumerate(self.skills)}
        self.occupations = sorted(pillar.occupations)
        self.levels = [self._members(depth) for depth in range(1, len(partition.parents) + 2)]

    def _members(self, depth: int) -> Members:
        of = self.partition.at(depth)
        size = int(of.max()) + 1
        ones = np.ones(len(of))
        return Members(depth, of, size, csr_matrix((ones, (np.arange(len(of)), of)), shape=(len(of), size)))

    @property
    def nodes(self) -> list[Node]:
        """Every cluster, coarsest level first."""
        return [(level.depth, number) for level in self.levels for number in range(level.size)]

    def parent(self, node: Node) -> Node | None:
        """The cluster one level up."""
        depth, number = node
        return (depth - 1, int(self.partition.parents[depth - 2][number])) if depth > 1 else None

    def above(self, node: Node) -> Node:
        """The cluster one level up, of a node that is not of the top level."""
        return node[0] - 1, int(self.partition.parents[node[0] - 2][node[1]])

    def is_repeated(self, node: Node) -> bool:
        """Whether the cluster ends above this level, and stands here for itself once more."""
        keys, (depth, number) = self.partition.keys, node
        return bool(keys) and depth > 1 and keys[depth - 1][number] == keys[depth - 2][self.above(node)[1]]

    def top(self, node: Node) -> int:
        """The number of the top cluster above, or of the cluster itself."""
        while (above := self.parent(node)) is not None:
            node = above
        return node[1]

    def is_everywhere(self, node: Node) -> bool:
        """Whether the cluster is of a branch by rule, and so of no sector or occupation."""
        return self.partition.branches[self.top(node)] in RULED

    @cached_property
    def members(self) -> dict[Node, NDArray[np.intp]]:
        """Each cluster's skills as row numbers, ascending."""
        found = {}
        for level in self.levels:
            order = np.argsort(level.of, kind="stable")
            starts = np.searchsorted(level.of[order], np.arange(level.size + 1))
            for number in range(level.size):
                found[level.depth, number] = order[starts[number] : starts[number + 1]]
        return found

    @cached_property
    def links(self) -> csr_matrix:
        """(skills, occupations): 1 where the occupation needs the skill, essential or optional."""
        column = {iri: n for n, iri in enumerate(self.occupations)}
        pairs = sorted({(self.row[s], column[o]) for o, s, _ in self.pillar.occupation_skills if s in self.row})
        rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
        shape = (len(self.skills), len(column))
        return csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=shape)

    def per_occupation(self, level: Members) -> csr_matrix:
        """(clusters, occupations): how many of the cluster's skills the occupation needs."""
        return (level.matrix.T @ self.links).tocsr()
