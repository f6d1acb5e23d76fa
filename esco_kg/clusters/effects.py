"""What expert input changed: the partition with decisions beside the one without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from esco_kg.model.expertise import Decision, Expertise
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import Pillar
from esco_kg.words import said

_TOLD = 5  # skills told of one line; the column ``decision`` of the allocations tells them all


def without_decisions(expertise: Expertise) -> Expertise:
    """The frames alone: what the clusters would be made from without any line about skills."""
    return Expertise(frames=expertise.frames)


def effects(
    expertise: Expertise, partition: Partition, without: Partition, labels: Sequence[str], pillar: Pillar
) -> tuple[str, list[str]]:
    """One sentence on all lines, and sentences on each. ``labels`` names the clusters of the finest level, by number.

    A skill moved where its cluster without the decisions is not the one that corresponds to its cluster with them;
    clusters correspond where they share most skills.
    """
    before = _corresponding(without.finest, partition.finest)
    moved = {iri for iri, old, new in zip(partition.skills, before, partition.finest, strict=True) if old != new}
    named = {skill for decision in expertise.decisions for skill in decision.skills}
    lines = len(expertise.decisions)
    summary = said(
        "said_decisions",
        n=lines,
        moved=said("n_skills", n=len(moved)),
        named=len(moved & named),
        others=len(moved - named),
    )
    row = {iri: n for n, iri in enumerate(partition.skills)}

    def change(skill: str) -> str:
        n = row[skill]
        return f"“{pillar.skills[skill].label()}” from {labels[before[n]]} to {labels[partition.finest[n]]}"

    told, idle = [], []
    for decision in expertise.decisions:
        # Of lines that say the same of a skill, such as a move and the rejection it brings, one moved it.
        own = [s for s in decision.skills if s in moved and partition.decisions[row[s]] in ("", decision.place)]
        if own:
            more = f"; and {len(own) - _TOLD} more" if len(own) > _TOLD else ""
            told.append(f"{decision.place} ({decision.kind}) moved {'; '.join(map(change, own[:_TOLD]))}{more}.")
        elif decision.kind == "also":
            given = "; ".join(f"“{pillar.skills[skill].label()}”" for skill in decision.skills)
            told.append(f"{decision.place} (also) gives {given} one more cluster.")
        else:
            idle.append(f"{decision.place} ({decision.kind})")
    if idle:
        told.append(f"{_counted(len(idle), 'line')} moved nothing: {', '.join(idle)}.")
    return summary, told


def _corresponding(old: NDArray[np.int32], new: NDArray[np.int32]) -> list[int]:
    """Each skill's old cluster by the number of the new cluster that holds most of its skills."""
    pairs = Counter(zip(old.tolist(), new.tolist(), strict=True))
    best: dict[int, tuple[int, int]] = {}
    for (before, after), count in sorted(pairs.items()):
        if before not in best or count > best[before][0]:
            best[before] = (count, after)
    return [best[cluster][1] for cluster in old.tolist()]


def unknown(expertise: Expertise, version: str) -> tuple[str, list[str]]:
    """One sentence on all decisions about what ESCO, or the previous release, no longer has ('' where there are none),
    and sentences on each."""
    if not expertise.unknown:
        return "", []
    summary = said("said_unknown", version=version, n=len(expertise.unknown))
    kept = {decision.place for decision in expertise.decisions}
    return summary, [_unknown(decision, version, decision.place in kept) for decision in expertise.unknown]


def _unknown(decision: Decision, version: str, is_partly_kept: bool) -> str:
    about = " ".join([*decision.skills, decision.target]).strip()
    effect = "only a part of it has an effect" if is_partly_kept else "it has no effect"
    return (
        f"{decision.place} ({decision.kind}): ESCO {version} or the clusters lack what it names, so {effect}: {about}."
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def remember_data(partition: Partition, without: Partition) -> None:
    """Make the runner-up of each skill that a decision moved the cluster that the data alone put it in, and none
    of each where it agrees with the data.

    The next release reads it from there when the decision is taken out again.
    """
    is_decided = np.array([bool(decision) for decision in partition.decisions])
    for row in np.flatnonzero(is_decided):
        same = (without.finest == without.finest[row]) & ~is_decided
        if not same.any():
            continue
        by_data = int(np.bincount(partition.finest[same]).argmax())
        partition.runners_up[row] = -1 if by_data == partition.finest[row] else by_data
