"""Recommendations through groups of skills, with reasons: skills to add, occupations, one's own jobs or courses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from esco_kg.errors import UsageError
from esco_kg.folder.material import Material
from esco_kg.trials.advertisements import skill_index
from esco_kg.trials.groupings import OPTIONAL_WEIGHT, Grouping, Groupings

_REASONS = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """A group that a recommendation came through: its share of the score, and the profile's skills in it."""

    group: str
    share: float
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """``key``: a skill's or occupation's IRI, or the id of an item; ``score`` in [0, 1] compares in one list only."""

    key: str
    score: float
    reasons: tuple[Reason, ...]


class Recommender:
    """Recommends through one grouping; by default the clusters of the finest level, with shares of several.

    Skills are ranked by the sum over groups of P(group | profile) P(skill | group), with P(skill | group) from the
    demand of occupations; occupations and items by the cosine between their distribution over groups and the profile's.
    """

    def __init__(self, groupings: Groupings, grouping: Grouping | None = None) -> None:
        self._groupings = groupings
        self._grouping = grouping or groupings.clusters(groupings.material.depth, soft=True)
        self._given_group = given_group(self._grouping, groupings.demand)

    def skills(self, profile: Sequence[str], top: int = 10) -> list[Recommendation]:
        """Skills to add to the profile (IRIs), best first. Raises UsageError for an empty or unknown profile."""
        mass, given = self._profile(profile), self._given_group
        scores = np.asarray(given @ mass).ravel()
        scores[[self._groupings.positions[skill] for skill in profile]] = -1.0
        best = best_first(scores, top)
        through = [given[position].multiply(mass).toarray().ravel() for position in best]
        return [
            Recommendation(self._groupings.skills[p], round(float(scores[p]), 6), self._reasons(t, profile))
            for p, t in zip(best, through, strict=True)
            if scores[p] > 0
        ]

    def occupations(self, profile: Sequence[str], top: int = 10) -> list[Recommendation]:
        """Occupations whose needs lie in the profile's groups, best first."""
        material = self._groupings.material
        needs = {
            occupation: {skill: 1.0 if necessity == "essential" else OPTIONAL_WEIGHT for skill, necessity in of}
            for occupation, of in sorted(material.needs.items())
        }
        return self.items(profile, needs, top)

    def items(
        self, profile: Sequence[str], items: Mapping[str, Mapping[str, float]], top: int = 10
    ) -> list[Recommendation]:
        """One's own items, each given as weights of its skills, best first."""
        mass = self._profile(profile)
        keys = list(items)
        over_groups = self.distributions([items[key] for key in keys])
        scores = np.asarray(over_groups @ _unit(mass)).ravel()
        found = []
        for position in best_first(scores, top):
            if scores[position] > 0:
                through = over_groups[position].multiply(_unit(mass)).toarray().ravel()
                found.append(
                    Recommendation(keys[position], round(float(scores[position]), 6), self._reasons(through, profile))
                )
        return found

    def distributions(self, items: Sequence[Mapping[str, float]]) -> Any:
        """Items as rows of length 1 over the groups (a sparse matrix)."""
        positions = self._groupings.positions
        cells = [
            (row, positions[s], w) for row, item in enumerate(items) for s, w in sorted(item.items()) if s in positions
        ]
        rows, columns, weights = zip(*cells, strict=True) if cells else ((), (), ())
        matrix = sp.csr_matrix((weights, (rows, columns)), shape=(len(items), len(positions)))
        return _unit_rows(matrix @ self._grouping.memberships)

    def _profile(self, profile: Sequence[str]) -> NDArray[np.float64]:
        unknown = [skill for skill in profile if skill not in self._groupings.positions]
        if unknown or not profile:
            what = f"the release has no skill {unknown[0]}" if unknown else "the profile is empty"
            raise UsageError(what, "Give skills by label or IRI.")
        rows = self._grouping.rows(self._groupings.positions, profile)
        return np.asarray(rows.mean(axis=0), dtype=np.float64).ravel()

    def _reasons(self, through: NDArray[np.float64], profile: Sequence[str]) -> tuple[Reason, ...]:
        total = through.sum()
        found = []
        for column in best_first(through, _REASONS):
            if through[column] > 0:
                inside = self._grouping.memberships[:, [column]].toarray().ravel()
                own = tuple(skill for skill in profile if inside[self._groupings.positions[skill]] > 0)
                found.append(Reason(self._grouping.groups[column], round(float(through[column] / total), 4), own))
        return tuple(found)


def given_group(grouping: Grouping, demand: NDArray[np.float64]) -> Any:
    """P(skill | group) as a sparse matrix (skills x groups)."""
    weighted = sp.diags(demand) @ grouping.memberships
    sums = np.asarray(weighted.sum(axis=0)).ravel()
    return (weighted @ sp.diags(1 / np.where(sums > 0, sums, 1.0))).tocsr()


def best_first(scores: NDArray[np.float64], top: int) -> list[int]:
    """Positions of the best scores; equal ones in their order."""
    return [int(position) for position in np.argsort(-np.round(scores, 12), kind="stable")[:top]]


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.sqrt(vector @ vector))
    return vector / length if length else vector


def _unit_rows(matrix: Any) -> Any:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (sp.diags(1 / np.where(lengths > 0, lengths, 1.0)) @ matrix).tocsr()


def profile_of(material: Material, given: Sequence[str]) -> list[str]:
    """IRIs of skills given by IRI or any label, each once. Raises UsageError for a name that no skill has."""
    known = material.skills_by_label()
    found: dict[str, None] = {}
    for name in given:
        iris = known.get(name.strip()) or known.get(name.strip().casefold())
        if not iris:
            near = [material.label(match.target) for match in skill_index(material).whole(name)[:3]]
            hint = f"Did you mean {', '.join(repr(label) for label in near)}?" if near else "Give an IRI or a label."
            raise UsageError(f"no skill is called {name!r}", f"{hint} esco-kg assign finds skills for free text.")
        found[iris[0]] = None
    return list(found)
