"""Which concept stands above which, over a whole hierarchy: answered without a walk where that is possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator


class Hierarchy:
    """A hierarchy of links from a lower to a higher node; circles are allowed.

    Circles are joined to one node each (Tarjan 1972). In what is left a walk in depth gives every node two intervals:
    one that tells some of what lies below it, and one outside of which nothing lies (Yildirim and others, GRAIL, 2010).
    Only between the two is there a walk for a single question.
    """

    def __init__(self, links: Iterable[tuple[str, str]]) -> None:
        after: dict[str, list[str]] = defaultdict(list)
        for low, high in links:
            after[low].append(high)
        self._component = components(after)
        self._circular = {
            self._component[low]
            for low, highs in after.items()
            for high in highs
            if self._component[low] == self._component[high]
        }
        self._below: dict[int, set[int]] = defaultdict(set)
        self._above: dict[int, set[int]] = defaultdict(set)
        for low, highs in after.items():
            for high in highs:
                ends = self._component[high], self._component[low]
                if ends[0] != ends[1]:
                    self._below[ends[0]].add(ends[1])
                    self._above[ends[1]].add(ends[0])
        self._first: dict[int, int] = {}  # the number at which the walk came to a node
        self._rank: dict[int, int] = {}  # the number at which it left the node
        self._least: dict[int, int] = {}  # the least rank of all that lies below
        self._walk()

    def is_above(self, high: str, low: str) -> bool:
        """Whether a way of one link or more leads from ``low`` up to ``high``."""
        top, bottom = self._component.get(high), self._component.get(low)
        if top is None or bottom is None:
            return False
        if top == bottom:
            return top in self._circular
        # Upwards, for a concept has few concepts above it, and may have thousands below.
        todo, seen = [bottom], {bottom}
        while todo:
            here = todo.pop()
            if self._first[top] <= self._first[here] and self._rank[here] <= self._rank[top]:
                return True  # below it in the walk
            for above in self._above.get(here, ()):
                may_lie = self._least[top] <= self._least[above] and self._rank[above] <= self._rank[top]
                if above not in seen and may_lie:
                    seen.add(above)
                    todo.append(above)
        return False

    def _walk(self) -> None:
        nodes = sorted(set(self._component.values()))
        lower = {low for lows in self._below.values() for low in lows}
        for root in (node for node in nodes if node not in lower):
            self._first[root] = len(self._first)
            stack = [(root, iter(self._below.get(root, ())))]
            while stack:
                node, rest = stack[-1]
                below = next(rest, None)
                if below is None:
                    stack.pop()
                    self._rank[node] = len(self._rank)
                    least = (self._least[low] for low in self._below.get(node, ()))
                    self._least[node] = min(self._rank[node], *least) if self._below.get(node) else self._rank[node]
                elif below not in self._first:
                    self._first[below] = len(self._first)
                    stack.append((below, iter(self._below.get(below, ()))))


def circles(links: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The links that lie on a circle: both ends in one strongly connected component, in linear time."""
    after: dict[str, list[str]] = defaultdict(list)
    for low, high in links:
        after[low].append(high)
    component = components(after)
    return {(low, high) for low, highs in after.items() for high in highs if component[low] == component[high]}


def components(after: dict[str, list[str]]) -> dict[str, int]:
    """Node -> number of its strongly connected component; without recursion, so that a long chain is no error."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    found: dict[str, int] = {}
    path: list[str] = []

    def come_to(node: str) -> tuple[str, Iterator[str]]:
        number[node] = lowest[node] = len(number)
        path.append(node)
        return node, iter(after.get(node, ()))

    for start in list(after):
        stack = [] if start in number else [come_to(start)]
        while stack:
            node, rest = stack[-1]
            other = next(rest, None)
            if other is not None:
                if other not in number:
                    stack.append(come_to(other))
                elif other not in found:
                    lowest[node] = min(lowest[node], number[other])
                continue
            stack.pop()
            if stack:
                lowest[stack[-1][0]] = min(lowest[stack[-1][0]], lowest[node])
            if lowest[node] == number[node]:
                while path[-1] != node:
                    found[path.pop()] = number[node]
                found[path.pop()] = number[node]
    return found
