"""The exact way from one graph to another as an RDF Patch (https://afs.github.io/rdf-patch/), and back into a graph.

A patch speaks of blank nodes of the old graph by the names that RDFC-1.0 gives them, which whoever has that graph can
compute, and of new ones by names of its own (``_:new0``). Any way to pair the blank nodes of both graphs gives an exact
patch; pairs are chosen so that it is short.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from esco_kg.diff.blanks import content_names
from esco_kg.diff.sources import Sorter, one_sided
from esco_kg.errors import InputError

Triple = tuple[object, object, object]
_CANONICAL = ox.CanonicalizationAlgorithm.RDFC_1_0


def patch(old: Iterable[Triple], new: Iterable[Triple], scratch: Path, skolem: str = "") -> Iterator[str]:
    """The lines of the patch from ``old`` to ``new``, both read as streams and sorted in ``scratch`` (a folder).

    ``skolem`` is the start of an IRI: blank nodes are then named by IRIs that begin with it and end in the same names,
    for a receiver whose graph has its blank nodes replaced so.
    """
    (here, before), (there, after) = _read(old, scratch / "old"), _read(new, scratch / "new")
    pairs = paired(before, after)
    fresh = [node for node in _nodes(after) if node not in pairs]
    names = pairs | {node: ox.BlankNode(f"new{number}") for number, node in enumerate(fresh)}
    for sorter, triples, names_here in ((here, before, {}), (there, after, names)):
        for triple in triples:
            sorter.add(_line(triple, names_here, skolem))
    yield "TX ."
    for line, is_old in one_sided(here.sorted(), there.sorted()):
        yield f"{'D' if is_old else 'A'} {line}"
    yield "TC ."


def applied(old: Iterable[Triple], lines: Iterable[str]) -> list[ox.Triple]:
    """The graph that a patch makes of ``old``. Raises InputError for a line that does not fit ``old``."""
    triples = list(old)
    plain = [t for t in triples if not _has_blank(t)]
    here = {f"{_line(t, {}, '')} ." for t in [*plain, *canonical(t for t in triples if _has_blank(t))]}
    for number, line in enumerate(lines, start=1):
        sign, _, statement = line.partition(" ")
        if sign == "D":
            if statement not in here:
                raise InputError(f"line {number}", f"{statement} is not in the graph", "Apply it to the old version.")
            here.remove(statement)
        elif sign == "A":
            here.add(statement)
    return [q.triple for q in ox.parse("\n".join(sorted(here)), format=ox.RdfFormat.N_TRIPLES)]


def canonical(triples: Iterable[Triple]) -> list[Triple]:
    """The same triples with the blank nodes that RDFC-1.0 gives them, ``_:c14nN``, sorted.

    Statements without a blank node play no part in the names, so they may be left out.
    """
    graph = ox.Dataset(ox.Quad(*triple) for triple in triples)  # type: ignore[arg-type]
    graph.canonicalize(_CANONICAL)
    return sorted(((q.subject, q.predicate, q.object) for q in graph), key=str)


def paired(old: Sequence[Triple], new: Sequence[Triple]) -> dict[object, ox.BlankNode]:
    """New blank node -> the old one it continues: one that says the same, otherwise the one in the same place."""
    pairs: dict[object, ox.BlankNode] = {}
    taken: set[object] = set()
    contents = content_names(old), content_names(new)
    places = _places(old), _places(new)
    for by_place in (True, False):
        waiting: dict[object, list[ox.BlankNode]] = defaultdict(list)
        for node in _nodes(old):
            if node not in taken:
                waiting[contents[0][node], places[0][node] if by_place else None].append(node)
        for node in _nodes(new):
            found = waiting.get((contents[1][node], places[1][node] if by_place else None), [])
            if node not in pairs and found:
                pairs[node] = found.pop(0)
                taken.add(pairs[node])
    _spread(old, new, pairs, taken)
    return pairs


def _nodes(triples: Sequence[Triple]) -> list[ox.BlankNode]:
    """The blank nodes in the order of their canonical names."""
    found = {term for triple in triples for term in (triple[0], triple[2]) if isinstance(term, ox.BlankNode)}
    return sorted(found, key=lambda node: int(node.value.removeprefix("c14n")))


def _spread(
    old: Sequence[Triple], new: Sequence[Triple], pairs: dict[object, ox.BlankNode], taken: set[object]
) -> None:
    """Pair what is the only blank node left behind one property of one thing on either side, from there downwards."""
    below = _below(old), _below(new)
    todo: list[tuple[object, object]] = [(s, s) for s in below[1] if not isinstance(s, ox.BlankNode)]
    todo += [(there, here) for there, here in pairs.items()]
    while todo:
        there, here = todo.pop()
        for predicate, nodes in below[1].get(there, {}).items():
            left = [node for node in nodes if node not in pairs]
            free = [node for node in below[0].get(here, {}).get(predicate, ()) if node not in taken]
            if len(left) == 1 and len(free) == 1:
                pairs[left[0]] = free[0]
                taken.add(free[0])
                todo.append((left[0], free[0]))


def _below(triples: Sequence[Triple]) -> dict[object, dict[object, list[ox.BlankNode]]]:
    found: dict[object, dict[object, list[ox.BlankNode]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, term in triples:
        if isinstance(term, ox.BlankNode) and term not in found[subject][predicate]:
            found[subject][predicate].append(term)
    return found


def _places(triples: Sequence[Triple]) -> dict[object, frozenset[tuple[object, object]]]:
    """Blank node -> the things with an IRI that name it, and by which property."""
    found: dict[object, set[tuple[object, object]]] = defaultdict(set)
    for subject, predicate, term in triples:
        if isinstance(term, ox.BlankNode) and not isinstance(subject, ox.BlankNode):
            found[term].add((subject, predicate))
    return defaultdict(frozenset, {node: frozenset(places) for node, places in found.items()})


def _read(triples: Iterable[Triple], room: Path) -> tuple[Sorter, list[Triple]]:
    """What has no blank node as lines to sort, and the rest with canonical names."""
    room.mkdir(exist_ok=True)
    sorter, blanks = Sorter(room, "graph"), []
    for triple in triples:
        if _has_blank(triple):
            blanks.append(triple)
        else:
            sorter.add(f"{triple[0]} {triple[1]} {triple[2]}")
    return sorter, canonical(blanks)


def _has_blank(triple: Triple) -> bool:
    return isinstance(triple[0], ox.BlankNode) or isinstance(triple[2], ox.BlankNode)


def _line(triple: Triple, names: Mapping[object, ox.BlankNode], skolem: str) -> str:
    written = [str(names.get(term, term)) for term in triple]
    if skolem:
        written = [f"<{skolem}{term[2:]}>" if term.startswith("_:") else term for term in written]
    return " ".join(written)
