"""Skills that lines join, directly or through others, and the lines that join them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence

from esco_kg.model.expertise import Decision

_SKILL = "skill:"


def skill_of(target: str) -> str:
    """The skill whose cluster is the target, or '' where the target is something else."""
    return target.removeprefix(_SKILL) if target.startswith(_SKILL) else ""


def joined(decision: Decision) -> tuple[str, ...]:
    """The skills that a line puts into one cluster of the finest level, if it is a line that does."""
    if decision.kind == "must-link":
        return decision.skills
    if decision.kind == "forced" and skill_of(decision.target):
        return (*decision.skills, skill_of(decision.target))
    return ()


class Chains:
    """Connected components of the graph of skills and the lines that join them.

    ``extra`` maps a line to further things that it joins its skills with, such as the one cluster it forces them into.
    """

    def __init__(self, lines: Iterable[Decision], extra: Iterable[tuple[Decision, Sequence[str]]] = ()) -> None:
        self._members: list[tuple[Decision, tuple[str, ...]]] = [(line, joined(line)) for line in lines]
        self._members = [(line, skills) for line, skills in self._members if skills]
        self._members += [(line, tuple(things)) for line, things in extra]
        self._lines: dict[str, list[int]] = defaultdict(list)
        for number, (_, things) in enumerate(self._members):
            for thing in things:
                self._lines[thing].append(number)
        self._of: dict[str, str] = {}

    def root(self, thing: str) -> str:
        """One member that stands for the chain, the first in alphabetical order; a thing that nothing joins is
        alone."""
        if thing not in self._of:
            chain = self._reached(thing)
            first = min(chain)
            self._of |= dict.fromkeys(chain, first)
        return self._of[thing]

    def _reached(self, start: str) -> set[str]:
        found, waiting = {start}, [start]
        while waiting:
            for line in self._lines.get(waiting.pop(), ()):
                new = set(self._members[line][1]) - found
                found |= new
                waiting += new
        return found

    def path(self, start: str, end: str) -> list[Decision]:
        """The fewest lines that join the two, in order from the start; none where nothing joins them."""
        waiting: deque[str] = deque([start])
        came: dict[str, tuple[str, int]] = {start: ("", -1)}
        while waiting and end not in came:
            thing = waiting.popleft()
            for line in self._lines.get(thing, ()):
                for other in self._members[line][1]:
                    if other not in came:
                        came[other] = (thing, line)
                        waiting.append(other)
        if end not in came:
            return []
        found: list[Decision] = []
        while end != start:
            end, line = came[end]
            found.insert(0, self._members[line][0])
        return list(dict.fromkeys(found))
