"""Strict hold-out: whole ISCO-08 unit groups leave the data, so that no sibling of a test occupation informs a cluster.

Also the resamples of occupations that stability is measured on.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from esco_kg.model.pillar import Pillar


@dataclass(frozen=True, slots=True)
class Split:
    """One division of the occupations; IRIs are sorted and no ISCO unit group stands on both sides."""

    number: int
    training: tuple[str, ...]
    held_out: tuple[str, ...]


def strict_splits(pillar: Pillar, count: int = 5, share: float = 0.2, seed: int = 0) -> list[Split]:
    """``count`` seeded splits; unit groups are drawn until they hold ``share`` of the occupations.

    An occupation without a unit group is a group of its own.
    """
    groups: dict[str, list[str]] = {}
    for iri, occupation in sorted(pillar.occupations.items()):
        groups.setdefault(occupation.isco or iri, []).append(iri)
    splits = []
    for number in range(count):
        order = sorted(groups)
        random.Random(f"{seed} {number}").shuffle(order)
        held: list[str] = []
        for group in order:
            if len(held) >= share * len(pillar.occupations):
                break
            held += groups[group]
        splits.append(Split(number, tuple(sorted(pillar.occupations.keys() - set(held))), tuple(sorted(held))))
    return splits


def hidden_skills(pillar: Pillar, count: int = 600, seed: int = 5) -> frozenset[str]:
    """``count`` of the skills that occupations need, a tenth of them at most."""
    used = sorted({skill for _, skill, _ in pillar.occupation_skills})
    return frozenset(random.Random(f"{seed} hidden").sample(used, min(count, len(used) // 10)))


def without_links(pillar: Pillar, skills: frozenset[str]) -> Pillar:
    """The pillar, in which no occupation needs these skills."""
    return replace(pillar, occupation_skills=[link for link in pillar.occupation_skills if link[1] not in skills])


def resamples(pillar: Pillar, count: int = 5, share: float = 0.9, seed: int = 0) -> list[tuple[str, ...]]:
    """``count`` seeded draws of ``share`` of the occupations, without replacement."""
    everything = sorted(pillar.occupations)
    size = round(share * len(everything))
    return [tuple(sorted(random.Random(f"{seed} {i} resample").sample(everything, size))) for i in range(count)]


def restricted(pillar: Pillar, occupations: Iterable[str]) -> Pillar:
    """The same pillar as if only these occupations existed; skills and groups stay."""
    kept = frozenset(occupations)
    return replace(
        pillar,
        occupations={iri: o for iri, o in pillar.occupations.items() if iri in kept},
        occupation_broader=[
            (child, p) for child, p in pillar.occupation_broader if child in kept or _is_group(pillar, child)
        ],
        occupation_skills=[link for link in pillar.occupation_skills if link[0] in kept],
    )


def _is_group(pillar: Pillar, iri: str) -> bool:
    return iri in pillar.isco_groups


def essential_skills(pillar: Pillar, occupations: Sequence[str]) -> dict[str, list[str]]:
    """Occupation -> its essential skills, sorted, for these occupations in their order."""
    found: dict[str, list[str]] = {iri: [] for iri in occupations}
    for occupation, skill, necessity in pillar.occupation_skills:
        if necessity == "essential" and occupation in found:
            found[occupation].append(skill)
    return {iri: sorted(set(skills)) for iri, skills in found.items()}
