"""Skills that no sector owns: cross-sector and language skills get branches of their own."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.arrays import Matrix, unit_rows
from esco_kg.clusters.features import Features, words
from esco_kg.model.clustering import RULED, Branch
from esco_kg.model.expertise import Frame
from esco_kg.model.pillar import Pillar, SectorLinks, groups_above

_ROOTS: dict[str, Branch] = {"T": "cross-sector", "L": "language"}
_LISTS: dict[Branch, str] = {"cross-sector": "transversal", "language": "language"}
_PART = re.compile(r"[TL][0-9]+")
_REUSED = ("cross-sector", "transversal")
_SECTORS, _OCCUPATIONS = 6.0, 10.0
"""A skill is spread widely from so many sections of NACE on (the exponential of the entropy: Hill 1973), each
occupation counting by its vote, and from so many votes of occupations on."""
_KIN, _RARE_KIN = 0.3, 0.6
"""The share of its ten neighbours in meaning that are cross-sector skills: for a skill that is spread widely, and for
one that too few occupations need to tell."""


@dataclass(slots=True)
class RuledBranch:
    """The skills of a branch: ``rows`` (b,) among all skills, ``official`` (b,) the code of the group next to the root
    that each stands in, otherwise '', ``words`` (b, w) what they say, in rows of length 1."""

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


def branches(pillar: Pillar, frames: Sequence[Frame] = ()) -> dict[str, Branch]:
    """Skill IRI -> branch, for the skills that ESCO or an expert says it of.

    A skill is transversal, and so cross-sector, or a language skill when it stands directly in a group T or L of the
    skills pillar, or on ESCO's thematic list of that name; language goes first, as the more special of the two. Experts
    name further cross-sector skills in the frame of that branch.
    """
    below = _below_roots(pillar)
    named = {
        iri for f in frames if f.branch == "cross-sector" for g in f.groups for c in g.clusters for iri in c.skills
    }
    found: dict[str, Branch] = {}
    for branch, name in _LISTS.items():
        members = below[branch] | (pillar.lists.get(name, frozenset()) & pillar.skills.keys())
        members |= named & pillar.skills.keys() if branch == "cross-sector" else set()
        found |= dict.fromkeys(sorted(members), branch)
    return dict(sorted(found.items()))


def with_widely_used(
    known: dict[str, Branch],
    pillar: Pillar,
    features: Features,
    sectors: SectorLinks,
    named: Collection[str] = (),
) -> list[str]:
    """(n,) the branch of each skill, or '': those ``known``, and cross-sector skills by rule and data together.

    ESCO gives such a skill the reuse level cross-sector or transversal, and its neighbours in meaning are cross-sector
    skills: three of ten where occupations of many sections need it, six of ten where it is too rare to tell. A skill
    that experts ``named`` in a sector stays there.
    """
    if "cross-sector" not in known.values():
        return [known.get(iri, "") for iri in features.skills]
    kin = _kin(features, np.array([known.get(iri) == "cross-sector" for iri in features.skills]))
    is_wide = _spread(features, sectors) >= _SECTORS
    is_rare = (features.use > 0) @ features.shared < _OCCUPATIONS
    found = []
    for i, iri in enumerate(features.skills):
        reused = pillar.skills[iri].reuse_level in _REUSED and iri not in named
        joins = reused and (kin[i] >= _RARE_KIN if is_rare[i] else is_wide[i] and kin[i] >= _KIN)
        found.append(str(known.get(iri, "cross-sector" if joins else "")))
    return found


def _kin(features: Features, are: NDArray[np.bool_]) -> NDArray[np.float64]:
    near = features.wording.near[:, :10]
    return np.asarray(are[near].mean(axis=1)) if near.shape[1] else np.zeros(len(are))


def _spread(features: Features, sectors: SectorLinks) -> NDArray[np.float64]:
    """(n,) the effective number of NACE sections that need a skill; 0 where no occupation has a sector."""
    codes = sorted({code for shares in sectors.sections.values() for code in shares})
    column = {code: j for j, code in enumerate(codes)}
    of = np.zeros((len(features.occupations), len(codes)))
    for i, iri in enumerate(features.occupations):
        for code, share in sectors.sections.get(iri, {}).items():
            of[i, column[code]] = share
    needs = (features.use > 0) @ (of * features.shared[:, None])
    total = needs.sum(axis=1, keepdims=True)
    shares = needs / np.where(total > 0, total, 1.0)
    entropy = -(shares * np.log(np.where(shares > 0, shares, 1.0))).sum(axis=1)
    return np.asarray(np.where(total[:, 0] > 0, np.exp(entropy), 0.0))


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
