"""Skills that no sector owns: transversal and language skills get branches of their own, by rule and not by data."""

from __future__ import annotations

from esco_kg.model.clustering import Branch
from esco_kg.model.pillar import Pillar

_ROOTS: dict[str, Branch] = {"T": "transversal", "L": "language"}


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


def _below_roots(pillar: Pillar) -> dict[Branch, set[str]]:
    """Skills that stand directly in a group whose code starts with T or L."""
    code = {group.iri: group.code for group in pillar.skill_groups.values()}
    found: dict[Branch, set[str]] = {branch: set() for branch in _ROOTS.values()}
    for child, parent in pillar.skill_broader:
        root = code.get(parent, "")[:1]
        if child in pillar.skills and root in _ROOTS:
            found[_ROOTS[root]].add(child)
    return found
