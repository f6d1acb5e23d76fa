"""Is what experts decided so in the result? Read from the published allocations alone.

This shares no code with what applies the decisions, so that a fault there is seen here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from esco_kg.errors import InputError
from esco_kg.model.clustering import Clustering
from esco_kg.model.expertise import Decision, Expertise

_NAMED = 10  # lines named in one message


@dataclass(frozen=True, slots=True)
class Unmet:
    """A line that does not hold: what is otherwise in the result, and the lines that say something of its skills."""

    place: str
    what: str
    against: tuple[str, ...] = ()


def verified(clustering: Clustering, expertise: Expertise, frames: Mapping[str, str]) -> list[str]:
    """Sentences on the seeds that gave way to stronger lines.

    ``frames`` maps the id of a top cluster to the key of the frame that it was made from. Raises InputError for the
    first line that does not hold otherwise; the message counts the others.
    """
    unmet = list(unmet_lines(clustering, expertise, frames))
    seeds = {decision.place for decision in expertise.decisions if decision.kind == "seed"}
    failed = [line for line in unmet if line.place not in seeds or not line.against]
    if failed:
        first, more = failed[0], len(failed) - 1
        raise InputError(
            first.place,
            f"does not hold in the result: {first.what}"
            + (f"; lines against it: {_listed(first.against)}" if first.against else "")
            + (f"; {more} more lines do not hold: {_listed([line.place for line in failed[1:]])}" if more else ""),
            "Nothing was written. Take one of the lines out, or say more exactly where the skills belong.",
        )
    return [f"{line.place} (seed) gave way to {_listed(line.against)}: {line.what}." for line in unmet]


def unmet_lines(clustering: Clustering, expertise: Expertise, frames: Mapping[str, str]) -> Iterator[Unmet]:
    """Every line that does not hold."""
    result = _Result(clustering, frames)
    for decision in expertise.decisions:
        what = result.otherwise(decision)
        if what:
            yield Unmet(decision.place, what, tuple(_against(decision, expertise)))
    for frame in expertise.frames:
        # A frame that holds more than the largest share of the skills is divided: it then has several clusters.
        for cluster in sorted(cluster for cluster, key in frames.items() if key == frame.key):
            branch = clustering.clusters[cluster].branch
            if branch != frame.branch:
                yield Unmet(
                    frame.place, f"its cluster {cluster} is of the branch {branch}, the frame of {frame.branch}"
                )


class _Result:
    """Where each skill is, as published."""

    def __init__(self, clustering: Clustering, frames: Mapping[str, str]) -> None:
        self._frames = frames
        self._parents = {identifier: cluster.parent for identifier, cluster in clustering.clusters.items()}
        self._successors = {entry.id: entry.replaced_by for entry in clustering.registry}
        self._primary = {a.skill: a.cluster for a in clustering.allocations if a.rank == "primary"}
        self._all: dict[str, list[str]] = {}
        for allocation in clustering.allocations:
            self._all.setdefault(allocation.skill, []).append(allocation.cluster)

    def otherwise(self, decision: Decision) -> str:
        """What is otherwise than the line says, or ''."""
        if decision.kind == "must-link":
            places = {skill: self._primary.get(skill) for skill in decision.skills}
            return (
                ""
                if len(set(places.values())) == 1
                else f"its skills are in {_listed(sorted(map(str, places.values())))}"
            )
        if decision.kind == "cannot-link":
            return self._shared(decision)
        goals = self._goals(decision.target)
        for skill in decision.skills:
            own = self._primary.get(skill)
            clusters = [own] if decision.kind in ("forced", "seed") else self._all.get(skill, [])
            inside = [cluster for cluster in clusters if goals & set(self._around(cluster))]
            if decision.kind == "rejected" and inside and self._is_present(decision.target):
                return f"{skill} is in {inside[0]}"
            if decision.kind != "rejected" and not inside:
                return f"{skill} is in {own}, not in {decision.target}"
        return ""

    def _shared(self, decision: Decision) -> str:
        found: dict[str | None, str] = {}
        for skill in decision.skills:
            own = self._primary.get(skill)
            if own in found:
                return f"{found[own]} and {skill} are both in {own}"
            if own is not None:
                found[own] = skill
        return ""

    def _around(self, cluster: str | None) -> list[str]:
        found = []
        while cluster is not None:
            found.append(cluster)
            cluster = self._parents[cluster]
        return found

    def _is_present(self, target: str) -> bool:
        return target.startswith("skill:") or target in self._parents or target in self._frames.values()

    def _goals(self, target: str) -> set[str]:
        """The clusters that the target stands for; of a retired one its successors."""
        if target.startswith("skill:"):
            return {own for own in (self._primary.get(target.removeprefix("skill:")),) if own}
        framed = {cluster for cluster, key in self._frames.items() if key == target}
        if framed or target in self._parents:
            return framed or {target}
        return {goal for successor in self._successors.get(target, ()) for goal in self._goals(successor)}


def _against(decision: Decision, expertise: Expertise) -> list[str]:
    """Places of the other lines that name one of its skills, or one that is linked to them."""
    own = {*decision.skills, decision.target.removeprefix("skill:")} - {decision.target}
    size = 0
    while len(own) > size:
        size = len(own)
        for line in expertise.decisions:
            joins = line.kind == "must-link" or (line.kind == "forced" and line.target.startswith("skill:"))
            skills = {*line.skills, line.target.removeprefix("skill:")} - {""}
            if joins and own & skills:
                own |= skills
    lines = (line for line in expertise.decisions if line is not decision and line.kind != "also")
    return [line.place for line in lines if own & {*line.skills, line.target.removeprefix("skill:")}]


def _listed(things: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(things) - _NAMED} more" if len(things) > _NAMED else ""
    return ", ".join(things[:_NAMED]) + more
