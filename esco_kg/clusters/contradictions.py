"""Lines of ``curation/`` that cannot both hold. Each rule raises InputError and names both lines."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Sequence
from itertools import combinations

from esco_kg.errors import InputError
from esco_kg.model.expertise import Decision

_HINT = "Take one of the lines out; in the ledger, append a line that revokes it."


def check_decisions(decisions: Sequence[Decision], finest: Collection[str] = ()) -> None:
    """Forced to two places; must-link against cannot-link, through any chain of links; forced to two places that
    must-link joins; forced together though cannot-link parts them; forced, or also put, where a reviewer rejected it.

    ``finest`` are the ids of finest clusters: cannot-link parts skills there, and says nothing of larger clusters.
    """
    forced = _forced(decisions)
    also = {(skill, d.target): d for d in decisions if d.kind == "also" for skill in d.skills}
    chains = _Chains([d for d in decisions if d.kind == "must-link"])
    for decision in decisions:
        if decision.kind == "cannot-link":
            _check_cannot_link(decision, chains, forced, finest)
        elif decision.kind == "rejected":
            for skill in decision.skills:
                other = also.get((skill, decision.target)) or forced.get(skill)
                if other and other.target == decision.target:
                    _contradict(decision, other, f"puts {skill} where this line rejects it")
    for group in chains.groups():
        _check_group([skill for skill in group if skill in forced], chains, forced)


def _check_group(held: Sequence[str], chains: _Chains, forced: dict[str, Decision]) -> None:
    for a, b in combinations(held, 2):
        first, second = forced[a], forced[b]
        if first.target != second.target:
            links = " with ".join(link.place for link in chains.path(a, b))
            raise InputError(
                second.place,
                f"forces {b} to {second.target} and contradicts {first.place}, which forces {a} to {first.target}: "
                f"{links} puts the two together",
                _HINT,
            )


def _forced(decisions: Sequence[Decision]) -> dict[str, Decision]:
    found: dict[str, Decision] = {}
    for decision in decisions:
        if decision.kind != "forced":
            continue
        for skill in decision.skills:
            first = found.setdefault(skill, decision)
            if first.target != decision.target:
                _contradict(decision, first, f"forces {skill} to {first.target}, this line to {decision.target}")
    return found


def _check_cannot_link(
    decision: Decision, chains: _Chains, forced: dict[str, Decision], finest: Collection[str]
) -> None:
    for a, b in combinations(decision.skills, 2):
        links = chains.path(a, b)
        if links:
            _contradict(decision, links[0], f"puts together {a} and {b}, which this line parts", links[1:])
        if a in forced and b in forced and forced[a].target == forced[b].target:
            target = forced[a].target
            if target.startswith("skill:") or target in finest:
                _contradict(decision, forced[b], f"forces {b} to {target}, where {forced[a].place} forces {a}")
        for skill, other in ((a, b), (b, a)):
            if skill in forced and forced[skill].target == f"skill:{other}":
                _contradict(decision, forced[skill], f"forces {skill} to the cluster of {other}")


def _contradict(decision: Decision, other: Decision, what: str, more: Sequence[Decision] = ()) -> None:
    others = " with ".join([other.place, *(link.place for link in more)])
    raise InputError(decision.place, f"contradicts {others}, which {what}", _HINT)


class _Chains:
    """Skills that must-link joins, directly or through others."""

    def __init__(self, links: Sequence[Decision]) -> None:
        self._neighbours: dict[str, list[tuple[str, Decision]]] = defaultdict(list)
        for link in links:
            for a, b in combinations(link.skills, 2):
                self._neighbours[a].append((b, link))
                self._neighbours[b].append((a, link))

    def path(self, start: str, end: str) -> list[Decision]:
        """The fewest lines that join the two; none where nothing joins them."""
        waiting: deque[tuple[str, list[Decision]]] = deque([(start, [])])
        seen = {start}
        while waiting:
            skill, lines = waiting.popleft()
            if skill == end:
                return list(dict.fromkeys(lines))
            for other, link in self._neighbours[skill]:
                if other not in seen:
                    seen.add(other)
                    waiting.append((other, [*lines, link]))
        return []

    def groups(self) -> list[list[str]]:
        """Skills that belong together, each group in order of IRIs."""
        found: list[list[str]] = []
        seen: set[str] = set()
        for skill in sorted(self._neighbours):
            if skill in seen:
                continue
            group, waiting = {skill}, [skill]
            while waiting:
                for other, _ in self._neighbours[waiting.pop()]:
                    if other not in group:
                        group.add(other)
                        waiting.append(other)
            seen |= group
            found.append(sorted(group))
        return found
