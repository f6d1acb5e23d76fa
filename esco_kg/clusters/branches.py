"""Skills that no sector owns: transversal and language skills get branches of their own, by rule and not by data."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.features import Matrix, unit_rows, words
from esco_kg.model.clustering import RULED, Branch
from esco_kg.model.pillar import Pillar, groups_above

_ROOTS: dict[str, Branch] = {"T": "transversal", "L": "language"}
_PART = re.compile(r"[TL]\d+")


@dataclass(slots=True)
class RuledBranch:
    """The skills of a branch: ``rows`` (b,) among all skills, ``official`` (b,) the code of the group next to the root
    that each stands in, else '', ``words`` (b, w) what they say, in rows of length 1."""

    rows: NDArray[np.int64]
    official: NDArray[np.str_]
    words: Matrix


def ruled_branches(pillar: Pillar, skills: list[str], ruled: NDArray[np.str_], smallest: int) -> list[RuledBranch]:
    """The branches by rule, in the order of :data:`esco_kg.model.clustering.RULED`; ``ruled`` (n,) names each skill's.

    A word that fewer skills have than the ``smallest`` cluster holds cannot tell clusters apart, as the names of
    languages do not, and is not read.
    """
    parts, found = official_parts(pillar), []
    for branch in RULED:
        rows = np.flatnonzero(ruled == branch)
        members = [skills[row] for row in rows]
        official = np.array([parts[iri] for iri in members], dtype=str)
        said = words(pillar, members, min_df=smallest, max_df=1.0).toarray().astype(np.float32)
        found.append(RuledBranch(rows, official, unit_rows(said)))
    return found


def branches(pillar: Pillar) -> dict[str, Branch]:
    """Skill IRI -> branch, for the transversal and language skills alone.

    A skill belongs to the branch when it stands directly in a group T or L of the skills pillar, or on
    ESCO's thematic list of that name; language goes before transversal, as the more special of the two.
    """
    below = _below_roots(pillar)
    found: dict[str, Branch] = {}
    for branch in ("transversal", "language"):
        members = below[branch] | (pillar.lists.get(branch, frozenset()) & pillar.skills.keys())
        found |= dict.fromkeys(sorted(members), branch)
    return dict(sorted(found.items()))


def official_parts(pillar: Pillar) -> dict[str, str]:
    """Skill IRI -> code of the group next to the root T or L that it stands in, directly or through broader skills
    (``T3``, ``L1``); the first by code where there are several, '' where there is none."""
    above = groups_above(pillar).items()
    return {iri: next(filter(_PART.fullmatch, sorted(codes)), "") for iri, codes in above}


def _below_roots(pillar: Pillar) -> dict[Branch, set[str]]:
    """Skills that stand directly in a group whose code starts with T or L."""
    code = {group.iri: group.code for group in pillar.skill_groups.values()}
    found: dict[Branch, set[str]] = {branch: set() for branch in _ROOTS.values()}
    for child, parent in pillar.skill_broader:
        root = code.get(parent, "")[:1]
        if child in pillar.skills and root in _ROOTS:
            found[_ROOTS[root]].add(child)
    return found
