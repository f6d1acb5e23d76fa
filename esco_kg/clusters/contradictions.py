"""Lines of ``curation/`` that cannot all hold. Each rule raises InputError and names every line of a contradiction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations

from esco_kg.clusters.chains import Chains, skill_of
from esco_kg.errors import InputError
from esco_kg.model.expertise import Decision

_HINT = "Take one of the lines out; in the ledger, append a line that revokes it."


def check_decisions(
    decisions: Sequence[Decision], finest: Collection[str] = (), parents: Mapping[str, str | None] | None = None
) -> None:
    """Raise InputError for lines that no clustering can satisfy:

    - forced lines that pull skills apart which must-link joins, or one skill to two places;
    - cannot-link between skills that must-link and forced lines join, through any chain of them;
    - a rejected cluster that such a chain leads into;
    - a further membership (``also``) in a cluster that was rejected.

    ``finest`` are the ids of finest clusters of the previous release: cannot-link parts skills there, and says nothing
    of larger clusters. ``parents`` maps each of its clusters to the one above: a target inside another one agrees with
    it. Whether a frame and a cluster agree is known only once the clusters are made.
    """
    lines = _Lines(decisions, finest, parents or {})
    lines.check_forced()
    for decision in decisions:
        if decision.kind == "cannot-link":
            lines.check_cannot_link(decision)
        elif decision.kind == "rejected":
            lines.check_rejected(decision)


class _Lines:
    """The lines that put skills together, ready to be asked where a skill has to be."""

    def __init__(
        self, decisions: Sequence[Decision], finest: Collection[str], parents: Mapping[str, str | None]
    ) -> None:
        self._parents, self._finest = parents, finest
        self._forced = [d for d in decisions if d.kind == "forced"]
        must = [d for d in decisions if d.kind == "must-link"]
        into = [(d, (*d.skills, d.target)) for d in self._forced if d.target in finest]
        self._links, self._together = Chains(must), Chains([*must, *self._forced], into)
        self._by_link, self._by_chain = self._sorted(self._links), self._sorted(self._together)
        self._also: dict[str, list[Decision]] = defaultdict(list)
        for decision in decisions:
            if decision.kind == "also":
                for skill in decision.skills:
                    self._also[skill].append(decision)

    def _sorted(self, chains: Chains) -> dict[str, list[tuple[str, Decision]]]:
        found: dict[str, list[tuple[str, Decision]]] = defaultdict(list)
        for decision in self._forced:
            for skill in decision.skills:
                found[chains.root(skill)].append((skill, decision))
        return found

    def check_forced(self) -> None:
        """Two forced lines of skills that must-link joins agree."""
        for lines in self._by_link.values():
            # Lines with one target agree, so the first of each target stands for all.
            first = {decision.target: (skill, decision) for skill, decision in reversed(lines)}
            kept = sorted(first.values(), key=lines.index)
            for (a, one), (b, other) in combinations(kept, 2):
                if not self._agree(one.target, other.target):
                    links = " with ".join(link.place for link in self._links.path(a, b))
                    there = [line.place for line in self._lines_at(one.target, other.target)]
                    raise InputError(
                        other.place,
                        f"forces {b} to {other.target} and contradicts {one.place}, which forces {a} to {one.target}"
                        + (f": {links} puts the two together" if links else "")
                        + (f" ({', '.join(there)} places the skill of a target)" if there else ""),
                        _HINT,
                    )

    def check_cannot_link(self, decision: Decision) -> None:
        """No two of its skills are joined."""
        held: dict[str, str] = {}
        for skill in decision.skills:
            first = held.setdefault(self._together.root(skill), skill)
            if first != skill:
                what = f"puts together {first} and {skill}, which this line parts"
                _contradict(decision, self._together.path(first, skill), what)

    def check_rejected(self, decision: Decision) -> None:
        """None of its skills is led into the rejected cluster, nor has it as a further one."""
        rejected = self._key(decision.target)
        for skill in decision.skills:
            if rejected in self._places(f"skill:{skill}"):
                what = f"puts {skill} where this line rejects it"
                _contradict(decision, self._lines_between(skill, decision.target), what)
            for other in self._also[skill]:
                if rejected in self._places(other.target):
                    more = (
                        self._lines_between(skill_of(other.target), decision.target) if skill_of(other.target) else []
                    )
                    _contradict(decision, [other, *more], f"puts {skill} where this line rejects it")

    def _agree(self, one: str, other: str) -> bool:
        """Whether both targets can be met by one cluster, as far as this can be known before the clusters are made."""
        if skill_of(one) and skill_of(other):
            return self._followed(one) == self._followed(other)
        if skill_of(one) or skill_of(other):
            skill, place = (one, other) if skill_of(one) else (other, one)
            lines = self._by_link.get(self._followed(skill), ())
            return any(place in self._around(line.target) for _, line in lines)
        is_frame_and_cluster = (one in self._parents) != (other in self._parents)
        return is_frame_and_cluster or other in self._around(one) or one in self._around(other)

    def _lines_at(self, *targets: str) -> list[Decision]:
        """Forced lines that place the skills of these targets."""
        found = [line for t in targets if skill_of(t) for _, line in self._by_link.get(self._followed(t), ())]
        return [line for line in dict.fromkeys(found) if line.target not in targets]

    def _followed(self, target: str) -> str:
        """The must-link chain at whose place the skill of the target ends, through forced lines to further skills."""
        chain = self._links.root(skill_of(target))
        seen: list[str] = []
        while chain not in seen:
            seen.append(chain)
            further = [skill_of(line.target) for _, line in self._by_link.get(chain, ()) if skill_of(line.target)]
            if further:
                chain = self._links.root(further[0])
        return min(seen[seen.index(chain) :])

    def _around(self, target: str) -> list[str]:
        """The target and the clusters above it."""
        found = [target]
        while above := self._parents.get(found[-1]):
            found.append(above)
        return found

    def _key(self, target: str) -> str:
        """What stands for a target: for a skill the chain that it is in."""
        return f"skill:{self._together.root(skill_of(target))}" if skill_of(target) else target

    def _places(self, target: str) -> set[str]:
        """Everything that a skill in the target is known to be in."""
        if not skill_of(target):
            own = {f"skill:{self._together.root(target)}"} if target in self._finest else set()
            return own | set(self._around(target))
        lines = self._by_chain.get(self._together.root(skill_of(target)), ())
        around = {place for _, line in lines if not skill_of(line.target) for place in self._around(line.target)}
        return around | {self._key(target)}

    def _lines_between(self, skill: str, target: str) -> list[Decision]:
        """The lines that lead a skill into a target."""
        if skill_of(target):
            return self._together.path(skill, skill_of(target))
        lines = self._by_chain.get(self._together.root(skill), ())
        other, line = next((s, d) for s, d in lines if not skill_of(d.target) and target in self._around(d.target))
        return [*self._together.path(skill, other), line]


def _contradict(decision: Decision, others: Iterable[Decision], what: str) -> None:
    places = " with ".join(dict.fromkeys(other.place for other in others))
    raise InputError(decision.place, f"contradicts {places}, which {what}", _HINT)
