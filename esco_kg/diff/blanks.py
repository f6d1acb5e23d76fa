"""Blank nodes by what they say: the same statement has the same name in every file and every version.

A blank node's name in a file means nothing. Here it becomes a hash of its outgoing triples, those of blank nodes below
it included, so that a note or label written as a blank node changes its name when, and only when, its content
changes. In a circle of blank nodes, where no node can be first, the hashes are refined as often as the circle has
nodes.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

Triple = tuple[object, object, object]
NODE = "urn:esco-kg:node:"
"""Start of the datatype of a literal that stands for a blank node; its language and a hash follow."""
COPIES = "<urn:esco-kg:copies>"
_PREFIX = "_:s"


def without_blanks(triples: Iterable[Triple]) -> Iterator[str]:
    """Every triple as ``subject predicate object`` in N-Triples.

    A blank node that something names, and that lies in no circle, is reported where it is named: as a literal with its
    text, whose datatype holds a hash of all that the node says. Other blank nodes are named ``_:s`` and a hash. Where
    one statement leads to several nodes that say the same, a line with :data:`COPIES` counts them.
    """
    once: dict[Triple, None] = {}  # a graph is a set: a statement that a file repeats is one
    for triple in triples:
        if isinstance(triple[0], ox.BlankNode) or isinstance(triple[2], ox.BlankNode):
            once[triple] = None
        else:
            yield f"{triple[0]} {triple[1]} {triple[2]}"
    held = list(once)
    names = content_names(held)
    told = _told(held, names)
    copies: Counter[str] = Counter()
    for subject, predicate, term in held:
        if subject in told:
            continue
        line = f"{names.get(subject, subject)} {predicate} {told.get(term) or names.get(term, term)}"
        copies[line] += 1
        yield line
    for line, number in copies.items():
        if number > 1:
            subject_text, predicate_text, rest = line.split(" ", 2)
            yield f"{subject_text} {COPIES} {ox.Literal(f'{number} {predicate_text} {rest}')}"


def _told(held: list[Triple], names: dict[object, str]) -> dict[object, str]:
    """Blank node -> the literal that stands for it, of those that something names and that lie in no circle."""
    says: dict[object, list[tuple[object, object]]] = defaultdict(list)
    named: set[object] = set()
    for subject, predicate, term in held:
        if isinstance(subject, ox.BlankNode):
            says[subject].append((predicate, term))
        if isinstance(term, ox.BlankNode):
            named.add(term)
    circular = _circular(says)
    return {node: _literal(says[node], names[node]) for node in named - circular}


def _circular(says: dict[object, list[tuple[object, object]]]) -> set[object]:
    """The blank nodes from which a way leads into a circle."""
    above: dict[object, list[object]] = defaultdict(list)
    open_ends: dict[object, int] = {}
    for node, said in says.items():
        below = {term for _, term in said if isinstance(term, ox.BlankNode)}
        open_ends[node] = len(below)
        for term in below:
            above[term].append(node)
            open_ends.setdefault(term, len({t for _, t in says.get(term, ()) if isinstance(t, ox.BlankNode)}))
    ready = [node for node, number in open_ends.items() if not number]
    done: set[object] = set()
    while ready:
        node = ready.pop()
        done.add(node)
        for upper in above[node]:
            open_ends[upper] -= 1
            if not open_ends[upper]:
                ready.append(upper)
    return open_ends.keys() - done


def _literal(said: list[tuple[object, object]], name: str) -> str:
    """The text of a node that has one, with its language; otherwise what it says, in short."""
    texts = [term for _, term in said if isinstance(term, ox.Literal)]
    if len(texts) == 1:
        text, language = texts[0].value, texts[0].language or ""
    else:
        shown = sorted(f"{_local(predicate)} {_shown(term)}" for predicate, term in said)
        text, language = f"[{'; '.join(shown)}]", ""
    return str(ox.Literal(text, datatype=ox.NamedNode(f"{NODE}{language}:{name.removeprefix(_PREFIX)}")))


def _local(predicate: object) -> str:
    iri = str(predicate).strip("<>")
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]


def _shown(term: object) -> str:
    return term.value if isinstance(term, ox.Literal | ox.NamedNode) else "[]"


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
