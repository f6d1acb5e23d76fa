"""Blank nodes by what they say: the same statement has the same name in every file and every version.

A blank node's name in a file means nothing. Here it becomes a hash of its outgoing triples, those of blank nodes below
it included, so that a note or label written as a blank node changes its name when, and only when, its content
changes. In a circle of blank nodes, where no node can be first, the hashes are refined as often as the circle has
nodes.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

Triple = tuple[object, object, object]
_PREFIX = "_:s"


def without_blanks(triples: Iterable[Triple]) -> Iterator[str]:
    """Every triple as ``subject predicate object`` in N-Triples; blank nodes are named ``_:s`` and a hash."""
    held: list[Triple] = []
    for triple in triples:
        if isinstance(triple[0], ox.BlankNode) or isinstance(triple[2], ox.BlankNode):
            held.append(triple)
        else:
            yield f"{triple[0]} {triple[1]} {triple[2]}"
    names = content_names(held)
    for subject, predicate, term in held:
        yield f"{names.get(subject, subject)} {predicate} {names.get(term, term)}"


def content_names(triples: Iterable[Triple]) -> dict[object, str]:
    """Blank node -> ``_:s`` and a hash of what it says; nodes that say the same have the same."""
    says: dict[object, list[tuple[object, object]]] = {}
    for subject, predicate, term in triples:
        if isinstance(subject, ox.BlankNode):
            says.setdefault(subject, []).append((predicate, term))
        if isinstance(term, ox.BlankNode):
            says.setdefault(term, [])
    names: dict[object, str] = {}
    above: dict[object, list[object]] = defaultdict(list)
    waits: dict[object, set[object]] = {}
    for node, said in says.items():
        waits[node] = {term for _, term in said if isinstance(term, ox.BlankNode)}
        for below in waits[node]:
            above[below].append(node)
    ready = [node for node, below in waits.items() if not below]
    while ready:
        done = ready.pop()
        names[done] = _hash(says[done], names)
        for node in above[done]:
            waits[node].discard(done)
            if not waits[node]:
                ready.append(node)
    for circle in _circles({node: below for node, below in waits.items() if node not in names}):
        for _ in circle:
            names |= {node: _hash(says[node], names) for node in circle}
    return names


def _hash(said: list[tuple[object, object]], names: dict[object, str]) -> str:
    lines = sorted(f"{p} {names.get(t, '_:') if isinstance(t, ox.BlankNode) else t}" for p, t in said)
    return _PREFIX + hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _circles(waits: dict[object, set[object]]) -> Iterator[list[object]]:
    """Blank nodes that hang together through circles, what leads into a circle included."""
    joined: dict[object, set[object]] = {node: set() for node in waits}
    for node, below in waits.items():
        for other in below:
            joined[node].add(other)
            joined[other].add(node)
    seen: set[object] = set()
    for start in joined:
        if start in seen:
            continue
        circle, todo = [], [start]
        seen.add(start)
        while todo:
            node = todo.pop()
            circle.append(node)
            todo += [other for other in joined[node] if other not in seen]
            seen |= joined[node]
        yield circle
